"""When nothing is on, counted by hand, and what holds for any roster."""

from __future__ import annotations

import random
from importlib import import_module

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs
from hypothesis import given, settings
from hypothesis import strategies as st
from test_supply_and_gaps import OFFER, OFFERS, covered

from transforms.gaps import REGISTERED
from transforms.gaps.members import Measured
from transforms.tables import Counted, Schedule
from transforms.tables import TimeOfWeek as T
from transforms.vocabulary import TimeStatus

COUNTS = [c.name for c in T.columns() if c.minimum == 0]
ORDER = [status.value for status in TimeStatus]
few = settings(max_examples=2)

OFFERS_BY_HAND = """
service | venue | provider | period          | slot            | days           | hours | places | tier       | accepts
1       | V1    | P1       | term_time       | evening         | TU             | 2     | 10     | specialist | yes
1       | V1    | P1       | summer          | all_day_holiday | MO,TU,WE,TH,FR | 5     | 10     | specialist | yes
2       | V2    | P2       | all_year        | weekend_am      | SA             | 2     | 10     | specialist | yes
3       | V3    | P3       | school_holidays | unknown         | -              | -     | 10     | specialist | yes
4       | V4    | P4       | unknown         | weekend_am      | SA             | 1     | 5      | specialist | yes
5       | V5    | P5       | term_time       | evening         | TU             | 1     | 10     | specialist | unknown
6       | V6    | P6       | term_time       | evening         | TU             | 2     | 10     | targeted   | yes
6       | V6    | P6       | term_time       | unknown         | TH             | 1     | 10     | targeted   | yes
"""


def measured(offers: str | list[dict[str, str]]) -> Measured:
    return REGISTERED[T](gap_inputs(offers))


def table_of(offers: str | list[dict[str, str]]) -> pd.DataFrame:
    return measured(offers).table.set_index(T.key_names())


@pytest.fixture(scope="module")
def by_hand() -> Measured:
    return measured(OFFERS_BY_HAND)


@pytest.mark.parametrize(
    ("period", "slot", "activities", "sessions", "hours", "places", "status"),
    [
        # 1 for certain: 4 Tuesdays of 2 hours and 10 places. 5 does not say who may come.
        ("term_time", "evening", (1, 2), (4, 8), (8, 12), (40, 80), "FRAGILE"),
        # 2 is on all year; 4 does not say when in the year.
        ("term_time", "weekend_am", (1, 2), (4, 8), (8, 12), (40, 60), "FRAGILE"),
        ("easter", "weekend_am", (1, 3), (4, 8), (8, 12), (40, 60), "FRAGILE"),  # and 3, at no stated time
        ("term_time", "weekend_pm", (0, 0), (0, 0), (0, 0), (0, 0), "GAP_CERTAIN"),
        ("term_time", "after_school", (0, 0), (0, 0), (0, 0), (0, 0), "NOT_ASKED_FOR"),
        # 1, 2; and 4, 5: 4 sessions each.
        ("term_time", "any", (2, 4), (8, 16), (16, 24), (80, 140), "COVERED"),
        # 3 is on in every holiday, but not surely in an evening.
        ("easter", "evening", (0, 1), (0, 0), (0, 0), (0, 0), "GAP_UNLESS_VERIFIED"),
        ("easter", "all_day_holiday", (0, 1), (0, 0), (0, 0), (0, 0), "NOT_ASKED_FOR"),
        ("easter", "any", (2, 3), (4, 8), (8, 12), (40, 60), "COVERED"),
        # Five days a week in summer: 20 sessions of 5 hours and 10 places.
        ("summer", "all_day_holiday", (1, 2), (20, 20), (100, 100), (200, 200), "FRAGILE"),
        ("summer", "any", (3, 4), (24, 28), (108, 112), (240, 260), "COVERED"),
    ],
)
def test_a_time_counted_by_hand(
    by_hand: Measured,
    period: str,
    slot: str,
    activities: tuple[int, int],
    sessions: tuple[float, float],
    hours: tuple[float, float],
    places: tuple[float, float],
    status: str,
) -> None:
    row = by_hand.table.set_index(T.key_names()).loc[("inside", "5_10", "specialist", period, slot)]
    assert (row[T.confirmed], row[T.possible]) == activities
    assert (row[T.sessions_confirmed], row[T.sessions_possible]) == sessions
    assert (row[T.hours_confirmed], row[T.hours_possible]) == hours
    assert (row[T.places_confirmed], row[T.places_possible]) == places
    assert row[T.time_status] == status


def test_a_holiday_with_nothing_on_at_any_time_is_a_gap(by_hand: Measured) -> None:
    table = by_hand.table.set_index(T.key_names())
    assert table.at[("inside", "5_10", "targeted", "easter", "any"), T.time_status] == "GAP_CERTAIN"
    assert table.at[("inside", "U5", "universal", "term_time", "any"), T.time_status] == "NOT_ASKED_FOR"


def test_a_session_at_no_stated_time_adds_to_what_is_possible_alone(by_hand: Measured) -> None:
    row = by_hand.table.set_index(T.key_names()).loc[("inside", "5_10", "targeted", "term_time", "evening")]
    # Tuesdays for certain; Thursdays may be in the evening too. Still one activity.
    assert (row[T.confirmed], row[T.possible]) == (1, 1)
    assert (row[T.sessions_confirmed], row[T.sessions_possible]) == (4, 8)
    assert (row[T.hours_confirmed], row[T.hours_possible]) == (8, 12)


def test_why_an_activity_may_be_on(by_hand: Measured) -> None:
    members = by_hand.members.set_index([Counted.row_key, Counted.service_id])[Counted.doubts]
    cell = "inside/5_10/specialist/easter"
    assert members[f"{cell}/evening", "svc-3"] == "time_not_known"
    assert members[f"{cell}/weekend_am", "svc-4"] == "period_not_known"
    assert members[[(f"{cell}/any", "svc-3")]].isna().all()


def test_a_service_without_any_session_may_be_on_at_any_time() -> None:
    frames = frames_of_offers("service | tier\n1 | specialist")
    frames[Schedule] = frames[Schedule].iloc[:0]
    table = REGISTERED[T](gap_inputs(frames)).table.set_index([T.zone, T.age_band, T.tier])
    cell = table.loc[("inside", "5_10", "specialist")]
    assert len(cell) == 7 * 9
    assert set(cell[T.possible]) == {1}
    assert set(cell[T.confirmed]) == {0}


@few
@given(offers=OFFERS)
def test_all_5670_rows_stand_and_any_time_takes_in_each_time(offers: list[dict[str, str]]) -> None:
    found = table_of(offers)
    assert len(found) == found.index.nunique() == 6 * 5 * 3 * 7 * 9
    for name in ("confirmed", "sessions_confirmed", "hours_confirmed", "places_confirmed"):
        assert (found[name] <= found[name.replace("confirmed", "possible")]).all()
    at_any_time = found[T.possible].xs("any", level=T.day_slot)
    for _, slot in found[T.possible].groupby(T.day_slot):
        assert (slot.droplevel(T.day_slot) <= at_any_time).all()


@few
@given(offers=OFFERS)
def test_what_is_on_all_year_for_one_need_is_counted_as_coverage_counts_it(
    offers: list[dict[str, str]],
) -> None:
    all_year = [{**offer, "need": "ASD", "period": "all_year"} for offer in offers]
    cells = covered(all_year).xs("ASD", level="need")
    found = table_of(all_year).xs("any", level=T.day_slot)
    names = [T.confirmed, T.possible, T.providers_confirmed, T.sessions_confirmed, T.sessions_possible]
    for _, season in found.groupby(T.calendar_period):
        season = season.droplevel(T.calendar_period).reorder_levels(cells.index.names)
        assert (season[names] == cells[names].reindex(season.index)).all(axis=None)


@few
@given(offers=OFFERS, more=OFFER)
def test_another_activity_lowers_no_count_and_worsens_no_verdict(
    offers: list[dict[str, str]], more: dict[str, str]
) -> None:
    before, after = table_of(offers), table_of([*offers, {**more, "service_cluster": "new"}])
    assert (after[COUNTS] >= before[COUNTS]).all(axis=None)
    assert (after[T.time_status].map(ORDER.index) >= before[T.time_status].map(ORDER.index)).all()


@few
@given(offers=OFFERS, asked=OFFER, known=st.sampled_from(["accepts", "slot", "period"]))
def test_an_answer_where_nothing_was_known_never_lowers_what_is_confirmed(
    offers: list[dict[str, str]], asked: dict[str, str], known: str
) -> None:
    asked = {**asked, "service_cluster": "asked"}
    good = {"accepts": "yes", "slot": "evening", "period": "all_year"}[known]
    before = table_of([*offers, {**asked, known: "unknown"}])
    after = table_of([*offers, {**asked, known: good}])
    sure = [name for name in COUNTS if "confirmed" in name]
    assert (after[sure] >= before[sure]).all(axis=None)


@few
@given(offers=OFFERS, seed=st.integers(0, 99))
def test_the_same_club_in_two_rosters_counts_once_in_any_order(
    offers: list[dict[str, str]], seed: int
) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    twice = [*numbered, *({**o, "service": f"T{n}", "venue": f"U{n}"} for n, o in enumerate(numbered))]
    random.Random(seed).shuffle(twice)
    pd.testing.assert_frame_equal(table_of(twice), table_of(numbered))


@given(OFFERS)
@few
def test_counting_one_age_band_after_another_makes_no_difference(offers: list[dict[str, str]]) -> None:
    at_once = measured(offers)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(import_module("transforms.gaps.time_of_week"), "_MANY", 0)
        by_band = measured(offers)
    key = [Counted.row_key, Counted.service_at_location_id]
    for one, other, by in (
        (at_once.table, by_band.table, T.key_names()),
        (at_once.members, by_band.members, key),
    ):
        pd.testing.assert_frame_equal(
            one.sort_values(by, ignore_index=True), other.sort_values(by, ignore_index=True)
        )
