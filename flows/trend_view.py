"""How a trend looks in the terminal: the dates on which something moved, before and after, and a spark line."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from flows.circumstances import circumstances
from flows.history import STAMPS
from flows.snapshot import Snapshot
from flows.words import day, known, plain, words_of
from transforms.schema import Column, Kind, Table
from transforms.vocabulary import Verdict

_BARS = "▁▂▃▄▅▆▇█"
_NOTHING = "·"
_MOST_BARS, _MOST_COLUMNS, _MOST_DATES = 60, 6, 60
_FIGURES = (Kind.WHOLE, Kind.NUMBER)


def print_trend(
    console: Console,
    table: type[Table],
    rows: pd.DataFrame,
    snapshots: Sequence[Snapshot],
    columns: list[Column],
) -> None:
    """``rows`` has one row a snapshot, blank where the snapshot has no such row."""
    shown = columns[:_MOST_COLUMNS]
    if console.is_terminal:
        _print_sparks(console, rows, [column for column in shown if column.kind in _FIGURES])
    moved = _moved(rows, shown)
    dates = [n for n in range(len(rows)) if n in (0, len(rows) - 1) or moved[n]]
    grid = Grid(header_style="bold")
    for heading in ("As at", *(c.name for c in shown), "Also that night"):
        grid.add_column(heading, overflow="fold")
    # The newest dates are those that are asked about first.
    for number in dates[-_MOST_DATES:]:
        now = rows.iloc[number]
        was = rows.iloc[number - 1] if number else None
        besides = circumstances(*snapshots[number - 1 : number + 1]) if moved[number] else []
        cells = [_cell(column, was, now) for column in shown]
        grid.add_row(day(now[STAMPS[0]]), *cells, plain("; ".join(besides)))
    console.print(grid)
    if len(dates) > _MOST_DATES:
        console.print(
            f"The last {_MOST_DATES} of {len(dates):,} changes; --csv FILE writes every date.", style="dim"
        )
    still = len(rows) - len(dates)
    if still:
        console.print(f"On the other {still:,} date{'s' * (still > 1)} nothing of this moved.", style="dim")
    if left := columns[_MOST_COLUMNS:]:
        console.print(f"Also moved: {', '.join(c.name for c in left)}; see one with --column.", style="dim")


def _moved(rows: pd.DataFrame, columns: list[Column]) -> list[bool]:
    """Whether anything shown differs from the date before; never on the first."""
    shown = rows[[column.name for column in columns]].astype("object")
    shown = shown.where(shown.notna(), None)
    was = shown.shift()
    moved = shown.ne(was) & ~(shown.isna() & was.isna())
    return [number > 0 and found for number, found in enumerate(moved.any(axis=1))]


def _cell(column: Column, was: pd.Series | None, now: pd.Series) -> Text:
    becomes = now[column.name]
    told = _value(column, becomes)
    if was is None or _same(was[column.name], becomes):
        return Text(told)
    mark, colour = _mark(column, was[column.name], becomes)
    return Text.assemble((f"{_value(column, was[column.name])} → ", "dim"), (f"{told}{mark}", colour))


def _same(was: object, becomes: object) -> bool:
    return not (known(was) or known(becomes)) or (known(was) and known(becomes) and bool(was == becomes))


def _mark(column: Column, was: object, becomes: object) -> tuple[str, str]:
    """Up or down; in colour where the order says which of the two is the better."""
    if not (known(was) and known(becomes)):
        return "", "bold"
    if column.kind in _FIGURES:
        return (" ▲" if becomes > was else " ▼"), "bold"  # type: ignore[operator]
    order = column.allowed
    if column.values and issubclass(column.values, Verdict) and {str(was), str(becomes)} <= set(order):
        is_better = order.index(str(becomes)) > order.index(str(was))
        return (" ▲", "bold green") if is_better else (" ▼", "bold red")
    return "", "bold"


def _value(column: Column, value: object) -> str:
    return words_of(column, value) if known(value) else "–"


def _print_sparks(console: Console, rows: pd.DataFrame, columns: list[Column]) -> None:
    width = max((len(column.name) for column in columns), default=0)
    for column in columns:
        values = [float(value) if known(value) else None for value in rows[column.name]]
        if found := [value for value in values if value is not None]:
            ends = f"{min(found):g} to {max(found):g}"
            line = Text.assemble(
                column.name.ljust(width), "  ", (spark_line(values), "cyan"), (f"  {ends}", "dim")
            )
            console.print(line)


def spark_line(values: Sequence[float | None]) -> str:
    """A bar a date, from the least to the most; a dot where nothing is known. Long ones show every n-th date and
    the last.
    """
    step = -(-len(values) // _MOST_BARS)
    picked = [values[-1 - n] for n in range(0, len(values), step)][::-1] if values else []
    found = [value for value in values if value is not None]
    if not found:
        return _NOTHING * len(picked)
    low, spread = min(found), max(found) - min(found)
    top = len(_BARS) - 1
    return "".join(
        _NOTHING if value is None else _BARS[round((value - low) / spread * top) if spread else top // 2]
        for value in picked
    )
