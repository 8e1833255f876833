"""Words that boroughs use, and the code each means."""

from __future__ import annotations

import functools
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from transforms.parsers.reading import fold
from transforms.parsers.short_forms import in_full

# Written with or without: "half-term", "Down's", a tick in colour.
_HYPHEN = re.compile(r"(?<=[^\W\d_]{2})-(?=[^\W\d_])")
# "A.S.D.", "e.g."
_DOTTED = re.compile(r"\b(?:[^\W\d_]\.)+[^\W\d_]\b\.?")
_UNHEARD = str.maketrans({"'": None, "\ufe0f": None, "&": " and "})


def evened(text: str) -> str:
    """Text as phrases are compared: folded, "&" and short forms spelt out, without apostrophes, hyphens in
    words and the dots of abbreviations.
    """
    plain = _DOTTED.sub(lambda found: found[0].replace(".", ""), fold(text).translate(_UNHEARD))
    return in_full(re.sub(r"\s+", " ", _HYPHEN.sub(" ", plain)).strip())


class Hit(NamedTuple):
    """A phrase found in an evened text: where it stands, and the codes it means."""

    start: int
    end: int
    phrase: str
    codes: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """Phrases of one vocabulary, each with the codes it stands for (several: ambiguous).

    ``codes`` are read as themselves where they are the whole cell: "home" is a delivery mode, and a
    venue called "Home Park" is not. A code that cannot be an ordinary word ("all_year") counts anywhere.
    """

    codes_of: Mapping[str, tuple[str, ...]]
    codes: frozenset[str] = field(default=frozenset())

    @functools.cached_property
    def _evened(self) -> dict[str, tuple[str, ...]]:
        no_words = {code: (code,) for code in self.codes if "_" in code}
        return no_words | {evened(phrase): codes for phrase, codes in self.codes_of.items()}

    @functools.cached_property
    def _whole(self) -> dict[str, tuple[str, ...]]:
        return {evened(code): (code,) for code in self.codes} | self._evened

    @functools.cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted((p for p in self._evened if p), key=len, reverse=True)
        return re.compile(r"(?<!\w)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    @functools.cached_property
    def words(self) -> frozenset[str]:
        """Every word of the phrases."""
        return frozenset(word for phrase in self._evened for word in re.findall(r"[^\W\d_]+", phrase))

    def __contains__(self, phrase: str) -> bool:
        return evened(phrase) in self._evened

    def exactly(self, text: str) -> tuple[str, ...]:
        """The codes of a text that is one of the phrases, or nothing."""
        return self._whole.get(evened(text).rstrip(".!"), ())

    def hits(self, text: str) -> list[Hit]:
        """Every phrase found as whole words in an evened text; the longest phrase wins."""
        return [
            Hit(found.start(), found.end(), found[0], self._evened[found[0]])
            for found in self._pattern.finditer(text)
        ]

    def within(self, text: str) -> list[tuple[str, ...]]:
        """The codes of every phrase found as whole words in the text; the longest phrase wins."""
        return [hit.codes for hit in self.hits(evened(text))]

    def overlaid(self, extra: Mapping[str, str]) -> Phrases:
        """These phrases with a source's own meanings on top."""
        own = {evened(phrase): (code,) for phrase, code in extra.items()}
        return Phrases({**self._evened, **own}, self.codes)

    def and_those_of(self, base: Phrases) -> Phrases:
        """These phrases, and those of another vocabulary where these say nothing."""
        return Phrases({**base._evened, **self._evened}, self.codes | base.codes)


Synonyms = Mapping[str, Phrases]
"""Phrases by vocabulary: ``need``, ``tier``, ``residency``…"""


def together(vocabularies: Iterable[Phrases]) -> Phrases:
    """Several vocabularies as one, so that the longest phrase wins across them; the first has its say."""
    first, *rest = vocabularies
    return functools.reduce(Phrases.and_those_of, rest, first)
