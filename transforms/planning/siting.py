"""Where new activities would close most gap cells: maximal coverage.

A choice of so many options, each of which closes a known set of cells, so that together they close as many
as can be: the maximal covering location problem of Church and ReVelle (1974), solved to the optimum.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.gaps import REGISTERED, GapInputs
from transforms.planning.compare import tables_compared
from transforms.schema import LIST_JOINT, Table
from transforms.tables import Counted, Coverage
from transforms.vocabulary import GapStatus, Zone

# Gap cells are named by their table and their key in it.
CELL = [Counted.gap_table, Counted.row_key]


@dataclass(frozen=True)
class Choice:
    """Options chosen, the best first, with the cells each adds; and whether no other choice can close more."""

    options: list[int]
    adds: list[int]
    is_proven_best: bool

    @property
    def closed(self) -> int:
        """How many cells they close together."""
        return sum(self.adds)


def open_cells(inputs: GapInputs) -> pd.DataFrame:
    """The rows of gap tables, inside the Square Mile where they ask for a zone, in which nothing is certain."""
    parts = []
    for table in tables_compared():
        if not _is_gap_table(table):
            continue
        frame = REGISTERED[table](inputs).table
        is_gap = frame[Coverage.gap_status].isin([status for status in GapStatus if status.is_gap])
        if Coverage.zone in table.key_names():
            is_gap &= frame[Coverage.zone].eq(Zone.INSIDE)
        keys = table.row_keys(frame[is_gap])
        parts.append(pd.DataFrame({Counted.gap_table: table.table_name, Counted.row_key: keys}))
    return pd.concat(parts, ignore_index=True)


def closed_by(gaps: pd.DataFrame, inputs: GapInputs, services: list[str]) -> pd.DataFrame:
    """Which open cell (rows, on ``CELL``) each of these services (columns) would close, were it there alone.

    ``inputs`` hold all the services at once. A service closes a cell whose confirmed it is among.
    """
    parts = [gaps.iloc[:0].assign(**{Counted.service_id: None})]
    for table in (t for t in tables_compared() if _is_gap_table(t)):
        members = REGISTERED[table](inputs).members
        figures = (LIST_JOINT + members[Counted.counts_in] + LIST_JOINT).fillna("")
        certain = figures.str.contains(f"{LIST_JOINT}{Coverage.confirmed}{LIST_JOINT}", regex=False)
        mine = members[certain & members[Counted.service_id].isin(services)]
        parts.append(mine.assign(**{Counted.gap_table: table.table_name}))
    found = pd.concat(parts)[[*CELL, Counted.service_id]].drop_duplicates().merge(gaps, on=CELL)
    closes = pd.crosstab([found[name] for name in CELL], found[Counted.service_id]).astype("bool")
    return closes.reindex(columns=services, fill_value=False)


def _is_gap_table(table: type[Table]) -> bool:
    """Whether a row of the table is a gap as long as nothing in it is confirmed."""
    names = table.names()
    return (
        Coverage.gap_status in names
        and Coverage.confirmed in names
        and table.column(Coverage.gap_status).values is GapStatus
    )


def first_of_equals(closes: np.ndarray) -> np.ndarray:
    """Options that close something, without those that close the same cells as an earlier one."""
    _, first = np.unique(closes, axis=1, return_index=True)
    first.sort()
    return first[closes[:, first].any(axis=0)]


def greedy(closes: np.ndarray, budget: int) -> list[int]:
    """At each step the option that adds most cells, the first of equals; it ends when none adds any."""
    left = closes.astype("int64")
    chosen: list[int] = []
    while len(chosen) < budget and left.size and left.sum(axis=0).max() > 0:
        best = int(left.sum(axis=0).argmax())
        chosen.append(best)
        left = left[left[:, best] == 0]
    return chosen


def choose(closes: np.ndarray, budget: int, seconds: float = 60) -> Choice:
    """So many options that close most cells (rows) together; never fewer than the greedy choice closes.

    ``closes[cell, option]`` says whether an option closes a cell. The solver stops after ``seconds``; what it has
    by then is not proven best.
    """
    kept = first_of_equals(closes)
    if not len(kept) or budget < 1:
        return Choice([], [], is_proven_best=True)
    small = closes[:, kept]
    fallback = greedy(small, budget)
    found, is_proven = _solved(small, min(budget, len(kept)), seconds)
    if _count(small, found) < _count(small, fallback):
        found, is_proven = fallback, False
    # In the order in which they add most; what adds nothing is not worth its place.
    order = greedy(small[:, found], len(found))
    adds, covered = [], np.zeros(len(small), dtype=bool)
    for option in order:
        new = small[:, found[option]] & ~covered
        adds.append(int(new.sum()))
        covered |= new
    return Choice([int(kept[found[option]]) for option in order], adds, is_proven)


def _count(closes: np.ndarray, options: list[int]) -> int:
    return int(closes[:, options].any(axis=1).sum())


def _solved(closes: np.ndarray, budget: int, seconds: float) -> tuple[list[int], bool]:
    """The solver's choice, and whether it is proven to be the best."""
    # Imported here: it takes seconds, and nothing else needs it.
    import pulp
    from spopt.locate import MCLP

    cells = closes[closes.any(axis=1)]
    # An option reaches a cell that it closes: no distance, within a radius of nought.
    model = MCLP.from_cost_matrix(
        (~cells).astype("float64"), np.ones(len(cells)), service_radius=0, p_facilities=budget
    )
    try:
        model.solve(pulp.PULP_CBC_CMD(msg=False, timeLimit=seconds, threads=1), results=False)
    except RuntimeError:
        return [], False
    chosen = [option for option, variable in enumerate(model.fac_vars) if variable.value() > 0.5]
    return chosen, bool(model.problem.sol_status == pulp.LpSolutionOptimal)
