"""Places as columns of a table: what ``squaremile geocode`` adds to a file.

The names and meanings are those of the published tables, without their ``x_``.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from transforms.parsers.postcodes import PostcodeRule
from transforms.place.evidence import METHODS, Placed
from transforms.place.ground import Ground
from transforms.place.postcode_directory import IS_LISTED, IS_PO_BOX, IS_TERMINATED
from transforms.place.postcode_lookup import RULES, Found
from transforms.place.zones import ZONES
from transforms.schema import Column
from transforms.tables import Address, Location
from transforms.vocabulary import PostcodeStatus

STATUSES = tuple(PostcodeStatus)

ADDED: tuple[Column, ...] = (
    Address.column(Address.postal_code),
    Address.column(Address.x_postcode_status),
    Location.column(Location.x_easting),
    Location.column(Location.x_northing),
    Location.column(Location.x_lad_code),
    Location.column(Location.x_zone),
    Location.column(Location.x_zone_certain),
    Location.column(Location.x_signed_distance_m),
    Location.column(Location.x_geocode_method),
    Location.column(Location.x_positional_error_m),
)


def plain_name(column: Column) -> str:
    """A column's name without the mark of our extensions."""
    return column.name.removeprefix("x_")


def status_numbers(found: Found, *, is_dated: bool) -> np.ndarray:
    """Status of each postcode (uint8, place in ``STATUSES``), from how it was read and what the directory says."""
    in_use = PostcodeStatus.LIVE if is_dated else PostcodeStatus.LISTED
    of_state = np.full(256, STATUSES.index(PostcodeStatus.UNKNOWN), np.uint8)
    for state in range(1, 256):
        if state & IS_PO_BOX:
            status = PostcodeStatus.PO_BOX
        elif state & IS_TERMINATED:
            status = PostcodeStatus.TERMINATED
        else:
            status = in_use
        if state & IS_LISTED:
            of_state[state] = STATUSES.index(status)
    numbers = of_state[found.state]
    is_blank = found.rule == RULES.index(PostcodeRule.MISSING)
    numbers[is_blank] = STATUSES.index(PostcodeStatus.MISSING)
    numbers[~is_blank & (found.key == 0)] = STATUSES.index(PostcodeStatus.INVALID)
    return numbers


def added_columns(found: Found, placed: Placed, ground: Ground) -> list[pa.Array]:
    """The columns of ``ADDED``, in their order; null where there is no place."""
    # One bitmap serves all columns that are null where there is no place.
    placed_bits = pa.py_buffer(np.packbits(~np.isnan(placed.distance_m), bitorder="little"))
    known_bits = pa.py_buffer(np.packbits(placed.authority > 0, bitorder="little"))
    lad_codes = list(ground.directory.lad_codes)
    return [
        found.postcodes(),
        _named(status_numbers(found, is_dated=ground.directory.is_dated), [s.value for s in STATUSES]),
        _metres(placed.easting, placed_bits),
        _metres(placed.northing, placed_bits),
        _named(placed.authority, lad_codes, known_bits),
        _named(placed.zone, [zone.value for zone in ZONES]),
        pa.array(placed.certain),
        _metres(placed.distance_m, placed_bits),
        _named(placed.method, [method.value for method in METHODS]),
        _metres(placed.error_m, placed_bits),
    ]


def _metres(values: np.ndarray, valid: pa.Buffer) -> pa.Array:
    return pa.Array.from_buffers(
        pa.float64(), len(values), [valid, pa.py_buffer(np.ascontiguousarray(values))]
    )


def _named(numbers: np.ndarray, names: list[str], valid: pa.Buffer | None = None) -> pa.Array:
    """Names by their number, each name stored once."""
    kind = pa.int16() if numbers.itemsize > 1 else pa.int8()
    indices = pa.Array.from_buffers(kind, len(numbers), [valid, pa.py_buffer(np.ascontiguousarray(numbers))])
    return pa.DictionaryArray.from_arrays(indices, pa.array(names, pa.string()))
