"""Need × age band × tier × zone, present or missing."""

from __future__ import annotations

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.gaps.verdicts import gap_status
from transforms.supply import ACTIVITY, IS_CONFIRMED, IS_POSSIBLE, PLACE_HOURS, PROVIDER, SERVICE_ID, SESSIONS
from transforms.tables import Coverage, Location, Service, ServiceNeed
from transforms.vocabulary import NEEDS_TO_COVER, TIERS, AgeBand, NeedScope, Tier, Zone

_CELL = [Coverage.need, Coverage.age_band, Coverage.tier, Coverage.zone]
_SCOPE = "scope"
_AGE_SURE, _AGE_MAYBE, _AGE_FULL = "age_sure", "age_maybe", "age_full"
_CELL_SURE, _CELL_MAYBE = "cell_sure", "cell_maybe"


def coverage(inputs: GapInputs) -> pd.DataFrame:
    """What is missing, for which need, age and level of offer, and where?

    One row for every combination of the 13 needs, five age bands, three tiers and six zones, present
    or not. Confirmed: the activity is running, was checked recently, accepts City residents, is certain
    of its zone, names the need and covers the band. Possible: no answer rules it out; an activity for
    any special need, open to everyone, or that does not say whom it is for, is possible and counted
    apart. An activity whose tier is not known is possible in every tier, one of uncertain zone in both.
    """
    cells = _candidates(inputs)
    full = pd.MultiIndex.from_product(
        [[n.value for n in NEEDS_TO_COVER], [b.value for b in AgeBand], [t.value for t in TIERS],
         [z.value for z in Zone]],
        names=_CELL,
    )  # fmt: skip
    once = _once_per_cell(cells)
    sure, maybe = once[once[_CELL_SURE]], once[once[_CELL_MAYBE]]
    measures = {
        Coverage.confirmed: sure.groupby(_CELL).size(),
        Coverage.possible: maybe.groupby(_CELL).size(),
        Coverage.named_possible: _count(maybe, NeedScope.NAMED, NeedScope.AREA),
        Coverage.any_send_confirmed: _count(once[once["any_send_sure"]], NeedScope.ANY_SEND),
        Coverage.any_send_possible: _count(maybe, NeedScope.ANY_SEND),
        Coverage.open_possible: _count(maybe, NeedScope.OPEN),
        Coverage.not_stated_possible: _count(maybe, NeedScope.NOT_STATED),
        Coverage.providers_confirmed: sure.groupby(_CELL)[PROVIDER].nunique(),
        Coverage.providers_possible: maybe.groupby(_CELL)[PROVIDER].nunique(),
        Coverage.full_age_confirmed: sure[sure[_AGE_FULL]].groupby(_CELL).size(),
        Coverage.partial_age_confirmed: sure[~sure[_AGE_FULL]].groupby(_CELL).size(),
        Coverage.sessions_confirmed: sure.groupby(_CELL)[SESSIONS].sum(),
        Coverage.sessions_possible: maybe.groupby(_CELL)[SESSIONS].sum(),
        Coverage.place_hours_confirmed: sure.groupby(_CELL)[PLACE_HOURS].sum(),
        Coverage.place_hours_possible: maybe.groupby(_CELL)[PLACE_HOURS].sum(),
    }
    table = pd.DataFrame({name: values.reindex(full) for name, values in measures.items()}).fillna(0).round(2)
    table[Coverage.gap_status] = gap_status(
        table[Coverage.confirmed], table[Coverage.possible], table[Coverage.providers_confirmed]
    )
    return table.reset_index()


def _count(rows: pd.DataFrame, *scopes: NeedScope) -> pd.Series:
    return rows[rows[_SCOPE].isin([scope.value for scope in scopes])].groupby(_CELL).size()


def _candidates(inputs: GapInputs) -> pd.DataFrame:
    """Every service at a place in every cell it confirms or may serve."""
    needs = inputs.frames[ServiceNeed][[ServiceNeed.service_id, ServiceNeed.need_code, ServiceNeed.scope]]
    rows = inputs.supply[inputs.supply[IS_POSSIBLE]].merge(
        needs.rename(columns={ServiceNeed.service_id: SERVICE_ID, ServiceNeed.scope: _SCOPE}), on=SERVICE_ID
    )
    spoken = rows[rows[ServiceNeed.need_code].notna()].rename(columns={ServiceNeed.need_code: Coverage.need})
    unspoken = rows[rows[ServiceNeed.need_code].isna()].drop(columns=ServiceNeed.need_code)
    every_need = pd.DataFrame({Coverage.need: [need.value for need in NEEDS_TO_COVER]})
    rows = pd.concat([spoken, unspoken.merge(every_need, how="cross")], ignore_index=True)
    rows = pd.concat([_in_band(rows, band) for band in AgeBand], ignore_index=True)
    rows = _in_tiers(rows)
    rows = _in_zones(rows)
    certain = rows[IS_CONFIRMED] & rows[_AGE_SURE] & rows["tier_sure"] & rows["zone_sure"]
    rows[_CELL_SURE] = certain & rows[_SCOPE].eq(NeedScope.NAMED)
    rows["any_send_sure"] = certain & rows[_SCOPE].eq(NeedScope.ANY_SEND)
    rows[_CELL_MAYBE] = True
    return rows


def _in_band(rows: pd.DataFrame, band: AgeBand) -> pd.DataFrame:
    """Rows whose ages overlap, or may overlap, a band."""
    low, high = rows[Service.minimum_age].astype("float64"), rows[Service.maximum_age].astype("float64")
    # An end that is not known may lie anywhere; what is known for certain is only what is stated.
    sure_low, sure_high = low.fillna(high), high.fillna(low)
    sure = sure_low.le(band.last_year) & sure_high.ge(band.first_year)
    maybe = ~(low.gt(band.last_year) | high.lt(band.first_year))
    full = low.le(band.first_year) & high.ge(band.last_year)
    marked = rows.assign(**{Coverage.age_band: band.value, _AGE_SURE: sure, _AGE_FULL: full})
    return marked[maybe]


def _in_tiers(rows: pd.DataFrame) -> pd.DataFrame:
    known = rows[rows[Service.x_tier].ne(Tier.UNKNOWN)]
    unknown = rows[rows[Service.x_tier].eq(Tier.UNKNOWN)]
    parts = [known.assign(**{Coverage.tier: known[Service.x_tier], "tier_sure": True})]
    parts += [unknown.assign(**{Coverage.tier: tier.value, "tier_sure": False}) for tier in TIERS]
    return pd.concat(parts, ignore_index=True)


def _in_zones(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows in their zone, and those near the border in the zone across it as well."""
    certain = rows[Location.x_zone_certain].astype(bool)
    own = rows.assign(**{Coverage.zone: rows[Location.x_zone], "zone_sure": certain})
    inside = rows[~certain & rows[Location.x_zone].eq(Zone.INSIDE)]
    near = rows[~certain & rows[Location.x_zone].eq(Zone.NEAR)]
    across = [
        inside.assign(**{Coverage.zone: Zone.NEAR.value, "zone_sure": False}),
        near.assign(**{Coverage.zone: Zone.INSIDE.value, "zone_sure": False}),
    ]
    # A place that is not known is unknown for certain: it is counted there and nowhere else.
    own["zone_sure"] |= rows[Location.x_zone].eq(Zone.UNKNOWN)
    return pd.concat([own, *across], ignore_index=True)


def _once_per_cell(rows: pd.DataFrame) -> pd.DataFrame:
    """One row per activity and cell: the same activity in several rosters counts once.

    The strongest scope that a roster states stands for it; a roster that says no to City residents
    turns another's yes into a question.
    """
    order = list(NeedScope)
    ranked = rows.assign(_rank=rows[_SCOPE].map({scope.value: i for i, scope in enumerate(order)}))
    ranked = ranked.sort_values([*_CELL, ACTIVITY, "_rank"], kind="stable")
    once = ranked.groupby([*_CELL, ACTIVITY], sort=True).agg(
        **{
            _SCOPE: (_SCOPE, "first"),
            PROVIDER: (PROVIDER, "min"),
            SESSIONS: (SESSIONS, "max"),
            PLACE_HOURS: (PLACE_HOURS, "max"),
            _AGE_FULL: (_AGE_FULL, "max"),
            _CELL_SURE: (_CELL_SURE, "max"),
            "any_send_sure": ("any_send_sure", "max"),
            _CELL_MAYBE: (_CELL_MAYBE, "max"),
        }
    )
    return once.reset_index()
