"""What a family pays, and whether a disabled child can get in, counted by hand; and what holds for any roster."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS

from transforms.gaps import REGISTERED
from transforms.tables import Affordability as Prices
from transforms.tables import GapTable, ParentSibling, PhysicalAccess

BOTH: list[type[GapTable]] = [Prices, PhysicalAccess]
few = settings(max_examples=2)

PRICES = """
    service | provider | cost             | hours | dp      | funding | tier       | club | accepts
    1       | P1       | 6 session        | 2     | yes     | block   | specialist | .    | yes
    2       | P2       | 4 hour           | 2     | no      | block   | specialist | .    | yes
    3       | P3       | free+5 session   | 2     | yes     | block   | specialist | .    | yes
    4       | P4       | free             | 2     | unknown | block   | specialist | .    | unknown
    5       | P5       | 30 day           | 6     | yes     | spot    | specialist | .    | yes
    6       | P5       | 30 day           | 2     | unknown | spot    | specialist | .    | yes
    7       | P5       | 5                | 2     | unknown | spot    | specialist | .    | yes
    8       | P1       | 4 hour           | -     | yes     | grant   | specialist | .    | yes
    9       | P1       | free+5           | 2     | no      | grant   | specialist | .    | yes
    10      | P1       | free             | 2     | yes     | .       | targeted   | drum | yes
    10h     | P1       | 8 session        | 2     | no      | grant   | targeted   | drum | yes
    11      | P1       | -                | 2     | unknown | .       | universal  | .    | yes
"""

VENUES = """
    service | provider | step_free | quiet       | tier       | zone   | venue_cluster | accepts
    1       | P1       | yes       | yes         | specialist | inside | a             | yes
    2       | P2       | partial   | unknown     | specialist | inside | a             | yes
    3       | P3       | no        | conditional | specialist | inside | b             | unknown
    4       | P4       | yes       | unknown     | specialist | inside | c             | yes
    4h      | P4       | no        | unknown     | specialist | inside | c             | no
    5       | P5       | .         | .           | specialist | online | d             | yes
    6       | P6       | .         | .           | universal  | inside | a             | yes
"""


def table_of(table: type[GapTable], offers: str | list[dict[str, str]]) -> pd.DataFrame:
    return REGISTERED[table](gap_inputs(offers)).table.set_index(table.key_names())


@pytest.fixture(scope="module")
def prices() -> pd.DataFrame:
    return table_of(Prices, PRICES).loc["inside"]


@pytest.fixture(scope="module")
def access() -> pd.DataFrame:
    return table_of(PhysicalAccess, VENUES)


@pytest.mark.parametrize(
    ("cell", "possible", "priced", "lowest", "highest", "status"),
    [
        # 4 is free. £6; £4 × 2 hours; nothing or £5: the middle of 0, 6, 8 and of 5, 6, 8.
        (("specialist", "block"), 4, 3, 6, 6, "KNOWN"),
        # Six hours are a day, two are not; “£5” does not say for what. One price of three is too few.
        (("specialist", "spot"), 3, 1, None, None, "ASK_FIRST"),
        # £4 an hour for nobody knows how long; “£5” beside “free” leaves the price open.
        (("specialist", "grant"), 2, 0, None, None, "ASK_FIRST"),
        # One activity for two rosters: nothing or £8. Its route is known from one of them.
        (("targeted", "grant"), 1, 1, 0, 8, "ASK_FIRST"),
        (("targeted", "unknown"), 0, 0, None, None, "NOTHING_TO_ASK"),
        (("universal", "unknown"), 1, 0, None, None, "ASK_FIRST"),
    ],
)
def test_prices_worked_by_hand(
    prices: pd.DataFrame,
    cell: tuple[str, str],
    possible: int,
    priced: int,
    lowest: float | None,
    highest: float | None,
    status: str,
) -> None:
    row = prices.loc[cell]
    assert (row[Prices.possible], row[Prices.priced], row[Prices.known_status]) == (
        possible,
        priced,
        status,
    )
    for column, expected in (
        (Prices.lowest_price_median_gbp, lowest),
        (Prices.highest_price_median_gbp, highest),
    ):
        assert pd.isna(row[column]) if expected is None else row[column] == expected


def test_what_is_free_and_payable_by_direct_payment(prices: pd.DataFrame) -> None:
    row = prices.loc[("specialist", "block")]
    # 4 alone is free to every family, and does not say whom it takes: 1 of 4. 1 and 3 of 1, 2 and 3.
    assert (
        row[Prices.free_confirmed],
        row[Prices.free_possible],
        row[Prices.free_known],
        row[Prices.free_pct],
    ) == (0, 1, 4, 25)
    assert (
        row[Prices.dp_payable_confirmed],
        row[Prices.dp_payable_possible],
        row[Prices.dp_payable_known],
    ) == (2, 2, 3)
    assert row[Prices.dp_payable_pct] == 66.7
    # Rosters that contradict each other: neither is known.
    row = prices.loc[("targeted", "grant")]
    assert (row[Prices.free_known], row[Prices.dp_payable_known]) == (0, 0)
    assert pd.isna(row[Prices.free_pct])


@pytest.mark.parametrize(
    ("cell", "yes", "in_part", "no", "unknown", "known_pct", "status"),
    [
        # Venue a is step-free in part, b is not, c is contradicted; 3 does not say whom it takes. 3 of 4 known.
        (("inside", "specialist", "step_free"), (0, 0), (2, 2), (0, 1), (1, 1), 75, "KNOWN"),
        # One roster says that a has a quiet space: both activities there have it.
        (("inside", "specialist", "quiet_space"), (2, 2), (0, 1), (0, 0), (1, 1), 75, "KNOWN"),
        (("inside", "specialist", "hearing_loop"), (0, 0), (0, 0), (0, 0), (3, 4), 0, "ASK_FIRST"),
        # Nothing is said where 6 is listed; others say it of the same venue.
        (("inside", "universal", "quiet_space"), (1, 1), (0, 0), (0, 0), (0, 0), 100, "KNOWN"),
        (("online", "specialist", "step_free"), (0, 0), (0, 0), (0, 0), (1, 1), 0, "NOTHING_TO_ASK"),
        (("near", "specialist", "step_free"), (0, 0), (0, 0), (0, 0), (0, 0), None, "NOTHING_TO_ASK"),
    ],
)
def test_access_counted_by_hand(
    access: pd.DataFrame,
    cell: tuple[str, str, str],
    yes: tuple[int, int],
    in_part: tuple[int, int],
    no: tuple[int, int],
    unknown: tuple[int, int],
    known_pct: float | None,
    status: str,
) -> None:
    row = access.loc[cell]
    assert (row[PhysicalAccess.yes_confirmed], row[PhysicalAccess.yes_possible]) == yes
    assert (row[PhysicalAccess.in_part_confirmed], row[PhysicalAccess.in_part_possible]) == in_part
    assert (row[PhysicalAccess.no_confirmed], row[PhysicalAccess.no_possible]) == no
    assert (row[PhysicalAccess.unknown_confirmed], row[PhysicalAccess.unknown_possible]) == unknown
    assert row[PhysicalAccess.known_status] == status
    assert (
        pd.isna(row[PhysicalAccess.known_pct])
        if known_pct is None
        else row[PhysicalAccess.known_pct] == known_pct
    )


# What holds for any roster

SAID = st.fixed_dictionaries(
    {
        "cost": st.sampled_from(["free", "5 session", "4 hour", "30 day", "5", "free+5 session", "-"]),
        "dp": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "step_free": st.sampled_from(["yes", "partial", "no", "unknown"]),
        "quiet": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "funding": st.sampled_from(["block", "spot", "unknown"]),
    }
)
ROSTER = st.tuples(OFFERS, st.lists(SAID, min_size=12, max_size=12)).map(
    lambda drawn: [{**offer, **said} for offer, said in zip(*drawn, strict=False)]
)


@few
@given(offers=ROSTER)
def test_every_row_stands_its_parts_add_up_and_its_rules_hold(offers: list[dict[str, str]]) -> None:
    access, prices = table_of(PhysicalAccess, offers), table_of(Prices, offers)
    assert (len(access), len(prices)) == (6 * 3 * 5, 6 * 3 * 7)
    for standing in ("confirmed", "possible"):
        parts = [f"{answer}_{standing}" for answer in ("yes", "in_part", "no", "unknown")]
        assert (access[parts].sum(axis=1) == access[standing]).all()
    for table, found in ((PhysicalAccess, access), (Prices, prices)):
        for rule in table.rules:
            assert not (found[rule.low.name] > found[rule.high.name]).any(), rule


@few
@given(offers=ROSTER)
def test_they_count_the_activities_that_other_tables_count(offers: list[dict[str, str]]) -> None:
    one_age = [{**offer, "ages": "5-10", "funding": "block"} for offer in offers]
    cells = table_of(ParentSibling, one_age).xs("5_10", level=ParentSibling.age_band)
    steps = table_of(PhysicalAccess, one_age).xs("step_free", level=PhysicalAccess.feature)
    block = table_of(Prices, one_age).xs("block", level=Prices.funding_route)
    for name in (PhysicalAccess.confirmed, PhysicalAccess.possible):
        assert (steps[name] == cells[name].reindex(steps.index)).all()
        assert (block[name] == cells[name].reindex(block.index)).all()


@few
@given(offers=ROSTER, more=OFFER)
def test_another_activity_of_which_everything_is_known_lowers_no_count_and_opens_no_question(
    offers: list[dict[str, str]], more: dict[str, str]
) -> None:
    known = {"cost": "5 session", "dp": "yes", "step_free": "yes", "quiet": "yes", "funding": "block"}
    another = {**more, **known, "service_cluster": "new", "venue_cluster": "new"}
    for table in BOTH:
        before, after = table_of(table, offers), table_of(table, [*offers, another])
        counts = [c.name for c in table.columns() if c.minimum == 0 and c.unit is None]
        assert (after[counts] >= before[counts]).all(axis=None)
    # Of the other features of its venue nothing is said.
    price, asked = table.verdict_column(), PhysicalAccess.feature
    assert price is not None
    for feature in ("step_free", "quiet_space"):
        was, becomes = (frame.xs(feature, level=asked)[price.name] for frame in (before, after))
        assert not (was.eq("KNOWN") & becomes.eq("ASK_FIRST")).any()


@few
@given(offers=ROSTER, seed=st.integers(0, 99))
def test_the_same_club_in_two_rosters_counts_once_in_any_order(
    offers: list[dict[str, str]], seed: int
) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    twice = [*numbered, *({**o, "service": f"T{n}", "venue": f"U{n}"} for n, o in enumerate(numbered))]
    random.Random(seed).shuffle(twice)
    for table in BOTH:
        pd.testing.assert_frame_equal(table_of(table, twice), table_of(table, numbered))
