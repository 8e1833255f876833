"""An order of records that depends on what they say, and not on where they stand."""

from __future__ import annotations

import pandas as pd

from transforms.parsers.reading import fold
from transforms.tables import Line
from transforms.tables import ShortBreakLine as L
from transforms.text_columns import rows_as_text

_WHERE = {Line.row_id, Line.file, Line.part, Line.physical_row}
_NUMBERS = {Line.record_ref, L.provider_ref}


def in_order_of_content(lines: pd.DataFrame) -> pd.DataFrame:
    """Lines by what they say, whatever their case; by their spelling and their references where that is equal.

    The lines of one record need not stay together: each names its record.
    """
    if lines.empty:
        return lines
    words = [c for c in lines.columns if c not in _WHERE | _NUMBERS]
    said = rows_as_text(lines[words])
    numbers = rows_as_text(lines[[c for c in lines.columns if c in _NUMBERS]])
    order = pd.DataFrame({"folded": said.map(fold), "said": said, "numbers": numbers})
    return lines.loc[order.sort_values(list(order.columns), kind="stable").index].reset_index(drop=True)
