"""The strategy's measures that no roster holds."""

from __future__ import annotations

import numpy as np
import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Measured
from transforms.tables import Kpi, KpiDefinition, KpiValue
from transforms.text_columns import rows_for
from transforms.vocabulary import KpiFrequency, KpiPublication, KpiRule, KpiStatus

SHARE = "%"
_LENGTH = {KpiFrequency.QUARTER.value: "Q", KpiFrequency.YEAR.value: "Y"}
_SUPPLIED = [KpiValue.value, KpiValue.base, KpiValue.as_at, KpiValue.source]


def kpi(inputs: GapInputs) -> Measured:
    """What of the strategy's other measures?

    One row per measure and period, from the first period for which a value was supplied to the last that
    ended before the day of the snapshot: a period without a value is a row that says so. Values taken after
    that day are left out. A change is that of a published value since the period before. Of some measures
    only met or not met is told; nothing is told of a value that is about fewer people than its definition
    asks for, or of nobody knows how many. A share stands with what it is a share of. No service stands
    behind these rows, so there is no confirmed and possible.
    """
    definitions = inputs.facts[KpiDefinition]
    values = inputs.facts[KpiValue]
    supplied = values[values[KpiValue.as_at] <= inputs.as_of]
    is_change = definitions[KpiDefinition.change_of].notna()
    rows = _judged(_in_every_period(definitions[~is_change], supplied, inputs.as_of))
    changes = _changes(definitions[is_change], rows)
    changed = _judged(_in_every_period(definitions[is_change], changes, inputs.as_of))
    table = pd.concat([part for part in (rows, changed) if len(part)] or [rows])
    return Measured(table[[name for name in Kpi.names() if name in table]])


def _in_every_period(definitions: pd.DataFrame, supplied: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Each measure in each of its periods, with what was supplied."""
    told = supplied.groupby(KpiValue.kpi)[KpiValue.period].agg(list).to_dict()
    listed: list[tuple[str, str]] = []
    for code, frequency in zip(
        definitions[KpiDefinition.kpi], definitions[KpiDefinition.frequency], strict=True
    ):
        # The day after the snapshot belongs to the first period that has not ended.
        due = (as_of + pd.Timedelta(days=1)).to_period(_LENGTH[frequency]) - 1
        given = [pd.Period(period, freq=due.freq) for period in told.get(code, [])]
        first, last = min([due, *given]), max([due, *given])
        listed += [(code, str(first + number)) for number in range((last - first).n + 1)]
    periods = pd.DataFrame(listed, columns=[Kpi.kpi, Kpi.period], dtype="str")
    told_of = definitions.set_index(KpiDefinition.kpi).drop(columns=KpiDefinition.source)
    rows = pd.concat([periods, rows_for(periods[Kpi.kpi], told_of)], axis="columns")
    return rows.merge(
        supplied[[*KpiValue.key_names(), *_SUPPLIED]], on=KpiValue.key_names(), how="left", validate="1:1"
    )


def _judged(rows: pd.DataFrame) -> pd.DataFrame:
    """The verdict on each row, and of its value no more than its definition lets be published."""
    value, target = rows[KpiValue.value], rows[KpiDefinition.target]
    people = rows[KpiValue.base].astype("float64").where(rows[KpiDefinition.unit].eq(SHARE), value)
    fewest = rows[KpiDefinition.withheld_below].astype("float64")
    is_withheld = fewest.notna() & ~(people >= fewest)
    is_met = value.gt(target) | (value.eq(target) & rows[KpiDefinition.target_rule].eq(KpiRule.AT_LEAST))
    choices = [
        (value.isna(), KpiStatus.MISSING.value),
        (is_withheld, KpiStatus.WITHHELD.value),
        (target.isna(), KpiStatus.NO_TARGET.value),
        (is_met, KpiStatus.MET.value),
    ]
    status = np.select([c for c, _ in choices], [v for _, v in choices], KpiStatus.NOT_MET.value)
    is_told = ~is_withheld & rows[KpiDefinition.publication].eq(KpiPublication.VALUE)
    return rows.assign(
        **{
            Kpi.status: status,
            Kpi.value: value.where(is_told),
            Kpi.base: rows[KpiValue.base].where(is_told),
        }
    )


def _changes(definitions: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """The change of each published value since the period before it, as if supplied."""
    told = rows.sort_values(Kpi.key_names())
    # No period is left out between the first and the last, so the row before is the period before.
    since = told.groupby(Kpi.kpi)[Kpi.value].diff().round(6)
    change = told.assign(**{Kpi.value: since}).dropna(subset=[Kpi.value])
    named = definitions[[KpiDefinition.kpi, KpiDefinition.change_of]]
    change = change[[Kpi.kpi, Kpi.period, *_SUPPLIED]].rename(columns={Kpi.kpi: KpiDefinition.change_of})
    found = change.merge(named, on=KpiDefinition.change_of)
    return found[[*KpiValue.key_names(), *_SUPPLIED]].astype({KpiValue.kpi: "str"})
