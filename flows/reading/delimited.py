"""CSV rosters, with the declared delimiter and encoding and the strict ``csv`` module.

Nothing is guessed: a guessed encoding misreads names, and pandas shifts columns silently when a
row is too long.
"""

from __future__ import annotations

import csv
import io
from pathlib import Path

from flows.reading.content import Content, Finding, Job, Part, Record, refuse
from flows.reading.headings import check_headings, find_heading_row, tidy

csv.field_size_limit(1_000_000)


def read_delimited(path: Path, job: Job) -> Content:
    """Records of one CSV file; row numbers count as a spreadsheet would show them."""
    file = path.name
    rows = _rows(_text(path, job), job.delimiter, file)
    if not rows:
        raise refuse("empty_file", f"{file} is empty.", "Send the full export.", file=file)
    at = find_heading_row(rows, job.headings, file, "")
    headings = [tidy(cell) for cell in rows[at]]
    while headings and not headings[-1] and all(len(r) < len(headings) or not r[-1] for r in rows[at + 1 :]):
        headings.pop()
    width = len(headings)
    data = [(n, row) for n, row in enumerate(rows[at + 1 :], start=at + 2) if any(c.strip() for c in row)]
    if not data:
        raise refuse("no_rows", f"{file} has headings but no rows.", "Send the full export.", file=file)
    if all(any(cell.strip() for cell in row[width:]) for _, row in data):
        raise refuse(
            "rows_too_wide", f"Every row of {file} has more cells than there are headings.",
            "Check that no delimiter stands inside unquoted text.", file=file,
        )  # fmt: skip
    content = Content(rows_in={file: len(data)})
    part = Part(file, headings=headings)
    for number, row in data:
        cells = [cell.strip() for cell in row]
        if len(cells) != width and not (len(cells) > width and not any(cells[width:])):
            content.findings.append(
                Finding(
                    "ragged_row",
                    "quarantine",
                    f"The row has {len(cells)} cells where the headings name {width}.",
                    "Check for a missing or extra delimiter, or a quote that is not closed.",
                    file,
                    "",
                    number,
                )
            )
        part.records.append(Record(number, (cells + [""] * width)[:width]))
    check_headings(headings, [any(r.cells[i] for r in part.records) for i in range(width)], file, "")
    content.parts.append(part)
    return content


def _text(path: Path, job: Job) -> str:
    raw = path.read_bytes()
    # A byte-order mark says its own encoding more surely than any declaration.
    encoding = "utf-8-sig" if job.encoding.lower().replace("-", "") == "utf8" else job.encoding
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        encoding = "utf-16"
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        line = raw[: error.start].count(b"\n") + 1
        raise refuse(
            "wrong_encoding",
            f"{path.name} is declared as {job.encoding}, but line {line} holds bytes that are not.",
            f"Export the file again as {job.encoding}, or tell us the encoding it is in.", file=path.name,
        ) from None  # fmt: skip


def _rows(text: str, delimiter: str, file: str) -> list[list[str]]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[list[str]] = []
    try:
        rows.extend(reader)
    except csv.Error as error:
        raise refuse(
            "broken_quotes", f"{file} stops making sense at row {len(rows) + 1} ({error}).",
            "Look for a quotation mark that is not closed just before that row.", file=file, row=len(rows) + 1,
        ) from None  # fmt: skip
    return rows
