"""Parsers for closed questions: one code out of a short list."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.parsers.synonyms import Phrases
from transforms.vocabulary import Answer, NeedScope, ParseStatus

VALUE = "value"
CODES, SCOPE = "codes", "scope"

# How sure a reading is, by the way it was found. Judgement, tested on the labelled cases.
WHOLE_CELL, ONE_PHRASE, CONTRADICTORY = 1.0, 0.9, 0.4

# "no" before other words denies those words, not the question: "all welcome (no residency stated)".
_DENIES_WORDS = re.compile(r"\bno(?= \w)")


def read_choice(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """The one code each cell means: frame with ``value``.

    A cell that is a phrase counts for sure; else the phrases within it must agree. Phrases that
    contradict each other leave the value unread: nothing is guessed.
    """

    def read(text: str) -> Reading:
        if codes := phrases.exactly(text):
            return Reading({VALUE: codes[0]}, "whole_cell", WHOLE_CELL)
        found = {codes[0] for codes in phrases.within(text)}
        if len(found) == 1:
            return Reading({VALUE: found.pop()}, "phrase_within", ONE_PHRASE)
        return unread("contradictory_phrases" if found else "no_known_phrase")

    return read_each(raw, read, [VALUE])


def read_answer(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """Yes, no or conditional for each cell: frame with ``value``; never ``no`` for want of words.

    A condition anywhere in the cell outweighs a yes or a no beside it: "Yes, if space" is a
    condition. A "no" that only denies the words after it is no answer.
    """

    def read(text: str) -> Reading:
        if codes := phrases.exactly(text):
            return Reading({VALUE: codes[0]}, "whole_cell", WHOLE_CELL)
        found = {codes[0] for codes in phrases.within(text)}
        if Answer.CONDITIONAL in found:
            return Reading({VALUE: Answer.CONDITIONAL}, "condition_within", ONE_PHRASE)
        known = found - {Answer.UNKNOWN}
        if known == {Answer.NO} and _DENIES_WORDS.search(fold(text)):
            without = phrases.but_for("no").within(text)
            if (Answer.NO,) not in without:
                return unread()
        if len(known) == 1:
            return Reading({VALUE: known.pop()}, "phrase_within", ONE_PHRASE)
        return unread("contradictory_phrases" if known else "no_known_phrase")

    return read_each(raw, read, [VALUE])


def read_needs(raw: pd.Series, phrases: Phrases, scopes: Phrases) -> pd.DataFrame:
    """Whom a service is for: frame with ``codes`` (tuple of need codes) and ``scope``.

    A phrase that may mean several needs ("LD") gives all of them with low confidence and the
    scope ``area``. "Any disability" and "open to all" are scopes, not needs.
    """

    def read(text: str) -> Reading:
        if scope := scopes.exactly(text):
            return Reading({CODES: (), SCOPE: scope[0]}, "whole_cell", WHOLE_CELL)
        hits = phrases.within(text)
        sure = sorted({codes[0] for codes in hits if len(codes) == 1})
        if sure:
            return Reading({CODES: tuple(sure), SCOPE: NeedScope.NAMED}, "named_needs", ONE_PHRASE)
        if hits:
            every = tuple(sorted({code for codes in hits for code in codes}))
            return Reading(
                {CODES: every, SCOPE: NeedScope.AREA}, "ambiguous_need", CONTRADICTORY, ParseStatus.PARTIAL
            )
        if found := scopes.within(text):
            return Reading({CODES: (), SCOPE: found[0][0]}, "phrase_within", ONE_PHRASE)
        return unread("no_known_need")

    return read_each(raw, read, [CODES, SCOPE])
