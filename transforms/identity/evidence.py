"""What tells one record of a source from another, whatever number or spelling it has tonight."""

from __future__ import annotations

import re
from collections.abc import Mapping

import pandas as pd

from transforms.identifiers import digest, head_office_id, make_id, prefix_of
from transforms.parsers.reading import fold
from transforms.schema import Table
from transforms.tables import (
    Address,
    CostOption,
    HealthPathway,
    Identity,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
)

Frames = Mapping[type[Table], pd.DataFrame]

# The id a record has before its identity is known; the other columns are those of ``Identity``.
PROVISIONAL = "provisional"
EVIDENCE = (
    PROVISIONAL, Identity.source, Identity.native_id, Identity.name, Identity.alternate_names, Identity.belongs_to,
    Identity.name_digest, Identity.place_digest, Identity.detail_digest, Identity.identifier_digests,
)  # fmt: skip
DIGEST_JOINT = "~"
_AT_HOME = "at home"


def evened_name(name: str) -> str:
    """A name without case, punctuation and spacing."""
    return re.sub(r"[\W_]+", " ", fold(name).replace("&", " and ")).strip()


def is_same_spelling(one: str, other: str) -> bool:
    """Whether two names differ in nothing but case, spacing and punctuation."""
    return _letters(one) == _letters(other)


def _letters(name: str) -> str:
    return re.sub(r"[\W_]+", "", fold(name))


def organization_evidence(organizations: pd.DataFrame) -> pd.DataFrame:
    """One row per provider: its name, its head office, its register numbers, how to reach it."""
    o = organizations
    return _evidence(
        o[Organization.id],
        o[Organization.x_source],
        name=o[Organization.name],
        alternate_names=o[Organization.alternate_names],
        place=_digests(o[[Organization.hq_postcode]]),
        detail=_digests(o[[Organization.website, Organization.phone, Organization.email]]),
        identifiers=_each_digested(
            o[[Organization.charity_no, Organization.company_no, Organization.ofsted_urn]]
        ),
    )


def location_evidence(frames: Frames, ids: Mapping[str, str]) -> pd.DataFrame:
    """One row per place that may be published, but for providers' own homes.

    ``ids`` holds the identities of providers, which their head offices follow.
    """
    hidden = withheld_places(frames)
    places = frames[Location]
    places = places[~places[Location.x_is_home].astype(bool) & ~places[Location.id].isin(hidden)]
    address = frames[Address].drop_duplicates(Address.location_id).set_index(Address.location_id)
    raw = places[Location.id].map(address[Address.x_postcode_raw]).map(_letters, na_action="ignore")
    code = places[Location.id].map(address[Address.postal_code]).map(_letters, na_action="ignore")
    offices = {head_office_id(provider): head_office_id(ids[provider]) for provider in ids}
    is_office = places[Location.id].isin(offices)
    kind = places[Location.location_type] + " " + places[Location.x_address_role]
    points = places[[Location.latitude, Location.longitude]].round(4)
    return _evidence(
        places[Location.id],
        places[Location.x_source],
        native_id=places[Location.id].replace(offices),
        name=places[Location.name].mask(is_office),
        belongs_to=kind,
        place=_digests(code.fillna(raw).mask(is_office).to_frame()),
        detail=_digests(points),
        identifiers=_each_digested(places[[Location.external_identifier]]),
    )


def service_evidence(frames: Frames, ids: Mapping[str, str]) -> pd.DataFrame:
    """One row per service that may be published; ``ids`` holds the identities of providers and places."""
    services = frames[Service]
    services = services[~services[Service.x_is_bespoke].astype(bool)]
    at = frames[ServiceAtLocation]
    homes = frames[Location].loc[frames[Location][Location.x_is_home].astype(bool), Location.id]
    where = at[ServiceAtLocation.location_id].map(lambda place: ids.get(place, place))
    where = where.mask(at[ServiceAtLocation.location_id].isin(homes), _AT_HOME)
    service_of = at.set_index(ServiceAtLocation.id)[ServiceAtLocation.service_id]
    sessions = frames[Schedule].assign(
        _service=frames[Schedule][Schedule.service_at_location_id].map(service_of)
    )
    prices = frames[CostOption]
    said = pd.DataFrame(
        {
            "low": services[Service.minimum_age].astype("str"),
            "high": services[Service.maximum_age].astype("str"),
            "when": services[Service.id].map(_joined(sessions[Schedule.description], sessions["_service"])),
            "cost": services[Service.id].map(
                _joined(prices[CostOption.amount_description], prices[CostOption.service_id])
            ),
        },
        index=services.index,
    )
    return _evidence(
        services[Service.id],
        services[Service.x_source],
        name=services[Service.name],
        belongs_to=services[Service.organization_id].map(lambda o: ids.get(o, o), na_action="ignore"),
        place=_digests(services[Service.id].map(_joined(where, at[ServiceAtLocation.service_id])).to_frame()),
        detail=_digests(said),
    )


def home_evidence(frames: Frames, ids: Mapping[str, str]) -> pd.DataFrame:
    """One row per provider's own home that may be published: known by its service, and by nothing of its own.

    A hash of a home's postcode would tell the postcode to whoever tries them all.
    """
    hidden = withheld_places(frames)
    homes = frames[Location]
    homes = homes[homes[Location.x_is_home].astype(bool) & ~homes[Location.id].isin(hidden)]
    at = frames[ServiceAtLocation]
    service = at[ServiceAtLocation.service_id].map(ids).groupby(at[ServiceAtLocation.location_id]).min()
    theirs = homes[Location.id].map(service)
    order = homes.assign(_service=theirs).sort_values(Location.id).groupby("_service").cumcount()
    return _evidence(
        homes[Location.id],
        homes[Location.x_source],
        native_id=pd.Series(
            [make_id("loc", "home", s, n) for s, n in zip(theirs, order.reindex(homes.index), strict=True)],
            index=homes.index,
            dtype="str",
        ),
        belongs_to=pd.Series(_AT_HOME, index=homes.index, dtype="str"),
    )


def pathway_evidence(pathways: pd.DataFrame) -> pd.DataFrame:
    """One row per health pathway: its service, GP route, ages and referral."""
    p = pathways
    return _evidence(
        p[HealthPathway.id],
        p[HealthPathway.x_source],
        name=p[HealthPathway.service_name],
        alternate_names=p[HealthPathway.provider_name],
        belongs_to=p[HealthPathway.route],
        detail=_digests(
            p[[HealthPathway.minimum_age, HealthPathway.maximum_age, HealthPathway.referral]].astype("str")
        ),
    )


def withheld_places(frames: Frames) -> set[str]:
    """Places that only withheld services use."""
    services, at = frames[Service], frames[ServiceAtLocation]
    bespoke = set(services.loc[services[Service.x_is_bespoke].astype(bool), Service.id])
    is_withheld = at[ServiceAtLocation.service_id].isin(bespoke)
    used = set(at.loc[~is_withheld, ServiceAtLocation.location_id])
    return set(at.loc[is_withheld, ServiceAtLocation.location_id]) - used


def withheld_ids(frames: Frames) -> dict[str, str]:
    """Ids for what is never published, which no published record can share."""
    services = frames[Service]
    bespoke = services.loc[services[Service.x_is_bespoke].astype(bool), Service.id]
    return {
        old: make_id(prefix_of(old), "withheld", old) for old in [*bespoke, *sorted(withheld_places(frames))]
    }


def _evidence(
    provisional: pd.Series,
    source: pd.Series,
    *,
    native_id: pd.Series | None = None,
    name: pd.Series | None = None,
    alternate_names: pd.Series | None = None,
    belongs_to: pd.Series | None = None,
    place: pd.Series | None = None,
    detail: pd.Series | None = None,
    identifiers: pd.Series | None = None,
) -> pd.DataFrame:
    name_digest = None
    if name is not None:
        name_digest = _digests(name.map(evened_name, na_action="ignore").to_frame())
    given = {
        PROVISIONAL: provisional,
        Identity.source: source,
        Identity.native_id: provisional if native_id is None else native_id,
        Identity.name: name,
        Identity.alternate_names: alternate_names,
        Identity.belongs_to: belongs_to,
        Identity.name_digest: name_digest,
        Identity.place_digest: place,
        Identity.detail_digest: detail,
        Identity.identifier_digests: identifiers,
    }
    return pd.DataFrame(
        {column: pd.Series("" if values is None else values, index=provisional.index, dtype="str").fillna("")
         for column, values in given.items()}
    ).reset_index(drop=True)  # fmt: skip


def _digests(columns: pd.DataFrame) -> pd.Series:
    """One hash per row over what its cells say; blank where they say nothing."""
    said = columns.astype("str").fillna("").replace({"nan": "", "<NA>": ""})
    rows = (
        said.apply(lambda cells: DIGEST_JOINT.join(map(fold, cells)), axis=1)
        if len(said)
        else said.sum(axis=1)
    )
    known = {row: digest([row])[:12] if row.strip(DIGEST_JOINT) else "" for row in set(rows)}
    return rows.map(known).astype("str")


def _each_digested(columns: pd.DataFrame) -> pd.Series:
    """The hashes of each row's register numbers."""
    rows = [
        DIGEST_JOINT.join(
            sorted(
                digest([register, fold(str(number))])[:12]
                for register, number in row.items()
                if pd.notna(number)
            )
        )
        for row in columns.to_dict("records")
    ]
    return pd.Series(rows, index=columns.index, dtype="str")


def _joined(values: pd.Series, by: pd.Series) -> pd.Series:
    """The values of each group as one text, whatever their order."""
    told = values.notna() & by.notna()
    return values[told].groupby(by[told]).agg(lambda group: DIGEST_JOINT.join(sorted(map(fold, group))))
