"""What ``squaremile export`` hands over, and what it refuses."""

from __future__ import annotations

import datetime as dt
import io
import json
import zipfile
from pathlib import Path

import pytest
from made_snapshots import made
from rich.console import Console

from flows.errors import Mistake
from flows.export import FORMATS, export, print_formats
from flows.places import Places
from flows.snapshot import Snapshot


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path / "data")


@pytest.fixture
def snapshot(places: Places) -> Snapshot:
    return published(places, "2026-11-23")


def published(places: Places, as_of: str, *, is_sample: bool = False) -> Snapshot:
    """A snapshot with a file of a few bytes in place of each that is handed over."""
    one = made(places, f"night-{as_of}", as_of, {}, is_sample=is_sample)
    (one.folder / "map").mkdir()
    for format_ in FORMATS.values():
        (one.folder / format_.files.replace("*", "coverage")).write_text(f"{format_.files} of {as_of}")
    resources = [{"path": "tables/coverage.csv"}, {"path": "workbook.xlsx"}]
    (one.folder / "datapackage.json").write_text(json.dumps({"resources": resources}))
    return one


def said() -> tuple[Console, io.StringIO]:
    text = io.StringIO()
    return Console(file=text, width=200), text


def handed_over(
    places: Places, name: str, out: Path, as_of: dt.date | None = None, *, may_replace: bool = False
) -> tuple[Path, str]:
    console, text = said()
    path = export(console, places, name, out, as_of, may_replace=may_replace)
    return path, text.getvalue()


@pytest.mark.parametrize("name", [name for name, one in FORMATS.items() if not one.is_zip])
def test_a_file_is_handed_over_as_it_was_published(
    places: Places, snapshot: Snapshot, tmp_path: Path, name: str
) -> None:
    path, text = handed_over(places, name, tmp_path)
    assert path.name == f"squaremile-2026-11-23{FORMATS[name].ending}"
    assert path.read_bytes() == (snapshot.folder / FORMATS[name].files).read_bytes()
    assert f"Written to {path}" in text


def test_tables_are_handed_over_with_the_description_of_what_is_there(
    places: Places, snapshot: Snapshot, tmp_path: Path
) -> None:
    path, _ = handed_over(places, "CSV", tmp_path)
    with zipfile.ZipFile(path) as archive:
        assert archive.namelist() == ["datapackage.json", "manifest.json", "tables/coverage.csv"]
        told = json.loads(archive.read("datapackage.json"))
    assert [one["path"] for one in told["resources"]] == ["tables/coverage.csv"]
    again, _ = handed_over(places, "csv", tmp_path / "again.zip")
    assert again.read_bytes() == path.read_bytes()


def test_a_sample_says_so_in_its_name_and_on_the_terminal(places: Places, tmp_path: Path) -> None:
    published(places, "2026-11-23", is_sample=True)
    path, text = handed_over(places, "oruk", tmp_path)
    assert path.name == "squaremile-SAMPLE-2026-11-23.open-referral-uk.json"
    assert "SAMPLE" in text


def test_an_earlier_date_hands_over_its_own_snapshot(
    places: Places, snapshot: Snapshot, tmp_path: Path
) -> None:
    published(places, "2026-11-24")
    path, _ = handed_over(places, "xlsx", tmp_path, dt.date(2026, 11, 23))
    assert path.read_text() == "workbook.xlsx of 2026-11-23"


def test_nothing_is_overwritten_unasked(places: Places, snapshot: Snapshot, tmp_path: Path) -> None:
    path = tmp_path / "mine.xlsx"
    path.write_text("mine")
    with pytest.raises(Mistake, match="is there already"):
        handed_over(places, "xlsx", path)
    assert path.read_text() == "mine"
    _, text = handed_over(places, "xlsx", path, may_replace=True)
    assert text.startswith("Replaced")


def test_a_published_snapshot_is_never_written_to(places: Places, snapshot: Snapshot) -> None:
    with pytest.raises(Mistake, match="among the published snapshots"):
        handed_over(places, "xlsx", snapshot.folder / "new.xlsx")


def test_mistakes_are_told_in_words(places: Places, snapshot: Snapshot, tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="Did you mean “xlsx”"):
        handed_over(places, "xls", tmp_path)
    with pytest.raises(Mistake, match="There is no folder"):
        handed_over(places, "xlsx", tmp_path / "no" / "x.xlsx")
    (snapshot.folder / "workbook.ods").unlink()
    with pytest.raises(Mistake, match="made before there was one"):
        handed_over(places, "ods", tmp_path)


def test_the_formats_are_listed() -> None:
    console, text = said()
    print_formats(console)
    assert all(name in text.getvalue() for name in FORMATS)
