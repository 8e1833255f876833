"""Days, times and seasons: sessions out of a roster's words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import pandas as pd

from transforms.parsers.periods import PERIOD, find_periods, settle, without_bank_holidays
from transforms.parsers.reading import Reading, read_each, unread
from transforms.parsers.session_days import (
    DAY,
    MONTH,
    ORDER,
    Days,
    Recurrence,
    find_days,
    find_recurrences,
    spell_days,
)
from transforms.parsers.session_groups import Session, give_out, grouped, refined
from transforms.parsers.session_times import DOUBTFUL, Times, find_times
from transforms.parsers.session_words import even, with_times_repeated
from transforms.parsers.synonyms import Phrases
from transforms.separator import LIST_SEPARATOR
from transforms.tables import Schedule
from transforms.vocabulary import Frequency, ParseStatus

SESSIONS = "sessions"
FIELDS = (Schedule.freq, Schedule.interval, Schedule.byday, Schedule.opens_at, Schedule.closes_at, PERIOD)

_DATE = re.compile(
    rf"\b\d{{1,2}}(?:st|nd|rd|th)?(?: of)? {MONTH}(?:,? 20\d\d)?\b|\b{MONTH} \d{{1,2}}(?:st|nd|rd|th)\b"
    rf"|\b(?!24/7\b)\d{{1,2}}/\d{{1,2}}(?:/\d{{2,4}})?\b|\b(?:{MONTH}|from|until|to) 20[1-3]\d\b"
    rf"|\b20[1-3]\d(?:[-/]\d{{2,4}})?\b(?! ?hrs)"
    rf"|\b{MONTH}\s*(?:-|to|until|/)\s*{MONTH}\b"
)
# Numbers that are no times: ages, school years, prices, ratios, places, telephone numbers.
_NO_TIME = re.compile(
    r"\b(?:ages?|aged|years?|yrs?|yr|y|ks|room|unit|group|level|class)\.? ?\d{1,2}(?:\s*(?:-|to|&"
    r"|and)\s*\d{1,2})?\b(?! ?[ap]\.?m)"
    # "10-11 Yr 3" is a time, and then whom it is for.
    r"|\b\d{1,2}\s*(?:-|to)\s*\d{1,2} ?(?:years|yrs|(?:year|yr)(?! ?(?:r\b|\d))(?:[ -]olds?)?)\b|\bunder \d{1,2}s?\b"
    r"|\b(?:year|yr|y) ?r(?:eception)?\s*(?:-|to|&|and)\s*(?:(?:year|yr|y) ?)?\d{1,2}\b(?! ?[ap]\.?m)"
    r"|\b\d{1,2}s? and (?:over|under)\b"
    r"|\b\d{1,2}\s*-\s*\d{1,2}s\b|£ ?\d+(?:\.\d{1,2})?|\b\d{1,2}:\d\b(?!\d)"
    r"|\b0\d{2,4} ?\d{3,4} ?\d{3,4}\b|\b\d{1,2}\+"
    # When the doors open is not when the session begins.
    r"|\b(?:doors?|arriv\w+|registration|sign[ -]?in|set[ -]?up|drop[ -]?offs?|pick[ -]?ups?|collection)"
    r"(?: opens?)?:? (?:at |from |by )?\d{1,2}(?:[.:]\d\d)?(?: ?[ap]\.?m\b)?"
)
# A break within a session, and when somebody answers the telephone, are no sessions.
_BREAK_BEFORE = re.compile(
    r"\b(?:lunch(?:time)?|breaks?|snacks?|tea|dinner|supper)(?: (?:break|hour|time))?\W*(?:at |from )?$"
)
_WITHIN = re.compile(
    r"(?<=[^a-z(]\()(?:[a-z&'/ ]*\b)?(?:lunch|breaks?|snacks?|tea|dinner|supper|phones?|phone ?lines?"
    r"|office|helpline|enquiries|tel|call|ring)\b[^()]*(?=\))"
)
# "4-6pm (ages 5-8), 6-8pm (9-12)": the ages once more.
_SPEAKS_OF_AGES = re.compile(r"\b(?:aged?s?|yrs?|years?)\b")
_AGES_BEHIND = re.compile(r"(?:(?<=\d \()|(?<=m \())\d{1,2}\s*-\s*\d{1,2}(?=\))")
# Words that take back or open up what the rest of the cell says.
_VAGUE = re.compile(
    r"\b(?:except\w*|exclud\w+|closed|not|or|var(?:y|ies|ious|iable|ying)|approx\w*|usually|sometimes"
    r"|some|by (?:arrangement|appointment"
    r"|agreement|request)|on request|as needed|flexible|occasional\w*|selected|certain|tb[ca]"
    r"|no (?:sessions?|classes?|clubs?))\b"
)
_DAILY = re.compile(r"daily|every ?day")
_STAY = re.compile(
    rf"\b(?P<a>{DAY})\b\.? (?:from |at )?(?P<from>[^a-z;,]*(?:[ap]\.? ?m\b\.?|noon)?)\s*(?:-|to|until"
    rf"|till)\s*(?P<b>{DAY})\b\.? (?:at )?(?P<to>\d[^;,]*)"
)
_TIME_OF_DAY = re.compile(
    r"(?<!\d)(?<!\d )\b[ap]m\b|\b(?:mornings?|afternoons?|evenings?|overnights?|nights?|all day"
    r"|late|after school|before school|lunch\w*)\b"
)
# Words beside days and times that change nothing about them.
_HARMLESS = re.compile(
    r"\b(?:every|each|on|from|to|until|till|and|the|at|of|in|a|we|meet|meets|sessions?|clubs?|runs?|open|only"
    r"|weekly|between|during|is|are|then|also|both|start|starts|mornings?|afternoons?|evenings?|eve|nights?"
    r"|am|pm|hrs|hours|o'?clock|after school|before school|drop[ -]in)\b"
)
# Stands where something was read already, so that it is not read again.
_BLANK = "·"


def read_schedule(raw: pd.Series, periods: Phrases) -> pd.DataFrame:
    """Sessions in one cell: frame with ``sessions``, a tuple of dicts of Schedule's columns.

    A session that is on in two holidays is there twice, once for each. A cell that only says when in
    the year gives sessions of which nothing else is known. What is not told stays missing.
    """
    return read_each(raw, lambda text: _read_cell(text, periods), [SESSIONS])


@dataclass
class _Part:
    """What one part of a cell tells."""

    text: str
    sessions: list[Session]
    recurrence: Recurrence | None = None
    periods: tuple[str, ...] = ()
    confidence: float = 1.0
    is_whole: bool = True

    @property
    def is_silent(self) -> bool:
        return not (self.sessions or self.recurrence or self.periods)

    @property
    def is_days_alone(self) -> bool:
        return bool(self.sessions) and all(s.days and not s.times for s in self.sessions)

    @property
    def is_times_alone(self) -> bool:
        return bool(self.sessions) and all(s.times and not s.days for s in self.sessions)


def _read_cell(raw: str, phrases: Phrases) -> Reading:
    lines = re.split(rf"[;\n{LIST_SEPARATOR}]", with_times_repeated(raw))
    parts = _joined([_read_part(text, phrases) for text in lines if text.strip()], phrases)
    told = [part for part in parts if not part.is_silent]
    sessions = [session for part in told for session in part.sessions]
    _share(told, is_list=LIST_SEPARATOR in raw)
    if not sessions:
        everything = Session(
            recurrence=next((p.recurrence for p in told if p.recurrence), None),
            periods=settle(code for p in told for code in p.periods),
        )
        if not (everything.recurrence or everything.periods):
            return unread("no_day_or_time")
        sessions = [everything]
    # Cells such as "Sat 10-12; 2-4" name the day once.
    for before, after in pairwise(sessions):
        after.days = after.days or before.days
    rows = list(dict.fromkeys(tuple(row.items()) for session in sessions for row in session.rows()))
    return _trusted(tuple(dict(row) for row in rows), sessions, parts)


def _joined(parts: Sequence[_Part], phrases: Phrases) -> list[_Part]:
    """The parts with days on one line and their times on the next as one: "Wednesdays⏎4.30pm - 6pm"."""
    joined: list[_Part] = []
    days: list[_Part] = []
    for part in parts:
        if days and part.is_times_alone:
            joined.append(_read_part(", ".join(one.text for one in [*days, part]), phrases))
            days = []
        elif part.is_days_alone or (days and not part.sessions):
            days.append(part)
        else:
            joined += [*days, part]
            days = []
    return [*joined, *days]


def _trusted(
    rows: tuple[dict[str, object], ...], sessions: Sequence[Session], parts: Sequence[_Part]
) -> Reading:
    is_whole = all(part.is_whole and not part.is_silent for part in parts)
    # Which Saturday of the month, or how many a term, is not told.
    is_loose = any(
        session.recurrence is not None
        and (
            session.recurrence.freq is None
            or (session.recurrence.freq == Frequency.MONTHLY and not session.is_monthly)
        )
        for session in sessions
    )
    is_dated = all(session.days and session.times for session in sessions)
    is_timed_without_day = any(session.times and not session.days for session in sessions)
    whole = is_whole and not is_loose and not is_timed_without_day
    rule = (
        "days_and_times"
        if is_dated
        else "period"
        if not any(s.days or s.times for s in sessions)
        else "days_or_times"
    )
    # One day with a time and one without: the time may hold for both.
    is_uneven = len({session.times is None for session in sessions}) > 1
    most = 0.5 if not whole else 0.8 if is_uneven else 1.0
    confidence = min([most, *(part.confidence for part in parts if not part.is_silent)])
    return Reading({SESSIONS: rows}, rule, confidence, ParseStatus.PARSED if whole else ParseStatus.PARTIAL)


def _share(parts: Sequence[_Part], *, is_list: bool) -> None:
    """Words of one part that speak of all: those of a part without sessions, and a season at the very end.

    In a list of values the last season speaks of its own value only.
    """
    for part in parts:
        if not part.sessions:
            for session in (s for other in parts for s in other.sessions):
                session.recurrence = session.recurrence or part.recurrence
                session.periods = session.periods or part.periods
    last = parts[-1].sessions if parts else []
    before = [session for part in parts[:-1] for session in part.sessions]
    if last and not is_list and not any(session.periods for session in before):
        for session in before:
            session.periods = last[-1].periods


def _read_part(raw: str, phrases: Phrases) -> _Part:
    text, is_mistyped = spell_days(even(raw))
    text = without_bank_holidays(text)
    recurrences = list(find_recurrences(text))
    # In "one Saturday each half term" the half term says how often, not when.
    seasonal = _blanked(text, [(r.begin, r.end) for r in recurrences if r.freq is None])
    periods, is_denied = find_periods(seasonal, phrases)
    text = _blanked(text, [(begin, end) for begin, end, _ in periods])
    is_dated = bool(_DATE.search(text))
    for pattern in (_DATE, _NO_TIME):
        text = pattern.sub(lambda m: _BLANK * len(m[0]), text)
    if stay := _stay(text):
        stay.periods = settle(code for *_, code in periods)
        return _Part(raw, [stay], confidence=0.6, is_whole=bool(stay.times and stay.times.closes_at))
    if _SPEAKS_OF_AGES.search(seasonal):
        text = _AGES_BEHIND.sub(lambda m: _BLANK * len(m[0]), text)
    text = _WITHIN.sub(lambda m: re.sub(rf"\d|\b{DAY}\b", lambda word: _BLANK * len(word[0]), m[0]), text)
    times = list(find_times(text))
    days = _without_daily(text, list(find_days(text)), times)
    closed = {code for day in days if day.takes_away for code in day.codes}
    groups = grouped(days, _without_breaks(text, times), periods)
    sessions = [session for group in groups for session in group.sessions(closed)]
    refined(groups)
    read = [
        *((day.begin, day.end) for day in days),
        *((time.begin, time.end) for time in times),
        *((rhythm.begin, rhythm.end) for rhythm in recurrences),
    ]
    rest = _HARMLESS.sub(" ", _blanked(text, read))
    doubts = [t.confidence for group in groups for t in group.times] + [r.confidence for r in recurrences]
    is_loose = bool(_VAGUE.search(text)) or (
        _TIME_OF_DAY.search(text) and not all(group.times for group in groups)
    )
    part = _Part(
        raw,
        sessions=[session for session in sessions if any(session is one for g in groups for one in g.made)],
        # Words that nobody read may change what was read.
        confidence=min([*doubts, 0.8 if is_mistyped else 1.0, 0.9 if re.search(r"[a-z0-9]", rest) else 1.0]),
        is_whole=not (is_denied or is_dated or is_loose or any(doubt < DOUBTFUL for doubt in doubts)),
    )
    if groups:
        give_out(groups, text, periods, recurrences)
    else:
        part.periods = settle(code for *_, code in periods)
        part.recurrence = next(iter(recurrences), None)
    return part


def _without_daily(text: str, days: Sequence[Days], times: Sequence[Times]) -> list[Days]:
    """The days without a "daily" that speaks of the days named: "Mon-Fri, 2 sessions daily: 10-12, 1-3"."""
    named = [day for day in days if not (day.takes_away or _DAILY.fullmatch(text, day.begin, day.end))]

    def speaks_of(day: Days, other: Days) -> bool:
        first, last = sorted((day.begin, other.begin))
        return not any(first < time.begin < last for time in times)

    return [
        day
        for day in days
        if not named
        or day in named
        or day.takes_away
        or (
            any(time.begin > day.begin for time in times)
            and not any(speaks_of(day, other) for other in named)
        )
    ]


def _without_breaks(text: str, times: Sequence[Times]) -> list[Times]:
    """The times without the breaks that lie within another: "10-4, lunch 12-1"."""

    def is_within(one: Times, other: Times) -> bool:
        start, end = one.opens_at, one.closes_at or one.opens_at
        if not (start and end and other.opens_at and other.closes_at):
            return False
        return other.opens_at <= start and end <= other.closes_at

    return [
        time
        for time in times
        if not (
            _BREAK_BEFORE.search(text[: time.begin])
            and any(is_within(time, other) for other in times if other is not time)
        )
    ]


def _blanked(text: str, places: Sequence[tuple[int, int]]) -> str:
    for begin, end in places:
        text = text[:begin] + _BLANK * (end - begin) + text[end:]
    return text


def _stay(text: str) -> Session | None:
    """A stay from one day into another: one night, or longer with an end that a session cannot tell."""
    if not (match := _STAY.search(text)):
        return None
    opens = next(find_times(f"from {match['from']}"), None)
    closes = next(find_times(f"until {match['to']}"), None)
    first, last = (next(find_days(match[name])).codes[0] for name in "ab")
    if opens is None or closes is None or not opens.opens_at or not closes.closes_at or first == last:
        return None
    is_one_night = (ORDER.index(last) - ORDER.index(first)) % 7 == 1 and closes.closes_at <= opens.opens_at
    return Session([first], replace(opens, closes_at=closes.closes_at if is_one_night else None))
