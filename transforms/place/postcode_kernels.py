"""The inner loops of postcode lookup, compiled by numba: no Python object is touched in them.

Import this module inside the function that needs it: numba costs half a second of a process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

from transforms.parsers.postcodes import PostcodeRule
from transforms.place import postcode_directory as directory
from transforms.place import postcode_key as key
from transforms.place.machine_words import eight_bytes_at, fetch_ahead

U = np.uint64
RULES = tuple(PostcodeRule)
STANDARD, REPAIRED = (
    np.uint8(RULES.index(PostcodeRule.STANDARD)),
    np.uint8(RULES.index(PostcodeRule.REPAIRED)),
)
LONGEST = U(key.LONGEST_ALONE)
_HIGH_MASKS = U(key.LONGEST_ALONE + 1)
# So many rows at a time: while the keys of one block are worked out, the slots of the block before
# are fetched, so that the reads of memory hide behind arithmetic.
BLOCK = 256

_ALL = ~U(0)
_PAIR, _FACTOR, _ADDED = U(0xFFFF), np.uint32(0xFFFF), np.uint32(16)
_NOT_ASCII = U(0x8080808080808080)
_INWARD, _OUTWARD = U(key.INWARD_SPAN), U(key.OUTWARD_SPAN)
_UNIT_BITS, _NO_UNIT = U(key.UNIT_BITS), U(key.NO_UNIT)
_SECTORS, _UNITS = U(key.SECTORS_AN_OUTWARD), U(key.UNITS_A_SECTOR)
_EAST, _NORTH = U(2**directory.EASTING_BITS - 1), U(2**directory.NORTHING_BITS - 1)
_NORTH_AT, _AUTHORITY_AT = U(directory.NORTHING_SHIFT), U(directory.AUTHORITY_SHIFT)
_AUTHORITY = U(2**directory.AUTHORITY_BITS - 1)
_STATE_AT = U(directory.STATE_SHIFT)
_TERMINATED = U(directory.IS_TERMINATED)
_BASE = U(key.BASE)
_LAST_DIGIT = U(len(key.DIGITS))

# Worth of the letters and digits that are taken for one another.
_O, _ZERO = U(key.key_of("O")), U(key.key_of("0"))
_I, _ONE = U(key.key_of("I")), U(key.key_of("1"))
_MOST_SWAPS = 6
_NPT, _GIR = U(key.key_of("NPT")), U(key.key_of("GIR"))


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy", inline="always")
def _slot_of(postcode, units, outward, sectors):  # type: ignore[no-untyped-def]
    """Slot number of a key, 0 for none. Every read stays within its table, whatever the key."""
    spelling = postcode // _INWARD
    unit = U(units[postcode - spelling * _INWARD])
    number = U(outward[min(spelling, _OUTWARD)])
    sector = U(sectors[number * _SECTORS + (unit >> _UNIT_BITS)])
    within = unit & _NO_UNIT
    # The first sector is empty, so its slots stand for nothing.
    return sector * _UNITS * U(within != _NO_UNIT) + within * U(within != _NO_UNIT)


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def find(  # type: ignore[no-untyped-def]
    offsets, first_byte, valid, valid_from, has_nulls, masks, steps, units, outward, sectors, slots, first_slot,
    slot_out, easting_out, northing_out, authority_out, state_out, key_out, wants_keys, unsettled, start, stop,
):  # fmt: skip
    """Look up rows ``start`` to ``stop`` and fill the outputs; returns how many rows are not settled.

    ``first_byte`` is the address of the text's bytes, of which twelve from any row's start may be read;
    ``first_slot`` that of the slots. A row that is neither listed nor blank goes to ``unsettled``.
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
            high &= masks[length + _HIGH_MASKS]
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
            is_odd = is_long | (((low | high) & _NOT_ASCII) != U(0))
            keys[j] = _ALL if is_odd else number
        done = row - before
        for j in range(before):
            word = slots[ahead[j]]
            state = np.uint8(word >> _STATE_AT)
            easting_out[done + j] = np.int32(word & _EAST)
            northing_out[done + j] = np.int32((word >> _NORTH_AT) & _NORTH)
            authority_out[done + j] = np.uint16((word >> _AUTHORITY_AT) & _AUTHORITY)
            state_out[done + j] = state
            unsettled[left] = done + j
            left += (state == 0) & (looked[j] != U(0))
        if wants_keys:
            for j in range(before):
                slot_out[done + j] = np.int32(ahead[j])
                key_out[done + j] = looked[j]
        if rows <= 0:
            return left
        for j in range(rows):
            looked[j] = keys[j]
            ahead[j] = _slot_of(keys[j], units, outward, sectors)
        before = rows
        row += rows


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def repaired(postcode, places, swappable, units, outward, sectors, slots):  # type: ignore[no-untyped-def]
    """Key of the one postcode in use that O/0 and I/1 swaps give; 0 when there is none or several.

    ``places`` (uint64) and ``swappable`` (int64) are room to work in, eight of each.
    """
    length, count = 0, 0
    rest = postcode
    while rest > U(0):
        worth = rest % _BASE
        rest = rest // _BASE
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
            other = other * _BASE + worth
        word = slots[_slot_of(other, units, outward, sectors)]
        if word != U(0) and not (word >> _STATE_AT) & _TERMINATED:
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


@njit(cache=True, nogil=True, boundscheck=False, error_model="numpy")
def settle(  # type: ignore[no-untyped-def]
    offsets, text, base, worth, units, outward, sectors, slots, unsettled, count,
    slot_out, easting_out, northing_out, authority_out, state_out, key_out, wants_keys, rule_out,
):  # fmt: skip
    """Decide short rows that are not listed: unknown, or repaired. Returns how many only words can settle.

    Those rows move to the front of ``unsettled``. A row is unknown when it has the shape of a postcode and
    no gap but the one before its inward code.
    """
    left = 0
    places = np.zeros(8, np.uint64)
    scratch, swappable = np.zeros(8, np.uint64), np.zeros(8, np.int64)
    for i in range(count):
        row = unsettled[i]
        begin, end = np.int64(offsets[row]) - base, np.int64(offsets[row + 1]) - base
        length, postcode = 0, U(0)
        gap_at, gaps, is_open, may_be_misread = -1, 0, False, False
        is_odd = end - begin > np.int64(LONGEST)
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
                postcode = postcode * _BASE + places[length]
                may_be_misread |= places[length] in (_O, _ZERO, _I, _ONE)
                length += 1
        is_plain = not is_odd and (gaps == 0 or (gaps == 1 and gap_at == length - 3))
        mended = (
            repaired(postcode, scratch, swappable, units, outward, sectors, slots)
            if is_plain and may_be_misread
            else U(0)
        )
        if mended != U(0):
            slot = _slot_of(mended, units, outward, sectors)
            word = slots[slot]
            easting_out[row] = np.int32(word & _EAST)
            northing_out[row] = np.int32((word >> _NORTH_AT) & _NORTH)
            authority_out[row] = np.uint16((word >> _AUTHORITY_AT) & _AUTHORITY)
            state_out[row] = np.uint8(word >> _STATE_AT)
            rule_out[row] = REPAIRED
            if wants_keys:
                slot_out[row] = np.int32(slot)
                key_out[row] = mended
        elif is_plain and _is_well_formed(postcode, places, length):
            rule_out[row] = STANDARD
        else:
            unsettled[left] = row
            left += 1
    return left


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
        span = _BASE * _BASE * _BASE * _BASE * _BASE
        while postcode >= span:
            length += 1
            span *= _BASE
        place = at + length
        for j in range(length):
            text[place] = characters[postcode % _BASE]
            postcode = postcode // _BASE
            place -= 1
            if j == 2:
                text[place] = np.uint8(32)
                place -= 1
        at += length + 1
    offsets[len(keys)] = at
    return at
