"""The files of a snapshot: each table as CSV and Parquet, and what describes them."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.errors import Mistake
from transforms.schema import Column, Kind, Table
from transforms.tables import PUBLISHED
from transforms.vocabulary import Weekday

# Stands first in every file of a sample run, so that a sample never passes for fact.
SAMPLE_COLUMN = Column(Kind.TEXT, "Present in sample runs only: every provider here is fictional")
SAMPLE_COLUMN.name = "sample_data"
SAMPLE_VALUE = "fictional providers"

# A cell that a spreadsheet would run. A sign before digits is a number or a telephone, and stays; so do the
# extension of a telephone and the last weekday of a month in RFC 5545's form, such as -1FR.
_LAST_DAY = rf"1(?:{'|'.join(Weekday)})(?:,-?\d?(?:{'|'.join(Weekday)}))*"
_OPENS, _SIGN = r"=@\t\r", r"+\-"
FORMULA = re.compile(
    rf"^(?:[{_OPENS}]|[{_SIGN}](?![\d\s().-]+(?<=\d{{4}}) x\d+$|[\d\s().-]+$|(?<=-){_LAST_DAY}$))"
)

# What is quickly told of a whole column: most have no such cell at all.
_MAY_BE_FORMULA = f"^[{_OPENS}{_SIGN}]"

_ARROW = {
    Kind.TEXT: pa.string(),
    Kind.WHOLE: pa.int64(),
    Kind.NUMBER: pa.float64(),
    Kind.DATE: pa.date32(),
    Kind.FLAG: pa.bool_(),
}

Frames = Mapping[type[Table], pd.DataFrame]


def fields_of(table: type[Table], *, is_sample: bool) -> list[Column]:
    """The columns of a published table, with the sample mark first in a sample run."""
    return [SAMPLE_COLUMN, *table.columns()] if is_sample else list(table.columns())


def _marked(frame: pd.DataFrame, *, is_sample: bool) -> pd.DataFrame:
    marked = frame.copy()
    if is_sample:
        marked.insert(0, SAMPLE_COLUMN.name, SAMPLE_VALUE)
    return marked


def inert(value: object) -> object:
    """A text that no spreadsheet takes for a formula: an apostrophe stands before one that could be."""
    return f"'{value}" if isinstance(value, str) and FORMULA.match(value) else value


def checked_csv_path(csv: Path) -> None:
    """Refuse a place to write to that is no file, before any work is done."""
    if csv.exists() and not csv.is_file():
        raise Mistake(f"{csv} is not a file.", "Name a file to write to.")
    if csv.parent.exists() and not csv.parent.is_dir():
        raise Mistake(f"{csv.parent} is not a folder.", "Name another file.")


def write_csv(path: Path, frame: pd.DataFrame, *, is_sample: bool) -> None:
    """UTF-8, ISO dates, true/false, blank for not known, and no live formula."""
    shown = _marked(frame, is_sample=is_sample)
    for name in shown.columns:
        if shown[name].dtype == "boolean":
            shown[name] = shown[name].map({True: "true", False: "false"}, na_action="ignore")
        elif str(shown[name].dtype) == "str":
            may_run = pc.match_substring_regex(pa.array(shown[name]), _MAY_BE_FORMULA)
            if pc.any(may_run).as_py():
                shown[name] = shown[name].map(inert, na_action="ignore")
    path.parent.mkdir(parents=True, exist_ok=True)
    shown.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n", encoding="utf-8")


def write_parquet(path: Path, table: type[Table], frame: pd.DataFrame, *, is_sample: bool) -> None:
    """Typed as declared, descriptions and units in the schema."""
    fields = [
        pa.field(c.name, _ARROW[c.kind], metadata={"description": c.description, "unit": c.unit or ""})
        for c in fields_of(table, is_sample=is_sample)
    ]
    data = pa.Table.from_pandas(
        _marked(frame, is_sample=is_sample), schema=pa.schema(fields), preserve_index=False
    )
    note = {"table": table.table_name, "sample": SAMPLE_VALUE if is_sample else ""}
    pq.write_table(data.replace_schema_metadata(note), path, compression="zstd")


def write_tables(folder: Path, frames: Frames, *, is_sample: bool) -> None:
    """Every published table, in key order, as CSV and Parquet."""
    for table in PUBLISHED:
        frame = table.sorted(frames[table])
        write_csv(folder / "tables" / f"{table.table_name}.csv", frame, is_sample=is_sample)
        write_parquet(folder / "tables" / f"{table.table_name}.parquet", table, frame, is_sample=is_sample)


def write_json(path: Path, data: Mapping[str, Any]) -> None:
    """JSON for people and machines: indented, in the order given, ending in a line break."""
    path.write_text(json.dumps(data, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def datapackage(frames: Frames, run_id: str, as_of: pd.Timestamp, *, is_sample: bool) -> dict[str, Any]:
    """A Frictionless data package that describes every CSV from its declaration."""
    title = "SEND gap analysis for the City of London"
    return {
        "name": run_id,
        "title": f"SAMPLE, {SAMPLE_VALUE}: {title}" if is_sample else title,
        "created": as_of.strftime("%Y-%m-%dT00:00:00Z"),
        "licenses": [{"name": "OGL-UK-3.0", "title": "Open Government Licence v3.0",
                      "path": "https://www.nationalarchives.gov.uk/doc/open-government-licence/version/3/"}],
        "resources": [
            *(_resource(table, len(frames[table]), is_sample=is_sample) for table in PUBLISHED),
            *(_other_file(path, *told) for path, told in _OTHER_FILES.items()),
        ],
    }  # fmt: skip


# What stands beside the tables: what it is, and its media type.
_OTHER_FILES = {
    "workbook.xlsx": (
        "The gap tables as a workbook", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    ),
    "workbook.ods": ("The gap tables as a workbook", "application/vnd.oasis.opendocument.spreadsheet"),
    "open_referral_uk.json": ("The services as a page of Open Referral UK 3.0", "application/json"),
    "map/venues.gpkg": ("Venues and authorities, EPSG:27700, with a style for QGIS", "application/geopackage+sqlite3"),
    "map/venues.geojson": ("Venues, EPSG:4326", "application/geo+json"),
    "map/venues.parquet": ("Venues, EPSG:27700, as GeoParquet", "application/vnd.apache.parquet"),
    "map/areas.geojson": ("Authorities, EPSG:4326", "application/geo+json"),
    "map/areas.parquet": ("Authorities, EPSG:27700, as GeoParquet", "application/vnd.apache.parquet"),
}  # fmt: skip


def _other_file(path: str, title: str, media_type: str) -> dict[str, Any]:
    name = re.sub(r"[^a-z0-9]+", "-", path.lower())
    return {"name": name, "path": path, "title": title, "mediatype": media_type, "type": "file"}


_FRICTIONLESS = {
    Kind.TEXT: "string",
    Kind.WHOLE: "integer",
    Kind.NUMBER: "number",
    Kind.DATE: "date",
    Kind.FLAG: "boolean",
}


def _resource(table: type[Table], rows: int, *, is_sample: bool) -> dict[str, Any]:
    fields = []
    for column in fields_of(table, is_sample=is_sample):
        constraints: dict[str, Any] = {}
        if column.required:
            constraints["required"] = True
        if column.allowed:
            constraints["enum"] = column.allowed
        if column.minimum is not None:
            constraints["minimum"] = column.minimum
        if column.maximum is not None:
            constraints["maximum"] = column.maximum
        if column.pattern:
            constraints["pattern"] = column.pattern
        field = {"name": column.name, "type": _FRICTIONLESS[column.kind], "description": column.description}
        if column.unit:
            field["unit"] = column.unit
        fields.append({**field, **({"constraints": constraints} if constraints else {})})
    return {
        "name": table.table_name.replace("_", "-"),
        "path": f"tables/{table.table_name}.csv",
        "title": table.question or table.one_row_is(),
        "description": table.one_row_is(),
        "profile": "tabular-data-resource",
        "encoding": "utf-8",
        "schema": {"fields": fields, "missingValues": [""], **_primary_key(table), "x-rows": rows},
    }


def _primary_key(table: type[Table]) -> dict[str, list[str]]:
    """The key of a table in the standard's words, which let no part of it be blank."""
    return {"primaryKey": table.key_names()} if all(column.required for column in table.key) else {}
