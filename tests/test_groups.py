"""Rows brought together by a number, and the numbers of cells."""

from __future__ import annotations

import numpy as np
import pandas as pd
from hypothesis import given
from hypothesis import strategies as st

from transforms.gaps.groups import Groups, distinct
from transforms.gaps.members import cells_of

numbers = st.lists(st.integers(0, 5), max_size=12).map(lambda found: np.array(found, "int64"))


@given(of=numbers, seed=st.integers(0, 99))
def test_groups_say_what_pandas_says(of: np.ndarray, seed: int) -> None:
    values = np.random.default_rng(seed).integers(0, 9, len(of))
    groups, theirs = Groups.of(of), pd.Series(values).groupby(of)
    assert groups.some(of).tolist() == distinct(of).tolist() == sorted(set(of.tolist()))
    assert groups.some(values).tolist() == theirs.first().tolist()
    assert groups.each(np.minimum, values).tolist() == theirs.min().tolist()
    assert groups.over(np.maximum, values).tolist() == theirs.transform("max").tolist()


def test_what_may_be_unknown_is_unknown_only_where_nothing_is_known() -> None:
    groups = Groups.of(np.array([1, 0, 1, 0]))
    # Rows 1 and 3 are the first group: nothing is known of it.
    assert groups.each(np.fmax, np.array([np.nan, np.nan, 2.0, np.nan])).tolist()[1] == 2
    assert np.isnan(groups.each(np.fmax, np.array([np.nan, np.nan, 2.0, np.nan]))[0])


parts = st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0, 1, 7])), max_size=8)


@given(rows=parts, missing=st.sets(st.integers(0, 3)))
def test_a_cell_is_where_its_key_stands(rows: list[tuple[str | None, int]], missing: set[int]) -> None:
    whole = pd.MultiIndex.from_product([["a", "b"], [0, 1]], names=["letter", "number"])
    every = whole.delete(sorted(missing))
    frame = pd.DataFrame(rows, columns=["letter", "number"]).astype({"letter": "str", "number": "int64"})
    where = {key: place for place, key in enumerate(every)}
    expected = [where.get(tuple(row), -1) for row in rows]
    assert cells_of(frame, every).tolist() == expected
    as_categories = frame.astype({"letter": "category"})
    assert cells_of(as_categories, every).tolist() == expected
