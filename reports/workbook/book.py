"""What stands on each sheet of the workbook, following the Government Analysis Function's guidance on spreadsheets.

https://analysisfunction.civilservice.gov.uk/policy-store/releasing-statistics-in-spreadsheets/
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pandas as pd

from reports.facts import Frames, ReportFacts, rows_of
from reports.methods import boundary_words, definitions
from reports.verdicts import style
from reports.words import ATTRIBUTION, SAMPLE, day, label, plural
from reports.workbook.cells import NOT_AVAILABLE, cells, headings, written
from transforms.schema import Column, Table
from transforms.tables import CHILD_TABLES, GAP_TABLES, PUBLISHED, GapTable
from transforms.vocabulary import DemandMark

TITLE = "SEND support for children of the City of London: what there is, and what is missing"
CONTENTS, NOTES, COLUMNS, FILES = "Contents", "Notes", "Columns", "Files"
# What one sheet of a spreadsheet keeps, the lines above a table taken off.
MOST_ROWS = 1_048_576 - 20
# The tables a reader counts on; everything behind them is detail, and stands in files.
TOLD: tuple[type[Table], ...] = (*GAP_TABLES, *CHILD_TABLES)

_NOT_APPLICABLE = f"[{DemandMark.NOT_APPLICABLE.value}]"
_LEGEND = {
    NOT_AVAILABLE: "not known, or it does not apply; it never means no, and never nought",
    _NOT_APPLICABLE: "the table has no rows on this date",
    **{f"[{mark.value}]": mark.label for mark in DemandMark if mark.value not in ("x", "z")},
}
_CONFIRMED, _POSSIBLE = "Confirmed", "Possible"
_MOST_CODES = 20
# A cell of signs alone is not read out.
_UNIT_IN_WORDS = {"%": "per cent"}


@dataclass(frozen=True)
class Sheet:
    """One sheet: lines of text, then one table. No cell of the table is blank.

    ``units`` names the unit of a column by its heading; ``links`` is the heading of a column that names other
    sheets; ``styles`` the class of a verdict (``reports/verdicts.py``) by its place in the table.
    """

    label: str
    title: str
    lines: Sequence[str]
    legend: Sequence[str]
    source: str
    table: pd.DataFrame
    units: dict[str, str] = field(default_factory=dict)
    links: str = ""
    styles: dict[tuple[int, int], str] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """A workbook: a cover, and its sheets in order. ``sample`` is blank when no roster in it is a sample."""

    title: str
    sample: str
    as_of: pd.Timestamp
    cover: Sequence[str]
    about: Sequence[str]
    sheets: Sequence[Sheet]


def book_of(frames: Frames, facts: ReportFacts) -> Book:
    """The workbook of a run. Equal frames and facts give an equal book."""
    held = [table for table in TOLD if len(rows_of(frames, table)) <= MOST_ROWS]
    terms = definitions(facts.settings)
    notes = {term: number for number, (term, _) in enumerate(terms, start=1)}
    tables = [_table_sheet(table, frames, facts, notes) for table in held]
    others = [_notes(terms, facts), _columns(held), _files(frames, held)]
    sheets = [_contents([*others, *tables]), *others, *tables]
    return Book(
        title=TITLE,
        sample=SAMPLE if facts.is_sample else "",
        as_of=pd.Timestamp(facts.as_of),
        cover=[
            f"The figures describe {day(facts.as_of)}. Run {facts.run_id}, method {facts.method_version}.",
            "Every count is a pair. Confirmed is certain: running, checked, open to City children, sure of its place. "
            "Possible is all that no answer rules out. What is not known is never counted as no.",
            f"Each table stands on a sheet of its own. The sheet {CONTENTS} lists them, {NOTES} says how to read "
            f"them, {COLUMNS} what each column means, and {FILES} where the details behind them are.",
            "report.html, beside this workbook, tells the same figures in words, with a map.",
        ],
        about=[
            *(f"Roster of {owner}: {written(licence)}." for owner, licence in facts.licences),
            boundary_words(facts.official_boundary, facts.settings),
            ATTRIBUTION,
        ],
        sheets=[_marked(sheet) for sheet in sheets] if facts.is_sample else sheets,
    )


def _marked(sheet: Sheet) -> Sheet:
    """A sheet that says first that it is a sample."""
    return Sheet(**{**vars(sheet), "title": SAMPLE, "lines": [sheet.title, *sheet.lines]})


def _own(table: type[Table]) -> list[Column]:
    """The columns of a table but those that say the same in every row of a snapshot."""
    stamps = GapTable.names() if issubclass(table, GapTable) else []
    return [column for column in table.columns() if column.name not in stamps]


def _table_sheet(table: type[Table], frames: Frames, facts: ReportFacts, notes: dict[str, int]) -> Sheet:
    frame = table.sorted(rows_of(frames, table))
    columns = _own(table)
    shown = cells(table, columns, frame, facts.authorities)
    if shown.empty:
        blank = [f"Nothing to tell on {day(facts.as_of)}", *[_NOT_APPLICABLE] * (len(columns) - 1)]
        shown = pd.DataFrame([blank], columns=shown.columns)
    words = {name: _noted(name, heading, notes) for name, heading in headings(columns).items()}
    return Sheet(
        label=table.table_name,
        title=_title(table),
        lines=[
            table.one_row_is(),
            f"This sheet contains one table. The sheet {COLUMNS} says what each column means, {NOTES} how to read it.",
        ],
        legend=[
            f"{short} means: {meaning}."
            for short, meaning in _LEGEND.items()
            if shown.eq(short).any(axis=None)
        ],
        source=f"Source: run {facts.run_id}. With codes and all decimals: tables/{table.table_name}.csv",
        table=shown.rename(columns=words),
        units={words[column.name]: column.unit for column in columns if column.unit},
        styles=_styles(table, frame, columns),
    )


def _title(table: type[Table]) -> str:
    return table.question or table.one_row_is().removesuffix(".")


def _noted(name: str, heading: str, notes: dict[str, int]) -> str:
    """A heading with the number of the note that says what confirmed, or possible, is."""
    term = _CONFIRMED if name.endswith("confirmed") else _POSSIBLE if name.endswith("possible") else ""
    return f"{heading} [note {notes[term]}]" if term else heading


def _styles(table: type[Table], frame: pd.DataFrame, columns: Sequence[Column]) -> dict[tuple[int, int], str]:
    column = table.verdict_column() if issubclass(table, GapTable) else None
    if column is None or not issubclass(table, GapTable):
        return {}
    looks = {verdict.value: style(verdict) for verdict in table.verdicts()}
    at = columns.index(column)
    return {(row, at): looks[code] for row, code in enumerate(frame[column.name]) if code in looks}


def _contents(sheets: Sequence[Sheet]) -> Sheet:
    rows = [(sheet.label, sheet.title, len(sheet.table)) for sheet in sheets]
    return Sheet(
        CONTENTS, "Contents", [f"This sheet contains one table. What is too long for a workbook: see {FILES}."], [], "",
        pd.DataFrame(rows, columns=["Sheet", "What it tells", "Rows"], dtype="object"), links="Sheet",
    )  # fmt: skip


def _notes(terms: Sequence[tuple[str, str]], facts: ReportFacts) -> Sheet:
    said = [*terms, ("City boundary", boundary_words(facts.official_boundary, facts.settings))]
    said += [(short, f"In a cell: {meaning}.") for short, meaning in _LEGEND.items()]
    rows = [(f"note {number}", *one) for number, one in enumerate(said, start=1)]
    return Sheet(
        NOTES, "Notes: how to read the tables", ["This sheet contains one table."], [], "",
        pd.DataFrame(rows, columns=["Note", "Term", "What it means"], dtype="object"),
    )  # fmt: skip


def _columns(tables: Sequence[type[Table]]) -> Sheet:
    rows = [
        (
            table.table_name,
            headings(_own(table))[column.name],
            column.name,
            _UNIT_IN_WORDS.get(column.unit or "", column.unit) or _NOT_APPLICABLE,
            column.description,
            _codes(column) or _NOT_APPLICABLE,
        )
        for table in tables
        for column in _own(table)
    ]
    names = ["Sheet", "Column", "Name in the CSV", "Unit", "What it means", "What it may say"]
    return Sheet(
        COLUMNS, "Columns: what each one means", ["This sheet contains one table."],
        [f"{_NOT_APPLICABLE} means: has no unit, or holds no code."], "",
        pd.DataFrame(rows, columns=names, dtype="object"), links="Sheet",
    )  # fmt: skip


def _codes(column: Column) -> str:
    members = list(column.values or ())
    told = "; ".join(label(column, member.value) for member in members[:_MOST_CODES])
    return f"{told}; …" if len(members) > _MOST_CODES else told


def _files(frames: Frames, held: Sequence[type[Table]]) -> Sheet:
    rows = [
        (f"tables/{table.table_name}.csv", _title(table), plural(len(rows_of(frames, table)), "row"))
        for table in PUBLISHED
        if table not in held
    ]
    return Sheet(
        FILES, "Files: the details behind the tables",
        ["This sheet contains one table. Each file stands beside this workbook, as CSV and as Parquet; "
         "datapackage.json describes them."],
        [], "", pd.DataFrame(rows, columns=["File", "One row is", "Length"], dtype="object"),
    )  # fmt: skip
