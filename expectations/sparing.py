"""What Great Expectations works out again and again, or for nobody, while it validates.

It writes out an expectation's settings anew each time it asks for one of them, which is a third of what a gate costs,
and takes a fingerprint of every cell of a frame, twice, that nothing of ours reads: an eighth. While a gate is asked,
settings are written out once and no fingerprint is taken; what is asked, and what is answered, stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from great_expectations.execution_engine import pandas_execution_engine
from great_expectations.expectations.expectation import Expectation


@contextmanager
def sparing() -> Iterator[None]:
    """For the calls within; not for several threads at once, since it stands in for parts of the library."""
    settings, fingerprint = Expectation.configuration, pandas_execution_engine.hash_pandas_dataframe
    # The expectation is kept beside its settings: while it lives no other has its number.
    written: dict[int, tuple[Expectation, Any]] = {}

    def configuration(self: Expectation) -> Any:
        if id(self) not in written:
            written[id(self)] = (self, settings.fget(self))  # type: ignore[attr-defined]
        return written[id(self)][1]

    Expectation.configuration = property(configuration)  # type: ignore[method-assign, assignment]
    pandas_execution_engine.hash_pandas_dataframe = lambda _: ""
    try:
        yield
    finally:
        Expectation.configuration = settings  # type: ignore[method-assign]
        pandas_execution_engine.hash_pandas_dataframe = fingerprint
