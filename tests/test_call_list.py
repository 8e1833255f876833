"""Whom to ring first: worked by hand, and against setting each answer and counting again."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import AS_OF, frames_of_offers, gap_inputs
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from transforms.gaps import REGISTERED, measure
from transforms.schema import Table
from transforms.tables import (
    CallList,
    Coverage,
    Eligibility,
    Identity,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from transforms.vocabulary import NEEDS_TO_COVER, OLDEST_AGE

Frames = dict[type[Table], pd.DataFrame]

OFFERS = """
    service | provider | service_cluster | need       | ages | tier       | zone   | certain | accepts     | verified
    1       | P1       | one             | ASD        | 5-10 | specialist | inside | yes     | yes         | 10
    2       | P2       | two             | ASD+VI     | 5-15 | specialist | inside | yes     | unknown     | 10
    3       | P3       | three           | HI         | 0-10 | specialist | inside | yes     | unknown     | 200
    4       | P3       | four            | HI         | 0-4  | unknown    | inside | yes     | yes         | 10
    5       | P4       | five            | not_stated | 5-10 | targeted   | inside | yes     | yes         | 10
    6       | P5       | six             | PD         | 8-   | targeted   | near   | no      | yes         | -
    7       | P6       | seven           | any_send   | 5-10 | specialist | inside | yes     | yes         | 10
    8       | P1       | eight           | ASD        | 5-10 | specialist | inside | yes     | conditional | 10
    9       | P7       | nine            | MSI        | 5-10 | universal  | inside | yes     | no          | 10
"""


@pytest.fixture(scope="module")
def calls() -> pd.DataFrame:
    frames = frames_of_offers(OFFERS)
    frames[Identity] = Identity.frame(
        [
            {"entity": "service", "id": "svc-2", "state": "current",
             "first_seen": AS_OF - pd.Timedelta(days=30), "last_seen": AS_OF}
        ]
    )  # fmt: skip
    frames[Organization] = frames[Organization].assign(
        **{Organization.email: "info@" + frames[Organization][Organization.id] + ".example"}
    )
    found = measure(CallList, gap_inputs(frames), "run", "0")
    return found.set_index(CallList.key_names())


FIGURES = ["closes", "secures", "service_closes", "service_secures", "call_closes", "call_secures"]


@pytest.mark.parametrize(
    ("key", "answer", "figures"),
    [
        # Of two needs and two bands one cell, ASD 5 to 10, rests on P1 already: three close, one is secured.
        (("two", "accepts_city_residents"), "yes", [3, 1, 3, 1, 3, 1]),
        # Two answers are needed, so either alone closes nothing; together hearing in two bands. The same call
        # settles the tier of “four”: one more.
        (("three", "accepts_city_residents"), "yes", [0, 0, 2, 0, 3, 0]),
        (("three", "last_verified"), "yes", [0, 0, 2, 0, 3, 0]),
        # One cell in whichever tier; universal comes first among equals.
        (("four", "tier"), "universal", [1, 0, 1, 0, 3, 0]),
        # Thirteen needs in one band.
        (("five", "needs"), "every_need", [13, 0, 13, 0, 13, 0]),
        # Never checked, on the border, and its oldest age not known: 5 to 10 and 8 are within its ages for certain.
        (("six", "place"), "yes", [0, 0, 4, 0, 4, 0]),
        (("six", "ages"), "every_age", [0, 0, 4, 0, 4, 0]),
        (("six", "last_verified"), "yes", [0, 0, 4, 0, 4, 0]),
        # The cell rests on this very provider already.
        (("eight", "accepts_city_residents"), "yes", [0, 0, 0, 0, 0, 0]),
    ],
)
def test_what_an_answer_closes_counted_by_hand(
    calls: pd.DataFrame, key: tuple[str, str], answer: str, figures: list[int]
) -> None:
    row = calls.loc[key]
    assert (row["supposed_answer"], row[FIGURES].tolist()) == (answer, figures)


def test_what_a_roster_states_is_no_open_question(calls: pd.DataFrame) -> None:
    # “Any special need” is an answer, and so is “no City residents”.
    assert {"one", "seven", "nine"}.isdisjoint(calls.index.get_level_values(0))


def test_the_best_answer_ranks_first_and_equals_share_a_rank(calls: pd.DataFrame) -> None:
    ranked = calls["rank"].sort_values(kind="stable")
    assert list(ranked.index[:3]) == [("five", "needs"), ("two", "accepts_city_residents"), ("four", "tier")]
    assert ranked.tolist() == [1, 2, 3, 4, 4, 4, 7, 7, 9]


def test_a_call_has_its_route_and_says_how_long_it_has_been_open(calls: pd.DataFrame) -> None:
    two = calls.loc[("two", "accepts_city_residents")]
    assert (two["email"], two["organization_name"]) == ("info@org-P2.example", "Provider P2")
    assert (two["first_seen"], two["open_days"]) == (AS_OF - pd.Timedelta(days=30), 30)
    # What is asked for is a check: since the last one.
    assert calls.loc[("three", "last_verified"), "open_days"] == 200
    assert pd.isna(calls.loc[("six", "last_verified"), "open_days"])


def test_a_yes_overrules_the_no_of_another_roster() -> None:
    twice = """
        service | source  | accepts | service_cluster | venue_cluster
        1       | city    | yes     | club            | hall
        2       | hackney | no      | club            | hall
    """
    found = measure(CallList, gap_inputs(twice), "run", "0")
    assert found[["open_question", "listings", "closes"]].values.tolist() == [
        ["accepts_city_residents", 1, 5]
    ]


# Against brute force


def answer(frames: Frames, cluster: str, question: str, supposed: str) -> Frames:
    """The frames as they would be had the service been asked."""
    frames = dict(frames)
    services, at, terms = frames[Service], frames[ServiceAtLocation], frames[Eligibility]
    mine = services[Service.x_cluster_id].eq(cluster)
    ids = set(services[mine][Service.id])
    if question == "last_verified":
        frames[Service] = services.assign(x_last_verified=services["x_last_verified"].mask(mine, AS_OF))
    elif question == "accepts_city_residents":
        supply = gap_inputs(frames).supply
        asked = supply["is_running"] & supply["doubts"].ne(0) & supply["accepts_city_residents"].ne("no")
        activities = set(supply[asked & supply["service_id"].isin(ids)]["activity"])
        yes = set(supply[supply["activity"].isin(activities)]["service_id"]) & ids
        frames[Eligibility] = terms.assign(
            accepts_city_residents=terms["accepts_city_residents"].mask(terms["service_id"].isin(yes), "yes")
        )
    elif question == "place":
        places = frames[Location]
        there = set(at[at["service_id"].isin(ids)]["location_id"])
        unsure = places["id"].isin(there) & ~places["x_zone_certain"].astype(bool)
        unsure &= places["x_zone"].isin(["inside", "near"])
        frames[Location] = places.assign(
            x_zone=places["x_zone"].mask(unsure, "inside"),
            x_zone_certain=places["x_zone_certain"].mask(unsure, True),
        )
    elif question == "tier":
        unknown = mine & services["x_tier"].eq("unknown")
        frames[Service] = services.assign(x_tier=services["x_tier"].mask(unknown, supposed))
    elif question == "ages":
        frames[Service] = services.assign(
            minimum_age=services["minimum_age"].mask(mine & services["minimum_age"].isna(), 0),
            maximum_age=services["maximum_age"].mask(mine & services["maximum_age"].isna(), OLDEST_AGE),
        )
    else:
        needs = frames[ServiceNeed]
        asked = needs["service_id"].isin(ids)
        every = pd.DataFrame({"need_code": [need.value for need in NEEDS_TO_COVER]})
        unsaid = (
            needs[asked & needs["scope"].eq("not_stated")].drop(columns="need_code").merge(every, "cross")
        )
        kept = needs[~(asked & needs["scope"].eq("not_stated"))]
        named = kept["scope"].mask(kept["service_id"].isin(ids) & kept["scope"].eq("area"), "named")
        frames[ServiceNeed] = ServiceNeed.frame(
            pd.concat([kept.assign(scope=named), unsaid.assign(scope="named")], ignore_index=True)
        )
    return frames


def verdicts(frames: Frames) -> pd.Series:
    return REGISTERED[Coverage](gap_inputs(frames)).table.set_index(Coverage.key_names())["gap_status"]


def flipped(before: pd.Series, after: pd.Series) -> tuple[int, int]:
    held = after.isin(["FRAGILE", "COVERED"])
    closes = before.str.startswith("GAP") & held
    return int(closes.sum()), int((before.eq("FRAGILE") & after.eq("COVERED")).sum())


UNSURE = st.fixed_dictionaries(
    {
        "need": st.sampled_from(["ASD", "VI", "SLD?", "ASD+VI", "any_send", "not_stated"]),
        "ages": st.sampled_from(["0-4", "8-", "-17", "-", "5-15"]),
        "tier": st.sampled_from(["targeted", "specialist", "unknown"]),
        "zone": st.sampled_from(["inside", "near", "outside"]),
        "certain": st.sampled_from(["yes", "no"]),
        "accepts": st.sampled_from(["yes", "no", "conditional", "unknown"]),
        "verified": st.sampled_from(["10", "10", "181", "-"]),
        "status": st.sampled_from(["active", "active", "active", "defunct"]),
        "service_cluster": st.sampled_from(["a", "b", "c", "d"]),
        "venue_cluster": st.sampled_from(["v", "w"]),
    }
)
PROVIDER_OF = {"a": "P1", "b": "P1", "c": "P2", "d": "P3"}


# Every example counts again dozens of times; making a failing one smaller would take minutes.
@settings(max_examples=2, phases=[Phase.generate])
@given(offers=st.lists(UNSURE, min_size=4, max_size=7))
def test_what_an_answer_closes_is_what_counting_again_finds(offers: list[dict[str, str]]) -> None:
    frames = frames_of_offers([{**o, "provider": PROVIDER_OF[o["service_cluster"]]} for o in offers])
    before = verdicts(frames)
    calls = measure(CallList, gap_inputs(frames), "run", "0")
    told = {}
    for provider, asked in calls.groupby("provider_id"):
        of_call = frames
        for cluster, rows in asked.groupby("service_cluster_id"):
            of_service = frames
            for row in rows.to_dict("records"):
                what = (cluster, row["open_question"], row["supposed_answer"])
                assert flipped(before, verdicts(answer(frames, *what))) == (row["closes"], row["secures"])
                of_service, of_call = answer(of_service, *what), answer(of_call, *what)
            expected = flipped(before, verdicts(of_service))
            assert expected == tuple(rows[["service_closes", "service_secures"]].iloc[0])
        told[provider] = flipped(before, verdicts(of_call))
    assert told == {p: tuple(r) for p, *r in calls[["provider_id", "call_closes", "call_secures"]].values}


@settings(max_examples=3, phases=[Phase.generate])
@given(offers=st.lists(UNSURE, min_size=4, max_size=7))
def test_a_service_in_two_rosters_is_one_call(offers: list[dict[str, str]]) -> None:
    once = [
        {"service": f"S{n}", "venue": f"V{n}", **o, "provider": PROVIDER_OF[o["service_cluster"]]}
        for n, o in enumerate(offers)
    ]
    again = [{**o, "service": f"T{n}", "venue": f"U{n}"} for n, o in enumerate(once)]
    calls = measure(CallList, gap_inputs(once), "run", "0")
    twice = measure(CallList, gap_inputs([*again, *once]), "run", "0")
    same = [*CallList.key_names(), CallList.rank, CallList.supposed_answer, *FIGURES, CallList.open_days]
    pd.testing.assert_frame_equal(twice[same], calls[same])
    assert (twice[CallList.listings] == 2 * calls[CallList.listings]).all()


def test_nothing_open_gives_an_empty_table_of_the_right_shape() -> None:
    found = measure(CallList, gap_inputs("need\nASD"), "run", "0")
    assert found.empty
    assert list(found.columns) == CallList.names()
