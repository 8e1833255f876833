"""``squaremile parse``: how a value is read, for whoever wants to see it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import pyarrow as pa

from flows.errors import Mistake
from flows.table_writers import csv_headings, csv_lines
from transforms.place.columns import ADDED, added_columns, plain_name
from transforms.place.evidence import place_by_postcode
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import RULES, find_postcodes
from transforms.tables import Address

# What is read and where it is, under the names that a single value goes by; ``rule`` says how it was read.
_NAMES = {Address.postal_code: "postcode", "postcode_status": "status"}
_FIRST = ("postcode", "status", "zone", "zone_certain", "lad_code")
_LINES_AT_ONCE = 2**16


def read_lines(file: Path | None) -> Iterator[str]:
    """The lines of a file, or of what is piped in, without their line breaks."""
    if file is None and sys.stdin.isatty():
        raise Mistake("There is nothing to read.", "Name a file, or pipe values in, one a line.")
    if file is None:
        yield from _decoded(sys.stdin.buffer, "The input")
        return
    if file.is_dir():
        raise Mistake(f"{file} is a folder.", "Name a file in it.")
    if not file.is_file():
        raise Mistake(f"There is no file {file}.", "Check the name and the folder.")
    try:
        with file.open("rb") as lines:
            yield from _decoded(lines, file.name)
    except OSError as error:
        raise Mistake(
            f"{file.name} cannot be read: {error.strerror}.", "Check that you may read it."
        ) from None


def _decoded(lines: IO[bytes], name: str) -> Iterator[str]:
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8-sig" if number == 1 else "utf-8")
        except UnicodeDecodeError:
            raise Mistake(
                f"Line {number:,} of {name} is not written in UTF-8.", "Save it as UTF-8."
            ) from None
        yield text.removesuffix("\n").removesuffix("\r")


def parse_postcodes(file: Path | None, to: IO[bytes], ground: Ground) -> None:
    """Write one CSV row a line, in UTF-8: line, raw, postcode, status, zone and the rest of its place."""
    lines, done = read_lines(file), 0
    while (raw := list(itertools.islice(lines, _LINES_AT_ONCE))) or not done:
        columns = {"line": pa.array(range(done + 1, done + len(raw) + 1)), "raw": pa.array(raw, pa.string())}
        table = pa.table(columns | _columns(raw, ground))
        if not done:
            to.write(csv_headings(table.column_names))
        for rows in csv_lines(table):
            to.write(rows)
        to.flush()
        done += max(len(raw), 1)


def _columns(raw: list[str], ground: Ground) -> dict[str, pa.Array]:
    """What was read of each value, by column."""
    found = find_postcodes(pa.array(raw, pa.string()), ground.directory)
    added = added_columns(found, place_by_postcode(found, ground), ground)
    names = [_NAMES.get(plain_name(column), plain_name(column)) for column in ADDED]
    columns = dict(zip(names, added, strict=True))
    rest = [name for name in names if name not in _FIRST]
    rules = pa.array([RULES[number].value for number in found.rule], pa.string())
    return {name: columns[name] for name in (*_FIRST, *rest)} | {"rule": rules}
