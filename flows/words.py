"""Values as a reader sees them in the terminal: codes in words, days as people write them, no control characters."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.text import Text

from flows.outputs import SAMPLE_VALUE
from flows.snapshot import Snapshot
from transforms.schema import Column, Kind


def plain(value: object) -> str:
    """A value of a roster as one line of safe text: no control characters, no line breaks."""
    text = "".join(c if c.isprintable() else " " for c in str(value))
    return " ".join(text.split())


def known(value: object) -> bool:
    """Whether a cell says anything."""
    return bool(pd.notna(value)) and value != ""


def words_of(column: Column, value: object) -> str:
    """A value of a declared column in words: the label of a code, a day, a number without noughts."""
    if not known(value):
        return "not known"
    if column.values and str(value) in column.allowed:
        return str(getattr(column.values(str(value)), "label", value))
    if column.kind is Kind.DATE:
        return day(value)
    return f"{value:g}" if isinstance(value, float) else plain(value)


def day(value: object) -> str:
    """A date as people write it."""
    date = pd.Timestamp(str(value))
    return f"{date.day} {date:%B %Y}"


def sample_mark(console: Console, snapshot: Snapshot) -> None:
    """Say first that a snapshot is a sample, where it is."""
    if snapshot.is_sample:
        mark = (" SAMPLE ", "bold black on yellow")
        console.print(Text.assemble(mark, f" {SAMPLE_VALUE}, real postcodes: not fact."))
