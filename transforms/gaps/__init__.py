"""Gap tables: one function and one registration each.

``REGISTERED`` maps each table to the function that computes it; a new gap table is a declaration in
``transforms/tables/gaps.py`` and a module here. Suite, files, dictionary and report follow.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from transforms.gaps.border_reach import border_reach
from transforms.gaps.coverage import coverage
from transforms.gaps.data_quality import data_quality
from transforms.gaps.inputs import GapInputs
from transforms.gaps.target_tracker import target_tracker
from transforms.tables import BorderReach, Coverage, DataQuality, GapTable, TargetTracker

GapFunction = Callable[[GapInputs], pd.DataFrame]

REGISTERED: dict[type[GapTable], GapFunction] = {
    TargetTracker: target_tracker,
    Coverage: coverage,
    BorderReach: border_reach,
    DataQuality: data_quality,
}


def measure(table: type[GapTable], inputs: GapInputs, run_id: str, method_version: str) -> pd.DataFrame:
    """One gap table, stamped with its snapshot date, run and method, in key order."""
    frame = REGISTERED[table](inputs).assign(
        **{
            GapTable.snapshot_date: inputs.as_of,
            GapTable.run_id: run_id,
            GapTable.method_version: method_version,
        }
    )
    return table.sorted(table.frame(frame))


__all__ = ["REGISTERED", "GapInputs", "measure"]
