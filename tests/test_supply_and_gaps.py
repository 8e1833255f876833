"""Gap tables small enough to check by hand, and what holds for any roster."""

from __future__ import annotations

import random

import pandas as pd
import pytest
from builders import AS_OF, THRESHOLDS, frames_of_offers, gap_inputs, mentions_of, pathways_of
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps import REGISTERED, measure
from transforms.gaps.verdicts import gap_status
from transforms.schema import Kind, Table
from transforms.supply import (
    IS_RUNNING,
    PLACE_HOURS,
    SESSIONS,
    build_supply,
)
from transforms.tables import (
    BorderReach,
    Concentration,
    ContractMention,
    Coverage,
    DataQuality,
    GapTable,
    HealthPathway,
    Issue,
    PreparingForAdulthood,
    Schedule,
    SourceRecord,
    SupplyDemand,
    TargetTracker,
    TransitionCliff,
    TravelBurden,
    ValueProvenance,
)

KEY = ["need", "age_band", "tier", "zone"]
COUNTS = [c.name for c in Coverage.columns() if c.minimum == 0]
# From the worst to the best.
VERDICTS = ["GAP_CERTAIN", "GAP_UNLESS_VERIFIED", "FRAGILE", "COVERED"]


def supply_of(offers: str) -> pd.DataFrame:
    return build_supply(frames_of_offers(offers), AS_OF, THRESHOLDS).set_index("service_id")


def covered(offers: str | list[dict[str, str]] | dict[type[Table], pd.DataFrame]) -> pd.DataFrame:
    return REGISTERED[Coverage](gap_inputs(offers)).table.set_index(KEY)


def tracked(offers: str, *baselines: tuple[str, str, float]) -> pd.DataFrame:
    return REGISTERED[TargetTracker](gap_inputs(offers, baselines)).table.set_index(["scope", "basis"])


# Supply: what counts at all


JUDGED: list[tuple[dict[str, str], bool, bool, bool]] = [
    ({}, True, True, True),
    ({"accepts": "unknown"}, True, False, True),
    ({"accepts": "conditional"}, True, False, True),
    ({"accepts": "no"}, True, False, False),
    ({"verified": "180"}, True, True, True),
    ({"verified": "181"}, True, False, True),
    ({"verified": "-"}, True, False, True),
    ({"verified": "-3"}, True, False, True),  # checked in the future
    ({"ends_in": "0"}, True, True, True),
    ({"ends_in": "-1"}, False, False, False),
    ({"status": "temporarily closed"}, False, False, False),
    ({"status": "defunct"}, False, False, False),
]
TIMED: list[tuple[dict[str, str], float | None, float | None]] = [
    # Weekly on Saturdays, 2 hours, 10 places: 4 sessions, 4 × 2 × 10 = 80.
    ({}, 4, 80),
    # Two days a week: 8 sessions, 8 × 2 × 10 = 160.
    ({"days": "MO,WE"}, 8, 160),
    # Every second week: 2 sessions, 2 × 2 × 10 = 40.
    ({"interval": "2"}, 2, 40),
    # Once a month: 12 ÷ 52 × 4 = 0.923 sessions, × 2 × 10 = 18.46.
    ({"freq": "MONTHLY"}, 12 / 13, 20 * 12 / 13),
    ({"freq": "MONTHLY", "days": "1SA"}, 12 / 13, 20 * 12 / 13),
    # Two days of the month are two sessions a month; every second month half as many.
    ({"freq": "MONTHLY", "days": "2MO,4MO"}, 2 * 12 / 13, 2 * 20 * 12 / 13),
    ({"freq": "MONTHLY", "days": "1SA,-1SA", "interval": "2"}, 12 / 13, 20 * 12 / 13),
    # A fifth Saturday comes in one month of three.
    ({"freq": "MONTHLY", "days": "5SA"}, 4 / 13, 20 * 4 / 13),
    ({"places": "-"}, 4, None),
    ({"hours": "-"}, 4, None),
    ({"days": "-"}, None, None),
]


@pytest.fixture(scope="module")
def each_alone() -> pd.DataFrame:
    """The supply of every offer of the two lists above, each a club of its own."""
    offers = [offer for offer, *_ in JUDGED] + [offer for offer, *_ in TIMED]
    numbered = [{"service": f"{n:02d}", **offer} for n, offer in enumerate(offers)]
    return build_supply(frames_of_offers(numbered), AS_OF, THRESHOLDS)


@pytest.mark.parametrize("case", range(len(JUDGED)), ids=[str(offer) for offer, *_ in JUDGED])
def test_what_is_confirmed_and_what_is_possible(each_alone: pd.DataFrame, case: int) -> None:
    assert tuple(each_alone.loc[case, [IS_RUNNING, IS_CONFIRMED, IS_POSSIBLE]]) == JUDGED[case][1:]


@pytest.mark.parametrize("case", range(len(TIMED)), ids=[str(offer) for offer, *_ in TIMED])
def test_sessions_and_place_hours_in_four_weeks(each_alone: pd.DataFrame, case: int) -> None:
    row = each_alone.loc[len(JUDGED) + case]
    for found, expected in zip((row[SESSIONS], row[PLACE_HOURS]), TIMED[case][1:], strict=True):
        assert pd.isna(found) if expected is None else found == pytest.approx(expected)


def test_one_session_that_is_not_known_leaves_the_sum_unknown() -> None:
    frames = frames_of_offers([{}])
    unknown = frames[Schedule].assign(id="sch-2", byday=None)
    frames[Schedule] = Schedule.frame(pd.concat([frames[Schedule], unknown]))
    assert build_supply(frames, AS_OF, THRESHOLDS)[SESSIONS].isna().all()


TWICE_LISTED = """
    service | source  | accepts | places | service_cluster | venue_cluster
    1       | city    | yes     | 10     | club            | hall
    2       | hackney | {}      | 12     | club            | hall
"""


def test_an_activity_in_two_rosters_counts_once_with_its_largest_volume() -> None:
    found = tracked(TWICE_LISTED.format("unknown"))
    assert found.at[("specialist", "activities"), "confirmed"] == 1
    assert found.at[("specialist", "place_hours_per_4_weeks"), "confirmed"] == 96  # 4 × 2 × 12


def test_a_no_in_one_roster_makes_anothers_yes_a_question() -> None:
    supply = supply_of(TWICE_LISTED.format("no"))
    assert supply[IS_CONFIRMED].tolist() == [False, False]
    assert supply[IS_POSSIBLE].tolist() == [True, False]


# Target tracker

TARGET_OFFERS = """
    service | tier       | zone   | certain | accepts | verified | days  | hours | places | club
    1       | universal  | inside | yes     | yes     | 10       | SA    | 2     | 10     | a
    2       | specialist | inside | yes     | yes     | 10       | MO,WE | 1     | 5      | b
    2h      | specialist | inside | yes     | unknown | 10       | MO,WE | 1     | 5      | b
    3       | specialist | inside | yes     | unknown | 10       | SA    | 2     | 10     | c
    4       | specialist | near   | no      | yes     | 10       | SA    | 2     | 10     | d
    5       | specialist | online | yes     | yes     | 10       | SA    | 2     | 10     | e
    6       | targeted   | inside | yes     | yes     | 10       | SA    | 2     | 10     | f
    7       | specialist | inside | yes     | no      | 10       | SA    | 2     | 10     | g
    8       | specialist | inside | yes     | yes     | 200      | -     | 2     | 10     | h
    9       | specialist | near   | yes     | yes     | 10       | SA    | 2     | 10     | i
    10      | specialist | inside | no      | yes     | 10       | SA    | 2     | 10     | j
"""


@pytest.fixture(scope="module")
def counted() -> pd.DataFrame:
    return tracked(TARGET_OFFERS)


@pytest.mark.parametrize(
    ("scope", "basis", "confirmed", "possible", "not_measured"),
    [
        ("universal", "activities", 1, 1, 0),
        ("universal", "sessions_per_4_weeks", 4, 4, 0),
        ("universal", "place_hours_per_4_weeks", 80, 80, 0),  # 4 × 2 × 10
        # Confirmed: 2 (2h is the same club). Possible: also 3 (not said), 4 and 10 (on the border), 8 (stale).
        ("specialist", "activities", 1, 5, 0),
        ("specialist", "sessions_per_4_weeks", 8, 8 + 4 + 4 + 4, 1),  # 8 has no day
        ("specialist", "place_hours_per_4_weeks", 8 * 1 * 5, 40 + 80 + 80 + 80, 1),
        ("universal_and_specialist", "activities", 2, 6, 0),
        ("universal_and_specialist", "sessions_per_4_weeks", 12, 24, 1),
        ("universal_and_specialist", "place_hours_per_4_weeks", 120, 360, 1),
    ],
)
def test_what_the_target_counts(
    counted: pd.DataFrame, scope: str, basis: str, confirmed: float, possible: float, not_measured: int
) -> None:
    row = counted.loc[(scope, basis)]
    assert (row["confirmed"], row["possible"], row["not_measured"]) == (confirmed, possible, not_measured)


@pytest.fixture(scope="module")
def against() -> pd.DataFrame:
    return tracked(
        TARGET_OFFERS,
        ("universal", "activities", 1),
        ("specialist", "activities", 2),
        ("universal_and_specialist", "sessions_per_4_weeks", 8),
    )


@pytest.mark.parametrize(
    ("scope", "basis", "target", "change_pct", "shortfall", "status"),
    [
        # ⌈1 × 1.5⌉ = 2; one confirmed and one possible miss it by one.
        ("universal", "activities", 2, 0, 1, "NOT_MET"),
        # ⌈2 × 1.5⌉ = 3; one confirmed, five possible; (1 − 2) ÷ 2.
        ("specialist", "activities", 3, -50, 2, "MET_IF_VERIFIED"),
        # 8 × 1.5 = 12 = confirmed; (12 − 8) ÷ 8.
        ("universal_and_specialist", "sessions_per_4_weeks", 12, 50, 0, "MET"),
    ],
)
def test_the_target_against_a_declared_baseline(
    against: pd.DataFrame,
    scope: str,
    basis: str,
    target: float,
    change_pct: float,
    shortfall: float,
    status: str,
) -> None:
    row = against.loc[(scope, basis)]
    assert (row["target"], row["change_pct"], row["shortfall"]) == (target, change_pct, shortfall)
    assert row["status"] == status


def test_without_a_baseline_there_is_no_percentage_and_no_verdict(against: pd.DataFrame) -> None:
    undeclared = against[against["status"].eq("NO_BASELINE")]
    assert len(undeclared) == 9 - 3  # nor is a baseline borrowed from another basis
    assert undeclared[["baseline", "target", "change_pct", "shortfall"]].isna().all(axis=None)


def test_splitting_one_club_into_three_does_not_move_its_place_hours() -> None:
    whole = "service | days     | places\n1 | MO,WE,FR | 10"
    split = "service | days | places\n1 | MO | 10\n2 | WE | 10\n3 | FR | 10"
    key = ("specialist", "place_hours_per_4_weeks")
    assert tracked(whole).loc[key, "confirmed"] == tracked(split).loc[key, "confirmed"] == 240


# Coverage

COVERAGE_OFFERS = """
    service | provider | need     | ages | tier       | zone   | certain | accepts
    1       | P1       | ASD      | 5-10 | specialist | inside | yes     | yes
    2       | P2       | ASD      | 8-   | specialist | inside | yes     | yes
    3       | P3       | any_send | 0-25 | specialist | inside | yes     | yes
    4       | P4       | ASD?     | 5-10 | specialist | inside | yes     | yes
    5       | P5       | HI       | 5-10 | unknown    | inside | yes     | yes
    6       | P6       | VI       | 5-10 | specialist | near   | no      | yes
    7       | P7       | MSI      | 5-10 | specialist | inside | yes     | unknown
    8       | P8       | PD       | 5-10 | specialist | inside | yes     | no
    9       | P9       | open     | 0-4  | universal  | online | yes     | yes
    10      | P1       | DS+SLD   | 5-10 | targeted   | unknown | no     | yes
    11      | P1       | DS       | 5-10 | targeted   | unknown | no     | yes
"""


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return covered(COVERAGE_OFFERS)


@pytest.mark.parametrize(
    ("cell", "confirmed", "possible", "status"),
    [
        # 1 and 2 name autism and cover some of 5-10; 3 is for any need, 4 for a wider area.
        (("ASD", "5_10", "specialist", "inside"), 2, 4, "COVERED"),
        # "8+" may go on to 15 and beyond, but nothing says so; 3 may serve anyone.
        (("ASD", "11_15", "specialist", "inside"), 0, 2, "GAP_UNLESS_VERIFIED"),
        (("ASD", "U5", "specialist", "inside"), 0, 1, "GAP_UNLESS_VERIFIED"),
        (("ASD", "5_10", "universal", "inside"), 0, 0, "GAP_CERTAIN"),
        # An unknown tier may be any tier, and is certain of none.
        (("HI", "5_10", "universal", "inside"), 0, 1, "GAP_UNLESS_VERIFIED"),
        (("HI", "5_10", "specialist", "inside"), 0, 2, "GAP_UNLESS_VERIFIED"),
        # On the border: possible on both sides, certain on neither.
        (("VI", "5_10", "specialist", "near"), 0, 1, "GAP_UNLESS_VERIFIED"),
        (("VI", "5_10", "specialist", "inside"), 0, 2, "GAP_UNLESS_VERIFIED"),
        # 7 does not say whether it takes City children; 8 says it does not.
        (("MSI", "5_10", "specialist", "inside"), 0, 2, "GAP_UNLESS_VERIFIED"),
        (("PD", "5_10", "specialist", "inside"), 0, 1, "GAP_UNLESS_VERIFIED"),
        # Open to everyone names no need.
        (("SEMH", "U5", "universal", "online"), 0, 1, "GAP_UNLESS_VERIFIED"),
        # A place that is not known is counted under "unknown", in each need it names.
        (("SLD", "5_10", "targeted", "unknown"), 1, 1, "FRAGILE"),
        (("DS", "5_10", "targeted", "inside"), 0, 0, "GAP_CERTAIN"),
    ],
)
def test_a_cell_counted_by_hand(
    by_hand: pd.DataFrame, cell: tuple[str, ...], confirmed: int, possible: int, status: str
) -> None:
    row = by_hand.loc[cell]
    assert (row["confirmed"], row["possible"], row["gap_status"]) == (confirmed, possible, status)


def test_every_measure_of_one_cell_counted_by_hand(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("ASD", "5_10", "specialist", "inside")]
    assert row.drop("gap_status").astype(float).to_dict() == {
        "confirmed": 2,
        "possible": 4,
        "named_possible": 3,  # 1, 2 and the wider area of 4
        "any_send_confirmed": 1,  # 3
        "any_send_possible": 1,
        "open_possible": 0,
        "not_stated_possible": 0,
        "providers_confirmed": 2,
        "providers_possible": 4,
        "full_age_confirmed": 1,  # 1 covers 5 to 10; 2 begins at 8
        "partial_age_confirmed": 1,
        "sessions_confirmed": 8,  # two clubs, 4 Saturdays each
        "sessions_possible": 16,
        "place_hours_confirmed": 160,  # 2 × 4 × 2 h × 10 places
        "place_hours_possible": 320,
    }


def test_two_clubs_of_one_provider_are_one_provider(by_hand: pd.DataFrame) -> None:
    row = by_hand.loc[("DS", "5_10", "targeted", "unknown")]
    assert (row["confirmed"], row["providers_confirmed"], row["providers_possible"]) == (2, 1, 1)


def test_a_need_that_is_not_stated_is_possible_for_every_need_and_counted_apart() -> None:
    found = covered("need | ages\nnot_stated | 0-25").xs(("5_10", "specialist", "inside"), level=KEY[1:])
    assert len(found) == 13
    assert set(found["not_stated_possible"]) == {1}
    assert set(found["confirmed"]) == {0}


def test_a_roster_without_any_offer_is_all_gaps() -> None:
    empty = covered({table: frame.iloc[:0] for table, frame in frames_of_offers([{}]).items()})
    assert len(empty) == 1170
    assert set(empty["gap_status"]) == {"GAP_CERTAIN"}


@pytest.mark.parametrize(
    ("confirmed", "possible", "providers", "verdict"),
    [
        (0, 0, 0, "GAP_CERTAIN"),
        (0, 9, 0, "GAP_UNLESS_VERIFIED"),
        (1, 9, 1, "FRAGILE"),
        (5, 5, 1, "FRAGILE"),
        (2, 2, 2, "COVERED"),
    ],
)
def test_the_verdict_of_a_pair_of_counts(confirmed: int, possible: int, providers: int, verdict: str) -> None:
    counts = (pd.Series([count]) for count in (confirmed, possible, providers))
    assert list(gap_status(*counts)) == [verdict]


# Border reach

BORDER_OFFERS = """
    service | provider | zone    | distance_m | easting | northing | accepts | verified | tier      | funding | status
    1       | P1       | near    | 400        | 300     | 400      | yes     | 10       | universal | block   | active
    2       | P2       | outside | 1600       | 1000    | 700      | unknown | 300      | targeted  | .       | active
    3       | P3       | outside | 1600.1     | 0       | 0        | yes     | 10       | targeted  | .       | active
    4       | P4       | inside  | -50        | 0       | 0        | yes     | 10       | targeted  | .       | active
    5       | P5       | near    | 300        | 0       | 0        | yes     | 10       | targeted  | .       | defunct
    6       | P6       | near    | 0          | 500     | 0        | no      | 10       | targeted  | .       | active
    7       | P7       | unknown | -          | 0       | 0        | yes     | 10       | targeted  | .       | active
"""


@pytest.fixture(scope="module")
def reach() -> pd.DataFrame:
    found = measure(BorderReach, gap_inputs(BORDER_OFFERS), "run-1", "1")
    return found.set_index(found["service_name"].str.removeprefix("Service "))


def test_only_running_services_within_a_mile_outside_are_in_reach(reach: pd.DataFrame) -> None:
    assert sorted(reach.index) == ["1", "2", "6"]


def test_a_service_in_reach_worked_by_hand(reach: pd.DataFrame) -> None:
    # Estates stand at (0, 0) and (1000, 0): from (300, 400) they are √(9 + 16) = 500 and ~806 m off.
    row = reach.loc["1"]
    assert (row["boundary_distance_m"], row["nearest_origin"], row["nearest_origin_distance_m"]) == (
        400,
        "Barbican Estate",
        500,
    )
    assert (row["funding_route"], row["is_call_needed"], row["is_verified"]) == ("block", False, True)


def test_a_provider_that_does_not_say_is_to_be_called_and_not_left_out(reach: pd.DataFrame) -> None:
    row = reach.loc["2"]
    assert (row["nearest_origin"], row["nearest_origin_distance_m"]) == ("Mansell Street Estate", 700)
    assert (row["accepts_city_residents"], row["evidence"], row["is_call_needed"]) == (
        "unknown",
        "none",
        True,
    )
    assert (row["funding_route"], row["is_verified"]) == ("unknown", False)


def test_a_no_is_shown_as_a_no_and_is_not_called(reach: pd.DataFrame) -> None:
    assert (reach.at["6", "accepts_city_residents"], reach.at["6", "is_call_needed"]) == ("no", False)


def test_nobody_in_reach_gives_an_empty_table_of_the_right_shape() -> None:
    found = measure(BorderReach, gap_inputs("zone\ninside"), "run-1", "1")
    assert found.empty
    assert list(found.columns) == BorderReach.names()


# Data quality

QUALITY_OFFERS = """
    service | source  | ages | tier       | need       | accepts | parent  | siblings | verified | method      | role
    1       | city    | 5-10 | specialist | ASD        | yes     | no      | yes      | 10       | postcode    | venue
    2       | city    | 5-   | unknown    | not_stated | unknown | unknown | unknown  | 200      | none        | venue
    3       | city    | 5-10 | universal  | open       | no      | yes     | unknown  | -        | none        | hq
    4       | hackney | 0-25 | universal  | ASD        | yes     | yes     | yes      | 10       | coordinates | venue
"""


@pytest.fixture(scope="module")
def quality() -> pd.DataFrame:
    frames = frames_of_offers(QUALITY_OFFERS)
    records = frames[SourceRecord]
    # Two more rows of the City's: one a copy that was set aside, one a sub-total that is no record.
    more = [
        {"source": "city", "file": "roster.csv", "physical_row": row, "file_sha256": "0" * 64,
         "outcome": outcome, "is_withheld": False}
        for row, outcome in ((6, "quarantined"), (7, "rejected"))
    ]  # fmt: skip
    frames[SourceRecord] = SourceRecord.frame(pd.concat([records, pd.DataFrame(more)]))
    words = {"severity": "quarantine", "message": "-", "what_to_do": "-", "file": "roster.csv"}
    frames[Issue] = Issue.frame(
        [
            {"source": "city", "physical_row": 6, "rule": "exact_copy", **words},
            {"source": "city", "physical_row": 2, "rule": "columns_in_order", **words},
            {"source": "city", "physical_row": 2, "rule": "columns_agree", **words},
            {"source": "hackney", "physical_row": 3, "rule": "exact_copy", **words},
        ]
    )
    readings = [("svc-1", "parsed"), ("svc-1", "partial"), ("svc-2", "unparsed"), ("svc-2", "quarantine")]
    frames[ValueProvenance] = ValueProvenance.frame(
        [
            {
                "entity": "service",
                "id": service,
                "field": f"f{n}",
                "rule": "-",
                "confidence": 1.0,
                "status": status,
            }
            for n, (service, status) in enumerate(readings)
        ]
    )
    return measure(DataQuality, gap_inputs(frames), "run-1", "1").set_index(["source", "dimension"])


@pytest.mark.parametrize(
    ("source", "dimension", "numerator", "denominator", "value_pct", "status"),
    [
        # Eight answers of each of three services. 1 gives all 8; 2 gives the youngest age and the last
        # check; 3 gives both ages, tier, need, residency and parent.
        ("city", "completeness", 8 + 2 + 6, 24, 66.7, "BELOW_THRESHOLD"),
        ("city", "validity", 2, 4, 50.0, "BELOW_THRESHOLD"),
        # Rows 2, 3, 4 and 6 are records, 7 is not; 6 repeats another, 2 contradicts itself (twice told).
        ("city", "uniqueness", 3, 4, 75.0, "BELOW_THRESHOLD"),
        ("city", "consistency", 3, 4, 75.0, "BELOW_THRESHOLD"),
        ("city", "timeliness", 1, 3, 33.3, "BELOW_THRESHOLD"),
        # Two venues, one of them placed; a head office is no venue.
        ("city", "geocode", 1, 2, 50.0, "BELOW_THRESHOLD"),
        ("hackney", "completeness", 8, 8, 100.0, "GOOD"),
        ("hackney", "validity", 0, 0, None, "NOT_APPLICABLE"),
        # Its issue is about row 3; its own record is row 5.
        ("hackney", "uniqueness", 1, 1, 100.0, "GOOD"),
        ("hackney", "geocode", 1, 1, 100.0, "GOOD"),
    ],
)
def test_quality_counted_by_hand(
    quality: pd.DataFrame,
    source: str,
    dimension: str,
    numerator: int,
    denominator: int,
    value_pct: float | None,
    status: str,
) -> None:
    row = quality.loc[(source, dimension)]
    assert (row["numerator"], row["denominator"], row["status"]) == (numerator, denominator, status)
    assert pd.isna(row["value_pct"]) if value_pct is None else row["value_pct"] == value_pct


# What holds for every gap table

PATHWAYS = """
    | service | route | ages | referral   | wait |
    | Hearing | C&H   | 0-18 | GP, school | 7    |
    | Hearing | TH    | 5-18 | GP         | 9    |
"""
CONTRACTS = """
    | ref | buyers       | end | service | provider |
    | A-1 | City+Hackney | 90  | 1       | P1       |
    | A-1 | City+Hackney | 90  | 2       | P1       |
    | B-2 | Hackney      | .   | 3       | P2       |
"""


def drawn() -> dict[type[Table], pd.DataFrame]:
    """Something of all that gap tables are made of."""
    offers = COVERAGE_OFFERS + "        12 | P9 | HI | 5-10 | specialist | near | yes | yes\n"
    told = {HealthPathway: pathways_of(PATHWAYS), ContractMention: mentions_of(CONTRACTS)}
    return {**frames_of_offers(offers), **told}


@pytest.mark.parametrize("table", REGISTERED, ids=lambda table: table.table_name)
def test_every_gap_table_is_stamped_in_key_order_and_keeps_its_own_rules(table: type[GapTable]) -> None:
    found = measure(table, gap_inputs(drawn()), "run-7", "3")
    assert list(found.columns) == table.names()
    assert found[["snapshot_date", "run_id", "method_version"]].drop_duplicates().values.tolist() == [
        [AS_OF, "run-7", "3"]
    ]
    assert not found.duplicated(table.key_names()).any()
    pd.testing.assert_frame_equal(found, table.sorted(found))


@pytest.mark.parametrize("table", REGISTERED, ids=lambda table: table.table_name)
def test_the_order_of_rows_never_matters(table: type[GapTable]) -> None:
    frames = drawn()
    expected = measure(table, gap_inputs(frames), "run-1", "1")
    shuffled = {t: frame.sample(frac=1, random_state=1).reset_index(drop=True) for t, frame in frames.items()}
    pd.testing.assert_frame_equal(measure(table, gap_inputs(shuffled), "run-1", "1"), expected)


# What holds for any roster

OFFER = st.fixed_dictionaries(
    {
        "need": st.sampled_from(["ASD", "VI", "SLD?", "ASD+VI", "any_send", "open", "not_stated"]),
        "ages": st.sampled_from(["0-4", "5-10", "8-", "-17", "-", "0-25", "13-19", "16-16"]),
        "tier": st.sampled_from(["universal", "targeted", "specialist", "unknown"]),
        "zone": st.sampled_from(["inside", "near", "outside", "online", "home_outreach", "unknown"]),
        "certain": st.sampled_from(["yes", "no"]),
        "accepts": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "parent": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "siblings": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "verified": st.sampled_from(["0", "180", "181", "-"]),
        "status": st.sampled_from(["active", "active", "active", "defunct"]),
        "easting": st.sampled_from(["0", "900", "1250", "9000"]),
        "days": st.sampled_from(["SA", "MO,WE", "-"]),
        "places": st.sampled_from(["10", "-"]),
        "period": st.sampled_from(["term_time", "easter", "school_holidays", "all_year", "unknown"]),
        "slot": st.sampled_from(["evening", "weekend_am", "all_day_holiday", "unknown"]),
        "provider": st.sampled_from(["P1", "P2", "P3"]),
        "service_cluster": st.sampled_from(["a", "b", "c"]),
        "venue_cluster": st.sampled_from(["v", "w"]),
        "kind": st.sampled_from(["unknown", "unknown", "supported_internship", "careers_iag", "sport"]),
        "outcome": st.sampled_from(["-", "-", "EMP", "IL", "EMP+CI"]),
    }
)
# Few rosters of many offers: a table costs a tenth of a second whatever its size.
OFFERS = st.lists(OFFER, min_size=8, max_size=12)
few = settings(max_examples=2)


def ranks(found: pd.DataFrame) -> pd.Series:
    return found["gap_status"].map(VERDICTS.index)


@few
@given(offers=OFFERS)
def test_all_1170_cells_always_stand_and_their_counts_agree(offers: list[dict[str, str]]) -> None:
    found = covered(offers)
    assert len(found) == found.index.nunique() == 13 * 5 * 3 * 6
    assert (found[COUNTS] >= 0).all(axis=None)
    for sure, maybe in (
        ("confirmed", "possible"),
        ("confirmed", "named_possible"),
        ("any_send_confirmed", "any_send_possible"),
        ("providers_confirmed", "providers_possible"),
        ("sessions_confirmed", "sessions_possible"),
        ("place_hours_confirmed", "place_hours_possible"),
    ):
        assert (found[sure] <= found[maybe]).all()
    parts = ["named_possible", "any_send_possible", "open_possible", "not_stated_possible"]
    assert (found[parts].sum(axis=1) == found["possible"]).all()
    assert (found["full_age_confirmed"] + found["partial_age_confirmed"] == found["confirmed"]).all()


@few
@given(offers=OFFERS, more=OFFER)
def test_another_service_never_worsens_a_verdict(offers: list[dict[str, str]], more: dict[str, str]) -> None:
    another = {**more, "service_cluster": "new"}
    before, after = covered(offers), covered([*offers, another])
    assert (ranks(after) >= ranks(before)).all()
    assert (after[COUNTS] >= before[COUNTS]).all(axis=None)


@few
@given(offers=OFFERS, which=st.integers(0, 11))
def test_a_yes_where_nothing_was_known_never_lowers_a_count(offers: list[dict[str, str]], which: int) -> None:
    asked = {**offers[which % len(offers)], "accepts": "unknown"}
    others = [offer for n, offer in enumerate(offers) if n != which % len(offers)]
    before, after = covered([asked, *others]), covered([{**asked, "accepts": "yes"}, *others])
    assert (after["confirmed"] >= before["confirmed"]).all()
    assert (after["possible"] == before["possible"]).all()
    assert (ranks(after) >= ranks(before)).all()


# Tables that count activities in pairs of columns, ``…confirmed`` and ``…possible``.
OF_ACTIVITIES = [
    Coverage,
    Concentration,
    SupplyDemand,
    TransitionCliff,
    TravelBurden,
    PreparingForAdulthood,
]
of_activities = pytest.mark.parametrize("table", OF_ACTIVITIES, ids=lambda table: table.table_name)


def figures_of(table: type[GapTable], offers: list[dict[str, str]]) -> pd.DataFrame:
    return measure(table, gap_inputs(offers), "run", "0").set_index(table.key_names())


def pairs_of(table: type[GapTable]) -> list[tuple[str, str]]:
    """The confirmed and the possible column of every pair of counts."""
    counts = {c.name for c in table.columns() if c.kind is Kind.WHOLE}
    sure = [name for name in sorted(counts) if name.endswith("confirmed")]
    pairs = [(name, name.removesuffix("confirmed") + "possible") for name in sure]
    return [pair for pair in pairs if pair[1] in counts]


def order_of(table: type[GapTable], found: pd.DataFrame) -> pd.Series:
    """Each row's verdict as a number, the worst the lowest."""
    verdict = table.verdict_column()
    assert verdict is not None
    return found[verdict.name].map([member.value for member in table.verdicts()].index)


@of_activities
@few
@given(offers=OFFERS, seed=st.integers(0, 99))
def test_counts_are_pairs_and_what_is_listed_twice_counts_once(
    table: type[GapTable], offers: list[dict[str, str]], seed: int
) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    found = figures_of(table, numbered)
    for sure, maybe in pairs_of(table):
        assert (found[sure] <= found[maybe]).all(), sure
    again = [{**offer, "service": f"T{n}", "venue": f"U{n}"} for n, offer in enumerate(numbered)]
    twice = [*numbered, *again]
    random.Random(seed).shuffle(twice)
    pd.testing.assert_frame_equal(figures_of(table, twice), found)


@of_activities
@few
@given(offers=OFFERS, more=OFFER)
def test_another_activity_never_worsens_any_verdict(
    table: type[GapTable], offers: list[dict[str, str]], more: dict[str, str]
) -> None:
    before = figures_of(table, offers)
    after = figures_of(table, [*offers, {**more, "service_cluster": "new", "provider": "P9"}])
    assert (order_of(table, after) >= order_of(table, before)).all()
    for pair in pairs_of(table):
        assert (after[list(pair)] >= before[list(pair)]).all(axis=None), pair


@of_activities
@few
@given(offers=OFFERS, which=st.integers(0, 7))
def test_a_yes_never_lowers_a_count_of_any_table(
    table: type[GapTable], offers: list[dict[str, str]], which: int
) -> None:
    asked = {**offers[which], "accepts": "unknown"}
    others = [offer for n, offer in enumerate(offers) if n != which]
    before = figures_of(table, [asked, *others])
    after = figures_of(table, [{**asked, "accepts": "yes"}, *others])
    # A yes may show that one provider has most of what there is.
    assert table is Concentration or (order_of(table, after) >= order_of(table, before)).all()
    for sure, maybe in pairs_of(table):
        assert (after[sure] >= before[sure]).all(), sure
        assert (after[maybe] == before[maybe]).all(), maybe


@few
@given(offers=OFFERS)
def test_nothing_is_covered_on_unknowns(offers: list[dict[str, str]]) -> None:
    unsaid = [{**offer, "accepts": "unknown"} for offer in offers]
    assert set(covered(unsaid)["gap_status"]) <= {"GAP_CERTAIN", "GAP_UNLESS_VERIFIED"}


@few
@given(offers=OFFERS, seed=st.integers(0, 99))
def test_the_same_records_in_any_order_and_listed_twice_give_the_same_counts(
    offers: list[dict[str, str]], seed: int
) -> None:
    numbered = [{"service": f"S{n}", "venue": f"V{n}", **offer} for n, offer in enumerate(offers)]
    # The same club in a second roster, under another identifier.
    twice = [
        *numbered,
        *({**offer, "service": f"T{n}", "venue": f"U{n}"} for n, offer in enumerate(numbered)),
    ]
    random.Random(seed).shuffle(twice)
    pd.testing.assert_frame_equal(covered(twice), covered(numbered))


@few
@given(offers=OFFERS)
def test_the_target_never_counts_more_confirmed_than_possible(offers: list[dict[str, str]]) -> None:
    found = REGISTERED[TargetTracker](gap_inputs(offers)).table
    assert len(found) == 9
    assert (found["confirmed"] <= found["possible"]).all()
