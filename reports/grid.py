"""A grid of verdicts: one panel for each place, groups of rows, and a word in every cell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from reports.verdicts import style, verdict_of
from reports.words import label, number, sentence
from transforms.schema import Column
from transforms.tables import Coverage, GapTable
from transforms.vocabulary import Verdict

Row = dict[str, Any]
# What every gap table that counts activities calls the pair.
CONFIRMED, POSSIBLE = Coverage.confirmed, Coverage.possible


@dataclass(frozen=True)
class GridCell:
    """One combination: its figure, what more is possible, and the verdict in words."""

    lead: str
    more: str
    words: str
    style: str


@dataclass(frozen=True)
class GridRow:
    """One row of cells."""

    label: str
    cells: list[GridCell]


@dataclass(frozen=True)
class GridGroup:
    """Rows that belong together; without a label where there is one group only."""

    label: str
    rows: list[GridRow]


@dataclass(frozen=True)
class Panel:
    """One grid of several, of which a reader looks at one at a time."""

    label: str
    note: str
    columns: list[str]
    groups: list[GridGroup]
    # The key of each cell as ``squaremile explain`` takes it, in reading order.
    keys: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Axes:
    """Which column of a table's key goes where; ``panel`` and ``group`` may be left out."""

    row: str
    column: str
    panel: str = ""
    group: str = ""


def pair_cell(table: type[GapTable], row: Row) -> GridCell:
    """Confirmed, how many more are possible, and the verdict."""
    names = table.names()
    verdict = _verdict(table, row)
    words, look = (verdict.label, style(verdict)) if verdict else ("", "")
    if CONFIRMED not in names or POSSIBLE not in names:
        return GridCell("", "", words, look)
    more = row[POSSIBLE] - row[CONFIRMED]
    return GridCell(number(row[CONFIRMED]), f"+{number(more)} possible", words, look)


def panels(
    table: type[GapTable],
    frame: pd.DataFrame,
    axes: Axes,
    cell: Callable[[type[GapTable], Row], GridCell] = pair_cell,
) -> list[Panel]:
    """One grid for each value of the panel's column, in the order in which its codes are declared."""
    if not axes.panel:
        return [_panel(table, frame, axes, "", cell)]
    column = table.column(axes.panel)
    return [
        _panel(table, frame[frame[axes.panel].eq(value)], axes, label(column, value), cell)
        for value in values_of(column, frame)
    ]


def values_of(column: Column, frame: pd.DataFrame) -> list[Any]:
    """The values of a column that occur, in the declared order of its codes, else sorted."""
    found = set(frame[column.name].dropna())
    return [code for code in column.allowed if code in found] if column.allowed else sorted(found)


def _panel(
    table: type[GapTable],
    frame: pd.DataFrame,
    axes: Axes,
    name: str,
    cell: Callable[[type[GapTable], Row], GridCell],
) -> Panel:
    over_column, down_column = table.column(axes.column), table.column(axes.row)
    across = values_of(over_column, frame)
    parts = [part for part in (axes.row, axes.column, axes.group) if part]
    found = {tuple(row[part] for part in parts): row for row in frame.to_dict("records")}
    keys = dict(zip(found, table.row_keys(frame), strict=True)) if len(frame) else {}
    groups, shown = [], []
    for group in values_of(table.column(axes.group), frame) if axes.group else [None]:
        rows = []
        for down in values_of(down_column, frame):
            places = [(down, over, group) if axes.group else (down, over) for over in across]
            if all(place in found for place in places):
                rows.append(
                    GridRow(
                        sentence(label(down_column, down)), [cell(table, found[place]) for place in places]
                    )
                )
                shown += [keys[place] for place in places]
        groups.append(GridGroup(label(table.column(axes.group), group) if axes.group else "", rows))
    columns = [sentence(label(over_column, over)) for over in across]
    return Panel(name, gaps_in_words(table, frame), columns, [g for g in groups if g.rows], shown)


def gaps_in_words(table: type[GapTable], frame: pd.DataFrame) -> str:
    """How many rows call for something to be done; blank where the table gives no verdicts."""
    found = verdicts_found(table, frame)
    if not found:
        return ""
    gaps = sum(count for verdict, count in found if verdict.is_gap)
    return f"something to do in {number(gaps)} of {number(len(frame))}"


def verdicts_found(table: type[GapTable], frame: pd.DataFrame) -> Sequence[tuple[Verdict, int]]:
    """How many rows have each verdict that occurs, the worst first."""
    column = table.verdict_column()
    if column is None:
        return []
    found = Counter(frame[column.name])
    return [(verdict, found[verdict]) for verdict in table.verdicts() if found[verdict]]


def _verdict(table: type[GapTable], row: Row) -> Verdict | None:
    column = table.verdict_column()
    return verdict_of(table, row[column.name]) if column else None
