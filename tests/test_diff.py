"""What differs between two snapshots: verdicts first, then rows, worked by hand."""

from __future__ import annotations

import datetime as dt
import io
import re
from pathlib import Path

import pandas as pd
import pytest
from made_snapshots import Frames, made, measured
from rich.console import Console
from test_history import CELL, NONE, ONE, TWO

from flows.asked import snapshot_asked, snapshot_named
from flows.diff import diff
from flows.difference import differences_of
from flows.errors import Mistake
from flows.listing import print_table, print_tables
from flows.places import Places
from flows.snapshot import Snapshot
from transforms.tables import CallList, Coverage, Identity, Service, SourceRecord, TargetTracker
from transforms.tables import SnapshotDifference as D


@pytest.fixture(scope="module")
def frames() -> dict[str, Frames]:
    return {"one": measured(ONE), "two": measured(TWO), "none": measured(NONE)}


@pytest.fixture
def places(tmp_path: Path, frames: dict[str, Frames]) -> Places:
    places = Places(data=tmp_path / "data")
    for day, offers in ((20, "one"), (22, "two"), (24, "none")):
        made(places, f"2026-11-{day}-aaaa", f"2026-11-{day}", frames[offers])
    return places


def told(places: Places, first: str, second: str, table: str | None = None, csv: Path | None = None) -> str:
    out = io.StringIO()
    diff(Console(file=out, width=200), places, first, second, table, csv)
    return out.getvalue()


def between(places: Places, first: str, second: str) -> dict[str, pd.DataFrame]:
    found = differences_of(
        snapshot_named(places, first), snapshot_named(places, second), (Coverage, Service, SourceRecord)
    )
    return {table.table_name: frame for table, frame in found.items()}


# --- Which snapshots


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("current", "2026-11-24-aaaa"),
        ("Previous", "2026-11-22-aaaa"),
        ("2026-11-22", "2026-11-22-aaaa"),
        ("2026-11-23", "2026-11-22-aaaa"),
        ("2027-01-01", "2026-11-24-aaaa"),
        ("2026-11-20-aaaa", "2026-11-20-aaaa"),
    ],
)
def test_a_snapshot_is_named_by_date_by_run_or_by_its_place_in_time(
    places: Places, text: str, name: str
) -> None:
    assert snapshot_named(places, text).folder.name == name


def test_a_run_id_means_its_latest_snapshot_and_a_folder_itself(
    places: Places, frames: dict[str, Frames]
) -> None:
    made(places, "2026-11-22-aaaa-r2", "2026-11-22", frames["one"], run_id="2026-11-22-bbbb")
    assert snapshot_named(places, "2026-11-22-bbbb").folder.name == "2026-11-22-aaaa-r2"
    assert snapshot_named(places, "2026-11-22-aaaa").folder.name == "2026-11-22-aaaa"


def test_names_that_mean_nothing_are_told(places: Places) -> None:
    with pytest.raises(Mistake, match="no snapshot “yesterday”"):
        snapshot_named(places, "yesterday")
    with pytest.raises(Mistake, match="describes 2026-11-19 or an earlier date"):
        snapshot_named(places, "2026-11-19")


def test_the_first_snapshot_has_none_before_it(tmp_path: Path, frames: dict[str, Frames]) -> None:
    places = Places(data=tmp_path)
    made(places, "2026-11-20-aaaa", "2026-11-20", frames["one"])
    with pytest.raises(Mistake, match="no snapshot before"):
        snapshot_named(places, "previous")


# --- As of


def asked(places: Places, day: str) -> tuple[Snapshot, str]:
    out = io.StringIO()
    snapshot = snapshot_asked(Console(file=out, width=200), places, dt.date.fromisoformat(day))
    return snapshot, out.getvalue()


def test_as_of_takes_the_latest_on_or_before_the_date_and_says_which(places: Places) -> None:
    snapshot, words = asked(places, "2026-11-23")
    assert snapshot.as_of == "2026-11-22"
    assert "As of 23 November 2026: the snapshot of 22 November 2026, 2026-11-22-aaaa." in words


def test_as_of_before_the_first_is_a_mistake_that_names_the_first(places: Places) -> None:
    with pytest.raises(Mistake, match="2026-11-19 or an earlier date") as error:
        asked(places, "2026-11-19")
    assert "2026-11-20" in error.value.what_to_do


def test_as_of_reads_samples_only_where_the_current_snapshot_is_one(
    places: Places, frames: dict[str, Frames]
) -> None:
    made(places, "sample-2026-11-23-cccc", "2026-11-23", frames["one"], is_sample=True, is_current=False)
    assert asked(places, "2026-11-23")[0].as_of == "2026-11-22"
    made(places, "sample-2026-11-25-cccc", "2026-11-25", frames["one"], is_sample=True)
    assert asked(places, "2026-11-24")[0].folder.name == "sample-2026-11-23-cccc"


def test_show_and_tables_read_the_snapshot_of_the_date(places: Places, frames: dict[str, Frames]) -> None:
    out = io.StringIO()
    console = Console(file=out, width=200)
    print_table(console, places, "service", 10, [], "id", dt.date(2026, 11, 22))
    print_tables(console, places, dt.date(2026, 11, 20))
    words = out.getvalue()
    for service in frames["two"][Service][Service.id]:
        assert f"│ {service} │" in words
    assert re.search(r"│ service +│ +1 │", words)


def test_show_says_so_where_the_snapshot_is_older_than_the_table(places: Places) -> None:
    snapshot_named(places, "2026-11-20").path(CallList).unlink()
    out = io.StringIO()
    print_table(Console(file=out, width=200), places, "call_list", 10, [], None, dt.date(2026, 11, 20))
    assert "That snapshot is older than the table call_list." in out.getvalue()


# --- What differs


def test_a_second_provider_is_a_new_row_and_changed_counts(places: Places, frames: dict[str, Frames]) -> None:
    found = between(places, "2026-11-20", "2026-11-22")
    second = frames["two"][Service][Service.id].iloc[1]
    assert found["service"][[D.row_key, D.row_change]].values.tolist() == [[second, "came"]]
    cell = found["coverage"][found["coverage"][D.row_key].eq(CELL)].set_index(D.changed_column)
    assert cell[D.row_change].unique().tolist() == ["changed"]
    assert cell.loc[Coverage.confirmed, [D.value_before, D.value_after]].tolist() == ["1", "2"]
    assert cell.loc[Coverage.gap_status, [D.value_before, D.value_after]].tolist() == ["FRAGILE", "COVERED"]


def test_the_other_way_round_what_came_went(places: Places) -> None:
    there, back = between(places, "2026-11-20", "2026-11-22"), between(places, "2026-11-22", "2026-11-20")
    assert back["service"][D.row_change].tolist() == ["went"]
    assert (
        there["coverage"].set_index([D.row_key, D.changed_column])[D.value_before].to_dict()
        == back["coverage"].set_index([D.row_key, D.changed_column])[D.value_after].to_dict()
    )


def test_every_row_that_differs_and_no_other_is_told(places: Places, frames: dict[str, Frames]) -> None:
    """Counted again in pandas, value by value."""
    one, two = (frames[name][Coverage].set_index(Coverage.key_names()) for name in ("one", "none"))
    compared = one.columns.difference([Coverage.snapshot_date, Coverage.run_id, Coverage.method_version])
    was, becomes = one[compared].astype("object"), two.loc[one.index, compared].astype("object")
    differs = was.ne(becomes) & ~(was.isna() & becomes.isna())
    found = between(places, "2026-11-20", "2026-11-24")["coverage"]
    assert len(found) == int(differs.to_numpy().sum()) > 0


def test_stamps_and_where_a_record_stood_are_no_difference(places: Places, frames: dict[str, Frames]) -> None:
    lineage = {name: frames["none"][Identity][name] for name in Identity.lineage_names()}
    same = {t: f.copy() for t, f in frames["none"].items()}
    same[Coverage] = same[Coverage].assign(run_id="another")
    same[Identity] = same[Identity].assign(**dict.fromkeys(lineage, "moved"))
    made(places, "2026-11-25-aaaa", "2026-11-25", same)
    text = told(places, "previous", "current")
    assert "No verdict of any gap table moved." in text
    assert re.search(r"^\d+ tables with no difference", text, re.MULTILINE)
    assert "│" not in text


def test_moved_verdicts_come_first(places: Places) -> None:
    text = told(places, "2026-11-22", "2026-11-24")
    assert "opened gaps" in text
    assert text.index("opened gaps") < text.index("In the columns")
    assert re.search(r"5 to 10 · Specialist · Inside the Square Mile +│ covered +│ gap +│ 2 → 0", text)
    assert "Target tracker" in text


def test_one_table_is_told_row_by_row(places: Places) -> None:
    text = told(places, "2026-11-20", "2026-11-22", "service")
    assert re.search(r"^\+ \S+$", text, re.MULTILINE)
    assert "coverage" not in text


def test_csv_holds_every_difference(places: Places, tmp_path: Path) -> None:
    told(places, "2026-11-20", "2026-11-22", csv=tmp_path / "d.csv")
    written = pd.read_csv(tmp_path / "d.csv", dtype="str")
    assert list(written.columns) == D.names()
    assert {"coverage", "service"} <= set(written[D.published_table])
    assert not written.duplicated(D.key_names()).any()


def test_a_table_that_one_of_them_lacks_is_not_compared(places: Places) -> None:
    snapshot_named(places, "2026-11-20").path(TargetTracker).unlink()
    text = told(places, "2026-11-20", "2026-11-22")
    assert re.search(r"Not in both snapshots: .*target_tracker", text)
    assert "Target tracker" not in text


def test_a_sample_is_never_compared_with_real_rosters(places: Places, frames: dict[str, Frames]) -> None:
    made(places, "sample-2026-11-23-cccc", "2026-11-23", frames["one"], is_sample=True, is_current=False)
    with pytest.raises(Mistake, match="is a sample"):
        told(places, "sample-2026-11-23-cccc", "current")


def test_a_snapshot_is_not_compared_with_itself(places: Places) -> None:
    with pytest.raises(Mistake, match="Both are the snapshot of 24 November 2026"):
        told(places, "2026-11-24", "current")


def test_two_snapshots_of_one_date_are_told_apart(places: Places, frames: dict[str, Frames]) -> None:
    made(places, "2026-11-24-aaaa-r2", "2026-11-24", frames["two"], run_id="2026-11-24-aaaa")
    found = between(places, "2026-11-24-aaaa", "2026-11-24-aaaa-r2")
    assert set(found["service"][D.row_change]) >= {"came"}
