"""Clusters from pairs: who is one with whom, where a chain of matches never joins what contradicts itself."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

import pandas as pd

from transforms.matching.decisions import NO_DECISIONS, Decisions, Pair, with_decisions
from transforms.tables import Match
from transforms.vocabulary import MatchDecision, MatchEntity

CLUSTER = "cluster_id"
NO_NUMBERS: Mapping[str, Mapping[str, str]] = {}
ALONE = "no other record shares its evidence"
LEFT_APART = "left apart, though it may be the same as"
_DIGITS = 4
CHAINED = "joining them would join what contradicts itself"


@dataclass
class Clusters:
    """Records joined by matches, the surest first.

    ``numbers`` holds the register numbers of each record. Two clusters whose numbers of one register
    contradict each other are never joined, nor two that hold a pair of ``apart``.
    """

    numbers: Mapping[str, Mapping[str, str]]
    apart: Iterable[Pair] = ()
    _parent: dict[str, str] = field(default_factory=dict)
    _members: dict[str, list[str]] = field(default_factory=dict)
    _numbers: dict[str, dict[str, frozenset[str]]] = field(default_factory=dict)
    _apart: dict[str, set[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for one, other in self.apart:
            self._apart.setdefault(one, set()).add(other)
            self._apart.setdefault(other, set()).add(one)

    def root(self, item: str) -> str:
        """The first member, in the order of ids, of the cluster of a record."""
        while (parent := self._parent.get(item, item)) != item:
            self._parent[item] = self._parent.get(parent, parent)
            item = parent
        return item

    def join(self, one: str, other: str, *, must: bool = False) -> bool:
        """Join the clusters of two records, if nothing contradicts it or it must be; whether they are one."""
        first, second = sorted((self.root(one), self.root(other)))
        if first == second:
            return True
        if not must and self._contradict(first, second):
            return False
        numbers = self._of(first)
        for register, values in self._of(second).items():
            numbers[register] = numbers.get(register, frozenset()) | values
        self._numbers[first] = numbers
        self._members[first] = [*self._members.get(first, [first]), *self._members.pop(second, [second])]
        self._parent[second] = first
        return True

    def _of(self, root: str) -> dict[str, frozenset[str]]:
        if root not in self._numbers:
            own = self.numbers.get(root, {})
            self._numbers[root] = {register: frozenset([value]) for register, value in own.items()}
        return self._numbers[root]

    def _contradict(self, first: str, second: str) -> bool:
        one, other = self._of(first), self._of(second)
        for register in one.keys() & other.keys():
            a, b = one[register], other[register]
            if not (a <= b or b <= a):
                return True
        one_side, other_side = (self._members.get(root) or [root] for root in (first, second))
        few, many = (one_side, second) if len(one_side) <= len(other_side) else (other_side, first)
        apart = self._apart
        return any(self.root(barred) == many for member in few if member in apart for barred in apart[member])


def join_pairs(
    pairs: pd.DataFrame,
    ids: Iterable[str],
    entity: MatchEntity,
    decisions: Decisions = NO_DECISIONS,
    numbers: Mapping[str, Mapping[str, str]] = NO_NUMBERS,
    branches: Iterable[Pair] = (),
) -> tuple[Clusters, pd.DataFrame]:
    """Clusters of the matched pairs, and the pairs with what became of them.

    People's word comes first: what is the same to them is joined whatever contradicts it, what is different
    never. ``branches`` are never joined by a chain. A match that would join contradicting clusters becomes a maybe.
    """
    known = set(ids)
    pairs = with_decisions(pairs, entity, decisions, known)
    different = decisions.different.get(entity, {})
    same = decisions.same.get(entity, {})
    clusters = Clusters(numbers, [*different, *(pair for pair in branches if pair not in same)])
    for one, other in sorted(pair for pair in same if known.issuperset(pair)):
        clusters.join(one, other, must=True)
    matched = pairs[pairs[Match.decision].eq(MatchDecision.MATCH)].sort_values(
        [Match.confidence, Match.left_id, Match.right_id], ascending=[False, True, True]
    )
    refused = [
        at
        for at, one, other in zip(
            matched.index, matched[Match.left_id].tolist(), matched[Match.right_id].tolist(), strict=True
        )
        if not clusters.join(one, other)
    ]
    if refused:
        pairs = pairs.copy()
        pairs.loc[refused, Match.decision] = MatchDecision.MAYBE.value
        pairs.loc[refused, Match.reason] += f"; but {CHAINED}"
    return clusters, pairs


def tell(ids: Iterable[str], clusters: Clusters, pairs: pd.DataFrame) -> pd.DataFrame:
    """Per id its cluster, how sure that is, and why: the reasons of the matches that hold it there.

    A record that stands alone but may be the same as another says so, and is as sure as that is unlikely.
    """
    ids = list(ids)
    surest: dict[str, float] = {}
    reasons: dict[str, set[str]] = {}
    for one, other, sure, why in _rows(pairs, MatchDecision.MATCH):
        for i in (one, other):
            surest[i] = max(surest.get(i, 0.0), sure)
            reasons.setdefault(i, set()).add(why)
    doubts: dict[str, tuple[float, str]] = {}
    for one, other, sure, why in _rows(pairs, MatchDecision.MAYBE):
        for i, beside in ((one, other), (other, one)):
            doubts[i] = max(doubts.get(i, (0.0, "")), (sure, f"{LEFT_APART} {beside}: {why}"))
    for i, (sure, why) in doubts.items():
        if i not in surest:
            surest[i], reasons[i] = round(1 - sure, _DIGITS), {why}
    return pd.DataFrame(
        {
            CLUSTER: [clusters.root(i) for i in ids],
            Match.confidence: [surest.get(i, 1.0) for i in ids],
            Match.reason: ["; ".join(sorted(reasons[i])) if i in reasons else ALONE for i in ids],
        }
    )


def _rows(pairs: pd.DataFrame, decision: MatchDecision) -> Iterator[tuple[str, str, float, str]]:
    of = pairs[pairs[Match.decision].eq(decision)]
    columns = (Match.left_id, Match.right_id, Match.confidence, Match.reason)
    return zip(*(of[column].tolist() for column in columns), strict=True)
