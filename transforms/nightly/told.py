"""The tables that say what moved since the snapshot before, and why."""

from __future__ import annotations

from collections.abc import Collection, Sequence

import pandas as pd

from transforms.gaps import GapInputs
from transforms.gaps.cells import every_cell
from transforms.nightly.moves import Earlier, Frames, Step, steps, subjects
from transforms.planning.compare import tables_compared
from transforms.schema import Table
from transforms.tables import GapTable, Moved, NightlyChange, TargetGrowth, TargetTracker
from transforms.vocabulary import CellChange, ChangeCause, TargetBasis, TargetScope

# Which kinds of change each column counts; a gap that opens or closes has changed as well.
_KINDS = {
    NightlyChange.appeared: (CellChange.APPEARS,),
    NightlyChange.gone: (CellChange.GOES,),
    NightlyChange.changed: (
        CellChange.OPENS, CellChange.CLOSES, CellChange.BETTER, CellChange.WORSE, CellChange.DIFFERS,
    ),
    NightlyChange.opened: (CellChange.OPENS,),
    NightlyChange.closed: (CellChange.CLOSES,),
}  # fmt: skip
_STEP = {cause.value: number for number, cause in enumerate(ChangeCause, start=1)}
_COUNTS = {
    TargetTracker.confirmed: (
        TargetGrowth.confirmed_before, TargetGrowth.confirmed_after, TargetGrowth.confirmed_since,
    ),
    TargetTracker.possible: (
        TargetGrowth.possible_before, TargetGrowth.possible_after, TargetGrowth.possible_since,
    ),
}  # fmt: skip


def explain_changes(
    earlier: Earlier | None,
    tonight: GapInputs,
    measured: Frames,
    set_aside: Collection[str],
    compared: Sequence[type[GapTable]] | None = None,
) -> dict[type[Table], pd.DataFrame]:
    """What moved since the snapshot before, and why: ``NightlyChange``, ``TargetGrowth`` and ``Moved``.

    ``measured`` are tonight's gap tables; ``set_aside`` the native ids of services whose rows were set aside. The
    causes are carried out one after another, in the order of ``ChangeCause``: what one of them moves is what
    differs with and without it, the ones before it carried out. So the parts add up to the whole. Without a
    snapshot before, the figures are blank.
    """
    tables = tables_compared() if compared is None else compared
    found = list(steps(earlier, tonight, measured, set_aside, tables)) if earlier else []
    moved = [step.moved for step in found if len(step.moved)]
    compared_with = earlier.inputs.as_of if earlier else None
    return {
        Moved: Moved.sorted(Moved.frame(pd.concat(moved, ignore_index=True))) if moved else Moved.frame(),
        NightlyChange: _nightly_change(found, subjects(tables), compared_with),
        TargetGrowth: _target_growth(found, earlier, tonight),
    }


def _nightly_change(
    found: Sequence[Step], names: Sequence[str], compared_with: pd.Timestamp | None
) -> pd.DataFrame:
    """One row per table and cause, also where nothing moved."""
    told = []
    for step in found:
        before, after = step.before.totals(), step.after.totals()
        for subject in names:
            kinds = step.moved[step.moved[Moved.subject].eq(subject)][Moved.change]
            told.append(
                {
                    NightlyChange.subject: subject,
                    NightlyChange.cause: step.cause.value,
                    NightlyChange.before: before[subject],
                    NightlyChange.after: after[subject],
                    **{name: int(kinds.isin(of).sum()) for name, of in _KINDS.items()},
                }
            )
    rows = pd.DataFrame(told).set_index(NightlyChange.key_names()) if told else pd.DataFrame()
    rows = rows.reindex(every_cell(subject=names, cause=ChangeCause))
    rows = rows.assign(**{NightlyChange.compared_with: compared_with}).reset_index()
    return rows.assign(**{NightlyChange.step: rows[NightlyChange.cause].map(_STEP)})


def _target_growth(found: Sequence[Step], earlier: Earlier | None, tonight: GapInputs) -> pd.DataFrame:
    """One row per count behind the target and cause; what each cause added, night by night, is carried on."""
    every = every_cell(scope=TargetScope, basis=TargetBasis, cause=ChangeCause)
    told = [_counts(step).assign(**{TargetGrowth.cause: step.cause.value}) for step in found]
    rows = pd.concat(told).set_index(TargetGrowth.key_names()) if told else pd.DataFrame()
    rows = rows.reindex(every)
    since = tonight.as_of
    if earlier:
        so_far = earlier.published[TargetGrowth].set_index(TargetGrowth.key_names())
        since = so_far[TargetGrowth.counted_since].min() if len(so_far) else earlier.inputs.as_of
        for *_, name in _COUNTS.values():
            rows[name] = (rows[name] + so_far[name].reindex(every).fillna(0)).round(2)
    compared_with = earlier.inputs.as_of if earlier else None
    stamps = {TargetGrowth.compared_with: compared_with, TargetGrowth.counted_since: since}
    rows = rows.assign(**stamps).reset_index()
    return rows.assign(**{TargetGrowth.step: rows[TargetGrowth.cause].map(_STEP)})


def _counts(step: Step) -> pd.DataFrame:
    """The counts behind the target before and after one cause, and what it added."""
    key = [TargetGrowth.scope, TargetGrowth.basis]
    before, after = (side.tables[TargetTracker].set_index(key) for side in (step.before, step.after))
    counts = {}
    for count, (was, becomes, added) in _COUNTS.items():
        counts[was], counts[becomes] = (side[count].astype("float64") for side in (before, after))
        counts[added] = counts[becomes] - counts[was]
    return pd.DataFrame(counts).reset_index()
