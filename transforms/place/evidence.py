"""The best evidence of where each venue is: its property, its coordinates, its postcode, or nothing.

A point's authority is the polygon it lies in; a postcode's is the directory's own assignment. Where a
postcode and a polygon disagree the row is disputed, and its zone is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from transforms.place.coordinates import Points, Trouble
from transforms.place.grid import degrees_of, grid_of
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import Found
from transforms.place.zones import is_certain, zones_of
from transforms.tables import CITY_LAD_CODE
from transforms.vocabulary import GeocodeMethod

METHODS = tuple(GeocodeMethod)
_UPRN, _COORDINATES, _POSTCODE, _NONE = (
    np.uint8(METHODS.index(method))
    for method in (GeocodeMethod.UPRN, GeocodeMethod.COORDINATES, GeocodeMethod.POSTCODE, GeocodeMethod.NONE)
)
# What a missing datum shift does to a point in London: metres east and north, and how near to that the
# median of many must lie, over so many venues, to be taken for it.
_DATUM_EAST_M, _DATUM_NORTH_M = 127.0, -43.0
_DATUM_WITHIN_M, _DATUM_VENUES = 30.0, 20


@dataclass(frozen=True)
class Placed:
    """Where each row is and how surely, as arrays of equal length.

    ``easting``, ``northing`` (float64, EPSG:27700, NaN for no place), ``authority`` (uint16, number in the
    directory's ``lad_codes``, 0 for none or one it does not know), ``method`` (place in ``METHODS``),
    ``error_m``, ``distance_m`` (signed, negative inside; NaN for no place), ``zone`` (place in ``ZONES``),
    ``certain``, ``disputed`` (bool), ``trouble`` (of the coordinates) and ``apart_m`` (from coordinates to
    postcode, NaN without both).
    """

    easting: np.ndarray
    northing: np.ndarray
    authority: np.ndarray
    method: np.ndarray
    error_m: np.ndarray
    distance_m: np.ndarray
    zone: np.ndarray
    certain: np.ndarray
    disputed: np.ndarray
    trouble: np.ndarray
    apart_m: np.ndarray


def place_by_postcode(found: Found, ground: Ground) -> Placed:
    """Place rows by their postcode alone; every figure was worked out when the reference was built.

    The directory decides the authority, and so the side of the boundary; the line only measures. Where they
    disagree the row stands on the line.
    """
    from transforms.place.place_kernels import place as fill

    rows = len(found.slot)
    metres = tuple(np.empty(rows) for _ in range(4))
    small = np.empty(rows, np.uint16), np.empty(rows, np.uint8), np.empty(rows, np.uint8)
    flags = np.empty(rows, np.bool_), np.empty(rows, np.bool_)
    easting, northing, error_m, distance_m = metres
    authority, method, zone = small
    certain, disputed = flags
    fill(
        found.slot, found.easting, found.northing, found.authority, found.state, ground.distances_dm(),
        ground.postcode_errors_m(), city_number(ground), float(ground.thresholds.near_m),
        float(ground.boundary_error_m), _POSTCODE, _NONE,
        easting, northing, authority, method, error_m, distance_m, zone, certain, disputed,
    )  # fmt: skip
    trouble, apart_m = np.zeros(rows, np.uint8), np.broadcast_to(np.nan, rows)
    return Placed(
        easting, northing, authority, method, error_m, distance_m, zone, certain, disputed, trouble, apart_m
    )


def place(found: Found, given: Points, properties: Points, ground: Ground) -> Placed:
    """Place rows by the best evidence each has.

    ``found`` is what the directory says of their postcodes, ``given`` their own coordinates and
    ``properties`` the points of their UPRNs. Coordinates farther from their own postcode than ``moved_m``
    are not believed, and coordinates that are just the postcode's point are no better than it.
    """
    by_postcode = place_by_postcode(found, ground)
    far = _apart_m(properties, by_postcode) > ground.thresholds.moved_m
    properties = properties.without(far, Trouble.PROPERTY_FAR) if far.any() else properties
    given, apart_m = _believable(given, by_postcode, ground)
    given = _not_a_copy(given, apart_m, ground)
    trouble = np.where(given.trouble, given.trouble, properties.trouble)
    best = given.where(properties.usable, properties)
    use = best.usable
    if not use.any():
        return replace(by_postcode, trouble=trouble, apart_m=apart_m)
    method = np.where(properties.usable, _UPRN, np.where(use, _COORDINATES, by_postcode.method))
    easting = np.where(use, np.round(best.easting, 1), by_postcode.easting)
    northing = np.where(use, np.round(best.northing, 1), by_postcode.northing)
    authority, disputed = by_postcode.authority.copy(), by_postcode.disputed.copy()
    lies_in = _authority_numbers(best.easting[use], best.northing[use], ground)
    stated = by_postcode.authority[use]
    # Outside every area we hold, the directory's own assignment is all there is.
    authority[use] = np.where(lies_in > 0, lies_in, stated)
    disputed[use] = (lies_in > 0) & (stated > 0) & (lies_in != stated)
    distance_m = by_postcode.distance_m.copy()
    # To the decimetre, as postcodes are: no point of a venue is known better.
    distance_m[use] = np.round(ground.border.signed_distance_m(best.easting[use], best.northing[use]), 1)
    error_m = np.where(use, np.round(best.error_m, 1), by_postcode.error_m)
    return _zoned(
        easting, northing, authority, method, error_m, distance_m, disputed, trouble, apart_m, ground
    )


def _zoned(
    easting: np.ndarray, northing: np.ndarray, authority: np.ndarray, method: np.ndarray, error_m: np.ndarray,
    distance_m: np.ndarray, disputed: np.ndarray, trouble: np.ndarray, apart_m: np.ndarray, ground: Ground,
) -> Placed:  # fmt: skip
    """Zones and their certainty, once the point, the authority and the distance are known."""
    in_city = authority == city_number(ground)
    # The evidence decides the side, the line only measures: where they disagree the row stands on the line.
    wrong_side = (in_city & (distance_m > 0)) | (~in_city & (distance_m < 0))
    distance_m = np.where(wrong_side, np.where(in_city, -0.0, 0.0), distance_m)
    zone = zones_of(in_city, distance_m, ground.thresholds.near_m)
    certain = is_certain(distance_m, error_m, ground.boundary_error_m) & ~disputed
    return Placed(
        easting, northing, authority, method, error_m, distance_m, zone, certain, disputed, trouble, apart_m
    )  # fmt: skip


def city_number(ground: Ground) -> int:
    """Number of the City of London in the directory."""
    return ground.directory.lad_codes.index(CITY_LAD_CODE)


def _authority_numbers(easting: np.ndarray, northing: np.ndarray, ground: Ground) -> np.ndarray:
    """Number of the authority whose area each point lies in; 0 for none."""
    number_of = {code: number for number, code in enumerate(ground.directory.lad_codes)}
    codes = ground.authorities.which(easting, northing)
    return np.array([number_of.get(code, 0) for code in codes], np.uint16)


def _apart_m(points: Points, by_postcode: Placed) -> np.ndarray:
    """Metres between each point and its own postcode's; NaN without both."""
    return np.hypot(points.easting - by_postcode.easting, points.northing - by_postcode.northing)


def _believable(given: Points, by_postcode: Placed, ground: Ground) -> tuple[Points, np.ndarray]:
    """Coordinates that do not contradict their own postcode, and how far apart the two stand."""
    apart_m = _apart_m(given, by_postcode)
    far = apart_m > ground.thresholds.moved_m
    if far.any():
        rows = np.flatnonzero(far)
        why = np.full(len(far), np.uint8(Trouble.FAR))
        why[rows] = _why_far(given, by_postcode, rows, ground.thresholds.moved_m)
        given = Points(
            np.where(far, np.nan, given.easting), np.where(far, np.nan, given.northing),
            np.where(far, np.nan, given.error_m), np.where(far, why, given.trouble),
        )  # fmt: skip
    both = given.usable & ~np.isnan(apart_m)
    if _is_off_by_datum(given, by_postcode, both):
        given = given.without(both, Trouble.DATUM)
    return given, apart_m


def _why_far(given: Points, by_postcode: Placed, rows: np.ndarray, within_m: float) -> np.ndarray:
    """Why points lie far from their postcode: swapped or mirrored if that would bring them back to it."""
    east, north = given.easting[rows], given.northing[rows]
    home_east, home_north = by_postcode.easting[rows], by_postcode.northing[rows]
    longitude, latitude = degrees_of(east, north)
    mirrored = grid_of(-longitude, latitude)
    is_swapped = np.hypot(north - home_east, east - home_north) <= within_m
    is_mirrored = np.hypot(mirrored[0] - home_east, mirrored[1] - home_north) <= within_m
    return np.select(
        [is_swapped, is_mirrored],
        [np.uint8(Trouble.SWAPPED), np.uint8(Trouble.HEMISPHERE)],
        default=np.uint8(Trouble.FAR),
    )


def _is_off_by_datum(given: Points, by_postcode: Placed, both: np.ndarray) -> bool:
    """Whether the points, as a body, stand off from their postcodes by a missing datum shift."""
    if both.sum() < _DATUM_VENUES:
        return False
    east = np.median(given.easting[both] - by_postcode.easting[both])
    north = np.median(given.northing[both] - by_postcode.northing[both])
    shifts = ((_DATUM_EAST_M, _DATUM_NORTH_M), (-_DATUM_EAST_M, -_DATUM_NORTH_M))
    return any(np.hypot(east - e, north - n) <= _DATUM_WITHIN_M for e, n in shifts)


def _not_a_copy(given: Points, apart_m: np.ndarray, ground: Ground) -> Points:
    """Coordinates without those that are just the postcode's own point, which say nothing of the door."""
    copied = apart_m <= ground.thresholds.postcode_copy_m
    return given.without(copied, Trouble.NONE) if copied.any() else given
