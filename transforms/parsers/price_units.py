"""What a price buys: an hour, a session, a day… as the words beside it say."""

from __future__ import annotations

import re

from transforms.vocabulary import CostUnit

_UNITS = {
    "h": CostUnit.HOUR, "hr": CostUnit.HOUR, "hour": CostUnit.HOUR, "hourly": CostUnit.HOUR, "ph": CostUnit.HOUR,
    "session": CostUnit.SESSION, "sessions": CostUnit.SESSION, "class": CostUnit.SESSION, "lesson": CostUnit.SESSION,
    "visit": CostUnit.SESSION, "time": CostUnit.SESSION, "slot": CostUnit.SESSION, "swim": CostUnit.SESSION,
    "drop-in": CostUnit.SESSION, "workshop": CostUnit.SESSION,
    "day": CostUnit.DAY, "daily": CostUnit.DAY, "d": CostUnit.DAY, "pd": CostUnit.DAY,
    "week": CostUnit.WEEK, "weekly": CostUnit.WEEK, "wk": CostUnit.WEEK, "w": CostUnit.WEEK, "pw": CostUnit.WEEK,
    "year": CostUnit.YEAR, "yearly": CostUnit.YEAR, "annum": CostUnit.YEAR, "annually": CostUnit.YEAR,
    "annual": CostUnit.YEAR, "yr": CostUnit.YEAR, "a": CostUnit.YEAR, "pa": CostUnit.YEAR,
    "hrly": CostUnit.HOUR, "sess": CostUnit.SESSION, "sesh": CostUnit.SESSION, "wkly": CostUnit.WEEK,
}  # fmt: skip
_WHO = (
    r"(?:famil(?:y|ies)|household|child|children|person|head|pupil|kid|young person|participant|player"
    r"|adult|sibling|carer|parent|p)"
)
_WORD = "|".join(sorted(map(re.escape, (u for u in _UNITS if len(u) > 1)), key=len, reverse=True))

# "per child per session": whom it is counted by is no unit, what it buys is.
_NEXT = re.compile(
    rf"\W*(?:(?P<who>(?:per|each|an?|/|p)\s*{_WHO}\b|pp\b|for (?:each )?{_WHO}\b)"
    # "per 2-hour session" buys a session.
    r"|(?:per|an?|each|for (?:an?|each)) (?:\d+(?:\.\d+)?|one|two|three|half)[ -](?:hours?|hrs?|min(?:ute)?s?)"
    r" (?P<long>session|class|lesson|workshop)\b"
    rf"|(?:(?:per|an?|each|every|for (?:the|an?|each|1|one)(?: full| whole)?|for(?= \d))\b"
    rf"|/)\s*(?P<one>(?:full )?[a-z-]+|\d+\S*)"
    rf"|p[./] ?(?P<stroke>hour|hr|day|week|wk|session|year)\b"
    rf"|p[./]? ?(?P<short>h|hr|d|w|wk|a|s)\b\.?"
    rf"|(?P<plain>pcm|pn|drop-in|hourly|daily|weekly|yearly|annually|termly|monthly|pw|ph|pd|pa"
    rf"|session|sessions|hour|hr|day|week|year|full day)\b)"
)
_BEFORE = re.compile(
    rf"(?P<half>half[ -]?)?\b(?P<one>{_WORD})(?: (?:rate|fee|fees|price|cost|charge|ticket|pass"
    rf"|membership))?(?: (?:is|of))?[\s:=-]*$"
)


def unit_of(before: str, after: str) -> tuple[CostUnit, bool]:
    """The unit of a price between two texts, and whether all that they say of it is a unit of ours."""
    at = 0
    while match := _NEXT.match(after, at):
        if match["who"]:
            at = match.end()
            continue
        word = match["long"] or match["one"] or match["stroke"] or match["short"] or match["plain"]
        word = "session" if match["short"] == "s" else word.removeprefix("full ")
        unit = _UNITS.get(word, CostUnit.UNKNOWN)
        return unit, unit is not CostUnit.UNKNOWN
    if match := _BEFORE.search(before):
        unit = CostUnit.UNKNOWN if match["half"] else _UNITS[match["one"]]
        return unit, not match["half"]
    return CostUnit.UNKNOWN, True
