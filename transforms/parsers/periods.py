"""When in the school year: term time, holidays, the whole year."""

from __future__ import annotations

import re
from collections.abc import Iterable

import pandas as pd

from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.parsers.synonyms import Phrases
from transforms.tables import Schedule
from transforms.vocabulary import HOLIDAYS, ParseStatus
from transforms.vocabulary import CalendarPeriod as P

PERIOD = Schedule.x_calendar_period
SEVERAL_PERIODS = "calendar_periods"

# Bank holidays are single days, and no part of the school year.
_BANK_HOLIDAYS = re.compile(
    r"\(?\b(?:(?:closed|not|except|excluding|excl\.?|no) )*(?:on )?(?:bank|public) hol\w*\.?"
    r"(?: (?:weekends?|mondays?|fridays?|weeks?|dates))?\)?"
)
_DENIED = re.compile(
    r"\b(?:not?|except(?:ing| for)?|excluding|excl\.?|closed|outside(?: of)?|out of|apart from"
    r"|never|no (?:sessions?|classes|clubs?))"
    r"(?: (?:open|running|available|in|on|at|during|for|over))*(?: (?:the|any|school))*\W*$"
)
# What a denial of one leaves.
_OTHER_HALF = {P.SCHOOL_HOLIDAYS.value: P.TERM_TIME.value, P.TERM_TIME.value: P.SCHOOL_HOLIDAYS.value}


def without_bank_holidays(text: str) -> str:
    """Folded text with every mention of bank holidays blanked, all positions kept."""
    return _BANK_HOLIDAYS.sub(lambda m: " " * len(m[0]), text)


def find_periods(text: str, phrases: Phrases) -> tuple[list[tuple[int, int, str]], bool]:
    """Where folded text names which period, and whether a denial leaves something unread."""
    found, denied = [], False
    for begin, end, phrase, (code, *_) in phrases.hits(text.replace("-", " ")):
        # "Sat & Sun, both 10-4" says nothing of the year.
        if phrase == "both" and text != phrase:
            continue
        if not _DENIED.search(text[:begin]):
            found.append((begin, end, code))
        elif code in _OTHER_HALF:
            found.append((begin, end, _OTHER_HALF[code]))
        else:
            denied = True
    return found, denied


def settle(codes: Iterable[str]) -> tuple[str, ...]:
    """Periods named together, none twice: term time and the holidays are the whole year.

    "Easter + Summer hols" keeps both; a word for holidays in general adds nothing to a named one.
    """
    named = set(codes)
    if P.ALL_YEAR in named or {P.TERM_TIME, P.SCHOOL_HOLIDAYS} <= named:
        return (P.ALL_YEAR.value,)
    if named.intersection(HOLIDAYS):
        named.discard(P.SCHOOL_HOLIDAYS)
    return tuple(period.value for period in P if period in named)


def narrowed(own: str | None, beside: tuple[str, ...]) -> tuple[str, ...]:
    """The periods of a session that names one itself, or none, in a record that names some.

    The narrower statement stands; the session's own where they contradict each other.
    """
    if own is None or own == P.ALL_YEAR:
        return beside or (own or P.UNKNOWN.value,)
    if own == P.SCHOOL_HOLIDAYS and (exact := tuple(code for code in beside if code in HOLIDAYS)):
        return exact
    return (own,)


def read_periods(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """When in the school year: frame with ``calendar_periods``, a tuple of codes."""

    def read(text: str) -> Reading:
        found, denied = find_periods(without_bank_holidays(fold(text)), phrases)
        if not found:
            return unread("no_known_period")
        status = ParseStatus.PARTIAL if denied else ParseStatus.PARSED
        return Reading(
            {SEVERAL_PERIODS: settle(code for *_, code in found)},
            "phrase_within",
            0.6 if denied else 0.9,
            status,
        )

    return read_each(raw, read, [SEVERAL_PERIODS])
