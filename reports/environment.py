"""How every page is written: all text escaped, nothing undefined, no sign that a reader cannot see."""

from __future__ import annotations

from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from reports import assets, words


@cache
def environment() -> Environment:
    """Jinja with our filters, ``plural`` known everywhere; one a process, so that templates are compiled once."""
    made = Environment(
        loader=PackageLoader("reports"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_visible,
    )
    made.filters |= {
        "number": words.number,
        "day": words.day,
        "metres": words.metres,
        "listed": words.listed,
        "sentence": words.sentence,
        "json": assets.as_json,
    }
    made.globals["plural"] = words.plural
    return made


def _visible(value: object) -> object:
    """What is put into the page, without signs that a reader cannot see; our own markup as it is."""
    return words.plain(value) if isinstance(value, str) and not isinstance(value, Markup) else value
