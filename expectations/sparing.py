"""What Great Expectations works out again and again, or for nobody, while it validates.

It writes out an expectation's settings anew each time it asks for one of them, and makes the expectation anew from its
settings each time it asks what it measures; it tells measurements apart by a digest of their arguments as JSON; and it
takes a fingerprint of every cell of a frame, twice, that nothing of ours reads. While a gate is asked, settings are
written out and expectations made once, arguments are told apart by how Python writes them, and no fingerprint is taken:
a third of the time is left. What is asked, and what is answered, stays the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from great_expectations.core.id_dict import IDDict
from great_expectations.execution_engine import pandas_execution_engine
from great_expectations.expectations.expectation import Expectation
from great_expectations.expectations.expectation_configuration import ExpectationConfiguration


@contextmanager
def sparing() -> Iterator[None]:
    """For the calls within; not for several threads at once, since it stands in for parts of the library."""
    settings, fingerprint = Expectation.configuration, pandas_execution_engine.hash_pandas_dataframe
    made_of, digest = ExpectationConfiguration.to_domain_obj, IDDict.to_id
    # Each stands beside what it was written or made from: while that lives no other has its number.
    written: dict[int, tuple[Expectation, Any]] = {}
    made: dict[int, tuple[ExpectationConfiguration, dict[str, Any], Any]] = {}

    def configuration(self: Expectation) -> Any:
        if id(self) not in written:
            written[id(self)] = (self, settings.fget(self))  # type: ignore[attr-defined]
        return written[id(self)][1]

    def to_domain_obj(self: ExpectationConfiguration) -> Any:
        if id(self) not in made or made[id(self)][1] != self.kwargs:
            made[id(self)] = (self, dict(self.kwargs), made_of(self))
        return made[id(self)][2]

    def to_id(self: IDDict, *asked: Any, **asked_by_name: Any) -> Any:
        if len(self) < 2 or asked or asked_by_name or self._id_ignore_keys:
            return digest(self, *asked, **asked_by_name)
        return repr(sorted(self.items()))

    Expectation.configuration = property(configuration)  # type: ignore[method-assign, assignment]
    ExpectationConfiguration.to_domain_obj = to_domain_obj  # type: ignore[method-assign]
    IDDict.to_id = to_id  # type: ignore[method-assign]
    pandas_execution_engine.hash_pandas_dataframe = lambda _: ""
    try:
        yield
    finally:
        Expectation.configuration = settings  # type: ignore[method-assign]
        ExpectationConfiguration.to_domain_obj = made_of  # type: ignore[method-assign]
        IDDict.to_id = digest  # type: ignore[method-assign]
        pandas_execution_engine.hash_pandas_dataframe = fingerprint
