"""Which snapshots are published, which of them counts for a date, and which one came before another.

Several may describe one date: a second run on corrected rosters, or one whose folder ends in ``-r2``. The one that
was published last counts: the current one where it is among them, else the one whose manifest was written last.
Samples and real rosters stand apart: nothing here sets one beside the other.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from itertools import groupby

import pandas as pd

from flows.errors import Mistake
from flows.places import Places
from flows.publish import MANIFEST, current
from flows.snapshot import Snapshot, current_snapshot

_REPEAT = re.compile(r"-r(\d+)$")


def published(places: Places) -> list[Snapshot]:
    """Every published snapshot, oldest date first and, within a date, the one that counts last."""
    now = current(places)
    current_folder = now["folder"] if now else None
    found = []
    for path in places.snapshots.glob(f"*/{MANIFEST}"):
        snapshot = Snapshot(path.parent, json.loads(path.read_text(encoding="utf-8")))
        repeat = _REPEAT.search(path.parent.name)
        # Copies that were made without their times are told apart by their number, then by their name.
        order = (
            snapshot.as_of,
            path.parent == current_folder,
            path.stat().st_mtime_ns,
            int(repeat.group(1)) if repeat else 1,
            path.parent.name,
        )
        found.append((order, snapshot))
    return [snapshot for _, snapshot in sorted(found, key=lambda one: one[0])]


def nights(places: Places, *, is_sample: bool) -> list[Snapshot]:
    """The snapshot that counts for each date, oldest first; samples alone, or none of them."""
    same = [snapshot for snapshot in published(places) if snapshot.is_sample is is_sample]
    return [list(of_day)[-1] for _, of_day in groupby(same, key=lambda snapshot: snapshot.as_of)]


def snapshot_before(places: Places, day: pd.Timestamp, *, is_sample: bool) -> Snapshot | None:
    """The snapshot of the newest date before ``day``, or nothing: what a night is compared with.

    Never one of the same day, so that a night that is repeated is compared with what it was compared with then.
    """
    earlier = [s for s in nights(places, is_sample=is_sample) if pd.Timestamp(s.as_of) < day]
    return earlier[-1] if earlier else None


def snapshot_as_of(places: Places, day: dt.date) -> Snapshot:
    """The snapshot of ``day`` or of the newest date before it; a sample only where the current one is a sample."""
    is_sample = current_snapshot(places).is_sample
    found = nights(places, is_sample=is_sample)
    until = [snapshot for snapshot in found if snapshot.as_of <= day.isoformat()]
    if not until:
        raise Mistake(
            f"No snapshot{' of samples' * is_sample} describes {day.isoformat()} or an earlier date.",
            f"The first one describes {found[0].as_of}.",
        )
    return until[-1]
