"""How much a service offers: sessions and place-hours in four weeks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.tables import Schedule, ServiceAtLocation, Supply
from transforms.text_columns import coded, one_of, rows_for
from transforms.vocabulary import HOLIDAYS, CalendarPeriod, Frequency

AT, SESSIONS, PLACE_HOURS = (
    Supply.service_at_location_id,
    Supply.sessions_per_4_weeks,
    Supply.place_hours_per_4_weeks,
)
_HOURS = "hours"
_DAYS, _IN_A_MONTH = "days", "in a month"
# The season of the year in which a session is on.
SEASON = "season"

WEEKS = 4
MONTHS_PER_4_WEEKS = 12 / 52 * WEEKS
# 52 weeks hold four more of each weekday than twelve months of four: a fifth Saturday comes in one month of three.
MONTHS_WITH_A_FIFTH = (52 - 12 * 4) / 12

# The seasons in which a session of each calendar period is on; of one that is not known, any.
EVERY_SEASON = (CalendarPeriod.TERM_TIME, *HOLIDAYS)
_SEASONS: dict[str, tuple[str, ...]] = {
    **{season.value: (season.value,) for season in EVERY_SEASON},
    CalendarPeriod.SCHOOL_HOLIDAYS.value: tuple(HOLIDAYS),
    CalendarPeriod.ALL_YEAR.value: EVERY_SEASON,
    CalendarPeriod.UNKNOWN.value: EVERY_SEASON,
}


def measure_volume(schedules: pd.DataFrame, at: pd.DataFrame) -> pd.DataFrame:
    """Sessions and place-hours in four weeks of its busiest season, one row per service at a place.

    place-hours = sessions × hours × places. Sessions of different seasons are never on together, so the
    busiest season stands and not their sum. A part that is not known leaves the figure unknown.
    """
    sessions = sessions_in_four_weeks(schedules)
    listed = pd.DataFrame(
        {
            AT: schedules[Schedule.service_at_location_id],
            SESSIONS: sessions,
            _HOURS: sessions * schedules[Schedule.x_hours],
            Schedule.x_calendar_period: schedules[Schedule.x_calendar_period],
        }
    )
    listed = coded(listed, [AT])
    busiest = in_seasons(listed).groupby([AT, SEASON])[[SESSIONS, _HOURS]].sum().groupby(level=AT).max()
    # A sum is known only when every session of the service is.
    is_known = listed[[SESSIONS, _HOURS]].notna().groupby(listed[AT]).all()
    volume = busiest.where(is_known).reset_index().astype({AT: "str"})
    places = at.set_index(ServiceAtLocation.id)[ServiceAtLocation.x_places_per_session].astype("float64")
    volume[PLACE_HOURS] = volume[_HOURS] * volume[AT].map(places).astype("float64")
    return volume.drop(columns=_HOURS)


def in_seasons(sessions: pd.DataFrame) -> pd.DataFrame:
    """Each session once for every season in which it is on, or may be on where its period is not known."""
    period, periods = pd.factorize(sessions[Schedule.x_calendar_period])
    is_on = np.array([[season in _SEASONS[period] for season in EVERY_SEASON] for period in periods], "bool")
    session, season = np.nonzero(is_on.reshape(-1, len(EVERY_SEASON))[period])
    seasons = pd.Categorical([season.value for season in EVERY_SEASON], dtype=one_of(EVERY_SEASON))
    return sessions.take(session).assign(**{SEASON: seasons.take(season)})


def sessions_in_four_weeks(schedules: pd.DataFrame) -> pd.Series:
    """How often each session comes round in four weeks; missing where that is not known.

    Weekly: days × 4 ÷ interval. Monthly: days of the month ("1SA,3SA" is two, "SA" one of some date)
    × 12 ÷ 52 × 4 ÷ interval.
    """
    byday = schedules[Schedule.byday]
    # Of all that may be written few are: each is read once.
    written = pd.Series(byday.dropna().unique(), dtype="str")
    days = written.str.count(",") + 1
    fifths = written.str.count("5")
    dated = days - fifths * (1 - MONTHS_WITH_A_FIFTH)
    in_a_month = dated.where(written.str.contains(r"\d"), 1)
    told = rows_for(byday, pd.DataFrame({_DAYS: days, _IN_A_MONTH: in_a_month}).set_index(written))
    is_weekly = schedules[Schedule.freq].eq(Frequency.WEEKLY)
    rounds = schedules[Schedule.freq].map(
        {Frequency.WEEKLY.value: float(WEEKS), Frequency.MONTHLY.value: MONTHS_PER_4_WEEKS}
    )
    times = told[_DAYS].where(is_weekly, told[_IN_A_MONTH]).astype("float64") * rounds.astype("float64")
    return (times / schedules[Schedule.interval].astype("float64")).where(byday.notna())
