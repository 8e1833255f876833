"""Commands about matching: match a file, review what the night was not sure of."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.markup import escape

from flows.options import DataOption, places_of

# What was found stands beside what a command writes to the standard output.
err = Console(stderr=True, highlight=False)
out = Console(highlight=False)


def match(
    file: Annotated[
        Path,
        typer.Argument(
            help="A .csv, .xlsx or .parquet file with a column id; any of the others may be missing."
        ),
    ],
    out_file: Annotated[
        Path | None,
        typer.Option(
            "--out", help="Where to write: .csv, .xlsx or .parquet. Default: the standard output, as CSV."
        ),
    ] = None,
    encoding: Annotated[
        str, typer.Option("--encoding", help="How a CSV is written, such as cp1252.")
    ] = "utf-8",
    data: DataOption = None,
) -> None:
    """Say which rows of a file are the same organization: id, cluster_id, confidence, reason.

    Compared are name, alternate_names, postcode, charity_no, company_no, ofsted_urn, website, phone and email, as
    far as the file has them; other columns are ignored. Rows keep their order. The cluster_id is the id of
    the cluster's first row in the order of ids.
    """
    from flows.match_file import match_file
    from flows.reference import Reference

    rules = Reference(places_of(data)).matching
    with err.status(escape(f"Matching {file.name}")):
        told = match_file(file, out_file, rules, encoding)
    err.print(escape(told))


def review(
    role: Annotated[
        str | None,
        typer.Option("--role", help="Your role, such as SEND commissioning officer. Asked for otherwise."),
    ] = None,
    data: DataOption = None,
) -> None:
    """Walk through the pairs that may be the same: providers, venues and services, side by side.

    Answers are kept in data/reviews/matches.csv, which may also be filled in by hand, and hold for all later runs
    until the evidence changes. They may be piped in.
    """
    import datetime as dt
    from zoneinfo import ZoneInfo

    from flows.review_desk import review as review_pairs

    today = dt.datetime.now(ZoneInfo("Europe/London")).date()
    review_pairs(out, out.input, places_of(data), role, today)
