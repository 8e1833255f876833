"""Counts of children, as they are released."""

from __future__ import annotations

from typing import Any

from transforms.schema import Column, Kind, Table
from transforms.vocabulary import DemandMark, Need


class ChildTable(Table):
    """One row that counts children, rounded or withheld; it changes only when a new cycle begins.

    A row whose part of the key is blank is the total over that part. Beside each column about children stands
    another with the mark of what has no figure.
    """

    cycle = Column(Kind.DATE, "First day of the cycle for which the row stands", required=True)
    released_on = Column(Kind.DATE, "Day of the release, repeated until the next cycle", required=True)

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(name=name, **kwargs)
        if unmarked := [
            column.name for column in cls.about_children() if column.mark_name not in cls.names()
        ]:
            raise TypeError(f"{name}: no column of marks beside {unmarked}")


class ExpectedChildren(ChildTable, name="expected_children"):
    """One need of the City: how many children and young people may need something."""

    area_code = Column(Kind.TEXT, "Authority, GSS code", required=True)
    need = Column(Kind.TEXT, "Primary need; blank for all of them together", values=Need)
    plans = Column(
        Kind.WHOLE,
        "EHC plans of children who live there, rounded; of all needs, the sum of the rounded",
        unit="plans",
        minimum=0,
        is_about_children=True,
    )
    plans_mark = Column(Kind.TEXT, "Why there is no figure", values=DemandMark)
    estimate_low = Column(
        Kind.NUMBER,
        "Plans there would be at the lower of London's and England's rate; a rate, nobody is counted",
        unit="plans",
        minimum=0,
    )
    estimate_high = Column(
        Kind.NUMBER,
        "Plans there would be at the higher of the two rates; a rate, nobody is counted",
        unit="plans",
        minimum=0,
    )
    period = Column(Kind.TEXT, "Academic year of the plans, such as 2024/25", required=True)
    key = (area_code, need)


CHILD_TABLES: tuple[type[ChildTable], ...] = (ExpectedChildren,)
