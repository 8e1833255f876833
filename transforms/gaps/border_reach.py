"""Services at venues just outside the Square Mile."""

from __future__ import annotations

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured, as_members
from transforms.supply import (
    ACTIVITY,
    IS_RUNNING,
    IS_VERIFIED,
    ORGANIZATION_NAME,
    PROVIDER,
    SAL_ID,
    SERVICE_ID,
    SERVICE_NAME,
    VENUE_NAME,
)
from transforms.tables import (
    Address,
    BorderReach,
    Eligibility,
    Funding,
    Location,
    Origin,
    Service,
    ServiceAtLocation,
)
from transforms.travel import homes, straight_lines_m
from transforms.vocabulary import Answer, FundingRoute, Zone


def border_reach(inputs: GapInputs) -> Measured:
    """Who just across the border could take City children?

    One row per running service at a venue outside, at most a mile from the boundary (see
    ``border_reach_m``), with its straight-line metres to the boundary and to the nearest City estate.
    A provider that does not say whether it takes City children is to be called, not left out.
    """
    supply = inputs.supply
    outside = supply[Location.x_zone].isin([Zone.NEAR, Zone.OUTSIDE])
    reached = supply[Location.x_signed_distance_m].le(inputs.thresholds.border_reach_m)
    rows = supply[supply[IS_RUNNING] & outside & reached].reset_index(drop=True)
    nearest = _nearest_origin(rows, homes(inputs.facts[Origin]))
    postcode = inputs.frames[Address].set_index(Address.location_id)[Address.postal_code]
    accepts = rows[Eligibility.accepts_city_residents]
    table = pd.DataFrame(
        {
            BorderReach.service_at_location_id: rows[SAL_ID],
            BorderReach.activity_id: rows[ACTIVITY],
            BorderReach.provider_id: rows[PROVIDER],
            BorderReach.service_name: rows[SERVICE_NAME],
            BorderReach.organization_name: rows[ORGANIZATION_NAME].fillna("not named"),
            BorderReach.venue_name: rows[VENUE_NAME],
            BorderReach.postal_code: rows[ServiceAtLocation.location_id].map(postcode),
            BorderReach.lad_code: rows[Location.x_lad_code],
            BorderReach.tier: rows[Service.x_tier],
            BorderReach.boundary_distance_m: rows[Location.x_signed_distance_m].abs(),
            BorderReach.positional_error_m: rows[Location.x_positional_error_m],
            BorderReach.nearest_origin: nearest["origin"],
            BorderReach.nearest_origin_distance_m: nearest["distance_m"],
            BorderReach.accepts_city_residents: accepts,
            BorderReach.evidence: rows[Eligibility.evidence],
            BorderReach.funding_route: rows[SERVICE_ID]
            .map(_only_route(inputs.frames[Funding]))
            .fillna(FundingRoute.UNKNOWN.value),
            BorderReach.is_verified: rows[IS_VERIFIED],
            BorderReach.is_call_needed: accepts.eq(Answer.UNKNOWN),
            BorderReach.source: rows[Location.x_source],
        }
    )
    return Measured(table, as_members(BorderReach, rows))


def _only_route(funding: pd.DataFrame) -> pd.Series:
    """How places of a service are paid for, by service; nothing where its sources say several things."""
    known = funding[funding[Funding.x_route].ne(FundingRoute.UNKNOWN)]
    routes = known.groupby(Funding.service_id)[Funding.x_route]
    return routes.first()[routes.nunique().eq(1)]


def _nearest_origin(rows: pd.DataFrame, origins: pd.DataFrame) -> pd.DataFrame:
    """Nearest City estate of each row and its straight-line metres, EPSG:27700."""
    metres = straight_lines_m(rows[Location.x_easting], rows[Location.x_northing], origins)
    if rows.empty:
        return pd.DataFrame({"origin": pd.Series(dtype="str"), "distance_m": pd.Series(dtype="float64")})
    return pd.DataFrame({"origin": metres.idxmin(axis=1), "distance_m": metres.min(axis=1).round(1)})
