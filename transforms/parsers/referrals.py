"""Who may refer a child to a health service."""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.parsers.reading import fold, is_blank

_JOINT = ", "
_BETWEEN = re.compile(r"\s*(?:[,;/&+~\n]|\bor\b|\band\b)\s*")
_ALONE = re.compile(r"^only\b|\bonly$")


def referrers(words: str) -> str | None:
    """Those who may refer, in one order and spelling: "GP, school or parent" and "parent; GP; school" are equal.

    "only" says no more than the list itself does.
    """
    if is_blank(words):
        return None
    parts = (_ALONE.sub("", part).strip(" .") for part in _BETWEEN.split(fold(words)))
    return _JOINT.join(sorted({part for part in parts if part})) or None


def together(lists: Iterable[str]) -> str:
    """All that several such lists name."""
    return _JOINT.join(sorted({name for names in lists for name in names.split(_JOINT)}))
