"""Columns by single year of age: confirmed solid, possible pale above it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

WIDTH, HEIGHT = 1000, 300
_LEFT, _TOP, _FOOT = 44, 66, 34
_FILL = 0.72  # how much of its room a column takes
_TICKS = (1, 2, 5, 10, 20, 25, 50, 100, 200, 250, 500, 1000)
_MOST_LINES = 5


@dataclass(frozen=True)
class Column:
    """One year of age."""

    age: int
    confirmed: int
    possible: int
    x: float
    middle: float
    confirmed_y: float
    possible_y: float


@dataclass(frozen=True)
class Mark:
    """One change in a young life, as a line across the columns."""

    x: float
    words: str
    y: float


@dataclass(frozen=True)
class AgeColumns:
    """Everything the drawing needs."""

    width: int
    height: int
    left: float
    floor: float
    bar: float
    columns: list[Column]
    lines: list[tuple[int, float]]
    marks: list[Mark]


def age_columns(ages: pd.DataFrame, changes: Mapping[int, str]) -> AgeColumns:
    """Columns for a frame of age, confirmed and possible; ``changes`` are marked before the age at which they come."""
    floor = HEIGHT - _FOOT
    room = (WIDTH - _LEFT) / len(ages)
    top = max(int(ages["possible"].max()), 1)
    scale = (floor - _TOP) / top
    bar = room * _FILL

    def height_of(count: int) -> float:
        return round(floor - count * scale, 1)

    columns = [
        Column(
            age, confirmed, possible,
            round(_LEFT + place * room + (room - bar) / 2, 1), round(_LEFT + (place + 0.5) * room, 1),
            height_of(confirmed), height_of(possible),
        )
        for place, (age, confirmed, possible) in enumerate(ages.itertuples(index=False, name=None))
    ]  # fmt: skip
    step = next((tick for tick in _TICKS if top / tick <= _MOST_LINES), top)
    lines = [(count, height_of(count)) for count in range(0, top + 1, step)]
    first = int(ages["age"].iloc[0])
    # Words of neighbouring marks stand on two levels, so that they do not run into one another.
    marks = [
        Mark(round(_LEFT + (age - first) * room, 1), words, 18.0 if place % 2 == 0 else 38.0)
        for place, (age, words) in enumerate(sorted(changes.items()))
    ]
    return AgeColumns(WIDTH, HEIGHT, _LEFT, floor, round(bar, 1), columns, lines, marks)
