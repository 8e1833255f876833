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
from transforms.tables import PUBLISHED


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
    wanted = (
        [column_named(table, column.strip()) for column in columns.split(",")] if columns else table.names()
    )
    frame = frame[wanted]
    grid = Grid(
        title=f"{table.table_name}, as at {snapshot.as_of}", title_justify="left", header_style="bold"
    )
    for column in wanted:
        is_number = pd.api.types.is_numeric_dtype(frame[column])
        grid.add_column(column, overflow="fold", justify="right" if is_number else "left")
    for row in frame.head(rows).itertuples(index=False):
        # As text: a roster's words are never markup.
        grid.add_row(*(Text(_cell(value)) for value in row))
    console.print(grid)
    if len(frame) > rows:
        console.print(f"[dim]{rows} of {len(frame):,} rows; --rows shows more, --where fewer.[/dim]")


def _cell(value: Any) -> str:
    if pd.isna(value):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    return f"{value:g}" if isinstance(value, float) else plain(value)
