"""Days of a session in words, as RFC 5545 codes, and how often it comes round."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from transforms.vocabulary import Frequency, Weekday

ORDER = [day.value for day in Weekday]
_NAMES = [day.label.casefold() for day in Weekday]
_CODE = {name[:3]: code for name, code in zip(_NAMES, ORDER, strict=True)}

DAY = r"(?:(?:mon|fri|sun)(?:day)?|tue(?:s|sday)?|wed(?:s|nes|nesday)?|thu(?:rs?|rsday)?|sat(?:urday)?)'?s?'?"
MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\b\.?"
)
_JOIN = r"\s*(?:,|&|/|\+|and|or)+\s*"
_DAY_LIST = rf"{DAY}\b\.?(?:{_JOIN}{DAY}\b\.?)*"
_DAY_SPAN = rf"{DAY}\s*(?:-|to)\s*{DAY}\b"
_PART_OF_WEEK = r"(?:w/e(?:nds?)?|(?:week|wk)[ -]?(?:ends?|days?))\b"
_ORDINAL = r"(?:[1-5](?:st|nd|rd|th)|last)"
_GROUPS = {
    r"(?:week|wk)[ -]?days?": ORDER[:5], r"school ?(?:days?|nights?)": ORDER[:5], r"m ?- ?f(?:ri)?": ORDER[:5],
    r"(?:week|wk)[ -]?ends?|w/e(?:nds?)?": ORDER[5:],
    r"daily|every ?day|(?:7|seven) days(?: (?:a|per) week)?|24 ?/ ?7|any (?:day|evening)|all week": ORDER,
}  # fmt: skip
_FOUND = re.compile(
    "|".join(
        [
            rf"(?P<without>\b(?:except(?: for)?|excluding|excl\.?|but not|not|apart from"
            rf"|other than|exc\.?|closed|shut|(?:not|never|no)(?: (?:open|sessions?|clubs?|classes))?)"
            rf" (?:(?:on|at|over) )?(?:the )?(?P<left_out>{_DAY_SPAN}|{_DAY_LIST}|{_PART_OF_WEEK}))",
            rf"(?P<closed>\b(?P<shut>{_DAY_LIST}|{_PART_OF_WEEK})(?: (?:is|are|-))?:? (?:closed|shut)\b)",
            rf"(?P<ordinal>\b(?P<numbers>{_ORDINAL}(?:{_JOIN}{_ORDINAL})*) (?P<of>{_DAY_LIST}"
            rf"|week[ -]?ends?\b))",
            rf"(?P<range>\b(?P<first>{DAY})\b\.?\s*(?:-|to|through|thru|until|til)\s*(?P<last>{DAY})\b\.?)",
            rf"(?P<day>\b{DAY}\b\.?)",
            rf"(?P<group>\b(?:{'|'.join(_GROUPS)})\b)",
        ]
    )
)

# How often. "Every 2nd week" and "fortnightly" are the same; "every 2nd Saturday" may mean either.
_WEEKS = re.compile(
    r"\b(?:(?P<two>fort?nightly|f['/]?nightly|f/n"
    r"|alt\b\.?|(?:once |every |each |per |a )+fortnight|alternate|alternating"
    r"|every other(?! month)"
    r"|bi[- ]?weekly|every second week)|every (?P<n>[2-8])(?:nd|rd|th)? ?(?:weeks?|wks?)"
    r"|(?P<ly>[2-8])[ -]?weekly)\b"
)
_EVERY_NTH_DAY = re.compile(rf"\bevery (?P<n>[2-4])(?:nd|rd|th) (?={DAY}\b)")
_MONTHS = re.compile(
    r"\b(?:every other month|bi-?monthly|every (?P<n>[2-6]) months|(?P<quarter>quarterly))\b"
)
_MONTHLY = re.compile(
    r"\bmonthly\b|/ ?month\b|\b(?:of|in) (?:the|each|every) month\b|\b(?:every|each|once a|one a"
    r"|1 a|an?|per) (?:calendar )?month\b"
)
# Told how often, but not so that a date could be worked out.
_TERM = r"(?:half[ -]?terms?|terms?|year|annum|season|school holidays?)"
_IRREGULAR = re.compile(
    "|".join(
        [
            rf"\b(?:once|twice|thrice|\d{{1,2}})(?: times| (?:\w+ )?(?:sessions?|days?|nights?"
            rf"|weekends?|dates?|events?|trips?)"
            rf"| {DAY})? (?:a|an|per|each|every|in each) {_TERM}\b",
            rf"\b(?:several|some|selected|occasional|odd|various) (?:{DAY}|days?|dates?|weekends?|sessions?)\b",
            rf"\b{DAY} (?:each|every|per|of) (?:the |each |every )?{_TERM}\b",
            rf"(?<!weeks )\bof (?:each|the|every) {_TERM}\b",
            r"\b(?:twice|[2-9](?: times)?) (?:a|per|every) month\b|\btwice monthly\b",
            r"\b(?:half[ -]?)?termly\b|\bannual(?:ly)?\b|\byearly\b|\b(?:one|1)[ -]?off\b"
            r"|\bad[ -]?hoc\b|\birregular(?:ly)?\b",
            # One Saturday, not every Saturday.
            rf"(?<!from )(?<!until )(?<!starting )(?<!beginning )\b{DAY},? (?:the )?\d{{1,2}}(?:st"
            rf"|nd|rd|th)? (?:of )?{MONTH}\b",
        ]
    )
)
_WEEKLY = re.compile(
    r"\bweekly\b|\b(?:once|twice|\d (?:times|days|sessions)) (?:a|per|each) week\b|\b(?:every|each) week\b"
)


@dataclass(frozen=True)
class Days:
    """Days told at one place of a text: RFC 5545 codes, with an ordinal where they count within a month."""

    begin: int
    end: int
    codes: tuple[str, ...]
    takes_away: bool = False


@dataclass(frozen=True)
class Recurrence:
    """How often a session comes round; no frequency where no date can be worked out from it."""

    begin: int
    end: int
    freq: Frequency | None
    interval: int | None
    confidence: float = 1.0


def spell_days(text: str) -> tuple[str, bool]:
    """Folded text with mistyped names of days put right, and whether there were any."""
    mistyped = False

    def put_right(match: re.Match[str]) -> str:
        nonlocal mistyped
        word = match[0]
        stem = word.removesuffix("s")
        if stem in _NAMES or re.fullmatch(DAY, word):
            return word
        nearest = get_close_matches(stem, _NAMES, n=1, cutoff=0.8)
        mistyped = mistyped or bool(nearest)
        return nearest[0] if nearest else word

    return re.sub(r"\b[a-z]{5,11}\b", put_right, text), mistyped


def find_days(text: str) -> Iterator[Days]:
    """Every mention of days in folded text, from left to right."""
    # "Every 3rd Thursday" counts weeks; "every 3rd Thursday of the month" counts within the month.
    every_nth = set() if _MONTHLY.search(text) else {match.end() for match in _EVERY_NTH_DAY.finditer(text)}
    for match in _FOUND.finditer(text):
        if match["ordinal"]:
            is_counted = any(match.start() <= end <= match.end() for end in every_nth)
            codes = _listed(match["of"])
            yield Days(
                match.start(), match.end(), tuple(codes if is_counted else _counted(match["numbers"], codes))
            )
        elif match["range"]:
            yield Days(match.start(), match.end(), tuple(_between(match["first"], match["last"])))
        elif match["without"] or match["closed"]:
            codes = _listed(match["left_out"] or match["shut"])
            yield Days(match.start(), match.end(), tuple(codes), takes_away=True)
        elif match["group"]:
            yield Days(match.start(), match.end(), tuple(_group(match["group"])))
        else:
            yield Days(match.start(), match.end(), (_CODE[match["day"][:3]],))


def _group(words: str) -> Sequence[str]:
    return next(codes for pattern, codes in _GROUPS.items() if re.fullmatch(pattern, words))


def _listed(words: str) -> list[str]:
    if span := re.fullmatch(rf"({DAY})\s*(?:-|to)\s*({DAY})", words):
        return _between(span[1], span[2])
    if words.startswith("w") and "wed" not in words:
        return ORDER[:5] if "day" in words else ORDER[5:]
    return [_CODE[day[:3]] for day in re.findall(rf"\b{DAY}\b", words)]


def _counted(numbers: str, codes: Sequence[str]) -> list[str]:
    ordinals = ["-1" if n == "last" else n[0] for n in re.findall(_ORDINAL, numbers)]
    return [f"{ordinal}{code}" for ordinal in ordinals for code in codes]


def _between(first: str, last: str) -> list[str]:
    start, stop = ORDER.index(_CODE[first[:3]]), ORDER.index(_CODE[last[:3]])
    return ORDER[start : stop + 1] if start <= stop else ORDER[start:] + ORDER[: stop + 1]


def in_order(codes: Sequence[str]) -> str | None:
    """Day codes as RFC 5545 writes a list of them: each once, in the order of the month and the week."""

    def place(code: str) -> tuple[int, int]:
        ordinal = int(code[:-2] or 0)
        return (9 if ordinal < 0 else ordinal, ORDER.index(code[-2:]))

    return ",".join(sorted(set(codes), key=place)) or None


def find_recurrences(text: str) -> Iterator[Recurrence]:
    """Every phrase that says how often, from left to right."""
    for match in _IRREGULAR.finditer(text):
        yield Recurrence(match.start(), match.end(), None, None, 0.5)
    text = _IRREGULAR.sub(lambda m: " " * len(m[0]), text)
    for match in _MONTHS.finditer(text):
        interval = 3 if match["quarter"] else int(match["n"] or 2)
        yield Recurrence(match.start(), match.end(), Frequency.MONTHLY, interval)
    text = _MONTHS.sub(lambda m: " " * len(m[0]), text)
    for match in _MONTHLY.finditer(text):
        yield Recurrence(match.start(), match.end(), Frequency.MONTHLY, 1)
    for match in _WEEKS.finditer(text):
        yield Recurrence(
            match.start(), match.end(), Frequency.WEEKLY, 2 if match["two"] else int(match["n"] or match["ly"]),
            0.8 if match[0].startswith("bi") else 1.0,
        )  # fmt: skip
    if not _MONTHLY.search(text):
        for match in _EVERY_NTH_DAY.finditer(text):
            yield Recurrence(match.start(), match.end(), Frequency.WEEKLY, int(match["n"]), 0.6)
    for match in _WEEKLY.finditer(text):
        yield Recurrence(match.start(), match.end(), Frequency.WEEKLY, 1)
