"""Which sections the report has, in the order in which a reader meets them."""

from __future__ import annotations

from reports.activities import activities
from reports.behind import Behind
from reports.border import border, border_section
from reports.borough_sections import boroughs_section, checks_section, quality_section
from reports.boroughs import nights
from reports.breaks import breaks
from reports.calls import calls
from reports.contracts import contracts
from reports.facts import Frames, ReportFacts
from reports.findings import findings
from reports.gap_section import gap_section
from reports.locator_map import locator_map
from reports.map_section import map_section
from reports.matrix import coverage_section, matrices
from reports.methods import methods_section
from reports.next_steps import next_steps
from reports.sections import Section
from reports.target import target_section
from reports.times import times
from reports.transition import transition
from reports.travel import travel
from transforms.tables import (
    GAP_TABLES,
    BespokeCandidates,
    BorderReach,
    CallList,
    ContractEnd,
    Coverage,
    DataQuality,
    JointCommissioning,
    NightlyChange,
    ParentSibling,
    TargetGrowth,
    TargetTracker,
    TimeOfWeek,
    TransitionCliff,
    TravelBurden,
)

# Tables with a section of their own making; every other gap table gets one from its declaration.
_TOLD_APART = frozenset(
    {
        TargetTracker, Coverage, ParentSibling, TravelBurden, TransitionCliff, TimeOfWeek, BespokeCandidates,
        BorderReach, ContractEnd, JointCommissioning, CallList, NightlyChange, TargetGrowth, DataQuality,
    }
)  # fmt: skip


def sections(frames: Frames, facts: ReportFacts) -> list[Section]:
    """Every section of the report."""
    grids = matrices(frames[Coverage])
    reach, rosters = border(frames, facts), nights(frames)
    drawn = locator_map(frames, facts)
    listed = activities(frames, drawn.venues)
    behind = Behind(frames, [one.id for one in listed])
    return [
        findings(frames, grids[0], reach, rosters),
        target_section(frames, listed, behind),
        map_section(drawn, listed, facts),
        coverage_section(grids, behind),
        times(frames),
        transition(frames, behind),
        breaks(frames, behind),
        travel(frames, facts),
        border_section(reach),
        contracts(frames, facts),
        calls(frames),
        next_steps(frames),
        *(gap_section(table, frames, facts, behind) for table in GAP_TABLES if table not in _TOLD_APART),
        quality_section(frames),
        boroughs_section(rosters),
        checks_section(rosters, facts),
        methods_section(facts),
    ]
