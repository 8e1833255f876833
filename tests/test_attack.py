"""Thirty nights of everything we publish about children, read by somebody who subtracts and divides.

The attacker knows the policy and every table of every night. What the tables say is written as inequalities and
solved by ``linprog``, which the product does not use: the least and the most that each withheld count can be.
"""

from __future__ import annotations

from dataclasses import replace
from random import Random

import numpy as np
import pandas as pd
import pytest
from builders import AS_OF, DISCLOSURE, gap_inputs
from scipy.optimize import linprog
from test_supply_demand import CITY, facts

from transforms.disclosure import release
from transforms.gaps import REGISTERED, GapInputs
from transforms.tables import ExpectedChildren, SupplyDemand
from transforms.vocabulary import NEEDS_TO_COVER

NEEDS = [need.value for need in NEEDS_TO_COVER]
FIRST, NIGHTS = pd.Timestamp("2026-12-15"), 30
Variable = tuple[int, str, str]


def nights(seed: int) -> tuple[list[dict[str, int]], list[pd.DataFrame], list[pd.DataFrame]]:
    """The true counts, what is released of them and the gap table of each night; demand and supply change nightly."""
    random = Random(seed)
    counts = {need: random.choice([0, 1, 3, 6, 9, 10, 12, 18, 40]) for need in NEEDS}
    rosters = [rosters_of(random) for _ in range(5)]
    true, released, tables, made = [], [], [], []
    for number in range(NIGHTS):
        counts = {need: max(0, count + random.choice([-1, 0, 0, 0, 1])) for need, count in counts.items()}
        frame = pd.DataFrame(
            {
                ExpectedChildren.area_code: CITY,
                ExpectedChildren.need: [*counts, None],
                ExpectedChildren.plans: [*counts.values(), sum(counts.values())],
                ExpectedChildren.estimate_low: 7.0,
                ExpectedChildren.estimate_high: 12.0,
                ExpectedChildren.period: "2024/25",
            }
        )
        tonight = release(ExpectedChildren, frame, DISCLOSURE, FIRST + pd.Timedelta(days=number), made)
        if not any(tonight.equals(one) for one in made):
            made.append(tonight)
        inputs = random.choice(rosters)
        inputs = replace(inputs, frames={**inputs.frames, ExpectedChildren: tonight})
        true.append(counts)
        released.append(tonight)
        tables.append(REGISTERED[SupplyDemand](inputs).table)
    return true, released, tables


def rosters_of(random: Random) -> GapInputs:
    offers = [
        {"service": str(n), "need": random.choice(NEEDS), "places": str(random.randint(1, 30))}
        for n in range(random.randint(1, 8))
    ]
    return gap_inputs(offers, facts=facts())


def of_needs(one: pd.DataFrame, column: str) -> dict[str, object]:
    named = one[one[ExpectedChildren.need].notna()]
    return dict(zip(named[ExpectedChildren.need], named[column], strict=True))


def withheld(one: pd.DataFrame) -> list[str]:
    return [need for need, mark in of_needs(one, ExpectedChildren.plans_mark).items() if mark == "c"]


class Attacker:
    """Inequalities over the count and the rounded count of each need in each release."""

    def __init__(self, releases: list[pd.DataFrame], limits: list[dict[str, int]]) -> None:
        """All that some releases say, on the supposition that what all of them withhold has not changed."""
        self.places: dict[Variable, int] = {}
        self.bounds: list[tuple[float, float | None]] = []
        self.rows: list[dict[int, float]] = []
        self.equal: list[tuple[dict[int, float], float]] = []
        same = set(withheld(releases[0])).intersection(*(withheld(one) for one in releases))
        for number, one in enumerate(releases):
            hidden = withheld(one)
            for need, shown in of_needs(one, ExpectedChildren.plans).items():
                limit = limits[number][need] - 1
                exact = self.variable(number, need, "exact", 0, limit if need in hidden else None)
                rounded = self.variable(number, need, "rounded", 0, None)
                self.within(exact, rounded, 2)
                if need not in hidden:
                    self.equal.append(({rounded: 1}, float(shown)))
                if number and need in same:
                    self.equal.append(({exact: 1, self.places[0, need, "exact"]: -1}, 0))
                    self.equal.append(({rounded: 1, self.places[0, need, "rounded"]: -1}, 0))
            total = one[one[ExpectedChildren.need].isna()][ExpectedChildren.plans].iat[0]
            if pd.notna(total):
                parts = {self.places[number, need, "rounded"]: 1.0 for need in NEEDS}
                self.equal.append((parts, float(total)))

    def variable(self, number: int, need: str, what: str, low: float, high: float | None) -> int:
        self.places[number, need, what] = len(self.bounds)
        self.bounds.append((low, high))
        return self.places[number, need, what]

    def within(self, one: int, other: int, distance: float) -> None:
        for sign in (1, -1):
            self.rows.append({one: sign, other: -sign})
        self.distance = distance

    def range_of(self, number: int, need: str) -> tuple[float, float] | None:
        """Least and most that a count can be; nothing when the supposition cannot be true."""
        size = len(self.bounds)
        above, equal = np.zeros((len(self.rows), size)), np.zeros((len(self.equal), size))
        for at, row in enumerate(self.rows):
            above[at, list(row)] = list(row.values())
        for at, (row, _) in enumerate(self.equal):
            equal[at, list(row)] = list(row.values())
        goal = np.zeros(size)
        goal[self.places[number, need, "exact"]] = 1
        ends = []
        for sign in (1, -1):
            found = linprog(
                sign * goal,
                A_ub=above,
                b_ub=np.full(len(above), self.distance),
                A_eq=equal,
                b_eq=[known for _, known in self.equal],
                bounds=self.bounds,
            )
            if found.status == 2:
                return None
            ends.append(sign * found.fun)
        return ends[0], ends[1]


@pytest.mark.parametrize("seed", range(2))
def test_no_withheld_count_can_be_recovered_over_thirty_nights(seed: int) -> None:
    true, released, tables = nights(seed)
    distinct = [one for n, one in enumerate(released) if n == 0 or not one.equals(released[n - 1])]
    # Thirty nights over the turn of the year see two releases and no more.
    assert len(distinct) == 2
    first, second = distinct
    limits = [
        dict.fromkeys(NEEDS, DISCLOSURE.smallest_shown),
        {
            need: DISCLOSURE.shown_again_from if need in withheld(first) else DISCLOSURE.smallest_shown
            for need in NEEDS
        },
    ]
    assert withheld(first)
    attacks = [([0], Attacker([first], limits[:1])), ([1], Attacker([second], limits[1:]))]
    attacks.append(([0, 1], Attacker(distinct, limits)))
    for numbers, attacker in attacks:
        for place, number in enumerate(numbers):
            for need in withheld(distinct[number]):
                found = attacker.range_of(place, need)
                if found is not None:
                    assert found[1] - found[0] >= DISCLOSURE.least_range - 1e-6, (number, need)
                else:
                    assert len(numbers) == 2
    # What is shown is true to the rounding, and what is withheld is small or was.
    released_on = [one[ExpectedChildren.released_on].iat[0] for one in distinct]
    for one, night, limit in zip(distinct, released_on, limits, strict=True):
        counts = true[(night - FIRST).days]
        for need, shown in of_needs(one, ExpectedChildren.plans).items():
            assert counts[need] < limit[need] if need in withheld(one) else abs(counts[need] - shown) <= 2
    divide(released, tables)


def divide(released: list[pd.DataFrame], tables: list[pd.DataFrame]) -> None:
    """Whoever divides place-hours by place-hours per child finds the released number, or a rate, and nothing else."""
    found = 0
    for one, table in zip(released, tables, strict=True):
        plans = of_needs(one, ExpectedChildren.plans)
        for row in table.to_dict("records"):
            ends = (row[SupplyDemand.children_low], row[SupplyDemand.children_high])
            assert set(ends) <= {
                7.0,
                12.0,
                float(plans[row["need"]]) if pd.notna(plans[row["need"]]) else 7.0,
            }
            for hours, rate, children in (
                (SupplyDemand.place_hours_confirmed, SupplyDemand.hours_per_child_confirmed, ends[1]),
                (SupplyDemand.place_hours_possible, SupplyDemand.hours_per_child_possible, ends[0]),
            ):
                if row[rate] > 0:
                    assert row[hours] / row[rate] == pytest.approx(children, rel=0.06 / row[rate] + 1e-9)
                    found += 1
    assert found


def test_the_attacker_finds_what_is_not_protected() -> None:
    # The one small count beside a total that was left standing: 30 less 20 is 10, so the count is 8 or 9.
    told = ExpectedChildren.frame(
        [
            {"area_code": CITY, "need": need, "plans": 20 if need == "ASD" else 0, "cycle": AS_OF}
            for need in NEEDS
            if need != "HI"
        ]
        + [
            {"area_code": CITY, "need": "HI", "plans": None, "plans_mark": "c", "cycle": AS_OF},
            {"area_code": CITY, "need": None, "plans": 30, "cycle": AS_OF},
        ]
    )
    attacker = Attacker([told], [dict.fromkeys(NEEDS, DISCLOSURE.smallest_shown)])
    assert attacker.range_of(0, "HI") == pytest.approx((8, 9))
