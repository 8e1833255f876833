"""The same provider, venue and service across rosters: exact evidence only.

Two providers are one when they share a register number or a web address, or the same name (legal
endings apart) at the same postcode. A shared postcode or a shared name alone never suffices.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pandas as pd

from transforms.identifiers import make_id
from transforms.parsers.reading import fold
from transforms.tables import Address, Location, Organization, Service, ServiceAtLocation
from transforms.vocabulary import AddressRole, Zone

ALONE = "no other record shares its evidence"

_LEGAL_ENDINGS = re.compile(
    r"\b(?:limited|ltd|c\.?i\.?c|community interest company|llp|plc|cio|charity|the)\b\.?"
)
# Hosts where many providers have a page or a mailbox: the same host says nothing.
_SHARED_HOSTS = frozenset(
    [
        "facebook.com",
        "instagram.com",
        "eventbrite.co.uk",
        "linktr.ee",
        "sites.google.com",
        "gmail.com",
        "googlemail.com",
        "hotmail.com",
        "hotmail.co.uk",
        "outlook.com",
        "yahoo.com",
        "yahoo.co.uk",
        "icloud.com",
        "btinternet.com",
        "aol.com",
        "live.co.uk",
    ]
)
_TRADING = re.compile(r"\(?\btrading as\b.*$|\bt/a\b.*$")


def comparable_name(name: str) -> str:
    """A name without legal endings, trading names, punctuation and case."""
    bare = _LEGAL_ENDINGS.sub(" ", _TRADING.sub(" ", fold(name).replace("&", " and ")))
    return re.sub(r"[^a-z0-9]+", " ", bare).strip()


@dataclass
class _Clusters:
    """Records joined by shared evidence (union-find), with the reasons for each join."""

    parent: dict[str, str] = field(default_factory=dict)
    reasons: dict[str, set[str]] = field(default_factory=dict)

    def root(self, item: str) -> str:
        self.parent.setdefault(item, item)
        while self.parent[item] != item:
            self.parent[item] = self.parent[self.parent[item]]
            item = self.parent[item]
        return item

    def join(self, items: Iterable[str], reason: str) -> None:
        members = sorted(items)
        for member in members:
            self.reasons.setdefault(member, set()).add(reason)
        roots = sorted({self.root(member) for member in members})
        for other in roots[1:]:
            self.parent[other] = roots[0]


def match_organizations(organizations: pd.DataFrame) -> pd.DataFrame:
    """Organizations with their cluster, its confidence and the reason in words."""
    site = organizations[Organization.website].map(
        lambda url: urlsplit(url).netloc.removeprefix("www.").lower(), na_action="ignore"
    )
    # A role mailbox at the provider's own domain says the same as its website.
    mail = organizations[Organization.email].map(lambda box: box.rpartition("@")[2], na_action="ignore")
    site = site.fillna(mail)
    site = site.mask(site.isin(_SHARED_HOSTS))
    name = organizations[Organization.name].map(comparable_name)
    evidence = {
        "the same charity number": organizations[Organization.charity_no],
        "the same company number": organizations[Organization.company_no],
        "the same Ofsted number": organizations[Organization.ofsted_urn],
        "the same name and website or mail domain": _pair(name, site),
        "the same name and head-office postcode": _pair(name, organizations[Organization.hq_postcode]),
    }
    clusters = _Clusters()
    for reason, keys in evidence.items():
        for _, ids in organizations[Organization.id].groupby(keys.where(keys.notna())):
            if len(ids) > 1:
                clusters.join(ids, reason)
    ids = organizations[Organization.id]
    return organizations.assign(
        **{
            Organization.x_cluster_id: [_cluster("orc", clusters.root(i)) for i in ids],
            Organization.x_match_confidence: 1.0,
            Organization.x_match_reason: [", ".join(sorted(clusters.reasons.get(i, {ALONE}))) for i in ids],
        }
    )


def match_locations(locations: pd.DataFrame, addresses: pd.DataFrame) -> pd.DataFrame:
    """Locations with their venue cluster: the same property number, or the same name and postcode.

    A place that is not on the ground clusters with its like: online is one place.
    """
    code = locations[Location.id].map(addresses.set_index(Address.location_id)[Address.postal_code])
    name = locations[Location.name].map(comparable_name, na_action="ignore")
    is_venue = locations[Location.x_address_role].eq(AddressRole.VENUE)
    clusters = _Clusters()
    for keys in (locations[Location.external_identifier], _pair(name, code)):
        for _, ids in locations.loc[is_venue, Location.id].groupby(keys[is_venue]):
            if len(ids) > 1:
                clusters.join(ids, "")
    not_on_ground = locations[Location.x_zone].isin([Zone.ONLINE, Zone.HOME_OUTREACH])
    roots = [
        zone if apart else clusters.root(i)
        for i, zone, apart in zip(
            locations[Location.id], locations[Location.x_zone], not_on_ground, strict=True
        )
    ]
    return locations.assign(**{Location.x_cluster_id: [_cluster("loc-c", root) for root in roots]})


def match_services(
    services: pd.DataFrame, organizations: pd.DataFrame, at: pd.DataFrame, locations: pd.DataFrame
) -> pd.DataFrame:
    """Services with their cluster: the same provider cluster, and the same name or venue and name.

    One provider listing "Saturday club" in three boroughs' rosters offers one service if a venue is
    shared, and three if the venues differ.
    """
    provider = services[Service.organization_id].map(
        organizations.set_index(Organization.id)[Organization.x_cluster_id]
    )
    venue = at[ServiceAtLocation.location_id].map(locations.set_index(Location.id)[Location.x_cluster_id])
    named = _pair(provider.fillna(services[Service.id]), services[Service.name].map(comparable_name))
    of_service = at[ServiceAtLocation.service_id]
    at_venue = _pair(of_service.map(named.set_axis(services[Service.id])), venue)
    without_place = services[Service.id][~services[Service.id].isin(of_service)]
    clusters = _Clusters()
    for ids, keys in ((of_service, at_venue), (without_place, named[without_place.index])):
        for _, same in ids.groupby(keys):
            clusters.join(set(same), "")
    return services.assign(
        **{Service.x_cluster_id: [_cluster("svc-c", clusters.root(i)) for i in services[Service.id]]}
    )


def _pair(first: pd.Series, second: pd.Series) -> pd.Series:
    both = first.notna() & second.notna() & first.ne("")
    return (first.astype("str") + "|" + second.astype("str")).where(both)


def _cluster(prefix: str, root: Hashable) -> str:
    return make_id(prefix, root)
