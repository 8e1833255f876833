"""School years and key stages as ages at 31 August before the school year starts."""

from __future__ import annotations

import re

# School Admissions Code: Reception is 4, Year n is n + 4.
RECEPTION_AGE = 4
LAST_YEAR = 14  # special schools keep some young people one year after Year 13

STAGES = {
    "ks1": (5, 6), "ks2": (7, 10), "ks3": (11, 13), "ks4": (14, 15), "ks5": (16, 17),
    "eyfs": (0, 4), "early years": (0, 4), "nursery": (3, 3), "primary": (4, 10), "infants": (4, 6),
    "infant": (4, 6), "juniors": (7, 10), "junior": (7, 10), "secondary": (11, 15), "sixth form": (16, 17),
    "6th form": (16, 17), "sixth formers": (16, 17), "6th formers": (16, 17), "sixth former": (16, 17),
}  # fmt: skip

# Where a span ends before school begins: "birth to school age".
BEFORE_SCHOOL = 4

# Words for an age that no rule fixes: read with low confidence.
LOOSE_STAGES = {
    # Compulsory school age (Education Act 1996, section 8) ends in the school year of the 16th birthday.
    "compulsory school age": (5, 16), "school age": (5, 16), "school aged": (5, 16), "school-age": (5, 16),
    "school-aged": (5, 16), "statutory school age": (5, 16), "school ages": (5, 16),
    "babies": (0, 1), "baby": (0, 1), "toddlers": (1, 3), "toddler": (1, 3), "pre-school": (2, 4),
    "preschool": (2, 4), "pre-schoolers": (2, 4), "preschoolers": (2, 4), "tots": (1, 3),
    "walking": (1, 1), "walkers": (1, 3), "crawling": (0, 1), "crawlers": (0, 1), "pre-walkers": (0, 1),
    "non-walkers": (0, 1), "pre-walking": (0, 1), "non-walking": (0, 1), "not walking": (0, 1),
    "pre-teens": (9, 12), "preteens": (9, 12), "pre-teen": (9, 12), "tweens": (9, 12), "teens": (13, 19),
    "teenagers": (13, 19), "teenage": (13, 19), "young adults": (18, 25),
}  # fmt: skip

_YEAR_WORD = r"(?:years?|yrs?|y)(?: groups?)?"
_STAGE_WORD = r"(?:key ?stages?|ks)"
_BETWEEN = r"\s*(?:-|to|until|till|up to|through|,|&|/|\+(?= ?\d)|and|or)\s*"
# Not "5 years 11 months", and not the "9 years" of "Year 5 - 9 years old".
_AN_AGE_FOLLOWS = r"(?!\d|\.\d| ?(?:years?|yrs?|y/?o|months?|mths?|m\b|-?year))"


def _listed(word: str, number: str) -> re.Pattern[str]:
    """A word and the numbers that share it: "years 3, 4 & 5", "KS1-3"."""
    one_more = rf"{_BETWEEN}(?:{word}\.? ?)?{number}{_AN_AGE_FOLLOWS}"
    return re.compile(rf"(?<![\d\w])(?<!\d )(?<!\d-){word}\.? ?{number}(?!\d)(?! ?-?olds?\b)(?:{one_more})*")


_YEARS = _listed(_YEAR_WORD, r"(?:1[0-4]|[0-9])(?!\d)")
_KEY_STAGES = _listed(_STAGE_WORD, r"[1-5]")
# "Yr 9s upwards", "Y12s & Y13s": the children of a school year.
_CHILDREN_OF = re.compile(
    r"(?<!\d )(?<!\d)\b(?:years?|yrs?|y)\.? ?\d{1,2}'?s\b"
    r"(?:\s*(?:,|&|/|-|and|to)\s*\d{1,2}'?s\b)*"
)
_RECEPTION = re.compile(
    r"(?:^r(?=\s*(?:-|to)\s*\d)|(?<![\w'])r(?=\s*(?:-|to|&|and|,|/)\s*y))"
    r"|\b(?:reception|recep|rec|(?:years?|yrs?|y) r|yr(?=\s*(?:-|to|&|and|,)\s*y))\b"
    r"(?: (?:class|year|aged?|children|pupils))?"
)


def as_marks(text: str) -> str:
    """Folded text with every school year as ``y7`` and every key stage as ``ks2``; Reception is ``y0``.

    "Years 3, 4 & 5" becomes "y3, y4 & y5", "Yr 7-11" becomes "y7-y11".
    """
    text = _RECEPTION.sub("y0", _CHILDREN_OF.sub(lambda m: re.sub(r"(?<=\d)'?s\b", "", m[0]), text))
    text = re.sub(rf"\by0{_BETWEEN}(?=\d{{1,2}}{_AN_AGE_FOLLOWS}\s*$)", "y0-y", text)
    text = _KEY_STAGES.sub(lambda m: _marked(m[0], _STAGE_WORD, "ks"), text)
    return _YEARS.sub(lambda m: _marked(m[0], _YEAR_WORD, "y"), text)


def _marked(text: str, word: str, mark: str) -> str:
    bare = re.sub(rf"{word}\.? ?(?=\d)", "", text)
    return re.sub(r"\d+", lambda m: f"{mark}{int(m[0])}", bare)


def ages_of(mark: str) -> tuple[int, int] | None:
    """Youngest and oldest age in a school year or stage, or nothing."""
    if re.fullmatch(r"y\d{1,2}", mark):
        year = int(mark[1:])
        return (RECEPTION_AGE + year,) * 2 if year <= LAST_YEAR else None
    return STAGES.get(mark) or LOOSE_STAGES.get(mark)
