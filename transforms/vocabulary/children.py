"""Whom a service is for: needs, ages and what a family must hold."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


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


class Transition(Labelled):
    """Changes in a young life at which services stop, each with the age at which it comes.

    A school year begins with the age at 31 August. At 25 an EHC plan ends at the latest.
    """

    age: int

    def __new__(cls, value: str, label: str, age: int) -> Transition:
        """A transition with its age in years."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.age = age
        return member

    RECEPTION = "reception", "Starting school (Reception)", 4
    YEAR_7 = "year_7", "Starting secondary school (Year 7)", 11
    AGE_16 = "age_16", "End of compulsory school", 16
    AGE_18 = "age_18", "Becoming an adult", 18
    AGE_25 = "age_25", "End of EHC plans", 25


class SenStage(StrEnum):
    """What a family must hold before a child may come."""

    OPEN = "open"
    SEN_SUPPORT_OK = "sen_support_ok"
    EHCP_REQUIRED = "ehcp_required"
    DLA_PIP_REQUIRED = "dla_pip_required"
    ASSESSMENT_REQUIRED = "assessment_required"
    UNKNOWN = "unknown"


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


class DemandMark(Labelled):
    """Why a count has no figure: shown as [c], [x], [z], [u] and [low]. Ours are marked as a release's are."""

    CONFIDENTIAL = "c", "confidential: too few children"
    NOT_AVAILABLE = "x", "not available"
    NOT_APPLICABLE = "z", "not applicable"
    LOW_RELIABILITY = "u", "low reliability"
    ROUNDS_TO_NOUGHT = "low", "rounds to nought, and is not nought"


class DemandBasis(Labelled):
    """What an expected number of children rests on."""

    EHC_PLANS = "ehc_plans", "EHC plans of the City, rounded"
    RATE = "rate", "rate of London or of England, applied to the City's young people"


class DemandCaveat(Labelled):
    """What a reader must know of an expected number of children."""

    EDUCATED_ELSEWHERE = (
        "educated_elsewhere",
        "many go to school outside the City; plans are counted where a child lives, SEN support is not in",
    )
