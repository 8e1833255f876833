"""``squaremile parse``: the command."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from flows.options import DataOption, SourcesOption
from flows.place_commands import groundwork, places_in
from transforms.vocabulary import ParsedField


def parse(
    field: Annotated[
        ParsedField, typer.Argument(metavar="FIELD", help=f"What the values are: {', '.join(ParsedField)}.")
    ],
    file: Annotated[
        Path | None,
        typer.Argument(help="A text file in UTF-8, one value a line. Default: what is piped in."),
    ] = None,
    source: Annotated[
        str | None,
        typer.Option("--source", help="Whose words they are: that borough's own meanings and form of dates."),
    ] = None,
    date_format: Annotated[
        str | None, typer.Option("--format", help="How dates are written, such as %d/%m/%Y.")
    ] = None,
    data: DataOption = None,
    sources: SourcesOption = None,
) -> None:
    """Show how values are read: CSV with the line, the raw value, what was read, and how surely.

    A value is parsed, partial (some of it), unparsed (it says something we cannot read) or quarantine (it
    would mislead, such as a date that can be read in two ways). A line gives several rows where it names
    several sessions, prices or needs.
    """
    from flows.parse_values import field_meanings, parse_field, parse_postcodes

    meanings = field_meanings(places_in(data, sources), field, source, date_format)
    if field is ParsedField.POSTCODE:
        parse_postcodes(file, sys.stdout.buffer, groundwork(data).ground)
    else:
        parse_field(file, sys.stdout.buffer, field, meanings)
