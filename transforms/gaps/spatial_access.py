"""Access to activities within a walk: the enhanced two-step floating catchment."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import shapely

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.cells import NEED_AREA, every_cell, in_tiers
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, cells_of, count
from transforms.gaps.rates import is_known_enough
from transforms.supply import ACTIVITY, PLACE_HOURS, SAL_ID
from transforms.tables import (
    Location,
    Origin,
    PeoplePoint,
    Service,
    ServiceAtLocation,
    SpatialAccess,
    Travel,
)
from transforms.text_columns import is_among, looked_up
from transforms.thresholds import Thresholds
from transforms.travel import homes, walking_minutes
from transforms.vocabulary import TIERS, AccessStatus, NeedArea

PER_PEOPLE = 1000
# What is asked of a service, and no more.
_COLUMNS = [
    *COUNTED_BY, ServiceAtLocation.location_id, Location.x_easting, Location.x_northing, Service.x_tier,
    PLACE_HOURS, NEED_AREA,
]  # fmt: skip
_MINUTES, _VENUE, _POINT, _CELL, _SHARE = "minutes", "venue", "point", "cell", "share"
_OF_ALL_ORIGINS = [SpatialAccess.tier, SpatialAccess.need_area]


def spatial_access(inputs: GapInputs) -> Measured:
    """Which families of the City are served worst?

    One row for every City estate, tier and area of need. Counted are the activities at a place within a walk of
    ``catchment_min``'s last, confirmed and possible as everywhere; what is online or at home asks for no walk and is
    not in here.

    The score is the enhanced two-step floating catchment (Luo and Qi 2009), as PySAL's ``access`` computes it. First
    each activity's place-hours are divided by the young people who can walk to it, those nearer weighing more
    (``catchment_weights`` in each band of minutes): City residents and the neighbours' alike, since all of them may
    come. Then each estate adds up what it can walk to, with the same weights. So a club in the midst of Hackney
    brings less than the same club where few live. The unit is place-hours in four weeks for 1,000 people aged 0 to
    25. People stand where ``people_points`` puts them, of the four authorities alone: a venue toward Camden or
    Westminster seems less crowded than it is. A walk is the straight line × ``walking_detour``.

    The verdict sets the estates beside each other: lowest for certain when all that is possible there is less than
    what is confirmed at any other; perhaps the lowest when that hangs on open answers, or when fewer than
    ``rate_known_pct`` of the activities in its reach say their times and places. Not measurable: fewer do so within
    reach of all estates together, or no population is known. ``rank_confirmed`` counts from the least, on what is
    certain alone.
    """
    rows = _in_reach(inputs)
    every = every_cell(origin=homes(inputs.facts[Origin])[Origin.origin], tier=TIERS, need_area=NeedArea)
    cell, stated = cells_of(rows, every), rows[PLACE_HOURS].where(rows[IS_POSSIBLE])
    hours = stated.groupby([cell, rows[ACTIVITY]]).transform("max")
    rows = rows.assign(**{_CELL: cell, PLACE_HOURS: hours})
    sure, maybe, is_told = rows[IS_CONFIRMED], rows[IS_POSSIBLE], rows[PLACE_HOURS].notna()
    measured = count(
        SpatialAccess,
        rows,
        [
            Figure(SpatialAccess.confirmed, sure),
            Figure(SpatialAccess.possible, maybe),
            Figure(SpatialAccess.hours_known_confirmed, sure & is_told),
            Figure(SpatialAccess.hours_known_possible, maybe & is_told),
        ],
        every,
    )
    table = measured.table
    crowd = _people_in_reach(rows, inputs)
    told = rows[is_told].sort_values([_CELL, ACTIVITY, SAL_ID])
    for column, counts in (
        (SpatialAccess.score_confirmed, IS_CONFIRMED),
        (SpatialAccess.score_possible, IS_POSSIBLE),
    ):
        table[column] = _score(told[told[counts]], crowd, inputs.thresholds)
    scores = [SpatialAccess.score_confirmed, SpatialAccess.score_possible]
    table[scores] = (table[scores].fillna(0) * PER_PEOPLE).round(2)
    return replace(measured, table=_judged(table, inputs))


def _in_reach(inputs: GapInputs) -> pd.DataFrame:
    """Every service at a place within the catchment of each estate, by tier and area of need."""
    ways = inputs.frames[Travel][[Travel.location_id, Travel.origin, Travel.distance_m]]
    ways = ways[ways[Travel.origin].isin(homes(inputs.facts[Origin])[Origin.origin])]
    ways = ways.assign(**{_MINUTES: walking_minutes(ways[Travel.distance_m], inputs.thresholds)})
    ways = ways[ways[_MINUTES].le(max(inputs.thresholds.catchment_min))]
    at = ServiceAtLocation.location_id
    near = inputs.in_areas.loc[is_among(inputs.in_areas[at], ways[Travel.location_id]), _COLUMNS]
    rows = in_tiers(near)
    ways = ways.astype({Travel.location_id: rows[at].dtype}).dropna(subset=[Travel.location_id])
    return rows.merge(ways, left_on=at, right_on=Travel.location_id).reset_index(drop=True)


def _weight(thresholds: Thresholds) -> dict[float, float]:
    return dict(zip(thresholds.catchment_min, thresholds.catchment_weights, strict=True))


def _people_in_reach(rows: pd.DataFrame, inputs: GapInputs) -> pd.Series:
    """Young people who can walk to each venue, weighted by how near they live, by location id."""
    from access.fca import weighted_catchment
    from access.weights import step_fn

    at = ServiceAtLocation.location_id
    venues = rows.drop_duplicates(at)[[at, Location.x_easting, Location.x_northing]]
    people = inputs.facts[PeoplePoint]
    points = shapely.points(people[PeoplePoint.easting], people[PeoplePoint.northing])
    doors = shapely.points(venues[Location.x_easting].to_numpy(), venues[Location.x_northing].to_numpy())
    farthest_m = (
        max(inputs.thresholds.catchment_min) / walking_minutes(pd.Series([1.0]), inputs.thresholds)[0]
    )
    door, point = shapely.STRtree(points).query(doors, predicate="dwithin", distance=farthest_m)
    metres = pd.Series(shapely.distance(doors[door], points[point]), dtype="float64")
    walks = pd.DataFrame(
        {
            _VENUE: venues[at].to_numpy()[door],
            _POINT: point,
            _MINUTES: walking_minutes(metres, inputs.thresholds),
        }
    )
    return weighted_catchment(
        people[[PeoplePoint.people]],
        walks,
        cost_source=_POINT,
        cost_dest=_VENUE,
        cost_cost=_MINUTES,
        loc_index=True,
        loc_value=PeoplePoint.people,
        weight_fn=step_fn(_weight(inputs.thresholds)),
    )


def _score(rows: pd.DataFrame, crowd: pd.Series, thresholds: Thresholds) -> pd.Series:
    """Place-hours for each person in each cell, by its number; of rows in the order of listings, an activity counts
    once, at the first of them.
    """
    from access.fca import weighted_catchment
    from access.weights import step_fn

    once = rows.drop_duplicates([_CELL, ACTIVITY]).reset_index(drop=True)
    shared_by = looked_up(once[ServiceAtLocation.location_id], crowd).astype("float64")
    share = once[PLACE_HOURS].astype("float64") / shared_by
    walks = pd.DataFrame({_POINT: once.index, _CELL: once[_CELL], _MINUTES: once[_MINUTES]})
    return weighted_catchment(
        pd.DataFrame({_SHARE: share}),
        walks,
        cost_source=_POINT,
        cost_dest=_CELL,
        cost_cost=_MINUTES,
        loc_index=True,
        loc_value=_SHARE,
        weight_fn=step_fn(_weight(thresholds)),
    )


def _judged(table: pd.DataFrame, inputs: GapInputs) -> pd.DataFrame:
    """The table with its verdicts, and without scores where too little is known."""
    known, of = SpatialAccess.hours_known_possible, SpatialAccess.possible
    together = table.groupby(_OF_ALL_ORIGINS)[[known, of]].transform("sum")
    known_pct = inputs.thresholds.rate_known_pct
    is_told = is_known_enough(together[known], together[of], known_pct)
    is_nobody = inputs.facts[PeoplePoint].empty or len(homes(inputs.facts[Origin])) < 2
    least = table[SpatialAccess.score_confirmed]
    is_told_here = is_known_enough(table[known], table[of], known_pct) | table[of].eq(0)
    most = table[SpatialAccess.score_possible].where(is_told_here, np.inf)
    groups = table.groupby(_OF_ALL_ORIGINS).ngroup()
    verdicts = [
        (together[of].eq(0), AccessStatus.NONE_SERVED),
        (~is_told | is_nobody, AccessStatus.NOT_MEASURABLE),
        (most.lt(_least_of_others(least, groups)), AccessStatus.LOWEST),
        (least.le(_least_of_others(most, groups)), AccessStatus.PERHAPS_LOWEST),
    ]
    status = np.select(
        [where for where, _ in verdicts],
        [verdict.value for _, verdict in verdicts],
        AccessStatus.NOT_LOWEST.value,
    )
    shown = (is_told | together[of].eq(0)) & (not is_nobody)
    scores = [SpatialAccess.score_confirmed, SpatialAccess.score_possible]
    table = table.assign(
        **{SpatialAccess.status: status}, **{name: table[name].where(shown) for name in scores}
    )
    rank = table.groupby(_OF_ALL_ORIGINS)[SpatialAccess.score_confirmed].rank(method="min")
    return table.assign(**{SpatialAccess.rank_confirmed: rank.astype("Int64")})


def _least_of_others(values: pd.Series, groups: pd.Series) -> pd.Series:
    """For each row the least of the other rows of its group; infinite where it is alone."""
    ordered = values.sort_values(kind="stable")
    place = ordered.groupby(groups).cumcount().reindex(values.index)
    first = values.groupby(groups).transform("min")
    second = values.where(place.gt(0)).groupby(groups).transform("min")
    return first.where(place.gt(0), second).fillna(np.inf)
