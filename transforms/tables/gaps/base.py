"""What every gap table has."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table


class GapTable(Table):
    """One row of a gap table."""

    snapshot_date = Column(Kind.DATE, "Date the figures describe", required=True)
    run_id = Column(Kind.TEXT, "Run that made them", required=True)
    method_version = Column(Kind.TEXT, "Version of the method", required=True)
