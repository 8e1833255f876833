"""Lasting ids and names, written into every table that speaks of them."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.identifiers import head_office_id, make_id, prefix_of
from transforms.schema import Column, Table
from transforms.tables import (
    Accessibility,
    Address,
    CostOption,
    Funding,
    HealthPathway,
    Identity,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
)
from transforms.vocabulary import IdentityState

Frames = Mapping[type[Table], pd.DataFrame]

# Rows that have no identity of their own: their ids follow what they belong to.
_FOLLOWS: dict[type[Table], tuple[str, ...]] = {
    Address: (Address.location_id,),
    Accessibility: (Accessibility.location_id,),
    ServiceAtLocation: (ServiceAtLocation.service_id, ServiceAtLocation.location_id),
    Schedule: (Schedule.service_at_location_id,),
    CostOption: (CostOption.service_id,),
    Funding: (Funding.service_id,),
}

# Where the names that the registry remembers are published.
_NAMED: dict[type[Table], dict[str, str]] = {
    Organization: {Organization.name: Identity.name, Organization.alternate_names: Identity.alternate_names},
    Service: {Service.name: Identity.name},
    Location: {Location.name: Identity.name},
    HealthPathway: {
        HealthPathway.service_name: Identity.name, HealthPathway.provider_name: Identity.alternate_names,
    },
}  # fmt: skip

_ID = Organization.id


def with_ids(frames: Frames, ids: dict[str, str]) -> dict[type[Table], pd.DataFrame]:
    """The frames with every id and every reference replaced; ``ids`` gains those that follow from others."""
    for table, parents in _FOLLOWS.items():
        frame = frames[table]
        theirs = [frame[parent].map(lambda old: ids.get(old, old)) for parent in parents]
        number = frame.groupby(list(parents)).cumcount()
        for old, *parts in zip(frame[_ID], *theirs, number, strict=True):
            ids[old] = make_id(prefix_of(old), *parts)
    return {table: replace_ids(frame, table, ids) for table, frame in frames.items()}


def replace_ids(frame: pd.DataFrame, table: type[Table], ids: Mapping[str, str]) -> pd.DataFrame:
    """One table with its own id and its references to others replaced where another is known."""
    return frame.assign(
        **{
            column.name: frame[column.name].map(lambda old: ids.get(old, old), na_action="ignore")
            for column in table.columns()
            if _is_reference(column)
        }
    )


def _is_reference(column: Column) -> bool:
    return column.name == _ID or column.name.endswith(f"_{_ID}")


def with_names(frames: Frames, registry: pd.DataFrame) -> dict[type[Table], pd.DataFrame]:
    """The frames with names as first spelled; a head office is called what its provider is."""
    named = dict(frames)
    remembered = registry[registry[Identity.state].eq(IdentityState.CURRENT)].set_index(Identity.id)
    for table, columns in _NAMED.items():
        frame = frames[table]
        named[table] = frame.assign(
            **{
                column: frame[_ID].map(remembered[kept]).fillna(frame[column])
                for column, kept in columns.items()
            }
        )
    providers = named[Organization].set_index(Organization.id)[Organization.name]
    offices = {head_office_id(provider): name for provider, name in providers.items()}
    places = named[Location]
    named[Location] = places.assign(
        **{Location.name: places[Location.id].map(offices).fillna(places[Location.name])}
    )
    return named
