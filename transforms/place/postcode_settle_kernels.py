"""What a postcode that is not listed may be: plainly unlisted, misread, or only for its words to tell.

Import this module inside the function that needs it: numba costs half a second of a process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from transforms.parsers.postcodes import PostcodeRule
from transforms.place import postcode_directory as directory
from transforms.place import postcode_key as key
from transforms.place.machine_words import eight_bytes_at
from transforms.place.postcode_kernels import (
    AUTHORITY,
    AUTHORITY_AT,
    BASE,
    EAST,
    NORTH,
    NORTH_AT,
    RULES,
    STANDARD,
    STATE_AT,
    UNIT,
    UNIT_BITS,
    UNITS,
    U,
)

REPAIRED = np.uint8(RULES.index(PostcodeRule.REPAIRED))
_INWARD, _OUTWARD = U(key.INWARD_SPAN), U(key.OUTWARD_SPAN)
_SECTORS, _NO_UNIT = U(key.SECTORS_AN_OUTWARD), U(key.NO_UNIT)
_LONGEST, _HIGH_MASKS = U(key.LONGEST_ALONE), U(key.LONGEST_ALONE + 1)
_ALL = ~U(0)
_PAIR, _FACTOR, _ADDED = U(0xFFFF), np.uint32(0xFFFF), np.uint32(16)
_NOT_ASCII = U(0x8080808080808080)
_TERMINATED = U(directory.IS_TERMINATED)
_LAST_DIGIT = U(len(key.DIGITS))
# Bits that make a byte nought when it is a space, seven bits that carry into the eighth when it is not,
# and the factor that brings the eighth bits of a word together.
_NOT_SPACE, _NOT_SIGN, _GATHER = U(0x5F5F5F5F5F5F5F5F), U(0x7F7F7F7F7F7F7F7F), U(0x0102040810204080)

# Worth of the letters and digits that are taken for one another.
(_O, _ZERO), (_I, _ONE) = (tuple(U(key.key_of(one)) for one in pair) for pair in key.MISTAKEN)
_MOST_SWAPS = 6
_NPT, _GIR = U(key.key_of("NPT")), U(key.key_of("GIR"))


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")
def _slot_of(postcode, units, outward, sectors):  # type: ignore[no-untyped-def]
    """Slot number of a key, 0 for none. Every read stays within its table, whatever the key."""
    spelling = postcode // _INWARD
    unit = U(units[postcode - spelling * _INWARD])
    number = U(outward[min(spelling, _OUTWARD)])
    sector = U(sectors[number * _SECTORS + (unit >> UNIT_BITS)])
    within = unit & UNIT
    # The first sector is empty, so its slots stand for nothing.
    return (sector * UNITS + within) * U(within != _NO_UNIT)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _key_at(address, length, masks, steps):  # type: ignore[no-untyped-def]
    """Key of the letters and digits at an address, whatever stands between; all ones if too long or not ASCII."""
    if length > _LONGEST:
        return _ALL
    low = eight_bytes_at(address) & masks[length]
    high = (eight_bytes_at(address + U(4)) >> U(32)) & masks[length + _HIGH_MASKS]
    if (low | high) & _NOT_ASCII:
        return _ALL
    number = U(0)
    for _four in range(4):
        step = steps[low & _PAIR]
        number = number * U(step & _FACTOR) + U(step >> _ADDED)
        low >>= U(16)
    for _two in range(2):
        step = steps[high & _PAIR]
        number = number * U(step & _FACTOR) + U(step >> _ADDED)
        high >>= U(16)
    return number


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def repaired(postcode, places, swappable, units, outward, sectors, slots):  # type: ignore[no-untyped-def]
    """Key of the one postcode in use that O/0 and I/1 swaps give; 0 when there is none or several.

    ``places`` (uint64) and ``swappable`` (int64) are room to work in, eight of each.
    """
    length, count = 0, 0
    rest = postcode
    while rest > U(0):
        worth = rest % BASE
        rest = rest // BASE
        places[length] = worth
        if worth in (_O, _ZERO, _I, _ONE):
            swappable[count] = length
            count += 1
        length += 1
    if count == 0 or count > _MOST_SWAPS or length < 5:
        return U(0)
    found = U(0)
    for choice in range(1, 1 << count):
        other = U(0)
        for place in range(length - 1, -1, -1):
            worth = places[place]
            for which in range(count):
                if swappable[which] == place and (choice >> which) & 1:
                    if worth == _O:
                        worth = _ZERO
                    elif worth == _ZERO:
                        worth = _O
                    elif worth == _I:
                        worth = _ONE
                    else:
                        worth = _I
            other = other * BASE + worth
        word = slots[_slot_of(other, units, outward, sectors)]
        if word != U(0) and not (word >> STATE_AT) & _TERMINATED:
            if found != U(0):
                return U(0)
            found = other
    return found


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def _is_well_formed(postcode, places, length):  # type: ignore[no-untyped-def]
    """Whether letters and digits (worths, first one first) have the shape of a postcode, past or present."""
    if length < 5 or places[length - 3] > _LAST_DIGIT:
        return False
    if places[length - 2] <= _LAST_DIGIT or places[length - 1] <= _LAST_DIGIT or places[0] <= _LAST_DIGIT:
        return False
    # Newport's and Girobank's outward codes have no digit.
    outward = postcode // _INWARD
    if outward in (_NPT, _GIR):
        return True
    ahead = length - 3
    if ahead == 2:
        return places[1] <= _LAST_DIGIT
    if ahead == 3:
        # A99, A9A, AA9
        return places[1] <= _LAST_DIGIT or places[2] <= _LAST_DIGIT
    return ahead == 4 and places[1] > _LAST_DIGIT and places[2] <= _LAST_DIGIT


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")
def _taken(word):  # type: ignore[no-untyped-def]
    """Which bytes of a word of ASCII are neither space nor nought, as its lowest eight bits."""
    return (((((word & _NOT_SPACE) + _NOT_SIGN) & _NOT_ASCII) >> U(7)) * _GATHER) >> U(56)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")
def _is_plainly_unlisted(postcode, address, length, masks, shapes, outward, mistakable):  # type: ignore[no-untyped-def]
    """Whether a row is spelled as a postcode of a listed outward code, which no swap makes another.

    Then nothing about it is in doubt but that it is not listed: a swap in its inward code leaves none.
    """
    spelling = postcode // _INWARD
    number = outward[min(spelling, _OUTWARD)]
    if number == 0 or mistakable[number]:
        return False
    pair = postcode // BASE
    digit = pair // BASE % BASE
    if digit > _LAST_DIGIT or pair % BASE <= _LAST_DIGIT or postcode % BASE <= _LAST_DIGIT:
        return False
    low = eight_bytes_at(address) & masks[length]
    high = (eight_bytes_at(address + U(4)) >> U(32)) & masks[length + _HIGH_MASKS]
    letters = np.uint8(3) + (spelling >= BASE) + (spelling >= BASE * BASE) + (spelling >= _INWARD) + 1
    return shapes[_taken(low) | (_taken(high) << U(8))] == letters


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def settle(  # type: ignore[no-untyped-def]
    offsets, first_byte, text, base, masks, steps, shapes, worth, units, outward, sectors, slots, mistakable,
    slot_out, easting_out, northing_out, authority_out, state_out, key_out, wants_keys, rule_out,
    unsettled, count,
):  # fmt: skip
    """Decide short rows: listed however they are spaced, unknown, or repaired. Returns how many only words can
    settle.

    Those rows move to the front of ``unsettled``. A row is unknown when it has the shape of a postcode and
    no gap but the one before its inward code.
    """
    left = 0
    places = np.zeros(8, np.uint64)
    scratch, swappable = np.zeros(8, np.uint64), np.zeros(8, np.int64)
    for i in range(count):
        row = unsettled[i]
        at, size = U(offsets[row]), U(offsets[row + 1]) - U(offsets[row])
        number = _key_at(first_byte + at, size, masks, steps)
        slot = _slot_of(number, units, outward, sectors)
        rule = STANDARD
        if number == U(0):
            # Nothing but spaces and marks: missing, as the row stands.
            continue
        if slots[slot] == U(0) and not _is_plainly_unlisted(
            number, first_byte + at, size, masks, shapes, outward, mistakable
        ):
            begin, end = np.int64(offsets[row]) - base, np.int64(offsets[row + 1]) - base
            length, postcode = 0, U(0)
            gap_at, gaps, is_open, may_be_misread = -1, 0, False, False
            is_odd = end - begin > np.int64(_LONGEST)
            if not is_odd:
                for b in range(begin, end):
                    byte = text[b]
                    if worth[byte] == 0:
                        is_odd = is_odd or byte >= 128
                        is_open = length > 0
                        continue
                    if is_open:
                        gaps += 1
                        gap_at = length
                        is_open = False
                    if length == 7:
                        is_odd = True
                        break
                    places[length] = worth[byte]
                    postcode = postcode * BASE + places[length]
                    may_be_misread |= places[length] in (_O, _ZERO, _I, _ONE)
                    length += 1
            is_plain = not is_odd and (gaps == 0 or (gaps == 1 and gap_at == length - 3))
            mended = (
                repaired(postcode, scratch, swappable, units, outward, sectors, slots)
                if is_plain and may_be_misread
                else U(0)
            )
            if mended != U(0):
                number, rule = mended, REPAIRED
                slot = _slot_of(mended, units, outward, sectors)
            elif not (is_plain and _is_well_formed(postcode, places, length)):
                unsettled[left] = row
                left += 1
                continue
        word = slots[slot]
        easting_out[row] = np.int32(word & EAST)
        northing_out[row] = np.int32((word >> NORTH_AT) & NORTH)
        authority_out[row] = np.uint16((word >> AUTHORITY_AT) & AUTHORITY)
        state_out[row] = np.uint8(word >> STATE_AT)
        rule_out[row] = rule
        if wants_keys:
            slot_out[row] = np.int32(slot)
            key_out[row] = number
    return left
