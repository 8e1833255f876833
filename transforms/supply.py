"""One row per service at a place, with everything the gap tables ask of it.

What is *confirmed* is active, verified recently, certain to accept City residents and certain of its
zone; what is *possible* has no answer that rules it out. A service that is closed, ended, or says it
does not accept City residents is neither.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.doubts import (
    cast_doubts,
    doubt_codes,
    standings,
    without_doubt,
)
from transforms.schema import Table
from transforms.tables import (
    Eligibility,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    Supply,
)
from transforms.text_columns import is_among, rows_for
from transforms.thresholds import Thresholds
from transforms.vocabulary import Answer, Doubt, ServiceStatus
from transforms.volume import PLACE_HOURS, SESSIONS, measure_volume

# Columns of the supply frame that no published table has.
SAL_ID, SERVICE_ID = "service_at_location_id", "service_id"
ACTIVITY, PROVIDER = "activity", "provider"
SERVICE_NAME, ORGANIZATION_NAME, VENUE_NAME = "service_name", "organization_name", "venue_name"
SERVICE_CLUSTER, VENUE_CLUSTER = "service_cluster", "venue_cluster"
IS_RUNNING, IS_VERIFIED = "is_running", "is_verified"

Frames = Mapping[type[Table], pd.DataFrame]


def build_supply(frames: Frames, as_of: pd.Timestamp, thresholds: Thresholds) -> pd.DataFrame:
    """The supply frame: the columns of Service, Location and Eligibility that matter, one row per
    service at a place, with an ``activity`` (service cluster × venue cluster), sessions and place-hours
    in four weeks (missing where not known, never imputed), what is in doubt about it, and so whether it is
    confirmed and possible.

    Doubts about need, age, tier or zone are not among them: those depend on the row of the gap table.
    """
    at = frames[ServiceAtLocation].rename(columns={ServiceAtLocation.id: SAL_ID})
    services = frames[Service].drop(columns=[Service.x_source]).set_index(Service.id)
    services = services.rename(columns={Service.x_cluster_id: SERVICE_CLUSTER, Service.name: SERVICE_NAME})
    places = frames[Location].set_index(Location.id)[
        [Location.x_zone, Location.x_zone_certain, Location.x_signed_distance_m, Location.x_easting,
         Location.x_northing, Location.x_positional_error_m, Location.x_lad_code, Location.x_cluster_id,
         Location.x_source, Location.name]
    ].rename(columns={Location.x_cluster_id: VENUE_CLUSTER, Location.name: VENUE_NAME})  # fmt: skip
    volume = measure_volume(frames[Schedule], frames[ServiceAtLocation]).set_index(SAL_ID)
    parts = (
        (SERVICE_ID, services),
        (ServiceAtLocation.location_id, places),
        (SERVICE_ID, frames[Eligibility].set_index(Eligibility.service_id)),
        (SAL_ID, volume),
    )
    supply = pd.concat([at, *(rows_for(at[key], told) for key, told in parts)], axis="columns")
    providers = frames[Organization].set_index(Organization.id)
    supply[PROVIDER] = supply[Service.organization_id].map(providers[Organization.x_cluster_id])
    supply[PROVIDER] = supply[PROVIDER].fillna(supply[SERVICE_CLUSTER])
    supply[ORGANIZATION_NAME] = supply[Service.organization_id].map(providers[Organization.name])
    supply[ACTIVITY] = supply[SERVICE_CLUSTER].astype("str") + "@" + supply[VENUE_CLUSTER].astype("str")
    return _judged(supply, as_of, thresholds).sort_values(SAL_ID, ignore_index=True)


def _judged(supply: pd.DataFrame, as_of: pd.Timestamp, thresholds: Thresholds) -> pd.DataFrame:
    """The supply with what is in doubt about each row, wherever it may be counted."""
    runs = supply[Service.status].eq(ServiceStatus.ACTIVE)
    ended = supply[Service.x_ends_on].notna() & (supply[Service.x_ends_on] < as_of)
    checked = supply[Service.x_last_verified]
    age_days = (as_of - checked).dt.days
    accepts = supply[Eligibility.accepts_city_residents]
    supply[IS_RUNNING] = runs & ~ended
    supply[IS_VERIFIED] = age_days.le(thresholds.verified_within_days) & age_days.ge(0)
    # One roster's yes against another's no, for the same activity, is a question to ask and not a yes.
    contradicted = is_among(supply[ACTIVITY], supply.loc[accepts.eq(Answer.NO), ACTIVITY])
    in_doubt = {
        Doubt.NOT_RUNNING: ~runs,
        Doubt.ENDED: ended,
        Doubt.NO_CITY_RESIDENTS: accepts.eq(Answer.NO),
        Doubt.NEVER_CHECKED: checked.isna(),
        Doubt.NOT_CHECKED_RECENTLY: checked.notna() & ~supply[IS_VERIFIED],
        Doubt.RESIDENCY_NOT_STATED: accepts.eq(Answer.UNKNOWN),
        Doubt.RESIDENCY_CONDITIONAL: accepts.eq(Answer.CONDITIONAL),
        Doubt.RESIDENCY_CONTRADICTED: contradicted & accepts.ne(Answer.NO),
    }
    return cast_doubts(without_doubt(supply), in_doubt)


def supply_table(supply: pd.DataFrame) -> pd.DataFrame:
    """The published part of the supply frame."""
    return Supply.frame(
        pd.DataFrame(
            {
                Supply.service_at_location_id: supply[SAL_ID],
                Supply.service_id: supply[SERVICE_ID],
                Supply.activity_id: supply[ACTIVITY],
                Supply.provider_id: supply[PROVIDER],
                Supply.counts_as: standings(supply),
                Supply.doubts: doubt_codes(supply),
                Supply.is_running: supply[IS_RUNNING],
                Supply.is_verified: supply[IS_VERIFIED],
                Supply.sessions_per_4_weeks: supply[SESSIONS].round(2),
                Supply.place_hours_per_4_weeks: supply[PLACE_HOURS].round(2),
            }
        )
    )
