"""From ingested sources to the frames of a snapshot: match, withhold, measure."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import pandas as pd

from flows.ingested import Ingested
from flows.reference import Reference
from transforms.contracts import build_contracts
from transforms.demand import expected_children
from transforms.disclosure import release
from transforms.gaps import GapInputs, measure_all, stamp
from transforms.identifiers import digest
from transforms.identity import Identified, identify
from transforms.issues import issue_frame
from transforms.matching import (
    NO_DECISIONS,
    Decisions,
    MatchRules,
    match_locations,
    match_organizations,
    match_services,
)
from transforms.nightly import Earlier, explain_changes
from transforms.normalise.services import native_service_id
from transforms.schema import Table
from transforms.supply import build_supply
from transforms.tables import (
    DIRECTORY_TABLES,
    Address,
    ChildTable,
    ContractMention,
    EhcPlans,
    ExpectedChildren,
    GapTable,
    Identity,
    Issue,
    Location,
    Match,
    Organization,
    Origin,
    Population,
    Service,
    ServiceAtLocation,
    SourceNight,
    SourceRecord,
    Travel,
    ValueProvenance,
)
from transforms.tables import ShortBreakLine as L
from transforms.travel import build_travel
from transforms.vocabulary import Outcome, SourceState
from transforms.withhold import withhold_bespoke, withhold_homes

METHOD_VERSION = version("squaremile")

Frames = dict[type[Table], pd.DataFrame]


@dataclass(frozen=True)
class SourceTonight:
    """What one run makes of one source: the rows it uses, and what became of tonight's files."""

    name: str
    title: str
    state: SourceState
    used: Ingested | None
    refused: Ingested | None
    last_good_on: pd.Timestamp | None
    message: str

    @property
    def is_sample(self) -> bool:
        """Whether the rows used, or the files refused, are fictional samples."""
        return any(part.is_sample for part in (self.used, self.refused) if part)


def join_sources(nights: Sequence[SourceTonight]) -> Frames:
    """The canonical directory of all sources together, not yet matched."""
    frames: Frames = {}
    tables: tuple[type[Table], ...] = (*DIRECTORY_TABLES, ContractMention, ValueProvenance)
    for table in tables:
        parts = [
            n.used.normalised.frames[table] for n in nights if n.used and table in n.used.normalised.frames
        ]
        filled = [part for part in parts if len(part)]
        frames[table] = table.frame(pd.concat(filled, ignore_index=True)) if filled else table.frame()
    return frames


def match_sources(frames: Frames, rules: MatchRules, decisions: Decisions = NO_DECISIONS) -> Frames:
    """The directory with clusters: the same provider, venue and service in several rosters; and the pairs compared."""
    matched = dict(frames)
    matched[Organization], providers = match_organizations(frames[Organization], rules, decisions)
    matched[Location], venues = match_locations(frames[Location], frames[Address], rules, decisions)
    matched[Service], services = match_services(
        frames[Service], matched[Organization], frames[ServiceAtLocation], matched[Location], rules, decisions
    )
    pairs = [part for part in (providers, venues, services) if len(part)]
    matched[Match] = Match.frame(pd.concat(pairs, ignore_index=True)) if pairs else Match.frame()
    return matched


def identify_sources(
    nights: Sequence[SourceTonight], registry: pd.DataFrame, as_of: pd.Timestamp, reference: Reference
) -> Identified:
    """The directory of all sources under the ids they have had since they were first seen."""
    received = {
        n.name: (as_of if n.last_good_on is None else n.last_good_on, n.state is SourceState.ACCEPTED)
        for n in nights
        if n.used
    }
    return identify(join_sources(nights), registry, received, as_of, reference.thresholds)


def account_for(
    nights: Sequence[SourceTonight], as_of: pd.Timestamp, withheld: set[str], ids: Mapping[str, str]
) -> Frames:
    """The run's own tables: ledger, issues and what was made of each source; ``ids`` as identified."""
    ledgers, issues, rows = [], [], []
    for night in nights:
        parts = [part for part in (night.used, night.refused) if part]
        ledger = (
            pd.concat([_ledger(part, withheld, ids) for part in parts]) if parts else SourceRecord.frame()
        )
        # A file that came unchanged beside a refused one is used through the archive, and counts once.
        ledger = ledger.drop_duplicates(SourceRecord.key_names())
        ledgers.append(ledger)
        problems = [problem for part in parts for problem in part.problems]
        issues.append(issue_frame(night.name, problems))
        outcome = ledger[SourceRecord.outcome]
        rows.append(
            {
                SourceNight.source: night.name,
                SourceNight.title: night.title,
                SourceNight.state: night.state.value,
                SourceNight.is_sample: night.is_sample,
                SourceNight.last_good_on: night.last_good_on,
                SourceNight.age_days: (as_of - night.last_good_on).days
                if night.last_good_on is not None
                else None,
                SourceNight.rows_in: len(ledger),
                SourceNight.rows_curated: int(outcome.eq(Outcome.CURATED).sum()),
                SourceNight.rows_quarantined: int(outcome.eq(Outcome.QUARANTINED).sum()),
                SourceNight.rows_rejected: int(outcome.eq(Outcome.REJECTED).sum()),
                SourceNight.rows_withheld: int(ledger[SourceRecord.is_withheld].sum()),
                SourceNight.message: night.message,
            }
        )
    return {
        SourceNight: SourceNight.frame(rows),
        SourceRecord: SourceRecord.frame(pd.concat(ledgers, ignore_index=True)),
        Issue: Issue.frame(pd.concat(issues, ignore_index=True)),
    }


def _ledger(part: Ingested, withheld: set[str], ids: Mapping[str, str]) -> pd.DataFrame:
    records = part.records
    became = part.normalised.became
    by_row = became.set_index(L.row_id) if len(became) else pd.DataFrame()
    curated = records["outcome"].eq(Outcome.CURATED)

    def became_what(column: str) -> pd.Series:
        if column not in by_row:
            return pd.Series(None, index=records.index, dtype="str")
        became_id = by_row[column].map(lambda old: ids.get(old, old), na_action="ignore")
        return records["row_id"].map(became_id).where(curated)

    services = became_what("service_id")
    return SourceRecord.frame(
        pd.DataFrame(
            {
                SourceRecord.source: part.source.name,
                SourceRecord.file: records["file"],
                SourceRecord.part: records["part"],
                SourceRecord.physical_row: records["row"],
                SourceRecord.file_sha256: records["file"].map(part.received.sha256),
                # A row that was set aside may hold a child's details; even its hash stays here.
                SourceRecord.record_hash: [
                    digest([json.dumps(cells, ensure_ascii=False)])[:16] if ok else None
                    for cells, ok in zip(records["cells"], curated, strict=True)
                ],
                SourceRecord.outcome: records["outcome"],
                SourceRecord.reason: records["reason"].replace("", None),
                SourceRecord.organization_id: became_what("organization_id"),
                SourceRecord.service_id: services.mask(services.isin(withheld)),
                SourceRecord.health_pathway_id: became_what("health_pathway_id"),
                SourceRecord.is_withheld: services.isin(withheld),
            }
        )
    )


def withhold(frames: Frames) -> tuple[Frames, set[str]]:
    """The frames as they may be published, and the services that were withheld."""
    kept, withheld = withhold_bespoke(frames)
    return withhold_homes(kept), withheld


def release_children(
    reference: Reference, releases: Mapping[type[ChildTable], Sequence[pd.DataFrame]], as_of: pd.Timestamp
) -> Frames:
    """Counts of children as they may be told on this day: the one place where disclosure control is applied.

    It comes before measuring, so that nothing is worked out from a count that may not be told.
    """
    facts = reference.facts
    counts = {ExpectedChildren: expected_children(facts[EhcPlans], facts[Population])}
    return {
        table: release(table, counted, reference.disclosure, as_of, releases[table])
        for table, counted in counts.items()
    }


def measure_gaps(
    frames: Frames,
    reference: Reference,
    as_of: pd.Timestamp,
    run_id: str,
    earlier: Earlier | None = None,
    set_aside: Collection[str] = (),
) -> Frames:
    """Every gap table with what it counts, the contracts, the ways from the City's estates, and what moved since
    the snapshot before.
    """
    supply = build_supply(frames, as_of, reference.thresholds)
    contracts = build_contracts(frames[ContractMention], as_of)
    travel = build_travel(frames[Location], reference.facts[Origin], reference.thresholds)
    derived = contracts | {Travel: travel}
    inputs = GapInputs(frames | derived, supply, reference.open_facts, reference.thresholds, as_of)
    measured = measure_all(inputs, run_id, METHOD_VERSION)
    changes = explain_changes(earlier, inputs, measured, set_aside)
    stamped = {
        table: stamp(table, frame, as_of, run_id, METHOD_VERSION) if issubclass(table, GapTable) else frame
        for table, frame in changes.items()
    }
    return measured | derived | stamped


def rows_set_aside(nights: Sequence[SourceTonight]) -> set[str]:
    """The ids that services would have by the keys of rows that were set aside tonight."""
    found = set()
    for night in nights:
        if night.used and len(records := night.used.records):
            aside = records[records["outcome"].eq(Outcome.QUARANTINED) & records["record_ref"].notna()]
            found |= {native_service_id(night.name, ref) for ref in aside["record_ref"]}
    return found


def content_digest(
    frames: Frames,
    nights: Sequence[SourceTonight],
    reference: Reference,
    as_of: pd.Timestamp,
    compared_with: str | None = None,
) -> str:
    """One hash over all that a reader is told before anything is measured, for the name of the run.

    Where in its file a record stood is left out: rosters that say the same in another order are the same run.
    """
    facts = {
        **_settings(nights, reference, as_of, compared_with),
        "tables": {table.table_name: _said(table, frame) for table, frame in frames.items()},
    }
    return _hash_of(facts)


def inputs_digest(
    nights: Sequence[SourceTonight],
    registry: pd.DataFrame,
    reference: Reference,
    as_of: pd.Timestamp,
    decisions: Decisions = NO_DECISIONS,
    compared_with: str | None = None,
) -> str:
    """One hash over everything the figures depend on: rosters in use, rules, identities and people's decisions.

    The registry counts as it stands after the run, so that a run on its own results finds nothing new.
    """
    facts = {
        **_settings(nights, reference, as_of, compared_with),
        "rosters": [(n.name, n.used.received.digest) for n in nights if n.used is not None],
        "identities": _said(Identity, registry),
        "decisions": decisions.facts(),
    }
    return _hash_of(facts)


def _settings(
    nights: Sequence[SourceTonight], reference: Reference, as_of: pd.Timestamp, compared_with: str | None
) -> dict[str, Any]:
    return {
        "compared_with": compared_with,
        "as_of": as_of.date().isoformat(),
        "method": METHOD_VERSION,
        "reference": [(file.name, file.sha256) for file in reference.files()],
        "sources": [(n.name, repr(n.used.source)) for n in nights if n.used is not None],
    }


def _said(table: type[Table], frame: pd.DataFrame) -> str:
    """A hash over the rows of a table, whatever their order, without where they stood in their files."""
    rows = pd.util.hash_pandas_object(frame.drop(columns=table.lineage_names()), index=False)
    return hashlib.sha256(rows.sort_values().to_numpy().tobytes()).hexdigest()


def _hash_of(facts: Mapping[str, Any]) -> str:
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()
