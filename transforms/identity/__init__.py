"""One id for one organization, place and service, whatever number, order or spelling its roster has tonight.

The memory is the registry of an earlier snapshot (``Identity``). Tonight's records are paired with it by
the strongest evidence first; what is paired keeps its id and the spelling first seen, what is new gets the
id its native key gives, what is gone is retired or redirected.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from transforms.identity.clusters import CLUSTER_OF, next_clusters
from transforms.identity.evidence import (
    home_evidence,
    location_evidence,
    organization_evidence,
    pathway_evidence,
    service_evidence,
    withheld_ids,
)
from transforms.identity.registry import next_registry, resolve
from transforms.identity.rename import with_ids, with_names
from transforms.schema import Table
from transforms.tables import HealthPathway, Identity, Location, Organization, Service
from transforms.thresholds import Thresholds
from transforms.vocabulary import IdentityEntity, IdentityState

Frames = Mapping[type[Table], pd.DataFrame]
Received = Mapping[str, tuple[pd.Timestamp, bool]]
"""When the roster in use of each source was received, and whether that was tonight."""

_TABLE_OF = {
    IdentityEntity.ORGANIZATION: (Organization, Organization.id, Organization.x_cluster_id),
    IdentityEntity.LOCATION: (Location, Location.id, Location.x_cluster_id),
    IdentityEntity.SERVICE: (Service, Service.id, Service.x_cluster_id),
}


@dataclass(frozen=True)
class Identified:
    """The directory under its lasting ids, the id of every provisional one, and the registry after tonight."""

    frames: dict[type[Table], pd.DataFrame]
    ids: dict[str, str]
    registry: pd.DataFrame


def identify(
    frames: Frames, registry: pd.DataFrame, received: Received, day: pd.Timestamp, thresholds: Thresholds
) -> Identified:
    """The directory of all sources under lasting ids and the names first seen, in key order.

    What is never published gets ids of its own and leaves nothing in the registry.
    """
    ids: dict[str, str] = {}
    parts: list[pd.DataFrame] = []

    def remember(evidence: pd.DataFrame, entity: IdentityEntity) -> None:
        known = _redirected(registry, pd.concat(parts)) if parts else registry
        rows, found = next_registry(evidence, known, entity, received, day, thresholds)
        parts.append(rows)
        ids.update(found)

    remember(organization_evidence(frames[Organization]), IdentityEntity.ORGANIZATION)
    # A provider's own home follows its service, and a service is known by its other places.
    places = location_evidence(frames, ids)
    ids |= next_registry(places, registry, IdentityEntity.LOCATION, received, day, thresholds)[1]
    remember(service_evidence(frames, ids), IdentityEntity.SERVICE)
    every_place = pd.concat([places, home_evidence(frames, ids)], ignore_index=True)
    remember(every_place, IdentityEntity.LOCATION)
    remember(pathway_evidence(frames[HealthPathway]), IdentityEntity.HEALTH_PATHWAY)
    ids |= withheld_ids(frames)
    clusters = registry[registry[Identity.entity].isin(CLUSTER_OF.values())]
    after = Identity.frame(pd.concat([part for part in (*parts, clusters) if len(part)], ignore_index=True))
    named = with_names(with_ids(frames, ids), after)
    return Identified({table: table.sorted(frame) for table, frame in named.items()}, ids, after)


def _redirected(registry: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The registry, with what belonged to an id that was merged tonight under the id it became."""
    merged = after[after[Identity.state].eq(IdentityState.MERGED)]
    to = merged.set_index(Identity.id)[Identity.redirect_to]
    return registry.assign(**{Identity.belongs_to: registry[Identity.belongs_to].replace(to.to_dict())})


def keep_clusters(
    frames: Frames, registry: pd.DataFrame, day: pd.Timestamp
) -> tuple[dict[type[Table], pd.DataFrame], pd.DataFrame]:
    """The matched directory, as it is published, under lasting cluster ids; and the registry with them."""
    kept, rest = dict(frames), registry
    for entity, (table, identifier, cluster) in _TABLE_OF.items():
        found = frames[table].set_index(identifier)[cluster]
        members = rest[rest[Identity.entity].eq(entity)]
        rows, named = next_clusters(members, found, rest, entity, day)
        kept[table] = frames[table].assign(**{cluster: frames[table][cluster].map(named)})
        own = rest[Identity.id].map(found.map(named)).where(rest[Identity.entity].eq(entity))
        rest = rest.assign(**{Identity.cluster_id: own.fillna(rest[Identity.cluster_id])})
        rest = rest[rest[Identity.entity].ne(CLUSTER_OF[entity])]
        rest = pd.concat([part for part in (rest, rows) if len(part)], ignore_index=True)
    return kept, Identity.sorted(Identity.frame(rest))


__all__ = ["Identified", "Received", "identify", "keep_clusters", "resolve"]
