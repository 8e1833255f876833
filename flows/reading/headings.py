"""Finding the heading row, wherever titles and notes have pushed it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from flows.reading.content import refuse

# Catalogue fault 12: a heading row that has moved is found within the first rows of a sheet.
ROWS_SEARCHED = 20


def tidy(heading: str) -> str:
    """A heading on one line with single spaces."""
    return re.sub(r"\s+", " ", heading).strip()


def find_heading_row(rows: Sequence[Sequence[str]], known: Sequence[str], file: str, part: str) -> int:
    """Index of the row that holds most of the known headings.

    Raises ``Refused`` when no row holds at least a third of them, or two rows tie.
    """
    wanted = {tidy(name).casefold() for name in known}
    scores = [len(wanted & {tidy(cell).casefold() for cell in row}) for row in rows[:ROWS_SEARCHED]]
    best = max(scores, default=0)
    if best == 0 or best * 3 < min(len(wanted), 12):
        raise refuse(
            "no_heading_row",
            f"No row among the first {ROWS_SEARCHED} of {_where(file, part)} holds the headings we expect.",
            "Send the export with its heading row, separated as agreed for this roster.",
            file=file, part=part,
        )  # fmt: skip
    if scores.count(best) > 1:
        raise refuse(
            "two_heading_rows", f"Two rows of {_where(file, part)} look like the heading row.",
            "Remove the repeated heading row.", file=file, part=part,
        )  # fmt: skip
    return scores.index(best)


def check_headings(headings: Sequence[str], has_data: Sequence[bool], file: str, part: str) -> None:
    """Raises ``Refused`` for headings that repeat, or a column of values under no heading."""
    repeated = [name for name, times in Counter(h for h in headings if h).items() if times > 1]
    if repeated:
        raise refuse(
            "repeated_heading", f"{_where(file, part)} has the heading “{repeated[0]}” more than once.",
            "Give each column its own heading.", file=file, part=part, column=repeated[0],
        )  # fmt: skip
    for position, (heading, filled) in enumerate(zip(headings, has_data, strict=True), start=1):
        if filled and not heading:
            raise refuse(
                "blank_heading", f"Column {position} of {_where(file, part)} has values but no heading.",
                "Give the column a heading, or remove it.", file=file, part=part,
            )  # fmt: skip


def _where(file: str, part: str) -> str:
    return f"{file}, sheet “{part}”," if part else file
