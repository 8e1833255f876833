"""Every table of the product, declared once.

``PUBLISHED`` is what a snapshot holds, in the order a reader meets it.
"""

from __future__ import annotations

from transforms.schema import Table
from transforms.tables.changes import Moved
from transforms.tables.children import CHILD_TABLES, ChildTable, ExpectedChildren
from transforms.tables.contracts import Contract, ContractMention, ContractParty, ContractService
from transforms.tables.dated import (
    DATED_TABLES,
    ActivityKind,
    Baseline,
    CandidateVenue,
    CommissioningBody,
    EhcPlans,
    KpiDefinition,
    KpiValue,
    Origin,
    PeoplePoint,
    Population,
    SchoolPeriod,
)
from transforms.tables.directory import (
    CITY_LAD_CODE,
    HACKNEY_LAD_CODE,
    Accessibility,
    Address,
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
)
from transforms.tables.gaps import (
    GAP_TABLES,
    Affordability,
    BespokeCandidates,
    BorderReach,
    CallList,
    CommissioningShare,
    Concentration,
    ContractEnd,
    Coverage,
    DataQuality,
    GapTable,
    HealthOffer,
    JointCommissioning,
    Kpi,
    NightlyChange,
    ParentSibling,
    PhysicalAccess,
    PreparingForAdulthood,
    SpatialAccess,
    StrategyCount,
    SupplyDemand,
    TargetGrowth,
    TargetTracker,
    TimeOfWeek,
    TransitionCliff,
    TravelBurden,
)
from transforms.tables.history import SnapshotDifference
from transforms.tables.identity import Identity
from transforms.tables.lineage import Counted, Explained, Supply
from transforms.tables.matches import Match, MatchRecord, MatchReview
from transforms.tables.planning import WhatIf
from transforms.tables.rosters import (
    HealthPathwayLine,
    Line,
    ProviderLine,
    ShortBreakLine,
)
from transforms.tables.run import Issue, SourceNight, SourceRecord, ValueProvenance
from transforms.tables.travel import Travel
from transforms.vocabulary import RosterKind

DIRECTORY_TABLES: tuple[type[Table], ...] = (
    Organization,
    Service,
    Location,
    Address,
    ServiceAtLocation,
    Schedule,
    CostOption,
    Funding,
    Accessibility,
    Eligibility,
    ServiceNeed,
    ServicePathway,
    HealthPathway,
)

RUN_TABLES: tuple[type[Table], ...] = (
    SourceNight,
    SourceRecord,
    Issue,
    ValueProvenance,
    Match,
    Identity,
)

# Worked out from the directory, once rosters are matched.
DERIVED_TABLES: tuple[type[Table], ...] = (
    Contract,
    ContractParty,
    ContractService,
    Travel,
    Supply,
    Counted,
    Moved,
)

PUBLISHED: tuple[type[Table], ...] = (
    *GAP_TABLES,
    *CHILD_TABLES,
    *DIRECTORY_TABLES,
    *DERIVED_TABLES,
    *RUN_TABLES,
)

LINE_OF: dict[RosterKind, type[Line]] = {
    RosterKind.PROVIDERS: ProviderLine,
    RosterKind.SHORT_BREAKS: ShortBreakLine,
    RosterKind.HEALTH_PATHWAYS: HealthPathwayLine,
}
