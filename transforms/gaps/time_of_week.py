"""Zone × age band × tier × calendar period × time of the week."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE, cast_doubt
from transforms.gaps.cells import every_cell, taken
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count, in_one
from transforms.gaps.verdicts import gap_status
from transforms.supply import PROVIDER, SAL_ID
from transforms.tables import Schedule, ServiceAtLocation
from transforms.tables import TimeOfWeek as T
from transforms.text_columns import one_of
from transforms.vocabulary import (
    HOLIDAYS,
    TIERS,
    AgeBand,
    CalendarPeriod,
    DaySlot,
    Doubt,
    GapStatus,
    SlotAsked,
    TimeStatus,
    Zone,
)
from transforms.volume import EVERY_SEASON, SEASON, in_seasons, sessions_in_four_weeks

_EVENING_OR_WEEKEND = [SlotAsked.EVENING, SlotAsked.WEEKEND_AM, SlotAsked.WEEKEND_PM]
_SEASON_UNKNOWN, _SLOT_UNKNOWN = "season unknown", "slot unknown"
# What a service offers at a time, in sessions that are certainly then and in all that may be.
_SURE = {name: f"{name}, certainly then" for name in ("sessions", "hours", "places")}
_MAYBE = {name: f"{name}, then or not" for name in _SURE}
# Rows of cells from which on memory matters more than the cost of counting each age band by itself.
_MANY = 100_000


def time_of_week(inputs: GapInputs) -> Measured:
    """When is nothing on?

    One row for every combination of six zones, five age bands, three tiers, term time and the six school
    holidays, eight times of the week and the whole week (``any``). Confirmed: the activity is running, was
    checked recently, accepts City residents, is certain of its zone, tier and ages, whatever the need, and has a
    session then for certain. Possible: no answer rules it out. A session that is on all year, or in school
    holidays, is on in each period it covers; one whose period is not known may be on in any, and one whose day
    or hour is not known at any time of the week. At any time of a period, its day and hour do not matter.

    Sessions, hours (sessions × hours) and places (sessions × places) are those of four weeks at the rate of the
    period, a holiday being shorter; a session of which they are not known adds nothing. Confirmed volume is that
    of the sessions certainly then, possible volume adds those that may be then.

    The design asks for evenings, weekends and school holidays: a row is a gap where nothing is confirmed in an
    evening or at a weekend, in term or in any holiday, or at any time of a holiday. At other times, where nothing
    is confirmed, the verdict is that nothing was asked for.
    """
    cells = inputs.in_cells[[T.zone, T.age_band, T.tier, *COUNTED_BY]]
    at_times = _at_times(inputs.frames[Schedule], inputs.frames[ServiceAtLocation], cells[SAL_ID].dtype)
    bands = list(AgeBand)
    if len(cells) < _MANY:
        measured = _counted(cells, at_times, bands)
    else:
        # Each row of cells stands at dozens of times: one age band after another takes a fifth of the room.
        measured = in_one([_counted(cells[cells[T.age_band].eq(band)], at_times, [band]) for band in bands])
    return replace(measured, table=_judged(measured.table))


def _counted(cells: pd.DataFrame, at_times: pd.DataFrame, bands: list[AgeBand]) -> Measured:
    """The counts of these age bands; ``cells`` has no other."""
    rows = cells.merge(at_times, on=SAL_ID)
    rows = cast_doubt(rows, Doubt.PERIOD_NOT_KNOWN, rows[_SEASON_UNKNOWN])
    rows = cast_doubt(rows, Doubt.TIME_NOT_KNOWN, rows[_SLOT_UNKNOWN])
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    return count(
        T,
        rows,
        [
            Figure(T.confirmed, sure),
            Figure(T.possible, maybe),
            Figure(T.providers_confirmed, sure, PROVIDER),
            Figure(T.sessions_confirmed, sure, _SURE["sessions"]),
            Figure(T.sessions_possible, maybe, _MAYBE["sessions"]),
            Figure(T.hours_confirmed, sure, _SURE["hours"]),
            Figure(T.hours_possible, maybe, _MAYBE["hours"]),
            Figure(T.places_confirmed, sure, _SURE["places"]),
            Figure(T.places_possible, maybe, _MAYBE["places"]),
        ],
        every_cell(zone=Zone, age_band=bands, tier=TIERS, calendar_period=EVERY_SEASON, day_slot=SlotAsked),
    )


def _at_times(schedules: pd.DataFrame, at: pd.DataFrame, ids: pd.CategoricalDtype) -> pd.DataFrame:
    """Every service at a place at each time of the week in each period at which it is on or may be, once: whether
    that is certain, and what it offers then. Its id is one of ``ids``.
    """
    sessions, places = sessions_in_four_weeks(schedules), at.set_index(ServiceAtLocation.id)
    of_session = schedules[Schedule.service_at_location_id].map(
        places[ServiceAtLocation.x_places_per_session]
    )
    told = pd.DataFrame(
        {
            SAL_ID: schedules[Schedule.service_at_location_id].astype(ids),
            "sessions": sessions,
            "hours": sessions * schedules[Schedule.x_hours].astype("float64"),
            "places": sessions * of_session.astype("float64"),
            Schedule.x_calendar_period: schedules[Schedule.x_calendar_period],
            Schedule.x_day_slot: schedules[Schedule.x_day_slot],
        }
    )
    # Of a service without a session it is not known when it is on.
    untold = pd.DataFrame({SAL_ID: at[ServiceAtLocation.id].astype(ids)})
    untold = untold[~untold[SAL_ID].isin(told[SAL_ID])]
    listed = pd.concat([told, untold], ignore_index=True).fillna(
        {Schedule.x_calendar_period: CalendarPeriod.UNKNOWN.value, Schedule.x_day_slot: DaySlot.UNKNOWN.value}
    )
    listed[_SEASON_UNKNOWN] = listed[Schedule.x_calendar_period].eq(CalendarPeriod.UNKNOWN)
    then = _in_slots(in_seasons(listed)).rename(columns={SEASON: T.calendar_period})
    is_sure = ~(then[_SEASON_UNKNOWN] | then[_SLOT_UNKNOWN])
    for name in _SURE:
        then[_SURE[name]], then[_MAYBE[name]] = then[name].where(is_sure), then[name]
    # The session that is surest stands for the others: none of both, the period, the time, both not known.
    then["doubt"] = then[_SEASON_UNKNOWN].astype("int64") + 2 * then[_SLOT_UNKNOWN]
    volumes = [*_SURE.values(), *_MAYBE.values()]
    by_time = then.groupby([SAL_ID, T.calendar_period, T.day_slot])
    doubt = by_time["doubt"].min()
    unknown = {_SEASON_UNKNOWN: doubt.isin([1, 3]), _SLOT_UNKNOWN: doubt.isin([2, 3])}
    return by_time[volumes].sum().assign(**unknown).reset_index()


def _in_slots(sessions: pd.DataFrame) -> pd.DataFrame:
    """Sessions at their time of the week, those of unknown time at every one, and all of them at any time."""
    slot, slots = pd.factorize(sessions[Schedule.x_day_slot])
    is_then = np.array(
        [
            [asked in (found, SlotAsked.ANY) or found == DaySlot.UNKNOWN for asked in SlotAsked]
            for found in slots
        ],
        "bool",
    )
    session, asked = np.nonzero(is_then.reshape(-1, len(SlotAsked))[slot])
    times = pd.Categorical([asked.value for asked in SlotAsked], dtype=one_of(SlotAsked))
    found = taken(sessions.drop(columns=Schedule.x_day_slot), session).assign(
        **{T.day_slot: times.take(asked)}
    )
    is_unknown = sessions[Schedule.x_day_slot].eq(DaySlot.UNKNOWN).to_numpy("bool")[session]
    return found.assign(**{_SLOT_UNKNOWN: is_unknown & found[T.day_slot].ne(SlotAsked.ANY)})


def _judged(table: pd.DataFrame) -> pd.DataFrame:
    """The counts with their verdict: a gap only at a time that is asked for."""
    status = gap_status(table[T.confirmed], table[T.possible], table[T.providers_confirmed])
    slot, is_holiday = table[T.day_slot], table[T.calendar_period].isin(HOLIDAYS)
    is_asked_for = slot.isin(_EVENING_OR_WEEKEND) | (slot.eq(SlotAsked.ANY) & is_holiday)
    nothing_certain = status.isin([GapStatus.GAP_CERTAIN, GapStatus.GAP_UNLESS_VERIFIED])
    return table.assign(
        **{T.time_status: status.mask(nothing_certain & ~is_asked_for, TimeStatus.NOT_ASKED_FOR.value)}
    )
