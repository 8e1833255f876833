"""The snapshot before tonight's, as what moved since is worked out from it."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, replace
from pathlib import Path

import pyarrow.parquet as pq
from pydantic import TypeAdapter

import transforms
from flows.night import Frames
from flows.planned import TAKEN_IN, inputs_of
from flows.reference import Reference
from flows.snapshot import Snapshot
from transforms.nightly import Earlier
from transforms.supply import build_supply
from transforms.thresholds import Thresholds

# In the manifest: by what the tables were worked out.
THRESHOLDS, METHOD, REFERENCE = "thresholds", "method_sha256", "reference"


def method_digest() -> str:
    """One hash over the code that works the tables out: the version alone does not tell every change."""
    home = Path(transforms.__file__).parent
    digest = hashlib.sha256()
    for path in sorted(home.rglob("*.py")):
        digest.update(path.relative_to(home).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()


def comparable(snapshot: Snapshot | None) -> Snapshot | None:
    """The snapshot before, where it has all that the gap tables need today; an older version may lack a column.

    Then nothing is compared for one night: a figure that rests on what was not yet known would be a wrong one.
    """
    if snapshot is None:
        return None
    for table in TAKEN_IN:
        needed = {column.name for column in table.columns() if column.required and not column.formerly}
        if table in snapshot and not needed.issubset(pq.read_schema(snapshot.path(table)).names):
            return None
    return snapshot


def earlier(snapshot: Snapshot, reference: Reference, children: Frames) -> Earlier:
    """A snapshot with the thresholds it was made under, on tonight's dated reference and counts of children."""
    inputs = inputs_of(snapshot, reference)
    inputs = replace(inputs, frames={**inputs.frames, **children}, facts=reference.open_facts)
    told = {
        k: v for k, v in snapshot.manifest.get(THRESHOLDS, {}).items() if k in asdict(reference.thresholds)
    }
    # A threshold that was not there yet cannot have been another one.
    thresholds = TypeAdapter(Thresholds).validate_python({**asdict(reference.thresholds), **told})
    supply = build_supply(inputs.frames, inputs.as_of, thresholds)
    is_alike = (
        snapshot.manifest.get(METHOD) == method_digest()
        and snapshot.manifest[REFERENCE] == [vars(file) for file in reference.files()]
        and all(snapshot[table].equals(frame) for table, frame in children.items())
    )
    return Earlier(snapshot, replace(inputs, thresholds=thresholds, supply=supply), is_alike)
