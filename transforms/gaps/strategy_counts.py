"""Counts of services that the strategy speaks of, and no other gap table gives."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE, cast_doubt, without_doubt
from transforms.gaps.answers import agreed
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.gaps.rates import share_pct
from transforms.supply import ACTIVITY, IS_RUNNING, IS_VERIFIED
from transforms.tables import Eligibility, Service, StrategyCount
from transforms.vocabulary import Doubt, SenStage, ShortBreakType, StrategyMeasure

# What is asked of a service, and no more.
_COLUMNS = [
    *COUNTED_BY, IS_VERIFIED, Eligibility.sen_stage, Service.x_short_break_type, Service.x_listed_by
]  # fmt: skip
_IS_PART, _IS_KNOWN = "is_part", "is_known"
_PART = StrategyCount.part
_STAGES = [stage.value for stage in SenStage if stage is not SenStage.UNKNOWN]


def strategy_counts(inputs: GapInputs) -> Measured:
    """What of the strategy's statements that are shares and counts of services?

    One row per measure and part, of activities that run, whether or not they take City children. Confirmed: a roster
    said so within ``verified_within_days``. Possible: confirmed, and all of which it is not known.

    ``sen_stage``: each thing that a family may have to hold. Where nobody said of late what is needed, or rosters
    disagree, it may be any. Share = confirmed ÷ known, withheld where less than ``rate_known_pct`` is known.
    ``sendiass``: each authority whose roster lists a service, nought where none is of this kind. One of no known kind
    may be; one that any roster calls by another kind, and none by this, is not. A plain count, so without a share.
    """
    running = inputs.supply.loc[inputs.supply[IS_RUNNING], _COLUMNS]
    boroughs = sorted(inputs.frames[Service][Service.x_listed_by].dropna().unique())
    parts = {
        StrategyMeasure.SEN_STAGE: (_by_stage(running), _STAGES),
        StrategyMeasure.SENDIASS: (_by_borough(running), boroughs),
    }
    rows = pd.concat(
        [found.assign(**{StrategyCount.measure: measure.value}) for measure, (found, _) in parts.items()],
        ignore_index=True,
    )
    every = pd.MultiIndex.from_tuples(
        [(measure.value, part) for measure, (_, listed) in parts.items() for part in listed],
        names=StrategyCount.key_names(),
    )
    rows = cast_doubt(without_doubt(rows), Doubt.NOT_TOLD, ~rows[_IS_KNOWN])
    maybe = rows[rows[_IS_PART] | ~rows[_IS_KNOWN]]
    figures = [
        Figure(StrategyCount.confirmed, maybe[IS_CONFIRMED]),
        Figure(StrategyCount.possible, maybe[IS_POSSIBLE]),
    ]
    measured = count(StrategyCount, maybe, figures, every)
    table = measured.table.set_index(StrategyCount.key_names())
    for name, whole in ((StrategyCount.known, rows[rows[_IS_KNOWN]]), (StrategyCount.whole, rows)):
        of = whole.groupby(StrategyCount.key_names())[ACTIVITY].nunique()
        table[name] = of.reindex(table.index, fill_value=0)
    share = share_pct(
        table[StrategyCount.confirmed],
        table[StrategyCount.known],
        table[StrategyCount.whole],
        inputs.thresholds.rate_known_pct,
    )
    is_share = table.index.get_level_values(StrategyCount.measure) == StrategyMeasure.SEN_STAGE
    table[StrategyCount.share_pct] = share.where(is_share)
    return replace(measured, table=table.reset_index())


def _by_stage(rows: pd.DataFrame) -> pd.DataFrame:
    """Every activity under each stage, with the one that is asked for where rosters agree on it."""
    stage = rows[Eligibility.sen_stage]
    said = agreed(stage.where(rows[IS_VERIFIED], SenStage.UNKNOWN.value), rows[ACTIVITY])
    each = rows.assign(**{_IS_KNOWN: said.ne(SenStage.UNKNOWN), "said": said})
    each = each.merge(pd.DataFrame({_PART: _STAGES}), how="cross")
    return each.assign(**{_IS_PART: each["said"].eq(each[_PART])}).drop(columns="said")


def _by_borough(rows: pd.DataFrame) -> pd.DataFrame:
    """Every activity under the authority that lists it, with whether it is an information and advice service."""
    kind, activity = rows[Service.x_short_break_type], rows[ACTIVITY]

    def in_any_roster(where: pd.Series) -> pd.Series:
        return where.groupby(activity).transform("max").astype(bool)

    is_it = kind.eq(ShortBreakType.SENDIASS)
    is_sure = in_any_roster(is_it & rows[IS_VERIFIED])
    is_other = in_any_roster(kind.ne(ShortBreakType.UNKNOWN)) & ~in_any_roster(is_it)
    marked = rows.assign(
        **{_PART: rows[Service.x_listed_by], _IS_PART: is_sure, _IS_KNOWN: is_sure | is_other}
    )
    return marked.dropna(subset=[_PART])
