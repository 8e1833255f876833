"""``squaremile reference``: take official files, and say what is in use, how old it is and how accurate."""

from __future__ import annotations

import datetime as dt
import re
import shutil
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout
from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TransferSpeedColumn
from rich.table import Table as Grid

from flows.dated_facts import read_facts
from flows.errors import AnotherRun, Mistake, RunAborted
from flows.ground import Groundwork, lay_ground
from flows.official.download import download
from flows.official.keep import Arrived, keep
from flows.official.kinds import WORDS, OfficialKind, kind_of
from flows.official.store import Taken, all_taken, drop, recorded, tidy, use
from flows.places import Places
from flows.reference import ADDRESSES, KIND_OF, Reference
from transforms.mapping import nearest_name
from transforms.schema import Table
from transforms.tables import EhcPlans, Population
from transforms.thresholds import Thresholds

_MANY_MONTHS = 9
_INCOMING = "incoming"
_NAMES = {
    OfficialKind.POSTCODES: "postcodes",
    OfficialKind.BOUNDARIES: "boundaries",
    OfficialKind.UPRNS: "UPRNs",
    OfficialKind.EHC_PLANS: "EHC plans",
    OfficialKind.POPULATION: "population estimates",
}
_ROWS_OF = {
    OfficialKind.POSTCODES: "postcodes",
    OfficialKind.BOUNDARIES: "authorities",
    OfficialKind.UPRNS: "UPRNs",
    OfficialKind.EHC_PLANS: "figures",
    OfficialKind.POPULATION: "figures",
}


def fetch(console: Console, what: str, places: Places) -> None:
    """Take a file on disk, a known name or an address: check it, use it, and build the reference anew."""
    known = Reference(places)
    with _alone(places.official), _fetched(console, what, known) as arrived:
        with console.status("Looking at the file"):
            kind = kind_of(arrived.path)
        with console.status(f"Reading and checking {WORDS[kind]}…"):
            taken = keep(kind, arrived, known)
        before = recorded(places.official).get(kind)
        use(places.official, taken)
        try:
            _try_out(console, kind, places)
        except BaseException:
            # What cannot be built with must not stay in use.
            if before:
                use(places.official, before)
            else:
                drop(places.official, kind)
            tidy(places.official, kind)
            raise
        tidy(places.official, kind)
    console.print(
        f"[green]✓[/] {escape(taken.product)}, {escape(taken.as_at)}: {taken.rows:,} {_ROWS_OF[kind]}, in use from "
        "now on.",
        soft_wrap=True,
    )
    for why in taken.left_out:
        console.print(f"[yellow]![/] Left out: {escape(why)}", soft_wrap=True)


def _try_out(console: Console, kind: OfficialKind, places: Places) -> None:
    """What is now in use must be what can be used: facts are read, and the ground is built."""
    known = Reference(places)
    for table, of in KIND_OF.items():
        if of is kind:
            read_facts(table, known.path_of(table))
            return
    with console.status("Building the reference") as status:
        lay_ground(places, known.thresholds, known.authorities, lambda step: status.update(f"{step}…"))


@contextmanager
def _alone(folder: Path) -> Iterator[None]:
    """One change of the official files at a time; a folder that was not there is not left behind empty."""
    was_there = folder.is_dir()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        lock = FileLock(folder / ".lock")
        lock.acquire(timeout=0)
    except Timeout:
        raise AnotherRun(
            "Another command is changing the official files; this one has changed nothing.",
            "Wait until it ends.",
        ) from None
    except OSError as error:
        raise _cannot_write(folder, error) from None
    try:
        yield
    except OSError as error:
        raise _cannot_write(folder, error) from None
    finally:
        if not was_there and not recorded(folder):
            shutil.rmtree(folder, ignore_errors=True)
        lock.release()


def _cannot_write(folder: Path, error: OSError) -> RunAborted:
    return RunAborted(
        f"Official files cannot be kept in {folder}: {error.strerror or error}.",
        "Make the folder writable and free space, or name another data folder with --data.",
    )


@contextmanager
def _fetched(console: Console, what: str, known: Reference) -> Iterator[Arrived]:
    """The file that is meant; one that is downloaded goes again."""
    addresses = _addresses(known)
    if what in addresses:
        told, url = addresses[what], str(addresses[what].get("url", ""))
    elif "://" in what:
        told, url = {}, what
    elif Path(what).is_file():
        yield Arrived(Path(what), Path(what).name, {})
        return
    elif Path(what).is_dir():
        raise Mistake(f"{what} is a folder.", "Name the file in it.")
    else:
        nearest = nearest_name(what, addresses)
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(
            f"There is no file “{what}”, and we know no address by that name.{hint}",
            f"Known names: {', '.join(addresses) or 'none'}.",
        )
    incoming = known.places.official / _INCOMING
    # A fetch that was killed may have left some.
    shutil.rmtree(incoming, ignore_errors=True)
    incoming.mkdir()
    try:
        yield _download(console, url, told, incoming / (what if told else _name_in(url)))
    finally:
        shutil.rmtree(incoming, ignore_errors=True)


def _name_in(url: str) -> str:
    """The file's name as its address has it: an edition is told by it."""
    name = url.partition("?")[0].rstrip("/").rpartition("/")[2]
    return re.sub(r"[^A-Za-z0-9._-]", "_", name)[-80:].lstrip(".") or "download"


def _addresses(known: Reference) -> dict[str, dict[str, Any]]:
    """Where official files are published, by the name that each is known by."""
    path = known.folder / ADDRESSES
    if not path.is_file():
        return {}
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except ValueError as error:
        raise Mistake(f"{path} cannot be read: {error}.", "Correct or restore it.") from None


def _download(console: Console, url: str, told: Mapping[str, Any], to: Path) -> Arrived:
    progress = Progress(
        TextColumn("Fetching {task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn(),
        console=console, transient=True, disable=not console.is_terminal,
    )  # fmt: skip
    with progress:
        task = progress.add_task(escape(str(told.get("title", ""))), total=None)
        fetched = download(
            url, to, on_progress=lambda done, total: progress.update(task, completed=done, total=total)
        )
    return Arrived(fetched.path, fetched.final_url, told)


def drop_official(console: Console, what: str, places: Places) -> None:
    """Go back to what comes with the program for one kind of file."""
    kinds = [kind.value for kind in OfficialKind]
    if what not in kinds:
        nearest = nearest_name(what, kinds)
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(f"“{what}” is not a kind of official file.{hint}", f"Say one of {', '.join(kinds)}.")
    kind = OfficialKind(what)
    if not recorded(places.official):
        console.print(f"No official {_NAMES[kind]} were in use.")
        return
    with _alone(places.official):
        was_used = drop(places.official, kind)
        tidy(places.official, kind)
    if was_used:
        console.print(f"[green]✓[/] The official {_NAMES[kind]} are no longer used.")
    else:
        console.print(f"No official {_NAMES[kind]} were in use.")


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
    taken, of = all_taken(places.official), ground.thresholds
    authorities = Reference(places).authorities
    names = dict(zip(authorities["lad_code"], authorities["name"], strict=True))
    grid = Grid(show_header=False, box=None, padding=(0, 2, 1, 0), pad_edge=False)
    grid.add_column(style="bold", no_wrap=True)
    grid.add_column(overflow="fold")
    grid.add_row("Postcodes", _postcode_words(facts, of) + _origin(taken.get(OfficialKind.POSTCODES)))
    grid.add_row(
        "Boundaries",
        _boundary_words(facts["boundary"], of, names) + _origin(taken.get(OfficialKind.BOUNDARIES)),
    )
    grid.add_row(
        "UPRNs", _uprn_words(taken.get(OfficialKind.UPRNS), of) + _origin(taken.get(OfficialKind.UPRNS))
    )
    for heading, table in (("EHC plans", EhcPlans), ("Population", Population)):
        grid.add_row(heading, _facts_words(table, Reference(places)) + _origin(taken.get(KIND_OF[table])))
    grid.add_row("Built", f"{facts['bytes'] / 1e6:.0f} MB in {escape(str(work.folder))}")
    console.print(grid)


def _origin(taken: Taken | None) -> str:
    return f"\ntaken on {taken.taken_on} from {escape(taken.source)}" if taken else ""


def _postcode_words(facts: Mapping[str, Any], of: Thresholds) -> str:
    postcodes, directory = facts["postcodes"], facts["directory"]
    dated = (
        "with the dates on which postcodes came and went"
        if directory["is_dated"]
        else "without dates: a postcode is listed, not known to be live"
    )
    return (
        f"{escape(postcodes['name'])}, {dated}\n"
        f"as at {postcodes['as_at']}{_age(postcodes['as_at'])}\n"
        f"{directory['postcodes']:,} postcodes; without a point: {directory['without_point']:,}; PO boxes and sorting "
        f"offices: {directory['po_box']:,}; on whole hundreds of metres: {directory['coarse']:,}\n"
        f"a door may be {of.postcode_error_m:g} m from its postcode's point, {of.coarse_postcode_error_m:g} m where "
        f"the point is coarse\nSHA-256 {postcodes['sha256'][:16]}…"
    )


def _uprn_words(uprns: Taken | None, of: Thresholds) -> str:
    if uprns is None:
        return "none: a UPRN matches venues and places none\n`squaremile reference fetch uprns` takes a list of them"
    return (
        f"{escape(uprns.product)}, {uprns.as_at}{_age(uprns.as_at)}: {uprns.rows:,} properties, to "
        f"{of.uprn_error_m:g} m\nSHA-256 {uprns.sha256[:16]}…"
    )


def _facts_words(table: type[Table], known: Reference) -> str:
    """The figures about children in use: the release, and what of it was refused."""
    taken = all_taken(known.places.official).get(KIND_OF[table])
    if taken is None:
        source = read_facts(table, known.path_of(table))[EhcPlans.source].iat[0]
        fetch_it = f"`squaremile reference fetch {table.table_name}` takes a newer release"
        return f"{escape(source)}\nas it comes with the program; {fetch_it}"
    left_out = "".join(f"\nleft out: {escape(why)}" for why in taken.left_out)
    return (
        f"[green]official[/]: {escape(taken.product)}, {taken.as_at}{_age(taken.as_at)}: {taken.rows:,} figures"
        f"{left_out}\nSHA-256 {taken.sha256[:16]}…"
    )


def _boundary_words(boundary: Mapping[str, Any], of: Thresholds, names: Mapping[str, str]) -> str:
    if not boundary["is_official"]:
        return (
            f"[yellow]derived[/] from postcode points for {boundary['authorities']} authorities: not the official one\n"
            f"its error against the official line was measured: {of.boundary_median_error_m:g} m in the median, "
            f"{of.boundary_error_m:g} m at the 95th percentile\n"
            "`squaremile reference fetch boundaries` takes the official ones"
        )
    error = boundary["error_of_derived"]
    agreement = [
        f"{names.get(row['lad_code'], row['lad_code'])}: {row['agreeing']:,} of {row['postcodes']:,} postcodes agree"
        + (
            f", the farthest of the rest {row['farthest_disagreeing_m']:.1f} m from the line"
            if row["disagreeing"]
            else ""
        )
        for row in boundary["agreement"]
    ]
    return (
        f"[green]official[/]: {escape(boundary['name'])}, {boundary['as_at']}{_age(boundary['as_at'])}, "
        f"{boundary['authorities']} authorities\n" + "\n".join(agreement) + "\n"
        f"the derived line it replaces is {error['median_m']:.1f} m off in the median, {error['p95_m']:.1f} m at the "
        f"95th percentile, {error['worst_m']:.1f} m at worst; {error['shared']:.1%} of the ground is shared\n"
        f"SHA-256 {boundary['sha256'][:16]}…"
    )


def _age(as_at: str) -> str:
    """How old a month is, in words; yellow when it is time to look for a newer one."""
    try:
        since = dt.datetime.strptime(as_at, "%B %Y")
    except ValueError:
        return ""
    today = dt.date.today()
    months = max(12 * (today.year - since.year) + today.month - since.month, 0)
    words = f" ({months} month{'s' * (months != 1)} old)" if months else " (this month's)"
    return f"[yellow]{words}[/]" if months > _MANY_MONTHS else words
