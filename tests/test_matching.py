"""The same provider, venue and service across rosters: joined on evidence, and never on less."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import frames_of_offers, places_of, read_table
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.matching import comparable_name, match_locations, match_organizations, match_services
from transforms.tables import Location, Organization, Service, ServiceAtLocation

MIXED = """
    id | name                  | charity_no | company_no | hq_postcode | website                    | email
    A  | Otters Ltd            | 1234567    | .          | E1 7AF      | https://otters.example     | .
    B  | The Otters            | 1234567    | 00001234   | .           | .                          | .
    C  | OTTERS & Friends      | .          | 00001234   | .           | .                          | .
    D  | Tumble Tots Hackney   | .          | .          | E1 7AF      | https://tumble.example/h   | .
    E  | Tumble Tots Islington | .          | .          | N1 1AA      | https://tumble.example/i   | .
    F  | Seals CIC             | .          | .          | E1 7AF      | .                          | .
    G  | Seals                 | .          | .          | E1 7AF      | .                          | .
    H  | Judo Club             | .          | .          | .           | https://www.judo.example   | .
    I  | Judo Club Limited     | .          | .          | .           | .                          | info@judo.example
    J  | Judo Club             | .          | .          | N1 1AA      | .                          | .
"""


def matched(text: str, order: list[int] | None = None) -> pd.DataFrame:
    rows = [
        {
            "x_source": "city",
            "x_cluster_id": row["id"],
            "x_match_confidence": 1.0,
            "x_match_reason": "-",
            **row,
        }
        for row in read_table(text)
    ]
    listed = [rows[i] for i in order] if order else rows
    return match_organizations(Organization.frame(listed)).set_index("id")


def clusters(found: pd.DataFrame) -> set[frozenset[str]]:
    """Which ids stand together."""
    return {frozenset(ids) for ids in found.groupby("x_cluster_id").groups.values()}


def are_one(text: str) -> bool:
    return len(clusters(matched(text))) == 1


@pytest.mark.parametrize(
    ("column", "number", "reason"),
    [
        ("charity_no", "1234567", "the same charity number"),
        ("company_no", "00001234", "the same company number"),
        ("ofsted_urn", "EY123456", "the same Ofsted number"),
    ],
)
def test_a_register_number_joins_and_says_so(column: str, number: str, reason: str) -> None:
    found = matched(f"id | name | {column}\nA | Otters | {number}\nB | Seals | {number}\nC | Seals | .")
    assert clusters(found) == {frozenset("AB"), frozenset("C")}
    assert list(found["x_match_reason"]) == [reason, reason, "no other record shares its evidence"]


def test_a_shared_postcode_alone_never_joins() -> None:
    assert not are_one("id | name | hq_postcode\nA | Otters | E1 7AF\nB | Seals | E1 7AF")


def test_a_shared_name_alone_never_joins() -> None:
    assert not are_one("id | name\nA | Otters\nB | Otters")


def test_a_shared_website_alone_never_joins() -> None:
    assert not are_one("id | name | website\nA | Otters | https://x.example\nB | Seals | https://x.example")


@pytest.mark.parametrize("evidence", ["hq_postcode | E1 7AF", "website | https://www.otters.example/about"])
def test_a_name_and_a_second_piece_of_evidence_join(evidence: str) -> None:
    column, value = evidence.split(" | ")
    assert are_one(f"id | name | {column}\nA | Otters Ltd | {value}\nB | the OTTERS | {value}")


def test_a_mailbox_at_the_providers_own_domain_is_as_good_as_its_website() -> None:
    assert are_one(
        "id | name | website | email\nA | Otters | https://www.otters.example | .\nB | Otters | . | info@otters.example"
    )


@pytest.mark.parametrize("shared", ["website | https://www.facebook.com/{}", "email | {}.club@gmail.com"])
def test_a_host_that_anyone_may_use_is_no_evidence(shared: str) -> None:
    column, value = shared.split(" | ")
    assert not are_one(
        f"id | name | {column}\nA | Rainbow Club | {value.format('one')}\nB | Rainbow Club | {value.format('two')}"
    )


def test_branches_of_a_franchise_stay_apart() -> None:
    assert not are_one(
        "id | name | website\n"
        "A | Tumble Tots Hackney | https://tumble.example\nB | Tumble Tots Islington | https://tumble.example"
    )


def test_evidence_joins_through_a_third_record() -> None:
    found = matched(MIXED)
    assert frozenset("ABC") in clusters(found)
    assert found.at["B", "x_match_reason"] == "the same charity number, the same company number"


def test_every_group_of_a_mixed_roster_is_as_expected() -> None:
    together = {frozenset("ABC"), frozenset("FG"), frozenset("HI"), *map(frozenset, "DEJ")}
    assert clusters(matched(MIXED)) == together


@settings(max_examples=8)
@given(order=st.permutations(range(10)))
def test_clusters_and_reasons_do_not_depend_on_order(order: list[int]) -> None:
    columns = ["x_cluster_id", "x_match_reason"]
    pd.testing.assert_frame_equal(matched(MIXED, order)[columns].sort_index(), matched(MIXED)[columns])


@pytest.mark.parametrize(
    ("name", "bare"),
    [
        ("The Otters Limited", "otters"),
        ("Otters C.I.C.", "otters"),
        ("Otters Ltd t/a Splash!", "otters"),
        ("Otters & Seals", "otters and seals"),
        ("Catheter Clinic", "catheter clinic"),
    ],
)
def test_names_are_compared_without_legal_endings(name: str, bare: str) -> None:
    assert comparable_name(name) == bare


def venue_clusters(text: str) -> set[frozenset[str]]:
    return clusters(match_locations(*places_of(text)).set_index("id"))


@pytest.mark.parametrize(
    ("text", "are_joined"),
    [
        ("id | name | postal_code\nA | The Hall | E1 7AF\nB | hall | E1 7AF", True),
        ("id | name | postal_code\nA | Hall | E1 7AF\nB | Pool | E1 7AF", False),
        ("id | name | postal_code\nA | Hall | E1 7AF\nB | Hall | N1 1AA", False),
        ("id | name | postal_code | uprn\nA | Hall | . | 100\nB | Old School | . | 100", True),
        ("id | name | role | postal_code\nA | Hall | hq | E1 7AF\nB | Hall | venue | E1 7AF", False),
        ("id | name | role | zone\nA | a | unknown | online\nB | b | unknown | online", True),
        ("id | name | role | zone\nA | a | unknown | online\nB | b | unknown | home_outreach", False),
        ("id | name | role | zone\nA | a | unknown | unknown\nB | a | unknown | unknown", False),
    ],
    ids=["same name and postcode", "postcode alone", "name alone", "property number", "head office", "online",
         "online and at home", "not known"],
)  # fmt: skip
def test_venues_are_one_on_evidence(text: str, are_joined: bool) -> None:
    assert (len(venue_clusters(text)) == 1) == are_joined


def service_clusters(offers: str) -> set[frozenset[str]]:
    """Which services of a table of offers are one; ``name`` is given as ``service_name``."""
    rows = read_table(offers)
    frames = frames_of_offers(rows)
    named = {f"svc-{row['service']}": row["name"] for row in rows}
    services = frames[Service].assign(name=frames[Service]["id"].map(named))
    found = match_services(services, frames[Organization], frames[ServiceAtLocation], frames[Location])
    return {frozenset(s.removeprefix("svc-") for s in group) for group in clusters(found.set_index("id"))}


def test_one_club_in_three_rosters_at_one_venue_is_one_service() -> None:
    assert service_clusters("""
        service | name              | provider | venue | source
        1       | Saturday club     | P        | V     | city
        2       | Saturday Club     | P        | V     | hackney
        3       | The Saturday club | P        | V     | islington
    """) == {frozenset("123")}


def test_clubs_at_different_venues_or_of_different_providers_stay_apart() -> None:
    assert service_clusters("""
        service | name          | provider | venue
        1       | Saturday club | P        | V
        2       | Saturday club | P        | W
        3       | Saturday club | Q        | V
        4       | Sunday club   | P        | V
    """) == {frozenset(n) for n in "1234"}


def test_a_club_that_shares_one_of_its_venues_is_the_same_club() -> None:
    assert service_clusters("""
        service | name          | provider | venue | source
        1       | Saturday club | P        | V     | city
        2       | Saturday club | P        | V     | hackney
        2       | Saturday club | P        | W     | hackney
    """) == {frozenset("12")}
