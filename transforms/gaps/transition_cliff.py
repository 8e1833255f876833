"""What stops at a transition, what bridges it and what starts there."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, cast_doubt
from transforms.gaps.cells import NEED_AREA, every_cell, in_tiers, in_zones, taken
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, count
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, PROVIDER, SAL_ID, SERVICE_ID
from transforms.tables import Eligibility, Location, Service, TransitionCliff
from transforms.text_columns import one_of
from transforms.vocabulary import TIERS, Doubt, NeedArea, SenStage, Transition, Zone

# What is asked of a service, and no more: each stands in dozens of rows.
_COLUMNS = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, Service.minimum_age, Service.maximum_age, Service.x_tier,
    Location.x_zone, Location.x_zone_certain, Eligibility.sen_stage, NEED_AREA, DOUBTS,
]  # fmt: skip
_ENDS, _BRIDGES, _SUCCEEDS = "ends", "bridges", "succeeds"
_WITHOUT_PLAN = (SenStage.OPEN, SenStage.SEN_SUPPORT_OK)


def transition_cliff(inputs: GapInputs) -> Measured:
    """What stops at a birthday, and does anything go on?

    One row for every transition, area of need, tier and zone, present or not: a successor counts in the zone in
    which another service ends. Of a transition at age T, a service *ends* when it takes children of T − 1 and none
    of T + 1; it *bridges* when it takes both; it *succeeds* when it starts at T and takes T + 1. T itself stands on
    neither side, because rosters write “to 11” and “to Year 6” of the same club; what starts later than T leaves a
    year without, and is no successor.

    Confirmed: running, checked recently, open to City residents, certain of its zone, names a need of the area, and
    states both its ages. Possible: no answer rules it out; an age that is not known may be any. An activity to
    which two rosters give different ages counts with each. Whether a child at SEN Support may come, who has no EHC
    plan, is counted among what goes on; most rosters do not say, so the certain are few.

    The verdict is about what goes on, bridging or succeeding: none possibly, none certainly, one provider, or more.
    """
    rows = _at_transitions(in_zones(in_tiers(inputs.in_areas[_COLUMNS])))
    sure, onward = rows[IS_CONFIRMED], rows[_BRIDGES] | rows[_SUCCEEDS]
    stage = rows[Eligibility.sen_stage]
    measured = count(
        TransitionCliff,
        rows,
        [
            Figure(TransitionCliff.ending_confirmed, sure & rows[_ENDS]),
            Figure(TransitionCliff.ending_possible, rows[_ENDS]),
            Figure(TransitionCliff.bridging_confirmed, sure & rows[_BRIDGES]),
            Figure(TransitionCliff.bridging_possible, rows[_BRIDGES]),
            Figure(TransitionCliff.successors_confirmed, sure & rows[_SUCCEEDS]),
            Figure(TransitionCliff.successors_possible, rows[_SUCCEEDS]),
            Figure(TransitionCliff.onward_confirmed, sure & onward),
            Figure(TransitionCliff.onward_possible, onward),
            Figure(TransitionCliff.onward_providers_confirmed, sure & onward, PROVIDER),
            Figure(TransitionCliff.onward_without_plan_confirmed, sure & onward & stage.isin(_WITHOUT_PLAN)),
            Figure(TransitionCliff.onward_without_plan_possible, onward & stage.ne(SenStage.EHCP_REQUIRED)),
        ],
        every_cell(transition=Transition, need_area=NeedArea, tier=TIERS, zone=Zone),
    )
    table = measured.table
    verdict = gap_status(
        table[TransitionCliff.onward_confirmed],
        table[TransitionCliff.onward_possible],
        table[TransitionCliff.onward_providers_confirmed],
    )
    return replace(measured, table=table.assign(**{TransitionCliff.gap_status: verdict}))


def _at_transitions(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows at each transition at which they end, bridge or succeed, or may; in doubt where an age that decides is not
    known.
    """
    low, high = (
        rows[age].to_numpy("float64", na_value=np.nan) for age in (Service.minimum_age, Service.maximum_age)
    )
    no_low, no_high = np.isnan(low), np.isnan(high)
    at = np.array([[transition.age] for transition in Transition])
    before, after = at - 1, at + 1
    # A service whose youngest age is not known may start whenever, one whose oldest is not known may go on for ever.
    starts_before, starts_here = no_low | (low <= before), no_low | (low == at)
    stops, goes_on = no_high | ((high >= before) & (high <= at)), no_high | (high >= after)
    parts = {
        _ENDS: starts_before & stops,
        _BRIDGES: starts_before & goes_on,
        _SUCCEEDS: starts_here & goes_on,
    }
    transition, row = np.nonzero(np.logical_or.reduce(list(parts.values())))
    names = pd.Categorical([transition.value for transition in Transition], dtype=one_of(Transition))
    rows = cast_doubt(rows, Doubt.AGES_NOT_KNOWN, pd.Series(no_low | no_high))
    return taken(rows, row).assign(
        **{TransitionCliff.transition: names.take(transition)},
        **{part: holds[transition, row] for part, holds in parts.items()},
    )
