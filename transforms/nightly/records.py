"""Which records of two nights rest on the same roster rows."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.ownership import OF_SERVICES, owners
from transforms.schema import Table
from transforms.tables import Address, HealthPathway, Location, Organization, Service, SourceRecord
from transforms.vocabulary import Outcome

Frames = Mapping[type[Table], pd.DataFrame]


def same_services(before: Frames, after: Frames) -> set[str]:
    """Services that are there on both nights, with no word changed in their own row or their provider's."""
    return _same(_words_of_services(before), _words_of_services(after))


def same_providers(before: Frames, after: Frames) -> set[str]:
    """Providers that are there on both nights, with no word changed in any row that tells of them."""
    return _same(*(_words_of(frames, SourceRecord.organization_id) for frames in (before, after)))


def same_pathways(before: Frames, after: Frames) -> set[str]:
    """Health pathways that are there on both nights, with no word changed in their row."""
    return _same(*(_words_of(frames, SourceRecord.health_pathway_id) for frames in (before, after)))


def _same(before: pd.Series, after: pd.Series) -> set[str]:
    both = before.index.intersection(after.index)
    return set(both[before[both].eq(after[both])])


def _words_of(frames: Frames, column: str) -> pd.Series:
    """The hashes of the roster rows that became something, evened out, by its id."""
    records = frames[SourceRecord]
    taken = records[records[SourceRecord.outcome].eq(Outcome.CURATED) & records[column].notna()]
    return taken.groupby(column)[SourceRecord.record_hash].agg(_together)


def _words_of_services(frames: Frames) -> pd.Series:
    records = frames[SourceRecord]
    own = _words_of(frames, SourceRecord.service_id)
    provider_rows = records[records[SourceRecord.service_id].isna()]
    theirs = _words_of({SourceRecord: provider_rows}, SourceRecord.organization_id)
    provider = frames[Service].set_index(Service.id)[Service.organization_id]
    return own + "/" + own.index.map(provider).map(theirs).fillna("").astype("str")


def _together(hashes: pd.Series) -> str:
    return "+".join(sorted(set(hashes.dropna())))


def fingerprints(frames: Frames) -> dict[type[Table], pd.Series]:
    """What the directory says of every service, provider, place and health pathway, as one number by its id.

    Two nights say the same of a record when the numbers are equal, whatever the order of rows.
    """
    said = {
        Service: [(frames[table], owners(frames, table)) for table in OF_SERVICES],
        Organization: [(frames[Organization], frames[Organization][Organization.id])],
        Location: [
            (frames[Location], frames[Location][Location.id]),
            (frames[Address], frames[Address][Address.location_id]),
        ],
        HealthPathway: [(frames[HealthPathway], frames[HealthPathway][HealthPathway.id])],
    }
    return {
        table: pd.concat(
            [
                pd.Series(pd.util.hash_pandas_object(part, index=False).to_numpy(), owner)
                for part, owner in parts
            ]
        )
        .groupby(level=0)
        .sum()
        for table, parts in said.items()
    }
