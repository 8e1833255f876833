"""The yes/no questions that cells answer in sentences: must a parent stay, may siblings come, is a plan needed?"""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.access import step_free_of
from transforms.parsers.choices import AMONG_OTHER_WORDS, CONDITION, FOR_SOME_AGES, VALUE, answer_of
from transforms.parsers.denial import is_undecided
from transforms.parsers.misspelt import forgiving
from transforms.parsers.reading import Reading, read_each, unread
from transforms.parsers.synonyms import Synonyms, evened
from transforms.vocabulary import Answer, ParseStatus, StepFree

ANY, PARENT_STAYS, SIBLINGS = "answer", "parent_stays", "siblings"
_QUESTIONS = (ANY, PARENT_STAYS, SIBLINGS)

_OF_SIBLINGS = re.compile(
    r"\b(?:siblings?|brothers?|sisters?|whole famil(?:y|ies)|all the family|family sessions?"
    r"|famil(?:y|ies) (?:are )?welcome"
    r"|(?:named|referred|disabled|eligible|assessed|registered) (?:child|children|young person|young people) only)\b"
)
# "With a parent" is a condition on any answer: only who comes with the child, stays or leaves is the question.
_OF_STAYING = re.compile(
    r"\b(?:on site|premises|adults? per child|stay\w*|remain\w*|accompan\w+|unaccompanied|drop\w*|supervis\w+"
    r"|leave|(?:be|are|is|get) left|on (?:their|its) own)\b"
    r"|\b(?:must|need|needs|have to|has to|need to)\b.*\b(?:parents?|carers?|adults?|guardians?)\b"
    r"|^(?:always |usually |normally |generally |not |only )*(?:required|needed|necessary|expected|essential|compulsory"
    r"|mandatory|obligatory)\b"
    r"|^(?:no |yes,? |y |n )?(?:an? |the |one |1 )?(?:parents?|parental|carers?|adults?)\b"
    r"|\b(?:optional|required|needed|compulsory|expected|necessary)\b.*\b(?:parents?|carers?|adults?)\b"
    r"|\b(?:parents?|carers?|adults?)\b.*\b(?:optional|choice|required|needed|present|expected|welcome|attend)\b"
)

_NO_TROUBLE = r"no (?:extra|additional|charge|cost|fee|limit|problem|issue|restriction)"
_NOT = rf"(?!{_NO_TROUBLE})(?:not|no|never|cannot|cant|dont|doesnt|wont|unable|isnt|arent|without)\b(?: \w+)"
_STAY = (
    r"(?:stay\w*|remain\w*|attend\w*|accompan\w+|supervis\w+|wait|present|there|on site|required|needed|necessary"
    r"|expected|compulsory|obliged|with (?:an?|their|the) (?:adult|parent|carer)|needs? an? (?:adult|parent|carer))\b"
)
_LEAVE = r"(?:leave|leaves|(?:be|are|is|get) left|drop\w*|go|alone|unaccompanied|independently|on (?:their|its) own)\b"
_COME = (
    r"(?:come|attend|join|bring|accept\w*|take\w*|allow\w*|includ\w*|accommodat\w*|cater\w*|permit\w*|suit\w*"
    r"|invit\w*|welcome|eligible|appropriate|possible|able)\b"
)
# "No, children stay without parents": what the cell opens with outweighs what explains it.
_OPENINGS = (
    (re.compile(r"^(?:sorry,? )?(?:no|nope|n)\s*[,;:.(-]"), Answer.NO),
    (re.compile(r"^(?:yes|yep|y)\s*[,;:.(-]"), Answer.YES),
)
# How a sentence answers, the first that fits: only words that say so answer no.
_SENTENCES = {
    PARENT_STAYS: (
        *_OPENINGS,
        (FOR_SOME_AGES, Answer.CONDITIONAL),
        (re.compile(rf"\b{_NOT}{{0,3}} {_LEAVE}"), Answer.YES),
        (re.compile(rf"\b{_NOT}{{0,4}} {_STAY}"), Answer.NO),
        (re.compile(rf"\b{_LEAVE}"), Answer.NO),
        (re.compile(rf"\b{_STAY}"), Answer.YES),
    ),
    SIBLINGS: (
        *_OPENINGS,
        (FOR_SOME_AGES, Answer.CONDITIONAL),
        (re.compile(r"\b(?:siblings?|brothers?|sisters?)\b(?: \w+){0,2} (?:not|no)$"), Answer.NO),
        (re.compile(rf"\b{_NOT}{{0,4}} (?:siblings?|brothers?|sisters?)\b"), Answer.NO),
        (re.compile(rf"\b{_NOT}{{0,3}} {_COME}"), Answer.NO),
        (re.compile(rf"\b{_NO_TROUBLE}"), Answer.YES),
        (
            re.compile(
                r"£|\b(?:charged?|pay\w*|waiting list|register\w*|separate\w*|book\w*|tickets?|own place)\b"
            ),
            Answer.CONDITIONAL,
        ),
        (re.compile(rf"\b(?:{_COME}|friendly|encouraged|happy|free|ok|too)\b"), Answer.YES),
    ),
}
# "Siblings yes, friends no": what is said of others is no answer.
_OF_OTHERS = re.compile(
    r"(?:[,;(-]|\b(?:but|and)\b|^)\s*(?:but |and )?(?:sorry )?(?:no |not )?(?:for )?"
    r"(?:friends|cousins|neighbours|classmates|school ?mates|other relatives)"
    r"(?: (?:no|not|yes|ok)\b(?: \w+)?| (?:cannot|cant|may not) \w+)?\s*[),;-]*"
)
_OF_GETTING_IN = re.compile(
    r"\b(?:\w*accessib\w+|disabled access|wheelchairs?|step free|level (?:access|entrance)|steps?|stairs|lifts?|ramp\w*"
    r"|ground floor|basement|upstairs)\b"
)
_OF_A_PLAN = re.compile(r"\b(?:ehcps?|ehc plans?|education,? health and care plans?|diagnos[ie]s)\b")
_PLAN_LOOSE = re.compile(r"\b(?:prefer\w*|desirable|ideally|or|if|some|unless|except|usually|either)\b|\?")
_PLAN_ANSWERS = (
    (re.compile(r"\b(?:not|no|neednt|dont|doesnt|without)\b"), Answer.NO),
    (
        re.compile(r"\b(?:required|needed|necessary|essential|compulsory|mandatory|must|need|needs|only)\b"),
        Answer.YES,
    ),
)


def read_question(raw: pd.Series, synonyms: Synonyms, question: str) -> pd.DataFrame:
    """Answers to one of the questions: frame as ``choices.read_answer``.

    Phrases decide; a sentence in which none does is read by how it is built, in part and not very sure.
    """
    read = forgiving(lambda text: _answered(text, synonyms, question), [synonyms[question]], CONDITION)
    return read_each(raw, read, [VALUE, CONDITION])


def read_any_answer(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Yes, no or conditional for each cell, by the words of the question that it names: as ``read_question``."""

    def read(text: str) -> Reading:
        asked = _asked(text, synonyms)
        first = _answered(text, synonyms, asked)
        if first.status is not ParseStatus.UNPARSED or asked is not ANY:
            return first
        return _of_plan(text) or _of_access(text, synonyms) or first

    words = [synonyms[question] for question in _QUESTIONS]
    return read_each(raw, forgiving(read, words, CONDITION), [VALUE, CONDITION])


def _of_access(text: str, synonyms: Synonyms) -> Reading | None:
    """A cell that tells of steps and wheelchairs: in part is on a condition."""
    even = evened(text)
    if not _OF_GETTING_IN.search(even) or "?" in even or is_undecided(even):
        return None
    found = step_free_of(text, synonyms)
    if found.status is ParseStatus.UNPARSED or VALUE not in found.values:
        return None
    if found.values[VALUE] != StepFree.PARTIAL:
        return found
    told = {VALUE: Answer.CONDITIONAL.value, CONDITION: " ".join(text.split())}
    return Reading(told, found.rule, found.confidence, found.status)


def _of_plan(text: str) -> Reading | None:
    """A cell that says whether a family must hold a plan or a diagnosis; nothing where it may mean either."""
    even = evened(text)
    if not _OF_A_PLAN.search(even) or _PLAN_LOOSE.search(even) or is_undecided(even):
        return None
    answer = next((answer for pattern, answer in _PLAN_ANSWERS if pattern.search(even)), None)
    if answer is None:
        return None
    return Reading({VALUE: answer.value}, "plan_needed", AMONG_OTHER_WORDS, ParseStatus.PARTIAL)


def _asked(text: str, synonyms: Synonyms) -> str:
    """The question that a cell names or answers in a word of its own, or any."""
    even = evened(text)
    if _OF_SIBLINGS.search(even):
        return SIBLINGS
    if _OF_STAYING.search(even):
        return PARENT_STAYS
    return next((question for question in _QUESTIONS if synonyms[question].exactly(text)), ANY)


def _answered(text: str, synonyms: Synonyms, question: str) -> Reading:
    if question == SIBLINGS and (alone := _OF_OTHERS.sub(" ", evened(text)).strip()) != evened(text):
        found = _answered(alone, synonyms, question) if _OF_SIBLINGS.search(alone) else unread("of_others")
        condition = " ".join(text.split()) if found.values.get(CONDITION) else None
        return Reading({**found.values, CONDITION: condition}, found.rule, found.confidence, found.status)
    by_phrase = answer_of(text, synonyms[question])
    if by_phrase.status is not ParseStatus.UNPARSED or question not in _SENTENCES:
        return by_phrase
    even = evened(text)
    if "?" in even or is_undecided(even):
        return by_phrase
    for pattern, answer in _SENTENCES[question]:
        if pattern.search(even):
            condition = " ".join(text.split()) if answer is Answer.CONDITIONAL else None
            told = {VALUE: answer.value, CONDITION: condition}
            return Reading(told, "sentence", AMONG_OTHER_WORDS, ParseStatus.PARTIAL)
    return by_phrase
