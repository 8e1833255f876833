"""What differs between two snapshots, table by table and value by value."""

from __future__ import annotations

from collections.abc import Sequence

import duckdb
import pandas as pd

from flows.history import STAMPS, in_memory, make_view, quoted
from flows.snapshot import Snapshot
from transforms.schema import Table
from transforms.tables import SnapshotDifference as D
from transforms.vocabulary import RowChange

_BEFORE, _AFTER = "before", "after"
_HERE = "is_here"


def differences_of(
    before: Snapshot, after: Snapshot, tables: Sequence[type[Table]]
) -> dict[type[Table], pd.DataFrame]:
    """Of each of ``tables`` that both snapshots have, the rows that came or went and the values that changed.

    What a run stamps on its rows, and where in its file a record stood, is no difference.
    """
    duck = in_memory()
    return {
        table: _difference(duck, table, before, after)
        for table in tables
        if table in before and table in after
    }


def _difference(
    duck: duckdb.DuckDBPyConnection, table: type[Table], before: Snapshot, after: Snapshot
) -> pd.DataFrame:
    compared = [c.name for c in table.columns() if c not in table.key and not c.is_lineage]
    compared = [name for name in compared if name not in STAMPS]
    rows = _rows_that_differ(duck, table, compared, before, after)
    rows[D.row_key] = table.row_keys(rows) if len(rows) else pd.Series(dtype="str")
    whole = rows[rows[D.row_change].ne(RowChange.CHANGED.value)]
    parts = [whole[[D.row_key, D.row_change]]]
    changed = rows[rows[D.row_change].eq(RowChange.CHANGED.value)]
    for name in compared:
        values = changed[[D.row_key, D.row_change]].assign(
            **{
                D.changed_column: name,
                D.value_before: changed[f"{name}_{_BEFORE}"],
                D.value_after: changed[f"{name}_{_AFTER}"],
            }
        )
        was, becomes = values[D.value_before], values[D.value_after]
        parts.append(values[was.ne(becomes) & ~(was.isna() & becomes.isna())])
    # A row's values stay together, in the order of the columns.
    found = pd.concat(parts).sort_index(kind="stable")
    return D.frame(found.assign(**{D.published_table: table.table_name}))


def _rows_that_differ(
    duck: duckdb.DuckDBPyConnection,
    table: type[Table],
    compared: list[str],
    before: Snapshot,
    after: Snapshot,
) -> pd.DataFrame:
    """Key, what became of the row, and each compared value on both sides as text, in key order."""
    make_view(duck, _BEFORE, table, [before])
    make_view(duck, _AFTER, table, [after])
    keys = [quoted(name) for name in table.key_names()]
    same_key = " AND ".join(f"a.{key} IS NOT DISTINCT FROM b.{key}" for key in keys)
    differs = "".join(f" OR a.{quoted(name)} IS DISTINCT FROM b.{quoted(name)}" for name in compared)
    shown = [f"coalesce(a.{key}, b.{key}) AS {key}" for key in keys]
    for name in compared:
        shown.append(f"a.{quoted(name)}::VARCHAR AS {quoted(f'{name}_{_BEFORE}')}")
        shown.append(f"b.{quoted(name)}::VARCHAR AS {quoted(f'{name}_{_AFTER}')}")
    return duck.execute(
        f"""
        SELECT CASE WHEN a.{_HERE} IS NULL THEN '{RowChange.CAME.value}'
                    WHEN b.{_HERE} IS NULL THEN '{RowChange.WENT.value}'
                    ELSE '{RowChange.CHANGED.value}' END AS {D.row_change},
               {", ".join(shown)}
        FROM (SELECT *, true AS {_HERE} FROM {_BEFORE}) a
        FULL JOIN (SELECT *, true AS {_HERE} FROM {_AFTER}) b ON {same_key}
        WHERE a.{_HERE} IS NULL OR b.{_HERE} IS NULL{differs}
        ORDER BY {", ".join(f"coalesce(a.{key}, b.{key})" for key in keys)}
        """
    ).df()
