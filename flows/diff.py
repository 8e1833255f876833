"""``squaremile diff``: which rows came, went and changed between two snapshots; moved verdicts first."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.table import Table as Grid
from rich.text import Text

from flows.asked import snapshot_named
from flows.circumstances import circumstances
from flows.difference import differences_of
from flows.errors import Mistake
from flows.listing import table_named
from flows.moved_view import print_moved, print_target
from flows.outputs import checked_csv_path, write_csv
from flows.places import Places
from flows.snapshot import Snapshot
from flows.words import day, known, plain, sample_mark, words_of
from transforms.planning.compare import compare
from transforms.schema import Table
from transforms.tables import GAP_TABLES, PUBLISHED, TargetTracker, WhatIf
from transforms.tables import SnapshotDifference as D
from transforms.vocabulary import CellChange, RowChange

_MOST_ROWS, _MOST_COLUMNS = 40, 4
_MARK = {RowChange.CAME: ("+ ", "green"), RowChange.WENT: ("- ", "red"), RowChange.CHANGED: ("~ ", "yellow")}


def diff(
    console: Console, places: Places, first: str, second: str, name: str | None, csv: Path | None
) -> None:
    """Tell what differs between two snapshots, or within one table of theirs."""
    if csv:
        checked_csv_path(csv)
    table = table_named(name) if name else None
    before, after = snapshot_named(places, first), snapshot_named(places, second)
    _check_comparable(before, after)
    sample_mark(console, after)
    _print_heading(console, before, after)
    found = differences_of(before, after, [table] if table else PUBLISHED)
    _print_verdicts(console, before, after, table)
    _print_counts(console, found)
    if older := [t.table_name for t in ([table] if table else PUBLISHED) if t not in found]:
        console.print(f"Not in both snapshots: {', '.join(older)}.", style="dim")
    if table in found:
        _print_rows(console, table, found[table])
    if csv:
        rows = pd.concat(found.values(), ignore_index=True) if found else D.frame()
        write_csv(csv, rows, is_sample=after.is_sample)
        console.print(f"{len(rows):,} rows written to {csv}", soft_wrap=True, markup=False)


def _check_comparable(before: Snapshot, after: Snapshot) -> None:
    if before.is_sample is not after.is_sample:
        sample, real = (before, after) if before.is_sample else (after, before)
        raise Mistake(
            f"{sample.folder.name} is a sample and {real.folder.name} is not: what differs would say nothing.",
            "Name two samples, or two of real rosters.",
        )
    if before.folder == after.folder:
        raise Mistake(
            f"Both are the snapshot of {day(before.as_of)}, {before.folder.name}.", "Name another one."
        )


def _print_heading(console: Console, before: Snapshot, after: Snapshot) -> None:
    for words, one in (("From", before), ("To", after)):
        console.print(Text.assemble(f"{words:<5}", (day(one.as_of), "bold"), (f"  {one.folder.name}", "dim")))
    if besides := circumstances(before, after):
        console.print(
            Padding(Text(f"Also changed: {plain('; '.join(besides))}", style="yellow"), (0, 0, 0, 5))
        )


def _print_verdicts(console: Console, before: Snapshot, after: Snapshot, only: type[Table] | None) -> None:
    tables = [
        t for t in GAP_TABLES if t.verdict_column() and t in before and t in after and only in (None, t)
    ]
    parts = [compare(t, before[t], after[t]) for t in tables]
    moved = pd.concat(parts, ignore_index=True) if parts else WhatIf.frame()
    is_target = moved[WhatIf.gap_table].eq(TargetTracker.table_name)
    if only is None or only in GAP_TABLES:
        print_moved(console, moved[~is_target], "No verdict of any gap table moved.")
    target = moved[is_target]
    verdicts = target[WhatIf.verdict_before].ne(target[WhatIf.verdict_after])
    if (target[WhatIf.change].ne(CellChange.SAME.value) | verdicts).any():
        print_target(console, target)


def _print_counts(console: Console, found: Mapping[type[Table], pd.DataFrame]) -> None:
    """How many rows came, went and changed, and in which columns."""
    console.print()
    grid = Grid(header_style="bold")
    grid.add_column("Table", no_wrap=True)
    for change in RowChange:
        grid.add_column(change.label.capitalize(), justify="right")
    grid.add_column("In the columns", overflow="fold")
    for table, rows in found.items():
        if rows.empty:
            continue
        counts = rows.groupby(D.row_change)[D.row_key].nunique()
        columns = rows[D.changed_column].value_counts()
        told = [f"{name} {n:,}" for name, n in columns.head(_MOST_COLUMNS).items()]
        more = [f"{len(columns) - _MOST_COLUMNS} more"] * (len(columns) > _MOST_COLUMNS)
        grid.add_row(
            table.table_name,
            *(f"{counts.get(change.value, 0):,}" for change in RowChange),
            ", ".join(told + more),
        )
    if grid.row_count:
        console.print(grid)
    same = len(found) - grid.row_count
    console.print(f"{same} table{'s' * (same != 1)} with no difference.", style="dim")


def _print_rows(console: Console, table: type[Table], rows: pd.DataFrame) -> None:
    """Each row that differs, and its values before and after."""
    shown = rows[D.row_key].drop_duplicates()
    for key, part in rows[rows[D.row_key].isin(shown.head(_MOST_ROWS))].groupby(D.row_key, sort=False):
        mark, colour = _MARK[RowChange(part.iloc[0][D.row_change])]
        console.print(Text.assemble((mark, colour), plain(key)))
        for _, one in part[part[D.changed_column].notna()].iterrows():
            column = table.column(one[D.changed_column])
            sides = [words_of(column, one[side]) if known(one[side]) else "–" for side in _SIDES]
            told = Text.assemble((f"{column.name} ", "dim"), " → ".join(sides))
            console.print(Padding(told, (0, 0, 0, 4)))
    if len(shown) > _MOST_ROWS:
        console.print(f"… and {len(shown) - _MOST_ROWS:,} more rows; --csv FILE writes all.", style="dim")


_SIDES = (D.value_before, D.value_after)
