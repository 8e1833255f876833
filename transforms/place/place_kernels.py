"""The inner loop that places rows by their postcode, compiled by numba. Import it where it is needed."""

from __future__ import annotations

import numpy as np
from numba import njit

from transforms.place import zones
from transforms.place.postcode_directory import (
    HAS_POINT,
    IS_DISPUTED,
    IS_PO_BOX,
    PRECISION_MASK,
    PRECISION_SHIFT,
)

_PLACE, _OF_PLACE = np.uint8(HAS_POINT), np.uint8(HAS_POINT | IS_PO_BOX)
_DISPUTED = np.uint8(IS_DISPUTED)
_SHIFT, _MASK = np.uint8(PRECISION_SHIFT), np.uint8(PRECISION_MASK)
_BLOCK = 512
_INSIDE, _NEAR, _OUTSIDE, _UNKNOWN = zones.INSIDE, zones.NEAR, zones.OUTSIDE, zones.UNKNOWN


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def place(  # type: ignore[no-untyped-def]
    slot, easting, northing, authority, state, distances_dm, errors_m, city, near_m, boundary_error_m,
    by_postcode, by_nothing,
    easting_out, northing_out, authority_out, method_out, error_out, distance_out, zone_out, certain_out, disputed_out,
):  # fmt: skip
    """Fill the outputs, row by row, as ``evidence.place_by_postcode`` describes them."""
    far = np.empty(_BLOCK, np.int32)
    for row in range(len(slot)):
        within = row % _BLOCK
        if within == 0:
            # A loop of nothing but reads of distant memory has many of them under way at once.
            for ahead in range(min(_BLOCK, len(slot) - row)):
                far[ahead] = distances_dm[slot[row + ahead]]
        said = state[row]
        if said & _OF_PLACE != _PLACE:
            easting_out[row] = northing_out[row] = error_out[row] = distance_out[row] = np.nan
            authority_out[row] = 0
            method_out[row] = by_nothing
            zone_out[row] = _UNKNOWN
            certain_out[row] = disputed_out[row] = False
            continue
        easting_out[row], northing_out[row] = easting[row], northing[row]
        authority_out[row] = authority[row]
        method_out[row] = by_postcode
        error_m = errors_m[(said >> _SHIFT) & _MASK]
        error_out[row] = error_m
        distance_m = far[within] / 10.0
        in_city = authority[row] == city
        # The directory decides the side, the line only measures.
        if in_city and distance_m > 0:
            distance_m = -0.0
        elif not in_city and distance_m < 0:
            distance_m = 0.0
        distance_out[row] = distance_m
        outside = _NEAR if distance_m <= near_m else _OUTSIDE
        zone_out[row] = _INSIDE if in_city else outside
        is_disputed = said & _DISPUTED > 0
        disputed_out[row] = is_disputed
        certain_out[row] = abs(distance_m) > error_m + boundary_error_m and not is_disputed
