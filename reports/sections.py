"""What a section of the report is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Part(StrEnum):
    """The parts of the report, in the order in which a reader meets them."""

    FIRST = "In short"
    MISSING = "What is missing"
    USE = "Can families use it"
    HELP = "Who could help"
    DO = "What to do next"
    MORE = "More questions"
    TRUST = "How far to trust it"


@dataclass(frozen=True)
class Section:
    """One section: its anchor, its name in the contents, its heading, and what its template is told."""

    id: str
    name: str
    title: str
    part: Part
    template: str
    data: Mapping[str, Any] = field(default_factory=dict)
