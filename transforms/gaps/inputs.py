"""What every gap table is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.schema import Table
from transforms.thresholds import Thresholds


@dataclass(frozen=True)
class GapInputs:
    """The canonical frames with contracts and travel, the supply frame, and dated reference, as at one day.

    ``facts`` holds a frame for each of ``DATED_TABLES``, on its columns; a frame without rows says that
    nothing is declared.
    """

    frames: Mapping[type[Table], pd.DataFrame]
    supply: pd.DataFrame
    facts: Mapping[type[Table], pd.DataFrame]
    thresholds: Thresholds
    as_of: pd.Timestamp
