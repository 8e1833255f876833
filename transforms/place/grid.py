"""Between longitude/latitude (EPSG:4326) and the National Grid (EPSG:27700), the same on every machine.

PROJ would take Ordnance Survey's OSTN15 grid where a machine happens to have it and a Helmert shift where
not, so results would differ from one machine to the next. The shift is named here: EPSG:1314, good to
about 2 m, which is far below the error of any venue's point.
"""

from __future__ import annotations

from functools import cache

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj

BRITISH_NATIONAL_GRID = "EPSG:27700"
WGS84 = "EPSG:4326"

# EPSG:1314, OSGB36 to WGS 84 (6), then the National Grid on Airy 1830.
_PIPELINE = (
    "+proj=pipeline +step +proj=unitconvert +xy_in=deg +xy_out=rad +step +proj=push +v_3 "
    "+step +proj=cart +ellps=WGS84 "
    "+step +inv +proj=helmert +x=446.448 +y=-125.157 +z=542.06 +rx=0.15 +ry=0.247 +rz=0.842 +s=-20.489 "
    "+convention=position_vector "
    "+step +inv +proj=cart +ellps=airy +step +proj=pop +v_3 "
    "+step +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 +ellps=airy"
)


@cache
def _transformer() -> pyproj.Transformer:
    return pyproj.Transformer.from_pipeline(_PIPELINE)


def grid_of(longitude: np.ndarray, latitude: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Easting and northing (EPSG:27700, metres) of EPSG:4326 points; NaN where a point is NaN."""
    easting, northing = _transformer().transform(
        np.asarray(longitude, np.float64), np.asarray(latitude, np.float64)
    )
    return _finite(easting), _finite(northing)


def degrees_of(easting: np.ndarray, northing: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Longitude and latitude (EPSG:4326) of EPSG:27700 points; NaN where a point is NaN."""
    longitude, latitude = _transformer().transform(
        np.asarray(easting, np.float64), np.asarray(northing, np.float64), direction="INVERSE"
    )
    return _finite(longitude), _finite(latitude)


def _finite(values: np.ndarray) -> np.ndarray:
    return np.where(np.isfinite(values), values, np.nan)


def to_wgs84(easting: pd.Series, northing: pd.Series) -> tuple[pd.Series, pd.Series]:
    """Longitude and latitude (EPSG:4326, six decimals) of EPSG:27700 points, for publishing only."""
    longitude, latitude = degrees_of(easting.to_numpy("float64"), northing.to_numpy("float64"))
    return pd.Series(longitude, index=easting.index).round(6), pd.Series(latitude, index=easting.index).round(
        6
    )


def areas_to_grid(areas: gpd.GeoSeries) -> gpd.GeoSeries:
    """EPSG:4326 areas on the National Grid."""
    return areas.transform(lambda points: np.column_stack(grid_of(points[:, 0], points[:, 1]))).set_crs(
        BRITISH_NATIONAL_GRID, allow_override=True
    )
