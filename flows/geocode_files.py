"""Reading and writing large tables a part at a time: CSV, Excel and Parquet, each column kept as it is."""

from __future__ import annotations

import csv
import io
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.csv
import pyarrow.parquet as pq

from flows.errors import Mistake

CSV, EXCEL, PARQUET = ".csv", ".xlsx", ".parquet"
_DELIMITERS = ",;\t|"
# A part of a CSV in bytes, of other files in rows.
_BLOCK = 8 * 2**20
_LONGEST_RECORD = 8 * _BLOCK
_ROWS = 2**18
_EXCEL_ROWS = 1_048_575

Part = Callable[[], pa.Table]


class Source(ABC):
    """A table on disk, read from its beginning to its end in parts."""

    headings: list[str]
    size: int

    @abstractmethod
    def parts(self) -> Iterator[tuple[Part, int]]:
        """Each part as something that reads it (on any thread), and how far into the file it ends."""


def open_source(path: Path, encoding: str) -> Source:
    """The table in a file, by its ending."""
    if not path.is_file():
        raise Mistake(f"There is no file {path}.", "Check the name and the folder.")
    kinds: dict[str, Callable[[], Source]] = {
        CSV: lambda: _Csv(path, encoding), EXCEL: lambda: _Excel(path), PARQUET: lambda: _Parquet(path)
    }  # fmt: skip
    if path.suffix.lower() not in kinds:
        raise Mistake(
            f"{path.name} is not a CSV, Excel or Parquet file.", "Give a .csv, .xlsx or .parquet file."
        )
    return kinds[path.suffix.lower()]()


class _Csv(Source):
    """Text cells, exactly as written. Parts end where a record ends, also where cells hold line breaks."""

    def __init__(self, path: Path, encoding: str) -> None:
        self._path, self._encoding = path, encoding
        self.size = path.stat().st_size
        with path.open("rb") as file:
            start = file.read(2**20)
        if b"\0" in start:
            raise Mistake(f"{path.name} is not plain text.", "Save it as CSV in UTF-8.")
        self._skip = 3 if start.startswith(b"\xef\xbb\xbf") else 0
        first_line, self._header_bytes = _first_record(start[self._skip :])
        try:
            text = first_line.decode(encoding)
        except UnicodeDecodeError:
            raise self._not_in(encoding) from None
        self._delimiter = max(_DELIMITERS, key=text.count)
        self.headings = next(csv.reader(io.StringIO(text), delimiter=self._delimiter), [])
        if not self.headings or len(set(self.headings)) < len(self.headings):
            raise Mistake(
                f"The headings of {path.name} are missing or not all different.", "Correct the first line."
            )

    def _not_in(self, encoding: str) -> Mistake:
        return Mistake(
            f"{self._path.name} is not written in {encoding}.",
            "Name its encoding, for example --encoding cp1252.",
        )

    def parts(self) -> Iterator[tuple[Part, int]]:
        with self._path.open("rb") as file:
            file.seek(self._skip + self._header_bytes)
            left = b""
            while block := file.read(_BLOCK):
                whole, left = _whole_records(left + block)
                if len(left) > _LONGEST_RECORD:
                    raise Mistake(
                        f"A quoted cell of {self._path.name} does not end within {_LONGEST_RECORD >> 20} MB.",
                        "Look for a quotation mark that stands alone.",
                    )
                if whole:
                    yield self._reader(whole), file.tell()
            if left.strip():
                yield self._reader(left), self.size

    def _reader(self, block: bytes) -> Part:
        def read() -> pa.Table:
            try:
                return pa.csv.read_csv(
                    io.BytesIO(block) if self._encoding != "utf-8" else pa.BufferReader(block),
                    pa.csv.ReadOptions(column_names=self.headings, use_threads=False, encoding=self._encoding,
                                       block_size=len(block) + 1),
                    pa.csv.ParseOptions(delimiter=self._delimiter, newlines_in_values=b'"' in block),
                    pa.csv.ConvertOptions(column_types=dict.fromkeys(self.headings, pa.string()),
                                          strings_can_be_null=False),
                )  # fmt: skip
            except pa.ArrowInvalid as error:
                if "UTF8" in str(error) or "decode" in str(error):
                    raise self._not_in(self._encoding) from None
                raise Mistake(
                    f"{self._path.name} has a row with more or fewer cells than the {len(self.headings)} headings.",
                    "Check for stray separators, or quote cells that hold one.",
                ) from None
            except UnicodeDecodeError:
                raise self._not_in(self._encoding) from None

        return read


def _first_record(start: bytes) -> tuple[bytes, int]:
    """The first line of a CSV, and its length with its line break."""
    end = start.find(b"\n")
    if end < 0:
        return start.rstrip(b"\r"), len(start)
    return start[:end].rstrip(b"\r"), end + 1


def _whole_records(block: bytes) -> tuple[bytes, bytes]:
    """A block up to its last line break that is not inside quotes, and the rest."""
    end = block.rfind(b"\n")
    # An even number of quotes before a line break means that no cell is open there.
    quotes = block.count(b'"', 0, end) if end > 0 else 0
    while end >= 0 and quotes % 2:
        before = block.rfind(b"\n", 0, end)
        quotes -= block.count(b'"', max(before, 0), end)
        end = before
    return block[: end + 1], block[end + 1 :]


class _Parquet(Source):
    """Typed columns, kept as they are."""

    def __init__(self, path: Path) -> None:
        try:
            self._file = pq.ParquetFile(path)
        except (pa.ArrowInvalid, OSError):
            raise Mistake(f"{path.name} is not a Parquet file.", "Check how it was made.") from None
        self.headings = self._file.schema_arrow.names
        self.size = self._file.metadata.num_rows

    def parts(self) -> Iterator[tuple[Part, int]]:
        done = 0
        for batch in self._file.iter_batches(_ROWS):
            done += batch.num_rows
            table = pa.Table.from_batches([batch])
            yield (lambda table=table: table), done


class _Excel(Source):
    """The first sheet, cells as text; numbers without a fraction lose their point."""

    def __init__(self, path: Path) -> None:
        from openpyxl import load_workbook

        try:
            self._sheet = load_workbook(path, read_only=True, data_only=True).worksheets[0]
        except Exception:
            raise Mistake(
                f"{path.name} cannot be opened as an Excel workbook.", "Save it anew as .xlsx."
            ) from None
        self._rows = self._sheet.iter_rows(values_only=True)
        self.headings = [_cell(value) for value in next(self._rows, ())]
        while self.headings and not self.headings[-1]:
            self.headings.pop()
        if not self.headings or len(set(self.headings)) < len(self.headings):
            raise Mistake(
                f"The headings of {path.name} are missing or not all different.", "Correct the first row."
            )
        self.size = max((self._sheet.max_row or 1) - 1, 1)

    def parts(self) -> Iterator[tuple[Part, int]]:
        done, width = 0, len(self.headings)
        rows: list[tuple[Any, ...]] = []

        def part() -> tuple[Part, int]:
            columns = [[_cell(row[i]) if i < len(row) else "" for row in rows] for i in range(width)]
            table = pa.table([pa.array(column, pa.string()) for column in columns], names=self.headings)
            return (lambda: table), done

        for row in self._rows:
            rows.append(row)
            done += 1
            if len(rows) == _ROWS:
                yield part()
                rows.clear()
        if rows:
            yield part()


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


class Sink(ABC):
    """A table being written, part after part; nothing stands under its name before it is whole."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._draft = path.with_name(f".{path.name}.part")
        self._draft.unlink(missing_ok=True)

    @abstractmethod
    def write(self, table: pa.Table) -> None:
        """Add rows."""

    @abstractmethod
    def _end(self) -> None:
        """Finish the draft."""

    def __enter__(self) -> Sink:
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        if kind is None:
            self._end()
            self._draft.replace(self._path)
            return
        with suppress(Exception):
            self._end()
        self._draft.unlink(missing_ok=True)


def open_sink(path: Path) -> Sink:
    """Where to write a table, by the file's ending."""
    kinds: dict[str, type[Sink]] = {CSV: _CsvSink, EXCEL: _ExcelSink, PARQUET: _ParquetSink}
    if path.suffix.lower() not in kinds:
        raise Mistake(
            f"{path.name} would not be a CSV, Excel or Parquet file.", "End it in .csv, .xlsx or .parquet."
        )
    if not path.parent.is_dir():
        raise Mistake(f"There is no folder {path.parent}.", "Make it, or name another.")
    return kinds[path.suffix.lower()](path)


class _ParquetSink(Sink):
    _writer: pq.ParquetWriter | None = None

    def write(self, table: pa.Table) -> None:
        if self._writer is None:
            # A dictionary of texts that hardly repeat, and the least and greatest of them, cost more than
            # reading and placing together.
            repeating = [field.name for field in table.schema if pa.types.is_dictionary(field.type)]
            numeric = [field.name for field in table.schema if pa.types.is_floating(field.type)]
            self._writer = pq.ParquetWriter(
                self._draft,
                table.schema,
                compression="snappy",
                use_dictionary=repeating,
                write_statistics=numeric,
            )
        self._writer.write_table(table)

    def _end(self) -> None:
        if self._writer is not None:
            self._writer.close()


class _CsvSink(Sink):
    _file: IO[bytes] | None = None

    def write(self, table: pa.Table) -> None:
        is_first = self._file is None
        if self._file is None:
            self._file = self._draft.open("wb")
        plain = pa.table([_decoded(column) for column in table.columns], names=table.column_names)
        pa.csv.write_csv(
            plain, self._file, pa.csv.WriteOptions(include_header=is_first, quoting_style="needed")
        )

    def _end(self) -> None:
        if self._file is not None:
            self._file.close()


def _decoded(column: pa.ChunkedArray) -> pa.ChunkedArray:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


class _ExcelSink(Sink):
    def __init__(self, path: Path) -> None:
        from openpyxl import Workbook

        super().__init__(path)
        self._book = Workbook(write_only=True)
        self._sheet = self._book.create_sheet("Geocoded")
        self._rows = 0

    def write(self, table: pa.Table) -> None:
        if not self._rows:
            self._sheet.append(table.column_names)
        self._rows += table.num_rows
        if self._rows > _EXCEL_ROWS:
            raise Mistake(
                "An Excel sheet holds no more than a million rows.", "Write to .csv or .parquet instead."
            )
        for row in zip(*(column.to_pylist() for column in table.columns), strict=True):
            self._sheet.append([self._text(value) if isinstance(value, str) else value for value in row])

    def _text(self, value: str) -> object:
        """A text cell that stays text, whatever it begins with."""
        from openpyxl.cell import WriteOnlyCell

        cell = WriteOnlyCell(self._sheet)
        cell.value, cell.data_type = value, "s"
        return cell

    def _end(self) -> None:
        self._book.save(self._draft)
