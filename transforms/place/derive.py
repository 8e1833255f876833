"""Authority areas derived from postcode points, for want of the official ones.

Each distinct postcode point owns the ground nearer to it than to any other (its Voronoi cell); an
authority is the union of the cells whose postcodes the directory assigns to it. Good enough to draw and
to measure a distance with an honest error, not to decide a doorstep: docs/performance.md has the error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import shapely

from transforms.place.grid import BRITISH_NATIONAL_GRID
from transforms.place.postcode_directory import (
    EASTING,
    HAS_POINT,
    IS_PO_BOX,
    LAD_CODE,
    NORTHING,
    PRECISIONS,
    PostcodeDirectory,
)

# Cells need neighbours on every side: points this far around an area shape its edge.
MARGIN_M = 1500
# The derived edge is compared with the exact one at points so far apart along it.
_STEP_M = 1.0


def sound_points(directory: PostcodeDirectory) -> pd.DataFrame:
    """The directory's points that say something of the ground: ``easting``, ``northing``, ``lad_code``.

    One row a postcode. Sorting offices and points that stand for a square are left out.
    """
    entries = directory.entries(directory.listed())
    sound = (
        entries.is_(HAS_POINT) & ~entries.is_(IS_PO_BOX) & (entries.precision() == PRECISIONS.index("unit"))
        & (entries.authority > 0)
    )  # fmt: skip
    codes = pd.Categorical.from_codes(entries.authority[sound].astype(np.int16), list(directory.lad_codes))
    return pd.DataFrame(
        {
            EASTING: entries.easting[sound].astype(np.float64),
            NORTHING: entries.northing[sound].astype(np.float64),
            LAD_CODE: codes,
        }
    )


def derive_boundaries(points: pd.DataFrame, lad_codes: Sequence[str]) -> gpd.GeoSeries:
    """Area of each authority, EPSG:27700, indexed by GSS code.

    ``points`` are sound points of postcodes: ``easting``, ``northing`` (EPSG:27700), ``lad_code``.
    """
    wanted = points[points[LAD_CODE].isin(lad_codes)]
    near = points[
        points[EASTING].between(wanted[EASTING].min() - MARGIN_M, wanted[EASTING].max() + MARGIN_M)
        & points[NORTHING].between(wanted[NORTHING].min() - MARGIN_M, wanted[NORTHING].max() + MARGIN_M)
    ]
    # One point a place: the authority most of its postcodes have.
    counted = (
        near.astype({LAD_CODE: "str"})
        .groupby([EASTING, NORTHING, LAD_CODE])
        .size()
        .rename("postcodes")
        .reset_index()
    )
    places = counted.sort_values(
        ["postcodes", LAD_CODE, EASTING, NORTHING], ascending=[False, True, True, True], kind="stable"
    ).drop_duplicates([EASTING, NORTHING])
    dots = shapely.points(places[EASTING], places[NORTHING])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(dots), ordered=True))
    by_authority = gpd.GeoSeries(cells, crs=BRITISH_NATIONAL_GRID).groupby(places[LAD_CODE].to_numpy())
    areas = {code: shapely.union_all(group.to_numpy()) for code, group in by_authority if code in lad_codes}
    return gpd.GeoSeries(areas, crs=BRITISH_NATIONAL_GRID).sort_index()


@dataclass(frozen=True)
class BoundaryError:
    """How far one outline is from another: metres along it at quantiles, and the area shared (0 to 1)."""

    median_m: float
    p95_m: float
    worst_m: float
    shared: float


def boundary_error(derived: shapely.Geometry, exact: shapely.Geometry) -> BoundaryError:
    """How far a derived outline is from the exact one, both EPSG:27700.

    Distances are from points a metre apart along each outline to the other, both ways, so that what the
    derived one leaves out counts as much as what it makes up; ``shared`` is the area of the intersection
    over that of the union.
    """
    metres = np.concatenate([_metres_to(derived, exact), _metres_to(exact, derived)])
    median_m, p95_m, worst_m = np.quantile(metres, [0.5, 0.95, 1.0])
    shared = derived.intersection(exact).area / derived.union(exact).area
    return BoundaryError(float(median_m), float(p95_m), float(worst_m), float(shared))


def _metres_to(one: shapely.Geometry, other: shapely.Geometry) -> np.ndarray:
    """Metres from points along one outline to the other."""
    along = shapely.points(shapely.get_coordinates(shapely.segmentize(shapely.boundary(one), _STEP_M)))
    edge = shapely.boundary(other)
    shapely.prepare(edge)
    return shapely.distance(along, edge)
