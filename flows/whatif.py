"""``squaremile whatif``: which gap cells proposed, changed or lost activities would close or open."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid
from rich.text import Text

from flows.asked import snapshot_asked
from flows.outputs import checked_csv_path, write_csv
from flows.places import Places
from flows.planned import carried_out, inputs_of
from flows.proposals import Proposal, read_proposals
from flows.reference import Reference
from flows.snapshot import Snapshot
from flows.words import day, plain, sample_mark, words_of
from transforms.doubts import doubt_codes
from transforms.gaps import REGISTERED, GapInputs
from transforms.planning.compare import differences
from transforms.schema import KEY_JOINT, LIST_JOINT, Table
from transforms.supply import PLACE_HOURS, SERVICE_ID, SESSIONS
from transforms.tables import Eligibility, GapTable, Location, Service, ServiceNeed, TargetTracker, WhatIf
from transforms.vocabulary import CellChange, Doubt, PlannedChange

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


def what_if(
    console: Console, places: Places, file: Path, csv: Path | None, as_of: dt.date | None = None
) -> None:
    """Tell what the file's proposals would do to every gap table; nothing is published."""
    if csv:
        checked_csv_path(csv)
    snapshot, reference = snapshot_asked(console, places, as_of), Reference(places)
    with console.status(f"Reading {file.name} and measuring the gaps anew…"):
        proposals = read_proposals(file, reference)
        before = inputs_of(snapshot, reference)
        after = carried_out(file.name, before, proposals)
        found = differences(before, after)
    sample_mark(console, snapshot)
    _print_proposals(console, file, snapshot, proposals, after)
    cells = found[found[WhatIf.gap_table].ne(TargetTracker.table_name)]
    _print_cells(console, cells)
    _print_target(console, found[found[WhatIf.gap_table].eq(TargetTracker.table_name)])
    if csv:
        write_csv(csv, found, is_sample=snapshot.is_sample)
        console.print(f"{len(found):,} rows written to {csv}", soft_wrap=True, markup=False)


def _print_proposals(
    console: Console, file: Path, snapshot: Snapshot, proposals: list[Proposal], after: GapInputs
) -> None:
    """What was understood of each row, and what keeps a new activity from being certain."""
    console.print(Text.assemble((f"What if: {file.name}", "bold"), (f"  as at {day(snapshot.as_of)}", "dim")))
    console.print(
        "Nothing is published. What the file proposes counts as checked on that day.", style="italic"
    )
    for one in proposals:
        said = Text.assemble((f"Row {one.row}: {one.change.label}", "bold"), f" “{plain(one.name())}”")
        if one.change is PlannedChange.ADD:
            said.append(_understood(one, after))
        console.print(said)


def _understood(one: Proposal, after: GapInputs) -> str:
    service = one.read[Service].iloc[0]
    supply = after.supply[after.supply[SERVICE_ID].eq(service[Service.id])]
    row = supply.iloc[0]
    needs = one.read[ServiceNeed]
    named = needs[ServiceNeed.need_code].fillna(needs[ServiceNeed.scope]).astype("str")
    ages = "–".join("?" if pd.isna(service[c]) else str(service[c]) for c in _AGES)
    volume = [f"{row[name]:g} {words}" for name, words in _VOLUME if pd.notna(row[name])]
    certain = "" if row[Location.x_zone_certain] else ", so near the border that it is not certain"
    parts = [
        words_of(Location.column(Location.x_zone), row[Location.x_zone]) + certain,
        ", ".join(named), f"ages {ages}", words_of(Service.column(Service.x_tier), row[Service.x_tier]),
        *(volume or ["sessions not known"]),
        f"City residents: {row[Eligibility.accepts_city_residents]}",
    ]  # fmt: skip
    codes = [code for code in doubt_codes(supply).fillna("").iat[0].split(LIST_JOINT) if code]
    doubts = f". Not certain: {'; '.join(Doubt(code).label for code in codes)}" if codes else ""
    return f": {' · '.join(parts)}{doubts}"


_AGES = (Service.minimum_age, Service.maximum_age)
_VOLUME = ((SESSIONS, "sessions in four weeks"), (PLACE_HOURS, "place-hours in four weeks"))


def _print_cells(console: Console, cells: pd.DataFrame) -> None:
    """Each row whose verdict changes, before and after, by table; gaps that close or open first."""
    console.print()
    if cells.empty:
        console.print("No verdict of any gap table would change.", style="bold")
    left = _MOST_CELLS
    for name, rows in cells.groupby(WhatIf.gap_table, sort=False):
        table = next(t for t in REGISTERED if t.table_name == name)
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


def _print_target(console: Console, rows: pd.DataFrame) -> None:
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
