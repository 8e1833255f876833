"""How far a kind of short break rests on one provider or a few."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE, cast_doubt, is_in_doubt
from transforms.gaps.cells import every_cell, in_tiers, in_zones
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, cells_of, count
from transforms.gaps.rates import is_known_enough
from transforms.short_breaks import SHORT_BREAKS
from transforms.supply import ACTIVITY, ORGANIZATION_NAME, PLACE_HOURS, PROVIDER, SAL_ID, SERVICE_ID
from transforms.tables import Concentration, Location, Service
from transforms.text_columns import first_of_each, looked_up
from transforms.vocabulary import TIERS, Concentrated, Doubt, ShortBreakType, Zone

# What is asked of a service, and no more: one of unknown kind stands in dozens of rows.
_COLUMNS = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, ORGANIZATION_NAME, Service.x_tier, Service.x_short_break_type,
    Location.x_zone, Location.x_zone_certain, PLACE_HOURS, DOUBTS,
]  # fmt: skip
_CELL, _AMOUNT, _SHARE_PCT, _SQUARE = "cell", "amount", "share_pct", "square"
_TOP_PCT, _HHI, _HHI_PLACE_HOURS, _LARGEST = "top_pct", "hhi", "hhi_place_hours", "largest"


def concentration(inputs: GapInputs) -> Measured:
    """Which short breaks rest on one provider or a few?

    One row for every zone, tier and kind of short break, present or not. The kinds are those of regulation 4 of the
    2011 short-breaks Regulations; therapies, advice, preparation for work and cash are none. Confirmed: running,
    checked recently, open to City residents, certain of zone, tier and kind. Possible: no answer rules it out; one
    whose kind is not known may be any, and is counted apart.

    A provider's share is its part of the activities. The index is Σ share², shares in per cent: 10,000 for one
    provider, 2,500 for four alike (Herfindahl 1950, Hirschman 1945). By place-hours it is worked out among the
    activities whose place-hours are known, and withheld where these are less than ``rate_known_pct`` of them. The
    possible are not a bound of it: what is verified may bring providers together or apart.

    The verdict is about the confirmed: nothing there, nothing certain, one provider, an index above
    ``concentrated_hhi``, or neither.
    """
    rows = in_zones(in_tiers(_in_kinds(inputs.coded[_COLUMNS])))
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    every = every_cell(zone=Zone, tier=TIERS, short_break_type=SHORT_BREAKS)
    measured = count(
        Concentration,
        rows,
        [
            Figure(Concentration.confirmed, sure),
            Figure(Concentration.possible, maybe),
            Figure(Concentration.kind_not_known_possible, is_in_doubt(rows, [Doubt.KIND_NOT_KNOWN])),
            Figure(Concentration.providers_confirmed, sure, PROVIDER),
            Figure(Concentration.providers_possible, maybe, PROVIDER),
        ],
        every,
    )
    once = _once_per_activity(rows.assign(**{_CELL: cells_of(rows, every)}))
    # The confirmed stand beside the possible as cells of their own, numbered on from these.
    cells = len(every)
    confirmed = once[once[IS_CONFIRMED]]
    both = pd.concat([once, confirmed.assign(**{_CELL: confirmed[_CELL] + cells})], ignore_index=True)
    shares = _shares(both, inputs.thresholds.rate_known_pct).reindex(range(2 * cells))
    of_maybe, of_sure = shares[:cells], shares[cells:].reset_index(drop=True)
    names = first_of_each(rows, ORGANIZATION_NAME, PROVIDER)
    table = measured.table.assign(
        **{
            Concentration.top_provider_id: of_sure[_LARGEST],
            Concentration.top_provider: looked_up(of_sure[_LARGEST], names),
            Concentration.top_share_confirmed_pct: of_sure[_TOP_PCT],
            Concentration.top_share_possible_pct: of_maybe[_TOP_PCT],
            Concentration.hhi_confirmed: of_sure[_HHI],
            Concentration.hhi_possible: of_maybe[_HHI],
            Concentration.hhi_place_hours_confirmed: of_sure[_HHI_PLACE_HOURS],
            Concentration.hhi_place_hours_possible: of_maybe[_HHI_PLACE_HOURS],
        }
    )
    verdict = _verdict(table, inputs.thresholds.concentrated_hhi)
    return replace(measured, table=table.assign(**{Concentration.verdict: verdict}))


def _in_kinds(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their kind of short break, and those whose kind is not known in every one."""
    kind = rows[Service.x_short_break_type]
    unknown = kind.eq(ShortBreakType.UNKNOWN)
    every = pd.DataFrame({Concentration.short_break_type: [kind.value for kind in SHORT_BREAKS]})
    rows = cast_doubt(rows, Doubt.KIND_NOT_KNOWN, unknown)
    known = rows.assign(**{Concentration.short_break_type: kind})[kind.isin(SHORT_BREAKS)]
    return pd.concat([known, rows[unknown].merge(every, how="cross")], ignore_index=True)


def _once_per_activity(rows: pd.DataFrame) -> pd.DataFrame:
    """Every possible activity of each cell once, with its provider and place-hours, as ``count`` counts it."""
    possible = rows[rows[IS_POSSIBLE]].groupby([_CELL, ACTIVITY])
    once = possible[[IS_CONFIRMED, PLACE_HOURS]].max()
    return once.assign(**{PROVIDER: possible[PROVIDER].min()}).reset_index()


def _shares(activities: pd.DataFrame, rate_known_pct: float) -> pd.DataFrame:
    """The largest share, the index on both bases and the largest provider of each cell, by its number."""
    of_each = _of_providers(activities.assign(**{_AMOUNT: 1}))
    by_hours = _of_providers(activities.assign(**{_AMOUNT: activities[PLACE_HOURS]}))
    hours = activities.groupby(_CELL)[PLACE_HOURS]
    is_told = is_known_enough(hours.count(), hours.size(), rate_known_pct)
    # The groups are in the order of their providers, so of several that are largest the first comes first.
    largest = of_each.sort_values(_AMOUNT, ascending=False, kind="stable").drop_duplicates(_CELL)
    return pd.DataFrame(
        {
            _TOP_PCT: of_each.groupby(_CELL)[_SHARE_PCT].max().round(1),
            _HHI: of_each.groupby(_CELL)[_SQUARE].sum().round(0),
            _HHI_PLACE_HOURS: by_hours.groupby(_CELL)[_SQUARE].sum(min_count=1).round(0).where(is_told),
            _LARGEST: largest.set_index(_CELL)[PROVIDER],
        }
    )


def _of_providers(activities: pd.DataFrame) -> pd.DataFrame:
    """Each provider's amount in a cell, its share of all of it in per cent, and the square of that."""
    of_each = activities.groupby([_CELL, PROVIDER])[_AMOUNT].sum().reset_index()
    whole = of_each.groupby(_CELL)[_AMOUNT].transform("sum")
    share = of_each[_AMOUNT] / whole.where(whole.gt(0)) * 100
    return of_each.assign(**{_SHARE_PCT: share, _SQUARE: share**2})


def _verdict(table: pd.DataFrame, concentrated_hhi: float) -> pd.Series:
    choices = {
        Concentrated.NOTHING_THERE: table[Concentration.possible].eq(0),
        Concentrated.NOTHING_CERTAIN: table[Concentration.confirmed].eq(0),
        Concentrated.ONE_PROVIDER: table[Concentration.providers_confirmed].eq(1),
        Concentrated.CONCENTRATED: table[Concentration.hhi_confirmed].gt(concentrated_hhi),
    }
    found = np.select(list(choices.values()), [v.value for v in choices], Concentrated.SPREAD.value)
    return pd.Series(found, index=table.index)
