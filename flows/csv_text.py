"""The text of a CSV in chunks of whole rows, however its cells hold line breaks; and which row a byte is in.

What could be read in two ways is refused with its row. Rows count as a spreadsheet shows them: the headings
are row 1, empty lines count, a line break within a cell does not.
"""

from __future__ import annotations

import codecs
import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from flows.errors import Mistake

# Bytes read at a time.
BLOCK = 8 * 2**20
LONGEST_ROW = 64 * 2**20
LONGEST_HEADINGS = 2**20
DELIMITERS = ",;\t|"
BYTE_ORDER_MARK = b"\xef\xbb\xbf"
_UTF_16 = (b"\xff\xfe", b"\xfe\xff")
# Up to the first line break that is not within quotation marks.
_FIRST_ROW = re.compile(rb'(?:"(?:[^"]|"")*"|[^"\r\n])*+')
_LINE_BREAK = re.compile(rb"\r\n|\r|\n")
_WITHIN_QUOTES = re.compile(r'"[^"]*"')


@dataclass(frozen=True)
class Chunk:
    """Whole rows as UTF-8, where they begin after the headings, and how far into the file they end."""

    text: bytes
    begin: int
    position: int


@dataclass(frozen=True)
class Fault:
    """What cannot be read, in words that follow “Row 7 of x.csv”.

    ``begin`` is where a row begins, ``before`` what stands between there and the fault.
    """

    words: str
    what_to_do: str
    begin: int
    before: bytes


@dataclass(frozen=True)
class _Walked:
    """What ``csv_kernels.walk`` found."""

    over: int
    broken: int
    opened: int
    rows: int
    records: int
    ragged: int
    ragged_cells: int


class CsvText:
    """One CSV file: its headings, its delimiter, and its rows in chunks."""

    def __init__(self, path: Path, encoding: str) -> None:
        self.path, self.encoding = path, _text_encoding(encoding)
        self.size = path.stat().st_size
        start = self._start()
        self.has_mark = start.startswith(BYTE_ORDER_MARK)
        mark = len(BYTE_ORDER_MARK) if self.has_mark else 0
        blank = len(start) - len(start[mark:].lstrip(b"\r\n"))
        row = self._first_row(start, blank)
        end = blank + len(row)
        after = start[end : end + 2]
        # Old Macs ended lines in a return alone.
        self._line_end = b"\r" if after.startswith(b"\r") and after != b"\r\n" else b"\n"
        self._begin = end + (2 if after == b"\r\n" else len(after[:1]))
        self._rows_before = len(_LINE_BREAK.findall(start[mark:blank])) + 1
        try:
            text = row.decode("utf-8")
        except UnicodeDecodeError:
            raise self._refused(self._not_so_encoded(0, b""), row=self._rows_before) from None
        self.delimiter = max(DELIMITERS, key=_WITHIN_QUOTES.sub("", text).count)
        try:
            self.headings = next(csv.reader(io.StringIO(text, newline=""), delimiter=self.delimiter))
        except csv.Error:
            raise Mistake(
                f"A heading of {path.name} is too long to be one.", "Correct the first row."
            ) from None

    def _start(self) -> bytes:
        """The file's beginning as UTF-8, long enough for any headings."""
        start = b""
        for block, _, _ in self._blocks():
            start += block
            if len(start) > LONGEST_HEADINGS:
                break
        if b"\0" in start and start.startswith(_UTF_16):
            raise Mistake(
                f"{self.path.name} is written in UTF-16.",
                "Add --encoding utf-16, or save it as CSV UTF-8.",
            )
        if b"\0" in start:
            raise Mistake(f"{self.path.name} is not plain text.", "Save it as CSV UTF-8.")
        return start

    def _first_row(self, start: bytes, begin: int) -> bytes:
        row = _FIRST_ROW.match(start, begin)[0]  # type: ignore[index]
        after = start[begin + len(row) : begin + len(row) + 1]
        if not after and len(start) > LONGEST_HEADINGS:
            raise Mistake(
                f"The first row of {self.path.name} does not end within 1 MB, so it cannot be headings.",
                "Check that it is a CSV, with headings in its first row.",
            )
        if after == b'"':
            raise Mistake(
                f"A quotation mark in the headings of {self.path.name} is never closed.",
                "Correct the first row.",
            )
        if not row:
            raise Mistake(f"{self.path.name} is empty.", "Check that the export is whole.")
        return row

    def _blocks(self) -> Iterator[tuple[bytes, int, bool]]:
        """Blocks as UTF-8, how far into the file each ends, and whether what follows it can be decoded."""
        with self.path.open("rb") as file:
            if self.encoding == "utf-8":
                while block := file.read(BLOCK):
                    yield block, file.tell(), True
                return
            decoder = codecs.getincrementaldecoder(self.encoding)()
            raw = b"?"
            while raw:
                raw = file.read(BLOCK)
                try:
                    block = decoder.decode(raw, not raw).encode("utf-8")
                except UnicodeError as error:
                    good = error.object[: error.start] if isinstance(error, UnicodeDecodeError) else b""
                    yield good.decode(self.encoding, "replace").encode("utf-8"), file.tell(), False
                    return
                yield block, file.tell(), True

    def chunks(self) -> Iterator[Chunk]:
        """The rows after the headings. Raises ``Mistake`` where they cannot be read."""
        for found in self._chunks_and_fault():
            if isinstance(found, Fault):
                raise self._refused(found)
            yield found

    def _chunks_and_fault(self) -> Iterator[Chunk | Fault]:
        """Chunks; a fault ends them."""
        skip, begin, left = self._begin, 0, b""
        for block, position, is_decoded in self._blocks():
            text = left + block[skip:] if left or skip else block
            skip = max(skip - len(block), 0)
            over, fault = self._over(text, begin)
            if over:
                yield Chunk(text[:over], begin, position)
            begin, left = begin + over, text[over:]
            if not is_decoded:
                fault = fault or self._not_so_encoded(begin, left)
            elif len(left) > LONGEST_ROW:
                fault = fault or Fault(
                    f"is longer than {LONGEST_ROW >> 20} MB",
                    "Look for a quotation mark that is never closed.",
                    begin,
                    b"",
                )
            if fault:
                yield fault
                return
        if left and self._walk(left).opened >= 0:
            yield Fault("has a quotation mark that is never closed", "Close it, or remove it.", begin, b"")
        elif left:
            yield Chunk(left, begin, self.size)

    def _over(self, text: bytes, begin: int) -> tuple[int, Fault | None]:
        """Where the last whole row of a text is over, and what cannot be read."""
        if b"\0" in text:
            words = "holds a NUL, which no text does"
            return 0, Fault(words, "Export the file again.", begin, text[: text.index(b"\0")])
        if b'"' not in text:
            # A return at the very end may be the first half of a line break.
            return text.rfind(self._line_end, 0, len(text) - (self._line_end == b"\r")) + 1, None
        walked = self._walk(text)
        if walked.broken < 0:
            return walked.over, None
        return 0, Fault(
            "has text after the closing quotation mark of a cell",
            "Write a quotation mark within a quoted cell twice; or look for one that is never closed.",
            begin,
            text[: walked.broken],
        )

    def _walk(self, text: bytes, records_wanted: int = -1) -> _Walked:
        from flows.csv_kernels import walk

        codes, delimiter, end = np.frombuffer(text, np.uint8), ord(self.delimiter), ord(self._line_end)
        return _Walked(*map(int, walk(codes, delimiter, end, len(self.headings), records_wanted)))

    def _ended(self, text: bytes) -> bytes:
        return text if text.endswith((b"\r", b"\n")) else text + self._line_end

    def _not_so_encoded(self, begin: int, before: bytes) -> Fault:
        named = "UTF-8" if self.encoding == "utf-8" else self.encoding
        return Fault(
            f"is not written in {named}",
            "Name how it is written, for example --encoding cp1252, which is usual for Excel on Windows.",
            begin,
            before,
        )

    def _refused(self, fault: Fault, row: int = 0) -> Mistake:
        number = row or self._row_of_fault(fault)
        return Mistake(f"Row {number:,} of {self.path.name} {fault.words}.", fault.what_to_do)

    def _row_of_fault(self, fault: Fault) -> int:
        rows = self._rows_before
        for chunk in self._chunks_and_fault():
            if isinstance(chunk, Fault) or chunk.begin >= fault.begin:
                break
            rows += self._walk(self._ended(chunk.text)).rows
        return rows + self._walk(fault.before).rows + 1

    def unreadable(self, chunk: Chunk) -> Mistake:
        """Why a chunk could not be read into columns."""
        try:
            chunk.text.decode("utf-8")
        except UnicodeDecodeError as error:
            return self._refused(self._not_so_encoded(chunk.begin, chunk.text[: error.start]))
        walked, width = self._walk(self._ended(chunk.text)), len(self.headings)
        return self._refused(
            Fault(
                f"has {walked.ragged_cells} cell{'s' * (walked.ragged_cells != 1)} where the headings name {width}",
                "Put a cell that holds a separator within quotation marks, or fill in what is missing.",
                chunk.begin,
                chunk.text[: max(walked.ragged, 0)],
            )
        )

    def row_of(self, record: int) -> int:
        """Number of the row of a record; records count from 0 and are the rows that hold something."""
        rows, left = self._rows_before, record + 1
        for chunk in self.chunks():
            walked = self._walk(self._ended(chunk.text), left)
            rows, left = rows + walked.rows, left - walked.records
            if not left:
                break
        return rows


def _text_encoding(name: str) -> str:
    """The usual name of a text encoding; one with a byte-order mark is read like the one without."""
    try:
        "".encode(name)
        found = codecs.lookup(name).name
    except (LookupError, ValueError):
        raise Mistake(
            f"There is no encoding “{name}”.", "Usual ones are utf-8, cp1252 (Excel on Windows) and utf-16."
        ) from None
    return "utf-8" if found in ("utf-8-sig", "ascii") else found
