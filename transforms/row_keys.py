"""Finding rows of a table by a key as a person types it.

``ASD/5_10/specialist/inside``, fewer parts, ``*`` in place of any, ``tier=specialist zone=inside`` in any
order, and the words of a code (``under 5``) in place of the code; upper and lower case are the same.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

import pandas as pd

from transforms.schema import KEY_JOINT, Column, Table

_ANY = "*"


@dataclass(frozen=True)
class UnknownPart:
    """A part of a key that no row has: the column, what was typed, and what it could have been."""

    column: str
    typed: str
    known: tuple[str, ...]


class NoSuchKey(ValueError):
    """No row has this key; ``unknown`` says which part is at fault, where one alone is."""

    def __init__(self, unknown: UnknownPart | None = None) -> None:
        super().__init__("no such key")
        self.unknown = unknown


def find_rows(table: type[Table], frame: pd.DataFrame, typed: Sequence[str]) -> pd.DataFrame:
    """The rows that a typed key fits: one, or several where it leaves parts open.

    Raises ``NoSuchKey`` when none does.
    """
    whole = KEY_JOINT.join(word for word in typed if "=" not in word)
    exact = frame[table.row_keys(frame).str.casefold().eq(whole.casefold())]
    if len(exact) == 1 and len(typed) == 1:
        return exact
    wanted = _wanted(table, typed)
    found = frame
    for name, pattern in wanted.items():
        said = _spellings(table.column(name), frame[name])
        fits = pd.Series(False, index=frame.index)
        for spelling in said:
            folded = spelling.str.casefold()
            fits |= folded.map({v: fnmatchcase(v, pattern.casefold()) for v in folded.unique()})
        if not fits.any():
            raise NoSuchKey(UnknownPart(name, pattern, tuple(said[0].unique())))
        found = found[fits.reindex(found.index)]
    if found.empty:
        raise NoSuchKey
    return found


def _wanted(table: type[Table], typed: Sequence[str]) -> dict[str, str]:
    """What each column of the key has to be, from ``column=value`` words and from the parts in order."""
    names, wanted = table.key_names(), {}
    in_order: list[str] = []
    for word in typed:
        column, equals, value = word.partition("=")
        if equals and column.casefold() in names:
            wanted[column.casefold()] = value
        elif equals:
            raise NoSuchKey(UnknownPart("", column, tuple(names)))
        else:
            in_order += word.split(KEY_JOINT) if len(names) > 1 else [word]
    free = [name for name in names if name not in wanted]
    if len(in_order) > len(free):
        raise NoSuchKey
    wanted |= {name: part.strip() or _ANY for name, part in zip(free, in_order, strict=False)}
    return {name: part for name, part in wanted.items() if part != _ANY}


def _spellings(column: Column, values: pd.Series) -> list[pd.Series]:
    """The values as they stand, and in their words where they are codes."""
    stand = values.astype("str").fillna("")
    words = {code.value: str(getattr(code, "label", code.value)) for code in column.values or ()}
    return [stand, stand.map(words)] if words else [stand]
