"""The strategy's other measures, worked through by hand: what is missing says so, and no small number is told."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from builders import AS_OF, gap_inputs, read_table
from hypothesis import given
from hypothesis import strategies as st

from flows.dated_facts import read_facts
from flows.errors import Mistake
from flows.kpi_facts import check_kpis
from flows.places import Places
from transforms.gaps import measure
from transforms.schema import Table
from transforms.tables import Kpi, KpiDefinition, KpiValue
from transforms.vocabulary import KpiPublication, KpiStatus

# As at 23 November 2026: the last year to have ended is 2025, the last quarter the third of 2026.
DEFINITIONS = """
    | kpi      | unit   | target | target_rule | frequency | publication | withheld_below | change_of |
    | plans    | %      | 100    | at_least    | year      | value       | .              | .         |
    | feedback | items  | .      | .           | quarter   | value       | .              | .         |
    | groups   | people | 10     | at_least    | quarter   | met_or_not  | .              | .         |
    | working  | %      | 100    | at_least    | year      | met_or_not  | 10             | .         |
    | support  | people | .      | .           | quarter   | value       | 8              | .         |
    | audit    | points | .      | .           | year      | value       | .              | .         |
    | better   | points | 0      | above       | year      | value       | .              | audit     |
"""
VALUES = """
    | kpi      | period | value | base | as_at      |
    | plans    | 2024   | 90    | 20   | 2025-02-01 |
    | plans    | 2025   | 100   | 12   | 2026-02-01 |
    | plans    | 2026   | 100   | 14   | 2027-02-01 |
    | feedback | 2026Q1 | 0     | .    | 2026-04-01 |
    | groups   | 2026Q2 | 9     | .    | 2026-07-01 |
    | groups   | 2026Q3 | 10    | .    | 2026-10-01 |
    | working  | 2024   | 100   | 9    | 2025-01-01 |
    | working  | 2025   | 95    | 20   | 2026-01-01 |
    | support  | 2026Q2 | 8     | .    | 2026-07-01 |
    | support  | 2026Q3 | 7     | .    | 2026-10-01 |
    | audit    | 2021   | 50    | .    | 2021-11-01 |
    | audit    | 2022   | 61.5  | .    | 2022-11-01 |
    | audit    | 2024   | 70    | .    | 2024-11-01 |
    | audit    | 2025   | 70    | .    | 2025-11-01 |
"""


def definitions(text: str = DEFINITIONS) -> pd.DataFrame:
    same = {"statements": "S01", "measures": "-", "supplied_by": "a role", "source": "-"}
    return typed(KpiDefinition, [same | row for row in read_table(text)])


def values(text: str = VALUES) -> pd.DataFrame:
    return typed(KpiValue, [{"source": "a role"} | row for row in read_table(text)])


def typed(table: type[Table], rows: list[dict[str, str]]) -> pd.DataFrame:
    return table.frame(pd.DataFrame(rows, columns=table.names(), dtype="object"))


INPUTS = gap_inputs("zone\ninside")


def judged(defined: pd.DataFrame, supplied: pd.DataFrame, as_of: pd.Timestamp = AS_OF) -> pd.DataFrame:
    facts = {KpiDefinition: defined, KpiValue: supplied}
    return measure(Kpi, replace(INPUTS, facts=facts, as_of=as_of), "run", "0").set_index(Kpi.key_names())


@pytest.fixture(scope="module")
def by_hand() -> pd.DataFrame:
    return judged(definitions(), values())


@pytest.mark.parametrize(
    ("kpi", "period", "status", "value", "base"),
    [
        # 90 of 100 is short of the target; a share stands with what it is a share of.
        ("plans", "2024", "NOT_MET", 90, 20),
        ("plans", "2025", "MET", 100, 12),
        # None is a value; a quarter without one is a row all the same.
        ("feedback", "2026Q1", "NO_TARGET", 0, None),
        ("feedback", "2026Q2", "MISSING", None, None),
        ("feedback", "2026Q3", "MISSING", None, None),
        # Nine and ten are told only as not met and met.
        ("groups", "2026Q2", "NOT_MET", None, None),
        ("groups", "2026Q3", "MET", None, None),
        # All of nine young people: not even that the target is met is told. 95% of 20 is not met.
        ("working", "2024", "WITHHELD", None, None),
        ("working", "2025", "NOT_MET", None, None),
        ("support", "2026Q2", "NO_TARGET", 8, None),
        ("support", "2026Q3", "WITHHELD", None, None),
        # 61.5 − 50 = 11.5. No score of 2023, so no change in 2023 or 2024; 70 − 70 = 0 is no improvement.
        ("audit", "2023", "MISSING", None, None),
        ("better", "2022", "MET", 11.5, None),
        ("better", "2023", "MISSING", None, None),
        ("better", "2024", "MISSING", None, None),
        ("better", "2025", "NOT_MET", 0, None),
    ],
)
def test_a_measure_worked_by_hand(
    by_hand: pd.DataFrame, kpi: str, period: str, status: str, value: float | None, base: int | None
) -> None:
    row = by_hand.loc[(kpi, period)]
    assert row[Kpi.status] == status
    for column, expected in ((Kpi.value, value), (Kpi.base, base)):
        assert pd.isna(row[column]) if expected is None else row[column] == expected


def test_every_period_from_the_first_to_the_last_that_ended_has_its_row(by_hand: pd.DataFrame) -> None:
    # What was taken after the day of the snapshot, the value of 2026, is not known on it.
    periods = by_hand.reset_index().groupby(Kpi.kpi)[Kpi.period].apply(list).to_dict()
    assert periods == {
        "plans": ["2024", "2025"],
        "feedback": ["2026Q1", "2026Q2", "2026Q3"],
        "groups": ["2026Q2", "2026Q3"],
        "working": ["2024", "2025"],
        "support": ["2026Q2", "2026Q3"],
        "audit": ["2021", "2022", "2023", "2024", "2025"],
        "better": ["2022", "2023", "2024", "2025"],
    }


def test_a_measure_nobody_supplied_is_missing_and_not_left_out() -> None:
    found = judged(definitions(), KpiValue.frame())
    assert sorted(found.index.get_level_values(Kpi.kpi)) == sorted(definitions()[KpiDefinition.kpi])
    assert set(found[Kpi.status]) == {KpiStatus.MISSING}
    assert found[[Kpi.value, Kpi.base, Kpi.as_at, Kpi.source]].isna().all(axis=None)


def test_a_year_counts_as_ended_on_its_last_day() -> None:
    for day, year in (("2026-12-30", "2025"), ("2026-12-31", "2026")):
        found = judged(definitions(), KpiValue.frame(), pd.Timestamp(day))
        assert list(found.loc["audit"].index) == [year]


# What holds for any values


@given(st.integers(0, 30), st.integers(0, 30))
def test_a_small_number_never_shows(people: int, base: int) -> None:
    supplied = values(
        f"""
        kpi     | period | value     | base   | as_at
        groups  | 2026Q3 | {people}  | .      | 2026-10-01
        working | 2025   | 100       | {base} | 2026-01-01
        support | 2026Q3 | {people}  | .      | 2026-10-01
        """
    )
    found = judged(definitions(), supplied)
    only_met = found[found[Kpi.publication].eq(KpiPublication.MET_OR_NOT)]
    assert only_met[[Kpi.value, Kpi.base]].isna().all(axis=None)
    assert found.at[("groups", "2026Q3"), Kpi.status] == ("MET" if people >= 10 else "NOT_MET")
    assert found.at[("working", "2025"), Kpi.status] == ("MET" if base >= 10 else "WITHHELD")
    told = found.at[("support", "2026Q3"), Kpi.value]
    assert told == people if people >= 8 else pd.isna(told)


@given(st.permutations(range(len(read_table(VALUES)))))
def test_the_order_of_values_never_matters(order: list[int]) -> None:
    pd.testing.assert_frame_equal(
        judged(definitions(), values().iloc[order]), judged(definitions(), values())
    )


# The files


def test_what_is_shipped_holds_together_and_says_how_each_is_published() -> None:
    folder = Places().reference
    shipped = read_facts(KpiDefinition, folder / "kpi_definitions.csv")
    supplied = read_facts(KpiValue, folder / "kpi_values.csv")
    assert supplied.empty
    check_kpis({KpiDefinition: shipped, KpiValue: supplied})
    by_code = shipped.set_index(KpiDefinition.kpi)
    plans = by_code.loc["ehc_plans_in_20_weeks_pct"]
    assert (plans[KpiDefinition.benchmark_england], plans[KpiDefinition.benchmark_london]) == (65.0, 58.5)
    assert plans[KpiDefinition.benchmark_as_at].year == 2017
    assert by_code.at["children_in_city_groups", KpiDefinition.publication] == KpiPublication.MET_OR_NOT
    assert by_code.at["parent_carer_forum_sen_support", KpiDefinition.withheld_below] == 8


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("plnas | 2025 | 90 | 9", "no such measure is defined; nearest: “plans”"),
        ("better | 2025 | 3 | .", "worked out"),
        ("plans | 2025Q1 | 90 | 9", "a year such as"),
        ("groups | 2025 | 9 | .", "a quarter such as"),
        ("plans | 2025 | 90 | .", "needs its base"),
    ],
)
def test_a_value_that_does_not_fit_its_definition_is_told(row: str, words: str) -> None:
    supplied = values("kpi | period | value | base\n" + row)
    with pytest.raises(Mistake) as told:
        check_kpis({KpiDefinition: definitions(), KpiValue: supplied})
    assert words in told.value.message
    assert row.split(" ")[0] in told.value.message


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("one | people | . | . | quarter | met_or_not | . | .", "needs a target"),
        ("one | people | 3 | . | quarter | value | . | .", "stand together"),
        ("one | people | . | . | quarter | value | . | two", "“two”"),
    ],
)
def test_a_definition_that_says_too_little_is_told(row: str, words: str) -> None:
    text = DEFINITIONS.strip().splitlines()[0].strip().strip("|") + "\n" + row
    with pytest.raises(Mistake) as told:
        check_kpis({KpiDefinition: definitions(text), KpiValue: KpiValue.frame()})
    assert words in told.value.message


def test_a_file_is_read_on_the_columns_of_its_table(tmp_path: Path) -> None:
    path = tmp_path / "kpi_values.csv"
    path.write_text(
        "kpi,period,value,base,as_at,source\nplans,2025-26,1,,2026-01-01,a role\n", encoding="utf-8"
    )
    with pytest.raises(Mistake, match="row 2, period"):
        read_facts(KpiValue, path)
