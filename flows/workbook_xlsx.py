"""The workbook as .xlsx: laid out by gptables, every text a text, byte for byte from equal contents."""

from __future__ import annotations

from copy import deepcopy
from pathlib import Path
from typing import Any

import gptables as gpt
import pandas as pd

from flows.frozen_zip import read_zip, write_zip
from flows.outputs import FORMULA
from reports.workbook import Book, Sheet
from reports.workbook.layout import COVER_WIDTH, FILL, LANGUAGE, heights, lines, widths

_OPTIONS = {
    "in_memory": True,
    # A roster's words are never a formula, a link or a number.
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
}
_CORE = "docProps/core.xml"
_A4 = 9
# The text is Arial 12, and spreadsheets measure columns in characters of a smaller one.
_WIDER = 1.15
_POINTS_A_LINE = 16


def write_xlsx(path: Path, book: Book) -> None:
    """Write the workbook, with its title and language said in its properties."""
    title = f"{book.sample}: {book.title}" if book.sample else book.title
    work = gpt.GPWorkbook(path.as_posix(), _OPTIONS)
    work.set_properties({"title": title, "created": book.as_of.to_pydatetime()})
    work.set_size(2400, 1400)
    work.set_theme(_theme())
    _write_cover(work, book)
    for sheet in book.sheets:
        _write(work, sheet, book)
    work.close()
    _say_language(path)


def _theme() -> gpt.Theme:
    """The Analysis Function's own look, cells that begin at the top and do not touch."""
    theme = deepcopy(gpt.gptheme)
    for update in (theme.update_data_format, theme.update_column_heading_format):
        update({"valign": "top", "indent": 1})
    return theme


def _write_cover(work: gpt.GPWorkbook, book: Book) -> None:
    page = work.add_worksheet("Cover")
    intro = [book.title, *book.cover] if book.sample else list(book.cover)
    about = list(book.about)
    page.write_cover(
        gpt.Cover(title=book.sample or book.title, intro=intro, about=about, width=COVER_WIDTH * _WIDER)
    )
    # Each part stands below a heading of its own.
    for row, line in enumerate(["", "", *intro, "", *about]):
        page.set_row(row, max(lines([line], [COVER_WIDTH]), 1) * _POINTS_A_LINE + _POINTS_A_LINE / 2)
    _on_paper(page, book)


def _write(work: gpt.GPWorkbook, sheet: Sheet, book: Book) -> None:
    page = work.add_worksheet(sheet.label)
    described = _described(sheet)
    page.write_gptable(described, auto_width=False)
    heading_row = described.data_range[0]
    columns = widths(sheet)
    for number, width in enumerate(columns):
        page.set_column(number, number, width * _WIDER)
    # Not every program makes a row as high as its text.
    for number, height in enumerate(heights(sheet, columns), start=heading_row):
        page.set_row(number, height * _POINTS_A_LINE)
    page.freeze_panes(heading_row + 1, 1)
    page.repeat_rows(heading_row)
    _on_paper(page, book)


def _described(sheet: Sheet) -> gpt.GPTable:
    """A sheet in gptables' words."""
    *subtitles, instructions = sheet.lines
    table = sheet.table.copy()
    if sheet.links:
        table[sheet.links] = [{label: f"internal:'{label}'!A1"} for label in table[sheet.links]]
    return gpt.GPTable(
        table=table,
        table_name=f"table_{sheet.label}",
        title=sheet.title,
        subtitles=subtitles,
        instructions=instructions,
        legend=list(sheet.legend),
        source=sheet.source or None,
        units=dict(sheet.units) or None,
        index_columns={},
        additional_formatting=_looks(sheet),
    )


def _looks(sheet: Sheet) -> list[dict[str, Any]]:
    """Verdicts in their colours; what a spreadsheet would run, once somebody edits it, kept as text."""
    looks: list[dict[str, Any]] = []
    for style, colour in FILL.items():
        # Row 0 is the row of headings.
        at = [(row + 1, column) for (row, column), look in sheet.styles.items() if look == style]
        looks += [{"cell": {"cells": [place], "format": {"bg_color": colour}}} for place in at]
    for column, name in enumerate(sheet.table.columns):
        risky = [
            (row + 1, column)
            for row, value in enumerate(sheet.table[name])
            if isinstance(value, str) and FORMULA.match(value)
        ]
        looks += [{"cell": {"cells": [place], "format": {"quote_prefix": True}}} for place in risky]
    return looks


def _on_paper(page: gpt.core.wrappers.GPWorksheet, book: Book) -> None:
    page.set_landscape()
    page.set_paper(_A4)
    page.fit_to_pages(1, 0)
    page.set_footer(f"&L{book.sample}&C{pd.Timestamp(book.as_of):%Y-%m-%d}&R&A, page &P of &N")


def _say_language(path: Path) -> None:
    """Put the language into the properties of the workbook, which its writer leaves out."""
    parts = read_zip(path)
    said = f"<dc:language>{LANGUAGE}</dc:language></cp:coreProperties>".encode()
    parts[_CORE] = parts[_CORE].replace(b"</cp:coreProperties>", said)
    write_zip(path, parts)
