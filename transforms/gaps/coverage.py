"""Need × age band × tier × zone, present or missing."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE, cast_doubt, only_doubt_is
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import Figure, Measured, count, once_per_row
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, PLACE_HOURS, PROVIDER, SERVICE_ID, SESSIONS
from transforms.tables import Coverage, Location, Service, ServiceNeed
from transforms.vocabulary import NEEDS_TO_COVER, TIERS, AgeBand, Doubt, NeedScope, Tier, Zone

_CELL = [Coverage.need, Coverage.age_band, Coverage.tier, Coverage.zone]
_SCOPE, _AGE_FULL = "scope", "age_full"
_WIDER_THAN_NAMED = {
    NeedScope.AREA: Doubt.WIDER_AREA,
    NeedScope.ANY_SEND: Doubt.ANY_SEND,
    NeedScope.OPEN: Doubt.OPEN_TO_ALL,
    NeedScope.NOT_STATED: Doubt.NEED_NOT_STATED,
}


def coverage(inputs: GapInputs) -> Measured:
    """What is missing, for which need, age and level of offer, and where?

    One row for every combination of the 13 needs, five age bands, three tiers and six zones, present
    or not. Confirmed: the activity is running, was checked recently, accepts City residents, is certain
    of its zone, names the need and covers the band. Possible: no answer rules it out; an activity for
    any special need, open to everyone, or that does not say whom it is for, is possible and counted
    apart. An activity whose tier is not known is possible in every tier, one of uncertain zone in both.
    """
    every = pd.MultiIndex.from_product(
        [[n.value for n in NEEDS_TO_COVER], [b.value for b in AgeBand], [t.value for t in TIERS],
         [z.value for z in Zone]],
        names=_CELL,
    )  # fmt: skip
    rows = _candidates(inputs)
    sure, maybe, scope = rows[IS_CONFIRMED], rows[IS_POSSIBLE], _strongest_scope(rows)
    covers_all = rows[_AGE_FULL].where(maybe, False).groupby(_activity_of(rows)).transform("max")
    measured = count(
        Coverage,
        rows,
        [
            Figure(Coverage.confirmed, sure),
            Figure(Coverage.possible, maybe),
            Figure(Coverage.named_possible, scope.isin([NeedScope.NAMED, NeedScope.AREA])),
            Figure(Coverage.any_send_confirmed,
                   only_doubt_is(rows, Doubt.ANY_SEND) & scope.eq(NeedScope.ANY_SEND)),
            Figure(Coverage.any_send_possible, scope.eq(NeedScope.ANY_SEND)),
            Figure(Coverage.open_possible, scope.eq(NeedScope.OPEN)),
            Figure(Coverage.not_stated_possible, scope.eq(NeedScope.NOT_STATED)),
            Figure(Coverage.providers_confirmed, sure, PROVIDER),
            Figure(Coverage.providers_possible, maybe, PROVIDER),
            Figure(Coverage.full_age_confirmed, sure & covers_all),
            Figure(Coverage.partial_age_confirmed, sure & ~covers_all),
            Figure(Coverage.sessions_confirmed, sure, SESSIONS),
            Figure(Coverage.sessions_possible, maybe, SESSIONS),
            Figure(Coverage.place_hours_confirmed, sure, PLACE_HOURS),
            Figure(Coverage.place_hours_possible, maybe, PLACE_HOURS),
        ],
        every,
    )  # fmt: skip
    table = measured.table
    verdict = gap_status(
        table[Coverage.confirmed], table[Coverage.possible], table[Coverage.providers_confirmed]
    )
    return replace(measured, table=table.assign(**{Coverage.gap_status: verdict}))


def _activity_of(rows: pd.DataFrame) -> list[pd.Series]:
    return [rows[name] for name in (*_CELL, ACTIVITY)]


def _strongest_scope(rows: pd.DataFrame) -> pd.Series:
    """The narrowest scope that any roster states for an activity in a cell: it stands for the others."""
    order = [scope.value for scope in NeedScope]
    rank = rows[_SCOPE].map(order.index).where(rows[IS_POSSIBLE], len(order))
    strongest = rank.groupby(_activity_of(rows)).transform("min")
    return strongest.map(dict(enumerate(order)))


def _candidates(inputs: GapInputs) -> pd.DataFrame:
    """Every service at a place in every cell it confirms or may serve, or would but for an answer that
    rules it out.
    """
    needs = inputs.frames[ServiceNeed][[ServiceNeed.service_id, ServiceNeed.need_code, ServiceNeed.scope]]
    rows = inputs.supply.merge(
        needs.rename(columns={ServiceNeed.service_id: SERVICE_ID, ServiceNeed.scope: _SCOPE}), on=SERVICE_ID
    )
    for scope, doubt in _WIDER_THAN_NAMED.items():
        rows = cast_doubt(rows, doubt, rows[_SCOPE].eq(scope))
    spoken = rows[rows[ServiceNeed.need_code].notna()].rename(columns={ServiceNeed.need_code: Coverage.need})
    unspoken = rows[rows[ServiceNeed.need_code].isna()].drop(columns=ServiceNeed.need_code)
    every_need = pd.DataFrame({Coverage.need: [need.value for need in NEEDS_TO_COVER]})
    rows = pd.concat([spoken, unspoken.merge(every_need, how="cross")], ignore_index=True)
    rows = pd.concat([_in_band(rows, band) for band in AgeBand], ignore_index=True)
    rows = _in_zones(_in_tiers(rows))
    # A census category is not a need to cover.
    rows = rows[rows[Coverage.need].isin(every_need[Coverage.need])]
    return once_per_row(Coverage, rows).reset_index(drop=True)


def _in_band(rows: pd.DataFrame, band: AgeBand) -> pd.DataFrame:
    """Rows whose ages overlap, or may overlap, a band."""
    low, high = rows[Service.minimum_age].astype("float64"), rows[Service.maximum_age].astype("float64")
    # An end that is not known may lie anywhere; what is known for certain is only what is stated.
    sure_low, sure_high = low.fillna(high), high.fillna(low)
    sure = sure_low.le(band.last_year) & sure_high.ge(band.first_year)
    maybe = ~(low.gt(band.last_year) | high.lt(band.first_year))
    full = low.le(band.first_year) & high.ge(band.last_year)
    marked = rows.assign(**{Coverage.age_band: band.value, _AGE_FULL: full})
    return cast_doubt(marked, Doubt.AGES_NOT_KNOWN, ~sure)[maybe]


def _in_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their tier, and those whose tier is not known in every one."""
    unknown = rows[Service.x_tier].eq(Tier.UNKNOWN)
    rows = cast_doubt(rows, Doubt.TIER_NOT_KNOWN, unknown).assign(**{Coverage.tier: rows[Service.x_tier]})
    may_be = [rows[unknown].assign(**{Coverage.tier: tier.value}) for tier in TIERS]
    return pd.concat([rows[~unknown], *may_be], ignore_index=True)


def _in_zones(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their zone, and those near the border in the zone across it as well."""
    zone = rows[Location.x_zone]
    # A place that is not known is unknown for certain: it is counted there and nowhere else.
    unsure = ~rows[Location.x_zone_certain].astype(bool) & zone.ne(Zone.UNKNOWN)
    rows = cast_doubt(rows, Doubt.PLACE_UNSURE, unsure).assign(**{Coverage.zone: zone})
    across = [
        rows[unsure & zone.eq(own)].assign(**{Coverage.zone: other.value})
        for own, other in ((Zone.INSIDE, Zone.NEAR), (Zone.NEAR, Zone.INSIDE))
    ]
    return pd.concat([rows, *across], ignore_index=True)
