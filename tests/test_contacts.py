"""Telephones, mailboxes and web addresses: what is published, and who never is."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import texts
from hypothesis import given
from hypothesis import strategies as st

from flows.outputs import inert
from transforms.parsers.contacts import VALUE, read_phones, read_role_emails, read_websites
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS

MAILBOXES = frozenset({"info", "office", "team", "short", "breaks", "post", "send", "bookings"})


def one(frame: pd.DataFrame) -> pd.Series:
    assert len(frame) == 1
    return frame.iloc[0]


def known(value: object) -> object:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("raw", "phone"),
    [
        ("020 7946 0123", "+44 20 7946 0123"),
        ("+44 (0)20 7946 0123", "+44 20 7946 0123"),
        ("0044 20 7946 0123", "+44 20 7946 0123"),
        ("(020) 7946-0123", "+44 20 7946 0123"),
        ("02079460123", "+44 20 7946 0123"),
        ("02079460123.0", "+44 20 7946 0123"),
        ("07700 900123", "+44 7700 900123"),
        ("01632 960123", "+44 1632 960123"),
        ("0800 1111", "+44 800 1111"),
        ("020 7946 0123 ext. 45", "+44 20 7946 0123 x45"),
        ("+1 212 555 0123", "+1 212-555-0123"),
        ("Tel: 020 7946 0123 (office)", "+44 20 7946 0123"),
        ("020 7946 0123 / 020 7946 0123", "+44 20 7946 0123"),
    ],
)
def test_phones(raw: str, phone: str) -> None:
    found = one(read_phones(texts(raw)))
    assert (found[VALUE], found[STATUS]) == (phone, "parsed")


@pytest.mark.parametrize(
    ("raw", "phone", "rule"),
    [
        ("2079460123", "+44 20 7946 0123", "leading_zero_restored"),
        ("2079460123.0", "+44 20 7946 0123", "leading_zero_restored"),
        ("2.079460123E+9", "+44 20 7946 0123", "leading_zero_restored"),
        ("7700900123.0", "+44 7700 900123", "leading_zero_restored"),
        ("442079460123.0", "+44 20 7946 0123", "plus_restored"),
        ("O20 7946 Ol23", "+44 20 7946 0123", "letter_for_digit"),
    ],
)
def test_a_repaired_number_says_how_it_was_repaired(raw: str, phone: str, rule: str) -> None:
    found = one(read_phones(texts(raw)))
    assert (found[VALUE], found[RULE]) == (phone, rule)
    assert found[CONFIDENCE] < 1


@pytest.mark.parametrize(
    "raw",
    [
        "12",
        "999",
        "call us",
        "020 7946 012",
        "020 7946 01234",
        "07700 90012",
        "00000000000",
        "2.07946E+09",
        "0800 SIGN UP",
        "05/11/2026",
        "٠20 7946 0123",
        "020 7946 0123 020",
    ],
)
def test_what_is_no_number_in_use_stays_unread(raw: str) -> None:
    found = one(read_phones(texts(raw)))
    assert (known(found[VALUE]), found[STATUS]) == (None, "unparsed")


@pytest.mark.parametrize("between", [" or ", "/", "; ", "~", "\n", ", "])
def test_of_several_numbers_the_first_is_read_and_the_reading_is_partial(between: str) -> None:
    found = one(read_phones(texts(f"020 7946 0123{between}07700 900123")))
    assert (found[VALUE], found[STATUS]) == ("+44 20 7946 0123", "partial")
    assert found[RULE] == "several_numbers"


@given(name=st.sampled_from(["Jane", "Mr O'Brien", "Nurse Odile", "Ingrid Ext"]), after=st.booleans())
def test_a_name_beside_a_number_goes_nowhere(name: str, after: bool) -> None:
    raw = f"020 7946 0123 ask for {name}" if after else f"call {name} on 020 7946 0123"
    found = one(read_phones(texts(raw)))
    assert (found[VALUE], found[STATUS]) == ("+44 20 7946 0123", "partial")
    assert not any(word.lower() in str(found.to_list()).lower() for word in name.split() if len(word) > 3)


@given(st.text(max_size=30))
def test_whatever_is_read_is_a_number_and_stays_as_it_is(text: str) -> None:
    phone = one(read_phones(texts(text)))[VALUE]
    if known(phone):
        assert set(phone) <= set("+0123456789 -x")
        assert one(read_phones(texts(phone)))[VALUE] == phone


@pytest.mark.parametrize("phone", ["+44 20 7946 0123", "+44 20 7946 0123 x45", "+44 (0)20 7946 0123", "-5"])
def test_a_spreadsheet_shows_a_number_as_it_is(phone: str) -> None:
    assert inert(phone) == phone


@pytest.mark.parametrize("days", ["-1FR", "-1TH,2SA", "-1SU,-1MO"])
def test_the_last_weekday_of_a_month_stays_as_it_is(days: str) -> None:
    assert inert(days) == days


@pytest.mark.parametrize("cell", ["-1FR+cmd|' /C calc'!A0", "-1+1", "+1FR", "-1FR,=1"])
def test_what_only_begins_like_a_weekday_is_made_inert(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize("cell", ["=1+1", "@SUM(A1)", "+A1", "-2+3+cmd|' /C calc'!A0", "+1 x5", "\t=1+1"])
def test_a_spreadsheet_runs_nothing(cell: str) -> None:
    assert inert(cell) == f"'{cell}"


@pytest.mark.parametrize(
    ("raw", "mailbox"),
    [
        ("Info@Example.org", "info@example.org"),
        ("info.city@example.org", "info.city@example.org"),
        ("shortbreaksteam@example.org", "shortbreaksteam@example.org"),
        ("team2@a.org", "team2@a.org"),
        ("foxglove-bookings@foxglove.example", "foxglove-bookings@foxglove.example"),
        ("mailto:info@example.org", "info@example.org"),
        ("jo.smith@example.org; office@example.org", "office@example.org"),
        ("Jo Smith <info@example.org>", "info@example.org"),
    ],
)
def test_the_mailbox_of_a_role_is_kept(raw: str, mailbox: str) -> None:
    assert one(read_role_emails(texts(raw), MAILBOXES))[VALUE] == mailbox


@pytest.mark.parametrize(
    "raw",
    [
        "jo.smith@example.org",
        "postlethwaite@example.org",
        "sendra.patel@example.org",
        "j.teamworth@example.org",
        "jo.bookings@example.org",
        "jo-smith-send@example.org",
    ],
)
def test_a_persons_own_mailbox_is_never_kept(raw: str) -> None:
    found = one(read_role_emails(texts(raw), MAILBOXES))
    assert (known(found[VALUE]), found[RULE]) == (None, "personal_mailbox")


@pytest.mark.parametrize(
    "raw",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "www site",
        "x",
        "https://user:secret@example.org",
    ],
)
def test_only_web_addresses_are_links(raw: str) -> None:
    assert known(one(read_websites(texts(raw)))[VALUE]) is None


@pytest.mark.parametrize(
    ("raw", "site"),
    [
        ("www.Example.org/Clubs", "https://www.example.org/Clubs"),
        ("HTTP://example.org", "http://example.org"),
    ],
)
def test_websites_get_the_form_that_the_tables_declare(raw: str, site: str) -> None:
    assert one(read_websites(texts(raw)))[VALUE] == site
    assert one(read_websites(texts(site)))[VALUE] == site
