"""Two computations of the same gap tables, and what of them differs."""

from __future__ import annotations

import pandas as pd

from transforms.gaps import REGISTERED, GapInputs
from transforms.tables import Coverage, DataQuality, GapTable, SpatialAccess, TargetTracker, WhatIf
from transforms.vocabulary import CellChange, Verdict

_BEFORE, _AFTER = "_before", "_after"
_FIGURES = (Coverage.confirmed, Coverage.possible, TargetTracker.shortfall)
_VERDICT = "verdict"


def tables_compared() -> list[type[GapTable]]:
    """The gap tables that give their rows a verdict on what is there, the target tracker among them.

    What a roster's keeper does about its quality is not for a plan to change. How estates stand beside each other
    is no gap that a plan opens: what helps one makes another the worst.
    """
    return [t for t in REGISTERED if t.verdict_column() is not None and t not in (DataQuality, SpatialAccess)]


def differences(before: GapInputs, after: GapInputs) -> pd.DataFrame:
    """Every row of a gap table whose verdict the change moves, and every row of the target tracker, on ``WhatIf``."""
    parts = [
        compare(table, REGISTERED[table](before).table, REGISTERED[table](after).table)
        for table in tables_compared()
    ]
    filled = [part for part in parts if len(part)]
    return WhatIf.frame(pd.concat(filled, ignore_index=True)) if filled else WhatIf.frame()


def compare(table: type[GapTable], before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """What differs between two computations of one table, in key order."""
    sides = _side(table, before).merge(
        _side(table, after), on=WhatIf.row_key, how="outer", suffixes=(_BEFORE, _AFTER), validate="1:1"
    )
    sides[WhatIf.gap_table] = table.table_name
    if table is TargetTracker:
        return sides.assign(**{WhatIf.change: _of_counts(sides)})
    was, becomes = sides[WhatIf.verdict_before], sides[WhatIf.verdict_after]
    sides = sides[was.fillna("").ne(becomes.fillna(""))]
    change = _of_verdicts(table.verdicts(), was[sides.index], becomes[sides.index])
    return sides.assign(**{WhatIf.change: change})


def _side(table: type[GapTable], frame: pd.DataFrame) -> pd.DataFrame:
    verdict = table.verdict_column()
    assert verdict is not None
    frame = table.sorted(frame)
    figures = {name: frame[name].astype("float64") for name in _FIGURES if name in frame}
    side = pd.DataFrame({WhatIf.row_key: table.row_keys(frame), _VERDICT: frame[verdict.name].astype("str")})
    return side.assign(**{name: figures.get(name, float("nan")) for name in _FIGURES})


def _of_counts(sides: pd.DataFrame) -> pd.Series:
    """Whether more or fewer are confirmed or, where as many are, possible."""
    more = sides[WhatIf.confirmed_after] - sides[WhatIf.confirmed_before]
    more = more.where(more.ne(0), sides[WhatIf.possible_after] - sides[WhatIf.possible_before])
    same = pd.Series(CellChange.SAME.value, index=sides.index, dtype="str")
    return same.mask(more > 0, CellChange.BETTER.value).mask(more < 0, CellChange.WORSE.value)


def _of_verdicts(verdicts: type[Verdict], before: pd.Series, after: pd.Series) -> pd.Series:
    """What each pair of verdicts means; a row that comes or goes has no other side."""
    order = {verdict.value: number for number, verdict in enumerate(verdicts)}
    gaps = [verdict.value for verdict in verdicts if verdict.is_gap]
    was, becomes = before.map(order), after.map(order)
    change = pd.Series(CellChange.DIFFERS.value, index=before.index, dtype="str")
    change = change.mask(becomes > was, CellChange.BETTER.value).mask(becomes < was, CellChange.WORSE.value)
    closes, opens = before.isin(gaps) & ~after.isin(gaps), ~before.isin(gaps) & after.isin(gaps)
    change = change.mask(closes, CellChange.CLOSES.value).mask(opens, CellChange.OPENS.value)
    return change.mask(was.isna(), CellChange.APPEARS.value).mask(becomes.isna(), CellChange.GOES.value)
