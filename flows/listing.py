"""Published tables in the terminal: the list of them, and the rows of one."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from flows.asked import snapshot_asked
from flows.errors import Mistake
from flows.places import Places
from flows.words import plain, sample_mark
from transforms.schema import Table
from transforms.tables import PUBLISHED, Coverage, GapTable
from transforms.vocabulary import Verdict

# Characters to which a long text is folded, and those that stand beside each cell of a grid.
_FOLDED_AT, _AROUND_A_CELL = 30, 3


def print_tables(console: Console, places: Places, as_of: dt.date | None = None) -> None:
    """Every published table: its rows in a snapshot and the question it answers."""
    is_published = as_of is not None or places.pointer.is_file()
    snapshot = snapshot_asked(console, places, as_of) if is_published else None
    grid = Grid(header_style="bold")
    grid.add_column("Table", no_wrap=True)
    grid.add_column("Rows", justify="right")
    grid.add_column("What it answers, or what one row is", overflow="fold")
    for table in PUBLISHED:
        rows = f"{snapshot.manifest['tables'].get(table.table_name, 0):,}" if snapshot else "–"
        grid.add_row(
            table.table_name, rows, f"[bold]{table.question}[/bold]" if table.question else table.one_row_is()
        )
    console.print(grid)
    if not snapshot:
        console.print("[dim]Nothing is published yet: run `squaremile refresh`.[/dim]")


def table_named(name: str) -> type[Table]:
    """The published table that a person means, with or without the x_ of our own extensions."""
    known = {table.table_name: table for table in PUBLISHED}
    for spelling in (name.casefold(), f"x_{name.casefold()}"):
        if spelling in known:
            return known[spelling]
    from transforms.mapping import nearest_name

    raise Mistake(
        f"There is no table “{name}”. Did you mean “{nearest_name(name, known)}”?", "See `squaremile tables`."
    )


def column_named(table: type[Table], name: str) -> str:
    """A column of a table by its name."""
    if name in table.names():
        return name
    from transforms.mapping import nearest_name

    raise Mistake(
        f"{table.table_name} has no column “{name}”. Did you mean “{nearest_name(name, table.names())}”?",
        f"It has: {', '.join(table.names())}.",
    )


def print_table(
    console: Console,
    places: Places,
    name: str,
    rows: int,
    where: list[str],
    columns: str | None,
    as_of: dt.date | None = None,
) -> None:
    """Some rows of one table of a snapshot."""
    table = table_named(name)
    snapshot = snapshot_asked(console, places, as_of)
    frame = snapshot[table]
    sample_mark(console, snapshot)
    if table not in snapshot:
        console.print(f"That snapshot is older than the table {table.table_name}.", style="yellow")
    for condition in where:
        column, equals, value = condition.partition("=")
        if not equals:
            raise Mistake(
                f"“{condition}” is not of the form column=value.", "For example --where zone=inside."
            )
        frame = frame[frame[column_named(table, column)].astype("str").eq(value)]
    asked = [column_named(table, column.strip()) for column in columns.split(",")] if columns else []
    shown = frame[asked or _in_order(table)].head(rows).map(_cell)
    numbers = [column for column in shown if pd.api.types.is_numeric_dtype(frame[column])]
    title = f"{table.table_name}, as at {snapshot.as_of}"
    fitting = _that_fit(shown, console.width)
    if asked and len(fitting) < len(asked):
        _print_one_by_one(console, title, shown)
    else:
        console.print(_grid(title, shown[fitting], numbers))
    left_out = [] if asked else [column for column in shown if column not in fitting]
    if left_out:
        console.print(
            f"[dim]There is room for {len(fitting)} of {len(shown.columns)} columns; --columns chooses. "
            f"Left out: {', '.join(left_out)}.[/dim]"
        )
    if len(frame) > rows:
        console.print(f"[dim]{rows} of {len(frame):,} rows; --rows shows more, --where fewer.[/dim]")


def _in_order(table: type[Table]) -> list[str]:
    """A table's columns, the key and the verdict first and what is the same in every row last."""
    stamps = [name for name in GapTable.names() if name in table.names()]
    verdicts = [column.name for column in table.columns() if issubclass(column.values or str, Verdict)]
    names = dict.fromkeys([*table.key_names(), *verdicts, *table.names()])
    return [name for name in names if name not in stamps] + stamps


def _that_fit(cells: pd.DataFrame, width: int) -> list[str]:
    """The first columns for which there is room, long words being folded; the first of all in any case.

    What is confirmed is not shown without what is possible.
    """
    fitting: list[str] = []
    taken = 1
    for column in cells:
        longest = min(int(cells[column].str.len().max()) if len(cells) else 0, _FOLDED_AT)
        taken += max(len(column), longest) + _AROUND_A_CELL
        if taken > width and fitting:
            break
        fitting.append(column)
    while len(fitting) > 1 and _pair_of(fitting[-1]) in set(cells.columns) - set(fitting):
        fitting.pop()
    return fitting


def _pair_of(column: str) -> str:
    return column.replace(Coverage.confirmed, Coverage.possible)


def _grid(title: str, cells: pd.DataFrame, numbers: list[str]) -> Grid:
    grid = Grid(title=title, title_justify="left", header_style="bold")
    for column in cells:
        grid.add_column(column, overflow="fold", justify="right" if column in numbers else "left")
    for row in cells.itertuples(index=False):
        # As text: a roster's words are never markup.
        grid.add_row(*map(Text, row))
    return grid


def _print_one_by_one(console: Console, title: str, cells: pd.DataFrame) -> None:
    """Rows below each other, a line a column: what is asked for is shown whole, however narrow the window."""
    console.print(title, style="italic")
    for row in cells.to_dict("records"):
        lines = Grid.grid(padding=(0, 2))
        lines.add_column(style="bold")
        lines.add_column(overflow="fold")
        for column, cell in row.items():
            lines.add_row(str(column), Text(cell))
        console.print(lines)
        console.print()


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else plain(value)
