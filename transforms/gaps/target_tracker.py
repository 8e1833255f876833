"""The strategy's target for activities inside the Square Mile."""

from __future__ import annotations

import math

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.supply import IS_CONFIRMED, IS_POSSIBLE, PLACE_HOURS, SESSIONS, once_per_activity
from transforms.tables import Location, Service, TargetTracker
from transforms.vocabulary import TargetBasis, TargetScope, TargetStatus, Tier, Zone

_TIERS = {
    TargetScope.UNIVERSAL: [Tier.UNIVERSAL],
    TargetScope.SPECIALIST: [Tier.SPECIALIST],
    TargetScope.UNIVERSAL_AND_SPECIALIST: [Tier.UNIVERSAL, Tier.SPECIALIST],
}
_VOLUME = {
    TargetBasis.SESSIONS_PER_4_WEEKS: SESSIONS,
    TargetBasis.PLACE_HOURS_PER_4_WEEKS: PLACE_HOURS,
}


def target_tracker(inputs: GapInputs) -> pd.DataFrame:
    """Is the 2020-24 target of 50% more activities in the Square Mile met?

    An activity is a service cluster at a venue cluster, so one club listed by three boroughs counts
    once; sessions and place-hours stand beside it, so splitting one club into three gains nothing.
    Confirmed activities are inside for certain; one whose venue stands within its positional error of
    the border, on either side, is possible only. Online does not count. Without a declared baseline
    there is no percentage: the strategy itself states none. Target = ⌈baseline × 1.5⌉.
    """
    increase = 1 + inputs.thresholds.target_increase_pct / 100
    baselines = inputs.baselines.set_index(["scope", "basis"])
    rows = []
    for scope in TargetScope:
        counted = _inside(inputs.supply[inputs.supply[Service.x_tier].isin(_TIERS[scope])])
        for basis in TargetBasis:
            confirmed, possible, not_measured = _totals(counted, basis)
            key = (scope.value, basis.value)
            declared = baselines.loc[key] if key in baselines.index else None
            rows.append(
                {
                    TargetTracker.scope: scope.value,
                    TargetTracker.basis: basis.value,
                    TargetTracker.confirmed: confirmed,
                    TargetTracker.possible: possible,
                    TargetTracker.not_measured: not_measured,
                    **_against(declared, confirmed, possible, increase),
                }
            )
    return pd.DataFrame(rows)


def _inside(supply: pd.DataFrame) -> pd.DataFrame:
    """Activities that are, or may be, inside the Square Mile."""
    certain = supply[Location.x_zone_certain].astype(bool)
    inside = supply[Location.x_zone].eq(Zone.INSIDE)
    may_be = inside | (supply[Location.x_zone].eq(Zone.NEAR) & ~certain)
    marked = supply.assign(**{IS_CONFIRMED: supply[IS_CONFIRMED] & inside & certain})
    return once_per_activity(marked[may_be])


def _totals(counted: pd.DataFrame, basis: TargetBasis) -> tuple[float, float, int]:
    sure, maybe = counted[counted[IS_CONFIRMED]], counted[counted[IS_POSSIBLE]]
    if basis is TargetBasis.ACTIVITIES:
        return float(len(sure)), float(len(maybe)), 0
    volume = _VOLUME[basis]
    return round(sure[volume].sum(), 2), round(maybe[volume].sum(), 2), int(maybe[volume].isna().sum())


def _against(
    declared: pd.Series | None, confirmed: float, possible: float, increase: float
) -> dict[str, object]:
    if declared is None:
        return {TargetTracker.status: TargetStatus.NO_BASELINE.value}
    baseline = float(declared["value"])
    target = float(math.ceil(round(baseline * increase, 9)))
    if confirmed >= target:
        status = TargetStatus.MET
    elif possible >= target:
        status = TargetStatus.MET_IF_VERIFIED
    else:
        status = TargetStatus.NOT_MET
    return {
        TargetTracker.baseline: baseline,
        TargetTracker.baseline_as_at: declared["as_at"],
        TargetTracker.baseline_method: declared["method"],
        TargetTracker.target: target,
        TargetTracker.change_pct: round((confirmed - baseline) / baseline * 100, 1) if baseline else None,
        TargetTracker.shortfall: max(target - confirmed, 0.0),
        TargetTracker.status: status.value,
    }
