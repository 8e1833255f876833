"""The rosters we know, in the terminal: whose they are, what lies there tonight, and how old each last good is."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from rich.console import Console
from rich.table import Table as Grid

from flows.archive import last_good
from flows.places import Places
from flows.received import look_into
from flows.reference import Reference
from flows.sources import load_sources


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
