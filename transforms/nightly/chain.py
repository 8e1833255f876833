"""The directories between two nights, each with one cause more carried out."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace

import pandas as pd

from transforms.contracts import as_at
from transforms.gaps import GapInputs
from transforms.nightly.records import same_pathways, same_providers, same_services
from transforms.ownership import OF_SERVICES, of_services, owners
from transforms.planning.changes import measured_anew
from transforms.schema import Table
from transforms.tables import (
    Accessibility,
    Address,
    Contract,
    HealthPathway,
    Identity,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    SourceNight,
)
from transforms.vocabulary import CARRIED, ChangeCause, IdentityEntity, SourceState

Frames = dict[type[Table], pd.DataFrame]

# Tables whose rows name the source they are from, with their own id and, where they have one, their cluster.
_OF_SOURCES: dict[type[Table], str] = {
    Organization: Organization.x_source,
    Location: Location.x_source,
    HealthPathway: HealthPathway.x_source,
}
_CLUSTERED: dict[type[Table], tuple[str, str]] = {
    Organization: (Organization.id, Organization.x_cluster_id),
    Location: (Location.id, Location.x_cluster_id),
    Service: (Service.id, Service.x_cluster_id),
}
_OF_PLACES = {Address: Address.location_id, Accessibility: Accessibility.location_id}


def chain(
    before: GapInputs, tonight: GapInputs, set_aside: Collection[str]
) -> Iterator[tuple[ChangeCause, GapInputs]]:
    """Each cause with the inputs after it, from the night before to tonight; the same object where nothing differs.

    ``before`` is the directory as published then, with its date and thresholds, under the dated reference of
    tonight. ``set_aside`` are the native ids of services whose rows were set aside tonight.
    """
    yield ChangeCause.REFERENCE_CHANGE, before
    old, new = dict(before.frames), tonight.frames
    now = before
    if before.as_of != tonight.as_of:
        old[Contract] = as_at(old[Contract], tonight.as_of)
        now = measured_anew(replace(before, as_of=tonight.as_of), old)
    yield ChangeCause.TIME_PASSED, now

    came_or_fell_out = _sources(old) ^ _sources(new)
    is_theirs = [
        frames[Service][frames[Service][Service.x_source].isin(came_or_fell_out)][Service.id]
        for frames in (old, new)
    ]
    step = _with_sources(with_services(old, new, set(pd.concat(is_theirs))), new, came_or_fell_out)
    now, old = _next(now, old, step)
    yield ChangeCause.SOURCE_OUTAGE, now

    native = new[Identity][new[Identity][Identity.entity].eq(IdentityEntity.SERVICE)]
    lost = native[native[Identity.native_id].isin(set_aside)][Identity.id]
    gone = set(old[Service][Service.id]) - set(new[Service][Service.id])
    now, old = _next(now, old, with_services(old, new, gone & set(lost)))
    yield ChangeCause.ROW_SET_ASIDE, now

    same = same_services(old, new)
    step = _reread(old, new, same)
    if before.thresholds != tonight.thresholds:
        now, old = measured_anew(replace(now, thresholds=tonight.thresholds), step), step
    else:
        now, old = _next(now, old, step)
    yield ChangeCause.RULE_CHANGE, now

    now, old = _next(now, old, _placed_anew(old, new, same))
    yield ChangeCause.REGEOCODED, now

    now, old = _next(now, old, _with_clusters(old, new))
    yield ChangeCause.MERGED, now

    yield ChangeCause.REAL, tonight


def with_services(frames: Mapping[type[Table], pd.DataFrame], other: Mapping[type[Table], pd.DataFrame],
                  services: Collection[str]) -> Frames:  # fmt: skip
    """The directory with these services as another directory has them: changed, added, or gone where it has none.

    Providers and places that come with them are added; those that are there already stay as they are.
    """
    mixed = dict(frames)
    theirs = of_services(other, services)
    for table in OF_SERVICES:
        kept = frames[table][~owners(frames, table).isin(services)]
        mixed[table] = _joined(table, kept, theirs[table])
    providers = set(theirs[Service][Service.organization_id])
    mixed[Organization] = _with_rows(frames, other, Organization, Organization.id, providers)
    places = set(theirs[ServiceAtLocation][ServiceAtLocation.location_id])
    new_places = places - set(frames[Location][Location.id])
    mixed[Location] = _with_rows(frames, other, Location, Location.id, new_places)
    for table, owner in _OF_PLACES.items():
        mixed[table] = _with_rows(frames, other, table, owner, new_places)
    return mixed


def _with_rows(
    frames: Mapping[type[Table], pd.DataFrame],
    other: Mapping[type[Table], pd.DataFrame],
    table: type[Table],
    column: str,
    wanted: Collection[str],
) -> pd.DataFrame:
    more = other[table][other[table][column].isin(wanted) & ~other[table][column].isin(frames[table][column])]
    return _joined(table, frames[table], more)


def _joined(table: type[Table], kept: pd.DataFrame, more: pd.DataFrame) -> pd.DataFrame:
    parts = [part for part in (kept, more) if len(part)]
    return table.sorted(pd.concat(parts, ignore_index=True)) if parts else table.frame()


def _sources(frames: Mapping[type[Table], pd.DataFrame]) -> set[str]:
    """The sources whose rosters a night used, received that night or carried forward."""
    nights = frames[SourceNight]
    used = nights[SourceNight.state].isin([SourceState.ACCEPTED, *CARRIED])
    return set(nights[used][SourceNight.source])


def _with_sources(frames: Frames, other: Mapping[type[Table], pd.DataFrame], sources: set[str]) -> Frames:
    """Providers, places and health pathways of these sources as another directory has them."""
    mixed = dict(frames)
    for table, source in _OF_SOURCES.items():
        kept = frames[table][~frames[table][source].isin(sources)]
        more = other[table][other[table][source].isin(sources)]
        mixed[table] = _joined(table, kept, more)
    places = set(mixed[Location][Location.id])
    for table, owner in _OF_PLACES.items():
        everything = _with_rows(frames, other, table, owner, places)
        mixed[table] = everything[everything[owner].isin(places)].reset_index(drop=True)
    return mixed


def _reread(old: Frames, new: Mapping[type[Table], pd.DataFrame], same: set[str]) -> Frames:
    """What today's rules make of rows in which no word changed; what they are one with stays as it was."""
    mixed = with_services(old, new, same)
    for table, ids in (
        (Organization, same_providers(old, new)),
        (HealthPathway, same_pathways(old, new)),
    ):
        key = table.key_names()[0]
        kept = mixed[table][~mixed[table][key].isin(ids)]
        mixed[table] = _joined(table, kept, new[table][new[table][key].isin(ids)])
    return _with_clusters(mixed, old)


def _placed_anew(old: Frames, new: Mapping[type[Table], pd.DataFrame], same: set[str]) -> Frames:
    """Places of services in whose rows no word changed, where they are placed tonight."""
    at = old[ServiceAtLocation]
    others = set(at[~at[ServiceAtLocation.service_id].isin(same)][ServiceAtLocation.location_id])
    mine = set(at[at[ServiceAtLocation.service_id].isin(same)][ServiceAtLocation.location_id]) - others
    mine &= set(new[Location][Location.id])
    mixed = dict(old)
    for table, owner in ((Location, Location.id), *_OF_PLACES.items()):
        kept = old[table][~old[table][owner].isin(mine)]
        mixed[table] = _joined(table, kept, new[table][new[table][owner].isin(mine)])
    return _with_clusters(mixed, old)


def _with_clusters(frames: Frames, other: Mapping[type[Table], pd.DataFrame]) -> Frames:
    """The directory with the clusters that another one gives to the same ids."""
    mixed = dict(frames)
    for table, (key, cluster) in _CLUSTERED.items():
        theirs = other[table].set_index(key)[cluster]
        found = frames[table][key].map(theirs).fillna(frames[table][cluster])
        mixed[table] = frames[table].assign(**{cluster: found})
    return mixed


def _next(now: GapInputs, old: Frames, step: Frames) -> tuple[GapInputs, Frames]:
    """The inputs over the next directory; the same ones where it says the same."""
    return (now, old) if _is_same(old, step) else (measured_anew(now, step), step)


def _is_same(one: Mapping[type[Table], pd.DataFrame], other: Mapping[type[Table], pd.DataFrame]) -> bool:
    tables: tuple[type[Table], ...] = (*OF_SERVICES, *_OF_SOURCES, *_OF_PLACES)
    return all(table.sorted(one[table]).equals(table.sorted(other[table])) for table in tables)
