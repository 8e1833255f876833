"""Names as words that can be compared: no legal endings, no small words, no case, no plural."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping

from transforms.parsers.reading import fold

_DOTTED = re.compile(r"\b(?:[a-z]\.){2,}[a-z]?")
_ORDINAL = re.compile(r"^(\d+)(?:st|nd|rd|th)$")
_APOSTROPHE = re.compile(r"['`]")
_OTHER_NAMES = re.compile(r"\s*[;|~\n]\s*")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")
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
        self._full = {short: [one(word) for word in full.split()] for short, full in abbreviations.items()}
        self._legal = _any_of(legal_endings)
        self._marks = _any_of(other_name_marks)
        self._places = _any_of(place for place in places if " " in place)

    def names(self, name: str, others: str = "") -> list[str]:
        """The names in a name cell and in a cell of other names: the first is the legal one."""
        parts = [part.strip(" ()[],:-") for part in self._marks.split(_evened(name))]
        parts += _OTHER_NAMES.split(_evened(others)) if others else []
        return [part for part in dict.fromkeys(parts) if _NOT_A_WORD.sub("", part)]

    def words(self, name: str) -> tuple[str, ...]:
        """The words of one name that tell it from others, in their order."""
        text = self._places.sub(lambda found: found[0].replace(" ", ""), _spaced(_evened(name)))
        kept = [word for word in self._in_full(self._legal.sub(" ", text)) if word not in self._small]
        # "The Charity Ltd" is made of nothing else.
        return tuple(kept or self._in_full(text))

    def _in_full(self, text: str) -> list[str]:
        return [full for word in text.split() for full in self._full.get(word) or [one(word)]]

    def initials(self, name: str) -> frozenset[str]:
        """The first letters of a name of three words or more, with and without the small words."""
        plain = self._legal.sub(" ", _spaced(_evened(name))).split()
        without = [word for word in plain if word not in self._small]
        return frozenset("".join(word[0] for word in each) for each in (plain, without) if len(each) > 2)


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
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), text)


def _spaced(text: str) -> str:
    return _NOT_A_WORD.sub(" ", _APOSTROPHE.sub("", text.replace("&", " and ").replace("+", " and ")))


def _any_of(phrases: Iterable[str]) -> re.Pattern[str]:
    """Any of the phrases, the longest first, as whole words."""
    listed = sorted(map(_dots_evened, phrases), key=lambda phrase: (-len(phrase), phrase))
    return re.compile(rf"(?<![a-z0-9])(?:{'|'.join(map(re.escape, listed))})(?![a-z0-9])")


def _dots_evened(phrase: str) -> str:
    return _DOTTED.sub(lambda found: found[0].replace(".", ""), phrase)
