"""Zone × tier × funding route: what a family pays."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.answers import agreed
from transforms.gaps.cells import every_cell
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.gaps.rates import is_known_enough, share_pct
from transforms.gaps.verdicts import known_status
from transforms.ownership import owners
from transforms.supply import ACTIVITY, SERVICE_ID, Frames
from transforms.tables import Affordability as T
from transforms.tables import CostOption, Funding, Schedule
from transforms.text_columns import rows_for
from transforms.thresholds import Thresholds
from transforms.vocabulary import TIERS, Answer, CostUnit, FundingRoute, KnownStatus, Zone

_LOWEST, _HIGHEST, _FREE, _DIRECT_PAYMENT = "lowest", "highest", "free", "direct payment"
_IS_USABLE = "is usable"
_SHORTEST_HOURS, _LONGEST_HOURS = "shortest hours", "longest hours"


def affordability(inputs: GapInputs) -> Measured:
    """Can families afford it?

    One row for every combination of six zones, three tiers and seven funding routes, ``unknown`` among them: an
    activity stands in each route that a roster names for it, and in ``unknown`` where none does. Confirmed: the
    activity is running, was checked recently, accepts City residents, and is certain of its zone and tier,
    whatever the need and age. Possible: no answer rules it out. Shares and medians are of the possible.

    The price of a session is the amount where it buys a session; × hours where it buys an hour and the hours of
    every session are known; the amount where it buys a day and every session is known to fill one
    (``holiday_day_hours``). A price by the week or year, or of which it is not said what it buys, leaves the
    price of its activity unknown. An activity has a lowest and a highest price, among its prices and all rosters
    that list it, free being £0 for some; the median of each is told, and they are the same where prices do not
    differ. The medians are of activities that are not known to be free to every family: free ones, whose price is
    always known, would outweigh them, and ``free_pct`` tells of them. Where rosters contradict each other about
    free or about direct payments nothing is known. ``free_pct`` and ``dp_payable_pct`` = yes ÷ (yes + no).

    Every share and median is withheld below ``rate_known_pct``. The verdict is to ask before anything is said
    where more than ``access_unknown_pct`` of the possible activities have no known price, or do not say yes or
    no to direct payments.
    """
    cells = inputs.in_places[[T.zone, T.tier, *COUNTED_BY]]
    routes, terms = (
        told.astype({ACTIVITY: cells[ACTIVITY].dtype}) for told in (_routes(inputs), _terms(inputs))
    )
    rows = cells.merge(routes, on=ACTIVITY, how="left")
    rows = rows.fillna({T.funding_route: FundingRoute.UNKNOWN.value})
    rows = rows.merge(terms, on=ACTIVITY, how="left", validate="m:1")
    sure, maybe, is_free = rows[IS_CONFIRMED], rows[IS_POSSIBLE], rows[_FREE].eq(Answer.YES)
    measured = count(
        T,
        rows,
        [
            Figure(T.confirmed, sure),
            Figure(T.possible, maybe),
            Figure(T.priced, rows[_LOWEST].notna() & ~is_free),
            Figure(T.free_confirmed, sure & is_free),
            Figure(T.free_possible, is_free),
            Figure(T.free_known, rows[_FREE].isin([Answer.YES, Answer.NO])),
            Figure(T.dp_payable_confirmed, sure & rows[_DIRECT_PAYMENT].eq(Answer.YES)),
            Figure(T.dp_payable_possible, rows[_DIRECT_PAYMENT].eq(Answer.YES)),
            Figure(T.dp_payable_known, rows[_DIRECT_PAYMENT].isin([Answer.YES, Answer.NO])),
        ],
        every_cell(zone=Zone, tier=TIERS, funding_route=FundingRoute),
    )
    once = rows[maybe & ~is_free].drop_duplicates([*T.key_names(), ACTIVITY])
    medians = once.groupby(T.key_names())[[_LOWEST, _HIGHEST]].median().round(2)
    table = measured.table.merge(medians, on=T.key_names(), how="left", validate="1:1")
    return replace(measured, table=_rated(table, inputs.thresholds))


def _rated(table: pd.DataFrame, thresholds: Thresholds) -> pd.DataFrame:
    """The counts with medians, shares and the verdict."""
    of, enough = table[T.possible], thresholds.rate_known_pct
    priced, free = table[T.priced], table[T.free_possible]
    is_told = is_known_enough(priced, of - free, enough)
    verdicts = pd.concat(
        [
            known_status(known, of, thresholds.access_unknown_pct)
            for known in (priced + free, table[T.dp_payable_known])
        ],
        axis=1,
    )
    is_asked = verdicts.eq(KnownStatus.ASK_FIRST).any(axis=1)
    return table.assign(
        **{
            T.lowest_price_median_gbp: table[_LOWEST].where(is_told),
            T.highest_price_median_gbp: table[_HIGHEST].where(is_told),
            T.free_pct: share_pct(table[T.free_possible], table[T.free_known], of, enough),
            T.dp_payable_pct: share_pct(table[T.dp_payable_possible], table[T.dp_payable_known], of, enough),
            T.known_status: verdicts[0].mask(is_asked, KnownStatus.ASK_FIRST.value),
        }
    ).drop(columns=[_LOWEST, _HIGHEST])


def _listed(inputs: GapInputs) -> pd.DataFrame:
    """The services behind each activity; one that is ruled out has no say."""
    supply = inputs.supply
    return supply.loc[supply[IS_POSSIBLE], [ACTIVITY, SERVICE_ID]].drop_duplicates()


def _routes(inputs: GapInputs) -> pd.DataFrame:
    """Every known funding route of each activity, once."""
    funding = inputs.frames[Funding]
    named = funding.loc[
        funding[Funding.x_route].ne(FundingRoute.UNKNOWN), [Funding.service_id, Funding.x_route]
    ]
    found = _listed(inputs).merge(named, left_on=SERVICE_ID, right_on=Funding.service_id)
    routes = found[[ACTIVITY, Funding.x_route]].drop_duplicates()
    return routes.rename(columns={Funding.x_route: T.funding_route})


def _terms(inputs: GapInputs) -> pd.DataFrame:
    """What each activity costs a session, whether it is free and takes direct payments; one row an activity."""
    prices = _by_session(inputs.frames, inputs.thresholds)
    # One price that is not free makes a service not free to every family.
    is_free = prices[CostOption.x_is_free].astype("boolean").groupby(prices[CostOption.service_id])
    free = is_free.transform("all").map({True: Answer.YES.value, False: Answer.NO.value})
    knows = prices[CostOption.x_is_free].notna().groupby(prices[CostOption.service_id]).transform("any")
    prices = prices.assign(**{_FREE: free.where(knows.astype(bool), Answer.UNKNOWN.value)})
    told = _listed(inputs).merge(prices, left_on=SERVICE_ID, right_on=CostOption.service_id)
    together = {
        _FREE: agreed(told[_FREE], told[ACTIVITY]),
        _DIRECT_PAYMENT: agreed(told[CostOption.x_dp_payable], told[ACTIVITY]),
    }
    is_priced = told[_IS_USABLE].groupby(told[ACTIVITY]).transform("all")
    prices_told = {name: told[name].where(is_priced) for name in (_LOWEST, _HIGHEST)}
    of_each = told.assign(**together, **prices_told).groupby(ACTIVITY)
    terms = of_each[[_FREE, _DIRECT_PAYMENT]].first()
    return terms.assign(**{_LOWEST: of_each[_LOWEST].min(), _HIGHEST: of_each[_HIGHEST].max()}).reset_index()


def _by_session(frames: Frames, thresholds: Thresholds) -> pd.DataFrame:
    """Every price with the lowest and highest that a session comes to; missing, and not usable, where a price is
    told that says nothing of a session.
    """
    prices = frames[CostOption].copy()
    hours_of = rows_for(prices[CostOption.service_id], _hours(frames))
    amount, unit = prices[CostOption.amount], prices[CostOption.x_unit]
    fills_a_day = hours_of[_SHORTEST_HOURS].ge(thresholds.holiday_day_hours)
    is_each = unit.eq(CostUnit.SESSION) | (unit.eq(CostUnit.DAY) & fills_a_day)
    is_free = prices[CostOption.x_is_free].fillna(False).astype(bool)
    for name, hours in ((_LOWEST, _SHORTEST_HOURS), (_HIGHEST, _LONGEST_HOURS)):
        a_session = amount.where(is_each, (amount * hours_of[hours]).where(unit.eq(CostUnit.HOUR)))
        prices[name] = a_session.mask(is_free, 0.0)
    prices[_IS_USABLE] = amount.isna() | prices[_LOWEST].notna()
    return prices


def _hours(frames: Frames) -> pd.DataFrame:
    """Hours of the shortest and the longest session of each service; none where those of any are not known."""
    hours = frames[Schedule][Schedule.x_hours].groupby(owners(frames, Schedule))
    found = pd.DataFrame({_SHORTEST_HOURS: hours.min(), _LONGEST_HOURS: hours.max()})
    return found.where(hours.count().eq(hours.size()))
