"""Opening and closing times in words, on the 24-hour clock."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

NOON, DAY = 12 * 60, 24 * 60

# A bare hour below this is read as afternoon: no club opens at 3 in the morning.
EARLIEST_MORNING_HOUR = 8
# Breakfast clubs and evening clubs both start at a bare 7: on every weekday it is breakfast.
_EITHER_HALF, _BREAKFAST_ENDS = 7, 9 * 60 + 30
# No morning begins earlier.
_EARLIEST_BREAKFAST = 5
_EVERY_WEEKDAY = re.compile(
    r"\bmon(?:day)?s?\b\s*(?:-|to)\s*(?:thu|fri)|\bweek ?days?\b|\bschool ?days?\b|\bm ?- ?f\b"
)

STATED, IMPLIED, INFERRED, DOUBTFUL = 1.0, 0.9, 0.8, 0.7


@dataclass(frozen=True)
class Times:
    """When a session starts and ends, where in the text it says so, and how surely."""

    begin: int
    end: int
    opens_at: str | None
    closes_at: str | None
    confidence: float


@dataclass(frozen=True)
class _Clock:
    minutes: int
    half: str = ""
    is_24_hour: bool = False

    @property
    def is_stated(self) -> bool:
        return bool(self.half) or self.is_24_hour


def _clock(name: str) -> str:
    return (
        rf"(?:(?P<word{name}>(?<![a-z])(?:12 ?)?(?:noon|midday|midnight|mid-day))"
        rf"|(?P<four{name}>[0-2]\d[0-5]\d)(?!\d)(?: ?(?:hrs?|h)\b)?"
        rf"|(?:half past (?P<past{name}>\d{{1,2}}))"
        rf"|(?P<hour{name}>\d{{1,2}})(?:[:.h](?P<minute{name}>[0-5]\d)(?::[0-5]\d)?(?: ?hrs\b)?)?(?: ?o'?clock)?)"
        rf"(?: ?(?P<half{name}>[ap])\.? ?m\b\.?)?"
    )


_NOT_A_TIME_AFTER = (
    r"(?![\d:]|\.\d|/\d|(?:st|nd|rd|th)\b|[ -]?(?:yrs?|years?|weeks?|wks?|mins?|minutes?|hours?"
    r"|hrs?|months?|days?"
    r"|sessions?|places|nights?|children|people)\b|%|-?year)"
)
_BEFORE = r"(?<![\d£.:/+#])(?<!\d-)"
_RANGE = re.compile(
    rf"{_BEFORE}(?:\b(?:from|between) )?{_clock('1')}\s*(?:-|to|until|till|til|through"
    rf"|and(?= ?\d))\s*{_clock('2')}{_NOT_A_TIME_AFTER}"
)
_LENGTH = r"(?:,? ?\(?(?:for )?(?P<length>\d{1,2}(?:\.\d{1,2})?) ?(?P<of>hours?|hrs?|mins?|minutes?)\b\)?)?"
_SINGLE = re.compile(
    rf"{_BEFORE}(?P<lead>\b(?:from|after|starts?(?: at)?|starting(?: at)?|opens?(?: at)?|at|until|till"
    rf"|til|up to|ends?(?: at)?"
    rf"|ending(?: at)?|closes?(?: at)?|by|finish\w*(?: at)?) )?{_clock('1')}{_NOT_A_TIME_AFTER}{_LENGTH}"
)
_ENDS = ("until", "till", "til", "up to", "end", "close", "by", "finish")
_HOUR_FOLLOWS = ("from", "after", "at", "until", "till", "til")
_ALL_DAY = re.compile(r"\b24 ?/ ?7\b|\b24[ -]?(?:hours?|hrs?)\b(?: a day)?|\bround[ -]the[ -]clock\b")
_MORNING = re.compile(r"\bmornings?\b|\bbreakfast\b|\bbefore[ -]school\b|\bearly\b")
_LATER = re.compile(r"\bafternoons?\b|\bevenings?\b|\bafter[ -]school\b|\bnights?\b|\btwilight\b")
# The time of day as a fraction, as a spreadsheet keeps it.
_FRACTION = re.compile(r"(?<![\d.£])0\.\d{2,}(?!\d)")


def find_times(text: str) -> Iterator[Times]:
    """Every time that folded text tells, from left to right."""
    for match in _ALL_DAY.finditer(text):
        yield Times(match.start(), match.end(), "00:00", "24:00", STATED)
    text = _ALL_DAY.sub(lambda m: " " * len(m[0]), text)
    for match in _FRACTION.finditer(text):
        yield Times(match.start(), match.end(), hhmm(round(float(match[0]) * DAY)), None, IMPLIED)
    text = _FRACTION.sub(lambda m: " " * len(m[0]), text)
    for match in _RANGE.finditer(text):
        if found := _span(_read(match, "1"), _read(match, "2"), _half_of_day(text, match.start())):
            yield Times(match.start(), match.end(), *found)
    text = _RANGE.sub(lambda m: " " * len(m[0]), text)
    for match in _SINGLE.finditer(text):
        if one_end := _one_end(match):
            yield Times(match.start(), match.end(), *one_end)


def _half_of_day(text: str, at: int) -> str:
    """The half of the day that words give the times at a place: the last such word before it, or any."""
    halves = [(word.start(), "a") for word in _MORNING.finditer(text)]
    halves += [(word.start(), "p") for word in _LATER.finditer(text)]
    before = [half for half in halves if half[0] < at]
    if halves:
        return max(before)[1] if before else min(halves)[1]
    return "school run" if _EVERY_WEEKDAY.search(text) else ""


def _read(match: re.Match[str], name: str) -> _Clock | None:
    half = match["half" + name] or ""
    if word := match["word" + name]:
        return _Clock(0 if word.endswith("night") else NOON, is_24_hour=True)
    if four := match["four" + name]:
        minutes = int(four[:2]) * 60 + int(four[2:])
        return _Clock(minutes, is_24_hour=True) if minutes <= DAY else None
    if past := match["past" + name]:
        return _Clock(int(past) * 60 + 30, half) if 1 <= int(past) <= 12 else None
    hour, minute = int(match["hour" + name]), match["minute" + name]
    minutes = hour * 60 + int(minute or 0)
    if minutes > DAY or (half and hour > 12 and half == "a"):
        return None
    if half and hour <= 12:
        return _Clock(minutes % NOON + (NOON if half == "p" else 0), half)
    is_24_hour = hour > 12 or (minute is not None and len(match["hour" + name]) == 2) or hour == 0
    return _Clock(minutes, half, is_24_hour)


def _span(first: _Clock | None, last: _Clock | None, hint: str) -> tuple[str, str, float] | None:
    """Both ends on the 24-hour clock, and how surely; nothing when they cannot be told."""
    if first is None or last is None:
        return None
    if first.is_stated and last.is_stated:
        # "12:30-2:30" states neither half of the day, though it looks it.
        start, end, confidence = first.minutes, last.minutes, STATED
    elif last.is_stated:
        if last.half == "a" and last.minutes < 60:
            return None  # "9-12am" may mean noon or midnight
        start, end, confidence = _before(first.minutes, last), last.minutes, IMPLIED
    elif first.is_stated:
        start, end, confidence = first.minutes, _after(last.minutes, first.minutes), IMPLIED
    else:
        start, confidence = _bare(first.minutes, last.minutes, hint)
        end = _after(last.minutes, start)
    return hhmm(start), hhmm(end), confidence


def _before(minutes: int, last: _Clock) -> int:
    """A bare start in the same half of the day as a stated end, unless it would come after it."""
    if minutes >= NOON:
        return minutes
    later = minutes + NOON
    if last.half == "a":
        return minutes if minutes < last.minutes else later
    if last.half == "p" or last.minutes > NOON:
        is_evening = last.half == "p" or minutes < EARLIEST_MORNING_HOUR * 60
        return later if later < last.minutes and is_evening else minutes
    return minutes


def _after(minutes: int, start: int) -> int:
    """A bare end as the first such time after the start; past midnight when there is none that day."""
    candidates = [minutes, minutes + NOON] if minutes <= NOON else [minutes]
    return next((end for end in candidates if start < end <= DAY), minutes % DAY)


def _bare(first: int, last: int, hint: str) -> tuple[int, float]:
    """A start of which neither half of the day is told."""
    hour = first // 60
    if hour >= 12:
        return first, IMPLIED
    if hint == "p" or (hint == "a" and hour >= _EARLIEST_BREAKFAST):
        return (first + NOON if hint == "p" else first), INFERRED
    if hour == _EITHER_HALF:
        is_breakfast = hint == "school run" and first < last <= _BREAKFAST_ENDS
        return (first if is_breakfast else first + NOON), DOUBTFUL
    if hour < EARLIEST_MORNING_HOUR:
        return first + NOON, INFERRED
    return first, IMPLIED if hour >= 9 else INFERRED


def _one_end(match: re.Match[str]) -> tuple[str | None, str | None, float] | None:
    clock, lead = _read(match, "1"), (match["lead"] or "").strip()
    if clock is None:
        return None
    is_clear = (
        clock.half or match["word1"] or match["minute1"] or (match["four1"] and (lead or "h" in match[0]))
    )
    # "Weds from 4": an hour, and hardly anything else.
    if not (is_clear or lead in _HOUR_FOLLOWS):
        return None
    start, confidence = clock.minutes, STATED
    if not clock.is_stated:
        start, confidence = _bare(start, DAY, "")
    if lead.startswith(_ENDS):
        return None, hhmm(start), confidence
    if not match["length"]:
        return hhmm(start), None, confidence
    length = float(match["length"]) * (60 if match["of"].startswith("h") else 1)
    return hhmm(start), hhmm(round(start + length) % DAY), confidence


def hhmm(minutes: int) -> str:
    """Minutes after midnight as ``HH:MM``."""
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def hours_between(opens: object, closes: object) -> float | None:
    """Length in hours of a session between two 24-hour times; past midnight counts on."""
    if not (isinstance(opens, str) and isinstance(closes, str)):
        return None
    start, end = (int(t[:2]) + int(t[3:]) / 60 for t in (opens, closes))
    return round(end - start if end > start else end - start + 24, 4)
