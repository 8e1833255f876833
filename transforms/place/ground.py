"""Everything a place is decided by: the postcode directory, the authorities' areas, the City's border."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import geopandas as gpd
import numpy as np

from transforms.place.border import Areas, Border
from transforms.place.coordinates import Points
from transforms.place.postcode_directory import IS_DISPUTED, PRECISIONS, STATE_SHIFT, PostcodeDirectory
from transforms.thresholds import Thresholds


@dataclass(frozen=True)
class PropertyPoints:
    """Points of properties by UPRN: ``uprn`` (uint64, ascending), ``easting``, ``northing`` (float64, EPSG:27700)."""

    uprn: np.ndarray
    easting: np.ndarray
    northing: np.ndarray

    def find(self, wanted: np.ndarray, error_m: float) -> Points:
        """The point of each UPRN (uint64, 0 where none is given); none where it is not listed."""
        place = np.minimum(np.searchsorted(self.uprn, wanted), max(len(self.uprn) - 1, 0))
        found = (self.uprn[place] == wanted) & (wanted > 0) if len(self.uprn) else np.zeros(len(wanted), bool)
        if not found.any():
            return Points.none(len(wanted))
        return Points(
            np.where(found, self.easting[place], np.nan), np.where(found, self.northing[place], np.nan),
            np.where(found, error_m, np.nan), np.zeros(len(wanted), np.uint8),
        )  # fmt: skip


@dataclass(frozen=True)
class Ground:
    """The reference that places are decided by.

    ``areas`` are authority areas (EPSG:27700) indexed by GSS code, the City's among them; ``border`` is the
    edge of the City's. ``is_official`` says whether they are the official ones or derived from postcodes.
    """

    directory: PostcodeDirectory
    areas: gpd.GeoSeries
    border: Border
    is_official: bool
    thresholds: Thresholds
    properties: PropertyPoints | None = None

    @cached_property
    def authorities(self) -> Areas:
        """Which area a point lies in; made when the first coordinates need it."""
        return Areas.of(dict(self.areas.items()))

    @cached_property
    def bounds(self) -> tuple[float, float, float, float]:
        """West, south, east and north of all areas together."""
        west, south, east, north = self.areas.total_bounds
        return west, south, east, north

    @cached_property
    def in_memory(self) -> Ground:
        """The same ground with all that is looked up for each row in memory of our own.

        It pays from some hundred thousand rows on: the system gives larger pages to that.
        """
        distance_dm = np.array(self.directory.distance_dm)
        return replace(self, directory=replace(self.directory.in_memory, distance_dm=distance_dm))

    def holds_area(self) -> np.ndarray:
        """Whether we have the area of each authority, by its number in the directory."""
        return _is_held(self.directory, self.areas)

    @property
    def boundary_error_m(self) -> float:
        """How far off the City's edge may be: nought for the official one."""
        return 0.0 if self.is_official else self.thresholds.boundary_error_m

    def distances_dm(self) -> np.ndarray:
        """Signed distance of every slot's point to the City boundary, in decimetres; read-only."""
        distances = np.asarray(self.directory.distance_dm).view()
        distances.flags.writeable = False
        return distances

    def postcode_errors_m(self) -> np.ndarray:
        """Positional error of a postcode's point by its precision, in the order of ``PRECISIONS``."""
        of = self.thresholds
        metres = {
            "unit": of.postcode_error_m, "coarse": of.coarse_postcode_error_m,
            "approximate": of.approximate_postcode_error_m, "imputed": of.imputed_postcode_error_m,
            "sector": of.sector_postcode_error_m,
        }  # fmt: skip
        return np.array([metres[name] for name in PRECISIONS])


def _is_held(directory: PostcodeDirectory, areas: gpd.GeoSeries) -> np.ndarray:
    return np.array([code in areas.index for code in directory.lad_codes])


def measure_distances(directory: PostcodeDirectory, border: Border, threads: int = 1) -> PostcodeDirectory:
    """The directory with every point's signed distance to a boundary, in whole decimetres."""
    listed = directory.listed()
    metres = border.signed_distance_m(*directory.entries(listed).points(), threads=threads)
    distance_dm = np.zeros(len(directory.slots), np.int32)
    distance_dm[listed] = np.where(np.isnan(metres), 0, np.round(metres * 10)).astype(np.int32)
    return replace(directory, distance_dm=distance_dm)


def mark_disputes(directory: PostcodeDirectory, areas: gpd.GeoSeries) -> PostcodeDirectory:
    """The directory with a mark on every postcode whose point lies in another authority's area.

    ``areas`` are official ones, EPSG:27700, indexed by GSS code. Outside all of them only a postcode of an
    authority we hold the area of is contradicted.
    """
    listed = directory.listed()
    entries = directory.entries(listed)
    easting, northing = entries.points()
    west, south, east, north = areas.total_bounds
    held = _is_held(directory, areas)[entries.authority]
    near = (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)
    rows = np.flatnonzero((near | held) & entries.is_place() & (entries.authority > 0))
    lies_in = Areas.of(dict(areas.items())).which(easting[rows], northing[rows])
    stated = np.array(directory.lad_codes, dtype=object)[entries.authority[rows]]
    contradicts = (lies_in != stated) & ((lies_in != "") | held[rows])
    slots = directory.slots.copy()
    slots[listed[rows[contradicts]]] |= np.uint64(IS_DISPUTED << STATE_SHIFT)
    return replace(directory, slots=slots)
