"""What somebody can work out of a withheld count: every sum of a release, and of two releases together, solved.

Counts stand in units of the rounding, since totals are made of rounded counts and so tell of those alone.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from dataclasses import dataclass

import numpy as np

from transforms.disclosure.policy import DisclosurePolicy


@dataclass(frozen=True)
class Equation:
    """Unknown counts whose sum is known: total less parts, each with its sign, is ``known`` units."""

    unknown: Mapping[Hashable, int]
    known: int


Ranges = dict[Hashable, tuple[float, float]]


def narrowed(equations: list[Equation], highest: Mapping[Hashable, float]) -> Ranges | None:
    """Least and most units that each unknown can have by one equation after another, from nought to its ``highest``.

    Never narrower than the truth, and exact where ``is_tree``. Nothing when the equations contradict each other.
    """
    found: Ranges = {name: (0.0, highest[name]) for one in equations for name in one.unknown}
    is_moving = True
    while is_moving:
        is_moving = False
        for one in equations:
            for name, new in _by_itself(one, found).items():
                if new[0] > new[1]:
                    return None
                is_moving |= new != found[name]
                found[name] = new
    return found


def _by_itself(equation: Equation, found: Ranges) -> Ranges:
    """What one equation says of each of its unknowns, given what is known of the others."""
    signs = np.array(list(equation.unknown.values()), float)
    least, most = np.array([found[name] for name in equation.unknown]).T
    low, high = np.where(signs > 0, least, -most), np.where(signs > 0, most, -least)
    own_low, own_high = equation.known - _others(high), equation.known - _others(low)
    low, high = np.maximum(low, own_low), np.minimum(high, own_high)
    least, most = np.where(signs > 0, low, -high), np.where(signs > 0, high, -low)
    return dict(zip(equation.unknown, zip(least.tolist(), most.tolist(), strict=True), strict=True))


def _others(ends: np.ndarray) -> np.ndarray:
    """For each of some ends, the sum of the others; one may be infinite."""
    endless = np.isinf(ends)
    finite = np.where(endless, 0.0, ends)
    sums = finite.sum() - finite
    return np.where(endless.sum() - endless > 0, ends[endless].sum() if endless.any() else 0.0, sums)


def is_tree(equations: list[Equation]) -> bool:
    """Whether no two ways lead from one unknown to another: then one equation after another tells everything."""
    group: dict[Hashable, Hashable] = {}

    def root(one: Hashable) -> Hashable:
        while (up := group.setdefault(one, one)) != one:
            one = up
        return one

    for number, equation in enumerate(equations):
        for name in equation.unknown:
            ends = root(("equation", number)), root(("unknown", name))
            if ends[0] == ends[1]:
                return False
            group[ends[0]] = ends[1]
    return True


def solved(equations: list[Equation], highest: Mapping[Hashable, float]) -> Ranges | None:
    """Least and most units of each unknown by all equations together, exactly, in whole numbers."""
    # Half a second to load, and needed only on the night of a release whose sums cross.
    from scipy.optimize import Bounds, LinearConstraint, milp

    names = list(dict.fromkeys(name for one in equations for name in one.unknown))
    signs = np.array([[one.unknown.get(name, 0) for name in names] for one in equations], float)
    known = np.array([one.known for one in equations], float)
    sums, bounds = LinearConstraint(signs, known, known), Bounds(0, [highest[name] for name in names])
    found = {}
    for place, name in enumerate(names):
        goal = np.zeros(len(names))
        goal[place] = 1
        least, most = (
            milp(sign * goal, constraints=sums, bounds=bounds, integrality=np.ones(len(names)))
            for sign in (1, -1)
        )
        if least.status == _INFEASIBLE:
            return None
        if least.x is None:
            raise ArithmeticError(f"the range of a withheld count could not be worked out: {least.message}")
        # Without a most there is no end to it.
        found[name] = (
            float(least.x[place].round()),
            np.inf if most.x is None else float(most.x[place].round()),
        )
    return found


_INFEASIBLE = 2


def width(units: tuple[float, float], limit: float, policy: DisclosurePolicy) -> float:
    """How many whole numbers, less one, a count below ``limit`` may be when its rounded count is in ``units``."""
    least, most = (unit * policy.rounded_to for unit in units)
    below, above = policy.rounded_to // 2, (policy.rounded_to - 1) // 2
    return min(limit - 1, most + above) - max(0.0, least - below)
