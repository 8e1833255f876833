"""Which baseline a target is held against, in words."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from flows.words import day, plain
from transforms.tables import Baseline


def baseline_words(baselines: pd.DataFrame) -> Iterator[str]:
    """A sentence for each way of counting: an invented baseline says here that it is one."""
    told = [Baseline.as_at, Baseline.method, Baseline.approved_by]
    for as_at, method, approved_by in baselines[told].drop_duplicates().itertuples(index=False):
        yield f"Baseline of {day(as_at)}: {plain(method)}. Approved by {plain(approved_by)}."
