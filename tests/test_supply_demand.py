"""Is there enough for the need: worked through by hand, and what holds for any roster and any count of children."""

from __future__ import annotations

import pandas as pd
from builders import gap_inputs, read_table
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS

from transforms.gaps import REGISTERED
from transforms.tables import EhcPlans, ExpectedChildren, Population, SupplyDemand
from transforms.vocabulary import NEEDS_TO_COVER

CITY, LONDON, ENGLAND = "E09000001", "E12000007", "E92000001"

# The City has 2,000 young people, London 100,000, England 1,000,000.
PEOPLE = Population.frame(
    [{"area_code": area, "age": 0, "people": n} for area, n in ((CITY, 2e3), (LONDON, 1e5), (ENGLAND, 1e6))]
)
PLANS = """
    | need | city | london | england |
    | .    | 23   | 3000   | 30000   |
    | ASD  | 18   | 1500   | 10000   |
    | SEMH | 3    | 500    | 4000    |
    | HI   | 2    | 100    | 500     |
    """


def facts(plans: str = PLANS) -> dict[type, pd.DataFrame]:
    rows = [
        {
            EhcPlans.area_code: area,
            EhcPlans.need: row.get("need"),
            EhcPlans.plans: int(row[name]),
            EhcPlans.period: "2024/25",
        }
        for row in read_table(plans)
        for area, name in ((CITY, "city"), (LONDON, "london"), (ENGLAND, "england"))
    ]
    return {EhcPlans: EhcPlans.frame(rows), Population: PEOPLE}


def measured(offers: str | list[dict[str, str]], plans: str = PLANS) -> pd.DataFrame:
    table = REGISTERED[SupplyDemand](gap_inputs(offers, facts=facts(plans))).table
    return table.set_index(SupplyDemand.need)


WORKED = """
    | service | need | hours | places | accepts |
    | club    | ASD  | 2     | 10     | yes     |
    | swim    | ASD  | 3     | 20     | unknown |
    | talk    | SEMH | 2     | 10     | yes     |
    | sign    | HI   | -     | 10     | yes     |
    """


def test_demand_is_a_range_with_what_each_end_rests_on() -> None:
    found = measured(WORKED)
    children = [
        SupplyDemand.children_low, SupplyDemand.children_low_basis,
        SupplyDemand.children_high, SupplyDemand.children_high_basis,
    ]  # fmt: skip
    # 18 plans → 20. London's rate 1,500 ÷ 100,000 × 2,000 = 30; England's 10,000 ÷ 1,000,000 × 2,000 = 20.
    assert found.loc["ASD", children].tolist() == [20, "ehc_plans", 30, "rate"]
    # 3 plans are withheld, so only the rates are left: 500 ÷ 100,000 × 2,000 = 10; 4,000 ÷ 1,000,000 × 2,000 = 8.
    assert found.loc["SEMH", children].tolist() == [8, "rate", 10, "rate"]
    # Nobody says how many have Down syndrome.
    assert found.loc["DS", children].isna().all()
    assert len(found) == len(NEEDS_TO_COVER)


def test_place_hours_per_child_and_the_verdict() -> None:
    found = measured(WORKED)
    hours = [SupplyDemand.hours_per_child_confirmed, SupplyDemand.hours_per_child_possible]
    # Autism, confirmed: 4 Saturdays × 2 h × 10 places = 80, over 30 children = 2.7. Possible: 80 + 4 × 3 × 20 = 320,
    # over 20 children = 16. The benchmark is 8.
    assert found.loc["ASD", hours].tolist() == [2.7, 16.0]
    assert found.loc["ASD", SupplyDemand.status] == "BELOW_UNLESS_VERIFIED"
    # 80 place-hours over 10 and over 8 children: 8 is just enough.
    assert found.loc["SEMH", hours].tolist() == [8.0, 10.0]
    assert found.loc["SEMH", SupplyDemand.status] == "ENOUGH"
    # The times of the one activity are not known, so nothing is told and nothing is certain.
    assert found.loc["HI", hours].isna().all()
    assert found.loc["HI", SupplyDemand.status] == "BELOW_UNLESS_VERIFIED"
    assert found.loc["DS", SupplyDemand.status] == "NOT_MEASURABLE"


def test_without_supply_a_need_is_below_for_certain() -> None:
    found = measured("| service | need |\n | club | HI |").loc["ASD"]
    assert found[SupplyDemand.hours_per_child_possible] == 0
    assert found[SupplyDemand.status] == "BELOW_BENCHMARK"


def test_one_club_in_two_rosters_has_its_place_hours_once() -> None:
    found = measured(
        """
        | service | source  | need | club |
        | 1       | city    | ASD  | club |
        | 2       | hackney | ASD  | club |
        """
    ).loc["ASD"]
    assert found[[SupplyDemand.confirmed, SupplyDemand.place_hours_confirmed]].tolist() == [1, 80]


few = settings(max_examples=5, deadline=None)
ORDER = {"BELOW_BENCHMARK": 0, "BELOW_UNLESS_VERIFIED": 1, "NOT_MEASURABLE": 2, "ENOUGH": 3}
PAIRS = [
    (SupplyDemand.confirmed, SupplyDemand.possible),
    (SupplyDemand.hours_known_confirmed, SupplyDemand.confirmed),
    (SupplyDemand.hours_known_possible, SupplyDemand.possible),
    (SupplyDemand.place_hours_confirmed, SupplyDemand.place_hours_possible),
    (SupplyDemand.children_low, SupplyDemand.children_high),
    (SupplyDemand.hours_per_child_confirmed, SupplyDemand.hours_per_child_possible),
]


@few
@given(offers=OFFERS, more=OFFER)
def test_another_activity_never_worsens_a_verdict(offers: list[dict[str, str]], more: dict[str, str]) -> None:
    before, after = measured(offers), measured([*offers, {**more, "service_cluster": "new"}])
    for found in (before, after):
        for low, high in PAIRS:
            both = found[[low, high]].dropna()
            assert (both[low] <= both[high]).all()
    for column in (SupplyDemand.place_hours_confirmed, SupplyDemand.place_hours_possible):
        assert (after[column] >= before[column]).all()
    assert (after[SupplyDemand.status].map(ORDER) >= before[SupplyDemand.status].map(ORDER)).all()


@few
@given(offers=OFFERS, asd=st.integers(18, 22), semh=st.integers(3, 7), hi=st.integers(0, 2))
def test_counts_that_are_released_alike_cannot_be_told_apart(
    offers: list[dict[str, str]], asd: int, semh: int, hi: int
) -> None:
    # Whatever the rosters say, the table says the same for every count behind the same release.
    other = PLANS.replace("| ASD  | 18 ", f"| ASD  | {asd} ")
    other = other.replace("| SEMH | 3 ", f"| SEMH | {semh} ").replace("| HI   | 2 ", f"| HI   | {hi} ")
    releases = [gap_inputs(offers, facts=facts(p)).frames[ExpectedChildren] for p in (PLANS, other)]
    pd.testing.assert_frame_equal(*releases)
    pd.testing.assert_frame_equal(measured(offers), measured(offers, other))


def test_gap_tables_are_handed_no_count_of_children_but_the_release() -> None:
    inputs = gap_inputs(WORKED, facts=facts())
    assert EhcPlans not in inputs.facts
    plans = inputs.frames[ExpectedChildren].set_index(ExpectedChildren.need)[ExpectedChildren.plans]
    # 18 → 20; the other two are too few; 20 + 5 + 0 for all of them.
    assert plans.dropna().tolist() == [20, 25]
