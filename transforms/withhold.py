"""What is never published, taken out once, before anything is counted.

Records made for one child are withheld whole: their service, times, prices, needs and evidence. Of a
provider's own home only the postcode sector, the authority and the zone remain.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schema import Table
from transforms.tables import (
    Accessibility,
    Address,
    ContractMention,
    CostOption,
    Eligibility,
    Funding,
    Location,
    Match,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ValueProvenance,
)

_BY_SERVICE = {
    ServiceAtLocation: ServiceAtLocation.service_id,
    CostOption: CostOption.service_id,
    Funding: Funding.service_id,
    Eligibility: Eligibility.service_id,
    ServiceNeed: ServiceNeed.service_id,
    # A contract that no other record tells of goes with them: contracts are made of what is left.
    ContractMention: ContractMention.service_id,
    ValueProvenance: ValueProvenance.id,
}

Frames = Mapping[type[Table], pd.DataFrame]


def withhold_bespoke(frames: Frames) -> tuple[dict[type[Table], pd.DataFrame], set[str]]:
    """The frames without bespoke services, and the ids that were withheld."""
    services = frames[Service]
    withheld = set(services.loc[services[Service.x_is_bespoke], Service.id])
    kept = dict(frames)
    kept[Service] = services[~services[Service.id].isin(withheld)].reset_index(drop=True)
    for table, column in _BY_SERVICE.items():
        kept[table] = frames[table][~frames[table][column].isin(withheld)].reset_index(drop=True)
    places = set(kept[ServiceAtLocation][ServiceAtLocation.id])
    schedules = frames[Schedule]
    kept[Schedule] = schedules[schedules[Schedule.service_at_location_id].isin(places)].reset_index(drop=True)
    # A place that only withheld services use would tell where a child is.
    used = set(kept[ServiceAtLocation][ServiceAtLocation.location_id])
    hidden = set(frames[ServiceAtLocation][ServiceAtLocation.location_id]) - used
    kept[Location] = frames[Location][~frames[Location][Location.id].isin(hidden)].reset_index(drop=True)
    for table, column in ((Address, Address.location_id), (Accessibility, Accessibility.location_id)):
        kept[table] = frames[table][~frames[table][column].isin(hidden)].reset_index(drop=True)
    kept[Match] = _without(frames[Match], withheld | hidden)
    return kept, withheld


def _without(pairs: pd.DataFrame, ids: set[str]) -> pd.DataFrame:
    """The pairs that name none of the ids."""
    named = pairs[Match.left_id].isin(ids) | pairs[Match.right_id].isin(ids)
    return pairs[~named].reset_index(drop=True)


_OF_A_HOME = [
    Location.name, Location.latitude, Location.longitude, Location.external_identifier, Location.x_easting,
    Location.x_northing, Location.x_signed_distance_m,
]  # fmt: skip


def withhold_homes(frames: Frames) -> dict[type[Table], pd.DataFrame]:
    """The frames without the address and point of any provider's own home."""
    kept = dict(frames)
    locations, addresses = frames[Location].copy(), frames[Address].copy()
    homes = locations[Location.x_is_home].astype(bool)
    locations.loc[homes, _OF_A_HOME] = None
    theirs = addresses[Address.location_id].isin(locations.loc[homes, Location.id])
    addresses.loc[theirs, Address.x_postcode_raw] = addresses.loc[theirs, Address.postal_code].str[:-2]
    addresses.loc[theirs, [Address.address_1, Address.postal_code]] = None
    kept[Location], kept[Address] = locations, addresses
    return kept
