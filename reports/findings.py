"""What a reader sees first: the finding in one sentence, the figures to quote, and what moved in the night."""

from __future__ import annotations

from reports.border import Border
from reports.boroughs import Night
from reports.changes import changes
from reports.facts import Frames
from reports.headlines import figures, headline
from reports.matrix import Matrix
from reports.sections import Part, Section
from reports.target import activities
from transforms.tables import TargetTracker


def findings(frames: Frames, inside: Matrix, reach: Border, rosters: list[Night]) -> Section:
    """The first section."""
    counted = activities(frames[TargetTracker])
    data = {
        "headline": headline(inside, counted),
        "figures": figures(inside, counted, reach, rosters),
        "changes": changes(frames),
    }
    return Section("findings", "Findings", "Findings", Part.FIRST, "findings", data)
