"""The report a commissioner opens: one HTML file that needs nothing else."""

from __future__ import annotations

from itertools import groupby

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import assets, words
from reports.contents import sections
from reports.facts import Frames, ReportFacts

__all__ = ["ReportFacts", "render_report"]

_TITLE = "Where SEND support is, and where it is missing"
_SAMPLE = "SAMPLE: fictional providers, real postcodes - not fact"


def render_report(frames: Frames, facts: ReportFacts) -> str:
    """The whole page as text. Equal frames and facts give equal bytes."""
    told = sections(frames, facts)
    page: str = (
        _environment()
        .get_template("report.html.j2")
        .render(
            title=_TITLE,
            sample=_SAMPLE if facts.is_sample else "",
            facts=facts,
            sections=told,
            contents=[(part, list(own)) for part, own in groupby(told, key=lambda section: section.part)],
            policy=assets.policy(),
            styles=assets.styles(),
            scripts=assets.scripts(),
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
        finalize=_visible,
    )
    environment.filters |= {
        "number": words.number,
        "day": words.day,
        "metres": words.metres,
        "listed": words.listed,
        "sentence": words.sentence,
        "json": assets.as_json,
    }
    environment.globals["plural"] = words.plural
    return environment


def _visible(value: object) -> object:
    """What is put into the page, without signs that a reader cannot see; our own markup as it is."""
    return words.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
