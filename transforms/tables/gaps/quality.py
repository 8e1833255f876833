"""How far each roster can be trusted."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import QualityDimension, QualityStatus


class DataQuality(GapTable, name="data_quality"):
    """One dimension of data quality of one source."""

    question = "How far can each borough's roster be trusted?"
    source = Column(Kind.TEXT, "Roster source", required=True)
    dimension = Column(Kind.TEXT, "What is measured", required=True, values=QualityDimension)
    numerator = Column(Kind.WHOLE, "What passes", required=True, minimum=0)
    denominator = Column(Kind.WHOLE, "What was looked at", required=True, minimum=0)
    value_pct = Column(
        Kind.NUMBER,
        "Numerator over denominator; blank when nothing was looked at",
        unit="%",
        minimum=0,
        maximum=100,
    )
    threshold_pct = Column(
        Kind.NUMBER,
        "Least that counts as good",
        unit="%",
        required=True,
        minimum=0,
        maximum=100,
    )
    status = Column(Kind.TEXT, "Verdict", required=True, values=QualityStatus)
    key = (source, dimension)
    rules = (NotAbove(numerator, denominator, "a part is not above the whole"),)
