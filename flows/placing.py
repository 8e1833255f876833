"""Geocoding one source, with each problem told of the roster row that names the venue."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import pandas as pd

from flows.reference import Reference
from transforms.geocode import PlaceProblem, geocode, misplaced_coordinates
from transforms.issues import WITHHELD_HOME, Problem, place_of
from transforms.mapping import Mapped, headings_of
from transforms.normalise.source import Normalised
from transforms.source_spec import Source
from transforms.tables import Address, Location, ProviderLine, ServiceAtLocation
from transforms.vocabulary import AddressRole, Severity


def place(
    night: Normalised,
    usable: Sequence[pd.DataFrame],
    mapped: Sequence[Mapped],
    reference: Reference,
    source: Source,
) -> list[Problem]:
    """Geocode in place; a venue's problem is told of every roster row that names it."""
    if Location not in night.frames:
        return []
    row_of = dict(zip(night.frames[Location][Location.id], night.row_of[Location], strict=True))
    placed = geocode(night.frames[Location], night.frames[Address], reference.ground)
    night.frames[Location], night.frames[Address] = placed.locations, placed.addresses
    found = _of_places(placed.problems, night, mapped)
    return found + _outside_stated_authority(night, usable, reference, source, row_of, headings_of(mapped))


def misplaced(night: Normalised, mapped: Sequence[Mapped], reference: Reference) -> list[Problem]:
    """Problems of coordinates that cannot be, before anything is placed by them."""
    if Location not in night.frames:
        return []
    return _of_places(misplaced_coordinates(night.frames[Location], reference.thresholds), night, mapped)


def _of_places(problems: list[PlaceProblem], night: Normalised, mapped: Sequence[Mapped]) -> list[Problem]:
    """Problems of locations as problems of the roster rows that name them."""
    places = night.frames[Location]
    rows_at = _rows_at(night)
    role = dict(zip(places[Location.id], places[Location.x_address_role], strict=True))
    is_home = dict(zip(places[Location.id], places[Location.x_is_home], strict=True))
    heading_of = headings_of(mapped)
    found = []
    for problem, row_id in _told_of(problems, rows_at):
        file, part, row = place_of(row_id)
        if problem.rule.startswith("coordinates"):
            column = _coordinate_column(heading_of[row_id])
        elif problem.rule.startswith("uprn"):
            column = ProviderLine.uprn
        elif role[problem.location_id] == AddressRole.HQ and ProviderLine.hq_postcode in heading_of[row_id]:
            column = ProviderLine.hq_postcode
        else:
            column = ProviderLine.venue_postcode
        found.append(
            Problem(problem.rule, problem.severity,
                    "The home's address cannot be placed." if is_home[problem.location_id] else problem.message,
                    problem.what_to_do, file, part, row, heading_of[row_id].get(column, column),
                    WITHHELD_HOME if is_home[problem.location_id] else problem.raw)
        )  # fmt: skip
    return found


def _told_of(
    problems: list[PlaceProblem], rows_at: Mapping[str, list[str]]
) -> Iterator[tuple[PlaceProblem, str]]:
    """Each problem with its row: one that sets rows aside with all of them, any other with the first."""
    for problem in problems:
        rows = rows_at[problem.location_id]
        for row_id in rows if problem.severity is Severity.QUARANTINE else rows[:1]:
            yield problem, row_id


def _rows_at(night: Normalised) -> dict[str, list[str]]:
    """The roster rows that name each location; the one it was made of stands first."""
    named = zip(night.frames[Location][Location.id], night.row_of[Location], strict=True)
    rows = {location_id: [row_id] for location_id, row_id in named}
    if ServiceAtLocation in night.frames:
        at = night.frames[ServiceAtLocation][ServiceAtLocation.location_id]
        for location_id, row_id in zip(at, night.row_of[ServiceAtLocation], strict=True):
            if row_id not in rows[location_id]:
                rows[location_id].append(row_id)
    return rows


def _coordinate_column(heading_of: dict[str, str]) -> str:
    return ProviderLine.latitude if ProviderLine.latitude in heading_of else ProviderLine.easting


def _outside_stated_authority(
    night: Normalised,
    usable: Sequence[pd.DataFrame],
    reference: Reference,
    source: Source,
    row_of: dict[str, str],
    heading_of: dict[str, dict[str, str]],
) -> list[Problem]:
    """Venues that lie in another authority than the roster says, or than its owner (fault 73)."""
    code_of = dict(zip(reference.authorities["name"], reference.authorities["lad_code"], strict=True))
    name_of = {code: name for name, code in code_of.items()}
    stated = {
        line.row_id: line.stated_authority
        for lines in usable if "stated_authority" in lines
        for line in lines[lines["stated_authority"].notna()].itertuples()
    }  # fmt: skip
    found = []
    places = night.frames[Location]
    for location_id, lad_code in zip(places[Location.id], places[Location.x_lad_code], strict=True):
        row = row_of[location_id]
        expected = code_of.get(stated.get(row, ""), source.lad_code)
        if pd.isna(lad_code) or not expected or lad_code == expected:
            continue
        file, part, number = row.split("|")
        is_stated = row in stated
        found.append(
            Problem("outside_stated_authority" if is_stated else "outside_own_borough",
                    Severity.WARNING if is_stated else Severity.NOTE,
                    f"The venue lies in {name_of.get(lad_code, lad_code)}, not in {name_of.get(expected, expected)}.",
                    "Nothing, if that is where the venue is.", file, part, int(number),
                    heading_of[row].get(ProviderLine.venue_postcode, ""))
        )  # fmt: skip
    return found
