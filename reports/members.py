"""The activities behind a figure, counted once however many rows of a table they stand in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, rows_of
from transforms.schema import LIST_JOINT
from transforms.tables import Counted, GapTable
from transforms.vocabulary import Standing


@dataclass(frozen=True)
class Pair:
    """How many activities are confirmed, and how many possible with them."""

    confirmed: int
    possible: int


def members_of(frames: Frames, table: type[GapTable], keys: pd.Series | None = None) -> pd.DataFrame:
    """What a table counts, or its rows with these keys; what an answer rules out is left away."""
    counted = rows_of(frames, Counted)
    counted = counted[counted[Counted.gap_table].eq(table.table_name)]
    counted = counted[counted[Counted.counts_as].ne(Standing.RULED_OUT)]
    return counted if keys is None else counted[counted[Counted.row_key].isin(keys)]


def pair(members: pd.DataFrame) -> Pair:
    """Activities among the members, each once: confirmed where it is confirmed in any row."""
    activity = members[Counted.activity_id]
    sure = members[Counted.counts_as].eq(Standing.CONFIRMED)
    return Pair(activity[sure].nunique(), activity.nunique())


def counted_by(members: pd.DataFrame, columns: Sequence[str]) -> dict[str, int]:
    """Activities by the one of several columns that counts them; by the last where several do."""
    named = members[Counted.counts_in].fillna("").str.split(LIST_JOINT)
    wanted = members.assign(column=named).explode("column")
    wanted = wanted[wanted["column"].isin(columns)]
    order = wanted["column"].map({name: place for place, name in enumerate(columns)})
    last = wanted.assign(place=order).groupby(Counted.activity_id)["place"].max()
    return {name: int(last.eq(place).sum()) for place, name in enumerate(columns)}
