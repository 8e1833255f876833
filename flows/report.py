"""``squaremile report``: where the report of a snapshot is, and opening it."""

from __future__ import annotations

import datetime as dt
import webbrowser

from rich.console import Console

from flows.asked import snapshot_asked
from flows.errors import Mistake
from flows.places import Places
from flows.words import day, sample_mark

REPORT = "report.html"


def report(console: Console, places: Places, *, is_to_open: bool, as_of: dt.date | None = None) -> None:
    """Tell where the report of the snapshot is; with ``is_to_open`` show it in the web browser."""
    snapshot = snapshot_asked(console, places, as_of)
    path = snapshot.folder / REPORT
    if not path.is_file():
        raise Mistake(
            f"The snapshot of {day(snapshot.as_of)}, {snapshot.folder.name}, holds no report.",
            "Ask for another date, or run `squaremile refresh`.",
        )
    sample_mark(console, snapshot)
    console.print(f"The report as at {day(snapshot.as_of)}:")
    # As one line, so that it can be copied.
    console.print(str(path), soft_wrap=True, markup=False)
    if is_to_open and not webbrowser.open(path.as_uri()):
        raise Mistake("No web browser could be started on this machine.", f"Open {path} in one.")
