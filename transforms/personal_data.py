"""Personal data that a roster should not hold: found before anything else looks at a row.

A match never repeats the value. Numbers are checked with the registers' own check digits; a number
that is called an NHS number or UPN in words counts even when its check digit is wrong.
"""

from __future__ import annotations

import re

import pandas as pd
from stdnum.gb import nhs, upn

from transforms.parsers.reading import fold

# Headings that describe a child, whatever the cells hold.
_CHILD_HEADING = re.compile(
    r"(child|pupil|young person|student|participant)('?s)?[ _]*(name|forename|surname|initials|dob)"
    r"|date of birth|\bdob\b|nhs (no|num|number)|\bupn\b|unique pupil number"
)
_TEN_DIGITS = re.compile(r"(?<!\d)\d{3}[ -]?\d{3}[ -]?\d{4}(?!\d)")
_UPN = re.compile(r"(?<![A-Z0-9])[A-Z]\d{11}[A-Z\d](?![A-Z0-9])")
_NAMED_NUMBER = re.compile(
    r"\bnhs\b.{0,12}?\d{3}[ -]?\d{3}[ -]?\d{4}|\bupn\b.{0,12}?[a-z]\d{11}[a-z\d]", re.I
)
_BIRTH = re.compile(r"\b(?:dob|d\.o\.b\.?|date of birth|born(?: on)?)\b\W{0,3}\d{1,4}[./ -]", re.I)

# Columns whose ten-digit numbers are telephone or register numbers, not a child's.
_NUMBER_COLUMNS = re.compile(
    r"\b(?:tel|\w*phone\w*|mobile|uprn|urn|company|charity|latitude|longitude|id|identifiers?|ref|reference)\b"
)
# Whatever holds_personal_data may find holds one of these: a quick first look.
_SUSPECT = r"\d{3}|birth|born|d\.?o\.?b"


def is_child_heading(heading: str) -> bool:
    """Whether a column heading says that the column describes a child."""
    return bool(_CHILD_HEADING.search(fold(heading).replace("_", " ")))


def holds_personal_data(text: str) -> bool:
    """Whether a cell holds an NHS number, a UPN or a date of birth."""
    return (
        _says_personal_data(text)
        or any(nhs.is_valid(hit) for hit in _TEN_DIGITS.findall(text))
        or any(upn.is_valid(hit) for hit in _UPN.findall(text.upper()))
    )


def _says_personal_data(text: str) -> bool:
    return bool(_NAMED_NUMBER.search(text) or _BIRTH.search(text))


def personal_cells(frame: pd.DataFrame) -> list[tuple[object, str]]:
    """(index, column) of every cell that holds personal data."""
    found: list[tuple[object, str]] = []
    for column in frame.columns:
        is_number = _NUMBER_COLUMNS.search(fold(str(column)).replace("_", " "))
        holds = _says_personal_data if is_number else holds_personal_data
        cells = frame[column].fillna("")
        suspects = cells[cells.str.contains(_SUSPECT, case=False, regex=True)]
        found += [(index, str(column)) for index, text in suspects.items() if holds(text)]
    return found
