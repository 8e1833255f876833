"""Organizations as records in, pairs and clusters out; and the scores of given pairs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from transforms.matching.candidates import candidate_pairs
from transforms.matching.clusters import CLUSTER, join_pairs, tell
from transforms.matching.decide import BRANCHES, weigh_pairs
from transforms.matching.decisions import NO_DECISIONS, Decisions
from transforms.matching.records import BODY_REGISTERS, Prepared, prepare
from transforms.matching.rules import MatchRules
from transforms.tables import Match, MatchRecord
from transforms.vocabulary import MatchEntity

__all__ = ["CLUSTER", "Matched", "match_records", "score_pairs"]


# Pairs of less confidence share a trace and nothing more: they are not told of.
WORTH_TELLING = 0.05


@dataclass(frozen=True)
class Matched:
    """``records``: cluster_id, confidence and reason, on the index of what was matched; and the pairs compared."""

    records: pd.DataFrame
    pairs: pd.DataFrame


def score_pairs(left: pd.DataFrame, right: pd.DataFrame, rules: MatchRules) -> pd.DataFrame:
    """Decision, confidence and reason of each row of ``left`` against the same row of ``right``.

    Both have columns of ``MatchRecord``; any may be missing. The result is on the index of ``left``.
    """
    both = pd.concat([left, right], ignore_index=True)
    both[MatchRecord.id] = [f"{n:09}" for n in range(len(both))]
    prepared = prepare(both, rules)
    rows = np.arange(len(left))
    return weigh_pairs(prepared, rows, rows + len(left), rules).drop(columns=BRANCHES).set_axis(left.index)


def match_records(
    records: pd.DataFrame,
    rules: MatchRules,
    entity: MatchEntity = MatchEntity.ORGANIZATION,
    decisions: Decisions = NO_DECISIONS,
) -> Matched:
    """Clusters of records of ``MatchRecord`` by what they say of themselves, and by what people have decided.

    The cluster's id is that of its first record in the order of ids.
    """
    prepared = prepare(records, rules)
    left, right = candidate_pairs(prepared)
    weighed = weigh_pairs(prepared, left, right, rules, WORTH_TELLING)
    left, right = left[weighed.index], right[weighed.index]
    pairs = weighed.assign(
        **{Match.entity: entity.value, Match.left_id: prepared.ids[left], Match.right_id: prepared.ids[right]}
    )
    apart = pairs.loc[pairs[BRANCHES], [Match.left_id, Match.right_id]]
    clusters, pairs = join_pairs(
        pairs[Match.names()],
        prepared.ids,
        entity,
        decisions,
        _numbers(prepared),
        apart.itertuples(index=False, name=None),
    )
    return Matched(tell(prepared.ids, clusters, pairs).set_axis(records.index), Match.sorted(pairs))


def _numbers(prepared: Prepared) -> Mapping[str, Mapping[str, str]]:
    found: dict[str, dict[str, str]] = {}
    for register in BODY_REGISTERS:
        text = prepared.text[register]
        for at in np.flatnonzero(text != ""):
            found.setdefault(prepared.ids[at], {})[register] = text[at]
    return found
