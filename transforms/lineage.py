"""From a published row back to the rosters: the services it counts, and the file, row and words behind each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from transforms.match_evidence import MatchEvidence
from transforms.schema import LIST_JOINT, Table
from transforms.tables import (
    Address,
    Counted,
    Explained,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    SourceRecord,
    Supply,
    ValueProvenance,
)
from transforms.vocabulary import Outcome, Standing

Frames = Mapping[type[Table], pd.DataFrame]

# Between the sentences of match evidence.
LINES = "\n"
DIMENSION, OTHER_VALUE = "dimension", "other_value"
_RECORD = [SourceRecord.source, SourceRecord.file, SourceRecord.part, SourceRecord.physical_row]


def members_of(
    frames: Frames, table: type[Table], row_keys: Iterable[str], column: str | None = None
) -> pd.DataFrame:
    """The services at their places that rows of a gap table count, or that only one of its columns counts.

    With what is published of each: names, venue, zone and volume. What is ruled out is among them, unless a
    column is asked for.
    """
    counted = frames[Counted]
    mine = counted[
        counted[Counted.gap_table].eq(table.table_name) & counted[Counted.row_key].isin(set(row_keys))
    ]
    if column:
        lists = (LIST_JOINT + mine[Counted.counts_in] + LIST_JOINT).fillna("")
        mine = mine[lists.str.contains(f"{LIST_JOINT}{column}{LIST_JOINT}", regex=False)]
    return described(frames, mine)


def at_places(frames: Frames, services: Iterable[str]) -> pd.DataFrame:
    """Services at their places with what is published of each, as ``members_of`` gives them."""
    supply = frames[Supply]
    mine = supply[supply[Supply.service_id].isin(set(services))]
    shared = [name for name in Counted.names() if name in Supply.names()]
    return described(frames, mine[shared].assign(**{Counted.row_key: None, Counted.gap_table: None}))


def described(frames: Frames, members: pd.DataFrame) -> pd.DataFrame:
    """Members with names, venue, zone and volume beside them."""
    sal, service = members[Counted.service_at_location_id], members[Counted.service_id]
    services = frames[Service].set_index(Service.id)
    places = frames[Location].set_index(Location.id)
    supply = frames[Supply].set_index(Supply.service_at_location_id)
    codes = frames[Address].drop_duplicates(Address.location_id).set_index(Address.location_id)
    providers = frames[Organization].set_index(Organization.id)
    place = sal.map(frames[ServiceAtLocation].set_index(ServiceAtLocation.id)[ServiceAtLocation.location_id])
    provider = service.map(services[Service.organization_id])
    return members.assign(
        **{
            Explained.source: service.map(services[Service.x_source]),
            Explained.service_name: service.map(services[Service.name]),
            Explained.last_verified: service.map(services[Service.x_last_verified]),
            Explained.organization_id: provider,
            Explained.organization_name: provider.map(providers[Organization.name]),
            Explained.location_id: place,
            Explained.venue_name: place.map(places[Location.name]),
            Explained.postal_code: place.map(codes[Address.postal_code]),
            Explained.zone: place.map(places[Location.x_zone]),
            Explained.geocode_method: place.map(places[Location.x_geocode_method]),
            Explained.positional_error_m: place.map(places[Location.x_positional_error_m]),
            Explained.signed_distance_m: place.map(places[Location.x_signed_distance_m]),
            Explained.sessions_per_4_weeks: sal.map(supply[Supply.sessions_per_4_weeks]),
            Explained.place_hours_per_4_weeks: sal.map(supply[Supply.place_hours_per_4_weeks]),
        }
    )


def records_of(frames: Frames, services: Iterable[str]) -> pd.DataFrame:
    """The roster records that services came from: their own, one row each."""
    ledger = frames[SourceRecord]
    mine = ledger[ledger[SourceRecord.service_id].isin(set(services))]
    return mine[[SourceRecord.service_id, *_RECORD, SourceRecord.file_sha256]]


def readings_of(frames: Frames, services: Iterable[str]) -> pd.DataFrame:
    """Every value that was read of services, with the record it stands in.

    One row per service and value, on the columns of ``Explained``; a service of which nothing was read keeps
    a row with its record alone.
    """
    wanted = set(services)
    read = frames[ValueProvenance]
    read = read[read[ValueProvenance.entity].eq(Service.table_name) & read[ValueProvenance.id].isin(wanted)]
    read = read.drop(columns=ValueProvenance.entity).rename(
        columns={ValueProvenance.id: Explained.service_id, ValueProvenance.status: Explained.reading_status}
    )
    source = frames[Service].set_index(Service.id)[Service.x_source]
    read = read.assign(**{Explained.source: read[Explained.service_id].map(source)})
    ledger = frames[SourceRecord]
    curated = ledger[ledger[SourceRecord.outcome].eq(Outcome.CURATED)]
    sums = curated[[*_RECORD, SourceRecord.file_sha256]].drop_duplicates(_RECORD)
    read = read.merge(sums, on=_RECORD, how="left", validate="m:1")
    own = records_of(frames, wanted).assign(**{Explained.is_own_record: True})
    key = [Explained.service_id, *_RECORD]
    marked = read.merge(own[[*key, Explained.is_own_record]], on=key, how="left", validate="m:1")
    marked[Explained.is_own_record] = marked[Explained.is_own_record].notna()
    told = marked[key].drop_duplicates()
    untold = own.merge(told, on=key, how="left", indicator=True, validate="1:1")
    untold = untold[untold["_merge"].eq("left_only")].drop(columns="_merge")
    return pd.concat([marked, untold], ignore_index=True) if len(untold) else marked


def match_words(frames: Frames, members: pd.DataFrame) -> pd.Series:
    """Per member, why it is one with other listings: several sentences on a line each."""
    matched = MatchEvidence(frames)
    ids = [Explained.service_id, Explained.location_id, Explained.organization_id, Explained.activity_id]
    listed = members[ids].astype("object").where(members[ids].notna(), None)
    return pd.Series(
        [LINES.join(matched.of(*row)) or None for row in listed.itertuples(index=False, name=None)],
        index=members.index, dtype="str",
    )  # fmt: skip


def evidence(frames: Frames, members: pd.DataFrame) -> pd.DataFrame:
    """Everything that stands behind members: a row for each value that was read, down to file and row."""
    members = members.assign(**{Explained.match_evidence: match_words(frames, members)})
    readings = readings_of(frames, members[Counted.service_id])
    joined = members.merge(readings, on=[Explained.service_id, Explained.source], how="left", validate="m:m")
    return Explained.frame(joined[[name for name in Explained.names() if name in joined]])


def near_misses(frames: Frames, table: type[Table], row: pd.Series) -> pd.DataFrame:
    """What rows count that differ from a row in one part of the key alone, confirmed before possible.

    Members of those rows, with the part that differs (``DIMENSION``) and its value there.
    """
    names = table.key_names()
    if len(names) < 2:
        return members_of(frames, table, []).assign(**{DIMENSION: None, OTHER_VALUE: None})
    frame = frames[table]
    differs = pd.DataFrame({name: frame[name].ne(row[name]) for name in names})
    others = frame[differs.sum(axis=1).eq(1)]
    keys = table.row_keys(others)
    dimension = differs.loc[others.index].idxmax(axis=1)
    value = pd.Series({i: frame.at[i, dimension[i]] for i in others.index}, dtype="str")
    found = members_of(frames, table, keys)
    found = found[found[Counted.counts_as].ne(Standing.RULED_OUT)]
    found = found.assign(
        **{
            DIMENSION: found[Counted.row_key].map(dict(zip(keys, dimension, strict=True))),
            OTHER_VALUE: found[Counted.row_key].map(dict(zip(keys, value, strict=True))),
        }
    )
    order = {name: i for i, name in enumerate(names)}
    return found.sort_values(
        [DIMENSION, Counted.counts_as, OTHER_VALUE, Counted.service_at_location_id],
        key=lambda part: part.map(order) if part.name == DIMENSION else part,
        kind="stable",
        ignore_index=True,
    )
