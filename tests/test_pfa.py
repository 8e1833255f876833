"""What prepares for adulthood, worked through by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given
from test_supply_and_gaps import OFFERS as ANY_OFFERS
from test_supply_and_gaps import few

from transforms.gaps import measure
from transforms.tables import PreparingForAdulthood

OFFERS = """
    | service | provider | service_cluster | venue_cluster | kind                 | outcome | ages  | zone   | accepts |
    | works   | P1       | works           | bank          | supported_internship | EMP     | 16-24 | inside | yes     |
    | works2  | P1       | works           | bank          | unknown              | -       | 16-24 | inside | yes     |
    | advice  | P2       | advice          | bank          | careers_iag          | EMP     | 14-18 | inside | yes     |
    | travel  | P3       | travel          | road          | travel_training      | IL      | 16-   | near   | unknown |
    | pottery | P4       | pottery         | kiln          | unknown              | -       | 8-16  | inside | yes     |
    | sport   | P5       | sport           | pool          | sport                | -       | 5-25  | inside | yes     |
    | placed  | P6       | placed          | shop          | work_experience      | EMP+CI  | 14-25 | inside | no      |
"""


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measure(PreparingForAdulthood, gap_inputs(OFFERS), "run", "0").set_index(
        PreparingForAdulthood.key_names()
    )


@pytest.mark.parametrize(
    ("key", "counts", "status"),
    [
        # The advice; pottery may be anything, and ends at 16. Confirmed, possible, of them named.
        (("EMP", 14, "inside"), [1, 2, 1], "FRAGILE"),
        # The internship joins, once though two rosters list it: two providers.
        (("EMP", 16, "inside"), [2, 3, 2], "COVERED"),
        (("EMP", 17, "inside"), [2, 2, 2], "COVERED"),
        # Advice ends at 18. The one place that takes a 25-year-old takes no City residents.
        (("EMP", 24, "inside"), [1, 1, 1], "FRAGILE"),
        (("EMP", 25, "inside"), [0, 0, 0], "GAP_CERTAIN"),
        # Whether it takes City residents is not known, and from 17 on nor is its oldest age.
        (("IL", 16, "near"), [0, 1, 1], "GAP_UNLESS_VERIFIED"),
        (("IL", 25, "near"), [0, 1, 1], "GAP_UNLESS_VERIFIED"),
        # Nothing names health. Pottery may be for it; that of sport is known is that it names no outcome.
        (("HEA", 16, "inside"), [0, 1, 0], "GAP_UNLESS_VERIFIED"),
        (("HEA", 17, "inside"), [0, 0, 0], "GAP_CERTAIN"),
    ],
)
def test_outcomes_counted_by_hand(
    found: pd.DataFrame, key: tuple[str, int, str], counts: list[int], status: str
) -> None:
    row = found.loc[key]
    assert row[["confirmed", "possible", "named_possible"]].tolist() == counts
    assert row["gap_status"] == status


def test_every_year_from_14_to_25_stands_for_every_outcome_and_zone(found: pd.DataFrame) -> None:
    assert len(found) == found.index.nunique() == 4 * 12 * 6


def test_internships_careers_advice_and_travel_training_are_told_apart(found: pd.DataFrame) -> None:
    kinds = ["internships", "careers", "travel_training"]
    at_16 = found.loc[("EMP", 16, "inside")]
    assert [at_16[f"{kind}_confirmed"] for kind in kinds] == [1, 1, 0]
    road = found.loc[("IL", 16, "near")]
    assert [road[f"{kind}_confirmed"] for kind in kinds] == [0, 0, 0]
    assert [road[f"{kind}_possible"] for kind in kinds] == [0, 0, 1]


@few
@given(offers=ANY_OFFERS)
def test_nothing_is_covered_while_nobody_says_whether_city_children_may_come(
    offers: list[dict[str, str]],
) -> None:
    unsaid = [{**offer, "accepts": "unknown"} for offer in offers]
    table = measure(PreparingForAdulthood, gap_inputs(unsaid), "run", "0")
    assert set(table["gap_status"]) <= {"GAP_CERTAIN", "GAP_UNLESS_VERIFIED"}
