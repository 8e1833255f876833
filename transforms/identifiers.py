"""Identifiers that are the same every night for the same native key."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable


def make_id(prefix: str, *parts: object) -> str:
    """``prefix-`` and twelve hexadecimal digits that depend on the parts alone.

    Generated identifiers are the only names that reach a path or a link: a roster's own text never
    does.
    """
    return f"{prefix}-{digest(parts)[:12]}"


def prefix_of(identifier: str) -> str:
    """The part of an identifier that says what it is of."""
    return identifier.partition("-")[0]


def head_office_id(organization_id: str) -> str:
    """Identifier of a provider's head office, which follows its provider's."""
    return make_id("loc", "hq", organization_id)


def digest(parts: Iterable[object]) -> str:
    """SHA-256 over parts, each kept apart from its neighbour."""
    return hashlib.sha256("\x1f".join(str(part) for part in parts).encode()).hexdigest()
