"""Where next: never worse than greedy, and as good as trying everything."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from transforms.planning.siting import Choice, choose, first_of_equals, greedy


def cells(*options: str) -> np.ndarray:
    """Options as the cells they close, such as ``ab`` and ``bc``."""
    names = sorted({cell for option in options for cell in option})
    return np.array([[name in option for option in options] for name in names])


def closed(closes: np.ndarray, options: tuple[int, ...] | list[int]) -> int:
    return int(closes[:, list(options)].any(axis=1).sum())


def random_closes(seed: int, most_options: int) -> tuple[np.ndarray, int]:
    rng = np.random.default_rng(seed)
    shape = (int(rng.integers(3, 60)), int(rng.integers(2, most_options)))
    return rng.random(shape) < rng.uniform(0.05, 0.5), int(rng.integers(1, 6))


def test_the_best_pair_is_not_the_greedy_one() -> None:
    # Greedy takes “bcde” first, then two more. The other two close all eight.
    closes = cells("bcde", "abcx", "defy")
    assert closed(closes, greedy(closes, 2)) == 6
    found = choose(closes, 2)
    assert (sorted(found.options), found.adds, found.is_proven_best) == ([1, 2], [4, 4], True)


@pytest.mark.parametrize("seed", range(50))
def test_never_worse_than_greedy(seed: int) -> None:
    closes, budget = random_closes(seed, 40)
    found = choose(closes, budget)
    assert closed(closes, found.options) == found.closed >= closed(closes, greedy(closes, budget))
    assert len(found.options) <= budget
    assert found.is_proven_best
    assert found.adds == sorted(found.adds, reverse=True)


@pytest.mark.parametrize("seed", range(12))
def test_as_good_as_trying_every_choice(seed: int) -> None:
    closes, budget = random_closes(100 + seed, 10)
    tried = combinations(range(closes.shape[1]), min(budget, closes.shape[1]))
    assert choose(closes, budget).closed == max(closed(closes, options) for options in tried)


def test_a_solver_that_finds_nothing_in_time_leaves_the_greedy_choice(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("transforms.planning.siting._solved", lambda *_: ([], False))
    assert choose(cells("abc", "cd"), 2) == Choice([0, 1], [3, 1], is_proven_best=False)


def test_what_closes_nothing_more_is_not_proposed() -> None:
    assert choose(cells("abc", "ab", "c"), 3) == Choice([0], [3], is_proven_best=True)
    assert choose(np.zeros((3, 2), dtype=bool), 2) == Choice([], [], is_proven_best=True)
    assert choose(cells("ab"), 0) == Choice([], [], is_proven_best=True)


def test_of_options_that_close_the_same_the_first_stands() -> None:
    assert first_of_equals(cells("ab", "c", "ab", "c", "a")).tolist() == [0, 1, 4]
