"""Whether families get a real break: may a parent leave, and may brothers and sisters come."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from reports.behind import Behind
from reports.charts.bars import Counts, answer_bar
from reports.facts import Frames, rows_of
from reports.grid import Axes, GridCell, Row, panels
from reports.members import counted_by, members_of
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import number
from transforms.tables import GapTable, ParentSibling
from transforms.vocabulary import Zone

# Of each question: the columns that count its answers, confirmed and possible, and the answers in words. In the order
# in which a doubt outweighs an answer, should rosters differ.
_PARENT = (
    (ParentSibling.parent_stays_no_confirmed, ParentSibling.parent_stays_no_possible, "may leave"),
    (ParentSibling.parent_stays_yes_confirmed, ParentSibling.parent_stays_yes_possible, "must stay"),
    (
        ParentSibling.parent_stays_conditional_confirmed,
        ParentSibling.parent_stays_conditional_possible,
        "it depends",
    ),
    (ParentSibling.parent_stays_unknown_confirmed, ParentSibling.parent_stays_unknown_possible, "not known"),
)
_SIBLINGS = (
    (ParentSibling.siblings_yes_confirmed, ParentSibling.siblings_yes_possible, "may come"),
    (ParentSibling.siblings_no_confirmed, ParentSibling.siblings_no_possible, "may not come"),
    (ParentSibling.siblings_conditional_confirmed, ParentSibling.siblings_conditional_possible, "it depends"),
    (ParentSibling.siblings_unknown_confirmed, ParentSibling.siblings_unknown_possible, "not known"),
)


def breaks(frames: Frames, behind: Behind) -> Section:
    """The section on breaks: the answers of the activities inside, and the grid of every place."""
    table = rows_of(frames, ParentSibling)
    inside = table[table[ParentSibling.zone].eq(Zone.INSIDE)]
    found = members_of(frames, ParentSibling, ParentSibling.row_keys(inside))
    parent, siblings = _answers(found, _PARENT), _answers(found, _SIBLINGS)
    axes = Axes(row=ParentSibling.tier, column=ParentSibling.age_band, panel=ParentSibling.zone)
    grids = panels(ParentSibling, table, axes, _cell)
    data = {
        "lead": _lead(parent, siblings),
        "bars": [
            answer_bar("May a parent leave?", parent),
            answer_bar("May brothers and sisters come?", siblings),
        ],
        "panels": grids,
        "behind": behind.take(
            ParentSibling,
            [grid.keys for grid in grids],
            ParentSibling.true_breaks_confirmed,
            ParentSibling.true_breaks_possible,
        ),
    }
    return Section("breaks", "A real break", "Is it a real break for the family?", Part.USE, "breaks", data)


def _answers(members: pd.DataFrame, columns: Sequence[tuple[str, str, str]]) -> list[Counts]:
    """For each answer, how many activities give it: confirmed, and possible with them."""
    sure = counted_by(members, [confirmed for confirmed, _, _ in columns])
    may = counted_by(members, [possible for _, possible, _ in columns])
    return [Counts(words, sure[confirmed], may[possible]) for confirmed, possible, words in columns]


def _lead(parent: list[Counts], siblings: list[Counts]) -> str:
    total = sum(one.possible for one in parent)
    if not total:
        return "No activity inside the Square Mile is listed that City children may join."
    (leave, stay, *_), (come, *_) = parent, siblings
    return (
        f"Of the {number(total)} activities inside the Square Mile that City children may be able to join, "
        f"{_both(leave)} say that a parent may leave and {_both(stay)} that a parent must stay; "
        f"{_both(come)} welcome brothers and sisters. The others depend on something, or do not say."
    )


def _both(counts: Counts) -> str:
    return f"{number(counts.possible)} ({number(counts.confirmed)} confirmed)"


def _cell(table: type[GapTable], row: Row) -> GridCell:
    """True breaks: confirmed, and how many more are possible."""
    confirmed = row[ParentSibling.true_breaks_confirmed]
    more = row[ParentSibling.true_breaks_possible] - confirmed
    verdict = verdict_of(table, row[ParentSibling.break_status])
    return GridCell(number(confirmed), f"+{number(more)} possible", verdict.label, style(verdict))
