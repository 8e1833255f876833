"""Counts of services that the strategy speaks of."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import StrategyMeasure


class StrategyCount(GapTable, name="strategy_counts"):
    """One count of activities that the strategy speaks of."""

    question = "What of the strategy's statements that are shares and counts of services?"
    measure = Column(Kind.TEXT, "What is counted", required=True, values=StrategyMeasure)
    part = Column(Kind.TEXT, "What a family must hold, or the GSS code of the authority", required=True)
    confirmed = Column(Kind.WHOLE, "Activities of which it is certain", required=True, minimum=0)
    possible = Column(Kind.WHOLE, "These and those of which it is not known", required=True, minimum=0)
    known = Column(Kind.WHOLE, "Of the whole: those of which yes or no is known", required=True, minimum=0)
    whole = Column(
        Kind.WHOLE, "Activities that run; of an authority, those its roster lists", required=True, minimum=0
    )
    share_pct = Column(
        Kind.NUMBER,
        "Confirmed ÷ known; blank where too little is known, and where a count is asked for and no share",
        unit="%",
        minimum=0,
        maximum=100,
    )
    key = (measure, part)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(confirmed, known, "what is confirmed is known"),
        NotAbove(possible, whole, "a part is not above the whole"),
        NotAbove(known, whole, "a part is not above the whole"),
    )
