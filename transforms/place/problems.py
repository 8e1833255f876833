"""What is told to a borough of its venues' postcodes and coordinates, in its own terms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.parsers.postcodes import PostcodeRule
from transforms.place.coordinates import WORDS, Points, Trouble
from transforms.place.evidence import METHODS, Placed
from transforms.place.postcode_directory import IS_LISTED, IS_PO_BOX, IS_TERMINATED
from transforms.place.postcode_lookup import RULES, Found
from transforms.tables import Location
from transforms.vocabulary import GeocodeMethod, Severity

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
# What comes to light only beside the other evidence. Swapped or mirrored coordinates that lie far from
# their postcode contradict it, whatever the cause.
_FOUND_BESIDE_EVIDENCE = {
    Trouble.FAR: "coordinates_far_from_postcode",
    Trouble.SWAPPED: "coordinates_swapped",
    Trouble.HEMISPHERE: "coordinates_far_from_postcode",
    Trouble.INCOMPLETE: "coordinates_incomplete",
    Trouble.DATUM: "coordinates_without_datum_shift",
    Trouble.FAR_FROM_PROPERTY: "coordinates_far_from_uprn",
    Trouble.PROPERTY_FAR: "uprn_far_from_postcode",
}
_WHAT_LIES_ELSEWHERE = {
    GeocodeMethod.UPRN: "UPRN's property lies",
    GeocodeMethod.COORDINATES: "coordinates lie",
    GeocodeMethod.POSTCODE: "point of the postcode lies",
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


def postcode_problems(locations: pd.DataFrame, raw: pd.Series, found: Found) -> Iterator[PlaceProblem]:
    """What is wrong with the postcode of each location; ``raw`` are their cells, in the same order."""
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
                location_id, name, severity, f"“{text}” {words}", "Give the whole postcode of the venue.",
                str(text),
            )  # fmt: skip
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


def place_problems(locations: pd.DataFrame, placed: Placed, moved_m: float) -> Iterator[PlaceProblem]:
    """What the evidence says against itself; points farther apart than ``moved_m`` are told how far."""
    for index in np.flatnonzero((placed.trouble > 0) | placed.disputed):
        location = locations.iloc[index]
        trouble = Trouble(placed.trouble[index])
        is_far = bool(placed.apart_m[index] > moved_m)
        if trouble in _FOUND_BESIDE_EVIDENCE:
            message, what_to_do = WORDS[trouble]
            if is_far:
                message += f" They stand {placed.apart_m[index] / 1000:.1f} km apart."
            rule = _FOUND_BESIDE_EVIDENCE[Trouble.FAR if is_far else trouble]
            yield PlaceProblem(
                location[Location.id], rule, Severity.WARNING, message, what_to_do,
                _uprn(location) if trouble is Trouble.PROPERTY_FAR else as_written(location),
            )  # fmt: skip
        if placed.disputed[index]:
            method = METHODS[placed.method[index]]
            written = {GeocodeMethod.UPRN: _uprn(location), GeocodeMethod.COORDINATES: as_written(location)}
            yield PlaceProblem(
                location[Location.id], "authority_disputed", Severity.WARNING,
                f"The {_WHAT_LIES_ELSEWHERE[method]} in another authority than the directory gives the postcode: "
                "the venue stands on a border and its zone is not certain.",
                "Confirm with the provider on which side of the border the door is.",
                written.get(method, ""),
            )  # fmt: skip


def misplaced_problems(locations: pd.DataFrame, given: Points) -> Iterator[PlaceProblem]:
    """Coordinates that cannot be meant as they stand."""
    for index in np.flatnonzero(given.trouble):
        trouble = Trouble(given.trouble[index])
        if (rule := _MISPLACED.get(trouble)) is not None:
            location = locations.iloc[index]
            yield PlaceProblem(
                location[Location.id], rule, Severity.QUARANTINE, *WORDS[trouble], as_written(location)
            )


def as_written(location: pd.Series) -> str:
    """The coordinates a location came with, or its UPRN."""
    pairs = ((Location.latitude, Location.longitude), (Location.x_easting, Location.x_northing))
    for pair in pairs:
        numbers = [f"{location[name]:.12g}" for name in pair if pd.notna(location[name])]
        if numbers:
            return ", ".join(numbers)
    return _uprn(location)


def _uprn(location: pd.Series) -> str:
    uprn = location[Location.external_identifier]
    return str(uprn) if pd.notna(uprn) else ""
