"""What ``squaremile geocode`` did, in words."""

from __future__ import annotations

from rich.console import Console
from rich.markup import escape
from rich.table import Table as Grid

from flows.geocode_file import Outcome, is_useless_uprn
from flows.ground import Groundwork
from transforms.place.coordinates import WORDS
from transforms.vocabulary import PostcodeStatus, Zone

_USUAL = (PostcodeStatus.LISTED, PostcodeStatus.LIVE)


def print_summary(console: Console, outcome: Outcome, work: Groundwork) -> None:
    """How many rows lie where, how surely, and what could not be read."""
    tally = outcome.tally
    columns = ", ".join(f"{option} “{column}”" for option, column in outcome.where.named().items())
    console.print(f"[bold]{rows_in_words(tally.rows)}[/], by {escape(columns)}\n")
    console.print(_zones(outcome))
    if outcome.where.postcode and any(tally.statuses[s.value] for s in PostcodeStatus if s not in _USUAL):
        console.print()
        console.print(_postcodes(outcome))
    remarks = [f"{escape(outcome.note)}"] if outcome.note else []
    for column, unread in tally.unread.items():
        remarks.append(
            f"{rows_in_words(unread.cells)}: “{escape(column)}” holds no number we can read, "
            f"first in row {outcome.unread_rows[column]:,}."
        )
    for trouble, count in sorted(tally.troubles.items()):
        remarks.append(f"{rows_in_words(count)}: {WORDS[trouble][0]}")
    if tally.disputed:
        remarks.append(
            f"{rows_in_words(tally.disputed)}: the directory and the boundary name different authorities; "
            "not certain."
        )
    if tally.unlisted_uprns:
        remarks.append(f"{rows_in_words(tally.unlisted_uprns)}: the UPRN is not listed.")
    if is_useless_uprn(outcome.where, work.ground):
        remarks.append(
            "UPRNs were not used: no list of them has been fetched (`squaremile reference fetch uprns`)."
        )
    if remarks:
        console.print()
    for remark in remarks:
        console.print(f"[yellow]![/] {remark}")
    if not work.ground.is_official:
        console.print(
            f"\n[dim]The City boundary is derived from postcodes, to about {work.ground.boundary_error_m:g} m. "
            "`squaremile reference fetch boundaries` takes the official one.[/]"
        )
    written = "Written anew to" if outcome.is_replaced else "Written to"
    console.print(f"\n[green]✓[/] {written} {escape(str(outcome.out))}", soft_wrap=True)


def _grid() -> Grid:
    return Grid(box=None, padding=(0, 2, 0, 0), pad_edge=False, header_style="bold")


def _zones(outcome: Outcome) -> Grid:
    grid = _grid()
    grid.add_column("Where")
    grid.add_column("Certain", justify="right")
    grid.add_column("Uncertain", justify="right")
    for zone in Zone:
        sure, unsure = (outcome.tally.zones[(zone.value, is_sure)] for is_sure in (True, False))
        if zone is Zone.UNKNOWN and unsure:
            grid.add_row(zone.label, "", f"{unsure:,}")
        elif sure or unsure:
            grid.add_row(zone.label, f"{sure:,}", f"{unsure:,}")
    return grid


def _postcodes(outcome: Outcome) -> Grid:
    grid = _grid()
    grid.add_column("Postcodes to look at")
    grid.add_column("Rows", justify="right")
    for status in PostcodeStatus:
        if status not in _USUAL and (count := outcome.tally.statuses[status.value]):
            grid.add_row(status.label[:1].upper() + status.label[1:], f"{count:,}")
    return grid


def rows_in_words(count: int) -> str:
    """So many rows, in words."""
    return "1 row" if count == 1 else f"{count:,} rows"
