"""Rows of a gap table brought together by a whole number, once for all that is asked of the groups."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Groups:
    """Rows that share a number: ``order`` puts those of each group beside each other, keeping theirs, and ``first``
    says where in that order each group starts. Groups are in the order of their numbers.
    """

    order: np.ndarray
    first: np.ndarray

    @classmethod
    def of(cls, numbers: np.ndarray) -> Groups:
        """The groups of rows by their whole numbers, none of them negative."""
        order = np.argsort(numbers, kind="stable")
        return cls(order, np.flatnonzero(np.diff(numbers[order], prepend=-1)))

    def some(self, values: np.ndarray) -> np.ndarray:
        """The value of one row of each group, its first: for what is alike in all of them."""
        return values[self.order[self.first]]

    def each(self, combine: np.ufunc, values: np.ndarray) -> np.ndarray:
        """What the values of each group make together, such as ``numpy.minimum``."""
        return combine.reduceat(values[self.order], self.first) if len(self.first) else values[:0]

    def over(self, combine: np.ufunc, values: np.ndarray) -> np.ndarray:
        """What the values of its group make together, for each row."""
        sizes = np.diff(self.first, append=len(self.order))
        spread = np.empty_like(values)
        spread[self.order] = np.repeat(self.each(combine, values), sizes)
        return spread


def distinct(numbers: np.ndarray) -> np.ndarray:
    """The numbers that occur, in order. ``numpy.unique`` keeps a table of all it has seen, which takes far longer."""
    found = np.sort(numbers)
    return found[np.flatnonzero(np.diff(found, prepend=-1))]
