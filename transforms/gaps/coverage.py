"""Need × age band × tier × zone, present or missing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE, only_doubt_is
from transforms.gaps.cells import AGE_FULL, SCOPE, every_cell
from transforms.gaps.groups import Groups
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, count
from transforms.gaps.verdicts import gap_status
from transforms.supply import PLACE_HOURS, PROVIDER, SESSIONS
from transforms.tables import Coverage
from transforms.text_columns import looked_up
from transforms.vocabulary import NEEDS_TO_COVER, TIERS, AgeBand, Doubt, NeedScope, Zone


def coverage(inputs: GapInputs) -> Measured:
    """What is missing, for which need, age and level of offer, and where?

    One row for every combination of the 13 needs, five age bands, three tiers and six zones, present
    or not. Confirmed: the activity is running, was checked recently, accepts City residents, is certain
    of its zone, names the need and covers the band. Possible: no answer rules it out; an activity for
    any special need, open to everyone, or that does not say whom it is for, is possible and counted
    apart. An activity whose tier is not known is possible in every tier, one of uncertain zone in both.
    """
    every = every_cell(need=NEEDS_TO_COVER, age_band=AgeBand, tier=TIERS, zone=Zone)
    rows = inputs.in_coverage
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    scope = _strongest_scope(rows, inputs.activities_of_coverage)
    covers_all = inputs.activities_of_coverage.over(np.logical_or, (rows[AGE_FULL] & maybe).to_numpy("bool"))
    measured = count(
        Coverage,
        rows,
        [
            Figure(Coverage.confirmed, sure),
            Figure(Coverage.possible, maybe),
            Figure(Coverage.named_possible, scope.isin([NeedScope.NAMED, NeedScope.AREA])),
            Figure(Coverage.any_send_confirmed,
                   only_doubt_is(rows, Doubt.ANY_SEND) & scope.eq(NeedScope.ANY_SEND)),
            Figure(Coverage.any_send_possible, scope.eq(NeedScope.ANY_SEND)),
            Figure(Coverage.open_possible, scope.eq(NeedScope.OPEN)),
            Figure(Coverage.not_stated_possible, scope.eq(NeedScope.NOT_STATED)),
            Figure(Coverage.providers_confirmed, sure, PROVIDER),
            Figure(Coverage.providers_possible, maybe, PROVIDER),
            Figure(Coverage.full_age_confirmed, sure & covers_all),
            Figure(Coverage.partial_age_confirmed, sure & ~covers_all),
            Figure(Coverage.sessions_confirmed, sure, SESSIONS),
            Figure(Coverage.sessions_possible, maybe, SESSIONS),
            Figure(Coverage.place_hours_confirmed, sure, PLACE_HOURS),
            Figure(Coverage.place_hours_possible, maybe, PLACE_HOURS),
        ],
        every,
    )  # fmt: skip
    table = measured.table
    verdict = gap_status(
        table[Coverage.confirmed], table[Coverage.possible], table[Coverage.providers_confirmed]
    )
    return replace(measured, table=table.assign(**{Coverage.gap_status: verdict}))


def _strongest_scope(rows: pd.DataFrame, activities: Groups) -> pd.Series:
    """The narrowest scope that any roster states for an activity in a cell: it stands for the others."""
    order = [scope.value for scope in NeedScope]
    rank = looked_up(rows[SCOPE], pd.Series(range(len(order)), index=order))
    rank = rank.where(rows[IS_POSSIBLE], len(order)).to_numpy("int8")
    scopes = pd.Categorical([*order, None], dtype=rows[SCOPE].dtype)
    return pd.Series(scopes.take(activities.over(np.minimum, rank)), index=rows.index)
