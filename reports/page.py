"""The report a commissioner opens: one HTML file that needs nothing else."""

from __future__ import annotations

from jinja2 import Environment, PackageLoader, StrictUndefined

from reports import gates, words
from reports.border import border
from reports.boroughs import nights, quality
from reports.facts import Frames, ReportFacts
from reports.headlines import figures, headline
from reports.locator_map import WIDTH, locator_map
from reports.matrix import MEANING, STYLE, matrices
from reports.methods import boundary_words, definitions
from reports.target import activities, lacks_baseline, target_rows
from transforms.tables import Coverage, TargetTracker
from transforms.vocabulary import Outcome, QualityDimension, QualityStatus

__all__ = ["ReportFacts", "render_report"]

_TITLE = "Where SEND support is, and where it is missing"
_SAMPLE = "SAMPLE: fictional providers, real postcodes - not fact"


def render_report(frames: Frames, facts: ReportFacts) -> str:
    """The whole page as text. Equal frames and facts give equal bytes."""
    grids = matrices(frames[Coverage])
    counted = activities(frames[TargetTracker])
    reach, rosters = border(frames, facts), nights(frames)
    page: str = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=_TITLE,
            sample=_SAMPLE if facts.is_sample else "",
            facts=facts,
            headline=headline(grids[0], counted),
            figures=figures(grids[0], counted, reach, rosters),
            map=locator_map(frames, facts),
            map_width=WIDTH,
            targets=target_rows(frames[TargetTracker]),
            lacks_baseline=lacks_baseline(frames[TargetTracker]),
            inside=grids[0],
            elsewhere=grids[1:],
            meaning=MEANING,
            style=STYLE,
            border=reach,
            nights=rosters,
            titles={night.source: night.title for night in rosters},
            outcomes=list(Outcome),
            quality=quality(frames),
            dimensions=list(QualityDimension),
            quality_good=QualityStatus.GOOD,
            gates=gates.gates(facts.verdicts),
            failed=gates.failed(facts.verdicts),
            definitions=definitions(facts.settings),
            boundary=boundary_words(facts.official_boundary, facts.settings),
        )
    )
    return page


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {
        "number": words.number,
        "day": words.day,
        "metres": words.metres,
        "listed": words.listed,
        "sentence": words.sentence,
    }
    environment.globals["plural"] = words.plural
    return environment
