"""Which night's registry a run remembers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest

from flows.errors import RunAborted
from flows.memory import REGISTRY, remembered
from flows.outputs import write_parquet
from flows.places import Places
from transforms.tables import Identity

MONDAY, TUESDAY, WEDNESDAY = (pd.Timestamp(f"2026-11-{day}") for day in (23, 24, 25))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path)


def add(
    places: Places, name: str, day: pd.Timestamp, *, is_sample: bool = False, is_current: bool = True
) -> Path:
    """A snapshot whose registry holds one id, its own name."""
    folder = places.snapshots / name
    path = folder / REGISTRY
    path.parent.mkdir(parents=True)
    registry = Identity.frame(
        [{"entity": "service", "id": name, "state": "current", "first_seen": day, "last_seen": day}]
    )
    write_parquet(path, Identity, registry, is_sample=is_sample)
    manifest = {
        "as_of": day.date().isoformat(),
        "files": {REGISTRY: {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}},
        **({"sample": "SAMPLE"} if is_sample else {}),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    if is_current:
        places.pointer.write_text(json.dumps({"snapshot": f"snapshots/{name}"}), encoding="utf-8")
    return path


def ids(places: Places, day: pd.Timestamp, *, is_sample: bool = False) -> list[str]:
    return remembered(places, day, is_sample=is_sample)[Identity.id].tolist()


def test_before_the_first_snapshot_nothing_is_remembered(places: Places) -> None:
    assert ids(places, MONDAY) == []


def test_the_current_snapshot_is_remembered_even_beside_another_of_its_day(places: Places) -> None:
    add(places, "b", MONDAY)
    add(places, "a", MONDAY)
    assert ids(places, TUESDAY) == ["a"]


def test_a_night_that_is_repeated_remembers_what_it_could_then(places: Places) -> None:
    add(places, "monday", MONDAY)
    add(places, "tuesday", TUESDAY)
    add(places, "wednesday", WEDNESDAY)
    assert ids(places, TUESDAY) == ["tuesday"]
    assert ids(places, MONDAY) == ["monday"]
    assert ids(places, MONDAY - pd.Timedelta(days=1)) == []


def test_samples_and_real_rosters_never_remember_each_other(places: Places) -> None:
    add(places, "real", MONDAY)
    add(places, "sample", TUESDAY, is_sample=True)
    assert ids(places, WEDNESDAY) == ["real"]
    assert ids(places, WEDNESDAY, is_sample=True) == ["sample"]
    assert Identity.names() == list(remembered(places, WEDNESDAY, is_sample=True).columns)


def test_a_damaged_registry_is_passed_over_for_an_earlier_one(places: Places) -> None:
    add(places, "monday", MONDAY)
    add(places, "tuesday", TUESDAY).write_bytes(b"half")
    assert ids(places, WEDNESDAY) == ["monday"]


def test_when_every_registry_is_damaged_the_run_stops_rather_than_change_all_ids(places: Places) -> None:
    add(places, "monday", MONDAY).unlink()
    with pytest.raises(RunAborted, match="identities in monday are damaged"):
        ids(places, TUESDAY)
