"""Writing large tables a part at a time: CSV, Excel and Parquet. Nothing stands under its name before it is whole."""

from __future__ import annotations

import datetime as dt
import secrets
from abc import ABC, abstractmethod
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.fs
import pyarrow.parquet as pq

from flows.csv_text import BYTE_ORDER_MARK
from flows.errors import Mistake, RunAborted
from flows.table_readers import CSV, EXCEL, PARQUET, Rows

try:
    import fcntl
except ImportError:  # Windows, where a file that is open cannot be removed by another anyway.
    fcntl = None  # type: ignore[assignment]

# Names of unfinished files: beside the file they become, since a file is renamed within one disk only.
_DRAFT = ".squaremile-{}.part"
# Rows joined into text at a time: far below the 2 GB of text that one array holds.
_JOINED_ROWS = 2**14
_EXCEL_ROWS, _EXCEL_COLUMNS, _EXCEL_CHARACTERS = 1_048_576, 16_384, 32_767
# Excel keeps fifteen digits of a number and dates from 1900.
_EXCEL_DIGITS, _EXCEL_FIRST_YEAR = 15, 1900
_EXCEL_ROWS_AT_ONCE = 2**12


class Sink(ABC):
    """A table being written, part after part."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._draft = path.with_name(_DRAFT.format(secrets.token_hex(4)))

    @abstractmethod
    def _begin(self, table: pa.Table) -> None:
        """Take the columns of the first part."""

    @abstractmethod
    def _add(self, rows: Rows) -> None:
        """Add rows."""

    @abstractmethod
    def _end(self) -> None:
        """Finish the draft."""

    @abstractmethod
    def _close(self) -> None:
        """Close what is still open, for good or ill."""

    _has_begun = False

    def write(self, rows: Rows) -> None:
        """Add rows; the first ones say which columns there are."""
        with _told(self.path):
            if not self._has_begun:
                self._begin(rows.table)
                self._has_begun = True
            self._add(rows)

    def __enter__(self) -> Sink:
        with _told(self.path):
            _sweep(self.path.parent)
            self._lock = self._draft.open("xb")
            if fcntl:
                with suppress(OSError):
                    fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            if kind is None:
                with _told(self.path):
                    self._end()
                    if not fcntl:
                        self._lock.close()
                    self._draft.replace(self.path)
        finally:
            with suppress(Exception):
                self._close()
            self._lock.close()
            with suppress(OSError):
                self._draft.unlink(missing_ok=True)


def _sweep(folder: Path) -> None:
    """Remove drafts that killed runs left behind; those of living ones are locked."""
    for draft in folder.glob(_DRAFT.format("*")):
        with suppress(OSError), draft.open("rb") as file:
            if fcntl:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            draft.unlink()


@contextmanager
def _told(path: Path) -> Iterator[None]:
    try:
        yield
    except PermissionError as error:
        raise Mistake(
            f"{path} cannot be written: {error.strerror}.",
            "Name a folder of your own with --out, or close the file if it is open elsewhere.",
        ) from None
    except OSError as error:
        raise RunAborted(
            f"{path} could not be written: {error.strerror or 'the disk does not answer'}.",
            "Free space or name another disk with --out. Nothing was left behind.",
        ) from None


def open_sink(path: Path, *, has_mark: bool = False) -> Sink:
    """Where to write a table, by the file's ending. ``has_mark``: a CSV begins with a byte-order mark."""
    kind = path.suffix.lower()
    if kind not in (CSV, EXCEL, PARQUET):
        raise Mistake(
            f"{path.name} would not be a CSV, Excel or Parquet file.", "End it in .csv, .xlsx or .parquet."
        )
    if path.is_dir():
        raise Mistake(f"{path} is a folder.", "Name a file with --out.")
    if not path.parent.is_dir():
        raise Mistake(f"There is no folder {path.parent}.", "Make it, or name another with --out.")
    if kind == CSV:
        return _CsvSink(path, has_mark=has_mark)
    return _ExcelSink(path) if kind == EXCEL else _ParquetSink(path)


class _ParquetSink(Sink):
    def _begin(self, table: pa.Table) -> None:
        # One thread writes, and is what others wait for. A dictionary of texts that hardly repeat, and the
        # least and greatest of values in no order, cost more than reading and placing together.
        repeating = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
        numbers = [field.name for field in table.schema if field.type in (pa.float32(), pa.float64())]
        # Appended to, since a file that was cut to nothing is brought to disk when it is closed.
        self._file = pa.fs.LocalFileSystem().open_append_stream(str(self._draft))
        self._writer = pq.ParquetWriter(
            self._file,
            table.schema,
            compression="snappy",
            use_dictionary=repeating,
            # Byte by byte, numbers take a third less of the disk, and less time to press.
            column_encoding=dict.fromkeys(numbers, "BYTE_STREAM_SPLIT"),
            write_statistics=False,
        )

    def _add(self, rows: Rows) -> None:
        self._writer.write_table(rows.table)

    def _end(self) -> None:
        self._writer.close()
        self._file.close()

    def _close(self) -> None:
        self._writer.close()
        self._file.close()


class _CsvSink(Sink):
    def __init__(self, path: Path, *, has_mark: bool) -> None:
        super().__init__(path)
        self._has_mark = has_mark

    def _begin(self, table: pa.Table) -> None:
        _refuse_nested(self.path, table)
        self._file: IO[bytes] = self._draft.open("ab")
        if self._has_mark:
            self._file.write(BYTE_ORDER_MARK)
        self._file.write(csv_headings(table.column_names))

    def _add(self, rows: Rows) -> None:
        for lines in csv_lines(rows.table):
            self._file.write(lines)

    def _end(self) -> None:
        self._file.close()

    def _close(self) -> None:
        self._file.close()


def csv_headings(names: Sequence[str]) -> pa.Buffer:
    """The first line of a CSV."""
    (line,) = csv_lines(
        pa.table([pa.array([name]) for name in names], names=list(map(str, range(len(names)))))
    )
    return line


def csv_lines(table: pa.Table) -> Iterator[pa.Buffer]:
    """Rows as CSV in UTF-8: commas, quotation marks where a cell needs them and nowhere else."""
    for begin in range(0, table.num_rows, _JOINED_ROWS):
        some = table.slice(begin, _JOINED_ROWS)
        cells = [_quoted(_as_text(some[i], name)) for i, name in enumerate(some.column_names)]
        joined = pc.binary_join_element_wise(*cells, ",", null_handling="replace", null_replacement="")
        # The empty text at the end makes a line break end the last row too.
        rows = pa.concat_arrays([joined, pa.array([""])])
        lines = pa.ListArray.from_arrays(pa.array([0, len(rows)], pa.int32()), rows)
        yield pc.binary_join(lines, "\n")[0].as_buffer()


def _refuse_nested(path: Path, table: pa.Table) -> None:
    for field in table.schema:
        if pa.types.is_nested(field.type) or pa.types.is_interval(field.type):
            raise Mistake(
                f"The column “{field.name}” holds lists or records, which {path.suffix} cannot keep.",
                "Write to .parquet instead.",
            )


def _as_text(column: pa.ChunkedArray, name: str) -> pa.Array:
    whole = column.combine_chunks()
    plain = whole.dictionary_decode() if pa.types.is_dictionary(whole.type) else whole
    try:
        return plain if pa.types.is_string(plain.type) else plain.cast(pa.string())
    except pa.ArrowInvalid:
        raise Mistake(
            f"The column “{name}” holds bytes that are no text.", "Write to .parquet instead."
        ) from None


def _quoted(cells: pa.Array) -> pa.Array:
    """Cells with quotation marks around those that hold a comma, a quotation mark or a line break."""
    _, offsets, text = cells.buffers()
    first, last = np.frombuffer(offsets, np.int32)[[cells.offset, cells.offset + len(cells)]]
    written = bytes(text[first:last]) if text else b""
    if not any(special in written for special in (b",", b'"', b"\n", b"\r")):
        return cells
    marked = pc.binary_join_element_wise('"', pc.replace_substring(cells, '"', '""'), '"', "")
    return pc.if_else(pc.match_substring_regex(cells, '[,"\r\n]'), marked, cells)


class _ExcelSink(Sink):
    """One sheet; text stays text, whatever it begins with."""

    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook

        super().__init__(path)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Geocoded")
        self._sheet.freeze_panes = "A2"
        self._rows = 1

    def _begin(self, table: pa.Table) -> None:
        _refuse_nested(self.path, table)
        if table.num_columns > _EXCEL_COLUMNS:
            raise Mistake(
                f"An Excel sheet holds {_EXCEL_COLUMNS:,} columns, and there are {table.num_columns:,}.",
                "Write to .csv or .parquet instead.",
            )
        self._headings = table.column_names
        self._sheet.append([self._cell(name, name) for name in self._headings])

    def _add(self, rows: Rows) -> None:
        if self._rows + rows.table.num_rows > _EXCEL_ROWS:
            raise Mistake(
                "An Excel sheet holds a million rows, and there are more.",
                "Write to .csv or .parquet instead.",
            )
        width = len(rows.cells[0]) if rows.cells else 0
        added = rows.table.select(range(width, rows.table.num_columns))
        for begin in range(0, rows.table.num_rows, _EXCEL_ROWS_AT_ONCE):
            some = added.slice(begin, _EXCEL_ROWS_AT_ONCE)
            given: Sequence[Sequence[Any]] = (
                rows.cells[begin : begin + _EXCEL_ROWS_AT_ONCE] if rows.cells else [()] * some.num_rows
            )
            ours = zip(*(column.to_pylist() for column in some.columns), strict=True)
            for before, after in zip(given, ours, strict=True):
                self._rows += 1
                values = (*before, *after)
                self._sheet.append(list(map(self._cell, values, self._headings)))

    def _cell(self, value: Any, heading: str) -> Any:
        """A value as Excel can keep it."""
        value = _for_excel(value)
        if isinstance(value, bytes):
            try:
                value = value.decode("utf-8")
            except UnicodeDecodeError:
                self._refuse(heading, "holds bytes that are no text")
        if not isinstance(value, str):
            return value
        from openpyxl.cell import WriteOnlyCell
        from openpyxl.utils.exceptions import IllegalCharacterError

        if len(value) > _EXCEL_CHARACTERS:
            self._refuse(heading, f"holds {len(value):,} characters, and Excel keeps {_EXCEL_CHARACTERS:,}")
        try:
            cell = WriteOnlyCell(self._sheet, value)
        except IllegalCharacterError:
            self._refuse(heading, "holds a control character, which Excel does not take")
        cell.data_type = "s"
        return cell

    def _refuse(self, heading: str, words: str) -> None:
        raise Mistake(
            f"The cell in row {self._rows:,} under “{heading}” {words}.", "Write to .csv or .parquet."
        )

    def _end(self) -> None:
        self._book.save(self._draft)

    def _close(self) -> None:
        self._sheet.close()


def _for_excel(value: Any) -> Any:
    match value:
        case bool():
            return value
        case int() if abs(value) >= 10**_EXCEL_DIGITS:
            return str(value)
        case float() if value != value or value in (float("inf"), float("-inf")):
            return str(value)
        case dt.datetime() if value.tzinfo is not None or value.year < _EXCEL_FIRST_YEAR:
            return value.isoformat(sep=" ")
        case dt.date() if value.year < _EXCEL_FIRST_YEAR:
            return value.isoformat()
    return value
