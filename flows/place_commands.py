"""Commands about places: geocode a file, read postcodes, look after the reference."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from flows.options import DataOption, places_of

out = Console(highlight=False)
# Progress and summaries stand beside what a command writes to the standard output.
err = Console(stderr=True, highlight=False)

reference = typer.Typer(
    help="The postcode directory and the boundaries: what is used, how old, how sure.", no_args_is_help=True
)
parse = typer.Typer(help="Read values the way a roster is read, one a line.", no_args_is_help=True)


def _column(words: str, flag: str) -> object:
    return typer.Option(flag, help=f"Column with {words}. Default: the usual headings. Empty: none.")


def geocode(
    file: Annotated[Path, typer.Argument(help="A .csv, .xlsx or .parquet file.")],
    out_file: Annotated[
        Path | None,
        typer.Option("--out", help="Where to write: .csv, .xlsx or .parquet. Default: FILE-geocoded."),
    ] = None,
    postcode: Annotated[str | None, _column("the postcode", "--postcode")] = None,
    lat: Annotated[str | None, _column("the latitude, EPSG:4326", "--lat")] = None,
    lon: Annotated[str | None, _column("the longitude, EPSG:4326", "--lon")] = None,
    easting: Annotated[str | None, _column("the easting, EPSG:27700", "--easting")] = None,
    northing: Annotated[str | None, _column("the northing, EPSG:27700", "--northing")] = None,
    uprn: Annotated[str | None, _column("the unique property reference number", "--uprn")] = None,
    encoding: Annotated[str, typer.Option("--encoding", help="How a CSV is written.")] = "utf-8",
    data: DataOption = None,
) -> None:
    """Say of every row of a file where it is: authority, zone, metres to the City boundary, and how surely.

    Columns and order stay as they are; ten columns are added. Files larger than memory are no trouble.
    """
    from flows.geocode_file import default_out, geocode_file
    from flows.geocode_summary import print_summary

    work = _groundwork(data)
    asked = {
        "postcode": postcode,
        "lat": lat,
        "lon": lon,
        "easting": easting,
        "northing": northing,
        "uprn": uprn,
    }
    with _bar(f"Geocoding {file.name}") as bar:
        task = bar.add_task("", total=1.0)
        outcome = geocode_file(
            file, out_file or default_out(file), asked, work.ground, lambda done: bar.update(task, completed=done),
            encoding.lower(),
        )  # fmt: skip
        bar.update(task, completed=1.0)
    print_summary(err, outcome, work)


@parse.command("postcode")
def parse_postcode(
    file: Annotated[
        Path | None, typer.Argument(help="A text file, one value a line. Default: what is piped in.")
    ] = None,
    data: DataOption = None,
) -> None:
    """Show how postcodes are read: CSV with the line, the raw value, the postcode, its status and place."""
    from flows.parse_values import parse_postcodes

    parse_postcodes(file, sys.stdout, _groundwork(data).ground)


@reference.command("build")
def build_reference(data: DataOption = None) -> None:
    """Build the reference anew from what is in use; later runs map it into memory in milliseconds."""
    from flows.reference_desk import print_built

    print_built(out, _groundwork(data, anew=True))


@reference.command("fetch")
def fetch_reference(
    what: Annotated[
        str, typer.Argument(help="A file on disk, a name that `reference status` lists, or an https address.")
    ],
    data: DataOption = None,
) -> None:
    """Take a newer official file: a postcode directory, authority boundaries or UPRNs.

    It is recognised by its content, checked, and used from then on. Whatever fails a check is refused with
    the reason, and what was in use stays.
    """
    from flows.reference_desk import fetch

    fetch(err, what, places_of(data))


@reference.command("drop")
def drop_reference(
    what: Annotated[str, typer.Argument(help="postcodes, boundaries or uprns.")], data: DataOption = None
) -> None:
    """Stop using an official file: go back to what comes with the program."""
    from flows.reference_desk import drop_official

    drop_official(out, what, places_of(data))


@reference.command("status")
def reference_status(data: DataOption = None) -> None:
    """Show the reference in use: what it is, its age, and how accurate it is."""
    from flows.reference_desk import print_status

    print_status(out, _groundwork(data), places_of(data))


def _groundwork(data: Path | None, *, anew: bool = False):  # type: ignore[no-untyped-def]
    """The reference, built first where it is missing, with each step shown."""
    from flows.ground import lay_ground
    from flows.reference import Reference

    known = Reference(places_of(data))
    with err.status("Opening the reference") as status:
        return lay_ground(
            known.places,
            known.thresholds,
            known.authorities,
            lambda step: status.update(f"{step}…"),
            anew=anew,
        )


def _bar(words: str) -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn(words), BarColumn(), TextColumn("{task.percentage:>3.0f}%"), TimeElapsedColumn(),
        console=err,
    )  # fmt: skip
