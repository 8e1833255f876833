"""Tables over all published snapshots: read where they lie, as declared today."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pandas as pd
import pytest
from made_snapshots import Frames, made, measured
from rich.console import Console
from test_published import Renamed

from flows.errors import Mistake
from flows.history import STAMPS, History
from flows.places import Places
from flows.published import nights
from flows.trend import trend
from flows.trend_view import spark_line
from transforms.tables import CallList, Coverage, Service, TargetTracker

CELL = "ASD/5_10/specialist/inside"
ONE = """
    service | provider | need | ages | tier       | zone   | accepts
    1       | P1       | ASD  | 5-10 | specialist | inside | yes
"""
# A second provider of the same: two confirmed, so the cell is covered.
TWO = f"{ONE}    2       | P2       | ASD  | 5-10 | specialist | inside | yes\n"
# Nobody is left for autism.
NONE = ONE.replace("ASD", "HI ")


@pytest.fixture(scope="module")
def frames() -> dict[str, Frames]:
    return {"one": measured(ONE), "two": measured(TWO), "none": measured(NONE)}


@pytest.fixture
def places(tmp_path: Path, frames: dict[str, Frames]) -> Places:
    """Four nights: one provider, one still, two, none."""
    # A data folder whose name would be a pattern to whoever reads it as one.
    places = Places(data=tmp_path / "data [1]*")
    for day, offers in ((20, "one"), (21, "one"), (22, "two"), (24, "none")):
        made(places, f"2026-11-{day}-aaaa", f"2026-11-{day}", frames[offers])
    return places


def history(places: Places) -> History:
    return History(nights(places, is_sample=False))


def told(places: Places, table: str, *key: str, width: int = 200, **options: object) -> str:
    out = io.StringIO()
    console = Console(file=out, width=width, force_terminal=options.pop("terminal", False) is True)  # type: ignore[arg-type]
    trend(console, places, table, list(key), **options)  # type: ignore[arg-type]
    return out.getvalue()


# --- The store


def test_a_row_is_found_on_every_date_with_its_run(places: Places, frames: dict[str, Frames]) -> None:
    coverage = frames["one"][Coverage]
    like = coverage[Coverage.row_keys(coverage).eq(CELL)].iloc[0]
    found = history(places).rows(Coverage, like)
    assert found[Coverage.confirmed].tolist() == [1, 1, 2, 0]
    assert found[Coverage.gap_status].tolist() == ["FRAGILE", "FRAGILE", "COVERED", "GAP_CERTAIN"]
    assert found[STAMPS[0]].dt.day.tolist() == [20, 21, 22, 24]
    assert found[STAMPS[1]].tolist() == [f"2026-11-{day}-aaaa" for day in (20, 21, 22, 24)]
    assert set(found.columns) == set(Coverage.names())


def test_a_table_without_stamps_gets_the_date_and_run_of_its_snapshot(places: Places) -> None:
    found = history(places).rows(Service)
    assert list(found.columns[:3]) == list(STAMPS)
    assert found.groupby(STAMPS[0]).size().tolist() == [1, 1, 2, 1]


def test_of_one_date_the_later_snapshot_supersedes_the_earlier(
    places: Places, frames: dict[str, Frames]
) -> None:
    made(places, "2026-11-24-aaaa-r2", "2026-11-24", frames["two"])
    assert len(history(places).rows(Service)) == 1 + 1 + 2 + 2


def test_samples_are_no_part_of_the_history_of_real_rosters(
    places: Places, frames: dict[str, Frames]
) -> None:
    made(places, "sample-2026-11-23-bbbb", "2026-11-23", frames["two"], is_sample=True)
    assert len(history(places).snapshots) == 4
    assert len(History(nights(places, is_sample=True)).rows(Service)) == 2


def test_a_snapshot_older_than_the_table_is_left_out(places: Places) -> None:
    history(places).snapshots[0].path(CallList).unlink()
    found = history(places)
    assert [one.as_of[-2:] for one in found.holding(CallList)] == ["21", "22", "24"]
    assert set(found.rows(CallList)[STAMPS[0]].dt.day) <= {21, 22, 24}


def test_a_table_that_no_snapshot_has_is_empty(places: Places) -> None:
    found = history(places)
    assert found.holding(Renamed) == []
    assert found.rows(Renamed).empty
    assert found.keys(Renamed).empty


def test_renamed_columns_and_other_types_are_read_as_declared_today(places: Places) -> None:
    first, second, third, fourth = history(places).snapshots
    pd.DataFrame({"id": ["a"], "chairs": [3], "removed": ["x"]}).to_parquet(first.path(Renamed))
    pd.DataFrame({"id": ["a"], "seats": ["4"]}).to_parquet(second.path(Renamed))
    pd.DataFrame({"id": ["a"], "places": [5.0], "added": [True]}).to_parquet(third.path(Renamed))
    pd.DataFrame({"id": ["a"], "seats": ["many"]}).to_parquet(fourth.path(Renamed))
    found = history(places).rows(Renamed)
    assert list(found.columns) == [*STAMPS, *Renamed.names()]
    assert found[Renamed.places].tolist()[:3] == [3, 4, 5]
    assert pd.isna(found[Renamed.places].iloc[3])
    assert found[Renamed.added].tolist() == [pd.NA, pd.NA, True, pd.NA]


# --- squaremile trend


def test_a_trend_shows_the_dates_on_which_something_moved(places: Places) -> None:
    lines = told(places, "coverage", CELL, column="confirmed").splitlines()
    rows = [line for line in lines if "November 2026 " in line and "│" in line]
    assert len(rows) == 3  # The first, and two on which it moved; on the 21st nothing did.
    assert "20 November 2026 │ 1 " in rows[0]
    assert "22 November 2026 │ 1 → 2 ▲" in rows[1]
    assert "24 November 2026 │ 2 → 0 ▼" in rows[2]
    assert "On the other 1 date nothing of this moved." in lines
    assert "4 dates, 20 November 2026 to 24 November 2026." in lines


def test_a_trend_shows_verdicts_in_words_from_worse_to_better(places: Places) -> None:
    text = told(places, "coverage", CELL)
    assert "one provider → covered ▲" in text
    assert "covered → gap ▼" in text


def test_a_spark_line_stands_in_a_terminal_only(places: Places) -> None:
    # From nought to two, one is in the middle.
    assert "▅▅█▁" in told(places, "coverage", CELL, terminal=True, column="confirmed")
    assert "█" not in told(places, "coverage", CELL, column="confirmed")


def test_a_partial_key_lists_the_rows_it_fits(places: Places) -> None:
    text = told(places, "coverage", "ASD/5_10/specialist")
    assert "6 rows of coverage fit. Name one:" in text
    assert f"{CELL}  0 confirmed, 0 possible: gap" in text


def test_a_row_that_is_gone_is_found_on_the_dates_it_was_there(
    places: Places, frames: dict[str, Frames]
) -> None:
    second = frames["two"][Service][Service.id].iloc[1]
    text = told(places, "service", second)
    rows = [line for line in text.splitlines() if "November 2026 " in line and "│" in line]
    assert f"– → {second}" in rows[1]
    assert f"{second} → –" in rows[2]


def test_a_key_that_no_date_has_is_told(places: Places) -> None:
    with pytest.raises(Mistake, match=r"has need “ASDD”\. Did you mean “ASD”"):
        told(places, "coverage", "ASDD/5_10/specialist/inside")


def test_as_of_leaves_later_nights_out_and_says_so(places: Places) -> None:
    text = told(places, "coverage", CELL, as_of=pd.Timestamp("2026-11-23").date())
    assert "As of 23 November 2026: the snapshot of 22 November 2026, 2026-11-22-aaaa." in text
    assert "3 dates, 20 November 2026 to 22 November 2026." in text


def test_csv_has_every_column_on_every_date(places: Places, tmp_path: Path) -> None:
    key = "/".join(history(places).keys(TargetTracker).iloc[0])
    told(places, "target_tracker", key, csv=tmp_path / "t.csv")
    written = pd.read_csv(tmp_path / "t.csv")
    assert set(written.columns) == set(TargetTracker.names())
    assert written[TargetTracker.snapshot_date].tolist() == [f"2026-11-{day}" for day in (20, 21, 22, 24)]


def test_what_else_changed_stands_beside_a_figure_that_moved(
    places: Places, frames: dict[str, Frames]
) -> None:
    made(
        places, "2026-11-25-aaaa", "2026-11-25", frames["one"], method_version="0.2.0",
        reference=[{"name": "thresholds.toml", "sha256": "0"}],
        sources=[{"name": "hackney", "state": "carried_missing"}],
    )  # fmt: skip
    text = told(places, "coverage", CELL, column="confirmed")
    line = next(line for line in text.splitlines() if "25 November 2026 " in line and "│" in line)
    for words in ("method 0.1.0 → 0.2.0", "thresholds.toml", "hackney: file missing"):
        assert words in line


def test_snapshots_without_the_table_are_counted(places: Places) -> None:
    for one in history(places).snapshots[:2]:
        one.path(Coverage).unlink()
    assert "2 dates, 22 November 2026 to 24 November 2026; 2 snapshots lack the table." in told(
        places, "coverage", CELL
    )


def test_a_code_of_an_earlier_version_stands_as_it_is(places: Places, frames: dict[str, Frames]) -> None:
    was = frames["one"][Coverage].assign(**{Coverage.gap_status: "THIN"})
    made(places, "2026-11-19-aaaa", "2026-11-19", {Coverage: was}, is_current=False)
    assert "THIN → one provider" in told(places, "coverage", CELL)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ([], ""),
        ([None, None], "··"),
        ([3.0, 3.0], "▄▄"),
        ([0.0, None, 7.0], "▁·█"),
        # Longer than it may be: every second one, the last among them.
        ([0.0] * 119 + [1.0], "▁" * 59 + "█"),
    ],
)
def test_spark_lines(values: list[float | None], line: str) -> None:
    assert spark_line(values) == line


def test_nothing_of_the_history_is_copied(places: Places) -> None:
    def files() -> list[str]:
        return sorted(str(path) for path in places.data.rglob("*"))

    before = files()
    told(places, "coverage", CELL)
    assert files() == before
    assert json.loads(places.pointer.read_text(encoding="utf-8"))["snapshot"].endswith("2026-11-24-aaaa")
