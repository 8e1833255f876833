"""Dated reference: what the figures are held against. Read from ``data/reference``; never published as a table."""

from __future__ import annotations

from transforms.parsers.postcodes import STANDARD_FORM
from transforms.schema import Column, Kind, NotAbove, Table
from transforms.vocabulary import (
    BodyKind,
    CalendarPeriod,
    DemandMark,
    HealthRoute,
    KpiFrequency,
    KpiPublication,
    KpiRule,
    Need,
    OriginKind,
    TargetBasis,
    TargetScope,
)

LAD_PATTERN = r"^[EKNSW]\d{8}$"
# A calendar year or one of its quarters, as pandas writes a period.
PERIOD_PATTERN = r"^\d{4}(?:Q[1-4])?$"
# Statements of the strategy, numbered as in docs/strategy-coverage.md.
STATEMENTS_PATTERN = r"^S\d{2}(?:,S\d{2})*$"


class Baseline(Table, name="baselines"):
    """One declared baseline of the 2020-24 target."""

    scope = Column(Kind.TEXT, "Which activities", required=True, values=TargetScope)
    basis = Column(Kind.TEXT, "What was counted", required=True, values=TargetBasis)
    value = Column(Kind.NUMBER, "How many there were", required=True, minimum=0)
    as_at = Column(Kind.DATE, "Day it describes", required=True)
    method = Column(Kind.TEXT, "How it was counted", required=True)
    approved_by = Column(Kind.TEXT, "Who approved it: a role, not a name", required=True)
    key = (scope, basis)


class Origin(Table, name="origins"):
    """One place where City families live, or where their children spend the day."""

    origin = Column(Kind.TEXT, "Estate or school", required=True)
    kind = Column(Kind.TEXT, "Which of the two it is", required=True, values=OriginKind)
    minimum_age = Column(Kind.WHOLE, "Youngest age there; blank for any", unit="years", minimum=0)
    maximum_age = Column(Kind.WHOLE, "Oldest age there; blank for any", unit="years", minimum=0)
    postal_code = Column(Kind.TEXT, "Its postcode", required=True, pattern=STANDARD_FORM)
    as_at = Column(Kind.DATE, "Day it describes", required=True)
    source = Column(Kind.TEXT, "Where it is from", required=True)
    easting = Column(Kind.NUMBER, "Point of the postcode, EPSG:27700; looked up, never in the file", unit="m")
    northing = Column(
        Kind.NUMBER, "Point of the postcode, EPSG:27700; looked up, never in the file", unit="m"
    )
    key = (origin,)


class CommissioningBody(Table, name="commissioning_bodies"):
    """One body that buys services for the children of one authority on one GP route, for the time in which it did."""

    code = Column(
        Kind.TEXT, "NHS organisation code of a health body, GSS code of an authority", required=True
    )
    name = Column(Kind.TEXT, "Name", required=True)
    kind = Column(Kind.TEXT, "What it is", required=True, values=BodyKind)
    lad_code = Column(Kind.TEXT, "Authority it buys for, GSS code", required=True, pattern=LAD_PATTERN)
    gp_route = Column(Kind.TEXT, "GP registration that leads to it; blank when none does", values=HealthRoute)
    valid_from = Column(Kind.DATE, "First day")
    valid_to = Column(Kind.DATE, "Last day; blank while it lasts")
    successor = Column(Kind.TEXT, "Code of the body that took over")
    source = Column(Kind.TEXT, "Where it is from", required=True)
    key = (code, lad_code, gp_route)
    rules = (NotAbove(valid_from, valid_to, "a body does not end before it starts"),)


class SchoolPeriod(Table, name="school_calendars"):
    """One stretch of one authority's school year: a term or a holiday."""

    lad_code = Column(Kind.TEXT, "Authority, GSS code", required=True, pattern=LAD_PATTERN)
    school_year = Column(Kind.TEXT, "School year, such as 2026/27", required=True, pattern=r"^\d{4}/\d{2}$")
    calendar_period = Column(Kind.TEXT, "Term or which holiday", required=True, values=CalendarPeriod)
    first_day = Column(Kind.DATE, "First day", required=True)
    last_day = Column(Kind.DATE, "Last day", required=True)
    source = Column(Kind.TEXT, "Where it is from", required=True)
    approved_by = Column(Kind.TEXT, "Who confirmed it: a role; blank while nobody has")
    key = (lad_code, first_day)
    rules = (NotAbove(first_day, last_day, "a period does not end before it starts"),)


class EhcPlans(Table, name="ehc_plans"):
    """EHC plans of one area by primary need, as the DfE published them."""

    area_code = Column(
        Kind.TEXT, "Authority, region or country, GSS code", required=True, pattern=LAD_PATTERN
    )
    area_name = Column(Kind.TEXT, "Its name", required=True)
    need = Column(Kind.TEXT, "Primary need; blank for all plans", values=Need)
    plans = Column(
        Kind.WHOLE, "Plans; blank when the release withholds it", minimum=0, is_about_children=True
    )
    mark = Column(Kind.TEXT, "Why there is no figure", values=DemandMark)
    period = Column(Kind.TEXT, "Academic year of the release, such as 2024/25", required=True)
    source = Column(Kind.TEXT, "Release, publisher and date", required=True)
    key = (area_code, need, period)


class Population(Table, name="population"):
    """People of one area of one year of age: an estimate that is published for every place, and counts nobody."""

    area_code = Column(Kind.TEXT, "Authority, GSS code", required=True, pattern=LAD_PATTERN)
    age = Column(Kind.WHOLE, "Age in years", unit="years", required=True, minimum=0, maximum=120)
    people = Column(Kind.WHOLE, "Estimated people", required=True, minimum=0)
    as_at = Column(Kind.DATE, "Day of the estimate", required=True)
    source = Column(Kind.TEXT, "Release, publisher and date", required=True)
    key = (area_code, age)


class PeoplePoint(Table, name="people_points"):
    """One point that stands for some of the young people of one authority: worked out, never in a file."""

    area_code = Column(Kind.TEXT, "Authority, GSS code", required=True, pattern=LAD_PATTERN)
    easting = Column(Kind.NUMBER, "Point, EPSG:27700", unit="m", required=True)
    northing = Column(Kind.NUMBER, "Point, EPSG:27700", unit="m", required=True)
    people = Column(Kind.NUMBER, "People aged 0 to 25 spread to this point", required=True, minimum=0)
    key = (area_code, easting, northing)


class CandidateVenue(Table, name="candidate_venues"):
    """One place inside the Square Mile where an activity could be put."""

    name = Column(Kind.TEXT, "Place", required=True)
    postal_code = Column(Kind.TEXT, "Its postcode", required=True, pattern=STANDARD_FORM)
    kind = Column(Kind.TEXT, "Library, school, leisure centre, community room", required=True)
    as_at = Column(Kind.DATE, "Day it describes", required=True)
    source = Column(Kind.TEXT, "Where it is from", required=True)
    easting = Column(Kind.NUMBER, "Point of the postcode, EPSG:27700; looked up, never in the file", unit="m")
    northing = Column(
        Kind.NUMBER, "Point of the postcode, EPSG:27700; looked up, never in the file", unit="m"
    )
    key = (name,)


class ActivityKind(Table, name="activity_kinds"):
    """One kind of activity that could be put somewhere, in the words in which a roster would list it."""

    name = Column(Kind.TEXT, "What it is", required=True)
    ages = Column(Kind.TEXT, "Ages", required=True)
    needs = Column(Kind.TEXT, "Needs it names", required=True)
    tier = Column(Kind.TEXT, "Level of offer", required=True)
    schedule = Column(Kind.TEXT, "Days, times and season", required=True)
    places = Column(Kind.WHOLE, "Places a session", required=True, minimum=1)
    parent_stays = Column(Kind.TEXT, "Whether a parent must stay", required=True)
    siblings = Column(Kind.TEXT, "Whether siblings may come", required=True)
    kind_of_service = Column(Kind.TEXT, "Kind of short break", required=True)
    as_at = Column(Kind.DATE, "Day it describes", required=True)
    source = Column(Kind.TEXT, "Where it is from", required=True)
    key = (name,)


class KpiDefinition(Table, name="kpi_definitions"):
    """One measure of the strategy that no roster holds."""

    kpi = Column(Kind.TEXT, "Its code", required=True)
    statements = Column(
        Kind.TEXT, "Statements of the strategy that it answers", required=True, pattern=STATEMENTS_PATTERN
    )
    measures = Column(Kind.TEXT, "What it measures", required=True)
    unit = Column(Kind.TEXT, "Unit; % where it is a share", required=True)
    target = Column(Kind.NUMBER, "Target; blank when the strategy sets none")
    target_rule = Column(Kind.TEXT, "How a value is held against the target", values=KpiRule)
    benchmark_england = Column(Kind.NUMBER, "The same measure for England")
    benchmark_london = Column(Kind.NUMBER, "The same measure for London")
    benchmark_as_at = Column(Kind.DATE, "Last day that the benchmarks describe")
    frequency = Column(Kind.TEXT, "How often it is taken", required=True, values=KpiFrequency)
    publication = Column(Kind.TEXT, "What of a value is published", required=True, values=KpiPublication)
    withheld_below = Column(
        Kind.WHOLE,
        "Nothing is told of a value about fewer people than these: of the base where it is a share",
        minimum=1,
    )
    change_of = Column(
        Kind.TEXT, "Measure whose change from the period before this one is; blank when it is supplied"
    )
    supplied_by = Column(Kind.TEXT, "Role that supplies it", required=True)
    source = Column(Kind.TEXT, "Where the definition is from", required=True)
    key = (kpi,)


class KpiValue(Table, name="kpi_values"):
    """One value of one measure of the strategy, as somebody supplied it. Not published as it stands."""

    kpi = Column(Kind.TEXT, "The measure, as kpi_definitions.csv names it", required=True)
    period = Column(
        Kind.TEXT, "Year or quarter by the calendar, such as 2026Q3", required=True, pattern=PERIOD_PATTERN
    )
    value = Column(Kind.NUMBER, "Value", required=True)
    base = Column(Kind.WHOLE, "How many the value is a share of", minimum=0)
    as_at = Column(Kind.DATE, "Day on which it was taken", required=True)
    source = Column(Kind.TEXT, "Who supplied it, by role, and from what", required=True)
    key = (kpi, period)


DATED_TABLES: tuple[type[Table], ...] = (
    Baseline,
    Origin,
    CommissioningBody,
    SchoolPeriod,
    EhcPlans,
    Population,
    CandidateVenue,
    ActivityKind,
    KpiDefinition,
    KpiValue,
)
