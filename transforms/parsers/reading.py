"""What a parser gives back: the values read, how much was read, by which rule and how surely."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from transforms.vocabulary import ParseStatus

STATUS, RULE, CONFIDENCE = "status", "rule", "confidence"
TRUST = [STATUS, RULE, CONFIDENCE]
MISSING_RULE = "missing"

# Words that stand for "nothing was filled in". A provider may be called "None": names never pass here.
_BLANK = frozenset(
    {"", "-", "–", "?", "n/a", "na", "n.a", "not applicable", "tbc", "tba", "tbd", "null", "none", "unknown"}
    | {
        "see website",
        "t.b.c",
        "t.b.a",
        "to be confirmed",
        "to be announced",
        "not known",
        "n/k",
        "not stated",
    }
)

_QUOTES = str.maketrans(
    {"‘": "'", "’": "'", "“": '"', "”": '"', "–": "-", "—": "-", "−": "-", "‐": "-", "\xa0": " "}
)


@dataclass(frozen=True)
class Reading:
    """One value as read: canonical fields, and how far to trust them."""

    values: Mapping[str, Any] = field(default_factory=dict)
    rule: str = MISSING_RULE
    confidence: float = 1.0
    status: ParseStatus = ParseStatus.PARSED


MISSING = Reading()


def unread(rule: str = "no_rule_fits") -> Reading:
    """A value that says something, but not something we can read."""
    return Reading(rule=rule, confidence=0.0, status=ParseStatus.UNPARSED)


def fold(text: str) -> str:
    """Text for comparing: compatibility forms, case, dashes, quotes and spacing evened out."""
    # Of ASCII nothing is to be evened out but case and spacing.
    evened = text if text.isascii() else unicodedata.normalize("NFKC", text).translate(_QUOTES)
    return " ".join(evened.casefold().split())


def is_blank(text: str) -> bool:
    """Whether a cell says nothing."""
    return fold(text).rstrip(".") in _BLANK


def read_each(raw: pd.Series, read: Callable[[str], Reading], fields: Sequence[str]) -> pd.DataFrame:
    """Each value of ``raw`` as read by ``read``; equal values are read once.

    Returns a frame on the same index with ``fields``, then status, rule and confidence. Blank
    cells give missing fields under the rule ``missing``.
    """
    text = raw.fillna("").astype(str)
    readings = {value: MISSING if is_blank(value) else read(value) for value in text.unique()}
    records = [
        {**dict.fromkeys(fields), **r.values, STATUS: r.status.value, RULE: r.rule, CONFIDENCE: r.confidence}
        for r in (readings[value] for value in text)
    ]
    return pd.DataFrame(records, index=raw.index, columns=[*fields, *TRUST])


def beside(first: pd.DataFrame, second: pd.DataFrame) -> pd.DataFrame:
    """Two readings of one record as one: their fields side by side, the worse status, both rules."""
    fields = pd.concat([first.drop(columns=TRUST), second.drop(columns=TRUST)], axis=1)
    gravity = list(ParseStatus)
    fields[STATUS] = [
        max(pair, key=lambda status: gravity.index(ParseStatus(status)))
        for pair in zip(first[STATUS], second[STATUS], strict=True)
    ]
    fields[RULE] = [
        "+".join(dict.fromkeys(rule for rule in pair if rule != MISSING_RULE)) or MISSING_RULE
        for pair in zip(first[RULE], second[RULE], strict=True)
    ]
    fields[CONFIDENCE] = pd.concat([first[CONFIDENCE], second[CONFIDENCE]], axis=1).min(axis=1)
    return fields


def if_mentioned(reading: pd.DataFrame) -> pd.DataFrame:
    """A reading of a cell that holds other words too: what it does not mention is not given, not unread."""
    silent = reading[STATUS].eq(ParseStatus.UNPARSED)
    kept = reading.copy()
    kept.loc[silent, TRUST] = [MISSING.status.value, MISSING.rule, MISSING.confidence]
    return kept
