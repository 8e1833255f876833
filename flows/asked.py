"""The snapshot that a command is asked to read: by date or by name."""

from __future__ import annotations

import datetime as dt

import pandas as pd
from rich.console import Console

from flows.errors import Mistake
from flows.places import Places
from flows.published import published, snapshot_as_of, snapshot_before
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


def snapshot_named(places: Places, text: str) -> Snapshot:
    """The snapshot that a person names: ``current``, ``previous``, a date, or the name of a folder or run."""
    if text.casefold() == "current":
        return current_snapshot(places)
    if text.casefold() == "previous":
        now = current_snapshot(places)
        before = snapshot_before(places, pd.Timestamp(now.as_of), is_sample=now.is_sample)
        if before is None:
            raise Mistake(f"There is no snapshot before the current one, of {now.as_of}.")
        return before
    try:
        return snapshot_as_of(places, dt.date.fromisoformat(text))
    except ValueError:
        pass
    known = published(places)
    by_folder = [one for one in known if one.folder.name == text]
    by_run = [one for one in known if one.run_id == text]
    if not (by_folder or by_run):
        newest = ", ".join(one.folder.name for one in known[-_MOST_NAMED:])
        raise Mistake(
            f"There is no snapshot “{text}”.",
            f"Write current, previous, a date such as 2026-11-23, or the name of one. The newest: {newest}.",
        )
    return (by_folder or by_run)[-1]


_MOST_NAMED = 3
