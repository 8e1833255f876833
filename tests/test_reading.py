"""Files as boroughs send them, read by the real child process."""

from __future__ import annotations

import io
import json
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from types import SimpleNamespace

import openpyxl
import pytest
from openpyxl.styles import Font

from flows.reading import sandbox
from flows.reading.content import Content, Finding, Job, Part
from flows.reading.sandbox import read_roster

HEADINGS = ["Ref", "Name", "Postcode", "Places"]
ROW = "1,Otters,E1 7AF,12"
CSV = "Ref,Name,Postcode,Places\r\n1,Otters,E1 7AF,12\r\n2,Café,EC2Y 8DS,7\r\n"


def read_csv(folder: Path, content: str | bytes, **declared: object) -> Content:
    path = folder / "roster.csv"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return read_roster(Job(format="csv", files=[str(path)], **{"headings": HEADINGS, **declared}))  # type: ignore[arg-type]


def read_xlsx(path: Path, **declared: object) -> Content:
    fields = {"headings": HEADINGS, "sheets": ["Roster"], **declared}
    return read_roster(Job(format="xlsx", files=[str(path)], **fields))  # type: ignore[arg-type]


def read_json(folder: Path, text: str) -> Content:
    path = folder / "page-1.json"
    path.write_text(text, encoding="utf-8")
    return read_roster(Job(format="open_referral", files=[str(path)]))


def read_xml(folder: Path, text: str) -> Content:
    path = folder / "roster.xml"
    path.write_text(text, encoding="utf-8")
    return read_roster(Job(format="xml", files=[str(path)], records="record"))


def the_part(content: Content) -> Part:
    assert content.findings == []
    (part,) = content.parts
    return part


def the_refusal(content: Content, file: str) -> Finding:
    """The one reason a file was refused: nothing of the file is used, and the words name it."""
    (finding,) = content.findings
    assert finding.severity == "reject"
    assert content.parts == []
    assert file in finding.message
    assert finding.what_to_do
    return finding


def names(content: Content) -> list[str]:
    return [record.cells[1] for part in content.parts for record in part.records]


# CSV


@pytest.mark.parametrize(
    ("content", "encoding"),
    [
        (CSV.encode(), "utf-8"),
        (CSV.encode("utf-8-sig"), "utf-8"),
        (CSV.encode("cp1252"), "cp1252"),
        (CSV.encode("utf-16"), "utf-8"),
        (CSV.encode("utf-16"), "cp1252"),
    ],
    ids=["utf-8", "byte-order mark", "cp1252", "utf-16", "utf-16 although cp1252 is declared"],
)
def test_text_survives_its_encoding(tmp_path: Path, content: bytes, encoding: str) -> None:
    found = read_csv(tmp_path, content, encoding=encoding)
    assert the_part(found).headings == HEADINGS
    assert names(found) == ["Otters", "Café"]
    assert found.rows_in == {"roster.csv": 2}


def test_bytes_that_are_not_the_declared_encoding_refuse_the_file_and_name_the_line(tmp_path: Path) -> None:
    refused = the_refusal(read_csv(tmp_path, CSV.encode("cp1252"), encoding="utf-8"), "roster.csv")
    assert refused.rule == "wrong_encoding"
    assert "line 3" in refused.message


@pytest.mark.parametrize("row", ["3,Short", "3,Long,E1 7AF,4,extra", "3,Swim, Gym,E1 7AF,4"])
def test_a_ragged_row_is_set_aside_and_the_others_stay(tmp_path: Path, row: str) -> None:
    found = read_csv(tmp_path, f"{CSV}{row}\r\n4,Judo,E1 7AF,3\r\n")
    assert [(f.rule, f.severity, f.row) for f in found.findings] == [("ragged_row", "quarantine", 4)]
    assert [record.cells for record in found.parts[0].records][-1] == ["4", "Judo", "E1 7AF", "3"]
    assert found.rows_in == {"roster.csv": 4}


def test_blank_cells_beyond_the_headings_are_no_fault(tmp_path: Path) -> None:
    assert names(read_csv(tmp_path, f"{','.join(HEADINGS)}\n{ROW},,\n")) == ["Otters"]


def test_a_file_whose_every_row_is_too_wide_is_refused(tmp_path: Path) -> None:
    found = read_csv(tmp_path, f"{','.join(HEADINGS)}\n{ROW},x\n{ROW},y\n")
    assert the_refusal(found, "roster.csv").rule == "rows_too_wide"


def test_a_stray_quote_refuses_the_file_rather_than_swallow_rows(tmp_path: Path) -> None:
    rows = [f"{n},Club {n},E1 7AF,3" for n in range(50)]
    rows[10] = '10,"Club 10,E1 7AF,3'
    refused = the_refusal(read_csv(tmp_path, "\n".join([",".join(HEADINGS), *rows])), "roster.csv")
    assert refused.rule == "broken_quotes"
    assert refused.row == 12


def test_two_columns_with_one_heading_refuse_the_file(tmp_path: Path) -> None:
    refused = the_refusal(read_csv(tmp_path, f"Ref,Name,Postcode,Places,Name\n{ROW},Seals\n"), "roster.csv")
    assert (refused.rule, refused.column) == ("repeated_heading", "Name")


def test_values_under_no_heading_refuse_the_file(tmp_path: Path) -> None:
    refused = the_refusal(
        read_csv(tmp_path, f"Ref,Name,,Postcode,Places\n1,Otters,secret,{ROW[9:]}\n"), "roster.csv"
    )
    assert refused.rule == "blank_heading"
    assert "secret" not in refused.message


def test_an_empty_column_without_heading_is_no_fault(tmp_path: Path) -> None:
    assert names(read_csv(tmp_path, "Ref,Name,,Postcode,Places\n1,Otters,,E1 7AF,12\n")) == ["Otters"]


def test_headings_below_titles_are_found_and_rows_keep_their_own_numbers(tmp_path: Path) -> None:
    part = the_part(read_csv(tmp_path, f"City roster,,,\n\nas at 1 May,,,\n{CSV}"))
    assert part.headings == HEADINGS
    assert [record.row for record in part.records] == [5, 6]


def test_headings_below_the_first_twenty_rows_are_not_searched(tmp_path: Path) -> None:
    assert the_refusal(read_csv(tmp_path, "note\n" * 20 + CSV), "roster.csv").rule == "no_heading_row"


def test_two_rows_that_look_like_headings_refuse_the_file(tmp_path: Path) -> None:
    heading_row = ",".join(HEADINGS)
    found = read_csv(tmp_path, f"{heading_row}\n{ROW}\n{heading_row}\n{ROW}\n")
    assert the_refusal(found, "roster.csv").rule == "two_heading_rows"


@pytest.mark.parametrize(
    ("content", "rule"),
    [
        ("", "empty_file"),
        ("Ref,Name,Postcode,Places\r\n", "no_rows"),
        ("Ref,Name,Postcode,Places\n,,,\n\n", "no_rows"),
        ("Ref;Name;Postcode;Places\n1;Otters;E1 7AF;12\n", "no_heading_row"),
        ("Fruit,Colour\napple,red\n", "no_heading_row"),
    ],
    ids=["empty", "headings only", "blank rows only", "another delimiter", "another table"],
)
def test_a_file_without_our_records_is_refused(tmp_path: Path, content: str, rule: str) -> None:
    assert the_refusal(read_csv(tmp_path, content), "roster.csv").rule == rule


def test_line_breaks_inside_quotes_stay_in_their_cell(tmp_path: Path) -> None:
    found = read_csv(tmp_path, f'{",".join(HEADINGS)}\n1,"Otters\nof ""Hackney"", E8",E1 7AF,12\n2,Judo,,\n')
    assert names(found) == ['Otters\nof "Hackney", E8', "Judo"]
    assert [record.row for record in found.parts[0].records] == [2, 3]


def test_values_that_look_like_something_else_stay_text(tmp_path: Path) -> None:
    row = ["007", "None", "NA", "1E5"]
    part = the_part(
        read_csv(tmp_path, f"{','.join(HEADINGS)}\n{','.join(row)}\nnull,TRUE,01/02/2024,0012.50\n")
    )
    assert [record.cells for record in part.records] == [row, ["null", "TRUE", "01/02/2024", "0012.50"]]


def test_blank_lines_are_not_records_but_keep_the_count_of_rows(tmp_path: Path) -> None:
    found = read_csv(tmp_path, f"{','.join(HEADINGS)}\n\n{ROW}\n,,,\n{ROW}\n")
    assert [record.row for record in the_part(found).records] == [3, 5]
    assert found.rows_in == {"roster.csv": 2}


def test_a_cell_longer_than_any_roster_needs_is_refused(tmp_path: Path) -> None:
    found = read_csv(tmp_path, f"{','.join(HEADINGS)}\n1,{'a' * 1_000_001},E1,2\n")
    assert the_refusal(found, "roster.csv").severity == "reject"


# XLSX


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Content:
    """One workbook with titles, merged two-row headings, a struck row, broken cells and a hidden sheet."""
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Roster"
    sheet.append(["Short breaks framework"])
    sheet.append(["Ref", "CONTACT", None, "Places", "Note"])
    sheet.append([None, "Name", "Postcode", None, None])
    sheet.merge_cells("B2:C2")
    sheet.append([1, "Otters", "E1 7AF", 12.0, "=1+1"])  # row 4: a formula that was never computed
    sheet.append([2, "Seals", "#REF!", True, None])  # row 5
    sheet.append([3, "Old club", "E1 7AF", 1, None])  # row 6, struck through
    sheet.append([None, None, None, None, None])
    sheet.append([4, "Half struck", "E1 7AF", 2, None])  # row 8
    sheet.append(["Sub-total", None, None, 15, None])  # row 9
    sheet.append(["007", "merged down", "E1 7AF", 1, None])  # row 10
    sheet.append(["008", None, "E1 7AF", 1, None])  # row 11
    sheet.merge_cells("B10:B11")
    for cell in sheet[6]:
        cell.font = Font(strike=True)
    sheet["B8"].font = Font(strike=True)
    old = book.create_sheet("OLD")
    old.append(["Child name", "Jo"])
    old.sheet_state = "hidden"
    path = tmp_path_factory.mktemp("books") / "roster.xlsx"
    book.save(path)
    headings = ["Ref", "CONTACT / Name", "CONTACT / Postcode", "Places", "Note"]
    return read_xlsx(path, headings=headings, header_rows=2, not_records=["Sub-total"])


def by_row(content: Content) -> dict[int, list[str]]:
    return {record.row: record.cells for record in content.parts[0].records}


def test_merged_headings_of_two_rows_are_joined(workbook: Content) -> None:
    assert workbook.parts[0].headings == ["Ref", "CONTACT / Name", "CONTACT / Postcode", "Places", "Note"]


def test_rows_of_a_sheet_keep_the_numbers_an_officer_sees(workbook: Content) -> None:
    assert list(by_row(workbook)) == [4, 5, 6, 8, 10, 11]


def test_numbers_and_flags_of_a_sheet_become_plain_text(workbook: Content) -> None:
    assert by_row(workbook)[4][:4] == ["1", "Otters", "E1 7AF", "12"]
    assert by_row(workbook)[5][3] == "TRUE"
    assert by_row(workbook)[10][0] == "007"


def test_subtotals_are_counted_but_are_no_records(workbook: Content) -> None:
    assert workbook.parts[0].not_records == [9]
    assert workbook.rows_in == {"roster.xlsx": 7}


def test_only_a_row_that_is_wholly_struck_through_is_marked(workbook: Content) -> None:
    assert [record.row for record in workbook.parts[0].records if record.is_struck] == [6]


def test_a_value_merged_downwards_is_not_spread_over_records(workbook: Content) -> None:
    assert (by_row(workbook)[10][1], by_row(workbook)[11][1]) == ("merged down", "")


def test_a_spreadsheet_error_sets_its_row_aside(workbook: Content) -> None:
    (error,) = [f for f in workbook.findings if f.rule == "error_cell"]
    assert (error.row, error.column, error.severity) == (5, "CONTACT / Postcode", "quarantine")


def test_a_formula_without_its_value_sets_its_row_aside(workbook: Content) -> None:
    (formula,) = [f for f in workbook.findings if f.rule == "formula_without_value"]
    assert (formula.row, formula.column, formula.severity) == (4, "Note", "quarantine")
    assert len(workbook.findings) == 2


def test_a_hidden_sheet_is_searched_and_never_used(workbook: Content) -> None:
    assert workbook.hidden == ["Child name", "Jo"]
    assert [part.part for part in workbook.parts] == ["Roster"]


def save_book(path: Path, title: str = "Roster", *, is_hidden: bool = False) -> Path:
    book = openpyxl.Workbook()
    book.active.title = title
    book.active.append(HEADINGS)
    book.active.append(["1", "Otters", "E1 7AF", "12"])
    if is_hidden:
        book.create_sheet("Cover")
        book.active.sheet_state = "hidden"
    book.save(path)
    return path


def zip_claiming_400_mb() -> bytes:
    """A small package whose directory claims that it unpacks to 400 MB."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as package:
        package.writestr("x", bytes(1_000_000))
    declared, claimed = (1_000_000).to_bytes(4, "little"), (400_000_000).to_bytes(4, "little")
    assert body.getvalue().count(declared) == 2
    return body.getvalue().replace(declared, claimed)


@pytest.fixture(scope="module")
def refused_books(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Content]:
    """What was read of workbooks that must be refused, each by a child of its own."""
    folder = tmp_path_factory.mktemp("refused")
    save_book(folder / "renamed.xlsx", "Rota")
    save_book(folder / "hidden.xlsx", is_hidden=True)
    whole = (folder / "renamed.xlsx").read_bytes()
    (folder / "cut.xlsx").write_bytes(whole[: len(whole) // 2])
    (folder / "encrypted.xlsx").write_bytes(b"\xd0\xcf\x11\xe0" + bytes(600))
    (folder / "bomb.xlsx").write_bytes(zip_claiming_400_mb())
    book = openpyxl.load_workbook(save_book(folder / "giant.xlsx"))
    book.active["XFD1048576"] = "far"
    book.save(folder / "giant.xlsx")
    paths = sorted(folder.iterdir())
    with ThreadPoolExecutor(2) as pool:
        return dict(zip([path.name for path in paths], pool.map(read_xlsx, paths), strict=True))


@pytest.mark.parametrize(
    ("file", "rule", "words"),
    [
        ("renamed.xlsx", "sheet_missing", "It has: Rota."),
        ("hidden.xlsx", "sheet_missing", "It has: Cover."),
        ("cut.xlsx", "not_a_workbook", "cut short or encrypted"),
        ("encrypted.xlsx", "not_a_workbook", "cut short or encrypted"),
        ("bomb.xlsx", "workbook_too_large", "400 MB"),
        ("giant.xlsx", "sheet_too_large", "1048576 rows × 16384 columns"),
    ],
)
def test_a_workbook_that_cannot_be_trusted_is_refused(
    refused_books: dict[str, Content], file: str, rule: str, words: str
) -> None:
    refused = the_refusal(refused_books[file], file)
    assert refused.rule == rule
    assert words in refused.message


# JSON

SERVICE = {"id": "s1", "name": "Otters", "organization": {"id": "o1"}}


def page(**fields: object) -> str:
    return json.dumps({"contents": [{**SERVICE, **fields}]})


def cells_of(part: Part) -> list[dict[str, str]]:
    return [dict(zip(part.headings, record.cells, strict=True)) for record in part.records]


def test_a_service_at_two_locations_is_two_lines_of_one_record(tmp_path: Path) -> None:
    places = [{"location": {"name": "Hall"}}, {"location": {"name": "Pool"}}]
    found = read_json(tmp_path, page(service_at_locations=places))
    part = the_part(found)
    assert [line["service_at_locations.location.name"] for line in cells_of(part)] == ["Hall", "Pool"]
    assert [record.row for record in part.records] == [1, 1]
    assert found.rows_in == {"page-1.json": 1}


def test_parallel_lists_stay_parallel_when_one_has_a_hole(tmp_path: Path) -> None:
    schedules = [{"byday": "MO", "opens_at": "09:00"}, {"byday": "TU"}, {"byday": "WE", "opens_at": "11:00"}]
    (line,) = cells_of(the_part(read_json(tmp_path, page(schedules=schedules))))
    assert line["schedules[].byday"] == "MO~TU~WE"
    assert line["schedules[].opens_at"] == "09:00~~11:00"


def test_attributes_become_a_column_for_each_taxonomy(tmp_path: Path) -> None:
    attributes = [
        {"taxonomy_term": {"taxonomy": "Need", "name": "ASD"}},
        {"taxonomy_term": {"taxonomy": "Need", "name": "VI"}},
        {"taxonomy_term": {"taxonomy": "Offer level", "name": "Core"}},
    ]
    (line,) = cells_of(the_part(read_json(tmp_path, page(attributes=attributes))))
    assert (line["attributes: Need"], line["attributes: Offer level"]) == ("ASD~VI", "Core")


def test_numbers_and_nothing_in_json_become_plain_text(tmp_path: Path) -> None:
    (line,) = cells_of(
        the_part(read_json(tmp_path, page(minimum_age=5.0, maximum_age=None, fee=2.5, free=False)))
    )
    assert (line["minimum_age"], line["maximum_age"], line["fee"], line["free"]) == ("5", "", "2.5", "False")


@pytest.mark.parametrize(
    "text",
    [
        page(minimum_age=float("nan")),
        page(minimum_age=float("inf")),
        '{"contents": [{"id": "1", "id": "2"}]}',
        '{"contents": [' + "[" * 100_000 + "]" * 100_000 + "]}",
        '{"contents": [{"id": "1"}',
        "",
        "<html>busy</html>",
    ],
    ids=["NaN", "Infinity", "duplicate key", "deep nesting", "cut short", "empty", "HTML"],
)
def test_text_that_is_not_strict_json_is_refused(tmp_path: Path, text: str) -> None:
    assert the_refusal(read_json(tmp_path, text), "page-1.json").rule == "broken_json"


@pytest.mark.parametrize(
    "text", ["[]", '{"contents": {}}', '{"services": []}', '{"contents": ["x"]}', "null"]
)
def test_json_that_is_no_open_referral_page_is_refused(tmp_path: Path, text: str) -> None:
    assert the_refusal(read_json(tmp_path, text), "page-1.json").rule == "not_open_referral"


def test_a_record_nested_deeper_than_any_service_is_refused(tmp_path: Path) -> None:
    nested: object = "x"
    for _ in range(30):
        nested = {"a": nested}
    (finding,) = read_json(tmp_path, page(extra=nested)).findings
    assert (finding.rule, finding.severity) == ("too_deep", "reject")


def test_a_page_that_miscounts_itself_is_read_and_noted(tmp_path: Path) -> None:
    found = read_json(tmp_path, json.dumps({"size": 1, "contents": [SERVICE, {**SERVICE, "id": "s2"}]}))
    assert [(f.rule, f.severity) for f in found.findings] == [("page_size", "note")]
    assert found.rows_in == {"page-1.json": 2}


# XML


def test_records_of_xml_become_rows_with_paths_for_headings(tmp_path: Path) -> None:
    found = read_xml(
        tmp_path,
        "<all><record><name>Otters &amp; Seals</name><venue><post>E1 7AF</post></venue></record>"
        "<record><name>Judo</name><day>Mon</day><day>Tue</day></record></all>",
    )
    part = the_part(found)
    assert part.headings == ["name", "venue/post", "day"]
    assert [record.cells for record in part.records] == [
        ["Otters & Seals", "E1 7AF", ""],
        ["Judo", "", "Mon~Tue"],
    ]
    assert [record.row for record in part.records] == [1, 2]


@pytest.mark.parametrize(
    "text",
    [
        '<!DOCTYPE all SYSTEM "http://example.org/x.dtd"><all><record/></all>',
        '<!DOCTYPE all [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><all><record>&b;</record></all>',
        '<!DOCTYPE all [<!ENTITY x SYSTEM "file:///etc/passwd">]><all><record>&x;</record></all>',
        "<all><record>&undeclared;</record></all>",
        "<all><record></all>",
        "",
    ],
    ids=["DTD", "entity bomb", "external entity", "undeclared entity", "not closed", "empty"],
)
def test_xml_that_is_broken_or_declares_a_document_type_is_refused(tmp_path: Path, text: str) -> None:
    assert the_refusal(read_xml(tmp_path, text), "roster.xml").rule == "broken_xml"


def test_xml_without_our_records_is_refused(tmp_path: Path) -> None:
    assert the_refusal(read_xml(tmp_path, "<all><row/></all>"), "roster.xml").rule == "no_rows"


# Whatever ends the child becomes words


def child_that(monkeypatch: pytest.MonkeyPatch, folder: Path, does: str) -> None:
    """Put a child in place of the usual one: the same reader, begun with other limits."""
    script = folder / "child"
    script.write_text(
        f"#!{sys.executable}\nimport os, sys\nsys.path.insert(0, os.getcwd())\n"
        f"from flows.reading import child\nfrom flows.reading.content import Content\n{does}\nchild.main()\n"
    )
    script.chmod(0o700)
    monkeypatch.setattr(sandbox, "sys", SimpleNamespace(executable=str(script)))


@pytest.mark.parametrize(
    "does",
    [
        "os.abort()",
        "os.kill(os.getpid(), 9)",
        "child.read = lambda job: 1 / 0",
        "child.MEMORY_LIMIT_BYTES = 120_000_000\nchild.read = lambda job: (bytearray(500_000_000), Content())[1]",
        "child.CPU_LIMIT_SECONDS = 0",
    ],
    ids=["abort", "kill", "exception", "memory limit", "processor limit"],
)
def test_a_child_that_dies_becomes_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, does: str
) -> None:
    if does.startswith("child.CPU"):
        does += "\nchild.read = lambda job: sum(range(10**12))"
    child_that(monkeypatch, tmp_path, does)
    assert the_refusal(read_csv(tmp_path, CSV), "roster.csv").rule == "reader_stopped"


def test_the_words_of_a_dying_child_are_not_repeated(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    child_that(monkeypatch, tmp_path, "raise SystemExit('born 01/02/2019')")
    refused = the_refusal(read_csv(tmp_path, CSV), "roster.csv")
    assert "2019" not in refused.message + refused.raw


def test_a_child_that_takes_too_long_becomes_a_refusal(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "TIME_LIMIT_SECONDS", 0.001)
    assert the_refusal(read_csv(tmp_path, CSV), "roster.csv").rule == "too_slow"


def test_a_file_that_is_too_large_is_refused_before_it_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sandbox, "MAX_FILE_BYTES", 10)
    child_that(monkeypatch, tmp_path, "os.abort()")
    assert the_refusal(read_csv(tmp_path, CSV), "roster.csv").rule == "file_too_large"


def test_what_was_read_survives_the_pipe(tmp_path: Path) -> None:
    found = read_csv(tmp_path, CSV)
    assert Content.from_json(json.loads(json.dumps(found.as_json()))) == found
