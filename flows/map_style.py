"""How QGIS draws the venues when it opens the GeoPackage: solid inside the Square Mile, hollow outside.

The style travels in the file, in the table ``layer_styles`` that QGIS looks for: as its own QML and as the Open
Geospatial Consortium's SLD.
"""

from __future__ import annotations

from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

import pandas as pd

from transforms.tables import Location
from transforms.vocabulary import Zone

STYLES_TABLE = "layer_styles"
_NAME, _BLUE, _GREY, _WHITE = "Zones", "#1d4f91", "#555555", "#ffffff"


@dataclass(frozen=True)
class _Look:
    """A marker: filled or hollow, a circle or, where the zone is not certain, a diamond."""

    zone: Zone
    is_certain: bool
    colour: str

    @property
    def label(self) -> str:
        return self.zone.label if self.is_certain else f"{self.zone.label}, not certain"

    @property
    def fill(self) -> str:
        return self.colour if self.zone is Zone.INSIDE else _WHITE

    @property
    def shape(self) -> str:
        return "circle" if self.is_certain else "diamond"


_LOOKS = [
    _Look(zone, is_certain, _GREY if zone in (Zone.OUTSIDE, Zone.UNKNOWN) else _BLUE)
    for zone in (Zone.INSIDE, Zone.NEAR, Zone.OUTSIDE, Zone.UNKNOWN)
    for is_certain in (True, False)
]


def layer_styles(layer: str, geometry: str, as_of: pd.Timestamp) -> pd.DataFrame:
    """The one row that names the style of a layer as the one to begin with."""
    return pd.DataFrame(
        {
            "f_table_catalog": [""],
            "f_table_schema": [""],
            "f_table_name": [layer],
            "f_geometry_column": [geometry],
            "styleName": [_NAME],
            "styleQML": [_qml()],
            "styleSLD": [_sld(layer)],
            "useAsDefault": [True],
            "description": [
                "Solid inside the Square Mile, hollow outside; a diamond where the zone is not certain"
            ],
            "owner": [""],
            "ui": [None],
            "update_time": [as_of.tz_localize("UTC")],
        }
    )


def _qml() -> str:
    rules = "".join(
        f'<rule key="{number}" symbol="{number}" label={quoteattr(look.label)} filter={quoteattr(_where(look))}/>'
        for number, look in enumerate(_LOOKS)
    )
    symbols = "".join(
        f'<symbol type="marker" name="{number}" alpha="1"><layer class="SimpleMarker" enabled="1" pass="0">'
        f'<Option type="Map">{_option("name", look.shape)}{_option("color", _rgba(look.fill))}'
        f"{_option('outline_color', _rgba(look.colour))}{_option('outline_width', '0.5')}{_option('size', '2.8')}"
        "</Option></layer></symbol>"
        for number, look in enumerate(_LOOKS)
    )
    return (
        "<!DOCTYPE qgis PUBLIC 'http://mrcc.com/qgis.dtd' 'SYSTEM'>"
        '<qgis version="3.22" styleCategories="Symbology"><renderer-v2 type="RuleRenderer" symbollevels="0">'
        f'<rules key="all">{rules}</rules><symbols>{symbols}</symbols></renderer-v2></qgis>'
    )


def _where(look: _Look) -> str:
    is_certain = str(look.is_certain).lower()
    return f'"{Location.x_zone}" = \'{look.zone.value}\' AND "{Location.x_zone_certain}" = {is_certain}'


def _option(name: str, value: str) -> str:
    return f'<Option type="QString" name="{name}" value="{value}"/>'


def _rgba(colour: str) -> str:
    return ",".join(str(int(colour[at : at + 2], 16)) for at in (1, 3, 5)) + ",255"


def _sld(layer: str) -> str:
    rules = "".join(
        f"<se:Rule><se:Name>{escape(look.label)}</se:Name><ogc:Filter><ogc:And>"
        f"{_equals(Location.x_zone, look.zone.value)}{_equals(Location.x_zone_certain, str(look.is_certain).lower())}"
        "</ogc:And></ogc:Filter><se:PointSymbolizer><se:Graphic><se:Mark>"
        f"<se:WellKnownName>{'circle' if look.is_certain else 'square'}</se:WellKnownName>"
        f'<se:Fill><se:SvgParameter name="fill">{look.fill}</se:SvgParameter></se:Fill>'
        f'<se:Stroke><se:SvgParameter name="stroke">{look.colour}</se:SvgParameter></se:Stroke>'
        "</se:Mark><se:Size>10</se:Size></se:Graphic></se:PointSymbolizer></se:Rule>"
        for look in _LOOKS
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><StyledLayerDescriptor xmlns="http://www.opengis.net/sld" '
        'xmlns:ogc="http://www.opengis.net/ogc" xmlns:se="http://www.opengis.net/se" version="1.1.0"><NamedLayer>'
        f"<se:Name>{layer}</se:Name><UserStyle><se:Name>{_NAME}</se:Name><se:FeatureTypeStyle>{rules}"
        "</se:FeatureTypeStyle></UserStyle></NamedLayer></StyledLayerDescriptor>"
    )


def _equals(column: str, value: str) -> str:
    return (
        f"<ogc:PropertyIsEqualTo><ogc:PropertyName>{column}</ogc:PropertyName><ogc:Literal>{value}</ogc:Literal>"
        "</ogc:PropertyIsEqualTo>"
    )
