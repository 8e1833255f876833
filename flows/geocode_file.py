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

from flows.errors import Mistake, PlainError
from flows.geocode_columns import Where, choose_columns
from flows.table_readers import Part, Rows, Source, open_source
from flows.table_writers import Sink, open_sink
from transforms.place.columns import ADDED, STATUSES, added_columns, plain_name
from transforms.place.coordinates import Points, Trouble, from_degrees, from_grid
from transforms.place.evidence import METHODS, Placed, place, place_by_postcode
from transforms.place.ground import Ground
from transforms.place.postcode_lookup import all_processors, find_postcodes
from transforms.place.zones import ZONES
from transforms.tables import Address
from transforms.vocabulary import GeocodeMethod

# Parts in hand at once, beyond those being worked on: enough to keep the writer busy, few enough for memory.
_WAITING = 1
_TELLING_VENUES = 20
# From this part on a file is a large one.
_LARGE_FILE = 2
_STATUS = ADDED.index(Address.column(Address.x_postcode_status))
_COORDINATES = METHODS.index(GeocodeMethod.COORDINATES)
_NUMBER = r"^[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$"
# Not 1.00023E+11, which is what a spreadsheet leaves of a UPRN.
_WHOLE_NUMBER = r"^\d{1,12}(\.0*)?$"
_LARGEST_UPRN = 10**12


@dataclass
class Unread:
    """Cells of one column that say nothing: how many, and the first record with one, counted from 0."""

    cells: int
    first: int


@dataclass
class Tally:
    """What became of the rows, for the summary. ``unread`` and ``unlisted`` are by column."""

    rows: int = 0
    statuses: Counter[str] = field(default_factory=Counter)
    zones: Counter[tuple[str, bool]] = field(default_factory=Counter)
    methods: Counter[str] = field(default_factory=Counter)
    troubles: Counter[Trouble] = field(default_factory=Counter)
    disputed: int = 0
    unlisted_uprns: int = 0
    unread: dict[str, Unread] = field(default_factory=dict)

    def add(self, other: Tally) -> None:
        """Count the part that follows in."""
        for column, unread in other.unread.items():
            known = self.unread.setdefault(column, Unread(0, self.rows + unread.first))
            known.cells += unread.cells
        self.rows += other.rows
        self.disputed += other.disputed
        self.unlisted_uprns += other.unlisted_uprns
        for name in ("statuses", "zones", "methods", "troubles"):
            getattr(self, name).update(getattr(other, name))


@dataclass(frozen=True)
class Outcome:
    """What was done: where it was written, by which columns, and the tally.

    ``note`` says what of the file was left out, ``unread_rows`` in which row of the file the first cell of a
    column that could not be read stands.
    """

    out: Path
    where: Where
    added: list[str]
    tally: Tally
    note: str
    is_replaced: bool
    unread_rows: dict[str, int]


@dataclass(frozen=True)
class Job:
    """A file that can be read, the columns that say where its rows are, and a place for the result."""

    file: Path
    source: Source
    where: Where
    names: list[str]
    sink: Sink
    is_replaced: bool


def prepare(
    file: Path, out: Path, asked: dict[str, str | None], encoding: str = "utf-8", sheet: str | None = None
) -> Job:
    """Look at everything that can be wrong with a command before the reference is opened.

    An earlier result of the same columns may be replaced, any other file may not.
    """
    source = open_source(file, encoding, sheet)
    where = choose_columns(source.headings, asked)
    names = _names_beside(source.headings)
    sink = open_sink(out, has_mark=source.has_mark)
    return Job(file, source, where, names, sink, _may_replace(file, out, [*source.headings, *names]))


def geocode_file(
    file: Path, out: Path, asked: dict[str, str | None], ground: Ground, on_progress: Callable[[float], None]
) -> Outcome:
    """Add to every row of a CSV, Excel or Parquet file where it is, in the order of the file."""
    return geocode(prepare(file, out, asked), ground, on_progress)


def geocode(job: Job, ground: Ground, on_progress: Callable[[float], None]) -> Outcome:
    """Read, place and write a file part after part, so that memory does not grow with it.

    ``on_progress`` hears how much is done, from 0 to 1.
    """
    source, where = job.source, job.where
    if list(where.named()) == ["uprn"] and ground.properties is None:
        raise Mistake(
            "UPRNs alone place nothing here: no list of them has been fetched.",
            "Run `squaremile reference fetch uprns`, or name a column with --postcode.",
        )
    tally = Tally()

    def write(placing: Future[tuple[Rows, Tally]], position: int) -> None:
        rows, counted = placing.result()
        job.sink.write(rows)
        tally.add(counted)
        on_progress(position / max(source.size, 1))

    # This thread reads, the pool places, one thread writes in the order of the file.
    with job.sink, ThreadPoolExecutor(all_processors()) as pool, ThreadPoolExecutor(1) as writer:
        writing: deque[Future[None]] = deque()
        first: Future[tuple[Rows, Tally]] | None = None
        for number, part in enumerate(source.parts()):
            if number == _LARGE_FILE:
                ground = ground.in_memory
            placing = pool.submit(_place_part, part, where, job.names, ground, first)
            first = first or placing
            writing.append(writer.submit(write, placing, part.position))
            if len(writing) > all_processors() + _WAITING:
                writing.popleft().result()
        while writing:
            writing.popleft().result()
        if not tally.rows:
            raise Mistake(f"{job.file.name} has headings but no rows.", "Check that the export is whole.")
    unread_rows = {column: source.row_of(unread.first) for column, unread in tally.unread.items()}
    return Outcome(job.sink.path, where, job.names, tally, source.note, job.is_replaced, unread_rows)


def default_out(file: Path) -> Path:
    """The result's usual name, beside the file."""
    return file.with_name(f"{file.stem}-geocoded{file.suffix.lower()}")


def _may_replace(file: Path, out: Path, headings: list[str]) -> bool:
    """Whether there is an earlier result to be replaced; refuses to replace anything else."""
    if not out.exists():
        return False
    if out.samefile(file):
        raise Mistake("The result would overwrite the file itself.", "Name another file with --out.")
    try:
        is_earlier_result = open_source(out).headings == headings
    except PlainError:
        is_earlier_result = False
    if not is_earlier_result:
        raise Mistake(
            f"{out.name} is there already, and is not an earlier result of these columns.",
            "Name another file with --out, or move that one away.",
        )
    return True


def _names_beside(headings: list[str]) -> list[str]:
    """Names of the added columns; one that the file has already is marked as ours."""
    names = []
    for column in ADDED:
        name = plain_name(column)
        while name in headings:
            name = f"geocoded_{name}"
        names.append(name)
    return names


def _place_part(
    part: Part, where: Where, names: list[str], ground: Ground, first: Future[tuple[Rows, Tally]] | None
) -> tuple[Rows, Tally]:
    """Read a part and add its places; ``first`` is the placing of the first part."""
    rows = part.read()
    table, tally = rows.table, Tally(rows=rows.table.num_rows)
    cells = _text(table, where.postcode) if where.postcode else pa.nulls(table.num_rows, pa.string())
    found = find_postcodes(cells, ground.directory)
    if where.has_points:
        given, properties = _given(table, where, ground, tally), _properties(table, where, ground, tally)
        placed = place(found, given, properties, ground)
        used = placed.method == _COORDINATES
        # Whether the datum is missing shows in many venues together: the last rows of a file may be too few.
        is_untold = (used & ~np.isnan(placed.apart_m)).sum() < _TELLING_VENUES
        if first and used.any() and is_untold and first.result()[1].troubles[Trouble.DATUM]:
            placed = place(found, given.without(used, Trouble.DATUM), properties, ground)
    else:
        placed = place_by_postcode(found, ground)
    added = added_columns(found, placed, ground)
    for name, declared, values in zip(names, ADDED, added, strict=True):
        table = table.append_column(pa.field(name, values.type, nullable=not declared.required), values)
    _count(tally, added[_STATUS].indices.to_numpy(), placed)
    return Rows(table, rows.cells), tally


def _count(tally: Tally, statuses: np.ndarray, placed: Placed) -> None:
    # One number for all that a row is counted by, so that the rows are gone through once.
    sizes = len(STATUSES), len(METHODS), len(ZONES), 2
    which = statuses.astype(np.uint16)
    for numbers, size in zip((placed.method, placed.zone, placed.certain), sizes[1:], strict=True):
        which = which * np.uint16(size) + numbers
    counts = np.bincount(which, minlength=int(np.prod(sizes))).reshape(sizes)
    tally.disputed = int(placed.disputed.sum())
    tally.statuses.update(_named(counts.sum(axis=(1, 2, 3)), [status.value for status in STATUSES]))
    tally.methods.update(_named(counts.sum(axis=(0, 2, 3)), [method.value for method in METHODS]))
    of_zones = counts.sum(axis=(0, 1))
    tally.zones.update(
        {(z.value, bool(sure)): int(of_zones[i, sure]) for i, z in enumerate(ZONES) for sure in (0, 1)}
    )
    if placed.trouble.any():
        troubles = np.bincount(placed.trouble)
        tally.troubles.update({Trouble(n): int(c) for n, c in enumerate(troubles) if n and c})


def _named(counts: np.ndarray, names: list[str]) -> dict[str, int]:
    return {name: int(count) for name, count in zip(names, counts, strict=True) if count}


def _given(table: pa.Table, where: Where, ground: Ground, tally: Tally) -> Points:
    least_m = ground.thresholds.coordinates_error_m
    points = Points.none(table.num_rows)
    if where.easting:
        points = from_grid(
            _numbers(table, where.easting, tally), _numbers(table, where.northing, tally), least_m
        )
    if where.lat:
        latitude, longitude = _numbers(table, where.lat, tally), _numbers(table, where.lon, tally)
        given = ~np.isnan(latitude) | ~np.isnan(longitude)
        points = points.where(given, from_degrees(latitude, longitude, least_m))
    return points


def _properties(table: pa.Table, where: Where, ground: Ground, tally: Tally) -> Points:
    if not where.uprn or ground.properties is None:
        return Points.none(table.num_rows)
    numbers = _numbers(table, where.uprn, tally, _WHOLE_NUMBER)
    is_one = (numbers > 0) & (numbers < _LARGEST_UPRN) & (numbers % 1 == 0)
    _note_unread(tally, where.uprn, ~is_one & ~np.isnan(numbers))
    uprns = np.where(is_one, numbers, 0).astype(np.uint64)
    points = ground.properties.find(uprns, ground.thresholds.uprn_error_m)
    tally.unlisted_uprns = int((is_one & ~points.usable).sum())
    return points


def _text(table: pa.Table, column: str) -> pa.ChunkedArray:
    cells = table[column]
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        return cells
    return _cast(cells, pa.string(), column)


def _cast(cells: pa.ChunkedArray, kind: pa.DataType, column: str) -> pa.ChunkedArray:
    try:
        # A number too large for a double is no coordinate, whatever it is rounded to; text must be text.
        return cells.cast(kind, safe=not pa.types.is_floating(kind))
    except (pa.ArrowInvalid, pa.ArrowNotImplementedError):
        raise Mistake(
            f"The column “{column}” holds {cells.type}, which can be no postcode, coordinate or UPRN.",
            "Name another column.",
        ) from None


def _numbers(table: pa.Table, column: str, tally: Tally, form: str = _NUMBER) -> np.ndarray:
    """Cells as float64; NaN for what is blank or, which is noted, no number."""
    cells = table[column]
    if pa.types.is_dictionary(cells.type):
        cells = _cast(cells, cells.type.value_type, column)
    if pa.types.is_string(cells.type) or pa.types.is_large_string(cells.type):
        trimmed = pc.utf8_trim_whitespace(cells)
        is_number = pc.fill_null(pc.match_substring_regex(trimmed, form), False)
        is_blank = pc.fill_null(pc.equal(pc.binary_length(trimmed), 0), True)
        _note_unread(tally, column, pc.invert(pc.or_(is_number, is_blank)).to_numpy())
        cells = pc.if_else(is_number, trimmed, pa.scalar(None, cells.type))
    numbers = pc.fill_null(_cast(cells, pa.float64(), column), np.nan).to_numpy()
    is_endless = np.isinf(numbers)
    _note_unread(tally, column, is_endless)
    return np.where(is_endless, np.nan, numbers)


def _note_unread(tally: Tally, column: str, rows: np.ndarray) -> None:
    where = np.flatnonzero(rows)
    if len(where):
        known = tally.unread.setdefault(column, Unread(0, int(where[0])))
        known.cells, known.first = known.cells + len(where), min(known.first, int(where[0]))


def is_useless_uprn(where: Where, ground: Ground) -> bool:
    """Whether a UPRN column was found that nothing here can place."""
    return bool(where.uprn) and ground.properties is None
