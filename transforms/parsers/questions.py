"""Yes/no cells that name their own question: whether a parent must stay, whether siblings may come."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.choices import CONDITION, VALUE, answer_of
from transforms.parsers.misspelt import forgiving
from transforms.parsers.reading import Reading, read_each
from transforms.parsers.synonyms import Phrases, Synonyms, evened

_QUESTIONS = ("answer", "parent_stays", "siblings")
_SIBLINGS = re.compile(
    r"\b(?:siblings?|brothers?|sisters?|whole famil(?:y|ies)|all the family"
    r"|(?:named|referred|disabled|eligible|assessed|registered) (?:child|children|young person|young people) only)\b"
)
# "With a parent" is a condition on any answer: only who comes with the child, stays or leaves is the question.
_STAYING = re.compile(
    r"\b(?:on site|premises|adults? per child|stay\w*|remain\w*|accompan\w+|unaccompanied|drop\w*|supervis\w+|leave|left)\b"
    r"|^(?:no |yes,? |y |n )?(?:parents?|carers?|parents?/carers?)\b"
    r"|\b(?:parents?|carers?|adults?)\b.*\b(?:optional|choice|required|needed|present|expected|welcome|attend)\b"
)


def read_any_answer(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Yes, no or conditional for each cell, by the words of the question that it names: as ``read_answer``."""

    def read(text: str) -> Reading:
        return answer_of(text, _asked(text, synonyms))

    questions = [synonyms[name] for name in _QUESTIONS]
    return read_each(raw, forgiving(read, questions, CONDITION), [VALUE, CONDITION])


def _asked(text: str, synonyms: Synonyms) -> Phrases:
    """The words of the question that a cell names or answers in a word of its own, or those of any."""
    even = evened(text)
    if _SIBLINGS.search(even):
        return synonyms["siblings"]
    if _STAYING.search(even):
        return synonyms["parent_stays"]
    asked = (synonyms[question] for question in _QUESTIONS)
    return next((phrases for phrases in asked if phrases.exactly(text)), synonyms["answer"])
