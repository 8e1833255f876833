"""The same provider, venue and service across rosters: joined on evidence, and never on less."""

from __future__ import annotations

from random import Random

import pandas as pd
import pytest
from builders import frames_of_offers, places_of, read_table
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.places import Places
from flows.reference import Reference
from transforms.matching import (
    NO_DECISIONS,
    Decisions,
    match_locations,
    match_organizations,
    match_services,
    score_pairs,
)
from transforms.tables import Location, Match, Organization, Service, ServiceAtLocation
from transforms.vocabulary import MatchDecision

RULES = Reference(Places()).matching

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


def organizations_of(text: str, order: list[int] | None = None) -> pd.DataFrame:
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
    return Organization.frame(listed)


def matched(text: str, order: list[int] | None = None, decisions: Decisions = NO_DECISIONS) -> pd.DataFrame:
    return match_organizations(organizations_of(text, order), RULES, decisions)[0].set_index("id")


def pairs_of(text: str) -> dict[str, MatchDecision]:
    """What was decided on each pair, as "AB"."""
    pairs = match_organizations(organizations_of(text), RULES)[1]
    return {
        row[Match.left_id] + row[Match.right_id]: MatchDecision(row[Match.decision])
        for row in pairs.to_dict("records")
    }


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
    found = matched(f"id | name | {column}\nA | Otters | {number}\nB | The Otters | {number}\nC | Seals | .")
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
    assert found.at["B", "x_match_reason"] == "the same charity number; the same company number"


def test_every_group_of_a_mixed_roster_is_as_expected() -> None:
    together = {frozenset("ABC"), frozenset("FG"), frozenset("HI"), *map(frozenset, "DEJ")}
    assert clusters(matched(MIXED)) == together


@settings(max_examples=8)
@given(order=st.permutations(range(10)))
def test_clusters_and_reasons_do_not_depend_on_order(order: list[int]) -> None:
    columns = ["x_cluster_id", "x_match_reason"]
    pd.testing.assert_frame_equal(matched(MIXED, order)[columns].sort_index(), matched(MIXED)[columns])


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("The Otters Limited", "otter"),
        ("Otters C.I.C.", "otter"),
        ("Otters & Seals", "otter seal"),
        ("St. Elfin's Play Assoc", "saint elfin play association"),
        ("Tower Hamlets Carers", "towerhamlet carer"),
        ("1st Hackney Scouts", "1 hackney scout"),
        ("Catheter Clinic", "catheter clinic"),
        ("The Charity Ltd", "the charity ltd"),
        ("Café Zéphyr", "cafe zephyr"),
    ],
)
def test_names_are_compared_by_the_words_that_tell(name: str, words: str) -> None:
    assert " ".join(RULES.reader.words(name)) == words


@pytest.mark.parametrize(
    "name", ["Otters Ltd t/a Splash!", "Otters Ltd (trading as Splash!)", "Otters Ltd T/A SPLASH!"]
)
def test_a_trading_name_is_a_name_of_its_own(name: str) -> None:
    assert [" ".join(RULES.reader.words(part)) for part in RULES.reader.names(name)] == ["otter", "splash"]


def venue_clusters(text: str) -> set[frozenset[str]]:
    return clusters(match_locations(*places_of(text), RULES)[0].set_index("id"))


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
    found, _ = match_services(
        services, frames[Organization], frames[ServiceAtLocation], frames[Location], RULES
    )
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


# --- Pairs of organizations: what is decided, and why


def decided(left: str, right: str) -> tuple[str, str]:
    """Decision and reason for two records written as ``column=value`` with semicolons."""
    sides = [
        pd.DataFrame([dict(cell.strip().split("=", 1) for cell in record.split(";"))])
        for record in (left, right)
    ]
    found = score_pairs(*sides, RULES).iloc[0]
    return found[Match.decision], found[Match.reason]


MATCH, MAYBE, NO = (decision.value for decision in MatchDecision)

PAIRS = [
    # Identifiers.
    ("name=Otters; charity_no=1234567", "name=The Otters; charity_no=1234567", MATCH),
    ("name=Otters; company_no=991107", "name=Otters; company_no=00991107", MATCH),
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Seals; charity_no=1234567; postcode=E1 7AF", MATCH),
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Seals; charity_no=1234567; postcode=N1 1AA", MAYBE),
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Otters; charity_no=7654321; postcode=E1 7AF", NO),
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Otters; charity_no=1234568; postcode=E1 7AF", MAYBE),
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Otters; charity_no=1234567-1; postcode=E1 7AF", MAYBE),
    ("name=Zinnia Dance; charity_no=9911510", "name=Plover Chess; charity_no=9911511", NO),
    ("name=Otters; charity_no=1234567; company_no=01111111",
     "name=Otters Ltd; charity_no=1234567; company_no=09876543", MAYBE),
    # A number of one register says nothing of another.
    ("name=Otters; charity_no=1234567; postcode=E1 7AF", "name=Otters; company_no=01234567; postcode=E1 7AF", MATCH),
    # A new legal form has a new number: only where all else agrees is that asked.
    ("name=Petrel Trust; charity_no=1000001; website=petrel.example; phone=020 7946 0610",
     "name=Petrel Trust CIO; charity_no=1199999; website=petrel.example; phone=020 7946 0610", MAYBE),
    # Names and contacts.
    ("name=Otters Ltd; postcode=E1 7AF", "name=OTTERS C.I.C.; postcode=e17af", MATCH),
    ("name=Pomegranate Play; website=pp.example", "name=Pomegrante Play; website=https://www.pp.example/", MATCH),
    ("name=Sorrel & Thyme; phone=020 7946 0306", "name=Sorrel and Thyme; phone=+44 20 7946 0306", MATCH),
    ("name=Thyme Sorrel Growers; postcode=E1 7AF", "name=Sorrel Thyme Growers; postcode=E1 7AF", MATCH),
    ("name=Play Time; postcode=E1 7AF", "name=Quokka Ltd t/a Playtime; postcode=E1 7AF", MATCH),
    ("name=Quokka; alternate_names=Wombat; postcode=E1 7AF", "name=Wombat; postcode=E1 7AF", MATCH),
    ("name=Quokka; email=info@quokka.example", "name=Quokka; website=https://quokka.example", MATCH),
    ("name=National Autistic Society; postcode=EC1V 1NG; phone=020 7946 0001",
     "name=NAS; postcode=EC1V 1NG; phone=020 7946 0001", MATCH),
    ("name=Lapwing Learning; postcode=N16 6XT", "name=Lapwing Learning; postcode=E1 0PL", MAYBE),
    ("name=Lapwing Learning", "name=Lapwing Learning", MAYBE),
    # A shared address, or words that anyone may use.
    ("name=Otters; postcode=E1 7AF", "name=Seals; postcode=E1 7AF", NO),
    ("name=Youth Club; postcode=E1 7AF; phone=020 7946 0001",
     "name=Youth Club; postcode=N1 1AA; phone=020 7946 0002", NO),
    ("name=Community Centre", "name=Community Centre", NO),
    ("name=Youth Club; postcode=E1 7AF", "name=Youth Club; postcode=E1 7AF", MAYBE),
    ("name=Hackney Family Club; postcode=E8 1EX", "name=Hackney Family Nursery; postcode=E8 1EX", MAYBE),
    ("name=Community Otters; postcode=E8 1EX", "name=Community Seals; postcode=E8 1EX", NO),
    ("name=Crocus; website=https://facebook.com/one", "name=Crocus; website=https://facebook.com/two", MAYBE),
    ("name=Juggling Jays; website=hackney.gov.uk/a", "name=Honeypot Parents; website=hackney.gov.uk/a", NO),
    # Branches of a brand.
    ("name=Tumble Tots Hackney; website=t.example; postcode=E8 1EX",
     "name=Tumble Tots Islington; website=t.example; postcode=N1 1AA", NO),
    ("name=Tumble Tots; website=t.example; postcode=E8 1EX; phone=020 7946 0001",
     "name=Tumble Tots; website=t.example; postcode=N1 1AA; phone=020 7946 0002", MAYBE),
    ("name=1st Hazel Scouts; postcode=E8 3PQ", "name=3rd Hazel Scouts; postcode=E8 3PQ", NO),
    ("name=North Wharf Sea Cadets; postcode=E14 0BY", "name=South Wharf Sea Cadets; postcode=E1W 2SW", NO),
    # Another body at the same door.
    ("name=Nutmeg Trust; charity_no=1234567; website=n.example; postcode=E8 1EX; phone=020 7946 0001",
     "name=Nutmeg Trading Ltd; company_no=01234567; website=n.example; postcode=E8 1EX; phone=020 7946 0001", MAYBE),
    ("name=Larchfield School; postcode=N7 7RT", "name=Friends of Larchfield School; postcode=N7 7RT", NO),
]  # fmt: skip


@pytest.mark.parametrize(("left", "right", "expected"), PAIRS)
def test_a_pair_is_decided_as_a_careful_reader_would(left: str, right: str, expected: str) -> None:
    assert decided(left, right)[0] == expected
    assert decided(right, left)[0] == expected


def test_reasons_say_what_is_the_same_and_what_is_not() -> None:
    reason = decided(
        "name=Otters Ltd; postcode=E1 7AF; phone=020 7946 0001",
        "name=The Otters; postcode=E1 7AF; phone=020 7946 0002",
    )[1]
    assert reason == "the same name, the same postcode; but another telephone"


@settings(max_examples=40, deadline=None)
@given(left=st.text(max_size=30), right=st.text(max_size=30), which=st.integers(0, 5))
def test_any_text_in_any_column_can_be_compared(left: str, right: str, which: int) -> None:
    column = ["name", "postcode", "charity_no", "company_no", "website", "phone"][which]
    there, back = (
        score_pairs(pd.DataFrame({column: [one]}), pd.DataFrame({column: [other]}), RULES)
        for one, other in ((left, right), (right, left))
    )
    assert there[Match.confidence].between(0, 1).all()
    pd.testing.assert_frame_equal(there, back)


@settings(max_examples=15, deadline=None)
@given(chance=st.randoms(use_true_random=False))
def test_letter_case_changes_nothing(chance: Random) -> None:
    listed = organizations_of(MIXED)
    recased = listed.assign(
        name=[name.upper() if chance.random() < 0.5 else name.lower() for name in listed["name"]]
    )
    columns = ["x_cluster_id", "x_match_confidence", "x_match_reason"]
    pd.testing.assert_frame_equal(
        match_organizations(recased, RULES)[0][columns], match_organizations(listed, RULES)[0][columns]
    )


# --- Chains


def test_a_chain_never_joins_two_charity_numbers() -> None:
    text = """
        id | name   | charity_no | company_no | hq_postcode
        A  | Otters | 1234567    | 01234567   | E1 7AF
        B  | Otters | .          | 01234567   | E1 7AF
        C  | Otters | 7654321    | .          | E1 7AF
    """
    assert clusters(matched(text)) == {frozenset("AB"), frozenset("C")}
    assert pairs_of(text)["BC"] is MatchDecision.MAYBE


def test_a_brands_office_never_joins_its_branches() -> None:
    text = """
        id | name                  | website                | hq_postcode
        A  | Tumble Tots           | https://tumble.example | E8 1EX
        B  | Tumble Tots Hackney   | https://tumble.example | E8 1EX
        C  | Tumble Tots Islington | https://tumble.example | .
    """
    assert frozenset("AB") in clusters(matched(text))
    assert frozenset("ABC") not in clusters(matched(text))


DECIDED = "decided by the SEND commissioning officer on 3 November 2026"


def test_what_people_decided_comes_before_every_rule() -> None:
    text = """
        id | name   | charity_no | hq_postcode
        A  | Otters | 1234567    | E1 7AF
        B  | Otters | 1234567    | E1 7AF
        C  | Seals  | 7654321    | N1 1AA
    """
    word = Decisions({"organization": {("A", "C"): DECIDED}}, {"organization": {("A", "B"): DECIDED}})
    found = matched(text, decisions=word)
    assert clusters(found) == {frozenset("AC"), frozenset("B")}
    assert found.at["C", "x_match_reason"] == DECIDED


def test_a_decision_on_a_record_that_is_gone_changes_nothing() -> None:
    gone = Decisions({"organization": {("A", "Z"): DECIDED}}, {})
    pd.testing.assert_frame_equal(matched(MIXED, decisions=gone), matched(MIXED))
