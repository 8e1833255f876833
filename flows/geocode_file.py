"""``squaremile geocode``: say of every row of a file where it is, however large the file."""

from __future__ import annotations

from collections import Counter, deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from flows.errors import Mistake
from flows.geocode_columns import Where, choose_columns
from flows.geocode_files import Part, open_sink, open_source
from transforms.place.columns import ADDED, STATUSES, added_columns, plain_name, status_numbers
from transforms.place.coordinates import Points, Trouble, from_degrees, from_grid
from transforms.place.evidence import METHODS, place, place_by_postcode
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import all_processors, find_postcodes
from transforms.place.zones import ZONES

# Parts in hand at once, beyond those being worked on: enough to keep the writer busy, few enough for memory.
_WAITING = 1


@dataclass
class Tally:
    """What became of the rows, for the summary."""

    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    zones: Counter[tuple[str, bool]] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    troubles: Counter[Trouble] = field(default_factory=Counter)
    disputed: int = 0

    def add(self, other: Tally) -> None:
        """Count another part in."""
        self.rows += other.rows
        self.disputed += other.disputed
        for name in ("statuses", "zones", "methods", "troubles"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True)
class Outcome:
    """What was done: where it was written, by which columns, and the tally."""

    out: Path
    where: Where
    added: list[str]
    tally: Tally


def geocode_file(
    file: Path,
    out: Path,
    asked: dict[str, str | None],
    ground: Ground,
    on_progress: Callable[[float], None],
    encoding: str = "utf-8",
) -> Outcome:
    """Add to every row of a CSV, Excel or Parquet file where it is, in the order of the file.

    The file is read, placed and written part after part, so memory does not grow with it. ``on_progress``
    hears how much is done, from 0 to 1.
    """
    source = open_source(file, encoding)
    if out.resolve() == file.resolve():
        raise Mistake("The result would overwrite the file itself.", "Name another file with --out.")
    where = choose_columns(source.headings, asked)
    names = _names_beside(source.headings)
    tally = Tally()

    def write(placing: Future[tuple[pa.Table, Tally]], position: int) -> None:
        table, counted = placing.result()
        sink.write(table)
        tally.add(counted)
        on_progress(position / max(source.size, 1))

    # This thread reads, the pool places, one thread writes in the order of the file.
    with (
        open_sink(out) as sink,
        ThreadPoolExecutor(all_processors()) as pool,
        ThreadPoolExecutor(1) as writer,
    ):
        writing: deque[Future[None]] = deque()
        for part, position in source.parts():
            writing.append(
                writer.submit(write, pool.submit(_place_part, part, where, names, ground), position)
            )
            if len(writing) > all_processors() + _WAITING:
                writing.popleft().result()
        while writing:
            writing.popleft().result()
        if not tally.rows:
            raise Mistake(f"{file.name} has headings but no rows.", "Check that the export is whole.")
    return Outcome(out, where, names, tally)


def _names_beside(headings: list[str]) -> list[str]:
    """Names of the added columns; one that the file has already is marked as ours."""
    plain = [plain_name(column) for column in ADDED]
    return [f"geocoded_{name}" if name in headings else name for name in plain]


def _place_part(part: Part, where: Where, names: list[str], ground: Ground) -> tuple[pa.Table, Tally]:
    return _placed(part(), where, names, ground)


def _placed(table: pa.Table, where: Where, names: list[str], ground: Ground) -> tuple[pa.Table, Tally]:
    rows = table.num_rows
    cells = table[where.postcode] if where.postcode else pa.nulls(rows, pa.string())
    found = find_postcodes(_text(cells), ground.directory)
    if where.has_points:
        placed = place(found, _given(table, where, ground), _properties(table, where, ground), ground)
    else:
        placed = place_by_postcode(found, ground)
    for name, column in zip(names, added_columns(found, placed, ground), strict=True):
        table = table.append_column(name, column)
    tally = Tally(rows=rows, disputed=int(placed.disputed.sum()))
    numbers = status_numbers(found, is_dated=ground.directory.is_dated)
    tally.statuses.update(_counted(numbers, [status.value for status in STATUSES]))
    tally.methods.update(_counted(placed.method, [method.value for method in METHODS]))
    counts = np.bincount(placed.zone * np.uint8(2) + placed.certain, minlength=2 * len(ZONES)).reshape(-1, 2)
    tally.zones.update(
        {(z.value, bool(sure)): int(counts[i, sure]) for i, z in enumerate(ZONES) for sure in (0, 1)}
    )
    tally.troubles.update({Trouble(n): int(c) for n, c in enumerate(np.bincount(placed.trouble)) if n and c})
    return table, tally


def _counted(numbers: np.ndarray, names: list[str]) -> dict[str, int]:
    counts = np.bincount(numbers, minlength=len(names))
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def _text(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    return (
        cells
        if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type)
        else cells.cast(pa.string())
    )


def _given(table: pa.Table, where: Where, ground: Ground) -> Points:
    least_m = ground.thresholds.coordinates_error_m
    points = Points.none(table.num_rows)
    if where.easting:
        points = from_grid(_numbers(table[where.easting]), _numbers(table[where.northing]), least_m)
    if where.lat:
        latitude, longitude = _numbers(table[where.lat]), _numbers(table[where.lon])
        given = ~np.isnan(latitude) | ~np.isnan(longitude)
        points = points.where(given, from_degrees(latitude, longitude, least_m))
    return points


def _properties(table: pa.Table, where: Where, ground: Ground) -> Points:
    if not where.uprn or ground.properties is None:
        return Points.none(table.num_rows)
    numbers = _numbers(table[where.uprn])
    uprns = np.where((numbers > 0) & (numbers % 1 == 0), numbers, 0).astype(np.uint64)
    return ground.properties.find(uprns, ground.thresholds.uprn_error_m)


def _numbers(cells: pa.ChunkedArray) -> np.ndarray:
    """Cells as float64; NaN for what is blank or not a number."""
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        trimmed = pc.utf8_trim_whitespace(cells)
        is_number = pc.match_substring_regex(trimmed, r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$")
        cells = pc.if_else(pc.fill_null(is_number, False), trimmed, pa.scalar(None, cells.type))
    return pc.fill_null(cells.cast(pa.float64()), np.nan).to_numpy()


def default_out(file: Path) -> Path:
    """The result's usual name, beside the file."""
    return file.with_name(f"{file.stem}-geocoded{file.suffix.lower()}")


def is_useless_uprn(where: Where, ground: Ground) -> bool:
    """Whether a UPRN column was found that nothing here can place."""
    return bool(where.uprn) and ground.properties is None
