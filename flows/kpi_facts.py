"""The values of the strategy's measures against their definitions, mistakes told by measure and period."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from flows.errors import Mistake
from transforms.gaps.kpi import SHARE
from transforms.mapping import nearest_name
from transforms.schema import Table
from transforms.tables import KpiDefinition, KpiValue
from transforms.vocabulary import KpiFrequency, KpiPublication

_SUCH_AS = {KpiFrequency.QUARTER: "a quarter such as 2026Q3", KpiFrequency.YEAR: "a year such as 2026"}
_DEFINITIONS, _VALUES = f"{KpiDefinition.table_name}.csv", f"{KpiValue.table_name}.csv"


def check_kpis(facts: Mapping[type[Table], pd.DataFrame]) -> None:
    """Raise ``Mistake`` for the first definition or value that does not hold together with the others."""
    definitions = {row[KpiDefinition.kpi]: row for row in facts[KpiDefinition].to_dict("records")}
    for row in definitions.values():
        for wrong in _definition_faults(row, definitions):
            raise Mistake(f"{_DEFINITIONS}, {row[KpiDefinition.kpi]}: {wrong}.", "Correct the definition.")
    for row in facts[KpiValue].to_dict("records"):
        for wrong in _value_faults(row, definitions):
            where = f"{row[KpiValue.kpi]} of {row[KpiValue.period]}"
            raise Mistake(f"{_VALUES}, {where}: {wrong}.", "Correct the row.")


def _definition_faults(row: Mapping[str, object], definitions: Mapping[str, object]) -> Iterator[str]:
    has_target = pd.notna(row[KpiDefinition.target])
    if has_target != pd.notna(row[KpiDefinition.target_rule]):
        yield "a target and its rule stand together"
    if row[KpiDefinition.publication] == KpiPublication.MET_OR_NOT and not has_target:
        yield "what is told only as met or not met needs a target"
    if pd.notna(of := row[KpiDefinition.change_of]) and of not in definitions:
        yield f"it is the change of “{of}”, which has no definition"


def _value_faults(row: Mapping[str, object], definitions: Mapping[str, dict[str, object]]) -> Iterator[str]:
    defined = definitions.get(str(row[KpiValue.kpi]))
    if defined is None:
        nearest = nearest_name(str(row[KpiValue.kpi]), definitions)
        yield f"no such measure is defined; nearest: “{nearest}”"
        return
    if pd.notna(defined[KpiDefinition.change_of]):
        yield "this is worked out and cannot be supplied"
    frequency = KpiFrequency(str(defined[KpiDefinition.frequency]))
    if ("Q" in str(row[KpiValue.period])) != (frequency is KpiFrequency.QUARTER):
        yield f"it is taken {frequency.label}, so its period is {_SUCH_AS[frequency]}"
    if defined[KpiDefinition.unit] == SHARE and pd.isna(row[KpiValue.base]):
        yield "a share needs its base: what it is a share of"
