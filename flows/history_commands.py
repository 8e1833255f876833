"""Commands about more than one night: how a row moved, and what differs between two snapshots."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.options import (
    AsOfOption,
    DataOption,
    KeyArgument,
    SourcesOption,
    TableArgument,
    date_of,
    places_of,
)

out = Console(highlight=False)


def trend(
    table: TableArgument,
    key: KeyArgument = None,
    column: Annotated[str | None, typer.Option("--column", help="Only this column of the row.")] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the row of every date to this file as well.")
    ] = None,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show how one row moved over the published snapshots: the dates on which it changed, before and after.

    A key that leaves parts open lists the rows it fits. What else changed on such a night stands beside it: the
    method, the reference, the state of a roster.
    """
    from flows.trend import trend as trend_of_row

    trend_of_row(out, places_of(data), table, key or ["*"], column=column, csv=csv, as_of=date_of(as_of))


def diff(
    first: Annotated[
        str,
        typer.Argument(
            help="The earlier snapshot: a date, the name of its folder or run, current or previous."
        ),
    ] = "previous",
    second: Annotated[str, typer.Argument(help="The later snapshot, likewise.")] = "current",
    table: Annotated[str | None, typer.Argument(help="Only this table, row by row.")] = None,
    csv: Annotated[
        Path | None,
        typer.Option("--csv", help="Write every row and value that differs to this file as well."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Show what differs between two snapshots: verdicts that moved, then the rows that came, went and changed.

    A date stands for the snapshot of that date or the latest before it.
    """
    from flows.diff import diff as diff_of_snapshots

    diff_of_snapshots(out, places_of(data), first, second, table, csv)


def backfill(
    folder: Annotated[
        Path,
        typer.Argument(help="A folder with one folder a night: 2026-11-01/hackney/…, as data/raw/ has them."),
    ],
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Replay past nights from their rosters, in order of date, each into a snapshot of its own.

    Nights that are published already are left as they are, so a backfill that was stopped goes on when it is run
    again. A night of which nothing can be used is told and skipped. Ends with 1 when a roster was refused or a night
    skipped.
    """
    from flows.backfill import backfill as replay

    raise typer.Exit(replay(out, places_of(data, sources), folder))
