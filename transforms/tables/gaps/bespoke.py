"""What would have to be designed."""

from __future__ import annotations

from transforms.schema import Column, Kind
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AgeBand, BespokeReason, Need, Tier, Zone


class BespokeCandidates(GapTable, name="bespoke_candidates"):
    """One need, age band and tier for which nothing certain is within reach, and the nearest to it there is."""

    question = "What must be designed, because nothing fits?"
    need = Column(Kind.TEXT, "Primary need", required=True, values=Need)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    possible = Column(
        Kind.WHOLE, "Activities within reach that may fit; none is certain", required=True, minimum=0
    )
    reason = Column(
        Kind.TEXT,
        "What is in the way; of several the easiest to put right",
        required=True,
        values=BespokeReason,
    )
    reasons = Column(
        Kind.TEXT, "All that hold, the easiest to put right first", required=True,
        values=BespokeReason, several=True,
    )  # fmt: skip
    rule_to_relax = Column(Kind.TEXT, "What would have to change, in words", required=True)
    alternative_id = Column(
        Kind.TEXT, "The nearest service at its place that fits but for the reason; blank where there is none"
    )
    alternative_service = Column(Kind.TEXT, "Its name")
    alternative_organization = Column(Kind.TEXT, "Its provider")
    alternative_venue = Column(Kind.TEXT, "Where it is")
    alternative_zone = Column(Kind.TEXT, "Its zone", values=Zone)
    alternative_origin = Column(Kind.TEXT, "City estate nearest to it; blank where its place has no point")
    alternative_distance_m = Column(Kind.NUMBER, "Straight line to that estate", unit="m", minimum=0)
    alternative_error_m = Column(Kind.NUMBER, "How far off its point may be", unit="m", minimum=0)
    key = (need, age_band, tier)
