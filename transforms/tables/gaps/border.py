"""Services just across the border."""

from __future__ import annotations

from transforms.schema import Column, Kind
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import Answer, Evidence, FundingRoute, Tier


class BorderReach(GapTable, name="border_reach"):
    """One service at a venue just outside the Square Mile."""

    question = "Who just across the border could take City children?"
    service_at_location_id = Column(Kind.TEXT, "The service at its venue", required=True)
    activity_id = Column(
        Kind.TEXT, "The activity: the same in every roster that lists it, and counted once", required=True
    )
    provider_id = Column(Kind.TEXT, "The provider's cluster", required=True)
    service_name = Column(Kind.TEXT, "Service", required=True)
    organization_name = Column(Kind.TEXT, "Provider", required=True)
    venue_name = Column(Kind.TEXT, "Venue")
    postal_code = Column(Kind.TEXT, "Postcode of the venue")
    lad_code = Column(Kind.TEXT, "Authority of the venue, GSS code")
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    boundary_distance_m = Column(
        Kind.NUMBER,
        "Straight line to the City boundary",
        unit="m",
        required=True,
        minimum=0,
    )
    positional_error_m = Column(
        Kind.NUMBER,
        "How far off the venue's point may be",
        unit="m",
        required=True,
        minimum=0,
    )
    nearest_origin = Column(Kind.TEXT, "Nearest City estate", required=True)
    nearest_origin_distance_m = Column(
        Kind.NUMBER, "Straight line to that estate", unit="m", required=True, minimum=0
    )
    accepts_city_residents = Column(Kind.TEXT, "Takes City children", required=True, values=Answer)
    evidence = Column(Kind.TEXT, "How we know", required=True, values=Evidence)
    funding_route = Column(Kind.TEXT, "How a place is paid for", required=True, values=FundingRoute)
    is_verified = Column(Kind.FLAG, "Checked recently enough to count", required=True)
    is_call_needed = Column(Kind.FLAG, "Acceptance is not known: ask the provider", required=True)
    source = Column(Kind.TEXT, "Roster source", required=True)
    key = (service_at_location_id,)
