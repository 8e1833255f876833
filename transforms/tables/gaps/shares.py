"""Shares of what is bought that the strategy speaks of."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import CommissioningMeasure


class CommissioningShare(GapTable, name="commissioning_shares"):
    """One share of the activities, contracts or health services that are bought."""

    question = "How much is bought jointly, what does the City buy, and are the health routes aligned?"
    measure = Column(Kind.TEXT, "What is counted, of which whole", required=True, values=CommissioningMeasure)
    confirmed = Column(Kind.WHOLE, "Those of which it is certain", required=True, minimum=0)
    possible = Column(Kind.WHOLE, "These and those of which it is not known", required=True, minimum=0)
    known = Column(Kind.WHOLE, "Of the whole: those of which yes or no is known", required=True, minimum=0)
    whole = Column(Kind.WHOLE, "The whole", required=True, minimum=0)
    share_pct = Column(
        Kind.NUMBER, "Confirmed ÷ known; blank where too little is known", unit="%", minimum=0, maximum=100
    )
    key = (measure,)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(confirmed, known, "what is confirmed is known"),
        NotAbove(possible, whole, "a part is not above the whole"),
        NotAbove(known, whole, "a part is not above the whole"),
    )
