"""Zone × tier × age band: who must stay and who may come along."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.answers import agreed
from transforms.gaps.cells import every_cell
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, count
from transforms.gaps.rates import share_pct
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, PROVIDER
from transforms.tables import Eligibility
from transforms.tables import ParentSibling as T
from transforms.text_columns import looked_up
from transforms.thresholds import Thresholds
from transforms.vocabulary import TIERS, AgeBand, Answer, BreakStatus, GapStatus, Zone

_PARENT_STAYS = {
    Answer.YES: (T.parent_stays_yes_confirmed, T.parent_stays_yes_possible),
    Answer.NO: (T.parent_stays_no_confirmed, T.parent_stays_no_possible),
    Answer.CONDITIONAL: (T.parent_stays_conditional_confirmed, T.parent_stays_conditional_possible),
    Answer.UNKNOWN: (T.parent_stays_unknown_confirmed, T.parent_stays_unknown_possible),
}
_SIBLINGS = {
    Answer.YES: (T.siblings_yes_confirmed, T.siblings_yes_possible),
    Answer.NO: (T.siblings_no_confirmed, T.siblings_no_possible),
    Answer.CONDITIONAL: (T.siblings_conditional_confirmed, T.siblings_conditional_possible),
    Answer.UNKNOWN: (T.siblings_unknown_confirmed, T.siblings_unknown_possible),
}


def parent_sibling(inputs: GapInputs) -> Measured:
    """Is it a real break: may a parent leave, and may brothers and sisters come?

    One row for every combination of six zones, three tiers and five age bands. Confirmed: the activity is
    running, was checked recently, accepts City residents, and is certain of its zone, tier and ages, whatever
    the need. Possible: no answer rules it out. An activity counts once, however many rosters list it: equal
    answers stand, a known answer stands beside an unknown one, and answers that contradict each other are not
    known. A listing that is ruled out has no say.

    A true break is confirmed where a parent need not stay, and possible where no roster says that one must;
    whole-family activities likewise, by whether siblings may come. ``parent_stays_pct`` = yes ÷ (yes + no) among
    the possible (measure S32 of the 2020-24 strategy); “it depends” is neither, and counts as not known for
    whether enough is known to tell it. S34 is ``siblings_yes_confirmed`` and ``siblings_yes_possible``.

    The verdict is a gap where no true break is possible, and a gap unless verified where none is confirmed, or
    where too few say whether a parent must stay; then one of its own where more than ``parent_stays_pct`` of
    those that say ask a parent to stay.
    """
    rows = inputs.in_cells
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    parent = _said(inputs.supply, Eligibility.parent_must_stay, rows)
    siblings = _said(inputs.supply, Eligibility.siblings_welcome, rows)
    is_break = parent.eq(Answer.NO)
    figures = [
        Figure(T.confirmed, sure),
        Figure(T.possible, maybe),
        Figure(T.true_breaks_confirmed, sure & is_break),
        Figure(T.true_breaks_possible, maybe & parent.ne(Answer.YES)),
        Figure(T.true_break_providers, sure & is_break, PROVIDER),
        Figure(T.whole_family_confirmed, sure & siblings.eq(Answer.YES)),
        Figure(T.whole_family_possible, maybe & siblings.ne(Answer.NO)),
        Figure(T.parent_stays_known, parent.isin([Answer.YES, Answer.NO])),
    ]
    for said, columns in ((parent, _PARENT_STAYS), (siblings, _SIBLINGS)):
        for answer, (confirmed, possible) in columns.items():
            figures += [Figure(confirmed, sure & said.eq(answer)), Figure(possible, maybe & said.eq(answer))]
    measured = count(T, rows, figures, every_cell(zone=Zone, tier=TIERS, age_band=AgeBand))
    return replace(measured, table=_judged(measured.table, inputs.thresholds))


def _said(supply: pd.DataFrame, column: str, rows: pd.DataFrame) -> pd.Series:
    """What the rosters that count together answer about the activity of each row."""
    heard = supply.loc[supply[IS_POSSIBLE], [ACTIVITY, column]]
    said = heard.assign(**{column: agreed(heard[column], heard[ACTIVITY])}).drop_duplicates(ACTIVITY)
    return looked_up(rows[ACTIVITY], said.set_index(ACTIVITY)[column]).fillna(Answer.UNKNOWN.value)


def _judged(table: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """The counts with the share that asks a parent to stay, and the verdict on both."""
    known, of = table[T.parent_stays_known], table[T.possible]
    share = share_pct(table[T.parent_stays_yes_possible], known, of, thresholds.rate_known_pct)
    status = gap_status(
        table[T.true_breaks_confirmed], table[T.true_breaks_possible], table[T.true_break_providers]
    )
    # Where a true break is certain, the second test may still find a gap, or too little to say there is none.
    is_there = status.isin([GapStatus.FRAGILE, GapStatus.COVERED])
    status = status.mask(is_there & share.isna(), BreakStatus.GAP_UNLESS_VERIFIED.value)
    status = status.mask(
        is_there & share.gt(thresholds.parent_stays_pct), BreakStatus.MOST_PARENTS_STAY.value
    )
    return table.assign(**{T.parent_stays_pct: share, T.break_status: status})
