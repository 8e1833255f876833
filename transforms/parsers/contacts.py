"""Ways to reach a provider: telephones, role mailboxes, web addresses. Never a person."""

from __future__ import annotations

import re
import unicodedata
from decimal import Decimal
from urllib.parse import urlsplit, urlunsplit

import pandas as pd
import phonenumbers
from phonenumbers import Leniency, PhoneNumber, PhoneNumberFormat, PhoneNumberMatcher

from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.separator import LIST_SEPARATOR
from transforms.vocabulary import ParseStatus

VALUE = "value"

_REGION = "GB"
# Ofcom keeps these for drama: nobody answers, and samples and examples use them. Most of what it keeps
# lies in ranges that are in use.
_FOR_DRAMA = re.compile(r"7700900\d{3}|1632960\d{3}")
# A number that a spreadsheet took for a figure: the zero in front is gone, ".0" may stand behind.
_FIGURE = re.compile(r"([1-9]\d{8,11})|([1-9](?:\.\d+)?e\+?\d{1,2})")
_FRACTION = re.compile(r"(?<=^\d{9})(\d{0,3})\.0+$")
_LETTERS_FOR_DIGITS = str.maketrans({"o": "0", "i": "1", "l": "1"})
_LETTERS_AMONG_DIGITS = re.compile(r"\b[\doil]*\d[\doil]*\b")
_BETWEEN_NUMBERS = re.compile(rf"[\n\r{LIST_SEPARATOR}]")
# Words around a number that add nothing to it.
_LABELS = frozenset(
    {
        "tel", "telephone", "phone", "t", "p", "m", "mob", "mobile", "cell", "landline", "office", "main", "line",
        "number", "no", "num", "call", "ring", "text", "us", "on", "uk", "gb", "direct", "switchboard", "whatsapp",
    }
)  # fmt: skip
_ADDRESS = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def read_phones(raw: pd.Series) -> pd.DataFrame:
    """Telephone numbers in international form: frame with ``value``. Nothing else of a cell is kept.

    Of several numbers the first is read, and the rest makes the reading partial. A number that no range
    in use holds stays unread.
    """
    return read_each(raw, _read_phone, [VALUE])


def _read_phone(raw: str) -> Reading:
    text = _FRACTION.sub(r"\1", fold(_BETWEEN_NUMBERS.sub("; ", raw)))
    if any(sign.isdigit() and not sign.isascii() for sign in text):
        return unread("digits_of_another_script")
    if figure := _FIGURE.fullmatch(text):
        return _read_figure(figure[1] or _written_out(figure[2]))
    found = _numbers_in(text)
    if not found:
        mended = _LETTERS_AMONG_DIGITS.sub(lambda word: word[0].translate(_LETTERS_FOR_DIGITS), text)
        found = _numbers_in(mended) if mended != text else []
        return _phone(found[0].number, "letter_for_digit", 0.7) if len(found) == 1 else unread("not_a_phone")
    first = found[0]
    if len({_shown(match.number) for match in found}) > 1:
        return _phone(first.number, "several_numbers", 0.9, ParseStatus.PARTIAL)
    around = text
    for match in reversed(found):
        around = f"{around[: match.start]} {around[match.end :]}"
    words = re.findall(r"\w+", around)
    if "?" in around:
        return _phone(first.number, "doubtful_number", 0.5, ParseStatus.PARTIAL)
    if not words:
        return _phone(first.number, "whole_cell", 1.0)
    is_whole = all(word in _LABELS for word in words)
    status = ParseStatus.PARSED if is_whole else ParseStatus.PARTIAL
    return _phone(first.number, "number_in_words", 0.9, status)


def _numbers_in(text: str) -> list[phonenumbers.PhoneNumberMatch]:
    return [m for m in PhoneNumberMatcher(text, _REGION, Leniency.POSSIBLE) if _is_used(m.number)]


def _read_figure(digits: str) -> Reading:
    """A number without its plus or its first zero: both are put back where that gives a number in use."""
    for front, rule in (("0", "leading_zero_restored"), ("+", "plus_restored")):
        try:
            number = phonenumbers.parse(front + digits, _REGION)
        except phonenumbers.NumberParseException:
            continue
        if _is_used(number) and number.country_code == phonenumbers.country_code_for_region(_REGION):
            return _phone(number, rule, 0.8)
    return unread("not_a_phone")


def _written_out(scientific: str) -> str:
    """Every digit of 2.079460123e9; nothing when digits were rounded away."""
    number = Decimal(scientific)
    exponent = number.as_tuple().exponent
    is_whole = isinstance(exponent, int) and exponent in (0, -1)
    return str(int(number)) if is_whole else ""


def _is_used(number: PhoneNumber) -> bool:
    if phonenumbers.is_valid_number(number):
        return True
    is_british = number.country_code == phonenumbers.country_code_for_region(_REGION)
    return is_british and bool(_FOR_DRAMA.fullmatch(str(number.national_number)))


def _shown(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL)


def _phone(
    number: PhoneNumber, rule: str, confidence: float, status: ParseStatus = ParseStatus.PARSED
) -> Reading:
    return Reading({VALUE: _shown(number)}, rule, confidence, status)


def read_role_emails(raw: pd.Series, roles: frozenset[str]) -> pd.DataFrame:
    """Mailboxes of a role ("info@", "bookings@"): frame with ``value``.

    A person's own address is personal data: it is left unread, so it is never published.
    """
    # "shortbreaksteam" is made of roles; "postlethwaite" only starts with one.
    of_roles = re.compile("(?:" + "|".join(map(re.escape, sorted(roles))) + r")+\d*")

    def is_of_a_role(address: str) -> bool:
        local, _, host = address.partition("@")
        words = [word for word in re.split(r"[._\-+]", local) if word]
        are_roles = [bool(of_roles.fullmatch(word)) for word in words]
        # "info.city" begins with its role. "jo.bookings" does not: Jo is somebody, unless the host is hers too.
        return bool(words) and (
            are_roles[0]
            or (
                any(are_roles)
                and all(is_role or word in host for word, is_role in zip(words, are_roles, strict=True))
            )
        )

    def read(text: str) -> Reading:
        addresses = _ADDRESS.findall(unicodedata.normalize("NFKC", text).casefold())
        if not addresses:
            return unread("not_an_email")
        of_a_role = [address for address in addresses if is_of_a_role(address)]
        return Reading({VALUE: of_a_role[0]}, "role_mailbox") if of_a_role else unread("personal_mailbox")

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
            and "@" not in parts.netloc
            and not re.search(r"\s|[<>\"']", address)
        ):
            return Reading({VALUE: urlunsplit(parts._replace(netloc=parts.netloc.lower()))}, "web_address")
        return unread("not_a_web_address")

    return read_each(raw, read, [VALUE])
