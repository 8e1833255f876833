"""Words that limit nowhere a family may live, and words of the past that limit it no more."""

from __future__ import annotations

import re

from transforms.parsers.denial import denies

# "No residency restriction", "no local connection needed": nothing limits where a family lives.
_NO_LIMIT = re.compile(
    r"\bno (?:\w+ ){0,2}(?:restrictions?|limits?|requirements?|criteria|connection|rules?"
    r"|conditions?|catchment|boundar(?:y|ies)|(?:address|residency|postcode) checks?|proof of (?:address|residen\w+))\b"
    # "Borough boundaries do not apply".
    r"|\b(?:boundar(?:y|ies)|restrictions?|limits?|criteria|rules?|requirements?|catchments?)"
    r" (?:(?:do|does|are|is|will) not|dont|doesnt|arent|isnt|wont|no longer) (?:apply|applied|matter|used|enforced)\b"
    r"|\bboundaries (?:are )?(?:irrelevant|ignored|immaterial|no (?:bar|barrier|object))\b"
)
_NO_MATTER = re.compile(
    r"\b(?:whatever|whichever) (?:the |your |their )?(?:borough|area|address|postcode)\b|"
    r"\b(?:doesnt|does not|not|no|dont) (?:matter|mind) (?:where|which|what)\b"
    r"|\b(?:borough|address|postcode|area) (?:is |does ?)?(?:nt|not) (?:matter|important|relevant|restricted)\b"
    r"|\bnot (?:borough|postcode|area|residency|residence) (?:restricted|limited|bound|dependent)\b"
    # "We don't ask where you live".
    r"|\b(?:dont|do not|never|wont|no need to|not need to) (?:ask|check|look at|record|care|need to know|ask for)"
    r"(?: for| about)? (?:where|(?:which|what) borough"
    r"|(?:your |their |home |the |proof of )*(?:address|postcode|borough|residen)\w*)\b"
    r"|\b(?:address|postcode|borough)\w* (?:is |are )?(?:not|never) (?:asked|checked|needed|required|recorded)\b"
    r"|\b(?:regardless|irrespective) of (?:where|which|what|the |their |home )*(?:borough|address|residence"
    r"|postcode|area|they|you|\w+ lives?)"
)
# "Everyone in London"; the east of it is not all of it.
_ALL_OF_LONDON = re.compile(
    r"\b(?:with)?in(?:side)?(?: of)? the m25\b|\bm25 area\b"
    r"|\blondon (?:and|or|/|\+) ?(?:the )?(?:south east|home counties|surrounding (?:areas?|counties)|beyond)\b|"
    r"^(?:greater )?london(?: boroughs?)? only$|^london boroughs$"
    r"|^london (?:families|residents|children|young people)\b|"
    r"\b(?:all|any|anyone|anybody|everyone|everybody|anywhere|across|throughout|whole)\b"
    r"(?: (?!(?:north|south|east|west|inner|central|city)\b)\w+){0,4} london\b(?! (?:fields|bridge|city|road))"
)
# "Any family in the UK", "across England": the City lies within.
_ALL_OF_COUNTRY = re.compile(
    r"\b(?:worldwide|world wide|international(?:ly)?|global(?:ly)?|any country|anywhere in the world)\b|"
    r"^(?:uk|england|english|british)(?: (?:based|wide))?(?: (?:families|residents|children|young people))*(?: only)?$"
    r"|\b(?:all|any|anyone|anybody|every|everyone|everybody|anywhere|across|throughout|whole)\b"
    r"(?: (?!(?:in|of) (?:north|south|east|west)\b)\w+){0,4} (?:uk|united kingdom|britain|england|country)\b"
)
# "Used to take City families, now Hackney only": what was so says nothing of today.
_OF_THE_PAST = re.compile(
    r"[^,;.()|]*?\b(?:used to|previously(?! looked)|formerly|historically|in the past|until (?:recently|last year))\b"
    r"(?:(?!\b(?:now|but|currently|these days|today)\b)[^,;.()|])*[,;.()|]*"
)


def reaches_everywhere(even: str) -> bool:
    """Whether an evened text takes families from wherever they live, or from all of a place around the City."""
    if _NO_LIMIT.search(even) or _NO_MATTER.search(even):
        return True
    return bool(_ALL_OF_LONDON.search(even) or _ALL_OF_COUNTRY.search(even)) and not denies(even)


def of_today(even: str) -> str:
    """An evened text without what it says of the past."""
    return _OF_THE_PAST.sub(" ", even).strip()
