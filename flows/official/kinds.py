"""What an official file is, found from its content and never from its name; and the CSV within it.

A file that cannot be taken is a ``Mistake`` that says what was found and what can be taken. Nothing is
ever unpacked to disk: the CSV is read as a stream out of its zip.
"""

from __future__ import annotations

import csv
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import IO

from flows.errors import Mistake
from transforms.vocabulary import OLDEST_AGE


class OfficialKind(StrEnum):
    """The kinds of official file that can be taken."""

    POSTCODES = "postcodes"
    BOUNDARIES = "boundaries"
    UPRNS = "uprns"
    EHC_PLANS = "ehc_plans"
    POPULATION = "population"


WORDS = {
    OfficialKind.POSTCODES: "a postcode directory",
    OfficialKind.BOUNDARIES: "boundaries",
    OfficialKind.UPRNS: "a list of UPRNs",
    OfficialKind.EHC_PLANS: "EHC plans by primary need",
    OfficialKind.POPULATION: "population estimates by single year of age",
}
CAN_BE_TAKEN = (
    "These can be taken: a full ONS Postcode Directory or National Statistics Postcode Lookup (the CSV, or "
    "the zip from ONS), authority boundaries from ONS Open Geography (GeoJSON or GeoPackage), OS Open UPRN "
    "(CSV or zip), EHC plans by primary need from the Department for Education (the CSV of all plans, or the zip of "
    "the release), ONS population estimates by single year of age (CSV, a column for each age or as Nomis lists them)."
)

# Headings that tell the kind of a table, in lower case. Those of the directory never changed.
TIME_HEADING = "time_identifier"
INTRODUCED_HEADING, TERMINATED_HEADING = "dointr", "doterm"
UPRN_HEADING, X_HEADING, Y_HEADING = "uprn", "x_coordinate", "y_coordinate"
_TELL_TALE = (
    (OfficialKind.POSTCODES, {INTRODUCED_HEADING, TERMINATED_HEADING}),
    (OfficialKind.UPRNS, {UPRN_HEADING, X_HEADING, Y_HEADING}),
    (
        OfficialKind.EHC_PLANS,
        {
            TIME_HEADING,
            "time_period",
            "geographic_level",
            "breakdown_topic",
            "new_la_code",
            "ehc_plans",
            "number_asd",
        },
    ),
    (OfficialKind.POPULATION, {"code", "name", *map(str, range(OLDEST_AGE + 1))}),
    (OfficialKind.POPULATION, {"geography_code", "c_age_name", "obs_value", "date_name"}),
)
# Plans newly made in a year have the headings of all plans; only the time they are counted over is another.
_NEW_PLANS = "Calendar year"

# The largest known, OS Open UPRN, unpacks to 2.3 GB; the largest CSV of an ONSPD to 1.5 GB.
MOST_UNPACKED_BYTES = 8_000_000_000
# Real ones unpack to less than 20 times their size; a zip bomb to hundreds.
MOST_EXPANSION = 100
# An ONS zip holds some 170 CSVs. The one wanted is among its largest.
_CSVS_LOOKED_AT = 50
_LONGEST_HEADING_LINE = 65_536
_LOOKED_AT_BYTES = 65_536
# Comments and an XML declaration may stand before the tag that gives a web page away.
PAGE_TOLD_WITHIN_BYTES = 1024
_HEADINGS_TOLD = 8

_ZIP, _GEOPACKAGE, _BYTE_ORDER_MARK = b"PK\x03\x04", b"SQLite format 3\x00", b"\xef\xbb\xbf"
_KNOWN_BUT_NOT_TAKEN = {
    b"%PDF-": "a PDF",
    b"\xd0\xcf\x11\xe0": "an Excel or Word file of the old kind",
    b"\x1f\x8b": "a gzip file",
    b"7z\xbc\xaf": "a 7-Zip file",
    b"\x00\x00\x27\x0a": "one part of a shapefile",
    b"\xff\xfe": "text in UTF-16",
    b"PK\x05\x06": "an empty zip",
    b"PAR1": "a Parquet file",
}


def refused(path: Path, why: str, what_to_do: str = CAN_BE_TAKEN) -> Mistake:
    """The error that refuses one official file."""
    return Mistake(f"{path.name} was not taken: {why}", what_to_do)


@dataclass(frozen=True)
class OfficialCsv:
    """The CSV of an official file, alone or within a zip, with its headings as written."""

    path: Path
    kind: OfficialKind
    headings: tuple[str, ...]
    member: zipfile.ZipInfo | None = None

    @property
    def name(self) -> str:
        """Name of the CSV, within the zip if it is in one."""
        return Path(self.member.filename).name if self.member else self.path.name

    @contextmanager
    def stream(self) -> Iterator[IO[bytes]]:
        """The bytes of the CSV. Whatever breaks while it is read refuses the file."""
        with _told(self.path):
            if self.member is None:
                with self.path.open("rb") as file:
                    yield file
            else:
                with zipfile.ZipFile(self.path) as package, package.open(self.member) as file:
                    yield file


def kind_of(path: Path) -> OfficialKind:
    """What an official file is. Reads its beginning, or the headings of the CSVs in a zip."""
    start = _start(path)
    text = start.removeprefix(_BYTE_ORDER_MARK).lstrip()
    for signature, words in _KNOWN_BUT_NOT_TAKEN.items():
        if start.startswith(signature):
            raise refused(path, f"it is {words}.")
    if start.startswith(_GEOPACKAGE):
        return OfficialKind.BOUNDARIES
    if text.startswith(b"<"):
        raise refused(path, f"it is {'a web page' if is_web_page(start) else 'XML'}, not the data itself.")
    if text.startswith((b"{", b"[")):
        return _kind_of_json(path, text)
    return _csv_within(path, start).kind


def is_web_page(start: bytes) -> bool:
    """Whether a file that starts so is HTML, whatever its server calls it."""
    text = start[:PAGE_TOLD_WITHIN_BYTES].removeprefix(_BYTE_ORDER_MARK).lstrip().lower()
    return text.startswith((b"<!doctype html", b"<html")) or (text.startswith(b"<") and b"<html" in text)


def official_csv(path: Path, kind: OfficialKind) -> OfficialCsv:
    """The CSV of a file that must be of this kind."""
    found = kind_of(path)
    if found is not kind:
        raise refused(path, f"it holds {WORDS[found]}, and {WORDS[kind]} is wanted.", "Name another file.")
    return _csv_within(path, _start(path))


def _start(path: Path) -> bytes:
    if not path.is_file():
        raise Mistake(f"There is no file {path}.", "Check the name.")
    with _told(path), path.open("rb") as file:
        start = file.read(_LOOKED_AT_BYTES)
    if not start.strip():
        raise refused(path, "it is empty.", "Fetch it again.")
    return start


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except (zipfile.BadZipFile, zlib.error, EOFError):
        raise refused(path, "the zip is damaged or cut short.", "Fetch it again.") from None
    except NotImplementedError:
        why = "the zip is packed in a way we cannot read."
        raise refused(path, why, "Unpack it and name the CSV inside.") from None
    except OSError as error:
        raise refused(
            path, f"it could not be read ({error.strerror or 'input error'}).", "Try again."
        ) from None


def _kind_of_json(path: Path, text: bytes) -> OfficialKind:
    again = "Ask the server for GeoJSON (f=geojson)."
    if b'"Topology"' in text:
        raise refused(path, "it is TopoJSON.", "Save it as GeoJSON.")
    if b'"esriGeometry' in text:
        raise refused(path, "it is JSON of Esri's own kind.", again)
    if b'"Feature' in text:
        return OfficialKind.BOUNDARIES
    if b'"error"' in text:
        raise refused(path, "it is the error message of a server, not a file.", "Check the address.")
    raise refused(path, "it is JSON, but not GeoJSON.")


def _csv_within(path: Path, start: bytes) -> OfficialCsv:
    if not start.startswith(_ZIP):
        headings, first = _first_rows(start)
        kind = _kind_of_headings(headings)
        if kind is None:
            raise refused(path, f"it is {_table_in_words(headings)}.")
        if _is_of_new_plans(headings, first):
            raise refused(path, "it holds the plans newly made in a year, and all plans are wanted.")
        return OfficialCsv(path, kind, headings)
    with _told(path), zipfile.ZipFile(path) as package:
        members = [info for info in package.infolist() if info.filename.lower().endswith(".csv")]
        largest_first = sorted(members, key=lambda info: info.file_size, reverse=True)
        for member in largest_first[:_CSVS_LOOKED_AT]:
            if member.flag_bits & 1:
                raise refused(
                    path, "the zip is locked with a password.", "Unpack it and name the CSV inside."
                )
            with package.open(member) as file:
                lines = [file.readline(_LONGEST_HEADING_LINE) for _ in range(2)]
            headings, first = _first_rows(b"".join(lines))
            kind = _kind_of_headings(headings)
            if kind and not _is_of_new_plans(headings, first):
                _refuse_bomb(path, member)
                return OfficialCsv(path, kind, headings, member)
        raise refused(path, _zip_in_words(package.namelist()))


def _refuse_bomb(path: Path, member: zipfile.ZipInfo) -> None:
    # The size that the zip states is enough to go by: zipfile never gives more bytes than are stated.
    if member.file_size > min(MOST_UNPACKED_BYTES, MOST_EXPANSION * max(member.compress_size, 1)):
        size = f"{member.file_size / 1e6:,.0f} MB"
        raise refused(
            path, f"a zip of this size cannot honestly hold {size}.", "Fetch it again from its publisher."
        )


def _first_rows(start: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The headings and the cells of the row below them; empty for what is no CSV."""
    text = start.removeprefix(_BYTE_ORDER_MARK).decode("utf-8", errors="replace")
    try:
        rows = [tuple(cell.strip() for cell in row) for row in csv.reader(text.splitlines()[:2])]
    except csv.Error:
        rows = []
    headings, first = [*rows, (), ()][:2]
    return headings, first


def _is_of_new_plans(headings: tuple[str, ...], first: tuple[str, ...]) -> bool:
    told = dict(zip((heading.lower() for heading in headings), first, strict=False))
    return told.get(TIME_HEADING) == _NEW_PLANS


def _kind_of_headings(headings: tuple[str, ...]) -> OfficialKind | None:
    lower = {heading.lower() for heading in headings}
    return next((kind for kind, needed in _TELL_TALE if needed <= lower), None)


def _table_in_words(headings: tuple[str, ...]) -> str:
    told = ", ".join(headings[:_HEADINGS_TOLD])
    if len(headings) < 2 or not told.isprintable() or len(told) > 300:
        return "nothing we know"
    more = ", …" if len(headings) > _HEADINGS_TOLD else ""
    return f"a table with the headings {told}{more}"


def _zip_in_words(names: list[str]) -> str:
    endings = {Path(name).suffix.lower() for name in names}
    if "xl/workbook.xml" in names:
        return "it is an Excel workbook."
    if endings & {".shp", ".gpkg", ".geojson", ".json"}:
        return "it is a zip of boundaries. Unpack it; GeoPackage and GeoJSON can be taken, a shapefile not."
    if ".zip" in endings:
        return "it is a zip of zips. Unpack it first."
    return "it is a zip, and no CSV in it is a postcode directory or another table that can be taken."
