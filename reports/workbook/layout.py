"""How a sheet looks: columns wide enough for most of their cells and narrow enough for a screen; verdicts in colour."""

from __future__ import annotations

import math
from collections.abc import Sequence

from reports.verdicts import GAP, GOOD, OPEN, SOME
from reports.workbook.book import Sheet

LANGUAGE = "en-GB"
# Each with black text on it at a contrast above 7 to 1; the words of the verdict always stand in the cell.
FILL = {GAP: "#F7C9C4", OPEN: "#FBE3B5", SOME: "#E3EEF7", GOOD: "#D4ECD9"}

# In characters, as spreadsheets measure.
COVER_WIDTH = 80
NARROWEST, WIDEST = 13, 48
_ROOM = 3
# Of a column of so many characters, what a line of words takes, the break at its end taken off.
_TEXT_A_CHARACTER = 1.1
# Of the cells of a column, this share stands on one line where the column may be so wide.
_ON_ONE_LINE = 0.9


def widths(sheet: Sheet) -> list[int]:
    """The width of each column in characters."""
    return [_width(list(map(str, sheet.table[name])), name) for name in sheet.table.columns]


def _width(cells: list[str], heading: str) -> int:
    lengths = sorted(map(len, cells))
    most = lengths[int(_ON_ONE_LINE * (len(lengths) - 1))]
    longest_word = max(map(len, heading.split()))
    return max(NARROWEST, min(WIDEST, max(most, longest_word) + _ROOM))


def heights(sheet: Sheet, columns: Sequence[int]) -> list[int]:
    """The lines that each row of the table needs in columns so wide, the row of headings first."""
    headings = [
        f"{name}\n({sheet.units[name]})" if name in sheet.units else name for name in sheet.table.columns
    ]
    rows = sheet.table.itertuples(index=False, name=None)
    return [lines(row, columns) for row in (headings, *rows)]


def lines(cells: Sequence[object], columns: Sequence[int]) -> int:
    """The lines that a row needs: those of its longest cell."""
    return max(
        sum(max(math.ceil(len(part) / (width * _TEXT_A_CHARACTER)), 1) for part in str(cell).split("\n"))
        for cell, width in zip(cells, columns, strict=True)
    )
