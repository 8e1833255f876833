"""The data dictionary, written from the declared tables: nothing about a table is said here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from pathlib import Path

from transforms.schema import Column, NotAbove, Rule, Table
from transforms.tables import PUBLISHED

DICTIONARY = Path(__file__).resolve().parent.parent / "docs" / "data-dictionary.md"

_INTRODUCTION = """\
# Data dictionary

Every table of a snapshot, column by column, and every code a column may hold.

*This page is generated from the declared tables by `make docs`. Do not edit it: change the table in
`transforms/tables/` and run the command again.*

- The codes stand in the [appendix](#controlled-values); the terms in the [glossary](glossary.md).
- Every table is written twice, as CSV (UTF-8) and as Parquet, with the same rows and columns.
- A blank cell means that the value is not known or does not apply. It never means *no*, and never nought.
- *Required* columns are filled in every row.
- In the CSV files a text that a spreadsheet would run as a formula has an apostrophe before it.
- A run that used any sample roster adds a first column, `sample_data`, to every table. Each row says
  there that its providers are fictional. The tables below are listed without that column.
"""


def render_dictionary(tables: Sequence[type[Table]]) -> str:
    """The data dictionary of the given tables, as Markdown that ends in a newline."""
    sections = [_INTRODUCTION, _contents(tables)]
    sections += [_section(table) for table in tables]
    sections.append("## Controlled values\n\nA column that has a list of codes holds nothing else.\n")
    sections += [_vocabulary(codes) for codes in _vocabularies(tables)]
    return "\n".join(sections)


def _contents(tables: Sequence[type[Table]]) -> str:
    rows = [(f"[`{t.table_name}`](#{t.table_name})", t.one_row_is(), t.question) for t in tables]
    return "## Contents\n\n" + _markdown_table(("Table", "One row is", "Question it answers"), rows)


def _section(table: type[Table]) -> str:
    name = f"tables/{table.table_name}"
    facts = [f"**File:** `{name}.csv` and `{name}.parquet`", f"**One row is:** {table.one_row_is()}"]
    if table.question:
        facts.append(f"**Question:** {table.question}")
    facts.append(f"**Key:** {', '.join(f'`{name}`' for name in table.key_names())}")
    if table.rules:
        facts.append("**Rules:**\n" + "\n".join(f"  - {_in_words(rule)}" for rule in table.rules))
    listed = "\n".join(f"- {fact}" for fact in facts)
    rows = [
        (
            f"`{column.name}`",
            column.kind.value,
            column.unit or "",
            "yes" if column.required else "",
            "; ".join(_limits(column)),
            column.description,
        )
        for column in table.columns()
    ]
    headings = ("Column", "Type", "Unit", "Required", "Rule or codes", "What it means")
    return f"## `{table.table_name}`\n\n{listed}\n\n{_markdown_table(headings, rows)}"


def _in_words(rule: Rule) -> str:
    if isinstance(rule, NotAbove):
        return f"`{rule.low.name}` is never above `{rule.high.name}`: {rule.description}."
    then = " or ".join(f"`{value}`" for value in rule.then_values)
    return (
        f"Where `{rule.column.name}` is `{rule.value}`, `{rule.then_column.name}` is {then}: "
        f"{rule.description}."
    )


def _limits(column: Column) -> Iterator[str]:
    if column.values:
        link = f"[`{column.values.__name__}`](#{column.values.__name__.lower()})"
        yield f"several of {link}, comma separated" if column.several else link
    if column.minimum is not None and column.maximum is not None:
        yield f"{column.minimum:,} to {column.maximum:,}"
    elif column.minimum is not None:
        yield f"at least {column.minimum:,}"
    elif column.maximum is not None:
        yield f"at most {column.maximum:,}"
    if column.pattern and not column.several:
        yield f"matches `{column.pattern}`"
    if column.unique:
        yield "differs in every row"


def _vocabularies(tables: Iterable[type[Table]]) -> list[type[StrEnum]]:
    """Every vocabulary a column uses, by name."""
    used = {column.values for table in tables for column in table.columns() if column.values}
    return sorted(used, key=lambda codes: codes.__name__)


def _vocabulary(codes: type[StrEnum]) -> str:
    meaning = (codes.__doc__ or "").strip().splitlines()[0]
    rows = [(f"`{code.value}`", _label(code)) for code in codes]
    return f"### `{codes.__name__}`\n\n{meaning}\n\n{_markdown_table(('Code', 'Label'), rows)}"


def _label(code: StrEnum) -> str:
    """The words a reader sees; a code without words of its own is its own label."""
    return getattr(code, "label", code.value.replace("_", " "))


def _markdown_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *([_escape(cell) for cell in row] for row in rows)]
    return "".join(f"| {' | '.join(line)} |\n" for line in lines)


def _escape(cell: str) -> str:
    """A cell whose own pipes do not end it."""
    return cell.replace("|", "\\|")


if __name__ == "__main__":
    DICTIONARY.write_text(render_dictionary(PUBLISHED), encoding="utf-8")
