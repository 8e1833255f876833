"""Workbooks and Parquet through ``squaremile geocode``: types and what cannot be kept."""

from __future__ import annotations

import datetime as dt
import decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from geocoding import (
    BARBICAN,
    CLUBS,
    OURS,
    TOYNBEE,
    column,
    geocoded,
    read,
    refusal,
    run,
    text_file,
    write,
)

from flows import table_writers

# Excel


def book(path: Path, *sheets: tuple[str, list[list[Any]]], hidden: str = "") -> Path:
    made = openpyxl.Workbook()
    made.remove(made.active)
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
        if title == hidden:
            sheet.sheet_state = "hidden"
    made.save(path)
    return path


def test_numbers_and_dates_of_a_workbook_stay_what_they_are_in_a_workbook_and_are_plain_text_elsewhere(
    tmp_path: Path,
) -> None:
    row = [
        100023336956,
        12.5,
        dt.datetime(2026, 11, 23),
        dt.datetime(2026, 11, 23, 9, 30),
        True,
        "007",
        BARBICAN,
    ]
    headings = ["UPRN", "Cost", "Checked", "At", "Open", "Code", "Postcode"]
    file = book(tmp_path / "a.xlsx", ("Clubs", [headings, row]))
    run("geocode", file, "--out", tmp_path / "out.csv")
    run("geocode", file, "--out", tmp_path / "out.xlsx")
    text = ["100023336956", "12.5", "2026-11-23", "2026-11-23 09:30:00", "TRUE", "007", BARBICAN]
    assert list(read(tmp_path / "out.csv")[0].values())[:7] == text
    kept = openpyxl.load_workbook(tmp_path / "out.xlsx").active
    assert [cell.value for cell in kept[2]][:7] == row
    assert kept["C2"].number_format == "yyyy-mm-dd"


def test_a_postcode_that_is_a_number_is_not_one_and_does_no_harm(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx", ("Clubs", [["Postcode"], [12345.0], [dt.datetime(2026, 1, 1)], [BARBICAN]])
    )
    assert column(geocoded(file), "postcode_status") == ["invalid", "invalid", "listed"]


def test_the_first_sheet_shown_is_read_and_the_others_are_told(tmp_path: Path) -> None:
    rows = [["Postcode"], [BARBICAN]]
    file = book(
        tmp_path / "a.xlsx", ("Old", [["Postcode"], ["x"]]), ("Clubs", rows), ("Notes", [["hello"]]), hidden="Old"
    )  # fmt: skip
    out = tmp_path / "out.csv"
    said = run("geocode", file, "--out", out).stderr
    assert column(read(out), "zone") == ["inside"]
    assert "Only the sheet “Clubs” was read, not “Old”, “Notes”." in " ".join(said.split())
    assert column(geocoded(file, "--sheet", "Old"), "zone") == ["unknown"]
    assert "has no sheet “Note”. Nearest: “Notes”" in refusal("geocode", file, "--sheet", "Note")
    assert "No heading looks like" in refusal("geocode", file, "--sheet", "Notes")
    assert "has no sheets" in refusal("geocode", write(tmp_path / "a.csv", CLUBS), "--sheet", "x")


def test_blank_rows_between_are_kept_and_those_after_the_end_are_not(tmp_path: Path) -> None:
    file = book(
        tmp_path / "a.xlsx", ("Clubs", [["id", "Postcode"], [1, BARBICAN], [], [3, TOYNBEE], ["", ""], []])
    )
    rows = geocoded(file)
    assert column(rows, "id") == ["1", "", "3"]


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ([], "The sheet “Clubs” of a.xlsx is empty"),
        ([["Postcode"]], "a.xlsx has headings but no rows"),
        ([["Postcode", "Name"], ["x", "y", None, "z"]], "a value in cell D2, in a column without a heading"),
        ([["Postcode", "Name"], [], ["x", "y", "z"]], "a value in cell C3"),
        ([["Postcode", "Postcode"], ["x", "y"]], "the heading “Postcode” more than once"),
        ([["Postcode", "Total"], ["x", "=1+1"]], "Cell B2 of a.xlsx holds a formula without its result"),
    ],
)
def test_a_workbook_that_would_lose_something_is_refused_with_the_cell(
    tmp_path: Path, rows: list[list[Any]], words: str
) -> None:
    assert words in refusal("geocode", book(tmp_path / "a.xlsx", ("Clubs", rows)))


def test_a_workbook_that_is_none_is_told(tmp_path: Path) -> None:
    whole = book(tmp_path / "whole.xlsx", ("Clubs", [["Postcode"], *[[BARBICAN]] * 200])).read_bytes()
    for name, content in (("text", b"Postcode\n"), ("cut", whole[: len(whole) // 2])):
        file = text_file(tmp_path, content, f"{name}.xlsx")
        assert f"{name}.xlsx cannot be opened as an Excel workbook" in refusal("geocode", file)


def test_cells_beyond_the_size_that_a_sheet_states_are_read(tmp_path: Path) -> None:
    import zipfile

    whole = book(tmp_path / "whole.xlsx", ("Clubs", [["id", "Postcode"], [1, BARBICAN], [2, TOYNBEE]]))
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(whole) as old, zipfile.ZipFile(wrong, "w") as new:
        for name in old.namelist():
            content = old.read(name).replace(b'<dimension ref="A1:B3"', b'<dimension ref="A1:A2"')
            new.writestr(name, content)
    assert column(geocoded(wrong), "zone") == ["inside", "near"]


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("x" * 40_000, "The cell in row 3 under “note” holds 40,000 characters, and Excel keeps 32,767"),
        ("bell\a", "The cell in row 3 under “note” holds a control character"),
    ],
)
def test_what_excel_cannot_hold_is_refused_before_it_is_lost(tmp_path: Path, cell: str, words: str) -> None:
    file = write(tmp_path / "a.csv", [{"note": "x", "Postcode": ""}, {"note": cell, "Postcode": ""}])
    assert words in refusal("geocode", file, "--out", tmp_path / "out.xlsx")
    assert geocoded(file)[1]["note"] == cell


def test_a_sheet_holds_no_more_than_a_million_rows(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(table_writers, "_EXCEL_ROWS", 3)
    file = write(tmp_path / "a.csv", CLUBS)
    assert "holds a million rows, and there are more" in refusal(
        "geocode", file, "--out", tmp_path / "out.xlsx"
    )
    monkeypatch.setattr(table_writers, "_EXCEL_ROWS", 4)
    run("geocode", file, "--out", tmp_path / "out.xlsx")


# Parquet

MOMENT = dt.datetime(2026, 11, 23, 12, 30, tzinfo=dt.UTC)
TYPED = pa.table(
    {
        "Postcode": pa.array([BARBICAN, None, TOYNBEE]).dictionary_encode(),
        "whole": pa.array([1, None, 2**62], pa.int64()),
        "small": pa.array([1.5, float("nan"), None], pa.float32()),
        "money": pa.array([decimal.Decimal("1.20"), None, decimal.Decimal("-3.00")]),
        "day": pa.array([dt.date(2026, 1, 2), None, dt.date(1899, 1, 1)]),
        "moment": pa.array([MOMENT, None, MOMENT], pa.timestamp("us", "Europe/London")),
        "flag": pa.array([True, None, False]),
        "nothing": pa.nulls(3),
        "bytes": pa.array([b"ab", None, b"c"]),
        "long": pa.array(["a,b", None, '"'], pa.large_string()),
        "list": pa.array([[1, 2], None, []]),
        "record": pa.array([{"a": 1, "b": "x"}, None, {"a": None, "b": "y"}]),
    }
).replace_schema_metadata({"kept": "yes"})  # fmt: skip


def test_typed_columns_are_kept_exactly_in_parquet(tmp_path: Path) -> None:
    pq.write_table(TYPED, tmp_path / "a.parquet", row_group_size=2)
    run("geocode", tmp_path / "a.parquet", "--out", tmp_path / "out.parquet")
    given_back = pq.read_table(tmp_path / "a.parquet")
    found = pq.read_table(tmp_path / "out.parquet")
    kept = found.select(TYPED.column_names)
    assert kept.schema.equals(given_back.schema, check_metadata=True)
    assert repr(kept.to_pylist()) == repr(given_back.to_pylist())
    assert found.schema.names[-10:] == OURS
    assert found["zone"].to_pylist() == ["inside", "unknown", "near"]


def test_other_programs_read_the_same_rows_and_know_which_columns_are_never_blank(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("Club,Postcode\nA,EC2Y 8DS\nB,\n,E1 6AN\n")
    run("geocode", tmp_path / "a.csv", "--out", tmp_path / "out.parquet")
    ours = pq.read_table(tmp_path / "out.parquet")
    theirs = duckdb.sql(f"from read_parquet('{tmp_path / 'out.parquet'}')").fetchall()
    assert theirs == [tuple(row.values()) for row in ours.to_pylist()]
    assert [field.name for field in ours.schema if not field.nullable] == [
        "Club", "Postcode", "postcode_status", "zone", "zone_certain", "geocode_method",
    ]  # fmt: skip


def test_typed_columns_are_written_plainly_where_there_are_no_types(tmp_path: Path) -> None:
    flat = TYPED.drop_columns(["list", "record"])
    pq.write_table(flat, tmp_path / "a.parquet")
    first, blank, _ = geocoded(tmp_path / "a.parquet")
    assert list(first.values())[1:10] == [
        "1", "1.5", "1.20", "2026-01-02", "2026-11-23 12:30:00.000000+0000", "true", "", "ab", "a,b",
    ]  # fmt: skip
    assert set(list(blank.values())[3:10]) == {""}
    run("geocode", tmp_path / "a.parquet", "--out", tmp_path / "out.xlsx")
    first, blank, last = read(tmp_path / "out.xlsx")
    assert (first["whole"], first["money"], first["flag"]) == (1, 1.2, True)
    assert first["day"] == dt.datetime(2026, 1, 2)
    assert (first["moment"], last["day"], last["whole"]) == (
        "2026-11-23 12:30:00+00:00",
        "1899-01-01",
        str(2**62),
    )
    assert (blank["whole"], blank["small"]) == (None, "nan")


@pytest.mark.parametrize("ending", [".csv", ".xlsx"])
def test_lists_and_records_are_refused_where_they_cannot_be_kept(tmp_path: Path, ending: str) -> None:
    pq.write_table(TYPED, tmp_path / "a.parquet")
    words = refusal("geocode", tmp_path / "a.parquet", "--out", tmp_path / f"out{ending}")
    assert f"The column “list” holds lists or records, which {ending} cannot keep" in words


def test_bytes_that_are_no_text_are_refused_where_they_cannot_be_kept(tmp_path: Path) -> None:
    pq.write_table(pa.table({"Postcode": ["x"], "raw": [b"\xff"]}), tmp_path / "a.parquet")
    for ending in (".csv", ".xlsx"):
        words = refusal("geocode", tmp_path / "a.parquet", "--out", tmp_path / f"out{ending}")
        assert "bytes that are no text" in words


def test_a_column_that_can_be_no_postcode_is_told(tmp_path: Path) -> None:
    pq.write_table(TYPED, tmp_path / "a.parquet")
    words = refusal("geocode", tmp_path / "a.parquet", "--out", tmp_path / "o.parquet", "--postcode", "list")
    assert "The column “list” holds list<element: int64>, which can be no postcode" in words
    pairs = ("--lat", "day", "--lon", "record")
    assert "“day” holds date32" in refusal(
        "geocode", tmp_path / "a.parquet", "--out", tmp_path / "o.parquet", *pairs
    )


def test_a_parquet_file_without_rows_damaged_or_with_one_name_twice_is_told(tmp_path: Path) -> None:
    pq.write_table(TYPED[:0], tmp_path / "none.parquet")
    assert "none.parquet has headings but no rows" in refusal("geocode", tmp_path / "none.parquet")
    twice = pa.Table.from_arrays([pa.array(["x"])] * 2, names=["Postcode", "Postcode"])
    pq.write_table(twice, tmp_path / "twice.parquet")
    assert "the heading “Postcode” more than once" in refusal("geocode", tmp_path / "twice.parquet")
    pq.write_table(pa.table({"Postcode": [f"E1 {n}LS" for n in range(5000)]}), tmp_path / "whole.parquet")
    whole = (tmp_path / "whole.parquet").read_bytes()
    cut = text_file(tmp_path, whole[:-200], "cut.parquet")
    assert "cut.parquet is not a Parquet file, or not a whole one" in refusal("geocode", cut)
    holed = text_file(tmp_path, whole[:200] + bytes(20_000) + whole[20_200:], "holed.parquet")
    assert "holed.parquet cannot be read beyond row 0" in refusal("geocode", holed)
