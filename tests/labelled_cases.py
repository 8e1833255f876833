"""Labelled cells: read from ``tests/labelled/``, and compared with our reading of them.

``tests/labelled/README.md`` says how they were judged. Nothing here knows a rule of a parser.
"""

from __future__ import annotations

import csv
import itertools
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import phonenumbers

from flows.places import Places
from flows.reference import Reference
from transforms.parsers.catalogue import LINE, read_field
from transforms.parsers.postcodes import VALUE, read_postcodes
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS
from transforms.parsers.synonyms import Synonyms
from transforms.parsers.text import plain_texts
from transforms.vocabulary import ParsedField, ParseStatus

FOLDER = Path(__file__).parent / "labelled"
GRAVITY = list(ParseStatus)
# Words of our tables for "nothing was said", which ``parse`` leaves blank.
SAYS_NOTHING = frozenset({"", "unknown", "not_stated"})

Row = dict[str, Any]


class Part(StrEnum):
    """Which part of the labelled cases: one that may be looked at (the first two), or one only scored."""

    TUNING = ""
    SEEN = "seen_"
    HELD_OUT = "held_out_"
    FRESH = "fresh_"
    SECOND_FRESH = "second_fresh_"
    THIRD_FRESH = "third_fresh_"
    FOURTH_FRESH = "fourth_fresh_"


# Only scored: nobody who works on a parser reads them.
SET_ASIDE = (Part.HELD_OUT, Part.FRESH, Part.SECOND_FRESH, Part.THIRD_FRESH, Part.FOURTH_FRESH)
PARTS_OF_PAIRS = (Part.TUNING, Part.HELD_OUT)


@dataclass(frozen=True)
class LabelledValue:
    """A cell, the rows that a careful reader makes of it, and the statuses that are honest about it."""

    field: ParsedField
    raw: str
    rows: list[Row]
    statuses: frozenset[str]
    date_format: str | None


@dataclass(frozen=True)
class ReadValue:
    """A labelled cell beside what our parser makes of it."""

    label: LabelledValue
    rows: list[Row]
    status: ParseStatus
    rule: str
    confidence: float

    @property
    def is_right(self) -> bool:
        return self.status in self.label.statuses and rows_agree(self.label.rows, self.rows)

    @property
    def is_silently_wrong(self) -> bool:
        """Wrong, and neither the status nor the confidence warns of it."""
        return not self.is_right and self.status == ParseStatus.PARSED and self.confidence >= 1

    @property
    def is_wrong_but_parsed(self) -> bool:
        """Wrong, though the status says that all was read."""
        return not self.is_right and self.status == ParseStatus.PARSED


def labelled_values(part: Part) -> list[LabelledValue]:
    return [
        LabelledValue(
            ParsedField(line["field"]),
            line["raw"],
            json.loads(line["expected"]),
            frozenset(ParseStatus(status) for status in line["status"].split("|")),
            line["date_format"] or None,
        )
        for line in labelled_lines(f"{part}values.csv")
    ]


def read_values(labels: Sequence[LabelledValue]) -> list[ReadValue]:
    """Each labelled cell as our parsers read it, with the synonyms that a night uses."""
    synonyms = Reference(Places()).synonyms
    found = []
    by_reader = sorted(labels, key=_reader)
    for (field, date_format), group in itertools.groupby(by_reader, key=_reader):
        cells = list(group)
        raw = pd.Series([label.raw for label in cells], dtype="str")
        read = _read(field, raw, synonyms, date_format or None)
        lines = {int(line): rows for line, rows in read.groupby(LINE)}
        found += [_as_read(label, lines[number]) for number, label in enumerate(cells, start=1)]
    return found


def _read(field: ParsedField, raw: pd.Series, synonyms: Synonyms, date_format: str | None) -> pd.DataFrame:
    """A field as ``parse`` reads it. A postcode by its shape alone: whether one is listed is another matter."""
    if field is not ParsedField.POSTCODE:
        return read_field(field, raw, synonyms, date_format)
    read = read_postcodes(plain_texts(raw)).rename(columns={VALUE: field.value})
    read.insert(0, LINE, range(1, len(read) + 1))
    return read


def rows_agree(expected: Sequence[Row], read: Sequence[Row]) -> bool:
    """Whether the rows read are the expected ones, in any order.

    A list in an expected cell names readings that are equally honest. An expected row whose every cell
    may be blank may be absent.
    """
    wanted = [{column: _plain(column, cell) for column, cell in row.items()} for row in _by_day(expected)]
    got = [{column: _plain(column, cell)[0] for column, cell in row.items()} for row in _by_day(read)]
    return _all_fit([row for row in got if any(cell is not None for cell in row.values())], wanted)


def _all_fit(read: list[Row], expected: list[Row]) -> bool:
    if not read:
        return all(None in cell for row in expected for cell in row.values())
    first, *others = read
    return any(
        _fits(first, row) and _all_fit(others, expected[:at] + expected[at + 1 :])
        for at, row in enumerate(expected)
    )


def _fits(read: Row, expected: Row) -> bool:
    return all(read.get(column) in expected.get(column, [None]) for column in read.keys() | expected.keys())


def _by_day(rows: Iterable[Row]) -> list[Row]:
    """Sessions of several days as one row a day: TU,TH is TU and TH."""
    apart: list[Row] = []
    for row in rows:
        days = row.get("byday")
        days = days[0] if isinstance(days, list) else days
        several = days.split(",") if isinstance(days, str) else [days]
        apart += [{**row, "byday": day} for day in several] if "byday" in row else [row]
    return apart


def _plain(column: str, cell: Any) -> list[Any]:
    """The readings of a cell, evened out: numbers as numbers, phones as dialled, nothing said as None."""
    return [_plain_one(column, reading) for reading in (cell if isinstance(cell, list) else [cell])]


def _plain_one(column: str, cell: Any) -> Any:
    if cell is None or pd.isna(cell):
        return None
    if isinstance(cell, bool | np.bool_):
        return bool(cell)
    text = str(cell).strip()
    if text in SAYS_NOTHING:
        return None
    if column == "phone":
        return _dialled(text)
    try:
        return float(text)
    except ValueError:
        return {"true": True, "false": False}.get(text.casefold(), text)


def _dialled(phone: str) -> str:
    try:
        number = phonenumbers.parse(phone, "GB")
    except phonenumbers.NumberParseException:
        return phone
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _as_read(label: LabelledValue, rows: pd.DataFrame) -> ReadValue:
    said = rows.drop(columns=[LINE, STATUS, RULE, CONFIDENCE])
    status = max((ParseStatus(status) for status in rows[STATUS]), key=GRAVITY.index)
    records = [{str(column): cell for column, cell in row.items()} for row in said.to_dict("records")]
    return ReadValue(label, records, status, rows[RULE].iloc[0], float(rows[CONFIDENCE].min()))


def _reader(label: LabelledValue) -> tuple[ParsedField, str]:
    return label.field, label.date_format or ""


def labelled_lines(name: str) -> list[dict[str, str]]:
    """The lines of a file of labels, by heading."""
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))
