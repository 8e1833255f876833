"""What planning commands write for whoever asked; never published."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import CellChange


class WhatIf(Table, name="what_if"):
    """One row of a gap table that proposed changes would move."""

    gap_table = Column(Kind.TEXT, "The gap table", required=True)
    row_key = Column(Kind.TEXT, "Its row: the parts of its key in order", required=True)
    change = Column(Kind.TEXT, "What becomes of it", required=True, values=CellChange)
    verdict_before = Column(Kind.TEXT, "Verdict today; blank where the row is new")
    verdict_after = Column(Kind.TEXT, "Verdict with the changes; blank where the row is gone")
    confirmed_before = Column(Kind.NUMBER, "Confirmed today")
    confirmed_after = Column(Kind.NUMBER, "Confirmed with the changes")
    possible_before = Column(Kind.NUMBER, "Possible today")
    possible_after = Column(Kind.NUMBER, "Possible with the changes")
    shortfall_before = Column(Kind.NUMBER, "Of a target: what is missing today")
    shortfall_after = Column(Kind.NUMBER, "Of a target: what is missing with the changes")
    key = (gap_table, row_key)
