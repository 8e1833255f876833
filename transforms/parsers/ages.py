"""Ages in whole years, both ends inclusive. A missing end is unknown, never 0 or 25."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.reading import Reading, beside, fold, read_each, unread
from transforms.tables import Service
from transforms.vocabulary import OLDEST_AGE, ParseStatus

LOW, HIGH = Service.minimum_age, Service.maximum_age

# Age at 31 August before the school year starts (School Admissions Code): Reception is 4, Year n is n + 4.
RECEPTION_AGE = 4
_STAGES = {
    "eyfs": (0, 4), "early years": (0, 4), "nursery": (3, 3), "primary": (4, 10), "ks1": (5, 6),
    "ks2": (7, 10), "ks3": (11, 13), "ks4": (14, 15), "ks5": (16, 17), "secondary": (11, 15),
    "sixth form": (16, 17),
}  # fmt: skip

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
# "5-11" that a spreadsheet took for a date, as text or as a date cell.
_MANGLED = re.compile(
    rf"\d{{1,2}}[-/ ](?:{'|'.join(_MONTHS)})[a-z]*|(?:{'|'.join(_MONTHS)})[a-z]*[-/ ]\d{{1,2}}"
    r"|\d{4}-\d{2}-\d{2}(?:[ t].*)?"
)
_YEARS = r"\s*(?:yrs?|years?)?(?: old| of age)?s?"
_TO = r"\s*(?:-|to|until|till|up to)\s*"
_RANGE = re.compile(rf"(\d{{1,2}}){_YEARS}{_TO}(\d{{1,3}})(st|nd|rd|th)?( birthday)?")
_SEND_EXTENSION = re.compile(rf"\(?(?:up )?(?:to )?(\d{{2}}){_YEARS}\s*(?:with |for )?(?:send|ehcp?s?)\b")
_OPEN_ABOVE = re.compile(
    rf"(\d{{1,2}}){_YEARS}\s*(?:\+|and over|and above|or over|and up|plus|upwards)|over (\d{{1,2}})s?"
)
_BELOW = re.compile(r"(under|up to|until|till) (?:the age of )?(\d{1,2})(?:st|nd|rd|th)?( birthday)?s?")
_SCHOOL = re.compile(
    r"\b(reception|(?:years?|yrs?|y) ?(\d{1,2})\b(?! ?old))(?:\s*(?:-|to)\s*(?:(?:years?|yrs?|y) ?)?(\d{1,2}))?"
)


def read_ages(raw: pd.Series) -> pd.DataFrame:
    """Ages in one cell: frame with the youngest and oldest age.

    "up to 18" and "until 18th birthday" end at 17; "8+" has no known end; "13-19 (25 SEND)" ends
    at 25; "05-Nov" is "5-11" mangled by a spreadsheet and is sent back.
    """
    return read_each(raw, _read, [LOW, HIGH])


def _read(raw: str) -> Reading:
    text = fold(raw)
    if _MANGLED.fullmatch(text):
        return Reading(rule="spreadsheet_date", confidence=0.0, status=ParseStatus.QUARANTINE)
    if re.search(r"\ball ages\b|\bany age\b|birth to 25|\beveryone\b", text):
        return _found(0, OLDEST_AGE, "all_ages", 0.9)
    text = re.sub(r"\b(?:birth|babies|newborn)\b|\b\d{1,2} ?(?:months?|mths?|m)\b", "0", text)
    text = re.sub(r"\([^)]*hrs?[^)]*\)", "", text)
    if (m := _SCHOOL.search(text)) and (m[2] or m[1] == "reception"):
        first = RECEPTION_AGE + int(m[2] or 0)
        last = RECEPTION_AGE + int(m[3]) if m[3] else first
        return _found(first, last, "year_groups", 0.9)
    ranges = list(_RANGE.finditer(text))
    if ranges:
        low = min(int(m[1]) for m in ranges)
        high = max(_last_year(int(m[2]), bool(m[4])) for m in ranges)
        if extension := _SEND_EXTENSION.search(text):
            high = max(high, int(extension[1]))
        several = len(ranges) > 1
        return _found(low, high, "several_ranges" if several else "range", 0.8 if several else 1.0)
    for stage, (low, high) in _STAGES.items():
        if stage in text.replace("key stage ", "ks"):
            return _found(low, high, "school_stage", 0.9)
    if m := _OPEN_ABOVE.search(text):
        return _found(int(m[1]) if m[1] else int(m[2]) + 1, None, "open_above", 1.0)
    if m := _BELOW.search(text):
        return _found(None, int(m[2]) - 1, "up_to", 1.0)
    if re.search(r"\badults?\b", text):
        return _found(18, None, "adults", 0.8)
    return unread()


def _last_year(age: int, is_birthday: bool) -> int:
    return age - 1 if is_birthday else age


def _found(low: int | None, high: int | None, rule: str, confidence: float) -> Reading:
    return Reading({LOW: low, HIGH: high}, rule, confidence)


def read_age_columns(age_from: pd.Series, age_to: pd.Series) -> pd.DataFrame:
    """Ages in a column for each end: frame as ``read_ages``. Each end may itself be words."""
    return beside(read_each(age_from, _read_youngest, [LOW]), read_each(age_to, _read_oldest, [HIGH]))


def _read_youngest(raw: str) -> Reading:
    text = fold(raw)
    if m := re.fullmatch(rf"(\d{{1,3}})(?:\.0)?{_YEARS}\+?", text):
        return Reading({LOW: int(m[1])}, "whole_years")
    if text in {"birth", "0m"} or re.fullmatch(r"\d{1,2} ?(?:months?|mths?)", text):
        return Reading({LOW: 0}, "months")
    found = _read(raw)
    return Reading({LOW: found.values.get(LOW)}, found.rule, found.confidence, found.status)


def _read_oldest(raw: str) -> Reading:
    text = fold(raw)
    if m := re.fullmatch(rf"(\d{{1,3}})(?:\.0)?{_YEARS}", text):
        return Reading({HIGH: int(m[1])}, "whole_years")
    if m := re.match(rf"(\d{{1,2}}) {_SEND_EXTENSION.pattern}", text):
        return Reading({HIGH: int(m[2])}, "send_extension")
    if m := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th) birthday", text):
        return Reading({HIGH: int(m[1]) - 1}, "birthday")
    found = _read(raw)
    return Reading({HIGH: found.values.get(HIGH)}, found.rule, found.confidence, found.status)
