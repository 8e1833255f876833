"""What a confirmed and a possible count together say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.vocabulary import GapStatus


def gap_status(confirmed: pd.Series, possible: pd.Series, providers_confirmed: pd.Series) -> pd.Series:
    """Verdict per row: a gap for certain (nothing possible), a gap unless verified (nothing
    confirmed), fragile (one provider stands behind all that is confirmed) or covered (two or more
    providers). Never covered on unknowns.
    """
    choices = [
        (possible.eq(0), GapStatus.GAP_CERTAIN.value),
        (confirmed.eq(0), GapStatus.GAP_UNLESS_VERIFIED.value),
        (providers_confirmed.eq(1), GapStatus.FRAGILE.value),
    ]
    return pd.Series(
        np.select([c for c, _ in choices], [v for _, v in choices], GapStatus.COVERED.value),
        index=confirmed.index,
    )
