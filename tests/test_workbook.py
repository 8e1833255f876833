"""The workbook, opened again by other programs than those that wrote it."""

from __future__ import annotations

import datetime as dt
import zipfile
from pathlib import Path

import geopandas as gpd
import openpyxl
import pandas as pd
import pytest
from lxml import etree
from made_snapshots import Frames, measured
from payloads import FOR_SPREADSHEETS

from flows.workbooks import ODS, XLSX, write_workbooks
from reports.facts import ReportFacts
from reports.words import SAMPLE
from reports.workbook import book_of
from reports.workbook.book import COLUMNS, CONTENTS, FILES, NOTES, TOLD
from reports.workbook.cells import MOST_CHARACTERS, headings, written
from transforms.schema import Kind
from transforms.tables import GAP_TABLES, Counted, Coverage, ExpectedChildren, Kpi

OFFERS = """
    | service | venue | days  | accepts |
    | club    | lib   | SA    | yes     |
    | choir   | hall  | MO,SA | unknown |
"""
_OFFICE = {
    "table": "urn:oasis:names:tc:opendocument:xmlns:table:1.0",
    "office": "urn:oasis:names:tc:opendocument:xmlns:office:1.0",
    "text": "urn:oasis:names:tc:opendocument:xmlns:text:1.0",
    "dc": "http://purl.org/dc/elements/1.1/",
}


def facts(*, is_sample: bool = True) -> ReportFacts:
    return ReportFacts(
        run_id="run", as_of=dt.date(2026, 11, 23), is_sample=is_sample, verdicts=[],
        boundaries=gpd.GeoSeries(), reference=[], method_version="0.1.0",
        authorities={"E09000012": "Hackney"}, licences=[("=cmd()", "[a](b)")],
    )  # fmt: skip


def hostile() -> Frames:
    """Every table with a payload in each of its texts that hold no code."""
    frames: Frames = {}
    for table in TOLD:
        known = {
            column.name: FOR_SPREADSHEETS
            for column in table.columns()
            if column.kind is Kind.TEXT and not column.values
        }
        frames[table] = table.frame(pd.DataFrame(known, index=range(len(FOR_SPREADSHEETS))))
    return frames


@pytest.fixture(scope="module")
def plain_frames() -> Frames:
    # A few rows of each: how many there are changes nothing here.
    return {table: frame.head(30) for table, frame in measured(OFFERS).items()}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory, plain_frames: Frames) -> Path:
    folder = tmp_path_factory.mktemp("made")
    write_workbooks(folder, plain_frames, facts())
    return folder


@pytest.fixture(scope="module")
def attacked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("attacked")
    write_workbooks(folder, hostile(), facts())
    return folder


def ods_tables(path: Path) -> dict[str, etree._Element]:
    """The sheets as the standard's own XML says them."""
    with zipfile.ZipFile(path) as archive:
        content = etree.fromstring(archive.read("content.xml"))
    name = f"{{{_OFFICE['table']}}}name"
    return {table.get(name): table for table in content.iterfind(".//table:table", _OFFICE)}


def ods_rows(table: etree._Element) -> list[list[str]]:
    return [
        ["\n".join("".join(p.itertext()) for p in cell.iterfind("text:p", _OFFICE)) for cell in row]
        for row in table.iterfind("table:table-row", _OFFICE)
    ]


def test_every_gap_table_has_a_sheet_with_one_named_table(made: Path) -> None:
    book = openpyxl.load_workbook(made / XLSX)
    assert book.sheetnames[:5] == ["Cover", CONTENTS, NOTES, COLUMNS, FILES]
    for table in GAP_TABLES:
        sheet = book[table.table_name]
        (named,) = sheet.tables.values()
        assert named.name == f"table_{table.table_name}"
        assert not sheet.merged_cells.ranges
        assert table.question in [sheet["A1"].value, sheet["A2"].value]
        top = named.ref.split(":")[0]
        assert sheet[top].value
        for row in sheet[named.ref]:
            assert all(cell.value not in (None, "") for cell in row)
    assert list(ods_tables(made / ODS)) == book.sheetnames


def test_both_formats_say_the_same(made: Path) -> None:
    book = openpyxl.load_workbook(made / XLSX)
    tables = ods_tables(made / ODS)
    for name in book.sheetnames[1:]:
        ours = [[str(v) for v in row if v is not None] for row in book[name].iter_rows(values_only=True)]
        theirs = ods_rows(tables[name])
        assert [[as_number(v) for v in row] for row in ours if row] == [
            [as_number(v) for v in row] for row in theirs
        ]


def as_number(text: str) -> str | float:
    try:
        return float(text)
    except ValueError:
        return text


def test_a_sample_says_so_first_on_every_sheet(made: Path) -> None:
    book = openpyxl.load_workbook(made / XLSX)
    assert {sheet["A1"].value for sheet in book} == {SAMPLE}
    assert {ods_rows(table)[0][0] for table in ods_tables(made / ODS).values()} == {SAMPLE}
    assert book.properties.title.startswith(SAMPLE)


def test_real_rosters_carry_no_mark(plain_frames: Frames, tmp_path: Path) -> None:
    book = book_of(plain_frames, facts(is_sample=False))
    assert book.sample == ""
    assert not any("SAMPLE" in line for sheet in book.sheets for line in (sheet.title, *sheet.lines))


def test_title_and_language_are_set(made: Path) -> None:
    book = openpyxl.load_workbook(made / XLSX)
    assert book.properties.language == "en-GB"
    with zipfile.ZipFile(made / ODS) as archive:
        meta = etree.fromstring(archive.read("meta.xml"))
    assert meta.findtext(".//dc:language", namespaces=_OFFICE) == "en-GB"
    assert meta.findtext(".//dc:title", namespaces=_OFFICE) == book.properties.title


def test_equal_contents_give_equal_bytes(made: Path, plain_frames: Frames, tmp_path: Path) -> None:
    write_workbooks(tmp_path, plain_frames, facts())
    for name in (XLSX, ODS):
        assert (tmp_path / name).read_bytes() == (made / name).read_bytes()


def test_two_hundred_payloads_in_every_text_give_no_formula_and_no_link(attacked: Path) -> None:
    assert len(FOR_SPREADSHEETS) == 200
    book = openpyxl.load_workbook(attacked / XLSX)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if cell.hyperlink:
                    assert cell.hyperlink.location, (sheet.title, cell.coordinate)
                if isinstance(cell.value, str):
                    assert cell.value.replace("\n", "").isprintable()
    assert any("=1+1" in row for row in book[Kpi.table_name].iter_rows(values_only=True))


def test_a_text_too_long_for_a_cell_is_cut_and_says_so() -> None:
    cut = written("w" * (MOST_CHARACTERS + 1))
    assert len(cut) == MOST_CHARACTERS
    assert cut.endswith("[cut: the whole text is in the CSV file]")


def test_what_would_run_once_it_is_edited_is_kept_as_text(attacked: Path) -> None:
    sheet = openpyxl.load_workbook(attacked / XLSX)[Kpi.table_name]
    risky = [c for row in sheet.iter_rows() for c in row if str(c.value).startswith(("=", "@", "+1+cmd"))]
    assert risky
    assert all(cell.quotePrefix for cell in risky)


def test_the_second_reader_finds_no_formula_either(attacked: Path) -> None:
    for name, table in ods_tables(attacked / ODS).items():
        for cell in table.iterfind(".//table:table-cell", _OFFICE):
            assert cell.get(f"{{{_OFFICE['table']}}}formula") is None, name
            assert cell.get(f"{{{_OFFICE['office']}}}value-type") in ("string", "float")
        for link in table.iterfind(".//text:a", _OFFICE):
            assert link.get("{http://www.w3.org/1999/xlink}href", "").startswith("#")


def test_withheld_counts_show_their_mark_and_blanks_are_never_nought() -> None:
    children = ExpectedChildren.frame(
        [
            {
                ExpectedChildren.need: "ASD",
                ExpectedChildren.plans_mark: "c",
                ExpectedChildren.area_code: "E09000012",
            }
        ]
    )
    book = book_of({ExpectedChildren: children}, facts())
    (sheet,) = (sheet for sheet in book.sheets if sheet.label == ExpectedChildren.table_name)
    row = sheet.table.iloc[0]
    assert row["Plans"] == "[c]"
    assert row["Estimate low"] == "[x]"
    assert row["Area code"] == "Hackney"
    assert any(line.startswith("[c] means") for line in sheet.legend)


def test_details_are_not_in_the_workbook_and_it_says_where_they_are(made: Path) -> None:
    book = openpyxl.load_workbook(made / XLSX)
    assert Counted.table_name not in book.sheetnames
    files = [row[0] for row in book[FILES].iter_rows(values_only=True)]
    assert f"tables/{Counted.table_name}.csv" in files


def test_every_column_is_explained(made: Path) -> None:
    rows = list(openpyxl.load_workbook(made / XLSX)[COLUMNS].iter_rows(values_only=True))
    told = {(row[0], row[2]): row[4] for row in rows}
    for column in Coverage.columns()[3:]:
        assert told[Coverage.table_name, column.name] == column.description


def test_names_fit_a_spreadsheet() -> None:
    for table in TOLD:
        assert len(table.table_name) <= 31
        words = headings(table.columns()).values()
        assert len(set(words)) == len(table.columns())
