"""Styles and scripts that go into the page, and the policy that lets nothing else run."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from functools import cache
from importlib import resources
from typing import Any

from markupsafe import Markup

_STYLES = ("base", "layout", "tables", "grids", "charts", "map", "print")
_SCRIPTS = ("switch", "contents", "focus", "filters", "table", "map", "behind", "start")
_LEAFLET = "static/js_lib_leaflet"
# What Leaflet's styles ask for from elsewhere: pictures of controls and markers that we do not use.
_FETCHES = re.compile(r"[a-z-]+:\s*[^;{}]*url\([^)]*\)[^;{}]*;?")
_SOURCE_MAP = re.compile(r"\n?//# sourceMappingURL=\S+")


@cache
def styles() -> Markup:
    """Every style of the page, in order; the print style last. Ours alone, so nothing in it is escaped."""
    return Markup("\n".join([leaflet_styles(), *(_own(f"css/{name}.css") for name in _STYLES)]))


@cache
def plain_styles() -> Markup:
    """The styles of a page of words and tables."""
    return Markup("\n".join(_own(f"css/{name}.css") for name in ("base", "layout", "tables", "print")))


@cache
def scripts() -> tuple[Markup, ...]:
    """Every script of the page, in order: what runs before anything is drawn, Leaflet, then ours as one."""
    ours = "\n".join(_own(f"js/{name}.js") for name in _SCRIPTS)
    return (
        Markup(_own("js/early.js")),
        Markup(leaflet_script()),
        Markup(f'"use strict";\n(() => {{\n{ours}}})();\n'),
    )


@cache
def policy() -> str:
    """The content security policy: nothing is fetched, and no script runs but those whose hash stands here."""
    hashes = " ".join(f"'sha256-{_digest(script)}'" for script in scripts())
    return (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; "
        f"script-src {hashes}; base-uri 'none'; form-action 'none'"
    )


def leaflet_styles() -> str:
    """Leaflet's styles without what they would fetch."""
    return _FETCHES.sub("", _leaflet("leaflet.css"))


def leaflet_script() -> str:
    """Leaflet 1.9.4, without the pointer to its source map."""
    return _SOURCE_MAP.sub("", _leaflet("leaflet.js")).strip() + "\n"


def as_json(data: Any) -> Markup:
    """Data that a script reads: no sign in it can end the element it stands in."""
    words = json.dumps(data, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return Markup(words.replace("<", "\\u003c").replace("\u2028", "\\u2028").replace("\u2029", "\\u2029"))


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()


def _own(path: str) -> str:
    return (resources.files("reports") / "templates" / path).read_text(encoding="utf-8")


def _leaflet(name: str) -> str:
    return (resources.files("js_lib_leaflet") / _LEAFLET / name).read_text(encoding="utf-8")
