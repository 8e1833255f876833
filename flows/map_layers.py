"""Venues as map layers. Apart from the other outputs: the libraries of maps take long to load."""

from __future__ import annotations

import json
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio

from flows.outputs import SAMPLE_COLUMN, SAMPLE_VALUE, Frames
from transforms.place.grid import BRITISH_NATIONAL_GRID, WGS84
from transforms.tables import Address, Location


def venues_layer(frames: Frames) -> gpd.GeoDataFrame:
    """Locations that stand on the ground, EPSG:27700, with their postcode. Homes have no point."""
    places = frames[Location].merge(
        frames[Address][[Address.location_id, Address.postal_code]],
        left_on=Location.id, right_on=Address.location_id, how="left", validate="1:1",
    )  # fmt: skip
    placed = Location.sorted(places[places[Location.x_easting].notna()]).drop(columns=Address.location_id)
    points = gpd.points_from_xy(placed[Location.x_easting], placed[Location.x_northing])
    return gpd.GeoDataFrame(placed, geometry=points, crs=BRITISH_NATIONAL_GRID)


def write_map(folder: Path, frames: Frames, as_of: pd.Timestamp, *, is_sample: bool) -> None:
    """Venues as a GeoPackage (EPSG:27700) and as GeoJSON (EPSG:4326, RFC 7946)."""
    layer = venues_layer(frames)
    if is_sample:
        layer.insert(0, SAMPLE_COLUMN.name, SAMPLE_VALUE)
    layer = layer.astype({name: "object" for name in layer.columns if str(layer[name].dtype) == "boolean"})
    folder.mkdir(parents=True, exist_ok=True)
    # GDAL writes the time of writing into a GeoPackage unless it is told one.
    pyogrio.set_gdal_config_options({"OGR_CURRENT_DATE": as_of.strftime("%Y-%m-%dT00:00:00.000Z")})
    pyogrio.write_dataframe(layer, folder / "venues.gpkg", layer="venues", driver="GPKG")
    features = json.loads(layer.to_crs(WGS84).to_json(drop_id=True, na="null"))
    for feature in features["features"]:
        feature["geometry"]["coordinates"] = [round(c, 6) for c in feature["geometry"]["coordinates"]]
    note = {"sample": f"SAMPLE: {SAMPLE_VALUE}"} if is_sample else {}
    document = {**note, "type": "FeatureCollection", "features": features["features"]}
    (folder / "venues.geojson").write_text(
        json.dumps(document, ensure_ascii=False, indent=0), encoding="utf-8"
    )
