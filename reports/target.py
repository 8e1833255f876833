"""The strategy's target, row by row, in words."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.activities import Activity
from reports.behind import Behind, Cell, doubts_of
from reports.facts import Frames
from reports.sections import Part, Section
from reports.words import day, number, plural, sentence
from transforms.tables import TargetTracker
from transforms.vocabulary import TargetBasis, TargetScope, TargetStatus

_BAR = 120  # width of the widest bar

_VERDICT = {
    TargetStatus.MET: "Met, on confirmed figures",
    TargetStatus.MET_IF_VERIFIED: "Met only if what is possible is verified",
    TargetStatus.NOT_MET: "Not met, even if everything possible counts",
    TargetStatus.NO_BASELINE: "Cannot be judged: no baseline declared",
}


@dataclass(frozen=True)
class TargetRow:
    """One scope of activities on one basis of counting."""

    basis: str
    confirmed: str
    possible: str
    unmeasured: str
    baseline: str
    method: str
    target: str
    verdict: str
    bar_confirmed: float
    bar_possible: float


@dataclass(frozen=True)
class CountedActivity:
    """One activity that the target counts, and what is in doubt about it; nothing where it is confirmed."""

    activity: Activity
    doubts: str


def target_section(frames: Frames, listed: list[Activity], behind: Behind) -> Section:
    """The section on the 2020-24 target, with the activities that it counts."""
    tracker = frames[TargetTracker]
    whole = tracker[
        tracker[TargetTracker.scope].eq(TargetScope.UNIVERSAL_AND_SPECIALIST)
        & tracker[TargetTracker.basis].eq(TargetBasis.ACTIVITIES)
    ]
    cells = behind.take(TargetTracker, [list(TargetTracker.row_keys(whole)) if len(whole) else []])
    data = {
        "lead": _lead(tracker),
        "targets": target_rows(tracker),
        "lacks_baseline": lacks_baseline(tracker),
        "counted": _counted(cells[0][0], listed) if cells else [],
    }
    return Section(
        "target", "Target", "The 2020-24 target: half as many activities again", Part.FIRST, "target", data
    )


def _lead(tracker: pd.DataFrame) -> str:
    confirmed, possible = activities(tracker)
    return (
        f"The Square Mile has {plural(confirmed, 'confirmed activity', 'confirmed activities')} that the target "
        f"counts, and {number(possible)} if every open question were answered yes."
    )


def _counted(cell: Cell, listed: list[Activity]) -> list[CountedActivity]:
    """The activities that the whole target counts, those that are confirmed first."""
    sure, may = cell
    found = [CountedActivity(listed[place], "") for place in sure]
    return found + [
        CountedActivity(listed[place], "; ".join(doubts_of(bits)))
        for bits, *places in may
        for place in places
    ]


def target_rows(tracker: pd.DataFrame) -> list[tuple[str, list[TargetRow]]]:
    """The rows of each scope, in the order the strategy names them."""
    widest = tracker.groupby(TargetTracker.basis)[TargetTracker.possible].max()
    found = {(row[TargetTracker.scope], row[TargetTracker.basis]): row for row in tracker.to_dict("records")}
    return [
        (
            scope.label,
            [_row(found[scope, basis], basis, widest) for basis in TargetBasis if (scope, basis) in found],
        )
        for scope in TargetScope
        if any((scope, basis) in found for basis in TargetBasis)
    ]


def lacks_baseline(tracker: pd.DataFrame) -> bool:
    """Whether no row can be judged, for want of a baseline."""
    return bool(tracker[TargetTracker.status].eq(TargetStatus.NO_BASELINE).all())


def activities(tracker: pd.DataFrame) -> tuple[int, int]:
    """Confirmed and possible activities of the whole target: universal and specialist together."""
    rows = tracker[
        tracker[TargetTracker.scope].eq(TargetScope.UNIVERSAL_AND_SPECIALIST)
        & tracker[TargetTracker.basis].eq(TargetBasis.ACTIVITIES)
    ]
    return int(rows[TargetTracker.confirmed].sum()), int(rows[TargetTracker.possible].sum())


def _row(row: dict[object, float], basis: TargetBasis, widest: pd.Series) -> TargetRow:
    scale = _BAR / max(float(widest[basis.value]), 1.0)
    unmeasured = int(row[TargetTracker.not_measured])
    return TargetRow(
        basis=sentence(basis.label),
        confirmed=number(row[TargetTracker.confirmed]),
        possible=number(row[TargetTracker.possible]),
        unmeasured=f"and {plural(unmeasured, 'activity', 'activities')} not measured" if unmeasured else "",
        baseline=_baseline(row),
        method=_method(row),
        target=_against(row),
        verdict=_verdict(row),
        bar_confirmed=round(row[TargetTracker.confirmed] * scale, 1),
        bar_possible=round(row[TargetTracker.possible] * scale, 1),
    )


def _baseline(row: dict[object, float]) -> str:
    if pd.isna(row[TargetTracker.baseline]):
        return "none declared"
    as_at = row[TargetTracker.baseline_as_at]
    dated = f" ({day(as_at.date())})" if isinstance(as_at, pd.Timestamp) and not pd.isna(as_at) else ""
    return number(row[TargetTracker.baseline]) + dated


def _method(row: dict[object, float]) -> str:
    """How the baseline was counted: an invented one says so here."""
    method = row[TargetTracker.baseline_method]
    return "" if pd.isna(method) else str(method)


def _against(row: dict[object, float]) -> str:
    return "cannot be set" if pd.isna(row[TargetTracker.target]) else number(row[TargetTracker.target])


def _verdict(row: dict[object, float]) -> str:
    words = _VERDICT[TargetStatus(str(row[TargetTracker.status]))]
    shortfall, change = row[TargetTracker.shortfall], row[TargetTracker.change_pct]
    if not pd.isna(shortfall) and shortfall > 0:
        words += f"; {number(shortfall)} short"
    if not pd.isna(change):
        words += f" ({'+' if change >= 0 else '−'}{number(abs(change))}% on the baseline)"
    return words
