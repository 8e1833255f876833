"""Dates in a source's declared form, or in a form that can be read one way only."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import date, datetime
from typing import Any

import pandas as pd

from transforms.parsers.reading import (
    CONFIDENCE,
    MISSING_RULE,
    RULE,
    STATUS,
    Reading,
    fold,
    read_each,
    unread,
)
from transforms.separator import LIST_SEPARATOR
from transforms.vocabulary import ParseStatus

VALUE = "value"

# Outside these a year is a slip of the keyboard, or the day from which a spreadsheet counts.
EARLIEST_YEAR, LATEST_YEAR = 1950, 2099
# A date beside words that are not read: judgement, tested on the labelled cases.
AMONG_WORDS = 0.6
# Two-digit years below this are of this century, as POSIX reads them.
_CENTURY_BREAK = 69

_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
    "november", "december",
)  # fmt: skip
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")

_TIME_OF_DAY = re.compile(r"(?:\s+|(?<=\d)t)\d{1,2}:\d{2}.*$")
_SERIAL = re.compile(r"[0-9]{5}(?:\.[0-9]+)?")
_YEAR_FIRST = re.compile(r"([0-9]{4})([-/. ])([0-9]{1,2})\2([0-9]{1,2})")
_YEAR_LAST = re.compile(r"([0-9]{1,2})([-/. ])([0-9]{1,2})\2([0-9]{4}|[0-9]{2})")
_MARKS = r"[\s,./-]*"
_WEEKDAY = rf"(?:(?P<weekday>(?:{'|'.join(day[:3] for day in _WEEKDAYS)})[a-z]*){_MARKS})?"
_DAY = r"(?P<day>[0-9]{1,2})(?:st|nd|rd|th)?"
_MONTH = r"(?P<month>[a-z]{3,9})"
_YEAR = r"'?(?P<year>[0-9]{4}|[0-9]{2})"
_IN_WORDS = (
    re.compile(rf"{_WEEKDAY}{_DAY}{_MARKS}(?:of )?{_MONTH}{_MARKS}{_YEAR}"),
    re.compile(rf"{_WEEKDAY}{_MONTH}{_MARKS}{_DAY}(?:,\s*|\s+){_YEAR}"),
    re.compile(rf"(?P<year>[0-9]{{4}}){_MARKS}{_MONTH}{_MARKS}{_DAY}"),
)
_AMONG_WORDS = re.compile(
    r"(?<![\w/.-])(?:[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{1,2}[/.-][0-9]{1,2}[/.-](?:[0-9]{4}|[0-9]{2})"
    rf"|[0-9]{{1,2}}(?:st|nd|rd|th)?[ -](?:of )?(?:{'|'.join(month[:3] for month in _MONTHS)})[a-z]*"
    r"\.?,?[ -][0-9]{2,4})(?![\w/-])"
)
_PART_OF_FORMAT = re.compile(r"%-?([dmyYbB])")


def read_dates(raw: pd.Series, date_format: str | None = None) -> pd.DataFrame:
    """Dates: frame with ``value`` (ISO text).

    A month in words or a year in front can be read one way only, and is. Of all else the declared form
    decides (``strptime``); without one, 23/11/2026 is read, and 03/04/2026 is set aside as ambiguous. A
    bare number of days is set aside too: spreadsheets count from 1900 or from 1904.
    """
    return read_each(raw, lambda text: _read(text, date_format), [VALUE])


def _read(raw: str, date_format: str | None) -> Reading:
    text = fold(raw)
    if not re.search(r"\d", text):
        return unread("no_date")
    if any(sign.isdigit() and not sign.isascii() for sign in text):
        return _aside("digits_of_another_script")
    if date_format and (day := _as_declared(raw.strip(), date_format)):
        return _found(day, "declared_format", 1.0)
    text = _TIME_OF_DAY.sub("", text)
    if _SERIAL.fullmatch(text):
        return _aside("serial_number")
    if m := _YEAR_FIRST.fullmatch(text):
        return _one_of([_day(m[1], m[3], m[4])], "iso_date" if m[2] == "-" else "year_first", 1.0)
    if words := next(filter(None, (form.fullmatch(text) for form in _IN_WORDS)), None):
        return _in_words(words)
    if m := _YEAR_LAST.fullmatch(text):
        if date_format:
            return _one_of([_in_order(m, date_format)], "declared_order", 0.8)
        day_first, month_first = _day(m[4], m[3], m[1]), _day(m[4], m[1], m[3])
        is_usual = day_first and len(m[4]) > 2
        return _one_of([day_first, month_first], "only_reading", 1.0 if is_usual else 0.8)
    return _among_words(text, date_format)


def _among_words(text: str, date_format: str | None) -> Reading:
    """The one whole date that stands among other words, which are not read."""
    dates = _AMONG_WORDS.findall(text)
    if len(dates) != 1 or dates[0] == text:
        return _aside("impossible_date")
    found = _read(dates[0], date_format)
    if found.status is not ParseStatus.PARSED:
        return found
    return Reading(found.values, "date_among_words", AMONG_WORDS, ParseStatus.PARTIAL)


def _as_declared(text: str, date_format: str) -> date | None:
    try:
        return datetime.strptime(text, date_format).date()
    except ValueError:
        return None


def _in_order(numbers: re.Match[str], date_format: str) -> date | None:
    """A date with other marks or another length of year than declared, in the declared order."""
    order = "".join(_PART_OF_FORMAT.findall(date_format)).casefold()
    if order == "dmy":
        return _day(numbers[4], numbers[3], numbers[1])
    return _day(numbers[4], numbers[1], numbers[3]) if order == "mdy" else None


def _in_words(words: re.Match[str]) -> Reading:
    month = next((n for n, name in enumerate(_MONTHS, 1) if _is_short_for(words["month"], name)), 0)
    day = _day(words["year"], month, words["day"])
    weekday = words.groupdict().get("weekday")
    if day and weekday and not _WEEKDAYS[day.weekday()].startswith(weekday[:3]):
        return _aside("contradictory_date")
    return _one_of([day], "month_in_words", 1.0 if len(words["year"]) > 2 else 0.9)


def _is_short_for(word: str, month: str) -> bool:
    return month.startswith(word) or (word == "sept" and month == "september")


def _day(year: str | int, month: str | int, day: str | int) -> date | None:
    number = int(year)
    if len(str(year)) <= 2:
        number += 2000 if number < _CENTURY_BREAK else 1900
    try:
        return date(number, int(month), int(day))
    except ValueError:
        return None


def _one_of(readings: list[date | None], rule: str, confidence: float) -> Reading:
    """The one day that the readings agree on."""
    days = {day for day in readings if day}
    if len(days) > 1:
        return _aside("ambiguous_date")
    return _found(days.pop(), rule, confidence) if days else _aside("impossible_date")


def _found(day: date, rule: str, confidence: float) -> Reading:
    if not EARLIEST_YEAR <= day.year <= LATEST_YEAR:
        return _aside("impossible_date")
    return Reading({VALUE: day.isoformat()}, rule, confidence)


def _aside(rule: str) -> Reading:
    return Reading(rule=rule, confidence=0.0, status=ParseStatus.QUARANTINE)


def read_last_dates(raw: pd.Series, date_format: str) -> pd.DataFrame:
    """The last of several dates in one cell, each as ``read_dates``; open-ended when one is blank."""
    return _of_several(raw, date_format, max)


def read_first_dates(raw: pd.Series, date_format: str) -> pd.DataFrame:
    """The first of several dates in one cell, each as ``read_dates``; unknown when one is blank."""
    return _of_several(raw, date_format, min)


def _of_several(raw: pd.Series, date_format: str, pick: Callable[[list[str]], str]) -> pd.DataFrame:
    lists = raw.fillna("").str.split(LIST_SEPARATOR).reset_index(drop=True)
    each = read_dates(lists.explode(), date_format)
    of_several = each.index.duplicated(keep=False)
    rows = dict(zip(each.index[~of_several], each[~of_several].to_dict("records"), strict=True))
    rows.update(_picked(each[of_several], pick))
    return pd.DataFrame([rows[at] for at in range(len(raw))], index=raw.index, columns=each.columns)


def _picked(each: pd.DataFrame, pick: Callable[[list[str]], str]) -> Iterator[tuple[int, dict[Any, Any]]]:
    for at, part in each.groupby(level=0, sort=False):
        unfit = part[~part[STATUS].eq(ParseStatus.PARSED)]
        if len(unfit):
            yield at, unfit.iloc[0].to_dict()
        elif part[VALUE].isna().any():
            yield at, {VALUE: None, STATUS: ParseStatus.PARSED.value, RULE: MISSING_RULE, CONFIDENCE: 1.0}
        else:
            yield at, {**part.iloc[0].to_dict(), VALUE: pick(part[VALUE].tolist())}
