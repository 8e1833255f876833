"""Venues → points, authorities and zones, and how sure each is.

The best evidence decides: a property's own point, then given coordinates, then the postcode. Only an
address whose role is ``venue`` gets a zone: a head office, a PO box or an outward code never does.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.place.columns import STATUSES, status_numbers
from transforms.place.coordinates import Points, from_degrees, from_grid
from transforms.place.evidence import METHODS, Placed, place
from transforms.place.grid import to_wgs84
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import Found, find_postcodes
from transforms.place.problems import PlaceProblem, misplaced_problems, place_problems, postcode_problems
from transforms.place.zones import UNKNOWN, ZONES
from transforms.tables import Address, Location
from transforms.thresholds import Thresholds
from transforms.vocabulary import AddressRole, Severity


@dataclass
class Geocoded:
    """Locations and addresses with their places, and what was wrong."""

    locations: pd.DataFrame
    addresses: pd.DataFrame
    problems: list[PlaceProblem]


def geocode(locations: pd.DataFrame, addresses: pd.DataFrame, ground: Ground) -> Geocoded:
    """Place every location.

    Locations may come with ``latitude`` and ``longitude`` (EPSG:4326), with ``x_easting`` and ``x_northing``
    (EPSG:27700) or with a UPRN, and have one address each. Returns frames of the same rows with the point
    in both systems, method, positional error in metres, authority, signed distance to the City boundary,
    zone and its certainty filled in.
    """
    raw = addresses.set_index(Address.location_id)[Address.x_postcode_raw].reindex(locations[Location.id])
    found = find_postcodes(pa.array(raw, pa.string(), from_pandas=True), ground.directory)
    is_venue = locations[Location.x_address_role].eq(AddressRole.VENUE).to_numpy()
    given = _given_points(locations, ground.thresholds)
    placed = place(
        _only(found, is_venue), given.where(~is_venue, Points.none(len(locations))),
        _property_points(locations, is_venue, ground), ground,
    )  # fmt: skip
    problems = (
        *postcode_problems(locations, raw, found),
        *place_problems(locations, placed, ground.thresholds.moved_m),
    )
    return Geocoded(
        _filled_in(locations, placed, ground),
        _with_postcodes(addresses, locations, found, ground),
        _told(problems, locations),
    )


def misplaced_coordinates(locations: pd.DataFrame, thresholds: Thresholds) -> list[PlaceProblem]:
    """Problems for coordinates that cannot be meant as they stand; such venues are set aside."""
    return _told(misplaced_problems(locations, _given_points(locations, thresholds)), locations)


def _told(problems: Iterable[PlaceProblem], locations: pd.DataFrame) -> list[PlaceProblem]:
    """The problems, none worse than a warning where the address is no venue, for then it decides nothing.

    A session online is not lost because its coordinates are noughts, nor a provider for its head office.
    """
    role = dict(zip(locations[Location.id], locations[Location.x_address_role], strict=True))
    return [
        p if role[p.location_id] == AddressRole.VENUE else replace(p, severity=Severity.WARNING)
        for p in problems
    ]


def _given_points(locations: pd.DataFrame, thresholds: Thresholds) -> Points:
    """Coordinates as given: degrees where there are any, else metres on the National Grid."""
    degrees = from_degrees(
        _numbers(locations[Location.latitude]),
        _numbers(locations[Location.longitude]),
        thresholds.coordinates_error_m,
    )
    metres = from_grid(
        _numbers(locations[Location.x_easting]),
        _numbers(locations[Location.x_northing]),
        thresholds.coordinates_error_m,
    )
    has_degrees = locations[[Location.latitude, Location.longitude]].notna().any(axis=1).to_numpy()
    return metres.where(has_degrees, degrees)


def _numbers(values: pd.Series) -> np.ndarray:
    return values.to_numpy("float64", na_value=np.nan)


def _property_points(locations: pd.DataFrame, is_venue: np.ndarray, ground: Ground) -> Points:
    if ground.properties is None:
        return Points.none(len(locations))
    uprns = locations[Location.external_identifier].where(is_venue).fillna("0").astype("int64")
    return ground.properties.find(uprns.to_numpy().astype(np.uint64), ground.thresholds.uprn_error_m)


def _only(found: Found, rows: np.ndarray) -> Found:
    """What was found, as if the other rows were not listed."""
    return replace(found, slot=np.where(rows, found.slot, 0), state=np.where(rows, found.state, np.uint8(0)))


def _with_postcodes(
    addresses: pd.DataFrame, locations: pd.DataFrame, found: Found, ground: Ground
) -> pd.DataFrame:
    numbers = status_numbers(found, is_dated=ground.directory.is_dated)
    said = pd.DataFrame(
        {
            Address.postal_code: found.postcodes().to_pylist(),
            Address.x_postcode_status: np.array([status.value for status in STATUSES], dtype=object)[numbers],
        },
        index=locations[Location.id],
    )
    return Address.frame(
        addresses.assign(**{name: addresses[Address.location_id].map(said[name]) for name in said})
    )


def _filled_in(locations: pd.DataFrame, placed: Placed, ground: Ground) -> pd.DataFrame:
    has_point = ~np.isnan(placed.easting)
    on_ground = placed.zone != UNKNOWN
    codes = np.array([None, *ground.directory.lad_codes[1:]], dtype=object)
    zones = np.array([zone.value for zone in ZONES], dtype=object)
    methods = np.array([method.value for method in METHODS], dtype=object)
    places = locations.assign(
        **{
            Location.x_easting: np.round(placed.easting, 1),
            Location.x_northing: np.round(placed.northing, 1),
            Location.x_geocode_method: methods[placed.method],
            Location.x_positional_error_m: np.round(placed.error_m, 1),
            Location.x_lad_code: codes[placed.authority],
            Location.x_zone: np.where(on_ground, zones[placed.zone], locations[Location.x_zone]),
            Location.x_zone_certain: np.where(on_ground, placed.certain, locations[Location.x_zone_certain]),
            Location.x_signed_distance_m: np.round(placed.distance_m, 1),
        }
    )
    longitude, latitude = to_wgs84(places[Location.x_easting], places[Location.x_northing])
    places[Location.longitude] = longitude.where(has_point)
    places[Location.latitude] = latitude.where(has_point)
    return Location.frame(places)
