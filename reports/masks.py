"""What an activity answers to each filter: what it says, and what it may be besides.

A mask is a pair of bit sets over the options of a filter, in their order: ``yes`` holds what is said, ``may`` what
no answer rules out. What is not known is in ``may`` alone: it never passes for a yes, nor for a no.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import pandas as pd

from reports.words import listed, text
from transforms.schema import LIST_JOINT
from transforms.vocabulary import (
    NEEDS_TO_COVER,
    TIERS,
    AgeBand,
    Answer,
    NeedScope,
    Tier,
    Weekday,
    Zone,
)

NOT_KNOWN = "not known"
_FEW_DAYS = 2  # so many are told one by one
_ALL_NEEDS = (1 << len(NEEDS_TO_COVER)) - 1
_WIDE = {NeedScope.ANY_SEND: "any special need", NeedScope.OPEN: "open to everyone"}


@dataclass(frozen=True)
class Mask:
    """What is said, what may be besides, and both in words."""

    yes: int
    may: int
    words: str


def needs_mask(said: Sequence[tuple[str, str]]) -> Mask:
    """Needs that listings name; a wider area, any need, open to all and nothing said are a may be."""
    yes = may = 0
    names: list[str] = []
    for how, code in said:
        scope, bit = NeedScope(how), _bit(NEEDS_TO_COVER, code)
        if scope is NeedScope.NAMED:
            yes |= bit
            names.append(code)
        elif scope is NeedScope.AREA:
            may |= bit
            names.append(f"{code}?")
        else:
            may |= _ALL_NEEDS
            names.append(_WIDE.get(scope, NOT_KNOWN))
    if not said:
        return Mask(0, _ALL_NEEDS, NOT_KNOWN)
    return Mask(yes, may | yes, ", ".join(dict.fromkeys(names)))


def ages_mask(ends: Iterable[tuple[float, float]]) -> Mask:
    """Age bands that the stated ages reach; where an end is not stated, bands beyond it may be."""
    yes = may = 0
    words: list[str] = []
    for low, high in ends:
        for place, band in enumerate(AgeBand):
            out = (pd.notna(low) and low > band.last_year) or (pd.notna(high) and high < band.first_year)
            if not out:
                may |= 1 << place
                # Both ends stated, or the one that is stated lies within the band.
                is_said = pd.notna(low) and pd.notna(high)
                is_at = any(pd.notna(end) and band.first_year <= end <= band.last_year for end in (low, high))
                yes |= (1 << place) if is_said or is_at else 0
        words.append(_ages(low, high))
    return Mask(yes, may, " or ".join(dict.fromkeys(words)))


def _ages(low: float, high: float) -> str:
    if pd.isna(low) and pd.isna(high):
        return "ages not known"
    if pd.isna(low) or pd.isna(high):
        return f"from {low}" if pd.notna(low) else f"up to {high}"
    return f"{low} to {high}" if low != high else f"{low}"


def tier_mask(tiers: Iterable[str]) -> Mask:
    """Levels of offer; one that is not known may be any."""
    found = [Tier(code) for code in tiers]
    yes = _bits(TIERS, found)
    may = yes | ((1 << len(TIERS)) - 1 if Tier.UNKNOWN in found else 0)
    return Mask(yes, may, listed([tier.label for tier in dict.fromkeys(found)]))


def zone_mask(zones: Iterable[tuple[str, bool]]) -> Mask:
    """Zones; a venue on the line may be on either side of it."""
    yes = may = 0
    for code, sure in zones:
        bit = _bit(list(Zone), code)
        yes |= bit if sure else 0
        may |= bit if sure else bit | _bits(list(Zone), [Zone.INSIDE, Zone.NEAR])
    return Mask(yes, may, "")


def days_mask(sessions: Iterable[str]) -> Mask:
    """Weekdays that sessions name; a session that names none may be on any."""
    yes = may = 0
    for byday in sessions:
        codes = [part.lstrip("-0123456789") for part in byday.split(LIST_JOINT) if part]
        yes |= _bits(list(Weekday), codes)
        may |= _bits(list(Weekday), codes) if codes else (1 << len(Weekday)) - 1
    said = _days_in_words([place for place in range(len(Weekday)) if yes >> place & 1])
    if not said:
        return Mask(yes, may, NOT_KNOWN)
    return Mask(yes, may, f"{said}, others not known" if may != yes else said)


def _days_in_words(places: list[int]) -> str:
    """``Mon to Fri`` for days that follow one another, else each by its name."""
    names = [day.label[:3] for day in Weekday]
    if len(places) == len(names):
        return "every day"
    if len(places) > _FEW_DAYS and places[-1] - places[0] == len(places) - 1:
        return f"{names[places[0]]} to {names[places[-1]]}"
    return ", ".join(names[place] for place in places)


def answer_mask(answers: Iterable[str], *, is_turned: bool = False) -> Mask:
    """One yes/no question: bit 0 a yes, bit 1 a no. Rosters that disagree leave it open; so does a condition.

    ``is_turned`` is for a question asked the other way round, such as whether a parent must stay.
    """
    found = {text(answer) or Answer.UNKNOWN.value for answer in answers} or {Answer.UNKNOWN.value}
    said = found - {Answer.UNKNOWN.value}
    if said == {Answer.YES.value} or said == {Answer.NO.value}:
        is_yes = (said == {Answer.YES.value}) is not is_turned
        return Mask(1, 1, "yes") if is_yes else Mask(2, 2, "no")
    if not said:
        return Mask(0, 3, NOT_KNOWN)
    return Mask(0, 3, "rosters differ" if {Answer.YES.value, Answer.NO.value} <= said else "it depends")


def _bit(options: Sequence[str], code: str) -> int:
    return 1 << list(options).index(code) if code in list(options) else 0


def _bits(options: Sequence[str], codes: Iterable[str]) -> int:
    found = 0
    for code in codes:
        found |= _bit(options, code)
    return found
