"""What must be designed, and what comes nearest: worked through by hand, and against coverage."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS, few

from transforms.gaps import measure
from transforms.tables import BespokeCandidates, Coverage

# The Barbican stands at (0, 0), Mansell Street at (1000, 0).
BY_HAND = """
    | service | need  | ages | zone          | accepts | parent | places | slot       | step_free | easting | northing |
    | a       | HI    | 5-10 | inside        | yes     | no     | 10     | weekend_am | .         | 0       | 0        |
    | b       | VI    | 5-10 | inside        | no      | no     | 10     | weekend_am | .         | 0       | 0        |
    | c       | MSI   | 5-10 | outside       | yes     | no     | 10     | weekend_am | .         | 300     | 400      |
    | d       | MLD   | 5-10 | near          | yes     | yes    | 10     | weekend_am | .         | 0       | 0        |
    | e       | SLD   | 5-19 | near          | yes     | no     | 10     | school_day | .         | 0       | 0        |
    | f       | PD+DS | 5-10 | near          | yes     | no     | 10     | weekend_am | no        | 0       | 0        |
    | g       | SEMH  | 5-10 | inside        | yes     | no     | 0      | weekend_am | .         | 0       | 0        |
    | h       | SPLD  | 5-10 | unknown       | yes     | no     | 10     | weekend_am | .         | 0       | 0        |
    | i       | OTH   | 5-10 | outside       | unknown | no     | 10     | weekend_am | .         | 0       | 0        |
    | j       | SLCN  | 5-10 | inside        | unknown | no     | 10     | weekend_am | .         | 0       | 0        |
    | k       | SLCN  | 5-10 | outside       | yes     | no     | 10     | weekend_am | .         | 3000    | 0        |
    | l       | PMLD  | 5-10 | home_outreach | yes     | no     | 10     | weekend_am | .         | 0       | 0        |
"""


def candidates(offers: str | list[dict[str, str]]) -> pd.DataFrame:
    found = measure(BespokeCandidates, gap_inputs(offers), "run", "0")
    return found.set_index(BespokeCandidates.key_names())


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return candidates(BY_HAND)


@pytest.mark.parametrize(
    ("need", "band", "reasons", "possible"),
    [
        # a is one band away; from 16 on nothing is one rule away.
        ("HI", "U5", "AGE", 0),
        ("HI", "11_15", "AGE", 0),
        ("HI", "16_19", "NO_SUPPLY", 0),
        ("VI", "5_10", "RESIDENCY", 0),
        # Two rules are in the way: who may come, and the age.
        ("VI", "11_15", "NO_SUPPLY", 0),
        ("MSI", "5_10", "DISTANCE", 0),
        ("MLD", "5_10", "PARENT_STAY", 0),
        # Children of 5 to 15 are at school; those of 16 may come.
        ("SLD", "5_10", "TIME", 0),
        ("SLD", "11_15", "TIME", 0),
        ("SLD", "U5", "AGE", 0),
        ("PD", "5_10", "ACCESS", 0),
        ("SEMH", "5_10", "FULL", 0),
        # h is somewhere; i is too far, and may not take City children either.
        ("SPLD", "5_10", "UNKNOWN_ONLY", 1),
        ("OTH", "5_10", "UNKNOWN_ONLY", 0),
        ("SLCN", "5_10", "DISTANCE,UNKNOWN_ONLY", 1),
        ("ASD", "5_10", "NO_SUPPLY", 0),
    ],
)
def test_why_nothing_fits(by_hand: pd.DataFrame, need: str, band: str, reasons: str, possible: int) -> None:
    row = by_hand.loc[(need, band, "specialist")]
    assert (row["reasons"], row["possible"]) == (reasons, possible)
    assert row["reason"] == reasons.split(",")[0]


@pytest.mark.parametrize(
    "key",
    [
        ("HI", "5_10", "specialist"),
        ("SLD", "16_19", "specialist"),
        # A step is in the way of a wheelchair, not of Down syndrome.
        ("DS", "5_10", "specialist"),
        # What comes to the child is within reach.
        ("PMLD", "5_10", "specialist"),
    ],
)
def test_where_an_option_is_certain_there_is_no_row(by_hand: pd.DataFrame, key: tuple[str, ...]) -> None:
    assert key not in by_hand.index


def test_the_nearest_alternative_and_the_rule_to_relax(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("MSI", "5_10", "specialist")]
    assert (row["alternative_service"], row["alternative_zone"]) == ("Service c", "outside")
    # 300 east and 400 north of the Barbican.
    assert (row["alternative_origin"], row["alternative_distance_m"]) == ("Barbican Estate", 500)
    assert row["rule_to_relax"] == "pay for the journey, or hold it nearer"
    # Of two reasons the alternative is of the first: 2000 m from Mansell Street, though j is next door.
    row = by_hand.loc[("SLCN", "5_10", "specialist")]
    assert (row["alternative_service"], row["alternative_distance_m"]) == ("Service k", 2000)
    assert pd.isna(by_hand.loc[("ASD", "5_10", "specialist"), "alternative_service"])


def test_a_door_on_the_border_is_within_reach_on_either_side() -> None:
    found = candidates([{"need": "ASD", "ages": "5-10", "zone": "near", "certain": "no"}])
    assert ("ASD", "5_10", "specialist") not in found.index


# Without what bars a child, and with every door on a known side of the border.
UNBARRED = st.lists(
    OFFER.map(lambda offer: {**offer, "parent": "no", "certain": "yes"}), min_size=6, max_size=10
)


@few
@given(offers=UNBARRED)
def test_a_row_stands_where_coverage_has_nothing_certain_within_reach(offers: list[dict[str, str]]) -> None:
    cells = measure(Coverage, gap_inputs(offers), "run", "0")
    near = cells[cells["zone"].isin(["inside", "near", "home_outreach"])]
    sure = near.groupby(BespokeCandidates.key_names())["confirmed"].sum()
    assert set(candidates(offers).index) == set(sure.index[sure.eq(0)])


@few
@given(offers=OFFERS, more=OFFER)
def test_another_activity_never_adds_a_row(offers: list[dict[str, str]], more: dict[str, str]) -> None:
    before, after = candidates(offers), candidates([*offers, {**more, "service_cluster": "new"}])
    assert set(after.index) <= set(before.index)
    assert (after["possible"] >= before["possible"].reindex(after.index)).all()


@few
@given(offers=OFFERS)
def test_what_is_listed_twice_changes_nothing(offers: list[dict[str, str]]) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    again = [{**offer, "service": f"T{n}", "venue": f"U{n}"} for n, offer in enumerate(numbered)]
    pd.testing.assert_frame_equal(candidates([*again, *numbered]), candidates(numbered))
