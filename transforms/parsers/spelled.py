"""Numbers in words as figures: "five to eleven" → "5 to 11", "eighteenth" → "18th"."""

from __future__ import annotations

import re

_ONES = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
_ORDINALS = [
    "zeroth", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth",
    "eleventh", "twelfth", "thirteenth", "fourteenth", "fifteenth", "sixteenth", "seventeenth", "eighteenth",
    "nineteenth",
]  # fmt: skip
_TENS = {
    "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "seventy": 70, "eighty": 80, "ninety": 90,
}  # fmt: skip
_CARDINAL_OF = {word: str(number) for number, word in enumerate(_ONES)} | {
    f"{word}{'es' if word.endswith('x') else 's'}": f"{number}s"
    for number, word in enumerate(_ONES)
    if number > 1
}
_ENDINGS = {1: "st", 2: "nd", 3: "rd"}
_ORDINAL_OF = {word: f"{number}{_ENDINGS.get(number, 'th')}" for number, word in enumerate(_ORDINALS)}

_TENS_PATTERN = re.compile(rf"\b({'|'.join(_TENS)})(?:[ -]({'|'.join(_ONES[1:10])}))?\b")
_CARDINAL_PATTERN = re.compile(rf"\b(?:{'|'.join(_CARDINAL_OF)})\b")
_ORDINAL_PATTERN = re.compile(rf"\b(?:{'|'.join(_ORDINAL_OF)})\b")


def cardinals_as_figures(text: str) -> str:
    """Folded text with "five" as "5" and "twenty-five" as "25"."""
    text = _TENS_PATTERN.sub(lambda m: str(_TENS[m[1]] + (_ONES.index(m[2]) if m[2] else 0)), text)
    return _CARDINAL_PATTERN.sub(lambda m: _CARDINAL_OF[m[0]], text)


def ordinals_as_figures(text: str) -> str:
    """Folded text with "first" as "1st" and "eighteenth" as "18th"."""
    return _ORDINAL_PATTERN.sub(lambda m: _ORDINAL_OF[m[0]], text)
