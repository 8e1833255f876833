"""Words of a vocabulary that a cell misspells: "Specialst", "Hackny residents"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from rapidfuzz import process
from rapidfuzz.distance import OSA

from transforms.parsers.reading import Reading
from transforms.parsers.synonyms import Phrases, evened
from transforms.vocabulary import ParseStatus

# How sure a reading of a word put right can be at most: judgement.
_GUESSED = 0.6
# A shorter word is too near to others: "must" and "most".
_SHORTEST = 6
_WORD = re.compile(rf"[^\W\d_]{{{_SHORTEST},}}")


def respelt(text: str, words: Iterable[str]) -> str:
    """Folded text with each long word put right that is one slip away from a known word.

    The first letter is hardly ever mistyped, and makes another word: "healing" is no "hearing".
    """
    known = set(words)

    def put_right(found: re.Match[str]) -> str:
        word = found[0]
        if word in known:
            return word
        # "Visualy" is one slip away from "visual" and from "visually".
        if (doubled := word.removesuffix("aly") + "ally") in known:
            return doubled
        alike = [other for other in known if other[0] == word[0] and _is_long(other)]
        nearest = process.extract(word, alike, scorer=OSA.distance, score_cutoff=1, limit=2)
        return nearest[0][0] if len(nearest) == 1 else word

    return _WORD.sub(put_right, text)


def _is_long(word: str) -> bool:
    return len(word) >= _SHORTEST


def forgiving(
    read: Callable[[str], Reading], vocabularies: Iterable[Phrases], quoted: str | None = None
) -> Callable[[str], Reading]:
    """``read``, tried once more on a cell with its slips of spelling put right.

    What is read so is a guess, and says so: in part, and not very sure. A field that quotes the cell
    (``quoted``) quotes it as it was written.
    """
    words = {word for phrases in vocabularies for word in phrases.words}

    def read_again(text: str) -> Reading:
        first = read(text)
        if first.status is ParseStatus.PARSED:
            return first
        even = evened(text)
        mended = respelt(even, words)
        second = first if mended == even else read(mended)
        if second.status is not ParseStatus.PARSED:
            return first
        told = {**second.values}
        if quoted and told[quoted]:
            told[quoted] = " ".join(text.split())
        sure = min(second.confidence, _GUESSED)
        return Reading(told, f"respelt+{second.rule}", sure, ParseStatus.PARTIAL)

    return read_again
