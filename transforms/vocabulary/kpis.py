"""Measures of the strategy that no roster holds, and how they may be published."""

from __future__ import annotations

from transforms.vocabulary.labels import Labelled, Verdict


class KpiFrequency(Labelled):
    """How often a measure is taken: the length of its periods, by the calendar."""

    QUARTER = "quarter", "every quarter"
    YEAR = "year", "every year"


class KpiRule(Labelled):
    """How a value is held against its target."""

    AT_LEAST = "at_least", "the target or more"
    ABOVE = "above", "more than the target"


class KpiPublication(Labelled):
    """What of a value is published."""

    VALUE = "value", "the value"
    MET_OR_NOT = "met_or_not", "only whether the target is met"


class KpiStatus(Verdict):
    """What is known of one measure in one period."""

    MISSING = "MISSING", "missing", True
    NOT_MET = "NOT_MET", "not met", True
    WITHHELD = "WITHHELD", "withheld: too few people"
    NO_TARGET = "NO_TARGET", "the strategy sets no target"
    MET = "MET", "met"
