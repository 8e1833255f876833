"""Tables are declared once, and a slip in using them is found at once."""

from __future__ import annotations

import re

import pandas as pd
import pytest

from transforms.schema import Column, Kind, Table, UnknownColumn
from transforms.tables import LINE_OF, PUBLISHED, Coverage, GapTable, Service, ServiceNeed, ShortBreakLine
from transforms.tables.rosters import ProviderLine

by_table = pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.table_name)


class Pet(Table, name="pet"):
    """One pet."""

    id = Column(Kind.TEXT, "Identifier", required=True)
    legs = Column(Kind.WHOLE, "Legs")
    weight_kg = Column(Kind.NUMBER, "Weight", unit="kg")
    born = Column(Kind.DATE, "Birthday")
    is_tame = Column(Kind.FLAG, "Tame")
    key = (id,)


class Cat(Pet, name="cat"):
    """One cat."""

    legs = Column(Kind.WHOLE, "Legs of a cat", required=True)
    colour = Column(Kind.TEXT, "Colour")


def test_a_typo_in_a_column_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError):
        Service.minimun_age  # type: ignore[attr-defined]  # noqa: B018


def test_a_column_read_from_its_table_is_its_name() -> None:
    assert Service.minimum_age == "minimum_age"


def test_an_undeclared_column_never_reaches_a_frame() -> None:
    with pytest.raises(UnknownColumn, match="nickname"):
        Pet.frame([{"id": "1", "nickname": "Rex"}])


def test_a_frame_has_the_declared_columns_and_types_in_order() -> None:
    frame = Pet.frame([{"born": "2020-01-02", "id": "1", "legs": 4}])
    assert list(frame.columns) == ["id", "legs", "weight_kg", "born", "is_tame"]
    assert [str(t) for t in frame.dtypes] == ["str", "Int64", "float64", "datetime64[s]", "boolean"]


def test_what_is_not_given_is_not_known_in_every_type() -> None:
    assert Pet.frame([{"id": "1"}]).drop(columns="id").isna().all(axis=None)


def test_an_empty_frame_keeps_the_declared_types() -> None:
    assert list(Pet.frame().dtypes) == list(Pet.frame([{"id": "1"}]).dtypes)


def test_numbers_among_missing_values_become_whole_numbers() -> None:
    legs = Pet.frame(pd.DataFrame({"id": ["1", "2"], "legs": pd.Series([4, None], dtype=object)}))["legs"]
    assert legs.tolist() == [4, pd.NA]


def test_a_half_leg_is_refused_rather_than_rounded() -> None:
    with pytest.raises(TypeError):
        Pet.frame([{"id": "1", "legs": 3.5}])


def test_a_subclass_keeps_the_order_and_adds_at_the_end() -> None:
    assert Cat.names() == [*Pet.names(), "colour"]


def test_a_subclass_may_tighten_a_column_without_touching_its_parent() -> None:
    assert Cat.column("legs").required
    assert not Pet.column("legs").required


def test_a_line_of_short_breaks_keeps_the_order_of_a_provider_line() -> None:
    assert ShortBreakLine.names() == ProviderLine.names()


def test_key_names_are_the_key_columns_in_order() -> None:
    assert Coverage.key_names() == ["need", "age_band", "tier", "zone"]


def test_sorting_depends_on_the_key_alone() -> None:
    rows = [
        {"service_id": "b", "need_code": "VI"},
        {"service_id": "a"},
        {"service_id": "a", "need_code": "HI"},
    ]
    one, other = ServiceNeed.frame(rows), ServiceNeed.frame(rows[::-1])
    pd.testing.assert_frame_equal(ServiceNeed.sorted(one), ServiceNeed.sorted(other))


def test_table_names_are_unique() -> None:
    names = [table.table_name for table in (*PUBLISHED, *LINE_OF.values())]
    assert len(names) == len(set(names))
    assert "" not in names


@by_table
def test_every_published_table_has_a_key_of_its_own_columns(table: type[Table]) -> None:
    assert table.key_names()
    assert set(table.key_names()) <= set(table.names())


@by_table
def test_every_published_table_says_what_one_row_is(table: type[Table]) -> None:
    assert re.search(r"\bone\b", table.one_row_is(), re.IGNORECASE)


@by_table
def test_every_rule_is_about_columns_of_its_own_table(table: type[Table]) -> None:
    for rule in table.rules:
        columns = [value for value in vars(rule).values() if isinstance(value, Column)]
        assert all(table.column(column.name) is column for column in columns)


@pytest.mark.parametrize(
    "table", [t for t in PUBLISHED if issubclass(t, GapTable)], ids=lambda t: t.table_name
)
def test_every_gap_table_is_stamped_and_answers_a_question(table: type[Table]) -> None:
    assert table.names()[:3] == ["snapshot_date", "run_id", "method_version"]
    assert table.question.endswith("?")


@by_table
def test_every_column_is_described(table: type[Table]) -> None:
    assert [column.name for column in table.columns() if not column.description.strip()] == []


@by_table
def test_a_unit_in_a_name_is_the_declared_unit(table: type[Table]) -> None:
    named = {"_m": "m", "_pct": "%", "_days": "days", "_hours": "hours"}
    for column in table.columns():
        for suffix, unit in named.items():
            if column.name.endswith(suffix):
                assert column.unit == unit, column.name


@by_table
def test_a_range_is_declared_for_numbers_and_a_pattern_for_text(table: type[Table]) -> None:
    for column in table.columns():
        if column.minimum is not None or column.maximum is not None:
            assert column.kind in (Kind.WHOLE, Kind.NUMBER), column.name
        if column.pattern or column.values:
            assert column.kind is Kind.TEXT, column.name
