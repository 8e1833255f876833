"""Postcodes out of words: a cell, an address, a remark. What the directory says of them comes later."""

from __future__ import annotations

import re
import unicodedata
from enum import StrEnum

import pandas as pd

from transforms.parsers.reading import MISSING, Reading, fold, is_blank, read_each, unread

VALUE = "value"

# The shapes Royal Mail has used: A9 A99 A9A AA9 AA99 AA9A, and two of the past (Newport, Girobank). Digits
# are spelt out: "\d" would take those of every script.
OUTWARD = r"(?:[A-Z]{1,2}[0-9][A-Z0-9]?|NPT|GIR)"
INWARD = r"[0-9][A-Z]{2}"
STANDARD_FORM = f"^{OUTWARD} {INWARD}$"

_BARE = re.compile(f"{OUTWARD}{INWARD}")
# "Unit E1 2nd floor" names a storey, though E1 2ND is a postcode too.
_STOREY = r"(?:1ST|2ND|3RD|[04-9]TH)\s+(?:FLOOR|FLR?|LEVEL|STOREY)\b"
# Only spacing may part the halves here: "Unit E1, 2nd floor" holds no postcode. An accent makes another letter.
_IN_WORDS = re.compile(rf"(?<!\w)({OUTWARD})\s*(?!{_STOREY})({INWARD})(?![\w\u0300-\u036f])")
# Royal Mail gives no unit these letters: "E1 6PM" is a time, where a real postcode stands beside it.
_NO_UNIT = re.compile(r"[CIKMO]")
_OUTWARD_LAST = re.compile(rf"(?:^|[\s,])({OUTWARD})$")
_SECTOR_LAST = re.compile(rf"(?:^|[\s,])({OUTWARD})(?:\s+|(?<=[A-Z]))[0-9]$")
_MARKS_WITHIN = re.compile(r"[-.·_'\"`*]")
_DOT_BETWEEN = re.compile(r"(?<=[A-Z0-9])\.(?=[A-Z0-9])")
_NOT_PLAIN = re.compile(r"[^A-Z0-9]")
_AT_THE_EDGES = " .,;:!?()[]{}<>/\\|#*\"'`_=+-"

# Nobody sees these: control characters, and what Unicode calls fillers, joiners and variation selectors.
_UNSEEN_ASCII = re.compile(r"[\x00-\x08\x0e-\x1b\x7f]")
_UNSEEN = frozenset("\u034f\u115f\u1160\u3164\uffa0") | frozenset(map(chr, range(0xFE00, 0xFE10)))

# Words that people write where a postcode should be, beyond those that blank any cell.
_NO_POSTCODE = frozenset(
    {
        "no postcode", "not known", "not yet known", "not given", "not provided", "not supplied", "not stated",
        "not available", "not applicable", "to be confirmed", "to be advised", "to be announced", "n/k", "nil",
        "nan", "various", "various venues", "various locations", "multiple venues", "online", "virtual",
        "remote", "zoom", "by phone", "telephone", "no fixed address", "unavailable",
    }
)  # fmt: skip
_LONGEST_WORDS = 24


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
    """Text in capitals, compatibility forms (full width) and dashes evened out, what nobody sees removed."""
    if text.isascii():
        return fold(_UNSEEN_ASCII.sub("", text)).upper()
    return fold("".join(map(_seen, text))).upper()


def _seen(character: str) -> str:
    kind = unicodedata.category(character)
    if kind == "Pd":
        return "-"
    is_unseen = kind in ("Cf", "Cc") or character in _UNSEEN
    return "" if is_unseen and not character.isspace() else character


def bare(shown: str) -> str:
    """The letters and digits of a visible text alone; ``""`` where some are not of our alphabet.

    A Cyrillic letter that looks like ours makes another word, not a postcode with a letter missing.
    """
    if not shown.isascii() and any(ord(c) > 127 and unicodedata.category(c)[0] in "LMN" for c in shown):
        return ""
    return _NOT_PLAIN.sub("", shown)


def find_postcode(text: str) -> tuple[str, PostcodeRule]:
    """The postcode a text holds, without its space, and by which rule; ``""`` when it holds none.

    An outward code or a sector alone is not a postcode: both can lie on two sides of a border. Two
    different postcodes give none, since nothing says which is meant.
    """
    shown = visible(text)
    trimmed = shown.strip(_AT_THE_EDGES)
    if _says_nothing(trimmed):
        return "", PostcodeRule.MISSING
    alone = bare(shown)
    if _BARE.fullmatch(alone):
        return alone, PostcodeRule.STANDARD
    spaced, closed = (_MARKS_WITHIN.sub(" ", form) for form in (trimmed, _DOT_BETWEEN.sub("", trimmed)))
    found = _in_words(spaced) or _in_words(closed)
    if found:
        return (found[0], PostcodeRule.IN_WORDS) if len(found) == 1 else ("", PostcodeRule.SEVERAL)
    for form in (spaced, closed):
        if _SECTOR_LAST.search(form):
            return "", PostcodeRule.SECTOR
        if _OUTWARD_LAST.search(form):
            return "", PostcodeRule.OUTWARD
    return "", PostcodeRule.NOT_ONE


def _says_nothing(trimmed: str) -> bool:
    """Whether what is left without its edges is nothing, or a word or two that stand for nothing."""
    said = trimmed.casefold()
    if len(said) > _LONGEST_WORDS:
        return not any(c.isalnum() for c in said)
    return said in _NO_POSTCODE or is_blank(said.replace(".", "")) or not any(c.isalnum() for c in said)


def _in_words(spaced: str) -> list[str]:
    """The different postcodes among words, sorted."""
    found = {"".join(halves) for halves in _IN_WORDS.findall(spaced)}
    return sorted({code for code in found if not _NO_UNIT.search(code[-2:])} or found)


def standard_form(postcode: str) -> str:
    """A bare postcode with the one space before its inward code."""
    return f"{postcode[:-3]} {postcode[-3:]}" if postcode else ""


def read_postcodes(raw: pd.Series) -> pd.DataFrame:
    """Postcodes in standard form, out of a cell or an address: frame with ``value``.

    By shape alone: whether the directory lists them is asked when a venue is placed.
    """

    def read(text: str) -> Reading:
        postcode, rule = find_postcode(text)
        if rule is PostcodeRule.MISSING:
            return MISSING
        return Reading({VALUE: standard_form(postcode)}, rule.value) if postcode else unread(rule.value)

    return read_each(raw, read, [VALUE])
