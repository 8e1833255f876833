"""Sentences to quote of gap tables whose rows are no combinations with a verdict each."""

from __future__ import annotations

from collections.abc import Callable

import pandas as pd

from reports.words import label, number, plural
from transforms.tables import (
    CommissioningShare,
    GapTable,
    HealthOffer,
    Kpi,
    SpatialAccess,
    StrategyCount,
    SupplyDemand,
)
from transforms.vocabulary import (
    AccessStatus,
    CommissioningMeasure,
    KpiStatus,
    PathwayAlignment,
    StrategyMeasure,
    SupplyStatus,
)


def lead_of(table: type[GapTable], frame: pd.DataFrame) -> str:
    """The table's own sentence; blank where it has none or nothing was measured."""
    return _LEADS[table](frame) if table in _LEADS and len(frame) else ""


def _shares(frame: pd.DataFrame) -> str:
    rows = frame.set_index(CommissioningShare.measure)
    measures = (CommissioningMeasure.JOINTLY_BOUGHT, CommissioningMeasure.CITY_OUTSIDE)
    told = []
    for measure in measures:
        if measure.value in rows.index:
            row = rows.loc[measure.value]
            told.append(
                f"{measure.label}: {number(row[CommissioningShare.confirmed])} confirmed and "
                f"{number(row[CommissioningShare.possible])} possible of {number(row[CommissioningShare.whole])}"
            )
    return "; ".join(told)[:1].upper() + "; ".join(told)[1:] + "."


def _counts(frame: pd.DataFrame) -> str:
    rows = frame[frame[StrategyCount.measure].eq(StrategyMeasure.SENDIASS)]
    there = int(rows[StrategyCount.confirmed].gt(0).sum())
    return (
        f"{number(there)} of {plural(len(rows), 'authority', 'authorities')} list an information and advice service "
        f"(SENDIASS) that is confirmed to run."
    )


def _kpis(frame: pd.DataFrame) -> str:
    newest = frame.sort_values(Kpi.period, kind="stable").drop_duplicates(Kpi.kpi, keep="last")
    status = newest[Kpi.status]
    return (
        f"Of {plural(len(newest), 'measure')} that no roster holds, {number(status.eq(KpiStatus.MET).sum())} met "
        f"{'its' if status.eq(KpiStatus.MET).sum() == 1 else 'their'} target in the latest period, "
        f"{number(status.eq(KpiStatus.NOT_MET).sum())} did not, and {number(status.eq(KpiStatus.MISSING).sum())} "
        f"have not been supplied."
    )


def _demand(frame: pd.DataFrame) -> str:
    below = frame[frame[SupplyDemand.status].isin([
        SupplyStatus.BELOW_BENCHMARK.value, SupplyStatus.BELOW_UNLESS_VERIFIED.value
    ])]  # fmt: skip
    names = ", ".join(
        label(SupplyDemand.column(SupplyDemand.need), need) for need in below[SupplyDemand.need]
    )
    which = f" ({names})" if names else ""
    return (
        f"For {number(len(below))} of {plural(len(frame), 'need')}{which} what is offered is below the benchmark, for "
        f"certain or until more is verified. The number of children is an estimate, and neighbours' children use the "
        f"same places."
    )


def _access(frame: pd.DataFrame) -> str:
    worst = frame[
        frame[SpatialAccess.status].isin([AccessStatus.LOWEST.value, AccessStatus.PERHAPS_LOWEST.value])
    ]
    counts = (
        worst[SpatialAccess.origin].value_counts().sort_index().sort_values(ascending=False, kind="stable")
    )
    if counts.empty:
        return ""
    each = len(frame) // max(frame[SpatialAccess.origin].nunique(), 1)
    return (
        f"{counts.index[0]} is served worst, or perhaps worst, of all estates in {number(counts.iloc[0])} of "
        f"{number(each)} combinations of level of offer and area of need."
    )  # fmt: skip


def _health(frame: pd.DataFrame) -> str:
    status = frame[HealthOffer.alignment]
    asked = status.ne(PathwayAlignment.NEITHER_SIDE)
    differs = status.isin([
        PathwayAlignment.ONE_SIDE_ONLY.value, PathwayAlignment.AGE_DIFF.value, PathwayAlignment.REFERRAL_DIFF.value
    ])  # fmt: skip
    return (
        f"Of {number(asked.sum())} combinations of health service and age band that either GP route offers, "
        f"{number(status.eq(PathwayAlignment.ALIGNED).sum())} are the same on both, {number(differs.sum())} "
        f"differ, and {number(status.eq(PathwayAlignment.UNKNOWN).sum())} are not known of both."
    )


_LEADS: dict[type[GapTable], Callable[[pd.DataFrame], str]] = {
    CommissioningShare: _shares,
    StrategyCount: _counts,
    Kpi: _kpis,
    SupplyDemand: _demand,
    SpatialAccess: _access,
    HealthOffer: _health,
}
