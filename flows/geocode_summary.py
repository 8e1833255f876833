"""What ``squaremile geocode`` did, in words."""

from __future__ import annotations

from rich.console import Console
from rich.table import Table as Grid

from flows.geocode_file import Outcome, is_useless_uprn
from flows.ground import Groundwork
from transforms.place.coordinates import WORDS
from transforms.vocabulary import PostcodeStatus, Zone


def print_summary(console: Console, outcome: Outcome, work: Groundwork) -> None:
    """How many rows lie where, how surely, and what could not be read."""
    tally = outcome.tally
    columns = ", ".join(f"{option} “{column}”" for option, column in outcome.where.named().items())
    console.print(f"[bold]{tally.rows:,} rows[/] by {columns}")
    grid = Grid(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for heading, side in (("Where", "left"), ("Certain", "right"), ("Uncertain", "right")):
        grid.add_column(heading, justify=side)  # type: ignore[arg-type]
    for zone in Zone:
        sure, unsure = tally.zones[(zone.value, True)], tally.zones[(zone.value, False)]
        if sure or unsure:
            grid.add_row(zone.label, f"{sure:,}" if zone is not Zone.UNKNOWN else "", f"{unsure:,}")
    console.print(grid)
    of_note = [
        f"{tally.statuses[status.value]:,} {status.value.replace('_', ' ')} ({status.label})"
        for status in PostcodeStatus
        if status not in (PostcodeStatus.LISTED, PostcodeStatus.LIVE) and tally.statuses[status.value]
    ]
    if of_note and outcome.where.postcode:
        console.print("Postcodes: " + "; ".join(of_note) + ".")
    for trouble, count in sorted(tally.troubles.items()):
        console.print(f"[yellow]![/] {_rows(count)}: {WORDS[trouble][0]}")
    if tally.disputed:
        console.print(
            f"[yellow]![/] {_rows(tally.disputed)}: the directory and the boundary name different authorities; "
            "not certain."
        )
    if is_useless_uprn(outcome.where, work.ground):
        console.print(
            "[yellow]![/] UPRNs were not used: no UPRN file has been fetched (`squaremile reference fetch`)."
        )
    if not work.ground.is_official:
        console.print(
            f"[dim]The City boundary is derived from postcodes, to about {work.ground.boundary_error_m:g} m; "
            "`squaremile reference fetch boundaries` takes the official one.[/]"
        )
    console.print(f"[green]✓[/] Written to {outcome.out}", soft_wrap=True)


def _rows(count: int) -> str:
    return "1 row" if count == 1 else f"{count:,} rows"
