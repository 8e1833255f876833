"""Which rows of a table add up to which: what somebody who knows a total may subtract."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.schema import Table


@dataclass(frozen=True)
class Sum:
    """One row that is the total of others, by their positions."""

    total: int
    parts: np.ndarray


def sums_of(table: type[Table], frame: pd.DataFrame) -> list[Sum]:
    """Every sum in a frame, the narrowest totals first.

    A row whose part of the key is blank is the total over that part: of the rows that fill it and agree in the
    rest. So rows, columns, their grand total and nested categories (an area of need, and the needs in it) follow
    from the key alone.
    """
    key = table.key_names()
    blank = frame[key].isna()
    keys = frame[key].astype("str").fillna("").reset_index(drop=True)
    found = []
    for part in key:
        is_total = blank[part].to_numpy()
        rest = [name for name in key if name != part]
        group = keys.groupby(rest, sort=False).ngroup().to_numpy() if rest else np.zeros(len(keys), int)
        for total in np.flatnonzero(is_total):
            parts = np.flatnonzero(~is_total & (group == group[total]))
            if len(parts):
                found.append(Sum(int(total), parts))
    width = blank.sum(axis=1).to_numpy()
    return sorted(found, key=lambda one: (width[one.total], one.total))
