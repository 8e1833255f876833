"""Rows of a published release: which areas they are about, and symbols in place of figures.

Published statistics often join the City with Hackney or Westminster, since it has so few people. Such a row
is nobody's figure that we could use, so it is refused in words; it is never the City's, and never nought.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from flows.official.kinds import OfficialCsv, refused
from transforms.tables import CITY_LAD_CODE
from transforms.vocabulary import DemandMark

_CITY = "city of london"
# The symbols of the Department for Education's underlying data, their obsolete equivalents, and the same in the
# brackets of the Government Analysis Function.
_MARKS = {
    "c": DemandMark.CONFIDENTIAL,
    "x": DemandMark.NOT_AVAILABLE,
    ":": DemandMark.NOT_AVAILABLE,
    "z": DemandMark.NOT_APPLICABLE,
    "u": DemandMark.LOW_RELIABILITY,
    "low": DemandMark.ROUNDS_TO_NOUGHT,
    "k": DemandMark.ROUNDS_TO_NOUGHT,
    "~": DemandMark.ROUNDS_TO_NOUGHT,
}


@dataclass(frozen=True)
class Release:
    """The facts of a release on the columns of their table, and which of its rows were refused and why."""

    facts: pd.DataFrame
    product: str
    as_at: str
    left_out: tuple[str, ...] = ()


@dataclass
class AreasOf:
    """The areas that are wanted, and the rows that turned out to be about several at once."""

    names: Mapping[str, str]
    merged: dict[str, None] = field(default_factory=dict)

    def is_merged(self, code: str, name: str) -> bool:
        """Whether a row joins the City with another area, or bears a wanted code and another name; kept in mind."""
        folded = " ".join(name.casefold().split())
        joins_city = (_CITY in folded and folded != _CITY) or (CITY_LAD_CODE in code != CITY_LAD_CODE)
        is_another = code in self.names and folded != self.names[code].casefold()
        if joins_city or is_another:
            self.merged[f"“{name}” ({code})"] = None
        return joins_city or is_another

    def left_out(self) -> tuple[str, ...]:
        """Why rows were refused, a sentence each."""
        return tuple(
            f"{row} is not one of our areas alone: published statistics join the City with a neighbour, and such a "
            "figure is nobody's by itself."
            for row in self.merged
        )

    def refuse_missing(self, source: OfficialCsv, found: set[str]) -> None:
        """Refuse a release without a row of its own for each wanted area."""
        missing = [name for code, name in self.names.items() if code not in found]
        if missing:
            why = " ".join([f"it has no row of its own for {', '.join(missing)}.", *self.left_out()])
            raise refused(
                source.path, why, "What was in use stays in use. Take a release that tells them apart."
            )


def rows_of(source: OfficialCsv) -> Iterator[dict[str, str]]:
    """The rows of a release by heading, in lower case."""
    with source.stream() as stream:
        text = io.TextIOWrapper(stream, encoding="utf-8-sig", newline="")
        try:
            reader = csv.reader(text, strict=True)
            headings = [heading.strip().lower() for heading in next(reader, [])]
            for cells in reader:
                if not cells:
                    continue
                if len(cells) != len(headings):
                    raise refused(source.path, f"row {reader.line_num} is cut short.", "Fetch it again.")
                yield dict(zip(headings, (cell.strip() for cell in cells), strict=True))
        except (csv.Error, UnicodeDecodeError):
            raise refused(source.path, "it is not a sound CSV in UTF-8.", "Fetch it again.") from None


def figure(source: OfficialCsv, where: str, cell: str) -> tuple[int | None, DemandMark | None]:
    """A count or the mark in its place; never nought for what is not told.

    Raises ``Mistake`` for a blank and for a symbol we do not know, since either may mean anything.
    """
    symbol = cell.lower().removeprefix("[").removesuffix("]")
    if symbol in _MARKS:
        return None, _MARKS[symbol]
    if re.fullmatch(r"\d+(\.0*)?", cell):
        return int(float(cell)), None
    what = f"“{cell}”, which is neither a count nor a symbol we know" if cell else "blank"
    raise refused(
        source.path, f"the figure of {where} is {what}.", "Look the symbol up in the release, and tell us."
    )
