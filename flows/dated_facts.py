"""Reading dated reference: each file checked against the table that declares it, mistakes told by row and column."""

from __future__ import annotations

import csv
import datetime as dt
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pandas as pd
import pyarrow as pa

from flows.errors import Mistake, RunAborted
from transforms.mapping import nearest_name
from transforms.place.postcode_directory import IS_TERMINATED, PostcodeDirectory
from transforms.place.postcode_lookup import find_postcodes
from transforms.schema import Column, Kind, Table
from transforms.tables import Baseline, CandidateVenue, KpiValue, Origin, PeoplePoint

# Points are looked up from the postcode, so that a point and a postcode cannot disagree.
_PLACED: tuple[type[Origin] | type[CandidateVenue], ...] = (Origin, CandidateVenue)

# How an invented fact begins in the columns that say where it is from.
SAMPLE_MARK = "SAMPLE"
_TELLS_SAMPLE: dict[type[Table], tuple[str, ...]] = {
    Baseline: (Baseline.method, Baseline.approved_by),
    KpiValue: (KpiValue.source,),
}


def read_facts(table: type[Table], path: Path) -> pd.DataFrame:
    """The rows of a reference file on its table's columns.

    Raises ``Mistake`` naming file, row, column and value when the file does not say what its table declares.
    """
    if not path.is_file():
        raise RunAborted(f"The reference file {path.name} is missing from {path.parent}.", "Restore it.")
    asked = [column for column in table.columns() if column.name not in looked_up(table)]
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file, strict=True)
        headings = next(reader, [])
        _check_headings(path.name, headings, [column.name for column in asked])
        rows = [_row(path.name, reader.line_num, headings, cells, table) for cells in reader if any(cells)]
    frame = table.frame(rows)
    _check_keys(path.name, table, frame)
    return frame


def looked_up(table: type[Table]) -> set[str]:
    """Columns that are worked out when the file is read, and do not stand in it."""
    return {table.easting, table.northing} if table in _PLACED else set()


def place(table: type[Table], frame: pd.DataFrame, directory: PostcodeDirectory) -> pd.DataFrame:
    """The rows with the point of their postcode, EPSG:27700."""
    if table not in _PLACED or frame.empty:
        return frame
    found = find_postcodes(pa.array(frame[Origin.postal_code], pa.string()), directory)
    if not found.is_place().all():
        unknown = sorted(set(frame.loc[~found.is_place(), Origin.postal_code]))
        raise Mistake(
            f"{table.table_name}.csv: {', '.join(unknown)} is not a place in the directory.", "Correct it."
        )
    easting, northing = found.points()
    return table.frame(frame.assign(**{Origin.easting: easting, Origin.northing: northing}))


def check_samples(table: type[Table], frame: pd.DataFrame, *, is_sample: bool) -> None:
    """Refuse an invented fact that does not say so, and one that stands among the declared."""
    for column in _TELLS_SAMPLE.get(table, ()):
        for key, said in zip(table.row_keys(frame), frame[column], strict=True):
            if str(said).startswith(SAMPLE_MARK) != is_sample:
                must = "must begin" if is_sample else "begins"
                raise Mistake(
                    f"{table.table_name}.csv, {key}: its {column} {must} with {SAMPLE_MARK}.",
                    "Invented facts stand in the samples folder, and say what they are; real ones beside it.",
                )


def postcodes_of(lad_codes: Sequence[str], directory: PostcodeDirectory) -> pd.DataFrame:
    """The points of all postcodes of some authorities, EPSG:27700, on ``PeoplePoint`` without people.

    Without PO boxes, and without those that are known to be terminated.
    """
    entries = directory.entries(directory.listed())
    numbers = [number for number, code in enumerate(directory.lad_codes) if code in lad_codes]
    kept = entries.is_place() & ~entries.is_(IS_TERMINATED) & np.isin(entries.authority, numbers)
    return pd.DataFrame(
        {
            PeoplePoint.area_code: np.array(directory.lad_codes)[entries.authority[kept]],
            PeoplePoint.easting: entries.easting[kept].astype("float64"),
            PeoplePoint.northing: entries.northing[kept].astype("float64"),
        }
    )


def _check_headings(name: str, headings: list[str], asked: list[str]) -> None:
    for heading in headings:
        if heading not in asked:
            raise Mistake(
                f"{name} has a column “{heading}”. Nearest: “{nearest_name(heading, asked)}”.",
                "Correct the heading.",
            )
    if missing := [name for name in asked if name not in headings]:
        raise Mistake(
            f"{name} has no column {', '.join(missing)}.", "Add it; leave a cell blank for not known."
        )


def _row(
    name: str, number: int, headings: list[str], cells: list[str], table: type[Table]
) -> dict[str, object]:
    if len(cells) != len(headings):
        raise Mistake(
            f"{name}, row {number}: {len(cells)} cells under {len(headings)} headings.",
            "Put quotes around a cell that holds a comma.",
        )
    read: dict[str, object] = {}
    for heading, cell in zip(headings, cells, strict=True):
        column = table.column(heading)
        wrong = next(_faults(column, cell.strip()), None)
        if wrong:
            raise Mistake(f"{name}, row {number}, {heading}: “{cell}” {wrong}.", "Correct the cell.")
        read[heading] = _value(column, cell.strip())
    return read


def _value(column: Column, cell: str) -> object:
    if not cell:
        return None
    if column.kind is Kind.DATE:
        return pd.Timestamp(dt.date.fromisoformat(cell))
    if column.kind is Kind.WHOLE:
        return int(cell)
    if column.kind is Kind.NUMBER:
        return float(cell)
    return cell == "yes" if column.kind is Kind.FLAG else cell


def _faults(column: Column, cell: str) -> Iterator[str]:
    """What is wrong with a cell, in words."""
    if not cell:
        if column.required:
            yield "must not be blank"
        return
    if column.kind is Kind.FLAG and cell not in ("yes", "no"):
        yield "is neither yes nor no"
    try:
        value = _value(column, cell)
    except ValueError:
        yield {
            Kind.DATE: "is not a date such as 2026-11-23",
            Kind.WHOLE: "is not a whole number",
            Kind.NUMBER: "is not a number",
        }[column.kind]
        return
    if column.allowed and cell not in column.allowed:
        yield f"is not a code; nearest: “{nearest_name(cell, column.allowed)}”"
    if column.pattern and not re.match(column.pattern, cell):
        yield "is not in the form we know"
    if isinstance(value, (int, float)) and column.minimum is not None and value < column.minimum:
        yield f"is below {column.minimum:g}"
    if isinstance(value, (int, float)) and column.maximum is not None and value > column.maximum:
        yield f"is above {column.maximum:g}"


def _check_keys(name: str, table: type[Table], frame: pd.DataFrame) -> None:
    twice = frame[frame.duplicated(table.key_names())]
    if len(twice):
        raise Mistake(f"{name}: {table.row_keys(twice).iat[0]} stands twice.", "Keep one row for each.")
