"""Great Expectations writes out an expectation's settings anew each time it asks for one of them.

That is a third of what a gate costs. While a gate is asked, each expectation is written out once; what is asked, and
what is answered, stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from great_expectations.expectations.expectation import Expectation


@contextmanager
def settings_written_once() -> Iterator[None]:
    """For the calls within; not for several threads at once, since it stands in for a property of the class."""
    theirs = Expectation.configuration
    # The expectation is kept beside its settings: while it lives no other has its number.
    written: dict[int, tuple[Expectation, Any]] = {}

    def configuration(self: Expectation) -> Any:
        if id(self) not in written:
            written[id(self)] = (self, theirs.fget(self))  # type: ignore[attr-defined]
        return written[id(self)][1]

    Expectation.configuration = property(configuration)  # type: ignore[method-assign, assignment]
    try:
        yield
    finally:
        Expectation.configuration = theirs  # type: ignore[method-assign]
