"""Phrases that tell ages, found from left to right: spans, open ends, extensions, school years."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil, floor

from transforms.parsers.school_years import BEFORE_SCHOOL, LOOSE_STAGES, STAGES, ages_of
from transforms.vocabulary import OLDEST_AGE


@dataclass(frozen=True)
class Band:
    """Ages that one phrase tells; a missing end is open."""

    low: int | None
    high: int | None
    rule: str
    confidence: float = 1.0


# One age: a number with its unit, a birthday, or a school year as ``school_years.as_marks`` writes it.
_YEARS = r"(?:[ -]?(?:years?|yrs?|y/?o|y)\b(?:[ -]?olds?| of age)?)"
_MONTHS = r"(?:[ -]?(?:months?|mths?|mos|m)\b(?:[ -]olds?| of age)?)"
_WEEKS = r"(?:[ -]?(?:weeks?|wks?)\b(?:[ -]olds?| of age)?)"
_STAGE = "|".join(sorted(map(re.escape, [*STAGES, *LOOSE_STAGES]), key=len, reverse=True))
_NUMBER = rf"(?<![\d.£])\d{{1,3}}(?:\.\d{{1,2}})?(?![\d.]*\d)(?:{_YEARS}|{_MONTHS}|{_WEEKS})?(?:'?s\b)?"
_BIRTHDAY = r"\d{1,2}(?:st|nd|rd|th)(?: birth ?days?)?"
_LEAD = r"(?:(?:the )?(?:ages? of|aged?|ages?) )?(?:(?:the|their|your|a child's) )?"
_POINT = (
    rf"{_LEAD}"
    rf"(?:y\d{{1,2}}\b|birth\b|newborns?\b|(?:{_STAGE})\b(?:[ -](?:schools?|age|aged))*|{_BIRTHDAY}|{_NUMBER})"
)
_TO = (
    r"\s*(?P<to>-|to under|and under|but under|-\s*under|up until|up to|until|till|through to|through"
    r"|thru|to)(?:\s*(?:they|you) (?:turn|reach|are)\b)?\s*"
)
# Some write them of the last year, some of the birthday that ends it.
_EITHER_WAY = ("until", "till", "up")
_DISABILITY = (
    r"(?:send\b|sen\b|ehcp?s?\b|ehc plans?|additional needs|special needs|disabilit\w+|disabled|ldd\b|lldd\b"
    r"|learning difficult\w+|learning disabilit\w+|complex needs)"
)
_LINK = (
    r"(?:\s*(?:-|,|:|for|with|w/|if|where|those|young people|yp|children|they|you|have|has|having|who|an"
    r"|a|or|in|\()\s*)*\s*"
)

# "Year 7 up", and not "5 up to 11".
_AND_UP = r"\s*(?:and |& |or )?(?:up(?:wards?)?|onwards?)\b(?! ?(?:to|until|till)\b)"

_THOSE = r"(?:(?:children|those|anyone|babies|young people)(?: who are)? )?(?:aged )?"

_PHRASES = re.compile(
    "|".join(
        [
            rf"(?P<between>between\s+(?:the )?(?:ages (?:of )?)?(?P<b1>{_POINT})\s+(?:and"
            rf"|&)\s+(?P<b2>{_POINT}))",
            rf"(?P<span>(?:from )?(?P<s1>{_POINT}){_TO}(?P<s2>{_POINT})"
            rf"(?P<more>\s?\+|{_AND_UP})?(?P<included>\s*\(?incl(?:usive"
            rf"|\.)?\b\)?)?)",
            rf"(?P<extension>(?:up )?(?:to )?(?:age )?(?P<e1>\d{{2}})(?:{_YEARS})?{_LINK}{_DISABILITY}"
            rf"|{_DISABILITY}{_LINK}(?:(?:up )?to |until )?(?:age )?(?P<e2>\d{{2}})(?:{_YEARS})?)",
            rf"(?P<not_under>\b(?:no|not|excluding|(?:not|un) ?(?:suitable "
            rf"|open )?for) {_THOSE}under[ -]?(?P<nu>{_POINT})"
            rf"|\bunder[ -]?(?P<un>{_POINT})(?: are| is)? not (?:admitted|allowed|accepted|suitable|permitted"
            r"|taken|catered))",
            rf"(?P<not_over>\b(?:no|not|excluding|(?:not|un) ?(?:suitable |open )?for) {_THOSE}(?:over"
            rf"|older than)[ -]?(?P<no>{_POINT}))",
            rf"(?P<above>(?P<a1>{_POINT})\s*(?:\+(?! ?(?:ks|y)?\d)(?:{_YEARS})?|(?:and|&|or) (?:over|above"
            rf"|up(?:wards?)?|older|onwards?)\b"
            r"|plus\b|upwards?\b|onwards?\b|up\b(?! ?(?:to|until|till)\b)|minimum\b)"
            rf"|(?:from|min(?:imum)?(?: age)?(?: of| is|:)?|at least|starting (?:at|from)|≥|>=) ?(?P<a2>{_POINT})"
            r"|post[ -]?(?P<a3>1[689]))",
            rf"(?P<over>(?:\bover(?: the age of)?|\bolder than|>)[ -]?(?P<o1>{_POINT}))",
            rf"(?P<at_most>(?P<m1>{_POINT}) (?:(?:and|&|or) (?:under|below|younger)|max(?:imum)?)\b"
            rf"|(?:max(?:imum)?(?: age)?(?: of| is|:)?|no older than|up to and including|≤|<=) ?(?P<m2>{_POINT}))",
            rf"(?P<below>(?:\bunder(?: the age of)?|\bbelow|\bless than|\byounger than"
            rf"|\bup to(?: the age of)?|\buntil|\btill"
            rf"|\bbefore|<)[ -]?(?:(?:they|you) (?:turn|are"
            rf"|reach) )?(?P<u1>{_POINT})(?P<up_included> incl(?:usive|\.)?)?"
            r"|\bu-?(?P<u2>\d{1,2})'?s?\b)",
            r"(?P<all>\ball ages\b|\bany age\b|\bevery age\b|\bno age (?:limits?|restrictions?)\b"
            r"|\beveryone\b|^(?:all|any)$)",
            r"(?P<adults>\badults?\b)",
            rf"(?P<stage>\by\d{{1,2}}\b|\b(?:{_STAGE})\b(?:[ -](?:schools?|age|aged))*)",
            rf"(?P<single>\b(?:aged?|ages) \d{{1,2}}(?:{_YEARS})?(?!\d)"
            r"|(?<![\d.])\d{1,2}(?:[ -]?(?:years?|yrs?|y/?o)(?:[ -]?olds?| of age)|'?s\b| ?y/?os?\b))",
        ]
    )
)  # fmt: skip


def find_bands(text: str) -> Iterator[tuple[re.Match[str], Band | None]]:
    """Every phrase of ages in text and what it tells; None when it names an age that cannot be."""
    for match in _PHRASES.finditer(text):
        yield match, _READERS[str(_kind(match))](match)


def _kind(match: re.Match[str]) -> str:
    return next(name for name in _READERS if match[name] is not None)


@dataclass(frozen=True)
class _Point:
    """One age as exact years; for a school year its youngest and oldest whole age."""

    low: float
    high: float
    unit: str = "years"
    is_birthday: bool = False


def _point(text: str) -> _Point | None:
    bare = re.sub(rf"^{_LEAD}", "", text)
    bare = re.sub(r"(?<=[a-z])[ -](?:schools?|age|aged)\b", "", bare) if bare not in LOOSE_STAGES else bare
    if bare.startswith(("birth", "newborn")):
        return _Point(0, 0)
    if ages := ages_of(bare):
        return _Point(*ages, unit="school" if bare not in LOOSE_STAGES else "loose")
    if not (number := re.match(r"\d+(?:\.\d+)?", bare)):
        return None
    rest = bare[number.end() :].lstrip(" -")
    years = float(number[0])
    if rest.startswith("m"):
        return _Point(years / 12, years / 12, unit="months")
    if rest.startswith("w"):
        return _Point(years / 52, years / 52, unit="weeks")
    is_birthday = rest.startswith(("st", "nd", "rd", "th"))
    return _Point(years, years, unit="years" if rest and not is_birthday else "", is_birthday=is_birthday)


def _span(match: re.Match[str]) -> Band | None:
    first, last = _point(match["s1"]), _point(match["s2"])
    if first is None or last is None:
        return None
    if last.unit in {"months", "weeks"} and not first.unit:
        share = 12 if last.unit == "months" else 52
        first = _Point(first.low / share, first.high / share, last.unit)
    connector = match["to"]
    ends_before = not match["included"] and (
        last.is_birthday or connector.startswith(("until", "up")) or connector.endswith("under")
    )
    if last.unit == "loose" and "school age" in match["s2"] and first.high < BEFORE_SCHOOL:
        return Band(floor(first.low), BEFORE_SCHOOL, *_trust("range", first, last))
    is_exact = last.unit not in {"school", "loose"}
    high = ceil(last.high) - 1 if ends_before and is_exact else floor(last.high)
    rule, confidence = _trust("range", first, last)
    if connector.startswith(_EITHER_WAY) and not (last.is_birthday or match["included"]):
        confidence = min(confidence, 0.9)
    return Band(floor(first.low), None if match["more"] else high, rule, confidence)


def _between(match: re.Match[str]) -> Band | None:
    first, last = _point(match["b1"]), _point(match["b2"])
    if first is None or last is None:
        return None
    return Band(floor(first.low), floor(last.high), *_trust("range", first, last))


def _trust(rule: str, *points: _Point) -> tuple[str, float]:
    units = {point.unit for point in points}
    if "loose" in units:
        return "loose_stage", 0.6
    if "school" in units:
        return "school_years", 0.9
    if units & {"months", "weeks"}:
        return "months", 0.9
    return rule, 1.0


def _above(match: re.Match[str]) -> Band | None:
    return _from(match["a1"] or match["a2"] or match["a3"], "open_above")


def _not_under(match: re.Match[str]) -> Band | None:
    return _from(match["nu"] or match["un"], "open_above")


def _from(text: str, rule: str, most: float = 1.0) -> Band | None:
    if (point := _point(text)) is None:
        return None
    rule, confidence = _trust(rule, point)
    return Band(floor(point.low), None, rule, min(confidence, most))


def _over(match: re.Match[str]) -> Band | None:
    # Who has turned 16 is over 16, as in "over 18s"; some write it of those who have turned 17.
    return _from(match["o1"], "older_than", 0.8)


def _at_most(match: re.Match[str]) -> Band | None:
    return _to(match["m1"] or match["m2"])


def _not_over(match: re.Match[str]) -> Band | None:
    return _to(match["no"])


def _to(text: str) -> Band | None:
    point = _point(text)
    return None if point is None else Band(None, floor(point.high), *_trust("at_most", point))


def _below(match: re.Match[str]) -> Band | None:
    point = _point(match["u1"] or match["u2"])
    if point is None:
        return None
    is_whole = bool(match["up_included"]) or (
        point.unit in {"school", "loose"} and not match[0].startswith(("under", "below"))
    )
    high = floor(point.high) if is_whole else ceil(point.low) - 1
    # Nobody is younger than nought.
    return Band(None, high, *_trust("up_to", point)) if high >= 0 else None


def _extension(match: re.Match[str]) -> Band:
    return Band(None, int(match["e1"] or match["e2"]), "send_extension", 0.9)


def _stage(match: re.Match[str]) -> Band | None:
    point = _point(match[0])
    if point is None:
        return None
    return Band(int(point.low), int(point.high), *_trust("school_years", point))


def _single(match: re.Match[str]) -> Band:
    age = int(re.findall(r"\d+", match[0])[0])
    return Band(age, age, "single_age", 0.8)


_READERS = {
    "between": _between,
    "span": _span,
    "extension": _extension,
    "not_under": _not_under,
    "not_over": _not_over,
    "above": _above,
    "over": _over,
    "at_most": _at_most,
    "below": _below,
    "all": lambda _: Band(0, OLDEST_AGE, "all_ages", 0.9),
    "adults": lambda _: Band(18, None, "adults", 0.8),
    "stage": _stage,
    "single": _single,
}
