"""What moved since the last night, and why."""

from __future__ import annotations

from transforms.schema import Column, Kind
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import ChangeCause, TargetBasis, TargetScope


class NightlyChange(GapTable, name="nightly_change"):
    """What one cause moved in one table since the snapshot before."""

    question = "What moved since last night, and why?"
    subject = Column(Kind.TEXT, "The table: a gap table, or one of the directory", required=True)
    cause = Column(Kind.TEXT, "Why", required=True, values=ChangeCause)
    step = Column(Kind.WHOLE, "In which order the causes were carried out: from 1", required=True, minimum=1)
    compared_with = Column(Kind.DATE, "Date of the snapshot before; blank when there is none")
    before = Column(Kind.WHOLE, "Gaps of a gap table, records of the directory, before this cause", minimum=0)
    after = Column(Kind.WHOLE, "The same after it; the next cause starts from here", minimum=0)
    appeared = Column(Kind.WHOLE, "Rows that came", minimum=0)
    gone = Column(Kind.WHOLE, "Rows that went", minimum=0)
    changed = Column(Kind.WHOLE, "Rows that stayed and say something else", minimum=0)
    opened = Column(Kind.WHOLE, "Of the changed: gaps that opened", minimum=0)
    closed = Column(Kind.WHOLE, "Of the changed: gaps that closed", minimum=0)
    key = (subject, cause)


class TargetGrowth(GapTable, name="target_growth"):
    """What one cause did to one count behind the 2020-24 target, last night and since we began to count."""

    question = "Why did the count behind the target move?"
    scope = Column(Kind.TEXT, "Which activities", required=True, values=TargetScope)
    basis = Column(Kind.TEXT, "What is counted", required=True, values=TargetBasis)
    cause = Column(Kind.TEXT, "Why", required=True, values=ChangeCause)
    step = Column(Kind.WHOLE, "In which order the causes were carried out: from 1", required=True, minimum=1)
    compared_with = Column(Kind.DATE, "Date of the snapshot before; blank when there is none")
    confirmed_before = Column(Kind.NUMBER, "Confirmed before this cause", minimum=0)
    confirmed_after = Column(Kind.NUMBER, "Confirmed after it", minimum=0)
    possible_before = Column(Kind.NUMBER, "Possible before this cause", minimum=0)
    possible_after = Column(Kind.NUMBER, "Possible after it", minimum=0)
    counted_since = Column(Kind.DATE, "First snapshot of the nights added up", required=True)
    confirmed_since = Column(Kind.NUMBER, "What this cause added to the confirmed in all nights since")
    possible_since = Column(Kind.NUMBER, "What this cause added to the possible in all nights since")
    key = (scope, basis, cause)
