"""Reading ``data/reference/matching.toml``: the words, hosts and points of matching."""

from __future__ import annotations

import datetime as dt
import tomllib
from pathlib import Path

from pydantic import BaseModel, ConfigDict, ValidationError

from flows.errors import Mistake
from transforms.matching.rules import MatchRules, Points
from transforms.thresholds import Thresholds


class _SharedHosts(BaseModel):
    model_config = ConfigDict(extra="forbid")
    as_at: dt.date
    hosts: list[str]


class _File(BaseModel):
    model_config = ConfigDict(extra="forbid")
    legal_endings: list[str]
    small_words: list[str]
    other_name_marks: list[str]
    other_arms: list[str]
    other_bodies: list[str]
    contrasts: list[list[str]]
    places: list[str]
    shared_hosts: _SharedHosts
    abbreviations: dict[str, str]
    words_per_10000: dict[int, list[str]]
    points: Points


def read_match_rules(path: Path, thresholds: Thresholds) -> MatchRules:
    """The rules of matching, every name and type checked."""
    try:
        found = _File.model_validate(tomllib.loads(path.read_text(encoding="utf-8")))
    except tomllib.TOMLDecodeError as error:
        raise Mistake(f"{path.name} is not valid TOML: {error}.", "Mend that line.") from None
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(map(str, first["loc"]))
        raise Mistake(f"{path.name}: {where}: {first['msg']}.", "Correct the name or the value.") from None
    often: dict[str, int] = {}
    for times, words in sorted(found.words_per_10000.items()):
        often |= dict.fromkeys(words, times)
    return MatchRules(
        legal_endings=tuple(found.legal_endings),
        small_words=frozenset(found.small_words),
        other_name_marks=tuple(found.other_name_marks),
        other_arms=frozenset(found.other_arms),
        other_bodies=frozenset(found.other_bodies),
        contrasts=tuple(map(frozenset, found.contrasts)),
        places=frozenset(found.places),
        shared_hosts=frozenset(found.shared_hosts.hosts),
        abbreviations=found.abbreviations,
        words_per_10000=often,
        points=found.points,
        match_at=thresholds.match_confidence,
        maybe_at=thresholds.maybe_confidence,
        near_m=thresholds.same_venue_m,
    )
