"""Counting, and keeping what was counted.

A gap table hands over its members: rows of the supply frame, each with the key of the row it stands in. The
same frame gives the figures and the published list of what they count, so the two cannot disagree.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, doubt_codes, fewest_doubts, standings
from transforms.gaps.groups import Groups, distinct
from transforms.schema import LIST_JOINT, Table
from transforms.supply import ACTIVITY, PROVIDER, SAL_ID, SERVICE_ID
from transforms.tables import Counted
from transforms.text_columns import in_words, numbered

# What counting asks of a row of the supply frame, beside its table's key.
COUNTED_BY = [SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, DOUBTS, IS_CONFIRMED, IS_POSSIBLE]


@dataclass(frozen=True)
class Figure:
    """One column of a gap table: which members it counts, and what of them.

    ``of`` is ``ACTIVITY`` or ``PROVIDER`` to count them, or a column of volumes such as ``SESSIONS`` to add them up.
    """

    column: str
    where: pd.Series
    of: str = ACTIVITY


@dataclass(frozen=True)
class Members:
    """What the figures of a gap table count: its key, the ids and the doubts of each row of the supply frame, and by
    a bit each which of ``figures`` count it. There are many, so they are put into words only for who reads them.
    """

    of: type[Table]
    rows: pd.DataFrame
    marks: np.ndarray
    figures: Sequence[str]

    def __len__(self) -> int:
        return len(self.rows)

    def listed(self) -> pd.DataFrame:
        """The members on the columns of ``Counted`` without the table's name, one a row and service at its place."""
        return pd.DataFrame(
            {
                Counted.row_key: self.of.row_keys(self.rows),
                Counted.service_at_location_id: self.rows[SAL_ID].astype("str"),
                Counted.service_id: self.rows[SERVICE_ID].astype("str"),
                Counted.activity_id: self.rows[ACTIVITY].astype("str"),
                Counted.counts_as: standings(self.rows),
                Counted.counts_in: in_words(pd.Series(self.marks, index=self.rows.index), self._counting),
                Counted.doubts: doubt_codes(self.rows),
            }
        )

    def _counting(self, mark: int) -> str | None:
        """The columns that a mark stands for, comma separated; blank where there are none."""
        return LIST_JOINT.join(name for bit, name in enumerate(self.figures) if mark >> bit & 1) or None

    @classmethod
    def of_parts(cls, parts: Sequence[Members]) -> Members:
        """The members of one table that was counted in parts."""
        rows = pd.concat([part.rows for part in parts], ignore_index=True)
        return cls(parts[0].of, rows, np.concatenate([part.marks for part in parts]), parts[0].figures)


@dataclass(frozen=True)
class Measured:
    """A gap table, and what its figures count unless they count no services."""

    table: pd.DataFrame
    counted: Members | None = None

    @property
    def members(self) -> pd.DataFrame:
        """What is counted, on the columns of ``Counted`` without the table's name."""
        if self.counted is None:
            return pd.DataFrame(columns=[name for name in Counted.names() if name != Counted.gap_table])
        return self.counted.listed()


def in_one(parts: Sequence[Measured]) -> Measured:
    """One gap table that was counted in parts, each of rows of its own."""
    if len(parts) == 1:
        return parts[0]
    counted = [part.counted for part in parts if part.counted]
    return Measured(
        pd.concat([part.table for part in parts], ignore_index=True),
        Members.of_parts(counted) if counted else None,
    )


def as_members(table: type[Table], rows: pd.DataFrame, figures: Sequence[Figure] = ()) -> Members:
    """Rows of the supply frame with their table's key, as members: one a row and service at its place."""
    return _members(table, rows, _marks(rows, figures), figures)


def _members(table: type[Table], rows: pd.DataFrame, marks: np.ndarray, figures: Sequence[Figure]) -> Members:
    kept = dict.fromkeys([*table.key_names(), SAL_ID, SERVICE_ID, ACTIVITY, DOUBTS])
    return Members(table, rows[[*kept]], marks, [figure.column for figure in figures])


def _marks(rows: pd.DataFrame, figures: Sequence[Figure]) -> np.ndarray:
    """Which figures count each row, by a bit each; what is ruled out counts in none."""
    bits = np.min_scalar_type((1 << len(figures)) - 1)
    marks = np.zeros(len(rows), bits)
    for bit, figure in enumerate(figures):
        marks |= figure.where.to_numpy("bool") * bits.type(1 << bit)
    return marks * rows[IS_POSSIBLE].to_numpy("bool")


def count(
    table: type[Table], rows: pd.DataFrame, figures: Sequence[Figure], every: pd.MultiIndex | pd.Index
) -> Measured:
    """The figures of a gap table over ``every`` key, nought where nothing counts, and their members.

    ``rows`` are rows of the supply frame with the table's key columns, one per key and service at its place;
    ``every`` carries the names of the key. An activity counts once a row, when any roster that lists it does;
    its volume is the largest that is stated. What is ruled out counts in nothing and stays among the members.
    """
    figured = np.zeros((len(every), len(figures)))
    marks = _marks(rows, figures)
    possible = np.flatnonzero(rows[IS_POSSIBLE].to_numpy("bool"))
    cell = cells_of(rows, every)[possible]
    activity, activities = numbered(rows[ACTIVITY].take(possible))
    provider, providers = numbered(rows[PROVIDER].take(possible))
    # One group for each cell and activity, whatever number of rosters list it.
    groups = Groups.of(cell * max(activities, 1) + activity)
    at, counts = groups.some(cell), groups.each(np.bitwise_or, marks[possible])
    of_provider = at * max(providers, 1) + groups.each(np.minimum, provider)
    for number, figure in enumerate(figures):
        is_mine = (counts >> number & 1).astype("bool")
        mine, amount = at[is_mine], None
        if figure.of == PROVIDER:
            mine = distinct(of_provider[is_mine]) // max(providers, 1)
        elif figure.of != ACTIVITY:
            stated = rows[figure.of].to_numpy("float64", na_value=np.nan)[possible]
            amount = np.nan_to_num(groups.each(np.fmax, stated))[is_mine]
        figured[:, number] = np.bincount(mine, amount, len(every))
    counted = zip((figure.column for figure in figures), figured.round(2).T, strict=True)
    return Measured(pd.DataFrame(_parts_of(every) | dict(counted)), _members(table, rows, marks, figures))


def _parts_of(every: pd.MultiIndex | pd.Index) -> dict[str, Any]:
    """The columns of a key: what ``reset_index`` gives, at half its cost."""
    if not isinstance(every, pd.MultiIndex):
        return {every.name: every.array}
    parts = zip(every.names, every.levels, every.codes, strict=True)
    return {name: level.array.take(codes) for name, level, codes in parts}


def cells_of(rows: pd.DataFrame, every: pd.MultiIndex | pd.Index) -> np.ndarray:
    """Where in ``every`` the key of each row stands; −1 where it does not."""
    if not isinstance(every, pd.MultiIndex):
        return every.get_indexer(rows[every.name])
    sizes = every.levshape
    whole = math.prod(sizes)
    # Each part adds its own step to the number of a cell; one that is not among the parts takes all of them away.
    numbers = np.zeros(len(rows), "int64")
    for number, (name, level) in enumerate(zip(every.names, every.levels, strict=True)):
        which, values = _distinct(rows[name])
        code = np.append(level.get_indexer(values), -1)
        # A blank, which is −1, finds the last one.
        numbers += np.where(code < 0, -whole, code * math.prod(sizes[number + 1 :]))[which]
    place = np.full(whole + 1, -1)
    place[np.ravel_multi_index(list(every.codes), sizes)] = np.arange(len(every))
    return place[np.maximum(numbers, -1)]


def _distinct(values: pd.Series) -> tuple[np.ndarray, pd.Index]:
    if isinstance(values.dtype, pd.CategoricalDtype):
        return values.cat.codes.to_numpy(), values.cat.categories
    return pd.factorize(values)


def once_per_row(table: type[Table], rows: pd.DataFrame) -> pd.DataFrame:
    """One row per key and service at its place: the one with the fewest doubts stands for the others."""
    return fewest_doubts(rows, [*table.key_names(), SAL_ID])
