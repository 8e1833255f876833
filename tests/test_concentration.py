"""Which short breaks rest on one provider or a few, worked through by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given
from test_supply_and_gaps import OFFER, OFFERS, few

from transforms.gaps import measure
from transforms.tables import Concentration

BY_HAND = """
    | service | provider | kind         | zone   | accepts | places | club |
    | a       | P1       | weekend_club | inside | yes     | 10     | a    |
    | a-again | P1       | weekend_club | inside | yes     | 10     | a    |
    | b       | P1       | weekend_club | inside | yes     | 10     | b    |
    | c       | P2       | weekend_club | inside | yes     | -      | c    |
    | d       | P3       | weekend_club | inside | unknown | 10     | d    |
    | e       | P1       | arts         | inside | yes     | 10     | e    |
    | f       | P2       | arts         | inside | unknown | 10     | f    |
    | g       | P1       | sport        | inside | yes     | -      | g    |
    | h       | P2       | sport        | inside | yes     | -      | h    |
    | i       | P3       | sport        | inside | yes     | 10     | i    |
    | j       | P4       | sport        | inside | yes     | 10     | j    |
    | k       | P5       | unknown      | near   | yes     | 10     | k    |
    | l       | P6       | physio       | online | yes     | 10     | l    |
"""


def concentrated(offers: str | list[dict[str, str]]) -> pd.DataFrame:
    found = measure(Concentration, gap_inputs(offers), "run", "0")
    return found.set_index(Concentration.key_names())


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return concentrated(BY_HAND)


def test_every_measure_of_one_row(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("inside", "specialist", "weekend_club")]
    assert row.drop(["snapshot_date", "run_id", "method_version"]).to_dict() == {
        # a, listed twice, b and c; and d, which does not say whether City children may come.
        "confirmed": 3,
        "possible": 4,
        "kind_not_known_possible": 0,
        "providers_confirmed": 2,
        "providers_possible": 3,
        "top_provider_id": "P1",
        "top_provider": "Provider P1",
        # P1 has two of three, two of four.
        "top_share_confirmed_pct": 66.7,
        "top_share_possible_pct": 50,
        # 66.7² + 33.3² = 4444 + 1111; 50² + 25² + 25².
        "hhi_confirmed": 5556,
        "hhi_possible": 3750,
        # Of c no places are known. a and b have 4 × 2 × 10 = 80 each, d too: all of 160; 160 and 80 of 240.
        "hhi_place_hours_confirmed": 10_000,
        "hhi_place_hours_possible": 5556,
        "verdict": "CONCENTRATED",
    }


@pytest.mark.parametrize(
    ("key", "counts", "hhi", "verdict"),
    [
        # f may join e, but that is not certain.
        (("inside", "specialist", "arts"), (1, 2, 0), 10_000, "ONE_PROVIDER"),
        # Four alike: 4 × 25², which is not above 2500.
        (("inside", "specialist", "sport"), (4, 4, 0), 2500, "SPREAD"),
        # k may be any kind.
        (("near", "specialist", "arts"), (0, 1, 1), None, "NOTHING_CERTAIN"),
        (("near", "specialist", "overnight_residential"), (0, 1, 1), None, "NOTHING_CERTAIN"),
        # Nothing is not “not concentrated”. Physiotherapy is no short break.
        (("online", "specialist", "arts"), (0, 0, 0), None, "NOTHING_THERE"),
    ],
)
def test_the_verdict(
    by_hand: pd.DataFrame, key: tuple[str, ...], counts: tuple[int, ...], hhi: int | None, verdict: str
) -> None:
    row = by_hand.loc[key]
    assert (row["confirmed"], row["possible"], row["kind_not_known_possible"]) == counts
    assert pd.isna(row["hhi_confirmed"]) if hhi is None else row["hhi_confirmed"] == hhi
    assert row["verdict"] == verdict


def test_an_index_of_which_too_little_is_known_is_withheld(by_hand: pd.DataFrame) -> None:
    # The place-hours of two of four are known: half, and 60% is asked for.
    assert pd.isna(by_hand.loc[("inside", "specialist", "sport"), "hhi_place_hours_confirmed"])


def test_every_zone_tier_and_kind_of_short_break_stands(by_hand: pd.DataFrame) -> None:
    assert len(by_hand) == 6 * 3 * 22
    assert "physio" not in by_hand.index.get_level_values("short_break_type")


@few
@given(offers=OFFERS, more=OFFER)
def test_the_index_lies_between_equal_shares_and_one_provider(
    offers: list[dict[str, str]], more: dict[str, str]
) -> None:
    found = concentrated([*offers, more])
    for pair in ("confirmed", "possible"):
        rows = found[found[pair].gt(0)]
        assert (rows[f"hhi_{pair}"] >= 10_000 / rows[f"providers_{pair}"] - 1).all()
        assert (rows[f"hhi_{pair}"] <= rows[f"top_share_{pair}_pct"] * 100 + 10).all()
        assert found[found[pair].eq(0)][f"hhi_{pair}"].isna().all()
        assert (rows[f"hhi_{pair}"].eq(10_000) == rows[f"providers_{pair}"].eq(1)).all()
