"""Lists and tables in the terminal: the sources, the published tables, one table's rows."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid

from flows import publish
from flows.archive import last_good
from flows.errors import Mistake
from flows.outputs import SAMPLE_COLUMN, SAMPLE_VALUE
from flows.places import Places
from flows.received import look_into
from flows.reference import Reference
from flows.sources import load_sources
from transforms.mapping import nearest_name
from transforms.tables import PUBLISHED


def print_sources(console: Console, places: Places) -> None:
    """Every source: owner, formats, files tonight, and when its last good rosters came."""
    grid = Grid(header_style="bold")
    for heading in ("Source", "Owner", "Format", "Tonight", "Last good"):
        grid.add_column(heading, overflow="fold")
    for source in load_sources(places.sources, Reference(places).synonyms):
        received = look_into(source, places.raw / source.name)
        kept = last_good(places, source.name)
        if received.is_complete:
            tonight = f"[green]{len(received.sha256)} file(s)[/green]"
        else:
            waits = source.waits_for_its_file
            tonight = (
                "[dim]waits for its file[/dim]"
                if waits
                else f"[yellow]missing {', '.join(received.missing)}[/]"
            )
        formats = ", ".join(dict.fromkeys(roster.format.value for roster in source.roster))
        grid.add_row(source.name, source.title, formats, tonight, _age(kept.night) if kept else "never")
    console.print(grid)


def _age(night: pd.Timestamp) -> str:
    days = (dt.date.today() - night.date()).days
    return f"{night.date().isoformat()} ({days} day{'s' if days != 1 else ''} ago)"


def print_tables(console: Console, places: Places) -> None:
    """Every published table: its rows in the current snapshot and the question it answers."""
    now = publish.current(places)
    grid = Grid(header_style="bold")
    grid.add_column("Table", no_wrap=True)
    grid.add_column("Rows", justify="right")
    grid.add_column("What it answers, or what one row is", overflow="fold")
    for table in PUBLISHED:
        rows = f"{now['tables'].get(table.table_name, 0):,}" if now else "–"
        grid.add_row(
            table.table_name, rows, f"[bold]{table.question}[/bold]" if table.question else table.one_row_is()
        )
    console.print(grid)
    if not now:
        console.print("[dim]Nothing is published yet: run `squaremile refresh`.[/dim]")


def print_table(
    console: Console, places: Places, name: str, rows: int, where: list[str], columns: str | None
) -> None:
    """Some rows of one table of the current snapshot."""
    known = [table.table_name for table in PUBLISHED]
    if name not in known:
        raise Mistake(
            f"There is no table “{name}”. Did you mean “{nearest_name(name, known)}”?",
            "See `squaremile tables`.",
        )
    now = publish.current(places)
    if not now:
        raise Mistake("Nothing is published yet.", "Run `squaremile refresh` first.")
    frame = pd.read_parquet(now["folder"] / "tables" / f"{name}.parquet")
    if SAMPLE_COLUMN.name in frame:
        console.print(f"[bold black on yellow] SAMPLE [/] {SAMPLE_VALUE}, real postcodes: not fact.")
        frame = frame.drop(columns=SAMPLE_COLUMN.name)
    for condition in where:
        column, equals, value = condition.partition("=")
        if not equals:
            raise Mistake(
                f"“{condition}” is not of the form column=value.", "For example --where zone=inside."
            )
        _must_have(frame, column)
        frame = frame[frame[column].astype(str).eq(value)]
    if columns:
        wanted = [column.strip() for column in columns.split(",")]
        for column in wanted:
            _must_have(frame, column)
        frame = frame[wanted]
    grid = Grid(title=f"{name}, as at {now['as_of']}", title_justify="left", header_style="bold")
    for column in frame.columns:
        grid.add_column(
            column,
            overflow="fold",
            justify="right" if pd.api.types.is_numeric_dtype(frame[column]) else "left",
        )
    for row in frame.head(rows).itertuples(index=False):
        grid.add_row(*("" if pd.isna(v) else f"{v:g}" if isinstance(v, float) else str(v) for v in row))
    console.print(grid)
    if len(frame) > rows:
        console.print(f"[dim]{rows} of {len(frame):,} rows; --rows shows more, --where fewer.[/dim]")


def _must_have(frame: pd.DataFrame, column: str) -> None:
    if column not in frame:
        raise Mistake(
            f"The table has no column “{column}”. Did you mean “{nearest_name(column, frame.columns)}”?",
            f"It has: {', '.join(frame.columns)}.",
        )
