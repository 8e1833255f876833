"""Which families are served worst: worked through by hand, and against PySAL's own two steps."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import THRESHOLDS, TWO_ESTATES_AND_A_SCHOOL, gap_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS

from transforms.gaps import REGISTERED
from transforms.people import people_points
from transforms.tables import Counted, PeoplePoint, Population, SpatialAccess

# 100 people at the Barbican, 300 at Mansell Street 1,000 m east, 200 of a neighbour's at 2,000 m, nobody beyond.
PEOPLE = PeoplePoint.frame(
    [
        {"area_code": area, "easting": float(east), "northing": 0.0, "people": float(people)}
        for area, east, people in (("E09000001", 0, 100), ("E09000001", 1000, 300), ("E09000012", 2000, 200))
    ]
)


def measured(offers: str | list[dict[str, str]], people: pd.DataFrame = PEOPLE) -> pd.DataFrame:
    found = REGISTERED[SpatialAccess](gap_inputs(offers, facts={PeoplePoint: people})).table
    return found.set_index(SpatialAccess.key_names())


BARBICAN = ("Barbican Estate", "specialist", "CI")
MANSELL = ("Mansell Street Estate", "specialist", "CI")
SCORES = [SpatialAccess.score_confirmed, SpatialAccess.score_possible]


def test_one_club_shared_by_all_who_can_walk_to_it() -> None:
    found = measured("| service | easting | need |\n | club | 0 | ASD |")
    # 4 Saturdays × 2 h × 10 places = 80. A thousand metres are 1,000 × 1.3 ÷ 80 = 16.25 minutes: the second band,
    # 0.68. Two thousand are 32.5: outside. So 100 × 1 + 300 × 0.68 = 304 share it: 263.16 for 1,000 of them.
    assert found.loc[BARBICAN, SCORES].tolist() == [263.16, 263.16]
    # Mansell Street reaches it with 0.68: 178.95.
    assert found.loc[MANSELL, SCORES].tolist() == [178.95, 178.95]
    assert found.loc[BARBICAN, SpatialAccess.status] == "NOT_LOWEST"
    assert found.loc[MANSELL, SpatialAccess.status] == "LOWEST"
    assert found.loc[[BARBICAN, MANSELL], SpatialAccess.rank_confirmed].tolist() == [2, 1]
    assert set(found.drop([BARBICAN, MANSELL])[SpatialAccess.status]) == {"NONE_SERVED"}
    assert len(found) == 2 * 3 * 5


def test_the_neighbours_children_share_what_is_theirs_too() -> None:
    alone = measured("| service | easting | need |\n | club | 1000 | ASD |", PEOPLE.head(2))
    shared = measured("| service | easting | need |\n | club | 1000 | ASD |")
    # 300 + 100 × 0.68 = 368 of the City; and 200 × 0.68 = 136 of the neighbour's: 504.
    assert alone.loc[MANSELL, SpatialAccess.score_confirmed] == round(80 / 368 * 1000, 2)
    assert shared.loc[MANSELL, SpatialAccess.score_confirmed] == round(80 / 504 * 1000, 2)


def test_open_answers_leave_open_who_is_served_worst() -> None:
    found = measured(
        """
        | service | easting | need | accepts | hours |
        | club    | 0       | ASD  | yes     | 2     |
        | other   | 1000    | ASD  | unknown | 8     |
        """
    )
    # Certain: 263.16 and 178.95. With the other, 320 place-hours for 504 people, Mansell Street may have more.
    assert found.loc[MANSELL, SCORES].tolist() == [178.95, round((0.68 * 80 / 304 + 320 / 504) * 1000, 2)]
    assert found.loc[[BARBICAN, MANSELL], SpatialAccess.status].tolist() == ["PERHAPS_LOWEST"] * 2


def test_what_is_online_too_far_or_without_hours() -> None:
    found = measured(
        """
        | service | easting | need | hours | places |
        | club    | 0       | ASD  | -     | 10     |
        | far     | 9000    | SEMH | 2     | 10     |
        """
    )
    # Nobody knows how much the club offers, so nothing is told; what is farther than 30 minutes serves nobody.
    assert found.loc[BARBICAN, SCORES].isna().all()
    assert found.loc[BARBICAN, SpatialAccess.status] == "NOT_MEASURABLE"
    assert set(found.xs("SEMH", level="need_area")[SpatialAccess.status]) == {"NONE_SERVED"}
    nobody = measured("| service | easting | need |\n | club | 0 | ASD |", PEOPLE.head(0))
    assert nobody.loc[MANSELL, SpatialAccess.status] == "NOT_MEASURABLE"
    assert nobody[SCORES].isna().all(axis=None)


def test_the_scores_are_those_of_pysal() -> None:
    from access import Access
    from access.weights import step_fn

    offers = [
        {"service": str(n), "easting": str(east), "places": str(places), "need": "ASD"}
        for n, (east, places) in enumerate(((0, 10), (400, 7), (1300, 20), (1900, 3)))
    ]
    found = measured(offers)
    people = pd.DataFrame({"geoid": range(3), "people": [100.0, 300.0, 200.0], "at": [0, 1000, 2000]})
    venues = pd.DataFrame({"geoid": range(4), "hours": [80.0, 56.0, 160.0, 24.0], "at": [0, 400, 1300, 1900]})
    walks = people.merge(venues, how="cross", suffixes=("_o", "_d"))
    walks["minutes"] = (
        (walks["at_o"] - walks["at_d"]).abs() * THRESHOLDS.walking_detour / THRESHOLDS.walking_m_per_min
    )
    theirs = Access(
        demand_df=people, demand_index="geoid", demand_value="people",
        supply_df=venues, supply_index="geoid", supply_value="hours",
        cost_df=walks[["geoid_o", "geoid_d", "minutes"]],
        cost_origin="geoid_o", cost_dest="geoid_d", cost_name="minutes",
    ).enhanced_two_stage_fca(
        weight_fn=step_fn(dict(zip(THRESHOLDS.catchment_min, THRESHOLDS.catchment_weights, strict=True)))
    )  # fmt: skip
    expected = (theirs.iloc[:, 0] * 1000).round(2).tolist()[:2]
    assert found.loc[[BARBICAN, MANSELL], SpatialAccess.score_confirmed].tolist() == pytest.approx(expected)


def test_people_stand_at_the_estates_and_on_the_neighbours_postcodes() -> None:
    population = Population.frame(
        [{"area_code": a, "age": 0, "people": n} for a, n in (("E09000001", 100), ("E09000012", 90))]
    )
    postcodes = pd.DataFrame(
        {"area_code": "E09000012", "easting": [10.0, 30.0, 260.0], "northing": [0.0, 20.0, 0.0]}
    )
    # Nobody lives at the school, which is among the origins too.
    found = people_points(population, TWO_ESTATES_AND_A_SCHOOL, postcodes, 250)
    # Two postcodes in the first square, at their mean, and one in the next: 60 and 30 of 90.
    assert found.drop(columns="area_code").to_numpy().tolist() == [
        [0, 0, 50], [1000, 0, 50], [20, 10, 60], [260, 0, 30],
    ]  # fmt: skip


few = settings(max_examples=4, deadline=None)


@few
@given(offers=OFFERS, more=OFFER, seed=st.integers(0, 9))
def test_another_activity_never_lowers_a_count_or_a_known_score(
    offers: list[dict[str, str]], more: dict[str, str], seed: int
) -> None:
    before, after = measured(offers), measured([*offers, {**more, "service_cluster": "new"}])
    counts = [SpatialAccess.confirmed, SpatialAccess.possible]
    assert (after[counts] >= before[counts]).all(axis=None)
    for score in SCORES:
        both = before[score].notna() & after[score].notna()
        assert (after[score][both] >= before[score][both]).all()
    known = after[SCORES].dropna()
    assert (known[SCORES[0]] <= known[SCORES[1]]).all()


def test_what_a_row_counts_is_handed_over() -> None:
    inputs = gap_inputs("| service | easting | need |\n | club | 0 | ASD |", facts={PeoplePoint: PEOPLE})
    members = REGISTERED[SpatialAccess](inputs).members
    assert members[Counted.row_key].tolist() == ["/".join(BARBICAN), "/".join(MANSELL)]
