"""Which night's registry a run remembers."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import pandas as pd
import pytest
from builders import DISCLOSURE

from flows.errors import RunAborted
from flows.memory import file_of, released, remembered
from flows.outputs import write_parquet
from flows.places import Places
from transforms.tables import ExpectedChildren, Identity

MONDAY, TUESDAY, WEDNESDAY = (pd.Timestamp(f"2026-11-{day}") for day in (23, 24, 25))


@pytest.fixture
def places(tmp_path: Path) -> Places:
    return Places(data=tmp_path)


def add(
    places: Places, name: str, day: pd.Timestamp, *, is_sample: bool = False, is_current: bool = True
) -> Path:
    """A snapshot whose registry holds one id, its own name."""
    folder = places.snapshots / name
    path = folder / file_of(Identity)
    path.parent.mkdir(parents=True)
    registry = Identity.frame(
        [{"entity": "service", "id": name, "state": "current", "first_seen": day, "last_seen": day}]
    )
    write_parquet(path, Identity, registry, is_sample=is_sample)
    manifest = {
        "as_of": day.date().isoformat(),
        "files": {file_of(Identity): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}},
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


def add_release(places: Places, day: str, plans: int, *, is_sample: bool = False) -> Path:
    """A snapshot that tells one count of children."""
    folder = places.snapshots / f"{day}-{plans}"
    path = folder / file_of(ExpectedChildren)
    path.parent.mkdir(parents=True)
    cycle = DISCLOSURE.cycle_of(pd.Timestamp(day))
    told = ExpectedChildren.frame(
        [{"cycle": cycle, "released_on": day, "area_code": "E09000001", "plans": plans, "period": "2024/25"}]
    )
    write_parquet(path, ExpectedChildren, told, is_sample=is_sample)
    manifest = {
        "as_of": day,
        "files": {file_of(ExpectedChildren): {"sha256": hashlib.sha256(path.read_bytes()).hexdigest()}},
        **({"sample": "SAMPLE"} if is_sample else {}),
    }
    (folder / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    return path


def told(places: Places) -> list[int]:
    found = released(places, ExpectedChildren, DISCLOSURE, is_sample=False)
    return [int(one[ExpectedChildren.plans].iat[0]) for one in found]


def test_every_cycle_is_remembered_once_and_samples_apart(places: Places) -> None:
    assert told(places) == []
    for day, plans in (("2026-05-04", 20), ("2026-11-23", 25), ("2026-11-24", 25)):
        add_release(places, day, plans)
    add_release(places, "2026-11-25", 90, is_sample=True)
    assert told(places) == [25, 20]


def test_a_damaged_release_is_taken_from_another_night_of_its_cycle_or_stops_the_run(places: Places) -> None:
    whole, damaged = add_release(places, "2026-11-23", 25), add_release(places, "2026-11-24", 25)
    damaged.write_bytes(b"")
    assert told(places) == [25]
    whole.write_bytes(b"")
    with pytest.raises(RunAborted, match="counts of children"):
        told(places)
