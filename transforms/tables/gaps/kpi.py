"""The strategy's measures that no roster holds."""

from __future__ import annotations

from transforms.schema import Column, Implies, Kind
from transforms.tables.dated import PERIOD_PATTERN, STATEMENTS_PATTERN
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import KpiPublication, KpiRule, KpiStatus


class Kpi(GapTable, name="kpi"):
    """One measure of the strategy in one period, supplied or missing."""

    question = "What of the strategy's other measures?"
    kpi = Column(Kind.TEXT, "The measure", required=True)
    period = Column(
        Kind.TEXT, "Year or quarter by the calendar, such as 2026Q3", required=True, pattern=PERIOD_PATTERN
    )
    statements = Column(
        Kind.TEXT,
        "Statements of the strategy that it answers, as docs/strategy-coverage.md numbers them",
        required=True,
        pattern=STATEMENTS_PATTERN,
    )
    measures = Column(Kind.TEXT, "What it measures", required=True)
    unit = Column(Kind.TEXT, "Unit of the value, the target and the benchmarks", required=True)
    value = Column(Kind.NUMBER, "Value; blank when missing, withheld or told only as met or not met")
    base = Column(
        Kind.WHOLE, "How many the value is a share of; blank where it is none, or not published", minimum=0
    )
    target = Column(Kind.NUMBER, "Target; blank when the strategy sets none")
    target_rule = Column(Kind.TEXT, "How the value is held against the target", values=KpiRule)
    benchmark_england = Column(Kind.NUMBER, "The same measure for England, at the date of the benchmarks")
    benchmark_london = Column(Kind.NUMBER, "The same measure for London, at the date of the benchmarks")
    benchmark_as_at = Column(Kind.DATE, "Last day that the benchmarks describe")
    publication = Column(Kind.TEXT, "What of the value is published", required=True, values=KpiPublication)
    as_at = Column(Kind.DATE, "Day on which the value was taken; blank when missing")
    supplied_by = Column(Kind.TEXT, "Role that supplies it", required=True)
    source = Column(Kind.TEXT, "Where the value is from; blank when missing")
    status = Column(Kind.TEXT, "Verdict", required=True, values=KpiStatus)
    key = (kpi, period)
    rules = (
        Implies(
            publication,
            KpiPublication.MET_OR_NOT,
            status,
            (KpiStatus.MISSING, KpiStatus.NOT_MET, KpiStatus.WITHHELD, KpiStatus.MET),
            "what is told only as met or not met has a target",
        ),
    )
