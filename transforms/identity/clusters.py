"""Clusters keep their ids: a cluster is called what its eldest member's cluster was called."""

from __future__ import annotations

import pandas as pd

from transforms.identity.registry import free_id
from transforms.tables import Identity
from transforms.vocabulary import IdentityEntity, IdentityState

CLUSTER_OF = {
    IdentityEntity.ORGANIZATION: IdentityEntity.ORGANIZATION_CLUSTER,
    IdentityEntity.LOCATION: IdentityEntity.LOCATION_CLUSTER,
    IdentityEntity.SERVICE: IdentityEntity.SERVICE_CLUSTER,
}
NO_MEMBERS = "none of its members is in use"
JOINED = "its members joined the cluster it redirects to"

_FOUND, _WAS, _AGE = "_found", "_was", "_age"


def name_clusters(
    members: pd.DataFrame, found: pd.Series, taken: set[str]
) -> tuple[dict[str, str], dict[str, str]]:
    """What tonight's clusters are called, and what became of those they were.

    ``members`` are the identities in use, eldest first, with the cluster each last stood in; ``found`` the
    cluster each stands in tonight, as matching calls it. A remembered cluster lives on in the cluster of
    its eldest member; a cluster that inherits several names takes the one of its eldest member. A new one
    keeps the name matching gives it, unless that was ever another's.

    Returns the id of every cluster by matching's name, and for every remembered cluster the id it lives on as.
    """
    rows = pd.DataFrame({_FOUND: found, _WAS: members[Identity.cluster_id], _AGE: range(len(members))})
    heirs = rows.dropna(subset=[_WAS]).drop_duplicates(_WAS)
    named = dict(heirs.drop_duplicates(_FOUND)[[_FOUND, _WAS]].itertuples(index=False))
    used = taken | set(named.values())
    for cluster in rows[_FOUND].drop_duplicates():
        if cluster not in named:
            named[cluster] = free_id(cluster, used)
            used.add(named[cluster])
    return named, {was: named[cluster] for cluster, was in heirs[[_FOUND, _WAS]].itertuples(index=False)}


def next_clusters(
    members: pd.DataFrame,
    found: pd.Series,
    registry: pd.DataFrame,
    entity: IdentityEntity,
    day: pd.Timestamp,
) -> tuple[pd.DataFrame, dict[str, str]]:
    """The rows of one kind of cluster as they stand after tonight, and the id of every cluster found.

    ``members`` are all rows of the registry of one kind, ``found`` the cluster of those in use by their id.
    """
    known = registry[registry[Identity.entity].eq(CLUSTER_OF[entity])].set_index(Identity.id, drop=False)
    present = members[members[Identity.id].isin(found.index)]
    present = present.sort_values([Identity.first_seen, Identity.id], ignore_index=True)
    named, lives_on = name_clusters(present, present[Identity.id].map(found), set(known.index))
    own = present.assign(_cluster=present[Identity.id].map(found).map(named))
    rows = []
    for cluster, each in own.groupby("_cluster"):
        since = known[Identity.first_seen].get(cluster)
        rows.append(
            {
                Identity.entity: CLUSTER_OF[entity].value,
                Identity.id: cluster,
                Identity.state: IdentityState.CURRENT.value,
                Identity.first_seen: each[Identity.last_seen].max() if since is None else since,
                Identity.last_seen: each[Identity.last_seen].max(),
            }
        )
    waiting = set(members.loc[members[Identity.state].eq(IdentityState.CURRENT), Identity.cluster_id])
    for cluster, row in known.iterrows():
        if cluster in set(own["_cluster"]):
            continue
        left = row.to_dict()
        heir = lives_on.get(str(cluster))
        if row[Identity.state] == IdentityState.CURRENT and (heir or cluster not in waiting):
            left[Identity.state] = (IdentityState.MERGED if heir else IdentityState.RETIRED).value
            left[Identity.reason] = JOINED if heir else NO_MEMBERS
            left[Identity.redirect_to] = heir
            left[Identity.redirected_on] = day if heir else None
        rows.append(left)
    return Identity.frame(rows), named
