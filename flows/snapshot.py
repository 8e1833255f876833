"""A snapshot as a reader opens it: its date, whether it is a sample, and its tables."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from flows import publish
from flows.errors import Mistake
from flows.places import SAMPLES, Places
from transforms.schema import Table


@dataclass(frozen=True)
class Snapshot(Mapping[type[Table], pd.DataFrame]):
    """A published snapshot; its tables are read when they are asked for."""

    folder: Path
    manifest: Mapping[str, Any]
    _read: dict[type[Table], pd.DataFrame] = field(default_factory=dict)

    @property
    def as_of(self) -> str:
        """The date its figures describe."""
        return str(self.manifest["as_of"])

    @property
    def run_id(self) -> str:
        """The run that made it."""
        return str(self.manifest["run_id"])

    @property
    def is_sample(self) -> bool:
        """Whether any roster in it is a fictional sample."""
        return "sample" in self.manifest

    @property
    def rests_on_sample_facts(self) -> bool:
        """Whether invented facts stood beside invented providers."""
        return any(str(file["name"]).startswith(f"{SAMPLES}/") for file in self.manifest["reference"])

    def __getitem__(self, table: type[Table]) -> pd.DataFrame:
        """One table as declared today, without the mark of a sample; empty when the snapshot is older than it."""
        if table not in self._read:
            path = self.path(table)
            self._read[table] = table.of_earlier(pd.read_parquet(path)) if path.is_file() else table.frame()
        return self._read[table]

    def __iter__(self) -> Iterator[type[Table]]:
        """The tables it holds."""
        from transforms.tables import PUBLISHED

        return iter(table for table in PUBLISHED if self.path(table).is_file())

    def __contains__(self, table: object) -> bool:
        """Whether it holds a table, without reading it."""
        return isinstance(table, type) and issubclass(table, Table) and self.path(table).is_file()

    def __len__(self) -> int:
        """How many tables it holds."""
        return sum(1 for _ in self)

    def path(self, table: type[Table]) -> Path:
        """Where it keeps a table."""
        return self.folder / "tables" / f"{table.table_name}.parquet"


def current_snapshot(places: Places) -> Snapshot:
    """The snapshot that readers see now."""
    now = publish.current(places)
    if not now:
        raise Mistake("Nothing is published yet.", "Run `squaremile refresh` first.")
    return Snapshot(now["folder"], now)
