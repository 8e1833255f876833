"""The directory as it would be with activities added, changed or lost; the tables are then computed as every night."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping

import pandas as pd

from transforms.gaps import GapInputs
from transforms.identifiers import make_id
from transforms.parsers.reading import fold
from transforms.schema import Table
from transforms.supply import build_supply
from transforms.tables import (
    DIRECTORY_TABLES,
    Accessibility,
    Address,
    Eligibility,
    Location,
    Organization,
    Origin,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Travel,
)
from transforms.tables import ShortBreakLine as L
from transforms.travel import build_travel

Frames = dict[type[Table], pd.DataFrame]

# What a cell of a proposal says of the service, and of the terms on which children may come.
_OF_SERVICE = {
    L.ages: (Service.minimum_age, Service.maximum_age),
    L.tier: (Service.x_tier,),
    L.kind_of_service: (Service.x_short_break_type, Service.x_regs2011_element),
}
_OF_TERMS = {
    L.parent_stays: (Eligibility.parent_must_stay, Eligibility.parent_condition),
    L.siblings: (Eligibility.siblings_welcome, Eligibility.siblings_condition),
    L.residency: (Eligibility.accepts_city_residents, Eligibility.condition, Eligibility.evidence),
}


def measured_anew(inputs: GapInputs, frames: Mapping[type[Table], pd.DataFrame]) -> GapInputs:
    """The same day and reference over another directory."""
    supply = build_supply(frames, inputs.as_of, inputs.thresholds)
    travel = build_travel(frames[Location], inputs.facts[Origin], inputs.thresholds)
    return GapInputs({**frames, Travel: travel}, supply, inputs.facts, inputs.thresholds, inputs.as_of)


def added(frames: Frames, new: Frames) -> Frames:
    """The directory with new services; a provider whose name is known is that provider."""
    known = frames[Organization]
    cluster_of = {
        fold(name): cluster
        for names in (Organization.alternate_names, Organization.name)
        for name, cluster in zip(known[names], known[Organization.x_cluster_id], strict=True)
        if pd.notna(name)
    }
    providers = new[Organization]
    found = providers[Organization.name].map(lambda name: cluster_of.get(fold(name)))
    clusters = found.fillna(providers[Organization.x_cluster_id])
    new = {**new, Organization: providers.assign(**{Organization.x_cluster_id: clusters})}
    return frames | {table: _with(frames, table, [new[table]]) for table in DIRECTORY_TABLES if table in new}


def removed(frames: Frames, lost: Collection[str]) -> Frames:
    """The directory without services at these places (ids of ServiceAtLocation); one without a place left is gone."""
    at = frames[ServiceAtLocation]
    is_lost = at[ServiceAtLocation.id].isin(lost)
    left = set(at[~is_lost][ServiceAtLocation.service_id])
    gone = set(at[is_lost][ServiceAtLocation.service_id]) - left
    smaller = dict(frames)
    for table in DIRECTORY_TABLES:
        frame = frames[table]
        if table is Service:
            frame = frame[~frame[Service.id].isin(gone)]
        elif ServiceNeed.service_id in table.names():
            frame = frame[~frame[ServiceNeed.service_id].isin(gone)]
        if table is ServiceAtLocation:
            frame = frame[~frame[ServiceAtLocation.id].isin(lost)]
        elif Schedule.service_at_location_id in table.names():
            frame = frame[~frame[Schedule.service_at_location_id].isin(lost)]
        smaller[table] = frame.reset_index(drop=True)
    return smaller


def changed(
    frames: Frames, services: Collection[str], new: Frames, said: Collection[str], as_of: pd.Timestamp
) -> Frames:
    """The directory with what one row says of one service, in every listing of it; it counts as checked that day.

    ``new`` is what was read of the row, ``said`` the columns of ``ShortBreakLine`` that it fills. What the row
    leaves blank stays as it is.
    """
    service, terms = new[Service].iloc[0], new[Eligibility].iloc[0]
    frames = dict(frames)
    mine = frames[Service][Service.id].isin(services)
    told = {name: service[name] for column in said for name in _OF_SERVICE.get(column, ())}
    frames[Service] = _put(frames[Service], mine, {**told, Service.x_last_verified: as_of})
    told = {name: terms[name] for column in said for name in _OF_TERMS.get(column, ())}
    mine = frames[Eligibility][Eligibility.service_id].isin(services)
    frames[Eligibility] = _put(frames[Eligibility], mine, told)
    if L.needs in said:
        frames[ServiceNeed] = _replaced(
            frames, ServiceNeed, ServiceNeed.service_id, services, new[ServiceNeed]
        )
    at = frames[ServiceAtLocation]
    mine = at[ServiceAtLocation.service_id].isin(services)
    sessions = set(at[mine][ServiceAtLocation.id])
    if L.schedule in said:
        frames[Schedule] = _replaced(
            frames, Schedule, Schedule.service_at_location_id, sessions, new[Schedule]
        )
    here = new[ServiceAtLocation].iloc[0]
    told = {}
    if L.places in said:
        told[ServiceAtLocation.x_places_per_session] = here[ServiceAtLocation.x_places_per_session]
    if L.venue_postcode in said or L.venue_name in said:
        told[ServiceAtLocation.location_id] = here[ServiceAtLocation.location_id]
        for table in (Location, Address, Accessibility):
            frames[table] = _with(frames, table, [new[table]] if table in new else [])
    frames[ServiceAtLocation] = _put(at, mine, told)
    return frames


def _with(frames: Frames, table: type[Table], more: Iterable[pd.DataFrame]) -> pd.DataFrame:
    """A table with more rows; one that is there already stays."""
    parts = [frame for frame in (frames[table], *more) if len(frame)]
    if not parts:
        return frames[table]
    return table.frame(pd.concat(parts, ignore_index=True).drop_duplicates(table.key_names()))


def _put(frame: pd.DataFrame, where: pd.Series, values: Mapping[str, object]) -> pd.DataFrame:
    frame = frame.copy()
    for name, value in values.items():
        frame.loc[where, name] = value
    return frame


def _replaced(
    frames: Frames, table: type[Table], owner: str, owners: Collection[str], new: pd.DataFrame
) -> pd.DataFrame:
    """A table in which each of the owners has the new rows instead of its own."""
    kept = frames[table][~frames[table][owner].isin(owners)]
    copies = []
    for one in sorted(owners):
        rows = new.assign(**{owner: one})
        if table is Schedule:
            rows[Schedule.id] = [make_id("sch", one, number) for number in range(len(rows))]
        copies.append(rows)
    return table.frame(pd.concat([kept, *copies], ignore_index=True))
