"""The current snapshot as the gap tables take it in, and with a file's proposals carried out."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from flows.errors import Mistake
from flows.proposals import ID, Proposal
from flows.reference import Reference
from flows.snapshot import Snapshot
from transforms.gaps import GapInputs, baselines_of
from transforms.mapping import nearest_name
from transforms.parsers.reading import fold
from transforms.planning.changes import Frames, added, changed, measured_anew, removed
from transforms.schema import Table
from transforms.supply import build_supply
from transforms.tables import (
    CHILD_TABLES,
    DERIVED_TABLES,
    DIRECTORY_TABLES,
    RUN_TABLES,
    Address,
    Baseline,
    Organization,
    Service,
    ServiceAtLocation,
    TargetTracker,
)
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import PlannedChange

_MOST_TOLD = 6
# What the gap tables are worked out from.
TAKEN_IN: tuple[type[Table], ...] = (*CHILD_TABLES, *DIRECTORY_TABLES, *DERIVED_TABLES, *RUN_TABLES)


def inputs_of(snapshot: Snapshot, reference: Reference) -> GapInputs:
    """What the gap tables of a snapshot were computed from, under the reference of today.

    Baselines are those of the snapshot: a plan is not held against another one than the figures beside it.
    """
    frames = {table: snapshot[table] for table in TAKEN_IN}
    as_of = pd.Timestamp(snapshot.as_of)
    supply = build_supply(frames, as_of, reference.thresholds)
    known = reference.for_samples() if snapshot.rests_on_sample_facts else reference
    facts = {**known.open_facts, Baseline: baselines_of(snapshot[TargetTracker])}
    return GapInputs(frames, supply, facts, reference.thresholds, as_of)


def carried_out(name: str, inputs: GapInputs, proposals: Sequence[Proposal]) -> GapInputs:
    """The inputs with every proposal carried out, in the order of the file ``name``.

    What is proposed counts as checked on the day of the snapshot.
    """
    frames: Frames = dict(inputs.frames)
    for one in proposals:
        if one.change is PlannedChange.ADD:
            _check_not_bespoke(name, one)
            checked = one.read[Service].assign(**{Service.x_last_verified: inputs.as_of})
            frames = added(frames, {**one.read, Service: Service.frame(checked)})
            continue
        services = _found(name, frames, one)
        if one.change is PlannedChange.CHANGE:
            frames = changed(frames, services, one.read, one.said, inputs.as_of)
        else:
            frames = removed(frames, _places(name, frames, one, services))
    return measured_anew(inputs, frames)


def _check_not_bespoke(name: str, one: Proposal) -> None:
    if one.read[Service][Service.x_is_bespoke].any():
        raise Mistake(
            f"{name}, row {one.row}, Service: “{one.name()}” reads as made for one child.",
            "Such records are withheld and count in no table; leave the row out.",
        )


def _found(name: str, frames: Frames, one: Proposal) -> set[str]:
    """Every listing of the one service that a row names, by id or by name and provider."""
    services = frames[Service]
    if one.id:
        by_id = services[Service.id].eq(one.id) | services[Service.x_cluster_id].eq(one.id)
        mine = services[by_id]
        if mine.empty:
            raise Mistake(
                f"{name}, row {one.row}, {ID}: no service has the id “{one.id}”.",
                "Take it from service.csv or call_list.csv, or give the name instead.",
            )
    else:
        mine = _named(name, frames, one)
    clusters = mine[Service.x_cluster_id].unique()
    if len(clusters) > 1:
        ids = ", ".join(sorted(clusters)[:_MOST_TOLD])
        raise Mistake(
            f"{name}, row {one.row}, Service: {len(clusters)} services are called “{one.name()}”.",
            f"Name its provider as well, or write the id of the one that is meant: {ids}.",
        )
    return set(services[services[Service.x_cluster_id].eq(clusters[0])][Service.id])


def _named(name: str, frames: Frames, one: Proposal) -> pd.DataFrame:
    services, called = frames[Service], fold(one.name())
    mine = services[services[Service.name].map(fold).eq(called)]
    if mine.empty:
        nearest = nearest_name(one.name(), services[Service.name].unique())
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(
            f"{name}, row {one.row}, Service: none is called “{one.name()}”.{hint}",
            "Correct the name, or write its id.",
        )
    if L.provider_name not in one.cells:
        return mine
    providers = frames[Organization].set_index(Organization.id)[Organization.name]
    owners = mine[Service.organization_id].map(providers).fillna("")
    theirs = mine[owners.map(fold).eq(fold(one.cells[L.provider_name]))]
    if theirs.empty:
        raise Mistake(
            f"{name}, row {one.row}, Provider: “{one.cells[L.provider_name]}” has no service “{one.name()}”.",
            f"It is listed under: {', '.join(sorted(owners.unique())[:_MOST_TOLD])}.",
        )
    return theirs


def _places(name: str, frames: Frames, one: Proposal, services: set[str]) -> set[str]:
    """Where the service is lost: everywhere, or at the postcode that the row gives."""
    at = frames[ServiceAtLocation]
    mine = at[at[ServiceAtLocation.service_id].isin(services)]
    if L.venue_postcode in one.said:
        postcodes = frames[Address].drop_duplicates(Address.location_id).set_index(Address.location_id)
        where = mine[ServiceAtLocation.location_id].map(postcodes[Address.postal_code])
        wanted = one.read[Address][Address.postal_code]
        kept = mine[where.isin(wanted)]
        if kept.empty:
            listed = ", ".join(sorted(where.dropna().unique())[:_MOST_TOLD]) or "none"
            raise Mistake(
                f"{name}, row {one.row}, Postcode: “{one.name()}” is not at {one.cells[L.venue_postcode]}.",
                f"Its postcodes: {listed}. Leave the cell blank to lose it everywhere.",
            )
        mine = kept
    return set(mine[ServiceAtLocation.id])
