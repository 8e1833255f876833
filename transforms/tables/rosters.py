"""Roster lines: what every borough's file becomes before it is read for meaning.

A source's TOML maps its own headings onto these columns. Everything is still text, exactly as the
borough wrote it; the parsers come later.
"""

from __future__ import annotations

from transforms.schema import Column, Kind, Table


class Line(Table):
    """One record of a roster, as received."""

    row_id = Column(Kind.TEXT, "File and physical row, unique in a night's run", required=True)
    file = Column(Kind.TEXT, "Roster file the record came from", required=True)
    part = Column(Kind.TEXT, "Sheet of a workbook; blank for other formats")
    physical_row = Column(
        Kind.WHOLE,
        "Line, sheet row or record number within the file",
        required=True,
        minimum=1,
    )
    record_ref = Column(Kind.TEXT, "The borough's own reference for the record")
    key = (row_id,)


class ProviderLine(Line, name="provider_line"):
    """One provider, and where the roster says so one service and its venue, as received."""

    provider_type = Column(Kind.TEXT, "Kind of provider in the borough's words")
    provider_ref = Column(Kind.TEXT, "The borough's reference for the provider")
    provider_name = Column(Kind.TEXT, "Name of the provider", required=True)
    trading_as = Column(Kind.TEXT, "Other name the provider uses")
    charity_no = Column(Kind.TEXT, "Charity registration number")
    company_no = Column(Kind.TEXT, "Companies House number")
    ofsted_urn = Column(Kind.TEXT, "Ofsted unique reference number")
    phone = Column(Kind.TEXT, "Telephone")
    email = Column(Kind.TEXT, "E-mail")
    website = Column(Kind.TEXT, "Website")
    hq_postcode = Column(Kind.TEXT, "Postcode of the registered or head office")
    funding = Column(Kind.TEXT, "Who pays or commissions")
    service_name = Column(Kind.TEXT, "Name of the service or activity")
    description = Column(Kind.TEXT, "Free text; never published")
    status = Column(Kind.TEXT, "Whether the service runs")
    tier = Column(Kind.TEXT, "Level of offer in the borough's words")
    kind_of_service = Column(Kind.TEXT, "Kind of service in the borough's words")
    delivery = Column(Kind.TEXT, "How the service is delivered")
    venue_name = Column(Kind.TEXT, "Name of the venue")
    venue_address = Column(Kind.TEXT, "Address of the venue")
    venue_postcode = Column(Kind.TEXT, "Postcode of the venue")
    venue_type = Column(Kind.TEXT, "Open Referral location type")
    uprn = Column(Kind.TEXT, "Unique property reference number of the venue")
    latitude = Column(Kind.TEXT, "Latitude, WGS84")
    longitude = Column(Kind.TEXT, "Longitude, WGS84")
    easting = Column(Kind.TEXT, "Easting on the National Grid, EPSG:27700")
    northing = Column(Kind.TEXT, "Northing on the National Grid, EPSG:27700")
    stated_authority = Column(Kind.TEXT, "Authority the record says it is in")
    needs = Column(Kind.TEXT, "Who the service is for")
    ages = Column(Kind.TEXT, "Ages in one cell")
    age_from = Column(Kind.TEXT, "Youngest age")
    age_to = Column(Kind.TEXT, "Oldest age")
    schedule = Column(Kind.TEXT, "Days and times in one cell")
    byday = Column(Kind.TEXT, "Days, in a column of their own")
    opens_at = Column(Kind.TEXT, "Start times, in a column of their own")
    closes_at = Column(Kind.TEXT, "End times, in a column of their own")
    freq = Column(Kind.TEXT, "RFC 5545 frequencies, in a column of their own")
    interval = Column(Kind.TEXT, "Every how many weeks or months, in a column of its own")
    monday = Column(Kind.TEXT, "Monday's times")
    tuesday = Column(Kind.TEXT, "Tuesday's times")
    wednesday = Column(Kind.TEXT, "Wednesday's times")
    thursday = Column(Kind.TEXT, "Thursday's times")
    friday = Column(Kind.TEXT, "Friday's times")
    saturday = Column(Kind.TEXT, "Saturday's times")
    sunday = Column(Kind.TEXT, "Sunday's times")
    calendar_period = Column(Kind.TEXT, "Term time or holidays")
    valid_from = Column(Kind.TEXT, "First date of the activity")
    valid_to = Column(Kind.TEXT, "Last date of the activity")
    cost = Column(Kind.TEXT, "Cost to the family")
    cost_unit = Column(Kind.TEXT, "What the amounts buy, in a column of its own")
    places = Column(Kind.TEXT, "Places a session")
    ratio = Column(Kind.TEXT, "Staff to children")
    parent_stays = Column(Kind.TEXT, "Whether a parent must stay")
    siblings = Column(Kind.TEXT, "Whether siblings may come")
    step_free = Column(Kind.TEXT, "Wheelchair access")
    access = Column(Kind.TEXT, "Other words about access")
    residency = Column(Kind.TEXT, "Where a family must live")
    sen_stage = Column(Kind.TEXT, "Whether an EHC plan or assessment is needed")
    referral = Column(Kind.TEXT, "How to book or be referred")
    dp_payable = Column(Kind.TEXT, "Whether a direct payment may be used")
    notes = Column(Kind.TEXT, "Free text; never published")
    last_verified = Column(Kind.TEXT, "When the borough last checked the record")
    contract_ref = Column(Kind.TEXT, "Reference of the contract or framework")
    contract_lot = Column(Kind.TEXT, "Lots of the framework")
    contract_title = Column(Kind.TEXT, "What the contract is for")
    contract_start = Column(Kind.TEXT, "First day of the contract")
    contract_end = Column(Kind.TEXT, "Last day of the contract")
    contract_extension = Column(Kind.TEXT, "Whether the contract may be extended, and for how long")
    contract_notice = Column(Kind.TEXT, "Day by which notice must be given")
    commissioned_by = Column(Kind.TEXT, "Who buys the service")
    areas_covered = Column(Kind.TEXT, "Authorities that the contract covers")
    covers_city = Column(Kind.TEXT, "Whether the contract covers the City of London")


class ShortBreakLine(ProviderLine, name="short_break_line"):
    """One short break or activity, as received."""

    provider_name = Column(Kind.TEXT, "Name of the provider")
    service_name = Column(Kind.TEXT, "Name of the service or activity", required=True)


class HealthPathwayLine(Line, name="health_pathway_line"):
    """One health service as reached from one GP route, as received."""

    service_name = Column(Kind.TEXT, "Health service", required=True)
    route = Column(Kind.TEXT, "GP registration the row speaks of", required=True)
    offered = Column(Kind.TEXT, "Whether the route offers the service")
    age_from = Column(Kind.TEXT, "Youngest age")
    age_to = Column(Kind.TEXT, "Oldest age")
    referral = Column(Kind.TEXT, "Who may refer")
    wait = Column(Kind.TEXT, "Weeks to first appointment")
    provider_name = Column(Kind.TEXT, "Name of the provider")
    venue_name = Column(Kind.TEXT, "Where children are seen")
    venue_postcode = Column(Kind.TEXT, "Postcode of the clinic")
    last_verified = Column(Kind.TEXT, "When the record was last checked")
