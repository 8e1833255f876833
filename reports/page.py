"""The report a commissioner opens: one HTML file that needs nothing else."""

from __future__ import annotations

from itertools import groupby

from reports import assets, words
from reports.contents import sections
from reports.environment import environment
from reports.facts import Frames, ReportFacts

__all__ = ["ReportFacts", "render_report"]

_TITLE = "Where SEND support is, and where it is missing"


def render_report(frames: Frames, facts: ReportFacts) -> str:
    """The whole page as text. Equal frames and facts give equal bytes."""
    told = sections(frames, facts)
    page: str = (
        environment()
        .get_template("report.html.j2")
        .render(
            title=_TITLE,
            sample=words.SAMPLE if facts.is_sample else "",
            attribution=words.ATTRIBUTION,
            facts=facts,
            sections=told,
            contents=[(part, list(own)) for part, own in groupby(told, key=lambda section: section.part)],
            policy=assets.policy(),
            styles=assets.styles(),
            scripts=assets.scripts(),
        )
    )
    return page
