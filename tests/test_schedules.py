"""Days, times and seasons as boroughs write them."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import project_synonyms, texts
from dateutil.rrule import rrulestr
from hypothesis import given, settings
from hypothesis import strategies as st

from transforms.parsers import periods, schedules, session_columns
from transforms.parsers.reading import CONFIDENCE, STATUS
from transforms.parsers.session_times import hours_between
from transforms.tables import Schedule
from transforms.vocabulary import Weekday

PERIODS = project_synonyms()["calendar_period"]
EVERY_DAY, WEEKDAYS = "MO,TU,WE,TH,FR,SA,SU", "MO,TU,WE,TH,FR"
RULE_FIELDS = (Schedule.freq, Schedule.interval, Schedule.byday)
FIELDS = (*RULE_FIELDS, Schedule.opens_at, Schedule.closes_at)


def read(raw: str) -> pd.Series:
    return schedules.read_schedule(texts(raw), PERIODS).iloc[0]


def sessions(found: pd.Series, fields: tuple[str, ...] = FIELDS) -> list[tuple[object, ...]]:
    listed = found[schedules.SESSIONS]
    return [tuple(s[f] for f in fields) for s in listed] if isinstance(listed, tuple) else []


@pytest.mark.parametrize(
    ("raw", "byday"),
    [
        ("Sat", "SA"),
        ("Weds", "WE"),
        ("Tues. & Thur", "TU,TH"),
        ("Mons, Weds and Fris", "MO,WE,FR"),
        ("M-Th", "MO,TU,WE,TH"),
        ("MWF", "MO,WE,FR"),
        ("Daily, closed weekends,", "MO,TU,WE,TH,FR"),
        ("Mon–Fri", WEEKDAYS),
        ("M-F", WEEKDAYS),
        ("weekdays", WEEKDAYS),
        ("school days", WEEKDAYS),
        ("weekends", "SA,SU"),
        ("daily", EVERY_DAY),
        ("seven days a week", EVERY_DAY),
        ("Fri-Mon", "MO,FR,SA,SU"),
        ("Mon-Fri except Wed", "MO,TU,TH,FR"),
        ("daily, closed Mondays", "TU,WE,TH,FR,SA,SU"),
        ("Mon closed, Tue", "TU"),
        ("Tu/Th", "TU,TH"),
        ("MO,WE", "MO,WE"),
        ("Saturday’s", "SA"),
    ],
)
def test_days(raw: str, byday: str) -> None:
    assert sessions(read(raw)) == [("WEEKLY", 1, byday, None, None)]


@pytest.mark.parametrize(
    ("raw", "byday"), [("Wendesday", "WE"), ("Thrusday", "TH"), ("Saterdays", "SA"), ("Teusday", "TU")]
)
def test_a_mistyped_day_is_put_right_at_the_cost_of_confidence(raw: str, byday: str) -> None:
    found = read(f"{raw} 4pm-6pm")
    assert sessions(found) == [("WEEKLY", 1, byday, "16:00", "18:00")]
    assert found[CONFIDENCE] == 0.8


@pytest.mark.parametrize("raw", ["holiday", "birthday party", "sunny", "we meet often", "friendly", "midday"])
def test_a_word_like_a_day_is_no_day(raw: str) -> None:
    assert all(byday is None for (byday,) in sessions(read(raw), (Schedule.byday,)))


@pytest.mark.parametrize(
    ("raw", "opens", "closes", "confidence"),
    [
        ("4.30pm-6.30pm", "16:30", "18:30", 1),
        ("10.00 a.m. – 12.00 p.m.", "10:00", "12:00", 1),
        ("16:30 to 18:00", "16:30", "18:00", 1),
        ("1630-1800", "16:30", "18:00", 1),
        ("17h00-18h30", "17:00", "18:30", 1),
        ("10am till 12 noon", "10:00", "12:00", 1),
        ("8pm-midnight", "20:00", "00:00", 1),
        # One end says which half of the day it is.
        ("4-6pm", "16:00", "18:00", 0.9),
        ("10-12pm", "10:00", "12:00", 0.9),
        ("9-1pm", "09:00", "13:00", 0.9),
        ("6pm-9", "18:00", "21:00", 0.9),
        ("11am-1", "11:00", "13:00", 0.9),
        ("10-noon", "10:00", "12:00", 0.9),
        # Neither does: what a club would mean.
        ("10-12", "10:00", "12:00", 0.9),
        ("11.30-1", "11:30", "13:00", 0.9),
        ("12-2", "12:00", "14:00", 0.9),
        ("9-5", "09:00", "17:00", 0.9),
        ("3-6", "15:00", "18:00", 0.8),
        ("8.10-8.40", "08:10", "08:40", 0.8),
        ("7-9", "19:00", "21:00", 0.7),
        ("morning 7-9", "07:00", "09:00", 0.8),
        ("evening 8-10", "20:00", "22:00", 0.8),
        # What is told of one end only.
        ("from 4pm", "16:00", None, 1),
        ("10am start", "10:00", None, 1),
        ("until 6pm", None, "18:00", 1),
        ("10am for 2 hours", "10:00", "12:00", 1),
        ("0.75", "18:00", None, 0.9),
    ],
)
def test_times(raw: str, opens: str | None, closes: str | None, confidence: float) -> None:
    found = read(f"Sat {raw}")
    assert sessions(found) == [("WEEKLY", 1, "SA", opens, closes)]
    assert found[CONFIDENCE] == confidence


def test_a_bare_seven_on_every_weekday_is_before_school() -> None:
    assert sessions(read("Mon-Fri 7.30-9"), FIELDS[3:]) == [("07:30", "09:00")]


@pytest.mark.parametrize(
    "raw",
    ["Sat 9-12am", "Sat (ages 5-11)", "Sat 1:1", "Sat £5-10", "Sat 2025-2026", "Sat 10-12 weeks", "Sat 25:99",
     "Sat 10"],
)  # fmt: skip
def test_numbers_that_are_no_times_are_left_alone(raw: str) -> None:
    assert sessions(read(raw), FIELDS[3:]) == [(None, None)]


@pytest.mark.parametrize(
    ("raw", "opens", "closes", "hours"),
    [
        ("Sat 22:00-06:00", "22:00", "06:00", 8),
        ("Fri 18:00-09:00", "18:00", "09:00", 15),
        ("Fri 10pm-6", "22:00", "06:00", 8),
        ("Fri 10pm-6am", "22:00", "06:00", 8),
        ("Fri 7pm-12am", "19:00", "00:00", 5),
        ("Fri 5pm to Sat 10am", "17:00", "10:00", 17),
        ("24/7", "00:00", "24:00", 24),
    ],
)
def test_a_night_runs_past_midnight(raw: str, opens: str, closes: str, hours: float) -> None:
    assert sessions(read(raw), FIELDS[3:]) == [(opens, closes)]
    assert hours_between(opens, closes) == hours


def test_a_stay_of_several_days_has_no_closing_time_that_could_pass_for_the_same_night() -> None:
    found = read("Fri 5pm-Sun 4pm")
    assert sessions(found) == [("WEEKLY", 1, "FR", "17:00", None)]
    assert found[STATUS] == "partial"


@pytest.mark.parametrize(
    ("raw", "freq", "interval", "byday"),
    [
        ("Fortnightly Sat", "WEEKLY", 2, "SA"),
        ("alternate Saturdays", "WEEKLY", 2, "SA"),
        ("every other Sat", "WEEKLY", 2, "SA"),
        ("Every 2 weeks, Thursday", "WEEKLY", 2, "TH"),
        ("every third week, Sat", "WEEKLY", 3, "SA"),
        ("1st Sunday monthly", "MONTHLY", 1, "1SU"),
        ("last Friday of the month", "MONTHLY", 1, "-1FR"),
        ("2nd & 4th Sat", "MONTHLY", 1, "2SA,4SA"),
        ("first Sat and third Sun of the month", "MONTHLY", 1, "1SA,3SU"),
        ("every third Thursday of the month", "MONTHLY", 1, "3TH"),
        ("4th Tue/month", "MONTHLY", 1, "4TU"),
        ("2nd weekend of the month", "MONTHLY", 1, "2SA,2SU"),
        ("1SU,-1FR", "MONTHLY", 1, "1SU,-1FR"),
    ],
)
def test_how_often(raw: str, freq: str, interval: int, byday: str) -> None:
    found = read(raw)
    assert sessions(found, RULE_FIELDS) == [(freq, interval, byday)]
    assert found[STATUS] == "parsed"


@pytest.mark.parametrize(
    ("raw", "freq", "interval", "byday"),
    [
        # Which Saturday, or whether every second or the second, is not told.
        ("Monthly on Saturdays", "MONTHLY", 1, "SA"),
        ("every second Friday", "WEEKLY", 2, "FR"),
        # Told, but not so that anybody could work out a date.
        ("One Sat each half term", None, None, "SA"),
        ("Last Sat of each half term", None, None, "SA"),
        ("Two weekends a year", None, None, "SA,SU"),
        ("Sat 14 November", None, None, "SA"),
        ("Sat, one-off", None, None, "SA"),
        ("some Saturdays", None, None, "SA"),
    ],
)
def test_how_often_in_part(raw: str, freq: str | None, interval: int | None, byday: str) -> None:
    found = read(raw)
    assert sessions(found, RULE_FIELDS) == [(freq, interval, byday)]
    assert (found[STATUS], found[CONFIDENCE]) == ("partial", 0.5)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Sat 10-12; 2-4", [("SA", "10:00", "12:00"), ("SA", "14:00", "16:00")]),
        ("Sat 10am-12pm and 1pm-3pm", [("SA", "10:00", "12:00"), ("SA", "13:00", "15:00")]),
        ("Mon 4-6, Sat 10-12", [("MO", "16:00", "18:00"), ("SA", "10:00", "12:00")]),
        ("Mon 4-6\nSat 10-12", [("MO", "16:00", "18:00"), ("SA", "10:00", "12:00")]),
        ("Mon 4-6 also Sat 10-12", [("MO", "16:00", "18:00"), ("SA", "10:00", "12:00")]),
        ("4-6pm Mon, 10-12 Sat", [("MO", "16:00", "18:00"), ("SA", "10:00", "12:00")]),
        ("Mon, Tues & Thurs 4-5pm, Fri 5-6pm", [("MO,TU,TH", "16:00", "17:00"), ("FR", "17:00", "18:00")]),
    ],
)
def test_several_sessions_in_one_cell(raw: str, expected: list[tuple[str, str, str]]) -> None:
    assert sessions(read(raw), FIELDS[2:]) == expected


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Tues & Thurs 3-6 term time", [("TU,TH", "term_time")]),
        ("Mon–Fri 9-5 (school hols only)", [(WEEKDAYS, "school_holidays")]),
        ("May half-term: Tues–Thurs 10–3", [("TU,WE,TH", "may_half_term")]),
        ("Mon 4-6, Sat 10-12, term time only", [("MO", "term_time"), ("SA", "term_time")]),
        ("Term time: Mon 4-6; Hols: Mon-Fri 9-5", [("MO", "term_time"), (WEEKDAYS, "school_holidays")]),
        ("Sat 10-4 (term time), 10-3 (holidays)", [("SA", "term_time"), ("SA", "school_holidays")]),
        ("Mon 4-6 (term), Tues 9-5 (hols)", [("MO", "term_time"), ("TU", "school_holidays")]),
        ("Mon 4-6; Sat 10-12 term time", [("MO", "term_time"), ("SA", "term_time")]),
        ("Mon 4-6; Sat 10-12; term time", [("MO", "term_time"), ("SA", "term_time")]),
        ("Mon-Fri 10-4 Easter + Summer hols", [(WEEKDAYS, "easter"), (WEEKDAYS, "summer")]),
        ("Sat & Sun, both 10-4", [("SA,SU", None)]),
        ("Sat 10-12 (not bank holidays)", [("SA", None)]),
        ("Sat 10-12 except school holidays", [("SA", "term_time")]),
        ("Easter + Summer hols", [(None, "easter"), (None, "summer")]),
    ],
)
def test_the_season_of_each_session(raw: str, expected: list[tuple[str | None, str | None]]) -> None:
    assert sessions(read(raw), (Schedule.byday, Schedule.x_calendar_period)) == expected


def test_a_rhythm_belongs_to_the_session_it_stands_with() -> None:
    found = sessions(read("Fri 6-8pm, monthly on 1st Sun 2-5pm"), RULE_FIELDS)
    assert found == [("WEEKLY", 1, "FR"), ("MONTHLY", 1, "1SU")]
    assert sessions(read("Sat 10-12; fortnightly"), RULE_FIELDS) == [("WEEKLY", 2, "SA")]


@pytest.mark.parametrize(
    "raw",
    ["Various", "contact for times", "By arrangement", "by appointment", "flexible", "No sessions in August",
     "Closed Sundays", "Not Saturdays"],
)  # fmt: skip
def test_a_schedule_without_a_day_or_time_stays_unread(raw: str) -> None:
    found = read(raw)
    assert (sessions(found), found[STATUS]) == ([], "unparsed")


@pytest.mark.parametrize(
    "raw",
    ["10-12", "Sat 10-12; by arrangement", "Mondays 4-5pm, no session 2 March", "Sat 10-12 or 1-3", "Sat, times vary",
     "28 July to 22 August 2025, Mon-Fri 10am-4pm", "Sat overnight", "Sat am", "All year except August, Sat 10-12"],
)  # fmt: skip
def test_a_schedule_read_in_part_says_so(raw: str) -> None:
    found = read(raw)
    assert found[STATUS] == "partial"
    assert found[CONFIDENCE] < 1


# Layouts


def test_parallel_columns_give_one_session_a_day() -> None:
    found = session_columns.read_schedule_columns(
        texts("MO~WE~SA~1SU"), texts("09:00:00~16:00~10:00~14:00"), texts("10:00:00~17:30~12:00~"),
        texts("WEEKLY~WEEKLY~WEEKLY~MONTHLY"), texts("1~1~2~1"),
        texts("Mon 9-10, term time~Weds 4-5.30pm, Easter holidays~~"), PERIODS,
    ).iloc[0]  # fmt: skip
    assert sessions(found, schedules.FIELDS) == [
        ("WEEKLY", 1, "MO", "09:00", "10:00", "term_time"),
        ("WEEKLY", 1, "WE", "16:00", "17:30", "easter"),
        ("WEEKLY", 2, "SA", "10:00", "12:00", None),
        ("MONTHLY", 1, "1SU", "14:00", None, None),
    ]


@pytest.mark.parametrize(
    ("opens", "closes", "note", "session"),
    [
        ("10:00", "12:00", "", (None, None, "SA", "10:00", "12:00")),
        ("", "12:00", "", (None, None, "SA", None, "12:00")),
        ("", "", "Saturdays", (None, None, "SA", None, None)),
        ("10:00", "12:00", "Fortnightly", ("WEEKLY", 2, "SA", "10:00", "12:00")),
    ],
)
def test_a_day_without_a_frequency_in_its_column_is_not_weekly(
    opens: str, closes: str, note: str, session: tuple[object, ...]
) -> None:
    found = session_columns.read_schedule_columns(
        texts("SA"), texts(opens), texts(closes), texts(""), texts(""), texts(note), PERIODS
    ).iloc[0]
    assert sessions(found, schedules.FIELDS[:5]) == [session]
    assert found[STATUS] == ("parsed" if session[0] else "partial")


def test_a_note_that_says_one_off_outweighs_the_weekly_of_its_column() -> None:
    found = session_columns.read_schedule_columns(
        texts("SA"), texts("14:00"), texts("16:00"), texts("WEEKLY"), texts("1"),
        texts("Sat 2pm-4pm, one-off, 19 December 2026"), PERIODS,
    ).iloc[0]  # fmt: skip
    assert sessions(found, RULE_FIELDS) == [(None, None, "SA")]


@pytest.mark.parametrize(
    ("note", "rhythm"),
    [
        ("Fortnightly", "every 2 weeks"),
        ("Monthly", "monthly"),
        ("Half termly", "irregular"),
        ("Four Saturdays each term", "irregular"),
        ("Term time", ""),
        ("Eight-week blocks", ""),
    ],
)
def test_how_often_may_stand_in_the_column_of_the_season(note: str, rhythm: str) -> None:
    assert session_columns.rhythm_in(note) == rhythm


def test_day_columns_give_the_day_of_the_column() -> None:
    week = [
        texts(cell)
        for cell in ("", "3-6pm", "-", "x", "0.6458333333333334", "Sat 10-12", "1st Sun monthly 11-3")
    ]
    found = session_columns.read_schedule_by_day(week, PERIODS).iloc[0]
    assert sessions(found, FIELDS[2:]) == [
        ("TU", "15:00", "18:00"),
        ("TH", None, None),
        ("FR", "15:30", None),
        ("SA", "10:00", "12:00"),
        ("1SU", "11:00", "15:00"),
    ]


# Seasons


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("Term", ("term_time",)),
        ("summer term", ("term_time",)),
        ("Oct half-term", ("autumn_half_term",)),
        ("Easter", ("easter",)),
        ("February half term", ("feb_half_term",)),
        ("Easter + Summer hols", ("easter", "summer")),
        ("Summer school holidays", ("summer",)),
        ("term time and Easter", ("term_time", "easter")),
        ("Term & Holiday", ("all_year",)),
        ("year round", ("all_year",)),
        ("outside term time", ("school_holidays",)),
        ("not bank holidays", None),
        ("Sat 10-12", None),
        ("", None),
    ],
)
def test_calendar_periods(raw: str, expected: tuple[str, ...] | None) -> None:
    found = periods.read_periods(texts(raw), PERIODS)[periods.SEVERAL_PERIODS].iloc[0]
    assert (found if isinstance(found, tuple) else None) == expected


@pytest.mark.parametrize(
    ("own", "beside", "stands"),
    [
        (None, (), ("unknown",)),
        (None, ("easter", "summer"), ("easter", "summer")),
        ("school_holidays", ("summer",), ("summer",)),
        ("easter", ("all_year",), ("easter",)),
        ("all_year", ("term_time",), ("term_time",)),
        ("term_time", ("easter",), ("term_time",)),
    ],
)
def test_the_narrower_season_stands(
    own: str | None, beside: tuple[str, ...], stands: tuple[str, ...]
) -> None:
    assert periods.narrowed(own, beside) == stands


# Promises

_TIMES = st.integers(0, 24 * 60 - 1).map(lambda minutes: f"{minutes // 60:02d}:{minutes % 60:02d}")
_CODES = st.sampled_from([day.value for day in Weekday])
_ORDINALS = st.sampled_from(["1", "2", "3", "4", "5", "-1"])


@settings(deadline=None)
@given(
    days=st.lists(_CODES, min_size=1, unique=True), ordinals=st.lists(_ORDINALS, max_size=2, unique=True),
    interval=st.integers(1, 4), opens=_TIMES, closes=_TIMES,
)  # fmt: skip
def test_what_was_read_is_read_the_same_again(
    days: list[str], ordinals: list[str], interval: int, opens: str, closes: str
) -> None:
    codes = [n + day for n in ordinals for day in days] or days
    freq = "MONTHLY" if ordinals else "WEEKLY"
    unit = "months" if ordinals else "weeks"
    every = f"every {interval} {unit}" if interval > 1 else ""
    (first,) = sessions(read(f"{','.join(codes)} {opens}-{closes} {every}"))
    assert (first[0], first[1], first[3], first[4]) == (freq, interval, opens, closes)
    assert set(str(first[2]).split(",")) == set(codes)
    (second,) = sessions(read(f"{first[2]} {first[3]}-{first[4]} {every}"))
    assert second == first


@pytest.mark.parametrize(
    "raw",
    ["1st Sunday monthly", "2nd & 4th Sat", "Mon–Fri 9-5", "last Friday of the month", "Fortnightly Sat"],
)
def test_a_rule_is_one_that_calendars_take(raw: str) -> None:
    ((freq, interval, byday),) = sessions(read(raw), RULE_FIELDS)
    rule = rrulestr(
        f"FREQ={freq};INTERVAL={interval};BYDAY={byday};COUNT=8", dtstart=pd.Timestamp("2026-01-01")
    )
    named = {code[-2:] for code in str(byday).split(",")}
    assert {list(Weekday)[date.weekday()].value for date in rule} == named
