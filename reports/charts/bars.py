"""A bar of answers: yes, no, it depends and not known, side by side."""

from __future__ import annotations

from dataclasses import dataclass

from reports.words import number

WIDTH = 1000
# How each answer is filled: a pattern for what is open, so that no reader needs the colour.
_LOOKS = ("yes", "no", "depends", "unknown")
_LEAST = 46  # room for a number inside its own piece


@dataclass(frozen=True)
class Piece:
    """One answer's part of the bar."""

    label: str
    count: int
    look: str
    x: float
    width: float

    @property
    def is_wide(self) -> bool:
        """Whether its number has room inside."""
        return self.width >= _LEAST


@dataclass(frozen=True)
class Bar:
    """One question with its answers."""

    title: str
    total: int
    pieces: list[Piece]

    @property
    def words(self) -> str:
        """The whole bar in words."""
        return "; ".join(f"{number(piece.count)} {piece.label}" for piece in self.pieces)


def answer_bar(title: str, labels: list[str], counts: list[int]) -> Bar:
    """The pieces in the order given, as wide as they are many."""
    total, at, pieces = sum(counts), 0.0, []
    for name, count, look in zip(labels, counts, _LOOKS, strict=True):
        width = WIDTH * count / total if total else 0
        pieces.append(Piece(name, count, look, round(at, 1), round(width, 1)))
        at += width
    return Bar(title, total, pieces)
