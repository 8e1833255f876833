"""The canonical directory: Open Referral UK 3.0's nouns, our extensions marked ``x_``."""

from __future__ import annotations

from transforms.parsers.postcodes import STANDARD_FORM
from transforms.schema import Column, Implies, Kind, NotAbove, Table
from transforms.vocabulary import (
    OLDEST_AGE,
    AddressRole,
    Answer,
    CalendarPeriod,
    CommissionerType,
    CostUnit,
    DaySlot,
    DeliveryMode,
    Evidence,
    Frequency,
    FundingRoute,
    GeocodeMethod,
    HealthRoute,
    LocationType,
    Need,
    NeedScope,
    ParseStatus,
    Pathway,
    PathwayBasis,
    PostcodeStatus,
    Regulation4,
    SenStage,
    ServiceStatus,
    ShortBreakType,
    StepFree,
    Tier,
    Zone,
)

CITY_LAD_CODE, HACKNEY_LAD_CODE = "E09000001", "E09000012"
# The extent of Great Britain on the National Grid, EPSG:27700.
MAX_EASTING, MAX_NORTHING = 700_000, 1_300_000

_LAD_PATTERN = r"^[ENSW]\d{8}$"
_TIME_PATTERN = r"^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$"
_DAY_PATTERN = r"(?:-1|[1-5])?(?:MO|TU|WE|TH|FR|SA|SU)"


class Organization(Table, name="organization"):
    """One provider as one borough lists it; rows of the same provider share a cluster."""

    id = Column(Kind.TEXT, "Our identifier, stable while the source's own key is", required=True)
    name = Column(Kind.TEXT, "Name as the borough writes it", required=True)
    alternate_names = Column(Kind.TEXT, "Trading names")
    charity_no = Column(Kind.TEXT, "Charity registration number", pattern=r"^\d{6,7}(?:-\d+)?$")
    company_no = Column(Kind.TEXT, "Companies House number", pattern=r"^[A-Z\d]{8}$")
    ofsted_urn = Column(Kind.TEXT, "Ofsted unique reference number")
    email = Column(Kind.TEXT, "Role mailbox; a person's own address is never published")
    phone = Column(Kind.TEXT, "Telephone in international form")
    website = Column(Kind.TEXT, "Website", pattern=r"^https?://\S+$")
    hq_postcode = Column(
        Kind.TEXT,
        "Postcode of the head office; never a venue",
        pattern=STANDARD_FORM,
    )
    x_source = Column(Kind.TEXT, "Roster source", required=True)
    x_cluster_id = Column(Kind.TEXT, "Same provider in every borough", required=True)
    x_match_confidence = Column(
        Kind.NUMBER,
        "How sure the cluster is; 1 for a shared identifier or a provider alone",
        required=True,
        minimum=0,
        maximum=1,
    )
    x_match_reason = Column(Kind.TEXT, "Why it was clustered, in words", required=True)
    key = (id,)


class Service(Table, name="service"):
    """One service or activity as one borough lists it."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    organization_id = Column(Kind.TEXT, "Its provider", required=True)
    name = Column(Kind.TEXT, "Name as the borough writes it", required=True)
    url = Column(Kind.TEXT, "Web page of the service", pattern=r"^https?://\S+$")
    status = Column(Kind.TEXT, "Whether it runs", required=True, values=ServiceStatus)
    minimum_age = Column(Kind.WHOLE, "Youngest age, inclusive", unit="years", minimum=0, maximum=99)
    maximum_age = Column(Kind.WHOLE, "Oldest age, inclusive", unit="years", minimum=0, maximum=120)
    x_last_verified = Column(Kind.DATE, "When the borough last checked the record")
    x_ends_on = Column(Kind.DATE, "Last day of the activity, where the roster gives one")
    x_tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    x_tier_native = Column(Kind.TEXT, "Level of offer in the borough's words")
    x_short_break_type = Column(Kind.TEXT, "Kind of short break", required=True, values=ShortBreakType)
    x_regs2011_element = Column(
        Kind.TEXT,
        "What it is under regulation 4 of the 2011 short-breaks Regulations; blank when it is none of these",
        values=Regulation4,
    )
    x_delivery_mode = Column(Kind.TEXT, "How it reaches a child", required=True, values=DeliveryMode)
    x_is_bespoke = Column(Kind.FLAG, "Made for one child; such records are withheld", required=True)
    x_source = Column(Kind.TEXT, "Roster source", required=True)
    x_listed_by = Column(
        Kind.TEXT,
        "Authority whose roster lists it, GSS code; blank for another's roster",
        pattern=_LAD_PATTERN,
    )
    x_cluster_id = Column(Kind.TEXT, "Same service in every borough", required=True)
    key = (id,)
    rules = (NotAbove(minimum_age, maximum_age, "the youngest age is not above the oldest"),)


class Location(Table, name="location"):
    """One place a roster names: a venue, a head office, or a service without a place."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    location_type = Column(Kind.TEXT, "Kind of place", required=True, values=LocationType)
    name = Column(Kind.TEXT, "Name as the borough writes it")
    latitude = Column(Kind.NUMBER, "Latitude, EPSG:4326", unit="degrees", minimum=49, maximum=61)
    longitude = Column(Kind.NUMBER, "Longitude, EPSG:4326", unit="degrees", minimum=-9, maximum=2)
    external_identifier = Column(Kind.TEXT, "Unique property reference number", pattern=r"^\d{1,12}$")
    x_easting = Column(Kind.NUMBER, "Easting, EPSG:27700", unit="m", minimum=0, maximum=MAX_EASTING)
    x_northing = Column(Kind.NUMBER, "Northing, EPSG:27700", unit="m", minimum=0, maximum=MAX_NORTHING)
    x_geocode_method = Column(Kind.TEXT, "Evidence that placed it", required=True, values=GeocodeMethod)
    x_positional_error_m = Column(Kind.NUMBER, "How far off the point may be", unit="m", minimum=0)
    x_lad_code = Column(Kind.TEXT, "Local authority, GSS code", pattern=_LAD_PATTERN)
    x_zone = Column(
        Kind.TEXT,
        "Where it lies, seen from the Square Mile",
        required=True,
        values=Zone,
    )
    x_zone_certain = Column(
        Kind.FLAG,
        "False when the boundary lies within the positional error",
        required=True,
    )
    x_signed_distance_m = Column(Kind.NUMBER, "Distance to the City boundary; negative inside", unit="m")
    x_address_role = Column(Kind.TEXT, "What the address is", required=True, values=AddressRole)
    x_is_home = Column(
        Kind.FLAG, "A provider's own home: no address, no point, only the postcode sector", required=True
    )
    x_source = Column(Kind.TEXT, "Roster source", required=True)
    x_cluster_id = Column(Kind.TEXT, "Same venue in every borough", required=True)
    key = (id,)
    rules = (
        Implies(
            x_zone,
            Zone.INSIDE,
            x_lad_code,
            (CITY_LAD_CODE,),
            "a venue inside the Square Mile is in the City of London",
        ),
        Implies(
            x_zone,
            Zone.INSIDE,
            x_address_role,
            (AddressRole.VENUE,),
            "only a venue is inside the Square Mile; a head office has no zone",
        ),
        Implies(
            x_address_role,
            AddressRole.HQ,
            x_zone,
            (Zone.UNKNOWN,),
            "a head office has no zone",
        ),
        Implies(
            x_geocode_method,
            GeocodeMethod.NONE,
            x_zone,
            (Zone.UNKNOWN, Zone.ONLINE, Zone.HOME_OUTREACH),
            "a place without evidence has no zone on the ground",
        ),
    )


class Address(Table, name="address"):
    """One address of a location."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    location_id = Column(Kind.TEXT, "The location", required=True)
    address_1 = Column(Kind.TEXT, "Street address of a venue")
    city = Column(Kind.TEXT, "Post town")
    postal_code = Column(Kind.TEXT, "Postcode, standard form", pattern=STANDARD_FORM)
    x_postcode_raw = Column(Kind.TEXT, "Postcode as the roster writes it")
    x_postcode_status = Column(
        Kind.TEXT, "What the directory says of it", required=True, values=PostcodeStatus
    )
    key = (id,)


class ServiceAtLocation(Table, name="service_at_location"):
    """One service at one place."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    location_id = Column(Kind.TEXT, "The place", required=True)
    x_places_per_session = Column(Kind.WHOLE, "Places a session; blank when not known", minimum=0)
    x_ratio = Column(Kind.TEXT, "Staff to children, as written")
    key = (id,)


class Schedule(Table, name="schedule"):
    """One repeating session of a service at a place."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    service_at_location_id = Column(Kind.TEXT, "The service at its place", required=True)
    valid_from = Column(Kind.DATE, "First day")
    valid_to = Column(Kind.DATE, "Last day")
    freq = Column(Kind.TEXT, "RFC 5545 frequency; blank when irregular or not told", values=Frequency)
    interval = Column(Kind.WHOLE, "Every how many weeks or months", minimum=1)
    byday = Column(
        Kind.TEXT,
        "RFC 5545 day codes, comma separated; 1SU is the first Sunday of the month, -1FR the last Friday. "
        "A monthly session without a number is on one such day a month, which one is not told",
        pattern=rf"^{_DAY_PATTERN}(?:,{_DAY_PATTERN})*$",
    )
    opens_at = Column(Kind.TEXT, "Start, 24-hour clock", pattern=_TIME_PATTERN)
    closes_at = Column(Kind.TEXT, "End, 24-hour clock", pattern=_TIME_PATTERN)
    description = Column(Kind.TEXT, "Days and times as the roster writes them")
    x_calendar_period = Column(Kind.TEXT, "When in the year", required=True, values=CalendarPeriod)
    x_day_slot = Column(Kind.TEXT, "When in the day", required=True, values=DaySlot)
    x_hours = Column(Kind.NUMBER, "Length of a session", unit="hours", minimum=0, maximum=24)
    x_parse_status = Column(Kind.TEXT, "How much was read", required=True, values=ParseStatus)
    key = (id,)
    rules = (NotAbove(valid_from, valid_to, "an activity does not end before it starts"),)


class CostOption(Table, name="cost_option"):
    """One price of a service."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    option = Column(Kind.TEXT, "What or whom the price is for, in the roster's words")
    amount = Column(Kind.NUMBER, "Price", unit="GBP", minimum=0, maximum=10_000)
    amount_description = Column(Kind.TEXT, "Price as the roster writes it")
    x_unit = Column(Kind.TEXT, "What the amount buys", required=True, values=CostUnit)
    x_is_free = Column(Kind.FLAG, "Free to the family; blank when not known")
    x_dp_payable = Column(Kind.TEXT, "Payable by direct payment", required=True, values=Answer)
    key = (id,)


class Funding(Table, name="funding"):
    """One source of money of a service."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    service_id = Column(Kind.TEXT, "The service", required=True)
    source = Column(Kind.TEXT, "Who pays, in the borough's words")
    x_route = Column(Kind.TEXT, "How a place is paid for", required=True, values=FundingRoute)
    x_commissioner_type = Column(
        Kind.TEXT, "Which service of the state buys it", required=True, values=CommissionerType
    )
    x_commissioners = Column(
        Kind.TEXT,
        "Authorities that the words name as the payer, GSS codes, comma separated; blank for a grant or a fee",
    )
    x_has_health_buyer = Column(Kind.FLAG, "The words name a health body as a payer", required=True)
    key = (id,)


class Accessibility(Table, name="accessibility"):
    """What is known of access at one place."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    location_id = Column(Kind.TEXT, "The place", required=True)
    accessibility = Column(Kind.TEXT, "Access as the roster writes it")
    x_step_free = Column(Kind.TEXT, "Step-free way in", required=True, values=StepFree)
    x_accessible_toilet = Column(Kind.TEXT, "Accessible toilet", required=True, values=Answer)
    x_changing_places = Column(Kind.TEXT, "Changing Places toilet", required=True, values=Answer)
    x_hearing_loop = Column(Kind.TEXT, "Hearing loop", required=True, values=Answer)
    x_quiet_space = Column(Kind.TEXT, "Quiet space", required=True, values=Answer)
    key = (id,)


class Eligibility(Table, name="x_eligibility"):
    """Who may come to one service, and on what terms."""

    service_id = Column(Kind.TEXT, "The service", required=True)
    accepts_city_residents = Column(
        Kind.TEXT, "Takes children who live in the City", required=True, values=Answer
    )
    condition = Column(Kind.TEXT, "Residency rule as the roster writes it")
    evidence = Column(Kind.TEXT, "How we know", required=True, values=Evidence)
    evidence_date = Column(Kind.DATE, "As at")
    sen_stage = Column(Kind.TEXT, "Plan or assessment needed", required=True, values=SenStage)
    parent_must_stay = Column(Kind.TEXT, "A parent must stay", required=True, values=Answer)
    parent_condition = Column(Kind.TEXT, "On what that depends, as the roster writes it")
    siblings_welcome = Column(Kind.TEXT, "Siblings may come", required=True, values=Answer)
    siblings_condition = Column(Kind.TEXT, "On what that depends, as the roster writes it")
    key = (service_id,)


class ServiceNeed(Table, name="x_need"):
    """One need that a service says it is for."""

    service_id = Column(Kind.TEXT, "The service", required=True)
    need_code = Column(Kind.TEXT, "Primary need; blank unless a need or area is named", values=Need)
    scope = Column(Kind.TEXT, "How widely the service is meant", required=True, values=NeedScope)
    confidence = Column(Kind.NUMBER, "How sure the reading is", required=True, minimum=0, maximum=1)
    raw = Column(Kind.TEXT, "The roster's words")
    key = (service_id, need_code)


class ServicePathway(Table, name="x_pfa"):
    """One Preparing-for-Adulthood outcome that a service works towards."""

    service_id = Column(Kind.TEXT, "The service", required=True)
    pathway = Column(Kind.TEXT, "Outcome of the Code of Practice", required=True, values=Pathway)
    basis = Column(Kind.TEXT, "How we know", required=True, values=PathwayBasis)
    key = (service_id, pathway)


class HealthPathway(Table, name="x_health_pathway"):
    """One health service as reached from one GP route."""

    id = Column(Kind.TEXT, "Our identifier", required=True)
    service_name = Column(Kind.TEXT, "Health service", required=True)
    route = Column(Kind.TEXT, "GP registration", required=True, values=HealthRoute)
    offered = Column(Kind.TEXT, "Whether the route offers it", required=True, values=Answer)
    minimum_age = Column(
        Kind.WHOLE,
        "Youngest age, inclusive",
        unit="years",
        minimum=0,
        maximum=OLDEST_AGE,
    )
    maximum_age = Column(Kind.WHOLE, "Oldest age, inclusive", unit="years", minimum=0, maximum=99)
    referral = Column(Kind.TEXT, "Who may refer, in the roster's words")
    wait_weeks = Column(Kind.WHOLE, "Weeks to first appointment", unit="weeks", minimum=0)
    provider_name = Column(Kind.TEXT, "Provider, as written")
    x_last_verified = Column(Kind.DATE, "When last checked")
    x_source = Column(Kind.TEXT, "Roster source", required=True)
    key = (id,)
    rules = (NotAbove(minimum_age, maximum_age, "the youngest age is not above the oldest"),)
