"""Numbers, dates and lists as a reader of plain British English expects them."""

from __future__ import annotations

import datetime as dt

import pandas as pd

from transforms.schema import LIST_JOINT, Column, Kind

NOT_GIVEN = "not given"

# Words of a column's name that are abbreviations or proper names.
_SPELT = {
    "city": "City", "hhi": "HHI", "hq": "HQ", "id": "ID", "kpi": "KPI", "sen": "SEN", "send": "SEND", "url": "URL",
    "urn": "URN",
}  # fmt: skip

# Stands first on whatever is made from samples.
SAMPLE = "SAMPLE: fictional providers, real postcodes - not fact"
ATTRIBUTION = (
    "Contains OS data © Crown copyright and database right; contains Royal Mail data © Royal Mail copyright and "
    "database right; contains National Statistics data © Crown copyright and database right. "
    "Open Government Licence v3.0."
)


def number(value: float | None) -> str:
    """``7556.0`` as ``7,556``; at most one decimal; what is missing says so."""
    if value is None or pd.isna(value):
        return NOT_GIVEN
    return f"{round(float(value), 1):,.1f}".removesuffix(".0")


def plural(count: int, one: str, many: str = "") -> str:
    """``3 services``, ``1 service``; ``many`` where adding an s is wrong."""
    return f"{number(count)} {one if count == 1 else many or one + 's'}"


def day(value: dt.date) -> str:
    """``23 November 2026``."""
    return f"{value.day} {value:%B %Y}"


def metres(value: float) -> str:
    """A straight-line distance to the nearest ten metres: the points are no better than that."""
    return f"{round(float(value), -1):,.0f} m"


def listed(names: list[str]) -> str:
    """``a, b and c``."""
    return " and ".join(part for part in (", ".join(names[:-1]), *names[-1:]) if part)


def text(value: object) -> str:
    """A cell as text; blank where the frame holds nothing."""
    return "" if value is None or pd.isna(value) else plain(str(value))


def plain(words: str) -> str:
    """Text without control characters and marks that turn the direction of writing."""
    # Nearly every text is printable as it is.
    return words if words.isprintable() else "".join(sign if sign.isprintable() else " " for sign in words)


def label(column: Column, value: object) -> str:
    """A value of a declared column as a reader sees it: codes in words, days and numbers as people write them."""
    words = text(value)
    if not words:
        return ""
    if column.values and column.several:
        return listed([_code(column, part) for part in words.split(LIST_JOINT)])
    if column.values:
        return _code(column, words)
    if column.kind is Kind.DATE:
        return day(pd.Timestamp(str(value)).date())
    if column.kind in (Kind.WHOLE, Kind.NUMBER):
        return number(float(words))
    if column.kind is Kind.FLAG:
        return "yes" if value else "no"
    return words


def _code(column: Column, code: str) -> str:
    """The words of a code; a code without words of its own is its own label."""
    known = column.values is not None and code in [member.value for member in column.values]
    own = getattr(column.values(code), "label", "") if column.values and known else ""
    return own or code.replace("_", " ")


def name_in_words(name: str) -> str:
    """The name of a column as words: ``any_send_possible`` as ``any SEND possible``."""
    return " ".join(_SPELT.get(word, word) for word in name.split("_"))


def sentence(words: str) -> str:
    """With a capital first letter, the rest as it is."""
    return words[:1].upper() + words[1:]
