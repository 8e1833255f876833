"""What the evidence says against itself, and which points are believed none the less.

A point far from its own postcode is an issue, not a truth. Coordinates that say no more than the postcode
does are not taken for a door.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from transforms.place.coordinates import Points, Trouble
from transforms.place.grid import degrees_of, grid_of
from transforms.place.ground import Ground

# What a missing datum shift does to a point in London: metres east and north (degrees of OSGB36 taken for
# WGS 84; the other mistake moves it the other way), and how near to that the median of many must lie, over so
# many venues, to be taken for it. Other formulas that forget the shift land up to 28 m from this one.
_DATUM_EAST_M, _DATUM_NORTH_M = 113.0, -54.0
_DATUM_WITHIN_M, _DATUM_VENUES = 40.0, 20


@dataclass(frozen=True)
class Believed:
    """What is left of the points once doubted ones are put aside, each with its trouble.

    ``apart_m`` is how far the coordinates stood from their postcode (NaN without both);
    ``is_contradicted`` marks rows whose evidence disagrees with nothing to say which piece is wrong.
    """

    given: Points
    properties: Points
    apart_m: np.ndarray
    is_contradicted: np.ndarray


def believed(given: Points, properties: Points, postcodes: Points, ground: Ground) -> Believed:
    """Put aside the coordinates and the properties' points that are contradicted or say nothing of their own.

    ``postcodes`` are the points of the rows' postcodes, with their errors.
    """
    limit_m = ground.thresholds.moved_m
    apart_m, between_m = metres_apart(given, postcodes), metres_apart(given, properties)
    is_far, is_property_far = apart_m > limit_m, metres_apart(properties, postcodes) > limit_m
    # Either two against nobody, or two against the postcode, which is used all the same.
    is_contradicted = (between_m > limit_m) & np.isnan(postcodes.easting)
    is_contradicted |= is_far & is_property_far & (between_m <= limit_m)
    if is_far.any():
        given = given.without(is_far, _why_far(given, postcodes, is_far, limit_m))
    if is_property_far.any():
        properties = properties.without(is_property_far, Trouble.PROPERTY_FAR)
    is_swapped = _is_swapped_home(given, apart_m, ground)
    if is_swapped.any():
        given = given.without(is_swapped, Trouble.SWAPPED)
    says_no_more = _says_no_more(given, postcodes, apart_m, ground.thresholds.postcode_copy_m)
    if _is_off_by_datum(given, postcodes, given.usable & ~np.isnan(apart_m) & ~says_no_more):
        given = given.without(given.usable & ~says_no_more, Trouble.DATUM)
    if says_no_more.any():
        given = given.without(says_no_more, Trouble.NONE)
    is_astray = metres_apart(given, properties) > limit_m
    if is_astray.any():
        given = given.without(is_astray, Trouble.FAR_FROM_PROPERTY)
    return Believed(given, properties, apart_m, is_contradicted)


def metres_apart(points: Points, others: Points) -> np.ndarray:
    """Metres between the two points of each row; NaN without both."""
    return np.hypot(points.easting - others.easting, points.northing - others.northing)


def _why_far(given: Points, postcodes: Points, is_far: np.ndarray, within_m: float) -> np.ndarray:
    """Why points lie far from their postcode: swapped or mirrored if that would bring them back to it."""
    east, north = given.easting[is_far], given.northing[is_far]
    home_east, home_north = postcodes.easting[is_far], postcodes.northing[is_far]
    longitude, latitude = degrees_of(east, north)
    mirrored = grid_of(-longitude, latitude)
    is_swapped = np.hypot(north - home_east, east - home_north) <= within_m
    is_mirrored = np.hypot(mirrored[0] - home_east, mirrored[1] - home_north) <= within_m
    why = np.zeros(len(is_far), np.uint8)
    why[is_far] = np.select(
        [is_swapped, is_mirrored],
        [np.uint8(Trouble.SWAPPED), np.uint8(Trouble.HEMISPHERE)],
        default=np.uint8(Trouble.FAR),
    )
    return why


def _is_swapped_home(given: Points, apart_m: np.ndarray, ground: Ground) -> np.ndarray:
    """Whether points without a postcode lie in none of our areas, and would lie in one if swapped.

    London's mirror image is the sea off Galloway.
    """
    west, south, east, north = ground.bounds
    may_be = (
        np.isnan(apart_m) & (given.northing >= west) & (given.northing <= east)
        & (given.easting >= south) & (given.easting <= north)
    )  # fmt: skip
    rows = np.flatnonzero(may_be)
    if len(rows):
        which, easting, northing = ground.authorities.which, given.easting[rows], given.northing[rows]
        may_be[rows] = (which(easting, northing) == "") & (which(northing, easting) != "")
    return may_be


def _is_off_by_datum(given: Points, postcodes: Points, compared: np.ndarray) -> bool:
    """Whether the points, as a body, stand off from their postcodes by a missing datum shift."""
    if compared.sum() < _DATUM_VENUES:
        return False
    east = np.median(given.easting[compared] - postcodes.easting[compared])
    north = np.median(given.northing[compared] - postcodes.northing[compared])
    shifts = ((_DATUM_EAST_M, _DATUM_NORTH_M), (-_DATUM_EAST_M, -_DATUM_NORTH_M))
    return any(np.hypot(east - e, north - n) <= _DATUM_WITHIN_M for e, n in shifts)


def _says_no_more(given: Points, postcodes: Points, apart_m: np.ndarray, copy_m: float) -> np.ndarray:
    """Whether coordinates are just the postcode's own point, or are rounded so far that its point is better."""
    is_vaguer = (given.error_m >= postcodes.error_m) & (apart_m <= given.error_m + postcodes.error_m)
    return (apart_m <= copy_m) | is_vaguer
