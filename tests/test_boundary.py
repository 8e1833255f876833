"""Areas drawn from postcode points, on a toy grid of a hundred metres."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
import shapely

from transforms.place.derive import boundary_error, derive_boundaries, sound_points
from transforms.place.grid import degrees_of, grid_of, to_wgs84
from transforms.place.postcode_directory import build_directory

WEST, EAST = "E09000001", "E09000012"
EDGE_M = 530_557  # half-way between the fifth column of points and the sixth


def grid(*extra: tuple[float, float, str]) -> pd.DataFrame:
    """Ten by ten points a hundred metres apart: five columns of the west, five of the east."""
    points = [
        (530_107 + 100 * column, 180_107 + 100 * row, WEST if column < 5 else EAST)
        for column in range(10)
        for row in range(10)
    ]
    rows = [*points, *extra]
    table = pa.table(
        {
            "postal_code": [f"E{n // 10 + 1}{n % 10}AA" for n in range(len(rows))],
            "easting": [row[0] for row in rows],
            "northing": [row[1] for row in rows],
            "lad_code": [row[2] for row in rows],
        }
    )
    return sound_points(build_directory(table, stack_size=9))


def east_of(area: shapely.Geometry, easting: float) -> float:
    return area.intersection(shapely.box(easting, 180_107, 531_100, 181_007)).area


def test_the_border_runs_half_way_between_the_points_of_two_authorities() -> None:
    west = derive_boundaries(grid(), [WEST, EAST])[WEST]
    assert east_of(west, EDGE_M) == pytest.approx(0, abs=1e-6)
    assert west.contains(shapely.box(530_107, 180_107, EDGE_M - 1, 181_007))


def test_areas_neither_overlap_nor_leave_a_gap() -> None:
    areas = derive_boundaries(grid(), [WEST, EAST])
    assert areas[WEST].intersection(areas[EAST]).area == pytest.approx(0, abs=1e-6)
    assert shapely.union_all(list(areas)).contains(shapely.box(530_107, 180_107, 531_007, 181_007))


def test_only_the_wanted_authorities_are_drawn_on_the_national_grid() -> None:
    areas = derive_boundaries(grid(), [WEST])
    assert list(areas.index) == [WEST]
    assert areas.crs == "EPSG:27700"


def test_stacked_and_coarse_points_draw_nothing() -> None:
    stack = [(530_853.0, 180_553.0, WEST)] * 9
    coarse = [(530_800.0, 180_800.0, WEST)]
    plain = derive_boundaries(grid(), [WEST])[WEST]
    assert derive_boundaries(grid(*stack, *coarse), [WEST])[WEST].equals(plain)


def test_a_shared_point_belongs_to_the_authority_of_most_of_its_postcodes() -> None:
    shared = [(530_853.0, 180_553.0, WEST), (530_853.0, 180_553.0, EAST), (530_853.0, 180_553.0, EAST)]
    assert east_of(derive_boundaries(grid(*shared), [WEST])[WEST], EDGE_M) == pytest.approx(0, abs=1e-6)
    assert east_of(derive_boundaries(grid(*shared, shared[0], shared[0]), [WEST])[WEST], EDGE_M) > 1000


def test_the_order_of_the_directory_does_not_matter() -> None:
    one = derive_boundaries(grid(), [WEST, EAST])
    other = derive_boundaries(grid().iloc[::-1], [WEST, EAST])
    assert all(one[code].symmetric_difference(other[code]).area < 1e-6 for code in (WEST, EAST))


def test_st_pauls_lies_where_the_maps_say() -> None:
    easting, northing = grid_of(np.array([-0.0983]), np.array([51.5138]))
    assert easting[0] == pytest.approx(532_030, abs=30)
    assert northing[0] == pytest.approx(181_170, abs=30)


def test_there_and_back_is_within_a_decimetre() -> None:
    easting, northing = pd.Series([532_030.0, 533_500.5]), pd.Series([181_170.0, 180_900.5])
    longitude, latitude = to_wgs84(easting, northing)
    back_east, back_north = grid_of(longitude.to_numpy(), latitude.to_numpy())
    assert np.abs(back_east - easting).max() < 0.1
    assert np.abs(back_north - northing).max() < 0.1


def test_a_point_that_is_not_there_stays_away() -> None:
    assert all(
        np.isnan(found).all() for found in (*grid_of([np.nan], [51.5]), *degrees_of([np.nan], [180_000.0]))
    )


def test_the_error_of_an_outline_counts_what_it_leaves_out_and_what_it_makes_up() -> None:
    exact = shapely.box(0, 0, 1000, 1000)
    same = boundary_error(exact, exact)
    assert (same.median_m, same.p95_m, same.worst_m, same.shared) == (0, 0, 0, 1)
    # A finger of land 20 m wide and 200 m long, which only the exact outline has: its tip is 200 m away.
    finger = exact.union(shapely.box(490, 1000, 510, 1200))
    missed = boundary_error(exact, finger)
    assert missed.worst_m == pytest.approx(200)
    assert boundary_error(finger, exact).worst_m == pytest.approx(200)
    assert missed.shared == pytest.approx(1_000_000 / 1_004_000)
