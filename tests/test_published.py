"""Which snapshot counts for a date, and which one came before another."""

from __future__ import annotations

import os
from pathlib import Path

import pandas as pd
import pytest
from test_memory import MONDAY, TUESDAY, WEDNESDAY, add

from flows.places import Places
from flows.published import nights, published, snapshot_before
from transforms.schema import Column, Kind, Table


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path)


def written_at(places: Places, name: str, second: int) -> None:
    os.utime(places.snapshots / name / "manifest.json", (second, second))


def names(places: Places, *, is_sample: bool = False) -> list[str]:
    return [snapshot.folder.name for snapshot in nights(places, is_sample=is_sample)]


def test_before_the_first_refresh_nothing_is_published(places: Places) -> None:
    assert published(places) == []
    assert snapshot_before(places, MONDAY, is_sample=False) is None


def test_of_one_date_the_snapshot_that_was_published_last_counts(places: Places) -> None:
    for second, name in enumerate(("monday-b", "monday-a")):
        add(places, name, MONDAY)
        written_at(places, name, second)
    add(places, "tuesday", TUESDAY)
    assert names(places) == ["monday-a", "tuesday"]
    written_at(places, "monday-b", 2)
    assert names(places) == ["monday-b", "tuesday"]


def test_the_current_snapshot_counts_for_its_date_whenever_it_was_published(places: Places) -> None:
    add(places, "monday-a", MONDAY)
    add(places, "monday-b", MONDAY, is_current=False)
    written_at(places, "monday-a", 1)
    assert names(places) == ["monday-a"]


def test_copies_without_their_times_are_told_apart_by_their_number(places: Places) -> None:
    for name in ("monday", "monday-r10", "monday-r9"):
        add(places, name, MONDAY, is_current=False)
        written_at(places, name, 0)
    assert [snapshot.folder.name for snapshot in published(places)] == ["monday", "monday-r9", "monday-r10"]
    assert names(places) == ["monday-r10"]


def test_a_folder_without_a_manifest_is_not_published(places: Places) -> None:
    add(places, "monday", MONDAY)
    (places.snapshots / "tuesday" / "tables").mkdir(parents=True)
    assert names(places) == ["monday"]


def test_the_snapshot_before_is_of_an_earlier_date_and_of_the_same_kind(places: Places) -> None:
    add(places, "monday", MONDAY)
    add(places, "tuesday", TUESDAY, is_sample=True)
    add(places, "wednesday", WEDNESDAY)

    def before(day: pd.Timestamp, *, is_sample: bool = False) -> str | None:
        found = snapshot_before(places, day, is_sample=is_sample)
        return found.folder.name if found else None

    assert before(WEDNESDAY) == "monday"
    assert before(MONDAY) is None
    assert before(WEDNESDAY, is_sample=True) == "tuesday"
    assert before(WEDNESDAY + pd.Timedelta(days=1)) == "wednesday"


class Renamed(Table, name="renamed"):
    """One thing whose column was renamed."""

    id = Column(Kind.TEXT, "Id")
    places = Column(Kind.WHOLE, "Places", formerly=("seats", "chairs"))
    added = Column(Kind.FLAG, "Declared since")
    key = (id,)


@pytest.mark.parametrize("was", ["places", "seats", "chairs"])
def test_a_frame_of_an_earlier_version_is_read_as_declared_today(was: str) -> None:
    earlier = pd.DataFrame({"sample_data": ["fictional"], "id": ["a"], was: [3], "removed": ["x"]})
    read = Renamed.of_earlier(earlier)
    assert list(read.columns) == Renamed.names()
    assert read[Renamed.places].tolist() == [3]
    assert read[Renamed.added].isna().all()
