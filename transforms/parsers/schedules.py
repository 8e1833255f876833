"""Days, times and seasons: sessions out of a roster's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise, zip_longest

import pandas as pd

from transforms.parsers.reading import Reading, fold, is_blank, read_each, unread
from transforms.parsers.synonyms import Phrases
from transforms.separator import LIST_SEPARATOR
from transforms.tables import Schedule
from transforms.vocabulary import CalendarPeriod, Frequency, ParseStatus, Weekday

SESSIONS = "sessions"
PERIOD = Schedule.x_calendar_period

_DAY = r"(?:(?:mon|fri|sun)(?:day)?|tue(?:s|sday)?|wed(?:s|nesday)?|thu(?:rs?|rsday)?|sat(?:urday)?)s?"
_DAY_CODE = {"mon": "MO", "tue": "TU", "wed": "WE", "thu": "TH", "fri": "FR", "sat": "SA", "sun": "SU"}
_RFC_DAYS = re.compile(r"(?:MO|TU|WE|TH|FR|SA|SU)(?:, ?(?:MO|TU|WE|TH|FR|SA|SU))*")
_DAYS = re.compile(rf"\b({_DAY})\b\.?(?:\s*(?:-|to)\s*({_DAY})\b)?")
_CLOCK = r"(\d{1,2})(?:[:.](\d{2}))?(?::\d{2})?\s*(am|pm|noon|midday)?"
_TIMES = re.compile(rf"(?<![\d£.]){_CLOCK}\s*(?:-|to|until|till)\s*{_CLOCK}(?!\d|\s*(?:yrs?|years))")
_FORTNIGHTLY = re.compile(r"fortnightly|alternate|every other|every (?:2|two) weeks|bi-weekly")
_MONTHLY = re.compile(
    r"monthly|every month|once a month|\b(?:1st|2nd|3rd|4th|first|second|third|last)\s+(?:mon|tue|wed|thu|fri|sat|sun)"
)
_GROUPS = {
    "weekdays": "MO,TU,WE,TH,FR", "weekends": "SA,SU", "weekend": "SA,SU", "daily": "MO,TU,WE,TH,FR,SA,SU",
    "every day": "MO,TU,WE,TH,FR,SA,SU", "24/7": "MO,TU,WE,TH,FR,SA,SU",
}  # fmt: skip

# A bare hour below this is read as afternoon: no club opens at 3 in the morning.
EARLIEST_MORNING_HOUR = 8


def read_schedule(raw: pd.Series) -> pd.DataFrame:
    """Sessions in one cell: frame with ``sessions``, a tuple of dicts of Schedule's columns.

    Several sessions are separated by semicolons, line breaks or tildes. Days or times that are
    missing stay unknown and lower the status to partial.
    """
    return read_each(raw, _read_cell, [SESSIONS])


def read_schedule_columns(days: pd.Series, opens: pd.Series, closes: pd.Series) -> pd.DataFrame:
    """Sessions in three columns of parallel lists (Open Referral's byday, opens_at, closes_at)."""
    rows = [
        LIST_SEPARATOR.join(
            f"{day} {start}-{end}" if start and end else day
            for day, start, end in zip_longest(*(cell.split(LIST_SEPARATOR) for cell in cells), fillvalue="")
        )
        for cells in zip(days.fillna(""), opens.fillna(""), closes.fillna(""), strict=True)
    ]
    return read_schedule(pd.Series(rows, index=days.index, dtype="str"))


def read_schedule_by_day(day_columns: Sequence[pd.Series]) -> pd.DataFrame:
    """Sessions in a column for each day of the week, Monday first; a cell holds that day's times."""
    labelled = [
        column.fillna("").map(lambda cell, day=day: _for_day(day, cell))
        for day, column in zip(Weekday, day_columns, strict=True)
    ]
    joined = [LIST_SEPARATOR.join(cell for cell in cells if cell) for cells in zip(*labelled, strict=True)]
    return read_schedule(pd.Series(joined, index=day_columns[0].index, dtype="str"))


def _for_day(day: Weekday, cell: str) -> str:
    if is_blank(cell):
        return ""
    return cell if _DAYS.search(fold(cell)) else f"{day.label} {cell}"


def _read_cell(raw: str) -> Reading:
    parts = [part for part in re.split(rf"[;\n{LIST_SEPARATOR}]", raw) if part.strip()]
    sessions = [session for part in parts if (session := _read_session(part))]
    if not sessions:
        return unread("no_day_or_time")
    # Cells such as "Sat 10-12; 2-4" name the day once.
    for before, after in pairwise(sessions):
        if after[Schedule.byday] is None and before[Schedule.byday]:
            after[Schedule.byday] = before[Schedule.byday]
    is_whole = len(sessions) == len(parts) and all(
        session[Schedule.byday] and session[Schedule.opens_at] for session in sessions
    )
    inferred = [session.pop("_inferred") for session in sessions]
    return Reading(
        {SESSIONS: tuple(sessions)},
        "days_and_times" if is_whole else "days_or_times",
        0.8 if any(inferred) else 1.0 if is_whole else 0.5,
        ParseStatus.PARSED if is_whole else ParseStatus.PARTIAL,
    )


def _read_session(raw: str) -> dict[str, object] | None:
    text = fold(raw)
    days = _days(raw, text)
    times = _TIMES.search(re.sub(r"\b(?:1st|2nd|3rd|4th|5th)\b", "", text))
    if not days and not times:
        return None
    is_monthly = bool(_MONTHLY.search(text))
    opens, closes, inferred = _clock(times) if times else (None, None, False)
    return {
        Schedule.freq: (Frequency.MONTHLY if is_monthly else Frequency.WEEKLY).value,
        Schedule.interval: 2 if _FORTNIGHTLY.search(text) else 1,
        Schedule.byday: ",".join(days) or None,
        Schedule.opens_at: opens,
        Schedule.closes_at: closes,
        "_inferred": inferred,
    }


def _days(raw: str, text: str) -> list[str]:
    order = [day.value for day in Weekday]
    found: set[str] = set()
    for group, codes in _GROUPS.items():
        if group in text:
            found.update(codes.split(","))
    for first, last in _DAYS.findall(text):
        start = order.index(_DAY_CODE[first[:3]])
        stop = order.index(_DAY_CODE[last[:3]]) if last else start
        found.update(order[start : stop + 1] if start <= stop else order[start:] + order[: stop + 1])
    if not found and (rfc := _RFC_DAYS.match(raw.strip())):
        found.update(code.strip() for code in rfc[0].split(","))
    return [code for code in order if code in found]


def _clock(match: re.Match[str]) -> tuple[str | None, str | None, bool]:
    """Both ends on the 24-hour clock, and whether morning or afternoon had to be inferred."""
    h1, m1, half1, h2, m2, half2 = match.groups()
    start, end = int(h1) * 60 + int(m1 or 0), int(h2) * 60 + int(m2 or 0)
    if start > 24 * 60 or end > 24 * 60:
        return None, None, False
    noon, half_day = 12 * 60, 12 * 60
    inferred = False
    if half2 == "pm" and end < noon:
        end += half_day
    if half1 == "pm" and start < noon:
        start += half_day
    elif (half1 is None and half2 == "pm" and start < noon and start + half_day < end) or (
        half1 is None and half2 is None and start < EARLIEST_MORNING_HOUR * 60 and len(h1) == 1
    ):
        start += half_day
        inferred = True
    # An afternoon end, unless the start is on the 24-hour clock or the end would still come first.
    if end <= start < end + half_day and end < noon and half2 != "am" and int(h1) <= 12:
        end += half_day
        inferred = True
    if half1 == "am" and start >= noon:
        start -= half_day
    if half2 == "am" and end >= noon:
        end -= half_day
    return _hhmm(start), _hhmm(end), inferred


def _hhmm(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hours_between(opens: object, closes: object) -> float | None:
    """Length in hours of a session between two 24-hour times; past midnight counts on."""
    if not (isinstance(opens, str) and isinstance(closes, str)):
        return None
    start, end = (int(t[:2]) + int(t[3:]) / 60 for t in (opens, closes))
    return round(end - start if end > start else end - start + 24, 4)


def read_period(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """When in the school year: frame with the calendar period.

    Term time and holidays together are the whole year; two different holidays are "school holidays".
    """

    def read(text: str) -> Reading:
        found = {codes[0] for codes in phrases.within(text)}
        if not found:
            return unread("no_known_period")
        holidays = found - {CalendarPeriod.TERM_TIME, CalendarPeriod.ALL_YEAR}
        if CalendarPeriod.ALL_YEAR in found or (CalendarPeriod.TERM_TIME in found and holidays):
            value = CalendarPeriod.ALL_YEAR.value
        elif len(found) == 1:
            value = found.pop()
        else:
            value = CalendarPeriod.SCHOOL_HOLIDAYS.value
        return Reading({PERIOD: value}, "phrase_within", 0.9)

    return read_each(raw, read, [PERIOD])
