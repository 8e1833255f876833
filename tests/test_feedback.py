"""What goes back to a borough: its own issues alone, most useful first, safe to open."""

from __future__ import annotations

import datetime as dt

import geopandas as gpd
import pandas as pd
import pytest
from builders import read_table

from reports.facts import Frames, ReportFacts
from reports.feedback import feedback_pages, most_useful_first
from transforms.tables import Issue, SourceNight
from transforms.vocabulary import SourceState

ISSUES = Issue.frame(
    read_table("""
        | source  | file  | physical_row | heading | raw_value  | rule | severity   | message       | what_to_do   |
        | hackney | a.csv | 9            | Ages    | 14 8       | ages | quarantine | Upside down.  | Turn them.   |
        | hackney | a.csv | 3            | Fee     | ask        | cost | warning    | No amount.    | Give one.    |
        | hackney | a.csv | 7            | Day     | ?          | day  | quarantine | No day.       | Name a day.  |
        | hackney | a.csv | 5            | Day     | <b>any</b> | day  | quarantine | No day.       | Name a day.  |
        | city    | c.csv | 2            | Day     | never      | day  | note       | No day.       | Name a day.  |
    """)
)


def night(source: str, title: str, *, rows_in: int, curated: int) -> dict[str, object]:
    return {
        SourceNight.source: source,
        SourceNight.title: title,
        SourceNight.state: SourceState.ACCEPTED.value,
        SourceNight.rows_in: rows_in,
        SourceNight.rows_curated: curated,
    }


@pytest.fixture(scope="module")
def frames() -> Frames:
    nights = [
        night("hackney", "Hackney", rows_in=10, curated=7),
        night("city", "City of London", rows_in=4, curated=4),
        night("islington", "Islington", rows_in=1, curated=1),
    ]
    return {Issue: ISSUES, SourceNight: SourceNight.frame(nights)}


def pages(frames: Frames, *, is_sample: bool = False) -> dict[str, str]:
    facts = ReportFacts(
        run_id="2026-11-23-abc",
        as_of=dt.date(2026, 11, 23),
        is_sample=is_sample,
        verdicts=[],
        boundaries=gpd.GeoSeries([], crs=27700),
        reference=[],
        method_version="1",
    )
    return feedback_pages(frames, facts)


def test_what_costs_rows_comes_first_then_what_is_to_be_done_most_often() -> None:
    own = most_useful_first(ISSUES[ISSUES[Issue.source].eq("hackney")])
    # Two rows want a day, one its ages, and both are set aside; the price is a warning.
    assert own[Issue.physical_row].tolist() == [5, 7, 9, 3]
    assert list(own.columns) == Issue.names()


def test_the_order_of_issues_never_matters() -> None:
    backwards = most_useful_first(ISSUES[::-1])
    pd.testing.assert_frame_equal(backwards, most_useful_first(ISSUES))


def test_each_borough_reads_its_own_issues_and_no_other(frames: Frames) -> None:
    made = pages(frames)
    assert list(made) == ["hackney", "city", "islington"]
    assert "Turn them." in made["hackney"]
    assert "c.csv" not in made["hackney"]
    assert "a.csv" not in made["city"]
    assert "7 of 10 rows could be used. 4 remarks ask for 3 kinds of correction" in made["hackney"]
    assert 'href="hackney.csv"' in made["hackney"]
    assert "Nothing to mend: its one row could be used." in made["islington"]


def test_words_of_a_roster_are_never_markup(frames: Frames) -> None:
    page = pages(frames)["hackney"]
    assert "<b>any</b>" not in page
    assert "&lt;b&gt;any&lt;/b&gt;" in page
    assert "<script" not in page


def test_a_sample_says_so_before_anything_else(frames: Frames) -> None:
    for page in pages(frames, is_sample=True).values():
        body = page.split("<body>")[1]
        assert body.strip().startswith('<div class="sample"')
        assert "<title>SAMPLE" in page
    assert all("SAMPLE" not in page for page in pages(frames).values())
