"""Reading every field of a roster's lines, with the problems found on the way."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from transforms.issues import Problem
from transforms.normalise.fields import FIELDS, Field, parser_for, synonyms_for
from transforms.parsers.reading import MISSING_RULE, RULE, STATUS
from transforms.parsers.synonyms import Synonyms
from transforms.source_spec import Roster
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import ParseStatus, Severity

# What to tell the officer, by the rule that gave up.
_WORDS = {
    "spreadsheet_date": (
        "“{raw}” is a date where ages belong: a spreadsheet has probably changed “5-11” or the like.",
        "Type the ages again in a cell formatted as text.",
    ),
    "youngest_above_oldest": (
        "“{raw}” gives a youngest age above the oldest.",
        "Correct the ages.",
    ),
    "impossible_age": ("“{raw}” is an age that nobody has.", "Correct the ages."),
    "impossible_date": (
        "“{raw}” is not a date in the agreed form.",
        "Type the date as in {form}.",
    ),
    "serial_number": (
        "“{raw}” is a number where a date belongs: a spreadsheet's count of days, from 1900 or from 1904.",
        "Type the date as in {form}, in a cell formatted as text.",
    ),
    "contradictory_date": (
        "“{raw}” names a day of the week that the date does not fall on.",
        "Correct the day or the date.",
    ),
    "no_known_phrase": ("“{raw}” is not an answer we know.", "Use one of the agreed answers."),
    "contradictory_phrases": ("“{raw}” says two things at once.", "Give one answer."),
}
_OTHER_WORDS = ("“{raw}” could not be read; it is taken as not known.", "Write it in a plainer form.")


@dataclass
class Readings:
    """What was read of each field, on the index of the lines, and the problems."""

    lines: pd.DataFrame
    of: dict[str, pd.DataFrame] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def read_lines(
    lines: pd.DataFrame, roster: Roster, synonyms: Synonyms, heading_of: Mapping[str, str]
) -> Readings:
    """Read every field that the lines fill."""
    own = synonyms_for(roster, synonyms)
    result = Readings(lines)
    for item in FIELDS:
        reading = parser_for(item, roster, lines)(lines, own, roster)
        result.of[item.name] = reading
        result.problems += _problems(item, reading, lines, roster, heading_of)
    return result


def _problems(
    item: Field, reading: pd.DataFrame, lines: pd.DataFrame, roster: Roster, heading_of: Mapping[str, str]
) -> list[Problem]:
    bad = reading[STATUS].isin([ParseStatus.UNPARSED, ParseStatus.QUARANTINE]) & reading[RULE].ne(
        MISSING_RULE
    )
    found = []
    for index in reading.index[bad]:
        line = lines.loc[index]
        column = next((c for c in item.columns if pd.notna(line[c])), item.columns[0])
        raw = " ".join(str(line[c]) for c in item.columns if pd.notna(line[c]))
        words, advice = what_to_say(reading.at[index, RULE], raw, roster)
        is_aside = reading.at[index, STATUS] == ParseStatus.QUARANTINE
        found.append(
            Problem(
                f"{item.name}_{reading.at[index, RULE]}",
                Severity.QUARANTINE if is_aside else item.when_unread,
                words,
                advice,
                line[L.file],
                line[L.part] if pd.notna(line[L.part]) else "",
                int(line[L.physical_row]),
                heading_of.get(column, column),
                raw,
            )
        )
    return found


def what_to_say(rule: str, raw: str, roster: Roster) -> tuple[str, str]:
    """What is wrong with a value that a rule gave up on, and what mends it."""
    words, advice = _WORDS.get(rule, _OTHER_WORDS)
    return words.format(raw=raw), advice.format(form=_date_form(roster))


def _date_form(roster: Roster) -> str:
    return pd.Timestamp("2026-11-23").strftime(roster.date_format)
