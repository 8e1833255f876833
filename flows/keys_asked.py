"""The rows of a table that a typed key fits: told what is wrong with it, or listed where it leaves parts open."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from flows.errors import Mistake
from flows.words import plain, words_of
from transforms.row_keys import NoSuchKey, find_rows
from transforms.schema import Table
from transforms.tables import Coverage, GapTable

_MOST_KEYS, _FEW = 60, 30


def rows_asked(table: type[Table], frame: pd.DataFrame, key: Sequence[str], where: str) -> pd.DataFrame:
    """The rows of ``frame``, which is ``table`` in ``where``, that a key fits. Raises ``Mistake`` when none does."""
    form = "/".join(table.key_names())
    if frame.empty:
        raise Mistake(f"{table.table_name} has no rows in {where}.")
    try:
        return find_rows(table, frame, key)
    except NoSuchKey as error:
        unknown = error.unknown
        if unknown and not unknown.column:
            raise Mistake(
                f"{table.table_name} has no “{unknown.typed}” in its key.", f"Its key is {form}."
            ) from error
        example = table.row_keys(frame.head(1)).iat[0]
        if unknown:
            from transforms.mapping import nearest_name

            nearest = nearest_name(unknown.typed, unknown.known)
            hint = f" Did you mean “{nearest}”?" if nearest else ""
            few = f" It is one of: {', '.join(unknown.known)}." if len(unknown.known) <= _FEW else ""
            raise Mistake(
                f"No row of {table.table_name} has {unknown.column} “{unknown.typed}”.{hint}",
                f"A key reads {form}, for example {example}.{few}",
            ) from error
        raise Mistake(
            f"No row of {table.table_name} has the key “{' '.join(key)}”.",
            f"A key reads {form}, for example {example}; * stands for any part.",
        ) from error


def print_keys(console: Console, table: type[Table], rows: pd.DataFrame) -> None:
    """The rows that a partial key fits, with what they count where that is known."""
    console.print(f"{len(rows):,} rows of {table.table_name} fit. Name one:", style="bold", markup=False)
    counts = [
        name for name in (Coverage.confirmed, Coverage.possible) if name in table.names() and name in rows
    ]
    verdict = table.verdict_column() if issubclass(table, GapTable) else None
    keys = table.row_keys(rows)
    for index, row in rows.head(_MOST_KEYS).iterrows():
        said = ", ".join(f"{row[name]:g} {name}" for name in counts if pd.notna(row[name]))
        if verdict and verdict.name in rows:
            said = f"{said}: {words_of(verdict, row[verdict.name])}"
        told = Text.assemble(plain(keys[index]), (f"  {said}", "dim"))
        console.print(Padding(told, (0, 0, 0, 2)))
    if len(rows) > _MOST_KEYS:
        more = Text(f"… and {len(rows) - _MOST_KEYS:,} more; give more of the key.", style="dim")
        console.print(Padding(more, (0, 0, 0, 2)))
