"""Options that several commands share."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Annotated

import typer

from flows.places import Places, default_places

DataOption = Annotated[
    Path | None,
    typer.Option("--data", help="Data folder, with raw/ inside. Default: the project's own data/."),
]
SourcesOption = Annotated[
    Path | None, typer.Option("--sources", help="Folder of source declarations (*.toml). Default: sources/.")
]
KeyArgument = Annotated[
    list[str] | None,
    typer.Argument(
        help="Which row: ASD/5_10/specialist/inside, fewer parts, * for any, or tier=specialist zone=inside."
    ),
]
TableArgument = Annotated[str, typer.Argument(help="Name of a table; see `squaremile tables`.")]
AsOfOption = Annotated[
    dt.datetime | None,
    typer.Option(
        "--as-of",
        formats=["%Y-%m-%d"],
        help="Read the snapshot of this date, or the latest before it. Default: the current one.",
    ),
]


def places_of(data: Path | None, sources: Path | None = None) -> Places:
    """The folders that options name, the project's own otherwise."""
    own = default_places()
    return Places(
        data=data.resolve() if data else own.data, sources=sources.resolve() if sources else own.sources
    )


def date_of(option: dt.datetime | None) -> dt.date | None:
    """The date that an option names."""
    return option.date() if option else None
