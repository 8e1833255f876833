"""How far the names of two records agree, and how much that tells.

Words that both names bear count by how rare they are. What is left over on both sides is compared letter by
letter, so that a slip of the pen is no other word. Different places, numbers or contrasts left over tell
branches apart.
"""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

import numpy as np
from rapidfuzz import fuzz, process
from rapidfuzz.distance import OSA

from transforms.matching.records import (
    ARM,
    BODY,
    FEWEST_LETTERS,
    MOST_WORDS,
    NONE,
    NUMBER,
    ORDINARY,
    Names,
    Prepared,
)

# Least likeness of two words for one to be a slip of the other, and of whole names written in other words.
SLIP, SAME_LETTERS = 0.70, 0.92
_SHORTEST_SLIP = 4
# Likeness of whole names in percent, from which it is worth comparing their words.
_LETTERS_ALIKE = 50
_ABBREVIATED = 0.85
_INITIALS_AGREE, _FEWEST_INITIALS, _MOST_INITIALS = 0.8, 3, 6
# A word that one in a hundred names bears tells nothing; one in ten thousand everything.
_TELLS_NOTHING, _TELLS_ALL = 4.6, 8.5
# The words of a wholly equal name together: "youth club" tells nothing, three such words a little.
_ALL_TELL_NOTHING, _ALL_TELL_ALL = 5.5, 11.0
# The words of a whole name tell together only if nearly all of them agree.
_NEARLY = 0.8
_ADDED_COUNTS = 0.5
_PORTION = 50_000


@dataclass(frozen=True)
class NameEvidence:
    """Per pair: ``agreement`` 0 to 1, ``rarity`` of what agrees 0 to 1, and what tells them apart."""

    agreement: np.ndarray
    rarity: np.ndarray
    is_contrast: np.ndarray
    is_other_arm: np.ndarray
    is_other_body: np.ndarray
    is_initials: np.ndarray
    is_equal: np.ndarray
    is_other_legal: np.ndarray

    def __getitem__(self, which: np.ndarray) -> NameEvidence:
        return NameEvidence(*(values[which] for values in vars(self).values()))


def compare_names(prepared: Prepared, left: np.ndarray, right: np.ndarray) -> NameEvidence:
    """The best agreement of any name of one record with any name of the other, for each pair."""
    names = prepared.names
    times = names.count[left] * names.count[right]
    pair = np.repeat(np.arange(len(left)), times)
    nth = np.arange(len(pair)) - np.repeat(np.cumsum(times) - times, times)
    of_right = names.count[right][pair]
    one, other = names.first[left][pair] + nth // of_right, names.first[right][pair] + nth % of_right
    each = _compare(names, one, other)
    # The legal names stand first; where both sides have other names too, theirs may be all that agrees.
    legal = np.cumsum(times) - times
    chosen = legal.copy()
    of_several = np.flatnonzero(times[pair] > 1)
    order = [-nth, each.rarity, each.agreement, ~each.is_contrast, pair]
    best = of_several[np.lexsort([values[of_several] for values in order])]
    last = best[np.diff(pair[best], append=-1) != 0]
    chosen[pair[last]] = last
    both_have = (names.count[left] > 1) & (names.count[right] > 1)
    found = each[chosen]
    is_other_legal = both_have & (chosen != legal) & (each.agreement[legal] < 0.5)
    return NameEvidence(**{**vars(found), "is_other_legal": is_other_legal})


def _compare(names: Names, one: np.ndarray, other: np.ndarray) -> NameEvidence:
    begins = range(0, max(len(one), 1), _PORTION)
    with ThreadPoolExecutor() as pool:
        parts = [
            *pool.map(
                lambda at: _compare_portion(names, one[at : at + _PORTION], other[at : at + _PORTION]), begins
            )
        ]
    return NameEvidence(
        *(np.concatenate(column) for column in zip(*(vars(p).values() for p in parts), strict=True))
    )


def _compare_portion(names: Names, one: np.ndarray, other: np.ndarray) -> NameEvidence:
    a, b = names.words[one], names.words[other]
    same = (a[:, :, None] == b[:, None, :]) & (a != NONE)[:, :, None]
    weight_a, weight_b = _weights(names, a), _weights(names, b)
    shared = np.where(same.any(axis=2), weight_a, 0.0)
    tells = np.where(shared > 0, _share(weight_a, _TELLS_NOTHING, _TELLS_ALL), 0.0)
    left_a, left_b = (a != NONE) & ~same.any(axis=2), (b != NONE) & ~same.any(axis=1)
    total = weight_a.sum(axis=1) + weight_b.sum(axis=1)
    text_a, text_b = names.text[one], names.text[other]
    # Where hardly a letter is the same there is nothing to be a slip of.
    is_alike = process.cpdist(text_a, text_b, scorer=fuzz.ratio, workers=-1) >= _LETTERS_ALIKE
    is_alike |= tells.max(axis=1, initial=0) > 0
    slip_gain, slip_tells, spare = _slips(names, a, b, left_a, left_b, is_alike)
    both = 2 * shared.sum(axis=1) + slip_gain
    kinds_a, kinds_b = _kinds_left(names, a, left_a), _kinds_left(names, b, left_b)
    # What only one side adds in ordinary words, "Otters" and "Otters Club", tells less than what both put differently.
    added = ((kinds_a == 0) | (kinds_b == 0)) & ((kinds_a | kinds_b) == 1 << ORDINARY)
    beyond = (
        np.where(left_a, weight_a, 0.0).sum(axis=1) + np.where(left_b, weight_b, 0.0).sum(axis=1)
    ) * added
    total = total - spare
    agreement = np.minimum(both / np.maximum(total - _ADDED_COUNTS * beyond, 1e-9), 1.0)
    rarity = np.maximum(tells.max(axis=1, initial=0), slip_tells)

    # Different ordinary words are no contrast, nor are two arms of charities.
    is_contrast = (kinds_a & kinds_b & ~(1 << ORDINARY | 1 << ARM | 1 << BODY)) > 0
    is_other_arm = ((kinds_a ^ kinds_b) & (1 << ARM)) > 0
    is_other_body = ((kinds_a ^ kinds_b) & (1 << BODY)) > 0

    is_equal = (text_a == text_b) & (text_a != "")
    _other_words(names, one, other, agreement, rarity, ~is_equal & ~is_contrast)
    agreement = np.where(is_equal, 1.0, agreement)
    whole = _share(total / 2, _ALL_TELL_NOTHING, _ALL_TELL_ALL) * _share(agreement, _NEARLY, 1.0)
    rarity = np.maximum(rarity, whole)
    is_initials = _are_initials(names, one, other) & ~is_equal
    agreement = np.where(is_initials, np.maximum(agreement, _INITIALS_AGREE), agreement)
    rarity = np.where(is_initials, np.maximum(rarity, 0.8), rarity)
    nothing = np.zeros(len(one), bool)
    return NameEvidence(
        agreement, rarity, is_contrast, is_other_arm, is_other_body, is_initials, is_equal, nothing
    )


def _weights(names: Names, words: np.ndarray) -> np.ndarray:
    return names.weight[words]


def _share(value: np.ndarray, nothing: float, everything: float) -> np.ndarray:
    return np.clip((value - nothing) / (everything - nothing), 0.0, 1.0)


def _kinds_left(names: Names, words: np.ndarray, is_left: np.ndarray) -> np.ndarray:
    """The kinds of the words left over, a bit each."""
    bits = np.where(is_left, np.left_shift(1, names.kind[words]), 0)
    return np.bitwise_or.reduce(bits, axis=1)


def _slips(
    names: Names, a: np.ndarray, b: np.ndarray, left_a: np.ndarray, left_b: np.ndarray, is_alike: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Words left over that are slips of each other; they are taken out of what is left over.

    Returns per pair: the weight that agrees after all, how much it tells, and what to take off the total
    because the slip of a common word looks rare.
    """
    gain, tells, spare = (np.zeros(len(a)) for _ in range(3))
    worth = np.flatnonzero(is_alike)
    row, i, j = np.nonzero(left_a[worth][:, :, None] & left_b[worth][:, None, :])
    row = worth[row]
    word_a, word_b = a[row, i], b[row, j]
    kinds = names.kind[word_a], names.kind[word_b]
    # Two places, two numbers or two contrasts are never slips of each other.
    may_be = (kinds[0] != NUMBER) & (kinds[1] != NUMBER) & ((kinds[0] == ORDINARY) | (kinds[1] == ORDINARY))
    row, i, j, word_a, word_b = (values[may_be] for values in (row, i, j, word_a, word_b))
    likeness = _likeness(names, word_a, word_b)
    alike = likeness >= SLIP
    row, i, j, word_a, word_b, likeness = (v[alike] for v in (row, i, j, word_a, word_b, likeness))
    # The most alike first; each word is used once.
    order = np.lexsort([j, i, -likeness, row])
    row, i, j, word_a, word_b, likeness = (v[order] for v in (row, i, j, word_a, word_b, likeness))
    kept = _once_each(row, i, j)
    row, i, j, word_a, word_b, likeness = (v[kept] for v in (row, i, j, word_a, word_b, likeness))
    weight_a, weight_b = names.weight[word_a], names.weight[word_b]
    common = np.minimum(weight_a, weight_b)
    np.add.at(gain, row, common * (1 + likeness))
    np.add.at(spare, row, weight_a + weight_b - 2 * common)
    np.maximum.at(tells, row, _share(common, _TELLS_NOTHING, _TELLS_ALL))
    left_a[row, i] = left_b[row, j] = False
    return gain, tells, spare


def _once_each(row: np.ndarray, i: np.ndarray, j: np.ndarray) -> np.ndarray:
    """Which slips stand when those that come first take their words: ``i`` of one name, ``j`` of the other."""
    kept = np.bincount(row)[row] == 1 if len(row) else np.zeros(0, bool)
    several = np.flatnonzero(~kept)
    used: set[tuple[int, int]] = set()
    for k, r, one, other in zip(
        several.tolist(), row[several].tolist(), i[several].tolist(), j[several].tolist(), strict=True
    ):
        ends = (r, one), (r, MOST_WORDS + other)
        if used.isdisjoint(ends):
            used.update(ends)
            kept[k] = True
    return kept


def _likeness(names: Names, a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Likeness 0 to 1 of words by their numbers; a beginning of three letters or more is an abbreviation."""
    if not len(a):
        return np.zeros(0)
    vocabulary, starts = names.vocabulary, names.beginning
    size = len(vocabulary)
    pairs, at = np.unique(a.astype(np.int64) * size + b, return_inverse=True)
    one, other = vocabulary[pairs // size], vocabulary[pairs % size]
    alike = process.cpdist(one, other, scorer=OSA.normalized_similarity, workers=-1).astype(float)
    for k in np.flatnonzero((alike < SLIP) & (starts[pairs // size] == starts[pairs % size])):
        short, long = sorted((one[k], other[k]), key=len)
        if len(short) >= FEWEST_LETTERS and long.startswith(short) and len(long) > len(short) + 1:
            alike[k] = _ABBREVIATED
    longest = np.maximum(*(np.array([len(word) for word in words], np.int64) for words in (one, other)))
    alike[longest < _SHORTEST_SLIP] = 0.0
    return alike[at]


def _other_words(
    names: Names,
    one: np.ndarray,
    other: np.ndarray,
    agreement: np.ndarray,
    rarity: np.ndarray,
    may_be: np.ndarray,
) -> None:
    """Names of nearly the same letters in more or fewer words, "Play Time" and "Playtime", agree after all."""
    worth = np.flatnonzero(
        may_be & (names.how_many[one] != names.how_many[other]) & (agreement < SAME_LETTERS)
    )
    if not len(worth):
        return
    texts = names.text[one[worth]], names.text[other[worth]]
    likeness = process.cpdist(*texts, scorer=fuzz.ratio, workers=-1) / 100
    at, likeness = worth[likeness >= SAME_LETTERS], likeness[likeness >= SAME_LETTERS]
    agreement[at] = likeness
    rarest = [_weights(names, names.words[side[at]]).max(axis=1, initial=0) for side in (one, other)]
    rarity[at] = np.maximum(rarity[at], _share(np.minimum(*rarest), _TELLS_NOTHING, _TELLS_ALL))


def _are_initials(names: Names, one: np.ndarray, other: np.ndarray) -> np.ndarray:
    """Whether one name is the initials of the other."""
    found = np.zeros(len(one), bool)
    for short, long in ((one, other), (other, one)):
        letters = names.letters[short]
        for k in np.flatnonzero((letters >= _FEWEST_INITIALS) & (letters <= _MOST_INITIALS)):
            found[k] |= names.text[short[k]] in names.initials(names.evened[long[k]])
    return found
