"""Commands about places: geocode a file, look after the reference."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console
from rich.markup import escape
from rich.progress import (
    BarColumn,
    Progress,
    SpinnerColumn,
    TaskProgressColumn,
    TextColumn,
    TimeRemainingColumn,
)

from flows.errors import Mistake
from flows.options import DataOption, places_of

if TYPE_CHECKING:
    from flows.ground import Groundwork
    from flows.places import Places

out = Console(highlight=False)
# Progress and summaries stand beside what a command writes to the standard output.
err = Console(stderr=True, highlight=False)

reference = typer.Typer(
    help="Postcodes, boundaries and figures about children: what is used, how old, how sure.",
    no_args_is_help=True,
)


def _column(words: str, flag: str) -> object:
    return typer.Option(flag, help=f"Column with {words}.")


def geocode(
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .parquet file.")],
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out",
            help="Where to write: .csv, .xlsx or .parquet. Default: FILE-geocoded. Replaces an earlier result of "
            "the same columns, and no other file.",
        ),
    ] = None,
    postcode: Annotated[str | None, _column("the postcode", "--postcode")] = None,
    lat: Annotated[str | None, _column("the latitude, EPSG:4326", "--lat")] = None,
    lon: Annotated[str | None, _column("the longitude, EPSG:4326", "--lon")] = None,
    easting: Annotated[str | None, _column("the easting, EPSG:27700", "--easting")] = None,
    northing: Annotated[str | None, _column("the northing, EPSG:27700", "--northing")] = None,
    uprn: Annotated[str | None, _column("the unique property reference number", "--uprn")] = None,
    sheet: Annotated[
        str | None, typer.Option("--sheet", help="Sheet of a workbook. Default: the first one shown.")
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="How a CSV is written, such as cp1252.")
    ] = "utf-8",
    data: DataOption = None,
) -> None:
    """Say of every row of a file where it is: authority, zone, metres to the City boundary, and how surely.

    Columns, rows and their order stay as they are; ten columns are added. Files larger than memory are no
    trouble.

    Columns that say where a row is are found by their usual headings. Name one to choose it, or name none with
    "" so that it is not used. A CSV is written in UTF-8, with commas.
    """
    from flows.geocode_file import default_out, prepare
    from flows.geocode_file import geocode as geocode_job
    from flows.geocode_summary import print_summary

    asked = {
        "postcode": postcode,
        "lat": lat,
        "lon": lon,
        "easting": easting,
        "northing": northing,
        "uprn": uprn,
    }
    job = prepare(file, out_file or default_out(file), asked, encoding, sheet)
    work = groundwork(data)
    with _progress(f"Geocoding {file.name}") as on_progress:
        outcome = geocode_job(job, work.ground, on_progress)
    print_summary(err, outcome, work)


@reference.command("build")
def build_reference(data: DataOption = None) -> None:
    """Build the reference anew from what is in use; later runs map it into memory in milliseconds."""
    from flows.reference_desk import print_built

    print_built(out, groundwork(data, anew=True))


@reference.command("fetch")
def fetch_reference(
    what: Annotated[
        str,
        typer.Argument(
            help="postcodes, boundaries, uprns, ehc_plans or population, to take them from their publisher; a file on "
            "disk; or an https address."
        ),
    ],
    data: DataOption = None,
) -> None:
    """Take a newer official file: a postcode directory, authority boundaries, UPRNs, EHC plans or population.

    It is recognised by its content, checked, and used from then on. Whatever fails a check is refused with
    the reason, and what was in use stays.
    """
    from flows.reference_desk import fetch

    fetch(err, what, places_in(data))


@reference.command("drop")
def drop_reference(
    what: Annotated[str, typer.Argument(help="postcodes, boundaries, uprns, ehc_plans or population.")],
    data: DataOption = None,
) -> None:
    """Stop using an official file and remove it: go back to what comes with the program."""
    from flows.reference_desk import drop_official

    drop_official(out, what, places_in(data))


@reference.command("status")
def reference_status(data: DataOption = None) -> None:
    """Show the reference in use: what it is, its age, and how accurate it is."""
    from flows.reference_desk import print_status

    print_status(out, groundwork(data), places_in(data))


def places_in(data: Path | None, sources: Path | None = None) -> Places:
    """The folders that options name; a data folder that is not there is told, not passed over."""
    if data and not data.is_dir():
        raise Mistake(f"There is no folder {data}.", "Name the data folder with --data, or leave it out.")
    return places_of(data, sources)


def groundwork(data: Path | None, *, anew: bool = False) -> Groundwork:
    """The reference, built first where it is missing, with each step shown."""
    places = places_in(data)
    with err.status("Opening the reference") as status:
        from flows.ground import lay_ground
        from flows.reference import Reference

        known = Reference(places)
        return lay_ground(
            known.places,
            known.thresholds,
            known.authorities,
            lambda step: status.update(f"{step}…"),
            anew=anew,
        )


@contextmanager
def _progress(words: str) -> Iterator[Callable[[float], None]]:
    """A sign that something goes on; a bar as soon as there is more to come. Nothing of it stays.

    Where the standard error is no terminal, nothing is shown.
    """
    status = err.status(escape(words))
    bar = Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TaskProgressColumn(), TimeRemainingColumn(),
        console=err, transient=True, disable=not err.is_terminal,
    )  # fmt: skip
    task = bar.add_task(escape(words), total=1.0)

    def show(done: float) -> None:
        if done < 1 and not bar.live.is_started:
            status.stop()
            bar.start()
        bar.update(task, completed=done)

    status.start()
    try:
        yield show
    finally:
        status.stop()
        bar.stop()
