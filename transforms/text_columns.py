"""Whole columns of text at once: what whole numbers say, whether texts are among others, and several as one."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from transforms.schema import LIST_JOINT


def in_words(numbers: pd.Series, words: Callable[[int], str | None]) -> pd.Series:
    """What each whole number says, worked out once for each that occurs; blank where it says nothing."""
    place, distinct = pd.factorize(numbers)
    texts = pd.array([words(int(number)) for number in distinct], dtype="str")
    return pd.Series(texts.take(place), index=numbers.index)


def is_among(texts: pd.Series, others: pd.Series | pd.Index) -> pd.Series:
    """Whether each text is among the others; where these are many, ``isin`` of pandas takes them one by one."""
    kind = pa.large_string()
    found = pc.is_in(pa.array(texts, kind), value_set=pa.array(pd.Series(others, dtype="str"), kind))
    return pd.Series(found.to_numpy(zero_copy_only=False), index=texts.index)


def joined(rows: pd.DataFrame, text: str, by: list[str]) -> pd.Series:
    """The texts of each group in the order of its rows, comma separated, by key."""
    groups = rows.groupby(by)[text]
    sizes = groups.size()
    # A row without a key is in no group, and comes last.
    in_groups = np.argsort(groups.ngroup().to_numpy(), kind="stable")[: sizes.sum()]
    ends = np.cumsum(sizes.to_numpy())
    texts = np.split(rows[text].to_numpy()[in_groups], ends[:-1]) if len(sizes) else []
    return pd.Series(
        [LIST_JOINT.join(several) for several in texts], index=sizes.index, name=text, dtype="str"
    )
