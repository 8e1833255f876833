"""The section of any gap table: its question, a sentence to quote, and its rows, from its declaration alone."""

from __future__ import annotations

import re
from dataclasses import dataclass

import pandas as pd

from reports.behind import Behind
from reports.facts import Frames, ReportFacts, rows_of
from reports.grid import CONFIRMED, POSSIBLE, Axes, Row, panels, verdicts_found
from reports.leads import lead_of
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import label, name_in_words, number, plural, sentence
from transforms.schema import Column
from transforms.tables import (
    CommissioningShare,
    Concentration,
    GapTable,
    HealthOffer,
    Kpi,
    SpatialAccess,
    StrategyCount,
    SupplyDemand,
)
from transforms.vocabulary import Zone

_ROWS_SHOWN = 60
_LONG = 32  # a text of more signs gets a wider column
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
# Endings of a column's name that its unit says again.
_UNITS = ("_pct", "_gbp", "_m", "_min", "_weeks")
_FEWEST = 2  # a grid has at least so many columns


@dataclass(frozen=True)
class Cell:
    """One cell of a list: its words, and its class where it is a number, a long text or a verdict."""

    words: str
    look: str = ""


@dataclass(frozen=True)
class Listing:
    """The rows of a table one under the other."""

    headings: list[Cell]
    rows: list[list[Cell]]
    verdict_at: int
    not_shown: int


def gap_section(table: type[GapTable], frames: Frames, facts: ReportFacts, behind: Behind) -> Section:
    """A section that a new gap table gets by its registration."""
    frame = rows_of(frames, table)
    axes = axes_of(table, frame)
    grids = panels(table, frame, axes) if axes else []
    data = {
        "lead": lead_of(table, frame) or _lead(table, frame),
        "table": table.table_name,
        "one_row": table.one_row_is(),
        "panels": grids,
        "has_counts": CONFIRMED in table.names(),
        "behind": behind.take(table, [grid.keys for grid in grids]),
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
    zone = _zone_of(table)
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
    """How many rows call for something to be done, by verdict: those inside, where the table tells places apart."""
    if frame.empty:
        return "Nothing was measured here in this run: no row of any roster answers it."
    where, zone = "", _zone_of(table)
    if zone:
        where, frame = f"{Zone.INSIDE.label}: ", frame[frame[zone.name].eq(Zone.INSIDE)]
    found = verdicts_found(table, frame)
    kind = "combination" if len(table.key) > 1 else "row"
    if not found:
        return f"{where}{plural(len(frame), kind)} {'was' if len(frame) == 1 else 'were'} measured."
    told = "; ".join(f"{verdict.label}: {number(count)}" for verdict, count in found)
    gaps = sum(count for verdict, count in found if verdict.is_gap)
    return (
        f"{where}in {number(gaps)} of {plural(len(frame), kind)} something is to be done. {sentence(told)}."
    )


def _zone_of(table: type[GapTable]) -> Column | None:
    return next((part for part in table.key if part.values is Zone), None)


def _own(table: type[GapTable]) -> list[Column]:
    return [column for column in table.columns() if column.name not in _IN_EVERY_TABLE]


def _listing(table: type[GapTable], frame: pd.DataFrame, facts: ReportFacts) -> Listing:
    """Rows from the worst verdict to the best: the key, the verdict, and every other column that says anything."""
    verdict = table.verdict_column()
    if verdict:
        order = {code: place for place, code in enumerate(verdict.allowed)}
        frame = frame.assign(place=frame[verdict.name].map(order)).sort_values("place", kind="stable")
    said = [
        column
        for column in _own(table)
        if column is not verdict and not column.name.endswith(_ID) and frame[column.name].notna().any()
    ]
    names = {column.name for column in said}
    pairs = {name for name in names if _partner(name) in names}
    said = [column for column in said if column.name not in pairs or not _is_possible(column.name)]
    shown = [*table.key, *([verdict] if verdict else []), *(one for one in said if one not in table.key)]
    looks = {column.name: _look(column, frame) for column in shown}
    return Listing(
        headings=[
            Cell(_heading(column, is_pair=column.name in pairs), looks[column.name]) for column in shown
        ],
        rows=[
            [_cell(table, column, row, pairs, looks, facts) for column in shown]
            for row in frame.head(_ROWS_SHOWN).to_dict("records")
        ],
        verdict_at=len(table.key) if verdict else -1,
        not_shown=max(len(frame) - _ROWS_SHOWN, 0),
    )


def _look(column: Column, frame: pd.DataFrame) -> str:
    """The class of a column: numbers to the right, long texts with room."""
    if column.dtype in ("Int64", "float64"):
        return "num"
    longest = frame[column.name].map(lambda value: len(label(column, value))).max()
    return "long" if longest > _LONG else ""


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
    words = column.name
    if is_pair:
        words = "activities" if words == CONFIRMED else words.removesuffix(_SURE)
    for ending in _UNITS:
        words = words.removesuffix(ending)
    told = sentence(name_in_words(words))
    unit = f" ({column.unit})" if column.unit else ""
    return f"{told}{', confirmed to possible' if is_pair else ''}{unit}"


def _cell(
    table: type[GapTable],
    column: Column,
    row: Row,
    pairs: set[str],
    looks: dict[str, str],
    facts: ReportFacts,
) -> Cell:
    value, look = row[column.name], looks[column.name]
    if column is table.verdict_column():
        verdict = verdict_of(table, value)
        return Cell(sentence(verdict.label), style(verdict))
    if column.name in pairs:
        other = row[_partner(column.name)]
        low, high = (number(end) if pd.notna(end) else "not known" for end in (value, other))
        return Cell(low if low == high else f"{low} to {high}", look)
    words = label(column, value)
    if words in facts.authorities:
        return Cell(facts.authority(words), look)
    is_code = column in table.key and not column.values and words.islower()
    return Cell(words.replace("_", " ") if is_code else words, look)
