"""The City's boundary derived from postcode points, for want of the official one.

Each distinct postcode point owns the ground nearer to it than to any other (its Voronoi cell); the
City is the union of the cells whose postcodes the directory assigns to it. Measured against the
exact boundary it is 10 m off in the median and 39 m at the 95th percentile: good enough to draw and
to measure a distance with an honest error, not to decide a doorstep.
"""

from __future__ import annotations

import geopandas as gpd
import pandas as pd
import shapely

from transforms.postcodes import EASTING, IS_COARSE, IS_STACK, LAD_CODE, NORTHING

BRITISH_NATIONAL_GRID = "EPSG:27700"
WGS84 = "EPSG:4326"

# Cells need neighbours on every side: points this far around an area shape its edge.
MARGIN_M = 1500


def derive_boundaries(directory: pd.DataFrame, lad_codes: list[str]) -> gpd.GeoSeries:
    """Area of each authority, EPSG:27700, indexed by GSS code.

    ``directory`` is a prepared postcode directory. Stacked and coarse points say nothing of ground
    and are left out.
    """
    points = directory[directory[EASTING].notna() & ~directory[IS_STACK] & ~directory[IS_COARSE]]
    wanted = points[points[LAD_CODE].isin(lad_codes)]
    near = points[
        points[EASTING].between(wanted[EASTING].min() - MARGIN_M, wanted[EASTING].max() + MARGIN_M)
        & points[NORTHING].between(wanted[NORTHING].min() - MARGIN_M, wanted[NORTHING].max() + MARGIN_M)
    ]
    # One point a place: the authority most of its postcodes have.
    counted = near.groupby([EASTING, NORTHING, LAD_CODE]).size().rename("postcodes").reset_index()
    places = counted.sort_values(
        ["postcodes", LAD_CODE], ascending=[False, True], kind="stable"
    ).drop_duplicates([EASTING, NORTHING])
    dots = shapely.points(places[EASTING], places[NORTHING])
    cells = shapely.get_parts(shapely.voronoi_polygons(shapely.multipoints(dots), ordered=True))
    by_authority = gpd.GeoSeries(cells, crs=BRITISH_NATIONAL_GRID).groupby(places[LAD_CODE].to_numpy())
    areas = {code: shapely.union_all(group.to_numpy()) for code, group in by_authority if code in lad_codes}
    return gpd.GeoSeries(areas, crs=BRITISH_NATIONAL_GRID).sort_index()


def signed_distance_m(easting: pd.Series, northing: pd.Series, area: shapely.Geometry) -> pd.Series:
    """Metres from each EPSG:27700 point to the edge of an EPSG:27700 area; negative inside."""
    dots = shapely.points(easting, northing)
    distance = shapely.distance(dots, shapely.boundary(area))
    inside = shapely.contains(area, dots)
    return pd.Series(distance, index=easting.index).where(~inside, -distance)


def to_wgs84(easting: pd.Series, northing: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Longitude and latitude (EPSG:4326, six decimals) of EPSG:27700 points, for publishing only."""
    points = gpd.GeoSeries(gpd.points_from_xy(easting, northing), crs=BRITISH_NATIONAL_GRID).to_crs(WGS84)
    return (
        pd.Series(points.x.to_numpy(), index=easting.index).round(6),
        pd.Series(points.y.to_numpy(), index=easting.index).round(6),
    )


def to_national_grid(longitude: pd.Series, latitude: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Easting and northing (EPSG:27700, decimetres) of EPSG:4326 points."""
    points = gpd.GeoSeries(gpd.points_from_xy(longitude, latitude), crs=WGS84).to_crs(BRITISH_NATIONAL_GRID)
    return (
        pd.Series(points.x.to_numpy(), index=longitude.index).round(1),
        pd.Series(points.y.to_numpy(), index=longitude.index).round(1),
    )
