"""The inner loops of postcode lookup, compiled by numba: no Python object is touched in them.

Import this module inside the function that needs it: numba costs half a second of a process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from transforms.place import postcode_directory as directory
from transforms.place import postcode_key as key
from transforms.place.machine_words import eight_bytes_at, fetch_ahead

U = np.uint64
LONGEST = U(key.LONGEST_ALONE)
HIGH_MASKS = U(key.LONGEST_ALONE + 1)
# So many rows at a time: while the keys of one block are worked out, the slots of the block before
# are fetched, so that the reads of memory hide behind arithmetic.
BLOCK = 256

_ALL = ~U(0)
_PAIR, _FACTOR, _ADDED = U(0xFFFF), np.uint32(0xFFFF), np.uint32(16)
NOT_ASCII = U(0x8080808080808080)
INWARD, OUTWARD = U(key.INWARD_SPAN), U(key.OUTWARD_SPAN)
_UNIT_BITS, _NO_UNIT = U(key.UNIT_BITS), U(key.NO_UNIT)
_SECTORS, _UNITS = U(key.SECTORS_AN_OUTWARD), U(key.UNITS_A_SECTOR)
EAST, NORTH = U(2**directory.EASTING_BITS - 1), U(2**directory.NORTHING_BITS - 1)
NORTH_AT, AUTHORITY_AT = U(directory.NORTHING_SHIFT), U(directory.AUTHORITY_SHIFT)
AUTHORITY = U(2**directory.AUTHORITY_BITS - 1)
STATE_AT = U(directory.STATE_SHIFT)
BASE = U(key.BASE)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")
def slot_of(postcode, units, outward, sectors):  # type: ignore[no-untyped-def]
    """Slot number of a key, 0 for none. Every read stays within its table, whatever the key."""
    spelling = postcode // INWARD
    unit = U(units[postcode - spelling * INWARD])
    number = U(outward[min(spelling, OUTWARD)])
    sector = U(sectors[number * _SECTORS + (unit >> _UNIT_BITS)])
    within = unit & _NO_UNIT
    # The first sector is empty, so its slots stand for nothing.
    return (sector * _UNITS + within) * U(within != _NO_UNIT)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def find(  # type: ignore[no-untyped-def]
    offsets, first_byte, valid, valid_from, has_nulls, masks, steps, units, outward, sectors, slots, first_slot,
    slot_out, easting_out, northing_out, authority_out, state_out, key_out, wants_keys, unsettled, unsettled_keys,
    start, stop,
):  # fmt: skip
    """Look up rows ``start`` to ``stop`` and fill the outputs; returns how many rows are not settled.

    ``first_byte`` is the address of the text's bytes, of which twelve from any row's start may be read;
    ``first_slot`` that of the slots. A row that is neither listed nor blank goes to ``unsettled``, with its
    key, which is all ones for what is too long or not ASCII.
    """
    keys = np.zeros(BLOCK, np.uint64)
    ahead = np.zeros(BLOCK, np.uint64)
    looked = np.zeros(BLOCK, np.uint64)
    left = 0
    row = start
    before = 0
    while True:
        rows = min(BLOCK, stop - row)
        begin = U(offsets[row])
        for j in range(rows):
            end = U(offsets[row + j + 1])
            length = end - begin
            address = first_byte + begin
            begin = end
            if has_nulls:
                bit = U(valid_from + row + j)
                length *= U(valid[bit >> U(3)] >> np.uint8(bit & U(7))) & U(1)
            is_long = length > LONGEST
            length = min(length, LONGEST)
            low = eight_bytes_at(address)
            high = eight_bytes_at(address + U(4)) >> U(32)
            low &= masks[length]
            high &= masks[length + HIGH_MASKS]
            fetch_ahead(first_slot + ahead[j] * U(8))
            step = steps[low & _PAIR]
            number = U(step >> _ADDED)
            step = steps[(low >> U(16)) & _PAIR]
            number = number * U(step & _FACTOR) + U(step >> _ADDED)
            step = steps[(low >> U(32)) & _PAIR]
            number = number * U(step & _FACTOR) + U(step >> _ADDED)
            step = steps[low >> U(48)]
            number = number * U(step & _FACTOR) + U(step >> _ADDED)
            # The last two pairs are joined first: a shorter chain of multiplications.
            step, last = steps[high & _PAIR], steps[high >> U(16)]
            factor = U(step & _FACTOR) * U(last & _FACTOR)
            added = U(step >> _ADDED) * U(last & _FACTOR) + U(last >> _ADDED)
            number = number * factor + added
            is_odd = is_long | (((low | high) & NOT_ASCII) != U(0))
            keys[j] = _ALL if is_odd else number
        done = row - before
        for j in range(before):
            word = slots[ahead[j]]
            easting_out[done + j] = np.int32(word & EAST)
            northing_out[done + j] = np.int32((word >> NORTH_AT) & NORTH)
            authority_out[done + j] = np.uint16((word >> AUTHORITY_AT) & AUTHORITY)
            state_out[done + j] = np.uint8(word >> STATE_AT)
            unsettled[left] = done + j
            unsettled_keys[left] = looked[j]
            left += (word == U(0)) & (looked[j] != U(0))
        if wants_keys:
            for j in range(before):
                slot_out[done + j] = np.int32(ahead[j])
                key_out[done + j] = looked[j]
        if rows <= 0:
            return left
        for j in range(rows):
            looked[j] = keys[j]
            ahead[j] = slot_of(keys[j], units, outward, sectors)
        before = rows
        row += rows


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def spell(keys, characters, offsets, text):  # type: ignore[no-untyped-def]
    """Write each key in standard form one after another; 0 writes nothing. Returns the bytes written.

    ``text`` has room for eight bytes a key; ``offsets`` (int32, one more than keys) is filled as Arrow has it.
    """
    at = 0
    for row in range(len(keys)):
        offsets[row] = at
        postcode = keys[row]
        if postcode == U(0):
            continue
        length = 5
        span = BASE * BASE * BASE * BASE * BASE
        while postcode >= span:
            length += 1
            span *= BASE
        place = at + length
        for j in range(length):
            text[place] = characters[postcode % BASE]
            postcode = postcode // BASE
            place -= 1
            if j == 2:
                text[place] = np.uint8(32)
                place -= 1
        at += length + 1
    offsets[len(keys)] = at
    return at
