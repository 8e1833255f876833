"""What a refresh found, in the few figures that are told wherever a run is told of: each as a pair."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from flows.outputs import Frames
from reports.border import tally
from transforms.tables import BorderReach, Coverage, TargetTracker
from transforms.vocabulary import GapStatus, TargetBasis, TargetScope, TargetStatus, Zone


@dataclass(frozen=True)
class Finding:
    """One headline figure: what is counted, how many for certain, how many at most, and what is to be added."""

    subject: str
    confirmed: int
    possible: int
    words: str


def findings(frames: Frames) -> list[Finding]:
    """The target, the gaps inside the Square Mile, and what is just across the border."""
    return [_target(frames[TargetTracker]), _gaps(frames[Coverage]), _border(frames[BorderReach])]


def _target(tracker: pd.DataFrame) -> Finding:
    key = (TargetScope.UNIVERSAL_AND_SPECIALIST.value, TargetBasis.ACTIVITIES.value)
    both = tracker.set_index([TargetTracker.scope, TargetTracker.basis]).loc[key]
    verdict = TargetStatus(both[TargetTracker.status]).label
    if pd.notna(both[TargetTracker.baseline]):
        verdict += f", against a baseline of {both[TargetTracker.baseline]:g} ({both[TargetTracker.baseline_method]})"
    return Finding(
        "Universal and specialist activities inside the Square Mile",
        int(both[TargetTracker.confirmed]),
        int(both[TargetTracker.possible]),
        f"50% target: {verdict}.",
    )


def _gaps(coverage: pd.DataFrame) -> Finding:
    inside = coverage[coverage[Coverage.zone].eq(Zone.INSIDE)]
    certain, unless = (
        int(inside[Coverage.gap_status].eq(status).sum())
        for status in (GapStatus.GAP_CERTAIN, GapStatus.GAP_UNLESS_VERIFIED)
    )
    return Finding(
        "Gaps inside the Square Mile",
        certain,
        certain + unless,
        f"Of {len(inside)} cells of need × age × level; {unless} of the possible may close once somebody asks.",
    )


def _border(reach: pd.DataFrame) -> Finding:
    across = tally(reach)
    return Finding(
        "Activities within a mile outside the border that take City children",
        across.confirmed,
        across.possible,
        f"Of {across.listed} listed; {across.to_ask} to ask.",
    )
