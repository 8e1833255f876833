"""References of contracts, and whether they may be extended."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.vocabulary import Answer

REFS = "refs"
MAY_BE_EXTENDED, MONTHS = "may_be_extended", "months"

_BETWEEN_REFS = re.compile(r"\s*(?:[;,&+~\n]|\band\b)\s*", re.I)
# Letters and digits in a few short groups: "COL/SEND/24-07", "HSB 25 L3 01". A sentence has longer words and no number.
_REF = re.compile(r"[a-z0-9]{1,12}(?:[\s/.\-_]+[a-z0-9]{1,12}){0,5}", re.I)
_NO = re.compile(r"no?\b|none\b|not extendable\b|no extension\b")
_YES = re.compile(r"y(?:es)?\b|extendable\b|option\b")
_MONTHS = re.compile(r"(\d{1,2})\s*(?:m|mths?|months?)\b")
_YEARS = re.compile(r"(\d)\s*(?:y|yrs?|years?)\b")
_YEAR_AFTER_YEAR = re.compile(r"\b\d(?:\s*\+\s*\d)+\b")
MONTHS_PER_YEAR = 12


def read_contract_refs(raw: pd.Series) -> pd.DataFrame:
    """References in each cell: frame with ``refs``, a tuple as written. Words without a number are none."""

    def read(text: str) -> Reading:
        refs = [ref for ref in (part.strip() for part in _BETWEEN_REFS.split(text)) if ref]
        if refs and all(_REF.fullmatch(ref) and re.search(r"\d", ref) for ref in refs):
            return Reading({REFS: tuple(refs)}, "reference" if len(refs) == 1 else "several_references")
        return unread("not_a_reference")

    return read_each(raw, read, [REFS])


def contract_key(ref: str) -> str:
    """A reference without case, spaces and marks: "COL/SEND/24-07" and "CoL SEND 24 07" are one."""
    return re.sub(r"[^a-z0-9]", "", fold(ref))


def read_extensions(raw: pd.Series) -> pd.DataFrame:
    """Whether a contract may be extended, and by how many months at most: frame with both.

    "Y (12m)" is twelve months, "Y (1+1)" two options of a year each; "Y" alone does not say how long.
    """

    def read(cell: str) -> Reading:
        text = fold(cell)
        if _NO.match(text):
            return Reading({MAY_BE_EXTENDED: Answer.NO.value}, "whole_cell")
        months = _months(text)
        if months or _YES.match(text):
            rule = "stated_length" if months else "length_not_stated"
            return Reading({MAY_BE_EXTENDED: Answer.YES.value, MONTHS: months}, rule, 0.9 if months else 1.0)
        return unread("no_known_phrase")

    return read_each(raw, read, [MAY_BE_EXTENDED, MONTHS])


def _months(text: str) -> int | None:
    if options := _YEAR_AFTER_YEAR.search(text):
        return MONTHS_PER_YEAR * sum(map(int, re.findall(r"\d", options[0])))
    months = sum(int(found) for found in _MONTHS.findall(text))
    years = sum(int(found) for found in _YEARS.findall(text))
    return months + MONTHS_PER_YEAR * years or None
