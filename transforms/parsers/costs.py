"""Prices in pounds, what they buy, and what is free."""

from __future__ import annotations

import re
from itertools import zip_longest

import pandas as pd

from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.separator import LIST_SEPARATOR
from transforms.tables import CostOption
from transforms.vocabulary import CostUnit

OPTIONS = "options"

_PER = r"(?:\s*(?:(?:per|an?|each)\b|/|p)\s*([a-z]+))?"
_AMOUNT = re.compile(r"£\s?(\d{1,4}(?:,\d{3})*(?:\.\d{1,2})?)" + _PER)
_BARE = re.compile(r"(\d{1,4}(?:\.\d{1,2})?)" + _PER)
_FREE = re.compile(r"\bfree\b|\bnil\b|\bno (?:charge|cost)\b|£0(?:\.00)?(?!\d|\.)")
_UNITS = {
    "h": CostUnit.HOUR, "hr": CostUnit.HOUR, "hour": CostUnit.HOUR, "hourly": CostUnit.HOUR,
    "session": CostUnit.SESSION, "class": CostUnit.SESSION, "visit": CostUnit.SESSION, "time": CostUnit.SESSION,
    "day": CostUnit.DAY, "daily": CostUnit.DAY, "week": CostUnit.WEEK, "wk": CostUnit.WEEK, "w": CostUnit.WEEK,
    "year": CostUnit.YEAR, "annum": CostUnit.YEAR, "yr": CostUnit.YEAR,
}  # fmt: skip


def read_costs(raw: pd.Series) -> pd.DataFrame:
    """Prices in each cell: frame with ``options``, a tuple of dicts of CostOption's columns.

    "Free / £5" is two options. Words without a price ("POA", "donation") stay unread.
    """
    return read_each(raw, _read, [OPTIONS])


def read_cost_columns(amounts: pd.Series, units: pd.Series) -> pd.DataFrame:
    """Prices in parallel lists of amounts and of what they buy: frame as ``read_costs``."""
    rows = [
        "; ".join(
            f"£{amount} {unit if unit.startswith('per') else 'per ' + unit}".strip()
            for amount, unit in zip_longest(
                str(a).split(LIST_SEPARATOR), str(u).split(LIST_SEPARATOR), fillvalue=""
            )
            if amount
        )
        for a, u in zip(amounts.fillna(""), units.fillna(""), strict=True)
    ]
    return read_costs(pd.Series(rows, index=amounts.index, dtype="str"))


def _read(raw: str) -> Reading:
    text = fold(raw)
    options = [] if not _FREE.search(text) else [_option(0.0, "", is_free=True)]
    amounts = _AMOUNT.findall(text)
    if not amounts and (bare := _BARE.fullmatch(text)):
        amounts = [bare.groups(default="")]
    for amount, unit in amounts:
        pounds = float(amount.replace(",", ""))
        if pounds > 0:
            options.append(_option(pounds, unit, is_free=False))
        elif not options:
            options.append(_option(0.0, "", is_free=True))
    if not options:
        return unread("no_price")
    return Reading({OPTIONS: tuple(options)}, "prices", 0.9 if len(options) > 1 else 1.0)


def _option(amount: float, unit: str, *, is_free: bool) -> dict[str, object]:
    known = _UNITS.get(unit.rstrip("s") if unit not in _UNITS else unit, CostUnit.UNKNOWN)
    return {CostOption.amount: amount, CostOption.x_unit: known.value, CostOption.x_is_free: is_free}
