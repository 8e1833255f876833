"""Why a service is not confirmed, carried along row by row while a gap table is worked out.

A row's doubts are the bits of one whole number, so that adding one costs nothing. What is confirmed has no
doubt at all; what is possible has none that rules it out. Marks and reasons can thus never disagree.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cache

import numpy as np
import pandas as pd

from transforms.schema import LIST_JOINT
from transforms.text_columns import in_words
from transforms.vocabulary import RULING_OUT, Doubt, Standing

DOUBTS = "doubts"
IS_CONFIRMED, IS_POSSIBLE = "is_confirmed", "is_possible"
_NUMBER = "number of doubts"

_BIT = {doubt: 1 << position for position, doubt in enumerate(Doubt)}
_RULING_OUT = sum(_BIT[doubt] for doubt in RULING_OUT)


def without_doubt(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows about which nothing is in doubt yet."""
    return _marked(rows, np.zeros(len(rows), "int64"))


def cast_doubt(rows: pd.DataFrame, doubt: Doubt, where: pd.Series) -> pd.DataFrame:
    """The rows with one more doubt where ``where`` holds."""
    return cast_doubts(rows, {doubt: where})


def cast_doubts(rows: pd.DataFrame, in_doubt: Mapping[Doubt, pd.Series]) -> pd.DataFrame:
    """The rows with each of these doubts where it holds; ``in_doubt`` has a mark for each row, in their order."""
    doubts = rows[DOUBTS].to_numpy()
    for doubt, where in in_doubt.items():
        doubts = doubts | where.to_numpy("bool", na_value=False) * _BIT[doubt]
    return _marked(rows, doubts)


def _marked(rows: pd.DataFrame, doubts: np.ndarray) -> pd.DataFrame:
    is_possible = (doubts & _RULING_OUT) == 0
    return rows.assign(**{DOUBTS: doubts, IS_CONFIRMED: doubts == 0, IS_POSSIBLE: is_possible})


def without_doubts(rows: pd.DataFrame, doubts: Iterable[Doubt]) -> pd.DataFrame:
    """The rows without these doubts, where they make no difference."""
    return _marked(rows, rows[DOUBTS].to_numpy() & ~_mask(doubts))


def sole_ruling_out(rows: pd.DataFrame, told: Mapping[Doubt, str], values: pd.CategoricalDtype) -> pd.Series:
    """What is told, among ``values``, of the one doubt that rules each row out; blank where none does, or several do,
    or nothing is told of it.
    """
    words = {_BIT[doubt]: str(word) for doubt, word in told.items()}
    return in_words(rows[DOUBTS] & _RULING_OUT, words.get, values)


def only_doubt_is(rows: pd.DataFrame, doubt: Doubt) -> pd.Series:
    """Whether a row would be confirmed but for this doubt."""
    return rows[DOUBTS].eq(_BIT[doubt])


def is_in_doubt(rows: pd.DataFrame, doubts: Iterable[Doubt]) -> pd.Series:
    """Whether any of these doubts is cast on a row."""
    return (rows[DOUBTS] & _mask(doubts)).ne(0)


def would_be_confirmed(rows: pd.DataFrame, doubts: Iterable[Doubt]) -> pd.Series:
    """Whether a row is not confirmed, and would be without these doubts."""
    return rows[DOUBTS].ne(0) & (rows[DOUBTS] & ~_mask(doubts)).eq(0)


def fewest_doubts(rows: pd.DataFrame, key: list[str]) -> pd.DataFrame:
    """One row per key, in key order: the one with the fewest doubts stands for the others."""
    number = np.bitwise_count(rows[DOUBTS].to_numpy())
    best = rows.assign(**{_NUMBER: number}).sort_values([*key, _NUMBER, DOUBTS], kind="stable")
    return best.drop_duplicates(key).drop(columns=_NUMBER)


def _mask(doubts: Iterable[Doubt]) -> int:
    return sum(_BIT[doubt] for doubt in set(doubts))


def standings(rows: pd.DataFrame) -> pd.Series:
    """How each row counts."""
    return in_words(rows[DOUBTS], _standing)


def _standing(mask: int) -> str:
    if mask & _RULING_OUT:
        return Standing.RULED_OUT.value
    return Standing.POSSIBLE.value if mask else Standing.CONFIRMED.value


def doubt_codes(rows: pd.DataFrame) -> pd.Series:
    """The codes of each row's doubts, comma separated; blank where there is none."""
    return in_words(rows[DOUBTS], _codes)


@cache
def _codes(mask: int) -> str | None:
    return LIST_JOINT.join(doubt.value for doubt in Doubt if _BIT[doubt] & mask) or None
