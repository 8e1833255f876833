"""What the person at the terminal sees while a refresh runs.

The flow reports to whatever display is set; without one it reports to Prefect's log alone.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol

from rich.console import Console
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table as Grid
from rich.text import Text


class Display(Protocol):
    """Something that shows how far a refresh has come."""

    def step(self, words: str) -> None:
        """A step of the whole run begins."""

    def source(self, name: str, words: str, *, is_good: bool) -> None:
        """One source is done."""


class Silent:
    """Shows nothing."""

    def step(self, words: str) -> None:
        """Nothing."""

    def source(self, name: str, words: str, *, is_good: bool) -> None:
        """Nothing."""


class Terminal:
    """Finished steps with a tick, the running one with a spinner, sources below theirs."""

    def __init__(self, console: Console) -> None:
        self._lines: list[Text] = []
        self._running = ""
        self._live = Live(console=console, refresh_per_second=8, transient=False)

    def _draw(self) -> None:
        grid = Grid.grid(padding=(0, 1))
        for line in self._lines:
            grid.add_row(line)
        if self._running:
            grid.add_row(Spinner("dots", Text(self._running)))
        self._live.update(grid)

    def _finish(self) -> None:
        if self._running:
            self._lines.append(Text.assemble(("✓ ", "green"), self._running))
            self._running = ""

    def step(self, words: str) -> None:
        """Tick the step before, and show this one as running."""
        self._finish()
        self._running = words
        self._draw()

    def source(self, name: str, words: str, *, is_good: bool) -> None:
        """Show what became of one source."""
        mark = ("  ✓ ", "green") if is_good else ("  ! ", "yellow")
        self._lines.append(Text.assemble(mark, (f"{name}: ", "bold"), words))
        self._draw()

    @contextmanager
    def showing(self) -> Iterator[Terminal]:
        """Show this display for the length of a run."""
        with reporting_to(self), self._live:
            yield self
            self._finish()
            self._draw()


_current: Display = Silent()


@contextmanager
def reporting_to(other: Display) -> Iterator[None]:
    """Set a display for a while."""
    global _current
    _current = other
    try:
        yield
    finally:
        _current = Silent()


def display() -> Display:
    """The display that is set."""
    return _current
