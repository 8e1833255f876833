"""Where ``squaremile geocode`` puts its result, and what it leaves when it cannot."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from builders import PROJECT
from geocoding import (
    CLUBS,
    FORMATS,
    many,
    read,
    refusal,
    run,
    text_file,
    write,
)

from flows import csv_text, table_writers
from flows.errors import PlainError, RunAborted
from flows.geocode_file import geocode_file
from flows.ground import Groundwork


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
