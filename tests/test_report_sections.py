"""Sections that are made from a declaration alone, and what stands behind their cells."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from reports.behind import Behind, doubts_of
from reports.changes import changes
from reports.facts import ReportFacts
from reports.gap_section import gap_section
from reports.verdicts import GAP, GOOD, OPEN, SILENT, SOME, style
from transforms.schema import Column, Kind
from transforms.tables import GAP_TABLES, Counted, Coverage, GapTable, Moved, NightlyChange
from transforms.vocabulary import (
    CellChange,
    ChangeCause,
    Doubt,
    GapStatus,
    KnownStatus,
    Standing,
    TimeStatus,
    Weekday,
    Zone,
)


class WeekdayCover(GapTable, name="weekday_cover"):
    """One day of the week in one zone, with something on or nothing."""

    question = "On which days of the week is there something a City child may join?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    weekday = Column(Kind.TEXT, "Day of the week", required=True, values=Weekday)
    part = Column(Kind.TEXT, "Part of the day", required=True)
    confirmed = Column(Kind.WHOLE, "Activities on that day, every answer certain", required=True, minimum=0)
    possible = Column(Kind.WHOLE, "Confirmed and all that may also be on", required=True, minimum=0)
    gap_status = Column(Kind.TEXT, "Verdict", required=True, values=GapStatus)
    key = (zone, weekday, part)


class Colour(StrEnum):
    RED = "red"


class Listed(GapTable, name="listed"):
    """One thing."""

    question = "What is there?"
    thing = Column(Kind.TEXT, "The thing", required=True)
    colour = Column(Kind.TEXT, "Its colour", values=Colour)
    known_confirmed = Column(Kind.WHOLE, "Known for certain", minimum=0)
    known_possible = Column(Kind.WHOLE, "Known perhaps", minimum=0)
    share_pct = Column(Kind.NUMBER, "Share", unit="%")
    status = Column(Kind.TEXT, "Verdict", required=True, values=KnownStatus)
    key = (thing,)


@pytest.fixture
def facts() -> ReportFacts:
    return ReportFacts(
        run_id="run", as_of=dt.date(2026, 11, 23), is_sample=False, verdicts=[],
        boundaries=gpd.GeoSeries({"E09000001": box(0, 0, 1, 1)}, crs="EPSG:27700"), reference=[],
        method_version="0", authorities={"E09000012": "Hackney"},
    )  # fmt: skip


def cell(
    zone: Zone, day: Weekday, part: str, confirmed: int, possible: int, verdict: GapStatus
) -> dict[str, Any]:
    return {
        WeekdayCover.zone: zone.value,
        WeekdayCover.weekday: day.value,
        WeekdayCover.part: part,
        WeekdayCover.confirmed: confirmed,
        WeekdayCover.possible: possible,
        WeekdayCover.gap_status: verdict.value,
    }


def test_a_new_table_of_combinations_is_a_grid_for_each_place(facts: ReportFacts) -> None:
    frame = WeekdayCover.frame(
        cell(zone, day, part, *figures)
        for zone in (Zone.NEAR, Zone.INSIDE)
        for day in (Weekday.SA, Weekday.MO)
        for part, figures in {
            "am": (0, 2, GapStatus.GAP_UNLESS_VERIFIED),
            "pm": (2, 3, GapStatus.COVERED),
        }.items()
    )
    frames = {WeekdayCover: frame}
    section = gap_section(WeekdayCover, frames, facts, Behind(frames, []))

    assert section.title == WeekdayCover.question
    assert section.name == "Weekday cover"
    # Inside first, though it came last; every combination has its cell.
    assert [panel.label for panel in section.data["panels"]] == [Zone.INSIDE.label, Zone.NEAR.label]
    inside = section.data["panels"][0]
    assert inside.columns == ["Monday", "Saturday"]
    assert [row.label for group in inside.groups for row in group.rows] == ["Am", "Pm"]
    first = inside.groups[0].rows[0].cells[0]
    assert (first.lead, first.more, first.words, first.style) == (
        "0",
        "+2 possible",
        "gap unless verified",
        OPEN,
    )
    assert inside.keys[:2] == ["inside/MO/am", "inside/SA/am"]
    assert section.data["lead"] == (
        "Inside the Square Mile: in 2 of 4 combinations something is to be done. Gap unless verified: 2; covered: 2."
    )


def test_a_new_table_of_rows_is_a_list_with_the_worst_first(facts: ReportFacts) -> None:
    frame = Listed.frame(
        [
            {Listed.thing: "hall", Listed.status: KnownStatus.KNOWN.value, Listed.share_pct: 40.0},
            {Listed.thing: "E09000012", Listed.colour: "red", Listed.known_confirmed: 1, Listed.known_possible: 4,
             Listed.status: KnownStatus.ASK_FIRST.value},
        ]
    )  # fmt: skip
    frames = {Listed: frame}
    listing = gap_section(Listed, frames, facts, Behind(frames, [])).data["listing"]

    assert [one.words for one in listing.headings] == [
        "Thing", "Status", "Colour", "Known, confirmed to possible", "Share (%)"
    ]  # fmt: skip
    rows = [[one.words for one in row] for row in listing.rows]
    assert rows[0] == ["Hackney", "Ask before anything is said", "red", "1 to 4", ""]
    assert rows[1] == ["hall", "Known well enough", "", "not known", "40"]


def test_a_table_without_a_row_says_so(facts: ReportFacts) -> None:
    section = gap_section(Listed, {}, facts, Behind({}, []))
    assert section.data["lead"].startswith("Nothing was measured here")
    assert section.data["listing"] is None


def test_every_verdict_of_every_table_has_a_look() -> None:
    verdicts = [verdict for table in GAP_TABLES if table.verdict_column() for verdict in table.verdicts()]
    assert {style(verdict) for verdict in verdicts} == {GAP, OPEN, SOME, GOOD, SILENT}
    assert [style(verdict) for verdict in GapStatus] == [GAP, OPEN, SOME, GOOD]
    assert style(TimeStatus.NOT_ASKED_FOR) == SILENT
    assert all(style(verdict) in (GAP, OPEN) for verdict in verdicts if verdict.is_gap)


def counted(key: str, activity: str, listing: str, counts_in: str | None, *doubts: Doubt) -> dict[str, Any]:
    return {
        Counted.gap_table: Coverage.table_name,
        Counted.row_key: key,
        Counted.service_at_location_id: listing,
        Counted.service_id: "svc",
        Counted.activity_id: activity,
        Counted.counts_as: (Standing.POSSIBLE if doubts else Standing.CONFIRMED).value,
        Counted.counts_in: counts_in,
        Counted.doubts: ",".join(doubts) or None,
    }


def test_behind_a_cell_each_activity_stands_once() -> None:
    both = "confirmed,possible"
    stale, wide = Doubt.NOT_CHECKED_RECENTLY, Doubt.ANY_SEND
    frame = Counted.frame(
        [
            # Two boroughs list the club; one of them for certain.
            counted("a", "club", "1", both),
            counted("a", "club", "2", "possible", stale),
            # Two list the choir; the one with fewer doubts stands for it.
            counted("a", "choir", "3", "possible", stale, wide),
            counted("a", "choir", "4", "possible", wide),
            # Counted in no figure of the cell, and not in the table of activities.
            counted("a", "other", "5", None, wide),
            counted("a", "unlisted", "6", "possible", wide),
        ]
    )
    behind = Behind({Counted: frame}, ["choir", "club", "other"])
    [[first, second]] = behind.take(Coverage, [["a", "b"]])
    sure, may = first
    assert sure == [1]
    assert [places for _, *places in may] == [[0]]
    assert doubts_of(may[0][0]) == [wide.label]
    assert second == ([], [])


def test_a_first_night_says_that_there_is_nothing_to_compare() -> None:
    told = changes({NightlyChange: NightlyChange.frame(), Moved: Moved.frame()})
    assert told.since is None
    assert told.lead == "This is the first snapshot: there is no earlier night to compare it with."


def test_what_moved_is_told_by_cause_and_by_row() -> None:
    since = pd.Timestamp("2026-11-22")
    nightly = NightlyChange.frame(
        [
            {NightlyChange.subject: "coverage", NightlyChange.cause: ChangeCause.SOURCE_OUTAGE.value,
             NightlyChange.compared_with: since, NightlyChange.opened: 3, NightlyChange.closed: 1},
            {NightlyChange.subject: "service", NightlyChange.cause: ChangeCause.REAL.value,
             NightlyChange.compared_with: since, NightlyChange.appeared: 1, NightlyChange.gone: 0,
             NightlyChange.changed: 2},
        ]
    )  # fmt: skip
    moved = Moved.frame(
        [
            {Moved.subject: "coverage", Moved.row_key: "ASD/5_10/specialist/inside",
             Moved.cause: ChangeCause.SOURCE_OUTAGE.value, Moved.change: CellChange.OPENS.value,
             Moved.verdict_before: GapStatus.FRAGILE.value, Moved.verdict_after: GapStatus.GAP_CERTAIN.value,
             Moved.confirmed_before: 1.0, Moved.confirmed_after: 0.0, Moved.possible_before: 1.0,
             Moved.possible_after: 0.0},
        ]
    )  # fmt: skip
    told = changes({NightlyChange: nightly, Moved: moved})
    assert told.lead == (
        "Since 22 November 2026: 3 combinations of need, age, level of offer and place became a gap, 1 gap closed "
        "and 1 service came."
    )
    assert [(cause.words, cause.opened, cause.closed, cause.services) for cause in told.causes] == [
        ("A source fell out or came back", 3, 1, "none"),
        ("The rosters say something else", 0, 0, "1 new, 2 changed"),
    ]
    [row] = told.moved
    assert row.row == "Autistic spectrum disorder, 5 to 10, Specialist, Inside the Square Mile"
    assert (row.before, row.after) == (
        "one provider (1 confirmed, 1 possible)",
        "gap (0 confirmed, 0 possible)",
    )
