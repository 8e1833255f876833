"""Where nothing fits, why, and what comes nearest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import (
    IS_CONFIRMED,
    IS_POSSIBLE,
    cast_doubt,
    cast_doubts,
    sole_ruling_out,
    without_doubts,
    would_be_confirmed,
)
from transforms.gaps.answers import agreed
from transforms.gaps.cells import AGE_BAND, NEED, TIER, ZONE, every_cell
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, cells_of, count
from transforms.supply import ACTIVITY, ORGANIZATION_NAME, SAL_ID, SERVICE_NAME, VENUE_NAME
from transforms.tables import (
    Accessibility,
    BespokeCandidates,
    Eligibility,
    Location,
    Schedule,
    ServiceAtLocation,
    Travel,
)
from transforms.text_columns import is_among, joined, looked_up, numbered, one_of
from transforms.vocabulary import (
    NEEDS_TO_COVER,
    RULING_OUT,
    TIERS,
    AgeBand,
    Answer,
    BespokeReason,
    CalendarPeriod,
    DaySlot,
    Doubt,
    Need,
    StepFree,
    Zone,
)

# What alone is in the way of a service, and the reason it stands for.
_REASON_OF = {
    Doubt.NO_PLACES: BespokeReason.FULL,
    Doubt.SCHOOL_HOURS_ONLY: BespokeReason.TIME,
    Doubt.PARENT_MUST_STAY: BespokeReason.PARENT_STAY,
    Doubt.NOT_STEP_FREE: BespokeReason.ACCESS,
    Doubt.NO_CITY_RESIDENTS: BespokeReason.RESIDENCY,
    Doubt.OTHER_AGES: BespokeReason.AGE,
    Doubt.OUT_OF_REACH: BespokeReason.DISTANCE,
}
_OUT_OF_REACH = (Zone.OUTSIDE, Zone.ONLINE)
# Judgement: who is at school when school is on, and whose child cannot get in by steps.
_ONLY_FOR = {
    Doubt.SCHOOL_HOURS_ONLY: (AGE_BAND, (AgeBand.FROM_5, AgeBand.FROM_11)),
    Doubt.NOT_STEP_FREE: (NEED, (Need.PD, Need.PMLD)),
}

_CELL = [NEED, AGE_BAND, TIER]
# What is asked of a service, and no more; and how the alternative is told.
_COLUMNS = [
    *COUNTED_BY, *_CELL, ZONE, Location.x_zone, ServiceAtLocation.location_id, Location.x_positional_error_m
]  # fmt: skip
_NAMES = {
    SERVICE_NAME: BespokeCandidates.alternative_service,
    ORGANIZATION_NAME: BespokeCandidates.alternative_organization,
    VENUE_NAME: BespokeCandidates.alternative_venue,
}
_ORDER, _IS_RULED_OUT = "order", "is_ruled_out"


def bespoke_candidates(inputs: GapInputs) -> Measured:
    """What must be designed, because nothing fits?

    One row for every need, age band and tier in which no option is certain; never a row for a child. An option is a
    confirmed activity (see ``coverage``) inside or near the Square Mile, or at the child's home, against which no
    roster states one of four things: no places; for ages 5 to 15 only school hours in term; a parent must stay; for
    physical disability and PMLD no step-free way in. What is not known about these four makes no row. A place
    that is not known may be within reach, and is not certain.

    Each reason is found by relaxing one rule: a running service that would be certain here but for that rule. ``AGE``:
    for the age band above or below. ``DISTANCE``: farther outside, or online. ``UNKNOWN_ONLY``: something fits, or
    would with one rule relaxed, if what is not known turns out well. ``NO_SUPPLY``: not even that. ``reason`` is the
    easiest to put right, in the order of ``BespokeReason``: to buy places, to change an hour, staff or a door, to agree
    with a borough, to widen ages, to bring nearer; then, where no such thing is certain, to ask, and to design. The
    alternative is the service nearest to a City estate among those of that reason, within reach before any other.
    """
    bars = _bars(inputs)
    rows = _within_reach(inputs.in_coverage[_COLUMNS])
    every = every_cell(need=NEEDS_TO_COVER, age_band=AgeBand, tier=TIERS)
    fits = _barred(rows, bars)
    missing = every.delete(np.unique(cells_of(fits[fits[IS_CONFIRMED]], every)))
    of_other_ages = _barred(_in_cells(_for_other_ages(rows, every), missing), bars)
    near = _reasoned(pd.concat([_in_cells(fits, missing), of_other_ages], ignore_index=True))
    measured = count(
        BespokeCandidates, near, [Figure(BespokeCandidates.possible, near[IS_POSSIBLE])], missing
    )
    table = measured.table.merge(_told(near, inputs), on=_CELL, how="left", validate="1:1")
    nothing = BespokeReason.NO_SUPPLY.value
    for name in (BespokeCandidates.reason, BespokeCandidates.reasons):
        table[name] = table[name].fillna(nothing)
    rules = {reason.value: reason.rule for reason in BespokeReason}
    table[BespokeCandidates.rule_to_relax] = table[BespokeCandidates.reason].map(rules)
    return replace(measured, table=table)


def _within_reach(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows of coverage once in each need, age band and tier, ruled out where they are out of reach."""
    once = rows[rows[ZONE].eq(rows[Location.x_zone])]
    # On which side of the border a door is makes no difference here: both are within reach.
    once = without_doubts(once, [Doubt.PLACE_UNSURE])
    zone = once[ZONE]
    return cast_doubts(
        once, {Doubt.PLACE_NOT_KNOWN: zone.eq(Zone.UNKNOWN), Doubt.OUT_OF_REACH: zone.isin(_OUT_OF_REACH)}
    )


def _for_other_ages(rows: pd.DataFrame, every: pd.MultiIndex) -> pd.DataFrame:
    """What may fit but for its ages, in the age bands above and below."""
    may = rows[rows[IS_POSSIBLE]]
    bands = [band.value for band in AgeBand]
    neighbours = [
        may.assign(
            **{AGE_BAND: looked_up(may[AGE_BAND], pd.Series(other, index=one)).astype(may[AGE_BAND].dtype)}
        )
        for one, other in ((bands[1:], bands[:-1]), (bands[:-1], bands[1:]))
    ]
    # A service that is there for this age, in whatever doubt, is not one of another age.
    moved = pd.concat(neighbours, ignore_index=True)
    moved = without_doubts(moved[moved[AGE_BAND].notna()], [Doubt.AGES_NOT_KNOWN])
    there, elsewhere = (_in_one_cell(found, every) for found in (rows, moved))
    moved = moved[~np.isin(elsewhere, there)]
    return cast_doubt(moved, Doubt.OTHER_AGES, moved[SAL_ID].notna())


def _in_one_cell(rows: pd.DataFrame, every: pd.MultiIndex) -> np.ndarray:
    """A number for the cell and the service at its place of each row; ids are ordered categories."""
    at, many = numbered(rows[SAL_ID])
    return cells_of(rows, every) * many + at


def _bars(inputs: GapInputs) -> dict[Doubt, pd.Series]:
    """The services at a place against which a roster states something, by what it is."""
    supply, schedules = inputs.supply, inputs.frames[Schedule]
    places, access = inputs.frames[ServiceAtLocation], inputs.frames[Accessibility]
    stays = agreed(supply[Eligibility.parent_must_stay], supply[ACTIVITY]).eq(Answer.YES)
    in_school_hours = schedules[Schedule.x_day_slot].eq(DaySlot.SCHOOL_DAY) & schedules[
        Schedule.x_calendar_period
    ].eq(CalendarPeriod.TERM_TIME)
    only = in_school_hours.groupby(schedules[Schedule.service_at_location_id]).all()
    by_steps = access[access[Accessibility.x_step_free].eq(StepFree.NO)][Accessibility.location_id]
    return {
        Doubt.NO_PLACES: places[places[ServiceAtLocation.x_places_per_session].eq(0)][ServiceAtLocation.id],
        Doubt.SCHOOL_HOURS_ONLY: only.index[only.astype("bool")].to_series(),
        Doubt.PARENT_MUST_STAY: supply[stays][SAL_ID],
        Doubt.NOT_STEP_FREE: supply[is_among(supply[ServiceAtLocation.location_id], by_steps)][SAL_ID],
    }


def _barred(rows: pd.DataFrame, bars: dict[Doubt, pd.Series]) -> pd.DataFrame:
    """Rows ruled out where what a roster states is in the way of the child that the row is for."""
    where = {doubt: is_among(rows[SAL_ID], services) for doubt, services in bars.items()}
    for doubt, (part, values) in _ONLY_FOR.items():
        where[doubt] &= rows[part].isin(values)
    return cast_doubts(rows, where)


def _in_cells(rows: pd.DataFrame, cells: pd.MultiIndex) -> pd.DataFrame:
    return rows[cells_of(rows, cells) >= 0]


def _reasoned(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in the way of which one rule stands at most, with the reason that it is: the rule, or what is not known."""
    rule = sole_ruling_out(rows, _REASON_OF, one_of(BespokeReason))
    is_sure = would_be_confirmed(rows, RULING_OUT)
    reason = rule.where(is_sure, BespokeReason.UNKNOWN_ONLY.value)
    return rows.assign(**{BespokeCandidates.reason: reason})[rule.notna() | rows[IS_POSSIBLE]]


def _told(rows: pd.DataFrame, inputs: GapInputs) -> pd.DataFrame:
    """For each cell its reasons, the easiest first, and the nearest alternative of the first."""
    travel = inputs.frames[Travel]
    ways = travel[travel[Travel.rank].eq(1)].set_index(Travel.location_id)
    # What is online or at home has no way to it.
    at = rows[ServiceAtLocation.location_id].where(~rows[ZONE].isin([Zone.ONLINE, Zone.HOME_OUTREACH]))
    order = {reason.value: number for number, reason in enumerate(BespokeReason)}
    metres = looked_up(at, ways[Travel.distance_m])
    found = pd.DataFrame(
        {
            **{name: rows[name] for name in [*_CELL, BespokeCandidates.reason]},
            _ORDER: looked_up(rows[BespokeCandidates.reason], pd.Series(order)),
            _IS_RULED_OUT: ~rows[IS_POSSIBLE],
            BespokeCandidates.alternative_id: rows[SAL_ID],
            BespokeCandidates.alternative_zone: rows[ZONE],
            BespokeCandidates.alternative_origin: looked_up(at, ways[Travel.origin]),
            BespokeCandidates.alternative_distance_m: metres,
            BespokeCandidates.alternative_error_m: rows[Location.x_positional_error_m].where(metres.notna()),
        }
    )
    found = found.sort_values(
        [_ORDER, _IS_RULED_OUT, BespokeCandidates.alternative_distance_m, BespokeCandidates.alternative_id]
    )
    each = found[[*_CELL, BespokeCandidates.reason]].drop_duplicates()
    reasons = joined(each, BespokeCandidates.reason, _CELL).rename(BespokeCandidates.reasons)
    best = found.drop_duplicates(_CELL).drop(columns=[_ORDER, _IS_RULED_OUT])
    names = inputs.supply.set_index(SAL_ID)[list(_NAMES)].rename(columns=_NAMES)
    best = best.astype({BespokeCandidates.alternative_id: "str", BespokeCandidates.reason: "str"})
    return best.join(names, on=BespokeCandidates.alternative_id, validate="m:1").join(
        reasons, on=_CELL, validate="1:1"
    )
