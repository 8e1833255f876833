"""Contracts by their end."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.supply import ACTIVITY, PLACE_HOURS, SERVICE_CLUSTER, SERVICE_ID
from transforms.tables import (
    CITY_LAD_CODE,
    Contract,
    ContractEnd,
    ContractParty,
    ContractService,
    Organization,
    Service,
)
from transforms.text_columns import is_among, joined
from transforms.vocabulary import Answer, CityPart, ContractExpiry, ContractRole, ContractStatus

_CONTRACT = ContractEnd.contract_id


def contract_expiry(inputs: GapInputs) -> Measured:
    """Which contracts lapse, when, and what would end with them?

    One row per contract, however many rosters list it and under whichever lots: the joint contract is one row, and
    its capacity counts once. An activity is under a contract when any roster says so of it; under two contracts it
    counts for each. A successor is another contract that a same authority buys, that pays for the service too, and
    is known to end later; a contract has one when every service of it has.

    Within ``contract_lapses_days`` of its end, or past it, a contract without one lapses. One that may be extended
    beyond these days is to be decided on; one past its end that nobody says was extended is to be asked about; so
    is one whose end is not known.
    """
    contracts = inputs.frames[Contract]
    ids = pd.Index(contracts[Contract.id], name=_CONTRACT)
    under = _services_under(inputs)
    activities = _activities_under(inputs, under)
    rows = inputs.supply[[*COUNTED_BY, PLACE_HOURS]].merge(activities, on=ACTIVITY)
    sure, maybe = rows[IS_CONFIRMED], rows[IS_POSSIBLE]
    measured = count(
        ContractEnd,
        rows,
        [
            Figure(ContractEnd.activities_confirmed, sure),
            Figure(ContractEnd.activities_possible, maybe),
            Figure(ContractEnd.place_hours_confirmed, sure, PLACE_HOURS),
            Figure(ContractEnd.place_hours_possible, maybe, PLACE_HOURS),
        ],
        ids,
    )
    table = measured.table.set_index(_CONTRACT)
    for part in (
        _stated(inputs),
        _buyers(inputs),
        _sole_cells(inputs, activities),
        _succeeded(inputs, under),
    ):
        table = table.join(part)
    table[ContractEnd.services] = under.groupby(_CONTRACT)[SERVICE_CLUSTER].nunique()
    table[ContractEnd.providers] = _providers(inputs)
    counts = [
        ContractEnd.services, ContractEnd.providers, ContractEnd.services_succeeded,
        ContractEnd.sole_confirmed_cells, ContractEnd.sole_possible_cells,
    ]  # fmt: skip
    table[counts] = table[counts].fillna(0)
    table[ContractEnd.expiry] = _verdict(table, inputs)
    return replace(measured, table=table.reset_index())


def _services_under(inputs: GapInputs) -> pd.DataFrame:
    """Each service under each contract, with the cluster in which it counts once."""
    clusters = inputs.frames[Service].set_index(Service.id)[Service.x_cluster_id]
    under = inputs.frames[ContractService].rename(
        columns={ContractService.contract_id: _CONTRACT, ContractService.service_id: SERVICE_ID}
    )
    return under.assign(**{SERVICE_CLUSTER: under[SERVICE_ID].map(clusters)}).dropna(subset=[SERVICE_CLUSTER])


def _activities_under(inputs: GapInputs, under: pd.DataFrame) -> pd.DataFrame:
    at = inputs.supply[[SERVICE_ID, ACTIVITY]].merge(under[[_CONTRACT, SERVICE_ID]], on=SERVICE_ID)
    return at[[_CONTRACT, ACTIVITY]].drop_duplicates()


def _stated(inputs: GapInputs) -> pd.DataFrame:
    """What rosters state of each contract, and the days until it ends and until notice."""
    contracts = inputs.frames[Contract]
    names = {
        Contract.ref: ContractEnd.ref, Contract.lot: ContractEnd.lot, Contract.title: ContractEnd.title,
        Contract.status: ContractEnd.contract_status, Contract.end: ContractEnd.end,
        Contract.may_be_extended: ContractEnd.may_be_extended, Contract.extension_end: ContractEnd.extension_end,
        Contract.notice_date: ContractEnd.notice_date, Contract.disagreement: ContractEnd.disagreement,
        Contract.source: ContractEnd.source,
    }  # fmt: skip
    stated = contracts.set_index(Contract.id)[list(names)].rename(columns=names).rename_axis(_CONTRACT)
    return stated.assign(
        **{
            ContractEnd.days_to_end: _days_from(inputs, stated[ContractEnd.end]),
            ContractEnd.days_to_notice: _days_from(inputs, stated[ContractEnd.notice_date]),
        }
    )


def _days_from(inputs: GapInputs, days: pd.Series) -> pd.Series:
    return (pd.to_datetime(days) - inputs.as_of).dt.days.astype("Int64")


def _buyers(inputs: GapInputs) -> pd.DataFrame:
    """Who buys each contract, and what the City is to it."""
    parties = inputs.frames[ContractParty]
    parties = parties.rename(columns={ContractParty.contract_id: _CONTRACT}).sort_values(
        ContractParty.org_code
    )
    buys = parties[parties[ContractParty.role].eq(ContractRole.COMMISSIONER)]
    named = buys.dropna(subset=[ContractParty.org_code])
    is_covered = parties[ContractParty.role].eq(ContractRole.COVERED)
    cities = parties[ContractParty.org_code].eq(CITY_LAD_CODE)
    codes = joined(named, ContractParty.org_code, [_CONTRACT])
    contracts = inputs.frames[Contract][Contract.id]
    ids = pd.Index(contracts, name=_CONTRACT)
    part = np.select(
        [
            is_among(contracts, named.loc[cities[named.index], _CONTRACT]),
            is_among(contracts, parties.loc[is_covered & cities, _CONTRACT]),
            ~is_among(contracts, named[_CONTRACT]),
        ],
        [CityPart.BUYS.value, CityPart.COVERED.value, CityPart.UNKNOWN.value],
        CityPart.NONE_KNOWN.value,
    )
    return pd.DataFrame(
        {
            ContractEnd.commissioners: codes.reindex(ids),
            ContractEnd.commissioned_by: buys.groupby(_CONTRACT)[ContractParty.raw].first().reindex(ids),
            ContractEnd.city_part: part,
        },
        index=ids,
    )


def _providers(inputs: GapInputs) -> pd.Series:
    """How many providers deliver each contract; one that two boroughs list counts once."""
    parties = inputs.frames[ContractParty]
    delivers = parties[parties[ContractParty.role].eq(ContractRole.PROVIDER)]
    clusters = inputs.frames[Organization].set_index(Organization.id)[Organization.x_cluster_id]
    cluster = delivers[ContractParty.org_code].map(clusters).fillna(delivers[ContractParty.org_code])
    return cluster.groupby(delivers[ContractParty.contract_id].rename(_CONTRACT)).nunique()


def _sole_cells(inputs: GapInputs, activities: pd.DataFrame) -> pd.DataFrame:
    """In how many cells of coverage all that is confirmed, and all that is possible, is under each contract."""
    rows, groups = inputs.in_coverage, inputs.activities_of_coverage
    activity = rows[ACTIVITY].array
    once = pd.DataFrame(
        {
            "cell": groups.some(inputs.cell_of_coverage.to_numpy()),
            ACTIVITY: activity.take(groups.some(np.arange(len(rows)))),
            IS_CONFIRMED: groups.each(np.logical_or, rows[IS_CONFIRMED].to_numpy("bool")),
        }
    )[groups.each(np.logical_or, rows[IS_POSSIBLE].to_numpy("bool"))]
    counts = {"sum": "sure", "size": "maybe"}
    there = once.groupby("cell")[IS_CONFIRMED].agg(list(counts)).rename(columns=counts)
    activities = activities.astype({ACTIVITY: once[ACTIVITY].dtype})
    of_contracts = once.merge(activities, on=ACTIVITY).groupby([_CONTRACT, "cell"])
    under = of_contracts[IS_CONFIRMED].agg(list(counts)).rename(columns=counts)
    all_there = there.reindex(under.index, level="cell")
    sole = pd.DataFrame(
        {
            ContractEnd.sole_confirmed_cells: under["sure"].gt(0) & under["sure"].eq(all_there["sure"]),
            ContractEnd.sole_possible_cells: under["maybe"].eq(all_there["maybe"]),
        }
    )
    return sole.groupby(level=_CONTRACT).sum()


def _succeeded(inputs: GapInputs, under: pd.DataFrame) -> pd.DataFrame:
    """How many services of each contract another one of the same buyer pays for longer, and which contracts do."""
    parties, contracts = inputs.frames[ContractParty], inputs.frames[Contract]
    buys = parties[parties[ContractParty.role].eq(ContractRole.COMMISSIONER)].dropna(
        subset=[ContractParty.org_code]
    )
    bought = under.merge(
        buys[[ContractParty.contract_id, ContractParty.org_code]].rename(
            columns={ContractParty.contract_id: _CONTRACT}
        ),
        on=_CONTRACT,
    ).merge(
        contracts[[Contract.id, Contract.end, Contract.ref]].rename(columns={Contract.id: _CONTRACT}),
        on=_CONTRACT,
        validate="m:1",
    )
    last = bought.sort_values([Contract.end, Contract.ref]).drop_duplicates(
        [SERVICE_CLUSTER, ContractParty.org_code], keep="last"
    )
    pairs = bought.merge(
        last[[SERVICE_CLUSTER, ContractParty.org_code, Contract.end, Contract.ref]],
        on=[SERVICE_CLUSTER, ContractParty.org_code],
        suffixes=("", "_after"),
        validate="m:1",
    )
    longer = pairs[pairs[f"{Contract.end}_after"].gt(pairs[Contract.end])]
    after = f"{Contract.ref}_after"
    each = longer[[_CONTRACT, after]].drop_duplicates().sort_values(after)
    return pd.DataFrame(
        {
            ContractEnd.services_succeeded: longer.groupby(_CONTRACT)[SERVICE_CLUSTER].nunique(),
            ContractEnd.successor: joined(each, after, [_CONTRACT]),
        }
    )


def _verdict(table: pd.DataFrame, inputs: GapInputs) -> np.ndarray:
    within = inputs.thresholds.contract_lapses_days
    status, days = table[ContractEnd.contract_status], table[ContractEnd.days_to_end]
    extended_days = _days_from(inputs, table[ContractEnd.extension_end])
    is_succeeded = table[ContractEnd.services].gt(0) & table[ContractEnd.services].eq(
        table[ContractEnd.services_succeeded]
    )
    may_go_on = table[ContractEnd.may_be_extended].eq(Answer.YES) & (extended_days.gt(within).fillna(True))
    choices = {
        ContractExpiry.END_UNKNOWN: days.isna(),
        ContractExpiry.RUNS: days.gt(within).fillna(False),
        ContractExpiry.SUCCEEDED: is_succeeded,
        ContractExpiry.LAPSED: status.eq(ContractStatus.ENDED),
        ContractExpiry.ASK_IF_EXTENDED: status.eq(ContractStatus.PAST_ITS_END),
        ContractExpiry.EXTEND_OR_LAPSE: may_go_on,
    }
    return np.select(
        [where.astype(bool) for where in choices.values()],
        [verdict.value for verdict in choices],
        ContractExpiry.LAPSES.value,
    )
