"""Who just across the border could take City children, and whom to ring first."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, ReportFacts
from reports.words import text
from transforms.tables import BorderReach, Location, Organization, Service, ServiceAtLocation
from transforms.vocabulary import Answer, Tier

_CALLS_SHOWN = 15
_ACTIVITY, _PROVIDER, _PHONE = "activity", "provider", "phone"


@dataclass(frozen=True)
class Call:
    """One provider to ring: where it is, and the services to ask about."""

    provider: str
    phone: str
    venues: list[str]
    borough: str
    services: list[str]
    boundary_m: float
    error_m: float
    estate: str
    estate_m: float


@dataclass(frozen=True)
class Border:
    """Services just across the border; the same one listed by several boroughs counts once."""

    listed: int
    confirmed: int
    possible: int
    to_ask: int
    providers: int
    calls: list[Call]


def border(frames: Frames, facts: ReportFacts) -> Border:
    """The counts and the first providers to ring, nearest to the City boundary first."""
    rows = _with_clusters(frames)
    by_activity = rows.groupby(_ACTIVITY)
    accepts = rows[BorderReach.accepts_city_residents]
    refused = accepts.eq(Answer.NO).groupby(rows[_ACTIVITY]).transform("any")
    stated = accepts.eq(Answer.YES) & rows[BorderReach.is_verified].astype(bool) & ~refused
    confirmed = stated.groupby(rows[_ACTIVITY]).transform("any")
    ask = rows[rows[BorderReach.is_call_needed].astype(bool) & ~confirmed]
    providers = [group for _, group in ask.groupby(_PROVIDER, sort=False)]
    return Border(
        listed=by_activity.ngroups,
        confirmed=rows.loc[confirmed, _ACTIVITY].nunique(),
        possible=rows.loc[accepts.ne(Answer.NO), _ACTIVITY].nunique(),
        to_ask=ask[_ACTIVITY].nunique(),
        providers=len(providers),
        calls=[_call(group, facts) for group in providers[:_CALLS_SHOWN]],
    )


def _with_clusters(frames: Frames) -> pd.DataFrame:
    """The border rows, nearest first, with the activity and the provider each belongs to."""
    rows = frames[BorderReach].sort_values(
        [BorderReach.boundary_distance_m, BorderReach.organization_name, BorderReach.service_name,
         BorderReach.service_at_location_id],
        kind="stable", ignore_index=True,
    )  # fmt: skip
    at = rows[[BorderReach.service_at_location_id]].merge(
        frames[ServiceAtLocation],
        left_on=BorderReach.service_at_location_id, right_on=ServiceAtLocation.id, how="left",
    )  # fmt: skip
    services, providers = (
        frames[Service].set_index(Service.id),
        frames[Organization].set_index(Organization.id),
    )
    places = frames[Location].set_index(Location.id)
    service = at[ServiceAtLocation.service_id].map(services[Service.x_cluster_id]).astype("str")
    place = at[ServiceAtLocation.location_id].map(places[Location.x_cluster_id]).astype("str")
    owner = at[ServiceAtLocation.service_id].map(services[Service.organization_id])
    # A row whose links are not published stands for itself.
    own = rows[BorderReach.service_at_location_id]
    return rows.assign(
        **{
            _ACTIVITY: service.str.cat(place, sep="@").fillna(own),
            _PROVIDER: owner.map(providers[Organization.x_cluster_id]).fillna(own),
            _PHONE: owner.map(providers[Organization.phone]),
        }
    )


def _call(rows: pd.DataFrame, facts: ReportFacts) -> Call:
    nearest = rows.iloc[0]
    venues = (
        rows[BorderReach.venue_name].fillna("venue not named")
        + rows[BorderReach.postal_code].map(lambda code: f", {code}" if text(code) else "")
    )  # fmt: skip
    services = [
        f"{name} ({Tier(tier).label.lower()})"
        for name, tier in zip(rows[BorderReach.service_name], rows[BorderReach.tier], strict=True)
    ]
    phones = rows[_PHONE].dropna()
    return Call(
        provider=text(nearest[BorderReach.organization_name]),
        phone=text(phones.iloc[0]) if len(phones) else "",
        venues=list(dict.fromkeys(venues)),
        borough=facts.authority(nearest[BorderReach.lad_code]),
        services=list(dict.fromkeys(services)),
        boundary_m=float(nearest[BorderReach.boundary_distance_m]),
        error_m=float(nearest[BorderReach.positional_error_m]),
        estate=text(nearest[BorderReach.nearest_origin]),
        estate_m=float(nearest[BorderReach.nearest_origin_distance_m]),
    )
