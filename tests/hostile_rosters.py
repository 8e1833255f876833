"""The sample rosters again with hostile words in their cells, 200 in every text field, in every format."""

from __future__ import annotations

import copy
import csv
import io
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import openpyxl
from payloads import HOSTILE

# What a cell may say freely, by heading. A row keeps what else it says, so that it is taken and shown.
_FREE_CSV = ("Activity", "Description", "Venue", "How to book")
_FREE_SHEETS = ("Session name", "Venue", "Address")
_FREE_XML = ("title", "description", "venue/name", "age_notes", "access/notes")
_FREE_JSON = ("name", "description", "url")
_FREE_OF_CITY_PROVIDERS = (
    "Provider Name", "Trading As", "Contact Name", "Registered Address", "Website", "Service(s)"
)  # fmt: skip
_FREE_OF_ISLINGTON_PROVIDERS = ("title", "organisation", "contact_name", "venue_name", "website")
_FREE_OF_PATHWAYS = ("Service", "Provider", "Where seen", "More information")
# What leads to another record.
_REFERENCES = ("RecordID", "ProviderID")
# What XML and workbooks cannot hold at all.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

SOURCES = ("city", "city_health", "hackney", "islington", "tower_hamlets")


def write_hostile(raw: Path) -> None:
    """Write hostile rosters over the samples in ``raw``: CSV, a workbook, XML and Open Referral.

    Every free text holds every payload, in rows that are otherwise in order. In as many rows again of the City
    every other cell holds them too, to be complained of.
    """
    _csv(raw / "city" / "short_breaks.csv")
    _texts(raw / "city" / "provider_roster.csv", "cp1252", ",", _FREE_OF_CITY_PROVIDERS)
    _texts(raw / "city_health" / "health_pathways.csv", "utf-8", ",", _FREE_OF_PATHWAYS)
    _texts(raw / "islington" / "services.csv", "utf-8-sig", "|", _FREE_OF_ISLINGTON_PROVIDERS)
    _workbook(next((raw / "hackney").glob("*.xlsx")))
    _xml(raw / "islington" / "shortbreaks.xml")
    _open_referral(raw / "tower_hamlets")


def _numbered(records: list[Any]) -> Iterator[tuple[int, str, Any]]:
    """A record for each payload, the given ones over and over."""
    for number, payload in enumerate(HOSTILE):
        yield number, payload, copy.deepcopy(records[number % len(records)])


def _csv(path: Path) -> None:
    records = list(csv.DictReader(io.StringIO(path.read_bytes().decode("cp1252"), newline="")))
    headings = list(records[0])
    hostile = []
    for number, payload, record in _numbered(records):
        hostile.append(record | dict.fromkeys(_FREE_CSV, payload) | {"RecordID": f"T-{number}"})
        every = {heading: record[heading] if heading in _REFERENCES else payload for heading in headings}
        hostile.append(every | {"RecordID": f"B-{number}"})
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, headings, lineterminator="\r\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(hostile)
    path.write_bytes(out.getvalue().encode("cp1252", errors="replace"))


def _texts(path: Path, encoding: str, delimiter: str, free: tuple[str, ...]) -> None:
    """A roster keyed by its first column: its own records, and as many more as there are payloads."""
    text = io.StringIO(path.read_bytes().decode(encoding), newline="")
    records = list(csv.DictReader(text, delimiter=delimiter))
    key = next(iter(records[0]))
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(records[0]), delimiter=delimiter, lineterminator="\r\n")
    writer.writeheader()
    for number, payload, record in _numbered(records):
        own = record[key] if number < len(records) else f"H-{number}"
        writer.writerow(record | dict.fromkeys(free, payload) | {key: own})
    path.write_bytes(out.getvalue().encode(encoding, errors="replace"))


def _xml(path: Path) -> None:
    tree = ElementTree.parse(path)
    root = tree.getroot()
    hostile = []
    for number, payload, record in _numbered(list(root)):
        record.find("id").text = f"X-{number}"
        for name in _FREE_XML:
            element = record.find(name)
            if element is not None:
                element.text = _UNWRITABLE.sub("", payload)
        hostile.append(record)
    root[:] = hostile
    tree.write(path, encoding="utf-8", xml_declaration=True)


def _open_referral(folder: Path) -> None:
    paths = sorted(folder.glob("services-page-*.json"))
    pages = [json.loads(path.read_text(encoding="utf-8")) for path in paths]
    hostile = []
    for number, payload, service in _numbered([one for page in pages for one in page["contents"]]):
        service |= dict.fromkeys(_FREE_JSON, payload) | {"id": f"service-{number}"}
        service["organization"] |= {"id": f"organization-{number}", "name": payload, "website": payload}
        for at in service.get("service_at_locations", []):
            at["location"]["name"] = payload
            for address in at["location"].get("addresses", []):
                address["address_1"] = payload
        hostile.append(service)
    size = -(-len(hostile) // len(paths))
    for number, (path, page) in enumerate(zip(paths, pages, strict=True)):
        page["contents"] = hostile[number * size : (number + 1) * size]
        page |= {"total_items": len(hostile), "size": size}
        path.write_text(json.dumps(page, ensure_ascii=False), encoding="utf-8")


def _workbook(path: Path) -> None:
    """Every payload as a session, its venue and its address; every other one as a provider of the framework too."""
    book = openpyxl.load_workbook(path)
    providers, sessions = book["Providers"], book["Lot 3 Group"]
    column_of = {cell.value: cell.column for cell in sessions[4]}
    names = [row[1].value for row in providers.iter_rows(min_row=6) if row[1].value]
    own_provider = [cell.value for cell in providers[6]]
    own_session = [cell.value for cell in sessions[5]]
    for number, payload, provider in _numbered(names):
        words = _UNWRITABLE.sub("", payload)
        is_of_hostile = number % 2 == 1
        if is_of_hostile:
            _append(providers, own_provider, {2: words})
        of = {column_of["Provider"]: words if is_of_hostile else provider}
        _append(sessions, own_session, of | {column_of[name]: words for name in _FREE_SHEETS})
    book.save(path)


def _append(sheet: Any, values: list[Any], words: dict[int, str]) -> None:
    row = sheet.max_row + 1
    for column, value in (dict(enumerate(values, 1)) | words).items():
        cell = sheet.cell(row, column, value)
        if column in words:
            # Words that begin like a formula are words all the same.
            cell.data_type = "s"
