"""The nightly refresh as a whole: what a snapshot promises to its readers.

Real files, real child processes, real Great Expectations; Prefect stays out of it (test_schedule.py).
"""

from __future__ import annotations

import datetime as dt
import json
import shutil
import stat
from collections.abc import Callable
from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from flows import publish
from flows.errors import ExitCode, RunAborted
from flows.places import PROJECT, Places
from flows.run import Result, run_refresh
from transforms.tables import (
    PUBLISHED,
    Address,
    Coverage,
    HealthPathway,
    Issue,
    Location,
    Organization,
    Service,
    SourceNight,
    SourceRecord,
    TargetTracker,
)
from transforms.vocabulary import GapStatus, Outcome, SourceState, Zone

pytestmark = pytest.mark.flow

AS_OF = dt.date(2026, 11, 23)
SHARED = PROJECT.parent / "shared"
FOUR = ("city", "hackney", "islington", "tower_hamlets")


def run(places: Places, *, as_of: dt.date | None = AS_OF, only: list[str] | None = None) -> Result:
    return run_refresh(places, only or [], as_of)


@pytest.fixture
def install(tmp_path: Path) -> Callable[..., Places]:
    """A data folder of its own with some of the sample rosters, and the project's sources."""

    def make(*sources: str) -> Places:
        data = tmp_path / "data"
        for name in sources:
            shutil.copytree(PROJECT / "data" / "raw" / name, data / "raw" / name)
        folder = tmp_path / "sources"
        folder.mkdir()
        for name in sources:
            shutil.copy(PROJECT / "sources" / f"{name}.toml", folder)
        return Places(data=data, sources=folder)

    return make


@pytest.fixture(scope="module")
def sample(tmp_path_factory: pytest.TempPathFactory) -> tuple[Places, Result]:
    """One refresh of all sample rosters, read by many tests."""
    data = tmp_path_factory.mktemp("sample")
    shutil.copytree(PROJECT / "data" / "raw", data / "raw")
    places = Places(data=data)
    return places, run(places, as_of=None)


def tree(folder: Path) -> dict[str, bytes]:
    return {
        p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()
    }


def state_of(result: Result, source: str) -> SourceState:
    return next(n.state for n in result.nights if n.name == source)


# --- What the samples publish


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


def test_a_second_run_publishes_the_same_bytes(sample: tuple[Places, Result]) -> None:
    places, first = sample
    assert first.folder is not None
    before = tree(first.folder)
    again = run(places, as_of=None)
    assert not again.is_new
    assert again.folder == first.folder
    assert tree(first.folder) == before


def test_bytes_do_not_depend_on_the_time_zone_or_the_folder(
    sample: tuple[Places, Result], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    monkeypatch.setenv("TZ", "Pacific/Kiritimati")
    time.tzset()
    try:
        shutil.copytree(PROJECT / "data" / "raw", tmp_path / "raw")
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


def test_without_a_baseline_there_is_no_percentage(sample: tuple[Places, Result]) -> None:
    tracker = sample[1].frames[TargetTracker]
    assert tracker[TargetTracker.status].eq("NO_BASELINE").all()
    assert tracker[[TargetTracker.change_pct, TargetTracker.target]].isna().all().all()


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
        issues[Issue.rule].eq("columns_in_order") & issues[Issue.source].eq("hackney")
    ].iloc[0]
    assert reversed_ages[Issue.heading] == "Age min"


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


# --- What happens on bad nights


def test_a_deleted_roster_is_carried_forward_and_said_so(install: Callable[..., Places]) -> None:
    places = install("city_health", "islington")
    first = run(places)
    shutil.rmtree(places.raw / "islington")
    second = run(places, as_of=AS_OF + dt.timedelta(days=2))
    assert second.exit_code is ExitCode.DONE
    assert second.is_new
    assert state_of(second, "islington") is SourceState.CARRIED_MISSING
    night = second.frames[SourceNight].set_index(SourceNight.source).loc["islington"]
    assert night[SourceNight.age_days] == 2
    assert "23 November 2026" in night[SourceNight.message]
    pd.testing.assert_frame_equal(first.frames[Service], second.frames[Service])
    assert second.folder is not None
    assert "23 November 2026" in (second.folder / "report.html").read_text(encoding="utf-8")


def test_a_run_on_one_source_keeps_the_others(install: Callable[..., Places]) -> None:
    places = install("city_health", "islington")
    first = run(places)
    second = run(places, only=["city_health"], as_of=AS_OF + dt.timedelta(days=1))
    assert state_of(second, "islington") is SourceState.CARRIED_UNASKED
    pd.testing.assert_frame_equal(first.frames[Service], second.frames[Service])


def test_a_renamed_required_heading_is_refused_and_the_last_snapshot_stays(
    install: Callable[..., Places],
) -> None:
    places = install("city_health", "islington")
    run(places)
    pointer = places.pointer.read_bytes()
    roster = places.raw / "islington" / "services.csv"
    roster.write_bytes(roster.read_bytes().replace(b"venue_postcode", b"venue_post_code"))
    second = run(places)
    assert second.exit_code is ExitCode.ROSTER_REFUSED
    assert places.pointer.read_bytes() == pointer
    message = next(n.message for n in second.nights if n.name == "islington")
    for part in ("services.csv", "“venue_postcode”", "“venue_post_code”"):
        assert part in message
    assert second.quarantine is not None
    assert (second.quarantine / "islington-refused.csv").is_file()


def test_a_refused_roster_never_holds_back_the_others(install: Callable[..., Places]) -> None:
    places = install("city_health", "islington")
    run(places)
    roster = places.raw / "islington" / "services.csv"
    roster.write_bytes(roster.read_bytes().replace(b"venue_postcode", b"where"))
    other = places.raw / "city_health" / "health_pathways.csv"
    other.write_text(other.read_text(encoding="utf-8").replace("HP-001,", "HP-901,"), encoding="utf-8")
    second = run(places)
    assert second.exit_code is ExitCode.ROSTER_REFUSED
    assert second.is_new
    assert state_of(second, "islington") is SourceState.CARRIED_REJECTED
    ledger = second.frames[SourceRecord]
    refused = ledger[ledger[SourceRecord.reason].eq("file_refused")]
    assert set(refused[SourceRecord.outcome]) <= {Outcome.REJECTED}
    assert len(second.frames[Service]) > 100


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
    places = install("city_health", "islington")
    import flows.tonight

    real = flows.tonight.ingest

    def crash(received: object, *args: object, **kwargs: object) -> object:
        if received.source.name == "islington":  # type: ignore[attr-defined]
            raise ValueError("could not convert string to float: 'Jamie T.'")
        return real(received, *args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(flows.tonight, "ingest", crash)
    result = run(places)
    assert state_of(result, "city_health") is SourceState.ACCEPTED
    assert state_of(result, "islington") is SourceState.ABSENT
    assert "Jamie" not in json.dumps(result.frames[Issue].astype(str).to_dict("records"))
    assert "ValueError" in next(n.message for n in result.nights if n.name == "islington")


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


# --- New boroughs and real registers


CAMDEN = """
name = "camden"
title = "London Borough of Camden"
lad_code = "E09000007"
owner = "London Borough of Camden"
licence = "OGL"
contact_role = "Local Offer officer"

[[roster]]
kind = "short_breaks"
format = "csv"
files = ["activities.csv"]
delimiter = ";"
[roster.columns]
record_ref = ["Ref"]
provider_name = ["Who runs it"]
service_name = ["What"]
venue_name = ["Where"]
venue_postcode = ["PC"]
ages = ["For ages"]
needs = ["For whom"]
tier = ["Level"]
residency = ["Who may come"]
last_verified = ["Checked"]
"""


def test_a_fifth_borough_takes_one_toml_and_one_roster(install: Callable[..., Places]) -> None:
    places = install("city_health")
    (places.sources / "camden.toml").write_text(CAMDEN, encoding="utf-8")
    (places.raw / "camden").mkdir()
    (places.raw / "camden" / "activities.csv").write_text(
        "Ref;Who runs it;What;Where;PC;For ages;For whom;Level;Who may come;Checked\n"
        "1;Regent Players;Drama for all;Barbican Centre;EC2Y 8DS;5-11;autism;Universal;Pan-London;01/11/2026\n"
        "2;Regent Players;Drama at home;Holborn Hall;WC1R 4PF;11-15;deaf;Specialist;Pan-London;01/11/2026\n",
        encoding="utf-8",
    )
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


def test_a_source_waits_quietly_for_its_file(sample: tuple[Places, Result]) -> None:
    assert state_of(sample[1], "gias_childrens_centres") is SourceState.WAITING


def test_a_workbook_saved_by_excel_again_is_read_the_same(install: Callable[..., Places]) -> None:
    places = install("city_health", "hackney")
    first = run(places)
    path = next((places.raw / "hackney").glob("*.xlsx"))
    workbook = openpyxl.load_workbook(path)
    workbook.save(path)
    second = run(places)
    pd.testing.assert_frame_equal(first.frames[Service], second.frames[Service])


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
