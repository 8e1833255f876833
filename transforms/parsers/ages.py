"""Ages in whole years, both ends inclusive. A missing end is unknown, never 0 or 25."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from transforms.parsers.age_phrases import Band, find_bands
from transforms.parsers.age_words import even
from transforms.parsers.reading import (
    CONFIDENCE,
    MISSING_RULE,
    RULE,
    STATUS,
    TRUST,
    Reading,
    beside,
    read_each,
    unread,
)
from transforms.parsers.school_years import as_marks
from transforms.tables import Service
from transforms.vocabulary import ParseStatus

LOW, HIGH = Service.minimum_age, Service.maximum_age

# The oldest age that anybody reaches: a number above it is a slip of the pen.
OLDEST_PERSON = 120

# Words at least this certain explain a bare number in a column.
_SURE = 0.9

_MONTH = r"(?:jan|feb|mar|apr|may|jun|jul|aug|sept?|oct|nov|dec)[a-z]*"
# "5-11" that a spreadsheet took for a date: as text, as a date cell, or as the number of that day.
_MANGLED = re.compile(
    rf"\d{{1,2}}[-/ ]{_MONTH}(?:[-/ ]\d{{2,4}})?|{_MONTH}[-/ ]\d{{1,4}}"
    r"|\d{4}-\d{2}-\d{2}(?:[ t].*)?|\d{1,2}/\d{1,2}/(?:\d{2}){1,2}(?: \d.*)?|[345]\d{4}(?:\.0)?"
)
# Durations and counts are no ages: "(1.5 hrs pw)", "2 sessions".
_NO_AGE = re.compile(
    r"\(?\b\d{1,3}(?:\.\d+)? ?(?:hrs?|hours?|sessions?|places?|days?|mins?|minutes?)\b[^);,]*\)?"
)
_APART = re.compile(
    r"\(?\bsiblings?\b[^);,]*\)?|\((?:parents?|carers?|adults?|volunteers?)\b[^)]*\)"
    # Who must come with somebody is a condition, not whom it is for.
    r"|[(;.][^();.]*\b(?:accompanied|with (?:an?|their) (?:adult|parent|carer))\b[^();.]*\)?"
)
# "4 yrs (Reception)": the age, and the school year it is.
_AND_SCHOOL_YEAR = re.compile(r"(\d ?(?:years?|yrs?)?) ?\((?:y\d{1,2}|ks\d|nursery)\)")
_VAGUE = re.compile(
    r"\b(?:approx\w*|about|around|roughly|circa|usually|mainly|mostly|ideally|not|except\w*|exclud\w+)\b|~|\bish\b"
)
# "Up to the end of Year 6" takes in the year, as "up to Year 6" does.
_END_OF = re.compile(r"\b(?:the )?end of (?:the )?(?=y\d|ks\d|primary|secondary|nursery|infants?|juniors?)")
# "Yr 1 (5) - Yr 6 (11)": the numbers say what the years are meant to be.
_YEARS_AND_AGES = re.compile(r"\by\d{1,2} ?\((\d{1,2})\)\s*(?:-|to)\s*y\d{1,2} ?\((\d{1,2})\)")
# "14 yrs 11 months" is the last month of being 14.
_AND_MONTHS = re.compile(r"(\d) ?(?:yrs?|years?|y)?,? ?(?:and |& )?\b(?:1[01]|\d) ?(?:months?|mths?|m)\b")
_START_AND_MONTHS = re.compile(_AND_MONTHS.pattern + r"(?=\s*(?:-|to\b|until\b|up to\b))")
# Single whole years of a column of its own: "5", "5.0", "17 yrs".
_COLUMN_YEARS = re.compile(r"(?:aged? )?(\d{1,4})(?:\.0+)?\s*(?:yrs?|years?|y/?o|y)?\.?(?: old| of age)?")


def read_ages(raw: pd.Series) -> pd.DataFrame:
    """Ages in one cell: frame with the youngest and oldest age.

    "up to 18" and "until 18th birthday" end at 17; "8+" has no known end; "13-19 (25 SEND)" ends
    at 25; "05-Nov" is "5-11" mangled by a spreadsheet and is sent back.
    """
    return read_each(raw, _read, [LOW, HIGH])


def read_age_columns(age_from: pd.Series, age_to: pd.Series) -> pd.DataFrame:
    """Ages in a column for each end: frame as ``read_ages``. Each end may itself be words.

    A cell of the first column that tells both ends stands for both when the second is blank.
    """
    first, last = read_each(age_from, _read_youngest, [LOW, HIGH]), read_each(age_to, _read_oldest, [HIGH])
    told = last[HIGH].notna()
    last[HIGH] = last[HIGH].astype("object").where(told, first[HIGH].astype("object"))
    both = beside(first.drop(columns=HIGH), last)
    crossed = (both[LOW].astype("float64") > both[HIGH].astype("float64")).fillna(False)
    for line in both.index[crossed]:
        both.loc[line, [LOW, HIGH]] = None
        both.loc[line, TRUST] = [_CROSSED.status.value, _CROSSED.rule, 0.0]
    return both


def explained_by(columns: pd.DataFrame, words: pd.DataFrame) -> pd.DataFrame:
    """Ages of columns as the words beside them explain: "13" and "19" with "13-19 (25 SEND)" end at 25.

    Words that are read with certainty stand, end by end; others only where the columns say nothing.
    """
    blank = columns[RULE].eq(MISSING_RULE)
    is_plain = columns[STATUS].eq(ParseStatus.PARSED) & ~blank
    is_sure = (
        words[STATUS].eq(ParseStatus.PARSED) & words[CONFIDENCE].ge(_SURE) & words[RULE].ne(MISSING_RULE)
    )
    told = columns.where(~blank, words).astype("object")
    for end in (LOW, HIGH):
        told[end] = told[end].where(~(is_plain & is_sure & words[end].notna()), words[end].astype("object"))
    crossed = (told[LOW].astype("float64") > told[HIGH].astype("float64")).fillna(False)
    return told.where(~crossed, columns.astype("object"))


def _refused(rule: str) -> Reading:
    return Reading(rule=rule, confidence=0.0, status=ParseStatus.QUARANTINE)


_CROSSED = _refused("youngest_above_oldest")
_IMPOSSIBLE = _refused("impossible_age")


def _read(raw: str) -> Reading:
    text = even(raw)
    if _MANGLED.fullmatch(text):
        return _refused("spreadsheet_date")
    text = as_marks(_AND_MONTHS.sub(r"\1 years inclusive", _START_AND_MONTHS.sub(r"\1 years", text)))
    text = _YEARS_AND_AGES.sub(r"\1-\2", _END_OF.sub("", _AND_SCHOOL_YEAR.sub(r"\1", text)))
    without = _APART.sub(" ", _NO_AGE.sub(" ", text))
    found = list(find_bands(without))
    if not found:
        return unread()
    bands = [band for _, band in found if band is not None]
    if len(bands) < len(found):
        return unread("unknown_age")
    if any(end is not None and end > OLDEST_PERSON for band in bands for end in (band.low, band.high)):
        return _IMPOSSIBLE
    if any(band.low is not None and band.high is not None and band.low > band.high for band in bands):
        return _CROSSED
    return _with_rest(_together(bands), _rest(without, [match for match, _ in found]), without != text)


def _rest(text: str, matches: Sequence[re.Match[str]]) -> str:
    """What is left of a text when its phrases of ages are taken out."""
    for match in reversed(matches):
        text = text[: match.start()] + " " + text[match.end() :]
    return text


_HARMLESS = re.compile(
    r"\b(?:ages?|aged|for|from|children|child|kids|boys|girls|young people|young person|yp|pupils?|only|and|or|the|in"
    r"|years?|yrs?|old|olds|range|of|to|school|schools?|groups?|all|is|are|with|age group|up)\b|[^\w]"
)


def _with_rest(reading: Reading, rest: str, is_cut: bool) -> Reading:
    """The reading, trusted less when the cell says more than was read."""
    words = _HARMLESS.sub("", rest)
    if re.search(r"\d", words) or _VAGUE.search(rest):
        return Reading(reading.values, reading.rule, min(reading.confidence, 0.5), ParseStatus.PARTIAL)
    confidence = min(reading.confidence, 0.8 if words or is_cut else 1.0)
    return Reading(reading.values, reading.rule, confidence, reading.status)


def _together(bands: Sequence[Band]) -> Reading:
    """Several phrases as one span."""
    extension = max((band.high or 0 for band in bands if band.rule == "send_extension"), default=0)
    told = [band for band in bands if band.rule != "send_extension"]
    if not told:
        # "up to 25 with SEND" alone is the end of a span whose start is not told.
        return _found(Band(None, extension, "send_extension", 0.8))
    # "KS2 (7-11)": the numbers say what the stage is meant to be.
    exact = [band for band in told if band.rule not in {"school_years", "loose_stage", "adults", "all_ages"}]
    # "Year 9-11, college students to 19", "11-16, sixth form to 18": the years of some lie beyond. "Teenagers
    # 11-16" are no more than that.
    years = [band for band in told if band.rule == "school_years"]
    ends = [band.high or 0 for band in years]
    first = max((band.low or 0 for band in exact), default=0)
    last = max((band.high or 0 for band in exact), default=0)
    stays_on = ends and all(band.low is None and (band.high or 0) > max(ends) for band in exact)
    goes_on = exact and any((band.low or 0) > first and (band.high or 0) > last for band in years)
    told = told if stays_on or goes_on else exact or told
    one = _one(told)
    if extension and one.values[HIGH] is not None and extension > one.values[HIGH]:
        values = {LOW: one.values[LOW], HIGH: extension}
        return Reading(values, "send_extension", min(one.confidence, 0.9), one.status)
    return one


def _one(bands: Sequence[Band]) -> Reading:
    if len(bands) == 1:
        return _found(bands[0])
    if outer := _outer(bands):
        # "5-12, over 8s may come alone": the ages within are not whom it is for, but what holds for some.
        return Reading({LOW: outer.low, HIGH: outer.high}, "ages_within", 0.5, ParseStatus.PARTIAL)
    rules = {band.rule for band in bands}
    confidence = min(band.confidence for band in bands)
    opens = [band.low for band in bands if band.high is None and band.low is not None]
    closes = [band.high for band in bands if band.low is None and band.high is not None]
    if len(bands) == 2 and len(opens) == len(closes) == 1:
        # "over 5, under 12" is one span; "under 5s and over 60s" are two ends that do not meet.
        return (
            _found(Band(opens[0], closes[0], "range", 0.9))
            if opens[0] <= closes[0]
            else unread("ends_do_not_meet")
        )
    spans = [band for band in bands if band.low is not None and band.high is not None]
    if spans and closes and not opens and max(closes) > max(span.high or 0 for span in spans):
        # "11-18 (up to 25)": some stay for longer.
        lowest = min(span.low or 0 for span in spans)
        return Reading({LOW: lowest, HIGH: max(closes)}, "some_for_longer", 0.5, ParseStatus.PARTIAL)
    if len(spans) == 1 and opens and not closes and max(opens) < (spans[0].low or 0):
        # "16-25 (14+ by agreement)": some come sooner.
        return Reading({LOW: min(opens), HIGH: spans[0].high}, "some_sooner", 0.5, ParseStatus.PARTIAL)
    low = None if closes else min(band.low for band in bands if band.low is not None)
    high = None if opens else max(band.high for band in bands if band.high is not None)
    if rules == {"school_years"} and not _has_gap(bands):
        return _found(Band(low, high, "school_years", confidence))
    if _has_gap(bands):
        return Reading({LOW: low, HIGH: high}, "bands_with_a_gap", 0.5, ParseStatus.PARTIAL)
    return _found(Band(low, high, "several_bands", min(confidence, 0.8)))


def _outer(bands: Sequence[Band]) -> Band | None:
    """The span within which all other phrases begin an open end; nothing when there is none."""
    for span in bands:
        if span.low is None or span.high is None:
            continue
        others = [band for band in bands if band is not span]
        if all(
            band.high is None and band.low is not None and span.low <= band.low <= span.high
            for band in others
        ):
            return span
    return None


def _has_gap(bands: Sequence[Band]) -> bool:
    """Whether some age between the youngest and the oldest is in no band."""
    reached: float | None = None
    for band in sorted(bands, key=lambda band: -1 if band.low is None else band.low):
        if reached is not None and band.low is not None and band.low > reached + 1:
            return True
        high = float("inf") if band.high is None else band.high
        reached = high if reached is None else max(reached, high)
    return False


def _found(band: Band) -> Reading:
    status = ParseStatus.PARTIAL if band.rule == "loose_stage" else ParseStatus.PARSED
    return Reading({LOW: band.low, HIGH: band.high}, band.rule, band.confidence, status)


def _read_youngest(raw: str) -> Reading:
    text = even(raw)
    if years := _COLUMN_YEARS.fullmatch(text):
        return _column_year(LOW, years[1])
    if text in {"birth", "newborn", "0m"} or re.fullmatch(r"\d{1,2} ?(?:weeks?|wks?)", text):
        return Reading({LOW: 0}, "months")
    if months := re.fullmatch(r"(\d{1,3}) ?(?:months?|mths?|m)", text):
        return Reading({LOW: int(months[1]) // 12}, "months")
    found = _read(raw)
    # A school year where an age belongs is where the ages begin, and says nothing of their end.
    tells_both = found.rule not in {"school_years", "loose_stage", "single_age"}
    return Reading(
        {LOW: found.values.get(LOW), HIGH: found.values.get(HIGH) if tells_both else None},
        found.rule, found.confidence, found.status,
    )  # fmt: skip


def _read_oldest(raw: str) -> Reading:
    text = even(raw)
    if years := _COLUMN_YEARS.fullmatch(text):
        return _column_year(HIGH, years[1])
    if months := re.fullmatch(r"(\d{1,3}) ?(?:months?|mths?|m)", text):
        return Reading({HIGH: int(months[1]) // 12}, "months")
    if birthday := re.fullmatch(r"(\d{1,2})(?:st|nd|rd|th)(?: birth ?day)?", text):
        return Reading({HIGH: int(birthday[1]) - 1}, "birthday")
    # "19 (25 SEND)" is the end of a span: read it as one.
    found = _read(f"0-{raw}") if re.match(r"\d{1,2}\D", text) else _read(raw)
    return Reading({HIGH: found.values.get(HIGH)}, found.rule, found.confidence, found.status)


def _column_year(end: str, digits: str) -> Reading:
    return Reading({end: int(digits)}, "whole_years") if int(digits) <= OLDEST_PERSON else _IMPOSSIBLE
