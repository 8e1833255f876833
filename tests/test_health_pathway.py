"""Whether two GP routes offer the same, worked through by hand."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import frames_of_offers, gap_inputs, pathways_of
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.gaps import measure
from transforms.parsers.referrals import referrers
from transforms.tables import HealthOffer, HealthPathway

PATHWAYS = """
    | service  | route | offered | ages | referral           | wait | verified |
    | Hearing  | C&H   | yes     | 0-18 | GP or school       | 7    | 10       |
    | Hearing  | TH    | yes     | 0-18 | School, GP         | 30   | 180      |
    | Speech   | C&H   | yes     | 0-19 | GP                 | .    | 10       |
    | Speech   | TH    | yes     | 0-16 | GP or parent       | .    | 10       |
    | speech   | ISL   | yes     | 0-18 | Parent             | 5    | 10       |
    | Minds    | C&H   | yes     | 5-10 | GP                 | .    | 10       |
    | Minds    | C&H   | yes     | 11-  | School             | .    | 10       |
    | Minds    | TH    | yes     | 5-18 | GP and school only | .    | 10       |
    | Sight    | C&H   | yes     | 4-7  | School             | .    | 10       |
    | Sight    | TH    | unknown | .    | .                  | .    | 10       |
    | Bladder  | C&H   | yes     | 0-18 | GP                 | 11   | 10       |
    | Bladder  | TH    | no      | .    | .                  | .    | 10       |
    | Diet     | C&H   | yes     | 0-18 | GP                 | .    | 10       |
    | Diet     | TH    | yes     | 5-18 | Panel              | .    | 181      |
    | Chairs   | TH    | yes     | 0-25 | GP                 | .    | 10       |
    | Feet     | C&H   | yes     | 0-18 | GP                 | .    | 10       |
    | Feet     | TH    | yes     | 0-18 | .                  | .    | 10       |
"""


def measured(pathways: pd.DataFrame) -> pd.DataFrame:
    frames = {**frames_of_offers("service\nclub"), HealthPathway: pathways}
    return measure(HealthOffer, gap_inputs(frames), "run", "0").set_index(HealthOffer.key_names())


@pytest.fixture(scope="module")
def found() -> pd.DataFrame:
    return measured(pathways_of(PATHWAYS))


@pytest.mark.parametrize(
    ("service", "band", "verdict", "differences"),
    [
        # The same ages, the same two referrers in another order; a longer wait is no other pathway.
        ("Hearing", "5_10", "ALIGNED", None),
        ("Hearing", "16_19", "ALIGNED", None),
        # Both stop at 18.
        ("Hearing", "20_25", "NEITHER_SIDE", None),
        # 0 to 19 and 0 to 16 are the same up to 15, but a parent may refer on one route only.
        ("Speech", "U5", "REFERRAL_DIFF", "referral"),
        ("Speech", "16_19", "AGE_DIFF", "ages,referral"),
        # Two records of one route together take 5 to 11 for certain. How far beyond, nobody says.
        ("Minds", "5_10", "ALIGNED", None),
        ("Minds", "11_15", "UNKNOWN", None),
        ("Minds", "U5", "NEITHER_SIDE", None),
        # Whether the other route has it is not known: that is never “one side only”.
        ("Sight", "U5", "UNKNOWN", None),
        ("Chairs", "U5", "UNKNOWN", None),
        ("Bladder", "U5", "ONE_SIDE_ONLY", "offered"),
        ("Bladder", "20_25", "NEITHER_SIDE", None),
        # Checked a day too long ago: what it said then is told, and no verdict rests on it.
        ("Diet", "U5", "UNKNOWN", "offered"),
        ("Diet", "5_10", "UNKNOWN", "referral"),
        ("Feet", "5_10", "UNKNOWN", None),
    ],
)
def test_routes_compared_by_hand(
    found: pd.DataFrame, service: str, band: str, verdict: str, differences: str | None
) -> None:
    row = found.loc[(service, band)]
    assert row["alignment"] == verdict
    told = row["stated_differences"]
    assert pd.isna(told) if differences is None else told == differences


def test_what_each_route_states_stands_side_by_side(found: pd.DataFrame) -> None:
    row = found.loc[("Hearing", "U5")]
    assert (row["city_hackney_wait_weeks"], row["tower_hamlets_wait_weeks"]) == (7, 30)
    assert row["wait_difference_weeks"] == 23
    row = found.loc[("Speech", "U5")]
    assert (row["tower_hamlets_maximum_age"], row["islington_maximum_age"]) == (16, 18)
    assert (row["islington_offered"], row["islington_referral"]) == ("yes", "Parent")
    assert pd.isna(found.loc[("Hearing", "U5"), "islington_offered"])
    assert found.loc[("Chairs", "U5"), "city_hackney_offered"] == "unknown"
    assert found.loc[("Diet", "5_10"), "tower_hamlets_offered"] == "unknown"


def test_every_service_has_every_age_band_once(found: pd.DataFrame) -> None:
    assert len(found) == found.index.nunique() == 8 * 5


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("GP, school or parent", "parent; GP; School"),
        ("GP or consultant only", "consultant, GP"),
        ("GP", "gp."),
    ],
)
def test_the_same_referrers_in_other_words(one: str, other: str) -> None:
    assert referrers(one) == referrers(other)


@pytest.mark.parametrize("words", ["", " , ", "n/a"])
def test_words_that_name_nobody(words: str) -> None:
    assert referrers(words) is None


RECORD = st.fixed_dictionaries(
    {
        "service": st.sampled_from(["Hearing", "Speech"]),
        "route": st.sampled_from(["C&H", "TH"]),
        "offered": st.sampled_from(["yes", "yes", "no", "unknown", "conditional"]),
        "ages": st.sampled_from(["0-18", "5-", "-16", "4-7", "-"]),
        "referral": st.sampled_from(["GP", "GP or school", "."]),
        "verified": st.sampled_from(["10", "181", "-"]),
    }
)
RECORDS = st.lists(RECORD, min_size=1, max_size=6)


def pathways(records: list[dict[str, str]]) -> pd.DataFrame:
    lines = [
        " | ".join(RECORD_NAMES),
        *(" | ".join(record[name] for name in RECORD_NAMES) for record in records),
    ]
    return pathways_of("\n".join(lines))


RECORD_NAMES = ["service", "route", "offered", "ages", "referral", "verified"]


@settings(max_examples=10)
@given(records=RECORDS)
def test_records_listed_twice_in_another_order_say_the_same(records: list[dict[str, str]]) -> None:
    pd.testing.assert_frame_equal(measured(pathways([*records, *records[::-1]])), measured(pathways(records)))


@settings(max_examples=10)
@given(records=RECORDS)
def test_swapping_the_routes_changes_no_verdict(records: list[dict[str, str]]) -> None:
    other = {"C&H": "TH", "TH": "C&H"}
    swapped = [{**record, "route": other[record["route"]]} for record in records]
    columns = ["alignment", "stated_differences"]
    pd.testing.assert_frame_equal(measured(pathways(swapped))[columns], measured(pathways(records))[columns])


@settings(max_examples=10)
@given(records=RECORDS)
def test_what_is_not_known_is_neither_a_difference_nor_the_same(records: list[dict[str, str]]) -> None:
    unsaid = [{**record, "offered": "unknown"} if record["route"] == "TH" else record for record in records]
    assert set(measured(pathways(unsaid))["alignment"]) == {"UNKNOWN"}
