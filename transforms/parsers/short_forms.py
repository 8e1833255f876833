"""Ordinary words as people shorten them: "sibs" is siblings, "w/" is with, "boro" is borough."""

from __future__ import annotations

import re

_IN_FULL = {
    "sib": "sibling", "sibs": "siblings", "bro": "brother", "bros": "brothers", "sis": "sisters",
    "mum": "parent", "mums": "parents", "dad": "parent", "dads": "parents",
    "kid": "child", "kids": "children", "yp": "young people", "cyp": "children and young people",
    "boro": "borough", "boros": "boroughs", "oob": "out of borough",
    "w/out": "without", "w/o": "without",
    "pls": "please", "plz": "please", "appt": "appointment", "arr": "arrangement", "avail": "available",
    "reqd": "required", "subj": "subject", "dep": "depends", "poss": "possible",
    "nec": "necessary", "accomp": "accompanied",
    "lvl": "level", "mod": "moderate", "sev": "severe", "phys": "physical", "comms": "communication",
    "diffs": "difficulties", "resi": "resident", "resis": "residents", "res": "residents",
    "restr": "restrictions", "prio": "priority",
    "ldn": "london", "req": "required", "ltd": "limited", "wk": "week", "wks": "weeks", "fam": "family",
    "fams": "families", "asst": "assessment", "s/w": "social worker", "beh": "behaviour", "synd": "syndrome",
}  # fmt: skip
_WORDS = "|".join(sorted(map(re.escape, _IN_FULL), key=len, reverse=True))
# With the full stop that marks it: "Hackney res. only".
_SHORT = re.compile(rf"(?<!\w)({_WORDS})(?:\.(?=\s|$)|(?!\w))")
# "w/ support"; "w/e" is the weekend.
_WITH = re.compile(r"(?<!\w)w/ ?(?=\w{3}|an? )(?!out\b)")


def in_full(text: str) -> str:
    """Folded text with short forms of ordinary words written out."""
    return _SHORT.sub(lambda found: _IN_FULL[found[1]], _WITH.sub("with ", text))
