"""The command that hands over a published snapshot in one of its formats."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.options import AsOfOption, DataOption, date_of, places_of

out_console = Console(highlight=False)


def export(
    name: Annotated[
        str | None, typer.Argument(metavar="FORMAT", help="Which format; left out, they are listed.")
    ] = None,
    out: Annotated[
        Path | None, typer.Option("--out", help="File or folder to write to. Default: this folder.")
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it is there.")] = False,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Hand over the current snapshot, or an earlier one, as one file: a workbook, tables, a map, or services.

    Nothing is worked out anew: what is written is what was published.
    """
    from flows.export import export as hand_over
    from flows.export import print_formats

    if name is None:
        print_formats(out_console)
        return
    hand_over(out_console, places_of(data), name, out, date_of(as_of), may_replace=replace)
