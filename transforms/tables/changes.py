"""What moved since the last night, row by row."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import CellChange, ChangeCause


class Moved(Table, name="x_moved"):
    """One row of a gap table, or one record of the directory, that one cause moved since the snapshot before."""

    subject = Column(Kind.TEXT, "The table: a gap table, or one of the directory", required=True)
    row_key = Column(Kind.TEXT, "Its row: the parts of its key in order", required=True)
    cause = Column(Kind.TEXT, "Why", required=True, values=ChangeCause)
    change = Column(Kind.TEXT, "What becomes of it", required=True, values=CellChange)
    name = Column(Kind.TEXT, "Of a record: its name")
    source = Column(Kind.TEXT, "Of a record: its roster source")
    verdict_before = Column(Kind.TEXT, "Of a gap: verdict before this cause")
    verdict_after = Column(Kind.TEXT, "Of a gap: verdict after it")
    confirmed_before = Column(Kind.NUMBER, "Of a gap: confirmed before this cause")
    confirmed_after = Column(Kind.NUMBER, "Of a gap: confirmed after it")
    possible_before = Column(Kind.NUMBER, "Of a gap: possible before this cause")
    possible_after = Column(Kind.NUMBER, "Of a gap: possible after it")
    key = (subject, row_key, cause)
