"""Counts of children as they are released: withheld below a size, rounded, safe from subtraction, kept for a cycle."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.disclosure.cells import Cells, exposed
from transforms.disclosure.policy import DisclosurePolicy
from transforms.disclosure.sums import sums_of
from transforms.schema import Column, Table
from transforms.tables import ChildTable
from transforms.vocabulary import DemandMark


def release(
    table: type[ChildTable],
    counts: pd.DataFrame,
    policy: DisclosurePolicy,
    day: pd.Timestamp,
    releases: Sequence[pd.DataFrame] = (),
) -> pd.DataFrame:
    """The counts as they are published on a day, given every release made so far, one frame a cycle.

    Within a cycle its release is repeated, whatever the counts say by then. A new release withholds counts below
    ``smallest_shown`` (``[c]``) and rounds others to the nearest ``rounded_to``; totals are made of rounded counts.
    Then totals give way, one by one, until no withheld count can be narrowed to fewer than ``least_range`` whole
    numbers and more, by all sums of the release together, nor with another release on the supposition that what
    both withhold has not changed. A count that any release withheld is shown only from ``shown_again_from``.
    """
    cycle = policy.cycle_of(day)
    for made in releases:
        if made[ChildTable.cycle].iat[0] == cycle:
            return made
    made_before = sorted(releases, key=lambda one: one[ChildTable.cycle].iat[0])
    counts = table.sorted(table.frame(counts))
    for column in table.about_children():
        counts = counts.assign(**_protected(table, column, counts, policy, made_before))
    return counts.assign(**{ChildTable.cycle: cycle, ChildTable.released_on: day}).astype(
        {ChildTable.cycle: "datetime64[s]", ChildTable.released_on: "datetime64[s]"}
    )


def without_counts(facts: Mapping[type[Table], pd.DataFrame]) -> dict[type[Table], pd.DataFrame]:
    """The facts without those that count children: what gap tables may take in."""
    return {table: frame for table, frame in facts.items() if not table.about_children()}


def _protected(
    table: type[ChildTable],
    column: Column,
    counts: pd.DataFrame,
    policy: DisclosurePolicy,
    releases: Sequence[pd.DataFrame],
) -> dict[str, pd.Series]:
    others: list[Cells] = []
    for made in releases:
        others.append(_as_published(table, column, made, policy, others))
    cells = _small_ones_withheld(table, column, counts, policy, others)
    while (at := _total_to_give_way(cells, others, policy)) is not None:
        is_withheld = cells.is_withheld.copy()
        is_withheld[at] = True
        cells = replace(cells, is_withheld=is_withheld)
    shown = pd.Series(cells.units * policy.rounded_to).mask(cells.is_withheld)
    mark = counts[column.mark_name].fillna(DemandMark.NOT_AVAILABLE.value)
    mark = mark.mask(shown.notna(), None).mask(cells.is_withheld, DemandMark.CONFIDENTIAL.value)
    return {column.name: shown.astype(column.dtype), column.mark_name: mark}


def _small_ones_withheld(
    table: type[ChildTable],
    column: Column,
    counts: pd.DataFrame,
    policy: DisclosurePolicy,
    others: Sequence[Cells],
) -> Cells:
    """The counts rounded, their totals made of them, and each that is too small withheld."""
    keys, sums = table.row_keys(counts), sums_of(table, counts)
    exact = counts[column.name].to_numpy("float64", na_value=np.nan)
    units = np.floor(exact / policy.rounded_to + 0.5)
    is_total = np.zeros(len(counts), bool)
    for one in sums:
        is_total[one.total] = True
        parts = units[one.parts]
        units[one.total] = np.nan if np.isnan(parts).all() else np.nansum(parts)
    was_withheld = keys.isin(set().union(*(other.withheld_parts() for other in others))).to_numpy()
    limit = np.where(was_withheld, policy.shown_again_from, policy.smallest_shown)
    size = np.where(is_total, units * policy.rounded_to, exact)
    is_withheld = size < np.where(is_total, policy.smallest_shown, limit)
    return Cells(list(keys), sums, units, is_withheld, np.where(is_total, np.inf, limit))


def _as_published(
    table: type[ChildTable],
    column: Column,
    made: pd.DataFrame,
    policy: DisclosurePolicy,
    before: Sequence[Cells],
) -> Cells:
    """A release as its readers have it; what it withholds has no units but those it may have."""
    keys, sums = table.row_keys(made), sums_of(table, made)
    is_withheld = made[column.mark_name].eq(DemandMark.CONFIDENTIAL).to_numpy(bool)
    units = made[column.name].to_numpy("float64", na_value=np.nan) / policy.rounded_to
    units[is_withheld] = 0
    was_withheld = keys.isin(set().union(*(other.withheld_parts() for other in before))).to_numpy()
    limit = np.where(was_withheld, policy.shown_again_from, policy.smallest_shown).astype("float64")
    limit[[one.total for one in sums]] = np.inf
    return Cells(list(keys), sums, units, is_withheld, limit)


def _total_to_give_way(cells: Cells, others: Sequence[Cells], policy: DisclosurePolicy) -> int | None:
    """Position of the next total to withhold: the smallest that tells of a count that is given away."""
    given_away = set().union(*(exposed(cells, other, policy) for other in (None, *others)))
    if not given_away:
        return None
    shown = [
        one
        for one in cells.sums
        if not cells.is_withheld[one.total]
        and not np.isnan(cells.units[one.total])
        and cells.is_withheld[one.parts].any()
    ]
    nearest = [one for one in shown if given_away & set(one.parts.tolist())] or shown
    return min(nearest, key=lambda one: (cells.units[one.total], one.total)).total if nearest else None
