"""Real breaks and whole-family activities, counted by hand, and what holds for any roster."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS, covered

from transforms.gaps import REGISTERED
from transforms.tables import ParentSibling as T
from transforms.vocabulary import BreakStatus

COUNTS = [c.name for c in T.columns() if c.minimum == 0 and c.maximum is None]
ORDER = [status.value for status in BreakStatus]
few = settings(max_examples=2)

OFFERS_BY_HAND = """
    service | provider | zone    | tier       | ages | parent      | siblings    | accepts | status  | club
    1       | P1       | inside  | specialist | 5-10 | no          | yes         | yes     | active  | .
    2       | P2       | inside  | specialist | 5-10 | yes         | no          | yes     | active  | .
    3       | P3       | inside  | specialist | 5-10 | conditional | conditional | yes     | active  | .
    4       | P4       | inside  | specialist | 5-10 | unknown     | unknown     | yes     | active  | .
    5       | P5       | inside  | specialist | 5-10 | no          | yes         | unknown | active  | .
    6       | P6       | inside  | specialist | 5-10 | no          | yes         | no      | active  | .
    7       | P1       | inside  | targeted   | 5-10 | no          | yes         | yes     | active  | choir
    7h      | P1       | inside  | targeted   | 5-10 | yes         | unknown     | yes     | active  | choir
    8       | P2       | inside  | targeted   | 5-10 | no          | yes         | yes     | active  | drama
    8h      | P2       | inside  | targeted   | 5-10 | unknown     | yes         | yes     | active  | drama
    9       | P1       | near    | universal  | 5-10 | yes         | yes         | yes     | active  | .
    10      | P2       | near    | universal  | 5-10 | yes         | yes         | yes     | active  | .
    11      | P3       | near    | universal  | 5-10 | no          | yes         | yes     | active  | .
    12      | P1       | outside | universal  | 5-10 | yes         | yes         | yes     | active  | .
    13      | P1       | online  | universal  | 5-10 | unknown     | yes         | yes     | active  | .
    14      | P1       | outside | specialist | 5-10 | no          | yes         | yes     | active  | swim
    14h     | P1       | outside | specialist | 5-10 | yes         | no          | yes     | defunct | swim
    15      | P2       | outside | specialist | 5-10 | no          | yes         | yes     | active  | .
"""


def table_of(offers: str | list[dict[str, str]]) -> pd.DataFrame:
    return REGISTERED[T](gap_inputs(offers)).table.set_index(T.key_names())


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return table_of(OFFERS_BY_HAND)


@pytest.mark.parametrize(
    ("cell", "confirmed", "possible", "known", "share", "status"),
    [
        # True breaks: 1 for certain; 3, 4 and 5 perhaps. 1, 2 and 5 of five say yes or no: 1 ÷ 3.
        (("inside", "specialist"), 1, 4, 3, 33.3, "FRAGILE"),
        # The rosters contradict each other about the choir, one is silent about the drama: 1 of 2 is too few.
        (("inside", "targeted"), 1, 2, 1, None, "GAP_UNLESS_VERIFIED"),
        # One true break, but two of three ask a parent to stay.
        (("near", "universal"), 1, 1, 3, 66.7, "MOST_PARENTS_STAY"),
        (("outside", "universal"), 0, 0, 1, 100, "GAP_CERTAIN"),
        (("online", "universal"), 0, 1, 0, None, "GAP_UNLESS_VERIFIED"),
        # A listing that does not run has no say about the swimming.
        (("outside", "specialist"), 2, 2, 2, 0, "COVERED"),
        (("unknown", "specialist"), 0, 0, 0, None, "GAP_CERTAIN"),
    ],
)
def test_true_breaks_counted_by_hand(
    by_hand: pd.DataFrame,
    cell: tuple[str, str],
    confirmed: int,
    possible: int,
    known: int,
    share: float | None,
    status: str,
) -> None:
    row = by_hand.loc[(*cell, "5_10")]
    assert (row[T.true_breaks_confirmed], row[T.true_breaks_possible]) == (confirmed, possible)
    assert (row[T.parent_stays_known], row[T.break_status]) == (known, status)
    assert pd.isna(row[T.parent_stays_pct]) if share is None else row[T.parent_stays_pct] == share


def test_every_answer_of_one_cell_counted_by_hand(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("inside", "specialist", "5_10")]
    assert (row[T.confirmed], row[T.possible]) == (4, 5)  # 5 does not say who may come, 6 says no
    assert (row[T.whole_family_confirmed], row[T.whole_family_possible]) == (1, 4)  # 1; and 3, 4, 5
    pairs = {
        name: (row[f"{name}_confirmed"], row[f"{name}_possible"])
        for name in ("parent_stays_yes", "parent_stays_no", "parent_stays_conditional", "parent_stays_unknown",
                     "siblings_yes", "siblings_no", "siblings_conditional", "siblings_unknown")
    }  # fmt: skip
    assert pairs == {
        "parent_stays_yes": (1, 1),  # 2
        "parent_stays_no": (1, 2),  # 1, 5
        "parent_stays_conditional": (1, 1),  # 3
        "parent_stays_unknown": (1, 1),  # 4
        "siblings_yes": (1, 2),
        "siblings_no": (1, 1),
        "siblings_conditional": (1, 1),
        "siblings_unknown": (1, 1),
    }


@few
@given(offers=OFFERS)
def test_all_90_rows_stand_and_every_activity_gives_one_answer(offers: list[dict[str, str]]) -> None:
    found = table_of(offers)
    assert len(found) == 6 * 3 * 5
    for standing in ("confirmed", "possible"):
        for question in ("parent_stays", "siblings"):
            answers = [f"{question}_{said}_{standing}" for said in ("yes", "no", "conditional", "unknown")]
            assert (found[answers].sum(axis=1) == found[standing]).all()
    assert (found[T.true_breaks_possible] == found[T.possible] - found[T.parent_stays_yes_possible]).all()
    assert (found[T.whole_family_possible] == found[T.possible] - found[T.siblings_no_possible]).all()
    assert (found[T.true_breaks_confirmed] <= found[T.true_breaks_possible]).all()


@few
@given(offers=OFFERS)
def test_what_names_one_need_is_counted_as_coverage_counts_it(offers: list[dict[str, str]]) -> None:
    named = [{**offer, "need": "ASD"} for offer in offers]
    cells = covered(named).xs("ASD", level="need").reorder_levels(T.key_names())
    found = table_of(named)
    for name in (T.confirmed, T.possible):
        assert (found[name] == cells[name].reindex(found.index)).all()


@few
@given(offers=OFFERS, more=OFFER)
def test_another_activity_lowers_no_count_and_another_break_worsens_no_verdict(
    offers: list[dict[str, str]], more: dict[str, str]
) -> None:
    another = {**more, "parent": "no", "service_cluster": "new"}
    before, after = table_of(offers), table_of([*offers, another])
    assert (after[COUNTS] >= before[COUNTS]).all(axis=None)
    ranks = [frame[T.break_status].map(ORDER.index) for frame in (before, after)]
    assert (ranks[1] >= ranks[0]).all()


@few
@given(offers=OFFERS, asked=OFFER)
def test_the_good_answer_where_nothing_was_known_lowers_no_break_and_worsens_no_verdict(
    offers: list[dict[str, str]], asked: dict[str, str]
) -> None:
    asked = {**asked, "service_cluster": "asked"}
    before = table_of([*offers, {**asked, "parent": "unknown", "siblings": "unknown"}])
    after = table_of([*offers, {**asked, "parent": "no", "siblings": "yes"}])
    assert (after[T.true_breaks_confirmed] >= before[T.true_breaks_confirmed]).all()
    assert (after[T.whole_family_confirmed] >= before[T.whole_family_confirmed]).all()
    assert (after[[T.possible, T.true_breaks_possible]] == before[[T.possible, T.true_breaks_possible]]).all(
        axis=None
    )
    assert (after[T.break_status].map(ORDER.index) >= before[T.break_status].map(ORDER.index)).all()


@few
@given(offers=OFFERS)
def test_nothing_is_covered_while_nobody_says_whether_a_parent_must_stay(
    offers: list[dict[str, str]],
) -> None:
    found = table_of([{**offer, "parent": "unknown"} for offer in offers])
    assert set(found[T.break_status]) <= {"GAP_CERTAIN", "GAP_UNLESS_VERIFIED"}


@few
@given(offers=OFFERS, seed=st.integers(0, 99))
def test_the_same_club_in_two_rosters_counts_once_in_any_order(
    offers: list[dict[str, str]], seed: int
) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    twice = [*numbered, *({**o, "service": f"T{n}", "venue": f"U{n}"} for n, o in enumerate(numbered))]
    random.Random(seed).shuffle(twice)
    pd.testing.assert_frame_equal(table_of(twice), table_of(numbered))
