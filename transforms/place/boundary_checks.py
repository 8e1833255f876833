"""Whether official boundaries can be trusted: against their official hectares and the postcode directory.

The directory says of every postcode both where it is and which authority it is in. An outline that puts
many of them elsewhere is shifted, coarse or of somewhere else, however well its area agrees.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import geopandas as gpd
import numpy as np
import pandas as pd
import pyproj
import shapely

from transforms.place.grid import BRITISH_NATIONAL_GRID, degrees_of, grid_of
from transforms.place.postcode_directory import EASTING, LAD_CODE, NORTHING

NAME, AREA_HA, LAND_HA = "name", "area_ha", "land_ha"
POSTCODES, AGREEING, DISAGREEING = "postcodes", "agreeing", "disagreeing"
FARTHEST_M = "farthest_disagreeing_m"

# Local authorities of England (unitaries, districts, boroughs, counties), Wales, Scotland, Northern Ireland.
AUTHORITY_CODE = r"(E0[6-9]|E10|W06|S12|N09)\d{6}"

# Of the postcodes that the outline or the directory puts in an authority, the share on which both agree;
# measured with the directory of November 2025. Good outlines of the four authorities: exact 99.97 to 100%,
# generalised to 20 m and clipped 99.72% (the City, with its piers) to 99.98%. Bad ones of the City: 97.7%
# (54 corners), 94.5% (16 corners), 87.8% (wrong datum), and the exact one moved by 20 m 98.0%. The limit
# lies between the worst good one, which fails 0.28%, and the best bad one, which fails 2.0%.
LEAST_AGREEMENT_PCT = 99.0
# The good outlines are within 0.2% of one of the two Standard Area Measurements of ONS; this leaves room for
# the editions of the coast, which moved the City's land by 0.5% in five years.
MOST_AREA_OFF_PCT = 1.0
# Neighbours of one publication share their border exactly; 10 km of it 0.1 m apart would overlap by so much.
SLIVER_M2 = 1000.0
# Full-resolution outlines of the London boroughs have a corner every 18 to 41 m, generalised ones every 84 m
# or more.
SPARSE_CORNERS_M = 60.0
# Simplifying moves a border by a street or two (165 m at most with 16 corners), not to another district.
NEAR_EDGE_M = 250.0
# A polygon once converted without the datum was found 22 m from where the present formula would put it.
DATUM_TOLERANCE_M = 30
_DATUM_STEP_M = 5
_M2_PER_HA = 10_000


def boundary_accuracy(areas: gpd.GeoSeries, postcodes: pd.DataFrame) -> pd.DataFrame:
    """How well boundaries and directory agree, one row per authority, indexed by GSS code.

    ``areas`` is EPSG:27700, indexed by code. ``postcodes`` has ``lad_code``, ``easting`` and ``northing``
    (EPSG:27700), coarse points and stacks left out. ``postcodes``: those that either puts in the authority;
    ``agreeing``: those that both do; ``disagreeing``: the rest; ``farthest_disagreeing_m``: metres from the
    outline to the farthest of these, 0 if there is none.
    """
    rows = {
        code: _compared(area, _points_about(str(code), area, postcodes)).as_row()
        for code, area in areas.items()
    }
    columns = {POSTCODES: "int64", AGREEING: "int64", DISAGREEING: "int64", FARTHEST_M: "float64"}
    frame = pd.DataFrame.from_dict(rows, orient="index", columns=list(columns)).astype(columns)
    return frame.rename_axis(LAD_CODE)


def check_boundaries(areas: gpd.GeoSeries, expected: pd.DataFrame, postcodes: pd.DataFrame) -> list[str]:
    """Why boundaries cannot be accepted, a sentence or two each; empty when they can.

    ``areas`` is indexed by GSS code; it may hold more authorities than are expected. ``expected`` has
    ``lad_code``, ``name``, ``area_ha`` (hectares to the extent of the realm) and ``land_ha`` (hectares
    clipped to mean high water). ``postcodes`` as in ``boundary_accuracy``, of all authorities around.
    """
    if areas.crs != BRITISH_NATIONAL_GRID:
        return ["The boundaries are not on the British National Grid (EPSG:27700)."]
    twice = areas.index[areas.index.duplicated()].unique()
    if len(twice):
        return [f"{code} stands in the file more than once." for code in twice]
    is_authority = areas.index.astype("str").str.fullmatch(AUTHORITY_CODE)
    reasons = [f"{code} is not the code of an authority." for code in areas.index[~is_authority]]
    is_area = areas.is_valid & ~areas.is_empty & areas.geom_type.isin(["Polygon", "MultiPolygon"])
    sound = areas[is_authority & is_area]
    for row in expected.to_dict("records"):
        code, named = row[LAD_CODE], f"{row[NAME]} ({row[LAD_CODE]})"
        if code not in sound.index:
            fault = (
                "its outline is not a valid area" if code in areas.index else "it is missing from the file"
            )
            reasons.append(f"{named}: {fault}.")
            continue
        reasons += _of_size(named, sound[code], [row[AREA_HA], row[LAND_HA]])
        reasons += _of_position(named, sound[code], _points_about(code, sound[code], postcodes))
    return reasons + _of_overlaps(sound, dict(zip(expected[LAD_CODE], expected[NAME], strict=True)))


def _of_size(named: str, area: shapely.Geometry, official_ha: list[float]) -> list[str]:
    found_ha = area.area / _M2_PER_HA
    known = [hectares for hectares in official_ha if pd.notna(hectares)]
    off_pct = min((100 * abs(found_ha - hectares) / hectares for hectares in known), default=0.0)
    if off_pct <= MOST_AREA_OFF_PCT:
        return []
    official = " and ".join(f"{hectares:,.1f}" for hectares in dict.fromkeys(known))
    return [
        f"{named}: its outline holds {found_ha:,.1f} hectares, {off_pct:.1f}% off the official {official} "
        f"(to the extent of the realm, and clipped to high water)."
    ]


def _of_overlaps(areas: gpd.GeoSeries, names: dict[str, str]) -> list[str]:
    wanted = areas[areas.index.isin(names)]
    pairs = zip(*areas.sindex.query(wanted.array, predicate="intersects"), strict=True)
    reasons = []
    for one, other in sorted({tuple(sorted((wanted.index[i], areas.index[j]))) for i, j in pairs}):
        overlap_m2 = areas[one].intersection(areas[other]).area if one != other else 0.0
        if overlap_m2 > SLIVER_M2:
            told = f"{names.get(one, one)} and {names.get(other, other)}"
            reasons.append(f"{told} overlap by {overlap_m2 / _M2_PER_HA:,.1f} hectares; neighbours must not.")
    return reasons


@dataclass(frozen=True)
class _Points:
    """Postcodes about one authority: where each is (n × 2, metres), and whether it is its own."""

    at: np.ndarray
    is_own: np.ndarray


def _points_about(code: str, area: shapely.Geometry, postcodes: pd.DataFrame) -> _Points:
    west, south, east, north = area.bounds
    is_own = postcodes[LAD_CODE] == code
    # Room on every side for trying the outline a datum's shift away.
    is_near = postcodes[EASTING].between(west - NEAR_EDGE_M, east + NEAR_EDGE_M) & postcodes[
        NORTHING
    ].between(south - NEAR_EDGE_M, north + NEAR_EDGE_M)
    used = postcodes[(is_own | is_near) & postcodes[LAD_CODE].notna() & postcodes[EASTING].notna()]
    return _Points(used[[EASTING, NORTHING]].to_numpy("float64"), (used[LAD_CODE] == code).to_numpy(bool))


@dataclass(frozen=True)
class _Compared:
    """Postcodes on which outline and directory agree, and those that only one puts in the authority."""

    agreeing: int
    left_out: int
    taken_in: int
    farthest_m: float = 0.0

    @property
    def disagreeing(self) -> int:
        return self.left_out + self.taken_in

    @property
    def all(self) -> int:
        return self.agreeing + self.disagreeing

    @property
    def is_good(self) -> bool:
        return self.all > 0 and 100 * self.agreeing >= LEAST_AGREEMENT_PCT * self.all

    def as_row(self) -> list[float]:
        return [self.all, self.agreeing, self.disagreeing, round(self.farthest_m, 1)]


def _compared(area: shapely.Geometry, points: _Points, moved: tuple[float, float] = (0.0, 0.0)) -> _Compared:
    """Compare, with the outline moved by so many metres east and north; the distance only where it is not."""
    shapely.prepare(area)
    at = points.at - moved
    is_inside = shapely.intersects_xy(area, at[:, 0], at[:, 1])
    wrong = points.at[is_inside != points.is_own]
    farthest_m = 0.0
    if len(wrong) and moved == (0.0, 0.0):
        farthest_m = float(shapely.distance(area.boundary, shapely.points(wrong)).max())
    return _Compared(
        agreeing=int((is_inside & points.is_own).sum()),
        left_out=int((~is_inside & points.is_own).sum()),
        taken_in=int((is_inside & ~points.is_own).sum()),
        farthest_m=farthest_m,
    )


def _of_position(named: str, area: shapely.Geometry, points: _Points) -> list[str]:
    if not points.is_own.any():
        return [f"{named}: the directory has no postcode to check its outline with."]
    found = _compared(area, points)
    if found.is_good:
        return []
    told = (
        f"{named}: {found.left_out:,} of its postcodes lie outside its outline and {found.taken_in:,} of "
        f"other authorities inside, the farthest {found.farthest_m:,.0f} m from it; "
        f"{100 * found.agreeing / found.all:.1f}% agree, and {LEAST_AGREEMENT_PCT:g}% must."
    )
    shift = _datum_shift(area, points)
    if shift:
        return [
            f"{told} It is shifted as a missing datum would shift it, {_in_words(shift)}; "
            f"moved back, it is right."
        ]
    corners = shapely.get_num_coordinates(area)
    if area.length / corners > SPARSE_CORNERS_M and found.farthest_m <= NEAR_EDGE_M:
        return [f"{told} It is over-simplified: {corners} corners, one every {area.length / corners:,.0f} m."]
    return [f"{told} It is not where the directory has it: another edition, or another place."]


def _datum_shift(area: shapely.Geometry, points: _Points) -> tuple[float, float] | None:
    """Metres east and north by which an outline is shifted, if a datum left out or put in twice explains it."""
    steps = range(-DATUM_TOLERANCE_M, DATUM_TOLERANCE_M + 1, _DATUM_STEP_M)
    tried = []
    for east, north in _datum_moves(area.centroid.x, area.centroid.y):
        for more_east, more_north in itertools.product(steps, steps):
            move = (east + more_east, north + more_north)
            compared = _compared(area, points, move)
            tried.append((compared.disagreeing, abs(more_east) + abs(more_north), compared.is_good, move))
    _, _, is_good, (east, north) = min(tried)
    return (-east, -north) if is_good else None


def _datum_moves(east: float, north: float) -> list[tuple[float, float]]:
    """The moves, in metres, that undo the datum left out and the datum put in twice, at a point."""
    projected = pyproj.Proj(BRITISH_NATIONAL_GRID)  # the projection alone, without its datum
    left_out = projected(*degrees_of(np.array([east]), np.array([north])))
    put_in_twice = grid_of(*projected([east], [north], inverse=True))
    return [(float(x[0]) - east, float(y[0]) - north) for x, y in (left_out, put_in_twice)]


def _in_words(shift: tuple[float, float]) -> str:
    east, north = shift
    along, up = "east" if east > 0 else "west", "north" if north > 0 else "south"
    return f"{abs(east):,.0f} m {along} and {abs(north):,.0f} m {up}"
