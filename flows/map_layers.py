"""Venues as map layers. Apart from the other outputs: the libraries of maps take long to load."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import shapely

from flows.map_style import STYLES_TABLE, layer_styles
from flows.outputs import SAMPLE_COLUMN, SAMPLE_VALUE, Frames
from transforms.place.grid import BRITISH_NATIONAL_GRID, WGS84
from transforms.tables import Address, Location

VENUES, AREAS, PACKAGE = "venues", "areas", "venues.gpkg"
_GEOMETRY = "geom"
# A tenth of a metre: the points are no better than that.
_DECIMALS = 6


def venues_layer(frames: Frames) -> gpd.GeoDataFrame:
    """Locations that stand on the ground, EPSG:27700, with their postcode. Homes have no point."""
    places = frames[Location].merge(
        frames[Address][[Address.location_id, Address.postal_code]],
        left_on=Location.id, right_on=Address.location_id, how="left", validate="1:1",
    )  # fmt: skip
    placed = Location.sorted(places[places[Location.x_easting].notna()]).drop(columns=Address.location_id)
    points = gpd.points_from_xy(placed[Location.x_easting], placed[Location.x_northing])
    return gpd.GeoDataFrame(placed, geometry=points, crs=BRITISH_NATIONAL_GRID)


def write_map(
    folder: Path, frames: Frames, areas: gpd.GeoDataFrame, as_of: pd.Timestamp, *, is_sample: bool
) -> None:
    """Venues, and the authorities they lie in: a GeoPackage (EPSG:27700), and each layer as GeoJSON and GeoParquet."""
    folder.mkdir(parents=True, exist_ok=True)
    layers = {VENUES: venues_layer(frames), AREAS: areas}
    # GDAL writes the time of writing into a GeoPackage unless it is told one.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": as_of.strftime("%Y-%m-%dT00:00:00.000Z")})
    package = folder / PACKAGE
    for name, layer in layers.items():
        if is_sample:
            layer.insert(0, SAMPLE_COLUMN.name, SAMPLE_VALUE)
        plain = layer.astype(
            {name: "object" for name in layer.columns if str(layer[name].dtype) == "boolean"}
        )
        pyogrio.write_dataframe(
            plain, package, layer=name, driver="GPKG", geometry_name=_GEOMETRY, append=package.exists()
        )
        layer.to_parquet(folder / f"{name}.parquet", index=False, compression="zstd")
        _write_geojson(folder / f"{name}.geojson", plain, is_sample=is_sample)
    styles = layer_styles(VENUES, _GEOMETRY, as_of)
    pyogrio.write_dataframe(
        styles, package, layer=STYLES_TABLE, driver="GPKG", append=True, layer_options={"FID": "id"}
    )


def areas_layer(boundaries: gpd.GeoSeries, authorities: Mapping[str, str], basis: str) -> gpd.GeoDataFrame:
    """The authorities we report on, EPSG:27700, and what their outlines rest on."""
    known = boundaries[boundaries.index.isin(list(authorities))].sort_index()
    return gpd.GeoDataFrame(
        {
            "lad_code": list(known.index),
            "name": [authorities[str(code)] for code in known.index],
            "basis": basis,
        },
        geometry=[shapely.orient_polygons(shape) for shape in known],
        crs=BRITISH_NATIONAL_GRID,
    )


def _write_geojson(path: Path, layer: gpd.GeoDataFrame, *, is_sample: bool) -> None:
    """As RFC 7946 asks: degrees, longitude first, outer rings anticlockwise, no reference system named."""
    degrees = layer.to_crs(WGS84)
    degrees.geometry = shapely.orient_polygons(degrees.geometry.values)
    features = json.loads(degrees.to_json(drop_id=True, na="null"))["features"]
    for feature in features:
        feature["geometry"]["coordinates"] = _rounded(feature["geometry"]["coordinates"])
    note = {"sample": f"SAMPLE: {SAMPLE_VALUE}"} if is_sample else {}
    document = {**note, "type": "FeatureCollection", "features": features}
    path.write_text(json.dumps(document, ensure_ascii=False, indent=0), encoding="utf-8")


def _rounded(coordinates: list[Any]) -> list[Any]:
    """Degrees without the noughts and nines that arithmetic leaves behind."""
    return [_rounded(one) if isinstance(one, list) else round(one, _DECIMALS) for one in coordinates]
