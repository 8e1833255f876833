"""The inner loops of postcode lookup, compiled by numba: no Python object is touched in them.

A block of rows goes through one short loop after another. Short loops are what a processor runs best: those
that only count become vector instructions, and the reads of distant memory in one loop overlap.

Import this module inside the function that needs it: numba costs half a second of a process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from transforms.parsers.postcodes import PostcodeRule
from transforms.place import postcode_directory as directory
from transforms.place import postcode_key as key
from transforms.place.machine_words import bring_near, eight_bytes_at, four_bytes_at, put_eight_bytes
from transforms.place.postcode_form import OUTWARD_LETTERS, PLACES_AN_OUTWARD

U = np.uint64
BLOCK = 512
RULES = tuple(PostcodeRule)
STANDARD = np.uint8(RULES.index(PostcodeRule.STANDARD))

EAST, NORTH = U(2**directory.EASTING_BITS - 1), U(2**directory.NORTHING_BITS - 1)
NORTH_AT, AUTHORITY_AT = U(directory.NORTHING_SHIFT), U(directory.AUTHORITY_SHIFT)
AUTHORITY = U(2**directory.AUTHORITY_BITS - 1)
STATE_AT = U(directory.STATE_SHIFT)
BASE, UNITS = U(key.BASE), U(key.UNITS_A_SECTOR)
UNIT_BITS, UNIT = U(key.UNIT_BITS), U(2**key.UNIT_BITS - 1)

_SPACE, _SPACES, _FOUR_SPACES = U(0x20), U(0x2020202020202020), U(0x20202020)
_FOUR_BYTES, _THREE_BYTES, _TWO_BYTES, _BYTE = U(0xFFFFFFFF), U(0xFFFFFF), U(0xFFFF), U(0xFF)
# The bit that letters have and digits and spaces do not; half of it is what makes a letter small.
_IS_LETTER = U(0x4040404040404040)
_INWARD_LETTERS, _INWARD_AT = U(key.INWARD_LETTERS), U(8 * OUTWARD_LETTERS)
# Characters before the inward code: the shortest outward code, and what a word of eight bytes surely holds.
_SHORTEST, _LONGEST = U(2), U(7)
_PAIRS, _COUNT_AT = U(key.BASE**2), U(16)
_PLACES, _NO_DIGIT = U(PLACES_AN_OUTWARD), U(PLACES_AN_OUTWARD - 1)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _read(offsets, first_byte, row, rows, head, tail, size):  # type: ignore[no-untyped-def]
    """First eight bytes, last four and length of each row."""
    begin = U(offsets[row])
    for j in range(rows):
        end = U(offsets[row + j + 1])
        length = end - begin
        address = first_byte + begin
        begin = end
        head[j] = eight_bytes_at(address)
        tail[j] = four_bytes_at(address + max(length, U(4)) - U(4))
        size[j] = length


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _blank_nulls(valid, first_bit, rows, size):  # type: ignore[no-untyped-def]
    """A null has no length, whatever text stands behind it."""
    whole = rows // 8 * 8 if first_bit % 8 == 0 else 0
    for j in range(0, whole, 8):
        eight = U(valid[(first_bit + j) // 8])
        for nth in range(8):
            size[j + nth] *= (eight >> U(nth)) & U(1)
    for j in range(whole, rows):
        bit = U(first_bit + j)
        size[j] *= U(valid[bit >> U(3)] >> np.uint8(bit & U(7))) & U(1)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _bring_into_form(rows, head, tail, size, form):  # type: ignore[no-untyped-def]
    """The seven characters of each row, the first one lowest; nought for what is spaced in no usual way.

    Usual is at most one space before and one behind, and any between outward and inward code.
    """
    for j in range(rows):
        before, behind = U((head[j] & _BYTE) == _SPACE), U((tail[j] >> U(24)) == _SPACE)
        length = size[j] - before - behind - _INWARD_LETTERS
        mask = (U(1) << ((length & U(7)) << U(3))) - U(1)
        outward = _SPACES ^ (((head[j] >> (before << U(3))) ^ _SPACES) & mask)
        inward = (tail[j] >> (U(8) - (behind << U(3)))) & _THREE_BYTES
        outward &= ~((outward & _IS_LETTER) >> U(1))
        inward &= ~((inward & _IS_LETTER) >> U(1))
        is_usual = (length - _SHORTEST <= _LONGEST - _SHORTEST) & (outward >> _INWARD_AT == _FOUR_SPACES)
        form[j] = (outward & _FOUR_BYTES) | (inward << _INWARD_AT) if is_usual else U(0)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _number(  # type: ignore[no-untyped-def]
    rows, form, outward_firsts, outward_lasts, outwards, inward_firsts, inward_lasts, sectors, slots_at, slot
):  # fmt: skip
    """Slot of each form; one of the first, empty sector for what is no postcode of a sector we have.

    What stands there is asked for at once, so that less of its way is left to wait for.
    """
    for j in range(rows):
        letters = form[j]
        inward = letters >> _INWARD_AT
        outward = outward_firsts[letters & _TWO_BYTES] + U(outward_lasts[(letters >> U(16)) & _TWO_BYTES])
        unit = U(inward_firsts[inward & _TWO_BYTES]) + U(inward_lasts[inward >> U(16)])
        sector = U(sectors[U(outwards[outward]) * _PLACES + min(unit >> UNIT_BITS, _NO_DIGIT)])
        slot[j] = sector * UNITS + (unit & UNIT)
        bring_near(slots_at + (slot[j] << U(3)))


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _fetch(rows, slots, slot, words):  # type: ignore[no-untyped-def]
    """What stands in each slot; nothing else happens here, so that many reads are under way at once."""
    for j in range(rows):
        words[j] = slots[slot[j]]


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _write(rows, words, easting, northing, authority, state, rule):  # type: ignore[no-untyped-def]
    """Take the words apart. The first two rules are missing and standard form: what is listed was read plainly."""
    for j in range(rows):
        word = words[j]
        easting[j] = np.int32(word & EAST)
        northing[j] = np.int32((word >> NORTH_AT) & NORTH)
        authority[j] = np.uint16((word >> AUTHORITY_AT) & AUTHORITY)
        state[j] = np.uint8(word >> STATE_AT)
        rule[j] = np.uint8(word != U(0))


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _write_keys(rows, slot, sector_keys, unit_keys, slot_out, key_out):  # type: ignore[no-untyped-def]
    """The slots and the keys of those that have a sector."""
    for j in range(rows):
        sector = slot[j] // UNITS
        slot_out[j] = np.int32(slot[j])
        key_out[j] = (sector_keys[sector] + unit_keys[slot[j] - sector * UNITS]) * U(sector > U(0))


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _leave(row, rows, size, slot, words, is_mistakable, rule_out, unsettled, left):  # type: ignore[no-untyped-def]
    """Note which rows are not settled: with some text, not listed, and not plainly unlisted either.

    Plainly unlisted is a unit of a sector we have, unless a swap makes another outward code of its own: one
    in its inward code leaves none.
    """
    # Places without a sign: numba need not look whether one counts from the end.
    end, kept = U(left), U(left)
    for j in range(rows):
        unsettled[end] = row + j
        end += U(words[j] == U(0)) & U(size[j] != U(0))
    for i in range(left, np.int64(end)):
        sector = slot[unsettled[i] - row] // UNITS
        if sector > U(0) and not is_mistakable[sector]:
            rule_out[unsettled[i]] = STANDARD
        else:
            unsettled[kept] = unsettled[i]
            kept += U(1)
    return np.int64(kept)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def find(  # type: ignore[no-untyped-def]
    offsets, first_byte, valid, valid_from, has_nulls,
    outward_firsts, outward_lasts, outwards, inward_firsts, inward_lasts, sectors, is_mistakable, sector_keys,
    unit_keys, slots,
    slot_out, easting_out, northing_out, authority_out, state_out, key_out, wants_keys, rule_out,
    unsettled, start, stop,
):  # fmt: skip
    """Look up rows ``start`` to ``stop`` and fill the outputs; returns how many rows are not settled.

    ``first_byte`` is the address of the text's bytes, of which twelve from any row's start may be read. A row
    that is neither listed nor blank nor plainly unlisted goes to ``unsettled``, which has room for all and one.
    """
    head, tail, size = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    form, slot, words = np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64), np.empty(BLOCK, np.uint64)
    slots_at, left = U(slots.ctypes.data), 0
    for row in range(start, stop, BLOCK):
        end = min(row + BLOCK, stop)
        rows = end - row
        _read(offsets, first_byte, row, rows, head, tail, size)
        if has_nulls:
            _blank_nulls(valid, valid_from + row, rows, size)
        _bring_into_form(rows, head, tail, size, form)
        _number(
            rows, form, outward_firsts, outward_lasts, outwards, inward_firsts, inward_lasts, sectors,
            slots_at, slot,
        )  # fmt: skip
        _fetch(rows, slots, slot, words)
        _write(
            rows, words, easting_out[row:end], northing_out[row:end], authority_out[row:end],
            state_out[row:end], rule_out[row:end],
        )  # fmt: skip
        if wants_keys:
            _write_keys(rows, slot, sector_keys, unit_keys, slot_out[row:end], key_out[row:end])
        left = _leave(row, rows, size, slot, words, is_mistakable, rule_out, unsettled, left)
    return left


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def spell(keys, pairs, offsets, text):  # type: ignore[no-untyped-def]
    """Write each key in standard form one after another; 0 writes nothing. Returns the bytes written.

    ``pairs`` (uint32) has the characters of each two places of a key, and above them how many there are.
    ``text`` is the address of eight bytes a key; ``offsets`` (int32, one more than keys) is filled as Arrow
    has it.
    """
    at = U(0)
    for row in range(len(keys)):
        offsets[row] = at
        if keys[row] == U(0):
            continue
        sector = keys[row] // _PAIRS
        unit = U(pairs[keys[row] - sector * _PAIRS])
        outward = sector // BASE
        digit = U(pairs[sector - outward * BASE])
        high = outward // _PAIRS
        first, last = U(pairs[high]), U(pairs[outward - high * _PAIRS])
        begin = first >> _COUNT_AT
        length = begin + (last >> _COUNT_AT)
        inward = _SPACE | ((digit & _BYTE) << U(8)) | ((unit & _TWO_BYTES) << U(16))
        word = (first & _TWO_BYTES) | ((last & _TWO_BYTES) << (begin << U(3))) | (inward << (length << U(3)))
        put_eight_bytes(text + at, word)
        at += length + U(1) + _INWARD_LETTERS
    offsets[len(keys)] = at
    return at
