"""Labelled pairs of providers: read from ``tests/labelled/``, and compared with what our matching says of them."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd
from labelled_cases import Part, labelled_lines

from flows.places import Places
from flows.reference import Reference
from transforms.matching import score_pairs
from transforms.tables import Match
from transforms.vocabulary import MatchDecision

PAIR_COLUMNS = ("name", "postcode", "charity_no", "company_no", "website", "phone")


@dataclass(frozen=True)
class ScoredPair:
    """A labelled pair of providers: what a careful reader says, and what our matching says."""

    names: tuple[str, str]
    kind: str
    expected: MatchDecision
    decision: MatchDecision
    reason: str


def labelled_pairs(part: Part) -> pd.DataFrame:
    """One row a pair: ``left_…`` and ``right_…`` of ``PAIR_COLUMNS``, expected, kind and why, all as text."""
    return pd.DataFrame(labelled_lines(f"{part}pairs.csv"), dtype=str)


def score_labelled_pairs(pairs: pd.DataFrame) -> list[ScoredPair]:
    """Each labelled pair as our matching decides it, by itself: the label was given by itself too."""
    rules = Reference(Places()).matching
    scored = []
    for at in range(len(pairs)):
        pair = pairs.iloc[[at]]
        sides = [
            pair[[f"{side}_{name}" for name in PAIR_COLUMNS]].set_axis(list(PAIR_COLUMNS), axis=1)
            for side in ("left", "right")
        ]
        decided, label = score_pairs(*sides, rules).iloc[0], pair.iloc[0]
        scored.append(
            ScoredPair(
                (label["left_name"], label["right_name"]),
                label["kind"],
                MatchDecision(label["expected"]),
                MatchDecision(decided[Match.decision]),
                decided[Match.reason],
            )
        )
    return scored
