"""Lines → organizations, each with its head office as a postal location."""

from __future__ import annotations

import pandas as pd

from transforms.identifiers import head_office_id, make_id
from transforms.parsers import contacts, values
from transforms.parsers.postcodes import read_postcodes
from transforms.parsers.reading import fold
from transforms.tables import Address, Location, Organization
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import AddressRole, GeocodeMethod, LocationType, PostcodeStatus, Zone

CHARITY_PATTERN, COMPANY_PATTERN = r"\d{6,7}(-\d+)?", r"[A-Z\d]{8}"


def provider_keys(lines: pd.DataFrame) -> pd.Series:
    """What tells one provider of a source from another: its reference, else its folded name."""
    return lines[L.provider_ref].where(
        lines[L.provider_ref].notna(), lines[L.provider_name].map(fold, na_action="ignore")
    )


def organization_id(source: str, key: str) -> str:
    """Identifier of a provider of one source."""
    return make_id("org", source, key)


def build_organizations(lines: pd.DataFrame, source: str, role_mailboxes: frozenset[str]) -> pd.DataFrame:
    """One row per provider key, first line first: the Organization table before matching.

    The frame's index is the index of the line each row came from.
    """
    named = lines[lines[L.provider_name].notna()]
    first = named.assign(_key=provider_keys(named)).drop_duplicates("_key")
    read = {
        Organization.charity_no: values.read_register_numbers(first[L.charity_no], CHARITY_PATTERN, 7),
        Organization.company_no: values.read_register_numbers(first[L.company_no], COMPANY_PATTERN, 8),
        Organization.email: contacts.read_role_emails(first[L.email], role_mailboxes),
        Organization.phone: contacts.read_phones(first[L.phone]),
        Organization.website: contacts.read_websites(first[L.website]),
        Organization.hq_postcode: read_postcodes(first[L.hq_postcode]),
    }
    frame = pd.DataFrame(
        {column: reading[values.VALUE] for column, reading in read.items()}, index=first.index
    )
    frame[Organization.id] = [organization_id(source, key) for key in first["_key"]]
    frame[Organization.name] = first[L.provider_name]
    frame[Organization.alternate_names] = first[L.trading_as]
    frame[Organization.ofsted_urn] = first[L.ofsted_urn]
    frame[Organization.x_source] = source
    # Matching fills the cluster; until then each provider stands alone.
    frame[Organization.x_cluster_id] = frame[Organization.id]
    frame[Organization.x_match_confidence] = 1.0
    frame[Organization.x_match_reason] = "not yet compared"
    return frame


def build_head_offices(
    organizations: pd.DataFrame, lines: pd.DataFrame, source: str
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """A postal location and its address for every provider whose head office is given.

    A head office is never a venue: its role is ``hq`` and it gets no zone.
    """
    raw = lines.loc[organizations.index, L.hq_postcode]
    # A home was taken out of the organizations before; a postcode that is not one is kept to be told of.
    is_home = organizations[Organization.hq_postcode].isna() & read_postcodes(raw)[values.VALUE].notna()
    given = organizations[raw.notna() & ~is_home]
    ids = [head_office_id(organization) for organization in given[Organization.id]]
    locations = pd.DataFrame(
        {
            Location.id: ids,
            Location.location_type: LocationType.POSTAL.value,
            Location.name: given[Organization.name],
            Location.x_geocode_method: GeocodeMethod.NONE.value,
            Location.x_zone: Zone.UNKNOWN.value,
            Location.x_zone_certain: False,
            Location.x_address_role: AddressRole.HQ.value,
            Location.x_is_home: False,
            Location.x_source: source,
            Location.x_cluster_id: ids,
        },
        index=given.index,
    )
    addresses = pd.DataFrame(
        {
            Address.id: [make_id("adr", location) for location in ids],
            Address.location_id: ids,
            Address.postal_code: given[Organization.hq_postcode],
            Address.x_postcode_raw: raw[given.index],
            Address.x_postcode_status: PostcodeStatus.MISSING.value,
        },
        index=given.index,
    )
    return locations, addresses
