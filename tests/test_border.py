"""Points and borders, with shapely as the judge, and exact fractions where shapely has no opinion."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from transforms.place import border
from transforms.place.border import Areas, Border

OUTLINES = PROJECT.parent / "shared/real/boundaries/london_boroughs_extent_of_realm_27700.geojson"
needs_outlines = pytest.mark.skipif(
    not OUTLINES.is_file(), reason="the real outlines stand beside the project and are absent here"
)
CITY = "E09000001"
MICROMETRE = 1e-6

BOX = shapely.box(530_000, 180_000, 531_000, 181_000)
# An outer court, an island in it, and ground far off.
COURTS = shapely.MultiPolygon(
    [
        shapely.box(530_000, 180_000, 531_000, 181_000).difference(
            shapely.box(530_200, 180_200, 530_800, 180_800)
        ),
        shapely.box(530_400, 180_400, 530_600, 180_600),
        shapely.box(545_000, 171_000, 545_010, 171_010),
    ]
)

places = st.tuples(st.floats(0, 700_000), st.floats(0, 1_300_000))


@st.composite
def areas(draw: st.DrawFn) -> shapely.Geometry:
    """A star of up to forty points, from a metre to ten kilometres wide, with or without a hole."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32)))
    points = draw(st.integers(3, 40))
    # One ray in each sector, so that the middle is seen from every point.
    angles = (np.arange(points) + rng.uniform(0.0, 0.9, points)) * (2 * np.pi / points)
    radii = rng.uniform(0.1, 1.0, points) * 10.0 ** draw(st.floats(0, 4))
    shape = np.column_stack([radii * np.cos(angles), radii * np.sin(angles)])
    middle = np.array(draw(places))
    digits = draw(st.sampled_from([None, 1, 0]))
    star = np.concatenate([middle + shape, middle + shape * 0.4])
    star = star if digits is None else star.round(digits)
    holes = [star[points:]] if draw(st.booleans()) else []
    area = shapely.Polygon(star[:points], holes)
    return area if area.is_valid and area.area > 0 else shapely.box(*middle, *(middle + 1))


def points_about(area: shapely.Geometry, seed: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """Points in and around an area: anywhere, at its corners, on its edges, a hair off, level, far away."""
    rng = np.random.default_rng(seed)
    west, south, east, north = area.bounds
    wide, high = east - west, north - south
    corners = shapely.get_coordinates(area)
    middles = (corners[1:] + corners[:-1]) / 2
    # Beside zero a hair is wider: shapely keeps twice the digits of a float, not all there are.
    hair = corners + np.spacing(np.abs(corners) + 0.001) * rng.choice([-1, 1], corners.shape)
    level = np.column_stack([rng.uniform(west - wide, east + wide, len(corners)), corners[:, 1]])
    plumb = np.column_stack([corners[:, 0], rng.uniform(south - high, north + high, len(corners))])
    anywhere = rng.uniform((west - wide, south - high), (east + wide, north + high), (300, 2))
    far = rng.uniform((0, 0), (700_000, 1_300_000), (100, 2))
    both = np.concatenate(
        [anywhere, anywhere.round(), far, far.round(), corners, middles, hair, level, plumb]
    )
    return both[:, 0].copy(), both[:, 1].copy()


def on_edge(area: shapely.Geometry, x: np.ndarray, y: np.ndarray) -> np.ndarray:
    return shapely.intersects_xy(area, x, y) & ~shapely.contains_xy(area, x, y)


def assert_as_shapely(index: Border, area: shapely.Geometry, x: np.ndarray, y: np.ndarray) -> None:
    inside, metres = index.inside(x, y), index.signed_distance_m(x, y)
    clear = ~on_edge(area, x, y)
    assert (inside == shapely.contains_xy(area, x, y))[clear].all()
    expected = shapely.distance(shapely.points(x, y), shapely.boundary(area))
    assert np.abs(np.abs(metres) - expected).max() < MICROMETRE
    assert (np.signbit(metres) == inside).all()


# Judged by shapely


@given(areas())
def test_side_and_distance_of_any_point_are_those_of_shapely(area: shapely.Geometry) -> None:
    assert_as_shapely(Border.of(area), area, *points_about(area))


def test_holes_islands_and_ground_far_off_count_as_in_shapely() -> None:
    assert_as_shapely(Border.of(COURTS), COURTS, *points_about(COURTS))
    x = np.array([530_100.0, 530_300.0, 530_500.0, 545_005.0, 538_000.0])
    y = np.array([180_100.0, 180_300.0, 180_500.0, 171_005.0, 175_000.0])
    assert Border.of(COURTS).inside(x, y).tolist() == [True, False, True, True, False]


@pytest.mark.parametrize(
    "corners",
    [
        [(530_000, 180_000), (540_000, 185_000), (540_000, 185_000.0001)],  # a tenth of a millimetre wide
        [(530_000, 180_000), (530_000.001, 180_000), (530_000, 180_000.001)],  # a millimetre
        [(530_000, 180_000), (530_000, 190_000), (530_000.5, 185_000)],
        [(0, 0), (700_000, 0), (300_000, 1_300_000)],  # the whole island
    ],
)
def test_slivers_specks_and_giants_are_no_exception(corners: list[tuple[float, float]]) -> None:
    area = shapely.Polygon(corners)
    assert_as_shapely(Border.of(area), area, *points_about(area))


def test_a_border_of_thousands_of_edges_is_no_exception() -> None:
    rng = np.random.default_rng(1)
    angles, radii = np.sort(rng.uniform(0, 2 * np.pi, 5000)), rng.uniform(900, 1500, 5000)
    points = np.column_stack([530_000 + radii * np.cos(angles), 180_000 + radii * np.sin(angles)])
    area = shapely.Polygon(points.round(1))
    area = max(shapely.get_parts(shapely.make_valid(area)), key=shapely.area)
    index = Border.of(area)
    assert_as_shapely(index, area, *(points[:500] for points in points_about(area)))
    assert sum(array.nbytes for array in index.arrays().values()) < 20e6


def test_an_edge_that_meets_more_cells_than_can_be_numbered_gets_larger_cells(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    fine = Border.of(COURTS)
    monkeypatch.setattr(border, "MOST_EDGE_CELLS", 200)
    coarse = Border.of(COURTS)
    assert len(coarse.first) <= 201 < len(fine.first)
    assert_as_shapely(coarse, COURTS, *points_about(COURTS))


@pytest.mark.parametrize("area", [BOX, shapely.box(-800, -800, 800, 800)])
def test_points_exactly_between_cells_are_no_exception(area: shapely.Geometry) -> None:
    index = Border.of(area)
    west, south, size, near_west, near_south, near_size, east, north, reach = index.frame
    columns = index.cells.shape[1]
    steps = np.r_[-1.0, -0.5, 0.0, 0.5, 1.0]
    lines = [
        (west + size * np.arange(columns + 1), south + size * np.arange(columns + 1)),
        (near_west + near_size * np.arange(columns), near_south + near_size * np.arange(columns)),
    ]
    for level in range(13):
        half = reach * 2.0**level * np.array([1 - 2**-53, 1, 1 + 2**-52])
        for x, y in np.stack(np.meshgrid(steps, steps), -1).reshape(-1, 2):
            lines.append((east + half * x, north + half * y))
    x, y = (np.concatenate(axis) for axis in zip(*lines, strict=True))
    assert_as_shapely(index, area, x, y)


def test_a_point_that_rounding_moves_into_the_next_cell_is_no_exception() -> None:
    area = shapely.box(-1e-21, -10, 10, 10)
    assert_as_shapely(Border.of(area), area, np.array([-2e-21, -5e-22, 0.0]), np.zeros(3))


def test_the_smallest_number_above_zero_is_told_from_zero() -> None:
    index = Border.of(shapely.box(5e-324, 1.5, 1, 2.5))
    assert index.inside(np.array([-0.0, 0.0, 5e-324, 1e-323]), np.full(4, 2.0)).tolist() == [0, 0, 1, 1]


def test_a_corner_given_twice_changes_nothing() -> None:
    west, south, east, north = BOX.bounds
    twice = shapely.Polygon([(west, south), (west, north), (west, north), (east, north), (east, south)])
    assert_as_shapely(Border.of(twice), BOX, *points_about(BOX))


@needs_outlines
@pytest.mark.parametrize("code", [CITY, "E09000030"])
def test_the_real_borders_are_drawn_as_shapely_reads_them(code: str) -> None:
    area = gpd.read_file(OUTLINES).set_index("gss_code").geometry[code]
    index = Border.of(area)
    assert_as_shapely(index, area, *points_about(area))
    west, south, east, north = area.bounds
    rng = np.random.default_rng(2)
    x, y = rng.uniform(west - 200, east + 200, 20_000), rng.uniform(south - 200, north + 200, 20_000)
    assert_as_shapely(index, area, x, y)
    assert_as_shapely(index, area, x.round(1), y.round(1))
    assert sum(array.nbytes for array in index.arrays().values()) < 10e6


# Exactly on the edge, or nearly


def test_a_point_on_the_edge_belongs_to_the_area_east_of_it_or_north_of_it() -> None:
    index = Border.of(BOX)
    west, south, east, north = BOX.bounds
    x = np.array([west, east, west + 300, west + 300, west, east, west, east])
    y = np.array([south + 300, south + 300, south, north, south, south, north, north])
    assert index.inside(x, y).tolist() == [True, False, True, False, True, False, False, False]
    metres = index.signed_distance_m(x, y)
    assert (metres == 0).all()
    assert np.signbit(metres).tolist() == index.inside(x, y).tolist()


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40)), min_size=4, max_size=12, unique=True))
def test_of_areas_that_share_edges_each_point_between_them_is_in_one(sites: list[tuple[int, int]]) -> None:
    # Twice as large as drawn, so that the middles of edges are whole numbers and lie on them exactly.
    dots = shapely.multipoints(2 * np.array(sites) + (530_000, 180_000))
    triangles = [part for part in shapely.get_parts(shapely.delaunay_triangles(dots)) if part.area > 0]
    if not triangles:
        return
    x, y = (axis.ravel() for axis in np.meshgrid(np.arange(530_000, 530_081), np.arange(180_000, 180_081)))
    claims = sum(Border.of(part).inside(x, y).astype(int) for part in triangles)
    within = shapely.contains_xy(shapely.union_all(triangles), x, y)
    assert (claims[within] == 1).all()
    assert claims.max() <= 1


@given(st.lists(places, min_size=3, max_size=3, unique=True), st.integers(0, 2**32))
def test_a_hair_from_an_edge_the_side_is_exact(corners: list[tuple[float, float]], seed: int) -> None:
    triangle = shapely.Polygon(corners)
    if not triangle.is_valid:
        return
    rng = np.random.default_rng(seed)
    a, b = np.array(corners)[:2]
    points = a + rng.uniform(0, 1, (60, 1)) * (b - a)
    points = points + np.spacing(points) * rng.integers(-2, 3, points.shape)
    found = Border.of(triangle).inside(points[:, 0], points[:, 1])
    assert found.tolist() == [is_inside(corners, x, y) for x, y in points.tolist()]


def is_inside(corners: list[tuple[float, float]], x: float, y: float) -> bool:
    """Edges that a ray due east of the point crosses, counted in fractions; those through it are not."""
    east, north = Fraction(x), Fraction(y)
    crossed = 0
    for (ax, ay), (bx, by) in zip(corners, [*corners[1:], corners[0]], strict=True):
        if (ay > y) != (by > y):
            at = Fraction(ax) + (north - Fraction(ay)) / (Fraction(by) - Fraction(ay)) * (
                Fraction(bx) - Fraction(ax)
            )
            crossed += at > east
    return crossed % 2 == 1


# What may be asked


def test_what_is_not_a_place_is_outside() -> None:
    nan, inf = np.nan, np.inf
    x = np.array([nan, 530_500, nan, inf, -inf, 530_500, inf, inf, 1e200])
    y = np.array([180_500, nan, nan, 180_500, 180_500, inf, -inf, nan, 180_500])
    index = Border.of(BOX)
    assert not index.inside(x, y).any()
    metres = index.signed_distance_m(x, y)
    assert np.isnan(metres).tolist() == [True, True, True, False, False, False, False, True, False]
    assert (metres[[3, 4, 5, 6, 8]] == inf).all()


@given(st.sampled_from([1e7, 1e8, 1e9]), st.floats(0, 2 * np.pi))
def test_beyond_the_island_distances_still_hold(metres: float, angle: float) -> None:
    x, y = np.array([530_000 + metres * np.cos(angle)]), np.array([180_000 + metres * np.sin(angle)])
    expected = shapely.distance(shapely.points(x, y), shapely.boundary(BOX))
    assert Border.of(BOX).signed_distance_m(x, y) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("kind", [np.float32, np.int32, np.int64, np.float64, ">f8"])
def test_any_kind_of_number_will_do(kind: type) -> None:
    x, y = (axis[:200].round() for axis in points_about(COURTS))
    index = Border.of(COURTS)
    assert (index.inside(x.astype(kind), y.astype(kind)) == index.inside(x, y)).all()
    metres = index.signed_distance_m(x.astype(kind), y.astype(kind))
    assert metres.dtype == np.float64
    assert (metres == index.signed_distance_m(x, y)).all()


def test_arrays_need_be_neither_contiguous_nor_writable_nor_flat() -> None:
    points = np.column_stack(points_about(COURTS))[:200]
    x, y = points[:, 0].copy(), points[:, 1].copy()
    index = Border.of(COURTS)
    expected = index.signed_distance_m(x, y)
    assert (index.signed_distance_m(points[:, 0], points[:, 1]) == expected).all()
    assert (index.signed_distance_m(x[::-1], y[::-1]) == expected[::-1]).all()
    assert (index.signed_distance_m(pd.Series(x), pd.Series(y)) == expected).all()
    points.flags.writeable = False
    assert (index.inside(points[:, 0], points[:, 1]) == (np.signbit(expected))).all()
    assert (index.inside(x.reshape(10, 20), y.reshape(10, 20)) == np.signbit(expected).reshape(10, 20)).all()
    assert index.inside(np.array([]), np.array([])).shape == (0,)
    assert index.signed_distance_m(530_100, 180_100).item() == -100


def test_two_threads_find_what_one_finds() -> None:
    rng = np.random.default_rng(3)
    x, y = rng.uniform(529_000, 546_000, 300_001), rng.uniform(170_000, 182_000, 300_001)
    index = Border.of(COURTS)
    assert (index.inside(x, y, threads=2) == index.inside(x, y)).all()
    assert (index.signed_distance_m(x, y, threads=2) == index.signed_distance_m(x, y)).all()
    both = Areas.of({"A": COURTS, "B": BOX})
    assert (both.which(x, y, threads=2) == both.which(x, y)).all()


def test_what_cannot_be_asked_is_refused() -> None:
    index = Border.of(BOX)
    with pytest.raises(ValueError, match="differ in shape"):
        index.inside(np.zeros(3), np.zeros(4))
    with pytest.raises(ValueError, match="at least one"):
        index.signed_distance_m(np.zeros(3), np.zeros(3), threads=0)


@pytest.mark.parametrize(
    ("area", "reason"),
    [
        (shapely.Polygon(), "empty"),
        (shapely.MultiPolygon(), "empty"),
        (shapely.Point(530_000, 180_000), "not a Point"),
        (shapely.GeometryCollection([BOX]), "not a GeometryCollection"),
        (None, "not a NoneType"),
        (shapely.Polygon([(0, 0), (2, 2), (2, 0), (0, 2)]), "not valid: Self-intersection"),
        (shapely.Polygon([(0, 0), (1, 1), (2, 2)]), "not valid"),
        (shapely.transform(BOX, lambda points: points * [1, np.inf]), "not valid: Invalid Coordinate"),
    ],
)
def test_what_has_no_border_is_refused_with_the_reason(area: shapely.Geometry, reason: str) -> None:
    with pytest.raises(ValueError, match=reason):
        Border.of(area)
    with pytest.raises(ValueError, match=f"^E09000001: .*{reason}"):
        Areas.of({CITY: area})


# Saved and read again


def test_a_border_saved_and_read_again_answers_the_same(tmp_path: Path) -> None:
    index = Border.of(COURTS)
    np.savez(tmp_path / "border.npz", **index.arrays())
    for name, array in index.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    mapped = {name: np.load(tmp_path / f"{name}.npy", mmap_mode="r") for name in index.arrays()}
    x, y = points_about(COURTS)
    with np.load(tmp_path / "border.npz") as stored:
        for again in (Border.from_arrays(stored), Border.from_arrays(mapped)):
            assert (again.signed_distance_m(x, y) == index.signed_distance_m(x, y)).all()
            assert (again.inside(x, y) == index.inside(x, y)).all()
    assert np.shares_memory(Border.from_arrays(mapped).cells, mapped["cells"])


def test_arrays_of_something_else_are_refused() -> None:
    arrays = Border.of(BOX).arrays()
    with pytest.raises(ValueError, match="no frame"):
        Border.from_arrays({name: array for name, array in arrays.items() if name != "frame"})
    with pytest.raises(ValueError, match="cells is float64"):
        Border.from_arrays({**arrays, "cells": arrays["cells"].astype(float)})


def test_a_border_cannot_be_changed() -> None:
    for array in Border.of(BOX).arrays().values():
        with pytest.raises(ValueError, match="read-only"):
            array[...] = 0


def test_the_same_area_gives_the_same_arrays() -> None:
    one, other = Border.of(COURTS).arrays(), Border.of(COURTS).arrays()
    assert all(np.array_equal(one[name], other[name]) for name in one)


def test_numba_is_not_imported_before_it_is_needed() -> None:
    code = "import sys, transforms.place.border; sys.exit('numba' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=PROJECT, check=False).returncode == 0


# Several areas


def test_each_point_is_in_one_area_or_none() -> None:
    east = shapely.box(531_000, 180_000, 532_000, 181_000)
    found = Areas.of({"west": BOX, "east": east}).which(
        np.array([530_500, 531_500, 531_000, 530_000, 532_000, np.nan]), np.full(6, 180_500)
    )
    assert found.tolist() == ["west", "east", "east", "west", "", ""]


def test_of_areas_that_overlap_the_first_is_named() -> None:
    x, y = np.array([530_500.0]), np.array([180_500.0])
    assert Areas.of({"A": BOX, "B": COURTS}).which(x, y).tolist() == ["A"]
    assert Areas.of({"B": COURTS, "A": BOX}).which(x, y).tolist() == ["B"]
    assert Areas.of({}).which(x, y).tolist() == [""]


@needs_outlines
def test_the_real_boroughs_are_those_of_shapely() -> None:
    boroughs = gpd.read_file(OUTLINES).set_index("gss_code").geometry
    rng = np.random.default_rng(4)
    x, y = rng.uniform(500_000, 565_000, 20_000), rng.uniform(155_000, 202_000, 20_000)
    point, borough = shapely.STRtree(boroughs.to_numpy()).query(shapely.points(x, y), predicate="within")
    expected = np.full(len(x), "", dtype=object)
    expected[point] = boroughs.index.to_numpy()[borough]
    index = Areas.of(boroughs.to_dict())
    assert (index.which(x, y) == expected).all()
    # Corners that boroughs share: one of them has each.
    corners = shapely.get_coordinates(boroughs[CITY])
    claims = sum((Border.of(area).inside(*corners.T)).astype(int) for area in boroughs)
    assert (claims == 1).all()
