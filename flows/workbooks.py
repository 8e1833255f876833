"""The workbook of a snapshot, for Excel and for any program that reads OpenDocument."""

from __future__ import annotations

from pathlib import Path

from flows.workbook_ods import write_ods
from flows.workbook_xlsx import write_xlsx
from reports.facts import Frames, ReportFacts
from reports.workbook import book_of

XLSX, ODS = "workbook.xlsx", "workbook.ods"


def write_workbooks(folder: Path, frames: Frames, facts: ReportFacts) -> None:
    """Write the same workbook in both formats."""
    book = book_of(frames, facts)
    write_xlsx(folder / XLSX, book)
    write_ods(folder / ODS, book)
