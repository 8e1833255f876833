"""One run at a time: a kernel lock, which a killed run cannot leave behind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from flows.errors import AnotherRun
from flows.places import Places


@contextmanager
def only_run(places: Places, *, waits: bool = False) -> Iterator[None]:
    """Hold the lock for the length of a run; when it is held, wait or raise ``AnotherRun`` at once."""
    places.data.mkdir(parents=True, exist_ok=True)
    lock = FileLock(places.lock)
    try:
        lock.acquire(timeout=-1 if waits else 0)
    except Timeout:
        raise AnotherRun(
            "Another refresh is running; this one has changed nothing.", "Wait until it ends."
        ) from None
    try:
        yield
    finally:
        lock.release()
