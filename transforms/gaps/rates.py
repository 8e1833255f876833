"""Rates among what is known, withheld where too little is."""

from __future__ import annotations

import pandas as pd


def is_known_enough(known: pd.Series, of: pd.Series, rate_known_pct: float) -> pd.Series:
    """Whether so much is known of what a rate is about that it may be told; never where nothing is there."""
    return of.gt(0) & (known * 100).ge(of * rate_known_pct) & known.gt(0)


def share_pct(part: pd.Series, known: pd.Series, of: pd.Series, rate_known_pct: float) -> pd.Series:
    """``part`` ÷ ``known`` × 100, to one decimal; blank where less than ``rate_known_pct`` of ``of`` is known.

    What is not known is in neither ``part`` nor ``known``, so it is never taken for a no.
    """
    share = part.astype("float64") / known.astype("float64").where(known.gt(0)) * 100
    return share.round(1).where(is_known_enough(known, of, rate_known_pct))
