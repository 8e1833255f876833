"""What moved since the snapshot before, and why."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, rows_of
from reports.grid import Row
from reports.words import day, label, listed, number, plural, sentence, text
from transforms.schema import KEY_JOINT
from transforms.tables import (
    GAP_TABLES,
    Coverage,
    GapTable,
    Moved,
    NightlyChange,
    Service,
    SourceNight,
    TargetGrowth,
)
from transforms.vocabulary import CellChange, ChangeCause, TargetBasis, TargetScope

_ROWS_SHOWN = 20
_IN_ORDER = [CellChange.OPENS, CellChange.CLOSES, CellChange.WORSE, CellChange.BETTER]
_CAME_OR_WENT = {CellChange.APPEARS: "new", CellChange.GOES: "gone"}


@dataclass(frozen=True)
class Cause:
    """What one cause did in all tables together."""

    words: str
    opened: int
    closed: int
    services: str


@dataclass(frozen=True)
class MovedRow:
    """One row of a gap table whose verdict moved."""

    question: str
    row: str
    change: str
    before: str
    after: str
    cause: str


@dataclass(frozen=True)
class Changes:
    """What moved since the night before."""

    since: dt.date | None
    lead: str
    target: str
    causes: list[Cause]
    moved: list[MovedRow]
    not_shown: int
    services: list[str]
    services_not_shown: int


def changes(frames: Frames) -> Changes:
    """What moved, in words, by cause, and the rows whose verdicts moved."""
    nightly = rows_of(frames, NightlyChange)
    since = _since(nightly)
    if since is None:
        lead = "This is the first snapshot: there is no earlier night to compare it with."
        return Changes(None, lead, "", [], [], 0, [], 0)
    moved = rows_of(frames, Moved)
    verdicts = moved[moved[Moved.change].isin([change.value for change in _IN_ORDER])]
    verdicts = verdicts.assign(
        place=verdicts[Moved.change].map({change.value: place for place, change in enumerate(_IN_ORDER)})
    ).sort_values(["place", Moved.subject, Moved.row_key], kind="stable")
    services = list(_services(frames, moved))
    return Changes(
        since=since,
        lead=_lead(nightly, since),
        target=_target(rows_of(frames, TargetGrowth)),
        causes=list(_causes(nightly)),
        moved=[_moved(row) for row in verdicts.head(_ROWS_SHOWN).to_dict("records")],
        not_shown=max(len(verdicts) - _ROWS_SHOWN, 0),
        services=services[:_ROWS_SHOWN],
        services_not_shown=max(len(services) - _ROWS_SHOWN, 0),
    )


def _since(nightly: pd.DataFrame) -> dt.date | None:
    dates = nightly[NightlyChange.compared_with].dropna()
    return dates.iloc[0].date() if len(dates) else None


def _lead(nightly: pd.DataFrame, since: dt.date) -> str:
    """What became of the combinations of need, age and tier, and of the services listed."""
    cover = nightly[nightly[NightlyChange.subject].eq(Coverage.table_name)]
    opened, closed = (int(cover[column].sum()) for column in (NightlyChange.opened, NightlyChange.closed))
    listing = nightly[nightly[NightlyChange.subject].eq(Service.table_name)]
    came, went = (int(listing[column].sum()) for column in (NightlyChange.appeared, NightlyChange.gone))
    parts = [
        f"{plural(opened, 'combination')} of need, age, level of offer and place became a gap"
        if opened
        else "",
        f"{plural(closed, 'gap')} closed" if closed else "",
        f"{plural(came, 'service')} came" if came else "",
        f"{plural(went, 'service')} went" if went else "",
    ]
    told = listed([part for part in parts if part])
    return f"Since {day(since)}: {told or 'no gap opened or closed, and no service came or went'}."


def _target(growth: pd.DataFrame) -> str:
    """How the count behind the target moved in the night, and why."""
    rows = growth[
        growth[TargetGrowth.scope].eq(TargetScope.UNIVERSAL_AND_SPECIALIST)
        & growth[TargetGrowth.basis].eq(TargetBasis.ACTIVITIES)
    ].sort_values(TargetGrowth.step)
    rows = rows[rows[TargetGrowth.confirmed_before].notna()]
    if rows.empty:
        return ""
    before, after = rows[TargetGrowth.confirmed_before].iloc[0], rows[TargetGrowth.confirmed_after].iloc[-1]
    if before == after:
        return f"The count behind the 2020-24 target stayed at {number(after)} confirmed."
    step = rows[TargetGrowth.confirmed_after] - rows[TargetGrowth.confirmed_before]
    why = [
        f"{'+' if by > 0 else '−'}{number(abs(by))}: {ChangeCause(cause).label}"
        for cause, by in zip(rows[TargetGrowth.cause], step, strict=True)
        if by
    ]
    return (
        f"The count behind the 2020-24 target went from {number(before)} to {number(after)} confirmed "
        f"({'; '.join(why)})."
    )


def _causes(nightly: pd.DataFrame) -> Iterator[Cause]:
    """Every cause that moved anything, in the order in which causes are told apart."""
    gaps = nightly[nightly[NightlyChange.subject].isin([table.table_name for table in GAP_TABLES])]
    services = nightly[nightly[NightlyChange.subject].eq(Service.table_name)]
    for cause in ChangeCause:
        mine, listing = (part[part[NightlyChange.cause].eq(cause)] for part in (gaps, services))
        opened, closed = int(mine[NightlyChange.opened].sum()), int(mine[NightlyChange.closed].sum())
        parts = [
            (int(listing[NightlyChange.appeared].sum()), "new"),
            (int(listing[NightlyChange.gone].sum()), "gone"),
            (int(listing[NightlyChange.changed].sum()), "changed"),
        ]
        told = ", ".join(f"{number(count)} {word}" for count, word in parts if count)
        if opened or closed or told:
            yield Cause(sentence(cause.label), opened, closed, told or "none")


def _moved(row: Row) -> MovedRow:
    table = next(table for table in GAP_TABLES if table.table_name == row[Moved.subject])
    verdicts = table.verdict_column()
    before, after = (
        label(verdicts, row[column]) if verdicts else ""
        for column in (Moved.verdict_before, Moved.verdict_after)
    )
    return MovedRow(
        question=table.question,
        row=key_words(table, row[Moved.row_key]),
        change=sentence(CellChange(row[Moved.change]).label),
        before=_with_pair(before, row[Moved.confirmed_before], row[Moved.possible_before]),
        after=_with_pair(after, row[Moved.confirmed_after], row[Moved.possible_after]),
        cause=ChangeCause(row[Moved.cause]).label,
    )


def _with_pair(verdict: str, confirmed: float, possible: float) -> str:
    if pd.isna(confirmed) or pd.isna(possible):
        return verdict
    return f"{verdict} ({number(confirmed)} confirmed, {number(possible)} possible)"


def key_words(table: type[GapTable], key: str) -> str:
    """The parts of a row's key in words."""
    parts = zip(table.key, key.split(KEY_JOINT), strict=False)
    return ", ".join(label(column, part) for column, part in parts)


def _services(frames: Frames, moved: pd.DataFrame) -> Iterator[str]:
    """Services that came or went, with the roster that lists them."""
    titles = dict(
        rows_of(frames, SourceNight)[[SourceNight.source, SourceNight.title]].itertuples(
            index=False, name=None
        )
    )
    listing = moved[
        moved[Moved.subject].eq(Service.table_name)
        & moved[Moved.change].isin([change.value for change in _CAME_OR_WENT])
    ]
    for row in listing.to_dict("records"):
        source = text(row[Moved.source])
        cause = ChangeCause(row[Moved.cause])
        why = "" if cause is ChangeCause.REAL else f"; {cause.label}"
        yield (
            f"{_CAME_OR_WENT[CellChange(row[Moved.change])]}: {text(row[Moved.name]) or 'name not kept'} "
            f"({titles.get(source, source)}{why})"
        )
