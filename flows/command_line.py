"""The command ``squaremile``: what people type, in plain words.

Heavy libraries are imported inside the commands that need them, so that help answers at once.
"""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.panel import Panel
from rich.text import Text

from flows import (
    export_command,
    history_commands,
    match_commands,
    parse_command,
    place_commands,
    planning_commands,
)
from flows.errors import AnotherRun, ExitCode, Mistake, PlainError
from flows.options import (
    AsOfOption,
    DataOption,
    KeyArgument,
    SourcesOption,
    TableArgument,
    date_of,
    places_of,
)

app = typer.Typer(
    name="squaremile",
    help="Nightly SEND gap analysis for the City of London.\n\n"
    "Rosters in, gap tables out: what is missing inside the Square Mile, for whom, and who nearby could help.",
    epilog="Exit codes: 0 done · 1 a roster was refused · 2 a mistake in the command or a source file · "
    "3 the run was aborted, the last snapshot stands · 4 another run is under way.",
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="markdown",
    pretty_exceptions_enable=False,
)
app.add_typer(place_commands.reference, name="reference")
app.command("geocode")(place_commands.geocode)
app.command("match")(match_commands.match)
app.command("review")(match_commands.review)
app.command("parse")(parse_command.parse)
app.command("backfill")(history_commands.backfill)
app.command("diff")(history_commands.diff)
app.command("trend")(history_commands.trend)
app.command("export")(export_command.export)
app.command("whatif")(planning_commands.whatif)
app.command("where-next")(planning_commands.where_next)
out = Console(highlight=False)
err = Console(stderr=True, highlight=False)


@app.command()
def refresh(
    data: DataOption = None,
    sources: SourcesOption = None,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            help="Read this source only, the others stay as last good. Repeatable.",
        ),
    ] = None,
    as_of: Annotated[
        dt.datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="Date the figures describe. Default: today in London."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Do everything but publish.")] = False,
) -> None:
    """Read every roster, find the gaps and publish a snapshot.

    A roster that is missing or refused is replaced by its last good one, and the report says so. The
    last snapshot stays current until the new one is complete.
    """
    from flows import prefect_home

    prefect_home.prepare(is_quiet=True)
    places = places_of(data, sources)
    from flows.lock import only_run

    with only_run(places):
        pass  # Leave at once when another run holds the lock, before anything is started.
    if out.is_terminal:
        out.print("[dim]Starting…[/dim]")
    from flows.progress import Terminal
    from flows.refresh import refresh as refresh_flow
    from flows.run import Result
    from flows.summary import print_summary

    with Terminal(out).showing():
        result = refresh_flow(
            data_folder=places.data, sources_folder=places.sources, only=source,
            as_of=date_of(as_of), dry_run=dry_run,
        )  # fmt: skip
    if not isinstance(result, Result):
        raise AnotherRun("Another refresh began at the same moment; this one has changed nothing.")
    print_summary(out, result)
    raise typer.Exit(result.exit_code)


@app.command()
def check(
    file: Annotated[Path, typer.Argument(help="The roster file to check.")],
    source: Annotated[str, typer.Option("--source", help="Whose roster it is; see `squaremile sources`.")],
    sources: SourcesOption = None,
    data: DataOption = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the problems to this CSV file as well.")
    ] = None,
) -> None:
    """Check a roster before sending it: the same rules as at night, every problem listed.

    Nothing is published or kept. Ends with 1 when the file would be refused.
    """
    from flows.check import check_file

    refused = check_file(out, file, source, places_of(data, sources), csv)
    raise typer.Exit(ExitCode.ROSTER_REFUSED if refused else ExitCode.DONE)


@app.command("sources")
def list_sources(data: DataOption = None, sources: SourcesOption = None) -> None:
    """List the rosters we know: owner, format, what lies there tonight, and how old the last good one is."""
    from flows.source_list import print_sources

    print_sources(out, places_of(data, sources))


@app.command("tables")
def list_tables(data: DataOption = None, as_of: AsOfOption = None) -> None:
    """List the published tables with the question each answers."""
    from flows.listing import print_tables

    print_tables(out, places_of(data), date_of(as_of))


@app.command()
def show(
    table: TableArgument,
    data: DataOption = None,
    rows: Annotated[int, typer.Option("--rows", min=1, help="How many rows to show.")] = 30,
    where: Annotated[
        list[str] | None, typer.Option("--where", help="Only rows in which column=value; repeat for several.")
    ] = None,
    columns: Annotated[
        str | None, typer.Option("--columns", help="Only these columns, comma separated.")
    ] = None,
    as_of: AsOfOption = None,
) -> None:
    """Read a table of the current snapshot, or of an earlier one, in the terminal."""
    from flows.listing import print_table

    print_table(out, places_of(data), table, rows, where or [], columns, date_of(as_of))


@app.command()
def explain(
    table: TableArgument,
    key: KeyArgument = None,
    column: Annotated[
        str | None, typer.Option("--column", help="Only what this column of the row counts.")
    ] = None,
    csv: Annotated[Path | None, typer.Option("--csv", help="Write every value to this file as well.")] = None,
    short: Annotated[
        bool, typer.Option("--short", help="Only the services, their file and row, and what is in doubt.")
    ] = False,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show what stands behind a published row: the services it counts, and the roster rows, words and rules behind
    each.

    A key that leaves parts open lists the rows it fits.
    """
    from flows.explain import explain as explain_row

    explain_row(
        out, places_of(data), table, key or ["*"], column=column, csv=csv, short=short, as_of=date_of(as_of)
    )


@app.command()
def report(
    is_to_open: Annotated[bool, typer.Option("--open", help="Show it in the web browser.")] = False,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Say where the report of the current snapshot is, or of an earlier one, and open it.

    It is one file that needs no network: copy it, send it, print it.
    """
    from flows.report import report as tell_report

    tell_report(out, places_of(data), is_to_open=is_to_open, as_of=date_of(as_of))


@app.command()
def serve(data: DataOption = None, sources: SourcesOption = None) -> None:
    """Keep the nightly schedule: a refresh at 04:00 London time, until stopped.

    Uses the Prefect server that PREFECT_API_URL names, or starts one on this machine. The same
    deployment can be triggered from Prefect's page or API.
    """
    from flows import prefect_home

    prefect_home.prepare(is_quiet=False)
    from flows.schedule import serve_nightly

    serve_nightly(out, places_of(data, sources))


def main() -> None:
    """Run a command; an error is told in words and ends with its exit code."""
    try:
        app()
    except PlainError as error:
        words = Text(error.message)
        if error.what_to_do:
            words.append(f"\n{error.what_to_do}", style="dim")
        title = "Please correct" if isinstance(error, Mistake) else "Not done"
        err.print(Panel(words, title=title, border_style="red", title_align="left"))
        sys.exit(int(error.exit_code))


if __name__ == "__main__":
    main()
