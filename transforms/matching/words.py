"""Names as words that can be compared: no legal endings, no small words, no case, no plural."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import lru_cache

from transforms.parsers.reading import fold

_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_APOSTROPHE = re.compile(r"['`]")
_OTHER_NAMES = re.compile(r"\s*[;|~\n]\s*")
_NOT_A_WORD, _OF_A_WORD = re.compile(r"[^a-z0-9]+"), re.compile(r"[a-z0-9]")
_ACCENTS = re.compile(r"[\u0300-\u036f]")


class NameReader:
    """Reads names by lists of words: those to leave out, those to write in full, those that are places."""

    def __init__(
        self,
        legal_endings: Iterable[str],
        small_words: Iterable[str],
        other_name_marks: Iterable[str],
        places: Iterable[str],
        abbreviations: Mapping[str, str],
    ) -> None:
        self._small = frozenset(small_words)
        self._full = _InFull(
            {short: [one(word) for word in full.split()] for short, full in abbreviations.items()}
        )
        legal, marks = list(legal_endings), list(other_name_marks)
        several = [place for place in places if " " in place]
        self._legal, self._marks, self._places = _any_of(legal), _any_of(marks), _any_of(several)
        # Looking for one word first is what makes reading many names fast.
        self._in_legal = frozenset(word for phrase in legal for word in phrase.split())
        self._in_places = frozenset(word for phrase in several for word in phrase.split())
        self._first_of_marks = _any_of({re.split(r"[ .]", mark)[0] for mark in marks})

    def read(self, name: str, others: str = "") -> list[tuple[tuple[str, ...], str]]:
        """The words of each name in a name cell and in a cell of other names, the legal one first, and the name they
        were read from, evened out.
        """
        return [(self._words(part), part) for part in map(_spaced, self._parts(name, others))]

    def names(self, name: str, others: str = "") -> list[str]:
        """The names in a name cell and in a cell of other names: the first is the legal one."""
        return self._parts(name, others)

    def words(self, name: str) -> tuple[str, ...]:
        """The words of one name that tell it from others, in their order."""
        return self._words(_spaced(_evened(name)))

    def _parts(self, name: str, others: str) -> list[str]:
        evened = _evened(name)
        parts = [evened]
        if self._first_of_marks.search(evened):
            parts = [part.strip(" ()[],:-") for part in self._marks.split(evened)]
        if others:
            parts += _OTHER_NAMES.split(_evened(others))
        return [part for part in dict.fromkeys(parts) if _OF_A_WORD.search(part)]

    def _words(self, text: str) -> tuple[str, ...]:
        words = text.split()
        if not self._in_places.isdisjoint(words):
            text = self._places.sub(lambda found: found[0].replace(" ", ""), text)
            words = text.split()
        told, small = self._without_legal(text, words), self._small
        kept = [full for word in told for full in self._full[word] if full not in small]
        # "The Charity Ltd" is made of nothing else.
        return tuple(kept or [full for word in words for full in self._full[word]])

    def _without_legal(self, text: str, words: list[str]) -> list[str]:
        return words if self._in_legal.isdisjoint(words) else self._legal.sub(" ", text).split()

    def initials(self, text: str) -> frozenset[str]:
        """The first letters of an evened name of three words or more, with and without the small words."""
        plain = self._without_legal(text, text.split())
        without = [word for word in plain if word not in self._small]
        return frozenset("".join([word[0] for word in each]) for each in (plain, without) if len(each) > 2)


class _InFull(dict[str, list[str]]):
    """What each word is in full; one that is no abbreviation is itself, worked out when first asked for."""

    def __missing__(self, word: str) -> list[str]:
        self[word] = found = [one(word)]
        return found


@lru_cache(maxsize=2**16)
def one(word: str) -> str:
    """A word as its singular, an ordinal as its number; roughly, and the same for both sides."""
    if ordinal := _ORDINAL.match(word):
        return ordinal[1]
    word = word.replace(" ", "")
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith("ss") else word


def _evened(text: str) -> str:
    text = fold(text)
    if not text.isascii():
        text = _ACCENTS.sub("", unicodedata.normalize("NFKD", text))
    # Most names have no dot: looking for one first is faster.
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text) if "." in text else text


def _spaced(text: str) -> str:
    if text.replace(" ", "").isalnum() and text.isascii():
        return text
    return _NOT_A_WORD.sub(" ", _APOSTROPHE.sub("", text.replace("&", " and ").replace("+", " and ")))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first, as whole words."""
    listed = sorted(map(_dots_evened, phrases), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, listed))})(?![a-z0-9])")


def _dots_evened(phrase: str) -> str:
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), phrase)
