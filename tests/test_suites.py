"""The generated suites find every kind of broken rule at the row that broke it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from contextlib import nullcontext
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pandas as pd
import pytest
from builders import frames_of_offers

from transforms.schema import Column, Implies, Kind, NotAbove, Table
from transforms.tables import PUBLISHED, Location, Service, ServiceNeed
from transforms.vocabulary import Answer, Tier

pytestmark = pytest.mark.flow

if TYPE_CHECKING:
    from expectations.gate import Failure, Verdict


@pytest.fixture(autouse=True, scope="module")
def great_expectations() -> None:
    """Import it when these tests run, not when they are collected: it takes seconds."""
    global Batch, Expectation, ExpectationConfiguration, GateBroken, IDDict, check, expected_of
    global pandas_execution_engine
    from great_expectations.core.id_dict import IDDict
    from great_expectations.datasource.fluent.interfaces import Batch
    from great_expectations.execution_engine import pandas_execution_engine
    from great_expectations.expectations.expectation import Expectation
    from great_expectations.expectations.expectation_configuration import ExpectationConfiguration

    from expectations.gate import GateBroken, check
    from expectations.suites import expected_of


class Club(Table, name="club"):
    """One club."""

    id = Column(Kind.TEXT, "Identifier", required=True)
    name = Column(Kind.TEXT, "Name", required=True)
    tier = Column(Kind.TEXT, "Level of offer", values=Tier)
    youngest = Column(Kind.WHOLE, "Youngest age", unit="years", minimum=0)
    oldest = Column(Kind.WHOLE, "Oldest age", unit="years", minimum=0, maximum=25)
    postcode = Column(Kind.TEXT, "Postcode", pattern=r"^[A-Z]{1,2}\d")
    opens_on = Column(Kind.DATE, "First day")
    closes_on = Column(Kind.DATE, "Last day")
    accepts = Column(Kind.TEXT, "Takes City children", values=Answer)
    is_open = Column(Kind.FLAG, "Runs")
    mailbox = Column(Kind.TEXT, "Mailbox", unique=True)
    key = (id,)
    rules = (
        NotAbove(youngest, oldest, "the youngest age is not above the oldest"),
        NotAbove(opens_on, closes_on, "a club does not end before it starts"),
        Implies(
            tier, Tier.UNIVERSAL, accepts, (Answer.YES, Answer.CONDITIONAL), "a universal club takes all"
        ),
    )


GOOD: dict[str, Any] = {
    "name": "Otters",
    "tier": "universal",
    "youngest": 5,
    "oldest": 11,
    "postcode": "EC2Y 8DS",
    "opens_on": "2026-01-01",
    "closes_on": "2026-12-31",
    "accepts": "yes",
    "is_open": True,
}


def clubs(*changes: dict[str, Any]) -> pd.DataFrame:
    """Good clubs, each with a change."""
    return Club.frame(
        [{"id": f"c{n}", "mailbox": f"m{n}@a.org", **GOOD, **change} for n, change in enumerate(changes)]
    )


def the_failure(verdict: Verdict) -> Failure:
    assert not verdict.passed
    (failure,) = verdict.failures
    return failure


@pytest.mark.parametrize(
    ("broken", "rule", "column"),
    [
        ({"name": None}, "value_given", "name"),
        ({"tier": "Universal"}, "value_allowed", "tier"),
        ({"youngest": -1}, "value_in_range", "youngest"),
        ({"oldest": 26}, "value_in_range", "oldest"),
        ({"postcode": "somewhere"}, "value_well_formed", "postcode"),
        ({"youngest": 12}, "columns_in_order", "youngest"),
        ({"opens_on": "2027-01-01"}, "columns_in_order", "opens_on"),
        ({"accepts": "no"}, "columns_agree", "accepts"),
    ],
)
def test_a_broken_rule_is_found_at_its_row_and_nowhere_else(
    broken: dict[str, Any], rule: str, column: str
) -> None:
    failure = the_failure(check("test", Club, clubs({}, {}, broken, {})))
    assert (failure.rule, failure.column, failure.positions) == (rule, column, (2,))
    assert failure.description


def test_every_row_that_breaks_a_rule_is_found() -> None:
    failure = the_failure(check("test", Club, clubs({"oldest": 99}, {}, {"oldest": 30}, {"oldest": 26})))
    assert failure.positions == (0, 2, 3)


def test_a_repeated_key_is_found_at_each_of_its_rows() -> None:
    failure = the_failure(check("test", Club, clubs({"id": "x"}, {}, {"id": "x"})))
    assert (failure.rule, failure.positions) == ("key_unique", (0, 2))


def test_a_repeated_unique_value_is_found_and_blanks_do_not_repeat_each_other() -> None:
    frame = clubs({"mailbox": None}, {"mailbox": None}, {"mailbox": "a@a.org"}, {"mailbox": "a@a.org"})
    failure = the_failure(check("test", Club, frame))
    assert (failure.rule, failure.column, failure.positions) == ("value_unique", "mailbox", (2, 3))


def test_a_repeated_compound_key_with_a_blank_part_is_still_a_repeat() -> None:
    words = {"scope": "open", "confidence": 1.0}
    frame = ServiceNeed.frame(
        [
            {"service_id": "a", "need_code": None, **words},
            {"service_id": "b", "need_code": None, **words},
            {"service_id": "a", "need_code": None, **words},
            {"service_id": "a", "need_code": "VI", **words},
        ]
    )
    failure = the_failure(check("test", ServiceNeed, frame))
    assert (failure.rule, failure.positions) == ("key_unique", (0, 2))


def test_several_broken_rules_are_all_found() -> None:
    verdict = check("test", Club, clubs({"name": None}, {"oldest": 99}, {"accepts": "no"}))
    found = {(f.rule, f.positions) for f in verdict.failures}
    assert found == {("value_given", (0,)), ("value_in_range", (1,)), ("columns_agree", (2,))}


def test_what_is_spared_changes_no_verdict(monkeypatch: pytest.MonkeyPatch) -> None:
    frame = clubs(
        {"name": None}, {"oldest": 99}, {}, {"accepts": "no"}, {"opens_on": "2027-01-01"}, {"id": "c0"}
    )
    asked = Counter[str]()

    def counted(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*given: Any, **named: Any) -> Any:
            asked[name] += 1
            return function(*given, **named)

        return called

    settings = Expectation.configuration.fget  # type: ignore[attr-defined]
    monkeypatch.setattr(Expectation, "configuration", property(counted("settings", settings)))
    for where, function in (
        (ExpectationConfiguration, "to_domain_obj"),
        (IDDict, "to_id"),
        (pandas_execution_engine, "hash_pandas_dataframe"),
    ):
        monkeypatch.setattr(where, function, counted(function, getattr(where, function)))
    sparingly = check("test", Club, frame)
    needed = Counter(asked)
    monkeypatch.setattr("expectations.gate.sparing", nullcontext)
    asked.clear()
    assert check("test", Club, frame) == sparingly
    assert len(sparingly.failures) == 5
    # Something is spared still: when this fails, Great Expectations no longer needs it.
    assert needed["hash_pandas_dataframe"] == 0 < asked["hash_pandas_dataframe"]
    for spared in ("settings", "to_domain_obj", "to_id"):
        assert needed[spared] < asked[spared] / 2, spared


@pytest.mark.parametrize(
    "unknown",
    [
        {"youngest": None},
        {"oldest": None},
        {"opens_on": None, "closes_on": None},
        {"tier": None, "accepts": "no"},
        {"postcode": None},
        {"is_open": None},
    ],
)
def test_what_is_not_known_breaks_no_rule_but_required(unknown: dict[str, Any]) -> None:
    assert check("test", Club, clubs(unknown, {})).passed


def test_a_condition_looks_only_at_its_own_rows() -> None:
    assert check("test", Club, clubs({"tier": "specialist", "accepts": "no"}, {})).passed


def test_equal_ends_are_in_order() -> None:
    assert check("test", Club, clubs({"youngest": 5, "oldest": 5, "closes_on": "2026-01-01"})).passed


@pytest.mark.parametrize(("row_range", "passes"), [((1, 2), True), ((3, 9), False), ((0, 1), False)])
def test_the_number_of_rows_is_bounded(row_range: tuple[int, int], passes: bool) -> None:
    verdict = check("test", Club, clubs({}, {}), row_range)
    assert verdict.passed == passes
    if not passes:
        assert (the_failure(verdict).rule, the_failure(verdict).positions) == ("row_count_expected", ())


def test_an_empty_frame_passes_where_no_row_is_required() -> None:
    assert check("test", Club, Club.frame()).passed


def test_a_missing_column_breaks_the_gate_or_fails_and_never_passes() -> None:
    with pytest.raises(GateBroken):
        check("test", Club, clubs({}).drop(columns="postcode"))


def test_columns_out_of_order_are_found() -> None:
    frame = clubs({})
    failure = the_failure(check("test", Club, frame[frame.columns[::-1]]))
    assert failure.rule == "columns_as_declared"


def test_an_expectation_that_cannot_be_computed_stops_the_gate_rather_than_pass() -> None:
    frame = clubs({}, {}).assign(youngest=["five", 6])
    with pytest.raises(GateBroken):
        check("test", Club, frame)


def test_results_that_are_missing_stop_the_gate(monkeypatch: pytest.MonkeyPatch) -> None:
    nothing = SimpleNamespace(results=[])
    monkeypatch.setattr(Batch, "validate", lambda *_, **__: nothing)
    with pytest.raises(GateBroken):
        check("test", Club, clubs({}))


def test_a_verdict_for_the_manifest_holds_counts_and_no_values() -> None:
    record = check("raw roster", Club, clubs({}, {"postcode": "secret"})).as_record()
    assert (record["rows"], record["passed"], record["table"]) == (2, False, "club")
    assert record["failed"] == [{"rule": "value_well_formed", "column": "postcode", "rows": 1}]
    assert "secret" not in str(record)


def test_the_frame_that_is_checked_is_left_as_it_was() -> None:
    frame = clubs({"name": None}, {})
    before = frame.copy()
    check("test", Club, frame)
    pd.testing.assert_frame_equal(frame, before)


@pytest.mark.parametrize("table", [Service, Location, ServiceNeed], ids=lambda table: table.table_name)
def test_a_valid_frame_of_a_real_table_passes(table: type[Table]) -> None:
    frame = frames_of_offers("zone | certain | ages\ninside | yes | 5-10\nnear | no | 8-")[table]
    assert check("test", table, frame).passed


@pytest.mark.parametrize("table", PUBLISHED, ids=lambda table: table.table_name)
def test_every_declared_rule_of_a_table_becomes_an_expectation(table: type[Table]) -> None:
    rules = [item.rule for item in expected_of(table)]
    columns = table.columns()
    assert rules.count("columns_as_declared") == 1
    assert rules.count("key_unique") == 1
    assert rules.count("value_given") == sum(c.required for c in columns)
    assert rules.count("value_allowed") == sum(bool(c.allowed) for c in columns)
    assert rules.count("value_well_formed") == sum(bool(c.pattern) for c in columns)
    assert rules.count("value_in_range") == sum(
        c.minimum is not None or c.maximum is not None for c in columns
    )
    assert rules.count("columns_in_order") == sum(isinstance(r, NotAbove) for r in table.rules)
    assert rules.count("columns_agree") == sum(isinstance(r, Implies) for r in table.rules)
