"""What the validation gates found, summed by gate."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Gate:
    """One gate: how many tables it looked at, how many rules, and how many tables passed."""

    name: str
    tables: int
    rules: int
    passed: int


@dataclass(frozen=True)
class Failed:
    """One rule that did not hold."""

    gate: str
    source: str
    table: str
    column: str
    rule: str
    rows: int


def gates(verdicts: Iterable[Mapping[str, Any]]) -> list[Gate]:
    """Every gate, in the order a night meets them."""
    grouped: dict[str, list[Mapping[str, Any]]] = {}
    for verdict in verdicts:
        grouped.setdefault(str(verdict["gate"]), []).append(verdict)
    return [
        Gate(
            name,
            len(found),
            sum(int(v["expectations"]) for v in found),
            sum(bool(v["passed"]) for v in found),
        )
        for name, found in grouped.items()
    ]


def failed(verdicts: Iterable[Mapping[str, Any]]) -> list[Failed]:
    """Every rule that did not hold, with the rows that broke it."""
    return [
        Failed(
            str(verdict["gate"]),
            str(verdict.get("source", "")),
            str(verdict["table"]),
            str(rule.get("column") or ""),
            str(rule["rule"]).replace("_", " "),
            int(rule["rows"]),
        )
        for verdict in verdicts
        for rule in verdict["failed"]
    ]
