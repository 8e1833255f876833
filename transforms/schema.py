"""How a table is declared: columns that know their name, type, unit, meaning and rule.

A table is a class. Reading ``Service.minimum_age`` gives the column's name, so a typo is an
``AttributeError`` and a type checker sees it. Great Expectations suites, the data dictionary,
Parquet schemas and ``datapackage.json`` are all generated from these classes.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, ClassVar

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

# Text, and with it the name of every column, as Python's own strings. Frames here have some hundred rows, and far
# more is looked up by name than is read from end to end: docs/decisions/0025-text-as-python-strings.md.
pd.options.mode.string_storage = "python"


class Kind(StrEnum):
    """What a column holds, in words a reader of the data dictionary understands."""

    TEXT = "text"
    WHOLE = "whole number"
    NUMBER = "number"
    DATE = "date"
    FLAG = "true/false"


# The pandas type that carries each kind; every one of them can hold "not known".
_DTYPE = {
    Kind.TEXT: "str",
    Kind.WHOLE: "Int64",
    Kind.NUMBER: "float64",
    Kind.DATE: "datetime64[s]",
    Kind.FLAG: "boolean",
}


# Between several codes in one cell.
LIST_JOINT = ","
# Between the parts of a row's key in one text, and in place of a part that is blank.
KEY_JOINT, BLANK_PART = "/", "-"


class Column:
    """One column of a table: its type, what it means, its unit and the rule its values keep."""

    name: str

    def __init__(
        self,
        kind: Kind,
        description: str,
        *,
        unit: str | None = None,
        required: bool = False,
        unique: bool = False,
        values: type[StrEnum] | None = None,
        several: bool = False,
        minimum: float | None = None,
        maximum: float | None = None,
        pattern: str | None = None,
        is_lineage: bool = False,
        formerly: tuple[str, ...] = (),
        is_about_children: bool = False,
    ) -> None:
        self.kind = kind
        self.description = description
        self.unit = unit
        self.required = required
        self.unique = unique
        # The codes it may hold: one of them, or several with commas between them.
        self.values = values
        self.several = several
        self.minimum = minimum
        self.maximum = maximum
        self.pattern = _several_of(values) if values and several else pattern
        # Says where in a file a record stood: the one thing that may differ when only rows have moved.
        self.is_lineage = is_lineage
        # The names it had in earlier snapshots, which are read under its name of today.
        self.formerly = formerly
        # Counts children: read by gap tables and published only as transforms.disclosure releases it.
        self.is_about_children = is_about_children

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name

    def __get__(self, instance: object, owner: type) -> str:
        return self.name

    @property
    def mark_name(self) -> str:
        """The column that says why this one has no figure: of a column about children."""
        return f"{self.name}_mark"

    @property
    def dtype(self) -> str:
        """The pandas type that carries this column."""
        return _DTYPE[self.kind]

    @property
    def allowed(self) -> list[str]:
        """The controlled values, in their declared order; empty when the column is free or holds several."""
        return [member.value for member in self.values] if self.values and not self.several else []


def _several_of(values: type[StrEnum]) -> str:
    one = "|".join(member.value for member in values)
    return rf"^(?:{one})(?:{LIST_JOINT}(?:{one}))*$"


@dataclass(frozen=True)
class NotAbove:
    """Within one row, ``low`` is never above ``high`` (where both are known)."""

    low: Column
    high: Column
    description: str


@dataclass(frozen=True)
class Implies:
    """Where ``column`` equals ``value``, ``then_column`` holds one of ``then_values``."""

    column: Column
    value: str
    then_column: Column
    then_values: tuple[str, ...]
    description: str


Rule = NotAbove | Implies


class UnknownColumn(ValueError):
    """A frame does not have the columns its table declares: a fault in our code, never in a roster."""


class Table:
    """Base of every declared table. The docstring's first line says what one row is."""

    table_name: ClassVar[str] = ""
    key: ClassVar[tuple[Column, ...]] = ()
    question: ClassVar[str] = ""
    rules: ClassVar[tuple[Rule, ...]] = ()
    _columns: ClassVar[dict[str, Column]] = {}

    def __init_subclass__(cls, *, name: str = "", **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        own = {k: v for k, v in vars(cls).items() if isinstance(v, Column)}
        # A subclass may tighten an inherited column; it keeps its place.
        cls._columns = {**cls._columns, **own}
        cls.table_name = name

    @classmethod
    def columns(cls) -> tuple[Column, ...]:
        """The declared columns, in published order."""
        return tuple(cls._columns.values())

    @classmethod
    def column(cls, name: str) -> Column:
        """The declaration of one column."""
        return cls._columns[name]

    @classmethod
    def names(cls) -> list[str]:
        """The column names, in published order."""
        return list(cls._columns)

    @classmethod
    def lineage_names(cls) -> list[str]:
        """The columns that say where in a file a record stood, and nothing about it."""
        return [column.name for column in cls.columns() if column.is_lineage]

    @classmethod
    def about_children(cls) -> tuple[Column, ...]:
        """The columns that count children."""
        return tuple(column for column in cls.columns() if column.is_about_children)

    @classmethod
    def key_names(cls) -> list[str]:
        """The columns that tell one row from another."""
        return [column.name for column in cls.key]

    @classmethod
    def row_keys(cls, frame: pd.DataFrame) -> pd.Series:
        """Each row's key as one readable text, such as ``ASD/5_10/specialist/inside``; ``-`` for a blank part."""
        parts = [pa.array(frame[name].astype("str")) for name in cls.key_names()]
        told = [pc.if_else(pc.equal(part, ""), None, part) for part in parts]
        joint = pa.scalar(KEY_JOINT, type=parts[0].type)
        keys = pc.binary_join_element_wise(*told, joint, null_handling="replace", null_replacement=BLANK_PART)
        return pd.Series(keys, index=frame.index, dtype="str")

    @classmethod
    def one_row_is(cls) -> str:
        """The first line of the docstring: what one row is."""
        return (cls.__doc__ or "").strip().splitlines()[0]

    @classmethod
    def frame(cls, rows: Iterable[dict[str, Any]] | pd.DataFrame = ()) -> pd.DataFrame:
        """Rows as a frame with exactly the declared columns and types.

        Columns that are absent become "not known"; a column that is not declared raises
        ``UnknownColumn``, so nothing reaches a reader undeclared.
        """
        frame = rows if isinstance(rows, pd.DataFrame) else pd.DataFrame(list(rows))
        if extra := [c for c in frame.columns if c not in cls._columns]:
            raise UnknownColumn(f"{cls.table_name}: undeclared columns {extra}")
        typed = {
            column.name: _cast(frame[column.name], column)
            if column.name in frame
            else pd.Series(None, index=frame.index, dtype=column.dtype)
            for column in cls.columns()
        }
        return pd.DataFrame(typed, index=frame.index).reset_index(drop=True)

    @classmethod
    def of_earlier(cls, frame: pd.DataFrame) -> pd.DataFrame:
        """A published frame, of whichever version, as declared today.

        Renamed columns stand under their new names, new ones are "not known", removed ones are left out.
        """
        if frame.empty:
            # As read from an empty file, a text column has no chunk at all, and pandas cannot join by it.
            return cls.frame()
        names = {
            column.name: next((n for n in (column.name, *column.formerly) if n in frame), None)
            for column in cls.columns()
        }
        return cls.frame(
            pd.DataFrame({new: frame[old] for new, old in names.items() if old}, index=frame.index)
        )

    @classmethod
    def sorted(cls, frame: pd.DataFrame) -> pd.DataFrame:
        """The frame in key order, so that equal inputs give equal bytes."""
        return frame.sort_values(cls.key_names(), kind="stable", ignore_index=True)


def _cast(series: pd.Series, column: Column) -> pd.Series:
    if series.dtype == column.dtype:
        return series
    if column.kind is Kind.DATE:
        return pd.to_datetime(series).astype(column.dtype)
    if column.kind in (Kind.WHOLE, Kind.NUMBER) and series.dtype == object:
        return pd.to_numeric(series.where(series.notna(), None)).astype(column.dtype)
    return series.astype(column.dtype)
