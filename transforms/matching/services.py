"""Services across rosters: one provider's, under one name, at one venue."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.identifiers import make_id
from transforms.matching.clusters import CLUSTER, join_pairs, tell
from transforms.matching.decisions import NO_DECISIONS, Decisions
from transforms.matching.names import compare_names
from transforms.matching.records import Prepared, prepare
from transforms.matching.rules import MatchRules
from transforms.tables import Location, Match, MatchRecord, Organization, Service, ServiceAtLocation
from transforms.vocabulary import MatchDecision, MatchEntity

_NAMES_SAME, _NAMES_ALIKE = 0.9, 0.7
_SAME = 0.97
_NOWHERE = "without a place"


def match_services(
    services: pd.DataFrame,
    organizations: pd.DataFrame,
    at: pd.DataFrame,
    locations: pd.DataFrame,
    rules: MatchRules,
    decisions: Decisions = NO_DECISIONS,
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Services with their cluster; and the pairs of services, as ``Match``.

    One provider listing "Saturday club" in three boroughs' rosters offers one service if a venue is
    shared, and three if the venues differ.
    """
    names = _own_words(services, organizations, rules)
    prepared = prepare(pd.DataFrame({MatchRecord.id: services[Service.id], MatchRecord.name: names}), rules)
    left, right = _candidates(services, organizations, at, locations)
    pairs = _compare(prepared, left, right, rules)
    clusters, pairs = join_pairs(pairs, prepared.ids, MatchEntity.SERVICE, decisions)
    told = tell(prepared.ids, clusters, pairs)
    clustered = services.assign(**{Service.x_cluster_id: [make_id("svc-c", root) for root in told[CLUSTER]]})
    return clustered, Match.frame(Match.sorted(pairs))


def _own_words(services: pd.DataFrame, organizations: pd.DataFrame, rules: MatchRules) -> list[str]:
    """Names of services without the words of their provider's name, unless nothing else is left."""
    reader = rules.reader
    of_provider = {
        i: set(reader.words(name))
        for i, name in zip(organizations[Organization.id], organizations[Organization.name], strict=True)
    }
    found = []
    for name, provider in zip(services[Service.name], services[Service.organization_id], strict=True):
        words = reader.words(name)
        own = [word for word in words if word not in of_provider.get(provider, ())]
        found.append(" ".join(own or words))
    return found


def _candidates(
    services: pd.DataFrame, organizations: pd.DataFrame, at: pd.DataFrame, locations: pd.DataFrame
) -> tuple[np.ndarray, np.ndarray]:
    """Positions of services of one provider cluster that share a venue cluster, or both have no place."""
    provider = services[Service.organization_id].map(
        organizations.set_index(Organization.id)[Organization.x_cluster_id]
    )
    offers = pd.DataFrame(
        {
            "row": np.arange(len(services)),
            "id": services[Service.id].to_numpy(),
            "provider": provider.to_numpy(),
        }
    )
    venue = at[ServiceAtLocation.location_id].map(locations.set_index(Location.id)[Location.x_cluster_id])
    places = pd.DataFrame({"id": at[ServiceAtLocation.service_id].to_numpy(), "venue": venue.to_numpy()})
    placed = offers.dropna(subset="provider").merge(
        places.drop_duplicates(), on="id", how="left", validate="1:m"
    )
    placed["venue"] = placed["venue"].fillna(_NOWHERE)
    both = placed.merge(placed, on=["provider", "venue"], suffixes=("", "_other"), validate="m:m")
    both = (
        both[both["id"] < both["id_other"]]
        .drop_duplicates(["id", "id_other"])
        .sort_values(["id", "id_other"])
    )
    return both["row"].to_numpy(), both["row_other"].to_numpy()


def _compare(prepared: Prepared, left: np.ndarray, right: np.ndarray, rules: MatchRules) -> pd.DataFrame:
    names = compare_names(prepared, left, right)
    same = (names.agreement >= _NAMES_SAME) & ~names.is_contrast
    alike = (names.agreement >= _NAMES_ALIKE) & ~names.is_contrast
    in_between = rules.maybe_at + (rules.match_at - rules.maybe_at) * 0.9 * names.agreement
    confidence = np.select([same, alike], [_SAME, in_between], 0.1 * names.agreement).round(4)
    decision = np.select(
        [same, alike], [MatchDecision.MATCH.value, MatchDecision.MAYBE.value], MatchDecision.NO.value
    )
    words = np.select(
        [names.is_equal, same, names.is_contrast, alike],
        [
            "the same name",
            "nearly the same name",
            "another place, number or time in the name",
            "a similar name",
        ],
        "unlike names",
    )
    return pd.DataFrame(
        {
            Match.entity: MatchEntity.SERVICE.value,
            Match.left_id: prepared.ids[left],
            Match.right_id: prepared.ids[right],
            Match.decision: decision,
            Match.confidence: confidence,
            Match.reason: [f"one provider, one venue, {each}" for each in words],
        }
    )
