"""Areas drawn from postcode points, on a toy grid of a hundred metres."""

from __future__ import annotations

import pandas as pd
import pytest
import shapely

from transforms.boundary import derive_boundaries, signed_distance_m, to_national_grid, to_wgs84
from transforms.postcodes import prepare_directory

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
    raw = pd.DataFrame(rows, columns=["easting", "northing", "lad_code"]).astype(
        {"easting": float, "northing": float}
    )
    raw["postal_code"] = [f"E{n // 10 + 1:02d}{n % 10}AA" for n in range(len(rows))]
    return prepare_directory(raw, stack_size=9)


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


@pytest.mark.parametrize(
    ("easting", "northing", "metres"),
    [
        (500, 500, -500),
        (990, 500, -10),
        (1010, 500, 10),
        (1300, 1400, 500),  # beyond a corner: 300 east and 400 north of it
        (1000, 500, 0),
    ],
)
def test_distance_is_in_metres_and_negative_inside(easting: float, northing: float, metres: float) -> None:
    area = shapely.box(0, 0, 1000, 1000)
    found = signed_distance_m(pd.Series([easting]), pd.Series([northing]), area)
    assert found[0] == pytest.approx(metres)


def test_distances_keep_the_index_of_the_points() -> None:
    found = signed_distance_m(
        pd.Series({7: 500.0, 3: 1010.0}), pd.Series({7: 500.0, 3: 500.0}), shapely.box(0, 0, 1000, 1000)
    )
    assert found.to_dict() == {7: -500, 3: 10}


def test_st_pauls_lies_where_the_maps_say() -> None:
    easting, northing = to_national_grid(pd.Series([-0.0983]), pd.Series([51.5138]))
    assert easting[0] == pytest.approx(532_030, abs=30)
    assert northing[0] == pytest.approx(181_170, abs=30)


def test_there_and_back_is_within_half_a_metre() -> None:
    easting, northing = pd.Series([532_030.0, 533_500.5]), pd.Series([181_170.0, 180_900.5])
    longitude, latitude = to_wgs84(easting, northing)
    back_east, back_north = to_national_grid(longitude, latitude)
    assert (back_east - easting).abs().max() < 0.5
    assert (back_north - northing).abs().max() < 0.5
