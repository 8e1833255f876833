"""The rules of disclosure by name; the values are reference data (``data/reference/disclosure.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

import pandas as pd


@dataclass(frozen=True, kw_only=True)
class DisclosurePolicy:
    """Which counts of children are withheld, how others are rounded, and when they may change.

    ``cycle_starts`` are days of the year, ``MM-DD``. Raises ``ValueError`` for rules that protect nothing.
    """

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    smallest_shown: int
    rounded_to: int
    least_range: int
    shown_again_from: int
    cycle_starts: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 < self.rounded_to < self.smallest_shown <= self.shown_again_from:
            raise ValueError("rounded_to is below smallest_shown, and that is not above shown_again_from")
        if not 1 < self.least_range <= self.smallest_shown:
            raise ValueError("least_range is between 2 and smallest_shown")
        if not self.cycle_starts or any(pd.isna(_day_of(2001, start)) for start in self.cycle_starts):
            raise ValueError("cycle_starts are days of every year such as 09-01")

    def cycle_of(self, day: pd.Timestamp) -> pd.Timestamp:
        """First day of the cycle in which a day lies."""
        starts = (_day_of(year, start) for year in (day.year - 1, day.year) for start in self.cycle_starts)
        return max(start for start in starts if start <= day)


def _day_of(year: int, month_and_day: str) -> pd.Timestamp:
    return pd.to_datetime(f"{year}-{month_and_day}", format="%Y-%m-%d", errors="coerce")
