"""``squaremile explain``: from a published figure back to the rosters' own rows and words."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pandas as pd
from rich.console import Console

from flows.asked import snapshot_asked
from flows.errors import Mistake
from flows.explain_view import View
from flows.keys_asked import print_keys, rows_asked
from flows.listing import column_named, table_named
from flows.outputs import write_csv
from flows.places import Places
from flows.snapshot import Snapshot
from flows.words import day, plain
from transforms import lineage
from transforms.gaps.quality_checks import FILE, ID, OF, PART, PASSES, ROW, looked_at
from transforms.identifiers import head_office_id
from transforms.schema import Table
from transforms.tables import (
    Contract,
    ContractService,
    Counted,
    DataQuality,
    GapTable,
    HealthPathway,
    Identity,
    Issue,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    SourceRecord,
    Supply,
)
from transforms.vocabulary import IdentityState, QualityDimension


def explain(
    console: Console,
    places: Places,
    name: str,
    key: list[str],
    *,
    column: str | None = None,
    csv: Path | None = None,
    short: bool = False,
    as_of: dt.date | None = None,
) -> None:
    """Print what stands behind one row of a table, or list the rows that a partial key fits."""
    table = table_named(name)
    snapshot = snapshot_asked(console, places, as_of)
    if column:
        column = column_named(table, column)
    view = View(console, snapshot, short=short)
    key = in_use(view, snapshot, key)
    rows = rows_asked(table, snapshot[table], key, f"the snapshot of {snapshot.as_of}")
    if len(rows) > 1:
        print_keys(console, table, rows)
        return
    row = rows.iloc[0]
    row_key = table.row_keys(rows).iat[0]
    view.heading(table, row, row_key, column)
    if table is DataQuality:
        _explain_quality(view, snapshot, row, csv)
        return
    if issubclass(table, GapTable):
        members = lineage.members_of(snapshot, table, [row_key], column)
    else:
        members = lineage.at_places(snapshot, services_of(snapshot, table, row))
    found = lineage.evidence(snapshot, members)
    if csv:
        _write(console, snapshot, csv, found)
    view.records(own_records(snapshot, table, row))
    view.activities(members, found)
    if issubclass(table, GapTable) and not column:
        view.near_misses(table, row, members, lineage.near_misses(snapshot, table, row))
    elif table in (Service, Organization):
        view.counted_in(snapshot[Counted], members)


def in_use(view: View, snapshot: Snapshot, key: list[str]) -> list[str]:
    """The key with an id that was merged replaced by the one it redirects to; a retired one is told of."""
    registry = snapshot[Identity].set_index(Identity.id)
    while len(key) == 1 and key[0] in registry.index:
        was = registry.loc[[key[0]]].iloc[0]
        if was[Identity.state] == IdentityState.RETIRED:
            raise Mistake(
                f"{key[0]} is no longer in use: {plain(was[Identity.reason])}.",
                f"It was last seen on {day(was[Identity.last_seen])}; look in a snapshot of that time.",
            )
        if was[Identity.state] != IdentityState.MERGED:
            break
        view.redirect(key[0], was)
        key = [str(was[Identity.redirect_to])]
    return key


def services_of(snapshot: Snapshot, table: type[Table], row: pd.Series) -> list[str]:
    """The services that a row of a directory table, or of the ledger, is about."""
    at, services = snapshot[ServiceAtLocation], snapshot[Service]
    if table is Service:
        return [row[Service.id]]
    if Supply.service_id in table.names():
        return [row[Supply.service_id]] if pd.notna(row[Supply.service_id]) else []
    if table is Contract or ContractService.contract_id in table.names():
        contract = row[Contract.id] if table is Contract else row[ContractService.contract_id]
        paid = snapshot[ContractService]
        return paid.loc[paid[ContractService.contract_id].eq(contract), ContractService.service_id].tolist()
    if table is Organization:
        return services.loc[services[Service.organization_id].eq(row[Organization.id]), Service.id].tolist()
    if table is Location or ServiceAtLocation.location_id in table.names():
        place = row[Location.id] if table is Location else row[ServiceAtLocation.location_id]
        return at.loc[at[ServiceAtLocation.location_id].eq(place), ServiceAtLocation.service_id].tolist()
    if Supply.service_at_location_id in table.names():
        mine = at[ServiceAtLocation.id].eq(row[Supply.service_at_location_id])
        return at.loc[mine, ServiceAtLocation.service_id].tolist()
    return []


def own_records(snapshot: Snapshot, table: type[Table], row: pd.Series) -> pd.DataFrame:
    """The roster records that became an organization, its head office or a health pathway, or that the ledger or
    an issue names.
    """
    ledger = snapshot[SourceRecord]
    if table is Organization:
        return ledger[ledger[SourceRecord.organization_id].eq(row[Organization.id])]
    if table is Location:
        offices = [head_office_id(provider) for provider in snapshot[Organization][Organization.id]]
        provider = snapshot[Organization][Organization.id][[office == row[Location.id] for office in offices]]
        return ledger[ledger[SourceRecord.organization_id].isin(provider)]
    if table is HealthPathway:
        return ledger[ledger[SourceRecord.health_pathway_id].eq(row[HealthPathway.id])]
    if table in (SourceRecord, Issue):
        same = ledger[SourceRecord.source].eq(row[SourceRecord.source])
        for name in (SourceRecord.file, SourceRecord.part, SourceRecord.physical_row):
            same &= ledger[name].isna() if pd.isna(row[name]) else ledger[name].eq(row[name])
        return ledger[same]
    return ledger.iloc[:0]


def _explain_quality(view: View, snapshot: Snapshot, row: pd.Series, csv: Path | None) -> None:
    """What one figure of data quality looked at, and what did not pass, down to file and row."""
    dimension = QualityDimension(row[DataQuality.dimension])
    judged = looked_at(snapshot, snapshot[Supply])[dimension]
    judged = judged[judged[OF].eq(row[DataQuality.source])].drop(columns=OF)
    failed = with_records(snapshot, judged[~judged[PASSES].astype(bool)])
    if csv:
        _write(view.console, snapshot, csv, failed.drop(columns=PASSES))
    view.quality(dimension, row, failed)


def with_records(snapshot: Snapshot, judged: pd.DataFrame) -> pd.DataFrame:
    """What was judged with the file and row it came from, where it names a service or a place by its id."""
    if FILE in judged:
        return judged
    ledger = snapshot[SourceRecord]
    of_service = ledger[ledger[SourceRecord.service_id].notna()].drop_duplicates(SourceRecord.service_id)
    service = judged[ID]
    at = snapshot[ServiceAtLocation].drop_duplicates(ServiceAtLocation.location_id)
    by_place = at.set_index(ServiceAtLocation.location_id)[ServiceAtLocation.service_id]
    service = service.map(by_place).fillna(service)
    stands = of_service.set_index(SourceRecord.service_id)
    return judged.assign(**{name: service.map(stands[name]) for name in (FILE, PART, ROW)})


def _write(console: Console, snapshot: Snapshot, csv: Path, frame: pd.DataFrame) -> None:
    if csv.exists() and not csv.is_file():
        raise Mistake(f"{csv} is not a file.", "Name a file to write to.")
    try:
        write_csv(csv, frame, is_sample=snapshot.is_sample)
    except OSError as error:
        raise Mistake(f"{csv} cannot be written: {error.strerror}.", "Name another file.") from error
    console.print(f"{len(frame):,} rows written to {csv}", soft_wrap=True, markup=False)
