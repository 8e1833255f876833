"""How a verdict looks, whichever table gives it. The words always stand beside the colour."""

from __future__ import annotations

from transforms.tables import GapTable
from transforms.vocabulary import (
    AccessStatus,
    KnownStatus,
    PathwayAlignment,
    QualityStatus,
    TimeStatus,
    Verdict,
)

GAP, OPEN, SOME, GOOD, SILENT = "g", "u", "f", "c", "n"

# Neither good nor bad: nothing was asked for, or nothing is there to judge.
_SILENT: frozenset[Verdict] = frozenset(
    {
        TimeStatus.NOT_ASKED_FOR, KnownStatus.NOTHING_TO_ASK, QualityStatus.NOT_APPLICABLE,
        PathwayAlignment.NEITHER_SIDE, AccessStatus.NOT_MEASURABLE,
    }
)  # fmt: skip


def style(verdict: Verdict) -> str:
    """The class of a cell with this verdict: the worst of several gaps stands out, the best is calm.

    A new class of verdicts is drawn by the order of its members alone.
    """
    if verdict in _SILENT:
        return SILENT
    gaps = [other for other in type(verdict) if other.is_gap]
    rest = [other for other in type(verdict) if not other.is_gap and other not in _SILENT]
    if verdict.is_gap:
        return GAP if len(gaps) > 1 and verdict is gaps[0] else OPEN
    return GOOD if verdict is rest[-1] else SOME


def verdict_of(table: type[GapTable], code: object) -> Verdict:
    """A code of the table's own verdicts."""
    return table.verdicts()(str(code))
