"""The postcode directory as a frame, and looking postcodes up in it."""

from __future__ import annotations

import itertools
import re

import pandas as pd

from transforms.parsers.reading import fold
from transforms.vocabulary import PostcodeStatus

POSTCODE, EASTING, NORTHING, LAD_CODE = "postal_code", "easting", "northing", "lad_code"
IS_STACK, IS_COARSE = "is_stack", "is_coarse"

# Points on whole hundreds of metres stand for a square, not a door.
COARSE_GRID_M = 100
_WELL_FORMED = re.compile(r"[A-Z]{1,2}\d[A-Z\d]? \d[A-Z]{2}")
_SWAPS = {"O": "0", "0": "O", "I": "1", "1": "I"}
_MAX_SWAPPABLE = 6


def prepare_directory(raw: pd.DataFrame, stack_size: int) -> pd.DataFrame:
    """The directory indexed by postcode in standard form.

    ``raw`` has ``postal_code`` (no spaces), ``easting``, ``northing`` (EPSG:27700, metres, missing
    where the directory has none) and ``lad_code`` (GSS). Adds ``is_stack``: at least ``stack_size``
    postcodes share the point, so it is a sorting office and not a place; and ``is_coarse``.
    """
    bare = raw[POSTCODE].str.replace(" ", "")
    directory = raw.assign(**{POSTCODE: bare.str[:-3] + " " + bare.str[-3:]}).set_index(POSTCODE)
    has_point = directory[EASTING].notna()
    on_point = directory.groupby([EASTING, NORTHING])[LAD_CODE].transform("size")
    directory[IS_STACK] = (on_point >= stack_size) & has_point
    directory[IS_COARSE] = (
        has_point & (directory[EASTING] % COARSE_GRID_M == 0) & (directory[NORTHING] % COARSE_GRID_M == 0)
    )
    return directory[~directory.index.duplicated()]


def repaired_postcode(raw: str, directory: pd.DataFrame) -> str | None:
    """The one listed postcode that a cell becomes when O/0 or I/1 are swapped; ``None`` if not one."""
    letters = re.sub(r"[^A-Z0-9]", "", fold(raw).upper())
    if not 5 <= len(letters) <= 7:
        return None
    swappable = [i for i, letter in enumerate(letters) if letter in _SWAPS][:_MAX_SWAPPABLE]
    candidates = set()
    for choice in itertools.product((False, True), repeat=len(swappable)):
        swapped = list(letters)
        for position, is_swapped in zip(swappable, choice, strict=True):
            if is_swapped:
                swapped[position] = _SWAPS[swapped[position]]
        text = "".join(swapped[:-3]) + " " + "".join(swapped[-3:])
        if _WELL_FORMED.fullmatch(text) and text in directory.index:
            candidates.add(text)
    return candidates.pop() if len(candidates) == 1 else None


def postcode_status(postal_code: object, directory: pd.DataFrame) -> PostcodeStatus:
    """What the directory says of a postcode in standard form; missing when there is none."""
    if not isinstance(postal_code, str) or not postal_code:
        return PostcodeStatus.MISSING
    if postal_code not in directory.index:
        return PostcodeStatus.UNKNOWN
    if directory.at[postal_code, IS_STACK]:
        return PostcodeStatus.PO_BOX
    return PostcodeStatus.LISTED
