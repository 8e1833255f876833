"""Validation gates: a frame against its table's suite, with verdicts that hold no values.

Great Expectations does not raise when an expectation cannot be computed; such a result stops the
run here rather than pass for "no bad rows". Failing positions are taken in memory only.
"""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import great_expectations as gx
import pandas as pd
from great_expectations.data_context.types.base import ProgressBarsConfig

from expectations.sparing import sparing
from expectations.suites import Expected, expected_of
from transforms.schema import Table

_ROW_POSITION = "__position"
_NUMBER = "number"
# One ephemeral context serves the process; Great Expectations keeps it in a global, so one gate at a time.
_lock = threading.Lock()


class GateBroken(RuntimeError):
    """An expectation could not be computed: a fault in our declarations, never a passed gate."""


@dataclass(frozen=True)
class Failure:
    """One expectation that did not hold, and the positions of the rows that broke it."""

    rule: str
    column: str
    description: str
    positions: tuple[int, ...]


@dataclass(frozen=True)
class Verdict:
    """What a gate found: counts only, fit for the manifest."""

    gate: str
    table: str
    rows: int
    expectations: int
    failures: tuple[Failure, ...] = field(default=())

    @property
    def passed(self) -> bool:
        """Whether every expectation held."""
        return not self.failures

    def as_record(self) -> dict[str, Any]:
        """For the manifest: no values, no positions."""
        return {
            "gate": self.gate,
            "table": self.table,
            "rows": self.rows,
            "expectations": self.expectations,
            "passed": self.passed,
            "failed": [{"rule": f.rule, "column": f.column, "rows": len(f.positions)} for f in self.failures],
        }


def check(
    gate: str, table: type[Table], frame: pd.DataFrame, row_range: tuple[int, int] | None = None
) -> Verdict:
    """Validate a frame against its table's suite.

    A first pass asks yes or no; only what failed is asked again for its rows.
    """
    expected = list(expected_of(table, row_range))
    if frame.empty:  # Without a row no rule of rows can break, and each costs its time.
        expected = [item for item in expected if not item.column]
    with _lock, sparing():
        failed = _failed(frame, expected)
        failures = tuple(_locate(frame, item) for item in failed)
    return Verdict(gate, table.table_name, len(frame), len(expected), failures)


@lru_cache(maxsize=1)
def _definition() -> Any:
    """The one batch definition of the process, in a context that stores nothing."""
    # Its log speaks of temporary folders and of nothing that matters here.
    logging.getLogger("great_expectations").setLevel(logging.WARNING)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    source = context.data_sources.add_pandas("frames")
    return source.add_dataframe_asset("frame").add_batch_definition_whole_dataframe("whole")


def _batch(frame: pd.DataFrame) -> Any:
    return _definition().get_batch(batch_parameters={"dataframe": frame})


def _failed(frame: pd.DataFrame, expected: list[Expected]) -> list[Expected]:
    # Results come back in an order of their own: each expectation carries its number.
    for number, item in enumerate(expected):
        item.expectation.meta = {_NUMBER: number}
    suite = gx.ExpectationSuite(name="suite", expectations=[item.expectation for item in expected])
    result = _batch(_plain(frame)).validate(suite, result_format="BOOLEAN_ONLY")
    outcomes = {outcome.expectation_config.meta[_NUMBER]: outcome for outcome in result.results}
    if sorted(outcomes) != list(range(len(expected))):
        raise GateBroken(f"{len(expected)} expectations gave {len(result.results)} results")
    for outcome in outcomes.values():
        _refuse_exceptions(outcome)
    return [item for number, item in enumerate(expected) if not outcomes[number].success]


def _locate(frame: pd.DataFrame, item: Expected) -> Failure:
    positioned = _plain(frame)
    positioned[_ROW_POSITION] = range(len(frame))
    outcome = _batch(positioned).validate(
        item.expectation,
        result_format={"result_format": "COMPLETE", "unexpected_index_column_names": [_ROW_POSITION]},
    )
    _refuse_exceptions(outcome)
    hits = outcome.result.get("unexpected_index_list") or []
    positions = tuple(sorted({int(hit[_ROW_POSITION]) for hit in hits}))
    return Failure(item.rule, item.column, item.description, positions)


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Nullable types as plain objects: Great Expectations' pair comparisons stumble over ``pd.NA``."""
    return frame.astype(object).where(frame.notna(), None)


def _refuse_exceptions(outcome: Any) -> None:
    info = outcome.exception_info or {}
    nested = info.values() if info and "raised_exception" not in info else [info]
    for part in nested:
        if isinstance(part, dict) and part.get("raised_exception"):
            name = outcome.expectation_config.type if outcome.expectation_config else "an expectation"
            raise GateBroken(f"{name} could not be computed")
