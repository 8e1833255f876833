"""What is remembered of earlier nights: the registry of identities in an earlier snapshot."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator

import pandas as pd

from flows.errors import RunAborted
from flows.places import Places
from flows.publish import current
from flows.published import published
from flows.snapshot import Snapshot
from transforms.tables import Identity

REGISTRY = f"tables/{Identity.table_name}.parquet"


def remembered(places: Places, day: pd.Timestamp, *, is_sample: bool) -> pd.DataFrame:
    """The registry of the current snapshot, or of the newest that is not later than ``day``.

    So a night that is repeated remembers what it remembered then. Samples and real rosters never remember
    each other. Empty before the first snapshot; raises ``RunAborted`` when there are some and none is intact.
    """
    damaged = None
    for snapshot in _newest_first(places):
        if snapshot.as_of > day.date().isoformat() or snapshot.is_sample is not is_sample:
            continue
        told = snapshot.manifest["files"].get(REGISTRY)
        if told is None:
            # Published before identities were remembered.
            break
        path = snapshot.folder / REGISTRY
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]:
            return snapshot[Identity]
        damaged = damaged or snapshot.folder
    if damaged:
        raise RunAborted(
            f"The identities in {damaged.name} are damaged, and no earlier snapshot has them whole.",
            f"Restore {damaged.name}/{REGISTRY}; without it every id would change.",
        )
    return Identity.frame()


def _newest_first(places: Places) -> Iterator[Snapshot]:
    """The current snapshot, then all from the newest to the oldest."""
    if now := current(places):
        yield Snapshot(now["folder"], now)
    yield from reversed(published(places))
