"""Postcodes out of words: a cell, an address, a remark. What the directory says of them comes later."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import pandas as pd

from transforms.parsers.reading import Reading, fold, is_blank, read_each, unread

VALUE = "value"

# The shapes Royal Mail has used: A9 A99 A9A AA9 AA99 AA9A, and two of the past (Newport, Girobank).
OUTWARD = r"(?:[A-Z]{1,2}\d[A-Z\d]?|NPT|GIR)"
INWARD = r"\d[A-Z]{2}"
STANDARD_FORM = f"^{OUTWARD} {INWARD}$"

_BARE = re.compile(f"({OUTWARD})({INWARD})")
# Only spacing may part the halves here: "Unit E1, 2nd floor" holds no postcode.
_IN_WORDS = re.compile(rf"(?<!\w)({OUTWARD})\s*({INWARD})(?!\w)")
_OUTWARD_LAST = re.compile(rf"(?:^|[\s,])({OUTWARD})$")
_SECTOR_LAST = re.compile(rf"(?:^|[\s,])({OUTWARD})(?:\s+|(?<=[A-Z]))\d$")
_MARKS_WITHIN = re.compile(r"[-.·_'\"`*]")
_NOT_PLAIN = re.compile(r"[^A-Z0-9]")

# Words that people write where a postcode should be, beyond those that blank any cell.
_NO_POSTCODE = frozenset(
    {
        "no postcode", "not known", "not given", "not applicable", "to be confirmed", "to be advised",
        "n/k", "nil", "various", "various venues", "online", "virtual", "no fixed address", "unavailable",
    }
)  # fmt: skip


class PostcodeRule(StrEnum):
    """How a cell became a postcode, or why it did not."""

    MISSING = "missing"
    STANDARD = "standard_form"
    REPAIRED = "letter_and_digit_swapped"
    IN_WORDS = "found_in_words"
    SEVERAL = "several_postcodes"
    OUTWARD = "outward_code_only"
    SECTOR = "sector_only"
    NOT_ONE = "not_a_postcode"


def visible(text: str) -> str:
    """Text in capitals, compatibility forms (full width) evened out, characters nobody sees removed."""
    seen = "".join(
        letter for letter in text if unicodedata.category(letter) not in {"Cf", "Cc"} or letter.isspace()
    )
    return fold(seen).upper()


def bare(text: str) -> str:
    """The letters and digits of a text alone."""
    return _NOT_PLAIN.sub("", visible(text))


def find_postcode(text: str) -> tuple[str, PostcodeRule]:
    """The postcode a text holds, without its space, and by which rule; ``""`` when it holds none.

    An outward code or a sector alone is not a postcode: both can lie on two sides of a border. Two
    different postcodes give none, since nothing says which is meant.
    """
    shown = visible(text)
    if is_blank(shown) or shown.casefold() in _NO_POSTCODE or not any(c.isalnum() for c in shown):
        return "", PostcodeRule.MISSING
    spaced = _MARKS_WITHIN.sub(" ", shown)
    found = sorted({"".join(halves) for halves in _IN_WORDS.findall(spaced)})
    if len(found) > 1:
        return "", PostcodeRule.SEVERAL
    alone = _NOT_PLAIN.sub("", shown) if shown.isascii() else ""
    if found:
        return found[0], PostcodeRule.STANDARD if alone == found[0] else PostcodeRule.IN_WORDS
    if _BARE.fullmatch(alone):
        return alone, PostcodeRule.STANDARD
    if _SECTOR_LAST.search(spaced.strip()):
        return "", PostcodeRule.SECTOR
    if _OUTWARD_LAST.search(spaced.strip()):
        return "", PostcodeRule.OUTWARD
    return "", PostcodeRule.NOT_ONE


def standard_form(postcode: str) -> str:
    """A bare postcode with the one space before its inward code."""
    return f"{postcode[:-3]} {postcode[-3:]}" if postcode else ""


def read_postcodes(raw: pd.Series) -> pd.DataFrame:
    """Postcodes in standard form, out of a cell or an address: frame with ``value``.

    By shape alone: whether the directory lists them is asked when a venue is placed.
    """

    def read(text: str) -> Reading:
        postcode, rule = find_postcode(text)
        return Reading({VALUE: standard_form(postcode)}, rule.value) if postcode else unread(rule.value)

    return read_each(raw, read, [VALUE])
