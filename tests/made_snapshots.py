"""Published snapshots made in a moment: measured by the real gap tables, without reading any roster."""

from __future__ import annotations

import json
from typing import Any

import pandas as pd
from builders import frames_of_offers, gap_inputs

from flows.outputs import write_parquet
from flows.places import Places
from flows.published import published
from flows.snapshot import Snapshot
from transforms.gaps import measure_all
from transforms.schema import Table
from transforms.tables import PUBLISHED

Frames = dict[type[Table], pd.DataFrame]


def measured(offers: str) -> Frames:
    """The directory that a text table of offers describes, and every gap table over it."""
    frames = frames_of_offers(offers)
    found = frames | measure_all(gap_inputs(frames), "run", "0.1.0")
    return {table: found[table] for table in PUBLISHED if table in found}


def made(
    places: Places,
    name: str,
    as_of: str,
    frames: Frames,
    *,
    is_sample: bool = False,
    is_current: bool = True,
    **manifest: Any,
) -> Snapshot:
    """Publish frames as the snapshot of a date; ``manifest`` overrides what its record says."""
    folder = places.snapshots / name
    (folder / "tables").mkdir(parents=True)
    for table, frame in frames.items():
        path = folder / "tables" / f"{table.table_name}.parquet"
        write_parquet(path, table, table.sorted(frame), is_sample=is_sample)
    record = {
        **({"sample": "SAMPLE"} if is_sample else {}),
        "run_id": name,
        "as_of": as_of,
        "method_version": "0.1.0",
        "reference": [],
        "sources": [],
        "tables": {table.table_name: len(frame) for table, frame in frames.items()},
    }
    (folder / "manifest.json").write_text(json.dumps({**record, **manifest}), encoding="utf-8")
    if is_current:
        places.pointer.write_text(json.dumps({"snapshot": f"snapshots/{name}"}), encoding="utf-8")
    return next(one for one in published(places) if one.folder == folder)
