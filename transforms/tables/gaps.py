"""Gap tables: what is missing, for whom. Every count is a confirmed and a possible figure."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove, Table
from transforms.vocabulary import (
    AgeBand,
    Answer,
    Evidence,
    FundingRoute,
    GapStatus,
    Need,
    QualityDimension,
    QualityStatus,
    TargetBasis,
    TargetScope,
    TargetStatus,
    Tier,
    Zone,
)


class GapTable(Table):
    """One row of a gap table."""

    snapshot_date = Column(Kind.DATE, "Date the figures describe", required=True)
    run_id = Column(Kind.TEXT, "Run that made them", required=True)
    method_version = Column(Kind.TEXT, "Version of the method", required=True)


class TargetTracker(GapTable, name="target_tracker"):
    """One target: a scope of activities inside the Square Mile on one basis of counting."""

    question = "Is the 2020-24 target of 50% more activities in the Square Mile met?"
    scope = Column(Kind.TEXT, "Which activities", required=True, values=TargetScope)
    basis = Column(Kind.TEXT, "What is counted", required=True, values=TargetBasis)
    baseline = Column(Kind.NUMBER, "Declared baseline; blank when none is declared", minimum=0)
    baseline_as_at = Column(Kind.DATE, "Date of the baseline")
    baseline_method = Column(Kind.TEXT, "How the baseline was counted")
    confirmed = Column(
        Kind.NUMBER,
        "Certain: inside, running, checked, open to City families",
        required=True,
        minimum=0,
    )
    possible = Column(Kind.NUMBER, "Confirmed and all that may also count", required=True, minimum=0)
    not_measured = Column(
        Kind.WHOLE,
        "Possible activities whose hours or places are not known",
        required=True,
        minimum=0,
    )
    target = Column(Kind.NUMBER, "Baseline and a half, rounded up", minimum=0)
    change_pct = Column(Kind.NUMBER, "Confirmed against the baseline", unit="%")
    shortfall = Column(Kind.NUMBER, "Target less confirmed, never below zero", minimum=0)
    status = Column(Kind.TEXT, "Verdict", required=True, values=TargetStatus)
    key = (scope, basis)
    rules = (NotAbove(confirmed, possible, "what is confirmed is also possible"),)


class Coverage(GapTable, name="coverage"):
    """One combination of need, age band, tier and zone, present or missing."""

    question = "What is missing, for which need, age and level of offer, and where?"
    need = Column(Kind.TEXT, "Primary need", required=True, values=Need)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    confirmed = Column(
        Kind.WHOLE,
        "Activities that name the need, every answer certain",
        required=True,
        minimum=0,
    )
    possible = Column(
        Kind.WHOLE,
        "Confirmed and all that may also serve the need",
        required=True,
        minimum=0,
    )
    named_possible = Column(Kind.WHOLE, "Of the possible: name the need", required=True, minimum=0)
    any_send_confirmed = Column(
        Kind.WHOLE,
        "Certain, and for any special need: not counted as named",
        required=True,
        minimum=0,
    )
    any_send_possible = Column(Kind.WHOLE, "Of the possible: for any special need", required=True, minimum=0)
    open_possible = Column(Kind.WHOLE, "Of the possible: open to everyone", required=True, minimum=0)
    not_stated_possible = Column(
        Kind.WHOLE,
        "Of the possible: do not say whom they are for",
        required=True,
        minimum=0,
    )
    providers_confirmed = Column(Kind.WHOLE, "Providers behind the confirmed", required=True, minimum=0)
    providers_possible = Column(Kind.WHOLE, "Providers behind the possible", required=True, minimum=0)
    full_age_confirmed = Column(Kind.WHOLE, "Confirmed that cover the whole band", required=True, minimum=0)
    partial_age_confirmed = Column(
        Kind.WHOLE, "Confirmed that cover part of the band", required=True, minimum=0
    )
    sessions_confirmed = Column(
        Kind.NUMBER,
        "Sessions in four weeks, where known",
        unit="sessions per 4 weeks",
        required=True,
        minimum=0,
    )
    sessions_possible = Column(
        Kind.NUMBER,
        "Sessions in four weeks, where known",
        unit="sessions per 4 weeks",
        required=True,
        minimum=0,
    )
    place_hours_confirmed = Column(
        Kind.NUMBER,
        "Places × hours in four weeks, where known",
        unit="place-hours per 4 weeks",
        required=True,
        minimum=0,
    )
    place_hours_possible = Column(
        Kind.NUMBER,
        "Places × hours in four weeks, where known",
        unit="place-hours per 4 weeks",
        required=True,
        minimum=0,
    )
    gap_status = Column(Kind.TEXT, "Verdict", required=True, values=GapStatus)
    key = (need, age_band, tier, zone)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(named_possible, possible, "the named are among the possible"),
        NotAbove(
            providers_confirmed,
            providers_possible,
            "what is confirmed is also possible",
        ),
        NotAbove(sessions_confirmed, sessions_possible, "what is confirmed is also possible"),
        NotAbove(
            place_hours_confirmed,
            place_hours_possible,
            "what is confirmed is also possible",
        ),
    )


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


class DataQuality(GapTable, name="data_quality"):
    """One dimension of data quality of one source."""

    question = "How far can each borough's roster be trusted?"
    source = Column(Kind.TEXT, "Roster source", required=True)
    dimension = Column(Kind.TEXT, "What is measured", required=True, values=QualityDimension)
    numerator = Column(Kind.WHOLE, "What passes", required=True, minimum=0)
    denominator = Column(Kind.WHOLE, "What was looked at", required=True, minimum=0)
    value_pct = Column(
        Kind.NUMBER,
        "Numerator over denominator; blank when nothing was looked at",
        unit="%",
        minimum=0,
        maximum=100,
    )
    threshold_pct = Column(
        Kind.NUMBER,
        "Least that counts as good",
        unit="%",
        required=True,
        minimum=0,
        maximum=100,
    )
    status = Column(Kind.TEXT, "Verdict", required=True, values=QualityStatus)
    key = (source, dimension)
    rules = (NotAbove(numerator, denominator, "a part is not above the whole"),)
