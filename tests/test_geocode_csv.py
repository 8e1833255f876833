"""Every CSV that ``squaremile geocode`` may be given: kept to the letter, or told with its row."""

from __future__ import annotations

import contextlib
import csv
import io
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from geocoding import (
    BARBICAN,
    FORMATS,
    OURS,
    TOYNBEE,
    column,
    geocoded,
    lay,
    many,
    read,
    refusal,
    run,
    text_file,
)
from hypothesis import given
from hypothesis import strategies as st

from flows import csv_text
from flows.errors import Mistake, PlainError
from flows.ground import Groundwork
from flows.table_readers import open_source

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
