"""What a refresh does with broken rosters, dying runs and full disks.

Real files, real child processes, real Great Expectations; Prefect stays out of it (test_schedule.py).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from installations import AS_OF, run, state_of, tree

from flows import publish
from flows.errors import ExitCode, RunAborted
from flows.places import PROJECT, Places
from flows.received import Received
from transforms.source_spec import Source
from transforms.tables import (
    Issue,
    Service,
    SourceRecord,
)
from transforms.vocabulary import Outcome, SourceState

pytestmark = pytest.mark.flow

SHARED = PROJECT.parent / "shared"


def test_a_renamed_required_heading_is_refused_and_the_last_snapshot_stays(
    install: Callable[..., Places],
) -> None:
    places = install("city_health", "camden")
    run(places)
    pointer = places.pointer.read_bytes()
    roster = places.raw / "camden" / "activities.csv"
    roster.write_bytes(roster.read_bytes().replace(b"Who may come", b"Who may cme"))
    second = run(places)
    assert second.exit_code is ExitCode.ROSTER_REFUSED
    assert places.pointer.read_bytes() == pointer
    message = next(n.message for n in second.nights if n.name == "camden")
    for part in ("activities.csv", "“Who may come”", "“Who may cme”"):
        assert part in message
    assert second.quarantine is not None
    assert (second.quarantine / "camden-refused.csv").is_file()


def test_one_bad_postcode_on_many_rows_is_told_of_each(install: Callable[..., Places]) -> None:
    places = install("city_health", "camden")
    roster = places.raw / "camden" / "activities.csv"
    heading, row, _ = roster.read_text(encoding="utf-8").splitlines()
    same_place = [row.replace("1;", f"{number};", 1).replace("EC2Y 8DS", "to follow") for number in range(30)]
    roster.write_text("\n".join([heading, *same_place]) + "\n", encoding="utf-8")
    message = next(n.message for n in run(places).nights if n.name == "camden")
    assert "30 of 30 cells of “PC” cannot be read" in message


def test_a_refused_roster_never_holds_back_the_others(install: Callable[..., Places]) -> None:
    places = install("city_health", "camden")
    run(places)
    roster = places.raw / "camden" / "activities.csv"
    roster.write_bytes(roster.read_bytes().replace(b"Who may come", b"Open to"))
    other = places.raw / "city_health" / "health_pathways.csv"
    other.write_text(other.read_text(encoding="utf-8").replace("HP-001,", "HP-901,"), encoding="utf-8")
    second = run(places)
    assert second.exit_code is ExitCode.ROSTER_REFUSED
    assert second.is_new
    assert state_of(second, "camden") is SourceState.CARRIED_REJECTED
    ledger = second.frames[SourceRecord]
    refused = ledger[ledger[SourceRecord.reason].eq("file_refused")]
    assert set(refused[SourceRecord.outcome]) <= {Outcome.REJECTED}
    assert len(second.frames[Service]) == 2


def test_when_nothing_can_be_used_the_run_aborts_and_touches_nothing(install: Callable[..., Places]) -> None:
    places = install("city_health")
    run(places)
    before = tree(places.curated)
    (places.raw / "city_health" / "health_pathways.csv").write_text("not a roster\n", encoding="utf-8")
    shutil.rmtree(places.archive)
    with pytest.raises(RunAborted, match="nothing is published"):
        run(places)
    assert tree(places.curated) == before


def test_half_the_rows_gone_is_refused(install: Callable[..., Places]) -> None:
    places = install("city_health")
    run(places)
    roster = places.raw / "city_health" / "health_pathways.csv"
    lines = roster.read_text(encoding="utf-8").splitlines(keepends=True)
    roster.write_text("".join(lines[:12]), encoding="utf-8")
    second = run(places)
    assert second.exit_code is ExitCode.ROSTER_REFUSED
    assert "24" in next(n.message for n in second.nights)


def test_a_crash_in_one_source_is_told_without_its_data(
    install: Callable[..., Places], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = install("city_health", "camden")
    import flows.tonight

    real = flows.tonight.ingest

    def crash(received: object, *args: object, **kwargs: object) -> object:
        if received.source.name == "camden":  # type: ignore[attr-defined]
            raise ValueError("could not convert string to float: 'Jamie T.'")
        return real(received, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.tonight, "ingest", crash)
    result = run(places)
    assert state_of(result, "city_health") is SourceState.ACCEPTED
    assert state_of(result, "camden") is SourceState.ABSENT
    assert "Jamie" not in json.dumps(result.frames[Issue].astype(str).to_dict("records"))
    assert "ValueError" in next(n.message for n in result.nights if n.name == "camden")


def test_a_source_whose_disk_fails_is_carried_forward_and_the_others_publish(
    install: Callable[..., Places], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = install("city_health", "camden")
    run(places)
    import flows.tonight

    real = flows.tonight.look_into

    def broken(source: Source, folder: Path) -> Received:
        if folder == places.raw / "camden":
            raise OSError(5, "Input/output error")
        return real(source, folder)

    monkeypatch.setattr(flows.tonight, "look_into", broken)
    second = run(places, as_of=AS_OF + dt.timedelta(days=1))
    assert state_of(second, "camden") is SourceState.CARRIED_REJECTED
    assert state_of(second, "city_health") is SourceState.ACCEPTED
    assert second.is_new
    assert len(second.frames[Service]) == 2


def test_a_run_that_died_leaves_the_last_snapshot_and_the_next_run_heals(
    install: Callable[..., Places],
) -> None:
    places = install("city_health")
    first = run(places)
    left = places.curated / ".staging-dead"
    left.mkdir()
    (left / "half.csv").write_text("half", encoding="utf-8")
    assert publish.current(places) is not None
    again = run(places)
    assert again.folder == first.folder
    assert not left.exists()


def test_a_damaged_snapshot_is_never_overwritten(install: Callable[..., Places]) -> None:
    places = install("city_health")
    first = run(places)
    assert first.folder is not None
    victim = first.folder / "tables" / "coverage.csv"
    victim.write_text("damaged", encoding="utf-8")
    again = run(places)
    assert again.folder is not None
    assert again.folder.name == f"{first.folder.name}-r2"
    assert victim.read_text(encoding="utf-8") == "damaged"
    assert json.loads(places.pointer.read_text(encoding="utf-8"))["snapshot"].endswith("-r2")


def test_a_full_disk_aborts_and_keeps_the_last_snapshot(
    install: Callable[..., Places], monkeypatch: pytest.MonkeyPatch
) -> None:
    places = install("city_health")
    run(places)
    before = places.pointer.read_bytes()

    def full(_path: Path) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(publish, "_sync", full)
    with pytest.raises(RunAborted, match="No space left"):
        run(places, as_of=AS_OF + dt.timedelta(days=1))
    assert places.pointer.read_bytes() == before
