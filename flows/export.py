"""``squaremile export``: one file of a published snapshot, to send or to work with."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console
from rich.table import Table as Grid

from flows.asked import snapshot_asked
from flows.errors import Mistake, RunAborted
from flows.frozen_zip import write_zip
from flows.places import Places
from flows.publish import MANIFEST
from flows.snapshot import Snapshot
from flows.words import day, sample_mark
from transforms.mapping import nearest_name

_PACKAGE = "datapackage.json"


@dataclass(frozen=True)
class _Format:
    """What a format is, which files of a snapshot hold it, and how the file that is handed over ends.

    Several files are handed over as one .zip, with the record of the run and, of the tables, their description.
    """

    what: str
    files: str
    ending: str
    beside: tuple[str, ...] = ()

    @property
    def is_zip(self) -> bool:
        return bool(self.beside)


FORMATS = {
    "xlsx": _Format("every gap table on a sheet of its own, for Excel", "workbook.xlsx", ".xlsx"),
    "ods": _Format("the same workbook as OpenDocument", "workbook.ods", ".ods"),
    "csv": _Format(
        "every table as CSV, with its description, in a .zip", "tables/*.csv", "-csv.zip", (_PACKAGE, MANIFEST)
    ),
    "parquet": _Format("every table as Parquet, in a .zip", "tables/*.parquet", "-parquet.zip", (MANIFEST,)),
    "geojson": _Format("venues on the map, EPSG:4326", "map/venues.geojson", ".geojson"),
    "gpkg": _Format("venues and authorities, EPSG:27700, with a style for QGIS", "map/venues.gpkg", ".gpkg"),
    "geoparquet": _Format("venues on the map, EPSG:27700, as GeoParquet", "map/venues.parquet", ".geo.parquet"),
    "oruk": _Format("services as Open Referral UK 3.0", "open_referral_uk.json", ".open-referral-uk.json"),
}  # fmt: skip


def print_formats(console: Console) -> None:
    """What a snapshot can be handed over as."""
    grid = Grid(header_style="bold")
    grid.add_column("Format", no_wrap=True)
    grid.add_column("What it is", overflow="fold")
    for name, one in FORMATS.items():
        grid.add_row(name, one.what)
    console.print(grid)


def export(
    console: Console, places: Places, name: str, out: Path | None, as_of: dt.date | None, *, may_replace: bool
) -> Path:
    """Hand over a snapshot in a format, under ``out`` or a name that says what it is. Returns where it lies."""
    format_ = FORMATS.get(name.casefold())
    if format_ is None:
        nearest = nearest_name(name.casefold(), FORMATS)
        raise Mistake(
            f"There is no format “{name}”. Did you mean “{nearest}”?",
            f"The formats are {', '.join(FORMATS)}.",
        )
    snapshot = snapshot_asked(console, places, as_of)
    files = sorted(snapshot.folder.glob(format_.files))
    if not files:
        raise Mistake(
            f"The snapshot of {day(snapshot.as_of)} holds no {format_.files}: it was made before there was one.",
            "Ask for a later date with --as-of.",
        )
    path = _checked(_path(snapshot, format_, out), places)
    is_there = path.exists()
    if is_there and not may_replace:
        raise Mistake(f"{path} is there already.", "Name another file with --out, or say --replace.")
    try:
        if format_.is_zip:
            write_zip(path, dict(_parts(snapshot, format_, files)))
        else:
            path.write_bytes(files[0].read_bytes())
    except OSError as error:
        raise RunAborted(
            f"{path} could not be written: {error.strerror or error}.", "Name another place with --out."
        ) from None
    sample_mark(console, snapshot)
    console.print(f"{'Replaced' if is_there else 'Written to'} {path}", soft_wrap=True, markup=False)
    return path


def _path(snapshot: Snapshot, format_: _Format, out: Path | None) -> Path:
    sample = "SAMPLE-" if snapshot.is_sample else ""
    own = f"squaremile-{sample}{snapshot.as_of}{format_.ending}"
    if out is None:
        return Path(own)
    return out / own if out.is_dir() else out


def _checked(path: Path, places: Places) -> Path:
    """A place to write to; never in a published snapshot, which is not changed."""
    if not path.parent.is_dir():
        raise Mistake(f"There is no folder {path.parent}.", "Make it, or name another with --out.")
    if path.resolve().is_relative_to(places.curated.resolve()):
        raise Mistake(f"{path} lies among the published snapshots.", "Name a place elsewhere with --out.")
    return path


def _parts(snapshot: Snapshot, format_: _Format, files: list[Path]) -> Iterator[tuple[str, bytes]]:
    names = {file.relative_to(snapshot.folder).as_posix() for file in files}
    for beside in format_.beside:
        content = (snapshot.folder / beside).read_bytes()
        yield beside, _described(content, names) if beside == _PACKAGE else content
    for file in files:
        yield file.relative_to(snapshot.folder).as_posix(), file.read_bytes()


def _described(package: bytes, names: set[str]) -> bytes:
    """The description of the files that are handed over, and of no others."""
    told = json.loads(package)
    told["resources"] = [one for one in told["resources"] if one["path"] in names]
    return (json.dumps(told, indent=1, ensure_ascii=False) + "\n").encode()
