"""The map as a script draws it: shapes and points in metres from a corner, EPSG:27700."""

from __future__ import annotations

from typing import Any

import shapely

from reports.facts import ReportFacts
from reports.locator_map import LocatorMap
from transforms.tables import CITY_LAD_CODE

_DETAIL_M = 12


def map_data(drawn: LocatorMap, venue_ids: list[str], facts: ReportFacts) -> dict[str, Any]:
    """The ground shown first, outlines, the near zone, origins and venues: [x, y, is inside, is certain, name]."""
    corner_x, corner_y, *_ = facts.boundaries[CITY_LAD_CODE].bounds
    corner = round(corner_x), round(corner_y)
    order = sorted(facts.boundaries.index, key=lambda code: (code == CITY_LAD_CODE, code))
    venues = {venue.id: venue for venue in drawn.venues}
    labels = {area.name: _point(area.label_easting, area.label_northing, corner) for area in drawn.areas}
    near = facts.settings.get("near_m")
    west, south, east, north = drawn.frame
    return {
        "view": [*_point(west, south, corner), *_point(east, north, corner)],
        "areas": [
            {
                "name": facts.authority(code),
                "is_city": code == CITY_LAD_CODE,
                "label": labels.get(facts.authority(code)),
                "rings": _rings(facts.boundaries[code].simplify(_DETAIL_M), corner),
            }
            for code in order
        ],
        "near": _rings(facts.boundaries[CITY_LAD_CODE].buffer(near).simplify(_DETAIL_M), corner)
        if near
        else [],
        "near_m": near or 0,
        "origins": [
            [one.name, int(one.is_home), *_point(one.easting, one.northing, corner)] for one in facts.origins
        ],
        "venues": [
            [
                *_point(venues[key].easting, venues[key].northing, corner),
                int(venues[key].is_inside),
                int(venues[key].is_certain),
                venues[key].name,
            ]
            for key in venue_ids
        ],
    }


def _point(easting: float, northing: float, corner: tuple[int, int]) -> list[int]:
    return [round(easting) - corner[0], round(northing) - corner[1]]


def _rings(shape: shapely.Geometry, corner: tuple[int, int]) -> list[list[list[int]]]:
    """Outer and inner rings, each as points; a script fills them by the even-odd rule."""
    return [
        [_point(x, y, corner) for x, y in ring.coords[:-1]]
        for part in shapely.get_parts(shape)
        if part.geom_type == "Polygon"
        for ring in (part.exterior, *part.interiors)
    ]
