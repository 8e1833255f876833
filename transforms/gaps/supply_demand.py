"""Place-hours that City children may use, per child who may need them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.cells import in_needs
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.gaps.rates import is_known_enough
from transforms.supply import ACTIVITY, PLACE_HOURS
from transforms.tables import ExpectedChildren, ServiceNeed, SupplyDemand
from transforms.vocabulary import NEEDS_TO_COVER, DemandBasis, DemandCaveat, SupplyStatus


def supply_demand(inputs: GapInputs) -> Measured:
    """Is there enough for the need?

    One row for each of the 13 needs. Supply is what City children may use, wherever it is: at a venue, online or
    at home. Confirmed: every answer is certain and the need is named. Possible: no answer rules it out. An
    activity's place-hours are not divided among the needs it serves, nor among the boroughs whose children it
    takes: each need is measured as if all its places were for City children with that need, so what is below the
    benchmark here is below it for certain.

    Demand is a range. One end are the City's EHC plans with that primary need, rounded (Department for Education);
    the other what the City would have at the rates of London and of England (plans ÷ people aged 0 to 25, times the
    City's; Office for National Statistics). Where the plans are too few to be told, only the rates are left. Plans
    are counted where a child lives: many City children go to school elsewhere. Children at SEN support are not in.

    Place-hours per child: the confirmed over the most children, the possible over the fewest; withheld where
    fewer than ``rate_known_pct`` of the activities say their times and places. Enough: the confirmed reach
    ``enough_hours_per_child`` for the most children. Below for certain: the possible do not reach it for the
    fewest, and every one of them says its times and places. The neighbours' own ratio is no benchmark: it would
    move with their rosters, and an activity next door would open a gap here.
    """
    rows = in_needs(inputs.coded[[*COUNTED_BY, PLACE_HOURS]], inputs.frames[ServiceNeed])
    stated = rows[PLACE_HOURS].where(rows[IS_POSSIBLE])
    is_known = stated.groupby([rows[SupplyDemand.need], rows[ACTIVITY]]).transform("max").notna()
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    measured = count(
        SupplyDemand,
        rows,
        [
            Figure(SupplyDemand.confirmed, sure),
            Figure(SupplyDemand.possible, maybe),
            Figure(SupplyDemand.hours_known_confirmed, sure & is_known),
            Figure(SupplyDemand.hours_known_possible, maybe & is_known),
            Figure(SupplyDemand.place_hours_confirmed, sure, PLACE_HOURS),
            Figure(SupplyDemand.place_hours_possible, maybe, PLACE_HOURS),
        ],
        pd.Index([need.value for need in NEEDS_TO_COVER], name=SupplyDemand.need),
    )
    table = measured.table.join(_demand(inputs.frames[ExpectedChildren]), on=SupplyDemand.need)
    return replace(measured, table=_judged(table, inputs))


def _demand(children: pd.DataFrame) -> pd.DataFrame:
    """The range of children for each need, and what its ends rest on."""
    by_need = children[children[ExpectedChildren.need].notna()].set_index(ExpectedChildren.need)
    ends = pd.DataFrame(
        {
            DemandBasis.EHC_PLANS.value: by_need[ExpectedChildren.plans].astype("float64"),
            SupplyDemand.children_low: by_need[ExpectedChildren.estimate_low],
            SupplyDemand.children_high: by_need[ExpectedChildren.estimate_high],
        }
    )
    plans = ends[DemandBasis.EHC_PLANS.value]
    least, most = ends.min(axis=1), ends.max(axis=1)

    def basis(end: pd.Series) -> pd.Series:
        told = pd.Series(DemandBasis.RATE.value, index=end.index, dtype="str")
        return told.mask(plans.eq(end), DemandBasis.EHC_PLANS.value).where(end.notna())

    return pd.DataFrame(
        {
            SupplyDemand.children_low: least,
            SupplyDemand.children_low_basis: basis(least),
            SupplyDemand.children_high: most,
            SupplyDemand.children_high_basis: basis(most),
            SupplyDemand.demand_period: by_need[ExpectedChildren.period],
        }
    )


def _judged(table: pd.DataFrame, inputs: GapInputs) -> pd.DataFrame:
    """The table with its rates and verdicts."""
    enough, known_pct = inputs.thresholds.enough_hours_per_child, inputs.thresholds.rate_known_pct
    sure, maybe = table[SupplyDemand.place_hours_confirmed], table[SupplyDemand.place_hours_possible]
    fewest, most = table[SupplyDemand.children_low], table[SupplyDemand.children_high]
    is_open = table[SupplyDemand.hours_known_possible].lt(table[SupplyDemand.possible])
    verdicts = [
        (most.isna(), SupplyStatus.NOT_MEASURABLE),
        (sure.ge(enough * most), SupplyStatus.ENOUGH),
        (maybe.ge(enough * fewest) | is_open, SupplyStatus.BELOW_UNLESS_VERIFIED),
    ]

    def per_child(hours: pd.Series, children: pd.Series, known: str, of: str) -> pd.Series:
        is_told = is_known_enough(table[known], table[of], known_pct) | table[of].eq(0)
        return (hours / children.where(children.gt(0))).round(1).where(is_told)

    return table.assign(
        **{
            SupplyDemand.caveat: DemandCaveat.EDUCATED_ELSEWHERE.value,
            SupplyDemand.hours_per_child_confirmed: per_child(
                sure, most, SupplyDemand.hours_known_confirmed, SupplyDemand.confirmed
            ),
            SupplyDemand.hours_per_child_possible: per_child(
                maybe, fewest, SupplyDemand.hours_known_possible, SupplyDemand.possible
            ),
            SupplyDemand.benchmark_hours_per_child: enough,
            SupplyDemand.status: np.select(
                [where for where, _ in verdicts],
                [verdict.value for _, verdict in verdicts],
                SupplyStatus.BELOW_BENCHMARK.value,
            ),
        }
    )
