"""What commands about earlier nights write for whoever asked; never published."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import RowChange


class SnapshotDifference(Table, name="snapshot_difference"):
    """One row of a published table that came or went between two snapshots, or one value of it that changed."""

    published_table = Column(Kind.TEXT, "The table", required=True)
    row_key = Column(Kind.TEXT, "Its row: the parts of its key in order", required=True)
    row_change = Column(Kind.TEXT, "What became of the row", required=True, values=RowChange)
    changed_column = Column(Kind.TEXT, "Column that changed; blank where the whole row came or went")
    value_before = Column(Kind.TEXT, "Its value in the first snapshot, as CSV has it")
    value_after = Column(Kind.TEXT, "Its value in the second snapshot, as CSV has it")
    key = (published_table, row_key, changed_column)
