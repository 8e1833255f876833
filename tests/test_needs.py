"""Whom a service is for, in the words of rosters."""

from __future__ import annotations

import pytest
from builders import project_synonyms, texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers.needs import NEEDS, read_needs
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS
from transforms.tables import ServiceNeed
from transforms.vocabulary import Need, NeedScope

SYNONYMS = project_synonyms()


def read(raw: str) -> tuple[set[str], set[str], set[str], str]:
    """Needs named, needs in an area, scopes without a need, and the status."""
    found = read_needs(texts(raw), SYNONYMS).iloc[0]
    entries = found[NEEDS] if isinstance(found[NEEDS], tuple) else ()
    codes = {
        scope: {
            e[ServiceNeed.need_code]
            for e in entries
            if e[ServiceNeed.scope] == scope and e[ServiceNeed.need_code]
        }
        for scope in ("named", "area")
    }
    wide = {e[ServiceNeed.scope] for e in entries if e[ServiceNeed.need_code] is None}
    return codes["named"], codes["area"], wide, found[STATUS]


@pytest.mark.parametrize(
    ("raw", "codes"),
    [
        ("autism spectrum", {"ASD"}),
        ("ASC", {"ASD"}),
        ("A.S.D.", {"ASD"}),
        ("moderate and severe learning difficulties", {"MLD", "SLD"}),
        ("severe, profound LD", {"SLD", "PMLD"}),
        ("profound and multiple learning difficulties", {"PMLD"}),
        ("children who use a wheelchair", {"PD"}),
        ("young people who cannot hear", {"HI"}),
        ("speech & language", {"SLCN"}),
        ("speech and language", {"SLCN"}),
        ("DLD", {"SLCN"}),
        ("dyslexia", {"SPLD"}),
        ("mild/moderate LD", {"MLD"}),
        ("mild to moderate learning disabilities", {"MLD"}),
        ("severe LD", {"SLD"}),
        ("profound & multiple", {"PMLD"}),
        ("complex needs (PMLD)", {"PMLD"}),
        ("Down's", {"DS"}),
        ("Down’s syndrome", {"DS"}),
        ("ADHD", {"SEMH"}),
        ("hard of hearing", {"HI"}),
        ("visually impaired", {"VI"}),
        ("deafblind", {"MSI"}),
        ("dual sensory", {"MSI"}),
        ("cerebral palsy", {"PD"}),
        ("non-ambulant", {"PD"}),
        ("epilepsy", {"OTH"}),
        ("medical needs", {"OTH"}),
        ("awaiting assessment", {"NSA"}),
        ("Autism and ADHD", {"ASD", "SEMH"}),
        ("ASD~PD~Complex health", {"ASD", "PD", "OTH"}),
        ("Severe or profound learning difficulties", {"SLD", "PMLD"}),
        ("moderate to severe learning difficulties", {"MLD", "SLD"}),
        ("hearing or visual impairment", {"HI", "VI"}),
    ],
)
def test_a_named_need_is_its_code(raw: str, codes: set[str]) -> None:
    assert read(raw) == (codes, set(), set(), "parsed")


@pytest.mark.parametrize("need", Need)
def test_a_code_is_read_as_itself(need: Need) -> None:
    assert read(need.value) == ({need.value}, set(), set(), "parsed")


@pytest.mark.parametrize("scope", [NeedScope.ANY_SEND, NeedScope.OPEN])
def test_a_scope_is_read_as_itself(scope: NeedScope) -> None:
    assert read(scope.value) == (set(), set(), {scope.value}, "parsed")


@pytest.mark.parametrize(
    ("raw", "named", "area"),
    [
        ("LD", set(), {"MLD", "SLD"}),
        ("learning disability", set(), {"MLD", "SLD"}),
        ("complex needs", set(), {"PMLD", "OTH"}),
        ("neurodiverse", set(), {"ASD", "SEMH", "SPLD"}),
        ("sensory", set(), {"HI", "VI", "MSI"}),
        ("sensory and physical needs", set(), {"HI", "VI", "MSI", "PD"}),
        ("autism and LD", {"ASD"}, {"MLD", "SLD"}),
        ("autism, neurodiverse", {"ASD"}, {"SEMH", "SPLD"}),
    ],
)
def test_a_phrase_that_may_mean_several_needs_gives_an_area_with_low_confidence(
    raw: str, named: set[str], area: set[str]
) -> None:
    assert read(raw) == (named, area, set(), "partial")
    entries = read_needs(texts(raw), SYNONYMS).iloc[0][NEEDS]
    sure = {e[ServiceNeed.need_code] for e in entries if e[ServiceNeed.confidence] > 0.5}
    assert sure == named


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("SLD", "SLD"),
        ("SLD (speech and language disorder)", "SLCN"),
        ("speech & language disorder (SLD)", "SLCN"),
        ("PD", "PD"),
        ("PD (personality disorder)", "SEMH"),
    ],
)
def test_initials_mean_another_need_only_where_the_words_say_so(raw: str, named: str) -> None:
    assert read(raw)[0] == {named}


@pytest.mark.parametrize(
    "raw",
    [
        "sensory session",
        "sensory play",
        "Sensory room",
        "multi-sensory storytelling room",
        "sensory processing",
    ],
)
def test_what_is_done_with_the_senses_is_no_impairment(raw: str) -> None:
    assert not read(raw)[0] & {"HI", "VI"}
    assert read(raw)[1] == set()


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("Other", {"OTH"}),
        ("ASD, SLCN, Other", {"ASD", "SLCN", "OTH"}),
        ("Other difficulty/disability", {"OTH"}),
        ("autism and other needs", {"ASD"}),
        ("autism and other", {"ASD"}),
        ("other children are welcome to watch", set()),
        ("children with HI or VI", {"HI", "VI"}),
        ("Hi there", set()),
        ("ADD", {"SEMH"}),
        ("please add your details", set()),
    ],
)
def test_words_with_a_plain_meaning_are_a_need_only_when_they_stand_alone(raw: str, named: set[str]) -> None:
    assert read(raw)[0] == named


def test_needs_left_unsaid_are_told_in_the_status() -> None:
    assert read("autism and other needs")[3] == "partial"
    assert read("autism and hedgehogs")[3] == "partial"


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ("not suitable for wheelchair users", set()),
        ("non-ambulant not accepted", set()),
        ("No wheelchair users", set()),
        ("Not for ADHD, anxiety", set()),
        ("wheelchair users and PMLD cannot be supported", set()),
        ("PMLD no longer accepted", set()),
        ("unable to meet complex health needs", set()),
        ("autism (not suitable for wheelchair users)", {"ASD"}),
        ("Autism; non-ambulant not accepted", {"ASD"}),
        ("MLD, not SLD", {"MLD"}),
        ("not PMLD but autism welcome", {"ASD"}),
    ],
)
def test_a_need_that_is_turned_away_is_never_one_the_service_is_for(raw: str, named: set[str]) -> None:
    codes, area, _, status = read(raw)
    assert (codes, area) == (named, set())
    assert status == ("partial" if named else "unparsed")


@pytest.mark.parametrize("raw", ["autism, no diagnosis needed", "not only autism", "with or without autism"])
def test_a_no_that_turns_nobody_away_denies_nothing(raw: str) -> None:
    assert read(raw)[0] == {"ASD"}


def test_any_send_but_one_need_is_any_send_in_part() -> None:
    assert read("All SEND except PMLD") == (set(), set(), {"any_send"}, "partial")


@pytest.mark.parametrize(
    ("raw", "scope"),
    [
        ("all needs", "any_send"),
        ("any disability", "any_send"),
        ("SEND", "any_send"),
        ("children with additional needs aged 5+", "any_send"),
        ("inclusive", "any_send"),
        ("open to all", "open"),
        ("everyone", "open"),
        ("universal", "open"),
    ],
)
def test_a_service_for_any_or_all_names_no_need(raw: str, scope: str) -> None:
    assert read(raw) == (set(), set(), {scope}, "parsed")


@pytest.mark.parametrize(
    ("raw", "named", "wide"),
    [
        ("Any disability, including autism", {"ASD"}, {"any_send"}),
        ("Open to all~ADHD", {"SEMH"}, {"open"}),
        ("Awaiting assessment~Any disability", {"NSA"}, {"any_send"}),
        ("Open to all~Any disability", set(), {"any_send"}),
    ],
)
def test_any_need_is_counted_apart_from_those_named_beside_it(
    raw: str, named: set[str], wide: set[str]
) -> None:
    assert read(raw) == (named, set(), wide, "parsed")


@pytest.mark.parametrize("raw", ["Siblings of disabled children", "parents of children with SEND"])
def test_a_service_for_kin_is_not_for_the_need(raw: str) -> None:
    assert read(raw) == (set(), set(), set(), "unparsed")


@pytest.mark.parametrize("raw", ["", "n/a", "TBC", "-", "see website", "hedgehog keepers", "blindfold games"])
def test_a_need_that_is_not_stated_is_not_invented(raw: str) -> None:
    assert read(raw)[:3] == (set(), set(), set())


_NAMED = st.sampled_from(sorted(p for p in SYNONYMS["need"].codes_of if p not in SYNONYMS["need_alone"]))


@given(phrases=st.lists(_NAMED, min_size=1, max_size=3))
def test_no_need_is_ever_read_from_words_that_turn_it_away(phrases: list[str]) -> None:
    for refusal in ("not suitable for {}", "unable to take {}", "{} not accepted"):
        assert read(refusal.format(" and ".join(phrases)))[:2] == (set(), set())


@given(phrases=st.lists(_NAMED, min_size=1, max_size=3))
def test_the_order_of_needs_does_not_matter(phrases: list[str]) -> None:
    assert read("; ".join(phrases)) == read("; ".join(reversed(phrases)))


def test_the_rule_names_every_way_a_cell_was_read() -> None:
    found = read_needs(texts("autism, LD, any SEND"), SYNONYMS).iloc[0]
    assert found[RULE] == "named_needs+ambiguous_need+any_or_open"
    assert found[CONFIDENCE] < 0.5
