"""``squaremile parse postcode``: the streamed one."""

from __future__ import annotations

import csv
import io
import subprocess
from pathlib import Path
from tempfile import NamedTemporaryFile

import pytest
from geocoding import (
    BARBICAN,
    CLUBS,
    SCRIPT,
    TOYNBEE,
    refusal,
    run,
    text_file,
    write,
)
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from flows.command_line import app
from flows.ground import Groundwork
from flows.parse_values import parse_postcodes

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
