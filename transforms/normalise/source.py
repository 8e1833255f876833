"""One source's lines → its part of the canonical directory."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import pandas as pd

from transforms.issues import Problem
from transforms.normalise import places, providers, services
from transforms.normalise.contracts import build_mentions
from transforms.normalise.order import in_order_of_content
from transforms.normalise.pathways import build_pathways
from transforms.normalise.provenance import build_provenance
from transforms.normalise.readings import Readings, read_lines
from transforms.parsers.reading import fold
from transforms.parsers.synonyms import Synonyms
from transforms.schema import Table
from transforms.source_spec import Roster, Source
from transforms.tables import (
    Accessibility,
    Address,
    ContractMention,
    CostOption,
    Eligibility,
    Funding,
    HealthPathway,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServicePathway,
    ValueProvenance,
)
from transforms.tables import ShortBreakLine as L
from transforms.thresholds import Thresholds
from transforms.vocabulary import RosterKind, ServiceStatus


@dataclass
class Normalised:
    """A source's rows of every canonical table, the record each came from, and the problems.

    ``row_of[table]`` names, row by row, the roster record (``row_id``) a table's row came from.
    """

    frames: dict[type[Table], pd.DataFrame] = field(default_factory=dict)
    row_of: dict[type[Table], pd.Series] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    # row_id → the provider, the service and the health pathway it became.
    became: pd.DataFrame = field(default_factory=pd.DataFrame)
    # Of each roster, what ``provenance`` is made from.
    _evidence: list[tuple[Readings, pd.Series, pd.DataFrame]] = field(default_factory=list)
    _heading_of: dict[str, Mapping[str, str]] = field(default_factory=dict)

    def provenance(self) -> pd.DataFrame:
        """How each value was read, as ``ValueProvenance``: worked out when asked, for the night that stands."""
        parts = [build_provenance(*evidence, self._heading_of) for evidence in self._evidence]
        return _together(ValueProvenance, parts, None)[0]


@dataclass(frozen=True)
class RosterLines:
    """One roster's lines with its declaration and the headings they came under."""

    roster: Roster
    lines: pd.DataFrame
    heading_of: Mapping[str, str]


def normalise(
    source: Source, rosters: Sequence[RosterLines], synonyms: Synonyms, thresholds: Thresholds
) -> Normalised:
    """Everything one source says, in the canonical model.

    Provider rosters come first; short-break lines then take from their provider's line what the
    source declares as inherited (``inherit``), where their own cell is blank.
    """
    result = Normalised()
    parts: dict[type[Table], list[pd.DataFrame]] = {}
    rows: dict[type[Table], list[pd.Series]] = {}
    became: list[pd.DataFrame] = []

    def add(table: type[Table], frame: pd.DataFrame, lines: pd.DataFrame) -> None:
        parts.setdefault(table, []).append(frame)
        rows.setdefault(table, []).append(lines.loc[frame.index, L.row_id])

    def add_contracts(
        lines: pd.DataFrame, organization_id: pd.Series, service_id: pd.Series, item: RosterLines
    ) -> None:
        mentions, problems = build_mentions(
            lines, organization_id, service_id, item.roster, synonyms, item.heading_of, source.name
        )
        add(ContractMention, mentions, lines)
        result.problems.extend(problems)

    mailboxes = frozenset(synonyms["role_mailbox"].codes_of)
    # Where two records speak of one thing the first counts; which is first must not hang on the file's order.
    rosters = [replace(item, lines=in_order_of_content(item.lines)) for item in rosters]
    listed = [r for r in rosters if r.roster.kind is RosterKind.PROVIDERS]
    provider_lines = pd.concat([r.lines for r in listed], ignore_index=True) if listed else None
    result._heading_of.update({row: r.heading_of for r in rosters for row in r.lines[L.row_id]})
    for item in rosters:
        if item.lines.empty:
            continue
        lines = item.lines.reset_index(drop=True)
        if item.roster.kind is RosterKind.HEALTH_PATHWAYS:
            frame, problems = build_pathways(lines, item.roster, synonyms, item.heading_of, source.name)
            result.problems += problems
            add(HealthPathway, frame, lines)
            became.append(
                pd.DataFrame({L.row_id: lines[L.row_id], "health_pathway_id": frame[HealthPathway.id]})
            )
            continue
        taken = pd.DataFrame(index=lines.index)
        if item.roster.providers_listed_apart and provider_lines is not None:
            lines, taken = _with_provider(lines, provider_lines, item.roster.inherit)
        keys = providers.provider_keys(lines)
        organization_id = keys.map(
            lambda key: providers.organization_id(source.name, key), na_action="ignore"
        )
        if not item.roster.providers_listed_apart:
            organizations = providers.build_organizations(lines, source.name, mailboxes)
            organizations = _without_homes(organizations, lines, synonyms)
            offices, office_addresses = providers.build_head_offices(organizations, lines, source.name)
            add(Organization, organizations, lines)
            add(Location, offices, lines)
            add(Address, office_addresses, lines)
        offered = lines[lines[L.service_name].notna()]
        service_id = pd.Series(None, index=lines.index, dtype="str")
        became.append(pd.DataFrame({L.row_id: lines[L.row_id], "organization_id": organization_id}))
        if offered.empty:
            add_contracts(lines, organization_id, service_id, item)
            continue
        readings = read_lines(offered, item.roster, synonyms, item.heading_of)
        result.problems += readings.problems
        modes = places.delivery_modes(offered, synonyms)
        located, addressed = places.build_places(readings, modes, synonyms, source.name)
        built = services.build_services(
            readings, organization_id[offered.index], modes, synonyms, source.name
        )
        at = services.build_service_at_location(readings, built[Service.id], located[Location.id])
        add(Location, located, lines)
        add(Address, addressed[addressed[Address.x_postcode_raw].notna()], lines)
        add(Service, built.assign(**{Service.x_listed_by: source.lad_code or None}), lines)
        add(ServiceAtLocation, at, lines)
        add(Schedule, services.build_schedules(readings, at[ServiceAtLocation.id], thresholds), lines)
        add(CostOption, services.build_costs(readings, built[Service.id]), lines)
        add(Funding, services.build_funding(readings, built[Service.id]), lines)
        terms = services.build_eligibility(readings, built[Service.id], synonyms, item.roster.date_format)
        add(Eligibility, terms, lines)
        add(ServiceNeed, services.build_needs(readings, built[Service.id]), lines)
        outcomes = services.build_pathways_to_adulthood(built, offered, synonyms, thresholds)
        add(ServicePathway, outcomes, lines)
        add(Accessibility, places.build_accessibility(readings, located[Location.id]), lines)
        service_id[offered.index] = built[Service.id]
        add_contracts(lines, organization_id, service_id, item)
        result._evidence.append((readings, built[Service.id], taken))
        became[-1].loc[offered.index, "service_id"] = built[Service.id]
    for table, frames in parts.items():
        result.frames[table], result.row_of[table] = _together(table, frames, rows.get(table))
    if became:
        result.became = pd.concat(became, ignore_index=True).drop_duplicates(L.row_id)
    return result


def _together(
    table: type[Table], frames: list[pd.DataFrame], rows: list[pd.Series] | None
) -> tuple[pd.DataFrame, pd.Series]:
    """One frame of a table with one row per key: records that share a venue or provider meet here."""
    kept = [frame for frame in frames if len(frame)]
    if not kept:
        return table.frame(), pd.Series(dtype="str")
    joined = pd.concat(kept, ignore_index=True)
    first = ~joined.duplicated(table.key_names())
    origin = pd.concat(rows, ignore_index=True) if rows else pd.Series("", index=joined.index)
    return table.frame(joined[first]), origin[first].reset_index(drop=True)


def _with_provider(
    lines: pd.DataFrame, listed: pd.DataFrame, inherit: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Lines with their provider's name and reference, and what they inherit from its line; and for each
    inherited column the record its value was taken from, where it was.
    """
    by_ref = {
        ref: i for column in (L.record_ref, L.provider_ref) for i, ref in listed[column].dropna().items()
    }
    by_name = {fold(name): i for i, name in listed[L.provider_name].dropna().items()}
    position = lines[L.provider_ref].map(by_ref)
    named = lines[L.provider_name].map(lambda name: by_name.get(fold(name)), na_action="ignore")
    position = position.where(position.notna(), named)
    theirs = listed.reindex(position).set_axis(lines.index)
    filled = lines.copy()
    filled[L.provider_ref] = theirs[L.provider_ref]
    filled[L.provider_name] = theirs[L.provider_name]
    filled[L.provider_type] = theirs[L.provider_type]
    taken = pd.DataFrame(index=lines.index)
    for column in inherit:
        is_theirs = filled[column].isna() & theirs[column].notna()
        if column == L.status:
            # A provider that is closed closes its sessions, whatever their own cell says.
            is_theirs |= theirs[column].notna() & theirs[column].map(fold, na_action="ignore").ne(
                ServiceStatus.ACTIVE
            )
        filled[column] = filled[column].mask(is_theirs, theirs[column])
        taken[column] = theirs[L.row_id].where(is_theirs)
    return filled, taken


def _without_homes(organizations: pd.DataFrame, lines: pd.DataFrame, synonyms: Synonyms) -> pd.DataFrame:
    """Organizations without the postcode of a provider's own home, which a head office has no use for."""
    at_home = [places.is_own_home(lines.loc[i].to_dict(), synonyms) for i in organizations.index]
    postcode = organizations[Organization.hq_postcode].mask(pd.Series(at_home, index=organizations.index))
    return organizations.assign(**{Organization.hq_postcode: postcode})
