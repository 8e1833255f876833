"""What goes back to each borough: the folder ``issues`` of a snapshot."""

from __future__ import annotations

from pathlib import Path

from flows.outputs import write_csv
from reports.facts import Frames, ReportFacts
from reports.feedback import feedback_pages, most_useful_first
from transforms.tables import Issue


def write_feedback(folder: Path, frames: Frames, facts: ReportFacts) -> None:
    """Per source a page and a CSV of its own issues, to send back to its owner: most useful first."""
    issues = frames[Issue]
    for source, page in feedback_pages(frames, facts).items():
        own = most_useful_first(issues[issues[Issue.source].eq(source)])
        write_csv(folder / f"{source}.csv", own, is_sample=facts.is_sample)
        (folder / f"{source}.html").write_text(page, encoding="utf-8")
