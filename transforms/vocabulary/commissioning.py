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
