"""``squaremile reference``: take official files, and say what is in use, how old it is and how accurate."""

from __future__ import annotations

import datetime as dt
import hashlib
import re
import shutil
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table as Grid

from flows.errors import Mistake, PlainError
from flows.ground import UPRN_ARRAYS, Groundwork, lay_ground
from flows.official.boundary_file import read_boundaries
from flows.official.directory_file import read_directory
from flows.official.download import download
from flows.official.kinds import WORDS, OfficialKind, kind_of
from flows.official.store import Taken, all_taken, drop, use
from flows.official.uprn_file import read_uprns
from flows.places import Places
from flows.reference import ADDRESSES, Reference
from transforms.mapping import nearest_name
from transforms.place.boundary_checks import check_boundaries
from transforms.place.derive import sound_points
from transforms.thresholds import Thresholds

_MONTH_AND_YEAR = re.compile(
    r"(January|February|March|April|May|June|July|August|September|October|November|December)[_ -](\d{4})",
    re.IGNORECASE,
)
_MANY_MONTHS = 9
_DAYS_A_MONTH = 30.4


@dataclass(frozen=True)
class _Arrived:
    """A file to be looked at, and where it came from."""

    path: Path
    source: str
    told: Mapping[str, Any]


def fetch(console: Console, what: str, places: Places) -> None:
    """Take a file on disk, a known name or an address: check it, use it, and build the reference anew."""
    known = Reference(places)
    arrived = _get(console, what, known)
    try:
        kind = kind_of(arrived.path)
        with console.status(f"Reading and checking {WORDS[kind]}…"):
            taken = _KEEPERS[kind](arrived, known)
    finally:
        if arrived.path.parent.name == _INCOMING:
            shutil.rmtree(arrived.path.parent, ignore_errors=True)
    before = all_taken(places.official).get(kind)
    use(places.official, taken)
    try:
        with console.status("Building the reference") as status:
            lay_ground(places, known.thresholds, known.authorities, lambda step: status.update(f"{step}…"))
    except PlainError:
        # What cannot be built with must not stay in use.
        if before:
            use(places.official, before)
        else:
            drop(places.official, kind)
        raise
    console.print(f"[green]✓[/] {taken.product}, {taken.as_at}: {taken.rows:,} rows, in use from now on.")


_INCOMING = "incoming"


def _get(console: Console, what: str, known: Reference) -> _Arrived:
    if Path(what).exists():
        return _Arrived(Path(what), Path(what).name, {})
    addresses = tomllib.loads((known.folder / ADDRESSES).read_text(encoding="utf-8"))
    if what in addresses:
        told = addresses[what]
        url = str(told["url"])
    elif "://" in what:
        told, url = {}, what
    else:
        raise Mistake(
            f"There is no file “{what}”, and we know no address by that name. Nearest: "
            f"“{nearest_name(what, list(addresses))}”.",
            f"Known names: {', '.join(addresses)}.",
        )
    folder = known.places.official / _INCOMING
    folder.mkdir(parents=True, exist_ok=True)
    columns = (
        TextColumn("Fetching {task.description}"),
        BarColumn(),
        DownloadColumn(),
        TransferSpeedColumn(),
    )
    with Progress(*columns, console=console) as progress:
        task = progress.add_task(str(told.get("title", "")), total=None)
        fetched = download(
            url,
            folder / "download",
            on_progress=lambda done, total: progress.update(task, completed=done, total=total),
        )
    return _Arrived(fetched.path, fetched.final_url, told)


def _keep_postcodes(arrived: _Arrived, known: Reference) -> Taken:
    directory = read_directory(arrived.path)
    name = f"postcodes-{directory.sha256[:12]}.parquet"
    _write_beside(
        known.places.official / name,
        lambda draft: pq.write_table(directory.postcodes, draft, compression="zstd"),
    )
    return Taken(
        OfficialKind.POSTCODES, name, directory.product, arrived.source, directory.sha256, directory.as_at, _today(),
        directory.postcodes.num_rows,
    )  # fmt: skip


def _keep_boundaries(arrived: _Arrived, known: Reference) -> Taken:
    areas = read_boundaries(arrived.path)
    reasons = check_boundaries(areas, known.authorities, sound_points(known.ground.directory))
    if reasons:
        raise Mistake(
            f"The boundaries in {arrived.path.name} were not taken. " + " ".join(reasons),
            "Take full-resolution authority boundaries from ONS Open Geography.",
        )
    sha256 = _sha256(arrived.path)
    name = f"boundaries-{sha256[:12]}.parquet"
    frame = areas.rename("geometry").to_frame().set_geometry("geometry")
    _write_beside(known.places.official / name, frame.to_parquet)
    month = _MONTH_AND_YEAR.search(f"{arrived.told.get('as_at', '')} {arrived.source}")
    as_at = f"{month[1].capitalize()} {month[2]}" if month else "date not stated"
    product = str(arrived.told.get("title", "Official authority boundaries"))
    return Taken(OfficialKind.BOUNDARIES, name, product, arrived.source, sha256, as_at, _today(), len(areas))


def _keep_uprns(arrived: _Arrived, known: Reference) -> Taken:
    table = pa.Table.from_batches(list(read_uprns(arrived.path)))
    uprn = table["uprn"].to_numpy()
    order = np.argsort(uprn, kind="stable")
    sha256 = _sha256(arrived.path)
    name = f"uprns-{sha256[:12]}"

    def write(draft: Path) -> None:
        draft.mkdir()
        for column in UPRN_ARRAYS:
            np.save(draft / f"{column}.npy", table[column].to_numpy()[order])

    _write_beside(known.places.official / name, write)
    month = _MONTH_AND_YEAR.search(arrived.source)
    as_at = f"{month[1].capitalize()} {month[2]}" if month else f"taken {_today()}"
    return Taken(OfficialKind.UPRNS, name, "OS Open UPRN", arrived.source, sha256, as_at, _today(), len(uprn))


_KEEPERS = {
    OfficialKind.POSTCODES: _keep_postcodes,
    OfficialKind.BOUNDARIES: _keep_boundaries,
    OfficialKind.UPRNS: _keep_uprns,
}


def _write_beside(path: Path, write: Any) -> None:
    """Write a file or folder under a draft's name, then give it its own."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f".{path.name}.new")
    for old in (draft, path):
        if old.is_dir():
            shutil.rmtree(old)
    write(draft)
    draft.replace(path)


def _sha256(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _today() -> str:
    return dt.date.today().isoformat()


def drop_official(console: Console, what: str, places: Places) -> None:
    """Go back to what comes with the program for one kind of file."""
    kinds = [kind.value for kind in OfficialKind]
    if what not in kinds:
        raise Mistake(
            f"“{what}” is not a kind of official file. Nearest: “{nearest_name(what, kinds)}”.",
            f"Say one of {', '.join(kinds)}.",
        )
    if drop(places.official, OfficialKind(what)):
        console.print(f"[green]✓[/] The official {what} are no longer used.")
    else:
        console.print(f"No official {what} were in use.")


def print_built(console: Console, work: Groundwork) -> None:
    """What was built."""
    facts = work.facts
    console.print(
        f"[green]✓[/] {facts['directory']['postcodes']:,} postcodes of {facts['postcodes']['name']} "
        f"({facts['postcodes']['as_at']}), {facts['boundary']['authorities']} authorities, "
        f"{facts['bytes'] / 1e6:.0f} MB in {work.folder}",
        soft_wrap=True,
    )


def print_status(console: Console, work: Groundwork, places: Places) -> None:
    """What is in use, its age, and its accuracy, in plain words."""
    facts, ground = work.facts, work.ground
    directory, boundary = facts["directory"], facts["boundary"]
    taken = all_taken(places.official)
    grid = Grid(show_header=False, box=None, padding=(0, 2, 1, 0))
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    of = ground.thresholds
    dated = "with the dates of introduction and end" if directory["is_dated"] else (
        "without dates: a postcode is listed, not known to be live"
    )  # fmt: skip
    grid.add_row(
        "Postcodes",
        f"{facts['postcodes']['name']}, {dated}\n"
        f"as at {facts['postcodes']['as_at']}{_age(facts['postcodes']['as_at'])}\n"
        f"{directory['postcodes']:,} postcodes; {directory['without_point']:,} have no point, {directory['po_box']:,} "
        f"are PO boxes or sorting offices, {directory['coarse']:,} stand on whole hundreds of metres\n"
        f"a door may be {of.postcode_error_m:g} m from its postcode's point, {of.coarse_postcode_error_m:g} m where "
        f"the point is coarse\nSHA-256 {facts['postcodes']['sha256'][:16]}…",
    )
    grid.add_row("Boundaries", _boundary_words(boundary, of))
    uprns = taken.get(OfficialKind.UPRNS)
    grid.add_row(
        "UPRNs",
        f"{uprns.product}, {uprns.as_at}: {uprns.rows:,} properties, to {of.uprn_error_m:g} m" if uprns
        else "none; a UPRN matches venues but places none (`squaremile reference fetch uprns`)",
    )  # fmt: skip
    grid.add_row("Built", f"{facts['bytes'] / 1e6:.0f} MB in {work.folder}")
    console.print(grid)


def _boundary_words(boundary: Mapping[str, Any], of: Thresholds) -> str:
    if not boundary["is_official"]:
        return (
            f"[yellow]derived[/] from postcode points for {boundary['authorities']} authorities: not the official one\n"
            f"its error against the official line was measured: {of.boundary_median_error_m:g} m in the median, "
            f"{of.boundary_error_m:g} m at the 95th percentile\n"
            "`squaremile reference fetch boundaries` takes the official ones"
        )
    error = boundary["error_of_derived"]
    agreement = [
        f"{row['lad_code']}: {row['agreeing']:,} of {row['postcodes']:,} postcodes agree"
        + (
            f", the farthest of the rest {row['farthest_disagreeing_m']:.1f} m from the line"
            if row["disagreeing"]
            else ""
        )
        for row in boundary["agreement"]
    ]
    return (
        f"[green]official[/]: {boundary['name']}, {boundary['as_at']}{_age(boundary['as_at'])}, "
        f"{boundary['authorities']} authorities\n" + "\n".join(agreement) + "\n"
        f"the derived line it replaces is {error['median_m']:.1f} m off in the median, {error['p95_m']:.1f} m at the "
        f"95th percentile, {error['worst_m']:.1f} m at worst; {error['shared']:.1%} of the ground is shared\n"
        f"SHA-256 {boundary['sha256'][:16]}…"
    )


def _age(as_at: str) -> str:
    """How old a month is, in words; yellow when it is time to look for a newer one."""
    try:
        since = dt.datetime.strptime(as_at, "%B %Y").date()
    except ValueError:
        return ""
    months = round((dt.date.today() - since).days / _DAYS_A_MONTH)
    words = f" ({months} month{'s' if months != 1 else ''} old)"
    return f"[yellow]{words}[/]" if months > _MANY_MONTHS else words
