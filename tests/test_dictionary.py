"""The committed data dictionary is current and complete."""

from __future__ import annotations

import pytest

from reports.dictionary import DICTIONARY, render_dictionary
from transforms.schema import Column, Implies, Kind, NotAbove, Table
from transforms.tables import PUBLISHED
from transforms.vocabulary import Tier


@pytest.fixture(scope="module")
def committed() -> str:
    return DICTIONARY.read_text(encoding="utf-8")


def section(text: str, heading: str) -> list[str]:
    """The lines below a heading, up to the next heading of any level."""
    lines = text.splitlines()
    start = lines.index(heading) + 1
    end = next((i for i in range(start, len(lines)) if lines[i].startswith("#")), len(lines))
    return lines[start:end]


def test_committed_file_is_current(committed: str) -> None:
    assert committed == render_dictionary(PUBLISHED), "run `make docs` and commit docs/data-dictionary.md"


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.table_name)
def test_every_published_table_and_column_is_in_it(table: type[Table], committed: str) -> None:
    lines = section(committed, f"## `{table.table_name}`")
    first_cells = [line.split("|")[1].strip() for line in lines if line.startswith("| `")]
    assert first_cells == [f"`{name}`" for name in table.names()]
    assert any(table.one_row_is() in line for line in lines)


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.table_name)
def test_every_code_of_every_column_is_in_the_appendix(table: type[Table], committed: str) -> None:
    for column in table.columns():
        if column.values:
            listed = "\n".join(section(committed, f"### `{column.values.__name__}`"))
            missing = [code.value for code in column.values if f"| `{code.value}` |" not in listed]
            assert not missing


def test_links_within_the_page_lead_somewhere(committed: str) -> None:
    titles = [line.lstrip("# ").strip("`") for line in committed.splitlines() if line.startswith("#")]
    anchors = [title.lower().replace(" ", "-") for title in titles]
    targets = {part.split(")")[0] for part in committed.split("](#")[1:]}
    assert targets <= set(anchors)
    assert len(set(anchors)) == len(anchors), "two headings share one anchor"


class Toy(Table, name="toy"):
    """One toy."""

    question = "Who plays?"
    tier = Column(Kind.TEXT, "Level", required=True, values=Tier)
    low = Column(Kind.WHOLE, "Least", unit="years", minimum=0, maximum=99)
    high = Column(Kind.WHOLE, "Most", unit="years", minimum=0)
    code = Column(Kind.TEXT, "Code", unique=True, pattern="^(a|b)$")
    key = (tier, low)
    rules = (
        NotAbove(low, high, "least comes first"),
        Implies(tier, Tier.UNIVERSAL, code, ("a", "b"), "universal toys have a code"),
    )


def test_a_table_is_described_in_full() -> None:
    assert section(render_dictionary([Toy]), "## `toy`") == [
        "",
        "- **File:** `tables/toy.csv` and `tables/toy.parquet`",
        "- **One row is:** One toy.",
        "- **Question:** Who plays?",
        "- **Key:** `tier`, `low`",
        "- **Rules:**",
        "  - `low` is never above `high`: least comes first.",
        "  - Where `tier` is `universal`, `code` is `a` or `b`: universal toys have a code.",
        "",
        "| Column | Type | Unit | Required | Rule or codes | What it means |",
        "| --- | --- | --- | --- | --- | --- |",
        "| `tier` | text |  | yes | [`Tier`](#tier) | Level |",
        "| `low` | whole number | years |  | 0 to 99 | Least |",
        "| `high` | whole number | years |  | at least 0 | Most |",
        "| `code` | text |  |  | matches `^(a\\|b)$`; differs in every row | Code |",
        "",
    ]
