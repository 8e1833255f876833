"""Every statement of the strategy is answered by columns that are published, and the page that says so is current."""

from __future__ import annotations

import csv

import pytest
from builders import PROJECT

from flows.dated_facts import read_facts
from flows.places import Places
from reports.strategy_coverage import COVERAGE, render_coverage
from reports.strategy_statements import STATEMENTS, In, Statement
from transforms.tables import PUBLISHED, Kpi, KpiDefinition, TargetTracker

MEASURES = PROJECT.parent / "shared" / "design" / "strategy_measures.csv"


def test_the_committed_page_is_current() -> None:
    assert COVERAGE.read_text(encoding="utf-8") == render_coverage(), (
        "run `make docs` and commit docs/strategy-coverage.md"
    )


@pytest.mark.parametrize("statement", STATEMENTS, ids=lambda one: one.number)
def test_each_statement_names_columns_that_are_published(statement: Statement) -> None:
    assert statement.answered
    for named in statement.answered:
        assert named.table in PUBLISHED
        assert named.columns
        assert set(named.columns) <= set(named.table.names())


def test_a_column_that_is_gone_cannot_be_named() -> None:
    with pytest.raises(AttributeError):
        In(TargetTracker, TargetTracker.no_such_column)  # type: ignore[attr-defined]


def test_each_statement_stands_once_and_in_order() -> None:
    assert [one.number for one in STATEMENTS] == [f"S{number:02}" for number in range(1, 49)]


@pytest.mark.skipif(
    not MEASURES.is_file(), reason="the strategy's measures stand beside the project and are absent here"
)
def test_every_measure_of_the_strategy_is_mapped_and_none_of_its_sentences_is_copied() -> None:
    with MEASURES.open(encoding="utf-8", newline="") as file:
        measures = list(csv.DictReader(file))
    assert {row["id"] for row in measures} <= {one.number for one in STATEMENTS}
    page = render_coverage()
    assert not [row["id"] for row in measures if len(row["quote"].split()) > 4 and row["quote"] in page]


def test_measures_supplied_by_hand_are_the_same_here_and_in_their_definitions() -> None:
    defined = read_facts(KpiDefinition, Places().reference / "kpi_definitions.csv")
    told = {number for text in defined[KpiDefinition.statements] for number in text.split(",")}
    by_kpi = {one.number for one in STATEMENTS if any(named.table is Kpi for named in one.answered)}
    assert by_kpi == told
    # Only what the strategy states itself needs nobody to supply it.
    assert {one.number for one in STATEMENTS if one.by_hand} == (by_kpi - {"S05"}) | {"S40"}
