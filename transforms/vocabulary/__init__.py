"""Controlled values: every code the published tables may hold, once.

Synonyms seen in rosters live in ``data/reference/synonyms.toml``; their keys are checked against
these codes when they are loaded.
"""

from __future__ import annotations

from transforms.vocabulary.changes import CellChange, ChangeCause, PlannedChange
from transforms.vocabulary.children import (
    AREA_OF_NEED,
    NEEDS_TO_COVER,
    OLDEST_AGE,
    AgeBand,
    DemandBasis,
    DemandCaveat,
    DemandMark,
    Need,
    NeedArea,
    NeedScope,
    Pathway,
    PathwayBasis,
    SenStage,
    Transition,
)
from transforms.vocabulary.commissioning import (
    CityPart,
    CommissioningMeasure,
    ContractExpiry,
    JoinStatus,
    PathwayAlignment,
    PathwayDifference,
)
from transforms.vocabulary.gaps import (
    RULING_OUT,
    AccessStatus,
    BespokeReason,
    BreakStatus,
    Concentrated,
    Doubt,
    GapStatus,
    KnownStatus,
    OpenQuestion,
    QualityDimension,
    QualityStatus,
    Standing,
    StrategyMeasure,
    SupplyStatus,
    SupposedAnswer,
    TargetBasis,
    TargetScope,
    TargetStatus,
    TimeStatus,
)
from transforms.vocabulary.kpis import KpiFrequency, KpiPublication, KpiRule, KpiStatus
from transforms.vocabulary.labels import Labelled, Verdict
from transforms.vocabulary.money import (
    BodyKind,
    CommissionerType,
    ContractRole,
    ContractStatus,
    CostUnit,
    FundingRoute,
    HealthRoute,
)
from transforms.vocabulary.places import (
    AddressRole,
    GeocodeMethod,
    LocationType,
    OriginKind,
    PostcodeStatus,
    Zone,
)
from transforms.vocabulary.runs import (
    CARRIED,
    IdentityEntity,
    IdentityState,
    MatchDecision,
    MatchEntity,
    Outcome,
    ParsedField,
    ParseStatus,
    ReviewDecision,
    RosterKind,
    RowChange,
    Severity,
    SourceState,
)
from transforms.vocabulary.services import (
    TIERS,
    AccessFeature,
    AccessQuestion,
    Answer,
    DeliveryMode,
    Evidence,
    Regulation4,
    ServiceStatus,
    ShortBreakType,
    StepFree,
    Tier,
)
from transforms.vocabulary.times import HOLIDAYS, CalendarPeriod, DaySlot, Frequency, SlotAsked, Weekday
