"""What a confirmed and a possible count together say."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.vocabulary import GapStatus, KnownStatus


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


def known_status(known: pd.Series, of: pd.Series, unknown_pct: float) -> pd.Series:
    """Verdict per row: ask first where more than ``unknown_pct`` of what is there is not known, otherwise known
    well enough; nothing to ask where nothing is there.
    """
    status = pd.Series(KnownStatus.KNOWN.value, index=of.index, dtype="str")
    asks = ((of - known) * 100).gt(of * unknown_pct)
    return status.mask(asks, KnownStatus.ASK_FIRST.value).mask(of.eq(0), KnownStatus.NOTHING_TO_ASK.value)
