"""What every gap table is computed from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.schema import Table
from transforms.thresholds import Thresholds


@dataclass(frozen=True)
class GapInputs:
    """The canonical frames, the supply frame and dated reference, as at one day."""

    frames: Mapping[type[Table], pd.DataFrame]
    supply: pd.DataFrame
    baselines: pd.DataFrame
    origins: pd.DataFrame
    thresholds: Thresholds
    as_of: pd.Timestamp
