"""Trying ``squaremile geocode``: files to put in, and what comes out."""

from __future__ import annotations

import csv
import os
import sys
from pathlib import Path
from typing import Any

import openpyxl
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from typer.testing import CliRunner

from flows.command_line import app
from flows.errors import Mistake, PlainError
from flows.geocode_file import Outcome, geocode_file
from flows.ground import Groundwork

OURS = [
    "postal_code", "postcode_status", "easting", "northing", "lad_code", "zone", "zone_certain", "signed_distance_m",
    "geocode_method", "positional_error_m",
]  # fmt: skip
BARBICAN, TOYNBEE, MANCHESTER = "EC2Y 8DS", "E1 6LS", "M1 1AE"
SCRIPT = Path(sys.executable).with_name("squaremile")


def run(*args: object) -> Any:
    """Run the command in this process; an error it tells in words is raised."""
    result = CliRunner().invoke(app, [str(arg) for arg in args])
    if isinstance(result.exception, PlainError):
        raise result.exception
    if result.exception and not isinstance(result.exception, SystemExit):
        raise result.exception
    return result


def refusal(*args: object, error: type[PlainError] = Mistake) -> str:
    """The words with which a command is refused: it says what to do, and leaves nothing half done."""
    with pytest.raises(error) as told:
        run(*args)
    assert told.value.what_to_do
    folders = {Path(str(arg)).parent for arg in args if os.sep in str(arg)}
    assert not [part for folder in folders if folder.is_dir() for part in folder.glob(".*.part")]
    return f"{told.value.message} {told.value.what_to_do}"


def read(path: Path) -> list[dict[str, Any]]:
    """The rows of a table in any of the three formats."""
    if path.suffix == ".csv":
        with path.open(encoding="utf-8-sig", newline="") as file:
            return list(csv.DictReader(file))
    if path.suffix == ".parquet":
        return pq.read_table(path).to_pylist()
    sheet = openpyxl.load_workbook(path).active
    assert not [cell.coordinate for row in sheet for cell in row if cell.data_type == "f"]
    headings, *rows = sheet.iter_rows(values_only=True)
    return [dict(zip(headings, row, strict=True)) for row in rows]


def write(path: Path, rows: list[dict[str, Any]]) -> Path:
    """A table in any of the three formats."""
    if path.suffix == ".csv":
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, list(rows[0]))
            writer.writeheader()
            writer.writerows(rows)
    elif path.suffix == ".parquet":
        pq.write_table(pa.Table.from_pylist(rows), path)
    else:
        book = openpyxl.Workbook()
        book.active.append(list(rows[0]))
        for row in rows:
            book.active.append(list(row.values()))
            for cell in book.active[book.active.max_row]:
                # Text that looks like a formula is text.
                cell.data_type = "s" if isinstance(cell.value, str) else cell.data_type
        book.save(path)
    return path


def text_file(tmp_path: Path, content: str | bytes, name: str = "clubs.csv") -> Path:
    path = tmp_path / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def geocoded(path: Path, *args: object) -> list[dict[str, Any]]:
    """The rows of a file's result."""
    out = path.with_name("out.csv")
    run("geocode", path, "--out", out, *args)
    return read(out)


def column(rows: list[dict[str, Any]], name: str) -> list[Any]:
    return [row[name] for row in rows]


CLUBS = [
    {"id": "001", "Name": 'The "Barbican", Ltd', "Postcode": BARBICAN, "note": "two\nlines"},
    {"id": "002", "Name": "Café Zoë", "Postcode": "e16ls", "note": "=1+1"},
    {"id": "003", "Name": "-", "Postcode": "nowhere", "note": ""},
]
FORMATS = [".csv", ".xlsx", ".parquet"]


def many(path: Path, count: int) -> Path:
    """A CSV whose rows can be told apart, with some cells that hold line breaks."""
    found = [BARBICAN, TOYNBEE, MANCHESTER, "", "nowhere", "EC2P 2EJ"]
    with path.open("w", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "Postcode", "note"])
        writer.writerows((n, found[n % 6], "a\nb" if n % 5 == 0 else "plain") for n in range(count))
    return path


def lay(file: Path, out: Path, work: Groundwork, **kwargs: Any) -> tuple[Outcome, list[float]]:
    heard: list[float] = []
    return geocode_file(file, out, {}, work.ground, heard.append, **kwargs), heard
