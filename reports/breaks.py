"""Whether families get a real break: may a parent leave, and may brothers and sisters come."""

from __future__ import annotations

from dataclasses import dataclass

from reports.behind import Behind, Cell
from reports.charts.bars import Bar, answer_bar
from reports.facts import Frames, rows_of
from reports.grid import Axes, GridCell, Panel, Row, panels
from reports.members import counted_by, members_of
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import number
from transforms.tables import GapTable, ParentSibling
from transforms.vocabulary import Zone

# In the order in which a doubt outweighs an answer, should rosters differ.
_PARENT = (
    ParentSibling.parent_stays_no_possible, ParentSibling.parent_stays_yes_possible,
    ParentSibling.parent_stays_conditional_possible, ParentSibling.parent_stays_unknown_possible,
)  # fmt: skip
_SIBLINGS = (
    ParentSibling.siblings_yes_possible, ParentSibling.siblings_no_possible,
    ParentSibling.siblings_conditional_possible, ParentSibling.siblings_unknown_possible,
)  # fmt: skip


@dataclass(frozen=True)
class Breaks:
    """The answers of the activities inside, and the grid of every place."""

    lead: str
    bars: list[Bar]
    panels: list[Panel]
    behind: list[list[Cell]]


def breaks(frames: Frames, behind: Behind) -> Section:
    """The section on breaks."""
    table = rows_of(frames, ParentSibling)
    inside = table[table[ParentSibling.zone].eq(Zone.INSIDE)]
    found = members_of(frames, ParentSibling, ParentSibling.row_keys(inside))
    parent = counted_by(found, _PARENT)
    siblings = counted_by(found, _SIBLINGS)
    bars = [
        answer_bar(
            "May a parent leave?",
            ["may leave", "must stay", "it depends", "not known"],
            [parent[name] for name in _PARENT],
        ),
        answer_bar(
            "May brothers and sisters come?",
            ["may come", "may not come", "it depends", "not known"],
            [siblings[name] for name in _SIBLINGS],
        ),
    ]
    axes = Axes(
        row=ParentSibling.tier,
        column=ParentSibling.age_band,
        panel=ParentSibling.zone,
    )
    grids = panels(ParentSibling, table, axes, _cell)
    counted = behind.take(
        ParentSibling,
        [grid.keys for grid in grids],
        ParentSibling.true_breaks_confirmed,
        ParentSibling.true_breaks_possible,
    )
    data = Breaks(_lead(parent, siblings), bars, grids, counted)
    return Section(
        "breaks", "A real break", "Is it a real break for the family?", Part.USE, "breaks", vars(data)
    )


def _lead(parent: dict[str, int], siblings: dict[str, int]) -> str:
    total = sum(parent.values())
    if not total:
        return "No activity inside the Square Mile is listed that City children may join."
    leave, stay, *_ = parent.values()
    come, *_ = siblings.values()
    return (
        f"Of the {number(total)} activities inside the Square Mile that City children may be able to join, "
        f"{number(leave)} say that a parent may leave and {number(stay)} that a parent must stay; "
        f"{number(come)} welcome brothers and sisters. The others depend on something, or do not say."
    )


def _cell(table: type[GapTable], row: Row) -> GridCell:
    """True breaks: confirmed, and how many more are possible."""
    confirmed = row[ParentSibling.true_breaks_confirmed]
    more = row[ParentSibling.true_breaks_possible] - confirmed
    verdict = verdict_of(table, row[ParentSibling.break_status])
    return GridCell(number(confirmed), f"+{number(more)} possible", verdict.label, style(verdict))
