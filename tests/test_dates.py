"""Dates as rosters write them: read when they can be read one way only, set aside when they would mislead."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import texts
from hypothesis import given
from hypothesis import strategies as st

from transforms.parsers.dates import VALUE, read_dates, read_first_dates, read_last_dates
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS


def read(raw: str, layout: str | None = None) -> pd.Series:
    found = read_dates(texts(raw), layout)
    assert len(found) == 1
    return found.iloc[0]


def known(value: object) -> object:
    return None if pd.isna(value) else value


@pytest.mark.parametrize(
    ("raw", "layout", "date"),
    [
        ("01/02/26", "%d/%m/%y", "2026-02-01"),
        ("01/02/2026", "%d/%m/%Y", "2026-02-01"),
        ("02-01-2026", "%m-%d-%Y", "2026-02-01"),
        ("2026-02-01", "%d/%m/%y", "2026-02-01"),
        ("2026-02-01T09:30:00Z", "%d/%m/%y", "2026-02-01"),
        ("2026-02-01 00:00:00", "%d/%m/%y", "2026-02-01"),
        ("01/02/2026 09:30", "%d/%m/%Y", "2026-02-01"),
        ("1 February 2026", "%d/%m/%y", "2026-02-01"),
    ],
)
def test_dates_follow_the_declared_form_or_can_be_read_one_way(raw: str, layout: str, date: str) -> None:
    assert (read(raw, layout)[VALUE], read(raw, layout)[STATUS]) == (date, "parsed")


@pytest.mark.parametrize("raw", ["01/02/2026", "1-2-26", "01.02.2026"])
def test_other_marks_keep_the_declared_order_and_say_so(raw: str) -> None:
    found = read(raw, "%d/%m/%y")
    assert (found[VALUE], found[RULE]) == ("2026-02-01", "declared_order")
    assert found[CONFIDENCE] < 1
    assert read(raw, "%m/%d/%y")[VALUE] == "2026-01-02"


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        ("13/13/26", "impossible_date"),
        ("30/02/26", "impossible_date"),
        ("31/02/2025", "impossible_date"),
        # A day that only the other order could hold is not quietly turned round.
        ("11/23/26", "impossible_date"),
        ("45678", "serial_number"),
        ("46349.0", "serial_number"),
        ("01/09/26 - 31/08/27", "impossible_date"),
        ("March 2027", "impossible_date"),
        ("1900-01-01", "impossible_date"),
        ("Friday 5 March 2026", "contradictory_date"),
        ("٠١/٠٢/٢٠٢٦", "digits_of_another_script"),
    ],
)
def test_a_date_that_would_mislead_is_set_aside(raw: str, rule: str) -> None:
    found = read(raw, "%d/%m/%y")
    assert (found[STATUS], known(found[VALUE]), found[RULE]) == ("quarantine", None, rule)


@pytest.mark.parametrize("raw", ["next week", "ongoing", "rolling contract"])
def test_words_without_a_date_are_unread_and_no_date(raw: str) -> None:
    found = read(raw, "%d/%m/%y")
    assert (found[STATUS], known(found[VALUE])) == ("unparsed", None)


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("23/11/2026", "2026-11-23"),
        ("23.11.2026", "2026-11-23"),
        ("05/05/2026", "2026-05-05"),
        ("2026-11-23", "2026-11-23"),
        ("2026/11/23", "2026-11-23"),
        ("5 March 2026", "2026-03-05"),
        ("5th of March 2026", "2026-03-05"),
        ("Thursday 5 March 2026", "2026-03-05"),
        ("Thurs, 5th Mar. 2026", "2026-03-05"),
        ("March 5, 2026", "2026-03-05"),
        ("1 Sept 2026", "2026-09-01"),
    ],
)
def test_without_a_declared_form_a_date_with_one_reading_is_read(raw: str, date: str) -> None:
    found = read(raw)
    assert (found[VALUE], found[STATUS]) == (date, "parsed")


@pytest.mark.parametrize(("raw", "date"), [("23/11/26", "2026-11-23"), ("5-Mar-26", "2026-03-05")])
def test_a_century_that_is_inferred_lowers_the_confidence(raw: str, date: str) -> None:
    found = read(raw)
    assert found[VALUE] == date
    assert found[CONFIDENCE] < 1


@pytest.mark.parametrize("raw", ["03/04/2026", "1/2/26", "12-11-2026"])
def test_without_a_declared_form_a_date_with_two_readings_is_set_aside(raw: str) -> None:
    found = read(raw)
    assert (found[STATUS], found[RULE], known(found[VALUE])) == ("quarantine", "ambiguous_date", None)


@given(
    day=st.dates(pd.Timestamp("1950-01-01").date(), pd.Timestamp("2099-12-31").date()),
    layout=st.sampled_from(["%d %B %Y", "%d-%b-%Y", "%Y-%m-%d", "%Y/%m/%d", "%B %d, %Y", "%a %d %b %Y"]),
)
def test_every_day_is_read_back_from_every_form_with_one_reading(day: object, layout: str) -> None:
    assert read(f"{day:{layout}}")[VALUE] == f"{day}"


@given(day=st.dates(pd.Timestamp("1950-01-01").date(), pd.Timestamp("2099-12-31").date()))
def test_numbers_are_never_read_as_another_day(day: object) -> None:
    assert known(read(f"{day:%d/%m/%Y}")[VALUE]) in (f"{day}", None)


@pytest.mark.parametrize(
    ("raw", "first", "last"),
    [
        ("01/02/26~03/01/26", "2026-01-03", "2026-02-01"),
        ("01/02/26~", None, None),
        ("01/02/26~ongoing", None, None),
        ("", None, None),
    ],
)
def test_several_dates_in_one_cell(raw: str, first: str | None, last: str | None) -> None:
    assert known(read_first_dates(texts(raw), "%d/%m/%y")[VALUE].iat[0]) == first
    assert known(read_last_dates(texts(raw), "%d/%m/%y")[VALUE].iat[0]) == last


@pytest.mark.parametrize(
    ("raw", "date"),
    [
        ("Ends 31/03/2027", "2027-03-31"),
        ("Reviewed 3rd March 2026 by the team", "2026-03-03"),
        ("extended to 31-Aug-27", "2027-08-31"),
    ],
)
def test_one_date_among_other_words_is_read_in_part(raw: str, date: str) -> None:
    found = read(raw)
    assert (found[VALUE], found[STATUS], found[RULE]) == (date, "partial", "date_among_words")
    assert found[CONFIDENCE] < 1


@pytest.mark.parametrize("raw", ["01/02/2026 or so", "31/02/2026 maybe", "13/01/2026 to 14/02/2026"])
def test_a_doubtful_date_or_two_among_words_are_set_aside(raw: str) -> None:
    assert read(raw)[STATUS] == "quarantine"
    assert known(read(raw)[VALUE]) is None
