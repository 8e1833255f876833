"""The snapshot before tonight's, as what moved since is worked out from it."""

from __future__ import annotations

from dataclasses import asdict, replace

from pydantic import TypeAdapter

from flows.night import Frames
from flows.planned import inputs_of
from flows.reference import Reference
from flows.snapshot import Snapshot
from transforms.nightly import Earlier
from transforms.supply import build_supply
from transforms.thresholds import Thresholds

THRESHOLDS = "thresholds"


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
    return Earlier(snapshot, replace(inputs, thresholds=thresholds, supply=supply))
