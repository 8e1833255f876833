"""XLSX rosters: several sheets, title rows, merged two-row headings, hidden sheets, struck-out rows."""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import openpyxl

from flows.reading.content import Content, Finding, Job, Part, Record, refuse
from flows.reading.headings import check_headings, find_heading_row, tidy

# Far above any borough's roster, far below what exhausts a small server.
MAX_UNPACKED_BYTES = 300_000_000
MAX_CELLS_PER_SHEET = 3_000_000
_ERROR_CELL = re.compile(r"#(?:REF|N/A|VALUE|NAME\?|DIV/0|NUM|NULL)[!?]?")


def read_workbook(path: Path, job: Job) -> Content:
    """Records of the declared sheets of one workbook; row numbers are the sheet's own."""
    _check_package(path)
    values = openpyxl.load_workbook(path, data_only=True)
    formulas = openpyxl.load_workbook(path, data_only=False)
    content = Content(rows_in={path.name: 0})
    visible = [s.title for s in values.worksheets if s.sheet_state == "visible"]
    wanted = [name for name in visible if any(fnmatchcase(name, pattern) for pattern in job.sheets)]
    for pattern in job.sheets:
        if not any(fnmatchcase(name, pattern) for name in visible):
            raise refuse(
                "sheet_missing", f"{path.name} has no visible sheet “{pattern}”. It has: {', '.join(visible)}.",
                "Send the workbook with that sheet, named as before.", file=path.name, part=pattern,
            )  # fmt: skip
    for sheet in values.worksheets:
        if sheet.max_row * sheet.max_column > MAX_CELLS_PER_SHEET:
            raise refuse(
                "sheet_too_large",
                f"Sheet “{sheet.title}” of {path.name} spans {sheet.max_row} rows × {sheet.max_column} columns.",
                "Clear the empty formatted cells below and beside the table.", file=path.name, part=sheet.title,
            )  # fmt: skip
        if sheet.title in wanted:
            part = _read_sheet(sheet, formulas[sheet.title], path.name, job, content)
            content.parts.append(part)
            content.rows_in[path.name] += len(part.records) + len(part.not_records)
        if sheet.sheet_state != "visible":
            content.hidden += [
                str(v) for row in sheet.iter_rows(values_only=True) for v in row if v is not None
            ]
    return content


def _check_package(path: Path) -> None:
    try:
        with zipfile.ZipFile(path) as package:
            size = sum(item.file_size for item in package.infolist())
    except zipfile.BadZipFile:
        raise refuse(
            "not_a_workbook", f"{path.name} is not a readable XLSX workbook: it may be cut short or encrypted.",
            "Save it again as an unprotected .xlsx file.", file=path.name,
        ) from None  # fmt: skip
    if size > MAX_UNPACKED_BYTES:
        raise refuse(
            "workbook_too_large", f"{path.name} unpacks to {size // 1_000_000} MB.",
            "Send only the roster's own sheets.", file=path.name,
        )  # fmt: skip


def _read_sheet(sheet: Any, formulas: Any, file: str, job: Job, content: Content) -> Part:
    grid = [[_text(cell) for cell in row] for row in sheet.iter_rows()]
    _spread_merged_headings(sheet, grid)
    depth = job.header_rows
    joined = [_join_headings(grid[i : i + depth]) for i in range(max(len(grid) - depth + 1, 0))]
    at = find_heading_row(joined, job.headings, file, sheet.title)
    headings = joined[at]
    part = Part(file, sheet.title, headings)
    first = at + depth
    for number, row in enumerate(grid[first:], start=first + 1):
        if not any(row):
            continue
        if any(
            tidy(row[i]).casefold().startswith(word.casefold()) for word in job.not_records for i in (0, 1)
        ):
            part.not_records.append(number)
            continue
        cells = sheet[number]
        part.records.append(Record(number, row, _is_struck(cells)))
        content.findings += _broken_cells(row, headings, cells, formulas[number], file, sheet.title, number)
    while headings and not headings[-1] and not any(record.cells[-1] for record in part.records):
        headings.pop()
        for record in part.records:
            record.cells.pop()
    filled = [any(record.cells[i] for record in part.records) for i in range(len(headings))]
    check_headings(headings, filled, file, sheet.title)
    return part


def _join_headings(rows: list[list[str]]) -> list[str]:
    """Merged group headings over sub-headings, as "CONTACT / Name"."""
    columns = zip(*rows, strict=True)
    return [" / ".join(dict.fromkeys(tidy(cell) for cell in column if cell)) for column in columns]


def _spread_merged_headings(sheet: Any, grid: list[list[str]]) -> None:
    for merged in sheet.merged_cells.ranges:
        if merged.min_row > len(grid):
            continue
        value = grid[merged.min_row - 1][merged.min_col - 1]
        # Only across: a value merged downwards over records is filled down by declaration alone.
        for column in range(merged.min_col, merged.max_col + 1):
            grid[merged.min_row - 1][column - 1] = value


def _text(cell: Any) -> str:
    value = cell.value
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case dt.datetime():
            return value.date().isoformat() if value.time() == dt.time() else value.isoformat(sep=" ")
        case dt.date() | dt.time():
            return value.isoformat() if isinstance(value, dt.date) else value.strftime("%H:%M")
        case dt.timedelta():
            minutes = round(value.total_seconds() / 60)
            return f"{minutes // 60:02d}:{minutes % 60:02d}"
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value).strip()


def _is_struck(cells: Any) -> bool:
    filled = [cell for cell in cells if cell.value not in (None, "")]
    return bool(filled) and all(cell.font is not None and cell.font.strike for cell in filled)


def _broken_cells(
    row: list[str], headings: list[str], cells: Any, formulas: Any, file: str, part: str, number: int
) -> list[Finding]:
    found = []
    for position, text in enumerate(row):
        heading = headings[position] if position < len(headings) else ""
        if _ERROR_CELL.fullmatch(text):
            found.append(
                Finding("error_cell", "quarantine", f"The cell shows the spreadsheet error {text}.",
                        "Mend the formula, or type the value.", file, part, number, heading, text)
            )  # fmt: skip
        formula = formulas[position].value if position < len(formulas) else None
        if cells[position].value is None and isinstance(formula, str) and formula.startswith("="):
            found.append(
                Finding("formula_without_value", "quarantine", "The cell holds a formula without its result.",
                        "Open and save the workbook once, or type the value.", file, part, number, heading)
            )  # fmt: skip
    return found
