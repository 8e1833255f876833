"""Who buys and who pays."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


class CostUnit(StrEnum):
    """What an amount buys."""

    SESSION = "session"
    HOUR = "hour"
    DAY = "day"
    WEEK = "week"
    YEAR = "year"
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
