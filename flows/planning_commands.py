"""Commands about planning: what proposed changes would do, and where new activities would do most."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from flows.errors import Mistake
from flows.options import AsOfOption, DataOption, date_of, places_of

out = Console(highlight=False)


def whatif(
    file: Annotated[
        Path | None,
        typer.Argument(help="A .csv or .xlsx file of activities to add, change or remove; see --template."),
    ] = None,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write every row that would change to this file as well.")
    ] = None,
    template: Annotated[
        Path | None,
        typer.Option("--template", help="Write an empty file to fill in, with one example, and stop."),
    ] = None,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show which gap cells close or open if activities were added, changed or lost. Nothing is published.

    Cells are read by the rules that rosters are read by; what cannot be read is told by row and column. In a
    change, blank cells leave things as they are. A loss takes every listing of the service, or only the place
    whose postcode is given.
    """
    if template:
        from flows.proposals import write_template

        write_template(template)
        out.print(f"Written to {template}", soft_wrap=True, markup=False)
        return
    if file is None:
        raise Mistake("There is no file to read.", "Name one; `--template FILE` writes one to fill in.")
    from flows.whatif import what_if

    what_if(out, places_of(data), file, csv, date_of(as_of))


def where_next(
    budget: Annotated[
        int, typer.Option("--budget", min=1, max=50, help="How many new activities there may be.")
    ] = 3,
    seconds: Annotated[
        float, typer.Option("--seconds", min=1, help="How long to look for the best choice.")
    ] = 60,
    csv: Annotated[
        Path | None, typer.Option("--csv", help="Write the choice to this file, for `squaremile whatif`.")
    ] = None,
    data: DataOption = None,
    as_of: AsOfOption = None,
) -> None:
    """Show which new activities, at which places inside the Square Mile, would close most gap cells.

    Chosen from the kinds in activity_kinds.csv and the places in candidate_venues.csv. Says whether the choice is
    proven to be the best. Nothing is published.
    """
    from flows.where_next import where_next as find

    find(out, places_of(data), budget, seconds, csv, date_of(as_of))
