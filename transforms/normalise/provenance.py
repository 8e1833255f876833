"""How each published value was read: raw words, what was read, by which rule, how surely."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from transforms.issues import place_of
from transforms.normalise.fields import FIELDS
from transforms.normalise.readings import Readings
from transforms.parsers.reading import CONFIDENCE, MISSING_RULE, RULE, STATUS, TRUST
from transforms.tables import Service, ValueProvenance
from transforms.tables import ShortBreakLine as L

# Coordinates and numbers are published as they are; only readings of words need their evidence kept.
_PLAIN = {"latitude", "longitude", "uprn"}

# Columns of free text, which is never published: what was read from one is, and where it stands.
_FREE_TEXT = (L.notes, L.description)

# Between the cells that one value was read from.
_CELL_JOINT = " | "

Headings = Mapping[str, Mapping[str, str]]
"""The borough's own heading over each column, by the record (``row_id``) the column stands in."""


def build_provenance(
    readings: Readings, service_id: pd.Series, taken: pd.DataFrame, heading_of: Headings
) -> pd.DataFrame:
    """One row per service and field that the roster fills.

    ``taken`` holds, on the lines' index, the record (``row_id``) that an inherited column's value was taken
    from; its own record gave whatever is not in it.
    """
    rows = []
    own = readings.lines[L.row_id]
    for item in FIELDS:
        if item.name in _PLAIN:
            continue
        reading = readings.of[item.name]
        said = reading[RULE].ne(MISSING_RULE)
        columns = list(item.columns)
        raws = readings.lines.loc[said, columns].to_dict("records")
        origins = taken.reindex(index=own.index[said], columns=columns).to_dict("records")
        parsed = reading[said].drop(columns=TRUST).to_dict("records")
        trusts = reading.loc[said, TRUST].to_dict("records")
        for row_id, service, raw, origin, values, trust in zip(
            own[said], service_id[said], raws, origins, parsed, trusts, strict=True
        ):
            filled = [column for column in columns if pd.notna(raw[column])]
            stands_in = _record(row_id, [origin[column] for column in filled])
            file, part, physical_row = place_of(stands_in)
            headings = heading_of.get(stands_in, {})
            rows.append(
                {
                    ValueProvenance.entity: Service.table_name,
                    ValueProvenance.id: service,
                    ValueProvenance.field: item.name,
                    ValueProvenance.file: file,
                    ValueProvenance.part: part,
                    ValueProvenance.physical_row: physical_row,
                    ValueProvenance.heading: _CELL_JOINT.join(
                        dict.fromkeys(headings[column] for column in filled if column in headings)
                    )
                    or None,
                    ValueProvenance.raw: _CELL_JOINT.join(
                        str(raw[column]) for column in filled if not _is_free_text(column, headings)
                    )
                    or None,
                    ValueProvenance.parsed: _in_words(values),
                    ValueProvenance.rule: trust[RULE],
                    ValueProvenance.confidence: trust[CONFIDENCE],
                    ValueProvenance.status: trust[STATUS],
                }
            )
    return ValueProvenance.frame(
        pd.DataFrame(rows).drop_duplicates(ValueProvenance.key_names()) if rows else []
    )


def _is_free_text(column: str, headings: Mapping[str, str]) -> bool:
    """Whether a column was filled from a heading that also fills one of free text."""
    return headings.get(column) in {headings[free] for free in _FREE_TEXT if free in headings}


def _record(own: str, origins: list[Any]) -> str:
    """The record a value stands in: its own, unless all its cells were taken from another."""
    others = [origin for origin in origins if pd.notna(origin)]
    return str(others[0]) if others and len(others) == len(origins) else own


def _in_words(values: Mapping[Any, Any]) -> str | None:
    """What was read, each part with its name where there are several."""
    known = {str(name): value for name, value in values.items() if _is_known(value)}
    if len(values) == 1:
        return next((_shown(value) for value in known.values()), None)
    return "; ".join(f"{_named(name)} {_shown(value)}" for name, value in known.items()) or None


def _named(name: str) -> str:
    return name.removeprefix("x_").replace("_", " ")


def _is_known(value: object) -> bool:
    return isinstance(value, tuple) or bool(pd.notna(value))


def _shown(value: object) -> str:
    if isinstance(value, tuple):
        return ", ".join(_shown(item) for item in value)
    if isinstance(value, dict):
        return " ".join(f"{_named(k)} {_shown(v)}" for k, v in value.items() if v is not None)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else str(value)
