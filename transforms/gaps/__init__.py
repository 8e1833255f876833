"""Gap tables: one function and one registration each.

``REGISTERED`` maps each table to the function that computes it; a new gap table is a declaration in
a file of ``transforms/tables/gaps/`` and a module here. Suite, files, dictionary, report and the list of what its
figures count follow.
"""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from transforms.gaps.affordability import affordability
from transforms.gaps.bespoke_candidates import bespoke_candidates
from transforms.gaps.border_reach import border_reach
from transforms.gaps.call_list import call_list
from transforms.gaps.commissioning_shares import commissioning_shares
from transforms.gaps.concentration import concentration
from transforms.gaps.contract_expiry import contract_expiry
from transforms.gaps.coverage import coverage
from transforms.gaps.data_quality import data_quality
from transforms.gaps.health_pathway import health_pathway
from transforms.gaps.inputs import GapInputs
from transforms.gaps.joint_commissioning import joint_commissioning
from transforms.gaps.kpi import kpi
from transforms.gaps.members import Measured
from transforms.gaps.parent_sibling import parent_sibling
from transforms.gaps.pfa import pfa
from transforms.gaps.physical_access import physical_access
from transforms.gaps.spatial_access import spatial_access
from transforms.gaps.strategy_counts import strategy_counts
from transforms.gaps.supply_demand import supply_demand
from transforms.gaps.target_tracker import baselines_of, target_tracker
from transforms.gaps.time_of_week import time_of_week
from transforms.gaps.transition_cliff import transition_cliff
from transforms.gaps.travel_burden import travel_burden
from transforms.schema import Table
from transforms.supply import supply_table
from transforms.tables import (
    Affordability,
    BespokeCandidates,
    BorderReach,
    CallList,
    CommissioningShare,
    Concentration,
    ContractEnd,
    Counted,
    Coverage,
    DataQuality,
    GapTable,
    HealthOffer,
    JointCommissioning,
    Kpi,
    ParentSibling,
    PhysicalAccess,
    PreparingForAdulthood,
    SpatialAccess,
    StrategyCount,
    Supply,
    SupplyDemand,
    TargetTracker,
    TimeOfWeek,
    TransitionCliff,
    TravelBurden,
)

GapFunction = Callable[[GapInputs], Measured]

REGISTERED: dict[type[GapTable], GapFunction] = {
    TargetTracker: target_tracker,
    Coverage: coverage,
    ParentSibling: parent_sibling,
    TravelBurden: travel_burden,
    TransitionCliff: transition_cliff,
    TimeOfWeek: time_of_week,
    Concentration: concentration,
    Affordability: affordability,
    PhysicalAccess: physical_access,
    BespokeCandidates: bespoke_candidates,
    BorderReach: border_reach,
    PreparingForAdulthood: pfa,
    HealthOffer: health_pathway,
    SupplyDemand: supply_demand,
    ContractEnd: contract_expiry,
    JointCommissioning: joint_commissioning,
    CommissioningShare: commissioning_shares,
    SpatialAccess: spatial_access,
    CallList: call_list,
    DataQuality: data_quality,
    Kpi: kpi,
    StrategyCount: strategy_counts,
}


def measure(table: type[GapTable], inputs: GapInputs, run_id: str, method_version: str) -> pd.DataFrame:
    """One gap table, stamped with its snapshot date, run and method, in key order."""
    return stamp(table, REGISTERED[table](inputs).table, inputs.as_of, run_id, method_version)


def measure_all(inputs: GapInputs, run_id: str, method_version: str) -> dict[type[Table], pd.DataFrame]:
    """Every registered gap table, the supply they start from, and what each of their rows counts."""
    measured = {table: inputs.once(function) for table, function in REGISTERED.items()}
    members = [
        m.members.assign(**{Counted.gap_table: table.table_name})
        for table, m in measured.items()
        if m.counted
    ]
    counted = Counted.frame(pd.concat(members, ignore_index=True)) if members else Counted.frame()
    stamped = {
        table: stamp(table, m.table, inputs.as_of, run_id, method_version) for table, m in measured.items()
    }
    return {**stamped, Supply: supply_table(inputs.supply), Counted: Counted.sorted(counted)}


def stamp(
    table: type[GapTable], frame: pd.DataFrame, as_of: pd.Timestamp, run_id: str, method_version: str
) -> pd.DataFrame:
    """A gap table with its snapshot date, run and method, in key order."""
    stamps = {
        GapTable.snapshot_date: as_of, GapTable.run_id: run_id, GapTable.method_version: method_version
    }  # fmt: skip
    return table.sorted(table.frame(frame.assign(**stamps)))


__all__ = ["REGISTERED", "GapInputs", "Measured", "baselines_of", "measure", "measure_all", "stamp"]
