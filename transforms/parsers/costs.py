"""Prices in pounds, what they buy and for whom, and what is free."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise, zip_longest

import pandas as pd

from transforms.parsers.price_units import unit_of
from transforms.parsers.reading import Reading, fold, read_each, unread
from transforms.parsers.spelled import cardinals_as_figures
from transforms.separator import LIST_SEPARATOR
from transforms.tables import CostOption
from transforms.vocabulary import CostUnit, ParseStatus

OPTIONS = "options"
FIELDS = (CostOption.option, CostOption.amount, CostOption.x_unit, CostOption.x_is_free)

# No place in a club costs more: a number above it is a slip or a budget.
DEAREST_GBP = 10_000

# "£5 / hr" is one part: a stroke before a unit means "per".
_PER = r"(?:hours?|hrs?|h|sessions?|days?|weeks?|wks?|years?|yrs?|child|person)\b"
_CLAUSES = re.compile(rf"[;~\n()]|,(?!\d{{3}})|\s/\s(?!\s*{_PER})|\s\|\s|\bor\b|\bplus\b|(?<!\bp)\.\s+(?=\D)")
_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d{1,2})?|\d+(?:\.\d{1,2})?"
_AMOUNT = re.compile(
    rf"(?:£|\bgbp ?) ?(?P<pounds>{_NUMBER})(?![\d.]*\d)(?:p(?![a-z/.]| ?[hdw]\b))?"
    rf"(?:\s*(?:-|to|and)\s*(?:£|gbp ?)? ?(?P<last>{_NUMBER})(?![\d.]*\d)(?!p?\s*(?:%|yrs?|years"
    rf"|hours?|weeks?|sessions|children)))?"
    rf"|(?<![\d.£])(?P<words>{_NUMBER}) ?(?:pounds?|quid|gbp)\b"
    rf"|(?<![\d.£,])(?P<pence>\d{{1,3}}) ?(?:p|pence)\b"
)
_BARE = re.compile(
    rf"(?P<pounds>{_NUMBER})(?:\s*-\s*(?P<last>{_NUMBER}))?(?P<words>)(?P<pence>)(?=$|\s*(?:/"
    rf"|per\b|an?\b|p\.?/?[hdw]\b|each\b))(?=[^\d]*$)"
)
_OTHER_MONEY = re.compile(r"[€$¥]|\beuros?\b|\bdollars?\b")
_FREE = re.compile(
    r"(?<![-\w])(?<!feel )(?<!sugar )(?<!gluten )(?<!dairy )(?<!nut )(?<!smoke )(?<!step )(?<!hassle )(?<!toll )free\b"
    r"(?! (?:parking|lunch|refreshments|snacks?|drinks?|tea|coffee|wi-?fi"
    r"|transport|travel|bus|meals?|breakfast"
    r"|fruit|kit|equipment|places|time|play|swim kit))(?!-)|\bnil\b|^n/c\b|\bno (?:charge|cost|fees?"
    r"|payment)\b|\bwithout charge\b"
    r"|\bf\.?o\.?c\b\.?|\bgratis\b|\bcomplimentary\b|\bnothing to pay\b|\bfully funded\b"
    r"|\b(?:cost|fee|charge)-free\b|\b(?:do not|don't|does not|doesn't|never) charge\b|\bnot charged\b"
)
_NOT_FREE = re.compile(
    r"\b(?:not|no longer|never|isn't|aren't|is no|no|not usually|not always) free\b(?: of charge)?"
)
# What is paid without money: hours that a child has been allotted, or what a family chooses to give.
_ALLOWANCE = re.compile(
    r"\bshort breaks? (?:hours?|allocation|package|budget)\b|\ballocated hours\b"
    r"|\b(?:hrs|hours) (?:pa|pw|(?:per|a) (?:annum|year|week))\b"
)
_GIFT = re.compile(r"\bdonations?\b|\bsuggested\b|\bvoluntary\b|\bcontributions?\b|\bpay what you\b")
_INEXACT = re.compile(
    r"\b(?:from|starting (?:at|from)|up to|min(?:imum)?|max(?:imum)?|approx\w*|about|around|circa"
    r"|c\.|usually|typically|average"
    r"|at least|subsid\w+|var(?:y|ies)|depend\w*|deposits?|refund\w*|discount\w*|vouchers?|off|extra"
    r"|used to be|was|previously|formerly|additional|surcharge|fines?|late|worth|saves?"
    r"|saving)(?=\s|$|\.)|~|\+$|£ ?[\d.,]+\+"
)
# The writer guesses.
_HEDGED = re.compile(
    r"\b(?:think|probably|possibly|perhaps|maybe|not sure|unsure|should be|i believe|usually|mostly)\b|\?"
)
_NO_LABEL = re.compile(
    r"\b(?:free|nil|of charge|no charge|no cost|cost|costs|charge|charges|price|fee|fees|is|are"
    r"|there|per|each|an?|the|for|to|at|in|and|or|of|from|up to"
    r"|between|only|just|otherwise|then|gbp|pounds?)\b|[^\w\s'&+-]"
)


def read_costs(raw: pd.Series) -> pd.DataFrame:
    """Prices in each cell: frame with ``options``, a tuple of dicts of CostOption's columns.

    "Free / £5" is two options, "£5-£10" its two ends. Words without a price ("POA", "donation") stay
    unread, and so do hours that a child has been allotted: who pays in hours does not say it is free.
    """
    return read_each(raw, _read, [OPTIONS])


def read_cost_columns(amounts: pd.Series, units: pd.Series) -> pd.DataFrame:
    """Prices in parallel lists of amounts and of what they buy: frame as ``read_costs``."""
    rows = [
        "; ".join(
            _in_words(amount, unit)
            for amount, unit in zip_longest(
                str(a).split(LIST_SEPARATOR), str(u).split(LIST_SEPARATOR), fillvalue=""
            )
            if amount
        )
        for a, u in zip(amounts.fillna(""), units.fillna(""), strict=True)
    ]
    return read_costs(pd.Series(rows, index=amounts.index, dtype="str"))


def _in_words(amount: str, unit: str) -> str:
    price = f"£{amount}" if re.fullmatch(_NUMBER, amount.strip()) else amount
    # One word is what the price buys; several say for whom.
    return f"{price} per {unit}" if re.fullmatch(r"\w+", unit.strip()) else f"{price} {unit}".strip()


@dataclass(frozen=True)
class _Option:
    amount: float
    unit: CostUnit
    is_free: bool | None
    option: str | None
    is_exact: bool = True

    def row(self) -> dict[str, object]:
        """As CostOption's columns."""
        return dict(zip(FIELDS, (self.option, self.amount, self.unit.value, self.is_free), strict=True))


def _read(raw: str) -> Reading:
    text = cardinals_as_figures(fold(raw))
    if _OTHER_MONEY.search(text):
        return unread("not_pounds")
    parts = [(clause, list(_options(clause, is_plain))) for clause, is_plain in _clauses(text)]
    options = [option for _, told in parts for option in told]
    if any(option.amount > DEAREST_GBP for option in options):
        return unread("implausible_price")
    # "Free (£0)" is one option.
    once = {(o.amount, o.unit, o.is_free, o.option if o.amount else None): o for o in reversed(options)}
    kept = list(once.values())[::-1]
    if not kept:
        return unread("allowance" if _ALLOWANCE.search(text) else "no_price")
    is_exact = all(option.is_exact for option in kept) and not _ALLOWANCE.search(text)
    return Reading(
        {OPTIONS: tuple(option.row() for option in kept)},
        "prices" if is_exact else "inexact_prices",
        _sureness(kept, [clause for clause, told in parts if not told]) if is_exact else 0.7,
        ParseStatus.PARSED if is_exact else ParseStatus.PARTIAL,
    )


def _sureness(options: Sequence[_Option], unread: Sequence[str]) -> float:
    """One price and nothing else is sure; of several, or with words beside it, one may be another's."""
    is_alone = len(options) == 1 and not options[0].option
    return 1.0 if is_alone and not any(re.search(r"\w", clause) for clause in unread) else 0.9


def _clauses(text: str) -> Iterator[tuple[str, bool]]:
    """Parts of a cell with one price each, and whether its words are sure to speak of that price.

    "£4 members £6 non-members" is two parts; in "adults £4 children £2" the words could go either way.
    """
    if _BARE.match(text.strip()):
        yield text.strip(), True
        return
    for clause in _CLAUSES.split(text):
        starts = [match.start() for match in _AMOUNT.finditer(clause)]
        is_plain = len(starts) < 2 or not _label(clause[: starts[0]])
        for begin, end in pairwise([0, *starts[1:], len(clause)]):
            if part := clause[begin:end].strip():
                yield part, is_plain


def _options(clause: str, is_plain: bool) -> Iterator[_Option]:
    is_gift = bool(_GIFT.search(clause))
    is_hedged = bool(_HEDGED.search(clause))
    cut = _NOT_FREE.sub(" ", clause)
    amounts = list(_AMOUNT.finditer(cut)) or ([bare] if (bare := _BARE.match(cut)) else [])
    free = _FREE.search(cut)
    if free and not any(_pounds(match)[0] == 0 for match in amounts):
        yield _Option(0.0, CostUnit.UNKNOWN, True, _label(cut), not is_hedged)
    for match in amounts:
        unit, is_known = unit_of(cut[: match.start()], cut[match.end() :])
        label = _label(cut[: match.start()] + " " + cut[match.end() :]) if is_plain else None
        exact = is_known and not (is_gift or is_hedged or _INEXACT.search(cut))
        for pounds in _pounds(match):
            if pounds > 0:
                yield _Option(pounds, unit, None if is_gift else False, label, exact and not match["last"])
            elif not (is_gift or _ALLOWANCE.search(clause)):
                yield _Option(0.0, CostUnit.UNKNOWN, True, label)


def _pounds(match: re.Match[str]) -> list[float]:
    if match["pence"]:
        return [int(match["pence"]) / 100]
    told = [match["pounds"] or match["words"], match["last"]]
    return [float(number.replace(",", "")) for number in told if number]


def _label(words: str) -> str | None:
    """What or whom a price is for: the words that are neither price nor unit."""
    left = re.sub(r"\s+", " ", _NO_LABEL.sub(" ", words)).strip(" -&+")
    return left if re.search(r"[a-z]{2}", left) and unit_of("", left)[0] is CostUnit.UNKNOWN else None
