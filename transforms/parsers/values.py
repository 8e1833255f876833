"""Parsers for single values: whole and decimal numbers, register numbers, property numbers."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.reading import Reading, read_each, unread

VALUE = "value"

_REGISTER = re.compile(
    r"^\s*(?:registered\s+)?(?:charity|company)(?:\s+reg(?:istration|istered)?)?(?:\s+(?:no|number))?[.:]?\s*(?=\S*\d)",
    re.IGNORECASE,
)
_UPRN = re.compile(r"\d{1,12}")
# A count above this is a slip of the keyboard, and too large for a whole-number column.
_MOST = 1_000_000_000


def read_whole_numbers(raw: pd.Series) -> pd.DataFrame:
    """The one whole number in each cell ("12 places"): frame with ``value``. Two numbers stay unread."""

    def read(text: str) -> Reading:
        numbers = re.findall(r"\d+(?:\.\d+)?", text)
        if len(numbers) == 1 and float(numbers[0]).is_integer() and float(numbers[0]) <= _MOST:
            return Reading({VALUE: int(float(numbers[0]))}, "one_number")
        return unread("no_one_number")

    return read_each(raw, read, [VALUE])


def read_numbers(raw: pd.Series) -> pd.DataFrame:
    """Decimal numbers such as coordinates: frame with ``value``."""

    def read(text: str) -> Reading:
        try:
            return Reading({VALUE: float(text)}, "number")
        except ValueError:
            return unread("not_a_number")

    return read_each(raw, read, [VALUE])


def read_register_numbers(raw: pd.Series, pattern: str, width: int) -> pd.DataFrame:
    """Register numbers (charity, company) with leading zeros restored: frame with ``value``.

    The name of the register may stand before the number: "Registered charity 1234567".
    """

    def read(text: str) -> Reading:
        number = re.sub(r"\s", "", _REGISTER.sub("", text)).upper().removesuffix(".0")
        padded = number.zfill(width) if number.isdigit() else number
        if re.fullmatch(pattern, padded):
            return Reading({VALUE: padded}, "register_number")
        return unread("not_a_register_number")

    return read_each(raw, read, [VALUE])


def read_uprns(raw: pd.Series) -> pd.DataFrame:
    """Unique property reference numbers: frame with ``value``."""

    def read(text: str) -> Reading:
        number = text.strip().removesuffix(".0")
        return Reading({VALUE: number}, "uprn") if _UPRN.fullmatch(number) else unread("not_a_uprn")

    return read_each(raw, read, [VALUE])
