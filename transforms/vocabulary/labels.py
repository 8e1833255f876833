"""Codes that carry the words a reader sees, and verdicts among them."""

from __future__ import annotations

from enum import StrEnum


class Labelled(StrEnum):
    """A code with the words a reader sees: ``NAME = code, label``."""

    label: str

    def __new__(cls, value: str, label: str = "") -> Labelled:
        """A member whose value is the code and whose label defaults to the code's words."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value.replace("_", " ")
        return member


class Verdict(Labelled):
    """What a row of a gap table says, declared from the worst to the best: ``NAME = code, label, is it a gap``.

    A gap table has one column of verdicts at most; what compares, plans or lists gaps finds it by this type.
    """

    is_gap: bool

    def __new__(cls, value: str, label: str = "", is_gap: bool = False) -> Verdict:
        """A member that says whether the row calls for something to be done."""
        member = str.__new__(cls, value)
        member._value_ = value
        member.label = label or value
        member.is_gap = is_gap
        return member
