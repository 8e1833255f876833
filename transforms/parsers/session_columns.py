"""Sessions from layouts of several columns: parallel lists, and a column for each day of the week."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import zip_longest

import pandas as pd

from transforms.parsers.periods import find_periods, without_bank_holidays
from transforms.parsers.reading import fold, is_blank
from transforms.parsers.schedules import read_schedule
from transforms.parsers.session_days import find_days, find_recurrences, spell_days
from transforms.parsers.session_words import even
from transforms.parsers.synonyms import Phrases
from transforms.separator import LIST_SEPARATOR
from transforms.vocabulary import Frequency, Weekday

# What a sentence would say of a session whose rhythm nobody tells.
_NOT_TOLD = "irregular"


def read_schedule_columns(
    days: pd.Series, opens: pd.Series, closes: pd.Series, freqs: pd.Series, intervals: pd.Series,
    notes: pd.Series, periods: Phrases,
) -> pd.DataFrame:  # fmt: skip
    """Sessions in columns of parallel lists (Open Referral's byday, opens_at, closes_at, freq, interval).

    Of the notes only the season and a remark such as "one-off" are read: their days and times repeat.
    """
    columns = [series.fillna("") for series in (days, opens, closes, freqs, intervals, notes)]
    rows = [
        LIST_SEPARATOR.join(
            _in_words(day, start, end, freq, every, note, periods)
            for day, start, end, freq, every, note in zip_longest(
                *(cell.split(LIST_SEPARATOR) for cell in cells), fillvalue=""
            )
        )
        for cells in zip(*columns, strict=True)
    ]
    return read_schedule(pd.Series(rows, index=days.index, dtype="str"), periods)


def _in_words(
    day: str, opens: str, closes: str, freq: str, interval: str, note: str, periods: Phrases
) -> str:
    every = {"1": "", "": ""}.get(
        interval, f"every {interval} {'months' if fold(freq) == 'monthly' else 'weeks'}"
    )
    is_placed = bool(day or opens or closes)
    # Weekly goes without saying once there is a day or a time.
    rhythm = fold(freq) if not every and (fold(freq) == "monthly" or not is_placed) else ""
    parts = [day, _times_in_words(opens, closes), every, rhythm, remarks(note, periods)]
    # A day of its column without a frequency beside it is not told to be weekly, as "Saturdays" in a sentence is.
    is_told = freq or every or rhythm_in(note) or not is_placed
    return " ".join(part for part in [*parts, "" if is_told else _NOT_TOLD] if part)


def _times_in_words(opens: str, closes: str) -> str:
    if opens and closes:
        return f"{opens}-{closes}"
    return f"from {opens}" if opens else f"until {closes}" if closes else ""


def remarks(note: str, periods: Phrases) -> str:
    """The words of a note that say when in the year and how often."""
    text = even(note)
    found, _ = find_periods(without_bank_holidays(text), periods)
    return " ".join([*(text[begin:end] for begin, end, _ in found), rhythm_in(note)]).strip()


def rhythm_in(note: str) -> str:
    """How often a note says a session is on, in plain words; nothing when it is silent or weekly."""
    for found in find_recurrences(even(note)):
        if found.freq is None:
            return _NOT_TOLD
        if found.freq is Frequency.MONTHLY or found.interval != 1:
            unit = "months" if found.freq is Frequency.MONTHLY else "weeks"
            return "monthly" if found.interval == 1 else f"every {found.interval} {unit}"
    return ""


def read_schedule_by_day(day_columns: Sequence[pd.Series], periods: Phrases) -> pd.DataFrame:
    """Sessions in a column for each day of the week, Monday first; a cell holds that day's times."""
    labelled = [
        column.fillna("").map(lambda cell, day=day: _for_day(day, cell))
        for day, column in zip(Weekday, day_columns, strict=True)
    ]
    joined = [LIST_SEPARATOR.join(cell for cell in cells if cell) for cells in zip(*labelled, strict=True)]
    return read_schedule(pd.Series(joined, index=day_columns[0].index, dtype="str"), periods)


def _for_day(day: Weekday, cell: str) -> str:
    if is_blank(cell):
        return ""
    named = any(True for _ in find_days(spell_days(even(cell))[0]))
    return cell if named else f"{day.label} {cell}"
