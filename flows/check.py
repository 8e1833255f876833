"""``squaremile check``: a borough looks at its roster before sending it."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from fnmatch import fnmatchcase
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from flows.errors import Mistake
from flows.ingest import ingest
from flows.ingested import Ingested
from flows.outputs import write_csv
from flows.places import Places
from flows.received import look_into
from flows.reference import Reference
from flows.sources import load_sources, pick
from transforms.issues import issue_frame
from transforms.source_spec import Source
from transforms.tables import Issue
from transforms.vocabulary import Severity

_COLOUR = {
    Severity.REJECT: "red",
    Severity.QUARANTINE: "yellow",
    Severity.WARNING: "cyan",
    Severity.NOTE: "dim",
}


def check_file(console: Console, file: Path, source_name: str, places: Places, csv: Path | None) -> bool:
    """List every problem of a roster file; true when it would be refused.

    A source with several files is checked as a whole: the others are taken from the data folder, so
    that references between them can be followed.
    """
    if not file.is_file():
        raise Mistake(f"There is no file {file}.", "Check the name and the folder.")
    reference = Reference(places)
    source = pick(load_sources(places.sources, reference.synonyms), [source_name])[0]
    name = _expected_name(file, source)
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        for other in look_into(source, places.raw / source.name).files:
            for path in other:
                if not _takes_the_place_of(name, path.name, source):
                    shutil.copyfile(path, folder / path.name)
        shutil.copyfile(file, folder / name)
        with console.status(f"Checking {file.name} by the rules of {source.title}…"):
            received = look_into(source, folder)
            part = ingest(received, reference)
    _print(console, file, name, part, is_alone=not received.is_complete)
    if csv:
        write_csv(csv, issue_frame(source.name, part.problems), is_sample=part.is_sample)
        console.print(f"Written to {csv}", soft_wrap=True)
    return part.is_refused


def _expected_name(file: Path, source: Source) -> str:
    """The name under which the roster is known: its own, or the only one its ending fits."""
    patterns = [pattern for roster in source.roster for pattern in roster.files]
    if any(fnmatchcase(file.name, pattern) for pattern in patterns):
        return file.name
    fitting = sorted({p for p in patterns if Path(p).suffix.lower() == file.suffix.lower()})
    if len(fitting) == 1:
        return fitting[0].replace("*", "checked")
    raise Mistake(
        f"{source.title} sends no file named {file.name}.",
        f"Name it as agreed: {', '.join(dict.fromkeys(patterns))}.",
    )


def _takes_the_place_of(new: str, old: str, source: Source) -> bool:
    """Whether a checked file stands for one that lies there: the same name, or the same single-file roster."""
    if new == old:
        return True
    return any(
        roster.format != "open_referral"
        and any(fnmatchcase(new, p) for p in roster.files)
        and any(fnmatchcase(old, p) for p in roster.files)
        for roster in source.roster
    )


def _print(console: Console, file: Path, name: str, part: Ingested, *, is_alone: bool) -> None:
    own = [p for p in part.problems if p.file in ("", name)]
    frame = issue_frame(part.source.name, own)
    if is_alone:
        console.print(
            f"[yellow]![/yellow] The source's other files ({', '.join(part.received.missing)}) are not in the data "
            "folder, so references between them were not followed."
        )
    if len(frame):
        grid = Grid(
            title=f"{file.name}: what we found", title_justify="left", header_style="bold", expand=True
        )
        for heading in ("", "Where", "Column", "Value", "What is wrong", "What to do"):
            grid.add_column(heading, overflow="fold", no_wrap=heading in ("", "Where"))
        for row in frame.astype("object").where(frame.notna(), "").astype(str).to_dict("records"):
            severity = Severity(row[Issue.severity])
            where = " ".join(filter(None, (row[Issue.part], f"row {row[Issue.physical_row]}")))
            grid.add_row(
                f"[{_COLOUR[severity]}]{severity.label}[/]",
                where if row[Issue.physical_row] else row[Issue.part] or "file",
                row[Issue.heading], row[Issue.raw_value], row[Issue.message], row[Issue.what_to_do],
            )  # fmt: skip
        console.print(grid)
    counted = Counter(p.severity for p in own)
    told = (
        ", ".join(f"{counted[s]} {s.label.lower()}" for s in reversed(Severity) if counted[s]) or "no problem"
    )
    rows = part.records[part.records["file"].eq(name)] if len(part.records) else part.records
    good = int(rows["outcome"].eq("curated").sum()) if len(rows) else 0
    if part.is_refused:
        console.print(f"\n[bold red]This roster would be refused.[/] {told}.")
    else:
        console.print(f"\n[bold green]This roster would be taken:[/] {good} of {len(rows)} rows. {told}.")
