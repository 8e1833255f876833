"""Open Referral UK 3.0: JSON pages of services, each flattened to one line per location."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

from flows.reading.content import Content, Finding, Job, Part, Record, refuse
from transforms.separator import LIST_SEPARATOR

MAX_DEPTH = 20
LOCATIONS, SCHEDULES = "service_at_locations", "schedules"


def read_pages(path: Path, job: Job) -> Content:
    """Records of one page file. Columns are JSON paths; a list's values are joined with "~".

    Attributes become a column for each taxonomy (``attributes: Offer level``) and organization
    identifiers one for each scheme (``identifiers: GB-COH``). A service at several locations gives
    several lines with the same physical row.
    """
    file = path.name
    page = _load(path)
    entries = page.get("contents") if isinstance(page, dict) else None
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise refuse(
            "not_open_referral", f"{file} is not an Open Referral UK page: it has no list “contents”.",
            "Send the pages as the /services endpoint returns them.", file=file,
        )  # fmt: skip
    content = Content(rows_in={file: len(entries)})
    lines = [(n, line) for n, entry in enumerate(entries, start=1) for line in _lines(entry)]
    headings = list(dict.fromkeys(key for _, line in lines for key in line))
    part = Part(file, headings=headings)
    part.records = [Record(n, [line.get(heading, "") for heading in headings]) for n, line in lines]
    content.parts.append(part)
    stated = page.get("size")
    if isinstance(stated, int) and stated < len(entries):
        content.findings.append(
            Finding("page_size", "note", f"The page says it holds {stated} services but holds {len(entries)}.",
                    "Check the paging of the export.", file)
        )  # fmt: skip
    return content


def _load(path: Path) -> Any:
    def no_constant(name: str) -> None:
        raise ValueError(f"{name} is not JSON")

    def no_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        if len(found := dict(pairs)) < len(pairs):
            raise ValueError("a key stands twice in one object")
        return found

    try:
        return json.loads(
            path.read_bytes().decode("utf-8-sig"), parse_constant=no_constant, object_pairs_hook=no_repeats
        )
    except (ValueError, RecursionError) as error:
        reason = error.msg if isinstance(error, json.JSONDecodeError) else str(error)
        line = f" at line {error.lineno}" if isinstance(error, json.JSONDecodeError) else ""
        raise refuse(
            "broken_json",
            f"{path.name} is not valid JSON{line}: {reason}.",
            "Export the page again.",
            file=path.name,
        ) from None


def _lines(entry: dict[str, Any]) -> list[dict[str, str]]:
    """One flat line for each location of a service; one without location where there is none."""
    places = entry.get(LOCATIONS) or [{}]
    shared: dict[str, str] = {}
    rest = {k: v for k, v in entry.items() if k not in (LOCATIONS, SCHEDULES, "attributes")}
    organization = dict(rest.get("organization") or {})
    for identifier in organization.pop("organization_identifiers", None) or []:
        shared[f"identifiers: {identifier.get('identifier_scheme')}"] = _scalar(identifier.get("identifier"))
    rest["organization"] = organization
    for attribute in entry.get("attributes") or []:
        term = attribute.get("taxonomy_term") or {}
        name = f"attributes: {term.get('taxonomy')}"
        shared[name] = LIST_SEPARATOR.join(filter(None, [shared.get(name, ""), _scalar(term.get("name"))]))
    _flatten(rest, "", shared, 0)
    lines = []
    for place in places:
        line = dict(shared)
        _flatten({SCHEDULES: _sessions_at(entry, place), LOCATIONS: place}, "", line, 0)
        lines.append(line)
    return lines


def _sessions_at(entry: dict[str, Any], place: dict[str, Any]) -> list[Any]:
    """The sessions of a service but those that say they are at another of its places."""
    sessions = entry.get(SCHEDULES) or []
    return [one for one in sessions if one.get("service_at_location_id") in (None, "", place.get("id"))]


def _flatten(value: Any, path: str, into: dict[str, str], depth: int) -> None:
    if depth > MAX_DEPTH:
        raise refuse("too_deep", "A record is nested too deeply.", "Export the page again.")
    if isinstance(value, dict):
        for key, item in value.items():
            _flatten(item, f"{path}.{key}" if path else str(key), into, depth + 1)
    elif isinstance(value, list):
        items: list[dict[str, str]] = [{} for _ in value]
        for item, nested in zip(value, items, strict=True):
            _flatten(item, f"{path}[]", nested, depth + 1)
        # Positions are kept, holes too, so that parallel lists stay parallel.
        for key in dict.fromkeys(key for nested in items for key in nested):
            into[key] = LIST_SEPARATOR.join(nested.get(key, "") for nested in items)
    else:
        into[path] = _scalar(value)


def _scalar(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and math.isfinite(value) and value.is_integer():
        return str(int(value))
    return str(value).strip()
