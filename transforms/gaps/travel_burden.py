"""How far it is from where City families live and their children go to school."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, cast_doubt
from transforms.gaps.cells import AGE_BAND, NEED_AREA, every_cell, in_age_bands, in_tiers, taken
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, cells_of, count
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, PROVIDER, SAL_ID, SERVICE_ID
from transforms.tables import Location, Origin, Service, ServiceAtLocation, Travel, TravelBurden
from transforms.text_columns import looked_up, numbered, one_of
from transforms.thresholds import Thresholds
from transforms.travel import walking_minutes
from transforms.vocabulary import TIERS, AgeBand, Doubt, NeedArea, Zone

# What is asked of a service, and no more: each stands in dozens of rows.
_COLUMNS = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, Service.minimum_age, Service.maximum_age, Service.x_tier,
    Location.x_positional_error_m, NEED_AREA, DOUBTS,
]  # fmt: skip
_NO_JOURNEY = (Zone.ONLINE, Zone.HOME_OUTREACH)
_WITHIN = (
    (TravelBurden.within_15_min_confirmed, TravelBurden.within_15_min_possible),
    (TravelBurden.within_30_min_confirmed, TravelBurden.within_30_min_possible),
    (TravelBurden.within_45_min_confirmed, TravelBurden.within_45_min_possible),
)
# For the certain and for all that are possible, the columns of the nearest and of the second nearest: its metres,
# its error and its minutes.
_NEAREST = {
    IS_CONFIRMED: (
        (TravelBurden.nearest_confirmed_m, TravelBurden.nearest_confirmed_error_m,
         TravelBurden.nearest_confirmed_walk_min),
        (TravelBurden.second_confirmed_m, TravelBurden.second_confirmed_error_m,
         TravelBurden.second_confirmed_walk_min),
    ),
    IS_POSSIBLE: (
        (TravelBurden.nearest_possible_m, TravelBurden.nearest_possible_error_m,
         TravelBurden.nearest_possible_walk_min),
        (TravelBurden.second_possible_m, TravelBurden.second_possible_error_m,
         TravelBurden.second_possible_walk_min),
    ),
}  # fmt: skip
_LEAST_MIN, _MOST_MIN, _IS_JOURNEY = "least_min", "most_min", "is_a_journey"
_CELL, _WHICH, _VENUE = "cell", "activity in its cell", "venue"
# The row of metres of a venue without a point: the last.
_NO_POINT = -1


def travel_burden(inputs: GapInputs) -> Measured:
    """How far do City families have to go?

    One row for every City estate, area of need, age band and tier, present or not; and for the City's school, in the
    age bands that it takes at least in part, since its children set out from there when the day is over. Confirmed:
    running, checked recently, open to City residents, names a need of the area, is of this tier and for this age, at
    a known place. Possible: no answer rules it out. A walk is the straight line × ``walking_detour`` ÷
    ``walking_m_per_min``; it is published beside the error of the venue's point. An activity is certainly within
    a walk when it is so even with its whole error added, and possibly when it is so with its error taken off. One
    at a place that is not known may be anywhere: it is possible within every walk and has no distance. What is
    online or at home asks for no journey: it is counted apart and decides nothing here.

    The verdict asks for a walk of ``far_walk_min`` at most: a gap for certain where nothing is possibly so near, a
    gap unless verified where nothing is certainly so near, fragile where all that is comes from one provider.
    """
    rows = _ways(inputs)
    every = _every(inputs.facts[Origin])
    nearest, is_nearest = _nearest(rows, cells_of(rows, every), inputs.thresholds)
    longest = max(inputs.thresholds.far_walk_min, *inputs.thresholds.within_walk_min)
    # What is farther than any walk that is told apart, and not the nearest, is in no figure.
    rows = rows[is_nearest | ~rows[_LEAST_MIN].gt(longest)]
    sure, maybe, journey = rows[IS_CONFIRMED], rows[IS_POSSIBLE], rows[_IS_JOURNEY]
    unknown = journey & rows[Travel.distance_m].isna()

    def within(minutes: float) -> tuple[pd.Series, pd.Series]:
        """Rows that are certainly, and those that are possibly, at most so many minutes away."""
        return sure & rows[_MOST_MIN].le(minutes), maybe & (rows[_LEAST_MIN].le(minutes) | unknown)

    near_sure, near_maybe = within(inputs.thresholds.far_walk_min)
    figures = [
        Figure(TravelBurden.near_enough_confirmed, near_sure),
        Figure(TravelBurden.near_enough_possible, near_maybe),
        Figure(TravelBurden.providers_confirmed, near_sure, PROVIDER),
        Figure(TravelBurden.place_not_known_possible, unknown),
        Figure(TravelBurden.without_travel_confirmed, sure & ~journey),
        Figure(TravelBurden.without_travel_possible, maybe & ~journey),
    ]
    for minutes, columns in zip(inputs.thresholds.within_walk_min, _WITHIN, strict=True):
        figures += [Figure(column, where) for column, where in zip(columns, within(minutes), strict=True)]
    measured = count(TravelBurden, rows, figures, every)
    table = measured.table.join(nearest, validate="1:1")
    verdict = gap_status(
        table[TravelBurden.near_enough_confirmed],
        table[TravelBurden.near_enough_possible],
        table[TravelBurden.providers_confirmed],
    )
    kinds = inputs.facts[Origin].set_index(Origin.origin)[Origin.kind]
    kind = table[TravelBurden.origin].map(kinds)
    return replace(
        measured, table=table.assign(**{TravelBurden.origin_kind: kind, TravelBurden.gap_status: verdict})
    )


def _every(origins: pd.DataFrame) -> pd.MultiIndex:
    every = every_cell(origin=origins[Origin.origin], need_area=NeedArea, age_band=AgeBand, tier=TIERS)
    origin, band = (
        every.codes[every.names.index(name)] for name in (TravelBurden.origin, TravelBurden.age_band)
    )
    return every[_takes(origins, list(AgeBand))[band, origin]]


def _takes(origins: pd.DataFrame, bands: Sequence[AgeBand]) -> np.ndarray:
    """Whether each age band, at least in part, is of the ages at each origin: one row a band, one column an origin."""
    first, last = ([[getattr(band, name)] for band in bands] for name in ("first_year", "last_year"))
    youngest, oldest = (
        origins[age].astype("float64").fillna(blank).to_numpy()
        for age, blank in ((Origin.minimum_age, -np.inf), (Origin.maximum_age, np.inf))
    )
    return (youngest <= np.array(last)) & (oldest >= np.array(first))


def _ways(inputs: GapInputs) -> pd.DataFrame:
    """Every service that may be for a child, from every origin, with its metres, error and least and most minutes."""
    facts = inputs.facts[Origin]
    origins = facts[Origin.origin]
    venue_of, metres_from = _metres(inputs.frames[Travel], origins)
    # What an answer rules out is near nobody; coverage says why.
    rows = inputs.in_areas.loc[
        inputs.in_areas[IS_POSSIBLE], [*_COLUMNS, Location.x_zone, ServiceAtLocation.location_id]
    ]
    venue = looked_up(rows[ServiceAtLocation.location_id], venue_of).fillna(_NO_POINT).astype("int64")
    journey = ~rows[Location.x_zone].isin(_NO_JOURNEY)
    rows = rows[_COLUMNS].assign(**{_IS_JOURNEY: journey, _VENUE: venue})
    rows = cast_doubt(rows, Doubt.PLACE_NOT_KNOWN, journey & venue.eq(_NO_POINT))
    rows = in_tiers(in_age_bands(rows))
    # The codes of ordered categories count them in the order of their texts.
    number, origin = np.nonzero(_takes(facts, sorted(AgeBand))[rows[AGE_BAND].cat.codes])
    rows = taken(rows, number).assign(**{Origin.origin: origins.astype(one_of(origins)).array.take(origin)})
    metres = pd.Series(metres_from[rows[_VENUE], origin]).where(rows[_IS_JOURNEY])
    error = rows[Location.x_positional_error_m].astype("float64")
    return rows.assign(
        **{
            Travel.distance_m: metres,
            _LEAST_MIN: walking_minutes((metres - error).clip(lower=0), inputs.thresholds),
            _MOST_MIN: walking_minutes(metres + error, inputs.thresholds),
        }
    )


def _metres(travel: pd.DataFrame, origins: pd.Series) -> tuple[pd.Series, np.ndarray]:
    """The number of each venue that has a point, by its id, and its metres from each origin, with a row of none at the
    end.
    """
    venue, venues = pd.factorize(travel[Travel.location_id])
    origin = pd.Index(origins).get_indexer(travel[Travel.origin])
    is_asked = origin >= 0
    metres = np.full((len(venues) + 1, len(origins)), np.nan)
    metres[venue[is_asked], origin[is_asked]] = travel[Travel.distance_m].to_numpy()[is_asked]
    return pd.Series(range(len(venues)), index=venues), metres


def _nearest(rows: pd.DataFrame, cell: np.ndarray, thresholds: Thresholds) -> tuple[pd.DataFrame, pd.Series]:
    """The nearest and the second nearest activity of each cell, by its number; and which rows they are."""
    at, _ = numbered(rows[SAL_ID])
    activity, activities = numbered(rows[ACTIVITY])
    metres = rows[Travel.distance_m].to_numpy()
    nearest_first = np.lexsort((at, metres))
    # What has no distance comes last.
    nearest_first = nearest_first[: np.count_nonzero(~np.isnan(metres))]
    placed = rows[[IS_CONFIRMED, IS_POSSIBLE, Travel.distance_m, Location.x_positional_error_m]]
    placed = placed.assign(**{_CELL: cell, _WHICH: cell * max(activities, 1) + activity}).take(nearest_first)
    found = {}
    is_nearest = pd.Series(False, index=rows.index)
    for asked, columns in _NEAREST.items():
        once = placed[placed[asked]].drop_duplicates(_WHICH)
        place = once.groupby(_CELL).cumcount()
        for number, (metres, error, minutes) in enumerate(columns):
            one = once[place.eq(number)]
            is_nearest[one.index] = True
            one = one.set_index(_CELL)
            found[metres], found[error] = one[Travel.distance_m], one[Location.x_positional_error_m]
            found[minutes] = walking_minutes(one[Travel.distance_m], thresholds).round(1)
    return pd.DataFrame(found), is_nearest
