"""A postcode as a number: its letters and digits in base 37.

A digit counts 1 to 10 and a letter 11 to 36, so nought never occurs and "E1 1AA" and "E11 1AA" stay
apart. The inward code (a digit and two letters) is the last three places, the outward code what
stands before. Seven characters fit below 37**7, so a longer text is seen by its size alone.
"""

from __future__ import annotations

from functools import cache

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

BASE = 37
INWARD_LETTERS = 3
INWARD_SPAN = BASE**INWARD_LETTERS
OUTWARD_SPAN = BASE**4
# Letters and digits of the longest postcode.
LONGEST_POSTCODE = 7

# A text of more bytes than this is not a postcode alone, however it is spaced.
LONGEST_ALONE = 12

DIGITS = "0123456789"
LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# What people and scanners take for one another.
MISTAKEN = ("O0", "I1")
# The letters that stand in inward codes of the directory: C, I, K, M and O never do.
UNIT_LETTERS = "ABDEFGHJLNPQRSTUVWXYZ"
UNITS_A_SECTOR = len(UNIT_LETTERS) ** 2
SECTORS_AN_OUTWARD = len(DIGITS)
# In the table of inward codes the sector's digit stands above the unit.
UNIT_BITS = 9
NO_UNIT = 2**UNIT_BITS - 1


@cache
def worth_of_bytes() -> np.ndarray:
    """What each byte counts in base 37; nought for what is neither an ASCII letter nor a digit."""
    worth = np.zeros(256, np.uint8)
    for place, character in enumerate(DIGITS + LETTERS, start=1):
        worth[ord(character)] = worth[ord(character.lower())] = place
    return worth


@cache
def steps_of_byte_pairs() -> np.ndarray:
    """How two bytes in a row change a key: its factor in the low 16 bits, what is added above them.

    A byte that counts nothing multiplies by one and adds nothing, so spacing and punctuation vanish
    without a branch. The first byte is the low one, as little-endian words hold them.
    """
    pairs = np.arange(2**16, dtype=np.uint32)
    worth = worth_of_bytes().astype(np.uint32)
    first, second = worth[pairs & 255], worth[pairs >> 8]
    factor = np.where(first > 0, BASE, 1) * np.where(second > 0, BASE, 1)
    added = np.where(second > 0, first * BASE + second, first)
    return (factor.astype(np.uint32) | (added << 16)).astype(np.uint32)


@cache
def masks_of_length() -> np.ndarray:
    """Which bytes of a text count, by its length from 0 to ``LONGEST_ALONE``: first those of the low word of
    eight bytes, then those of the word that holds the rest.
    """
    lengths = range(LONGEST_ALONE + 1)
    low = [(1 << 8 * min(length, 8)) - 1 for length in lengths]
    high = [(1 << 8 * max(length - 8, 0)) - 1 for length in lengths]
    return np.array(low + high, np.uint64)


@cache
def letters_of_shapes() -> np.ndarray:
    """How many letters and digits a text has, by which of its bytes are taken (one bit a byte, the first lowest).

    Nought unless it is spaced as a postcode alone may be: all together, or with the last three apart.
    """
    letters = np.zeros(2**LONGEST_ALONE, np.uint8)
    for shape in range(1, len(letters)):
        words = f"{shape:b}"[::-1].split("0")
        sizes = [len(word) for word in words if word]
        if len(sizes) == 1 or (len(sizes) == 2 and sizes[1] == INWARD_LETTERS):
            letters[shape] = sum(sizes)
    return letters


@cache
def units_of_inward() -> np.ndarray:
    """Sector digit and unit of each inward key; ``NO_UNIT`` where it is not an inward code."""
    units = np.full(INWARD_SPAN, NO_UNIT, np.uint16)
    worth = worth_of_bytes().astype(int)
    for digit in DIGITS:
        for a, first in enumerate(UNIT_LETTERS):
            for b, second in enumerate(UNIT_LETTERS):
                key = (worth[ord(digit)] * BASE + worth[ord(first)]) * BASE + worth[ord(second)]
                units[key] = (int(digit) << UNIT_BITS) + a * len(UNIT_LETTERS) + b
    return units


@cache
def keys_of_units() -> np.ndarray:
    """What each unit of a sector adds to a key (uint64)."""
    letters = worth_of_bytes()[np.frombuffer(UNIT_LETTERS.encode(), np.uint8)].astype(np.uint64)
    return (letters[:, None] * np.uint64(BASE) + letters).ravel()


@cache
def characters_of_pairs() -> np.ndarray:
    """The characters of two places of a key, the first one lowest, and above them how many there are (uint32)."""
    letters = np.frombuffer(("\0" + DIGITS + LETTERS).encode(), np.uint8).astype(np.uint32)
    first, second = np.divmod(np.arange(BASE**2), BASE)
    both = np.where(first > 0, letters[first] | letters[second] << 8, letters[second])
    count = (first > 0).astype(np.uint32) + (second > 0)
    return (both | count << 16).astype(np.uint32)


def frozen(values: np.ndarray) -> np.ndarray:
    """A read-only view: compiled loops are made once for read-only tables, mapped from disk or not."""
    view = np.asarray(values).view()
    view.flags.writeable = False
    return view


def key_of(text: str) -> int:
    """Key of the ASCII letters and digits of a text, whatever stands between; 0 when there are none."""
    worth = worth_of_bytes()
    key = 0
    for byte in text.encode("ascii", "ignore"):
        if worth[byte]:
            key = key * BASE + int(worth[byte])
    return key


def keys_of(bare: pa.Array) -> np.ndarray:
    """Keys of bare postcodes (capitals and digits, at most seven characters, no null), as uint64."""
    size = LONGEST_POSTCODE
    padded = pc.utf8_rpad(bare, size, "\0").cast(pa.binary()).cast(pa.binary(size))
    letters = np.frombuffer(padded.buffers()[1], np.uint8, len(bare) * size, padded.offset * size)
    worth = worth_of_bytes()[letters.reshape(-1, size)].astype(np.uint64)
    keys = np.zeros(len(bare), np.uint64)
    for place in range(size):
        stands = worth[:, place] > 0
        keys = np.where(stands, keys * np.uint64(BASE) + worth[:, place], keys)
    return keys


def text_of(key: int) -> str:
    """The postcode of a key in standard form: capitals, one space before the inward code."""
    characters = []
    while key:
        key, place = divmod(key, BASE)
        characters.append((DIGITS + LETTERS)[place - 1])
    bare = "".join(reversed(characters))
    return f"{bare[:-3]} {bare[-3:]}" if len(bare) > 3 else bare
