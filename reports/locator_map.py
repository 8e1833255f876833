"""A still map of the City and its surroundings, as shapes a template can draw.

Everything is worked out in metres on the National Grid, then laid on a drawing 1,000 units wide.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd
import shapely
from shapely import affinity

from reports.facts import Frames, ReportFacts, rows_of
from reports.words import text
from transforms.tables import CITY_LAD_CODE, Location, ServiceAtLocation, Supply
from transforms.vocabulary import AddressRole, Zone

WIDTH = 1000
# The three neighbours lie north and east; there is little to show west and south of the City.
_WEST_M, _SOUTH_M, _EAST_M, _NORTH_M = 1500, 600, 2500, 2300
_DETAIL_M = 6  # less than a line is wide on the drawing
_EDGE_M = 60  # a dot cut in half by the edge is no dot
_CLUSTER_M = 75  # closer dots than this would hide one another
_CLEAR_M, _SLENDER = 110, 0.35  # room around each dot; a name is about three times as wide as a dot's room
_ON_THE_GROUND = [Zone.INSIDE.value, Zone.NEAR.value, Zone.OUTSIDE.value]


@dataclass(frozen=True)
class Frame:
    """The ground the drawing shows."""

    west: float
    south: float
    east: float
    north: float

    @property
    def scale(self) -> float:
        """Drawing units a metre."""
        return WIDTH / (self.east - self.west)

    @property
    def height(self) -> int:
        """Height of the drawing."""
        return round((self.north - self.south) * self.scale)

    def place(self, easting: float, northing: float) -> tuple[float, float]:
        """Where a point falls on the drawing."""
        return round((easting - self.west) * self.scale, 1), round((self.north - northing) * self.scale, 1)

    def shows(self, easting: float, northing: float) -> bool:
        """Whether a point falls within it."""
        return (
            self.west + _EDGE_M < easting < self.east - _EDGE_M
            and self.south + _EDGE_M < northing < self.north - _EDGE_M
        )


@dataclass(frozen=True)
class Area:
    """One authority: its outline and where its name goes."""

    name: str
    path: str
    label_x: float
    label_y: float
    # The same place on the ground, EPSG:27700.
    label_easting: float
    label_northing: float
    is_city: bool


@dataclass(frozen=True)
class Venue:
    """One venue, whichever rosters list it."""

    id: str
    name: str
    easting: float
    northing: float
    zone: Zone
    is_certain: bool
    distance_m: float

    @property
    def is_inside(self) -> bool:
        """Whether it lies, or most likely lies, inside the Square Mile."""
        return self.zone is Zone.INSIDE


@dataclass(frozen=True)
class Dot:
    """One or more venues of the same kind, close together."""

    x: float
    y: float
    venues: list[Venue]

    @property
    def radius(self) -> float:
        """A little larger for more venues."""
        return 6.5 if len(self.venues) == 1 else 9 + math.sqrt(len(self.venues))


@dataclass(frozen=True)
class LocatorMap:
    """Everything the drawing needs."""

    frame: tuple[float, float, float, float]
    height: int
    areas: list[Area]
    dots: list[Dot]
    scale_bar: float
    venues: list[Venue]
    beyond: int
    near_path: str
    near_m: float
    origins: list[tuple[str, bool, float, float]]

    def count(self, *, inside: bool, certain: bool) -> int:
        """How many venues of one kind there are, on the drawing or beyond it."""
        return sum(v.is_inside is inside and v.is_certain is certain for v in self.venues)

    @property
    def close(self) -> list[Venue]:
        """Venues inside or near, innermost first, for those who cannot use a map."""
        return [v for v in self.venues if v.zone is not Zone.OUTSIDE]


def locator_map(frames: Frames, facts: ReportFacts) -> LocatorMap:
    """The City in its surroundings, with every venue that has a point."""
    west, south, east, north = facts.boundaries[CITY_LAD_CODE].bounds
    frame = Frame(west - _WEST_M, south - _SOUTH_M, east + _EAST_M, north + _NORTH_M)
    found = venues(frames)
    near = float(facts.settings.get("near_m", 0))
    shown = [venue for venue in found if frame.shows(venue.easting, venue.northing)]
    return LocatorMap(
        frame=(frame.west, frame.south, frame.east, frame.north),
        height=frame.height,
        areas=list(_areas(facts, frame, shown)),
        dots=_dots(shown, frame),
        scale_bar=round(1000 * frame.scale, 1),
        venues=found,
        beyond=len(found) - len(shown),
        near_path=_path(facts.boundaries[CITY_LAD_CODE].buffer(near).simplify(_DETAIL_M), frame)
        if near
        else "",
        near_m=near,
        origins=[(one.name, one.is_home, *frame.place(one.easting, one.northing)) for one in facts.origins],
    )


def venues(frames: Frames) -> list[Venue]:
    """Every venue with a point and a service, once, the innermost first.

    Where rosters place a venue differently, the point with the smallest error stands for it.
    """
    places = frames[Location]
    # A place left without a service may be that of a withheld record; a home is never drawn.
    used = places[Location.id].isin(_with_a_service(frames))
    drawn = (
        used
        & ~places[Location.x_is_home].astype(bool)
        & places[Location.x_address_role].eq(AddressRole.VENUE.value)
        & places[Location.x_zone].isin(_ON_THE_GROUND)
        & places[Location.x_easting].notna()
    )
    best = (
        places[drawn]
        .sort_values([Location.x_positional_error_m, Location.id], kind="stable")
        .drop_duplicates(Location.x_cluster_id)
        .sort_values([Location.x_signed_distance_m, Location.id], kind="stable")
    )
    return [
        Venue(
            text(row[Location.x_cluster_id]),
            text(row[Location.name]) or "venue not named",
            row[Location.x_easting],
            row[Location.x_northing],
            Zone(row[Location.x_zone]),
            bool(row[Location.x_zone_certain]),
            row[Location.x_signed_distance_m],
        )
        for row in best.to_dict("records")
    ]


def _with_a_service(frames: Frames) -> pd.Series:
    """The places of the services that run, as far as the run says which do."""
    at, supply = frames[ServiceAtLocation], rows_of(frames, Supply)
    stopped = supply.loc[~supply[Supply.is_running].astype(bool), Supply.service_at_location_id]
    return at.loc[~at[ServiceAtLocation.id].isin(stopped), ServiceAtLocation.location_id]


def _areas(facts: ReportFacts, frame: Frame, shown: list[Venue]) -> Iterator[Area]:
    """Outlines within the frame, the City last so that its outline lies on top."""
    window = shapely.box(frame.west, frame.south, frame.east, frame.north)
    taken = shapely.union_all([shapely.Point(v.easting, v.northing).buffer(_CLEAR_M) for v in shown])
    for code in sorted(facts.boundaries.index, key=lambda code: (code == CITY_LAD_CODE, code)):
        shape = facts.boundaries[code].simplify(_DETAIL_M).intersection(window)
        if shape.is_empty:
            continue
        gap = _widest_gap(shape, taken)
        yield Area(
            facts.authority(code), _path(shape, frame), *frame.place(*gap), *gap, code == CITY_LAD_CODE
        )


def _widest_gap(shape: shapely.Geometry, taken: shapely.Geometry) -> tuple[float, float]:
    """Where a name fits best: the middle of the widest flat ellipse without a dot."""
    free = shape.difference(taken)
    # Squeezed sideways, the largest circle is the widest ellipse.
    narrow = affinity.scale(shape if free.is_empty else free, xfact=_SLENDER, origin=(0, 0))
    middle = shapely.get_point(shapely.maximum_inscribed_circle(narrow, tolerance=20), 0)
    return middle.x / _SLENDER, middle.y


def _path(shape: shapely.Geometry, frame: Frame) -> str:
    polygons = [part for part in shapely.get_parts(shape) if part.geom_type == "Polygon"]
    rings = [ring for polygon in polygons for ring in (polygon.exterior, *polygon.interiors)]
    return "".join(
        "M" + "L".join("{:g},{:g}".format(*frame.place(x, y)) for x, y in ring.coords[:-1]) + "Z"
        for ring in rings
    )


def _dots(shown: list[Venue], frame: Frame) -> list[Dot]:
    """Venues of the same kind that would hide one another become one dot with their number."""
    groups: list[list[Venue]] = []
    rank = {venue.id: place for place, venue in enumerate(shown)}
    # Of thousands of groups only those in the squares around a venue can be near it.
    in_square: dict[tuple[object, ...], list[list[Venue]]] = defaultdict(list)
    for venue in shown:
        column, row = int(venue.easting // _CLUSTER_M), int(venue.northing // _CLUSTER_M)
        around = [
            group
            for across in (column - 1, column, column + 1)
            for up in (row - 1, row, row + 1)
            for group in in_square.get((_kind(venue), across, up), ())
            if _apart_m(group[0], venue) < _CLUSTER_M
        ]
        if around:
            # The innermost of them, as the venues come.
            min(around, key=lambda group: rank[group[0].id]).append(venue)
        else:
            groups.append([venue])
            in_square[_kind(venue), column, row].append(groups[-1])
    middles = [pd.DataFrame([(v.easting, v.northing) for v in group]).mean() for group in groups]
    dots = [
        Dot(*frame.place(middle[0], middle[1]), group) for middle, group in zip(middles, groups, strict=True)
    ]
    # Numbers on top: a dot half hidden is still a dot, a number half hidden is not read.
    return sorted(dots, key=lambda dot: len(dot.venues))


def _kind(venue: Venue) -> tuple[bool, bool]:
    return venue.is_inside, venue.is_certain


def _apart_m(one: Venue, other: Venue) -> float:
    return math.hypot(one.easting - other.easting, one.northing - other.northing)
