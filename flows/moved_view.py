"""Rows of gap tables whose verdict moved, before and after, in the terminal."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from flows.words import plain, words_of
from transforms.schema import KEY_JOINT, Table
from transforms.tables import GAP_TABLES, GapTable, TargetTracker, WhatIf
from transforms.vocabulary import CellChange

_MOST_CELLS = 40
_COLOUR = {
    CellChange.CLOSES: "green",
    CellChange.BETTER: "green",
    CellChange.OPENS: "red",
    CellChange.WORSE: "red",
    CellChange.APPEARS: "yellow",
    CellChange.GOES: "yellow",
    CellChange.DIFFERS: "yellow",
}


def print_moved(console: Console, cells: pd.DataFrame, nothing: str) -> None:
    """Each row whose verdict changes, before and after, by table; gaps that close or open first."""
    console.print()
    if cells.empty:
        console.print(nothing, style="bold")
    left = _MOST_CELLS
    for name, rows in cells.groupby(WhatIf.gap_table, sort=False):
        table = next(t for t in GAP_TABLES if t.table_name == name)
        for change, words in _SUMMARY.items():
            mine = rows[rows[WhatIf.change].eq(change)]
            if len(mine):
                console.print(Text.assemble((f"{name}: {len(mine):,} {words}", f"bold {_COLOUR[change]}")))
            if len(mine) and left > 0:
                console.print(_grid(table, mine.head(left)))
                left -= len(mine)
    if len(cells) > _MOST_CELLS:
        console.print(f"Only {_MOST_CELLS} are listed; --csv FILE writes all.", style="dim")


_SUMMARY = {
    CellChange.CLOSES: "closed gaps",
    CellChange.OPENS: "opened gaps",
    CellChange.BETTER: "more that stand better",
    CellChange.WORSE: "more that stand worse",
    CellChange.APPEARS: "more rows",
    CellChange.GOES: "rows less",
    CellChange.DIFFERS: "with another verdict",
}


def _grid(table: type[GapTable], rows: pd.DataFrame) -> Grid:
    grid = Grid(header_style="bold")
    for heading in ("Row", "Before", "After", "Confirmed", "Possible"):
        grid.add_column(heading, overflow="fold")
    for row in rows.to_dict("records"):
        grid.add_row(
            _key_words(table, row[WhatIf.row_key]),
            *(_verdict(table, row[side]) for side in (WhatIf.verdict_before, WhatIf.verdict_after)),
            _pair(row[WhatIf.confirmed_before], row[WhatIf.confirmed_after]),
            _pair(row[WhatIf.possible_before], row[WhatIf.possible_after]),
        )
    return grid


def print_target(console: Console, rows: pd.DataFrame) -> None:
    """The 2020-24 target before and after."""
    grid = Grid(title="Target tracker", title_justify="left", header_style="bold")
    for heading in ("Scope", "Basis", "Confirmed", "Possible", "Short of the target", "Verdict"):
        grid.add_column(heading, overflow="fold")
    for row in rows.to_dict("records"):
        scope, basis = str(row[WhatIf.row_key]).split(KEY_JOINT)
        verdicts = [_verdict(TargetTracker, row[s]) for s in (WhatIf.verdict_before, WhatIf.verdict_after)]
        grid.add_row(
            words_of(TargetTracker.column(TargetTracker.scope), scope),
            words_of(TargetTracker.column(TargetTracker.basis), basis),
            _pair(row[WhatIf.confirmed_before], row[WhatIf.confirmed_after]),
            _pair(row[WhatIf.possible_before], row[WhatIf.possible_after]),
            _pair(row[WhatIf.shortfall_before], row[WhatIf.shortfall_after]),
            " → ".join(dict.fromkeys(verdicts)),
            style="bold" if row[WhatIf.change] != CellChange.SAME else None,
        )
    console.print(grid)


def _pair(before: float, after: float) -> str:
    """A figure before and after, once where it stays."""
    if pd.isna(before) and pd.isna(after):
        return ""
    shown = [f"{value:,.10g}" if pd.notna(value) else "–" for value in (before, after)]
    return " → ".join(dict.fromkeys(shown))


def _verdict(table: type[GapTable], code: object) -> str:
    verdict = table.verdict_column()
    return words_of(verdict, code) if verdict and pd.notna(code) else "no such row"


def _key_words(table: type[Table], key: str) -> str:
    """The parts of a row's key in words, where they are codes with words of their own."""
    parts = zip(table.key, str(key).split(KEY_JOINT), strict=False)
    return " · ".join(
        words_of(column, part) if part in column.allowed else plain(part) for column, part in parts
    )
