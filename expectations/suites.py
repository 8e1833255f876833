"""Great Expectations suites, generated from the declared tables.

Nothing about a table is written here: its columns, types, controlled values, ranges, keys and
cross-column rules all come from its class.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import great_expectations.expectations as gxe
from great_expectations.expectations.expectation import Expectation

from transforms.schema import Column, Implies, Kind, NotAbove, Table

# Great Expectations compares a pair as "A above B", so the higher column is A.
_ROW_CONDITIONS: Literal["pandas"] = "pandas"


@dataclass(frozen=True)
class Expected:
    """One expectation with the words that explain a failure."""

    expectation: Expectation
    rule: str
    column: str
    description: str


def expected_of(table: type[Table], row_range: tuple[int, int] | None = None) -> Iterator[Expected]:
    """Every expectation of a table, in a fixed order; ``row_range`` bounds the number of rows."""
    yield Expected(
        gxe.ExpectTableColumnsToMatchOrderedList(column_list=table.names()),
        "columns_as_declared", "", "the columns are those declared, in order",
    )  # fmt: skip
    if row_range:
        low, high = row_range
        yield Expected(
            gxe.ExpectTableRowCountToBeBetween(min_value=low, max_value=high),
            "row_count_expected", "", f"between {low:,} and {high:,} rows are expected",
        )  # fmt: skip
    for column in table.columns():
        yield from _of_column(column)
    key = table.key_names()
    if len(key) == 1:
        yield Expected(
            gxe.ExpectColumnValuesToBeUnique(column=key[0]), "key_unique", key[0], "each key stands once"
        )
    elif key:
        yield Expected(
            gxe.ExpectCompoundColumnsToBeUnique(column_list=key, ignore_row_if="never"),
            "key_unique", key[0], "each combination of " + ", ".join(key) + " stands once",
        )  # fmt: skip
    for rule in table.rules:
        match rule:
            case NotAbove(low=low_column, high=high_column, description=words):
                yield Expected(
                    gxe.ExpectColumnPairValuesAToBeGreaterThanB(
                        column_A=high_column.name, column_B=low_column.name, or_equal=True,
                        ignore_row_if="either_value_is_missing",
                    ),
                    "columns_in_order", low_column.name, words,
                )  # fmt: skip
            case Implies():
                yield Expected(
                    gxe.ExpectColumnValuesToBeInSet(
                        column=rule.then_column.name, value_set=list(rule.then_values),
                        row_condition=f'{rule.column.name} == "{rule.value}"', condition_parser=_ROW_CONDITIONS,
                    ),
                    "columns_agree", rule.then_column.name, rule.description,
                )  # fmt: skip


def _of_column(column: Column) -> Iterator[Expected]:
    name, words = column.name, column.description
    if column.required:
        yield Expected(
            gxe.ExpectColumnValuesToNotBeNull(column=name), "value_given", name, f"{words}: must be filled in"
        )
    if column.unique:
        yield Expected(
            gxe.ExpectColumnValuesToBeUnique(column=name),
            "value_unique",
            name,
            f"{words}: must differ in every row",
        )
    if column.allowed:
        yield Expected(
            gxe.ExpectColumnValuesToBeInSet(column=name, value_set=column.allowed),
            "value_allowed", name, f"{words}: one of {', '.join(column.allowed)}",
        )  # fmt: skip
    if column.minimum is not None or column.maximum is not None:
        yield Expected(
            gxe.ExpectColumnValuesToBeBetween(column=name, min_value=column.minimum, max_value=column.maximum),
            "value_in_range", name, f"{words}: {_range_words(column)}",
        )  # fmt: skip
    if column.pattern and column.kind is Kind.TEXT:
        yield Expected(
            gxe.ExpectColumnValuesToMatchRegex(column=name, regex=column.pattern),
            "value_well_formed", name, f"{words}: must have the usual form",
        )  # fmt: skip


def _range_words(column: Column) -> str:
    unit = f" {column.unit}" if column.unit else ""
    if column.maximum is None:
        return f"at least {column.minimum:g}{unit}"
    if column.minimum is None:
        return f"at most {column.maximum:g}{unit}"
    return f"between {column.minimum:g} and {column.maximum:g}{unit}"
