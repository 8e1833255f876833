"""What lapses, and what would end with it, worked through by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs, mentions_of
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFERS as ANY_OFFERS

from transforms.gaps import measure
from transforms.tables import ContractEnd, ContractMention, Coverage

# One need, one band: a service stands in one cell, or in the thirteen of a service for any special need.
OFFERS = """
    service | provider | club  | need     | ages | accepts | places | hours
    swim    | P1       | swim  | ASD      | 5-10 | yes     | 10     | 2
    swim2   | P1       | swim  | ASD      | 5-10 | yes     | 10     | 2
    climb   | P1       | climb | VI       | 5-10 | yes     | 5      | 2
    choir   | P2       | choir | VI       | 5-10 | yes     | 8      | 1
    chess   | P3       | chess | HI       | 5-10 | unknown | 8      | 1
    dance   | P4       | dance | any_send | 5-10 | yes     | 8      | 1
    drama   | P5       | drama | PD       | 0-4  | yes     | 8      | 1
"""
CONTRACTS = """
    | ref   | buyers       | covered | start | end  | extend | service | provider | source  | lot |
    | JOINT | City+Hackney | .       | .     | 270  | .      | swim    | P1       | city    | 1   |
    | JOINT | Hackney      | City    | .     | 270  | .      | swim2   | P1       | hackney | 1,3 |
    | JOINT | Hackney      | .       | .     | 270  | .      | climb   | P1       | hackney | .   |
    | LONG  | Hackney      | City    | .     | 271  | .      | choir   | P2       | hackney | .   |
    | OPEN  | Hackney      | .       | .     | .    | .      | chess   | P3       | hackney | .   |
    | PAST  | City         | .       | .     | -1   | .      | dance   | P4       | city    | .   |
    | OVER  | City         | .       | .     | -1   | no     | drama   | P5       | city    | .   |
    | NEXT  | City         | .       | 0     | 700  | .      | drama   | P5       | city    | .   |
    | MORE  | TH           | .       | .     | 100  | 24     | .       | P2       | tower   | .   |
    | SOON  | .            | .       | .     | 100  | 1      | .       | P2       | tower   | .   |
"""


def measured(offers: str | list[dict[str, str]], contracts: str) -> pd.DataFrame:
    frames = {**frames_of_offers(offers), ContractMention: mentions_of(contracts)}
    return measure(ContractEnd, gap_inputs(frames), "run", "0").set_index("ref")


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measured(OFFERS, CONTRACTS)


@pytest.mark.parametrize(
    ("ref", "days", "verdict"),
    [
        ("JOINT", 270, "LAPSES"),
        ("LONG", 271, "RUNS"),
        # An end that nobody tells is never fine.
        ("OPEN", None, "END_UNKNOWN"),
        # Nobody says whether it was extended.
        ("PAST", -1, "ASK_IF_EXTENDED"),
        # It could not be extended; the City buys the same from another contract.
        ("OVER", -1, "SUCCEEDED"),
        ("NEXT", 700, "RUNS"),
        # Two years more may be taken; one month more is still within the time it takes to buy anew.
        ("MORE", 100, "EXTEND_OR_LAPSE"),
        ("SOON", 100, "LAPSES"),
    ],
)
def test_what_the_end_of_a_contract_asks(
    found: pd.DataFrame, ref: str, days: int | None, verdict: str
) -> None:
    row = found.loc[ref]
    assert row["expiry"] == verdict
    assert pd.isna(row["days_to_end"]) if days is None else row["days_to_end"] == days


def test_the_joint_contract_is_one_row_and_its_capacity_counts_once(found: pd.DataFrame) -> None:
    row = found.loc["JOINT"]
    assert (row["lot"], row["commissioners"], row["source"]) == ("1,3", "E09000001,E09000012", "city,hackney")
    # The swimming that both list, and the climbing: two services, 4 × (10 × 2) + 4 × (5 × 2) place-hours.
    assert (row["services"], row["providers"], row["activities_confirmed"]) == (2, 1, 2)
    assert row["place_hours_confirmed"] == row["place_hours_possible"] == 120


@pytest.mark.parametrize(
    ("ref", "sole_confirmed", "sole_possible"),
    [
        # ASD rests on the swimming alone; VI has the choir as well. The dance is possible in both.
        ("JOINT", 1, 0),
        ("LONG", 0, 0),
        # The chess is certain nowhere, and the dance is possible where it is.
        ("OPEN", 0, 0),
        # Of thirteen needs it is only possible, and alone in all but ASD, VI and HI.
        ("PAST", 0, 10),
        # Both contracts pay for the only thing for physical disability under 5.
        ("OVER", 1, 1),
        ("NEXT", 1, 1),
    ],
)
def test_cells_that_rest_on_a_contract_counted_by_hand(
    found: pd.DataFrame, ref: str, sole_confirmed: int, sole_possible: int
) -> None:
    row = found.loc[ref]
    assert (row["sole_confirmed_cells"], row["sole_possible_cells"]) == (sole_confirmed, sole_possible)


def test_what_the_city_is_to_a_contract(found: pd.DataFrame) -> None:
    parts = found["city_part"]
    assert [parts[ref] for ref in ("JOINT", "LONG", "OPEN", "SOON")] == [
        "buys",
        "covered",
        "none_known",
        "unknown",
    ]


SUCCESSION = """
    | ref | buyers  | end | service |
    | A   | City    | 90  | swim    |
    | A   | City    | 90  | climb   |
    | B   | {buyer} | {end} | swim    |
    | C   | City    | 900 | {other} |
"""


@pytest.mark.parametrize(
    ("buyer", "end", "other", "succeeded", "verdict"),
    [
        ("City", "800", "climb", 2, "SUCCEEDED"),
        # Half of what it pays for would lapse.
        ("City", "800", "choir", 1, "LAPSES"),
        # Another buyer's contract, or one whose end is not known or no later, is no successor of this one.
        ("Hackney", "800", "climb", 1, "LAPSES"),
        ("City", ".", "climb", 1, "LAPSES"),
        ("City", "90", "climb", 1, "LAPSES"),
    ],
)
def test_a_successor_pays_for_the_same_for_the_same_buyer_and_longer(
    buyer: str, end: str, other: str, succeeded: int, verdict: str
) -> None:
    row = measured(OFFERS, SUCCESSION.format(buyer=buyer, end=end, other=other)).loc["A"]
    assert (row["services_succeeded"], row["expiry"]) == (succeeded, verdict)


def test_without_contracts_there_is_nothing_to_lapse() -> None:
    frames = frames_of_offers(OFFERS)
    assert measure(ContractEnd, gap_inputs(frames), "run", "0").empty


@settings(max_examples=2)
@given(offers=ANY_OFFERS, accepts=st.sampled_from(["yes", "unknown"]))
def test_a_contract_over_everything_rests_on_what_coverage_counts(
    offers: list[dict[str, str]], accepts: str
) -> None:
    numbered = [
        {**offer, "service": f"S{n}", "venue": f"V{n}", "accepts": accepts} for n, offer in enumerate(offers)
    ]
    lines = ["ref | buyers | end | service", *(f"A | City | 9 | S{n}" for n in range(len(numbered)))]
    frames = {**frames_of_offers(numbered), ContractMention: mentions_of("\n".join(lines))}
    inputs = gap_inputs(frames)
    row = measure(ContractEnd, inputs, "run", "0").iloc[0]
    cells = measure(Coverage, inputs, "run", "0")
    assert row["sole_confirmed_cells"] == cells["confirmed"].gt(0).sum()
    assert row["sole_possible_cells"] == cells["possible"].gt(0).sum()
    assert row["activities_confirmed"] <= row["activities_possible"]
