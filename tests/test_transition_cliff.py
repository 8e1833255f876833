"""What stops at a birthday and what goes on, worked through by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import gap_inputs
from hypothesis import given
from test_supply_and_gaps import OFFERS, few

from transforms.gaps import measure
from transforms.tables import Coverage, TransitionCliff
from transforms.vocabulary import AREA_OF_NEED, AgeBand, Transition

BY_HAND = """
    | service   | provider | ages  | need | zone   | certain | accepts | stage         |
    | toddlers  | P1       | 0-4   | ASD  | inside | yes     | yes     | unknown       |
    | primary   | P1       | 5-11  | ASD  | inside | yes     | yes     | open          |
    | juniors   | P2       | 4-10  | ASD  | inside | yes     | unknown | unknown       |
    | teens     | P3       | 11-16 | ASD  | inside | yes     | yes     | ehcp_required |
    | eights    | P4       | 8-    | ASD  | inside | yes     | yes     | unknown       |
    | twelves   | P5       | 12-17 | ASD  | inside | yes     | yes     | unknown       |
    | all-years | P6       | 0-25  | ASD  | near   | yes     | yes     | unknown       |
    | border    | P7       | 11-19 | VI   | near   | no      | yes     | unknown       |
    | refuses   | P8       | 0-25  | ASD  | inside | yes     | no      | unknown       |
"""


def cliff(offers: str | list[dict[str, str]]) -> pd.DataFrame:
    found = measure(TransitionCliff, gap_inputs(offers), "run", "0")
    return found.set_index(TransitionCliff.key_names())


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return cliff(BY_HAND)


@pytest.mark.parametrize(
    ("key", "ending", "bridging", "successors", "status"),
    [
        # toddlers take 3 and not 5. juniors start at 4 and take 5, but do not say who may come. primary starts at
        # 5, a year late.
        (("reception", "CI", "specialist", "inside"), (1, 1), (0, 0), (0, 1), "GAP_UNLESS_VERIFIED"),
        # primary and, if it takes City children, juniors take 10 and not 12, whether they stop at 10 or 11. eights
        # take 10, and who knows whether 12. teens start at 11; twelves leave a year without.
        (("year_7", "CI", "specialist", "inside"), (1, 3), (0, 1), (1, 1), "FRAGILE"),
        # At 16 teens stop; twelves take 15 and 17.
        (("age_16", "CI", "specialist", "inside"), (1, 2), (1, 2), (0, 0), "FRAGILE"),
        # At 18 twelves stop, and only eights may go on.
        (("age_18", "CI", "specialist", "inside"), (1, 2), (0, 1), (0, 0), "GAP_UNLESS_VERIFIED"),
        # “0-25” takes 24 and not 26.
        (("age_25", "CI", "specialist", "near"), (1, 1), (0, 0), (0, 0), "GAP_CERTAIN"),
        # In another zone nothing is a successor.
        (("year_7", "CI", "specialist", "near"), (0, 0), (1, 1), (0, 0), "FRAGILE"),
        # On the border: possible on both sides of it.
        (("year_7", "SP", "specialist", "inside"), (0, 0), (0, 0), (0, 1), "GAP_UNLESS_VERIFIED"),
        (("year_7", "SP", "specialist", "near"), (0, 0), (0, 0), (0, 1), "GAP_UNLESS_VERIFIED"),
    ],
)
def test_what_ends_bridges_and_succeeds(
    by_hand: pd.DataFrame,
    key: tuple[str, ...],
    ending: tuple[int, int],
    bridging: tuple[int, int],
    successors: tuple[int, int],
    status: str,
) -> None:
    row = by_hand.loc[key]
    assert (row["ending_confirmed"], row["ending_possible"]) == ending
    assert (row["bridging_confirmed"], row["bridging_possible"]) == bridging
    assert (row["successors_confirmed"], row["successors_possible"]) == successors
    assert row["gap_status"] == status


def test_what_goes_on_is_counted_once_and_told_apart_by_plan(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("year_7", "CI", "specialist", "inside")]
    # teens for certain, eights perhaps; teens ask for an EHC plan, eights do not say.
    assert (row["onward_confirmed"], row["onward_possible"]) == (1, 2)
    assert (row["onward_without_plan_confirmed"], row["onward_without_plan_possible"]) == (0, 1)


def test_every_transition_area_tier_and_zone_stands(by_hand: pd.DataFrame) -> None:
    assert len(by_hand) == 5 * 5 * 3 * 6
    assert by_hand.xs("universal", level="tier")["gap_status"].eq("GAP_CERTAIN").all()


@few
@given(offers=OFFERS)
def test_what_goes_on_for_certain_is_in_coverage_of_the_age_after(offers: list[dict[str, str]]) -> None:
    found, cells = cliff(offers), measure(Coverage, gap_inputs(offers), "run", "0")
    area = {need.value: area.value for need, area in AREA_OF_NEED.items()}
    covered = cells[cells["confirmed"].gt(0)].assign(need_area=lambda rows: rows["need"].map(area))
    present = set(covered[["age_band", "need_area", "tier", "zone"]].itertuples(index=False, name=None))
    for key in found.index[found["onward_confirmed"].gt(0)]:
        after = Transition(key[0]).age + 1
        bands = [band for band in AgeBand if band.first_year <= after <= band.last_year]
        assert all((band.value, *key[1:]) in present for band in bands), key
