"""One row per service at a place, with everything the gap tables ask of it.

What is *confirmed* is active, verified recently, certain to accept City residents and certain of its
zone; what is *possible* has no answer that rules it out. A service that is closed, ended, or says it
does not accept City residents is neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schema import Table
from transforms.tables import Eligibility, Location, Organization, Schedule, Service, ServiceAtLocation
from transforms.thresholds import Thresholds
from transforms.vocabulary import Answer, Frequency, ServiceStatus

# Columns of the supply frame that no published table has.
SAL_ID, SERVICE_ID = "service_at_location_id", "service_id"
ACTIVITY, PROVIDER = "activity", "provider"
SERVICE_NAME, ORGANIZATION_NAME, VENUE_NAME = "service_name", "organization_name", "venue_name"
SERVICE_CLUSTER, VENUE_CLUSTER = "service_cluster", "venue_cluster"
IS_RUNNING, IS_VERIFIED = "is_running", "is_verified"
IS_CONFIRMED, IS_POSSIBLE = "is_confirmed", "is_possible"
SESSIONS, PLACE_HOURS = "sessions_per_4_weeks", "place_hours_per_4_weeks"

WEEKS = 4
MONTHS_PER_4_WEEKS = 12 / 52 * WEEKS

Frames = Mapping[type[Table], pd.DataFrame]


def build_supply(frames: Frames, as_of: pd.Timestamp, thresholds: Thresholds) -> pd.DataFrame:
    """The supply frame: the columns of Service, Location and Eligibility that matter, one row per
    service at a place, with an ``activity`` (service cluster × venue cluster), sessions and place-hours
    in four weeks (missing where not known, never imputed), and the confirmed and possible marks.

    ``is_confirmed`` does not look at need, age or tier: those depend on the cell of the gap table.
    """
    services, places = frames[Service], frames[Location]
    supply = frames[ServiceAtLocation].rename(columns={ServiceAtLocation.id: SAL_ID})
    supply = supply.merge(
        services.drop(columns=[Service.x_source]).rename(
            columns={Service.id: SERVICE_ID, Service.x_cluster_id: SERVICE_CLUSTER, Service.name: SERVICE_NAME}
        ),
        on=SERVICE_ID, validate="m:1",
    )  # fmt: skip
    supply = supply.merge(
        places[
            [Location.id, Location.x_zone, Location.x_zone_certain, Location.x_signed_distance_m,
             Location.x_easting, Location.x_northing, Location.x_positional_error_m, Location.x_lad_code,
             Location.x_cluster_id, Location.x_source, Location.name]
        ].rename(columns={Location.id: ServiceAtLocation.location_id, Location.x_cluster_id: VENUE_CLUSTER,
                          Location.name: VENUE_NAME}),
        on=ServiceAtLocation.location_id, validate="m:1",
    )  # fmt: skip
    supply = supply.merge(
        frames[Eligibility], left_on=SERVICE_ID, right_on=Eligibility.service_id, validate="m:1"
    )
    providers = frames[Organization].set_index(Organization.id)
    supply[PROVIDER] = supply[Service.organization_id].map(providers[Organization.x_cluster_id])
    supply[PROVIDER] = supply[PROVIDER].fillna(supply[SERVICE_CLUSTER])
    supply[ORGANIZATION_NAME] = supply[Service.organization_id].map(providers[Organization.name])
    supply[ACTIVITY] = supply[SERVICE_CLUSTER].astype("str") + "@" + supply[VENUE_CLUSTER].astype("str")
    supply = supply.merge(
        _volume(frames[Schedule], frames[ServiceAtLocation]), on=SAL_ID, how="left", validate="1:1"
    )
    ended = supply[Service.x_ends_on].notna() & (supply[Service.x_ends_on] < as_of)
    supply[IS_RUNNING] = supply[Service.status].eq(ServiceStatus.ACTIVE) & ~ended
    age_days = (as_of - supply[Service.x_last_verified]).dt.days
    supply[IS_VERIFIED] = age_days.le(thresholds.verified_within_days) & age_days.ge(0)
    accepts = supply[Eligibility.accepts_city_residents]
    supply[IS_POSSIBLE] = supply[IS_RUNNING] & accepts.ne(Answer.NO)
    # One roster's yes against another's no, for the same activity, is a question to ask and not a yes.
    contradicted = accepts.eq(Answer.NO).groupby(supply[ACTIVITY]).transform("max")
    supply[IS_CONFIRMED] = (
        supply[IS_RUNNING] & supply[IS_VERIFIED] & accepts.eq(Answer.YES) & ~contradicted.astype(bool)
    )
    return supply.sort_values(SAL_ID, ignore_index=True)


def _volume(schedules: pd.DataFrame, at: pd.DataFrame) -> pd.DataFrame:
    """Sessions and place-hours in four weeks while a service runs, per service at a place.

    sessions = days × 4 ÷ interval (weekly) or 12 ÷ 52 × 4 ÷ interval (monthly);
    place-hours = sessions × hours × places. A part that is not known leaves the figure unknown.
    """
    days = schedules[Schedule.byday].str.count(",") + 1
    per_interval = (
        schedules[Schedule.freq]
        .map({Frequency.WEEKLY.value: float(WEEKS), Frequency.MONTHLY.value: MONTHS_PER_4_WEEKS})
        .astype("float64")
    )
    sessions = days.where(schedules[Schedule.freq].eq(Frequency.WEEKLY), 1) * per_interval
    sessions = (sessions / schedules[Schedule.interval].astype("float64")).where(days.notna())
    hours = sessions * schedules[Schedule.x_hours]
    both = pd.DataFrame(
        {SAL_ID: schedules[Schedule.service_at_location_id], SESSIONS: sessions, "hours": hours}
    )
    # A sum is known only when every session of the service is.
    summed = both.groupby(SAL_ID)[[SESSIONS, "hours"]].sum(skipna=False).reset_index()
    places = at.set_index(ServiceAtLocation.id)[ServiceAtLocation.x_places_per_session].astype("float64")
    summed[PLACE_HOURS] = summed["hours"] * summed[SAL_ID].map(places).astype("float64")
    return summed.drop(columns="hours")


def once_per_activity(supply: pd.DataFrame) -> pd.DataFrame:
    """One row per activity: the same activity in several rosters counts once.

    It is confirmed or possible when any roster makes it so; its volume is the largest that is stated.
    """
    strongest = (IS_CONFIRMED, IS_POSSIBLE, SESSIONS, PLACE_HOURS)
    return supply.groupby(ACTIVITY, sort=True)[list(strongest)].max().reset_index()
