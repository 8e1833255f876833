"""What people have decided about pairs, as matching takes it in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from transforms.tables import Match, MatchReview
from transforms.vocabulary import MatchDecision, MatchEntity, ReviewDecision

Pair = tuple[str, str]


@dataclass(frozen=True)
class Decisions:
    """Per kind of record, pairs in the order of their ids with the words that tell who decided and when."""

    same: Mapping[str, Mapping[Pair, str]] = field(default_factory=dict)
    different: Mapping[str, Mapping[Pair, str]] = field(default_factory=dict)

    def facts(self) -> list[tuple[str, str, str, str, str]]:
        """Every decision in a fixed order, for the digest of a run."""
        return [
            (kind, *pair, decision, words)
            for decision, each in (
                (ReviewDecision.SAME, self.same),
                (ReviewDecision.DIFFERENT, self.different),
            )
            for kind, pairs in sorted(each.items())
            for pair, words in sorted(pairs.items())
        ]


NO_DECISIONS = Decisions()


def decisions_of(reviews: pd.DataFrame) -> Decisions:
    """The decided rows of ``MatchReview`` as decisions."""
    found: dict[str, dict[str, dict[Pair, str]]] = {decision.value: {} for decision in ReviewDecision}
    decided = reviews[reviews[MatchReview.decision].notna()]
    for row in decided.to_dict("records"):
        ids = sorted((str(row[MatchReview.left_id]), str(row[MatchReview.right_id])))
        words = f"decided by the {row[MatchReview.by_role]} on {row[MatchReview.decided_on]:%-d %B %Y}"
        of_kind = found[row[MatchReview.decision]].setdefault(row[MatchReview.entity], {})
        of_kind[ids[0], ids[1]] = words
    return Decisions(found[ReviewDecision.SAME], found[ReviewDecision.DIFFERENT])


def with_decisions(
    pairs: pd.DataFrame, entity: MatchEntity, decisions: Decisions, ids: set[str]
) -> pd.DataFrame:
    """The pairs with what people decided in place of what the model found; pairs it did not compare are added.

    A decision on a record that is not here says nothing.
    """
    told = {
        pair: (decision.value, float(decision is MatchDecision.MATCH), words)
        for decision, each in ((MatchDecision.MATCH, decisions.same), (MatchDecision.NO, decisions.different))
        for pair, words in each.get(entity, {}).items()
        if ids.issuperset(pair)
    }
    if not told:
        return pairs
    keys = list(zip(pairs[Match.left_id], pairs[Match.right_id], strict=True))
    kept = pairs[np.array([key not in told for key in keys], bool)]
    rows = pd.DataFrame(
        [(entity.value, *pair, *what) for pair, what in sorted(told.items())], columns=Match.names()
    )
    return pd.concat([kept, rows], ignore_index=True) if len(kept) else rows
