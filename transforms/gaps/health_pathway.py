"""Health service × age band, on each GP route."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured
from transforms.parsers.reading import fold
from transforms.parsers.referrals import referrers, together
from transforms.schema import LIST_JOINT
from transforms.tables import HealthOffer, HealthPathway
from transforms.text_columns import joined
from transforms.vocabulary import (
    OLDEST_AGE,
    AgeBand,
    Answer,
    HealthRoute,
    PathwayAlignment,
    PathwayDifference,
)

HACKNEY, TOWER_HAMLETS = HealthRoute.CITY_HACKNEY_GP.value, HealthRoute.TOWER_HAMLETS_GP.value
ISLINGTON = HealthRoute.ISLINGTON_GP.value
_ROUTES = (HACKNEY, TOWER_HAMLETS, ISLINGTON)

_OFFERED = {
    HACKNEY: HealthOffer.city_hackney_offered,
    TOWER_HAMLETS: HealthOffer.tower_hamlets_offered,
    ISLINGTON: HealthOffer.islington_offered,
}
# What is stated of a route, one column of the table for each of what several records say together.
_STATED = {
    HACKNEY: (
        HealthOffer.city_hackney_minimum_age, HealthOffer.city_hackney_maximum_age,
        HealthOffer.city_hackney_referral, HealthOffer.city_hackney_wait_weeks,
        HealthOffer.city_hackney_last_verified,
    ),
    TOWER_HAMLETS: (
        HealthOffer.tower_hamlets_minimum_age, HealthOffer.tower_hamlets_maximum_age,
        HealthOffer.tower_hamlets_referral, HealthOffer.tower_hamlets_wait_weeks,
        HealthOffer.tower_hamlets_last_verified,
    ),
    ISLINGTON: (
        HealthOffer.islington_minimum_age, HealthOffer.islington_maximum_age,
        HealthOffer.islington_referral, HealthOffer.islington_wait_weeks,
        HealthOffer.islington_last_verified,
    ),
}  # fmt: skip

_SERVICE, _REFERRERS, _IS_FRESH = "service", "referrers", "is_fresh"
# The larger says more: the yes of one record stands beside the no of another.
_NO, _UNKNOWN, _YES = 0, 1, 2
_ANSWER = np.array([Answer.NO.value, Answer.UNKNOWN.value, Answer.YES.value], dtype=object)
_FIRST_YEARS = [band.first_year for band in AgeBand]
# What is asked of a record, and no more.
_ASKED = [
    HealthPathway.route, HealthPathway.service_name, HealthPathway.offered, HealthPathway.minimum_age,
    HealthPathway.maximum_age, HealthPathway.referral, HealthPathway.wait_weeks, HealthPathway.x_last_verified,
]  # fmt: skip


def health_pathway(inputs: GapInputs) -> Measured:
    """Do City children get the same from a health service whichever GP they are registered with?

    One row per health service that any record names and age band. The routes are those of GP registration: both
    of the City's lead to one ICB, which would hide the difference. Only the City & Hackney and the Tower Hamlets
    route are compared; Islington's stands beside them where a record has it.

    A service is offered at a year of age when a record says so that was checked within
    ``verified_within_days`` and takes the age; it is not when every record says no or excludes the age; else, and
    where the route has no record, that is unknown. Per band: ONE_SIDE_ONLY when one route takes some year and the
    other none, AGE_DIFF when they differ in a year otherwise, REFERRAL_DIFF when they agree in every year and not
    in who may refer, ALIGNED when in both. What is unknown never makes a difference and never makes routes equal.

    A wait moves from month to month and tells how long a queue is, not what the pathway is: it is shown with its
    difference, and no verdict rests on it.
    """
    records = _records(inputs)
    if records.empty:
        return Measured(HealthOffer.frame())
    names = records.groupby(_SERVICE)[HealthPathway.service_name].min()
    every = pd.MultiIndex.from_product([names.index, list(AgeBand)], names=[_SERVICE, HealthOffer.age_band])
    table = _compared(records, records[_IS_FRESH], every)
    stated = _compared(records, pd.Series(True, index=records.index), every)
    table[HealthOffer.stated_differences] = stated[HealthOffer.stated_differences]
    service = every.get_level_values(_SERVICE)
    told_of = {
        route: _told(records[records[HealthPathway.route].eq(route)], columns)
        for route, columns in _STATED.items()
    }
    parts = (told.reindex(service).set_axis(every) for told in told_of.values())
    table = pd.concat([table, *parts], axis="columns")
    offered = _OFFERED[ISLINGTON]
    table[offered] = table[offered].where(service.isin(told_of[ISLINGTON].index))
    table[HealthOffer.wait_difference_weeks] = (
        table[HealthOffer.tower_hamlets_wait_weeks] - table[HealthOffer.city_hackney_wait_weeks]
    )
    table = table.reset_index()
    table[HealthOffer.service_name] = table[_SERVICE].map(names)
    return Measured(table.drop(columns=_SERVICE))


def _records(inputs: GapInputs) -> pd.DataFrame:
    """Every record with the service it is about, who may refer to it, and whether it was checked recently."""
    records = inputs.frames[HealthPathway][_ASKED]
    age_days = (inputs.as_of - records[HealthPathway.x_last_verified]).dt.days
    return records.assign(
        **{
            _SERVICE: records[HealthPathway.service_name].map(fold),
            _IS_FRESH: age_days.between(0, inputs.thresholds.verified_within_days),
            _REFERRERS: records[HealthPathway.referral].map(referrers, na_action="ignore"),
        }
    )


def _compared(records: pd.DataFrame, counts: pd.Series, every: pd.MultiIndex) -> pd.DataFrame:
    """Per service and age band, what the routes offer and in what they differ, by the records that count alone."""
    states = _states(records, counts)
    most = np.maximum.reduceat(states, _FIRST_YEARS, axis=2)
    ours, theirs = states[:, 0], states[:, 1]
    is_apart = np.logical_or.reduceat(np.abs(ours - theirs) == _YES - _NO, _FIRST_YEARS, axis=1).ravel()
    is_unsure = np.logical_or.reduceat(
        (ours == _UNKNOWN) | (theirs == _UNKNOWN), _FIRST_YEARS, axis=1
    ).ravel()
    here, there = most[:, 0].ravel(), most[:, 1].ravel()
    is_one_side = (np.minimum(here, there) == _NO) & (np.maximum(here, there) == _YES)
    may_refer = _may_refer(records, counts, every)
    is_untold = may_refer.isna().any(axis=1).to_numpy()
    refer_apart = ~is_untold & may_refer[HACKNEY].ne(may_refer[TOWER_HAMLETS]).to_numpy()
    verdict = np.select(
        [np.maximum(here, there) == _NO, is_one_side, is_apart, is_unsure | is_untold, refer_apart],
        [PathwayAlignment.NEITHER_SIDE.value, PathwayAlignment.ONE_SIDE_ONLY.value,
         PathwayAlignment.AGE_DIFF.value, PathwayAlignment.UNKNOWN.value, PathwayAlignment.REFERRAL_DIFF.value],
        PathwayAlignment.ALIGNED.value,
    )  # fmt: skip
    differences = {
        PathwayDifference.OFFERED: is_one_side,
        PathwayDifference.AGES: is_apart & ~is_one_side,
        PathwayDifference.REFERRAL: refer_apart & (np.minimum(here, there) == _YES),
    }
    words = [
        LIST_JOINT.join(d.value for d, holds in differences.items() if holds[n]) for n in range(len(every))
    ]
    offered = {column: _ANSWER[most[:, n].ravel()] for n, column in enumerate(_OFFERED.values())}
    told = {HealthOffer.alignment: verdict, HealthOffer.stated_differences: words}
    return pd.DataFrame({**offered, **told}, index=every).replace(
        {HealthOffer.stated_differences: {"": None}}
    )


def _states(records: pd.DataFrame, counts: pd.Series) -> np.ndarray:
    """Whether each service (in order of name), on each of the routes, takes each year of age: no, unknown or yes."""
    year = np.arange(OLDEST_AGE + 1)
    low, high = (
        records[column].astype("float64").to_numpy()[:, None]
        for column in (HealthPathway.minimum_age, HealthPathway.maximum_age)
    )
    # An end that is not known may lie anywhere; what is known for certain is only what is stated.
    is_sure = (np.where(np.isnan(low), high, low) <= year) & (np.where(np.isnan(high), low, high) >= year)
    is_excluded = (low > year) | (high < year)
    says = records[HealthPathway.offered].where(counts, Answer.UNKNOWN.value).to_numpy()[:, None]
    told = np.select(
        [(says == Answer.NO) | ((says != Answer.UNKNOWN) & is_excluded), (says == Answer.YES) & is_sure],
        [_NO, _YES],
        _UNKNOWN,
    )
    service, names = pd.factorize(records[_SERVICE], sort=True)
    route = pd.Index(_ROUTES).get_indexer(records[HealthPathway.route])
    none_told = -1
    states = np.full((len(names), len(_ROUTES), len(year)), none_told)
    mine = route >= 0
    np.maximum.at(states, (service[mine], route[mine]), told[mine])
    return np.where(states == none_told, _UNKNOWN, states)


def _may_refer(records: pd.DataFrame, counts: pd.Series, every: pd.MultiIndex) -> pd.DataFrame:
    """Who may refer to each service on the two routes of the City, all its records together; blank where not told."""
    offers = records[counts & records[HealthPathway.offered].eq(Answer.YES) & records[_REFERRERS].notna()]
    services = every.get_level_values(_SERVICE)
    said = {
        route: offers[offers[HealthPathway.route].eq(route)].groupby(_SERVICE)[_REFERRERS].agg(together)
        for route in (HACKNEY, TOWER_HAMLETS)
    }
    return pd.DataFrame({route: services.map(words) for route, words in said.items()}, index=every)


def _told(records: pd.DataFrame, columns: tuple[str, ...]) -> pd.DataFrame:
    """What all records of one route say of each service: widest ages, every word, longest wait, oldest check."""
    youngest, oldest, referral, wait, checked = columns
    by_service = records.groupby(_SERVICE)
    words = records[[_SERVICE, HealthPathway.referral]].dropna().drop_duplicates()
    words = words.sort_values(HealthPathway.referral)
    return pd.DataFrame(
        {
            youngest: by_service[HealthPathway.minimum_age].min(),
            oldest: by_service[HealthPathway.maximum_age].max(),
            referral: joined(words, HealthPathway.referral, [_SERVICE], "; "),
            wait: by_service[HealthPathway.wait_weeks].max(),
            checked: by_service[HealthPathway.x_last_verified].min(),
        }
    )
