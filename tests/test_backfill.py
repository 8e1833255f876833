"""Past nights replayed from their rosters: in order, beside what is live, and never twice."""

from __future__ import annotations

import datetime as dt
import io
import json
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from installations import ACTIVITIES, add_camden, run, tree
from rich.console import Console

from flows.backfill import backfill, nights_in
from flows.errors import ExitCode, Mistake
from flows.places import Places
from flows.published import nights
from flows.snapshot import Snapshot
from transforms.tables import Identity, Service, SourceNight
from transforms.vocabulary import SourceState

THIRD = "3;New Players;Choir;Barbican Centre;EC2Y 8DS;5-11;autism;Universal;Pan-London;01/11/2026\n"


def put(folder: Path, night: str, text: str | None) -> None:
    (folder / night / "camden").mkdir(parents=True)
    if text is not None:
        (folder / night / "camden" / "activities.csv").write_text(text, encoding="utf-8")


def replay(places: Places, folder: Path) -> tuple[ExitCode, str]:
    out = io.StringIO()
    code = backfill(Console(file=out, width=300), places, folder)
    return code, out.getvalue()


def live(places: Places) -> dict[str, bytes]:
    """All that a backfill must leave alone: everything but the snapshots and the pointer."""
    kept = (places.archive, places.quarantine, places.match_reviews.parent, places.raw)
    heartbeat = {"heartbeat": places.heartbeat.read_bytes()}
    return heartbeat | {f"{f.name}/{k}": v for f in kept if f.is_dir() for k, v in tree(f).items()}


@dataclass(frozen=True)
class Replayed:
    """An installation before and after."""

    places: Places
    folder: Path
    code: ExitCode
    told: str
    live_before: dict[str, bytes]
    own_before: dict[str, bytes]


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Replayed:
    """One live night on the 23rd; five nights around it are replayed."""
    root = tmp_path_factory.mktemp("backfill")
    places = Places(data=root / "data", sources=root / "sources")
    places.sources.mkdir()
    add_camden(places)
    published = run(places, as_of=dt.date(2026, 11, 23))
    assert published.folder is not None
    folder = root / "raw-history"
    put(folder, "2026-11-20", "not a roster\n")
    put(folder, "2026-11-21", ACTIVITIES)
    put(folder, "2026-11-22", None)
    put(folder, "2026-11-23", ACTIVITIES + THIRD)
    put(folder, "2026-11-24", ACTIVITIES + THIRD)
    (folder / "notes").mkdir()
    before, own = live(places), tree(published.folder)
    code, told = replay(places, folder)
    return Replayed(places, folder, code, told, before, own)


def by_date(replayed: Replayed) -> dict[str, Snapshot]:
    return {one.as_of[-2:]: one for one in nights(replayed.places, is_sample=False)}


@pytest.mark.flow
def test_each_night_has_its_own_snapshot(replayed: Replayed) -> None:
    assert list(by_date(replayed)) == ["21", "22", "23", "24"]
    assert [len(one[Service]) for one in by_date(replayed).values()] == [2, 2, 2, 3]


@pytest.mark.flow
def test_a_night_of_which_nothing_can_be_used_is_told_and_skipped(replayed: Replayed) -> None:
    assert replayed.code is ExitCode.ROSTER_REFUSED
    assert "20 November 2026: skipped." in replayed.told
    assert "Not named by a date, so left: notes." in replayed.told


@pytest.mark.flow
def test_a_missing_roster_is_carried_forward_from_the_night_before(replayed: Replayed) -> None:
    row = by_date(replayed)["22"][SourceNight].iloc[0]
    assert row[SourceNight.state] == SourceState.CARRIED_MISSING
    assert row[SourceNight.last_good_on] == pd.Timestamp("2026-11-21")


@pytest.mark.flow
def test_identities_are_remembered_in_order(replayed: Replayed) -> None:
    snapshots = by_date(replayed)
    last = snapshots["22"][Identity].set_index(Identity.id)
    assert set(last[Identity.first_seen].dt.day) == {21}
    newest = snapshots["24"][Identity]
    services = newest[newest[Identity.id].isin(snapshots["24"][Service][Service.id])]
    # From the live night of the 23rd, which began without the nights before it, and new on the 24th.
    assert sorted(services[Identity.first_seen].dt.day) == [23, 23, 24]
    ids = [set(one[Service][Service.id]) for one in snapshots.values()]
    assert ids[0] == ids[1] == ids[2] < ids[3]


@pytest.mark.flow
def test_a_night_that_is_published_already_is_left_as_it_is(replayed: Replayed) -> None:
    assert "23 November 2026: published already, left as it is." in replayed.told
    assert tree(by_date(replayed)["23"].folder) == replayed.own_before


@pytest.mark.flow
def test_nothing_live_is_touched(replayed: Replayed) -> None:
    assert live(replayed.places) == replayed.live_before
    assert not list((replayed.places.data / "backfill").iterdir())
    assert not list(replayed.places.curated.glob(".*"))


@pytest.mark.flow
def test_current_is_the_newest_night_and_never_goes_back(replayed: Replayed, tmp_path: Path) -> None:
    pointer = replayed.places.pointer
    assert json.loads(pointer.read_text(encoding="utf-8"))["as_of"] == "2026-11-24"
    put(tmp_path, "2026-11-21", ACTIVITIES)
    before = pointer.read_bytes()
    assert "Current stays the snapshot of 24 November 2026." in replay(replayed.places, tmp_path)[1]
    assert pointer.read_bytes() == before


@pytest.mark.flow
def test_a_second_backfill_does_only_what_is_left(replayed: Replayed) -> None:
    before = tree(replayed.places.snapshots)
    code, told = replay(replayed.places, replayed.folder)
    assert told.count("published already, left as it is") == 4
    assert code is ExitCode.ROSTER_REFUSED  # The 20th is no better than it was.
    assert tree(replayed.places.snapshots) == before


def test_nights_are_in_order_of_date_and_named_by_it(tmp_path: Path) -> None:
    for name in ("2026-11-02", "2025-12-31", "20261103", "2026-02-30", "2026-11-1"):
        (tmp_path / name).mkdir()
    (tmp_path / "2026-11-04").write_text("a file", encoding="utf-8")
    out = io.StringIO()
    found = nights_in(Console(file=out, width=200), tmp_path)
    assert [date.isoformat() for date in found] == ["2025-12-31", "2026-11-02"]
    assert "left: 2026-02-30, 2026-11-04, 2026-11-1, 20261103." in out.getvalue()


@pytest.mark.parametrize("name", ["hackney", "9999-01-01"])
def test_a_folder_without_nights_or_with_nights_to_come_is_a_mistake(tmp_path: Path, name: str) -> None:
    (tmp_path / name).mkdir()
    with pytest.raises(Mistake):
        nights_in(Console(file=io.StringIO()), tmp_path)
    with pytest.raises(Mistake, match="There is no folder"):
        nights_in(Console(file=io.StringIO()), tmp_path / "nowhere")
