"""The snapshot that a reading command is asked for."""

from __future__ import annotations

import datetime as dt

from rich.console import Console

from flows.places import Places
from flows.published import snapshot_as_of
from flows.snapshot import Snapshot, current_snapshot
from flows.words import day


def snapshot_asked(console: Console, places: Places, as_of: dt.date | None) -> Snapshot:
    """The current snapshot; with ``as_of`` the latest that describes that date or an earlier one, and it is told."""
    if as_of is None:
        return current_snapshot(places)
    snapshot = snapshot_as_of(places, as_of)
    told = f"As of {day(as_of)}: the snapshot of {day(snapshot.as_of)}, {snapshot.folder.name}."
    console.print(told, style="dim", soft_wrap=True)
    return snapshot
