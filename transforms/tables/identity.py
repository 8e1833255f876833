"""The registry of identities: what has ever had an id, and what has become of it."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove, Table
from transforms.vocabulary import IdentityEntity, IdentityState

_DIGEST = r"^[0-9a-f]{12}$"


class Identity(Table, name="x_identity"):
    """One id that was ever published, when it was seen, and what has become of it."""

    entity = Column(Kind.TEXT, "What it identifies", required=True, values=IdentityEntity)
    id = Column(Kind.TEXT, "Our identifier", required=True)
    state = Column(Kind.TEXT, "What has become of it", required=True, values=IdentityState)
    first_seen = Column(Kind.DATE, "Night on which it was first published", required=True)
    last_seen = Column(Kind.DATE, "Last night on which its source was received with it", required=True)
    redirect_to = Column(Kind.TEXT, "Id to use instead, where it was merged")
    redirected_on = Column(Kind.DATE, "Night on which it was merged")
    reason = Column(Kind.TEXT, "Why it is no longer in use, in words")
    source = Column(Kind.TEXT, "Roster source; blank for a cluster")
    cluster_id = Column(Kind.TEXT, "Cluster in which it last stood")
    native_id = Column(Kind.TEXT, "Identifier that the source's own key alone would give", is_lineage=True)
    name = Column(Kind.TEXT, "Name as first spelled, which the directory keeps; blank once out of use")
    alternate_names = Column(Kind.TEXT, "Other names as first spelled; blank once out of use")
    belongs_to = Column(Kind.TEXT, "What it is part of: the provider of a service, the kind of a place")
    name_digest = Column(Kind.TEXT, "Hash of its name, evened out", pattern=_DIGEST)
    place_digest = Column(Kind.TEXT, "Hash of its postcode or places; never of a home's", pattern=_DIGEST)
    detail_digest = Column(Kind.TEXT, "Hash of what else was said of it", pattern=_DIGEST)
    identifier_digests = Column(Kind.TEXT, "Hashes of its register numbers", pattern=r"^[0-9a-f~]+$")
    key = (entity, id)
    rules = (NotAbove(first_seen, last_seen, "nothing is last seen before it is first seen"),)
