"""Cells of a declared table as a reader of a spreadsheet sees them: words for codes, a shorthand for every blank."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

import pandas as pd

from reports.words import label, name_in_words, plain, sentence
from transforms.schema import LIST_JOINT, Column, Kind, Table

# The shorthand of the Government Analysis Function for what has no figure.
NOT_AVAILABLE = "[x]"
_SHORTHAND = "[{}]"

# What one cell of a spreadsheet keeps.
MOST_CHARACTERS = 32_767
_CUT = " [cut: the whole text is in the CSV file]"
# Decimals of a measure that somebody reads; the files beside the workbook have them all.
_DECIMALS = 2

_AUTHORITIES = re.compile(rf"[ENSW]\d{{8}}(?:{LIST_JOINT}[ENSW]\d{{8}})*")
_UNIT_ENDINGS = ("_m", "_min", "_gbp", "_pct", "_weeks", "_days")
# What makes a link of a text where the workbook is written, and a cell that a screen reader cannot read out.
_LINK, _SIGNS_ALONE = re.compile(r"\](?=\()"), re.compile(r"[^a-zA-Z0-9]*")


def headings(columns: Iterable[Column]) -> dict[str, str]:
    """What stands over each column: its name in plain words, without the ending that its unit repeats."""
    columns = list(columns)
    short = {column.name: _heading(column) for column in columns}
    given = list(short.values())
    return {
        name: words if given.count(words) == 1 else sentence(name_in_words(name))
        for name, words in short.items()
    }


def _heading(column: Column) -> str:
    name = column.name.removeprefix("x_")
    ending = next((one for one in _UNIT_ENDINGS if column.unit and name.endswith(one)), "")
    return sentence(name_in_words(name.removesuffix(ending)))


def cells(
    table: type[Table], columns: Iterable[Column], frame: pd.DataFrame, authorities: Mapping[str, str]
) -> pd.DataFrame:
    """The rows of a table as texts and numbers, none of them blank, under the names of ``columns``."""
    shown = {}
    for column in columns:
        values, blanks = frame[column.name], _blanks(table, column, frame)
        words = {value: _cell(column, value, authorities) for value in values.dropna().unique()}
        shown[column.name] = [
            blank if pd.isna(value) or words[value] == "" else words[value]
            for value, blank in zip(values, blanks, strict=True)
        ]
    return pd.DataFrame(shown, dtype="object")


def _blanks(table: type[Table], column: Column, frame: pd.DataFrame) -> list[str]:
    """What stands in place of a blank in each row: the mark of a count of children, else that it is not known."""
    if column not in table.about_children():
        return [NOT_AVAILABLE] * len(frame)
    marks = frame[column.mark_name]
    return [NOT_AVAILABLE if pd.isna(mark) else _SHORTHAND.format(mark) for mark in marks]


def _cell(column: Column, value: object, authorities: Mapping[str, str]) -> str | int | float:
    match column.kind:
        case Kind.WHOLE:
            return int(str(value))
        case Kind.NUMBER:
            return round(float(str(value)), _DECIMALS)
        case Kind.DATE:
            # As text that sorts by date: a program that opens the workbook shows it in no other way.
            return f"{pd.Timestamp(str(value)):%Y-%m-%d}"
    words = label(column, value)
    if _AUTHORITIES.fullmatch(words):
        words = ", ".join(authorities.get(code, code) for code in words.split(LIST_JOINT))
    return written(words)


def written(words: str) -> str:
    """A text as a cell keeps it: one line of what can be seen, no link, not of signs alone, not too long."""
    line = _LINK.sub("] ", " ".join(plain(words).split()))
    if line and _SIGNS_ALONE.fullmatch(line):
        line = f"{line} [as written]"
    return line if len(line) <= MOST_CHARACTERS else line[: MOST_CHARACTERS - len(_CUT)] + _CUT
