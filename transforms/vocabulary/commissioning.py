"""What gap tables say of health routes, contracts and who buys what."""

from __future__ import annotations

from transforms.vocabulary.labels import Labelled, Verdict


class PathwayAlignment(Verdict):
    """Whether children of the City get the same from one health service whichever GP they are registered with."""

    ONE_SIDE_ONLY = "ONE_SIDE_ONLY", "one route only", True
    AGE_DIFF = "AGE_DIFF", "ages differ", True
    REFERRAL_DIFF = "REFERRAL_DIFF", "who may refer differs", True
    UNKNOWN = "UNKNOWN", "not known of both routes", True
    NEITHER_SIDE = "NEITHER_SIDE", "on neither route at this age"
    ALIGNED = "ALIGNED", "the same on both routes"


class PathwayDifference(Labelled):
    """In what two routes to one health service differ."""

    OFFERED = "offered", "offered on one route only"
    AGES = "ages", "ages"
    REFERRAL = "referral", "who may refer"


class ContractExpiry(Verdict):
    """What the end of a contract asks of a commissioner."""

    LAPSED = "LAPSED", "ended, no successor known", True
    LAPSES = "LAPSES", "ends soon, no successor known", True
    EXTEND_OR_LAPSE = "EXTEND_OR_LAPSE", "ends soon unless it is extended", True
    ASK_IF_EXTENDED = "ASK_IF_EXTENDED", "past its end: ask whether it was extended", True
    END_UNKNOWN = "END_UNKNOWN", "its end is not known: ask", True
    SUCCEEDED = "SUCCEEDED", "a successor is known"
    RUNS = "RUNS", "runs on"


class CityPart(Labelled):
    """What the City is to what is bought."""

    BUYS = "buys", "buys it"
    COVERED = "covered", "may place children under another's contract"
    NONE_KNOWN = "none_known", "no party as far as is told"
    UNKNOWN = "unknown", "who buys it is not told"


class JoinStatus(Verdict):
    """Whether the City should ask to join what its neighbours buy."""

    WORTH_JOINING = "WORTH_JOINING", "neighbours buy it and the City does not: ask to join", True
    ASK_WHO_BUYS = "ASK_WHO_BUYS", "may be worth joining: ask who buys it", True
    FEW_BUYERS = "FEW_BUYERS", "fewer neighbours buy it"
    CITY_BUYS = "CITY_BUYS", "the City buys it"


class CommissioningMeasure(Labelled):
    """Shares that the strategy speaks of: what is counted, of which whole."""

    JOINTLY_BOUGHT = "jointly_bought", "activities bought jointly, of those somebody buys"
    BOUGHT_WITH_HEALTH = (
        "bought_with_health",
        "activities bought by an authority and health, of those somebody buys",
    )
    PERSONAL_BUDGET = "personal_budget", "activities payable by personal budget or direct payment, of all"
    CITY_SPECIALIST = "city_specialist", "specialist activities, of those the City buys"
    CITY_OUTSIDE = (
        "city_outside",
        "activities outside the Square Mile, of those the City buys that have a venue",
    )
    CITY_JOINT_CONTRACTS = "city_joint_contracts", "contracts with another authority, of the City's"
    CITY_HACKNEY_CONTRACTS = "city_hackney_contracts", "contracts with Hackney, of the City's"
    NEW_JOINT_CONTRACTS = "new_joint_contracts", "contracts begun within a year, of the City's joint ones"
    HEALTH_ALIGNED = (
        "health_aligned",
        "health services the same on both GP routes, by age band, of those offered",
    )
