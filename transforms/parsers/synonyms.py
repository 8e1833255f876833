"""Words that boroughs use, and the code each means."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from transforms.parsers.reading import fold


@dataclass(frozen=True)
class Phrases:
    """Phrases of one vocabulary, each with the codes it stands for (several: ambiguous)."""

    codes_of: Mapping[str, tuple[str, ...]]

    @cached_property
    def _folded(self) -> dict[str, tuple[str, ...]]:
        return {fold(phrase): codes for phrase, codes in self.codes_of.items()}

    @cached_property
    def _pattern(self) -> re.Pattern[str]:
        longest_first = sorted((p for p in self._folded if p), key=len, reverse=True)
        # The "n" of "n/a" is no "no".
        return re.compile(r"(?<!\w)(?!n/a\b)(?:" + "|".join(map(re.escape, longest_first)) + r")(?!\w)")

    def exactly(self, text: str) -> tuple[str, ...]:
        """The codes of a text that is one of the phrases, or nothing."""
        return self._folded.get(fold(text), ())

    def within(self, text: str) -> list[tuple[str, ...]]:
        """The codes of every phrase found as whole words in the text; the longest phrase wins."""
        return [self._folded[hit] for hit in self._pattern.findall(fold(text))]

    def but_for(self, phrase: str) -> Phrases:
        """These phrases without one of them."""
        return Phrases({other: codes for other, codes in self._folded.items() if other != phrase})

    def overlaid(self, extra: Mapping[str, str]) -> Phrases:
        """These phrases with a source's own meanings on top."""
        own = {fold(phrase): (code,) for phrase, code in extra.items()}
        return Phrases({**self._folded, **own})


Synonyms = Mapping[str, Phrases]
"""Phrases by vocabulary: ``need``, ``tier``, ``residency``…"""
