"""Map layers as a GIS opens them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely
from builders import frames_of_offers
from lxml import etree

from flows.map_layers import AREAS, PACKAGE, VENUES, areas_layer, write_map
from flows.map_style import STYLES_TABLE
from transforms.tables import Location
from transforms.vocabulary import Zone

AS_OF = pd.Timestamp("2026-11-23")
BOUNDARIES = gpd.GeoSeries(
    {
        # Clockwise, as a shapefile would have it, with a hole.
        "E09000001": shapely.Polygon(
            [(532000, 181000), (532000, 182000), (533000, 182000), (533000, 181000)],
            [[(532400, 181400), (532600, 181400), (532600, 181600), (532400, 181600)]],
        ),
        "E06000001": shapely.box(0, 0, 1, 1),
    },
    crs=27700,
)
OFFERS = """
    | service | venue |
    | club    | lib   |
    | choir   | hall  |
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return written(tmp_path_factory.mktemp("map"))


def written(folder: Path) -> Path:
    frames = dict(frames_of_offers(OFFERS))
    frames[Location] = frames[Location].assign(
        **{Location.x_easting: 532_500.0, Location.x_northing: 181_500.0, Location.x_zone: Zone.INSIDE.value}
    )
    areas = areas_layer(BOUNDARIES, {"E09000001": "City of London"}, "drawn for a test")
    write_map(folder, frames, areas, AS_OF, is_sample=True)
    return folder


def test_the_geopackage_opens_with_its_reference_system(folder: Path) -> None:
    for layer in (VENUES, AREAS):
        assert pyogrio.read_info(folder / PACKAGE, layer=layer)["crs"] == "EPSG:27700"
    assert len(gpd.read_file(folder / PACKAGE, layer=VENUES)) == 2
    assert list(gpd.read_file(folder / PACKAGE, layer=AREAS)["name"]) == ["City of London"]


def test_qgis_finds_its_style_in_the_geopackage(folder: Path) -> None:
    (style,) = pyogrio.read_dataframe(folder / PACKAGE, layer=STYLES_TABLE).to_dict("records")
    assert (style["f_table_name"], style["f_geometry_column"]) == (VENUES, "geom")
    assert style["useAsDefault"]
    qml = etree.fromstring(style["styleQML"].encode())
    sld = etree.fromstring(style["styleSLD"].encode())
    symbols = {symbol.get("name") for symbol in qml.iterfind(".//symbol")}
    rules = qml.findall(".//rule")
    assert {rule.get("symbol") for rule in rules} == symbols
    named = [
        name.text
        for name in sld.iterfind(".//{http://www.opengis.net/se}Rule/{http://www.opengis.net/se}Name")
    ]
    assert named == [rule.get("label") for rule in rules]
    for zone in (Zone.INSIDE, Zone.NEAR, Zone.OUTSIDE, Zone.UNKNOWN):
        assert zone.label in named


def test_geojson_is_as_rfc_7946_asks(folder: Path) -> None:
    document: dict[str, Any] = json.loads((folder / f"{AREAS}.geojson").read_text(encoding="utf-8"))
    assert next(iter(document)) == "sample"
    assert "crs" not in document
    (feature,) = document["features"]
    outer, hole = (shapely.LinearRing(ring) for ring in feature["geometry"]["coordinates"])
    assert outer.is_ccw
    assert not hole.is_ccw
    longitude, latitude = feature["geometry"]["coordinates"][0][0]
    assert -0.2 < longitude < 0 < 51 < latitude < 52
    assert all(
        len(str(one).partition(".")[2]) <= 6 for ring in feature["geometry"]["coordinates"] for one in ring[0]
    )


def test_geoparquet_opens_with_its_reference_system(folder: Path) -> None:
    for layer in (VENUES, AREAS):
        read = gpd.read_parquet(folder / f"{layer}.parquet")
        assert read.crs.to_epsg() == 27700
        assert read.columns[0] == "sample_data"


def test_equal_venues_give_equal_bytes(folder: Path, tmp_path: Path) -> None:
    again = written(tmp_path / "again")
    for path in folder.iterdir():
        assert (again / path.name).read_bytes() == path.read_bytes(), path.name
