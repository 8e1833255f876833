"""Reading authority boundaries as ONS Open Geography publishes them: GeoJSON or GeoPackage."""

from __future__ import annotations

import re
import warnings
from pathlib import Path

import geopandas as gpd
import numpy as np
import pandas as pd
import pyogrio
import shapely

from flows.official.kinds import WORDS, OfficialKind, kind_of, refused
from transforms.place.boundary_checks import AUTHORITY_CODE
from transforms.place.grid import areas_to_grid

# All authorities of the United Kingdom at full resolution are some 300 MB of GeoJSON.
MOST_BYTES = 1_000_000_000
# Where the United Kingdom lies, with room around it: west, south, east, north.
_IN_DEGREES = (-15.0, 48.0, 4.0, 62.0)
_IN_METRES = (-300_000.0, -100_000.0, 800_000.0, 1_400_000.0)
_GRID, _DEGREES = 27700, 4326
# Mending an outline that touches itself moves nothing. One that changes by more crosses itself in earnest.
_MOST_MENDED_M2 = 1.0

_AGAIN = "Fetch it again from ONS Open Geography, in EPSG:27700."


def read_boundaries(path: Path) -> gpd.GeoSeries:
    """Area of each authority in a file, EPSG:27700, indexed by GSS code and sorted by it.

    One row is one authority: a valid ``Polygon`` or ``MultiPolygon``. The file is GeoJSON or GeoPackage in
    EPSG:27700, EPSG:4326 or CRS84; GeoJSON that names no reference system is CRS84 (RFC 7946). The column of
    codes is found by its values. Anything else is a ``Mistake`` with the reason.
    """
    kind = kind_of(path)
    if kind is not OfficialKind.BOUNDARIES:
        raise refused(path, f"it holds {WORDS[kind]}, and boundaries are wanted.", "Name another file.")
    if path.stat().st_size > MOST_BYTES:
        raise refused(
            path, f"it is larger than {MOST_BYTES / 1e9:.0f} GB.", "Ask ONS for the authorities wanted only."
        )
    frame = _read(path)
    shapes = gpd.GeoSeries(shapely.force_2d(frame.geometry.array), index=_codes(path, frame), crs=frame.crs)
    _refuse_shapes(path, shapes)
    return _mended(path, _on_the_grid(path, shapes)).sort_index()


def _read(path: Path) -> gpd.GeoDataFrame:
    # GDAL remarks on names that do not end as it expects. What matters it raises.
    with warnings.catch_warnings(action="ignore"):
        return _read_layer(path)


def _read_layer(path: Path) -> gpd.GeoDataFrame:
    try:
        layers = [name for name, shape in pyogrio.list_layers(path.resolve()) if shape is not None]
        if len(layers) != 1:
            held = ", ".join(layers[:8]) or "none"
            raise refused(path, f"it must hold one layer of areas, and holds these: {held}.", _AGAIN)
        frame = pyogrio.read_dataframe(path.resolve(), layer=layers[0])
    except (pyogrio.errors.DataSourceError, pyogrio.errors.DataLayerError, pyogrio.errors.FeatureError,
            pyogrio.errors.GeometryError, shapely.errors.ShapelyError, ValueError, OSError):  # fmt: skip
        raise refused(path, "it is damaged or cut short.", _AGAIN) from None
    if frame.empty:
        raise refused(
            path, "it holds no area at all.", "Check that the address asks for the authorities by code."
        )
    return frame


def _codes(path: Path, frame: gpd.GeoDataFrame) -> pd.Index:
    """The column that names each area by the code of an authority, whatever its heading."""
    texts = frame.drop(columns=frame.geometry.name).select_dtypes(["object", "string"])
    found = [
        column.astype("str")
        for _, column in texts.items()
        if column.notna().all() and column.astype("str").str.fullmatch(AUTHORITY_CODE).all()
    ]
    single = [column for column in found if column.is_unique]
    if not found:
        headings = ", ".join(map(str, texts.columns[:12])) or "none"
        why = f"no column gives every area an authority's code such as E09000001. Text columns: {headings}."
        raise refused(path, why, "Take Local Authority Districts, not wards, regions or census areas.")
    if not single:
        column = found[0]
        twice = column[column.duplicated()].iat[0]
        why = (
            f"{twice} stands in it more than once ({len(column)} areas, {column.nunique()} different codes)."
        )
        raise refused(path, why, "Take Local Authority Districts, one area each.")
    if any((column != single[0]).any() for column in single):
        headings = " and ".join(str(column.name) for column in single)
        raise refused(path, f"its columns {headings} give the areas different codes.", _AGAIN)
    return pd.Index(single[0].to_numpy())


def _refuse_shapes(path: Path, shapes: gpd.GeoSeries) -> None:
    for code, shape in shapes.items():
        if shape is None or shape.is_empty:
            raise refused(path, f"{code} has no outline.", _AGAIN)
        if shape.geom_type not in ("Polygon", "MultiPolygon"):
            raise refused(
                path,
                f"{code} is a {shape.geom_type}, not an area.",
                "Take boundaries, not centroids or lines.",
            )
    if not np.isfinite(shapes.total_bounds).all():
        raise refused(path, "it has coordinates that are no numbers.", _AGAIN)


def _on_the_grid(path: Path, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    """The areas in EPSG:27700, once the coordinates are seen to be what the file calls them."""
    code, authority = shapes.crs.to_epsg() if shapes.crs else None, shapes.crs and shapes.crs.to_authority()
    is_degrees = code == _DEGREES or authority == ("OGC", "CRS84")
    if not is_degrees and code != _GRID:
        named = f"in {shapes.crs.name}" if shapes.crs else "in no reference system that it names"
        raise refused(path, f"it is {named}; only EPSG:27700, EPSG:4326 and CRS84 can be taken.", _AGAIN)
    west, south, east, north = shapes.total_bounds
    looks_like_degrees = max(abs(west), abs(east)) <= 180 and max(abs(south), abs(north)) <= 90
    if is_degrees and not looks_like_degrees:
        why = (
            "its coordinates are metres, but it names no grid or calls them degrees (by RFC 7946 GeoJSON "
            "without a name is in degrees)."
        )
        raise refused(
            path, why, "Fetch it again with the reference system named (outSR=27700), or in degrees."
        )
    if not is_degrees and looks_like_degrees:
        raise refused(path, "its coordinates are degrees, but it calls them EPSG:27700.", _AGAIN)
    if is_degrees and _is_within((south, west, north, east), _IN_DEGREES):
        raise refused(path, "its latitudes stand where longitudes belong.", _AGAIN)
    if not _is_within((west, south, east, north), _IN_DEGREES if is_degrees else _IN_METRES):
        raise refused(path, "its areas lie outside the United Kingdom.", _AGAIN)
    return areas_to_grid(shapes) if is_degrees else shapes


def _is_within(bounds: tuple[float, ...], limits: tuple[float, ...]) -> bool:
    west, south, east, north = bounds
    return limits[0] <= west <= east <= limits[2] and limits[1] <= south <= north <= limits[3]


def _mended(path: Path, shapes: gpd.GeoSeries) -> gpd.GeoSeries:
    mended = shapes.copy()
    for code in shapes.index[~shapes.is_valid]:
        valid = shapely.make_valid(shapes[code])
        parts = [part for part in shapely.get_parts(valid) if part.geom_type in ("Polygon", "MultiPolygon")]
        area = shapely.union_all(parts)
        if area.is_empty or abs(area.area - shapes[code].area) > _MOST_MENDED_M2:
            near = re.sub(r"\.\d+", "", shapely.is_valid_reason(shapes[code]))
            raise refused(path, f"the outline of {code} crosses itself ({near}).", _AGAIN)
        mended[code] = area
    return mended
