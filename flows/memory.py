"""What is remembered of earlier nights: the registry of identities, and the counts of children released so far."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd

from flows.errors import RunAborted
from flows.places import Places
from flows.publish import current
from flows.published import published
from flows.snapshot import Snapshot
from transforms.disclosure import DisclosurePolicy
from transforms.schema import Table
from transforms.tables import ChildTable, Identity


def remembered(places: Places, day: pd.Timestamp, *, is_sample: bool) -> pd.DataFrame:
    """The registry of the current snapshot, or of the newest that is not later than ``day``.

    So a night that is repeated remembers what it remembered then. Samples and real rosters never remember
    each other. Empty before the first snapshot; raises ``RunAborted`` when there are some and none is intact.
    """
    damaged = None
    for snapshot in _newest_first(places):
        if snapshot.as_of > day.date().isoformat() or snapshot.is_sample is not is_sample:
            continue
        if file_of(Identity) not in snapshot.manifest["files"]:
            # Published before identities were remembered.
            break
        if _is_whole(snapshot, Identity):
            return snapshot[Identity]
        damaged = damaged or snapshot.folder
    if damaged:
        raise RunAborted(
            f"The identities in {damaged.name} are damaged, and no earlier snapshot has them whole.",
            f"Restore {damaged.name}/{file_of(Identity)}; without it every id would change.",
        )
    return Identity.frame()


def released(
    places: Places, table: type[ChildTable], policy: DisclosurePolicy, *, is_sample: bool
) -> list[pd.DataFrame]:
    """Every release of a table of children so far, of whatever date, one a cycle, newest first.

    A night that is repeated, or filled in later, must not tell again in other figures what has been told. Raises
    ``RunAborted`` when every snapshot of a cycle is damaged: without its release, a new one could be subtracted
    from it.
    """
    found: dict[pd.Timestamp, pd.DataFrame] = {}
    damaged: dict[pd.Timestamp, str] = {}
    for snapshot in _newest_first(places):
        cycle = policy.cycle_of(pd.Timestamp(snapshot.as_of))
        is_told = file_of(table) in snapshot.manifest["files"]
        if snapshot.is_sample is not is_sample or cycle in found or not is_told:
            continue
        if not _is_whole(snapshot, table):
            damaged.setdefault(cycle, snapshot.folder.name)
        elif len(snapshot[table]):
            found[cycle] = snapshot[table]
    if lost := [name for cycle, name in damaged.items() if cycle not in found]:
        raise RunAborted(
            f"The counts of children in {lost[0]} are damaged, and no other snapshot of its cycle has them whole.",
            f"Restore {lost[0]}/{file_of(table)}; a release made anew could give away what that one withholds.",
        )
    return list(found.values())


def file_of(table: type[Table]) -> str:
    """Where a snapshot holds a table."""
    return f"tables/{table.table_name}.parquet"


def _is_whole(snapshot: Snapshot, table: type[Table]) -> bool:
    """Whether a table of a snapshot has the bytes that its manifest says."""
    path = snapshot.folder / file_of(table)
    told = snapshot.manifest["files"][file_of(table)]["sha256"]
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == told


def _newest_first(places: Places) -> Iterator[Snapshot]:
    """The current snapshot, then all from the newest to the oldest."""
    if now := current(places):
        yield Snapshot(now["folder"], now)
    yield from reversed(published(places))
