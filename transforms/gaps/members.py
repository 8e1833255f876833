"""Counting, and keeping what was counted.

A gap table hands over its members: rows of the supply frame, each with the key of the row it stands in. The
same frame gives the figures and the published list of what they count, so the two cannot disagree.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, doubt_codes, fewest_doubts, standings
from transforms.schema import LIST_JOINT, Table
from transforms.supply import ACTIVITY, PROVIDER, SAL_ID, SERVICE_ID
from transforms.tables import Counted
from transforms.text_columns import in_words

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
class Measured:
    """A gap table and the members its figures count, on the columns of ``Counted`` without the table's name."""

    table: pd.DataFrame
    members: pd.DataFrame


def no_members() -> pd.DataFrame:
    """The members of a table that counts no services."""
    return pd.DataFrame(columns=[name for name in Counted.names() if name != Counted.gap_table])


def as_members(table: type[Table], rows: pd.DataFrame, figures: Sequence[Figure] = ()) -> pd.DataFrame:
    """Rows of the supply frame with their table's key, as members: one a row and service at its place."""
    members = pd.DataFrame(
        {
            Counted.row_key: table.row_keys(rows),
            Counted.service_at_location_id: rows[SAL_ID],
            Counted.service_id: rows[SERVICE_ID],
            Counted.activity_id: rows[ACTIVITY],
            Counted.counts_as: standings(rows),
            Counted.counts_in: _columns_of(rows, figures),
            Counted.doubts: doubt_codes(rows),
        }
    )
    return members


def _columns_of(rows: pd.DataFrame, figures: Sequence[Figure]) -> pd.Series:
    """The columns that count each row, comma separated; blank where none does."""
    bits = 1 << np.arange(len(figures))
    marks = pd.Series(_counted_in(rows, figures) @ bits, index=rows.index)

    def columns(mark: int) -> str | None:
        return LIST_JOINT.join(f.column for bit, f in enumerate(figures) if mark >> bit & 1) or None

    return in_words(marks, columns)


def _counted_in(rows: pd.DataFrame, figures: Sequence[Figure]) -> np.ndarray:
    """Which figures count each row, one column a figure; what is ruled out counts in none."""
    counted = np.zeros((len(rows), len(figures)), dtype="bool")
    for number, figure in enumerate(figures):
        counted[:, number] = figure.where.to_numpy("bool")
    return counted & rows[IS_POSSIBLE].to_numpy("bool")[:, None]


def count(
    table: type[Table], rows: pd.DataFrame, figures: Sequence[Figure], every: pd.MultiIndex | pd.Index
) -> Measured:
    """The figures of a gap table over ``every`` key, nought where nothing counts, and their members.

    ``rows`` are rows of the supply frame with the table's key columns, one per key and service at its place;
    ``every`` carries the names of the key. An activity counts once a row, when any roster that lists it does;
    its volume is the largest that is stated. What is ruled out counts in nothing and stays among the members.
    """
    figured = np.zeros((len(every), len(figures)))
    possible = np.flatnonzero(rows[IS_POSSIBLE].to_numpy("bool"))
    cell = cells_of(rows, every)[possible]
    activity, named = pd.factorize(rows[ACTIVITY].take(possible), sort=True)
    provider, providers = pd.factorize(rows[PROVIDER].take(possible), sort=True)
    # One group for each cell and activity, whatever number of rosters list it: in order, the first row of each.
    group = cell.astype("int64") * max(len(named), 1) + activity
    order = np.argsort(group, kind="stable")
    first = np.flatnonzero(np.diff(group[order], prepend=-1))
    at = cell[order][first]
    counts = _each(np.logical_or, _counted_in(rows, figures)[possible[order]], first)
    of_provider = at.astype("int64") * len(providers) + _each(np.minimum, provider[order], first)
    for number, figure in enumerate(figures):
        mine, amount = at[counts[:, number]], None
        if figure.of == PROVIDER:
            mine = np.unique(of_provider[counts[:, number]]) // max(len(providers), 1)
        elif figure.of != ACTIVITY:
            stated = rows[figure.of].to_numpy("float64", na_value=np.nan)[possible[order]]
            amount = np.nan_to_num(_each(np.fmax, stated, first))[counts[:, number]]
        figured[:, number] = np.bincount(mine, amount, len(every))
    found = pd.DataFrame(figured.round(2), index=every, columns=[figure.column for figure in figures])
    return Measured(found.reset_index(), as_members(table, rows, figures))


def cells_of(rows: pd.DataFrame, every: pd.MultiIndex | pd.Index) -> np.ndarray:
    """Where in ``every`` the key of each row stands; −1 where it does not."""
    if not isinstance(every, pd.MultiIndex):
        return every.get_indexer(rows[every.name])
    codes = []
    for name, level in zip(every.names, every.levels, strict=True):
        which, distinct = pd.factorize(rows[name], use_na_sentinel=False)
        codes.append(level.get_indexer(distinct)[which])
    shape = every.levshape
    numbered = pd.Index(np.ravel_multi_index(list(every.codes), shape))
    cells = numbered.get_indexer(np.ravel_multi_index(codes, shape, mode="clip"))
    return np.where(np.min(codes, axis=0) < 0, -1, cells)


def _each(combine: np.ufunc, values: np.ndarray, first: np.ndarray) -> np.ndarray:
    """What the values of each group make together; groups follow one another and start at ``first``."""
    return combine.reduceat(values, first) if len(first) else values[:0]


def once_per_row(table: type[Table], rows: pd.DataFrame) -> pd.DataFrame:
    """One row per key and service at its place: the one with the fewest doubts stands for the others."""
    return fewest_doubts(rows, [*table.key_names(), SAL_ID])
