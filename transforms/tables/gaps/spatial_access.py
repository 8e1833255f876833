"""How well each part of the City is served, among all who may use the same places."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AccessStatus, NeedArea, Tier

_SCORE = "place-hours per 4 weeks and 1,000 young people"


class SpatialAccess(GapTable, name="spatial_access"):
    """One City estate, tier and area of need: how much is within a walk, shared with all who may walk there."""

    question = "Which families of the City are served worst?"
    origin = Column(Kind.TEXT, "Residential estate of the City", required=True)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    need_area = Column(Kind.TEXT, "Broad area of need", required=True, values=NeedArea)
    confirmed = Column(
        Kind.WHOLE, "Activities within the catchment, every answer certain", required=True, minimum=0
    )
    possible = Column(Kind.WHOLE, "Confirmed and all that may also count", required=True, minimum=0)
    hours_known_confirmed = Column(
        Kind.WHOLE, "Confirmed whose times and places are known", required=True, minimum=0
    )
    hours_known_possible = Column(
        Kind.WHOLE, "Possible whose times and places are known", required=True, minimum=0
    )
    score_confirmed = Column(
        Kind.NUMBER, "Access to the confirmed; blank where too little is known", unit=_SCORE, minimum=0
    )
    score_possible = Column(
        Kind.NUMBER, "Access to the possible; blank where too little is known", unit=_SCORE, minimum=0
    )
    rank_confirmed = Column(
        Kind.WHOLE, "Place among the estates by what is certain, 1 for the least; equals share it", minimum=1
    )
    status = Column(Kind.TEXT, "Verdict, among the estates", required=True, values=AccessStatus)
    key = (origin, tier, need_area)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(hours_known_confirmed, confirmed, "a part is not above the whole"),
        NotAbove(hours_known_possible, possible, "a part is not above the whole"),
        NotAbove(score_confirmed, score_possible, "what is confirmed is also possible"),
    )
