"""Real postcodes against the exact boundaries, as an installation that has fetched them would see them."""

from __future__ import annotations

import io
import json
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from builders import PROJECT
from rich.console import Console

from flows.errors import Mistake
from flows.ground import Groundwork, lay_ground
from flows.places import Places
from flows.reference import Reference
from flows.reference_desk import fetch, print_status
from transforms.parsers.postcodes import PostcodeRule
from transforms.place.columns import STATUSES, status_numbers
from transforms.place.coordinates import Points, from_degrees
from transforms.place.derive import boundary_error, derive_boundaries, sound_points
from transforms.place.evidence import Placed, place, place_by_postcode
from transforms.place.grid import degrees_of
from transforms.place.postcode_directory import HAS_POINT, IS_DISPUTED, PostcodeDirectory
from transforms.place.postcode_lookup import RULES, Found, find_postcodes
from transforms.place.zones import UNKNOWN, ZONES
from transforms.tables import CITY_LAD_CODE
from transforms.vocabulary import PostcodeStatus, Zone

REAL = PROJECT.parent / "shared" / "real"
LONDON = REAL / "boundaries" / "london_boroughs_extent_of_realm_27700.geojson"
pytestmark = [
    pytest.mark.flow,
    pytest.mark.skipif(
        not REAL.is_dir(), reason="the real open data stands beside the project, in ../shared"
    ),
]


@pytest.fixture(scope="session")
def installation(tmp_path_factory: pytest.TempPathFactory) -> Places:
    """An installation that has fetched the exact boundaries."""
    places = Places(data=tmp_path_factory.mktemp("exact"))
    fetch(Console(quiet=True), str(LONDON), places)
    return places


@pytest.fixture(scope="session")
def exact(installation: Places) -> Groundwork:
    known = Reference(installation)
    return lay_ground(installation, known.thresholds, known.authorities)


@pytest.fixture(scope="session")
def derived(tmp_path_factory: pytest.TempPathFactory) -> Groundwork:
    return Reference(Places(data=tmp_path_factory.mktemp("derived"))).groundwork


@pytest.fixture(scope="session")
def outlines() -> gpd.GeoSeries:
    return gpd.read_file(LONDON).set_index("gss_code").geometry


def looked_up(postcodes: pd.Series, work: Groundwork) -> tuple[Found, Placed]:
    found = find_postcodes(pa.array(postcodes, pa.string()), work.ground.directory)
    return found, place_by_postcode(found, work.ground)


def codes(placed: Placed, work: Groundwork) -> np.ndarray:
    return np.array(work.ground.directory.lad_codes, dtype=object)[placed.authority]


def statuses(found: Found) -> set[str]:
    return {STATUSES[number].value for number in status_numbers(found, is_dated=False)}


def zones(placed: Placed) -> np.ndarray:
    return np.array([ZONES[number] for number in placed.zone])


def test_all_602_postcodes_near_the_border_get_the_directorys_authority(
    exact: Groundwork, derived: Groundwork
) -> None:
    hard = pd.read_csv(REAL / "postcodes" / "postcodes_within_25m_of_city_boundary.csv", dtype="str")
    assert len(hard) == 602
    for work in (exact, derived):
        found, placed = looked_up(hard["pcds"], work)
        is_place = found.is_place()
        assert (codes(placed, work)[is_place] == hard["onspd_laua"].to_numpy()[is_place]).all()
        assert is_place.all() or statuses(found) <= {"listed", "po_box"}
        # One postcode beside Blackfriars Bridge, which is the City's to its southern end as no postcode tells.
        sure = hard["pcds"][placed.certain].tolist()
        assert sure == ([] if work.ground.is_official else ["SE1 9UD"])
        in_city = hard["onspd_laua"].eq(CITY_LAD_CODE).to_numpy()
        assert set(zones(placed)[in_city & is_place]) == {Zone.INSIDE}
        assert set(zones(placed)[~in_city & is_place]) == {Zone.NEAR}


def test_every_one_of_them_that_the_polygon_disputes_is_flagged(
    exact: Groundwork, outlines: gpd.GeoSeries
) -> None:
    hard = pd.read_csv(
        REAL / "postcodes" / "postcodes_within_25m_of_city_boundary.csv", dtype={"pcds": "str"}
    )
    _, placed = looked_up(hard["pcds"], exact)
    inside = shapely.contains_xy(outlines[CITY_LAD_CODE], hard["oseast1m"], hard["osnrth1m"])
    disputed_by_city = inside != hard["onspd_laua"].eq(CITY_LAD_CODE).to_numpy()
    assert disputed_by_city.any()
    assert placed.disputed[disputed_by_city].all()
    # And nothing else but what another borough's outline disputes.
    lies_in = np.array([""] * len(hard), dtype=object)
    for code, area in outlines.items():
        lies_in[shapely.contains_xy(area, hard["oseast1m"], hard["osnrth1m"])] = code
    assert (placed.disputed == (lies_in != hard["onspd_laua"].to_numpy())).all()


def test_every_postcode_of_the_mount_pleasant_stack_is_a_po_box_without_a_zone(derived: Groundwork) -> None:
    stack = pd.read_csv(REAL / "postcodes" / "mount_pleasant_po_box_stack.csv", dtype="str")
    assert len(stack) == 3408
    found, placed = looked_up(stack["pcds"], derived)
    assert statuses(found) == {PostcodeStatus.PO_BOX.value}
    assert (placed.zone == UNKNOWN).all()
    assert np.isnan(placed.easting).all()
    assert "EC2P 2EJ" in set(stack["pcds"])


def test_the_straddling_sectors_never_decide_anything(derived: Groundwork) -> None:
    sectors = pd.read_csv(REAL / "postcodes" / "city_straddling_sectors_live.csv", dtype={"sector": "str"})[
        "sector"
    ]
    assert len(sectors) == 47
    spaced = sectors.str.replace(r"\s+", " ", regex=True)
    for written in (spaced, spaced.str.lower(), "London " + spaced, spaced.str.split().str[0]):
        found, placed = looked_up(written, derived)
        assert set(found.rule) <= {RULES.index(PostcodeRule.SECTOR), RULES.index(PostcodeRule.OUTWARD)}
        assert (placed.zone == UNKNOWN).all()
        assert (placed.authority == 0).all()


@pytest.mark.parametrize(
    ("number", "reason"), [(0, "missing datum"), (1, "over-simplified"), (2, "over-simplified")]
)
def test_a_defective_boundary_is_refused_with_its_reason(number: int, reason: str, tmp_path: Path) -> None:
    defective = json.loads(
        (REAL / "boundaries" / "city_defective_boundary_fixtures_crs84.geojson").read_text(encoding="utf-8")
    )
    file = tmp_path / "city.geojson"
    file.write_text(json.dumps({**defective, "features": [defective["features"][number]]}), encoding="utf-8")
    places = Places(data=tmp_path / "data")
    with pytest.raises(Mistake, match=reason):
        fetch(Console(quiet=True), str(file), places)
    assert not (places.official / "official.json").exists()


def test_the_derived_boundarys_error_against_the_exact_one(
    derived: Groundwork, outlines: gpd.GeoSeries
) -> None:
    error = boundary_error(derived.ground.areas[CITY_LAD_CODE], outlines[CITY_LAD_CODE])
    assert error.median_m <= 12
    assert error.p95_m <= 45
    thresholds = derived.ground.thresholds
    assert round(error.median_m) == thresholds.boundary_median_error_m
    assert round(error.p95_m) == thresholds.boundary_error_m


def test_the_reference_says_how_accurate_its_boundary_is(installation: Places, exact: Groundwork) -> None:
    console = Console(record=True, width=200, file=io.StringIO())
    print_status(console, exact, installation)
    said = console.export_text()
    assert "official" in said
    assert "3,964 of 3,965 postcodes agree" in said
    assert "m at the 95th percentile" in said


@pytest.fixture(scope="session")
def london(exact: Groundwork, outlines: gpd.GeoSeries) -> Found:
    """Every London postcode that has coordinates."""
    directory: PostcodeDirectory = exact.ground.directory
    entries = directory.entries(directory.listed())
    stated = np.array(directory.lad_codes, dtype=object)[entries.authority]
    of_london = np.isin(stated, outlines.index.to_numpy()) & entries.is_(HAS_POINT)
    chosen = Found(
        **{name: values[of_london] for name, values in vars(entries).items()},
        rule=np.full(of_london.sum(), RULES.index(PostcodeRule.STANDARD), np.uint8),
        key=directory.listed_keys()[of_london],
    )
    assert len(chosen.slot) == 331_981
    return chosen


def test_the_polygon_and_the_directory_agree_on_all_of_london_but_30_postcodes(
    exact: Groundwork, outlines: gpd.GeoSeries, london: Found
) -> None:
    stated = np.array(exact.ground.directory.lad_codes, dtype=object)[london.authority]
    lies_in = exact.ground.authorities.which(london.easting, london.northing)
    disputed = np.flatnonzero(lies_in != stated)
    assert len(disputed) == 30
    dots = shapely.points(london.easting[disputed], london.northing[disputed])
    metres = [dot.distance(outlines[stated[row]]) for dot, row in zip(dots, disputed, strict=True)]
    assert max(metres) < 3
    # What may be placed at all is marked as such when the reference is built.
    marked = london.is_(IS_DISPUTED)
    assert set(np.flatnonzero(marked)) == set(disputed[london.is_place()[disputed]])


def test_coordinates_in_degrees_change_no_authority_beyond_a_metre_of_an_edge(
    exact: Groundwork, outlines: gpd.GeoSeries, london: Found
) -> None:
    longitude, latitude = degrees_of(*london.points())
    given = from_degrees(latitude, longitude, 10)
    by_metres = exact.ground.authorities.which(london.easting, london.northing)
    by_degrees = exact.ground.authorities.which(given.easting, given.northing)
    changed = np.flatnonzero(by_metres != by_degrees)
    edges = shapely.union_all([shapely.boundary(area) for area in outlines])
    dots = shapely.points(london.easting[changed], london.northing[changed])
    assert (shapely.distance(dots, edges) <= 1).all()
    # Placed as venues, with no postcode to lean on, the authority follows the polygon.
    sample = slice(None, None, 97)
    blank = find_postcodes(pa.nulls(len(latitude[sample]), pa.string()), exact.ground.directory)
    points = Points(*(values[sample] for values in vars(given).values()))
    placed = place(blank, points, Points.none(len(blank.slot)), exact.ground)
    assert (codes(placed, exact) == by_degrees[sample]).all()


def test_derived_boundaries_cover_the_four_authorities(derived: Groundwork) -> None:
    again = derive_boundaries(sound_points(derived.ground.directory), list(derived.ground.areas.index))
    assert again.index.tolist() == derived.ground.areas.index.tolist()
    assert again[CITY_LAD_CODE].symmetric_difference(derived.ground.areas[CITY_LAD_CODE]).area < 1
