"""The end of a refresh in the terminal: what was found, what became of every row, where the report is."""

from __future__ import annotations

import pandas as pd
from rich.console import Console
from rich.panel import Panel
from rich.table import Table as Grid

from flows.outputs import SAMPLE_VALUE
from flows.report import REPORT
from flows.run import Result
from reports.border import tally
from transforms.tables import BorderReach, Coverage, Issue, SourceNight, TargetTracker
from transforms.vocabulary import GapStatus, SourceState, TargetBasis, TargetScope, TargetStatus, Zone


def print_summary(console: Console, result: Result) -> None:
    """Say what a refresh found and where to read it."""
    if result.is_sample:
        console.print(f"\n[bold black on yellow] SAMPLE [/] {SAMPLE_VALUE}, real postcodes: not fact.")
    console.print(f"\n[bold]As at {result.as_of.day} {result.as_of:%B %Y}[/bold], run {result.run_id}\n")
    console.print(_rows(result))
    for night in result.nights:
        if night.state not in (SourceState.ACCEPTED, SourceState.WAITING):
            console.print(f"[yellow]![/yellow] [bold]{night.title}:[/bold] {night.message}")
    for line in _findings(result):
        console.print(f"• {line}")
    console.print()
    if result.quarantine:
        console.print(f"[dim]Rows set aside, for your eyes only: {result.quarantine}[/dim]", soft_wrap=True)
    console.print(result.message, soft_wrap=True)
    if result.folder:
        console.print(
            Panel.fit(f"[bold]{result.folder / REPORT}[/bold]", title="The report", border_style="green"),
            soft_wrap=True,
        )


def _rows(result: Result) -> Grid:
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="dim")
    grid.add_column("Source")
    for heading in ("rows in", "= curated", "+ quarantined", "+ rejected", "issues"):
        grid.add_column(heading, justify="right")
    issues = result.frames[Issue][Issue.source].value_counts()
    for row in result.frames[SourceNight].to_dict("records"):
        if row[SourceNight.state] == SourceState.WAITING:
            continue
        figures = (
            SourceNight.rows_in, SourceNight.rows_curated, SourceNight.rows_quarantined, SourceNight.rows_rejected,
        )  # fmt: skip
        grid.add_row(
            str(row[SourceNight.title]),
            *(str(row[c]) for c in figures),
            str(issues.get(row[SourceNight.source], 0)),
        )
    return grid


def _findings(result: Result) -> list[str]:
    """What was found, as pairs of confirmed and possible."""
    tracker = result.frames[TargetTracker].set_index([TargetTracker.scope, TargetTracker.basis])
    both = tracker.loc[(TargetScope.UNIVERSAL_AND_SPECIALIST.value, TargetBasis.ACTIVITIES.value)]
    coverage = result.frames[Coverage]
    inside = coverage[coverage[Coverage.zone].eq(Zone.INSIDE)]
    verdicts = inside[Coverage.gap_status].value_counts()
    certain = verdicts.get(GapStatus.GAP_CERTAIN.value, 0)
    unless = verdicts.get(GapStatus.GAP_UNLESS_VERIFIED.value, 0)
    across = tally(result.frames[BorderReach])
    verdict = TargetStatus(both[TargetTracker.status]).label
    if pd.notna(both[TargetTracker.baseline]):
        verdict += f", against a baseline of {both[TargetTracker.baseline]:g} ({both[TargetTracker.baseline_method]})"
    return [
        f"Universal and specialist activities inside the Square Mile: [bold]{both[TargetTracker.confirmed]:.0f}[/bold] "
        f"confirmed, {both[TargetTracker.possible]:.0f} possible. 50% target: {verdict}.",
        f"Of {len(inside)} combinations of need, age and level inside the Square Mile, [bold]{certain}[/bold] are gaps "
        f"for certain and {unless} are gaps unless something is verified.",
        f"Within a mile outside the border: {across.listed} activities, {across.confirmed} confirmed to take City "
        f"children, {across.possible} possible; [bold]{across.to_ask}[/bold] to ask.",
    ]
