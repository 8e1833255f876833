"""What a service is, how it reaches a child, and what is known of it."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


class Tier(Labelled):
    """The Code of Practice's three levels of offer (4.31), or not known."""

    UNIVERSAL = "universal", "Universal"
    TARGETED = "targeted", "Targeted"
    SPECIALIST = "specialist", "Specialist"
    UNKNOWN = "unknown", "Tier not known"


TIERS: tuple[Tier, ...] = (Tier.UNIVERSAL, Tier.TARGETED, Tier.SPECIALIST)


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


class AccessQuestion(Labelled):
    """What is asked of a venue: a step-free way in, and each of ``AccessFeature``."""

    STEP_FREE = "step_free", "Step-free way in"
    ACCESSIBLE_TOILET = AccessFeature.ACCESSIBLE_TOILET.value, AccessFeature.ACCESSIBLE_TOILET.label
    CHANGING_PLACES = AccessFeature.CHANGING_PLACES.value, AccessFeature.CHANGING_PLACES.label
    HEARING_LOOP = AccessFeature.HEARING_LOOP.value, AccessFeature.HEARING_LOOP.label
    QUIET_SPACE = AccessFeature.QUIET_SPACE.value, AccessFeature.QUIET_SPACE.label


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
