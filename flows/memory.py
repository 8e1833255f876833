"""What is remembered of earlier nights: the registry of identities in an earlier snapshot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pandas as pd

from flows.errors import RunAborted
from flows.places import Places
from flows.publish import MANIFEST, current
from transforms.tables import Identity

REGISTRY = f"tables/{Identity.table_name}.parquet"


def remembered(places: Places, day: pd.Timestamp, *, is_sample: bool) -> pd.DataFrame:
    """The registry of the current snapshot, or of the newest that is not later than ``day``.

    So a night that is repeated remembers what it remembered then. Samples and real rosters never remember
    each other. Empty before the first snapshot; raises ``RunAborted`` when there are some and none is intact.
    """
    damaged = None
    for folder, manifest in _snapshots(places):
        if manifest["as_of"] > day.date().isoformat() or ("sample" in manifest) is not is_sample:
            continue
        told = manifest["files"].get(REGISTRY)
        if told is None:
            # Published before identities were remembered.
            break
        path = folder / REGISTRY
        if path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == told["sha256"]:
            kept = pd.read_parquet(path)
            # Without the mark of a sample, and without columns that an earlier version had.
            return Identity.frame(kept[[name for name in Identity.names() if name in kept]])
        damaged = damaged or folder
    if damaged:
        raise RunAborted(
            f"The identities in {damaged.name} are damaged, and no earlier snapshot has them whole.",
            f"Restore {damaged.name}/{REGISTRY}; without it every id would change.",
        )
    return Identity.frame()


def _snapshots(places: Places) -> Iterator[tuple[Path, dict[str, Any]]]:
    """The current snapshot, then all by date and name, newest first."""
    if now := current(places):
        yield now["folder"], now
    found = []
    for path in places.snapshots.glob(f"*/{MANIFEST}"):
        manifest = json.loads(path.read_text(encoding="utf-8"))
        found.append((manifest["as_of"], path.parent.name, path.parent, manifest))
    for _, _, folder, manifest in sorted(found, key=lambda one: one[:2], reverse=True):
        yield folder, manifest
