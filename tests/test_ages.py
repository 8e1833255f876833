"""Ages as boroughs write them, in whole years."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers import ages
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS


def read(raw: str) -> pd.Series:
    return ages.read_ages(texts(raw)).iloc[0]


def known(value: object) -> object:
    return None if pd.isna(value) else value


def ends(found: pd.Series) -> tuple[object, object]:
    return known(found[ages.LOW]), known(found[ages.HIGH])


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [
        ("Ages 5 to 11", 5, 11),
        ("5-11yrs", 5, 11),
        ("5 – 17", 5, 17),
        ("aged between 5 and 11", 5, 11),
        ("from five to eleven", 5, 11),
        ("5-11-year-olds", 5, 11),
        ("5 to 16 inclusive", 5, 16),
        ("0-25", 0, 25),
        ("0 - 25 with EHCP", 0, 25),
        ("8+", 8, None),
        ("8 yrs +", 8, None),
        ("8-18+", 8, None),
        ("eighteen plus", 18, None),
        ("18 and over", 18, None),
        ("over 18s", 18, None),
        ("no under 8s", 8, None),
        ("not suitable for under 5s", 5, None),
        ("post-16", 16, None),
        ("from 5", 5, None),
        ("under 5s", None, 4),
        ("under fives", None, 4),
        ("U11s", None, 10),
        ("up to 18", None, 17),
        ("until their 18th birthday", None, 17),
        ("up to and including 18", None, 18),
        ("18 and under", None, 18),
        ("5yrs to 18th birthday", 5, 17),
        ("5 until 18", 5, 17),
        ("8 until they turn 16", 8, 15),
        ("from 8 until you are 16", 8, 15),
        ("5 to under 12", 5, 11),
        ("over 5s, under 12s", 5, 11),
        ("aged 7", 7, 7),
        ("7 year olds", 7, 7),
        ("adults", 18, None),
        ("all ages", 0, 25),
        ("birth-5", 0, 5),
        ("6 months to 5 years", 0, 5),
        ("18 months - 4 yrs", 1, 4),
        ("6-18 months", 0, 1),
        ("6wks-5yrs", 0, 5),
        ("under 18 months", None, 1),
        ("10 yrs - 14 yrs 11 months", 10, 14),
        ("2½ - 5", 2, 5),
        ("5 -- 11", 5, 11),
        ("8‑12", 8, 12),
        ("TBC", None, None),
        ("", None, None),
    ],
)
def test_years_and_months(raw: str, low: int | None, high: int | None) -> None:
    found = read(raw)
    assert ends(found) == (low, high)
    assert found[STATUS] == "parsed"


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [
        ("Primary", 4, 10),
        ("Yr 9s upwards", 13, None),
        ("Secondary - Yr 7 up", 11, None),
        ("Year 5s & 6s", 9, 10),
        ("Rec-Y6", 4, 10),
        ("up to the end of Year 6", None, 10),
        ("primary and secondary", 4, 15),
        ("KS2", 7, 10),
        ("key stage 3", 11, 13),
        ("KS1 & KS2", 5, 10),
        ("KS3/4", 11, 15),
        ("KS2-KS4", 7, 15),
        ("Yr 7-11", 11, 15),
        ("Year 7", 11, 11),
        ("Year 7+", 11, None),
        ("up to Year 6", None, 10),
        ("Y3, Y4", 7, 8),
        ("Years 10, 11 and 12", 14, 16),
        ("Reception", 4, 4),
        ("Reception to Year 9", 4, 13),
        ("YR-Y6", 4, 10),
        ("Nursery to Year 6", 3, 10),
        ("Y7 to 18", 11, 18),
        ("Sixth form", 16, 17),
        # The numbers say what the stage is meant to be.
        ("KS2 (7-11)", 7, 11),
    ],
)
def test_school_years_are_ages_at_31_august(raw: str, low: int | None, high: int | None) -> None:
    found = read(raw)
    assert ends(found) == (low, high)
    assert (found[STATUS], found[CONFIDENCE] < 1) == ("parsed", raw != "KS2 (7-11)")


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [
        ("13 to 19 (25 SEND)", 13, 25),
        ("13-19 (25 SEND)", 13, 25),
        ("13-19 (up to 25 with EHCP)", 13, 25),
        ("11-19 (SEND up to 25)", 11, 25),
        ("11 - 19 (or 25 if SEND)", 11, 25),
        ("13-19, 25 for young people with disabilities", 13, 25),
    ],
)
def test_a_longer_stay_for_send_moves_the_oldest_age(raw: str, low: int, high: int) -> None:
    found = read(raw)
    assert (*ends(found), found[RULE]) == (low, high, "send_extension")


@pytest.mark.parametrize(
    ("raw", "low", "high", "status"),
    [
        ("5-11, 12-18", 5, 18, "parsed"),
        ("walking age to 4", 1, 4, "partial"),
        ("11-18 (up to 25)", 11, 24, "partial"),
        ("5-7 and 8-11", 5, 11, "parsed"),
        ("2-5 (1.5 hrs pw); 5-18 (3 hrs pw)", 2, 18, "parsed"),
        # Nobody of 12 or 13 may come: one span says more than the roster does.
        ("5-11 and 14-16", 5, 16, "partial"),
        ("8-12 approx", 8, 12, "partial"),
        ("school age", 5, 16, "partial"),
        ("teenagers", 13, 19, "partial"),
        ("0-19 (25)", 0, 19, "partial"),
    ],
)
def test_what_one_span_cannot_say_costs_confidence(raw: str, low: int, high: int, status: str) -> None:
    found = read(raw)
    assert (*ends(found), found[STATUS]) == (low, high, status)
    assert found[CONFIDENCE] <= 0.8


@pytest.mark.parametrize(
    "raw",
    ["05-Nov", "5-Nov", "Nov-05", "11 May", "04-Sep-2026", "2026-11-05", "2026-11-05 00:00:00", "05/11/2026", "44136"],
)  # fmt: skip
def test_ages_that_a_spreadsheet_turned_into_a_date_are_set_aside_with_that_reason(raw: str) -> None:
    found = read(raw)
    assert (found[STATUS], found[RULE]) == ("quarantine", "spreadsheet_date")
    assert ends(found) == (None, None)


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("18-11 yrs", "youngest_above_oldest"),
        ("5-150", "impossible_age"),
        ("200+", "impossible_age"),
    ],
)
def test_ages_that_cannot_be_are_set_aside(raw: str, rule: str) -> None:
    found = read(raw)
    assert (found[STATUS], found[RULE], *ends(found)) == ("quarantine", rule, None, None)


@pytest.mark.parametrize(
    "raw", ["19", "young people", "ask us", "age appropriate", "mixed", "Year 15", "children"]
)
def test_ages_that_say_nothing_certain_stay_unread(raw: str) -> None:
    found = read(raw)
    assert (found[STATUS], *ends(found)) == ("unparsed", None, None)


@pytest.mark.parametrize(
    ("youngest", "oldest", "low", "high", "status"),
    [
        ("5", "17", 5, 17, "parsed"),
        ("5.0", "17.0", 5, 17, "parsed"),
        ("0", "25 yrs", 0, 25, "parsed"),
        ("6 months", "5", 0, 5, "parsed"),
        ("18 months", "5", 1, 5, "parsed"),
        ("birth", "5", 0, 5, "parsed"),
        ("8+", "", 8, None, "parsed"),
        ("5", "18th birthday", 5, 17, "parsed"),
        ("8", "up to 18", 8, 17, "parsed"),
        ("13", "19 (25 SEND)", 13, 25, "parsed"),
        ("Reception", "Year 6", 4, 10, "parsed"),
        # A whole span in the first of two columns, and a school year, which only begins there.
        ("5-11", "", 5, 11, "parsed"),
        ("Reception", "", 4, None, "parsed"),
        ("", "", None, None, "parsed"),
        ("14", "8", None, None, "quarantine"),
        ("5", "150", None, None, "quarantine"),
        ("05-Nov", "", None, None, "quarantine"),
    ],
)
def test_ages_in_two_columns(
    youngest: str, oldest: str, low: int | None, high: int | None, status: str
) -> None:
    found = ages.read_age_columns(texts(youngest), texts(oldest)).iloc[0]
    assert found[STATUS] == status
    if status == "parsed":
        assert ends(found) == (low, high)


@pytest.mark.parametrize(
    ("youngest", "oldest", "words", "low", "high"),
    [
        ("13", "19", "13 to 19 (25 SEND)", 13, 25),
        ("5", "18", "up to 18", 5, 17),
        ("0", "", "all ages", 0, 25),
        ("", "", "5-11", 5, 11),
        ("5", "11", "", 5, 11),
        # Not sure enough, or beside the point, to stand over a number.
        ("2", "17", "2-5 (1.5 hrs pw); 5-18 (3 hrs pw)", 2, 17),
        ("0", "", "For parents and carers of children of any age", 0, None),
        ("5", "11", "05-Nov", 5, 11),
    ],
)
def test_words_beside_the_columns_explain_them(
    youngest: str, oldest: str, words: str, low: int | None, high: int | None
) -> None:
    columns = ages.read_age_columns(texts(youngest), texts(oldest))
    found = ages.explained_by(columns, ages.read_ages(texts(words))).iloc[0]
    assert ends(found) == (low, high)


@given(low=st.none() | st.integers(0, 60), length=st.none() | st.integers(0, 60))
def test_what_was_read_is_read_the_same_again(low: int | None, length: int | None) -> None:
    high = None if length is None else (low or 0) + length
    said = (
        f"{low}-{high}"
        if low is not None and high is not None
        else f"{low}+"
        if high is None
        else f"{high} and under"
    )
    if low is None and high is None:
        said = ""
    assert ends(read(said)) == (low, high)


@given(st.text("0123456789-+ toyrsundeKSYR(),.", max_size=20))
def test_no_age_is_published_that_nobody_has(raw: str) -> None:
    low, high = ends(read(raw))
    assert low is None or 0 <= low <= ages.OLDEST_PERSON
    assert high is None or 0 <= high <= ages.OLDEST_PERSON
    assert low is None or high is None or low <= high
