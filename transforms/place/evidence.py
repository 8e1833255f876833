"""The best evidence of where each venue is: its property, its coordinates, its postcode, or nothing.

A point's authority is the polygon it lies in; a postcode's is the directory's own assignment. Where a
postcode and a polygon disagree the row is disputed, and its zone is not certain.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from transforms.place.coordinates import Points
from transforms.place.doubts import believed
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import Found, pooled
from transforms.place.zones import is_certain, zones_of
from transforms.tables import CITY_LAD_CODE
from transforms.vocabulary import GeocodeMethod

METHODS = tuple(GeocodeMethod)
_UPRN, _COORDINATES, _POSTCODE, _NONE = (
    np.uint8(METHODS.index(method))
    for method in (GeocodeMethod.UPRN, GeocodeMethod.COORDINATES, GeocodeMethod.POSTCODE, GeocodeMethod.NONE)
)


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
    metres = tuple(pooled(rows, np.float64) for _ in range(4))
    small = pooled(rows, np.uint16), pooled(rows, np.uint8), pooled(rows, np.uint8)
    flags = pooled(rows, np.bool_), pooled(rows, np.bool_)
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
    ``properties`` the points of their UPRNs. Which of them are believed, ``doubts`` says.
    """
    by_postcode = place_by_postcode(found, ground)
    postcodes = Points(
        by_postcode.easting, by_postcode.northing, by_postcode.error_m, np.zeros(len(found.slot), np.uint8)
    )
    left = believed(given, properties, postcodes, ground)
    trouble = np.where(left.given.trouble, left.given.trouble, left.properties.trouble)
    by_property = left.properties.usable
    best = left.given.where(by_property, left.properties)
    use = best.usable
    placed = replace(
        by_postcode,
        certain=by_postcode.certain & ~left.is_contradicted,
        trouble=trouble,
        apart_m=left.apart_m,
    )
    if not use.any():
        return placed
    easting, northing = best.easting[use], best.northing[use]
    authority, disputed = _authorities(easting, northing, by_postcode.authority[use], ground)
    error_m = np.round(best.error_m[use], 1)
    # To the decimetre, as postcodes are: no point of a venue is known better.
    distance_m = np.round(ground.border.signed_distance_m(easting, northing), 1)
    in_city = authority == city_number(ground)
    # The evidence decides the side, the line only measures: where they disagree the row stands on the line.
    wrong_side = (in_city & (distance_m > 0)) | (~in_city & (distance_m < 0))
    distance_m = np.where(wrong_side, np.where(in_city, -0.0, 0.0), distance_m)
    certain = is_certain(distance_m, error_m, ground.boundary_error_m) & ~disputed
    by_point = {
        "easting": np.round(easting, 1), "northing": np.round(northing, 1), "authority": authority,
        "method": np.where(by_property[use], _UPRN, _COORDINATES), "error_m": error_m,
        "distance_m": distance_m, "zone": zones_of(in_city, distance_m, ground.thresholds.near_m),
        "certain": certain & ~left.is_contradicted[use], "disputed": disputed,
    }  # fmt: skip
    for name, values in by_point.items():
        getattr(placed, name)[use] = values
    return placed


def _authorities(
    easting: np.ndarray, northing: np.ndarray, stated: np.ndarray, ground: Ground
) -> tuple[np.ndarray, np.ndarray]:
    """Number of each point's authority, and whether the directory's for its postcode, ``stated``, disagrees.

    A point outside every area we hold is not in one of them, whatever its postcode; of other authorities
    the directory's assignment is all there is.
    """
    number_of = {code: number for number, code in enumerate(ground.directory.lad_codes)}
    codes = ground.authorities.which(easting, northing)
    lies_in = np.array([number_of.get(code, 0) for code in codes], np.uint16)
    is_known = (lies_in > 0) | ground.holds_area()[stated]
    return np.where(is_known, lies_in, stated), is_known & (stated > 0) & (lies_in != stated)


def city_number(ground: Ground) -> int:
    """Number of the City of London in the directory."""
    return ground.directory.lad_codes.index(CITY_LAD_CODE)
