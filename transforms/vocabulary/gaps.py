"""How services count in gap tables, and what a row of one says."""

from __future__ import annotations

from transforms.vocabulary.labels import Labelled, Verdict


class GapStatus(Verdict):
    """What a pair of counts says about a gap."""

    GAP_CERTAIN = "GAP_CERTAIN", "gap", True
    GAP_UNLESS_VERIFIED = "GAP_UNLESS_VERIFIED", "gap unless verified", True
    FRAGILE = "FRAGILE", "one provider"
    COVERED = "COVERED", "covered"


class BreakStatus(Verdict):
    """Whether families get a real break: the words of ``GapStatus``, said of true breaks, and one of its own."""

    GAP_CERTAIN = "GAP_CERTAIN", "gap: no true break", True
    GAP_UNLESS_VERIFIED = "GAP_UNLESS_VERIFIED", "gap unless verified", True
    MOST_PARENTS_STAY = "MOST_PARENTS_STAY", "most ask a parent to stay", True
    FRAGILE = "FRAGILE", "true breaks of one provider"
    COVERED = "COVERED", "true breaks of two or more providers"


class TimeStatus(Verdict):
    """Whether something is on at a time: the words of ``GapStatus``, and one for times nobody asked for."""

    GAP_CERTAIN = "GAP_CERTAIN", "gap", True
    GAP_UNLESS_VERIFIED = "GAP_UNLESS_VERIFIED", "gap unless verified", True
    NOT_ASKED_FOR = "NOT_ASKED_FOR", "nothing certain at a time that is not asked for"
    FRAGILE = "FRAGILE", "one provider"
    COVERED = "COVERED", "covered"


class KnownStatus(Verdict):
    """Whether enough is known of what is there to say anything about it."""

    ASK_FIRST = "ASK_FIRST", "ask before anything is said", True
    NOTHING_TO_ASK = "NOTHING_TO_ASK", "nothing there to ask about"
    KNOWN = "KNOWN", "known well enough"


class Standing(Labelled):
    """How a service counts in one row of a gap table."""

    CONFIRMED = "confirmed", "certain: every answer is known and fits"
    POSSIBLE = "possible", "fits unless an open answer turns out otherwise"
    RULED_OUT = "ruled_out", "would fit, but an answer rules it out: not counted"


class Doubt(Labelled):
    """Why a service is not confirmed in one row of a gap table; those in ``RULING_OUT`` rule it out."""

    NOT_RUNNING = "not_running", "does not run"
    ENDED = "ended", "has ended"
    NO_CITY_RESIDENTS = "no_city_residents", "takes no City residents"
    NEVER_CHECKED = "never_checked", "no date of a last check"
    NOT_CHECKED_RECENTLY = "not_checked_recently", "not checked recently"
    RESIDENCY_NOT_STATED = "residency_not_stated", "does not say whether City residents may come"
    RESIDENCY_CONDITIONAL = "residency_conditional", "takes City residents on a condition"
    RESIDENCY_CONTRADICTED = "residency_contradicted", "another roster says that City residents may not come"
    PLACE_UNSURE = "place_unsure", "so near the border that its zone is not certain"
    PLACE_NOT_KNOWN = "place_not_known", "place not known, so not how far it is"
    TIER_NOT_KNOWN = "tier_not_known", "level of offer not known"
    KIND_NOT_KNOWN = "kind_not_known", "does not say what kind of service it is"
    AGES_NOT_KNOWN = "ages_not_known", "ages not stated well enough to be sure of this band"
    WIDER_AREA = "wider_area", "names a wider area of need, not this need"
    ANY_SEND = "any_send", "for any special need, not this one by name"
    OPEN_TO_ALL = "open_to_all", "open to everyone, names no need"
    NEED_NOT_STATED = "need_not_stated", "does not say whom it is for"
    OUTCOME_NOT_STATED = "outcome_not_stated", "does not say what it prepares a young person for"
    NOT_TOLD = "not_told", "does not say what is asked, or said it too long ago"
    PERIOD_NOT_KNOWN = "period_not_known", "does not say whether it is on in term or in the holidays"
    TIME_NOT_KNOWN = "time_not_known", "day or hour not known"
    OTHER_AGES = "other_ages", "for the age band above or below"
    OUT_OF_REACH = "out_of_reach", "farther outside, or online"
    NOT_STEP_FREE = "not_step_free", "cannot be entered without steps"
    PARENT_MUST_STAY = "parent_must_stay", "a parent must stay"
    SCHOOL_HOURS_ONLY = "school_hours_only", "only in school hours in term"
    NO_PLACES = "no_places", "states that it has no places"


# An answer that rules a service out; every other doubt leaves it possible.
RULING_OUT: frozenset[Doubt] = frozenset(
    {
        Doubt.NOT_RUNNING, Doubt.ENDED, Doubt.NO_CITY_RESIDENTS, Doubt.OTHER_AGES, Doubt.OUT_OF_REACH,
        Doubt.NOT_STEP_FREE, Doubt.PARENT_MUST_STAY, Doubt.SCHOOL_HOURS_ONLY, Doubt.NO_PLACES,
    }
)  # fmt: skip


class BespokeReason(Labelled):
    """Why nothing fits, from the easiest to put right to the hardest, and what would have to change."""

    rule: str

    def __new__(cls, value: str, label: str, rule: str) -> BespokeReason:
        """A reason with the rule to relax, in words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label
        member.rule = rule
        return member

    FULL = "FULL", "has no places", "buy more places"
    TIME = "TIME", "only in school hours in term", "hold it when children are out of school"
    PARENT_STAY = "PARENT_STAY", "a parent must stay", "staff it so that a parent may leave"
    ACCESS = "ACCESS", "cannot be entered without steps", "make a way in without steps, or move it"
    RESIDENCY = "RESIDENCY", "takes no City residents", "agree places for children of the City"
    AGE = "AGE", "for the age band above or below", "widen its ages"
    DISTANCE = "DISTANCE", "farther outside, or online", "pay for the journey, or hold it nearer"
    UNKNOWN_ONLY = "UNKNOWN_ONLY", "something may fit, nothing is certain", "ask what is not known"
    NO_SUPPLY = "NO_SUPPLY", "nothing fits, even with one rule relaxed", "design it anew"


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


class TargetStatus(Verdict):
    """Whether a target is met, as far as the evidence goes."""

    NO_BASELINE = "NO_BASELINE", "no baseline declared", True
    NOT_MET = "NOT_MET", "not met", True
    MET_IF_VERIFIED = "MET_IF_VERIFIED", "met if verified", True
    MET = "MET", "met"


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


class Concentrated(Verdict):
    """How far what is certain rests on one provider or a few."""

    NOTHING_THERE = "NOTHING_THERE", "nothing there", True
    NOTHING_CERTAIN = "NOTHING_CERTAIN", "nothing certain", True
    ONE_PROVIDER = "ONE_PROVIDER", "one provider", True
    CONCENTRATED = "CONCENTRATED", "a few providers", True
    SPREAD = "SPREAD", "several providers"


class StrategyMeasure(Labelled):
    """Counts of services that the strategy speaks of, and what their rows are for."""

    SEN_STAGE = "sen_stage", "activities by what a family must hold"
    SENDIASS = "sendiass", "information and advice services (SENDIASS), by the authority that lists them"


class QualityDimension(Labelled):
    """The dimensions of data quality we measure per borough."""

    COMPLETENESS = "completeness", "answers given"
    VALIDITY = "validity", "values that could be read"
    UNIQUENESS = "uniqueness", "rows that are not repeated"
    CONSISTENCY = "consistency", "rows that do not contradict themselves"
    TIMELINESS = "timeliness", "services checked recently enough"
    GEOCODE = "geocode", "venues placed"


class QualityStatus(Verdict):
    """Whether a quality figure reaches its threshold."""

    BELOW_THRESHOLD = "BELOW_THRESHOLD", "below threshold", True
    NOT_APPLICABLE = "NOT_APPLICABLE", "nothing to measure"
    GOOD = "GOOD", "good"


class SupplyStatus(Verdict):
    """Whether what is offered reaches the benchmark for the children who may need it."""

    BELOW_BENCHMARK = "BELOW_BENCHMARK", "below the benchmark", True
    BELOW_UNLESS_VERIFIED = "BELOW_UNLESS_VERIFIED", "below the benchmark unless verified", True
    NOT_MEASURABLE = "NOT_MEASURABLE", "not measurable: no number of children is known"
    ENOUGH = "ENOUGH", "reaches the benchmark, if City children had every place"


class AccessStatus(Verdict):
    """How one estate is served beside the others."""

    NONE_SERVED = "NONE_SERVED", "nothing within a walk of any estate", True
    LOWEST = "LOWEST", "served worst", True
    PERHAPS_LOWEST = "PERHAPS_LOWEST", "perhaps served worst", True
    NOT_MEASURABLE = "NOT_MEASURABLE", "not measurable: too few say their times and places"
    NOT_LOWEST = "NOT_LOWEST", "another is served worse"
