"""The end of a refresh in the terminal: what was found, what became of every row, where the report is."""

from __future__ import annotations

from rich.console import Console
from rich.panel import Panel
from rich.table import Table as Grid

from flows.findings import Finding, findings
from flows.outputs import SAMPLE_VALUE
from flows.report import REPORT
from flows.run import Result
from transforms.tables import Issue, SourceNight
from transforms.vocabulary import SourceState


def print_summary(console: Console, result: Result) -> None:
    """Say what a refresh found and where to read it."""
    if result.is_sample:
        console.print(f"\n[bold black on yellow] SAMPLE [/] {SAMPLE_VALUE}, real postcodes: not fact.")
    console.print(f"\n[bold]As at {result.as_of.day} {result.as_of:%B %Y}[/bold], run {result.run_id}\n")
    console.print(_rows(result))
    for night in result.nights:
        if night.state not in (SourceState.ACCEPTED, SourceState.WAITING):
            console.print(f"[yellow]![/yellow] [bold]{night.title}:[/bold] {night.message}")
    for found in findings(result.frames):
        console.print(_in_words(found))
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


def _in_words(found: Finding) -> str:
    return f"• {found.subject}: [bold]{found.confirmed}[/bold] confirmed, {found.possible} possible. {found.words}"
