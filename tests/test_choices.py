"""Closed questions: one answer out of a short list, and never a no for want of words."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import project_synonyms, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parsers import access, choices, residency
from transforms.parsers.reading import RULE, STATUS, if_mentioned
from transforms.vocabulary import AccessFeature

SYNONYMS = project_synonyms()
ANSWERS = ("answer", "parent_stays", "siblings", "residency")
CLOSED = (
    "tier", "service_status", "short_break_type", "sen_stage", "funding_route", "commissioner_type", "health_route",
    "delivery",
)  # fmt: skip
_WORDS = [
    "no",
    "not",
    "yes",
    "if",
    "only",
    "but",
    "?",
    "TBC",
    "n/a",
    ",",
    "(",
    ")",
    "Y",
    "N",
    "x",
    "1",
    "0",
    "~",
    "/",
]


def one(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


def known(value: object) -> object:
    return None if pd.isna(value) else value


# Answers


@pytest.mark.parametrize("vocabulary", ["answer", "parent_stays", "siblings"])
@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("Y", "yes"),
        ("Yes", "yes"),
        ("TRUE", "yes"),
        ("1", "yes"),
        ("✓", "yes"),
        ("x", "yes"),
        ("yes - call first", "yes"),
        ("YES – call first", "yes"),
        ("N", "no"),
        ("No", "no"),
        ("No.", "no"),
        ("FALSE", "no"),
        ("0", "no"),
        ("not available", "no"),
        ("subject to assessment", "conditional"),
        ("by arrangement", "conditional"),
        ("under 8s only", "conditional"),
        ("if space", "conditional"),
        ("1:1 carer needed", "conditional"),
        ("first session only", "conditional"),
        ("Yes, if space", "conditional"),
        ("No, but sometimes", "conditional"),
        ("ask provider", "unknown"),
        ("", None),
        ("-", None),
        ("?", None),
        ("TBC", None),
        ("n/a", None),
        ("see website", None),
        ("null", None),
        ("unknown", None),
    ],
)
def test_a_question_has_four_answers(vocabulary: str, raw: str, answer: str | None) -> None:
    assert known(one(choices.read_answer(texts(raw), SYNONYMS[vocabulary]))[choices.VALUE]) == answer


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("City residents welcome", "yes"),
        ("open to all London", "yes"),
        ("no residency restriction", "yes"),
        ("pan-London", "yes"),
        ("open to City of London & Hackney", "yes"),
        ("Hackney residents only", "no"),
        ("LBTH only", "no"),
        ("must live in Islington", "no"),
        ("in-borough only", "no"),
        ("priority to residents", "conditional"),
        ("out of borough on request", "conditional"),
        ("spot purchase", "conditional"),
        ("non-residents pay full cost", "conditional"),
        ("with direct payment", "conditional"),
        ("referral from home LA", "conditional"),
        ("local children", "unknown"),
    ],
)
def test_residency(raw: str, answer: str) -> None:
    assert one(residency.read_residency(texts(raw), SYNONYMS))[choices.VALUE] == answer


@pytest.mark.parametrize(
    ("raw", "vocabulary"),
    [
        ("There is no limit", "siblings"),
        ("No restriction on numbers", "answer"),
        ("no problem", "answer"),
        ("1 wheelchair space", "answer"),
        ("0 to 5s", "answer"),
        ("Y?", "answer"),
        ("8+", "parent_stays"),
        ("not open to all", "residency"),
    ],
)
def test_words_that_answer_nothing_are_no_answer(raw: str, vocabulary: str) -> None:
    found = one(choices.read_answer(texts(raw), SYNONYMS[vocabulary]))
    assert known(found[choices.VALUE]) is None
    assert found[STATUS] == "unparsed"


@pytest.mark.parametrize(
    "raw", ["not sure", "not yet confirmed", "no reply yet", "No information", "unconfirmed", "don't know"]
)
@pytest.mark.parametrize("vocabulary", ANSWERS)
def test_not_to_know_is_not_a_no(raw: str, vocabulary: str) -> None:
    assert one(choices.read_answer(texts(raw), SYNONYMS[vocabulary]))[choices.VALUE] == "unknown"


@pytest.mark.parametrize(
    ("raw", "vocabulary", "answer"),
    [
        ("Yes but not at weekends", "answer", "conditional"),
        ("No, except in holidays", "answer", "conditional"),
        ("Y - under 8s", "parent_stays", "conditional"),
        ("Under 8s must be accompanied", "parent_stays", "conditional"),
        ("N/A (online)", "answer", "unknown"),
        ("parents do not stay", "parent_stays", "no"),
        ("No need for parents to stay", "parent_stays", "no"),
        ("Drop-off", "parent_stays", "no"),
        ("drop off", "parent_stays", "no"),
        ("Parents stay", "parent_stays", "yes"),
        ("siblings are not welcome", "siblings", "no"),
        ("Brothers and sisters welcome", "siblings", "yes"),
        ("1 sibling", "siblings", "conditional"),
    ],
)
def test_each_question_has_phrases_of_its_own(raw: str, vocabulary: str, answer: str) -> None:
    assert one(choices.read_answer(texts(raw), SYNONYMS[vocabulary]))[choices.VALUE] == answer


def test_a_condition_is_kept_in_the_rosters_words() -> None:
    found = choices.read_answer(texts("Yes,  if\nspace", "Yes"), SYNONYMS["siblings"])
    assert [known(words) for words in found[choices.CONDITION]] == ["Yes, if space", None]


def test_an_answer_among_words_we_do_not_know_is_read_in_part() -> None:
    found = one(choices.read_answer(texts("Yes for wheelchair users"), SYNONYMS["answer"]))
    assert (found[choices.VALUE], found[STATUS]) == ("yes", "partial")


@pytest.mark.parametrize("raw", ["no siblings", "Sorry, no siblings", "No - named child only", "No"])
def test_a_no_in_a_known_phrase_still_counts(raw: str) -> None:
    assert one(choices.read_answer(texts(raw), SYNONYMS["siblings"]))[choices.VALUE] == "no"


def test_words_that_contradict_each_other_are_not_decided() -> None:
    found = one(
        residency.read_residency(texts("Islington residents only / City residents welcome"), SYNONYMS)
    )
    assert (known(found[choices.VALUE]), found[RULE]) == (None, "contradictory_phrases")


def test_a_sources_own_meaning_outweighs_the_shared_one() -> None:
    own = SYNONYMS["tier"].overlaid({"Targeted": "specialist"})
    assert one(choices.read_choice(texts("targeted"), own))[choices.VALUE] == "specialist"
    assert one(choices.read_choice(texts("targeted"), SYNONYMS["tier"]))[choices.VALUE] == "targeted"


@pytest.mark.parametrize(
    ("raw", "tier"),
    [
        ("Universal plus", "targeted"),
        ("universal", "universal"),
        ("Level 3", "specialist"),
        ("tier two", None),
    ],
)
def test_the_longest_phrase_decides_the_tier(raw: str, tier: str | None) -> None:
    assert known(one(choices.read_choice(texts(raw), SYNONYMS["tier"]))[choices.VALUE]) == tier


# Where a family must live


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("Hackney and City residents only", "yes"),
        ("Islington, Camden and City of London residents", "yes"),
        ("Hackney residents / City residents", "yes"),
        ("Square Mile families", "yes"),
        ("Priority to City residents", "yes"),
        ("No restriction on where you live", "yes"),
        ("Not restricted to Hackney residents", "yes"),
        ("Camden residents only", "no"),
        ("for families living in Hackney", "no"),
        ("City of Westminster residents only", "no"),
        ("No City residents", "no"),
        ("Hackney residents - City of London not accepted", "no"),
        ("Non-residents not accepted", "no"),
        ("Priority to Hackney residents", "conditional"),
        ("Hackney residents only, City on request", "conditional"),
        ("Tower Hamlets residents; others with a direct payment", "conditional"),
        ("Other boroughs may refer", "conditional"),
        ("all welcome (no residency stated)", "unknown"),
        ("Registered with a Tower Hamlets GP", "unknown"),
        ("not sure if City residents can come", "unknown"),
        ("Hackney", None),
        ("Hackney residents welcome", None),
        ("Children at City schools", None),
        ("E1 postcodes only", None),
        ("EC1 and Hackney families", None),
        ("Non-City residents pay more", None),
    ],
)
def test_residency_by_the_places_named(raw: str, answer: str | None) -> None:
    found = one(residency.read_residency(texts(raw), SYNONYMS))[choices.VALUE]
    assert known(found) == answer or (answer is None and found == "unknown")


@pytest.mark.parametrize(
    ("cell", "payer", "told"),
    [
        ("Y", None, ("yes", "stated", "2026-09-01")),
        ("Y (confirmed by provider 03/11/2026)", None, ("yes", "provider_confirmed", "2026-11-03")),
        ("Hackney residents only", "City of London Corporation", ("no", "stated", "2026-09-01")),
        (None, "City & Hackney (joint)", ("yes", "contract", "2026-09-01")),
        ("TBC", "City of London Corporation", ("yes", "contract", "2026-09-01")),
        (None, "LBTH block contract", ("unknown", "none", None)),
        (None, "City Bridge Foundation grant", ("unknown", "none", None)),
        ("ask provider", None, ("unknown", "none", None)),
    ],
)
def test_how_we_know_that_city_residents_are_taken(
    cell: str | None, payer: str | None, told: tuple[str, str, str | None]
) -> None:
    cells = texts(cell)
    read = residency.read_residency(cells, SYNONYMS)
    found = one(
        residency.residency_evidence(read, cells, texts(payer), texts("2026-09-01"), SYNONYMS, "%d/%m/%Y")
    )
    assert tuple(known(value) for value in found) == told


# Access


@pytest.mark.parametrize(
    ("raw", "answer"),
    [
        ("Step free", "yes"),
        ("step-free~Hearing loop", "yes"),
        ("Level access, no accessible toilet", "yes"),
        ("Lift", "yes"),
        ("Ground floor only", "partial"),
        ("Portable ramp", "partial"),
        ("Step free, ground floor only", "partial"),
        ("Accessible toilet only", "partial"),
        ("Stairs only", "no"),
        ("No lift", "no"),
        ("not wheelchair accessible", "no"),
        ("Stairs only~Ramped", None),
        ("Hearing loop", None),
        ("Hearing loop: no", None),
        ("Accessible toilet", None),
        ("Ceiling hoist", None),
    ],
)
def test_steps(raw: str, answer: str | None) -> None:
    assert known(one(access.read_step_free(texts(raw), SYNONYMS))[access.VALUE]) == answer


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        ("Step free", {}),
        ("Accessible toilet~Quiet space", {"accessible_toilet": "yes", "quiet_space": "yes"}),
        ("Changing Places toilet", {"changing_places": "yes"}),
        ("No hearing loop", {"hearing_loop": "no"}),
        ("Hearing loop: no", {"hearing_loop": "no"}),
        (
            "Portable loop on request, disabled toilet",
            {"accessible_toilet": "yes", "hearing_loop": "conditional"},
        ),
        ("Quiet room~no quiet room", {}),
        ("", {}),
    ],
)
def test_features_of_access_are_told_and_silence_is_not_a_no(raw: str, told: dict[str, str]) -> None:
    found = one(access.read_features(texts(raw), SYNONYMS))[access.FEATURES]
    entries = found if isinstance(found, tuple) else ()
    assert {entry[access.FEATURE]: entry[access.VALUE] for entry in entries} == told


@given(feature=st.sampled_from(sorted(SYNONYMS["access_feature"].codes_of)))
def test_only_the_feature_that_is_named_is_told(feature: str) -> None:
    found = one(access.read_features(texts(feature), SYNONYMS))[access.FEATURES]
    assert [entry[access.VALUE] for entry in found] == ["yes"]
    assert {entry[access.FEATURE] for entry in found} < {f.value for f in AccessFeature}


# Tier, payer and the other closed lists


@pytest.mark.parametrize(
    ("raw", "tier"),
    [
        ("Targeted (assessed, severe and complex)", "specialist"),
        ("Level One", "universal"),
        ("Core offer", "targeted"),
        ("not specialist", None),
        ("Non-specialist", None),
        ("universal or targeted", None),
    ],
)
def test_tiers(raw: str, tier: str | None) -> None:
    assert known(one(choices.read_choice(texts(raw), SYNONYMS["tier"]))[choices.VALUE]) == tier


@pytest.mark.parametrize(
    ("raw", "buyer"),
    [
        ("NHS North East London ICB", "health"),
        ("Joint: LBTH and NHS North East London ICB", "joint"),
        ("Children's social care and NHS", "joint"),
        ("LBTH short breaks framework", "social_care"),
        ("Self-funded (parent fees)", "none_self_funded"),
        ("City of London Corporation", None),
    ],
)
def test_which_service_of_the_state_buys_a_place(raw: str, buyer: str | None) -> None:
    assert (
        known(one(choices.read_commissioner(texts(raw), SYNONYMS["commissioner_type"]))[choices.VALUE])
        == buyer
    )


@pytest.mark.parametrize("vocabulary", CLOSED)
def test_every_code_is_read_as_itself(vocabulary: str) -> None:
    codes = sorted(SYNONYMS[vocabulary].codes - {"unknown"})
    assert codes
    assert choices.read_choice(texts(*codes), SYNONYMS[vocabulary])[choices.VALUE].tolist() == codes


@pytest.mark.parametrize("vocabulary", ANSWERS)
def test_every_answer_is_read_as_itself(vocabulary: str) -> None:
    codes = ["yes", "no", "conditional"]
    assert choices.read_answer(texts(*codes), SYNONYMS[vocabulary])[choices.VALUE].tolist() == codes


def test_a_code_within_other_words_is_not_a_phrase() -> None:
    assert SYNONYMS["delivery"].within("Home Park") == []
    assert SYNONYMS["own_home"].within("Yes Youth Club") == []
    assert SYNONYMS["delivery"].exactly("home") == ("home",)


# What every closed question promises


def cells_of(vocabulary: str) -> st.SearchStrategy[str]:
    """Cells made of a vocabulary's own phrases and the words that turn them."""
    pieces = st.sampled_from([*sorted(SYNONYMS[vocabulary].codes_of), *_WORDS])
    return st.one_of(st.text(max_size=20), st.lists(pieces, max_size=5).map(" ".join))


@pytest.mark.parametrize("vocabulary", ANSWERS)
@settings(max_examples=40)
@given(data=st.data())
def test_no_is_never_read_without_a_phrase_that_says_no(vocabulary: str, data: st.DataObject) -> None:
    phrases, cell = SYNONYMS[vocabulary], data.draw(cells_of(vocabulary))
    found = one(choices.read_answer(texts(cell), phrases))
    if found[choices.VALUE] == "no":
        assert ("no",) in [*phrases.within(cell), phrases.exactly(cell)]


def test_a_cell_of_other_words_that_does_not_mention_the_question_is_not_given() -> None:
    found = one(if_mentioned(choices.read_choice(texts("bring a towel"), SYNONYMS["closure_notice"])))
    assert (found[RULE], found[STATUS], known(found[choices.VALUE])) == ("missing", "parsed", None)


@pytest.mark.parametrize("vocabulary", CLOSED)
@settings(max_examples=20)
@given(data=st.data())
def test_a_choice_is_always_one_its_cell_names(vocabulary: str, data: st.DataObject) -> None:
    phrases, cell = SYNONYMS[vocabulary], data.draw(cells_of(vocabulary))
    found = one(choices.read_choice(texts(cell), phrases))
    if known(found[choices.VALUE]) is None:
        assert found[STATUS] == "unparsed" or found[RULE] == "missing"
    else:
        assert (found[choices.VALUE],) in [*phrases.within(cell), phrases.exactly(cell)]


@pytest.mark.parametrize(
    ("raw", "value"),
    [
        ("No longer available", "no"),
        ("Yes, but must be booked", "conditional"),
        ("Yes, as long as there is room", "conditional"),
    ],
)
def test_what_ended_is_a_no_and_a_yes_with_a_must_a_condition(raw: str, value: str) -> None:
    assert one(choices.read_answer(texts(raw), SYNONYMS["answer"]))[choices.VALUE] == value


@pytest.mark.parametrize(
    ("raw", "value"),
    [("Unrestricted", "yes"), ("Hackney only by spot purchase", "conditional"), ("Hackney only", "no")],
)
def test_only_by_some_way_is_a_condition(raw: str, value: str) -> None:
    assert one(residency.read_residency(texts(raw), SYNONYMS))[choices.VALUE] == value
