"""How far City families have to go, from each estate and from the school."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, ReportFacts, rows_of
from reports.grid import Axes, GridCell, Row, panels
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import number
from transforms.tables import GapTable, TravelBurden
from transforms.vocabulary import GapStatus, OriginKind

_NOTHING_CERTAIN = [GapStatus.GAP_CERTAIN.value, GapStatus.GAP_UNLESS_VERIFIED.value]


@dataclass(frozen=True)
class OriginRow:
    """One estate or school: of its combinations, how many have something near enough for certain."""

    name: str
    kind: OriginKind
    combinations: int
    near: int
    perhaps: int
    nothing: int
    walk: str


def travel(frames: Frames, facts: ReportFacts) -> Section:
    """The section on travel from each estate and the school."""
    table = rows_of(frames, TravelBurden)
    far = facts.settings.get("far_walk_min")
    limit = f"{number(far)} minutes’ walk" if far else "a short walk"
    by_origin = table.groupby([TravelBurden.origin_kind, TravelBurden.origin], sort=True)
    origins = [_origin(str(name), OriginKind(kind), rows) for (kind, name), rows in by_origin]
    axes = Axes(
        row=TravelBurden.tier,
        column=TravelBurden.age_band,
        group=TravelBurden.need_area,
        panel=TravelBurden.origin,
    )
    data = {
        "lead": _lead([one for one in origins if one.kind is OriginKind.ESTATE], limit),
        "limit": limit,
        "origins": origins,
        "panels": panels(TravelBurden, table, axes, _cell),
    }
    return Section("travel", "Travel", "How far must City families go?", Part.USE, "travel", data)


def _lead(estates: list[OriginRow], limit: str) -> str:
    if not estates:
        return "Distances from the estates were not measured in this run."
    worst, best = min(estates, key=lambda one: one.near), max(estates, key=lambda one: one.near)
    if worst.near == best.near:
        told = f"each estate has something certain within {limit} in {number(best.near)} of {number(best.combinations)}"
        return f"From the City's {number(len(estates))} estates, {told} combinations of need, age and level of offer."
    return (
        f"From {best.name}, something certain lies within {limit} for {number(best.near)} of "
        f"{number(best.combinations)} combinations of need, age and level of offer; from {worst.name} for "
        f"{number(worst.near)}."
    )


def _origin(name: str, kind: OriginKind, rows: pd.DataFrame) -> OriginRow:
    status = rows[TravelBurden.gap_status]
    walks = rows[TravelBurden.nearest_confirmed_walk_min]
    known = walks.notna().sum()
    return OriginRow(
        name,
        kind,
        len(rows),
        int((~status.isin(_NOTHING_CERTAIN)).sum()),
        int(status.eq(GapStatus.GAP_UNLESS_VERIFIED).sum()),
        int(status.eq(GapStatus.GAP_CERTAIN).sum()),
        f"{number(walks.median())} min, of the {number(known)} that have one"
        if known
        else "nothing certain anywhere",
    )


def _cell(table: type[GapTable], row: Row) -> GridCell:
    """The walk to the nearest that is certain, and how many are near enough."""
    walk = row[TravelBurden.nearest_confirmed_walk_min]
    near, possible = row[TravelBurden.near_enough_confirmed], row[TravelBurden.near_enough_possible]
    verdict = verdict_of(table, row[TravelBurden.gap_status])
    lead = "none certain" if pd.isna(walk) else f"{number(round(walk))} min"
    return GridCell(
        lead, f"{number(near)} near, +{number(possible - near)} possible", verdict.label, style(verdict)
    )
