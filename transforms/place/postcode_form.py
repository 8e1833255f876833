"""A postcode in seven characters, outward code and inward code, as the compiled loops take it apart.

Each table is entered with two characters (the lower byte first) or one, in capitals. Together they give the
place of a postcode by three additions; what is no part of a listed outward code leads to an empty sector.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from transforms.place import postcode_key as key

if TYPE_CHECKING:
    from transforms.place.postcode_directory import PostcodeDirectory

OUTWARD_LETTERS = 4
# A sector beyond the ten of each outward code, always empty: where an inward code leads that is none.
PLACES_AN_OUTWARD = key.SECTORS_AN_OUTWARD + 1
_NO_INWARD = 16 << key.UNIT_BITS


class FormTables(NamedTuple):
    """The tables of one directory, read-only.

    ``outward_firsts`` (uint32) and ``outward_lasts`` (uint16), of the first and last two characters of an
    outward code, add up to an index into ``outwards`` (uint16, its number, 0 for none). ``inward_firsts``
    (uint16), of the digit and the first letter, and ``inward_lasts`` (uint16), of the second letter, add up
    to the digit above the unit. ``sectors`` (uint16) has eleven an outward code. By sector:
    ``is_mistakable`` (uint8, see ``PostcodeDirectory.mistakable``) and ``sector_keys``; ``unit_keys`` is
    what a unit adds to those.
    """

    outward_firsts: np.ndarray
    outward_lasts: np.ndarray
    outwards: np.ndarray
    inward_firsts: np.ndarray
    inward_lasts: np.ndarray
    sectors: np.ndarray
    is_mistakable: np.ndarray
    sector_keys: np.ndarray
    unit_keys: np.ndarray


def form_tables(directory: PostcodeDirectory) -> FormTables:
    """The tables of a directory."""
    sectors = directory.sectors.reshape(-1, key.SECTORS_AN_OUTWARD)
    is_mistakable = np.zeros(len(directory.slots) // key.UNITS_A_SECTOR, np.uint8)
    is_mistakable[sectors] = directory.mistakable[:, None]
    tables = (
        *_outward_tables(directory), *_inward_tables(), np.pad(sectors, ((0, 0), (0, 1))).ravel(),
        is_mistakable, directory.sector_keys(), key.keys_of_units(),
    )  # fmt: skip
    return FormTables(*map(key.frozen, tables))


def _outward_tables(directory: PostcodeDirectory) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    spelt = directory.spelt
    # From the left, a place without a letter or digit being a space.
    shorter = sum((spelt < key.BASE**length).astype(int) for length in range(1, OUTWARD_LETTERS))
    from_left = (
        (spelt * key.BASE**shorter)[:, None] // key.BASE ** np.arange(OUTWARD_LETTERS)[::-1] % key.BASE
    )
    letters = np.frombuffer((" " + key.DIGITS + key.LETTERS).encode(), np.uint8)[from_left].astype(int)
    pairs = letters[:, ::2] | letters[:, 1::2] << 8
    first, firsts = np.unique(pairs[:, 0], return_inverse=True)
    last, lasts = np.unique(pairs[:, 1], return_inverse=True)
    width = len(last) + 1
    outward_firsts, outward_lasts = np.zeros(2**16, np.uint32), np.zeros(2**16, np.uint16)
    outward_firsts[first] = np.arange(1, len(first) + 1) * width
    outward_lasts[last] = np.arange(1, width)
    outwards = np.zeros((len(first) + 1) * width, np.uint16)
    outwards[(firsts + 1) * width + lasts + 1] = directory.outward[spelt]
    return outward_firsts, outward_lasts, outwards


@cache
def _inward_tables() -> tuple[np.ndarray, np.ndarray]:
    firsts, lasts = np.full(2**16, _NO_INWARD, np.uint16), np.full(2**8, _NO_INWARD, np.uint16)
    for place, letter in enumerate(key.UNIT_LETTERS):
        lasts[ord(letter)] = place
        for digit in key.DIGITS:
            firsts[_pair(digit + letter)] = (int(digit) << key.UNIT_BITS) + place * len(key.UNIT_LETTERS)
    return firsts, lasts


def _pair(characters: str) -> int:
    return ord(characters[0]) | ord(characters[1]) << 8
