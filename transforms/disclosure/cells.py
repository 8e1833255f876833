"""The counts of one release as those who read it see them: known, withheld, or not there."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from transforms.disclosure.exposure import Equation, Ranges, is_tree, narrowed, solved, width
from transforms.disclosure.policy import DisclosurePolicy
from transforms.disclosure.sums import Sum


@dataclass(frozen=True)
class Cells:
    """The counts of one release of one column, by position.

    ``keys`` tell the same cell in two releases; ``units`` are rounded counts over the rounding, NaN where there is
    none; a withheld count is below its ``limit``, which is infinite for a total.
    """

    keys: Sequence[str]
    sums: Sequence[Sum]
    units: np.ndarray
    is_withheld: np.ndarray
    limit: np.ndarray

    def withheld_parts(self) -> set[str]:
        """The keys of withheld counts that are no totals."""
        return {self.keys[at] for at in np.flatnonzero(self.is_withheld & np.isfinite(self.limit)).tolist()}

    def equations(self, names: Sequence[Hashable]) -> Iterator[Equation]:
        """Every sum with something withheld in it, its unknowns under these names."""
        for one in self.sums:
            if np.isnan(self.units[one.total]):
                continue
            parts = one.parts[~np.isnan(self.units[one.parts])]
            unknown = {names[at]: 1 for at in parts[self.is_withheld[parts]]}
            known = -int(self.units[parts[~self.is_withheld[parts]]].sum())
            if self.is_withheld[one.total]:
                unknown[names[one.total]] = -1
            else:
                known += int(self.units[one.total])
            if unknown:
                yield Equation(unknown, known)


def exposed(cells: Cells, other: Cells | None, policy: DisclosurePolicy) -> set[int]:
    """Positions in ``cells`` of withheld counts that it gives away, or that it does together with another release.

    Of two releases the worst is supposed: that what is withheld in both has not changed between them. A count that
    only the other release withholds is given away when some withheld count beside it is; then -1 is among them.
    """
    same = other.withheld_parts() & cells.withheld_parts() if other else set()
    releases = [cells, other] if other else [cells]
    equations: list[Equation] = []
    place: dict[Hashable, tuple[int, float]] = {}
    for number, one in enumerate(releases):
        names: list[Hashable] = [key if key in same else (number, key) for key in one.keys]
        equations += one.equations(names)
        for at in np.flatnonzero(one.is_withheld):
            before = place.get(names[at], (int(at) if number == 0 else -1, np.inf))
            place[names[at]] = (before[0], min(before[1], one.limit[at]))
    highest = {name: np.floor((limit - 1) / policy.rounded_to + 0.5) for name, (_, limit) in place.items()}

    def narrow(found: Ranges | None) -> set[int]:
        # Two releases that contradict each other if nothing has changed say that something has, and no more.
        return {
            place[name][0]
            for name, units in (found or {}).items()
            if width(units, place[name][1], policy) < policy.least_range
        }

    equations = _each_once(equations)
    found = narrowed(equations, highest)
    if found is None or narrow(found) or is_tree(equations):
        return narrow(found)
    return narrow(solved(equations, highest))


def _each_once(equations: list[Equation]) -> list[Equation]:
    """Releases that say the same say it once."""
    return list({(frozenset(one.unknown.items()), one.known): one for one in equations}.values())
