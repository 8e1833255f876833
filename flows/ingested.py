"""One source's night once its files are read: rows, problems, verdicts, and where every row ended."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from flows.received import Received
from transforms.issues import Problem
from transforms.normalise.source import Normalised
from transforms.source_spec import Source


@dataclass
class Ingested:
    """One source's night: rows, problems, verdicts and where every physical row ended."""

    source: Source
    received: Received
    is_sample: bool = False
    normalised: Normalised = field(default_factory=Normalised)
    problems: list[Problem] = field(default_factory=list)
    verdicts: list[dict[str, Any]] = field(default_factory=list)
    records: pd.DataFrame = field(default_factory=pd.DataFrame)
    set_aside: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_refused(self) -> bool:
        """Whether any of its files was refused, which refuses the source for tonight."""
        return any(problem.refuses_file for problem in self.problems)

    @property
    def rows_in(self) -> int:
        """Physical records of all files."""
        return len(self.records)
