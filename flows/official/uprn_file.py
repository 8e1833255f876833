"""Reading OS Open UPRN: every addressable place of Great Britain with its point, 40 million of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pyarrow as pa
import pyarrow.csv

from flows.official.kinds import (
    UPRN_HEADING,
    X_HEADING,
    Y_HEADING,
    OfficialCsv,
    OfficialKind,
    official_csv,
    refused,
)
from transforms.place.postcode_directory import EASTING, NORTHING

UPRN = "uprn"
SCHEMA = pa.schema([(UPRN, pa.uint64()), (EASTING, pa.float64()), (NORTHING, pa.float64())])

# All headings of the open product. AddressBase has these among many others, and its licence is not open.
_HEADINGS = (UPRN_HEADING, X_HEADING, Y_HEADING, "latitude", "longitude")
# Half a million rows at a time: enough to be quick, little enough to hold.
_BLOCK_BYTES = 16 * 1024 * 1024


def read_uprns(path: Path) -> Iterator[pa.RecordBatch]:
    """Every UPRN with its point, in batches, as the file lists them.

    One row is one UPRN: ``uprn`` (uint64), ``easting`` and ``northing`` (float64, metres, EPSG:27700).
    ``path`` is the CSV or the zip from Ordnance Survey. A file of another kind or with other headings is
    a ``Mistake`` at once; one that turns out damaged is a ``Mistake`` when the reading comes to it.
    """
    source = official_csv(path, OfficialKind.UPRNS)
    if sorted(heading.lower() for heading in source.headings) != sorted(_HEADINGS):
        raise refused(
            path,
            f"it has the headings {', '.join(source.headings[:8])} …; OS Open UPRN has only "
            f"{', '.join(_HEADINGS)}.",
            "Take the open product. AddressBase has more, is licensed, and must not be published from.",
        )
    return _batches(source)


def _batches(source: OfficialCsv) -> Iterator[pa.RecordBatch]:
    written = {heading.lower(): heading for heading in source.headings}
    used = [written[heading] for heading in (UPRN_HEADING, X_HEADING, Y_HEADING)]
    convert = pa.csv.ConvertOptions(
        include_columns=used, column_types=dict(zip(used, SCHEMA.types, strict=True)), null_values=[""]
    )
    read = pa.csv.ReadOptions(block_size=_BLOCK_BYTES, column_names=list(source.headings), skip_rows=1)
    rows = 0
    try:
        with source.stream() as stream, pa.csv.open_csv(stream, read, convert_options=convert) as reader:
            for batch in reader:
                if any(column.null_count for column in batch.columns):
                    raise refused(
                        source.path, f"a row after the first {rows:,} lacks a value.", "Fetch it again."
                    )
                rows += batch.num_rows
                yield pa.RecordBatch.from_arrays(batch.columns, schema=SCHEMA)
    except pa.ArrowInvalid:
        why = f"a row after the first {rows:,} is cut short or holds something that is no number."
        raise refused(source.path, why, "Fetch it again.") from None
    if not rows:
        raise refused(source.path, "it holds headings and no rows.", "Fetch it again.")
