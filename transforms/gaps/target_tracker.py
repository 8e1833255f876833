"""The strategy's target for activities inside the Square Mile."""

from __future__ import annotations

import math
from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE, cast_doubt
from transforms.gaps.cells import every_cell
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.supply import ACTIVITY, PLACE_HOURS, SESSIONS
from transforms.tables import Baseline, Location, Service, TargetTracker
from transforms.vocabulary import Doubt, TargetBasis, TargetScope, TargetStatus, Tier, Zone

# What is asked of a service, and no more.
_COLUMNS = [*COUNTED_BY, SESSIONS, PLACE_HOURS, Service.x_tier, Location.x_zone, Location.x_zone_certain]
_TIERS = {
    TargetScope.UNIVERSAL: [Tier.UNIVERSAL],
    TargetScope.SPECIALIST: [Tier.SPECIALIST],
    TargetScope.UNIVERSAL_AND_SPECIALIST: [Tier.UNIVERSAL, Tier.SPECIALIST],
}
_AMOUNT = "amount"


def target_tracker(inputs: GapInputs) -> Measured:
    """Is the 2020-24 target of 50% more activities in the Square Mile met?

    An activity is a service cluster at a venue cluster, so one club listed by three boroughs counts
    once; sessions and place-hours stand beside it, so splitting one club into three gains nothing.
    Confirmed activities are inside for certain; one whose venue stands within its positional error of
    the border, on either side, is possible only. Online does not count. Without a declared baseline
    there is no percentage: the strategy itself states none. Target = ⌈baseline × 1.5⌉.
    """
    increase = 1 + inputs.thresholds.target_increase_pct / 100
    baselines = inputs.facts[Baseline].set_index(Baseline.key_names())
    totals = _totals(inputs.supply[_COLUMNS])
    rows = []
    for total in totals.table.to_dict("records"):
        key = (total[TargetTracker.scope], total[TargetTracker.basis])
        declared = baselines.loc[key] if key in baselines.index else None
        confirmed, possible = total[TargetTracker.confirmed], total[TargetTracker.possible]
        rows.append({**total, **_against(declared, confirmed, possible, increase)})
    return replace(totals, table=pd.DataFrame(rows))


def _totals(supply: pd.DataFrame) -> Measured:
    """What every scope counts on every basis, of the activities that are, or may be, inside the Square Mile."""
    inside = supply[Location.x_zone].eq(Zone.INSIDE)
    unsure = ~supply[Location.x_zone_certain].astype(bool)
    may_be_inside = inside | (supply[Location.x_zone].eq(Zone.NEAR) & unsure)
    supply = cast_doubt(supply, Doubt.PLACE_UNSURE, unsure)[may_be_inside]
    in_scopes = [
        supply[supply[Service.x_tier].isin(tiers)].assign(**{TargetTracker.scope: scope.value})
        for scope, tiers in _TIERS.items()
    ]
    rows = pd.concat(in_scopes, ignore_index=True)
    # An activity is one activity, and so many sessions or place-hours as are known.
    amounts = {
        TargetBasis.ACTIVITIES: 1.0,
        TargetBasis.SESSIONS_PER_4_WEEKS: rows[SESSIONS],
        TargetBasis.PLACE_HOURS_PER_4_WEEKS: rows[PLACE_HOURS],
    }
    on_bases = [
        rows.assign(**{TargetTracker.basis: basis.value, _AMOUNT: amount})
        for basis, amount in amounts.items()
    ]
    rows = pd.concat(on_bases, ignore_index=True)
    key = [rows[name] for name in (TargetTracker.basis, TargetTracker.scope, ACTIVITY)]
    unmeasured = rows[_AMOUNT].where(rows[IS_POSSIBLE]).groupby(key).transform("max").isna()
    return count(
        TargetTracker,
        rows,
        [
            Figure(TargetTracker.confirmed, rows[IS_CONFIRMED], _AMOUNT),
            Figure(TargetTracker.possible, rows[IS_POSSIBLE], _AMOUNT),
            Figure(TargetTracker.not_measured, unmeasured),
        ],
        every_cell(basis=TargetBasis, scope=TargetScope),
    )


def _against(
    declared: pd.Series | None, confirmed: float, possible: float, increase: float
) -> dict[str, object]:
    if declared is None:
        return {TargetTracker.status: TargetStatus.NO_BASELINE.value}
    baseline = float(declared[Baseline.value])
    target = float(math.ceil(round(baseline * increase, 9)))
    if confirmed >= target:
        status = TargetStatus.MET
    elif possible >= target:
        status = TargetStatus.MET_IF_VERIFIED
    else:
        status = TargetStatus.NOT_MET
    return {
        TargetTracker.baseline: baseline,
        TargetTracker.baseline_as_at: declared[Baseline.as_at],
        TargetTracker.baseline_method: declared[Baseline.method],
        TargetTracker.baseline_approved_by: declared[Baseline.approved_by],
        TargetTracker.target: target,
        TargetTracker.change_pct: round((confirmed - baseline) / baseline * 100, 1) if baseline else None,
        TargetTracker.shortfall: max(target - confirmed, 0.0),
        TargetTracker.status: status.value,
    }


def baselines_of(tracker: pd.DataFrame) -> pd.DataFrame:
    """The baselines that a published tracker was held against, on ``Baseline``."""
    declared = tracker[tracker[TargetTracker.baseline].notna()]
    return Baseline.frame(
        pd.DataFrame(
            {
                Baseline.scope: declared[TargetTracker.scope],
                Baseline.basis: declared[TargetTracker.basis],
                Baseline.value: declared[TargetTracker.baseline],
                Baseline.as_at: declared[TargetTracker.baseline_as_at],
                Baseline.method: declared[TargetTracker.baseline_method],
                Baseline.approved_by: declared[TargetTracker.baseline_approved_by],
            }
        )
    )
