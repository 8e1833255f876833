"""``squaremile geocode`` and ``squaremile parse``: every row of every file, and words for what cannot be read."""

from __future__ import annotations

import decimal
import io
import os
import re
import subprocess
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from geocoding import (
    BARBICAN,
    CLUBS,
    FORMATS,
    MANCHESTER,
    OURS,
    SCRIPT,
    TOYNBEE,
    column,
    geocoded,
    lay,
    read,
    refusal,
    run,
    text_file,
    write,
)
from rich.console import Console

from flows import csv_text, place_commands
from flows.errors import ExitCode
from flows.geocode_file import default_out
from flows.ground import Groundwork
from transforms.place.coordinates import Trouble
from transforms.place.grid import degrees_of

# Every format in, every format out


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
