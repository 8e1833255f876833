"""Why listings of several rosters are one activity, one place or one provider, in words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from transforms.schema import Table
from transforms.tables import Location, Match, Organization, Service, SourceNight, Supply
from transforms.vocabulary import MatchDecision, MatchEntity

Frames = Mapping[type[Table], pd.DataFrame]
Pairs = dict[tuple[str, str], tuple[str, str, float]]

_TABLE = {
    MatchEntity.SERVICE: Service,
    MatchEntity.LOCATION: Location,
    MatchEntity.ORGANIZATION: Organization,
}
_NOUN = {
    MatchEntity.SERVICE: "activity",
    MatchEntity.LOCATION: "place",
    MatchEntity.ORGANIZATION: "provider",
}

MAYBE = "may be"


class MatchEvidence:
    """What was compared with the records behind a member, and what came of it."""

    def __init__(self, frames: Frames) -> None:
        nights = frames[SourceNight]
        self._owner = dict(zip(nights[SourceNight.source], nights[SourceNight.title], strict=True))
        self._records = {entity: frames[table].set_index("id") for entity, table in _TABLE.items()}
        self._pairs = {entity: _both_ways(frames[Match], entity) for entity in MatchEntity}
        self._supply = frames[Supply]
        self._why_provider = frames[Organization].set_index(Organization.id)[Organization.x_match_reason]

    def of(self, service: str, location: str | None, organization: str | None, activity: str) -> list[str]:
        """The evidence for one listing: its activity, its place, its provider, and what may be the same."""
        listed = self._supply[self._supply[Supply.activity_id].eq(activity)]
        words = [*self._same(MatchEntity.SERVICE, service, set(listed[Supply.service_id]))]
        if location and len(words):
            words += self._same(
                MatchEntity.LOCATION, location, self._clustered(MatchEntity.LOCATION, location)
            )
        if organization:
            cluster = self._clustered(MatchEntity.ORGANIZATION, organization)
            same = [*self._same(MatchEntity.ORGANIZATION, organization, cluster)]
            words += same or ["its provider matches no other"]
        return [*words, *self._maybe(service)]

    def _clustered(self, entity: MatchEntity, record: str) -> set[str]:
        records = self._records[entity]
        if record not in records.index:
            return set()
        cluster = records["x_cluster_id"]
        return set(records.index[cluster.eq(cluster[record])])

    def _same(self, entity: MatchEntity, record: str, together: set[str]) -> Iterator[str]:
        for other in sorted(together - {record}):
            _, reason, confidence = self._pairs[entity].get((record, other), ("", "", 0.0))
            why = f"{reason} ({confidence:.0%} sure)" if reason else "through another that matches both"
            if entity is MatchEntity.ORGANIZATION and not self._pairs[entity]:
                why = str(self._why_provider.get(record, why))
            yield f"one {_NOUN[entity]} with {self._named(entity, other)}: {why}"

    def _maybe(self, service: str) -> Iterator[str]:
        for (record, other), (decision, reason, confidence) in self._pairs[MatchEntity.SERVICE].items():
            is_published = other in self._records[MatchEntity.SERVICE].index
            if record == service and decision == MatchDecision.MAYBE and is_published:
                named = self._named(MatchEntity.SERVICE, other)
                yield (
                    f"{MAYBE} one activity with {named}, counted apart until somebody decides: {reason}"
                    f" ({confidence:.0%} sure)"
                )

    def _named(self, entity: MatchEntity, record: str) -> str:
        row = self._records[entity].loc[record]
        source = row["x_source"]
        name = f"“{row['name']}”" if pd.notna(row["name"]) else "the one"
        return f"{name} of {self._owner.get(source, source)}"


def _both_ways(matches: pd.DataFrame, entity: MatchEntity) -> Pairs:
    """Matches and maybes of one kind, looked up from either side."""
    kept = matches[matches[Match.entity].eq(entity) & matches[Match.decision].ne(MatchDecision.NO)]
    pairs: Pairs = {}
    for row in kept.to_dict("records"):
        found = (row[Match.decision], row[Match.reason], float(row[Match.confidence]))
        pairs[row[Match.left_id], row[Match.right_id]] = found
        pairs[row[Match.right_id], row[Match.left_id]] = found
    return pairs
