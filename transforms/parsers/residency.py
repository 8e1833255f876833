"""Whether a service takes children who live in the City, and how we know."""

from __future__ import annotations

import re
from collections.abc import Sequence

import pandas as pd

from transforms.parsers.choices import (
    AMONG_OTHER_WORDS,
    CONDITION,
    ONE_PHRASE,
    VALUE,
    affirmed,
    answer_of,
    is_on_condition,
    only_asks,
)
from transforms.parsers.dates import read_dates
from transforms.parsers.denial import blanked, is_denied, is_undecided, other_words, words_of
from transforms.parsers.misspelt import forgiving
from transforms.parsers.reading import Reading, is_blank, read_each, unread
from transforms.parsers.residency_reach import of_today, reaches_everywhere
from transforms.parsers.synonyms import Hit, Phrases, Synonyms, evened
from transforms.tables import Eligibility
from transforms.vocabulary import Answer, Evidence, ParseStatus

_CITY, _OUTSIDE = "city", "outside"
# A place limits who may come only where a family is said to live there.
_LIVING = re.compile(
    r"\b(?:residents?|resident|living|lives?|families|children|young people|people|homes?|postcodes?)\b"
)
_ONLY = re.compile(
    r"\b(?:only|must|(?:have|has|need|needs) to (?:live|be)|just for|only if|solely|exclusively|strictly|restricted"
    r"|limited|proof of|(?:address|postcode) (?:is )?(?:required|needed)|(?:nobody|no one|noone|nowhere) else)\b"
)
_ONLY_BY = re.compile(
    r"\bonly (?:by|with|via|through|after|following|on|(?:if|when)"
    r"(?! (?:you|they|families|children|the (?:child|family)) (?:lives?|are|is)\b))\b"
)
# What lets those in who live elsewhere, beside a limit.
_OPENS = re.compile(
    r"\b(?:unless|except|otherwise|spot|purchas\w+|fund\w*|direct payments?|dps?|personal budgets?|consider\w*|spaces?"
    r"|places?|buy\w*|agree\w*|arrangement|request)\b"
)
# "City would have to pay": its children come when it does.
_CITY_PAYS = re.compile(r"^[^.;]*\b(?:pays?|funds?|buys?|purchases?|agrees?|approves?)\b")
# A school or a surgery in a place is not a home there.
_NOT_LIVING = re.compile(
    r"\b(?:gps?|schools?|pupils?|nurser(?:y|ies)|colleges?|(?:work|working)\b(?! with)|surgery)\b"
)
# "Non-Hackney residents charged £12": those from elsewhere come at a price.
_OUTSIDERS_PAY = re.compile(
    r"\bnon [a-z_ ]*\b(?:residents?|children|families)\b.*(?:\bpay\w*|\bcharged?|\bfees?\b|\bcosts?\b|£)"
)
# "Non-residents same price", "residents and non-residents alike".
_ALIKE = re.compile(
    r"(?<!not )(?<!not the )\b(?:same (?:price|rate|cost|fee|charge|terms|basis|offer|access|conditions|way)s?|alike"
    r"|equally|on equal terms|the same|no differen(?:t|ce)|no distinction)\b|\bresidents? (?:and|or) non residents?$"
    r"|\bfree for (?:both|all|non)\b"
)
# "Discount for Hackney residents": others come too, and pay more.
_DISCOUNT = re.compile(
    r"\b(?:discount\w*|reduced|reduction|cheaper|subsidised|subsidy|concession\w*|lower (?:price|rate|fee|cost)"
    r"|half price|preferential|\d{1,2} ?% off)\b"
)
# "Live, work or study in the City": who lives there may come.
_OR_WORKS = re.compile(
    r"(?P<live>\b(?:lives?|living|residents?|residing))"
    r"(?:\s*(?:,|/|\bor\b)+\s*(?:(?:go(?:es)? to|attend\w*|at|in) )?(?:works?|working|workers|stud(?:y|ies|ying)"
    r"|students?|learn\w*|school|volunteer\w*)\b)+"
    r"|\b(?:work|study)(?:\s*(?:,|/|\bor\b)+\s*(?:work|study))*\s*(?:,|/|\bor\b)+\s*(?P<last>live)\b"
)
_NOT_ONLY, _NON_CITY = (
    re.compile(r"\bnot (?:only|just)\b"),
    re.compile(r"\bnon city\b|\bcity (?:workers?|employees|firms|staff|businesses)\b"),
)
_FIRST = re.compile(r"\b(?:priority|preference) (?:(?:is |will be )?given )?(?:to|for)\b[^,]*$")
# "Hackney first, then City": those of another place come before.
_THEY_FIRST = re.compile(
    r"\W*(?:\w+ ){0,4}(?:(?:first|1st)\b(?! (?:come|session|visit|time|served|week))"
    r"|priority|preference|prioriti\w+|preferred)"
)
# A child of the City who comes by somebody's decision comes on a condition.
_BY_DECISION = re.compile(
    r"\b(?:exceptions?|exceptional(?:ly)?|individually|purchased|bought|self (?:fund|pay)\w*"
    r"|referr\w+|social (?:work\w*|care)|panels?|assess\w+|via|arrangements?|agreements?)\b"
)
_TAKEN = re.compile(
    r"\b(?:ok|okay|fine|yes|welcomed?|accepted|taken|eligible|admitted"
    r"|(?:can|may) (?:also )?(?:attend|come|join|use))\b"
)
_AT_A_PRICE = re.compile(
    r"\b(?:self (?:fund|pay)\w*|private(?:ly)?|purchased|bought|pay\w*|charge\w*|fees?|costs?|price|rate)\b|£"
)
# "City at full cost".
_FULL_COST = re.compile(
    r"(?<!no )\b(?:full|extra|additional|higher|unsubsidised|own) (?:cost|price|rate|charge|fee)s?\b"
)
_OUTSIDE_OF = re.compile(r"\b(?:outside (?:of )?(?:the )?(?:london borough of )?|non )$")
# The east of London is not all of it, nor known to take in the City.
_PART_OF_LONDON = re.compile(r"\b(?:north|south|east|west|inner|central|outer)(?: east| west)? london\b")
# Who pays for a service is not yet whom it takes.
_PAID_BY = re.compile(r"^(?:jointly )?(?:commissioned|funded|paid for|supported|run|provided) by\b")
_SHORT_FORM = re.compile(r"\b(incl?|excl?)\.")
_NOT_FOR = re.compile(r"\bn/?a for\b")
# "No extra cost for City residents" denies the cost, and not them.
_NO_COST = re.compile(r"\b(?:no|without) (?:extra |additional |further )?(?:costs?|charges?|fees?)\b")
_PARTS = re.compile(r"[;.~|/]")
# Words beside a place that only say who lives there.
_IN_PASSING = words_of(
    """
    ordinarily normally usually residents resident living live lives families family children young people
    child person in of the and or for aged ages age ehcp ehcps to open who from a with london borough boroughs
    send sen disabled their parents carers
    """
)
_OF_RESIDENTS = "place_of_residents"
_DATE_IN_WORDS = re.compile(r"\b\d{1,4}[/.-]\d{1,2}[/.-]\d{2,4}\b")


def read_residency(raw: pd.Series, synonyms: Synonyms) -> pd.DataFrame:
    """Whether City residents are taken: frame with ``value`` and ``condition``.

    A cell that names the Square Mile answers by what it says of it; one that only names other places
    answers no where a family must live there. A place that is merely named says nothing.
    """
    phrases, places = synonyms["residency"], synonyms["place"]

    def read(text: str) -> Reading:
        if phrases.exactly(text):
            return answer_of(text, phrases)
        even = evened(text)
        if (today := of_today(even)) != even:
            return _as_doubtful(read(today), text) if today else unread("of_the_past")
        return _by_place(text, phrases, places) or answer_of(text, phrases)

    return read_each(raw, forgiving(read, [phrases, places], CONDITION), [VALUE, CONDITION])


def _as_doubtful(now: Reading, text: str) -> Reading:
    """A reading of a cell that also says what was so before, which somebody may have left half changed."""
    if now.status is ParseStatus.UNPARSED:
        return now
    values = {**now.values, CONDITION: " ".join(text.split()) if now.values.get(CONDITION) else None}
    return Reading(values, now.rule, min(now.confidence, AMONG_OTHER_WORDS), ParseStatus.PARTIAL)


def _by_place(text: str, phrases: Phrases, places: Phrases) -> Reading | None:
    """What the places named in a cell say; nothing where none is named, or a phrase says more."""
    even = _from_outside(
        _NOT_FOR.sub("not for", _SHORT_FORM.sub(r"\1", _NO_COST.sub("free", evened(text)))), places
    )
    if is_undecided(even) or only_asks(even) or (_PAID_BY.match(even) and not _LIVING.search(even)):
        return None
    if _PART_OF_LONDON.search(even) and not any(hit.codes[0] == _CITY for hit in places.hits(even)):
        return unread("part_of_london")
    if reaches_everywhere(even):
        return _reading(Answer.YES, text, "no_limit", ONE_PHRASE)
    lives_or_works = _OR_WORKS.search(even)
    even = _OR_WORKS.sub(lambda m: m["live"] or m["last"], even)
    if not places.hits(even) or _NOT_LIVING.search(even) or _NON_CITY.search(even):
        return None
    told = [part for part in (_of_part(part, phrases, places) for part in _PARTS.split(even)) if part]
    # A child of the City may go to school where others live.
    if not told or (lives_or_works and any(answer is Answer.NO for answer, _ in told)):
        return None
    answers = {answer for answer, _ in told}
    if Answer.CONDITIONAL in answers:
        return _reading(Answer.CONDITIONAL, text, "condition_within", ONE_PHRASE)
    if answers == {Answer.YES, Answer.NO}:
        # "Hackney residents / City residents" are two who may come; "Hackney only / City" contradicts itself.
        if any(answer is Answer.NO and rule != _OF_RESIDENTS for answer, rule in told):
            return unread("contradictory_phrases")
        told = [part for part in told if part[0] is Answer.YES]
    answer, rule = told[0]
    return _reading(answer, text, rule, AMONG_OTHER_WORDS if rule == _OF_RESIDENTS else ONE_PHRASE)


def _of_part(part: str, phrases: Phrases, places: Phrases) -> tuple[Answer, str] | None:
    """What one part of a cell says of the City, and by which rule."""
    hits = places.hits(part)
    around = blanked(part, hits)
    # "Out of borough" is a place here; whether its children come on a condition, the rest says.
    said = {hit.codes[0] for hit in affirmed(part, phrases) if hit.phrase not in places}
    if hits and (_ONLY_BY.search(around) or _OUTSIDERS_PAY.search(part)):
        return Answer.CONDITIONAL, "condition_within"
    city = [hit for hit in hits if hit.codes[0] == _CITY]
    if city and all(is_denied(around, hit) for hit in city):
        return Answer.NO, "place_denied"
    if city and _FIRST.search(around[: city[0].start]):
        return Answer.YES, "place_first"
    outside = [hit for hit in hits if hit.codes[0] == _OUTSIDE]
    if not city and any(is_denied(around, hit) for hit in outside):
        return Answer.NO, "outsiders_denied"
    if outside and _ALIKE.search(part) and not (said - {Answer.YES} or is_on_condition(around)):
        return Answer.YES, "outsiders_alike"
    if outside and _AT_A_PRICE.search(part):
        return Answer.CONDITIONAL, "condition_within"
    if Answer.YES in said and not city:
        return None
    if not city and not outside and _is_limit(around, hits) and not _OPENS.search(around):
        return Answer.NO, "place_only"
    if not city and hits and _DISCOUNT.search(around):
        return Answer.CONDITIONAL, "condition_within"
    if city and (
        _FULL_COST.search(around) or _BY_DECISION.search(around) or _CITY_PAYS.search(around[city[0].end :])
    ):
        return Answer.CONDITIONAL, "condition_within"
    if _others_first(around, hits):
        return Answer.CONDITIONAL, "condition_within"
    if (
        outside
        and _TAKEN.search(around)
        and not (Answer.CONDITIONAL in said or is_on_condition(around) or _AT_A_PRICE.search(part))
    ):
        return Answer.YES, "outsiders_taken"
    if Answer.CONDITIONAL in said or outside or (city and is_on_condition(around)):
        return Answer.CONDITIONAL, "condition_within"
    if Answer.UNKNOWN in said or "?" in part:
        return None
    if city:
        return Answer.YES, "place_named"
    if not hits or any(is_denied(around, hit) for hit in hits):
        return None
    if _is_limit(around, hits):
        return Answer.NO, "place_only"
    if _LIVING.search(around) and not other_words(around, _IN_PASSING):
        return Answer.NO, _OF_RESIDENTS
    return None


def _is_limit(around: str, hits: Sequence[Hit]) -> bool:
    """Whether only those of the places named may come."""
    if _BY_DECISION.search(around) and not _LIVING.search(around):
        return False
    is_said = bool(hits) and bool(_ONLY.search(around)) and not _NOT_ONLY.search(around)
    return is_said and not any(is_denied(around, hit) for hit in hits)


def _from_outside(even: str, places: Phrases) -> str:
    """An evened text with "outside Hackney" told as out of borough."""
    for hit in reversed(places.hits(even)):
        if hit.codes[0] not in (_CITY, _OUTSIDE) and (before := _OUTSIDE_OF.search(even[: hit.start])):
            even = f"{even[: before.start()]}out of borough{even[hit.end :]}"
    return even


def _others_first(around: str, hits: Sequence[Hit]) -> bool:
    return any(hit.codes[0] != _CITY and _THEY_FIRST.match(around[hit.end :]) for hit in hits)


def _reading(value: Answer, text: str, rule: str, confidence: float) -> Reading:
    condition = " ".join(text.split()) if value is Answer.CONDITIONAL else None
    return Reading({VALUE: value.value, CONDITION: condition}, rule, confidence)


def residency_evidence(
    residency: pd.DataFrame,
    cells: pd.Series,
    payers: pd.Series,
    verified: pd.Series,
    synonyms: Synonyms,
    date_format: str,
) -> pd.DataFrame:
    """How we know whether City residents are taken: Eligibility's answer, evidence and its date.

    What a cell says is ``stated``, unless it says that the provider confirmed it or that a contract
    does; its own date comes before that of the record. Where the cell is silent and the City itself
    pays, its residents are taken by ``contract``. Nothing is inferred from another borough's silence.
    """
    how, paid = synonyms["residency_evidence"], synonyms["commissioned_by_city"]
    rows = []
    for index, value in residency[VALUE].items():
        text = "" if pd.isna(cells[index]) else str(cells[index])
        payer = "" if pd.isna(payers[index]) else str(payers[index])
        if is_blank(text) and affirmed(evened(payer), paid):
            rows.append((Answer.YES.value, Evidence.CONTRACT.value, verified[index]))
        elif pd.isna(value) or value == Answer.UNKNOWN:
            rows.append((Answer.UNKNOWN.value, Evidence.NONE.value, None))
        else:
            said = affirmed(evened(text), how)
            evidence = said[0].codes[0] if said else Evidence.STATED.value
            rows.append((value, evidence, _date_within(text, date_format) or verified[index]))
    columns = [Eligibility.accepts_city_residents, Eligibility.evidence, Eligibility.evidence_date]
    return pd.DataFrame(rows, index=residency.index, columns=columns)


def _date_within(text: str, date_format: str) -> str | None:
    dates = _DATE_IN_WORDS.findall(text)
    if len(dates) != 1:
        return None
    found = read_dates(pd.Series(dates, dtype="str"), date_format)[VALUE].iloc[0]
    return None if pd.isna(found) else str(found)
