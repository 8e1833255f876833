"""Coordinates as somebody wrote them → points on the National Grid, and what is wrong with them.

A point that cannot be meant is never used, and never mended in silence: swapped axes, a lost minus sign,
metres where degrees belong and degrees where metres belong each have their name.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from transforms.place.grid import grid_of

# The extent of Great Britain: degrees (EPSG:4326), and metres on the National Grid (EPSG:27700).
LATITUDES, LONGITUDES = (49.0, 61.0), (-9.0, 2.0)
EASTINGS, NORTHINGS = (0.0, 700_000.0), (0.0, 1_300_000.0)
# No degree is as large as this and no point of Great Britain lies so near an axis of the grid.
_DEGREES = 360.0
# Noise below this is not counted as decimals: 51.510000000000005 was written with two.
_NOISE = 1e-9
# What a grid reference may stand for: squares of so many metres.
_SQUARES_M = (10, 100, 1000, 10_000, 100_000)

# A latitude of one degree in metres, and a longitude at 51.5 degrees north.
_M_A_LATITUDE, _M_A_LONGITUDE = 111_250.0, 69_450.0
_MOST_DECIMALS = 7


class Trouble(IntEnum):
    """What is wrong with a pair of coordinates."""

    NONE = 0
    INCOMPLETE = 1
    SWAPPED = 2
    HEMISPHERE = 3
    METRES_FOR_DEGREES = 4
    DEGREES_FOR_METRES = 5
    ABROAD = 6
    FAR = 7
    DATUM = 8
    PROPERTY_FAR = 9
    FAR_FROM_PROPERTY = 10


# Told to whoever wrote them: what is wrong, and what to do.
WORDS: dict[Trouble, tuple[str, str]] = {
    Trouble.INCOMPLETE: ("Only one of the two coordinates is given.", "Give both, or leave both blank."),
    Trouble.SWAPPED: ("The two coordinates are swapped.", "Swap the two values."),
    Trouble.HEMISPHERE: (
        "A coordinate has the wrong sign: the point lies in another hemisphere.",
        "Correct the sign; the City lies just west of Greenwich, so its longitude has a minus.",
    ),
    Trouble.METRES_FOR_DEGREES: (
        "These are metres on the National Grid, where latitude and longitude are expected.",
        "Give latitude and longitude in degrees, or move the values to columns of easting and northing.",
    ),
    Trouble.DEGREES_FOR_METRES: (
        "These are degrees, where easting and northing in metres are expected.",
        "Give metres on the National Grid, or move the values to columns of latitude and longitude.",
    ),
    Trouble.ABROAD: (
        "The coordinates are not in Great Britain.",
        "Correct the coordinates, or leave them blank.",
    ),
    Trouble.FAR: (
        "The coordinates lie far from the postcode, so the postcode is used.",
        "Correct whichever is wrong.",
    ),
    Trouble.PROPERTY_FAR: (
        "The UPRN's property lies far from the postcode, so the UPRN is not used.",
        "Correct whichever is wrong.",
    ),
    Trouble.FAR_FROM_PROPERTY: (
        "The coordinates lie far from the UPRN's property, so the UPRN is used.",
        "Correct whichever is wrong.",
    ),
    Trouble.DATUM: (
        "All coordinates stand off by what a missing datum shift (OSGB36 to WGS 84) would cause; they are not used.",
        "Export the coordinates again, converted from the National Grid with its datum shift.",
    ),
}


@dataclass(frozen=True)
class Points:
    """Points on the National Grid, as arrays of equal length.

    ``easting`` and ``northing`` (float64, metres, EPSG:27700; NaN where none can be used), ``error_m``
    (float64, how far off each may be for the way it was written) and ``trouble`` (uint8).
    """

    easting: np.ndarray
    northing: np.ndarray
    error_m: np.ndarray
    trouble: np.ndarray

    @classmethod
    def none(cls, rows: int) -> Points:
        """So many rows without a point."""
        blank = np.full(rows, np.nan)
        return cls(blank, blank, blank, np.zeros(rows, np.uint8))

    @property
    def usable(self) -> np.ndarray:
        """Rows that have a point."""
        return ~np.isnan(self.easting)

    def without(self, rows: np.ndarray, trouble: Trouble | np.ndarray) -> Points:
        """The same points, some of them put aside for a reason, one for all or each its own."""
        return Points(
            np.where(rows, np.nan, self.easting), np.where(rows, np.nan, self.northing),
            np.where(rows, np.nan, self.error_m),
            np.where(rows, np.asarray(trouble, np.uint8), self.trouble),
        )  # fmt: skip

    def where(self, rows: np.ndarray, other: Points) -> Points:
        """These points, with the other's in some rows."""
        return Points(
            np.where(rows, other.easting, self.easting), np.where(rows, other.northing, self.northing),
            np.where(rows, other.error_m, self.error_m), np.where(rows, other.trouble, self.trouble),
        )  # fmt: skip


def from_degrees(latitude: np.ndarray, longitude: np.ndarray, least_error_m: float) -> Points:
    """Points from latitude and longitude in degrees (EPSG:4326, float64, NaN where not given).

    A value to few decimals stands for a wide patch of ground: the error is half of its last decimal's
    step on both axes, and never below ``least_error_m``.
    """
    trouble = _trouble(latitude, longitude, LATITUDES, LONGITUDES)
    smaller, larger = np.minimum(latitude, longitude), np.maximum(latitude, longitude)
    in_metres = (smaller > _DEGREES) & (smaller <= EASTINGS[1]) & (larger <= NORTHINGS[1])
    trouble = np.where(in_metres, np.uint8(Trouble.METRES_FOR_DEGREES), trouble)
    mirrored = (trouble == Trouble.ABROAD) & (
        _within(np.abs(latitude), LATITUDES)
        & (_within(longitude, LONGITUDES) | _within(-longitude, LONGITUDES))
    )
    trouble = np.where(mirrored, np.uint8(Trouble.HEMISPHERE), trouble)
    is_good = (trouble == Trouble.NONE) & ~np.isnan(latitude)
    latitude, longitude = np.where(is_good, latitude, np.nan), np.where(is_good, longitude, np.nan)
    easting, northing = grid_of(longitude, latitude)
    step = 0.5 * 10.0 ** -_decimals(latitude, longitude)
    rounding_m = np.hypot(step * _M_A_LATITUDE, step * _M_A_LONGITUDE)
    error_m = np.where(is_good, np.maximum(least_error_m, rounding_m), np.nan)
    return Points(easting, northing, error_m, trouble)


def from_grid(easting: np.ndarray, northing: np.ndarray, least_error_m: float) -> Points:
    """Points from eastings and northings in metres (EPSG:27700, float64, NaN where not given).

    Values on whole tens, hundreds and so on of metres stand for a square of that size.
    """
    trouble = _trouble(easting, northing, EASTINGS, NORTHINGS)
    is_small = np.abs(easting) <= _DEGREES, np.abs(northing) <= _DEGREES
    is_whole = trouble != Trouble.INCOMPLETE
    trouble = np.where(is_whole & (is_small[0] | is_small[1]), np.uint8(Trouble.ABROAD), trouble)
    # Two noughts stand for nothing.
    in_degrees = is_small[0] & is_small[1] & ((easting != 0) | (northing != 0))
    trouble = np.where(in_degrees, np.uint8(Trouble.DEGREES_FOR_METRES), trouble)
    is_good = (trouble == Trouble.NONE) & ~np.isnan(easting)
    easting, northing = np.where(is_good, easting, np.nan), np.where(is_good, northing, np.nan)
    side = np.ones(len(easting))
    for metres in _SQUARES_M:
        side = np.where((easting % metres == 0) & (northing % metres == 0), metres, side)
    error_m = np.where(is_good, np.maximum(least_error_m, side / np.sqrt(2)), np.nan)
    return Points(easting, northing, error_m, trouble)


def _within(values: np.ndarray, limits: tuple[float, float]) -> np.ndarray:
    return (values >= limits[0]) & (values <= limits[1])


def _trouble(
    first: np.ndarray, second: np.ndarray, firsts: tuple[float, float], seconds: tuple[float, float]
) -> np.ndarray:
    one, other = np.isnan(first), np.isnan(second)
    is_good = _within(first, firsts) & _within(second, seconds)
    is_swapped = _within(second, firsts) & _within(first, seconds)
    return np.select(
        [(one & other) | is_good, one | other, is_swapped],
        [np.uint8(Trouble.NONE), np.uint8(Trouble.INCOMPLETE), np.uint8(Trouble.SWAPPED)],
        default=np.uint8(Trouble.ABROAD),
    )


def _decimals(latitude: np.ndarray, longitude: np.ndarray) -> np.ndarray:
    """How many decimals the more precise of the two was written with; at most seven."""
    decimals = np.full(len(latitude), float(_MOST_DECIMALS))
    for places in range(_MOST_DECIMALS - 1, -1, -1):
        fits = _has_decimals(latitude, places) & _has_decimals(longitude, places)
        decimals = np.where(fits, places, decimals)
    return decimals


def _has_decimals(degrees: np.ndarray, places: int) -> np.ndarray:
    return np.abs(np.round(degrees, places) - degrees) <= _NOISE
