"""The inner loop that follows the cells and rows of a CSV, compiled by numba.

Import this module inside the function that needs it: numba costs half a second of a process.
"""

from __future__ import annotations

import numpy as np
from numba import njit

QUOTE, LINE_FEED, RETURN = ord('"'), ord("\n"), ord("\r")
_AT_START, _PLAIN, _QUOTED, _AFTER_QUOTE = range(4)


@njit(cache=True, nogil=True, boundscheck=False)
def walk(text, delimiter, line_end, columns, records_wanted):  # type: ignore[no-untyped-def]
    """Follow the bytes of a CSV from the start of a row.

    Returns, as an array: where the last row that ``line_end`` ends is over; the first byte that may not follow
    a closing quotation mark, or -1; where the cell begins whose quotation mark is still open at the end, or
    -1; rows, empty ones among them; records, which are rows that hold something (any row where there is one
    column); where the first record begins that has not so many cells as ``columns``, or -1, and how many it
    has. Stops after ``records_wanted`` records, unless it is negative.
    """
    state, over, broken, opened = _AT_START, 0, -1, -1
    rows, records, begin, cells, ragged, ragged_cells = 0, 0, 0, 1, -1, 0
    size = len(text)
    for at in range(size):
        letter = text[at]
        if state == _QUOTED:
            if letter == QUOTE:
                state = _AFTER_QUOTE
            continue
        if letter == QUOTE:
            # Within plain text a quotation mark is a character like any other: 5" pipe.
            if state == _AT_START:
                state, opened = _QUOTED, at
            elif state == _AFTER_QUOTE:
                state = _QUOTED
        elif letter == delimiter:
            state = _AT_START
            cells += 1
        elif letter == LINE_FEED or (letter == RETURN and not (at + 1 < size and text[at + 1] == LINE_FEED)):
            rows += 1
            length = at - begin
            if letter == LINE_FEED and length and text[at - 1] == RETURN:
                length -= 1
            if length or columns == 1:
                records += 1
                if cells != columns and ragged < 0:
                    ragged, ragged_cells = begin, cells
            state, begin, cells = _AT_START, at + 1, 1
            # A return at the very end may be the first half of a line break.
            if letter == line_end and (letter == LINE_FEED or at + 1 < size):
                over = at + 1
            if records == records_wanted:
                break
        elif letter == RETURN:
            # The first half of a line break.
            state = _PLAIN if state != _AFTER_QUOTE else state
        elif state == _AFTER_QUOTE:
            broken = at
            break
        else:
            state = _PLAIN
    if state != _QUOTED:
        opened = -1
    return np.array([over, broken, opened, rows, records, ragged, ragged_cells], np.int64)
