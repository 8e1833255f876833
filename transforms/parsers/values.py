"""Parsers for single values: dates, whole numbers, postcodes, contacts, register numbers."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime
from urllib.parse import urlsplit

import pandas as pd
import phonenumbers

from transforms.parsers.reading import (
    CONFIDENCE,
    MISSING_RULE,
    RULE,
    STATUS,
    Reading,
    read_each,
    unread,
)
from transforms.separator import LIST_SEPARATOR
from transforms.vocabulary import ParseStatus

VALUE = "value"

_ISO_DATE = re.compile(r"(\d{4}-\d{2}-\d{2})(?:[T ]\d{2}:\d{2}.*)?")
_REGISTER = re.compile(
    r"^\s*(?:registered\s+)?(?:charity|company)(?:\s+reg(?:istration|istered)?)?(?:\s+(?:no|number))?[.:]?\s*(?=\S*\d)",
    re.IGNORECASE,
)
_UPRN = re.compile(r"\d{1,12}")
# A count above this is a slip of the keyboard, and too large for a whole-number column.
_MOST = 1_000_000_000


def read_dates(raw: pd.Series, date_format: str) -> pd.DataFrame:
    """Dates in the source's declared format, or ISO 8601: frame with ``value`` (ISO text).

    A date that the format does not fit is set aside: 01/02/26 is never guessed.
    """

    def read(text: str) -> Reading:
        stripped = text.strip()
        if iso := _ISO_DATE.fullmatch(stripped):
            stripped, layout, rule = iso[1], "%Y-%m-%d", "iso_date"
        else:
            layout, rule = date_format, "declared_format"
        try:
            return Reading({VALUE: datetime.strptime(stripped, layout).date().isoformat()}, rule)
        except ValueError:
            return Reading(rule="impossible_date", confidence=0.0, status=ParseStatus.QUARANTINE)

    return read_each(raw, read, [VALUE])


def read_last_dates(raw: pd.Series, date_format: str) -> pd.DataFrame:
    """The last of several dates in one cell, each as ``read_dates``; open-ended when one is blank."""
    lists = raw.fillna("").str.split(LIST_SEPARATOR)
    return _of_several(lists, raw.index, date_format, max)


def read_first_dates(raw: pd.Series, date_format: str) -> pd.DataFrame:
    """The first of several dates in one cell, each as ``read_dates``; unknown when one is blank."""
    lists = raw.fillna("").str.split(LIST_SEPARATOR)
    return _of_several(lists, raw.index, date_format, min)


def _of_several(
    lists: pd.Series, index: pd.Index, date_format: str, pick: Callable[[list[str]], str]
) -> pd.DataFrame:
    each = read_dates(lists.explode(), date_format)
    rows = []
    for _, part in each.groupby(level=0, sort=False):
        worst = part[part[STATUS].eq(ParseStatus.QUARANTINE)]
        if len(worst):
            rows.append(worst.iloc[0].to_dict())
        elif part[VALUE].isna().any():
            rows.append({VALUE: None, STATUS: ParseStatus.PARSED.value, RULE: MISSING_RULE, CONFIDENCE: 1.0})
        else:
            rows.append({**part.iloc[0].to_dict(), VALUE: pick(part[VALUE].tolist())})
    return pd.DataFrame(rows, index=index, columns=each.columns)


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


def read_phones(raw: pd.Series) -> pd.DataFrame:
    """Telephone numbers in international form: frame with ``value``."""

    def read(text: str) -> Reading:
        try:
            number = phonenumbers.parse(text, "GB")
        except phonenumbers.NumberParseException:
            return unread("not_a_phone")
        if not phonenumbers.is_possible_number(number):
            return unread("not_a_phone")
        shown = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
        return Reading({VALUE: shown}, "phonenumbers")

    return read_each(raw, read, [VALUE])


def read_role_emails(raw: pd.Series, roles: frozenset[str]) -> pd.DataFrame:
    """Mailboxes of a role ("info@", "bookings@"): frame with ``value``.

    A person's own address is personal data: it is left unread, so it is never published.
    """
    # "shortbreaksteam" is made of roles; "postlethwaite" only starts with one.
    of_roles = re.compile("(?:" + "|".join(map(re.escape, sorted(roles))) + r")+\d*")

    def read(text: str) -> Reading:
        local, at, host = text.strip().casefold().partition("@")
        if not at or "." not in host or re.search(r"\s", host):
            return unread("not_an_email")
        if any(of_roles.fullmatch(word) for word in re.split(r"[._\-+]", local)):
            return Reading({VALUE: f"{local}@{host}"}, "role_mailbox")
        return unread("personal_mailbox")

    return read_each(raw, read, [VALUE])


def read_websites(raw: pd.Series) -> pd.DataFrame:
    """Web addresses over http or https: frame with ``value``. Any other scheme is dropped."""

    def read(text: str) -> Reading:
        address = text.strip()
        if "://" not in address and ":" not in address.split("/")[0]:
            address = f"https://{address}"
        try:
            parts = urlsplit(address)
        except ValueError:
            return unread("not_a_web_address")
        if (
            parts.scheme.lower() in {"http", "https"}
            and "." in parts.netloc
            and not re.search(r"\s|[<>\"']", address)
        ):
            return Reading({VALUE: address}, "web_address")
        return unread("not_a_web_address")

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
