"""The file in which people decide about matches: ``data/reviews/matches.csv``."""

from __future__ import annotations

import csv
import datetime as dt
import io
import os
from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from flows.errors import Mistake, RunAborted
from flows.outputs import inert
from transforms.mapping import nearest_name
from transforms.tables import MatchReview as R
from transforms.vocabulary import MatchEntity, ReviewDecision

# Excel in this country writes dates so.
_DATE_FORMATS = ("%Y-%m-%d", "%d/%m/%Y", "%d/%m/%y")


def read_reviews(path: Path) -> pd.DataFrame:
    """Every row of the file, checked; none where there is no file yet.

    Raises ``Mistake`` with the row, column and value of the first cell that cannot be read.
    """
    if not path.is_file():
        return R.frame()
    try:
        text = path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise Mistake(f"{path.name} is not written in UTF-8.", "Save it as “CSV UTF-8”.") from None
    except OSError as error:
        raise Mistake(f"{path} cannot be read: {error.strerror}.", "Check that you may read it.") from None
    lines = csv.reader(io.StringIO(text, newline=""), delimiter=";" if ";" in text.split("\n")[0] else ",")
    headings = [heading.strip() for heading in next(lines, [])]
    if missing := [name for name in R.names() if name not in headings]:
        nearest = nearest_name(missing[0], headings)
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(
            f"{path.name} has no column “{missing[0]}”.{hint}",
            "Put the heading back as the program wrote it.",
        )
    rows: list[dict[str, object]] = []
    seen: dict[object, int] = {}
    for number, cells in enumerate(lines, start=2):
        if not any(cells):
            continue
        if len(cells) != len(headings):
            raise Mistake(
                f"Row {number} of {path.name} has {len(cells)} cells where the headings name {len(headings)}.",
                "Put a cell that holds a comma within quotation marks.",
            )
        row = _read_row(path.name, number, dict(zip(headings, cells, strict=True)))
        key = (row[R.entity], row[R.left_id], row[R.right_id])
        if key in seen:
            raise Mistake(
                f"Rows {seen[key]} and {number} of {path.name} are about the same pair.", "Remove one."
            )
        seen[key] = number
        rows.append(row)
    return R.sorted(R.frame(rows))


def _read_row(name: str, number: int, cells: Mapping[str, str]) -> dict[str, object]:
    row: dict[str, object] = {column: cells[column].strip() or None for column in R.names()}

    def wrong(column: str, words: str, what_to_do: str) -> Mistake:
        told = f"Row {number} of {name}, column {column}: “{cells[column]}” {words}."
        return Mistake(
            told if cells[column].strip() else f"Row {number} of {name}, column {column} {words}.", what_to_do
        )

    for column in (R.left_id, R.right_id, R.evidence):
        if row[column] is None:
            raise wrong(column, "is blank", "Put back what the program wrote, or remove the row.")
    if row[R.entity] not in list(MatchEntity):
        raise wrong(R.entity, "is none of ours", f"Use one of: {', '.join(MatchEntity)}.")
    if row[R.confidence] is not None:
        try:
            row[R.confidence] = float(str(row[R.confidence]))
        except ValueError:
            raise wrong(R.confidence, "is no number", "Put back what the program wrote.") from None
    if row[R.decision] is not None:
        decision = str(row[R.decision]).casefold()
        if decision not in list(ReviewDecision):
            raise wrong(
                R.decision, "is no decision", f"Write {' or '.join(ReviewDecision)}, or leave it blank."
            )
        row[R.decision] = decision
        if row[R.by_role] is None:
            raise wrong(
                R.by_role,
                "is blank",
                "Write the role of whoever decided, such as SEND commissioning officer.",
            )
        if row[R.decided_on] is None:
            raise wrong(R.decided_on, "is blank", "Write the date of the decision, such as 2026-11-23.")
    if row[R.by_role] is not None and "@" in str(row[R.by_role]):
        raise wrong(
            R.by_role, "is an address", "Write a role, such as SEND commissioning officer; never a person."
        )
    if row[R.decided_on] is not None:
        row[R.decided_on] = _read_date(str(row[R.decided_on]))
        if row[R.decided_on] is None:
            raise wrong(R.decided_on, "is no date", "Write it as 2026-11-23.")
    return row


def _read_date(text: str) -> dt.date | None:
    for layout in _DATE_FORMATS:
        try:
            return dt.datetime.strptime(text, layout).date()
        except ValueError:
            continue
    return None


def write_reviews(path: Path, reviews: pd.DataFrame) -> None:
    """Write the file whole or not at all; the same rows give the same bytes."""
    shown = reviews.assign(**{R.decided_on: reviews[R.decided_on].dt.strftime("%Y-%m-%d")})
    text = shown.astype(object).map(inert).to_csv(index=False, lineterminator="\n")
    content = ("\ufeff" + text).encode()
    try:
        if path.is_file() and path.read_bytes() == content:
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        draft = path.with_name(f".{path.name}.{os.getpid()}")
        with draft.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        draft.replace(path)
    except OSError as error:
        raise RunAborted(
            f"{path} could not be written: {error.strerror}.",
            "Close it if it is open elsewhere, and try again.",
        ) from None
