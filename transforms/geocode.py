"""Venues → points, authorities and zones, and how sure each is.

A postcode decides easting, northing and authority; given coordinates are used only where no
postcode can be. Only an address whose role is ``venue`` gets a zone: a head office, a PO box or an
outward code never does.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

import geopandas as gpd
import pandas as pd

from transforms.boundary import signed_distance_m, to_national_grid, to_wgs84
from transforms.parsers import values
from transforms.parsers.reading import RULE
from transforms.postcodes import EASTING, IS_COARSE, LAD_CODE, NORTHING, postcode_status, repaired_postcode
from transforms.tables import CITY_LAD_CODE, Address, Location
from transforms.thresholds import Thresholds
from transforms.vocabulary import AddressRole, GeocodeMethod, PostcodeStatus, Severity, Zone

# A cell that ends in an outward code alone: "EC1", "London E1".
_OUTWARD_ONLY = re.compile(r"(?:^|[\s,])[A-Z]{1,2}\d[A-Z\d]?$")
_PLACED_BY_POSTCODE = {PostcodeStatus.LISTED, PostcodeStatus.LIVE, PostcodeStatus.TERMINATED}
_GB_LATITUDE, _GB_LONGITUDE = (49.0, 61.0), (-9.0, 2.0)


@dataclass(frozen=True)
class PlaceProblem:
    """One problem with one location, before it is traced back to a roster row."""

    location_id: str
    rule: str
    severity: Severity
    message: str
    what_to_do: str
    raw: str


@dataclass
class Geocoded:
    """Locations and addresses with their places, and what was wrong."""

    locations: pd.DataFrame
    addresses: pd.DataFrame
    problems: list[PlaceProblem]


def geocode(
    locations: pd.DataFrame,
    addresses: pd.DataFrame,
    directory: pd.DataFrame,
    boundaries: gpd.GeoSeries,
    thresholds: Thresholds,
) -> Geocoded:
    """Place every location.

    ``directory`` is a prepared postcode directory; ``boundaries`` are authority areas in EPSG:27700
    indexed by GSS code, the City's among them. Returns frames of the same rows with the point
    (EPSG:27700 and EPSG:4326), method, positional error in metres, authority, signed distance to the
    City boundary, zone and its certainty filled in.
    """
    read, problems = _read_postcodes(addresses, directory)
    places = locations.copy()
    at = read.set_index(Address.location_id)
    places = _place_by_postcode(places, at, directory, thresholds)
    places = _place_by_coordinates(places, boundaries, thresholds)
    problems += list(_far_from_postcode(locations, places, thresholds))
    places = _zones(places, boundaries, thresholds)
    role = locations.set_index(Location.id)[Location.x_address_role]
    # A head office's postcode is never geography, so a bad one is a warning at most.
    return Geocoded(
        places, read, [_lenient(p) if role[p.location_id] == AddressRole.HQ else p for p in problems]
    )


def _lenient(problem: PlaceProblem) -> PlaceProblem:
    return PlaceProblem(
        problem.location_id, problem.rule, Severity.WARNING, problem.message, problem.what_to_do, problem.raw
    )


def _read_postcodes(
    addresses: pd.DataFrame, directory: pd.DataFrame
) -> tuple[pd.DataFrame, list[PlaceProblem]]:
    read = addresses.copy()
    reading = values.read_postcodes(addresses[Address.x_postcode_raw])
    problems: list[PlaceProblem] = []
    codes, statuses = [], []
    for index, raw in addresses[Address.x_postcode_raw].items():
        code, location_id = reading.at[index, values.VALUE], addresses.at[index, Address.location_id]
        status = postcode_status(code, directory)
        if status is PostcodeStatus.MISSING and reading.at[index, RULE] != "missing":
            status = PostcodeStatus.INVALID
        if status in (PostcodeStatus.INVALID, PostcodeStatus.UNKNOWN) and (
            repaired := repaired_postcode(str(raw), directory)
        ):
            code, status = repaired, postcode_status(repaired, directory)
            problems.append(
                PlaceProblem(location_id, "postcode_repaired", Severity.WARNING,
                             f"The postcode “{raw}” was read as {repaired}: a letter and a digit look swapped.",
                             "Correct the postcode in the roster.", str(raw))
            )  # fmt: skip
        if status is PostcodeStatus.UNKNOWN:
            problems.append(
                PlaceProblem(location_id, "postcode_unknown", Severity.QUARANTINE,
                             f"The postcode {code} is not in the postcode directory.",
                             "Check the postcode with the provider.", str(raw))
            )  # fmt: skip
        elif status is PostcodeStatus.INVALID:
            is_outward = bool(_OUTWARD_ONLY.search(str(raw).strip().upper()))
            problems.append(
                PlaceProblem(
                    location_id,
                    "postcode_incomplete" if is_outward else "postcode_invalid",
                    Severity.WARNING if is_outward else Severity.QUARANTINE,
                    f"“{raw}” is only the first half of a postcode, which can lie on both sides of the border: "
                    "the venue has no zone."
                    if is_outward
                    else f"“{raw}” is not a postcode.",
                    "Give the whole postcode of the venue.",
                    str(raw),
                )
            )
        elif status is PostcodeStatus.PO_BOX:
            problems.append(
                PlaceProblem(location_id, "postcode_is_po_box", Severity.WARNING,
                             f"{code} is a PO box or large-user postcode, not a place.",
                             "Give the postcode of the door children come to.", str(raw))
            )  # fmt: skip
        codes.append(code)
        statuses.append(status.value)
    read[Address.postal_code], read[Address.x_postcode_status] = codes, statuses
    return Address.frame(read), problems


def _place_by_postcode(
    places: pd.DataFrame, at: pd.DataFrame, directory: pd.DataFrame, thresholds: Thresholds
) -> pd.DataFrame:
    code = places[Location.id].map(at[Address.postal_code])
    status = places[Location.id].map(at[Address.x_postcode_status])
    entries = directory.reindex(code).set_axis(places.index)
    placed = (
        status.isin(_PLACED_BY_POSTCODE)
        & places[Location.x_address_role].eq(AddressRole.VENUE)
        & entries[EASTING].notna()
    )
    error = entries[IS_COARSE].map(
        {True: thresholds.coarse_postcode_error_m, False: thresholds.postcode_error_m}
    )
    return places.assign(
        **{
            Location.x_easting: entries[EASTING].where(placed),
            Location.x_northing: entries[NORTHING].where(placed),
            Location.x_lad_code: entries[LAD_CODE].where(placed).astype("str"),
            Location.x_positional_error_m: error.where(placed).astype("float64"),
            Location.x_geocode_method: placed.map(
                {True: GeocodeMethod.POSTCODE.value, False: GeocodeMethod.NONE.value}
            ),
        }
    )


def misplaced_coordinates(places: pd.DataFrame) -> list[PlaceProblem]:
    """Problems for coordinates that are swapped or not in Great Britain; such rows are set aside."""
    given = places[Location.latitude].notna() & places[Location.longitude].notna()
    swapped = (
        given
        & places[Location.latitude].between(*_GB_LONGITUDE)
        & places[Location.longitude].between(*_GB_LATITUDE)
    )
    abroad = given & ~swapped & ~(
        places[Location.latitude].between(*_GB_LATITUDE) & places[Location.longitude].between(*_GB_LONGITUDE)
    )  # fmt: skip
    problems = [
        PlaceProblem(
            places.at[i, Location.id],
            "coordinates_swapped" if swapped[i] else "coordinates_abroad",
            Severity.QUARANTINE,
            "Latitude and longitude are swapped."
            if swapped[i]
            else "The coordinates are not in Great Britain.",
            "Swap the two values." if swapped[i] else "Correct the coordinates, or leave them blank.",
            f"{places.at[i, Location.latitude]:g}, {places.at[i, Location.longitude]:g}",
        )
        for i in places.index[swapped | abroad]
    ]
    return problems


def _place_by_coordinates(
    places: pd.DataFrame, boundaries: gpd.GeoSeries, thresholds: Thresholds
) -> pd.DataFrame:
    given = places[Location.latitude].notna() & places[Location.longitude].notna()
    use = given & places[Location.x_geocode_method].eq(GeocodeMethod.NONE)
    use &= places[Location.x_address_role].eq(AddressRole.VENUE)
    if not use.any():
        return places
    placed = places.copy()
    easting, northing = to_national_grid(
        places.loc[use, Location.longitude], places.loc[use, Location.latitude]
    )
    placed.loc[use, Location.x_easting], placed.loc[use, Location.x_northing] = easting, northing
    placed.loc[use, Location.x_geocode_method] = GeocodeMethod.COORDINATES.value
    placed.loc[use, Location.x_positional_error_m] = thresholds.coordinates_error_m
    for code, area in boundaries.items():
        inside = signed_distance_m(easting, northing, area) < 0
        placed.loc[inside.index[inside], Location.x_lad_code] = code
    return placed


def _far_from_postcode(
    before: pd.DataFrame, after: pd.DataFrame, thresholds: Thresholds
) -> Iterator[PlaceProblem]:
    both = (
        before[Location.latitude].between(*_GB_LATITUDE)
        & before[Location.longitude].between(*_GB_LONGITUDE)
        & after[Location.x_geocode_method].eq(GeocodeMethod.POSTCODE)
    )
    if not both.any():
        return
    easting, northing = to_national_grid(
        before.loc[both, Location.longitude], before.loc[both, Location.latitude]
    )
    apart = ((easting - after[Location.x_easting]) ** 2 + (northing - after[Location.x_northing]) ** 2) ** 0.5
    for index in apart.index[apart > thresholds.moved_m]:
        yield PlaceProblem(
            after.at[index, Location.id], "coordinates_far_from_postcode", Severity.WARNING,
            f"The coordinates lie {apart[index] / 1000:.1f} km from the postcode; the postcode is used.",
            "Correct whichever is wrong.",
            f"{before.at[index, Location.latitude]:g}, {before.at[index, Location.longitude]:g}",
        )  # fmt: skip


def _zones(places: pd.DataFrame, boundaries: gpd.GeoSeries, thresholds: Thresholds) -> pd.DataFrame:
    zoned = places.copy()
    has_point = zoned[Location.x_geocode_method].ne(GeocodeMethod.NONE)
    points = zoned[has_point]
    distance = signed_distance_m(
        points[Location.x_easting], points[Location.x_northing], boundaries[CITY_LAD_CODE]
    )
    in_city = points[Location.x_lad_code].eq(CITY_LAD_CODE)
    # The directory's own assignment decides; the derived boundary only measures. Where the two
    # disagree the venue stands on the border and its distance is nought.
    distance = distance.mask(in_city & (distance > 0), -0.0).mask(~in_city & (distance < 0), 0.0)
    zone = in_city.map({True: Zone.INSIDE.value, False: Zone.OUTSIDE.value})
    zone = zone.mask(~in_city & (distance <= thresholds.near_m), Zone.NEAR.value)
    unsure_m = points[Location.x_positional_error_m] + thresholds.boundary_error_m
    zoned.loc[has_point, Location.x_signed_distance_m] = distance.round(1)
    zoned.loc[has_point, Location.x_zone] = zone
    zoned.loc[has_point, Location.x_zone_certain] = distance.abs() > unsure_m
    longitude, latitude = to_wgs84(points[Location.x_easting], points[Location.x_northing])
    zoned[Location.longitude] = longitude.reindex(zoned.index)
    zoned[Location.latitude] = latitude.reindex(zoned.index)
    return Location.frame(zoned)
