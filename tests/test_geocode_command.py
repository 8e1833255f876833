"""``squaremile geocode`` and ``squaremile parse``: every row of every file, and words for what cannot be read."""

from __future__ import annotations

import contextlib
import csv
import datetime as dt
import decimal
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Any

import duckdb
import numpy as np
import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from builders import PROJECT
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console
from typer.testing import CliRunner

from flows import csv_text, place_commands, table_writers
from flows.command_line import app
from flows.errors import ExitCode, Mistake, PlainError, RunAborted
from flows.geocode_columns import Where, choose_columns
from flows.geocode_file import Outcome, default_out, geocode_file
from flows.ground import Groundwork
from flows.parse_values import parse_postcodes
from flows.places import Places
from flows.reference import Reference
from flows.table_readers import open_source
from transforms.place.coordinates import Trouble
from transforms.place.grid import degrees_of

OURS = [
    "postal_code", "postcode_status", "easting", "northing", "lad_code", "zone", "zone_certain", "signed_distance_m",
    "geocode_method", "positional_error_m",
]  # fmt: skip
BARBICAN, TOYNBEE, MANCHESTER = "EC2Y 8DS", "E1 6LS", "M1 1AE"
SCRIPT = Path(sys.executable).with_name("squaremile")


@pytest.fixture(scope="module")
def work() -> Groundwork:
    """The reference as it comes with the program."""
    known = Reference(Places())
    return known.groundwork


def run(*args: object) -> Any:
    """Run the command in this process; an error it tells in words is raised."""
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    if isinstance(result.exception, PlainError):
        raise result.exception
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refusal(*args: object, error: type[PlainError] = Mistake) -> str:
    """The words with which a command is refused: it says what to do, and leaves nothing half done."""
    with pytest.raises(error) as told:
        run(*args)
    assert told.value.what_to_do
    folders = {Path(str(arg)).parent for arg in args if os.sep in str(arg)}
    assert not [part for folder in folders if folder.is_dir() for part in folder.glob(".*.part")]
    return f"{told.value.message} {told.value.what_to_do}"


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a table in any of the three formats."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    sheet = openpyxl.load_workbook(path).active
    assert not [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A table in any of the three formats."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
            for cell in book.active[book.active.max_row]:
                # Text that looks like a formula is text.
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
    return path


def text_file(tmp_path: Path, content: str | bytes, name: str = "clubs.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def geocoded(path: Path, *args: object) -> list[dict[str, Any]]:
    """The rows of a file's result."""
    out = path.with_name("out.csv")
    run("geocode", path, "--out", out, *args)
    return read(out)


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


# Every format in, every format out

CLUBS = [
    {"id": "001", "Name": 'The "Barbican", Ltd', "Postcode": BARBICAN, "note": "two\nlines"},
    {"id": "002", "Name": "Café Zoë", "Postcode": "e16ls", "note": "=1+1"},
    {"id": "003", "Name": "-", "Postcode": "nowhere", "note": ""},
]
FORMATS = [".csv", ".xlsx", ".parquet"]


@pytest.mark.parametrize("out", FORMATS)
@pytest.mark.parametrize("given_in", FORMATS)
def test_every_format_goes_in_and_comes_out_with_its_columns_its_rows_and_ten_more(
    tmp_path: Path, given_in: str, out: str
) -> None:
    file = write(tmp_path / f"clubs{given_in}", CLUBS)
    result = run("geocode", file, "--out", tmp_path / f"out{out}")
    rows = read(tmp_path / f"out{out}")
    assert list(rows[0]) == ["id", "Name", "Postcode", "note", *OURS]
    assert [{name: row[name] or "" for name in CLUBS[0]} for row in rows] == CLUBS
    assert column(rows, "postal_code")[:2] == [BARBICAN, TOYNBEE]
    assert not rows[2]["postal_code"]
    assert column(rows, "postcode_status") == ["listed", "listed", "invalid"]
    assert column(rows, "zone") == ["inside", "near", "unknown"]
    assert column(rows, "lad_code")[:2] == ["E09000001", "E09000030"]
    assert [float(row["easting"]) for row in rows[:2]] == [532329, 533856]
    assert [float(row["signed_distance_m"]) for row in rows[:2]] == [-154.9, 246.4]
    assert [str(row["zone_certain"]).lower() for row in rows] == ["true", "true", "false"]
    assert column(rows, "geocode_method") == ["postcode", "postcode", "none"]
    assert not rows[2]["easting"]
    assert result.stdout == ""
    assert "3 rows, by postcode “Postcode”" in result.stderr


def test_the_result_stands_beside_the_file_under_its_name_unless_told_otherwise(tmp_path: Path) -> None:
    file = write(tmp_path / "clubs.CSV".lower(), CLUBS)
    run("geocode", file)
    assert (tmp_path / "clubs-geocoded.csv").is_file()
    assert default_out(Path("a/Clubs.CSV")) == Path("a/Clubs-geocoded.csv")


def test_a_name_in_capitals_is_as_good(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Postcode\n{BARBICAN}\n", "CLUBS.CSV")
    assert column(geocoded(file), "zone") == ["inside"]


# Which columns


def chosen(headings: str, **asked: str | None) -> dict[str, str]:
    return choose_columns(headings.split(","), dict(asked)).named()


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("Name,Postcode", {"postcode": "Postcode"}),
        ("Name,Post Code", {"postcode": "Post Code"}),
        ("Name,POSTAL_CODE", {"postcode": "POSTAL_CODE"}),
        ("Name,Home postcode (if known)", {"postcode": "Home postcode (if known)"}),
        ("Postcode,Postcode checked?", {"postcode": "Postcode"}),
        ("Office postcode,Venue postcode", {"postcode": "Venue postcode"}),
        ("pcds,lat,long", {"postcode": "pcds", "lat": "lat", "lon": "long"}),
        ("Latitude,Longitude", {"lat": "Latitude", "lon": "Longitude"}),
        ("Easting,Northing", {"easting": "Easting", "northing": "Northing"}),
        ("oseast1m,osnrth1m", {"easting": "oseast1m", "northing": "osnrth1m"}),
        ("X_COORDINATE,Y_COORDINATE,UPRN", {"easting": "X_COORDINATE", "northing": "Y_COORDINATE", "uprn": "UPRN"}),
        ("Venue UPRN,Postcode", {"postcode": "Postcode", "uprn": "Venue UPRN"}),
        ("Postcode,Long", {"postcode": "Postcode"}),
    ],
)  # fmt: skip
def test_usual_headings_are_found(headings: str, columns: dict[str, str]) -> None:
    assert chosen(headings) == columns


def test_a_number_that_may_be_anything_is_not_taken_for_a_uprn() -> None:
    assert chosen("Postcode,Property reference,External identifier") == {"postcode": "Postcode"}


def test_columns_that_are_named_come_before_guesses_and_nothing_means_none() -> None:
    headings = "Postcode,Old,lat,lon"
    assert chosen(headings, postcode="Old", lat="", lon="") == {"postcode": "Old"}
    assert chosen(headings, lat="", lon=None) == {"postcode": "Postcode"}
    assert choose_columns(["a", "b"], {"lat": "a", "lon": "b"}) == Where(lat="a", lon="b")


@pytest.mark.parametrize(
    ("headings", "asked", "words"),
    [
        ("Post code,postcode", {}, "Several columns could be the postcode: Post code, postcode. Name the right one"),
        ("Home postcode,Work postcode", {}, "--postcode"),
        ("Postcode,Name", {"postcode": "Postcod"}, "no column “Postcod”. Nearest: “Postcode”. The file has: Postcode"),
        ("Postcode,Name", {"uprn": "Zzzzz"}, "no column “Zzzzz”. The file has"),
        ("Postcode,Y", {"lat": "Y"}, "--lat is of no use without --lon"),
        ("Postcode,X", {"northing": "X"}, "--northing is of no use without --easting"),
        ("Y,X", {"lat": "Y", "lon": "Y"}, "--lat and --lon both name the column “Y”"),
        ("Name,Phone", {}, "No heading looks like a postcode, a pair of coordinates or a UPRN. The file has: Name"),
        ("Postcode", {"postcode": ""}, "No heading looks like"),
    ],
)  # fmt: skip
def test_what_leaves_a_doubt_is_asked(headings: str, asked: dict[str, str], words: str) -> None:
    with pytest.raises(Mistake) as told:
        chosen(headings, **asked)
    assert words in f"{told.value.message} {told.value.what_to_do}"
    assert "None" not in told.value.message


def test_a_misspelt_option_is_told_with_the_nearest(tmp_path: Path) -> None:
    result = run("geocode", write(tmp_path / "a.csv", CLUBS), "--poscode", "x")
    assert result.exit_code == ExitCode.MISTAKE_IN_COMMAND
    assert "--postcode" in result.stderr


def test_columns_that_have_our_names_already_stay_and_ours_are_marked(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Postcode,zone,geocoded_zone\n{BARBICAN},a,b\n")
    (row,) = geocoded(file)
    assert (row["zone"], row["geocoded_zone"], row["geocoded_geocoded_zone"]) == ("a", "b", "inside")
    assert list(row)[3:6] == ["postal_code", "postcode_status", "easting"]


def test_a_result_can_be_geocoded_again(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Postcode\n{BARBICAN}\n")
    once = tmp_path / "once.csv"
    run("geocode", file, "--out", once)
    (row,) = geocoded(once)
    assert list(row)[1:11] == OURS
    assert [row[f"geocoded_{name}"] for name in OURS] == [row[name] for name in OURS]


# Text as it stands


@pytest.mark.parametrize(
    ("content", "args"),
    [
        (f"id,Postcode\n1,{BARBICAN}\n".encode("utf-8-sig"), ()),
        (f"id;Postcode\n1;{BARBICAN}\n".encode(), ()),
        (f"id\tPostcode\n1\t{BARBICAN}\n".encode(), ()),
        (f"id|Postcode\n1|{BARBICAN}\n".encode(), ()),
        (f'"id, of club";Postcode\n1;{BARBICAN}\n'.encode(), ()),
        (f"id,Postcode\r\n1,{BARBICAN}\r\n".encode(), ()),
        (f"id,Postcode\r1,{BARBICAN}\r".encode(), ()),
        (f"id,Postcode\n1,{BARBICAN}".encode(), ()),
        (f"\r\n\nid,Postcode\n\n\n1,{BARBICAN}\n\n".encode(), ()),
        (f'"id","Post\ncode"\n"1","{BARBICAN}"\n'.encode(), ()),
        (f"id,Postcode\n1,{BARBICAN}\n".encode("utf-16"), ("--encoding", "UTF-16")),
        (f"id,Postcode\n1,{BARBICAN}\n".encode("utf-8-sig"), ("--encoding", "utf8")),
        (f"id,Postcode\n1,{BARBICAN}\n".encode(), ("--encoding", "utf-8-sig")),
    ],
)
def test_a_csv_is_read_however_it_is_written(tmp_path: Path, content: bytes, args: tuple[str, ...]) -> None:
    (row,) = geocoded(text_file(tmp_path, content), *args)
    assert list(row.values())[:3] == ["1", BARBICAN, BARBICAN]
    assert row["zone"] == "inside"


def test_cp1252_is_read_when_it_is_named_and_the_row_is_told_when_it_is_not(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Name,Postcode\nPlain,{BARBICAN}\n\nZoë’s,{TOYNBEE}\n".encode("cp1252"))
    words = refusal("geocode", file)
    assert "Row 4 of clubs.csv is not written in UTF-8" in words
    assert "--encoding cp1252" in words
    assert column(geocoded(file, "--encoding", "cp1252"), "Name") == ["Plain", "Zoë’s"]
    assert "Row 4 of clubs.csv is not written in ascii" not in refusal("geocode", file, "--encoding", "ascii")
    assert "There is no encoding “cp-1252x”" in refusal("geocode", file, "--encoding", "cp-1252x")
    assert "There is no encoding “hex”" in refusal("geocode", file, "--encoding", "hex")


def test_a_byte_that_a_named_encoding_lacks_is_told_with_its_row(tmp_path: Path) -> None:
    file = text_file(tmp_path, b"Name,Postcode\na,E1 6LS\n\x81,E1 6LS\n")
    assert "Row 3 of clubs.csv is not written in cp1252" in refusal("geocode", file, "--encoding", "cp1252")


def test_a_byte_order_mark_is_kept_since_excel_goes_by_it(tmp_path: Path) -> None:
    for encoding, has_mark in (("utf-8-sig", True), ("utf-8", False)):
        file = text_file(tmp_path, f"Café,Postcode\n1,{BARBICAN}\n".encode(encoding), f"{encoding}.csv")
        out = tmp_path / f"{encoding}-out.csv"
        run("geocode", file, "--out", out)
        assert out.read_bytes().startswith(b"\xef\xbb\xbfCaf" if has_mark else b"Caf")


ODD = [
    "001",
    "1e5",
    "1.50",
    "+44 20",
    " padded ",
    "=SUM(A1)",
    "NULL",
    "NA",
    "null",
    '5" pipe',
    "a\tb",
    "−3",
    "True",
    "\\N",
]


def test_cells_are_kept_to_the_letter(tmp_path: Path) -> None:
    file = tmp_path / "odd.csv"
    with file.open("w", newline="") as opened:
        csv.writer(opened).writerows([["x", "Postcode"], *([odd, TOYNBEE] for odd in ODD)])
    for out in FORMATS:
        run("geocode", file, "--out", tmp_path / f"out{out}")
        assert column(read(tmp_path / f"out{out}"), "x") == ODD


def test_what_needs_no_quotation_marks_has_none_and_lines_are_as_they_were(tmp_path: Path) -> None:
    lines = ["id,Name,Postcode", f'001,"a, b",{BARBICAN}', '2,"say ""x""",', "3,plain,x"]
    file = text_file(tmp_path, "\n".join(lines))
    out = tmp_path / "out.csv"
    run("geocode", file, "--out", out)
    ours = "inside,true,-154.9,postcode,50"
    assert out.read_text().splitlines() == [
        f"{lines[0]},{','.join(OURS)}",
        f"{lines[1]},{BARBICAN},listed,532329,181837,E09000001,{ours}",
        f"{lines[2]},,missing,,,,unknown,false,,none,",
        f"{lines[3]},,invalid,,,,unknown,false,,none,",
    ]


def test_in_a_file_of_one_column_an_empty_line_is_a_row(tmp_path: Path) -> None:
    rows = geocoded(text_file(tmp_path, f"Postcode\n{BARBICAN}\n\n{TOYNBEE}\n"))
    assert column(rows, "postcode_status") == ["listed", "missing", "listed"]


def test_a_quotation_mark_within_plain_text_is_a_character_like_any_other(tmp_path: Path) -> None:
    rows = geocoded(text_file(tmp_path, f'Size,Postcode\n5" pipe,{BARBICAN}\n"6"" pipe",{TOYNBEE}\nx""y,\n'))
    assert column(rows, "Size") == ['5" pipe', '6" pipe', 'x""y']


# What cannot be read has its row


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ("", "clubs.csv is empty"),
        ("\n\n", "clubs.csv is empty"),
        ("\ufeff", "clubs.csv is empty"),
        ("Postcode,Name\n", "clubs.csv has headings but no rows"),
        ("Postcode,Name\n\n\n", "clubs.csv has headings but no rows"),
        (",,\n1,2,3\n", "clubs.csv has no headings in its first row"),
        ("Postcode,Name,Name\n1,2,3\n", "clubs.csv has the heading “Name” more than once"),
        ("Postcode,,Name,\n1,2,3,4\n", "Columns 2 and 4 of clubs.csv have no heading"),
        ("Postcode,Name\nE1 6LS\n", "Row 2 of clubs.csv has 1 cell where the headings name 2"),
        ("Postcode,Name\na,b\n\nE1 6LS,a,b\n", "Row 4 of clubs.csv has 3 cells where the headings name 2"),
        ('Postcode,Name\n"a\nb",c\nx,y,z,w\n', "Row 3 of clubs.csv has 4 cells where the headings name 2"),
        ('Postcode,Name\na,b\nc,"open\nd,e\nf,g\n', "Row 3 of clubs.csv has a quotation mark that is never closed"),
        ('Postcode,Name\na,"b" c\n', "Row 2 of clubs.csv has text after the closing quotation mark"),
        ('Postcode,Name\na,"b\nc,"d"\n', "Row 2 of clubs.csv has text after the closing quotation mark"),
        ('"Postcode,Name\na,b\n', "A quotation mark in the headings of clubs.csv is never closed"),
        ("Postcode,Name\na,b\nc\0,d\n", "not plain text"),
        (b"PK\x03\x04\0\0binary", "not plain text. Save it as CSV UTF-8"),
        ("Postcode,Name\n".encode("utf-16"), "written in UTF-16. Add --encoding utf-16"),
        (b"\xff\xfa\xf0\n", "Row 1 of clubs.csv is not written in UTF-8"),
        ("x" * 2_000_000, "does not end within 1 MB"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_told_with_its_row(tmp_path: Path, content: str | bytes, words: str) -> None:
    file = text_file(tmp_path, content)
    assert words in refusal("geocode", file)
    assert list(tmp_path.iterdir()) == [file]


@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r"])
def test_rows_count_as_a_spreadsheet_shows_them_wherever_blocks_end(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, line_end: str
) -> None:
    good = [f'{n},"two{line_end}lines"' if n % 3 else f"{n},plain" for n in range(40)]
    lines = ["Postcode,Name", *good, "", "only one", *good]
    file = text_file(tmp_path, line_end.join(lines))
    for block in (1, 7, 50, 10**6):
        monkeypatch.setattr(csv_text, "BLOCK", block)
        assert "Row 43 of clubs.csv has 1 cell" in refusal("geocode", file)


def test_a_nul_far_into_a_file_is_told_with_its_row(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "LONGEST_HEADINGS", 20)
    monkeypatch.setattr(csv_text, "BLOCK", 16)
    file = text_file(tmp_path, "Postcode,Name\n" + "a,b\n" * 20 + "c,d\0\n")
    assert "Row 22 of clubs.csv holds a NUL" in refusal("geocode", file)


def test_a_huge_cell_is_kept_and_one_without_end_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    huge = "x\n" * 60_000
    rows = geocoded(text_file(tmp_path, f'Postcode,Note\n{BARBICAN},"{huge}"\n'))
    assert rows[0]["Note"] == huge
    monkeypatch.setattr(csv_text, "LONGEST_ROW", 2**16)
    monkeypatch.setattr(csv_text, "BLOCK", 2**12)
    file = text_file(tmp_path, f'Postcode,Note\na,b\n{BARBICAN},"{huge}"\n')
    assert "Row 3 of clubs.csv is longer than" in refusal("geocode", file)


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing.csv", "There is no file"),
        (".", "is a folder. Name a file in it"),
        ("clubs.txt", "not a CSV, Excel or Parquet file by its name"),
        ("clubs.xls", "not a CSV, Excel or Parquet file by its name"),
    ],
)
def test_a_file_that_is_none_is_told(tmp_path: Path, name: str, words: str) -> None:
    for there in ("clubs.txt", "clubs.xls"):
        text_file(tmp_path, "Postcode\n", there)
    assert words in refusal("geocode", tmp_path / name)


def test_brackets_in_names_and_headings_are_not_taken_for_colours(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"[/]Postcode[red]\n{BARBICAN}\n", "[bold]clubs.csv")
    said = run("geocode", file).stderr
    assert "“[/]Postcode[red]”" in said
    assert "[bold]clubs-geocoded.csv" in said


# The result does not depend on where blocks end

cells = st.text(st.sampled_from('ab,;"\n\r é'), max_size=6)


@given(
    rows=st.lists(st.tuples(cells, cells), min_size=1, max_size=12),
    block=st.integers(1, 40),
    line_end=st.sampled_from(["\n", "\r\n"]),
    quoting=st.sampled_from([csv.QUOTE_ALL, csv.QUOTE_MINIMAL]),
    delimiter=st.sampled_from(",;"),
)
def test_what_is_written_is_read_wherever_blocks_end(
    tmp_path_factory: pytest.TempPathFactory,
    rows: list[tuple[str, str]], block: int, line_end: str, quoting: Any, delimiter: str,
) -> None:  # fmt: skip
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator=line_end, quoting=quoting, delimiter=delimiter)
    # Python leaves a lone return bare, which ends a row for everybody else.
    writer.writerows([("one", "two"), *([cell.replace("\r", "\r\n") for cell in row] for row in rows)])
    path = text_file(tmp_path_factory.mktemp("made"), text.getvalue())
    found = [row for table in tables(path, block) for row in table.to_pylist()]
    assert [tuple(row.values()) for row in found] == [tuple(c.replace("\r", "\r\n") for c in r) for r in rows]


def tables(path: Path, block: int) -> Iterator[pa.Table]:
    before = csv_text.BLOCK
    csv_text.BLOCK = block
    try:
        for part in open_source(path).parts():
            yield part.read().table
    finally:
        csv_text.BLOCK = before


def outcome(path: Path, block: int) -> object:
    """The rows of a file, or the words that refuse it."""
    try:
        return [row for table in tables(path, block) for row in table.to_pylist()]
    except Mistake as mistake:
        return mistake.message


@given(
    text=st.text(st.sampled_from('ab,"\n\r'), max_size=40),
    headings=st.sampled_from(["one", "one,two", '"one"']),
    line_end=st.sampled_from(["\n", "\r\n"]),
    block=st.integers(1, 30),
)
def test_any_text_whatever_reads_the_same_or_is_refused_in_the_same_row_wherever_blocks_end(
    tmp_path_factory: pytest.TempPathFactory, text: str, headings: str, line_end: str, block: int
) -> None:
    path = text_file(tmp_path_factory.mktemp("any"), headings + line_end + text)
    assert outcome(path, block) == outcome(path, 10**6)


@given(
    garbage=st.binary(max_size=200),
    ending=st.sampled_from(FORMATS),
    start=st.sampled_from([b"", b"Postcode\n"]),
)
def test_no_bytes_whatever_end_in_anything_but_words(
    tmp_path_factory: pytest.TempPathFactory, garbage: bytes, ending: str, start: bytes
) -> None:
    path = tmp_path_factory.mktemp("garbage") / f"file{ending}"
    path.write_bytes(start + garbage)
    with contextlib.suppress(PlainError):
        for part in open_source(path).parts():
            part.read()


@given(
    blanks=st.lists(st.integers(0, 2), min_size=1, max_size=12),
    has_breaks=st.booleans(),
    line_end=st.sampled_from(["\n", "\r\n", "\r"]),
    block=st.integers(1, 30),
)
def test_a_records_row_counts_the_empty_lines_before_it(
    tmp_path_factory: pytest.TempPathFactory, blanks: list[int], has_breaks: bool, line_end: str, block: int
) -> None:
    cell = '"two\nlines"' if has_breaks else "plain"
    lines, rows = ["one,two"], []
    for blank in blanks:
        lines += [*[""] * blank, f"{cell},x"]
        rows.append(len(lines))
    path = text_file(tmp_path_factory.mktemp("rows"), line_end.join(lines))
    source = open_source(path)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(csv_text, "BLOCK", block)
        assert [source.row_of(record) for record in range(len(blanks))] == rows


def many(path: Path, count: int) -> Path:
    """A CSV whose rows can be told apart, with some cells that hold line breaks."""
    found = [BARBICAN, TOYNBEE, MANCHESTER, "", "nowhere", "EC2P 2EJ"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "Postcode", "note"])
        writer.writerows((n, found[n % 6], "a\nb" if n % 5 == 0 else "plain") for n in range(count))
    return path


def lay(file: Path, out: Path, work: Groundwork, **kwargs: Any) -> tuple[Outcome, list[float]]:
    heard: list[float] = []
    return geocode_file(file, out, {}, work.ground, heard.append, **kwargs), heard


def test_order_and_number_of_200_000_rows_are_kept_over_many_parts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Groundwork
) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", 2**17)
    done, heard = lay(many(tmp_path / "many.csv", 200_000), tmp_path / "out.parquet", work)
    table = pq.read_table(tmp_path / "out.parquet")
    assert len(heard) > 20
    assert heard == sorted(heard)
    assert heard[-1] == 1
    assert table["id"].to_pylist() == [str(n) for n in range(200_000)]
    assert table["zone"].to_pylist()[:6] == ["inside", "near", "outside", "unknown", "unknown", "unknown"]
    assert done.tally.rows == 200_000
    assert done.tally.statuses["missing"] == 33_333
    assert done.tally.zones[("inside", True)] == 33_334


def test_the_result_is_the_same_in_one_part_and_in_many(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Groundwork
) -> None:
    file = many(tmp_path / "many.csv", 3000)
    outs = [tmp_path / f"{block}.csv" for block in (10**7, 1000, 137)]
    tallies = []
    for out in outs:
        monkeypatch.setattr(csv_text, "BLOCK", int(out.stem))
        tallies.append(lay(file, out, work)[0].tally)
    assert len({out.read_bytes() for out in outs}) == 1
    assert tallies[0] == tallies[1] == tallies[2]


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


# Coordinates and UPRNs


def test_metres_and_degrees_place_rows_that_have_no_postcode(tmp_path: Path) -> None:
    longitude, latitude = degrees_of(np.array([532_329.4]), np.array([181_837.6]))
    for headings, row in (
        ("Easting,Northing", "532329.4, 181837.6 "),
        ("lat,lon", f"{latitude[0]:.7f},{longitude[0]:.7f}"),
        ("y,x", f"{latitude[0]:.7f},{longitude[0]:.7f}"),
    ):
        file = text_file(tmp_path, f"{headings}\n{row}\n")
        args = ("--lat", "y", "--lon", "x") if headings == "y,x" else ()
        (found,) = geocoded(file, *args)
        (tmp_path / "out.csv").unlink()
        assert (found["geocode_method"], found["zone"], found["lad_code"]) == (
            "coordinates",
            "inside",
            "E09000001",
        )
        assert abs(float(found["easting"]) - 532_329.4) < 0.2


def test_a_cell_that_is_no_number_is_told_with_its_row_and_never_with_what_it_says(tmp_path: Path) -> None:
    rows = [
        f"{BARBICAN},532329,181837",
        "",
        f'{BARBICAN},"532,secret",181837',
        f"{BARBICAN},,n/a",
        f"{BARBICAN},1e999,1",
    ]
    file = text_file(tmp_path, "Postcode,Easting,Northing\n" + "\n".join(rows))
    said = " ".join(run("geocode", file).stderr.split())
    assert "2 rows: “Easting” holds no number we can read, first in row 4" in said
    assert "1 row: “Northing” holds no number we can read, first in row 5" in said
    assert "secret" not in said


def test_numbers_are_read_whatever_their_type(tmp_path: Path) -> None:
    for easting in (
        ["532329"],
        [532329],
        [decimal.Decimal("532329.0")],
        pa.array(["532329"]).dictionary_encode(),
    ):
        pq.write_table(pa.table({"easting": easting, "northing": [181837.5]}), tmp_path / "a.parquet")
        run("geocode", tmp_path / "a.parquet", "--out", tmp_path / "out.parquet")
        found = pq.read_table(tmp_path / "out.parquet")
        assert found["zone"].to_pylist() == ["inside"]


def test_uprns_that_nothing_can_place_are_told_and_alone_they_are_refused(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"UPRN,Postcode\n100023336956,{BARBICAN}\n")
    assert "UPRNs were not used: no list of them has been fetched" in run("geocode", file).stderr
    assert "UPRNs alone place nothing here" in refusal("geocode", file, "--postcode", "")


def test_a_missing_datum_shift_is_told_of_the_last_rows_too_however_few_they_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Groundwork
) -> None:
    from transforms.place import doubts
    from transforms.place.postcode_lookup import find_postcodes

    shift = (doubts._DATUM_EAST_M, doubts._DATUM_NORTH_M)
    codes = [f"EC2V {digit}{a}{b}" for digit in range(5, 9) for a in "ABDEHJ" for b in "ABDEHJLNP"]
    found = find_postcodes(pa.array(codes), work.ground.directory)
    at = [(c, e + shift[0], n + shift[1]) for c, e, n in zip(codes, *found.points(), strict=True)]
    at = [row for row, is_place in zip(at, found.is_place(), strict=True) if is_place][:45]
    lines = [f"{code},{east:.1f},{north:.1f}" for code, east, north in at]
    file = text_file(tmp_path, "Postcode,Easting,Northing\n" + "\n".join(lines))
    assert len(lines) == 45
    for block in (10**6, 40 * len(lines[0])):
        monkeypatch.setattr(csv_text, "BLOCK", block)
        tally = lay(file, tmp_path / "out.csv", work)[0].tally
        assert tally.troubles[Trouble.DATUM] == 45
        assert tally.methods == {"postcode": 45}


# Where the result goes


def test_an_earlier_result_is_replaced_and_nothing_else_is(tmp_path: Path) -> None:
    file = write(tmp_path / "clubs.csv", CLUBS)
    out = tmp_path / "out.csv"
    assert "Written to" in run("geocode", file, "--out", out).stderr
    write(file, CLUBS[:1])
    assert "Written anew to" in run("geocode", file, "--out", out).stderr
    assert len(read(out)) == 1
    for content in (
        "a,b\n1,2\n",
        "",
        out.read_text().replace("positional_error_m\n", "positional_error_m,my notes\n"),
    ):
        out.write_text(content)
        words = refusal("geocode", file, "--out", out)
        assert "out.csv is there already, and is not an earlier result" in words
        assert out.read_text() == content


def test_the_file_itself_is_never_overwritten(tmp_path: Path) -> None:
    file = write(tmp_path / "clubs.csv", CLUBS)
    before = file.read_bytes()
    (tmp_path / "link.csv").symlink_to(file)
    (tmp_path / "hard.csv").hardlink_to(file)
    for out in (file, tmp_path / "." / "clubs.csv", tmp_path / "link.csv", tmp_path / "hard.csv"):
        assert "would overwrite the file itself" in refusal("geocode", file, "--out", out)
    assert file.read_bytes() == before


@pytest.mark.parametrize(
    ("out", "words"),
    [
        ("nowhere/out.csv", "There is no folder"),
        ("out.txt", "out.txt would not be a CSV, Excel or Parquet file. End it in .csv, .xlsx or .parquet"),
        ("folder", "would not be a CSV"),
        ("folder.csv", "is a folder. Name a file with --out"),
    ],
)
def test_a_place_where_nothing_can_be_written_is_told(tmp_path: Path, out: str, words: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.csv").mkdir()
    file = write(tmp_path / "clubs.csv", CLUBS)
    assert words in refusal("geocode", file, "--out", tmp_path / out)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_folder_that_may_not_be_written_to_is_told(tmp_path: Path, ending: str) -> None:
    file = write(tmp_path / "clubs.csv", CLUBS)
    # Even the superuser cannot make a file there.
    out = Path("/proc/self/fdinfo") / f"out{ending}"
    error = RunAborted if os.geteuid() == 0 else PlainError
    with pytest.raises(error, match=re.escape(str(out))):
        run("geocode", file, "--out", out)


@pytest.mark.parametrize("ending", FORMATS)
def test_a_disk_that_fills_up_ends_in_words_and_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ending: str
) -> None:
    file = write(tmp_path / "clubs.csv", CLUBS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    kind = {".csv": "_CsvSink", ".xlsx": "_ExcelSink", ".parquet": "_ParquetSink"}[ending]
    for moment in ("_add", "_end"):
        with monkeypatch.context() as patch:
            patch.setattr(getattr(table_writers, kind), moment, full)
            words = refusal("geocode", file, "--out", tmp_path / f"out{ending}", error=RunAborted)
        assert "could not be written: No space left on device" in words
        assert list(tmp_path.iterdir()) == [file]


def test_an_error_half_way_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", 100)
    for ending in FORMATS:
        file = text_file(tmp_path, "Postcode,Name\n" + "E1 6LS,b\n" * 200 + "ragged\n" + "E1 6LS,b\n" * 200)
        assert "Row 202" in refusal("geocode", file, "--out", tmp_path / f"out{ending}")
        assert list(tmp_path.iterdir()) == [file]


HALF_WAY = """
import sys, time
from pathlib import Path
from flows import csv_text, place_commands, table_writers
from flows.command_line import main
csv_text.BLOCK = 2000
add, parts = table_writers._CsvSink._add, []
def slow(self, rows):
    add(self, rows)
    self._file.flush()
    parts.append(rows)
    if len(parts) == 3:
        print("half way", flush=True)
        time.sleep(60)
table_writers._CsvSink._add = slow
sys.argv[1:] = ["geocode", sys.argv[1], "--out", sys.argv[2]]
main()
"""


def child(tmp_path: Path) -> subprocess.Popen[str]:
    """A command that stops half way and says so."""
    file = many(tmp_path / "many.csv", 2000)
    args = [sys.executable, "-c", HALF_WAY, str(file), str(tmp_path / "out.csv")]
    started = subprocess.Popen(args, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=PROJECT)
    assert started.stdout
    assert started.stdout.readline() == "half way\n"
    return started


@pytest.mark.flow
def test_a_run_that_is_killed_leaves_no_result_and_the_next_one_clears_up(tmp_path: Path) -> None:
    running = child(tmp_path)
    drafts = list(tmp_path.glob(".*.part"))
    try:
        assert len(drafts) == 1
        assert drafts[0].stat().st_size > 0
        # Meanwhile another run in the same folder leaves the draft of this one alone.
        run("geocode", tmp_path / "many.csv", "--out", tmp_path / "other.csv")
        assert list(tmp_path.glob(".*.part")) == drafts
    finally:
        running.send_signal(signal.SIGKILL)
        running.communicate(timeout=30)
    assert not (tmp_path / "out.csv").exists()
    assert list(tmp_path.glob(".*.part")) == drafts
    run("geocode", tmp_path / "many.csv", "--out", tmp_path / "out.csv")
    assert not list(tmp_path.glob(".*.part"))
    assert (tmp_path / "out.csv").read_bytes() == (tmp_path / "other.csv").read_bytes()


def test_control_c_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, work: Groundwork, request: pytest.FixtureRequest
) -> None:
    monkeypatch.setattr(csv_text, "BLOCK", 2000)
    file = many(tmp_path / "many.csv", 2000)
    # A test run in the background is started with the signal ignored.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    request.addfinalizer(lambda: signal.signal(signal.SIGINT, before))
    for ending in FORMATS:
        with pytest.raises(KeyboardInterrupt):
            geocode_file(
                file,
                tmp_path / f"out{ending}",
                {},
                work.ground,
                lambda done: signal.raise_signal(signal.SIGINT),
            )
        assert list(tmp_path.iterdir()) == [file]


PEAKS = """
import resource, sys
from pathlib import Path
from flows import csv_text
from flows.geocode_file import geocode_file
from flows.places import Places
from flows.reference import Reference
csv_text.BLOCK = 2**18
ground = Reference(Places()).ground
for name in sys.argv[2:]:
    folder = Path(sys.argv[1])
    geocode_file(folder / name, folder / f"out-{name}.parquet", {}, ground, lambda done: None)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


@pytest.mark.flow
def test_memory_does_not_grow_with_the_file(tmp_path: Path) -> None:
    many(tmp_path / "small.csv", 50_000)
    many(tmp_path / "large.csv", 600_000)
    args = [sys.executable, "-c", PEAKS, str(tmp_path), "small.csv", "large.csv"]
    said = subprocess.run(args, capture_output=True, text=True, cwd=PROJECT, timeout=120, check=True).stdout
    small, large = (int(line) / 1024 for line in said.split())
    # The large file and its result are some 80 MB as columns.
    assert large - small < 35


# What is shown


def squaremile(*args: object, width: int) -> subprocess.CompletedProcess[bytes]:
    env = os.environ | {"COLUMNS": str(width)}
    command = [str(SCRIPT), *map(str, args)]
    return subprocess.run(command, capture_output=True, env=env, timeout=60, check=False)


CONTROL = r"[\x00-\x09\x0b-\x1f\x7f]"


@pytest.mark.flow
def test_an_error_is_told_in_words_beside_the_output_with_its_exit_code(tmp_path: Path) -> None:
    result = squaremile("geocode", tmp_path / "missing.csv", width=80)
    assert (result.returncode, result.stdout) == (ExitCode.MISTAKE_IN_COMMAND, b"")
    said = result.stderr.decode()
    assert "Please correct" in said
    assert "There is no file" in said
    assert "Traceback" not in said
    assert max(map(len, said.splitlines())) <= 80
    # No bar or spinner where nobody sees it move, and no control characters.
    assert said.startswith("╭")
    assert not re.search(CONTROL, said)


SUMMARY = """\
8 rows, by postcode “Postcode”

Where                       Certain  Uncertain
Inside the Square Mile            1          1
Near: a short walk outside        2          0
Further outside                   1          0
Place not known                              3

Postcodes to look at                          Rows
A PO box or large-user postcode: not a place     1
Not a postcode                                   1
None given                                       1
"""


@pytest.mark.parametrize("width", [80, 130])
def test_a_summary_is_short_and_plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, width: int) -> None:
    monkeypatch.setattr(place_commands.err, "_width", width)
    codes = [BARBICAN, TOYNBEE, TOYNBEE, MANCHESTER, "nowhere", "EC1A 9ZZ", "EC2P 2EJ", ""]
    file = write(tmp_path / "clubs.csv", [{"Postcode": code} for code in codes])
    result = run("geocode", file)
    assert result.stdout == ""
    lines = [line.rstrip() for line in result.stderr.splitlines()]
    assert max(map(len, lines[:-1])) <= width
    assert "\n".join(lines).startswith(SUMMARY)
    assert lines[-1] == f"✓ Written to {tmp_path}/clubs-geocoded.csv"
    assert not re.search(CONTROL, result.stderr)


@pytest.mark.parametrize(("steps", "has_bar"), [([1.0], False), ([0.2, 0.7, 1.0], True), ([], False)])
def test_a_bar_is_shown_where_there_is_more_to_come_and_nothing_of_it_stays(
    monkeypatch: pytest.MonkeyPatch, steps: list[float], has_bar: bool
) -> None:
    screen = io.StringIO()
    monkeypatch.setattr(place_commands, "err", Console(file=screen, force_terminal=True, width=80))
    with place_commands._progress("Geocoding [x].csv") as show:
        for done in steps:
            show(done)
    assert ("━" in screen.getvalue()) == has_bar
    assert "Geocoding [x].csv" in screen.getvalue()
    # The last line is cleared, and the cursor is there again.
    assert screen.getvalue().endswith("\x1b[1A\x1b[2K")
    assert screen.getvalue().count("\x1b[?25l") == screen.getvalue().count("\x1b[?25h")


def test_one_row_is_one_row(tmp_path: Path) -> None:
    said = run("geocode", write(tmp_path / "a.csv", CLUBS[:1])).stderr
    assert said.startswith("1 row, by")
    assert "1 rows" not in said


# Parse

PARSED = (
    "line,raw,postcode,status,zone,zone_certain,lad_code,easting,northing,signed_distance_m,geocode_method,"
    "positional_error_m,rule"
)


def parsed(content: bytes) -> str:
    result = CliRunner().invoke(app, ["parse", "postcode"], input=content)
    if result.exception:
        raise result.exception
    return result.stdout_bytes.decode()


def test_parse_writes_one_row_a_line_with_the_raw_text_and_how_it_was_read() -> None:
    lines = parsed(f'{BARBICAN}\r\n\n  e1 6ls \nplace, EC1\n"é"\n'.encode("utf-8-sig")).split("\n")
    assert lines[0] == PARSED
    assert lines[1].startswith(
        f"1,{BARBICAN},{BARBICAN},listed,inside,true,E09000001,532329,181837,-154.9,postcode,50,"
    )
    assert lines[2] == "2,,,missing,unknown,false,,,,,none,,missing"
    assert lines[3].startswith("3,  e1 6ls ,E1 6LS,listed,near,true,")
    assert lines[4].startswith('4,"place, EC1",,invalid,unknown,')
    assert lines[5].startswith('5,"""é""",,invalid,')
    assert lines[6:] == [""]


@pytest.mark.parametrize(("content", "rows"), [(b"", 0), (b"\n", 1), (b"x", 1), (b"x\n", 1), (b"x\n\n", 2)])
def test_parse_counts_lines(content: bytes, rows: int) -> None:
    found = list(csv.DictReader(io.StringIO(parsed(content))))
    assert [row["line"] for row in found] == [str(n + 1) for n in range(rows)]


a_line = st.text(st.characters(exclude_characters="\n", exclude_categories=["Cs"]), max_size=12)


@given(lines=st.lists(a_line, max_size=6))
def test_parse_gives_back_every_line_whatever_stands_in_it(work: Groundwork, lines: list[str]) -> None:
    with NamedTemporaryFile() as file:
        file.write("".join(f"{line}\n" for line in lines).encode())
        file.flush()
        written = io.BytesIO()
        parse_postcodes(Path(file.name), written, work.ground)
    found = list(csv.reader(io.StringIO(written.getvalue().decode(), newline="")))
    expected = [line.removesuffix("\r") for line in lines]
    if expected:
        expected[0] = expected[0].removeprefix("\ufeff")
    assert [row[1] for row in found[1:]] == expected


def test_parse_streams_many_lines(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("flows.parse_values._LINES_AT_ONCE", 10)
    found = list(csv.DictReader(io.StringIO(parsed(f"{BARBICAN}\n{TOYNBEE}\n".encode() * 20))))
    assert [row["line"] for row in found] == [str(n + 1) for n in range(40)]
    assert [row["zone"] for row in found] == ["inside", "near"] * 20


def test_parse_reads_a_file_and_tells_what_it_cannot_read(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"{BARBICAN}\n", "values.txt")
    assert run("parse", "postcode", file).stdout.startswith(PARSED)
    assert "There is no file" in refusal("parse", "postcode", tmp_path / "missing.txt")
    assert "is a folder" in refusal("parse", "postcode", tmp_path)
    latin = text_file(tmp_path, "a\nb\né\n".encode("latin-1"), "latin.txt")
    assert "Line 3 of latin.txt is not written in UTF-8" in refusal("parse", "postcode", latin)


def test_a_data_folder_that_is_not_there_is_told_not_passed_over(tmp_path: Path) -> None:
    file = write(tmp_path / "a.csv", CLUBS)
    for command in (("parse", "postcode"), ("reference", "status"), ("geocode", file)):
        assert "There is no folder" in refusal(*command, "--data", tmp_path / "typo")


@pytest.mark.flow
def test_parse_ends_quietly_when_nobody_reads_on(tmp_path: Path) -> None:
    values = text_file(tmp_path, f"{BARBICAN}\n".encode() * 5000, "values.txt")
    shell = f"{SCRIPT} parse postcode {values} | head -1"
    ended = subprocess.run(shell, shell=True, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.stdout, ended.stderr) == (f"{PARSED}\n", "")
