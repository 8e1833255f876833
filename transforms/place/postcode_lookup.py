"""Cells → what the directory says of the postcode in each, many at a time.

Most cells are settled in compiled loops that read the text where Arrow keeps it. A cell that is neither
listed nor plainly a postcode is read as words, once for each different text.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import partial

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from transforms.parsers.postcodes import PostcodeRule, bare, find_postcode, visible
from transforms.place import postcode_key as key
from transforms.place.postcode_directory import Entries, PostcodeDirectory

RULES = tuple(PostcodeRule)
# Rows a thread takes at a time.
_PORTION = 2**16
# From so many rows on, a copy of the slots in memory of our own pays: larger pages, fewer misses.
_MANY = 2**20

_Tables = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]


@dataclass(frozen=True)
class Found(Entries):
    """What the directory holds for each cell, and how the cell was read, as arrays of equal length.

    ``rule`` (uint8, place in ``RULES``) and ``key`` (uint64, the postcode as a number, 0 when the cell holds
    none). Without keys, ``slot`` and ``key`` are empty arrays: less to write where places alone are wanted.
    """

    rule: np.ndarray
    key: np.ndarray

    @classmethod
    def room_for(cls, rows: int, *, with_keys: bool) -> Found:
        """Empty arrays for so many rows."""
        of_keys = rows if with_keys else 0
        return cls(
            slot=pooled(of_keys, np.int32), easting=pooled(rows, np.int32), northing=pooled(rows, np.int32),
            authority=pooled(rows, np.uint16), state=pooled(rows, np.uint8), rule=pooled(rows, np.uint8),
            key=pooled(of_keys, np.uint64),
        )  # fmt: skip

    def postcodes(self) -> pa.Array:
        """The postcodes in standard form; null where a cell holds none."""
        from transforms.place.postcode_kernels import spell

        offsets, text = pooled(len(self.key) + 1, np.int32), pooled(len(self.key) * 8, np.uint8)
        size = spell(self.key, key.characters_of_pairs(), offsets, np.uint64(text.ctypes.data))
        missing = self.key == 0
        valid = pa.py_buffer(np.packbits(~missing, bitorder="little")) if missing.any() else None
        buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(text[:size])]
        return pa.Array.from_buffers(pa.string(), len(self.key), buffers)


def find_postcodes(
    cells: pa.Array | pa.ChunkedArray,
    directory: PostcodeDirectory,
    *,
    threads: int = 1,
    with_keys: bool = True,
) -> Found:
    """Look up the postcode in each cell of a text column.

    ``threads`` is how many processors may be used; the result does not depend on it.
    """
    parts = cells.chunks if isinstance(cells, pa.ChunkedArray) else [cells]
    found = Found.room_for(len(cells), with_keys=with_keys)
    directory = directory.in_memory if len(cells) >= _MANY else directory
    begin = 0
    for part in parts:
        _find_in(_as_text(part), directory, _slice(found, begin, begin + len(part)), threads)
        begin += len(part)
    return found


def all_processors() -> int:
    """How many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _as_text(part: pa.Array) -> pa.Array:
    if pa.types.is_string(part.type) or pa.types.is_large_string(part.type):
        return part
    return part.cast(pa.string()) if len(part) else pa.array([], pa.string())


def pooled(rows: int, kind: type[np.generic]) -> np.ndarray:
    """An array from Arrow's pool, which hands memory out again: fresh pages cost as much as a third of a lookup."""
    return np.ndarray(rows, kind, pa.allocate_buffer(rows * np.dtype(kind).itemsize))


def _slice(found: Found, begin: int, end: int) -> Found:
    return Found(*(values[begin:end] for values in vars(found).values()))


@dataclass(frozen=True)
class _Text:
    """A text column as the inner loops see it; ``begin`` is its first row within the output."""

    offsets: np.ndarray
    text: np.ndarray
    valid: np.ndarray
    valid_from: int
    has_nulls: bool
    begin: int
    base: int

    @property
    def rows(self) -> int:
        return len(self.offsets) - 1

    @property
    def address(self) -> np.uint64:
        return np.uint64(self.text.ctypes.data - self.base)


def _texts(part: pa.Array) -> Iterator[_Text]:
    """The rows that may be read where they stand, then the last few from a copy with room behind it.

    The inner loop reads ``LONGEST_ALONE`` bytes from any row's start.
    """
    valid, offsets, text = part.buffers()
    kind = np.dtype(np.int64 if pa.types.is_large_string(part.type) else np.int32)
    starts = np.frombuffer(offsets, kind, len(part) + 1, part.offset * kind.itemsize)
    letters = key.frozen(np.frombuffer(text, np.uint8) if text is not None else np.zeros(0, np.uint8))
    bits = np.frombuffer(valid, np.uint8) if valid is not None else np.zeros(1, np.uint8)
    has_nulls = valid is not None and part.null_count > 0
    safe = int(np.searchsorted(starts[:-1], kind.type(len(letters) - key.LONGEST_ALONE), side="right"))
    if safe:
        yield _Text(key.frozen(starts[: safe + 1]), letters, key.frozen(bits), part.offset, has_nulls, 0, 0)
    if safe < len(part):
        base = int(starts[safe])
        tail = np.concatenate([letters[base : int(starts[-1])], np.zeros(key.LONGEST_ALONE, np.uint8)])
        yield _Text(
            key.frozen(starts[safe:]),
            key.frozen(tail),
            key.frozen(bits),
            part.offset + safe,
            has_nulls,
            safe,
            base,
        )


def _find_in(part: pa.Array, directory: PostcodeDirectory, found: Found, threads: int) -> None:
    if not len(part):
        return
    hard: list[np.ndarray] = []
    for text in _texts(part):
        here = _slice(found, text.begin, text.begin + text.rows)
        work = partial(_find_portion, text, directory, here)
        if threads == 1 or text.rows <= _PORTION:
            left = [work(begin) for begin in range(0, text.rows, _PORTION)]
        else:
            with ThreadPoolExecutor(threads) as pool:
                left = list(pool.map(work, range(0, text.rows, _PORTION)))
        hard += [rows.astype(np.int64) + text.begin for rows in left if len(rows)]
    if hard:
        _read_words(part, directory, found, np.concatenate(hard))


def _tables(directory: PostcodeDirectory) -> _Tables:
    """What turns a key into a slot: units, outward codes, sectors and the slots themselves."""
    return (
        key.frozen(key.units_of_inward()), key.frozen(directory.outward), key.frozen(directory.sectors),
        key.frozen(directory.slots),
    )  # fmt: skip


def _find_portion(text: _Text, directory: PostcodeDirectory, found: Found, begin: int) -> np.ndarray:
    """Settle the rows of one portion; returns those that only their words can settle."""
    from transforms.place.postcode_kernels import find

    end = min(begin + _PORTION, text.rows)
    unsettled = np.empty(end - begin + 1, np.int32)
    outputs = (
        found.slot, found.easting, found.northing, found.authority, found.state, found.key, len(found.key) > 0,
        found.rule, unsettled,
    )  # fmt: skip
    count = find(
        text.offsets, text.address, text.valid, text.valid_from, text.has_nulls,
        *directory.form, key.frozen(directory.slots), *outputs, begin, end,
    )  # fmt: skip
    if count:
        from transforms.place.postcode_settle_kernels import settle

        count = settle(
            text.offsets, text.address, text.text, text.base, *_reading_tables(), *_tables(directory),
            key.frozen(directory.mistakable), *outputs, count,
        )  # fmt: skip
    return unsettled[:count]


def _reading_tables() -> _Tables:
    """What turns the bytes of a text into a key, and tells how it is spaced."""
    tables = key.masks_of_length(), key.steps_of_byte_pairs(), key.letters_of_shapes(), key.worth_of_bytes()
    masks, steps, shapes, worth = map(key.frozen, tables)
    return masks, steps, shapes, worth


def _read_words(part: pa.Array, directory: PostcodeDirectory, found: Found, rows: np.ndarray) -> None:
    """Settle rows by their words, each different text once."""
    texts = part.take(pa.array(rows))
    different = pc.unique(texts)
    keys, rules = read_words([text or "" for text in different.to_pylist()], directory)
    which = pc.index_in(texts, different).to_numpy()
    entries = directory.entries(directory.slots_of(keys)[which])
    for name in ("easting", "northing", "authority", "state"):
        getattr(found, name)[rows] = getattr(entries, name)
    found.rule[rows] = rules[which]
    if len(found.key):
        found.slot[rows] = entries.slot
        found.key[rows] = keys[which]


def read_words(texts: Sequence[str], directory: PostcodeDirectory) -> tuple[np.ndarray, np.ndarray]:
    """Key (uint64, 0 for none) and rule (uint8, place in ``RULES``) of any texts, read word by word.

    It agrees with the compiled loops on every text; they only spare the work. Where a text holds no listed
    postcode, the whole of it and then its last words are tried with O and 0, I and 1 swapped: a misread
    postcode is taken only when exactly one in use fits.
    """
    read = [find_postcode(text) for text in texts]
    keys = np.array([key.key_of(postcode) for postcode, _ in read], np.uint64)
    rules = np.array([RULES.index(rule) for _, rule in read], np.uint8)
    is_settled = directory.slots[directory.slots_of(keys)] > 0
    is_settled |= np.isin(rules, [RULES.index(rule) for rule in (PostcodeRule.MISSING, PostcodeRule.SEVERAL)])
    tables = _tables(directory)
    for index in np.flatnonzero(~is_settled).tolist():
        if fits := _repaired(texts[index], tables):
            keys[index], rules[index] = fits, RULES.index(PostcodeRule.REPAIRED)
    return keys, rules


def _repaired(text: str, tables: _Tables) -> int:
    """Key of the one postcode in use that a misread text or its last words may mean; 0 for none."""
    from transforms.place.postcode_settle_kernels import repaired

    words = visible(text).split()
    for tail in dict.fromkeys(("".join(words), "".join(words[-2:]), "".join(words[-1:]))):
        misread = bare(tail)
        if len(misread) <= key.LONGEST_POSTCODE:
            room = np.zeros(8, np.uint64), np.zeros(8, np.int64)
            if fits := int(repaired(np.uint64(key.key_of(misread)), *room, *tables)):
                return fits
    return 0
