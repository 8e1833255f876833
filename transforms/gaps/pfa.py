"""Preparing-for-Adulthood outcome × year of age × zone, present or missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, cast_doubt, is_in_doubt
from transforms.gaps.cells import every_cell, in_years, in_zones
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, count
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, PROVIDER, SAL_ID, SERVICE_CLUSTER, SERVICE_ID
from transforms.tables import Location, Service, ServicePathway
from transforms.tables import PreparingForAdulthood as Pfa
from transforms.text_columns import is_among
from transforms.vocabulary import OLDEST_AGE, Doubt, Pathway, ShortBreakType, Zone

# What is asked of a service, and no more: each stands in dozens of rows.
_COLUMNS = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, Service.minimum_age, Service.maximum_age, Service.x_short_break_type,
    Location.x_zone, Location.x_zone_certain, DOUBTS,
]  # fmt: skip
_INTERNSHIPS = [ShortBreakType.SUPPORTED_INTERNSHIP, ShortBreakType.WORK_EXPERIENCE]


def pfa(inputs: GapInputs) -> Measured:
    """What is there to make a young person ready for adulthood, at which age, and where?

    One row per outcome, year of age from 14 to 25 (see ``adulthood_prepared_from_age``) and zone, present or
    not. An activity works towards an outcome when its name or its kind says so (see ``ServicePathway``).
    Confirmed: it does, is confirmed (see ``build_supply``), certain of its zone and takes the age. Possible: no
    answer rules it out; an activity that names no outcome, and whose kind no roster tells, may work towards any.
    One whose kind is known and is for no outcome counts in none. Internships, careers advice and travel training
    are told by their kind alone.
    """
    years = range(inputs.thresholds.adulthood_prepared_from_age, OLDEST_AGE + 1)
    every = every_cell(pathway=Pathway, age=years, zone=Zone)
    rows = _in_outcomes(inputs.coded, inputs.frames[ServicePathway], years)
    sure, maybe, kind = rows[IS_CONFIRMED], rows[IS_POSSIBLE], rows[Service.x_short_break_type]
    is_internship = kind.isin(_INTERNSHIPS)
    is_careers, is_travel = kind.eq(ShortBreakType.CAREERS_IAG), kind.eq(ShortBreakType.TRAVEL_TRAINING)
    measured = count(
        Pfa,
        rows,
        [
            Figure(Pfa.confirmed, sure),
            Figure(Pfa.possible, maybe),
            Figure(Pfa.named_possible, ~is_in_doubt(rows, [Doubt.OUTCOME_NOT_STATED])),
            Figure(Pfa.providers_confirmed, sure, PROVIDER),
            Figure(Pfa.providers_possible, maybe, PROVIDER),
            Figure(Pfa.internships_confirmed, sure & is_internship),
            Figure(Pfa.internships_possible, is_internship),
            Figure(Pfa.careers_confirmed, sure & is_careers),
            Figure(Pfa.careers_possible, is_careers),
            Figure(Pfa.travel_training_confirmed, sure & is_travel),
            Figure(Pfa.travel_training_possible, is_travel),
        ],
        every,
    )
    table = measured.table
    verdict = gap_status(table[Pfa.confirmed], table[Pfa.possible], table[Pfa.providers_confirmed])
    return replace(measured, table=table.assign(**{Pfa.gap_status: verdict}))


def _in_outcomes(supply: pd.DataFrame, outcomes: pd.DataFrame, years: range) -> pd.DataFrame:
    """Rows in each outcome they work towards, or in every one when no roster tells an outcome or their kind."""
    named = outcomes[[ServicePathway.service_id, ServicePathway.pathway]].rename(
        columns={ServicePathway.service_id: SERVICE_ID, ServicePathway.pathway: Pfa.pathway}
    )
    is_named = is_among(supply[SERVICE_ID], named[SERVICE_ID])
    is_told = is_named | supply[Service.x_short_break_type].ne(ShortBreakType.UNKNOWN)
    is_untold = ~is_told.groupby(supply[SERVICE_CLUSTER]).transform("max")
    rows = cast_doubt(supply[_COLUMNS], Doubt.OUTCOME_NOT_STATED, is_untold)[is_named | is_untold]
    rows = in_years(in_zones(rows), years)
    is_untold = is_in_doubt(rows, [Doubt.OUTCOME_NOT_STATED])
    every = pd.DataFrame({Pfa.pathway: [pathway.value for pathway in Pathway]})
    named = named.astype({SERVICE_ID: rows[SERVICE_ID].dtype}).dropna(subset=[SERVICE_ID])
    return pd.concat(
        [
            rows[~is_untold].merge(named, on=SERVICE_ID),
            rows[is_untold].merge(every, how="cross"),
        ],
        ignore_index=True,
    )
