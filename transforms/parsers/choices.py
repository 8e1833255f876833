"""Parsers for closed questions: one code out of a short list."""

from __future__ import annotations

import re

import pandas as pd

from transforms.parsers.denial import blanked, denies, is_denied, is_undecided, other_words, words_of
from transforms.parsers.misspelt import forgiving
from transforms.parsers.reading import Reading, read_each, unread
from transforms.parsers.synonyms import Hit, Phrases, evened
from transforms.vocabulary import Answer, CommissionerType, ParseStatus

VALUE, CONDITION = "value", "condition"

# How sure a reading is, by the way it was found. Judgement, tested on the labelled cases.
WHOLE_CELL, ONE_PHRASE, AMONG_OTHER_WORDS, AMBIGUOUS = 1.0, 0.9, 0.6, 0.4

# Words beside an answer that change nothing about it.
_IN_PASSING = words_of(
    """
    please call ring phone email text contact us first ahead before booking to the a an and or is are can may be
    they we you of course thank thanks definitely always sorry just also too their with child children parent
    parents carer carers family families sibling siblings brother brothers sister sisters all any welcome attend
    come allowed accepted ok okay fine yes y for at in on session sessions confirmed by provider ages
    """
)
# "Over 8s", "aged 5-11", "8+": an answer that holds for some ages holds on a condition.
FOR_SOME_AGES = re.compile(
    r"\(\d{1,2} ?- ?\d{1,2}\b|\b\d{1,2} ?(?:-|to) ?\d{1,2} ?(?:yrs?|years?)\b"
    r"|\bu\d|\b(?:under|over|above|below|aged?|ages|from|until|up to) ?\d|\b\d+ ?\+|\b\d+s\b|[<>≤≥] ?\d"
    r"|\d (?:and|or) (?:over|under|above|older|younger)\b"
)
# "By mutual agreement", "with prior notice", "following an assessment".
_ON_CONDITION = re.compile(
    r"(?<!not )\b(?:by|with|on|upon|subject to|following|after|at)(?: (?!no\b|without\b)\w+){0,2}"
    r" (?:arrangement|agreement|appointment|requests?|invitation|negotiation|discussion|notice|permission"
    r"|approval|consent|availability|assessment|referral|discretion|condition)\b"
)
# "Ask when booking" tells nothing yet.
_ASKS = re.compile(r"(?:please )?(?:ask|check|enquire|inquire|contact|discuss|speak|talk)\b(?! first)")
_AT_FIRST = re.compile(
    r"\b(?:first|1st) (?:\w+ )?(?:sessions?|visits?|weeks?|times?|days?|months?|terms?)\b(?! (?:is |are )?free)"
    r"|\b(?:until|till|while|once|after)\b.*\bsettl\w+"
)
# "Two visits, then drop off".
_THEN_LEAVES = re.compile(r"\bthen (?:(?:you|they|parents|carers) )?(?:can |may )?(?:drop\w*|leave)\b")
# "Over 8s no": what holds for some ages.
_BY_AGE = re.compile(
    r"^(?:(?:for )?(?:under|over|up to|from|aged?|ages|u) ?|[<>≤≥] ?)?"
    r"\d{1,2}(?: ?- ?\d{1,2})?(?:s|\+| and (?:over|under)| yrs?"
    r"| years?)?\s*[:=-]?\s*(?:yes|no|y|n)\b(?! \d)"
)
# "Yes for children with medical needs".
_FOR_SOME = re.compile(
    r"^(?:yes|no|y|n|always|only|required|needed|necessary|expected|essential|compulsory)\W+(?:but )?(?:only )?for"
    r" (?:any |some |the )?(?:children|child|those|young people|anyone|young person)"
    r" (?:with|who|whose|on|needing|requiring)\b"
)
# "Required for swimming", "not on Saturdays".
_AT_SOME = re.compile(
    r"\b(?:required|needed|necessary|expected|essential|compulsory) (?:only )?"
    r"(?:for|in|at|on|during) (?:the )?(?:swim\w*|pool"
    r"|water|1:1|trips?|outings?|personal care|some|certain|new|non|wheelchair|holidays?|weekends?|\w+days|evenings?)\b"
    r"|\bnot (?:on|at|during|in) (?:the )?(?:\w+days?|week ?ends?|term\w*|(?:\w+ )?holidays?|hols|summer|evenings?)\b"
    r"|\b\w+ (?:permitting|allowing)\b"
)
_STARTS_WITH_NO = re.compile(r"(?:sorry,? )?(?:no|n|nope|not)\b")
_AT_SOME_TIMES = re.compile(
    r"\b(?:week\w*|holidays?|hols|term\w*|summer|easter|days?|sessions?|visits?|times?|evenings?|mornings?|\w+days?)\b|\d"
)
_EXCEPTION = re.compile(r"\b(?:but )?not\b|\b(?:apart from|other than|excluding)\b")
# A "no" that only says that a family need do nothing.
_NOTHING_NEEDED = re.compile(
    r"\bno (?:need to (?!stay\b|remain\b|attend\b|wait\b|be\b)\w+"
    r"|(?:extra |additional )?(?:cost|charge|fee|limit|problem|issue|restriction)s?"
    r"|(?:prior |advance )?(?:booking|appointment|referral|registration|notice|diagnosis|ehcp|charge)"
    r"(?: (?:is )?(?:needed|required|necessary))?)\b"
)
# "No they drop off": the answer, and then a sentence about it.
_GOES_ON = re.compile(
    r"^(yes|no|nope|yep)\s+(?=(?:they|we|you|it|he|she|this|just|but|because|as|so|unless|except|please|sorry"
    r"|thanks?|not|only|if|for|always|due|owing)\b)"
)
_JOINTS = r"[,;:~/|().!?*-]"
_ENDS_AT_JOINT, _STARTS_AT_JOINT = re.compile(_JOINTS + r"\s*$"), re.compile(r"\s*" + _JOINTS)
_SHORT = 2


def read_choice(raw: pd.Series, phrases: Phrases, *, in_name: bool = False) -> pd.DataFrame:
    """The one code each cell means: frame with ``value``. A name (``in_name``) is never taken for misspelt.

    A cell that is a phrase counts for sure; else the phrases within it must agree. Phrases that
    contradict each other, and those the cell denies, leave the value unread: nothing is guessed.
    """

    def read(text: str) -> Reading:
        if codes := phrases.exactly(text):
            return Reading({VALUE: codes[0]}, "whole_cell", WHOLE_CELL)
        found = {hit.codes[0] for hit in affirmed(evened(text), phrases)}
        if len(found) == 1:
            return Reading({VALUE: found.pop()}, "phrase_within", ONE_PHRASE)
        return unread("contradictory_phrases" if found else "no_known_phrase")

    return read_each(raw, read if in_name else forgiving(read, [phrases]), [VALUE])


def affirmed(text: str, phrases: Phrases) -> list[Hit]:
    """The phrases that an evened text says and does not deny."""
    hits = phrases.hits(text)
    around = blanked(text, hits)
    return [hit for hit in hits if not is_denied(around, hit)]


def read_commissioner(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """Which service of the state buys a place: frame with ``value``. Two of them buy it jointly."""

    def read(text: str) -> Reading:
        if codes := phrases.exactly(text):
            return Reading({VALUE: codes[0]}, "whole_cell", WHOLE_CELL)
        found = {hit.codes[0] for hit in affirmed(evened(text), phrases)}
        if CommissionerType.JOINT in found or len(found - {CommissionerType.NONE_SELF_FUNDED}) > 1:
            return Reading({VALUE: CommissionerType.JOINT.value}, "several_commissioners", ONE_PHRASE)
        if len(found) == 1:
            return Reading({VALUE: found.pop()}, "phrase_within", ONE_PHRASE)
        return unread("contradictory_phrases" if found else "no_known_phrase")

    return read_each(raw, read, [VALUE])


def read_answer(raw: pd.Series, phrases: Phrases) -> pd.DataFrame:
    """Yes, no or conditional for each cell: frame with ``value`` and ``condition``, the words of a condition.

    Never ``no`` for want of words. A condition anywhere in the cell outweighs a yes or a no beside it:
    "Yes, if space" is a condition. A "no" that only denies the words after it is no answer.
    """
    return read_each(
        raw, forgiving(lambda text: answer_of(text, phrases), [phrases], CONDITION), [VALUE, CONDITION]
    )


def answer_of(text: str, phrases: Phrases) -> Reading:
    """One cell read as ``read_answer`` reads it."""
    if codes := phrases.exactly(text):
        return _answered(codes[0], text, "whole_cell", WHOLE_CELL)
    even = _NOTHING_NEEDED.sub("", _GOES_ON.sub(r"\1, ", evened(text))).strip(" ,")
    if is_undecided(even):
        return _answered(Answer.UNKNOWN, text, "not_known", ONE_PHRASE)
    hits = [hit for hit in phrases.hits(even) if stands_alone(even, hit)]
    around = blanked(even, hits)
    found = {hit.codes[0] for hit in hits if _is_said(even, around, hit) and not _explains(even, hit)}
    known = found - {Answer.UNKNOWN}
    if _BY_AGE.search(even):
        return _answered(Answer.CONDITIONAL, text, "condition_within", ONE_PHRASE)
    if only_asks(even) and not known & {Answer.YES, Answer.NO}:
        return _answered(Answer.UNKNOWN, text, "to_be_asked", ONE_PHRASE)
    if (
        Answer.CONDITIONAL in known
        or is_on_condition(around)
        or _THEN_LEAVES.search(even)
        or _FOR_SOME.search(even)
        or _AT_SOME.search(even)
        or (known and FOR_SOME_AGES.search(around))
    ):
        return _answered(Answer.CONDITIONAL, text, "condition_within", ONE_PHRASE)
    if known == {Answer.YES} and hits[0].start == 0 and _EXCEPTION.search(around):
        return _answered(Answer.CONDITIONAL, text, "yes_with_exception", AMONG_OTHER_WORDS)
    if len(known) > 1:
        return unread("contradictory_phrases")
    if not found:
        return unread("no_known_phrase")
    if known == {Answer.NO} and even.endswith("?"):
        return unread("doubtful_no")
    if Answer.YES in known and (denies(around) or "?" in around):
        return unread("doubtful_yes")
    value = known.pop() if known else Answer.UNKNOWN
    if other_words(around, _IN_PASSING):
        return _answered(value, text, "phrase_among_other_words", AMONG_OTHER_WORDS, ParseStatus.PARTIAL)
    return _answered(value, text, "phrase_within", ONE_PHRASE)


def _explains(even: str, hit: Hit) -> bool:
    """Whether an "only" says why the answer is no: "No - SEND only". "No, only at weekends" is a condition."""
    before, after = even[: hit.start], even[hit.end :]
    is_last = hit.phrase == "only" and (not after.strip() or bool(_STARTS_AT_JOINT.match(after)))
    return is_last and bool(_STARTS_WITH_NO.match(even)) and not _AT_SOME_TIMES.search(before)


def only_asks(even: str) -> bool:
    """Whether an evened text sends its reader to somebody who knows."""
    return bool(_ASKS.match(even))


def is_on_condition(even: str) -> bool:
    """Whether an evened text makes what it says depend on somebody's word."""
    return bool(_ON_CONDITION.search(even) or _AT_FIRST.search(even))


def _is_said(text: str, around: str, hit: Hit) -> bool:
    """Whether a hit counts. A condition does whatever stands before it, as in "No, except in holidays"."""
    if hit.codes[0] == Answer.CONDITIONAL:
        return not text[: hit.start].endswith("not ")
    return not is_denied(around, hit)


def _answered(
    value: str, text: str, rule: str, confidence: float, status: ParseStatus = ParseStatus.PARSED
) -> Reading:
    condition = " ".join(text.split()) if value == Answer.CONDITIONAL else None
    return Reading({VALUE: str(value), CONDITION: condition}, rule, confidence, status)


def stands_alone(text: str, hit: Hit) -> bool:
    """Whether a hit may count: a short answer only at the start or between marks, not the "1" of "1 sibling".

    A short condition ("if") counts anywhere.
    """
    if len(hit.phrase) > _SHORT or Answer.CONDITIONAL in hit.codes:
        return True
    before, after = text[: hit.start], text[hit.end :]
    # "N/S" is not stated, not no.
    if len(hit.phrase) == 1 and (after.startswith("/") or before.endswith("/")):
        return False
    starts = not before.strip() or bool(_ENDS_AT_JOINT.search(before))
    ends = not after.strip() or bool(_STARTS_AT_JOINT.match(after))
    is_letter = hit.phrase in {"y", "n"} and not before.strip()
    return starts and (ends or is_letter)
