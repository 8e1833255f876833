"""Contracts as bars in time: until the end solid, an extension hatched, today as a line."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

WIDTH = 1000
_LEFT, _TOP, _ROW = 190, 50, 24
_BEFORE, _AFTER = pd.DateOffset(months=12), pd.DateOffset(months=36)  # what of time is drawn, at most
_LEAST_SHOWN = 3  # so that an end long past is still a mark


@dataclass(frozen=True)
class Span:
    """One contract."""

    ref: str
    note: str
    y: float
    x: float
    width: float
    extension_x: float
    extension_width: float
    starts_before: bool
    words: str


@dataclass(frozen=True)
class Timeline:
    """Everything the drawing needs."""

    width: int
    height: int
    left: float
    today_x: float
    spans: list[Span]
    ticks: list[tuple[float, str]]


def timeline(
    refs: Sequence[str],
    notes: Sequence[str],
    starts: Sequence[pd.Timestamp],
    ends: Sequence[pd.Timestamp],
    extensions: Sequence[pd.Timestamp],
    today: dt.date,
) -> Timeline:
    """Bars in the order given, from a year before today to three years after it at most."""
    now = pd.Timestamp(today)
    last = max([end for end in [*ends, *extensions] if pd.notna(end)])
    first, until = now - _BEFORE, min(max(last, now) + pd.DateOffset(months=2), now + _AFTER)
    days = (until - first).days

    def at(when: pd.Timestamp) -> float:
        passed = min(max((when - first).days, 0), days)
        return round(_LEFT + (WIDTH - _LEFT) * passed / days, 1)

    spans = []
    for place, (ref, note, start, end, extension) in enumerate(
        zip(refs, notes, starts, ends, extensions, strict=True)
    ):
        begins = at(start) if pd.notna(start) else _LEFT
        stops = at(end)
        longer = at(extension) - stops if pd.notna(extension) else 0.0
        told = f"{ref}: ends {end:%d %b %Y}" + (f", may run to {extension:%d %b %Y}" if longer else "")
        spans.append(
            Span(
                ref, note, _TOP + place * _ROW, min(begins, stops), round(max(stops - begins, _LEAST_SHOWN), 1),
                stops, round(longer, 1), pd.isna(start) or start < first, told,
            )
        )  # fmt: skip
    quarters = pd.date_range(first, until, freq="QS")
    ticks = [(at(quarter), f"{quarter:%b %Y}" if quarter.month in (1, 7) else "") for quarter in quarters]
    return Timeline(WIDTH, _TOP + len(spans) * _ROW + 8, _LEFT, at(now), spans, ticks)
