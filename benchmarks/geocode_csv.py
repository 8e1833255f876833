"""A CSV of venues to Parquet with ten columns more: ``geocode_file``, polars and DuckDB.

The reference is in memory before each is timed; every run has a process of its own and a small file to warm
up on. The joins need a table of everything that is added, worked out by our own code.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from geocode_lookup import read_table, write_table
from geocode_race import Contestant, Runner, Unequal

ADDED_TABLE = "added.arrow"
SMALL, SMALL_ROWS = "small", 1000
KEY, ID = "key", "id"
# Texts of which there are few: DuckDB and polars may keep them as numbers.
FEW = ("postcode_status", "lad_code", "zone", "geocode_method")


def contestants(name: str, rows: int, threads: tuple[int, ...]) -> list[Contestant]:
    """Who turns the CSV of that name into Parquet."""
    kinds = {"ours": "Ours", "DuckDB": "DuckDb", "polars": "Polars"}
    return [contestant(kinds[kind], kind, name, rows, count) for count in threads for kind in kinds]


def contestant(kind: str, name: str, file: str, rows: int, threads: int) -> Contestant:
    """One of them."""
    return Contestant(name, f"geocode_csv:{kind}", threads, {"file": file, "rows": rows})


def write_added(folder: Path) -> None:
    """Keep what is added to a row for each listed postcode, by the postcode without its space."""
    from flows.places import Places
    from flows.reference import Reference
    from transforms.place.columns import ADDED, added_columns, plain_name
    from transforms.place.evidence import place_by_postcode
    from transforms.place.postcode_lookup import Found

    ground = Reference(Places()).ground
    listed = ground.directory.listed()
    entries = ground.directory.entries(listed)
    rule = np.ones(len(listed), np.uint8)
    found = Found(**vars(entries), rule=rule, key=ground.directory.listed_keys())
    columns = [_plain(column) for column in added_columns(found, place_by_postcode(found, ground), ground)]
    names = [plain_name(column) for column in ADDED]
    bare = pc.replace_substring(columns[names.index("postal_code")], " ", "")
    write_table(folder / ADDED_TABLE, pa.table([*columns, bare], names=[*names, KEY]))


def output(folder: Path, file: str, name: str) -> Path:
    """Where a contestant writes."""
    return folder / f"{file}-{name}.parquet"


def check(folder: Path, file: str) -> None:
    """Compare what was written last, row for row and column for column. Raises ``Unequal``."""
    files = {name: output(folder, file, name) for name in ("ours", "DuckDB", "polars")}
    order = {name: np.argsort(_column(path, ID).cast(pa.int64()).to_numpy()) for name, path in files.items()}
    for heading in pq.read_schema(files["ours"]).names:
        ours = _column(files["ours"], heading).take(pa.array(order["ours"]))
        for name in ("DuckDB", "polars"):
            theirs = _column(files[name], heading).take(pa.array(order[name]))
            if not theirs.equals(ours):
                raise Unequal(f"{name}: the column {heading} of {file}.csv is not ours")


def _column(path: Path, heading: str) -> pa.Array:
    """A column as plain values, an empty text and none at all being the same."""
    column = _plain(pq.read_table(path, columns=[heading])[heading].combine_chunks())
    if pa.types.is_large_string(column.type) or pa.types.is_string_view(column.type):
        column = column.cast(pa.string())
    return pc.fill_null(column, "") if pa.types.is_string(column.type) else column


def _plain(column: pa.Array) -> pa.Array:
    return column.cast(column.type.value_type) if pa.types.is_dictionary(column.type) else column


class _Csv(Runner):
    name: str

    def __init__(self, folder: Path, threads: int, file: str, rows: int) -> None:
        self.threads, self.rows, self.folder = threads, rows, folder
        self.source, self.out = folder / f"{file}.csv", output(folder, file, self.name)
        self.prepare()
        self.geocode(folder / f"{SMALL}.csv", output(folder, SMALL, self.name))

    def prepare(self) -> None:
        """Have the reference in memory."""

    def geocode(self, source: Path, out: Path) -> None:
        """The whole work."""
        raise NotImplementedError

    def before(self) -> None:
        self.out.unlink(missing_ok=True)
        # What others wrote goes to disk now and not while we are timed.
        os.sync()

    def run(self) -> Any:
        self.geocode(self.source, self.out)


class Ours(_Csv):
    """What ``squaremile geocode`` does."""

    name, about = "ours", "geocode_file, in the order of the file"

    def prepare(self) -> None:
        from flows.geocode_file import geocode_file
        from flows.places import Places
        from flows.reference import Reference

        self.work, self.ground = geocode_file, Reference(Places()).ground

    def geocode(self, source: Path, out: Path) -> None:
        self.work(source, out, {}, self.ground, lambda _: None)


class DuckDb(_Csv):
    """``read_csv``, a left join with a native table, ``copy``."""

    name = "DuckDB"
    about = (
        "read_csv told its columns, left join, copy; preserve_insertion_order=false, few-valued texts as enum, "
        "no dictionaries of texts that hardly repeat, no Bloom filters"
    )

    def prepare(self) -> None:
        import duckdb

        self.connection = duckdb.connect()
        self.connection.execute(f"set threads={self.threads}; set preserve_insertion_order=false")
        self.connection.register("arrow_table", read_table(self.folder / ADDED_TABLE))
        self.connection.execute("create table added as select * from arrow_table")
        self.connection.unregister("arrow_table")
        for name in FEW:
            more = {
                "postcode_status": "('missing'), ('unknown')",
                "zone": "('unknown')",
                "geocode_method": "('none')",
            }
            values = f"select {name} from added" + (f" union values {more[name]}" if name in more else "")
            self.connection.execute(
                f"create type {name} as enum (select * from ({values}) t(v) where v is not null)"
            )
            self.connection.execute(f"alter table added alter {name} type {name}")

    def geocode(self, source: Path, out: Path) -> None:
        columns = dict.fromkeys(("id", "name", "postcode", "places"), "VARCHAR")
        self.connection.execute(f"""
            copy (
                select given.* exclude (key),
                    case when key <> '' then coalesce(added.postal_code, key[:-4] || ' ' || key[-3:]) end
                        as postal_code,
                    coalesce(added.postcode_status, if(key = '', 'missing', 'unknown')::postcode_status)
                        as postcode_status,
                    added.easting, added.northing, added.lad_code,
                    coalesce(added.zone, 'unknown'::zone) as zone,
                    coalesce(added.zone_certain, false) as zone_certain,
                    added.signed_distance_m,
                    coalesce(added.geocode_method, 'none'::geocode_method) as geocode_method,
                    added.positional_error_m
                from (
                    select *, upper(replace(coalesce(postcode, ''), ' ', '')) as key
                    from read_csv('{source}', auto_detect=false, header=true, columns={columns})
                ) as given left join added using (key)
            ) to '{out}' (
                format parquet, compression snappy, dictionary_size_limit 1000, write_bloom_filter false
            )
        """)


class Polars(_Csv):
    """``scan_csv``, a lazy left join, ``sink_parquet``."""

    name = "polars"
    about = "scan_csv, left join, sink_parquet; no order kept, no statistics, few-valued texts as Enum"

    def prepare(self) -> None:
        import polars as pl

        self.pl = pl
        more = {"postcode_status": ["missing", "unknown"], "zone": ["unknown"], "geocode_method": ["none"]}
        added = pl.from_arrow(read_table(self.folder / ADDED_TABLE))
        kinds = {
            name: pl.Enum(sorted({*added[name].drop_nulls().unique(), *more.get(name, ())})) for name in FEW
        }
        self.added = added.with_columns(pl.col(name).cast(kind) for name, kind in kinds.items()).rechunk()
        self.kinds = kinds

    def geocode(self, source: Path, out: Path) -> None:
        pl = self.pl
        key = pl.col(KEY)

        def text(value: str, name: str) -> Any:
            return pl.lit(value, dtype=self.kinds[name])

        spelt = pl.coalesce("postal_code", key.str.head(-3) + " " + key.str.tail(3))
        bare = pl.col("postcode").fill_null("").str.replace_all(" ", "", literal=True).str.to_uppercase()
        unlisted = (
            pl.when(key == "")
            .then(text("missing", "postcode_status"))
            .otherwise(text("unknown", "postcode_status"))
        )
        (
            pl.scan_csv(source, infer_schema=False)
            .with_columns(bare.alias(KEY))
            .join(self.added.lazy(), on=KEY, how="left", maintain_order="none", build_side="force_right")
            .with_columns(
                postal_code=pl.when(key != "").then(spelt),
                postcode_status=pl.coalesce("postcode_status", unlisted),
                zone=pl.col("zone").fill_null(text("unknown", "zone")),
                zone_certain=pl.col("zone_certain").fill_null(False),
                geocode_method=pl.col("geocode_method").fill_null(text("none", "geocode_method")),
            )
            .drop(KEY)
            .sink_parquet(out, compression="snappy", statistics=False, maintain_order=False)
        )
