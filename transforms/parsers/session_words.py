"""A schedule's words made even, before days and times are looked for."""

from __future__ import annotations

import re

from transforms.parsers.reading import fold
from transforms.parsers.session_days import DAY
from transforms.parsers.session_times import find_times
from transforms.parsers.spelled import cardinals_as_figures, ordinals_as_figures
from transforms.vocabulary import Weekday

_SHORT = "Mo|Tu|Th|Fr|Sa|Su|MO|TU|WE|TH|FR|SA|SU"
_SHORT_DAY = re.compile(rf"(?<![\w'’])([+-]?[1-5])?({_SHORT}|We(?=\s*[,/&–-]|\s+\d))(?![\w'’])")
# "M/W/F", "T/Th"; "M/F" and "F/T" mean other things.
_INITIAL_OF = {"M": "MO", "T": "TU", "Tu": "TU", "W": "WE", "Th": "TH", "F": "FR", "Sa": "SA", "Su": "SU"}
_INITIAL = "(?:Tu|Th|Sa|Su|[MTWF])"
_INITIALS = re.compile(rf"(?<![\w/])(?!(?:M/F|F/M|F/T|T/F|T/T)(?![\w/])){_INITIAL}(?:/{_INITIAL})+(?![\w/])")
# "Quarter past 4", "half 6", "quarter to 5".
_PAST, _HALF = re.compile(r"\bquarter past (\d{1,2})\b"), re.compile(r"\bhalf (\d{1,2})\b(?! ?term)")
_TO_THE_HOUR = re.compile(r"\bquarter to ([2-9]|1[0-2])\b")
# Initials without a stroke.
_JOINED_INITIALS = {"MWF": "M/W/F", "TTh": "T/Th", "MTWThF": "M/T/W/Th/F", "MTWTF": "M/T/W/Th/F"}
_JOINED = re.compile(rf"(?<!\w)(?:{'|'.join(_JOINED_INITIALS)})(?!\w)")
# "M-Th": the Monday of a range.
_FROM_MONDAY = re.compile(r"(?<![\w/'’])M(?=\s?[-–]\s?(?:Tu|We|Th|Sa|Su)[a-z]*\b)")
_ENDINGS = {"1": "st", "2": "nd", "3": "rd"}
# "Wk 1 & 3 Sat", "Sat/10-12".
_WEEKS_OF_MONTH = re.compile(rf"\b(?:wks?|weeks?) [1-4](?:\s*(?:&|,|/|and)\s*[1-4])* (?={DAY}\b)")
_DAY_STROKE = re.compile(rf"\b({DAY})/(?=\d)")
_NAME_OF = {day.value: day.label.casefold() for day in Weekday}
# "Tues5-6pm".
_RUN_ON = re.compile(rf"\b({DAY})(?=\d)")
# "At 10, 11 and 12", "4pm, 5pm and 6pm": each is a start, and no two of them a span.
_CLOCK = r"(?<![\d.:])\d{1,2}(?:[.:]\d\d)?(?: ?[ap]\.?m\b)?"
_STARTS = re.compile(
    rf"(?:\bat {_CLOCK}(?:\s*,\s*{_CLOCK})*"
    rf"|(?<![-\d.:£])(?<!- )(?<!to )(?<!until )\b\d{{1,2}}(?:[.:]\d\d)? ?[ap]m(?:\s*,\s*{_CLOCK})+),?\s*(?:and|&)\s*"
    rf"(?:at )?{_CLOCK}(?![\d.:]|\s*(?:-|to\b|until\b|till\b))"
)
# "Thurs 5pm-9am Fri" is "Thurs 5pm - Fri 9am".
_INTO_NEXT_DAY = re.compile(
    rf"\b(?P<a>{DAY})\b\.?[:,]? ?\(?(?:from )?(?P<opens>\d{{1,2}}(?:[.:]\d\d)? ?pm)\s*(?:-|to|until|till)\s*"
    rf"(?P<closes>\d{{1,2}}(?:[.:]\d\d)? ?am),? (?:on )?(?P<b>{DAY})\b\)?(?! ?\d)"
)
_SAME_TIME = re.compile(r"\b(?:at )?(?:the )?same (?:times?|hours?)\b|\bditto\b", re.IGNORECASE)


def even(raw: str) -> str:
    """Folded text with numbers as figures and day codes as names."""
    raw = _FROM_MONDAY.sub("Mon", _JOINED.sub(lambda m: _JOINED_INITIALS[m[0]], raw))
    named = _SHORT_DAY.sub(_day_name, _INITIALS.sub(_named_initials, raw))
    text = ordinals_as_figures(cardinals_as_figures(fold(named)))
    text = _PAST.sub(r"\1.15", _HALF.sub(r"\1.30", _TO_THE_HOUR.sub(lambda m: f"{int(m[1]) - 1}.45", text)))
    text = _DAY_STROKE.sub(r"\1 / ", _WEEKS_OF_MONTH.sub(_as_ordinals, _RUN_ON.sub(r"\1 ", text)))
    text = _STARTS.sub(lambda m: ", ".join(f"at {time}" for time in re.findall(_CLOCK, m[0])), text)
    return _INTO_NEXT_DAY.sub(r"\g<a> \g<opens> - \g<b> \g<closes>", text)


def with_times_repeated(raw: str) -> str:
    """A cell with "same time" told as the times that stand before it: "Mon 4-5pm, Thurs same time"."""
    while match := _SAME_TIME.search(raw):
        before = even(raw[: match.start()])
        told = list(find_times(before))
        if not told:
            break
        last = max(told, key=lambda times: times.begin)
        raw = f"{raw[: match.start()]}{before[last.begin : last.end]}{raw[match.end() :]}"
    return raw


def _as_ordinals(match: re.Match[str]) -> str:
    return " & ".join(f"{n}{_ENDINGS.get(n, 'th')}" for n in re.findall(r"\d", match[0])) + " "


def _named_initials(match: re.Match[str]) -> str:
    return "/".join(_INITIAL_OF[initial] for initial in match[0].split("/"))


def _day_name(match: re.Match[str]) -> str:
    name = _NAME_OF[match[2].upper()]
    if not match[1]:
        return name
    ordinal = match[1].lstrip("+")
    return f"last {name}" if ordinal.startswith("-") else f"{ordinal}{_ENDINGS.get(ordinal, 'th')} {name}"
