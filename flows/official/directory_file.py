"""Reading a full ONS Postcode Directory (ONSPD) or National Statistics Postcode Lookup (NSPL)."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv

from flows.errors import Mistake
from flows.official.kinds import (
    INTRODUCED_HEADING,
    TERMINATED_HEADING,
    OfficialCsv,
    OfficialKind,
    official_csv,
    refused,
)
from transforms.parsers.postcodes import INWARD, OUTWARD
from transforms.place.coordinates import EASTINGS, NORTHINGS
from transforms.place.postcode_directory import (
    EASTING,
    INTRODUCED,
    LAD_CODE,
    LARGE_USER,
    NORTHING,
    POSTCODE,
    QUALITY,
    TERMINATED,
)
from transforms.tables import CITY_LAD_CODE

LSOA_CODE = "lsoa_code"

# Headings by column, as patterns in lower case, the preferred first. Seen in ONSPD of May 2011 to August
# 2026 and NSPL of August 2020 to August 2026. The year of an authority's code moves with every edition.
_HEADINGS: dict[str, tuple[str, ...]] = {
    POSTCODE: ("pcds", "pcd7", "pcd", "pcd8", "pcd2"),
    EASTING: ("east1m", "oseast1m"),
    NORTHING: ("north1m", "osnrth1m"),
    LAD_CODE: (r"lad\d\dcd", "oslaua", "laua"),
    INTRODUCED: (INTRODUCED_HEADING,),
    TERMINATED: (TERMINATED_HEADING,),
    LARGE_USER: ("usrtypind", "usertype"),
    QUALITY: ("gridind", "osgrdind"),
    LSOA_CODE: ("lsoa21cd", "lsoa21", "lsoa11cd", "lsoa11"),
}
_MAY_BE_ABSENT = {LSOA_CODE}
# Only the directory goes back to the census of 2001 and down to the parish.
_OF_ONSPD = re.compile(r"oslaua|parish|parncp\d\dcd|oa01(cd)?")

SCHEMA = pa.schema(
    [
        (POSTCODE, pa.string()),
        (EASTING, pa.int32()),
        (NORTHING, pa.int32()),
        (LAD_CODE, pa.string()),
        (INTRODUCED, pa.int32()),
        (TERMINATED, pa.int32()),
        (LARGE_USER, pa.bool_()),
        (QUALITY, pa.int8()),
        (LSOA_CODE, pa.string()),
    ]
)

# The directory of August 2026 has 2.73 million rows; the largest of its partial copies 0.1 million.
LEAST_ROWS = 1_000_000
# A slip or two may happen; more, and the column is not what its heading says.
MOST_MALFORMED = 5
_NO_GRID_REFERENCE = 9
_WELL_FORMED = f"^{OUTWARD}{INWARD}$"
_GSS_CODE = re.compile(r"[A-Z]\d{8}")
# Stands for "no such area here": Scotland's wards, the Channel Islands' authority.
_PSEUDO = "99999999"
# Northern Ireland's references are on the Irish Grid: read as British they would land in Lancashire.
_ON_THE_IRISH_GRID = "BT"
_BLOCK_BYTES = 16 * 1024 * 1024
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip
_NAMES = "|".join(f"{month[:3]}(?:{month[3:]})?" for month in _MONTHS)
_EDITION = re.compile(rf"(?<![a-z])({_NAMES})[_ -]?(20\d\d)", re.IGNORECASE)


@dataclass(frozen=True)
class OfficialDirectory:
    """A postcode directory as published: its table, its month, and which file it came from.

    ``postcodes`` has one row per postcode, terminated ones among them: ``postal_code`` (no spaces, upper
    case), ``easting`` and ``northing`` (int32, metres, EPSG:27700; null where there is no grid reference,
    and in Northern Ireland, whose references are on the Irish Grid), ``lad_code`` (GSS, null where the file
    has none or a pseudo code), ``introduced`` and ``terminated`` (int32, yyyymm, null where none),
    ``is_large_user``, ``quality`` (int8, grid positional quality 1 to 9) and ``lsoa_code`` (2021 if the file
    has it, or null). ``as_at`` is a month such as "November 2025". ``malformed`` counts rows left out because
    their postcode is none.
    """

    postcodes: pa.Table
    as_at: str
    product: Literal["ONSPD", "NSPL"]
    sha256: str
    malformed: int = 0


def read_directory(path: Path, least_rows: int = LEAST_ROWS) -> OfficialDirectory:
    """The postcode directory of one file, a CSV or the zip from ONS, checked.

    Anything amiss is a ``Mistake``: a heading missing, fewer rows than ``least_rows``, a postcode twice,
    more than a handful of malformed ones, a value out of its range, no postcode of the City of London.
    """
    source = official_csv(path, OfficialKind.POSTCODES)
    written = _written(source)
    raw = _raw(source, written)
    if raw.num_rows < least_rows:
        why = f"it has {raw.num_rows:,} rows; a full directory has at least {least_rows:,}."
        raise refused(path, why, "Take the one file for the whole United Kingdom, not that of one area.")
    bare = pc.ascii_upper(pc.replace_substring(raw[POSTCODE], " ", ""))
    is_well_formed = pc.fill_null(pc.match_substring_regex(bare, _WELL_FORMED), False)
    malformed = raw.num_rows - pc.sum(is_well_formed).as_py()
    if malformed > MOST_MALFORMED:
        first = bare.filter(pc.invert(is_well_formed))[0].as_py() or ""
        found = f"{malformed:,} values that are no postcodes, such as “{first}”"
        raise _wrong(source, written[POSTCODE], found)
    kept = raw.set_column(raw.schema.get_field_index(POSTCODE), POSTCODE, bare)
    kept = kept.filter(is_well_formed) if malformed else kept
    _refuse_repeats(source, kept[POSTCODE])
    table = pa.table(_columns(source, written, kept), schema=SCHEMA)
    if not pc.any(pc.equal(table[LAD_CODE], CITY_LAD_CODE)).as_py():
        why = f"it has no postcode of the City of London ({CITY_LAD_CODE})."
        raise refused(path, why, "Take the full directory.")
    with path.open("rb") as file:
        sha256 = hashlib.file_digest(file, "sha256").hexdigest()
    is_onspd = any(_OF_ONSPD.fullmatch(heading.lower()) for heading in source.headings)
    return OfficialDirectory(table, _as_at(source, table), "ONSPD" if is_onspd else "NSPL", sha256, malformed)


def _written(source: OfficialCsv) -> dict[str, str]:
    """Which heading of the file holds each column: the preferred spelling, of the latest year."""
    found = {}
    for column, patterns in _HEADINGS.items():
        for pattern in patterns:
            matching = sorted(h for h in source.headings if re.fullmatch(pattern, h.lower()))
            if matching:
                found[column] = matching[-1]
                break
    missing = _HEADINGS.keys() - found.keys() - _MAY_BE_ABSENT
    if missing:
        wanted = "; ".join(" or ".join(_HEADINGS[column]) for column in sorted(missing))
        wanted = wanted.replace(r"\d\d", "25")
        why = f"these headings are missing: {wanted}. It has: {', '.join(source.headings)}."
        raise refused(source.path, why, "Take the file as ONS publishes it. If ONS renamed one, tell us.")
    for heading in found.values():
        if source.headings.count(heading) > 1:
            raise refused(
                source.path, f"the heading {heading} stands twice.", "Take the file as ONS publishes it."
            )
    return found


def _raw(source: OfficialCsv, written: dict[str, str]) -> pa.Table:
    """Every row of the columns we use, as text; null where blank."""
    used = list(written.values())
    convert = pa.csv.ConvertOptions(
        include_columns=used,
        column_types=dict.fromkeys(used, pa.string()),
        strings_can_be_null=True,
        null_values=["", " "],
    )
    read = pa.csv.ReadOptions(block_size=_BLOCK_BYTES, column_names=list(source.headings), skip_rows=1)
    try:
        with source.stream() as stream:
            table = pa.csv.read_csv(stream, read, convert_options=convert)
    except pa.ArrowInvalid:
        why = "it is cut short, or a row has not as many values as there are headings."
        raise refused(source.path, why, "Fetch it again.") from None
    return table.rename_columns(list(written))


def _refuse_repeats(source: OfficialCsv, postcodes: pa.ChunkedArray) -> None:
    repeats = len(postcodes) - pc.count_distinct(postcodes).as_py()
    if repeats:
        counted = pc.value_counts(postcodes)
        first = counted.filter(pc.greater(counted.field("counts"), 1))[0]["values"].as_py()
        why = f"{repeats:,} postcodes stand in it more than once, {first} among them."
        raise refused(source.path, why, "Fetch it again from ONS.")


def _columns(source: OfficialCsv, written: dict[str, str], raw: pa.Table) -> dict[str, pa.ChunkedArray]:
    quality = _whole(source, written[QUALITY], raw[QUALITY], 1, _NO_GRID_REFERENCE)
    has_point = pc.and_(
        pc.fill_null(pc.not_equal(quality, _NO_GRID_REFERENCE), True),
        pc.invert(pc.starts_with(raw[POSTCODE], _ON_THE_IRISH_GRID)),
    )
    points = {}
    for column, (_, most) in {EASTING: EASTINGS, NORTHING: NORTHINGS}.items():
        metres = _whole(source, written[column], raw[column], 0, int(most))
        has_point = pc.and_(has_point, pc.fill_null(pc.greater(metres, 0), False))
        points[column] = metres
    nothing = pa.nulls(raw.num_rows, pa.string())
    user = _whole(source, written[LARGE_USER], raw[LARGE_USER], 0, 1)
    return {
        POSTCODE: raw[POSTCODE],
        **{column: pc.if_else(has_point, metres, None) for column, metres in points.items()},
        LAD_CODE: _authorities(source, written[LAD_CODE], raw[LAD_CODE]),
        INTRODUCED: _month(source, written[INTRODUCED], raw[INTRODUCED]),
        TERMINATED: _month(source, written[TERMINATED], raw[TERMINATED]),
        LARGE_USER: pc.fill_null(pc.equal(user, 1), False),
        QUALITY: quality.cast(pa.int8()),
        LSOA_CODE: _real(raw[LSOA_CODE]) if LSOA_CODE in written else nothing,
    }


def _wrong(source: OfficialCsv, heading: str, found: str) -> Mistake:
    return refused(source.path, f"under {heading} it has {found}.", "Fetch it again from ONS.")


def _whole(
    source: OfficialCsv, heading: str, text: pa.ChunkedArray, least: int, most: int
) -> pa.ChunkedArray:
    try:
        number = text.cast(pa.int32())
    except pa.ArrowInvalid:
        raise _wrong(source, heading, "something that is no whole number") from None
    found = pc.min_max(number)
    if found["min"].is_valid and not least <= found["min"].as_py() <= found["max"].as_py() <= most:
        span = f"{found['min']} to {found['max']}"
        raise _wrong(source, heading, f"values of {span}, outside of {least} to {most}")
    return number


def _month(source: OfficialCsv, heading: str, text: pa.ChunkedArray) -> pa.ChunkedArray:
    number = _whole(source, heading, text, 197001, 209912)
    for month in pc.unique(number).to_pylist():
        if month is not None and not 1 <= month % 100 <= 12:
            raise _wrong(source, heading, f"“{month}”, which is no month")
    return number


def _authorities(source: OfficialCsv, heading: str, text: pa.ChunkedArray) -> pa.ChunkedArray:
    for code in pc.unique(text).to_pylist():
        if code is not None and not _GSS_CODE.fullmatch(code):
            raise _wrong(source, heading, f"“{code}”, which is no code of an authority")
    return _real(text)


def _real(codes: pa.ChunkedArray) -> pa.ChunkedArray:
    return pc.if_else(pc.ends_with(codes, _PSEUDO), None, codes)


def _as_at(source: OfficialCsv, table: pa.Table) -> str:
    """The month that the file's own name gives, or else the latest in which a postcode came or went."""
    named = _EDITION.search(source.name)
    if named:
        month = next(name for name in _MONTHS if name[:3].lower() == named[1][:3].lower())
        return f"{month} {named[2]}"
    latest = max(pc.max(table[column]).as_py() or 0 for column in (INTRODUCED, TERMINATED))
    if not latest:
        raise refused(
            source.path, "neither its name nor its rows say of which month it is.", "Take the file from ONS."
        )
    return f"{_MONTHS[latest % 100 - 1]} {latest // 100}"
