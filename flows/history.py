"""The published snapshots as one store: a table over all dates, read by DuckDB from the files where they lie.

Nothing is copied. Columns are those that the table declares today: one that was renamed is read under its earlier
name, one that an earlier snapshot lacks is "not known" there. Whoever asks hands over snapshots of one kind, one a
date (``flows/published.py``).
"""

from __future__ import annotations

import glob
from collections.abc import Sequence
from typing import Any

import duckdb
import numpy as np
import pandas as pd

from flows.snapshot import Snapshot
from transforms.schema import Column, Kind, Table
from transforms.tables import GapTable

STAMPS = (GapTable.snapshot_date, GapTable.run_id, GapTable.method_version)
_TYPE = {
    Kind.TEXT: "VARCHAR",
    Kind.WHOLE: "BIGINT",
    Kind.NUMBER: "DOUBLE",
    Kind.DATE: "DATE",
    Kind.FLAG: "BOOLEAN",
}
# What DuckDB calls the column that names the file.
_FILE = "filename"
_ROWS = "stored"


class History:
    """Tables over several snapshots, oldest first."""

    def __init__(self, snapshots: Sequence[Snapshot]) -> None:
        self.snapshots = tuple(snapshots)
        self._duck = in_memory()

    def holding(self, table: type[Table]) -> list[Snapshot]:
        """The snapshots that have the table; the others are older than it."""
        return [snapshot for snapshot in self.snapshots if table in snapshot]

    def rows(self, table: type[Table], like: pd.Series | None = None) -> pd.DataFrame:
        """Every row on every date, oldest first; with ``like`` only those that have the same key.

        ``snapshot_date``, ``run_id`` and ``method_version`` stand first, whether or not the table has them.
        """
        names = [name for name in table.names() if name not in STAMPS]
        given = {name: like[name] for name in table.key_names()} if like is not None else {}
        kept = " AND ".join(f"{quoted(name)} IS NOT DISTINCT FROM ?" for name in given) or "true"
        found = self._ask(
            table,
            f"SELECT * FROM {_ROWS} WHERE {kept} ORDER BY {quoted(STAMPS[0])}",
            [_plain(value) for value in given.values()],
        )
        stamps = GapTable.frame(found[list(STAMPS)])
        return pd.concat([stamps, table.frame(found[names])[names]], axis=1)

    def keys(self, table: type[Table]) -> pd.DataFrame:
        """The key of every row that there ever was, in key order."""
        key = ", ".join(map(quoted, table.key_names()))
        found = self._ask(table, f"SELECT DISTINCT {key} FROM {_ROWS}", [])
        return table.sorted(table.frame(found[table.key_names()]))[table.key_names()]

    def _ask(self, table: type[Table], query: str, values: list[object]) -> pd.DataFrame:
        """The answer to a query over ``stored``: the table on every date."""
        holding = self.holding(table)
        if not holding:
            return pd.DataFrame(columns=[*STAMPS, *(n for n in table.names() if n not in STAMPS)])
        make_view(self._duck, _ROWS, table, holding)
        return self._duck.execute(query, values).df()


def in_memory() -> duckdb.DuckDBPyConnection:
    """A DuckDB that keeps nothing and fetches nothing: it would else download an extension that it misses."""
    return duckdb.connect(config={"autoinstall_known_extensions": "false"})


def make_view(
    duck: duckdb.DuckDBPyConnection, name: str, table: type[Table], snapshots: Sequence[Snapshot]
) -> None:
    """A view of a table over snapshots that have it, as declared today; each row with its date, run and method."""
    files, nights = f"{name}_files", f"{name}_nights"
    paths = [str(snapshot.path(table)) for snapshot in snapshots]
    # A path is not a pattern, whatever its folders are called.
    stored = duck.read_parquet([glob.escape(path) for path in paths], union_by_name=True, filename=True)
    stored.create_view(files, replace=True)
    stamps = {
        _FILE: paths,
        GapTable.snapshot_date: pd.to_datetime([snapshot.as_of for snapshot in snapshots]),
        GapTable.run_id: [snapshot.run_id for snapshot in snapshots],
        GapTable.method_version: [snapshot.manifest["method_version"] for snapshot in snapshots],
    }
    duck.register(nights, pd.DataFrame(stamps))
    columns = [f"{nights}.{quoted(stamp)}" for stamp in STAMPS]
    columns += [_as_declared(files, c, stored.columns) for c in table.columns() if c.name not in STAMPS]
    duck.execute(
        f"CREATE OR REPLACE TEMP VIEW {name} AS "
        f"SELECT {', '.join(columns)} FROM {files} JOIN {nights} USING ({_FILE})"
    )


def _as_declared(files: str, column: Column, stored: Sequence[str]) -> str:
    """A column under today's name and type, from whichever of its names the files have."""
    # What cannot be read as today's type is not known.
    casts = [
        f"TRY_CAST({files}.{quoted(name)} AS {_TYPE[column.kind]})"
        for name in (column.name, *column.formerly)
        if name in stored
    ]
    value = f"coalesce({', '.join(casts)})" if casts else f"NULL::{_TYPE[column.kind]}"
    return f"{value} AS {quoted(column.name)}"


def _plain(value: Any) -> Any:
    """A value of a frame as DuckDB takes it: no type of NumPy's own, nothing for "not known"."""
    if pd.isna(value):
        return None
    return value.item() if isinstance(value, np.generic) else value


def quoted(name: str) -> str:
    """A column's name within a query."""
    return '"' + name.replace('"', '""') + '"'
