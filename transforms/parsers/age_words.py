"""The words of an age cell made even, before phrases of ages are looked for."""

from __future__ import annotations

import re

from transforms.parsers.reading import fold
from transforms.parsers.spelled import cardinals_as_figures, ordinals_as_figures

# "Up to about 16": the word that makes it vague stands behind.
_ABOUT = re.compile(r"(?<=\bto )(about|around|approx\w*|roughly) (\d{1,2})")
_BEFORE_BIRTH = re.compile(r"\b(?:bumps?|pregnancy|antenatal|conception)(?=\s*(?:-|to\b|until\b|up to\b))")
# "9, 10 and 11 year olds": each of the years.
_EACH_YEAR = re.compile(
    r"\b(\d{1,2})(?:\s*[,/]\s*\d{1,2})*\s*(?:,|/|&|and|or)\s*(\d{1,2})(?=[ -]?(?:years?|yrs?)[ -]?olds?\b)"
    r"|\bages? (\d{1,2})(?:\s*[,/]\s*\d{1,2})+\s*(?:,|/|&|and|or)\s*(\d{1,2})$"
)
# "8 (or a mature 7) to 13": an exception to one end.
_EXCEPT_SOME = re.compile(
    r"(?<=\d) ?\([^()]*\b(?:matur\w+|consider\w*|exception\w*|discretion|agree\w*|possibl[ey]|if|some)\b[^()]*\)"
    r"(?= ?(?:to|-|until|up to) ?\d)"
)
_FRACTIONS = str.maketrans({"½": ".5", "¼": ".25", "¾": ".75"})
# "Three- and four-year-olds": the hyphen of a word that stands behind.
_HANGING = re.compile(r"(?<=\d)-(?=,? (?:and|or|to|&) ?\d|, ?\d)")
_ISH = re.compile(r"(\d{1,2})[ -]?ish\b")
_NOT_INCLUDING = re.compile(
    r"\bup to,? ?\(?(?:but )?(?:not (?:including|incl\w*)|excluding)\)?,? (?:age )?(?=\d)"
)
# "Rising fives" are four, and soon five.
_RISING = re.compile(r"\brising[ -]?(\d)(?:'?s)?\b")
_START_OF_SCHOOL = re.compile(
    r"\b(?:they |you )?(?:starts?|go to|enter|join) (?:primary |full[- ]time )?school\b"
)
# "College students to 19".
_THEM_TO = re.compile(
    r"\b(students|pupils|learners|young people|children|those|leavers|yp) to (?=\d|years? |yr|ks)"
)
_UNTIL_THEY_LEAVE = re.compile(
    r"\b(?:until|till|up to when) (?:they |you |the child )?(?:leaves?|finish(?:es)?|completes?) (?=primary|secondary"
    r"|infants?|juniors?|nursery|sixth form|ks\d|year|y\d)"
)


def even(raw: str) -> str:
    """Folded text with numbers as figures and turns of phrase told in the plainest of their ways."""
    text = fold(raw.translate(_FRACTIONS))
    text = re.sub(r"(\d) (?=\.\d)", r"\1", text)
    text = ordinals_as_figures(cardinals_as_figures(text))
    text = re.sub(r"\b(yrs?|mths?|mos|yo)\.", r"\1", text.replace("y.o.", "yo"))
    text = re.sub(r"(\d) and a half\b", r"\1.5", text)
    text = re.sub(r"(?<=\bunder )ones\b", "1s", text)
    text = re.sub(r"^to (?:age |the age of )?(?=\d)", "up to ", _BEFORE_BIRTH.sub("birth", text))
    text = re.sub(r"\bpost[ -]?(1[689])\s*(?:-|to|until)\s*(?=\d)", r"\1-", text)
    text = _RISING.sub(lambda found: f"about {int(found[1]) - 1} year olds", text)
    text = _ABOUT.sub(r"\2 \1", text)
    text = _HANGING.sub("", _NOT_INCLUDING.sub("under ", _THEM_TO.sub(r"\1 up to ", text)))
    text = _UNTIL_THEY_LEAVE.sub("to ", text)
    for vague in (_ISH, _EXCEPT_SOME):
        if vague.search(text):
            text = vague.sub(lambda m: m[1] if m.re is _ISH else "", text) + " about"
    text = _START_OF_SCHOOL.sub("school age", text)
    text = _EACH_YEAR.sub(lambda each: "-".join(filter(None, each.groups())), text)
    # A tilde between two numbers is a dash, or the two ends as a list.
    return re.sub(r"(?<=\d)\s*(?:-{2,}|~|\.{2,})\s*(?=\d)", "-", text)
