"""``squaremile parse``: how a value is read, for whoever wants to see it."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

import pandas as pd
import pyarrow as pa

from flows.errors import Mistake
from flows.outputs import inert
from flows.places import Places
from flows.reference import Reference
from flows.sources import load_sources, pick
from flows.table_writers import csv_headings, csv_lines
from transforms.normalise.fields import synonyms_for
from transforms.parsers.catalogue import LINE, read_field
from transforms.parsers.synonyms import Synonyms
from transforms.place.columns import ADDED, added_columns, plain_name
from transforms.place.evidence import place_by_postcode
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import RULES, find_postcodes
from transforms.tables import Address
from transforms.vocabulary import ParsedField

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

    def read(raw: list[str], before: int) -> pa.Table:
        lines = pa.array(range(before + 1, before + len(raw) + 1))
        return pa.table({LINE: lines, "raw": pa.array(raw, pa.string())} | _columns(raw, ground))

    _parse_lines(file, to, read)


def parse_field(file: Path | None, to: IO[bytes], field: ParsedField, how: FieldMeanings) -> None:
    """Write CSV rows in UTF-8: line, raw, the canonical columns of a field, status, rule, confidence."""

    def read(raw: list[str], before: int) -> pa.Table:
        values = pd.Series(raw, dtype="str")
        found = read_field(field, values, how.synonyms, how.date_format)
        found.insert(1, "raw", values.map(inert)[found.index])
        found[LINE] += before
        return pa.Table.from_pandas(found, preserve_index=False)

    _parse_lines(file, to, read)


def _parse_lines(file: Path | None, to: IO[bytes], read: Callable[[list[str], int], pa.Table]) -> None:
    """Read a file some lines at a time; ``read`` is told how many came before."""
    lines, done = read_lines(file), 0
    while (raw := list(itertools.islice(lines, _LINES_AT_ONCE))) or not done:
        table = read(raw, done)
        if not done:
            to.write(csv_headings(table.column_names))
        for rows in csv_lines(table):
            to.write(rows)
        to.flush()
        done += max(len(raw), 1)


@dataclass(frozen=True)
class FieldMeanings:
    """What decides how a field is read: words with their codes, and the form of dates."""

    synonyms: Synonyms
    date_format: str | None


def field_meanings(
    places: Places, field: ParsedField, source: str | None, date_format: str | None
) -> FieldMeanings:
    """The shared meanings, with a source's own over them and its form of dates unless one is given.

    Raises ``Mistake`` for a source that is not one, and for a form of dates that reads nothing.
    """
    if date_format is not None:
        _check_format(field, date_format)
    synonyms: Synonyms = Reference(places).synonyms
    if source is None:
        return FieldMeanings(synonyms, date_format)
    declared = pick(load_sources(places.sources, synonyms), [source])[0]
    for roster in declared.roster:
        synonyms = synonyms_for(roster, synonyms)
    forms = {roster.date_format for roster in declared.roster}
    if field is ParsedField.DATE and date_format is None and len(forms) > 1:
        raise Mistake(f"The rosters of “{source}” write dates in several forms.", "Name one with --format.")
    return FieldMeanings(synonyms, date_format or min(forms))


def _check_format(field: ParsedField, date_format: str) -> None:
    if field is not ParsedField.DATE:
        raise Mistake(
            "--format says how dates are written, and is for the field date alone.", "Leave it out."
        )
    day = datetime(2026, 11, 23)
    try:
        is_read = datetime.strptime(day.strftime(date_format), date_format) == day
    except ValueError:
        is_read = False
    if not is_read:
        raise Mistake(
            f"“{date_format}” does not say how a day, a month and a year are written.",
            "Use %d, %m (or %b, %B) and %Y (or %y), for example --format %d/%m/%Y.",
        )


def _columns(raw: list[str], ground: Ground) -> dict[str, pa.Array]:
    """What was read of each value, by column."""
    found = find_postcodes(pa.array(raw, pa.string()), ground.directory)
    added = added_columns(found, place_by_postcode(found, ground), ground)
    names = [_NAMES.get(plain_name(column), plain_name(column)) for column in ADDED]
    columns = dict(zip(names, added, strict=True))
    rest = [name for name in names if name not in _FIRST]
    rules = pa.array([RULES[number].value for number in found.rule], pa.string())
    return {name: columns[name] for name in (*_FIRST, *rest)} | {"rule": rules}
