"""A borough's headings and cells become lines, and what does not fit is told in its own words."""

from __future__ import annotations

from itertools import permutations
from typing import Any

import pandas as pd
import pytest
from builders import read_table

from transforms.issues import Problem
from transforms.mapping import Mapped, apply_corrections, map_part, nearest_name, orphans, repeated_rows
from transforms.source_spec import Correction, Format, Roster
from transforms.tables import ShortBreakLine
from transforms.vocabulary import RosterKind

COLUMNS = {
    "record_ref": ["Ref"],
    "service_name": ["Activity", "Session"],
    "venue_postcode": ["Venue Postcode"],
}
HEADINGS = ["Ref", "Activity", "Venue Postcode"]
ROWS = [["1", "Swim", "E1 7AF"], ["2", "Judo", ""]]


def roster(**declared: Any) -> Roster:
    spec: dict[str, Any] = {"columns": COLUMNS, **declared}
    return Roster(kind=RosterKind.SHORT_BREAKS, format=Format.CSV, files=["roster.csv"], **spec)


def mapped(
    spec: Roster,
    headings: list[str] = HEADINGS,
    rows: list[list[str]] = ROWS,
    *,
    part: str = "",
    struck: tuple[int, ...] = (),
) -> Mapped:
    """Rows mapped as though they stood from row 2 of a file."""
    index = pd.RangeIndex(2, 2 + len(rows))
    records = pd.DataFrame(rows, columns=headings, index=index, dtype="str")
    marks = pd.Series([n in struck for n in index], index=index)
    return map_part(headings, records, spec, file="roster.csv", part=part, struck=marks)


def lines_of(text: str) -> pd.DataFrame:
    """Lines drawn as a table; file and row id follow from the row."""
    rows: list[dict[str, Any]] = []
    for row in read_table(text):
        file, part = row.get("file", "roster.csv"), row.get("part", "")
        rows.append(
            {"service_name": "Swim", **row, "file": file, "part": part or None,
             "physical_row": int(row["physical_row"]), "row_id": f"{file}|{part}|{row['physical_row']}"}
        )  # fmt: skip
    return ShortBreakLine.frame(rows)


def told(problems: list[Problem]) -> list[tuple[int | None, str]]:
    return [(p.row, p.rule) for p in problems]


def test_cells_come_under_our_names_with_the_row_an_officer_sees() -> None:
    lines = mapped(roster()).lines
    assert list(lines["service_name"]) == ["Swim", "Judo"]
    assert list(lines["physical_row"]) == [2, 3]
    assert list(lines["row_id"]) == ["roster.csv||2", "roster.csv||3"]
    assert lines.at[0, "venue_postcode"] == "E1 7AF"
    assert pd.isna(lines.at[1, "venue_postcode"])


def test_a_missing_heading_refuses_the_file_and_names_the_nearest() -> None:
    found = mapped(roster(), ["Ref", "Activity", "Venue Post code"])
    (gone,) = [p for p in found.problems if p.refuses_file]
    assert gone.rule == "heading_missing"
    assert gone.file == "roster.csv"
    assert gone.column == "Venue Postcode"
    assert "roster.csv" in gone.message
    assert "“Venue Postcode”" in gone.message
    assert "“Venue Post code”" in gone.message
    assert found.lines.empty


def test_a_missing_heading_names_the_sheet_it_is_missing_from() -> None:
    found = mapped(roster(), ["Ref", "Activity", "Other"], part="Lot 1")
    (gone,) = [p for p in found.problems if p.refuses_file]
    assert "“Lot 1”" in gone.message
    assert gone.part == "Lot 1"


def test_a_heading_that_is_already_used_is_never_suggested() -> None:
    found = mapped(roster(columns={**COLUMNS, "venue_name": ["Activities"]}), HEADINGS)
    (gone,) = [p for p in found.problems if p.refuses_file]
    assert "“Activity”" not in gone.message


def test_an_alias_of_a_heading_is_taken() -> None:
    found = mapped(roster(), ["Ref", "Session", "Venue Postcode"])
    assert found.problems == []
    assert found.heading_of["service_name"] == "Session"


def test_case_and_spacing_of_a_heading_do_not_matter() -> None:
    found = mapped(roster(), ["REF", " activity", "Venue  postcode"])
    assert found.problems == []
    assert list(found.lines["record_ref"]) == ["1", "2"]


def test_a_column_that_may_be_absent_may_be_absent() -> None:
    found = mapped(roster(may_be_absent=["venue_postcode"]), ["Ref", "Activity"], [["1", "Swim"]])
    assert found.problems == []
    assert found.lines["venue_postcode"].isna().all()


def test_a_new_column_is_told_and_never_used() -> None:
    found = mapped(roster(), [*HEADINGS, "Child's favourite"], [[*row, "secret"] for row in ROWS])
    assert [(p.rule, p.severity, p.column) for p in found.problems] == [
        ("new_column", "note", "Child's favourite")
    ]
    assert "secret" not in found.lines.to_csv()


def test_a_column_declared_as_unused_is_not_new() -> None:
    spec = roster(unused=["RATES*", "Notes"])
    assert mapped(spec, [*HEADINGS, "RATES / day", "notes"], [[*r, "", ""] for r in ROWS]).problems == []


@pytest.mark.parametrize("order", list(permutations(range(3))))
def test_the_order_of_columns_does_not_matter(order: tuple[int, ...]) -> None:
    moved = mapped(roster(), [HEADINGS[i] for i in order], [[row[i] for i in order] for row in ROWS])
    pd.testing.assert_frame_equal(moved.lines, mapped(roster()).lines)


def test_only_a_declared_column_is_filled_down() -> None:
    rows = [["1", "Swim", "E1 7AF"], ["", "", ""], ["2", "Judo", ""]]
    filled = mapped(roster(fill_down=["service_name"]), rows=rows).lines
    assert list(filled["service_name"]) == ["Swim", "Swim", "Judo"]
    assert filled["venue_postcode"].isna().tolist() == [False, True, True]


def test_nothing_is_filled_down_into_the_rows_above_the_first_value() -> None:
    filled = mapped(roster(fill_down=["service_name"]), rows=[["1", "", ""], ["2", "Judo", ""]]).lines
    assert filled["service_name"].isna().tolist() == [True, False]


def test_ticked_columns_become_one_list_and_words_beside_a_tick_are_kept() -> None:
    spec = roster(ticks={"needs": ["ASD", "LD", "PD"]})
    rows = [["1", "Swim", "", "X", "✓", ""], ["2", "Judo", "", "", "mild", ""], ["3", "Art", "", "", "", ""]]
    found = mapped(spec, [*HEADINGS, "ASD", "LD", "PD"], rows)
    assert found.lines["needs"].tolist()[:2] == ["ASD~LD", "LD mild"]
    assert pd.isna(found.lines.at[2, "needs"])
    assert found.problems == []
    assert found.heading_of["needs"] == "ASD, LD, PD"


def test_a_row_that_is_struck_through_gets_the_declared_status() -> None:
    spec = roster(columns={**COLUMNS, "status": ["Status"]}, struck_through_status="closed")
    rows = [[*row, "open"] for row in ROWS]
    assert list(mapped(spec, [*HEADINGS, "Status"], rows, struck=(3,)).lines["status"]) == ["open", "closed"]


def test_a_row_that_is_struck_through_counts_as_any_other_unless_declared() -> None:
    assert mapped(roster(), struck=(3,)).lines["status"].isna().all()


def test_constants_and_the_sheets_name_fill_every_row() -> None:
    found = mapped(roster(constants={"funding": "Framework"}, from_sheet=["tier"]), part="Lot 1")
    assert set(found.lines["funding"]) == {"Framework"}
    assert set(found.lines["tier"]) == {"Lot 1"}


def test_a_key_of_several_columns_keeps_its_parts_apart() -> None:
    spec = roster(key=["service_name", "venue_postcode"])
    assert list(mapped(spec).lines["record_ref"]) == ["Swim / E1 7AF", "Judo / "]


def test_rows_outside_the_declared_scope_leave_and_are_listed() -> None:
    spec = roster(keep={"LA": ["Hackney"]})
    found = mapped(spec, [*HEADINGS, "LA"], [[*ROWS[0], "Hackney"], [*ROWS[1], "Leeds"]])
    assert list(found.lines["service_name"]) == ["Swim"]
    assert found.out_of_scope == ["roster.csv||3"]


def test_a_roster_without_rows_maps_to_no_lines() -> None:
    assert mapped(roster(key=["service_name"]), rows=[]).lines.empty


def test_a_correction_applies_only_while_the_value_is_still_the_corrected_one() -> None:
    lines = mapped(roster()).lines
    why = {"reason": "typo", "by": "A. Officer", "date": "2026-11-01"}
    right = Correction(record_ref="1", column="service_name", was="Swim", now="Swimming", **why)
    stale = Correction(record_ref="2", column="service_name", was="Karate", now="Boxing", **why)
    corrected = apply_corrections(lines, [right, stale])
    assert list(corrected["service_name"]) == ["Swimming", "Judo"]
    assert list(lines["service_name"]) == ["Swim", "Judo"]


def test_of_exact_copies_the_first_stays() -> None:
    lines = lines_of("""
        physical_row | record_ref | venue_name
        2            | A          | Hall
        5            | A          | Hall
        6            | A          | Hall
        7            | B          | Hall
    """)
    assert told(repeated_rows(lines)) == [(5, "exact_copy"), (6, "exact_copy")]


def test_copies_in_other_letters_are_copies() -> None:
    lines = lines_of("""
        physical_row | record_ref | venue_name
        2            | A          | Hall
        5            | A          | HALL
    """)
    assert told(repeated_rows(lines)) == [(5, "exact_copy")]


def test_a_key_of_words_is_the_same_in_other_letters_and_a_reference_is_not() -> None:
    lines = lines_of("""
        physical_row | record_ref
        2            | Swim / Pool
        5            | SWIM / Pool
    """)
    assert told(repeated_rows(lines, is_keyed_by_words=True)) == [(5, "exact_copy")]
    assert repeated_rows(lines) == []


def test_of_copies_that_contradict_each_other_none_stays() -> None:
    lines = lines_of("""
        physical_row | record_ref | venue_name
        2            | A          | Hall
        5            | A          | Library
    """)
    problems = repeated_rows(lines)
    assert told(problems) == [(2, "contradicting_copies"), (5, "contradicting_copies")]
    assert all("2 and 5" in p.message and p.sets_row_aside for p in problems)


def test_a_cell_filled_in_one_copy_only_is_a_contradiction() -> None:
    lines = lines_of("""
        physical_row | record_ref | venue_name
        2            | A          | Hall
        5            | A          | .
    """)
    assert {rule for _, rule in told(repeated_rows(lines))} == {"contradicting_copies"}


def test_copies_in_two_sheets_are_told_with_their_sheets() -> None:
    lines = lines_of("""
        part  | physical_row | record_ref
        Lot 1 | 2            | A
        Lot 2 | 9            | A
    """)
    (problem,) = repeated_rows(lines)
    assert "2 of Lot 1 and 9 of Lot 2" in problem.message
    assert (problem.part, problem.row) == ("Lot 2", 9)


def test_several_lines_of_one_record_are_not_copies() -> None:
    lines = lines_of("""
        physical_row | record_ref | venue_name
        2            | A          | Hall
        2            | A          | Library
    """)
    assert repeated_rows(lines) == []


def test_rows_without_a_reference_never_repeat_each_other() -> None:
    lines = lines_of("""
        physical_row | venue_name
        2            | Hall
        3            | Hall
    """)
    assert repeated_rows(lines) == []


PROVIDERS = """
    physical_row | record_ref | provider_ref | provider_name
    2            | P1         | .            | Tumble Tots
    3            | .          | P2           | Otters
"""


@pytest.mark.parametrize(
    ("named", "is_listed"),
    [
        ("provider_ref | P1", True),
        ("provider_ref | P2", True),
        ("provider_name | tumble  TOTS", True),
        ("provider_ref | P3", False),
        ("provider_name | Tumble", False),
    ],
)
def test_a_line_needs_a_provider_that_is_listed(named: str, is_listed: bool) -> None:
    column, value = named.split(" | ")
    line = lines_of(f"physical_row | {column}\n7 | {value}")
    problems = orphans(line, lines_of(PROVIDERS), {"provider_ref": "ProviderID"})
    assert told(problems) == ([] if is_listed else [(7, "provider_not_listed")])
    assert all(p.sets_row_aside and p.raw == value for p in problems)


def test_a_reference_that_is_not_listed_is_not_saved_by_a_listed_name() -> None:
    line = lines_of("physical_row | provider_ref | provider_name\n7 | P9 | Otters")
    (problem,) = orphans(line, lines_of(PROVIDERS), {"provider_ref": "ProviderID"})
    assert problem.column == "ProviderID"


def test_a_line_that_names_no_provider_is_an_orphan() -> None:
    assert told(orphans(lines_of("physical_row\n7"), lines_of(PROVIDERS), {})) == [(7, "provider_not_listed")]


def test_the_nearest_name_is_near_or_none() -> None:
    assert nearest_name("Tel", ["Telephone", "Website"]) == "Telephone"
    assert nearest_name("Places", ["Website", "Ref"]) is None
