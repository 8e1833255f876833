"""What every gap table has."""

from __future__ import annotations

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import Verdict


class GapTable(Table):
    """One row of a gap table."""

    snapshot_date = Column(Kind.DATE, "Date the figures describe", required=True)
    run_id = Column(Kind.TEXT, "Run that made them", required=True)
    method_version = Column(Kind.TEXT, "Version of the method", required=True)

    @classmethod
    def verdict_column(cls) -> Column | None:
        """The column that says whether a row is a gap; none where the table gives no verdicts."""
        return next((c for c in cls.columns() if c.values and issubclass(c.values, Verdict)), None)

    @classmethod
    def verdicts(cls) -> type[Verdict]:
        """The verdicts its rows may have, from the worst to the best."""
        column = cls.verdict_column()
        if column is None or not (column.values and issubclass(column.values, Verdict)):
            raise TypeError(f"{cls.table_name} gives no verdicts")
        return column.values
