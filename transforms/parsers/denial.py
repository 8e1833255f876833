"""Whether a phrase is denied by the words around it: "not suitable for wheelchair users".

All positions are those of an evened text (see ``synonyms``), in which the phrases themselves are blanked:
the "no" of "no lift" denies nothing beside it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from transforms.parsers.synonyms import Hit

_BLANK = "_"
# A denial reaches to the end of its sentence. A comma does not end it: "not for ADHD, anxiety" denies both.
_SENTENCE_ENDS = re.compile(r"[.;:~|()!]|\bbut\b|\bhowever\b|\balthough\b|\bthough\b")
_DENIES_WHAT_FOLLOWS = re.compile(
    r"\b(?:not(?! (?:only|just|limited|restricted)\b)|no|never|nor|cannot|cant|wont|dont|doesnt|isnt|arent"
    r"|unable|closed to|unsuitable|(?<!with or )(?<!with and )(?<!with/)without"
    r"|except|excepting|excluding|excludes|exclude|excl?|other than)\b"
)
_NON = re.compile(r"\bnon $")
# After a phrase, only words that turn a child away deny it: "autism, no diagnosis needed" does not.
_DENIES_WHAT_PRECEDES = re.compile(
    r"\b(?:(?:not|cannot|cant|isnt|arent|wont|no longer)(?: \w+)? (?:accept|suit|support|cater|eligib|admi|tak|includ"
    r"|able|appropriate|accommodat|met|provid|possible|allow|welcome|available|consider|offer|permit|cover)\w*"
    r"|excluded|unsuitable|ineligible|no$|not$"
    r"|not (?:currently|at present|at the moment|now|yet|any ?more|any longer|this year|normally|usually)$)"
)
# "Not sure", "no reply yet": words that know no answer, and so deny nothing.
_UNDECIDED = re.compile(
    r"\b(?:not|no|never|dont|isnt|yet to be|to be|awaiting|without)\b(?! (?:unless|without|except)\b)[\w ]*"
    r"\b(?:sure|known?|confirmed|decided"
    r"|stated|given|said|specified|clear|certain|recorded|advised|answer|answered|reply|replied|response|information"
    r"|info|data|records?|details|idea|applicable|confirmation|decision|clarification|outcome|heard|found out|asked"
    r"|checked|mentioned|discussed|indicated|listed|completed|filled|entered|ticked|available yet)\b"
    r"|\b(?:left|is|was)? ?blank\b|\bleft empty\b"
    # "Information not provided", "details to follow".
    r"|\b(?:information|info|data|details|answer|reply|response|policy)\b[\w ]*\b(?:not|never|missing|awaited|pending"
    r"|outstanding|unavailable|to follow|to come)\b|\bun(?:sure|known|clear|confirmed|certain|decided|stated)\b"
)
_ENDS_AFTER = re.compile(r"[.;~|()!,]|\bbut\b")


def blanked(text: str, hits: Iterable[Hit]) -> str:
    """The text with every hit blanked, each at its place."""
    for hit in hits:
        text = text[: hit.start] + _BLANK * (hit.end - hit.start) + text[hit.end :]
    return text


def is_denied(around: str, hit: Hit) -> bool:
    """Whether the words before or after a hit in its sentence deny it; ``around`` is the blanked text."""
    before = _SENTENCE_ENDS.split(around[: hit.start])[-1]
    if _DENIES_WHAT_FOLLOWS.search(before) or _NON.search(before):
        return True
    after = _ENDS_AFTER.split(around[hit.end :])[0]
    return bool(_DENIES_WHAT_PRECEDES.search(after.strip()))


def is_undecided(text: str) -> bool:
    """Whether an evened text says that the answer is not known."""
    return bool(_UNDECIDED.search(text))


def denies(around: str) -> bool:
    """Whether a blanked text holds any word that denies."""
    return bool(_DENIES_WHAT_FOLLOWS.search(around) or _DENIES_WHAT_PRECEDES.search(around))


def other_words(around: str, in_passing: frozenset[str]) -> set[str]:
    """Words of a blanked text beside the phrases, but for those that say nothing, and numbers."""
    words = re.findall(r"[^\W_][\w']*", around)
    return {word for word in words if word not in in_passing and not word[0].isdigit()}


def words_of(text: str) -> frozenset[str]:
    """The words of a list written as running text."""
    return frozenset(text.split())
