"""Which pairs are worth comparing: those that share a trace of evidence that few others share."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from transforms.matching.records import (
    CHARITY_BASE,
    DISTRICT,
    MAIL_HOST,
    NAME,
    NONE,
    PAGE,
    REGISTERS,
    SITE,
    Names,
    Prepared,
)
from transforms.tables import MatchRecord

# A trace that more records than these share is no trace: other traces, or two together, find their pairs.
MOST_SHARING = 30
_MOST_SHARING_WORD = 25
_PREFIX = 4


def candidate_pairs(prepared: Prepared) -> tuple[np.ndarray, np.ndarray]:
    """Positions of the records of each pair, in the order of their ids; no pair twice."""
    found = [_pairs(key, most) for key, most in _traces(prepared)]
    left, right = (np.concatenate(side) for side in zip(*found, strict=True))
    # Of so many, sorting them is twice as fast as ``np.unique``, which numbers them first.
    key: np.ndarray = np.sort(np.minimum(left, right) * len(prepared) + np.maximum(left, right))
    key = key[np.diff(key, prepend=-1) != 0]
    first, last = np.divmod(key, max(len(prepared), 1))
    in_order = prepared.ids[first] <= prepared.ids[last]
    return np.where(in_order, first, last), np.where(in_order, last, first)


def _traces(prepared: Prepared) -> Iterator[tuple[tuple[np.ndarray, np.ndarray], int]]:
    """Each trace as records and the number of its value, and how many may share it."""
    code, names = prepared.code, prepared.names
    everyone = np.arange(len(prepared))
    for column in (
        *REGISTERS,
        CHARITY_BASE,
        MatchRecord.phone,
        MatchRecord.email,
        MatchRecord.postcode,
        NAME,
    ):
        yield (everyone, code[column]), MOST_SHARING
    hosts = (np.tile(everyone, 2), np.concatenate([code[SITE], code[MAIL_HOST]]))
    yield hosts, MOST_SHARING
    yield (everyone, _together(code[SITE], code[PAGE])), MOST_SHARING
    rarest = _rarest_words(names, 2)
    start = _codes_of([text[:_PREFIX] for text in names.text])
    whole = _codes_of(list(names.text))
    district, site, postcode = (code[c][names.record] for c in (DISTRICT, SITE, MatchRecord.postcode))
    yield (names.record, whole), MOST_SHARING
    yield (names.record, _together(rarest[:, 0], rarest[:, 1])), MOST_SHARING
    for word in rarest.T:
        yield (names.record, word), _MOST_SHARING_WORD
        for other in (district, postcode, site):
            yield (names.record, _together(word, other)), MOST_SHARING
    for other in (district, postcode, site):
        yield (names.record, _together(start, other)), MOST_SHARING


def _rarest_words(names: Names, how_many: int) -> np.ndarray:
    """The words of each name that tell the most, in alphabetical order where they tell as much."""
    order = np.empty(len(names.vocabulary), np.int64)
    order[np.lexsort([names.vocabulary.astype(str), -names.weight])] = np.arange(len(order))
    rank = np.where(names.words == NONE, len(order), order[names.words])
    at = np.argsort(rank, axis=1, kind="stable")[:, :how_many]
    return np.take_along_axis(names.words, at, axis=1).astype(np.int64)


def _codes_of(texts: list[str]) -> np.ndarray:
    values = np.array(texts, object)
    return np.where(values == "", NONE, pd.factorize(values)[0])


def _together(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    both = (first != NONE) & (second != NONE)
    return np.where(both, first * (int(second.max(initial=0)) + 1) + second, NONE)


def _pairs(trace: tuple[np.ndarray, np.ndarray], most: int) -> tuple[np.ndarray, np.ndarray]:
    """Every two records with the same value, unless more than ``most`` have it."""
    record, value = (side[trace[1] != NONE] for side in trace)
    order = np.argsort(value, kind="stable")
    record, value = record[order], value[order]
    starts = np.flatnonzero(np.r_[True, value[1:] != value[:-1]]) if len(value) else np.array([], int)
    sizes = np.diff(np.r_[starts, len(value)])
    kept = np.repeat((sizes > 1) & (sizes <= most), sizes)
    record, value = record[kept], value[kept]
    left, right = [np.array([], np.int64)], [np.array([], np.int64)]
    for apart in range(1, most):
        same = np.flatnonzero(value[apart:] == value[:-apart])
        if not len(same):
            break
        left.append(record[same])
        right.append(record[same + apart])
    one, other = np.concatenate(left), np.concatenate(right)
    differ = one != other
    return one[differ], other[differ]
