"""Whole columns of text at once: as numbers, what numbers say, whether texts are among others, several as one."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from itertools import pairwise

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from transforms.schema import LIST_JOINT

# Between cells: a sign that no cell holds.
_CELL_JOINT = "\x1f"


def in_words(
    numbers: pd.Series, words: Callable[[int], str | None], dtype: str | pd.CategoricalDtype = "str"
) -> pd.Series:
    """What each whole number says, worked out once for each that occurs; blank where it says nothing."""
    place, distinct = pd.factorize(numbers)
    texts = pd.array([words(int(number)) for number in distinct], dtype=dtype)
    return pd.Series(texts.take(place), index=numbers.index)


def rows_as_text(cells: pd.DataFrame) -> pd.Series:
    """The cells of each row as one text, which no two unequal rows share."""
    columns = [cells[name].astype("str").fillna("").to_numpy(object) for name in cells.columns]
    texts = [_CELL_JOINT.join(row) for row in zip(*columns, strict=True)]
    return pd.Series(texts, index=cells.index, dtype="str")


def coded(frame: pd.DataFrame, columns: Iterable[str]) -> pd.DataFrame:
    """The frame with these columns of text as ordered categories: a number stands for each text, and is compared,
    sorted and taken at a fraction of its cost.
    """
    return frame.assign(**{name: _coded(frame[name]) for name in columns})


def _coded(texts: pd.Series) -> pd.Series:
    codes, distinct = _in_order(texts)
    return pd.Series(pd.Categorical.from_codes(codes, distinct, ordered=True), index=texts.index)


def one_of(values: Iterable[str]) -> pd.CategoricalDtype:
    """These few texts as ordered categories."""
    return pd.CategoricalDtype(pd.Index(sorted(map(str, values)), dtype="str"), ordered=True)


def numbered(texts: pd.Series) -> tuple[np.ndarray, int]:
    """A number for each text, in their order, −1 for a blank; and how many numbers there are at most."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        return texts.cat.codes.to_numpy(), len(texts.cat.categories)
    codes, distinct = _in_order(texts)
    return codes, len(distinct)


def _in_order(texts: pd.Series) -> tuple[np.ndarray, pd.Index]:
    """A number for each text, −1 for a blank, and the texts in order: ``factorize`` of pandas sorts them one by one."""
    found, distinct = pd.factorize(texts)
    order = pc.sort_indices(pa.array(distinct, pa.large_string())).to_numpy()
    place = np.full(len(order) + 1, -1)
    place[order] = np.arange(len(order))
    return place[found], distinct.take(order)


def looked_up(keys: pd.Series, values: pd.Series) -> pd.Series:
    """What stands for each key in ``values``, by their index; blank where nothing does.

    ``map`` of pandas makes categories of what categories are mapped to, if it happens that no two are alike.
    """
    if not isinstance(keys.dtype, pd.CategoricalDtype):
        return keys.map(values)
    of_each = values.reindex(keys.cat.categories).set_axis(range(len(keys.cat.categories)))
    return of_each.reindex(keys.cat.codes).set_axis(keys.index)


def rows_for(keys: pd.Series, told: pd.DataFrame) -> pd.DataFrame:
    """The row of ``told`` that stands for each key, by its index, on the index of the keys; blank where none does.

    What a merge of many to one brings, at a quarter of its cost while rows are few. An index that is not unique is an
    error.
    """
    return told.reindex(keys).set_axis(keys.index)


def is_among(texts: pd.Series, others: pd.Series | pd.Index) -> pd.Series:
    """Whether each text is among the others; where these are many, ``isin`` of pandas takes them one by one."""
    if isinstance(texts.dtype, pd.CategoricalDtype):
        of_each = is_among(texts.cat.categories.to_series(), others).to_numpy()
        return pd.Series(np.append(of_each, False)[texts.cat.codes], index=texts.index)
    kind = pa.large_string()
    found = pc.is_in(pa.array(texts, kind), value_set=pa.array(pd.Series(others, dtype="str"), kind))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index)


def first_of_each(rows: pd.DataFrame, text: str, by: str) -> pd.Series:
    """The first of the texts of each key in their order, by key; ``min`` of pandas takes groups of text one by one."""
    told = rows[[by, text]].dropna().sort_values(text).drop_duplicates(by)
    return told.set_index(by)[text]


def joined(rows: pd.DataFrame, text: str, by: list[str], joint: str = LIST_JOINT) -> pd.Series:
    """The texts of each group in the order of its rows, comma separated unless ``joint`` is another, by key."""
    groups = rows.groupby(by)[text]
    sizes = groups.size()
    # A row without a key is in no group, and comes last.
    in_groups = np.argsort(groups.ngroup().to_numpy(), kind="stable")[: sizes.sum()]
    texts = rows[text].to_numpy()[in_groups].tolist()
    ends = np.cumsum(sizes.to_numpy()).tolist()
    together = [joint.join(texts[start:end]) for start, end in pairwise([0, *ends])]
    return pd.Series(together, index=sizes.index, name=text, dtype="str")
