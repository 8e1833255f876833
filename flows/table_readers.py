"""Reading large tables a part at a time: CSV, Excel and Parquet, each column kept as it is."""

from __future__ import annotations

import datetime as dt
import re
import warnings
import zipfile
from abc import ABC, abstractmethod
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from flows.csv_text import Chunk, CsvText
from flows.errors import Mistake
from transforms.mapping import nearest_name

CSV, EXCEL, PARQUET = ".csv", ".xlsx", ".parquet"
# A part of a Parquet file: so many bytes, but no more rows than these; and of an Excel sheet, in rows.
_PART_BYTES = 64 * 2**20
_MOST_ROWS = 2**18
_EXCEL_ROWS = 2**14
_HEADINGS_TOLD = 12

Row = tuple[Any, ...]


@dataclass(frozen=True)
class Rows:
    """Rows as columns, and, of a workbook, as its own cells: numbers and dates as such."""

    table: pa.Table
    cells: list[Row] | None = None


@dataclass(frozen=True)
class Part:
    """Some rows of a source: reads them, on any thread, and knows how far into the source they end."""

    read: Callable[[], Rows]
    position: int


class Source(ABC):
    """A table on disk, read from its beginning to its end in parts. ``note`` says what of the file is left out."""

    headings: list[str]
    size: int
    note: str = ""
    has_mark: bool = False

    @abstractmethod
    def parts(self) -> Iterator[Part]:
        """All rows, in their order."""

    @abstractmethod
    def row_of(self, record: int) -> int:
        """Where a record, counted from 0, stands in the file, as people count its rows."""


def open_source(path: Path, encoding: str = "utf-8", sheet: str | None = None) -> Source:
    """The table in a file, by its ending."""
    if path.is_dir():
        raise Mistake(f"{path} is a folder.", "Name a file in it.")
    if not path.is_file():
        raise Mistake(f"There is no file {path}.", "Check the name and the folder.")
    kinds: dict[str, Callable[[], Source]] = {
        CSV: lambda: _Csv(path, encoding),
        EXCEL: lambda: _Excel(path, sheet),
        PARQUET: lambda: _Parquet(path),
    }
    kind = path.suffix.lower()
    if kind not in kinds:
        raise Mistake(
            f"{path.name} is not a CSV, Excel or Parquet file by its name.",
            "Give a .csv, .xlsx or .parquet file.",
        )
    if sheet is not None and kind != EXCEL:
        raise Mistake(f"{path.name} has no sheets.", "Leave --sheet out.")
    with _told(path):
        source = kinds[kind]()
    _check_headings(path.name, source.headings)
    return source


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise Mistake(
            f"{path.name} cannot be read: {error.strerror or 'the disk does not answer'}.",
            "Check that you may read it, and that it is not open elsewhere.",
        ) from None


def _check_headings(name: str, headings: Sequence[str]) -> None:
    if not any(headings):
        raise Mistake(f"{name} has no headings in its first row.", "Give every column a heading.")
    times = Counter(headings)
    if times[""] > 1:
        blank = [str(number) for number, heading in enumerate(headings, start=1) if not heading]
        columns = f"{', '.join(blank[:-1])} and {blank[-1]}"
        raise Mistake(
            f"Columns {columns} of {name} have no heading.", "Give each one, or remove the columns."
        )
    if twice := [heading for heading in times if times[heading] > 1]:
        raise Mistake(
            f"{name} has the heading “{twice[0]}” more than once.", "Give each column a heading of its own."
        )


class _Csv(Source):
    """Text cells, exactly as written."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._text = CsvText(path, encoding)
        self.headings, self.size, self.has_mark = self._text.headings, self._text.size, self._text.has_mark
        # A cell of a CSV may be empty, but it is never missing.
        self._kinds = [pa.field(heading, pa.string(), nullable=False) for heading in self.headings]

    def parts(self) -> Iterator[Part]:
        with _told(self._text.path):
            for chunk in self._text.chunks():
                yield Part(self._reader(chunk), chunk.position)

    def _reader(self, chunk: Chunk) -> Callable[[], Rows]:
        def read() -> Rows:
            try:
                table = pa.csv.read_csv(
                    pa.BufferReader(chunk.text),
                    pa.csv.ReadOptions(
                        column_names=self.headings, use_threads=False, block_size=len(chunk.text) + 1
                    ),
                    pa.csv.ParseOptions(
                        delimiter=self._text.delimiter,
                        newlines_in_values=b'"' in chunk.text,
                        # Where there is one column an empty line is an empty cell.
                        ignore_empty_lines=len(self.headings) > 1,
                    ),
                    pa.csv.ConvertOptions(
                        column_types=dict.fromkeys(self.headings, pa.string()), strings_can_be_null=False
                    ),
                )
            except pa.ArrowInvalid:
                raise self._text.unreadable(chunk) from None
            return Rows(pa.Table.from_arrays(table.columns, schema=pa.schema(self._kinds)))

        return read

    def row_of(self, record: int) -> int:
        return self._text.row_of(record)


class _Parquet(Source):
    """Typed columns, kept as they are."""

    def __init__(self, path: Path) -> None:
        self._path = path
        with self._sound("is not a Parquet file, or not a whole one"):
            self._file = pq.ParquetFile(path)
            self.headings = self._file.schema_arrow.names
        self.size = self._file.metadata.num_rows

    def parts(self) -> Iterator[Part]:
        of = self._file.metadata
        row_bytes = sum(of.row_group(i).total_byte_size for i in range(of.num_row_groups)) // max(
            self.size, 1
        )
        rows = min(max(_PART_BYTES // max(row_bytes, 1), 1024), _MOST_ROWS)
        batches, done = self._file.iter_batches(rows), 0
        while done < self.size:
            with self._sound(f"cannot be read beyond row {done:,}"):
                batch = next(batches)
            done += batch.num_rows
            table = pa.Table.from_batches([batch])
            yield Part(lambda table=table: Rows(table), done)  # type: ignore[misc]

    @contextmanager
    def _sound(self, words: str) -> Iterator[None]:
        """Arrow tells of a damaged file in many ways."""
        try:
            yield
        except (pa.ArrowException, OSError, StopIteration) as error:
            if isinstance(error, OSError) and error.errno is not None:
                raise
            raise Mistake(f"{self._path.name} {words}.", "Export it again.") from None

    def row_of(self, record: int) -> int:
        return record + 1


class _Excel(Source):
    """One sheet, cells as text; numbers without a fraction lose their point."""

    def __init__(self, path: Path, sheet: str | None) -> None:
        from openpyxl import load_workbook

        # It warns of what it leaves out of a copy of the workbook, and no copy is made.
        warnings.filterwarnings("ignore", module="openpyxl")
        self._path = path
        try:
            book = load_workbook(path, read_only=True, data_only=True)
        except OSError:
            raise
        except Exception:
            raise Mistake(
                f"{path.name} cannot be opened as an Excel workbook.",
                "It may be cut short, or locked with a password. Save it anew as .xlsx.",
            ) from None
        self._sheet = _chosen_sheet(path, book.worksheets, sheet)
        self.note = _note(self._sheet, book.worksheets)
        self.size = max((self._sheet.max_row or 1) - 1, 1)
        # Some programs state a size that is too small, and what lies beyond it would be lost.
        self._sheet.reset_dimensions()
        _refuse_uncalculated(path, self._sheet)
        self._rows = self._numbered()
        self._first, self.headings = 1, []
        for number, row in self._rows:
            self._first, self.headings = number + 1, [_cell(value) for value in row]
            break
        if not self.headings:
            raise Mistake(
                f"The sheet “{self._sheet.title}” of {path.name} is empty.", "Name another with --sheet."
            )
        while not self.headings[-1]:
            self.headings.pop()

    def _numbered(self) -> Iterator[tuple[int, Row]]:
        """Rows with their number, from the first to the last that hold something."""
        blank: list[tuple[int, Row]] = []
        has_begun = False
        try:
            for number, row in enumerate(self._sheet.iter_rows(values_only=True), start=1):
                if all(value is None or value == "" for value in row):
                    blank.append((number, ()))
                    continue
                if has_begun:
                    yield from blank
                blank.clear()
                has_begun = True
                yield number, row
        except OSError:
            raise
        except Exception:
            raise Mistake(
                f"{self._path.name} is damaged: the sheet “{self._sheet.title}” cannot be read to its end.",
                "Save it anew as .xlsx.",
            ) from None

    def parts(self) -> Iterator[Part]:
        rows: list[Row] = []
        width, number = len(self.headings), self._first
        with _told(self._path):
            for number, row in self._rows:
                if any(value is not None and value != "" for value in row[width:]):
                    from openpyxl.utils import get_column_letter

                    at = next(i for i in range(width, len(row)) if row[i] not in (None, ""))
                    raise Mistake(
                        f"{self._path.name} has a value in cell {get_column_letter(at + 1)}{number}, in a column "
                        "without a heading.",
                        "Give the column a heading, or empty the cell.",
                    )
                rows.append((*map(_kept, row[:width]), *[None] * (width - len(row))))
                if len(rows) == _EXCEL_ROWS:
                    yield self._part(rows, number)
                    rows = []
            if rows:
                yield self._part(rows, number)

    def _part(self, rows: list[Row], number: int) -> Part:
        def read() -> Rows:
            columns = [
                pa.array([_cell(row[i]) for row in rows], pa.string()) for i in range(len(self.headings))
            ]
            return Rows(pa.table(columns, names=self.headings), rows)

        return Part(read, min(number - 1, self.size))

    def row_of(self, record: int) -> int:
        return self._first + record


def _chosen_sheet(path: Path, sheets: Sequence[Any], wanted: str | None) -> Any:
    named = {sheet.title: sheet for sheet in sheets}
    if wanted is not None and wanted not in named:
        nearest = nearest_name(wanted, named)
        hint = f" Nearest: “{nearest}”." if nearest else ""
        raise Mistake(f"{path.name} has no sheet “{wanted}”.{hint}", f"It has: {', '.join(named)}.")
    if wanted is not None:
        return named[wanted]
    visible = [sheet for sheet in sheets if sheet.sheet_state == "visible"]
    if not visible:
        raise Mistake(f"{path.name} shows no sheet with cells.", "Name a hidden one with --sheet.")
    return visible[0]


def _note(chosen: Any, sheets: Sequence[Any]) -> str:
    others = [f"“{sheet.title}”" for sheet in sheets if sheet is not chosen]
    if not others:
        return ""
    told = ", ".join(others[:_HEADINGS_TOLD])
    return f"Only the sheet “{chosen.title}” was read, not {told}. Another is named with --sheet."


# A formula whose result was never saved: nothing stands between it and the end of its cell.
_UNCALCULATED = re.compile(
    rb'<c r="([A-Z]+[0-9]+)"[^>]*><f(?:[^>]*/>|[^>]*>[^<]*</f>)(?:<v ?/>|<v></v>)?</c>'
)


def _refuse_uncalculated(path: Path, sheet: Any) -> None:
    """A formula without its result would be read as a blank cell."""
    try:
        with zipfile.ZipFile(path) as package, package.open(sheet._worksheet_path) as file:
            left = b""
            while block := file.read(2**22):
                text = left + block
                if found := _UNCALCULATED.search(text):
                    raise Mistake(
                        f"Cell {found[1].decode()} of {path.name} holds a formula without its result.",
                        "Open the workbook in Excel, save it, and try again.",
                    )
                left = text[-(2**16) :]
    except (zipfile.BadZipFile, KeyError, EOFError):
        return


def _kept(value: object) -> object:
    """A cell as it is kept: Excel knows no dates, only moments shown as dates."""
    return value.date() if isinstance(value, dt.datetime) and value.time() == dt.time() else value


def _cell(value: object) -> str:
    """A cell as text; dates as ISO 8601."""
    match value:
        case None:
            return ""
        case bool():
            return "TRUE" if value else "FALSE"
        case float() if value.is_integer():
            return str(int(value))
        case dt.datetime():
            return _cell(value.date()) if value.time() == dt.time() else value.isoformat(sep=" ")
    return str(value)
