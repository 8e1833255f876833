"""The strategy's target for activities inside the Square Mile."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import TargetBasis, TargetScope, TargetStatus


class TargetTracker(GapTable, name="target_tracker"):
    """One target: a scope of activities inside the Square Mile on one basis of counting."""

    question = "Is the 2020-24 target of 50% more activities in the Square Mile met?"
    scope = Column(Kind.TEXT, "Which activities", required=True, values=TargetScope)
    basis = Column(Kind.TEXT, "What is counted", required=True, values=TargetBasis)
    baseline = Column(Kind.NUMBER, "Declared baseline; blank when none is declared", minimum=0)
    baseline_as_at = Column(Kind.DATE, "Date of the baseline")
    baseline_method = Column(Kind.TEXT, "How the baseline was counted")
    baseline_approved_by = Column(Kind.TEXT, "Role that approved the baseline")
    confirmed = Column(
        Kind.NUMBER,
        "Certain: inside, running, checked, open to City families",
        required=True,
        minimum=0,
    )
    possible = Column(Kind.NUMBER, "Confirmed and all that may also count", required=True, minimum=0)
    not_measured = Column(
        Kind.WHOLE,
        "Possible activities whose hours or places are not known",
        required=True,
        minimum=0,
    )
    target = Column(Kind.NUMBER, "Baseline and a half, rounded up", minimum=0)
    change_pct = Column(Kind.NUMBER, "Confirmed against the baseline", unit="%")
    shortfall = Column(Kind.NUMBER, "Target less confirmed, never below zero", minimum=0)
    status = Column(Kind.TEXT, "Verdict", required=True, values=TargetStatus)
    key = (scope, basis)
    rules = (NotAbove(confirmed, possible, "what is confirmed is also possible"),)
