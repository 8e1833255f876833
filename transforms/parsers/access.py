"""Getting in and getting on: steps, toilets, loops and quiet."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.choices import AMONG_OTHER_WORDS, ONE_PHRASE, VALUE, answer_of, stands_alone
from transforms.parsers.denial import blanked, is_denied
from transforms.parsers.reading import MISSING, Reading, read_each, unread
from transforms.parsers.synonyms import Hit, Phrases, Synonyms, evened, together
from transforms.vocabulary import Answer, ParseStatus, StepFree

FEATURES, FEATURE = "features", "feature"

_ENTRY = re.compile(r"[,;~|.]")


def read_step_free(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Whether a venue can be entered without steps: frame with ``value``.

    Words of other kinds of access ("Hearing loop") say nothing of steps. What an entry says of steps in
    part outweighs a yes beside it: "Level access; first floor not accessible".
    """
    return read_each(raw, lambda text: step_free_of(text, synonyms), [VALUE])


def step_free_of(text: str, synonyms: Synonyms) -> Reading:
    """One cell read as ``read_step_free`` reads it."""
    phrases, others = synonyms["step_free"], [synonyms["access_feature"], synonyms["access_other"]]
    every, answers = together([phrases, *others]), synonyms["answer"]
    if codes := phrases.exactly(text):
        return Reading({VALUE: codes[0]}, "whole_cell")
    found, tells_of_others = set(), False
    for entry in _ENTRY.split(evened(text)):
        hits = every.hits(entry)
        around = blanked(entry, hits)
        is_other = any(hit.phrase not in phrases for hit in hits)
        tells_of_others |= is_other
        # "Hearing loop: no" and "Changing Places by arrangement" are no answers about steps.
        about = [h for h in hits if h.phrase in phrases and not (is_other and h.phrase in answers)]
        about = [h for h in about if stands_alone(entry, h)]
        found |= {hit.codes[0] for hit in about if not is_denied(around, hit)}
    if found == {StepFree.YES, StepFree.PARTIAL}:
        return Reading({VALUE: StepFree.PARTIAL.value}, "in_part", ONE_PHRASE)
    if len(found) == 1:
        return Reading({VALUE: found.pop()}, "phrase_within", ONE_PHRASE)
    if {StepFree.NO, StepFree.PARTIAL} <= found:
        # "Steps at the front, ring for the ramp": somebody must help.
        return Reading({VALUE: StepFree.PARTIAL.value}, "in_part", AMONG_OTHER_WORDS, ParseStatus.PARTIAL)
    if found:
        return unread("contradictory_phrases")
    return MISSING if tells_of_others else unread("no_known_phrase")


def read_features(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Further features of access that each cell tells of: frame with ``features``, a tuple of dicts.

    Yes where an entry names it, no where it denies it, conditional where it sets a condition. A feature
    that is not mentioned, or told of in two ways, is not there: silence is unknown.
    """
    phrases, answers = synonyms["access_feature"], synonyms["answer"]

    def read(text: str) -> Reading:
        found: dict[str, set[str]] = {}
        for entry in _ENTRY.split(evened(text)):
            hits = phrases.hits(entry)
            around = blanked(entry, hits)
            for hit in hits:
                found.setdefault(hit.codes[0], set()).add(_answer(around, hit, answers))
        told = tuple({FEATURE: f, VALUE: said.pop()} for f, said in sorted(found.items()) if len(said) == 1)
        if not told:
            return unread("contradictory_phrases") if found else MISSING
        status = ParseStatus.PARSED if len(told) == len(found) else ParseStatus.PARTIAL
        return Reading({FEATURES: told}, "feature_within", ONE_PHRASE, status)

    return read_each(raw, read, [FEATURES])


def _answer(around: str, hit: Hit, answers: Phrases) -> str:
    if is_denied(around, hit):
        return Answer.NO.value
    beside = answer_of(around, answers).values.get(VALUE)
    return str(beside) if beside in (Answer.CONDITIONAL, Answer.NO) else Answer.YES.value
