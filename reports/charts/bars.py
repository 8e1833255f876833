"""A bar of answers: yes, no, it depends and not known, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from reports.words import number

WIDTH = 1000
# How each answer is filled, in their order.
_LOOKS = ("yes", "no", "depends", "unknown")


@dataclass(frozen=True)
class Counts:
    """How many activities give one answer: confirmed, and possible with them."""

    words: str
    confirmed: int
    possible: int


@dataclass(frozen=True)
class Piece:
    """One answer's part of the bar."""

    counts: Counts
    look: str
    x: float
    width: float


@dataclass(frozen=True)
class Bar:
    """One question with its answers."""

    title: str
    total: int
    pieces: list[Piece]

    @property
    def words(self) -> str:
        """The whole bar in words."""
        return "; ".join(f"{number(piece.counts.possible)} {piece.counts.words}" for piece in self.pieces)


def answer_bar(title: str, answers: Sequence[Counts]) -> Bar:
    """The pieces in the order given, as wide as they are many."""
    total, at, pieces = sum(one.possible for one in answers), 0.0, []
    for one, look in zip(answers, _LOOKS, strict=True):
        width = WIDTH * one.possible / total if total else 0
        pieces.append(Piece(one, look, round(at, 1), round(width, 1)))
        at += width
    return Bar(title, total, pieces)
