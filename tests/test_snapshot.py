"""What a published snapshot of the four sample boroughs promises to its readers."""

from __future__ import annotations

import io
import json
import os
import shutil
import stat
from pathlib import Path

import pandas as pd
import pytest
from golden_view import golden_view
from installations import forget, run, state_of, tree, with_workbooks
from rich.console import Console

from flows.places import PROJECT, Places
from flows.run import Result
from flows.summary import print_summary
from transforms.tables import (
    PUBLISHED,
    Address,
    Coverage,
    HealthPathway,
    Issue,
    Kpi,
    Location,
    Organization,
    Service,
    SourceNight,
    SourceRecord,
    TargetTracker,
)
from transforms.vocabulary import GapStatus, KpiStatus, Severity, SourceState, Zone

pytestmark = pytest.mark.flow

FOUR = ("city", "hackney", "islington", "tower_hamlets")


def test_every_row_ends_once_and_the_sums_reconcile(sample: tuple[Places, Result]) -> None:
    nights = sample[1].frames[SourceNight].set_index(SourceNight.source)
    ledger = sample[1].frames[SourceRecord]
    assert not ledger.duplicated(SourceRecord.key_names()).any()
    for name in FOUR:
        row = nights.loc[name]
        ended = (
            row[SourceNight.rows_curated] + row[SourceNight.rows_quarantined] + row[SourceNight.rows_rejected]
        )
        assert row[SourceNight.rows_in] == ended == (ledger[SourceRecord.source] == name).sum()
    # Counted by hand from the roster files: 42 + 86, 54 + 98 (5 sub-totals), 61 + 81, 79 entries.
    assert nights.loc[list(FOUR), SourceNight.rows_in].tolist() == [128, 152, 142, 79]
    assert nights.loc["hackney", SourceNight.rows_rejected] == 5


@pytest.mark.parametrize(
    ("source", "providers", "services"), [("city", 25, 40)] + [(n, 40, 60) for n in FOUR[1:]]
)
def test_samples_are_as_large_as_promised(
    sample: tuple[Places, Result], source: str, providers: int, services: int
) -> None:
    frames = sample[1].frames
    assert (frames[Organization][Organization.x_source] == source).sum() >= providers
    assert (frames[Service][Service.x_source] == source).sum() >= services


def test_bytes_do_not_depend_on_the_time_zone_or_the_folder(
    sample: tuple[Places, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        shutil.copytree(PROJECT / "data" / "raw", tmp_path / "raw")
        forget()  # or the rosters would not be read anew
        with with_workbooks():
            other = run(Places(data=tmp_path), as_of=None)
    finally:
        monkeypatch.undo()
        time.tzset()
    assert other.folder is not None
    assert sample[1].folder is not None
    assert tree(other.folder) == tree(sample[1].folder)


def test_samples_say_so_first_everywhere(sample: tuple[Places, Result]) -> None:
    folder = sample[1].folder
    assert folder is not None
    assert folder.name.startswith("sample-")
    for path in folder.rglob("*.csv"):
        assert path.read_text(encoding="utf-8").startswith("sample_data,"), path
    for path in folder.rglob("*.parquet"):
        assert pd.read_parquet(path).columns[0] == "sample_data", path
    for name in ("manifest.json", "datapackage.json", "map/venues.geojson"):
        assert "SAMPLE" in (folder / name).read_text(encoding="utf-8")[:250], name
    html = (folder / "report.html").read_text(encoding="utf-8")
    body = html[html.index("<body") :]
    assert "SAMPLE" in body[: body.index("<h1")]


def test_the_manifest_names_every_file_with_its_hash(sample: tuple[Places, Result]) -> None:
    import hashlib

    folder = sample[1].folder
    assert folder is not None
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    listed = {name: entry["sha256"] for name, entry in manifest["files"].items()}
    found = {k: hashlib.sha256(v).hexdigest() for k, v in tree(folder).items() if k != "manifest.json"}
    assert listed == found
    assert {gate["gate"] for gate in manifest["verdicts"]} == {
        "raw roster", "normalised", "geocoded venues", "curated"
    }  # fmt: skip
    assert any("postcodes" in file["name"] and file["as_at"] for file in manifest["reference"])


def test_the_data_package_is_valid(sample: tuple[Places, Result]) -> None:
    import frictionless

    folder = sample[1].folder
    assert folder is not None
    report = frictionless.Package(str(folder / "datapackage.json")).validate()
    assert report.valid, report.flatten(["name", "message"])[:5]


def test_map_layers_open_with_their_crs_and_agree(sample: tuple[Places, Result]) -> None:
    import geopandas as gpd

    folder = sample[1].folder
    assert folder is not None
    metric = gpd.read_file(folder / "map" / "venues.gpkg", layer="venues")
    degrees = gpd.read_file(folder / "map" / "venues.geojson")
    assert metric.crs.to_epsg() == 27700
    assert degrees.crs.to_epsg() == 4326
    assert len(metric) == len(degrees) > 100
    moved = degrees.to_crs(27700).geometry.distance(metric.geometry)
    assert moved.max() < 0.2


def test_nothing_of_a_set_aside_row_is_published(sample: tuple[Places, Result]) -> None:
    places, result = sample
    assert result.folder is not None
    published = b"".join(tree(result.folder).values())
    for secret in (b"Jamie T.", b"999 123 4560", b"9991234560"):
        assert secret not in published
    assert result.quarantine is not None
    assert not result.quarantine.is_relative_to(places.curated)
    for path in [places.quarantine, result.quarantine, *result.quarantine.iterdir()]:
        assert stat.S_IMODE(path.stat().st_mode) & 0o077 == 0, path
    assert "Jamie T." in (result.quarantine / "islington.jsonl").read_text(encoding="utf-8")


def test_bespoke_packages_are_withheld_but_accounted_for(sample: tuple[Places, Result]) -> None:
    result = sample[1]
    assert result.folder is not None
    assert not result.frames[Service][Service.name].str.contains("bespoke", case=False).any()
    assert b"espoke 1:1 support package" not in b"".join(tree(result.folder / "tables").values())
    withheld = result.frames[SourceNight].set_index(SourceNight.source)[SourceNight.rows_withheld]
    assert withheld["city"] == 1
    assert withheld["hackney"] == 1


def test_head_offices_and_po_boxes_have_no_zone(sample: tuple[Places, Result]) -> None:
    frames = sample[1].frames
    offices = frames[Location][frames[Location]["x_address_role"] == "hq"]
    assert len(offices) > 50
    assert offices["x_zone"].eq("unknown").all()
    box = frames[Address][frames[Address]["postal_code"] == "EC2P 2EJ"]
    assert box["x_postcode_status"].eq("po_box").all()
    assert len(box) == 1


def test_a_childminders_home_is_published_as_a_sector_only(sample: tuple[Places, Result]) -> None:
    result = sample[1]
    assert result.folder is not None
    published = b"".join(tree(result.folder).values())
    for home in (b"N4 2EJ", b"E5 8AX", b"E1 7EG"):
        assert home not in published
    homes = result.frames[Location][result.frames[Location]["x_is_home"]]
    assert len(homes) >= 2
    assert homes[["x_easting", "latitude", "name"]].isna().all().all()


def test_known_places_get_their_zone(sample: tuple[Places, Result]) -> None:
    frames = sample[1].frames
    zone = frames[Address].merge(frames[Location], left_on="location_id", right_on="id")
    venues = zone[zone["x_address_role"] == "venue"].set_index("postal_code")
    # Golden Lane is listed by Hackney; E1 6AN is addressed Spitalfields; both are inside the City.
    assert venues.loc[["EC1Y 0SH"], "x_zone"].eq(Zone.INSIDE).all()
    assert venues.loc[["E1 6AN"], "x_zone"].eq(Zone.INSIDE).all()
    assert not venues.loc[["E1 6AN"], "x_zone_certain"].any()
    assert venues.loc[["E1 5HU"], "x_zone"].eq(Zone.NEAR).all()
    assert venues.loc[["EC1V 3QW"], "x_lad_code"].eq("E09000019").all()


def test_one_provider_under_four_names_is_one_cluster_and_a_franchise_stays_two(
    sample: tuple[Places, Result],
) -> None:
    providers = sample[1].frames[Organization]
    kites = providers[providers["name"].str.contains("Bright Kites")]
    assert len(kites) == 4
    assert kites["x_cluster_id"].nunique() == 1
    strikers = providers[providers["name"].str.contains("Tiny Strikers")]
    assert strikers["x_cluster_id"].nunique() == len(strikers) == 2
    assert set(providers["name"]) >= {"NA", "None", "None Such Arts"}


def test_coverage_has_every_combination_and_is_never_covered_on_unknowns(
    sample: tuple[Places, Result],
) -> None:
    coverage = sample[1].frames[Coverage]
    assert len(coverage) == 13 * 5 * 3 * 6
    covered = coverage[coverage[Coverage.gap_status] == GapStatus.COVERED]
    assert (covered[Coverage.confirmed] >= 2).all()
    assert set(coverage[Coverage.gap_status]) == {status.value for status in GapStatus}


def test_the_sample_baseline_says_that_it_is_one_wherever_it_is_shown(sample: tuple[Places, Result]) -> None:
    result = sample[1]
    tracker = result.frames[TargetTracker].set_index(TargetTracker.key_names())
    judged = tracker[tracker[TargetTracker.baseline].notna()]
    assert set(judged.index.get_level_values(TargetTracker.basis)) == {"activities"}
    for column in (TargetTracker.baseline_method, TargetTracker.baseline_approved_by):
        assert judged[column].str.startswith("SAMPLE: ").all()
    # ⌈8 × 1.5⌉ = 12
    assert judged.at[("universal_and_specialist", "activities"), TargetTracker.target] == 12
    # No baseline is borrowed for another basis, and without one there is no percentage.
    rest = tracker.drop(judged.index)
    assert rest[TargetTracker.status].eq("NO_BASELINE").all()
    assert (
        rest[[TargetTracker.change_pct, TargetTracker.target, TargetTracker.shortfall]].isna().all(axis=None)
    )
    method = str(judged[TargetTracker.baseline_method].iat[0])
    assert result.folder is not None
    assert method in (result.folder / "report.html").read_text(encoding="utf-8")
    manifest = json.loads((result.folder / "manifest.json").read_text(encoding="utf-8"))
    names = [file["name"] for file in manifest["reference"]]
    assert "samples/baselines.csv" in names
    assert "baselines.csv" not in names
    shown = io.StringIO()
    print_summary(Console(file=shown, width=400), result)
    assert f"against a baseline of 8 ({method})" in shown.getvalue()


def test_sample_values_of_the_strategys_measures_say_that_they_are(sample: tuple[Places, Result]) -> None:
    found = sample[1].frames[Kpi]
    supplied = found[found[Kpi.as_at].notna()]
    assert supplied[Kpi.source].str.startswith("SAMPLE: ").all()
    assert set(found[Kpi.status]) == {status.value for status in KpiStatus}


def test_health_pathways_are_published_with_unknowns_kept(sample: tuple[Places, Result]) -> None:
    pathways = sample[1].frames[HealthPathway]
    assert len(pathways) == 24
    blank = pathways[
        (pathways["service_name"] == "Wheelchair service") & (pathways["route"] == "CITY_HACKNEY_GP")
    ]
    assert blank["offered"].tolist() == ["unknown"]


def test_issues_speak_the_boroughs_own_language(sample: tuple[Places, Result]) -> None:
    issues = sample[1].frames[Issue]
    mangled = issues[issues[Issue.raw_value].eq("05-Nov") & issues[Issue.source].eq("city")].iloc[0]
    assert (mangled[Issue.file], mangled[Issue.physical_row], mangled[Issue.heading]) == (
        "short_breaks.csv",
        4,
        "Ages",
    )
    assert "5-11" in mangled[Issue.message]
    assert mangled[Issue.what_to_do]
    reversed_ages = issues[
        issues[Issue.rule].eq("ages_youngest_above_oldest") & issues[Issue.source].eq("hackney")
    ].iloc[0]
    assert reversed_ages[Issue.heading] == "Age min"
    assert reversed_ages[Issue.severity] == Severity.QUARANTINE


def test_formulas_are_inert_and_telephones_intact(sample: tuple[Places, Result]) -> None:
    folder = sample[1].folder
    assert folder is not None
    text = (folder / "tables" / "organization.csv").read_text(encoding="utf-8")
    assert "'=Play+Learn Collective" in text
    assert "+44 20 7946" in text
    assert "'+44" not in text
    for path in folder.rglob("*.csv"):
        frame = pd.read_csv(path, dtype="str", keep_default_na=False)
        assert not frame.apply(lambda c: c.str.startswith(("=", "@"))).any().any(), path


def test_published_tables_are_exactly_those_declared(sample: tuple[Places, Result]) -> None:
    folder = sample[1].folder
    assert folder is not None
    for table in PUBLISHED:
        frame = pd.read_parquet(folder / "tables" / f"{table.table_name}.parquet")
        assert list(frame.columns) == ["sample_data", *table.names()]
        csv = pd.read_csv(folder / "tables" / f"{table.table_name}.csv", dtype="str", keep_default_na=False)
        assert len(csv) == len(frame)


def test_a_source_waits_quietly_for_its_file(sample: tuple[Places, Result]) -> None:
    assert state_of(sample[1], "gias_childrens_centres") is SourceState.WAITING


@pytest.mark.parametrize("source", FOUR)
def test_each_boroughs_services_read_as_in_its_golden_file(
    sample: tuple[Places, Result], source: str
) -> None:
    """Set ``UPDATE_GOLDEN=1`` to write the files anew, then read the difference line by line."""
    path = PROJECT / "tests" / "golden" / f"{source}.csv"
    found = golden_view(sample[1].frames, source)
    if os.environ.get("UPDATE_GOLDEN"):
        found.to_csv(path, index=False, lineterminator="\n")
    golden = pd.read_csv(path, dtype="str", keep_default_na=False)
    pd.testing.assert_frame_equal(found.astype("str"), golden.astype("str"))
