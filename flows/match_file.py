"""``squaremile match``: which rows of a file are the same organization."""

from __future__ import annotations

import gc
import sys
from collections.abc import Sequence
from pathlib import Path

import pandas as pd
import pyarrow as pa

from flows.errors import Mistake
from flows.table_readers import Rows, Source, open_source
from flows.table_writers import csv_headings, csv_lines, open_sink
from transforms.mapping import nearest_name
from transforms.matching import CLUSTER, MatchRules, match_records
from transforms.tables import Match, MatchRecord
from transforms.vocabulary import MatchDecision

_OUT = (MatchRecord.id, CLUSTER, Match.confidence, Match.reason)
_TOLD = 3


def match_file(file: Path, out: Path | None, rules: MatchRules, encoding: str = "utf-8") -> str:
    """Write ``id, cluster_id, confidence, reason`` for each row of a file, in its order; what was found in words."""
    source = open_source(file, encoding)
    columns = _columns(file.name, source.headings)
    if out and out.exists():
        _check_replaceable(file, out)
    records = _read(file.name, source, columns)
    gc.disable()  # Nothing here goes round in circles, and looking for circles among so many names takes time.
    found = match_records(records, rules)
    gc.enable()
    result = pa.table(
        {
            MatchRecord.id: pa.array(records[MatchRecord.id], pa.string()),
            CLUSTER: pa.array(found.records[CLUSTER], pa.string()),
            Match.confidence: pa.array(found.records[Match.confidence], pa.float64()),
            Match.reason: pa.array(found.records[Match.reason], pa.string()),
        }
    )
    _write(result, out)
    clusters = found.records[CLUSTER].nunique()
    maybes = int(found.pairs[Match.decision].eq(MatchDecision.MAYBE).sum())
    return (
        f"{len(records):,} rows, {clusters:,} organizations. Pairs left apart though they may be the same: {maybes:,}. "
        f"Compared by: {', '.join(columns[1:]) or 'nothing but the id'}."
    )


def _columns(name: str, headings: Sequence[str]) -> list[str]:
    """The columns of the file that are compared; headings count whatever their case."""
    known = MatchRecord.names()
    evened = {heading.strip().casefold(): heading for heading in headings}
    if MatchRecord.id not in evened:
        nearest = nearest_name(MatchRecord.id, list(headings))
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(
            f"{name} has no column “{MatchRecord.id}”.{hint}",
            f"Give each row an id. Compared besides: {', '.join(known[1:])}; any of them may be missing.",
        )
    return [column for column in known if column in evened]


def _read(name: str, source: Source, columns: Sequence[str]) -> pd.DataFrame:
    evened = {heading.strip().casefold(): heading for heading in source.headings}
    parts = [part.read().table.select([evened[column] for column in columns]) for part in source.parts()]
    if not parts:
        raise Mistake(f"{name} has headings but no rows.", "Check that the export is whole.")
    texts = [
        part.cast(pa.schema([(heading, pa.string()) for heading in part.column_names])) for part in parts
    ]
    records = pa.concat_tables(texts).rename_columns(list(columns)).to_pandas().fillna("")
    ids = records[MatchRecord.id].str.strip()
    if (blank := ids.eq("")).any():
        raise Mistake(
            f"Row {source.row_of(int(blank.idxmax())):,} of {name} has no id.",
            "Give every row an id of its own.",
        )
    if (twice := ids.duplicated(keep=False)).any():
        listed = ids[twice].unique()
        rows = [f"{source.row_of(int(at)):,}" for at in ids.index[ids.eq(listed[0])][:_TOLD]]
        more = f", and {len(listed) - 1:,} other ids are repeated" if len(listed) > 1 else ""
        raise Mistake(
            f"The id “{listed[0]}” of {name} stands in rows {', '.join(rows[:-1])} and {rows[-1]}{more}.",
            "Give every row an id of its own.",
        )
    return records.assign(**{MatchRecord.id: ids})


def _check_replaceable(file: Path, out: Path) -> None:
    """An earlier result may be replaced, any other file may not."""
    if out.samefile(file):
        raise Mistake("The result would overwrite the file itself.", "Name another file with --out.")
    if open_source(out).headings != list(_OUT):
        raise Mistake(
            f"{out.name} is there already, and is not an earlier result.",
            "Name another file with --out, or move that one away.",
        )


def _write(result: pa.Table, out: Path | None) -> None:
    if out is not None:
        with open_sink(out) as sink:
            sink.write(Rows(result))
        return
    to = sys.stdout.buffer
    to.write(csv_headings(result.column_names))
    for rows in csv_lines(result):
        to.write(rows)
    to.flush()
