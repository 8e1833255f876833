"""What differs between two neighbours of the chain, row by row."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import pandas as pd

from transforms.gaps import REGISTERED, GapInputs
from transforms.nightly.chain import chain
from transforms.nightly.records import fingerprints
from transforms.planning.compare import compare
from transforms.schema import Table
from transforms.tables import (
    GapTable,
    HealthPathway,
    Location,
    Moved,
    Organization,
    Service,
    TargetTracker,
    WhatIf,
)
from transforms.vocabulary import CellChange, ChangeCause

Frames = Mapping[type[Table], pd.DataFrame]

# The records whose coming and going is told, with their name and source.
RECORDS: dict[type[Table], tuple[str, str]] = {
    Organization: (Organization.name, Organization.x_source),
    Service: (Service.name, Service.x_source),
    Location: (Location.name, Location.x_source),
    HealthPathway: (HealthPathway.service_name, HealthPathway.x_source),
}


def subjects(compared: Sequence[type[GapTable]]) -> list[str]:
    """The tables in which a change is told: the gap tables compared, then the directory."""
    return [table.table_name for table in (*compared, *RECORDS)]


@dataclass(frozen=True)
class Earlier:
    """The snapshot before: its tables as published, and its directory with its own date and thresholds.

    ``inputs`` holds the dated reference of tonight: that of an earlier night is not kept, so what its change moves
    is found by working the earlier directory out again. Where neither the reference nor the method has changed, as
    ``is_worked_out_alike`` says, that is not needed.
    """

    published: Frames
    inputs: GapInputs
    is_worked_out_alike: bool = False


@dataclass(frozen=True)
class Side:
    """One directory of the chain, with the gap tables worked out from it."""

    inputs: GapInputs
    tables: Mapping[type[GapTable], pd.DataFrame]

    @cached_property
    def records(self) -> dict[type[Table], pd.Series]:
        """What is said of every record."""
        return fingerprints(self.inputs.frames)

    def totals(self) -> dict[str, int]:
        """Gaps of each gap table, records of each table of the directory."""
        gaps = {t.table_name: _gaps(t, frame) for t, frame in self.tables.items()}
        return gaps | {table.table_name: len(self.records[table]) for table in RECORDS}


@dataclass(frozen=True)
class Step:
    """One cause, the sides before and after it, and what it moved, on the columns of ``Moved``."""

    cause: ChangeCause
    before: Side
    after: Side
    moved: pd.DataFrame


def steps(
    earlier: Earlier,
    tonight: GapInputs,
    measured: Frames,
    set_aside: Collection[str],
    compared: Sequence[type[GapTable]],
) -> Iterator[Step]:
    """Every cause in turn; ``measured`` are tonight's gap tables, ``set_aside`` as in ``chain``."""
    links = chain(earlier.inputs, tonight, set_aside)
    cause, inputs = next(links)
    kept = set(earlier.published)
    if earlier.is_worked_out_alike and kept.issuperset(compared):
        before = after = Side(inputs, {table: earlier.published[table] for table in compared})
    else:
        after = Side(inputs, {table: REGISTERED[table](inputs).table for table in compared})
        # A table that the snapshot before did not have has nothing to be compared with.
        before = Side(inputs, {t: earlier.published[t] if t in kept else after.tables[t] for t in compared})
    yield Step(cause, before, after, _moved(cause, before, after))
    for cause, inputs in links:
        before = after
        if inputs is tonight:
            after = Side(tonight, {table: measured[table] for table in compared})
        elif inputs is not before.inputs:
            after = Side(inputs, {table: REGISTERED[table](inputs).table for table in compared})
        yield Step(cause, before, after, _moved(cause, before, after))


def _moved(cause: ChangeCause, before: Side, after: Side) -> pd.DataFrame:
    if before is after:
        return Moved.frame()
    parts = [_gaps_moved(table, before.tables[table], after.tables[table]) for table in before.tables]
    if before.inputs is not after.inputs:
        parts += [_records_moved(table, before, after) for table in RECORDS]
    filled = [part for part in parts if len(part)]
    if not filled:
        return Moved.frame()
    return Moved.frame(pd.concat(filled, ignore_index=True).assign(**{Moved.cause: cause.value}))


def _gaps_moved(table: type[GapTable], before: pd.DataFrame, after: pd.DataFrame) -> pd.DataFrame:
    """The rows of a gap table whose verdict moved; of the target tracker those whose counts or verdict did."""
    found = compare(table, before, after)
    if table is TargetTracker:
        found = found[found[WhatIf.change].ne(CellChange.SAME)]
    figures = [c for c in WhatIf.names() if c in Moved.names()]
    return found[figures].assign(**{Moved.subject: table.table_name})


def _records_moved(table: type[Table], before: Side, after: Side) -> pd.DataFrame:
    """The records that came, went or say something else."""
    was, becomes = before.records[table].align(after.records[table])
    change = pd.Series(CellChange.DIFFERS.value, index=was.index, dtype="str")
    change = change.mask(was.isna(), CellChange.APPEARS.value).mask(becomes.isna(), CellChange.GOES.value)
    change = change[was.isna() | becomes.isna() | was.ne(becomes)]
    key = table.key_names()[0]
    known = pd.concat([after.inputs.frames[table], before.inputs.frames[table]]).drop_duplicates(key)
    known = known.set_index(key).reindex(change.index)
    name, source = RECORDS[table]
    return pd.DataFrame(
        {
            Moved.subject: table.table_name,
            Moved.row_key: change.index,
            Moved.change: change.to_numpy(),
            Moved.name: known[name].to_numpy(),
            Moved.source: known[source].to_numpy(),
        }
    )


def _gaps(table: type[GapTable], frame: pd.DataFrame) -> int:
    verdict = table.verdict_column()
    assert verdict is not None
    return int(frame[verdict.name].isin([v for v in table.verdicts() if v.is_gap]).sum())
