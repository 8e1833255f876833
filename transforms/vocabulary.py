"""Controlled values: every code the published tables may hold, once.

Synonyms seen in rosters live in ``data/reference/synonyms.toml``; their keys are checked against
these codes when they are loaded.
"""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A code with the words a reader sees: ``NAME = code, label``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """A member whose value is the code and whose label defaults to the code's words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ")
        return member


class Need(Labelled):
    """Primary need as the DfE's SEN2 return codes it, plus NSA of the SEN-support census."""

    ASD = "ASD", "Autistic spectrum disorder"
    SLCN = "SLCN", "Speech, language and communication needs"
    SPLD = "SPLD", "Specific learning difficulty"
    MLD = "MLD", "Moderate learning difficulty"
    SLD = "SLD", "Severe learning difficulty"
    PMLD = "PMLD", "Profound and multiple learning difficulty"
    DS = "DS", "Down syndrome"
    SEMH = "SEMH", "Social, emotional and mental health"
    HI = "HI", "Hearing impairment"
    VI = "VI", "Vision impairment"
    MSI = "MSI", "Multi-sensory impairment"
    PD = "PD", "Physical disability"
    OTH = "OTH", "Other difficulty or disability"
    NSA = "NSA", "SEN support, no specialist assessment"


class NeedArea(Labelled):
    """The four broad areas of need of the SEND Code of Practice (6.28-6.35), and the rest."""

    CI = "CI", "Communication and interaction"
    CL = "CL", "Cognition and learning"
    SEMH = "SEMH", "Social, emotional and mental health"
    SP = "SP", "Sensory and physical"
    UNCLASSIFIED = "UNCLASSIFIED", "Other or not assessed"


# Down syndrome under cognition and learning is our judgement: the Code of Practice does not list it.
AREA_OF_NEED: dict[Need, NeedArea] = {
    Need.SLCN: NeedArea.CI,
    Need.ASD: NeedArea.CI,
    Need.SPLD: NeedArea.CL,
    Need.MLD: NeedArea.CL,
    Need.SLD: NeedArea.CL,
    Need.PMLD: NeedArea.CL,
    Need.DS: NeedArea.CL,
    Need.SEMH: NeedArea.SEMH,
    Need.HI: NeedArea.SP,
    Need.VI: NeedArea.SP,
    Need.MSI: NeedArea.SP,
    Need.PD: NeedArea.SP,
    Need.OTH: NeedArea.UNCLASSIFIED,
    Need.NSA: NeedArea.UNCLASSIFIED,
}

# NSA is a census category of children awaiting assessment, not a need a service is designed for.
NEEDS_TO_COVER: tuple[Need, ...] = tuple(need for need in Need if need is not Need.NSA)


class NeedScope(Labelled):
    """How widely a service says it is meant."""

    NAMED = "named", "names this need"
    AREA = "area", "names a wider area that may include this need"
    ANY_SEND = "any_send", "any special need or disability"
    OPEN = "open", "open to everyone"
    NOT_STATED = "not_stated", "not stated"


class AgeBand(Labelled):
    """The DfE's five age bands, inclusive whole years."""

    first_year: int
    last_year: int

    def __new__(cls, value: str, label: str, first_year: int, last_year: int) -> AgeBand:
        """A band with its first and last year of age."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.first_year = first_year
        member.last_year = last_year
        return member

    U5 = "U5", "under 5", 0, 4
    FROM_5 = "5_10", "5 to 10", 5, 10
    FROM_11 = "11_15", "11 to 15", 11, 15
    FROM_16 = "16_19", "16 to 19", 16, 19
    FROM_20 = "20_25", "20 to 25", 20, 25


OLDEST_AGE = AgeBand.FROM_20.last_year


class Tier(Labelled):
    """The Code of Practice's three levels of offer (4.31), or not known."""

    UNIVERSAL = "universal", "Universal"
    TARGETED = "targeted", "Targeted"
    SPECIALIST = "specialist", "Specialist"
    UNKNOWN = "unknown", "Tier not known"


TIERS: tuple[Tier, ...] = (Tier.UNIVERSAL, Tier.TARGETED, Tier.SPECIALIST)


class Zone(Labelled):
    """Where a service happens, seen from the Square Mile."""

    INSIDE = "inside", "Inside the Square Mile"
    NEAR = "near", "Near: a short walk outside"
    OUTSIDE = "outside", "Further outside"
    ONLINE = "online", "Online"
    HOME_OUTREACH = "home_outreach", "At home or outreach"
    UNKNOWN = "unknown", "Place not known"


class Answer(StrEnum):
    """A yes/no question answered by a roster. ``unknown`` is never ``no``."""

    YES = "yes"
    NO = "no"
    CONDITIONAL = "conditional"
    UNKNOWN = "unknown"


class StepFree(StrEnum):
    """Whether a venue can be entered without steps."""

    YES = "yes"
    PARTIAL = "partial"
    NO = "no"
    UNKNOWN = "unknown"


class AccessFeature(Labelled):
    """What else makes a venue usable for a disabled child."""

    ACCESSIBLE_TOILET = "accessible_toilet", "Accessible toilet"
    CHANGING_PLACES = "changing_places", "Changing Places toilet"
    HEARING_LOOP = "hearing_loop", "Hearing loop"
    QUIET_SPACE = "quiet_space", "Quiet space"


class Evidence(StrEnum):
    """How we know whether a service accepts City residents."""

    STATED = "stated"
    CONTRACT = "contract"
    PROVIDER_CONFIRMED = "provider_confirmed"
    INFERRED_COMMISSIONER_RULE = "inferred_commissioner_rule"
    NONE = "none"


class ServiceStatus(StrEnum):
    """Open Referral UK's service status."""

    ACTIVE = "active"
    INACTIVE = "inactive"
    DEFUNCT = "defunct"
    TEMPORARILY_CLOSED = "temporarily closed"


class DeliveryMode(StrEnum):
    """How a service reaches a child."""

    PHYSICAL = "physical"
    ONLINE = "online"
    HYBRID = "hybrid"
    HOME = "home"
    OUTREACH = "outreach"
    UNKNOWN = "unknown"


class LocationType(StrEnum):
    """Open Referral UK's location type."""

    PHYSICAL = "physical"
    POSTAL = "postal"
    VIRTUAL = "virtual"


class AddressRole(StrEnum):
    """What an address is: only a venue gets a zone; a headquarters never does."""

    VENUE = "venue"
    HQ = "hq"
    UNKNOWN = "unknown"


class PostcodeStatus(Labelled):
    """What the postcode directory says of a postcode."""

    LISTED = "listed", "in the packaged directory, which carries no dates"
    LIVE = "live", "in use"
    TERMINATED = "terminated", "no longer in use"
    PO_BOX = "po_box", "a PO box or large-user postcode: not a place"
    UNKNOWN = "unknown", "well formed, not in the directory"
    INVALID = "invalid", "not a postcode"
    MISSING = "missing", "none given"


class GeocodeMethod(StrEnum):
    """Which evidence placed a venue, the best first."""

    UPRN = "uprn"
    COORDINATES = "coordinates"
    POSTCODE = "postcode"
    NONE = "none"


class CalendarPeriod(StrEnum):
    """When in the school year a session runs."""

    TERM_TIME = "term_time"
    AUTUMN_HALF_TERM = "autumn_half_term"
    CHRISTMAS = "christmas"
    FEB_HALF_TERM = "feb_half_term"
    EASTER = "easter"
    MAY_HALF_TERM = "may_half_term"
    SUMMER = "summer"
    SCHOOL_HOLIDAYS = "school_holidays"
    ALL_YEAR = "all_year"
    UNKNOWN = "unknown"


# The holidays of a school year, each by itself. ``SCHOOL_HOLIDAYS`` is all of them.
HOLIDAYS = (
    CalendarPeriod.AUTUMN_HALF_TERM, CalendarPeriod.CHRISTMAS, CalendarPeriod.FEB_HALF_TERM,
    CalendarPeriod.EASTER, CalendarPeriod.MAY_HALF_TERM, CalendarPeriod.SUMMER,
)  # fmt: skip


class DaySlot(StrEnum):
    """When in the day a session starts."""

    BEFORE_SCHOOL = "before_school"
    SCHOOL_DAY = "school_day"
    AFTER_SCHOOL = "after_school"
    EVENING = "evening"
    WEEKEND_AM = "weekend_am"
    WEEKEND_PM = "weekend_pm"
    OVERNIGHT = "overnight"
    ALL_DAY_HOLIDAY = "all_day_holiday"
    UNKNOWN = "unknown"


class Frequency(StrEnum):
    """RFC 5545 frequency of a session."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Weekday(Labelled):
    """RFC 5545 day codes."""

    MO = "MO", "Monday"
    TU = "TU", "Tuesday"
    WE = "WE", "Wednesday"
    TH = "TH", "Thursday"
    FR = "FR", "Friday"
    SA = "SA", "Saturday"
    SU = "SU", "Sunday"


class ParseStatus(StrEnum):
    """How much of a value could be read."""

    PARSED = "parsed"
    PARTIAL = "partial"
    UNPARSED = "unparsed"
    QUARANTINE = "quarantine"


class ParsedField(StrEnum):
    """What a value can be, read by itself."""

    AGES = "ages"
    SCHEDULE = "schedule"
    COST = "cost"
    NEEDS = "needs"
    TIER = "tier"
    TRISTATE = "tristate"
    RESIDENCY = "residency"
    POSTCODE = "postcode"
    PHONE = "phone"
    DATE = "date"


class CostUnit(StrEnum):
    """What an amount buys."""

    SESSION = "session"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    YEAR = "year"
    UNKNOWN = "unknown"


class ShortBreakType(StrEnum):
    """Kinds of short break (2011 Regulations, regulation 4, and borough frameworks) and kin."""

    DAY_CARE_IN_HOME = "day_care_in_home"
    DAY_CARE_ELSEWHERE = "day_care_elsewhere"
    OVERNIGHT_IN_HOME = "overnight_in_home"
    OVERNIGHT_RESIDENTIAL = "overnight_residential"
    FAMILY_BASED_OVERNIGHT = "family_based_overnight"
    AFTER_SCHOOL_CLUB = "after_school_club"
    EVENING_CLUB = "evening_club"
    WEEKEND_CLUB = "weekend_club"
    HOLIDAY_PLAYSCHEME = "holiday_playscheme"
    OUTREACH_1TO1 = "outreach_1to1"
    SPECIALIST_OUTREACH_1TO1 = "specialist_outreach_1to1"
    BEFRIENDING = "befriending"
    SITTING = "sitting"
    DOMICILIARY_CARE = "domiciliary_care"
    LEISURE_ACTIVITY = "leisure_activity"
    EDUCATION_ACTIVITY = "education_activity"
    SPORT = "sport"
    ARTS = "arts"
    ADVENTURE_PLAY = "adventure_play"
    YOUTH_CLUB = "youth_club"
    STAY_AND_PLAY = "stay_and_play"
    RESIDENTIAL_TRIP = "residential_trip"
    CASH_DIRECT_PAYMENT = "cash_direct_payment"
    SUPPORTED_INTERNSHIP = "supported_internship"
    WORK_EXPERIENCE = "work_experience"
    CAREERS_IAG = "careers_iag"
    TRAVEL_TRAINING = "travel_training"
    INDEPENDENT_LIVING_SKILLS = "independent_living_skills"
    SENDIASS = "sendiass"
    PARENT_SUPPORT = "parent_support"
    THERAPY_SLT = "therapy_slt"
    THERAPY_OT = "therapy_ot"
    PHYSIO = "physio"
    NOT_SHORT_BREAK = "not_short_break"
    UNKNOWN = "unknown"


class Regulation4(Labelled):
    """What regulation 4 of the Breaks for Carers of Disabled Children Regulations 2011 asks of an authority."""

    DAY_CARE = "day_care", "Day-time care, at home or elsewhere"
    OVERNIGHT = "overnight", "Overnight care, at home or elsewhere"
    EDUCATION_OR_LEISURE_OUTSIDE_HOME = (
        "education_or_leisure_outside_home",
        "Educational or leisure activities outside the home",
    )
    EVENING_WEEKEND_HOLIDAY = "evening_weekend_holiday", "Services in evenings, at weekends and in holidays"


class Pathway(Labelled):
    """The four Preparing-for-Adulthood outcomes of the SEND Code of Practice (chapter 8)."""

    EMP = "EMP", "Employment, education and training"
    IL = "IL", "Independent living"
    CI = "CI", "Friends, relationships and community"
    HEA = "HEA", "Good health"


class PathwayBasis(StrEnum):
    """How we know that a service prepares for adulthood."""

    WORDS = "words"
    KIND_OF_SERVICE = "kind_of_service"


class SenStage(StrEnum):
    """What a family must hold before a child may come."""

    OPEN = "open"
    SEN_SUPPORT_OK = "sen_support_ok"
    EHCP_REQUIRED = "ehcp_required"
    DLA_PIP_REQUIRED = "dla_pip_required"
    ASSESSMENT_REQUIRED = "assessment_required"
    UNKNOWN = "unknown"


class FundingRoute(StrEnum):
    """How a place is paid for."""

    BLOCK = "block"
    SPOT = "spot"
    PERSONAL_BUDGET = "personal_budget"
    DIRECT_PAYMENT = "direct_payment"
    GRANT = "grant"
    SELF_FUNDED = "self_funded"
    UNKNOWN = "unknown"


class CommissionerType(StrEnum):
    """Which service of the state buys a place; ``none_self_funded`` where none does."""

    EDUCATION = "education"
    HEALTH = "health"
    SOCIAL_CARE = "social_care"
    PUBLIC_HEALTH = "public_health"
    JOINT = "joint"
    NONE_SELF_FUNDED = "none_self_funded"
    UNKNOWN = "unknown"


class HealthRoute(Labelled):
    """GP registration decides the health pathway: both City routes share one ICB."""

    CITY_HACKNEY_GP = "CITY_HACKNEY_GP", "City & Hackney GP"
    TOWER_HAMLETS_GP = "TOWER_HAMLETS_GP", "Tower Hamlets GP"
    ISLINGTON_GP = "ISLINGTON_GP", "Islington GP"
    OTHER_GP = "OTHER_GP", "Another GP"
    UNKNOWN = "unknown", "Not known"


class BodyKind(Labelled):
    """What a commissioning body is."""

    LOCAL_AUTHORITY = "local_authority", "local authority"
    CCG = "ccg", "clinical commissioning group"
    ICB = "icb", "integrated care board"


class DemandMark(Labelled):
    """Why a published release gives no figure, in our shorthand."""

    CONFIDENTIAL = "c", "confidential: too few children"
    NOT_AVAILABLE = "x", "not available"
    NOT_APPLICABLE = "z", "not applicable"
    LOW_RELIABILITY = "u", "low reliability"


class ContractRole(Labelled):
    """What a party is to a contract."""

    COMMISSIONER = "commissioner", "buys it"
    COVERED = "covered", "may place children under it"
    PROVIDER = "provider", "delivers it"


class ContractStatus(Labelled):
    """Whether a contract runs on the day of the snapshot."""

    NOT_STARTED = "not_started", "not started"
    RUNNING = "running", "runs"
    PAST_ITS_END = "past_its_end", "past its end; whether it was extended is not known"
    ENDED = "ended", "ended"
    UNKNOWN = "unknown", "its end is not known"


class GapStatus(Labelled):
    """What a pair of counts says about a gap."""

    GAP_CERTAIN = "GAP_CERTAIN", "gap"
    GAP_UNLESS_VERIFIED = "GAP_UNLESS_VERIFIED", "gap unless verified"
    FRAGILE = "FRAGILE", "one provider"
    COVERED = "COVERED", "covered"


class Standing(Labelled):
    """How a service counts in one row of a gap table."""

    CONFIRMED = "confirmed", "certain: every answer is known and fits"
    POSSIBLE = "possible", "fits unless an open answer turns out otherwise"
    RULED_OUT = "ruled_out", "would fit, but an answer rules it out: not counted"


class Doubt(Labelled):
    """Why a service is not confirmed in one row of a gap table: the first three rule it out."""

    NOT_RUNNING = "not_running", "does not run"
    ENDED = "ended", "has ended"
    NO_CITY_RESIDENTS = "no_city_residents", "takes no City residents"
    NEVER_CHECKED = "never_checked", "no date of a last check"
    NOT_CHECKED_RECENTLY = "not_checked_recently", "not checked recently"
    RESIDENCY_NOT_STATED = "residency_not_stated", "does not say whether City residents may come"
    RESIDENCY_CONDITIONAL = "residency_conditional", "takes City residents on a condition"
    RESIDENCY_CONTRADICTED = "residency_contradicted", "another roster says that City residents may not come"
    PLACE_UNSURE = "place_unsure", "so near the border that its zone is not certain"
    TIER_NOT_KNOWN = "tier_not_known", "level of offer not known"
    AGES_NOT_KNOWN = "ages_not_known", "ages not stated well enough to be sure of this band"
    WIDER_AREA = "wider_area", "names a wider area of need, not this need"
    ANY_SEND = "any_send", "for any special need, not this one by name"
    OPEN_TO_ALL = "open_to_all", "open to everyone, names no need"
    NEED_NOT_STATED = "need_not_stated", "does not say whom it is for"


# An answer that rules a service out; every other doubt leaves it possible.
RULING_OUT: frozenset[Doubt] = frozenset({Doubt.NOT_RUNNING, Doubt.ENDED, Doubt.NO_CITY_RESIDENTS})


class OpenQuestion(Labelled):
    """What a provider can be asked about one of its services, because no roster answers it for certain."""

    LAST_VERIFIED = "last_verified", "Is the listing still right?"
    ACCEPTS_CITY_RESIDENTS = "accepts_city_residents", "May children who live in the City come?"
    PLACE = "place", "Is its door inside the Square Mile?"
    TIER = "tier", "Is it universal, targeted or specialist?"
    AGES = "ages", "From which age to which age?"
    NEEDS = "needs", "For which needs?"


class SupposedAnswer(Labelled):
    """The answer under which the value of a call is worked out: the one that would close most."""

    YES = "yes", "yes"
    UNIVERSAL = "universal", "universal"
    TARGETED = "targeted", "targeted"
    SPECIALIST = "specialist", "specialist"
    EVERY_AGE = "every_age", "every age that it may be for"
    EVERY_NEED = "every_need", "every need that it may be for"


class PlannedChange(Labelled):
    """What a row of a proposal does to the directory."""

    ADD = "add", "new"
    CHANGE = "change", "changed"
    REMOVE = "remove", "lost"


class CellChange(Labelled):
    """What becomes of a row of a gap table."""

    CLOSES = "closes", "gap closes"
    OPENS = "opens", "gap opens"
    BETTER = "better", "better"
    WORSE = "worse", "worse"
    DIFFERS = "differs", "differs"
    SAME = "same", "the same"


class TargetStatus(Labelled):
    """Whether a target is met, as far as the evidence goes."""

    MET = "MET", "met"
    MET_IF_VERIFIED = "MET_IF_VERIFIED", "met if verified"
    NOT_MET = "NOT_MET", "not met"
    NO_BASELINE = "NO_BASELINE", "no baseline declared"


class TargetScope(Labelled):
    """Which activities a target counts."""

    UNIVERSAL = "universal", "Universal"
    SPECIALIST = "specialist", "Specialist"
    UNIVERSAL_AND_SPECIALIST = "universal_and_specialist", "Universal and specialist"


class TargetBasis(Labelled):
    """What a target counts. Splitting one club into three moves only the first."""

    ACTIVITIES = "activities", "activities"
    SESSIONS_PER_4_WEEKS = "sessions_per_4_weeks", "sessions in four weeks"
    PLACE_HOURS_PER_4_WEEKS = "place_hours_per_4_weeks", "place-hours in four weeks"


class QualityDimension(Labelled):
    """The dimensions of data quality we measure per borough."""

    COMPLETENESS = "completeness", "answers given"
    VALIDITY = "validity", "values that could be read"
    UNIQUENESS = "uniqueness", "rows that are not repeated"
    CONSISTENCY = "consistency", "rows that do not contradict themselves"
    TIMELINESS = "timeliness", "services checked recently enough"
    GEOCODE = "geocode", "venues placed"


class QualityStatus(Labelled):
    """Whether a quality figure reaches its threshold."""

    GOOD = "GOOD", "good"
    BELOW_THRESHOLD = "BELOW_THRESHOLD", "below threshold"
    NOT_APPLICABLE = "NOT_APPLICABLE", "nothing to measure"


class Outcome(Labelled):
    """Where a physical row of a roster ended. Every row ends in exactly one."""

    CURATED = "curated", "published or withheld as the policy says"
    QUARANTINED = "quarantined", "set aside for the borough to mend"
    REJECTED = "rejected", "not a record we take, or its whole file was refused"


class Severity(Labelled):
    """What an issue did to the row or file it is about."""

    NOTE = "note", "For information"
    WARNING = "warning", "Taken, please check"
    QUARANTINE = "quarantine", "Row set aside"
    REJECT = "reject", "File refused"


class SourceState(Labelled):
    """What a night made of one source."""

    ACCEPTED = "accepted", "taken tonight"
    CARRIED_MISSING = "carried_missing", "file missing: last good carried forward"
    CARRIED_REJECTED = "carried_rejected", "file refused: last good carried forward"
    CARRIED_UNASKED = "carried_unasked", "left out of this run: last good carried forward"
    ABSENT = "absent", "nothing to publish yet"
    WAITING = "waiting", "waits for its file"


# States in which figures rest on an earlier night's roster.
CARRIED: frozenset[SourceState] = frozenset(
    {SourceState.CARRIED_MISSING, SourceState.CARRIED_REJECTED, SourceState.CARRIED_UNASKED}
)


class IdentityEntity(StrEnum):
    """What keeps an id from night to night."""

    ORGANIZATION = "organization"
    LOCATION = "location"
    SERVICE = "service"
    HEALTH_PATHWAY = "health_pathway"
    ORGANIZATION_CLUSTER = "organization_cluster"
    LOCATION_CLUSTER = "location_cluster"
    SERVICE_CLUSTER = "service_cluster"


class IdentityState(Labelled):
    """What has become of an id."""

    CURRENT = "current", "in use"
    RETIRED = "retired", "no longer among the records of its source"
    MERGED = "merged", "became one with the record it redirects to"


class MatchEntity(StrEnum):
    """What is matched across rosters."""

    ORGANIZATION = "organization"
    LOCATION = "location"
    SERVICE = "service"


class MatchDecision(StrEnum):
    """Whether two records are the same; a maybe is left apart until somebody decides."""

    MATCH = "match"
    MAYBE = "maybe"
    NO = "no"


class ReviewDecision(StrEnum):
    """What somebody decided about two records."""

    SAME = "same"
    DIFFERENT = "different"


class RosterKind(StrEnum):
    """What one record of a roster describes."""

    PROVIDERS = "providers"
    SHORT_BREAKS = "short_breaks"
    HEALTH_PATHWAYS = "health_pathways"
