"""The words, hosts, points and limits by which records are taken for the same."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from transforms.matching.words import NameReader


@dataclass(frozen=True)
class Points:
    """Points for and against, as natural log-odds; explained in ``data/reference/matching.toml``."""

    start: float
    name: float
    name_even: float
    name_unlike: float
    postcode: float
    other_district: float
    website: float
    other_page: float
    site_elsewhere: float
    site_places: int
    other_website: float
    phone: float
    other_phone: float
    mailbox: float
    contrast: float
    other_legal_name: float
    crowd: int
    crowd_cost: float


@dataclass(frozen=True)
class MatchRules:
    """Everything that decides a match; the values are reference data.

    ``words_per_10000``: of 10,000 names of providers, how many bear a word. ``match_at`` and ``maybe_at`` are
    confidences, ``near_m`` metres between the points of one venue.
    """

    legal_endings: tuple[str, ...]
    small_words: frozenset[str]
    other_name_marks: tuple[str, ...]
    other_arms: frozenset[str]
    other_bodies: frozenset[str]
    contrasts: tuple[frozenset[str], ...]
    places: frozenset[str]
    shared_hosts: frozenset[str]
    abbreviations: Mapping[str, str]
    words_per_10000: Mapping[str, int]
    points: Points
    match_at: float
    maybe_at: float
    near_m: float

    @cached_property
    def reader(self) -> NameReader:
        """Reads names by these words."""
        return NameReader(
            self.legal_endings, self.small_words, self.other_name_marks, self.places, self.abbreviations
        )
