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
    postcodes,
    residency,
    schedules,
    values,
)
from transforms.parsers.reading import CONFIDENCE, RULE, STATUS, beside, is_blank
from transforms.parsers.synonyms import Phrases

SYNONYMS = project_synonyms()
EVERY_DAY = "MO,TU,WE,TH,FR,SA,SU"
MAILBOXES = frozenset({"info", "office", "team", "short", "breaks", "post", "send"})

READERS = {
    "ages": ages.read_ages,
    "youngest": lambda raw: ages.read_age_columns(raw, raw),
    "schedule": schedules.read_schedule,
    "period": lambda raw: schedules.read_period(raw, SYNONYMS["calendar_period"]),
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


# Ages


@pytest.mark.parametrize(
    ("raw", "low", "high"),
    [
        ("Ages 5 to 11", 5, 11),
        ("5-11yrs", 5, 11),
        ("5 – 17", 5, 17),
        ("8+", 8, None),
        ("under 5s", None, 4),
        ("0-25", 0, 25),
        ("up to 18", None, 17),
        ("until 18th birthday", None, 17),
        ("18 and over", 18, None),
        ("over 16s", 17, None),
        ("Primary", 4, 10),
        ("KS2", 7, 10),
        ("key stage 3", 11, 13),
        ("Yr 7-11", 11, 15),
        ("Year 7", 11, 11),
        ("Reception", 4, 4),
        ("Reception to Year 9", 4, 13),
        ("adults", 18, None),
        ("all ages", 0, 25),
        ("5yrs to 18th birthday", 5, 17),
        ("birth-5", 0, 5),
        ("6 months to 5 years", 0, 5),
        ("13 to 19 (25 SEND)", 13, 25),
        ("13-19 (25 SEND)", 13, 25),
        ("13-19 (up to 25 with EHCP)", 13, 25),
        ("5-11 and 14-16", 5, 16),
        ("TBC", None, None),
        ("", None, None),
    ],
)
def test_ages_in_one_cell(raw: str, low: int | None, high: int | None) -> None:
    found = one(ages.read_ages(texts(raw)))
    assert (known(found[ages.LOW]), known(found[ages.HIGH])) == (low, high)
    assert found[STATUS] == "parsed"


@pytest.mark.parametrize("raw", ["05-Nov", "5-Nov", "Nov-05", "11 May", "2026-11-05", "2026-11-05 00:00:00"])
def test_ages_that_a_spreadsheet_turned_into_a_date_are_set_aside_with_that_reason(raw: str) -> None:
    found = one(ages.read_ages(texts(raw)))
    assert (found[STATUS], found[RULE]) == ("quarantine", "spreadsheet_date")
    assert found[[ages.LOW, ages.HIGH]].isna().all()


@pytest.mark.parametrize("raw", ["19", "young people", "ask us"])
def test_ages_that_say_nothing_certain_stay_unread(raw: str) -> None:
    found = one(ages.read_ages(texts(raw)))
    assert found[STATUS] == "unparsed"
    assert found[[ages.LOW, ages.HIGH]].isna().all()


@pytest.mark.parametrize(
    ("youngest", "oldest", "low", "high"),
    [
        ("5", "17", 5, 17),
        ("5.0", "17.0", 5, 17),
        ("0", "25 yrs", 0, 25),
        ("6 months", "5", 0, 5),
        ("birth", "5", 0, 5),
        ("8+", "", 8, None),
        ("5", "18th birthday", 5, 17),
        ("13", "19 (25 SEND)", 13, 25),
        ("", "", None, None),
    ],
)
def test_ages_in_two_columns(youngest: str, oldest: str, low: int | None, high: int | None) -> None:
    found = one(ages.read_age_columns(texts(youngest), texts(oldest)))
    assert (known(found[ages.LOW]), known(found[ages.HIGH])) == (low, high)


# Schedules


@pytest.mark.parametrize(
    ("raw", "sessions"),
    [
        ("Sat 10-12", [("WEEKLY", 1, "SA", "10:00", "12:00")]),
        ("Sat 10-12pm", [("WEEKLY", 1, "SA", "10:00", "12:00")]),
        ("Weds 4.30pm-6.30pm", [("WEEKLY", 1, "WE", "16:30", "18:30")]),
        ("Tues & Thurs 3-6 term time", [("WEEKLY", 1, "TU,TH", "15:00", "18:00")]),
        ("Mon–Fri 9-5 (school hols only)", [("WEEKLY", 1, "MO,TU,WE,TH,FR", "09:00", "17:00")]),
        ("1st Sunday monthly", [("MONTHLY", 1, "SU", None, None)]),
        ("Fortnightly Sat", [("WEEKLY", 2, "SA", None, None)]),
        ("24/7", [("WEEKLY", 1, EVERY_DAY, None, None)]),
        ("Sat 10-12; 2-4", [("WEEKLY", 1, "SA", "10:00", "12:00"), ("WEEKLY", 1, "SA", "14:00", "16:00")]),
        ("Sat 11.30-1", [("WEEKLY", 1, "SA", "11:30", "13:00")]),
        ("Mon 12-2", [("WEEKLY", 1, "MO", "12:00", "14:00")]),
        ("Mon 6pm-9", [("WEEKLY", 1, "MO", "18:00", "21:00")]),
        ("Fri-Mon 09:00-17:00", [("WEEKLY", 1, "MO,FR,SA,SU", "09:00", "17:00")]),
        ("MO,WE 09:00-10:00", [("WEEKLY", 1, "MO,WE", "09:00", "10:00")]),
    ],
)
def test_sessions_in_one_cell(raw: str, sessions: list[tuple[object, ...]]) -> None:
    found = one(schedules.read_schedule(texts(raw)))[schedules.SESSIONS]
    fields = ("freq", "interval", "byday", "opens_at", "closes_at")
    assert [tuple(session[f] for f in fields) for session in found] == sessions


@pytest.mark.parametrize(
    ("raw", "opens", "closes", "hours"),
    [
        ("Sat 22:00-06:00", "22:00", "06:00", 8),
        ("Fri 18:00-09:00", "18:00", "09:00", 15),
        ("Fri 10pm-6", "22:00", "06:00", 8),
        ("Fri 10pm-6am", "22:00", "06:00", 8),
        ("Fri 7pm-12am", "19:00", "00:00", 5),
    ],
)
def test_a_night_runs_past_midnight(raw: str, opens: str, closes: str, hours: float) -> None:
    (session,) = one(schedules.read_schedule(texts(raw)))[schedules.SESSIONS]
    assert (session["opens_at"], session["closes_at"]) == (opens, closes)
    assert schedules.hours_between(opens, closes) == hours


@pytest.mark.parametrize("raw", ["Easter + Summer hols", "Various", "contact for times"])
def test_a_schedule_without_a_day_or_time_stays_unread(raw: str) -> None:
    found = one(schedules.read_schedule(texts(raw)))
    assert found[STATUS] == "unparsed"
    assert known(found[schedules.SESSIONS]) is None


@pytest.mark.parametrize("raw", ["1st Sunday monthly", "24/7", "10-12", "Sat 10-12; by arrangement"])
def test_a_schedule_read_in_part_says_so(raw: str) -> None:
    found = one(schedules.read_schedule(texts(raw)))
    assert found[STATUS] == "partial"
    assert found[CONFIDENCE] < 1


def test_a_guess_of_morning_or_afternoon_costs_confidence() -> None:
    guessed, stated = schedules.read_schedule(texts("Tues 3-6", "Tues 3pm-6pm"))[CONFIDENCE]
    assert guessed < stated == 1


def test_parallel_columns_give_one_session_a_day() -> None:
    found = one(schedules.read_schedule_columns(texts("MO~WE"), texts("09:00~16:00"), texts("10:00~17:30")))
    sessions = [(s["byday"], s["opens_at"], s["closes_at"]) for s in found[schedules.SESSIONS]]
    assert sessions == [("MO", "09:00", "10:00"), ("WE", "16:00", "17:30")]


def test_day_columns_give_the_day_of_the_column() -> None:
    week = [texts(cell) for cell in ("", "3-6pm", "-", "", "", "Sat 10-12", "")]
    found = one(schedules.read_schedule_by_day(week))
    sessions = [(s["byday"], s["opens_at"], s["closes_at"]) for s in found[schedules.SESSIONS]]
    assert sessions == [("TU", "15:00", "18:00"), ("SA", "10:00", "12:00")]


@pytest.mark.parametrize(
    ("raw", "period"),
    [
        ("Tues & Thurs 3-6 term time", "term_time"),
        ("Easter + Summer hols", "school_holidays"),
        ("Mon–Fri 9-5 (school hols only)", "school_holidays"),
        ("Easter", "easter"),
        ("February half term", "feb_half_term"),
        ("term time and Easter", "all_year"),
        ("year round", "all_year"),
        ("Sat 10-12", None),
        ("", None),
    ],
)
def test_calendar_periods(raw: str, period: str | None) -> None:
    found = one(schedules.read_period(texts(raw), SYNONYMS["calendar_period"]))
    assert known(found[schedules.PERIOD]) == period


# Costs


@pytest.mark.parametrize(
    ("raw", "options"),
    [
        ("Free", [(0, "unknown", True)]),
        ("£5", [(5, "unknown", False)]),
        ("5", [(5, "unknown", False)]),
        ("Free / £5", [(0, "unknown", True), (5, "unknown", False)]),
        ("£5 per session (£2.50 siblings)", [(5, "session", False), (2.5, "unknown", False)]),
        ("from £12/hr", [(12, "hour", False)]),
        ("£12.50ph", [(12.5, "hour", False)]),
        ("£12 an hour", [(12, "hour", False)]),
        ("£30 pw", [(30, "week", False)]),
        ("£20 a day or £100 a week", [(20, "day", False), (100, "week", False)]),
        ("£1,250 per year", [(1250, "year", False)]),
        ("£0", [(0, "unknown", True)]),
        ("£0.50", [(0.5, "unknown", False)]),
        ("nil", [(0, "unknown", True)]),
    ],
)
def test_prices(raw: str, options: list[tuple[float, str, bool]]) -> None:
    found = one(costs.read_costs(texts(raw)))[costs.OPTIONS]
    assert [(o["amount"], o["x_unit"], o["x_is_free"]) for o in found] == options


@pytest.mark.parametrize("raw", ["POA", "donation", "covered by short breaks hours", "110 hrs pa"])
def test_words_without_a_price_are_not_free(raw: str) -> None:
    found = one(costs.read_costs(texts(raw)))
    assert known(found[costs.OPTIONS]) is None
    assert found[STATUS] == "unparsed"


def test_parallel_amounts_and_units_are_paired() -> None:
    found = one(costs.read_cost_columns(texts("5~20"), texts("session~day")))[costs.OPTIONS]
    assert [(o["amount"], o["x_unit"]) for o in found] == [(5, "session"), (20, "day")]


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
