"""Whom a service is for: needs it names, areas it may mean, and words for any or all."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

import pandas as pd

from transforms.parsers.choices import AMBIGUOUS, AMONG_OTHER_WORDS, ONE_PHRASE, WHOLE_CELL
from transforms.parsers.denial import blanked, is_denied, other_words, words_of
from transforms.parsers.misspelt import forgiving
from transforms.parsers.reading import Reading, read_each, unread
from transforms.parsers.synonyms import Hit, Phrases, Synonyms, evened, together
from transforms.tables import ServiceNeed
from transforms.vocabulary import NeedScope, ParseStatus

NEEDS = "needs"

# Words beside a need that say nothing of whom a service is for.
_IN_PASSING = words_of(
    """
    child children childrens young person people persons pupil pupils student students teens teenagers youth
    girls boys adults kids toddlers babies those anyone any all with who have has having and or of for the a an
    their is are in to from age aged ages yrs years old plus need needs difficulty difficulties disability
    disabilities condition conditions diagnosis diagnosed profile spectrum disorder disorders suitable suits
    welcome including includes include eg such as related associated some only mainly especially particularly
    inc incl support supports families family primary code service club group also both either users user
    """
)
# "Moderate and severe learning difficulties": each degree stands for itself.
_DEGREE = r"(?:mild|moderate|severe|profound)"
_SHARED_NOUN = re.compile(
    rf"\b({_DEGREE})\s*(?:,|/|-|\band\b|\bor\b|\bto\b|(?<=\w)\s)\s*(?=(?:{_DEGREE}\W+(?:and |or |to )?)+"
    r"(?:learning (?:difficult|disabilit)|ld\b))"
)
# "Learning and physical disabilities" are both; "sensory and physical needs" is the Code of Practice's broad area.
_SHARED_DISABILITY = re.compile(
    r"\b(learning|physical|sensory)\s*(?:and/or\b|,|/|\band\b|\bor\b)\s*(?=(?:learning|physical|sensory)"
    r" (disabilit(?:y|ies)|difficult(?:y|ies)|impairments?)\b)"
)
# "Hearing and vision impairments" are each of the two.
_SHARED_SENSE = re.compile(
    r"\b(hearing|visual|vision|sight)\s*(?:,|/|\band\b|\bor\b)\s*(?=(?:hearing|visual|vision|sight)"
    r" (impairments?|loss|difficulties|problems)\b)"
)
# "Combined sight and hearing loss" is one need.
_COMBINED_SENSES = re.compile(
    r"\b(?:combined|dual) (?:sight|vision|visual|hearing)(?: loss| impairments?)? (?:and|/|or)"
    r" (?:sight|vision|visual|hearing)(?: loss| impairments?| difficulties)?\b"
)
# "Exclusions: epilepsy" denies what follows.
_EXCLUSIONS = re.compile(
    r"\b(?:exclusions?(?: criteria)?|excluded|(?:not |un)suitable for|not for|(?:unable to|cannot|cant|dont|do not)"
    r" (?:take|support|accept|meet|include))\s*(?::|-(?= )|\bare\b|\binclude\b)\s*"
)
# "LD (mild to moderate)" is "mild to moderate LD".
_DEGREES_AFTER = re.compile(
    r"\b(ld|learning (?:difficult(?:y|ies)|disabilit(?:y|ies)|needs))\s*(?:[(:,-]\s*|(?<=\w)\s+)"
    rf"({_DEGREE}(?:(?:\s*(?:,|/|-|\bto\b|\band\b|\bor\b)\s*|\s+){{1,2}}{_DEGREE})*)\b(?=\s*(?:[;:,.|)/]|$|only\b))\)?"
)
_VOCABULARIES = ("not_a_need", "need_alone", "need", "ambiguous_need", "need_scope")
_HEADS = re.compile(r"(?: (?:needs?|impairments?))?\s*[:(-]")
# In a column of needs "all" says all needs, most likely.
_ALL = frozenset({"all", "any"})
_VAGUE = "vague"
_SEPARATOR = re.compile(r"[,;:~/|().+•]")


def read_needs(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Whom each service is for: frame with ``needs``, a tuple of dicts of ServiceNeed's columns.

    A phrase that names a need gives its code (scope ``named``). One that may mean several ("LD") gives all
    of them with low confidence (scope ``area``) and reads the cell in part. "Any disability" and "open to
    all" give one entry without a code. A need the cell turns away is never one it is for.
    """
    phrases = together(synonyms[name] for name in _VOCABULARIES)
    return read_each(raw, forgiving(lambda text: _read(text, phrases, synonyms), [phrases]), [NEEDS])


def _read(text: str, phrases: Phrases, synonyms: Synonyms) -> Reading:
    if codes := synonyms["need"].exactly(text):
        return _told(codes, (), (), WHOLE_CELL)
    if scope := synonyms["need_scope"].exactly(text):
        return _told((), (), scope, WHOLE_CELL)
    if evened(text) in _ALL:
        return _told((), (), [NeedScope.ANY_SEND], AMONG_OTHER_WORDS)
    even = _DEGREES_AFTER.sub(r"\2 \1", evened(text))
    even = _COMBINED_SENSES.sub("deafblind", _EXCLUSIONS.sub("excluding ", even))
    even = _SHARED_DISABILITY.sub(r"\1 \2 and ", even)
    even = _SHARED_SENSE.sub(r"\1 \2 and ", even)
    even = _SHARED_NOUN.sub(r"\1 learning difficulties and ", even)
    hits = _counting(phrases.hits(even), even, synonyms["need_alone"])
    around = blanked(even, hits)
    passed = synonyms["not_a_need"]
    about = [hit for hit in hits if hit.phrase not in passed]
    about = _without_headings(about, even)
    meant = [hit for hit in about if not is_denied(around, hit)]
    if not meant:
        return unread("needs_turned_away" if about else "no_known_need")
    is_whole = (
        len(about) == len(meant)
        and not any(_VAGUE in hit.codes for hit in hits)
        and not other_words(around, _IN_PASSING)
    )
    by_kind = {
        name: [code for hit in meant if hit.phrase in synonyms[name] for code in hit.codes]
        for name in ("ambiguous_need", "need_scope")
    }
    named = [
        code
        for hit in meant
        for code in hit.codes
        if not any(hit.phrase in synonyms[name] for name in by_kind)
    ]
    sure = ONE_PHRASE if is_whole else AMONG_OTHER_WORDS
    return _told(named, by_kind["ambiguous_need"], by_kind["need_scope"], sure)


def _without_headings(hits: list[Hit], even: str) -> list[Hit]:
    """The hits without those that only head a list of what they mean: "Sensory: HI / VI", "LD (MLD)"."""
    return [
        hit
        for hit in hits
        if not (
            _HEADS.match(even, hit.end)
            and any(other.start > hit.end and set(other.codes) < set(hit.codes) for other in hits)
        )
    ]


def _counting(hits: list[Hit], even: str, alone: Phrases) -> list[Hit]:
    """The hits without those that count only alone and are not."""
    solid = [hit for hit in hits if hit.phrase not in alone]
    around = blanked(even, solid)
    return [hit for hit in hits if hit in solid or _stands_alone(around, hit)]


def _told(named: Sequence[str], unclear: Sequence[str], scopes: Sequence[str], sure: float) -> Reading:
    named, unclear = sorted(set(named)), sorted(set(unclear) - set(named))
    entries = [_entry(code, NeedScope.NAMED, sure) for code in named]
    entries += [_entry(code, NeedScope.AREA, AMBIGUOUS) for code in unclear]
    entries += [_entry(None, scope, sure) for scope in _widest(scopes, has_needs=bool(entries))]
    rules = [("named_needs", named), ("ambiguous_need", unclear), ("any_or_open", scopes)]
    return Reading(
        {NEEDS: tuple(entries)},
        "+".join(rule for rule, found in rules if found),
        min(entry[ServiceNeed.confidence] for entry in entries),
        ParseStatus.PARTIAL if unclear or sure == AMONG_OTHER_WORDS else ParseStatus.PARSED,
    )


def _entry(code: str | None, scope: str, confidence: float) -> dict[str, Any]:
    return {
        ServiceNeed.need_code: code,
        ServiceNeed.scope: str(scope),
        ServiceNeed.confidence: confidence,
    }


def _widest(scopes: Sequence[str], *, has_needs: bool) -> Sequence[str]:
    """The one wide scope of a cell. Any SEND is told before open to all, which says nothing of SEND."""
    for scope in (NeedScope.ANY_SEND, NeedScope.OPEN):
        if scope in scopes:
            return [scope]
    return scopes[:1] if not has_needs else []


def _stands_alone(text: str, hit: Hit) -> bool:
    """Whether nothing but words in passing stands with a hit between two separators: "Other", "HI"."""
    before = _SEPARATOR.split(text[: hit.start])[-1]
    after = _SEPARATOR.split(text[hit.end :])[0]
    return not other_words(f"{before} {after}", _IN_PASSING)
