"""The section of any gap table: its question, a sentence to quote, and its rows, from its declaration alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, ReportFacts, rows_of
from reports.grid import CONFIRMED, POSSIBLE, Axes, Row, panels, verdicts_found
from reports.leads import lead_of
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import label, listed, number, plural, sentence
from transforms.schema import Column
from transforms.tables import (
    CommissioningShare,
    Concentration,
    Coverage,
    GapTable,
    HealthOffer,
    Kpi,
    SpatialAccess,
    StrategyCount,
    SupplyDemand,
)

_ROWS_SHOWN = 60
_IN_EVERY_TABLE = frozenset(GapTable.names())
_ID = "_id"
_SURE, _MAY = f"_{CONFIRMED}", f"_{POSSIBLE}"
_WORD = re.compile(r"(?<=[a-z])(?=[A-Z])")
_NAMES: dict[type[GapTable], str] = {
    Concentration: "Reliance on few providers",
    HealthOffer: "Health routes",
    SupplyDemand: "Supply and demand",
    CommissioningShare: "What is bought jointly",
    SpatialAccess: "Who is served worst",
    Kpi: "Other measures",
    StrategyCount: "Other counts",
}
_FEWEST = 2  # a grid has at least so many columns


@dataclass(frozen=True)
class Cell:
    """One cell of a list: its words, whether they are a number, and its class where it is a verdict."""

    words: str
    is_number: bool = False
    style: str = ""


@dataclass(frozen=True)
class Listing:
    """The rows of a table one under the other."""

    headings: list[tuple[str, bool]]
    rows: list[list[Cell]]
    not_shown: int


def gap_section(table: type[GapTable], frames: Frames, facts: ReportFacts) -> Section:
    """A section that a new gap table gets by its registration."""
    frame = rows_of(frames, table)
    axes = axes_of(table, frame)
    data = {
        "lead": lead_of(table, frame) or _lead(table, frame),
        "table": table.table_name,
        "one_row": table.one_row_is(),
        "panels": panels(table, frame, axes) if axes else [],
        "row_heading": sentence(table.column(axes.row).description) if axes else "",
        "listing": None if axes or frame.empty else _listing(table, frame, facts),
        "meaning": [(c.name, c.description, c.unit or "") for c in _own(table)],
    }
    return Section(table.table_name, name_of(table), table.question, Part.MORE, "gap", data)


def name_of(table: type[GapTable]) -> str:
    """A table's name in the contents: its own words where we have them, else those of its class."""
    return _NAMES.get(table) or sentence(_WORD.sub(" ", table.__name__).lower())


def axes_of(table: type[GapTable], frame: pd.DataFrame) -> Axes | None:
    """How the key lies in a grid: places apart, the part with the fewest codes across; none where it does not fit."""
    if table.verdict_column() is None or len(table.key) < _FEWEST or frame.empty:
        return None
    zone = next((part for part in table.key if part.values is Coverage.column(Coverage.zone).values), None)
    parts = [part for part in table.key if part is not zone]
    coded = [part for part in parts if part.allowed and frame[part.name].nunique() >= _FEWEST]
    if not coded or not _FEWEST <= len(parts) <= _FEWEST + 1:
        return None
    across = min(coded, key=lambda part: frame[part.name].nunique())
    down = [part for part in parts if part is not across]
    return Axes(
        row=down[-1].name,
        column=across.name,
        group=down[0].name if len(down) > 1 else "",
        panel=zone.name if zone else "",
    )


def _lead(table: type[GapTable], frame: pd.DataFrame) -> str:
    """How many rows call for something to be done, by verdict."""
    if frame.empty:
        return "Nothing was measured here in this run: no row of any roster answers it."
    found = verdicts_found(table, frame)
    kind = "combination" if len(table.key) > 1 else "row"
    if not found:
        return f"{plural(len(frame), kind)} {'was' if len(frame) == 1 else 'were'} measured."
    told = listed([f"{number(count)} {verdict.label}" for verdict, count in found])
    gaps = sum(count for verdict, count in found if verdict.is_gap)
    return f"In {number(gaps)} of {plural(len(frame), kind)} something is to be done: {told}."


def _own(table: type[GapTable]) -> list[Column]:
    return [column for column in table.columns() if column.name not in _IN_EVERY_TABLE]


def _listing(table: type[GapTable], frame: pd.DataFrame, facts: ReportFacts) -> Listing:
    """Rows from the worst verdict to the best, with every column that says anything."""
    verdict = table.verdict_column()
    if verdict:
        order = {code: place for place, code in enumerate(verdict.allowed)}
        frame = frame.assign(place=frame[verdict.name].map(order)).sort_values("place", kind="stable")
    shown = [
        column
        for column in _own(table)
        if column is not verdict and not column.name.endswith(_ID) and frame[column.name].notna().any()
    ]
    names = {column.name for column in shown}
    pairs = {name for name in names if _partner(name) in names}
    shown = [column for column in shown if column.name not in pairs or not _is_possible(column.name)]
    headings = [(_heading(column, is_pair=column.name in pairs), _is_number(column)) for column in shown]
    if verdict:
        headings.append((verdict.description, False))
    rows = [
        [
            *(_cell(column, row, pairs, facts) for column in shown),
            *([_verdict(table, row[verdict.name])] if verdict else []),
        ]
        for row in frame.head(_ROWS_SHOWN).to_dict("records")
    ]
    return Listing(headings, rows, max(len(frame) - _ROWS_SHOWN, 0))


def _is_possible(name: str) -> bool:
    return name == POSSIBLE or name.endswith(_MAY)


def _partner(name: str) -> str:
    """The other half of a confirmed and possible pair."""
    if name in (CONFIRMED, POSSIBLE):
        return POSSIBLE if name == CONFIRMED else CONFIRMED
    if name.endswith(_SURE):
        return name.removesuffix(_SURE) + _MAY
    return name.removesuffix(_MAY) + _SURE if name.endswith(_MAY) else ""


def _heading(column: Column, *, is_pair: bool) -> str:
    words = column.name.removesuffix(_SURE) if is_pair else column.name
    told = sentence(words.replace("_", " "))
    if is_pair and column.name != CONFIRMED:
        told += ": confirmed to possible"
    elif is_pair:
        told = "Confirmed to possible"
    return told


def _is_number(column: Column) -> bool:
    return column.dtype in ("Int64", "float64")


def _cell(column: Column, row: Row, pairs: set[str], facts: ReportFacts) -> Cell:
    value = row[column.name]
    if column.name in pairs:
        other = row[_partner(column.name)]
        low, high = (number(v) if pd.notna(v) else "not known" for v in (value, other))
        return Cell(low if low == high else f"{low} to {high}", is_number=True)
    words = label(column, value)
    if words in facts.authorities:
        words = facts.authority(words)
    return Cell(words, is_number=_is_number(column))


def _verdict(table: type[GapTable], code: object) -> Cell:
    verdict = verdict_of(table, code)
    return Cell(sentence(verdict.label), style=style(verdict))
