"""Zones, decided in one place: where a point lies seen from the Square Mile, and whether that is sure."""

from __future__ import annotations

import numpy as np

from transforms.vocabulary import Zone

# Zones by number, for arrays; the order of the vocabulary.
ZONES = tuple(Zone)
INSIDE, NEAR, OUTSIDE, UNKNOWN = (
    np.uint8(ZONES.index(zone)) for zone in (Zone.INSIDE, Zone.NEAR, Zone.OUTSIDE, Zone.UNKNOWN)
)


def zones_of(in_city: np.ndarray, distance_m: np.ndarray, near_m: float) -> np.ndarray:
    """Zone number of each point (uint8), from the side it is on and its signed metres to the boundary.

    A point without a distance (NaN) has no zone. The side is what the evidence says, not the sign.
    """
    outside = np.where(distance_m <= near_m, NEAR, OUTSIDE)
    return np.where(np.isnan(distance_m), UNKNOWN, np.where(in_city, INSIDE, outside)).astype(np.uint8)


def is_certain(distance_m: np.ndarray, error_m: np.ndarray, boundary_error_m: float) -> np.ndarray:
    """Whether each point's side of the boundary is sure (bool).

    It is when the point is farther from the boundary than its own error and the boundary's together:
    the cautious sum, not the root of squares. A point without a distance is never sure.
    """
    return np.abs(distance_m) > error_m + boundary_error_m
