"""Words that boroughs really use, and what each is read as."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import project_synonyms, texts
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parsers import (
    access,
    ages,
    choices,
    contacts,
    costs,
    dates,
    needs,
    periods,
    postcodes,
    residency,
    schedules,
    values,
)
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS, beside, is_blank
from transforms.parsers.synonyms import Phrases

SYNONYMS = project_synonyms()
MAILBOXES = frozenset({"info", "office", "team", "short", "breaks", "post", "send"})

READERS = {
    "ages": ages.read_ages,
    "youngest": lambda raw: ages.read_age_columns(raw, raw),
    "schedule": lambda raw: schedules.read_schedule(raw, SYNONYMS["calendar_period"]),
    "period": lambda raw: periods.read_periods(raw, SYNONYMS["calendar_period"]),
    "costs": costs.read_costs,
    "needs": lambda raw: needs.read_needs(raw, SYNONYMS),
    "tier": lambda raw: choices.read_choice(raw, SYNONYMS["tier"]),
    "commissioner": lambda raw: choices.read_commissioner(raw, SYNONYMS["commissioner_type"]),
    "step_free": lambda raw: access.read_step_free(raw, SYNONYMS),
    "features": lambda raw: access.read_features(raw, SYNONYMS),
    "answer": lambda raw: choices.read_answer(raw, SYNONYMS["answer"]),
    "residency": lambda raw: residency.read_residency(raw, SYNONYMS),
    "dates": lambda raw: dates.read_dates(raw, "%d/%m/%y"),
    "last_dates": lambda raw: dates.read_last_dates(raw, "%d/%m/%y"),
    "whole_numbers": values.read_whole_numbers,
    "numbers": values.read_numbers,
    "postcodes": postcodes.read_postcodes,
    "phones": contacts.read_phones,
    "emails": lambda raw: contacts.read_role_emails(raw, MAILBOXES),
    "websites": contacts.read_websites,
    "companies": lambda raw: values.read_register_numbers(raw, r"[A-Z\d]{8}", 8),
    "uprns": values.read_uprns,
}
every_reader = pytest.mark.parametrize("reader", READERS)

# Pieces of rosters, so that generated cells meet the rules and not only fall past them.
_PIECES = st.sampled_from(
    [
        "5",
        "11",
        "0",
        "25",
        "99",
        "100",
        "2026-11-05",
        "-",
        "–",
        "to",
        "under",
        "over",
        "up",
        "until",
        "birthday",
        "yrs",
        "8+",
        "KS2",
        "Year",
        "Reception",
        "Nov",
        "Sat",
        "Mon-Fri",
        "10-12",
        "3pm",
        "25:99",
        "0:60",
        "12am",
        "24/7",
        "monthly",
        "£",
        "£5",
        "£1,250",
        "per",
        "hr",
        "free",
        "no",
        "No",
        "yes",
        "Y",
        "N",
        "?",
        "TBC",
        "if",
        "space",
        "only",
        "EC2Y",
        "8DS",
        "EC1",
        "+44",
        "020",
        "@",
        "info@x.org",
        "http://",
        "[::1]",
        "autism",
        "LD",
        "SEND",
        "~",
        ";",
        "(",
        ")",
        "\n",
        "½",
        "²",
        "٣",
        "İ",
        "ß",
    ]
)
CELLS = st.one_of(st.text(max_size=30), st.lists(_PIECES, max_size=6).map(" ".join))


def one(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


def known(value: object) -> object:
    return None if pd.isna(value) else value


# Single values


@pytest.mark.parametrize(
    ("raw", "postcode"),
    [
        ("EC1Y8NN", "EC1Y 8NN"),
        ("ec2y 8ds", "EC2Y 8DS"),
        ("E1  7AF", "E1 7AF"),
        ("E1 7A F", "E1 7AF"),
        ("EC2Y-8DS", "EC2Y 8DS"),
        ("EC2P 2EJ (PO box HQ)", "EC2P 2EJ"),
        ("Guildhall, London EC2V 7HH", "EC2V 7HH"),
        ("EC2Y 8D5", None),
        ("EC1", None),
        ("London E1", None),
        ("N/A", None),
        ("EC1Y 8NN or EC2Y 8DS", None),
    ],
)
def test_postcodes(raw: str, postcode: str | None) -> None:
    assert known(one(postcodes.read_postcodes(texts(raw)))[values.VALUE]) == postcode


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("12", 12),
        ("12 places", 12),
        ("12.0", 12),
        ("8-12", None),
        ("2.5", None),
        ("lots", None),
        ("9" * 20, None),
    ],
)
def test_one_whole_number(raw: str, number: int | None) -> None:
    assert known(one(values.read_whole_numbers(texts(raw)))[values.VALUE]) == number


@pytest.mark.parametrize(("raw", "number"), [("1234", "00001234"), ("SC123456", "SC123456"), ("12-34", None)])
def test_register_numbers_get_their_leading_zeros_back(raw: str, number: str | None) -> None:
    assert known(one(READERS["companies"](texts(raw)))[values.VALUE]) == number


@pytest.mark.parametrize(
    ("raw", "number"),
    [
        ("Registered charity 9902310", "9902310"),
        ("Charity no. 123456", "0123456"),
        ("Private limited company", None),
        ("Charity House 12", None),
    ],
)
def test_the_name_of_the_register_may_stand_before_its_number(raw: str, number: str | None) -> None:
    assert known(one(values.read_register_numbers(texts(raw), r"\d{6,7}", 7))[values.VALUE]) == number


# What every reader promises


@every_reader
@settings(max_examples=10)
@given(cells=st.lists(CELLS, min_size=1, max_size=8))
def test_no_text_makes_a_reader_raise_or_lose_a_row(reader: str, cells: list[str]) -> None:
    found = READERS[reader](texts(*cells))
    assert list(found.index) == list(range(len(cells)))
    assert found[CONFIDENCE].between(0, 1).all()


@every_reader
def test_a_blank_is_missing_and_never_an_answer(reader: str) -> None:
    blanks = (
        "",
        "  ",
        "-",
        "–",
        "?",
        "n/a",
        "N/A",
        "TBC",
        "tbc.",
        "null",
        "None",
        "unknown",
        "see website",
        None,
    )
    found = READERS[reader](texts(*blanks))
    assert set(found[RULE]) == {"missing"}
    assert found.drop(columns=[STATUS, RULE, CONFIDENCE]).isna().all(axis=None)


@every_reader
@settings(max_examples=4)
@given(cells=st.lists(CELLS, min_size=2, max_size=4), order=st.randoms())
def test_reading_a_cell_does_not_depend_on_its_neighbours(
    reader: str, cells: list[str], order: object
) -> None:
    raw = texts(*cells)
    shuffled = pd.concat([raw, raw]).reset_index(drop=True)
    positions = list(range(len(shuffled)))
    order.shuffle(positions)  # type: ignore[attr-defined]
    apart = pd.concat([READERS[reader](raw[[i]]) for i in raw.index])
    together = READERS[reader](shuffled.iloc[positions])
    for position in positions:
        expected = apart.loc[position % len(cells)].astype(object)
        assert together.loc[position].astype(object).equals(expected)


@given(blank=st.sampled_from(["", "-", "?", "n/a", "TBC", "null"]), padding=st.text(" \t\n\xa0", max_size=4))
def test_a_blank_stays_blank_whatever_white_space_surrounds_it(blank: str, padding: str) -> None:
    assert is_blank(padding + blank + padding)


def test_two_readings_of_one_record_keep_the_worse_status() -> None:
    good, bad = ages.read_ages(texts("5-11")), ages.read_ages(texts("05-Nov"))
    both = one(beside(good[[ages.LOW, STATUS, RULE, CONFIDENCE]], bad[[ages.HIGH, STATUS, RULE, CONFIDENCE]]))
    assert (both[STATUS], both[CONFIDENCE]) == ("quarantine", 0)
    assert both[RULE] == "range+spreadsheet_date"


def test_a_phrase_counts_only_as_whole_words() -> None:
    phrases = Phrases({"art": ("arts",)})
    assert phrases.within("an art class") == [("arts",)]
    assert phrases.within("start early") == []
