"""What a refresh does on other nights, with missing and with new rosters.

Real files, real Great Expectations; Prefect stays out of it (test_schedule.py).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
from collections.abc import Callable

import pandas as pd
import pytest
from installations import AS_OF, add_camden, run, state_of, tree

from flows.errors import ExitCode, RunAborted
from flows.places import PROJECT, Places
from flows.run import Result
from transforms.tables import (
    Coverage,
    Identity,
    Issue,
    Kpi,
    Location,
    Moved,
    NightlyChange,
    Organization,
    Service,
    SourceNight,
    TargetTracker,
)
from transforms.vocabulary import ChangeCause, IdentityEntity, IdentityState, SourceState, Zone

pytestmark = pytest.mark.flow

SHARED = PROJECT.parent / "shared"


# --- What happens on other nights


def test_a_second_run_on_the_same_rosters_changes_nothing(install: Callable[..., Places]) -> None:
    places = install("camden")
    first = run(places)
    assert first.folder is not None
    before = tree(places.curated / "snapshots")
    again = run(places)
    assert not again.is_new
    assert again.folder == first.folder
    assert "byte for byte" in again.message
    assert tree(places.curated / "snapshots") == before


def test_a_deleted_roster_is_carried_forward_and_said_so(install: Callable[..., Places]) -> None:
    places = install("city_health", "camden")
    first = run(places)
    shutil.rmtree(places.raw / "camden")
    second = run(places, as_of=AS_OF + dt.timedelta(days=2))
    assert second.exit_code is ExitCode.DONE
    assert second.is_new
    assert state_of(second, "camden") is SourceState.CARRIED_MISSING
    night = second.frames[SourceNight].set_index(SourceNight.source).loc["camden"]
    assert night[SourceNight.age_days] == 2
    assert "23 November 2026" in night[SourceNight.message]
    pd.testing.assert_frame_equal(first.frames[Service], second.frames[Service])
    assert second.folder is not None
    assert "23 November 2026" in (second.folder / "report.html").read_text(encoding="utf-8")


def test_ids_outlive_new_numbers_other_letters_and_a_missing_roster(install: Callable[..., Places]) -> None:
    places = install("city_health", "camden")
    first = run(places)
    roster = places.raw / "camden" / "activities.csv"
    text = (
        roster.read_text(encoding="utf-8").replace("\n1;", "\n7;").replace("Regent Players", "REGENT PLAYERS")
    )
    roster.write_text(text.replace("\n2;", "\n1;"), encoding="utf-8")
    second = run(places, as_of=AS_OF + dt.timedelta(days=1))
    for table in (Organization, Service, Location):
        pd.testing.assert_frame_equal(first.frames[table], second.frames[table])
    shutil.rmtree(places.raw / "camden")
    third = run(places, as_of=AS_OF + dt.timedelta(days=2))
    services = third.frames[Identity][third.frames[Identity][Identity.entity].eq(IdentityEntity.SERVICE)]
    assert set(services[Identity.id]) == set(first.frames[Service][Service.id])
    assert set(services[Identity.state]) == {IdentityState.CURRENT}
    assert set(services[Identity.first_seen].dt.date) == {AS_OF}
    assert set(services[Identity.last_seen].dt.date) == {AS_OF + dt.timedelta(days=1)}


def causes_of(result: Result) -> dict[tuple[str, str], str]:
    """Why a record of the directory came, went or says something else since the snapshot before."""
    rows = result.frames[Moved][result.frames[Moved][Moved.source].notna()]
    return {
        (subject, name): cause
        for subject, name, cause in zip(rows[Moved.subject], rows[Moved.name], rows[Moved.cause], strict=True)
    }


def test_a_row_set_aside_and_a_source_that_fell_out_are_told_from_what_rosters_say(
    install: Callable[..., Places],
) -> None:
    places = install("city_health", "camden")
    first = run(places)
    assert first.frames[NightlyChange][NightlyChange.before].isna().all()
    roster = places.raw / "camden" / "activities.csv"
    # One row has come to hold a number that may be a child's, the other one is for other ages.
    text = roster.read_text(encoding="utf-8").replace("Holborn Hall", "Holborn Hall (NHS no 943 476 5919)")
    roster.write_text(text.replace(";5-11;", ";5-13;"), encoding="utf-8")
    second = run(places, as_of=AS_OF + dt.timedelta(days=1))
    told = causes_of(second)
    assert told["service", "Drama at home"] == ChangeCause.ROW_SET_ASIDE
    assert told["service", "Drama for all"] == ChangeCause.REAL
    assert second.frames[NightlyChange][NightlyChange.compared_with].unique().tolist() == [
        pd.Timestamp(AS_OF)
    ]
    # The same night once more is compared with the same night before.
    again = run(places, as_of=AS_OF + dt.timedelta(days=1))
    assert not again.is_new
    # The source is no longer declared: nothing of it is published, and nothing of it has closed.
    (places.sources / "camden.toml").unlink()
    third = causes_of(run(places, as_of=AS_OF + dt.timedelta(days=2)))
    assert third["service", "Drama for all"] == ChangeCause.SOURCE_OUTAGE
    assert set(third.values()) == {ChangeCause.SOURCE_OUTAGE}


def test_a_run_on_one_source_keeps_the_others(install: Callable[..., Places]) -> None:
    places = install("city_health", "camden")
    first = run(places)
    second = run(places, only=["city_health"], as_of=AS_OF + dt.timedelta(days=1))
    assert state_of(second, "camden") is SourceState.CARRIED_UNASKED
    pd.testing.assert_frame_equal(first.frames[Service], second.frames[Service])


# --- New boroughs and real registers


def test_a_fifth_borough_takes_one_toml_and_one_roster(install: Callable[..., Places]) -> None:
    places = install("city_health")
    add_camden(places)
    result = run(places)
    assert state_of(result, "camden") is SourceState.ACCEPTED
    inside = result.frames[Coverage].set_index(Coverage.key_names())
    assert inside.loc[("ASD", "5_10", "universal", "inside"), Coverage.confirmed] == 1
    assert result.folder is not None
    assert "London Borough of Camden" in (result.folder / "report.html").read_text(encoding="utf-8")
    # A roster without a sample's reserved domain is not taken for one; the mixture with a sample is.
    nights = result.frames[SourceNight].set_index(SourceNight.source)[SourceNight.is_sample]
    assert not nights["camden"]
    assert result.is_sample


@pytest.mark.parametrize("sources", [("camden",), ("city_health", "camden")])
def test_no_invented_figure_stands_beside_a_real_roster(
    install: Callable[..., Places], sources: tuple[str, ...]
) -> None:
    """Neither alone nor mixed with a sample, which marks the run as one."""
    result = run(install(*sources))
    assert result.is_sample == ("city_health" in sources)
    tracker = result.frames[TargetTracker]
    assert tracker[TargetTracker.status].eq("NO_BASELINE").all()
    assert (
        tracker[[TargetTracker.change_pct, TargetTracker.target, TargetTracker.baseline]]
        .isna()
        .all(axis=None)
    )
    assert set(result.frames[Kpi][Kpi.status]) == {"MISSING"}
    assert result.folder is not None
    manifest = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    assert not [file["name"] for file in manifest["reference"] if file["name"].startswith("samples/")]
    report = (result.folder / "report.html").read_text(encoding="utf-8")
    assert "Cannot be judged: no baseline declared" in report
    assert "on the baseline" not in report


@pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real registers stand beside the project and are absent here"
)
def test_the_national_register_of_childrens_centres(install: Callable[..., Places]) -> None:
    places = install()
    shutil.copy(PROJECT / "sources" / "gias_childrens_centres.toml", places.sources)
    folder = places.raw / "gias_childrens_centres"
    folder.mkdir(parents=True)
    shutil.copy(SHARED / "real/services/gias_edubaseallchildrencentre_2025-07_noheads.csv", folder)
    result = run(places, as_of=dt.date(2025, 7, 31))
    assert not result.is_sample
    night = result.frames[SourceNight].iloc[0]
    assert night[SourceNight.rows_in] == 2855
    assert night[SourceNight.rows_curated] == 55
    assert night[SourceNight.rows_rejected] == 2800
    venues = result.frames[Location][result.frames[Location]["x_address_role"] == "venue"]
    # Counted in the register itself: City 1, Hackney 18, Islington 16, Tower Hamlets 20.
    assert venues["x_lad_code"].value_counts().to_dict() == {
        "E09000001": 1, "E09000012": 18, "E09000019": 16, "E09000030": 20,
    }  # fmt: skip
    assert not result.frames[Issue][Issue.rule].eq("outside_stated_authority").any()
    assert (venues["x_zone"] == Zone.INSIDE).sum() == 1
    assert result.folder is not None
    assert not (result.folder / "tables" / "service.csv").read_text(encoding="utf-8").startswith("sample")


def test_the_data_folder_of_another_owner_is_not_followed_through_links(
    install: Callable[..., Places],
) -> None:
    places = install("city_health")
    outside = places.data.parent / "elsewhere.csv"
    roster = places.raw / "city_health" / "health_pathways.csv"
    roster.rename(outside)
    roster.symlink_to(outside)
    with pytest.raises(RunAborted):
        run(places)
