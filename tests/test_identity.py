"""Ids that stay: renumbered, reordered, re-cased and lightly renamed records keep theirs."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest
from builders import THRESHOLDS, frames_of_offers, read_table
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.identifiers import head_office_id, make_id
from transforms.identity import Identified, identify, keep_clusters, resolve
from transforms.schema import Table
from transforms.tables import (
    Address,
    CostOption,
    Identity,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    SourceRecord,
    ValueProvenance,
)
from transforms.vocabulary import IdentityEntity, IdentityState

DAY_1, DAY_2, DAY_3 = pd.Timestamp("2026-11-22"), pd.Timestamp("2026-11-23"), pd.Timestamp("2026-11-24")
NOTHING = Identity.frame()

Frames = dict[type[Table], pd.DataFrame]

OFFERS = """
    | key | provider_key | provider     | service        | venue         | postcode | ages |
    | 1   | p1           | Bright Kites | Saturday Club  | Kite Hall     | EC2Y 8DS | 5-11 |
    | 2   | p1           | Bright Kites | Holiday Scheme | Kite Hall     | EC2Y 8DS | 5-11 |
    | 3   | p2           | Lantern      | Saturday Club  | Lantern Rooms | EC3A 5DE | 8-16 |
"""


def frames_of(offers: str, source: str = "city") -> Frames:
    """The directory as normalising makes it: ids hashed from the source's own keys."""
    rows = read_table(offers)
    frames = frames_of_offers(
        [
            {
                "service": row["key"],
                "provider": row["provider_key"],
                "venue": row["venue"] + row.get("postcode", ""),
                "source": source,
                "ages": row.get("ages", "5-11"),
                "bespoke": row.get("bespoke", "no"),
            }
            for row in rows
        ]
    )
    ids = {f"svc-{row['key']}": make_id("svc", source, row["key"]) for row in rows}
    ids |= {f"org-{row['provider_key']}": make_id("org", source, row["provider_key"]) for row in rows}
    places = {f"loc-{row['venue']}{row.get('postcode', '')}": row for row in rows}
    ids |= {
        old: make_id("loc", source, row["venue"].casefold(), row.get("postcode"))
        for old, row in places.items()
    }

    def column(table: type[Table], by: str, values: dict[str, Any]) -> pd.Series:
        return frames[table][by].map(values)

    frames[Organization][Organization.name] = column(
        Organization, Organization.id, {f"org-{row['provider_key']}": row["provider"] for row in rows}
    )
    frames[Organization][Organization.charity_no] = column(
        Organization, Organization.id, {f"org-{row['provider_key']}": row.get("charity") for row in rows}
    )
    frames[Service][Service.name] = column(
        Service, Service.id, {f"svc-{row['key']}": row["service"] for row in rows}
    )
    frames[Location][Location.name] = column(
        Location, Location.id, {old: row["venue"] for old, row in places.items()}
    )
    frames[Location][Location.x_is_home] = column(
        Location, Location.id, {old: row.get("home") == "yes" for old, row in places.items()}
    )
    codes = {old: row.get("postcode") for old, row in places.items()}
    frames[Address][Address.postal_code] = column(Address, Address.location_id, codes)
    frames[Address][Address.x_postcode_raw] = column(Address, Address.location_id, codes)
    for table, frame in frames.items():
        for name in table.names():
            if name == "id" or name.endswith("_id"):
                frame[name] = frame[name].map(lambda old: ids.get(old, old), na_action="ignore")
    return frames


def night(
    offers: str | Frames, registry: pd.DataFrame = NOTHING, day: pd.Timestamp = DAY_2, *, came: bool = True
) -> Identified:
    frames = frames_of(offers) if isinstance(offers, str) else offers
    known = identify(frames, registry, {"city": (day if came else DAY_1, came)}, day, THRESHOLDS)
    # As matching would, when nothing matches: every record is a cluster of its own.
    alone = {
        table: known.frames[table].assign(x_cluster_id="c-" + known.frames[table]["id"])
        for table in (Organization, Location, Service)
    }
    kept, after = keep_clusters(known.frames | alone, known.registry, day)
    return Identified(kept, known.ids, after)


def ids_of(known: Identified, table: type[Table] = Service) -> dict[str, str]:
    """Ids by name."""
    return dict(zip(known.frames[table]["name"], known.frames[table]["id"], strict=True))


def row_of(known: Identified, identifier: str) -> pd.Series:
    return known.registry.set_index(Identity.id).loc[identifier]


@pytest.fixture(scope="module")
def first() -> Identified:
    return night(OFFERS, day=DAY_1)


def test_without_a_memory_ids_come_from_the_native_keys(first: Identified) -> None:
    assert ids_of(first)["Holiday Scheme"] == make_id("svc", "city", "2")
    assert ids_of(first, Organization)["Lantern"] == make_id("org", "city", "p2")
    row = row_of(first, make_id("svc", "city", "2"))
    assert (row[Identity.first_seen], row[Identity.last_seen]) == (DAY_1, DAY_1)
    assert row[Identity.state] == IdentityState.CURRENT


def test_a_night_on_its_own_results_changes_nothing(first: Identified) -> None:
    again = night(OFFERS, first.registry, DAY_1)
    pd.testing.assert_frame_equal(again.registry, first.registry)
    for table, frame in first.frames.items():
        pd.testing.assert_frame_equal(again.frames[table], frame)


def test_records_under_each_others_numbers_keep_their_ids(first: Identified) -> None:
    known = night(
        """
        | key | provider_key | provider     | service        | venue         | postcode | ages |
        | 3   | p2           | Bright Kites | Saturday Club  | Kite Hall     | EC2Y 8DS | 5-11 |
        | 1   | p2           | Bright Kites | Holiday Scheme | Kite Hall     | EC2Y 8DS | 5-11 |
        | 2   | p1           | Lantern      | Saturday Club  | Lantern Rooms | EC3A 5DE | 8-16 |
        """,
        first.registry,
    )
    for table, frame in first.frames.items():
        pd.testing.assert_frame_equal(known.frames[table], frame)
    assert set(known.registry[Identity.state]) == {IdentityState.CURRENT}


@pytest.mark.parametrize(
    ("provider", "service", "venue"),
    [
        ("BRIGHT KITES", "saturday club", "KITE HALL"),
        ("Bright-Kites", "Saturday  Club.", "Kite Hall,"),
    ],
)
def test_another_spelling_changes_no_name(first: Identified, provider: str, service: str, venue: str) -> None:
    offers = (
        OFFERS.replace("Bright Kites", provider).replace("Saturday Club", service).replace("Kite Hall", venue)
    )
    known = night(offers, first.registry)
    for table, frame in first.frames.items():
        pd.testing.assert_frame_equal(known.frames[table], frame)


def test_another_name_is_published_and_the_id_stays(first: Identified) -> None:
    offers = OFFERS.replace("Saturday Club", "Saturday Clubs").replace("Bright Kites", "Bright Kite Trust")
    known = night(offers, first.registry)
    assert ids_of(known, Organization)["Bright Kite Trust"] == ids_of(first, Organization)["Bright Kites"]
    assert set(ids_of(known).values()) == set(ids_of(first).values())
    assert "Saturday Clubs" in ids_of(known)


def test_a_light_rename_under_a_new_number_keeps_the_id(first: Identified) -> None:
    offers = OFFERS.replace("| 2   |", "| 92  |").replace("Holiday Scheme", "Holiday Schemes")
    known = night(offers, first.registry)
    assert ids_of(known)["Holiday Schemes"] == ids_of(first)["Holiday Scheme"]


def test_a_new_name_under_the_old_number_at_the_old_place_keeps_the_id(first: Identified) -> None:
    known = night(OFFERS.replace("Holiday Scheme", "Summer Camp"), first.registry)
    assert ids_of(known)["Summer Camp"] == ids_of(first)["Holiday Scheme"]


def test_a_number_given_to_something_else_gives_a_new_id_and_retires_the_old(first: Identified) -> None:
    known = night(
        """
        | key | provider_key | provider     | service        | venue         | postcode | ages |
        | 1   | p1           | Bright Kites | Saturday Club  | Kite Hall     | EC2Y 8DS | 5-11 |
        | 2   | p2           | Lantern      | Choir          | Choir School  | EC4A 3JR | 9-14 |
        | 3   | p2           | Lantern      | Saturday Club  | Lantern Rooms | EC3A 5DE | 8-16 |
        """,
        first.registry,
    )
    old = ids_of(first)["Holiday Scheme"]
    assert ids_of(known)["Choir"] not in set(first.registry[Identity.id])
    row = row_of(known, old)
    assert row[Identity.state] == IdentityState.RETIRED
    assert row[Identity.last_seen] == DAY_1
    assert pd.isna(row[Identity.name])
    # And the new one stays what it is.
    again = night(
        {table: frame.copy() for table, frame in frames_of(
            """
            | key | provider_key | provider | service | venue        | postcode | ages |
            | 2   | p2           | Lantern  | Choir   | Choir School | EC4A 3JR | 9-14 |
            """
        ).items()},
        known.registry,
        DAY_3,
    )  # fmt: skip
    assert ids_of(again)["Choir"] == ids_of(known)["Choir"]


def test_groups_told_apart_by_a_number_are_never_one_another() -> None:
    groups = """
        | key | provider_key | provider     | service | venue     | postcode | ages |
        | 1   | p1           | Bright Kites | Group 1 | Kite Hall | EC2Y 8DS | 5-7  |
    """
    before = night(groups, day=DAY_1)
    after = night(groups.replace("| 1   |", "| 2   |").replace("Group 1", "Group 2"), before.registry)
    assert ids_of(after)["Group 2"] != ids_of(before)["Group 1"]


def test_two_equally_likely_names_are_not_guessed_between(first: Identified) -> None:
    known = night(
        """
        | key | provider_key | provider     | service          | venue     | postcode | ages |
        | 8   | p1           | Bright Kites | Holiday Scheme A | Kite Hall | EC2Y 8DS | 5-7  |
        | 9   | p1           | Bright Kites | Holiday Scheme B | Kite Hall | EC2Y 8DS | 8-11 |
        """,
        first.registry,
    )
    assert ids_of(first)["Holiday Scheme"] not in ids_of(known).values()


def test_two_records_that_become_one_leave_a_redirect() -> None:
    twice = """
        | key | provider_key | provider         | service       | venue     | postcode | ages |
        | 1   | p1           | Bright Kites     | Saturday Club | Kite Hall | EC2Y 8DS | 5-11 |
        | 2   | p1           | Bright Kites     | Saturday Club | Kite Hall | EC2Y 8DS | 8-11 |
    """
    before = night(twice, day=DAY_1)
    after = night("\n".join(twice.strip().splitlines()[:2]), before.registry)
    gone = row_of(after, make_id("svc", "city", "2"))
    assert gone[Identity.state] == IdentityState.MERGED
    assert gone[Identity.redirected_on] == DAY_2
    assert resolve(make_id("svc", "city", "2"), after.registry) == make_id("svc", "city", "1")
    # It comes back: the redirect is taken back.
    back = night(twice, after.registry, DAY_3)
    assert row_of(back, make_id("svc", "city", "2"))[Identity.state] == IdentityState.CURRENT
    assert resolve(make_id("svc", "city", "2"), back.registry) == make_id("svc", "city", "2")


def test_a_record_that_returns_under_another_number_gets_its_old_id_back(first: Identified) -> None:
    without = night("\n".join(OFFERS.splitlines()[:3]), first.registry)
    assert row_of(without, ids_of(first)["Holiday Scheme"])[Identity.state] == IdentityState.RETIRED
    back = night(OFFERS.replace("| 2   |", "| 92  |"), without.registry, DAY_3)
    assert ids_of(back)["Holiday Scheme"] == ids_of(first)["Holiday Scheme"]
    row = row_of(back, ids_of(first)["Holiday Scheme"])
    assert (row[Identity.first_seen], row[Identity.last_seen]) == (DAY_1, DAY_3)


def test_what_a_source_that_did_not_come_no_longer_lists_is_not_retired(first: Identified) -> None:
    known = night("\n".join(OFFERS.splitlines()[:3]), first.registry, came=False)
    row = row_of(known, ids_of(first)["Holiday Scheme"])
    assert row[Identity.state] == IdentityState.CURRENT
    assert row[Identity.last_seen] == DAY_1
    absent = identify(
        frames_of("| key | provider_key | provider | service | venue |"),
        first.registry,
        {},
        DAY_2,
        THRESHOLDS,
    )
    assert set(absent.registry[Identity.state]) == {IdentityState.CURRENT}


def test_a_charity_under_a_new_name_and_number_keeps_its_id() -> None:
    offers = """
        | key | provider_key | provider | service | venue | postcode | charity |
        | 1   | p1           | Otters   | Swim    | Pool  | EC2Y 8DS | 1234567 |
    """
    before = night(offers, day=DAY_1)
    after = night(offers.replace("Otters", "Riverside Aquatics").replace("p1", "p7"), before.registry)
    assert list(ids_of(after, Organization).values()) == list(ids_of(before, Organization).values())


def test_every_id_that_follows_from_another_follows_it(first: Identified) -> None:
    known = night(OFFERS.replace("| 1   |", "| 91  |"), first.registry)
    services = set(known.frames[Service][Service.id])
    at = known.frames[ServiceAtLocation]
    assert set(at[ServiceAtLocation.service_id]) <= services
    assert set(known.frames[Schedule][Schedule.service_at_location_id]) == set(at[ServiceAtLocation.id])
    assert set(at[ServiceAtLocation.location_id]) <= set(known.frames[Location][Location.id])
    assert known.ids[make_id("svc", "city", "91")] == make_id("svc", "city", "1")
    for table in (CostOption, ValueProvenance):
        assert set(known.frames[table].get("service_id", pd.Series(dtype="str"))) <= services


def test_a_head_office_follows_its_provider(first: Identified) -> None:
    def with_office(offers: str, key: str) -> Frames:
        frames = frames_of(offers)
        office = head_office_id(make_id("org", "city", key))
        row = frames[Location].iloc[[0]].assign(id=office, name="BRIGHT KITES", x_address_role="hq")
        frames[Location] = Location.frame(pd.concat([frames[Location], row], ignore_index=True))
        return frames

    before = night(with_office(OFFERS, "p1"), day=DAY_1)
    after = night(with_office(OFFERS.replace("p1", "p9"), "p9"), before.registry)
    pd.testing.assert_frame_equal(after.frames[Location], before.frames[Location])
    assert "Bright Kites" in set(after.frames[Location][Location.name])


# --- What may not be published


def test_what_is_withheld_leaves_nothing_in_the_registry() -> None:
    offers = """
        | key | provider_key | provider     | service        | venue      | postcode | bespoke |
        | 1   | p1           | Bright Kites | Saturday Club  | Kite Hall  | EC2Y 8DS | no      |
        | 2   | p1           | Bright Kites | Just for Robin | Robin Hood | E8 3PQ   | yes     |
    """
    known = night(offers, day=DAY_1)
    told = known.registry.to_csv()
    assert "Robin" not in told
    assert known.registry[Identity.entity].value_counts()[
        [IdentityEntity.SERVICE, IdentityEntity.LOCATION]
    ].tolist() == [1, 1]
    assert make_id("svc", "city", "2") not in told


def test_a_withheld_record_never_takes_a_published_ones_id(first: Identified) -> None:
    known = night(
        """
        | key | provider_key | provider     | service        | venue      | postcode | ages | bespoke |
        | 92  | p1           | Bright Kites | Holiday Scheme | Kite Hall  | EC2Y 8DS | 5-11 | no      |
        | 2   | p1           | Bright Kites | Just for Robin | Robin Hood | E8 3PQ   | 5-11 | yes     |
        """,
        first.registry,
    )
    assert known.frames[Service][Service.id].is_unique
    assert ids_of(known)["Holiday Scheme"] == ids_of(first)["Holiday Scheme"]


def test_a_home_is_known_by_its_service_and_no_hash_holds_its_postcode() -> None:
    offers = """
        | key | provider_key | provider     | service | venue    | postcode | home |
        | 1   | p1           | Childminding | Care    | My house | E8 3PQ   | yes  |
    """
    here = night(offers, day=DAY_1)
    elsewhere = night(offers.replace("E8 3PQ", "N1 6SH").replace("My house", "Our flat"), day=DAY_1)
    pd.testing.assert_frame_equal(here.registry, elsewhere.registry)
    assert here.frames[Location][Location.id].tolist() == elsewhere.frames[Location][Location.id].tolist()


# --- Clusters


def clustered(first_night: dict[str, str], second_night: dict[str, str]) -> tuple[dict[str, str], Identified]:
    """Cluster ids by service key after two nights, each night given as service key → cluster as matching finds it."""
    offers = "| key | provider_key | provider | service | venue | postcode |\n" + "\n".join(
        f"| {key} | p1 | Kites | Club of {key} | Hall {key} | EC2Y 8DS |" for key in "abcd"
    )
    registry, found = NOTHING, {}
    for day, clusters in ((DAY_1, first_night), (DAY_2, second_night)):
        known = identify(frames_of(offers), registry, {"city": (day, True)}, day, THRESHOLDS)
        frames = dict(known.frames)
        names = frames[Service][Service.name].str[-1]
        frames[Service] = frames[Service].assign(**{Service.x_cluster_id: names.map(clusters)})
        frames, registry = keep_clusters(frames, known.registry, day)
        found = dict(zip(names, frames[Service][Service.x_cluster_id], strict=True))
    return found, Identified(frames, known.ids, registry)


def test_a_cluster_keeps_its_name_whatever_matching_calls_it() -> None:
    found, _ = clustered({"a": "x", "b": "x", "c": "y", "d": "z"}, {"a": "m", "b": "m", "c": "n", "d": "o"})
    assert found == {"a": "x", "b": "x", "c": "y", "d": "z"}


def test_clusters_that_join_redirect_to_the_eldest_members() -> None:
    found, known = clustered(
        {"a": "x", "b": "x", "c": "y", "d": "z"}, {"a": "m", "b": "m", "c": "m", "d": "o"}
    )
    assert len({found["a"], found["b"], found["c"]}) == 1
    kept = found["a"]
    other = {"x", "y"} - {kept}
    assert kept in {"x", "y"}
    assert [resolve(name, known.registry) for name in other] == [kept]


def test_a_split_cluster_stays_with_its_eldest_member() -> None:
    found, known = clustered(dict.fromkeys("abcd", "x"), {"a": "m", "b": "m", "c": "n", "d": "n"})
    eldest = known.registry[known.registry[Identity.entity].eq(IdentityEntity.SERVICE)].sort_values(
        Identity.id
    )
    key = eldest[Identity.name].str[-1].iloc[0]
    assert found[key] == "x"
    assert sorted(set(found.values())) in (["m", "x"], ["n", "x"])


def test_a_name_that_was_another_clusters_is_not_given_again() -> None:
    found, known = clustered(
        {"a": "x", "b": "y", "c": "y", "d": "y"}, {"a": "y", "b": "x", "c": "x", "d": "x"}
    )
    assert found == {"a": "x", "b": "y", "c": "y", "d": "y"}
    assert set(known.registry[Identity.state]) == {IdentityState.CURRENT}


# --- Looking up


def test_redirects_are_followed_to_the_end_and_never_in_a_circle() -> None:
    registry = Identity.frame(
        [
            {"entity": "service", "id": "a", "state": "merged", "redirect_to": "b"},
            {"entity": "service", "id": "b", "state": "merged", "redirect_to": "c"},
            {"entity": "service", "id": "c", "state": "retired"},
            {"entity": "service", "id": "x", "state": "merged", "redirect_to": "y"},
            {"entity": "service", "id": "y", "state": "merged", "redirect_to": "x"},
        ]
    )
    assert [resolve(name, registry) for name in ("a", "c", "z")] == ["c", "c", None]
    assert resolve("x", registry) in {"x", "y"}


# --- Any order, any numbers


NAMES = st.sampled_from(["Choir", "Drama", "Football", "Swimming", "Chess", "Saturday Club"])
RECORD = st.tuples(
    st.sampled_from(["p1", "p2"]), NAMES, st.sampled_from(["Hall", "Pool"]), st.sampled_from(["5-7", "8-11"])
)


@settings(max_examples=12)
@given(data=st.data())
def test_order_case_and_numbers_change_no_id_and_no_name(data: st.DataObject) -> None:
    records = data.draw(st.lists(RECORD, min_size=1, max_size=8, unique=True))

    def offers(numbers: list[int], order: list[int], spell: Any = str) -> str:
        lines = ["| key | provider_key | provider | service | venue | postcode | ages |"]
        for i in order:
            provider, service, venue, ages = records[i]
            lines.append(
                f"| {numbers[i]} | {provider} | {spell('Kites of ' + provider)} | {spell(service)} "
                f"| {spell(venue)} | EC2Y 8DS | {ages} |"
            )
        return "\n".join(lines)

    in_order = list(range(len(records)))
    before = night(offers(in_order, in_order), day=DAY_1)
    shuffled = data.draw(st.permutations(in_order))
    numbers = data.draw(st.permutations(in_order))
    after = night(
        offers(numbers, shuffled, data.draw(st.sampled_from([str, str.upper]))), before.registry, DAY_1
    )
    for table, frame in before.frames.items():
        if table is not SourceRecord:
            pd.testing.assert_frame_equal(after.frames[table], frame)
    # The ledger says which row of the file became what: with the rows in another order, other rows.
    became = [SourceRecord.organization_id, SourceRecord.service_id]
    ledgers = [night.frames[SourceRecord].value_counts(became) for night in (before, after)]
    pd.testing.assert_series_equal(*ledgers, check_like=True)
    pd.testing.assert_frame_equal(
        after.registry.drop(columns=Identity.native_id), before.registry.drop(columns=Identity.native_id)
    )
