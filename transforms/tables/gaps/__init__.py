"""Gap tables: what is missing, for whom. Every count is a confirmed and a possible figure."""

from __future__ import annotations

from transforms.tables.gaps.access import Affordability, PhysicalAccess
from transforms.tables.gaps.adulthood import PreparingForAdulthood
from transforms.tables.gaps.base import GapTable
from transforms.tables.gaps.bespoke import BespokeCandidates
from transforms.tables.gaps.border import BorderReach
from transforms.tables.gaps.breaks import ParentSibling
from transforms.tables.gaps.calls import CallList
from transforms.tables.gaps.change import NightlyChange, TargetGrowth
from transforms.tables.gaps.concentration import Concentration
from transforms.tables.gaps.coverage import Coverage
from transforms.tables.gaps.demand import SupplyDemand
from transforms.tables.gaps.expiry import ContractEnd
from transforms.tables.gaps.health import HealthOffer
from transforms.tables.gaps.joint import JointCommissioning
from transforms.tables.gaps.kpi import Kpi
from transforms.tables.gaps.quality import DataQuality
from transforms.tables.gaps.shares import CommissioningShare
from transforms.tables.gaps.spatial_access import SpatialAccess
from transforms.tables.gaps.strategy import StrategyCount
from transforms.tables.gaps.target import TargetTracker
from transforms.tables.gaps.times import TimeOfWeek
from transforms.tables.gaps.transition import TransitionCliff
from transforms.tables.gaps.travel import TravelBurden

# In the order in which a reader meets them.
GAP_TABLES: tuple[type[GapTable], ...] = (
    TargetTracker,
    Coverage,
    ParentSibling,
    TravelBurden,
    TransitionCliff,
    TimeOfWeek,
    Concentration,
    Affordability,
    PhysicalAccess,
    BespokeCandidates,
    BorderReach,
    PreparingForAdulthood,
    HealthOffer,
    SupplyDemand,
    ContractEnd,
    JointCommissioning,
    CommissioningShare,
    SpatialAccess,
    CallList,
    NightlyChange,
    TargetGrowth,
    DataQuality,
    Kpi,
    StrategyCount,
)
