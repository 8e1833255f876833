"""``squaremile trend``: how one row of a table moved over the published snapshots."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.text import Text

from flows.asked import snapshot_asked
from flows.history import STAMPS, History
from flows.keys_asked import print_keys, rows_asked
from flows.listing import column_named, table_named
from flows.outputs import checked_csv_path, write_csv
from flows.places import Places
from flows.published import nights
from flows.snapshot import Snapshot
from flows.trend_view import print_trend
from flows.words import day, plain, sample_mark, words_of
from transforms.row_keys import NoSuchKey, find_rows
from transforms.schema import Column, Table
from transforms.tables import Coverage, GapTable, Identity


def trend(
    console: Console,
    places: Places,
    name: str,
    key: list[str],
    *,
    column: str | None = None,
    csv: Path | None = None,
    as_of: dt.date | None = None,
) -> None:
    """Print how one row moved from date to date, or list the rows that a partial key fits."""
    if csv:
        checked_csv_path(csv)
    table = table_named(name)
    wanted = table.column(column_named(table, column)) if column else None
    newest = snapshot_asked(console, places, as_of)
    known = [
        s for s in nights(places, is_sample=newest.is_sample) if as_of is None or s.as_of <= newest.as_of
    ]
    history = History(known)
    sample_mark(console, newest)
    found = _found(table, newest, history, key)
    if len(found) > 1:
        print_keys(console, table, found)
        return
    row = found.iloc[0]
    rows = history.rows(table, row)
    _print_heading(console, table, row, newest, history)
    if csv:
        write_csv(csv, rows, is_sample=newest.is_sample)
        console.print(f"{len(rows):,} rows written to {csv}", soft_wrap=True, markup=False)
    on_each = _on_each_date(rows, history.holding(table))
    shown = [wanted] if wanted else columns_to_show(table, on_each)
    if not shown:
        console.print("Nothing of this row has changed.")
        return
    print_trend(console, table, on_each, history.holding(table), shown)


def _found(table: type[Table], newest: Snapshot, history: History, key: list[str]) -> pd.DataFrame:
    """The rows that a key fits now or, where none does any more, those it fitted on some date."""
    try:
        return find_rows(table, newest[table], key)
    except NoSuchKey:
        return rows_asked(table, history.keys(table), key, "any snapshot")


def _print_heading(
    console: Console, table: type[Table], row: pd.Series, newest: Snapshot, history: History
) -> None:
    row_key = table.row_keys(pd.DataFrame([row])).iat[0]
    console.print(Text.assemble((table.table_name, "bold"), " ", (plain(row_key), "bold cyan")))
    if table.question:
        console.print(table.question, style="italic", markup=False)
    labels = [words_of(column, row[column.name]) for column in table.key if column.allowed]
    if labels:
        console.print(" · ".join(labels), markup=False)
    registry = newest[Identity]
    for _, was in registry[
        registry[Identity.id].eq(row_key) & registry[Identity.redirect_to].notna()
    ].iterrows():
        became = f"{row_key} became {was[Identity.redirect_to]} on {day(was[Identity.redirected_on])}"
        console.print(f"{became}: {plain(was[Identity.reason])}.", style="italic", markup=False)
    holding = history.holding(table)
    told = f"{len(holding):,} date{'s' * (len(holding) != 1)}"
    if holding:
        told += f", {day(holding[0].as_of)} to {day(holding[-1].as_of)}"
    if older := len(history.snapshots) - len(holding):
        told += f"; {older:,} snapshot{'s' * (older > 1)} lack the table"
    console.print(f"{told}.", style="dim")


def _on_each_date(rows: pd.DataFrame, holding: list[Snapshot]) -> pd.DataFrame:
    """One row a snapshot that has the table, blank where it has no such row."""
    dates = pd.DataFrame(
        {STAMPS[0]: pd.to_datetime([s.as_of for s in holding]).astype(rows[STAMPS[0]].dtype)}
    )
    return dates.merge(rows, on=STAMPS[0], how="left", validate="1:1")


def columns_to_show(table: type[Table], rows: pd.DataFrame) -> list[Column]:
    """The pair of counts and the verdict, and whatever else moved while the row was there."""
    verdict = table.verdict_column() if issubclass(table, GapTable) else None
    first = [c for c in table.columns() if c.name in (Coverage.confirmed, Coverage.possible) or c is verdict]
    # In the order of the table, verdict last, so that counts stand before what follows from them.
    first.sort(key=lambda column: column is verdict)
    there = rows[rows[STAMPS[1]].notna()]
    others = [
        column
        for column in table.columns()
        if column not in (*first, *table.key)
        and column.name not in STAMPS
        and not column.is_lineage
        and there[column.name].nunique(dropna=False) > 1
    ]
    came_or_went = len(there) < len(rows)
    return first + others or ([table.key[0]] if came_or_went else [])
