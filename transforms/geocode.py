"""Venues → points, authorities and zones, and how sure each is.

The best evidence decides: a property's own point, then given coordinates, then the postcode. Only an
address whose role is ``venue`` gets a zone: a head office, a PO box or an outward code never does.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import pyarrow as pa

from transforms.parsers.postcodes import PostcodeRule
from transforms.place.columns import STATUSES, status_numbers
from transforms.place.coordinates import WORDS, Points, Trouble, from_degrees, from_grid
from transforms.place.evidence import METHODS, Placed, place
from transforms.place.grid import to_wgs84
from transforms.place.ground import Ground
from transforms.place.postcode_directory import IS_LISTED, IS_PO_BOX, IS_TERMINATED
from transforms.place.postcode_lookup import RULES, Found, find_postcodes
from transforms.place.zones import UNKNOWN, ZONES
from transforms.tables import Address, Location
from transforms.thresholds import Thresholds
from transforms.vocabulary import AddressRole, GeocodeMethod, Severity

# What a cell without a usable postcode is told; the raw cell stands first.
_NOT_A_POSTCODE: dict[PostcodeRule, tuple[str, Severity, str]] = {
    PostcodeRule.NOT_ONE: ("postcode_invalid", Severity.QUARANTINE, "is not a postcode."),
    PostcodeRule.SEVERAL: (
        "postcode_several", Severity.QUARANTINE, "holds several postcodes: nothing says which one the venue has.",
    ),
    PostcodeRule.OUTWARD: (
        "postcode_incomplete", Severity.WARNING,
        "is only the first half of a postcode, which can lie on both sides of the border: the venue has no zone.",
    ),
    PostcodeRule.SECTOR: (
        "postcode_incomplete", Severity.WARNING,
        "is a postcode without its last two letters, which can lie on both sides of the border: "
        "the venue has no zone.",
    ),
}  # fmt: skip
# Coordinates with these troubles could place a venue wrongly whatever its postcode says.
_MISPLACED = {
    Trouble.SWAPPED: "coordinates_swapped",
    Trouble.HEMISPHERE: "coordinates_in_wrong_hemisphere",
    Trouble.METRES_FOR_DEGREES: "coordinates_in_metres",
    Trouble.DEGREES_FOR_METRES: "coordinates_in_degrees",
    Trouble.ABROAD: "coordinates_abroad",
}
_FOUND_BESIDE_POSTCODE = {
    Trouble.FAR: "coordinates_far_from_postcode",
    Trouble.SWAPPED: "coordinates_far_from_postcode",
    Trouble.HEMISPHERE: "coordinates_far_from_postcode",
    Trouble.DATUM: "coordinates_without_datum_shift",
    Trouble.PROPERTY_FAR: "uprn_far_from_postcode",
}


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
    problems = [
        *_postcode_problems(locations, raw, found),
        *_place_problems(locations, placed, ground),
    ]
    role = dict(zip(locations[Location.id], locations[Location.x_address_role], strict=True))
    # A head office's postcode is never geography, so a bad one is a warning at most.
    told = [
        replace(p, severity=Severity.WARNING) if role[p.location_id] == AddressRole.HQ else p
        for p in problems
    ]
    return Geocoded(
        _filled_in(locations, placed, ground), _with_postcodes(addresses, locations, found, ground), told
    )


def misplaced_coordinates(locations: pd.DataFrame, thresholds: Thresholds) -> list[PlaceProblem]:
    """Problems for coordinates that cannot be meant as they stand; such rows are set aside."""
    given = _given_points(locations, thresholds)
    problems = []
    for index, trouble in enumerate(given.trouble):
        if (rule := _MISPLACED.get(Trouble(trouble))) is not None:
            message, what_to_do = WORDS[Trouble(trouble)]
            location = locations.iloc[index]
            problems.append(
                PlaceProblem(location[Location.id], rule, Severity.QUARANTINE, message, what_to_do,
                             _as_written(location))
            )  # fmt: skip
    return problems


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


def _postcode_problems(locations: pd.DataFrame, raw: pd.Series, found: Found) -> Iterator[PlaceProblem]:
    spelt = found.postcodes().to_pylist()
    for index, (location_id, text) in enumerate(zip(locations[Location.id], raw, strict=True)):
        rule, code = RULES[found.rule[index]], spelt[index]
        state = found.state[index]
        if rule is PostcodeRule.REPAIRED:
            yield PlaceProblem(
                location_id, "postcode_repaired", Severity.WARNING,
                f"The postcode “{text}” was read as {code}: a letter and a digit look swapped.",
                "Correct the postcode in the roster.", str(text),
            )  # fmt: skip
        if rule in _NOT_A_POSTCODE:
            name, severity, words = _NOT_A_POSTCODE[rule]
            yield PlaceProblem(
                location_id,
                name,
                severity,
                f"“{text}” {words}",
                "Give the whole postcode of the venue.",
                str(text),
            )
        elif rule is not PostcodeRule.MISSING and not state & IS_LISTED:
            yield PlaceProblem(
                location_id, "postcode_unknown", Severity.QUARANTINE,
                f"The postcode {code} is not in the postcode directory.",
                "Check the postcode with the provider.", str(text),
            )  # fmt: skip
        elif state & IS_PO_BOX:
            yield PlaceProblem(
                location_id, "postcode_is_po_box", Severity.WARNING,
                f"{code} is a PO box or large-user postcode, not a place.",
                "Give the postcode of the door children come to.", str(text),
            )  # fmt: skip
        elif state & IS_TERMINATED:
            yield PlaceProblem(
                location_id, "postcode_terminated", Severity.WARNING,
                f"The postcode {code} is no longer in use; its last place is used.",
                "Ask the provider for its postcode of today.", str(text),
            )  # fmt: skip


def _place_problems(locations: pd.DataFrame, placed: Placed, ground: Ground) -> Iterator[PlaceProblem]:
    """What the evidence says against itself."""
    for index in np.flatnonzero((placed.trouble > 0) | placed.disputed):
        location = locations.iloc[index]
        trouble = Trouble(placed.trouble[index])
        if trouble in _FOUND_BESIDE_POSTCODE:
            message, what_to_do = WORDS[trouble]
            if placed.apart_m[index] > ground.thresholds.moved_m:
                message += f" They stand {placed.apart_m[index] / 1000:.1f} km apart."
            yield PlaceProblem(
                location[Location.id], _FOUND_BESIDE_POSTCODE[trouble], Severity.WARNING, message, what_to_do,
                _as_written(location),
            )  # fmt: skip
        elif trouble is Trouble.INCOMPLETE:
            yield PlaceProblem(
                location[Location.id],
                "coordinates_incomplete",
                Severity.WARNING,
                *WORDS[trouble],
                _as_written(location),
            )
        if placed.disputed[index]:
            by_point = METHODS[placed.method[index]] is not GeocodeMethod.POSTCODE
            yield PlaceProblem(
                location[Location.id], "authority_disputed", Severity.WARNING,
                f"The {'coordinates lie' if by_point else 'point of the postcode lies'} in another authority than "
                "the directory gives the postcode: the venue stands on a border and its zone is not certain.",
                "Confirm with the provider on which side of the border the door is.",
                _as_written(location) if by_point else "",
            )  # fmt: skip


def _as_written(location: pd.Series) -> str:
    pairs = ((Location.latitude, Location.longitude), (Location.x_easting, Location.x_northing))
    for pair in pairs:
        numbers = [f"{location[name]:.12g}" for name in pair if pd.notna(location[name])]
        if numbers:
            return ", ".join(numbers)
    return (
        str(location[Location.external_identifier])
        if pd.notna(location[Location.external_identifier])
        else ""
    )


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
