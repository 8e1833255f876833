"""What stands behind the figures: which services count, where, and why not for certain."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import Doubt, GeocodeMethod, ParseStatus, Standing, Zone

_DOUBTS = "What is in doubt; blank when confirmed"


class Supply(Table, name="x_supply"):
    """One service at one place, and whether it counts at all: what every gap table starts from."""

    service_at_location_id = Column(Kind.TEXT, "The service at its place", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    activity_id = Column(
        Kind.TEXT, "The activity: the same in every roster that lists it, and counted once", required=True
    )
    provider_id = Column(Kind.TEXT, "The provider's cluster", required=True)
    counts_as = Column(
        Kind.TEXT,
        "How it counts, before need, age, tier and zone are asked for",
        required=True,
        values=Standing,
    )
    doubts = Column(Kind.TEXT, _DOUBTS, values=Doubt, several=True)
    is_running = Column(Kind.FLAG, "Runs on the date of the snapshot", required=True)
    is_verified = Column(Kind.FLAG, "Checked recently enough to count", required=True)
    sessions_per_4_weeks = Column(
        Kind.NUMBER, "Sessions; blank when not known", unit="sessions per 4 weeks", minimum=0
    )
    place_hours_per_4_weeks = Column(
        Kind.NUMBER, "Places × hours; blank when not known", unit="place-hours per 4 weeks", minimum=0
    )
    key = (service_at_location_id,)


class Counted(Table, name="x_counted"):
    """One service at one place in one row of a gap table: what the row's figures count."""

    gap_table = Column(Kind.TEXT, "The gap table", required=True)
    row_key = Column(
        Kind.TEXT, "Its row: the parts of its key in order, such as ASD/5_10/specialist/inside", required=True
    )
    service_at_location_id = Column(Kind.TEXT, "The service at its place", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    activity_id = Column(Kind.TEXT, "The activity; figures count each once", required=True)
    counts_as = Column(Kind.TEXT, "How it counts in this row", required=True, values=Standing)
    counts_in = Column(Kind.TEXT, "The columns of the row that count it, comma separated")
    doubts = Column(Kind.TEXT, _DOUBTS, values=Doubt, several=True)
    key = (gap_table, row_key, service_at_location_id)


class Explained(Table, name="explained"):
    """One value that was read of one service that a published row counts: what `explain` writes, not published."""

    gap_table = Column(Kind.TEXT, "The table explained")
    row_key = Column(Kind.TEXT, "Its row")
    counts_as = Column(Kind.TEXT, "How the service counts in it", values=Standing)
    counts_in = Column(Kind.TEXT, "The columns that count it")
    doubts = Column(Kind.TEXT, _DOUBTS, values=Doubt, several=True)
    activity_id = Column(Kind.TEXT, "The activity; figures count each once")
    service_id = Column(Kind.TEXT, "The service", required=True)
    service_at_location_id = Column(Kind.TEXT, "The service at its place")
    service_name = Column(Kind.TEXT, "Name of the service")
    organization_id = Column(Kind.TEXT, "The provider")
    organization_name = Column(Kind.TEXT, "Name of the provider")
    location_id = Column(Kind.TEXT, "The place")
    venue_name = Column(Kind.TEXT, "Name of the place")
    postal_code = Column(Kind.TEXT, "Its postcode")
    zone = Column(Kind.TEXT, "Its zone", values=Zone)
    geocode_method = Column(Kind.TEXT, "What placed it", values=GeocodeMethod)
    positional_error_m = Column(Kind.NUMBER, "How far off the point may be", unit="m")
    signed_distance_m = Column(Kind.NUMBER, "Distance to the City boundary; negative inside", unit="m")
    match_evidence = Column(
        Kind.TEXT, "Why it is one activity, place or provider with others, and what it may be one with"
    )
    last_verified = Column(Kind.DATE, "When the borough last checked the record")
    sessions_per_4_weeks = Column(Kind.NUMBER, "Sessions", unit="sessions per 4 weeks")
    place_hours_per_4_weeks = Column(Kind.NUMBER, "Places × hours", unit="place-hours per 4 weeks")
    source = Column(Kind.TEXT, "Roster source", required=True)
    file = Column(Kind.TEXT, "Roster file", required=True)
    part = Column(Kind.TEXT, "Sheet of a workbook")
    physical_row = Column(Kind.WHOLE, "Line, sheet row or record number", required=True)
    file_sha256 = Column(Kind.TEXT, "SHA-256 of the file")
    is_own_record = Column(Kind.FLAG, "The service's own record; false where its provider's gives the value")
    heading = Column(Kind.TEXT, "Column, in the borough's own words")
    field = Column(Kind.TEXT, "What was read")
    raw = Column(Kind.TEXT, "The roster's words")
    parsed = Column(Kind.TEXT, "What was made of them")
    rule = Column(Kind.TEXT, "Rule that read them")
    confidence = Column(Kind.NUMBER, "How sure")
    reading_status = Column(Kind.TEXT, "How much was read", values=ParseStatus)
    key = (row_key, service_at_location_id, file, part, physical_row, field)
