"""Records made ready for comparing: every column evened out, every value a number that is equal when it is."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from math import log

import numpy as np
import pandas as pd
from rapidfuzz import process
from rapidfuzz.distance import OSA

from transforms.matching.rules import MatchRules
from transforms.matching.words import one
from transforms.tables import MatchRecord

# Registers that give a body one number; Ofsted numbers settings, of which one body may have several.
BODY_REGISTERS = (MatchRecord.charity_no, MatchRecord.company_no)
REGISTERS = (*BODY_REGISTERS, MatchRecord.ofsted_urn)
# The imagined directory whose words matching.toml counts.
IMAGINED_NAMES = 10_000
# Words of a name that are compared; what is longer loses its commonest words.
MOST_WORDS = 8
# Letters of the shortest word that may stand for a longer one.
FEWEST_LETTERS = 3
ORDINARY, PLACE, NUMBER, ARM, BODY, FIRST_CONTRAST = range(6)
NONE = -1

_POSTCODE = re.compile(r"[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2}")
_HOST = re.compile(r"^(?:[a-z][a-z0-9+.-]*://)?(?:[^/@]*@)?(?:www\d?\.)?([^/:?#\s]+)(?::\d+)?/*([^?#\s]*)")
_PHONE = re.compile(r"\+?[\d\s().-]+")
_DIGIT, _NO_DIGIT = re.compile(r"\d"), re.compile(r"\D")
# Capital letters and digits are what numbers of registers are made of, in those of charities a hyphen too.
_NO_LETTER, _NOT_OF_CHARITIES = re.compile(r"[^0-9A-Z]"), re.compile(r"[^0-9A-Z-]")
_FEWEST_DIGITS, _LONG_WORD = 9, 6


@dataclass(frozen=True)
class Names:
    """The names of all records: several of a record stand together, the legal one first.

    ``words`` and ``classes`` are of shape (names, MOST_WORDS): numbers of words, ``NONE`` where there are fewer.
    """

    record: np.ndarray
    first: np.ndarray
    count: np.ndarray
    text: np.ndarray
    evened: np.ndarray
    words: np.ndarray
    vocabulary: np.ndarray
    weight: np.ndarray
    kind: np.ndarray
    initials: Callable[[str], frozenset[str]]

    @cached_property
    def letters(self) -> np.ndarray:
        """How many letters each name has."""
        return np.array([len(text) for text in self.text], np.int64)

    @cached_property
    def how_many(self) -> np.ndarray:
        """How many words of each name are compared."""
        return (self.words != NONE).sum(axis=1)

    @cached_property
    def beginning(self) -> np.ndarray:
        """A number for the first letters of each word, of which an abbreviation has one at least."""
        return pd.factorize(_objects([word[:FEWEST_LETTERS] for word in self.vocabulary]))[0]


@dataclass(frozen=True)
class Prepared:
    """Records ready for comparing; ``code`` holds a number per distinct value of a column, ``NONE`` for none."""

    ids: np.ndarray
    code: dict[str, np.ndarray]
    text: dict[str, np.ndarray]
    crowd: dict[str, np.ndarray]
    names: Names

    def __len__(self) -> int:
        return len(self.ids)


DISTRICT, SITE, MAIL_HOST, PAGE = "district", "site", "mail_host", "page"
CHARITY_BASE, NAME, PLACES = "charity_base", "bare_name", "places"


def prepare(records: pd.DataFrame, rules: MatchRules) -> Prepared:
    """Organizations as ``MatchRecord`` ready for comparing; columns may be missing."""
    cells = {name: _cells(records, name) for name in MatchRecord.names()}
    shown: dict[str, np.ndarray] = {
        MatchRecord.charity_no: _each(cells[MatchRecord.charity_no], charity_number),
        MatchRecord.company_no: _each(cells[MatchRecord.company_no], company_number),
        MatchRecord.ofsted_urn: _each(cells[MatchRecord.ofsted_urn], ofsted_number),
        MatchRecord.postcode: _each(cells[MatchRecord.postcode], bare_postcode),
        MatchRecord.phone: _each(cells[MatchRecord.phone], bare_phone),
        MatchRecord.email: _each(
            cells[MatchRecord.email], lambda text: text.casefold() if "@" in text else ""
        ),
    }
    shown[DISTRICT] = _each(shown[MatchRecord.postcode], lambda code: code[:-3])
    shown[CHARITY_BASE] = _each(shown[MatchRecord.charity_no], lambda number: number.partition("-")[0])
    sites = {text: website(text, rules.shared_hosts) for text in set(cells[MatchRecord.website])}
    for column, part in ((SITE, 0), (PAGE, 1)):
        shown[column] = _objects([sites[text][part] for text in cells[MatchRecord.website]])
    mail_hosts = _each(shown[MatchRecord.email], lambda box: box.rpartition("@")[2])
    shown[MAIL_HOST] = _each(mail_hosts, lambda host: "" if host in rules.shared_hosts else host)
    names = read_names(cells[MatchRecord.name], cells[MatchRecord.alternate_names], rules)
    shown[NAME] = names.text[names.first]
    code = {column: _codes(values) for column, values in shown.items()}
    both = pd.factorize(np.concatenate([shown[SITE], shown[MAIL_HOST]]))[0]
    for column, part in ((SITE, both[: len(records)]), (MAIL_HOST, both[len(records) :])):
        code[column] = np.where(shown[column] == "", NONE, part)
    crowd = {
        column: _crowd(code[column], code[NAME])
        for column in (MatchRecord.postcode, MatchRecord.phone, MatchRecord.email, SITE)
    }
    # A website of many offices is a brand's.
    crowd[PLACES] = _crowd(code[SITE], code[DISTRICT])
    return Prepared(_objects(cells[MatchRecord.id]), code, shown, crowd, names)


def _cells(records: pd.DataFrame, name: str) -> list[str]:
    if name not in records:
        return [""] * len(records)
    return [text.strip() if isinstance(text, str) else "" for text in records[name].tolist()]


def _objects(values: list[str]) -> np.ndarray:
    array = np.empty(len(values), object)
    array[:] = values
    return array


def _each(values: list[str] | np.ndarray, read: Callable[[str], str]) -> np.ndarray:
    known = {text: read(text) if text else "" for text in set(values)}
    return _objects([known[text] for text in values])


def _codes(values: np.ndarray) -> np.ndarray:
    return np.where(values == "", NONE, pd.factorize(values)[0])


def _crowd(values: np.ndarray, names: np.ndarray) -> np.ndarray:
    """How many different names share each record's value: the same provider listed twice is no crowd."""
    known = (values != NONE) & (names != NONE)
    many = int(names.max(initial=0)) + 1
    pairs = np.unique(values[known].astype(np.int64) * many + names[known])
    per_value = np.bincount(pairs // many, minlength=int(values.max(initial=0)) + 1)
    return np.where(values != NONE, per_value[values], 0)


def charity_number(text: str) -> str:
    """A charity's number without spaces and leading zeros; linked charities keep their ``-1``."""
    number = _NOT_OF_CHARITIES.sub("", text.upper()).strip("-").lstrip("0")
    base, _, linked = number.partition("-")
    if len(_NO_DIGIT.sub("", base)) < 5:
        return ""
    return f"{base}-{linked}" if linked.strip("0") else base


def company_number(text: str) -> str:
    """A company's number in its eight places."""
    number = _NO_LETTER.sub("", text.upper().removesuffix(".0"))
    padded = number.zfill(8) if number.isdigit() else number
    return padded if len(padded) == 8 and padded.strip("0") and len(_NO_DIGIT.sub("", padded)) > 3 else ""


def ofsted_number(text: str) -> str:
    """An Ofsted number without spaces."""
    number = _NO_LETTER.sub("", text.upper().removesuffix(".0"))
    return number if len(number) >= 5 and number.strip("0") and any(c.isdigit() for c in number) else ""


def bare_postcode(text: str) -> str:
    """A whole postcode without its space; nothing else counts."""
    code = _NO_LETTER.sub("", text.upper())
    return code if _POSTCODE.fullmatch(code) else ""


def bare_phone(text: str) -> str:
    """The first telephone number of a cell, its national digits alone."""
    found = _PHONE.search(text.removesuffix(".0"))
    digits = _NO_DIGIT.sub("", found[0]) if found else ""
    digits = (
        digits.removeprefix("00").removeprefix("44")
        if found and _is_international(digits, found[0])
        else digits
    )
    digits = digits.lstrip("0")
    return digits if len(digits) >= _FEWEST_DIGITS else ""


def _is_international(digits: str, shown: str) -> bool:
    return (
        shown.lstrip().startswith("+")
        or digits.startswith("0044")
        or (digits.startswith("44") and len(digits) > 11)
    )


def website(text: str, shared_hosts: frozenset[str]) -> tuple[str, str]:
    """A website as its host and its page; on a host that many share the page is part of the host."""
    found = _HOST.match(text.casefold())
    if not found or "." not in found[1]:
        return "", ""
    host, page = found[1].strip("."), found[2].strip("/").removesuffix("index.html").strip("/")
    if host in shared_hosts:
        return (f"{host}/{page}", "") if page else ("", "")
    return host, page


def read_names(names: list[str], others: list[str], rules: MatchRules) -> Names:
    """The names of every record as numbered words with their weight."""
    reader = rules.reader
    known: dict[tuple[str, str], list[tuple[tuple[str, ...], str]]] = {}
    record, words, evened, count = [], [], [], []
    for number, cell in enumerate(zip(names, others, strict=True)):
        if cell not in known:
            known[cell] = reader.read(*cell) or [((), "")]
        count.append(len(known[cell]))
        for of_name, read_from in known[cell]:
            record.append(number)
            words.append(of_name)
            evened.append(read_from)
    numbers: dict[str, int] = {}
    for of_name in words:
        for word in of_name:
            numbers.setdefault(word, len(numbers))
    # The last word is none at all: ``NONE`` finds it.
    vocabulary = _objects([*numbers, ""])
    weight = _weights(words, vocabulary, rules)
    of = np.array(count, np.int64)
    return Names(
        record=np.array(record, np.int64),
        first=np.cumsum(of) - of,
        count=of,
        text=_objects(["".join(of_name) for of_name in words]),
        evened=_objects(evened),
        words=_table(words, numbers, vocabulary, weight),
        vocabulary=vocabulary,
        weight=weight,
        kind=_kinds(vocabulary, rules),
        initials=reader.initials,
    )


def _table(
    words: list[tuple[str, ...]], numbers: dict[str, int], vocabulary: np.ndarray, weight: np.ndarray
) -> np.ndarray:
    """The numbers of the words of each name, each once; of too many words those that tell the most."""
    listed = [[*dict.fromkeys(map(numbers.__getitem__, of_name))] for of_name in words]
    for name, of_name in enumerate(listed):
        if len(of_name) > MOST_WORDS:
            listed[name] = sorted(of_name, key=lambda n: (-weight[n], vocabulary[n]))[:MOST_WORDS]
    lengths = np.array([len(of_name) for of_name in listed], np.int64)
    row = np.repeat(np.arange(len(words)), lengths)
    place = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    table = np.full((len(words), MOST_WORDS), NONE, np.int32)
    table[row, place] = np.fromiter(chain.from_iterable(listed), np.int32, len(row))
    return table


def _weights(words: list[tuple[str, ...]], vocabulary: np.ndarray, rules: MatchRules) -> np.ndarray:
    """How much a word tells: the logarithm of how many names there are to one that bears it.

    The names are those here, each once, and the imagined directory of matching.toml.
    """
    listed = {one(word): often for word, often in rules.words_per_10000.items()}
    names = set(words)
    often = dict.fromkeys(vocabulary, 0)
    for of_name in names:
        for word in set(of_name):
            often[word] += 1
    most = log(len(names) + IMAGINED_NAMES)
    return np.array([most - log(often[word] + listed.get(word, 1)) if word else 0.0 for word in vocabulary])


def _kinds(vocabulary: np.ndarray, rules: MatchRules) -> np.ndarray:
    """What each word is: a place, a number, an arm of a charity, one of a group of contrasts, or ordinary."""
    kind_of = {one(word): FIRST_CONTRAST + n for n, group in enumerate(rules.contrasts) for word in group}
    kind_of |= {one(word): ARM for word in rules.other_arms} | {
        one(word): BODY for word in rules.other_bodies
    }
    kind_of |= {one(word): PLACE for word in rules.places}
    kinds = np.array(
        [NUMBER if _DIGIT.search(word) else kind_of.get(word, ORDINARY) for word in vocabulary], np.int64
    )
    # "Enterprsies" is an arm as well.
    arms = [one(word) for word in rules.other_arms]
    slips = process.cdist(arms, list(vocabulary), scorer=OSA.distance, score_cutoff=1, workers=-1) == 1
    long = np.array([len(word) >= _LONG_WORD for word in vocabulary])
    kinds[slips.any(axis=0) & long & (kinds == ORDINARY)] = ARM
    return kinds
