"""``squaremile match``: a file in, its organizations out, and plain words where that cannot be."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest

from flows.places import PROJECT

ROWS = """id,Name,postcode,charity_no,company_no,website,phone,colour
7,Otters Ltd,E1 7AF,1234567,,,,red
3,Seals,E1 7AF,,,,,blue
5,THE OTTERS,e17af,,,,,
9,Youth Club,N1 1AA,,,,,
8,Youth Club,N1 1AA,,,,,
"""


def match(file: Path, *more: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "flows.command_line", "match", str(file), *more]
    return subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "organizations.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def test_every_row_comes_back_in_its_place_with_its_cluster(file: Path) -> None:
    done = match(file)
    assert done.returncode == 0, done.stderr
    found = pd.read_csv(io.StringIO(done.stdout), dtype="str")
    assert list(found.columns) == ["id", "cluster_id", "confidence", "reason"]
    assert found["id"].tolist() == ["7", "3", "5", "9", "8"]
    assert found["cluster_id"].tolist() == ["5", "3", "5", "9", "8"]
    assert found["reason"][0] == "the same name, the same postcode"
    assert found["reason"][1] == "no other record shares its evidence"
    # Generic words at one address are no proof: they stay two, and say so.
    assert found["reason"][3].startswith("left apart, though it may be the same as 8")
    assert float(found["confidence"][3]) < 0.5
    assert "Pairs left apart though they may be the same: 1." in done.stderr


def test_only_an_id_is_needed(tmp_path: Path) -> None:
    path = tmp_path / "ids.csv"
    path.write_text("id\na\nb\n", encoding="utf-8")
    done = match(path)
    assert done.returncode == 0, done.stderr
    assert pd.read_csv(io.StringIO(done.stdout))["cluster_id"].tolist() == ["a", "b"]


@pytest.mark.parametrize("ending", ["csv", "xlsx", "parquet"])
def test_it_reads_and_writes_every_kind_of_table(file: Path, tmp_path: Path, ending: str) -> None:
    table = pd.read_csv(file, dtype="str")
    given, out = tmp_path / f"given.{ending}", tmp_path / f"out.{ending}"
    write = {"csv": "to_csv", "xlsx": "to_excel", "parquet": "to_parquet"}[ending]
    read = {"csv": pd.read_csv, "xlsx": pd.read_excel, "parquet": pd.read_parquet}[ending]
    getattr(table, write)(given, index=False)
    for _ in range(2):  # An earlier result may be replaced.
        done = match(given, "--out", str(out))
        assert done.returncode == 0, done.stderr
    assert read(out)["cluster_id"].astype(str).tolist() == ["5", "3", "5", "9", "8"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("name,postcode\nOtters,E1 7AF\n", "organizations.csv has no column “id”."),
        ("ident,name\n1,Otters\n", "Nearest: “ident”"),
        ("id,name\n1,Otters\n2,Seals\n1,Otters\n", "The id “1” of organizations.csv stands in rows 2 and 4."),
        ("id,name\n1,Otters\n,Seals\n", "Row 3 of organizations.csv has no id."),
        ("id,name\n", "has headings but no rows"),
        ("", "is empty"),
    ],
)
def test_a_file_that_cannot_be_matched_is_told_in_words(file: Path, content: str, told: str) -> None:
    file.write_text(content, encoding="utf-8")
    done = match(file)
    words = " ".join(done.stderr.replace("│", " ").split())
    assert done.returncode == 2
    assert told in words
    assert "Traceback" not in done.stderr
    assert not done.stdout


def test_a_missing_file_and_one_in_the_way_are_told(file: Path, tmp_path: Path) -> None:
    assert "There is no file" in match(tmp_path / "nowhere.csv").stderr
    done = match(file, "--out", str(file))
    assert done.returncode == 2
    assert "overwrite the file itself" in done.stderr
    other = tmp_path / "other.csv"
    other.write_text("a\n1\n", encoding="utf-8")
    assert "not an earlier result" in match(file, "--out", str(other)).stderr
    assert other.read_text(encoding="utf-8") == "a\n1\n"
