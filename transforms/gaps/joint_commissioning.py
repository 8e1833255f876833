"""Provider × kind of service, by who buys it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd

from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, count
from transforms.gaps.purchases import (
    BUYER,
    CONTRACT,
    IS_SURE,
    KIND,
    commissioners,
    contracts_for,
    kinds_of,
    parties_of,
    purchases,
)
from transforms.supply import PROVIDER, SERVICE_ID
from transforms.tables import CITY_LAD_CODE, CostOption, JointCommissioning, Organization, Service
from transforms.text_columns import first_of_each, is_among, joined
from transforms.vocabulary import CityPart, ContractRole, CostUnit, JoinStatus

_KEY = [PROVIDER, KIND]


def joint_commissioning(inputs: GapInputs) -> Measured:
    """Who else buys it, and is it worth asking to join?

    One row per provider and kind of service that runs or is under contract; a service that rosters call by several
    kinds stands under each. Who buys it, for certain or perhaps, is told by contracts and by who is named as its
    payer (see ``purchases``): a listing alone is no purchase, and a payer that nobody names is no “no”.

    At least ``buying_neighbours`` neighbours that buy it for certain, while nothing says that the City may, are worth
    asking to be joined; so many that may, or a City that may, are to be asked who buys. Prices are those that rosters
    give by the hour, what a family is asked; rates that authorities pay are in confidence and not read.
    """
    kinds = kinds_of(inputs.supply)
    contracts = contracts_for(inputs.frames, kinds)
    pairs = pd.concat([kinds[_KEY], contracts[_KEY]]).drop_duplicates()
    every = pd.MultiIndex.from_frame(pairs, names=JointCommissioning.key_names())
    rows = inputs.supply[[*COUNTED_BY, Service.x_source]].merge(kinds[[SERVICE_ID, KIND]], on=SERVICE_ID)
    rows = rows.assign(
        **{JointCommissioning.provider_id: rows[PROVIDER], JointCommissioning.short_break_type: rows[KIND]}
    )
    measured = count(
        JointCommissioning,
        rows,
        [
            Figure(JointCommissioning.activities_confirmed, rows[IS_CONFIRMED]),
            Figure(JointCommissioning.activities_possible, rows[IS_POSSIBLE]),
        ],
        every,
    )
    table = measured.table.set_index(JointCommissioning.key_names())
    bought = purchases(inputs, kinds, contracts)
    parts = (
        _bought(bought),
        _joint(contracts, inputs.once(commissioners)),
        _listed(rows),
        _prices(inputs, kinds),
    )
    table = pd.concat([table, *(part.reindex(table.index) for part in parts)], axis="columns")
    counts = [
        JointCommissioning.neighbours_confirmed, JointCommissioning.neighbours_possible,
        JointCommissioning.joint_contracts_confirmed, JointCommissioning.joint_contracts_possible,
    ]  # fmt: skip
    table[counts] = table[counts].fillna(0)
    names = first_of_each(inputs.frames[Organization], Organization.name, Organization.x_cluster_id)
    provider = table.index.get_level_values(JointCommissioning.provider_id)
    table[JointCommissioning.provider_buyers_confirmed] = provider.map(_of_provider(bought))
    table[JointCommissioning.organization_name] = provider.map(names).fillna("not named")
    table[JointCommissioning.city_part] = _city_part(table, inputs, contracts)
    table[JointCommissioning.join_status] = _verdict(table, inputs.thresholds.buying_neighbours)
    return replace(measured, table=table.reset_index())


def _bought(bought: pd.DataFrame) -> pd.DataFrame:
    """Who buys each kind of each provider, for certain and perhaps."""
    bought = bought.sort_values(BUYER)
    is_neighbour = bought[BUYER].ne(CITY_LAD_CODE)
    neighbours = {
        JointCommissioning.neighbours_confirmed: is_neighbour & bought[IS_SURE],
        JointCommissioning.neighbours_possible: is_neighbour,
    }
    told = bought.assign(**neighbours).groupby(_KEY)[list(neighbours)].sum()
    told[JointCommissioning.buyers_possible] = joined(bought, BUYER, _KEY)
    told[JointCommissioning.buyers_confirmed] = joined(bought[bought[IS_SURE]], BUYER, _KEY)
    return told


def _of_provider(bought: pd.DataFrame) -> pd.Series:
    """Who buys anything of each provider for certain: two authorities may call one thing by two kinds."""
    once = bought.loc[bought[IS_SURE], [PROVIDER, BUYER]].drop_duplicates().sort_values(BUYER)
    return joined(once, BUYER, [PROVIDER])


def _joint(contracts: pd.DataFrame, buyers: pd.DataFrame) -> pd.DataFrame:
    """Contracts of two or more authorities for each kind of each provider."""
    several = buyers.groupby(CONTRACT)[BUYER].nunique()
    joint = contracts[is_among(contracts[CONTRACT], several.index[several.gt(1)])]
    return pd.DataFrame(
        {
            JointCommissioning.joint_contracts_confirmed: joint[joint[IS_SURE]].groupby(_KEY).size(),
            JointCommissioning.joint_contracts_possible: joint.groupby(_KEY).size(),
        }
    )


def _listed(rows: pd.DataFrame) -> pd.Series:
    once = rows[[*_KEY, Service.x_source]].drop_duplicates().sort_values(Service.x_source)
    return joined(once, Service.x_source, _KEY).rename(JointCommissioning.listed_in)


def _prices(inputs: GapInputs, kinds: pd.DataFrame) -> pd.DataFrame:
    """The least and the most that rosters ask by the hour; nothing where a service is free."""
    costs = inputs.frames[CostOption].rename(columns={CostOption.service_id: SERVICE_ID})
    hourly = costs[costs[CostOption.x_unit].eq(CostUnit.HOUR) & costs[CostOption.amount].gt(0)]
    amounts = hourly[[SERVICE_ID, CostOption.amount]].merge(kinds, on=SERVICE_ID)
    amount = amounts.groupby(_KEY)[CostOption.amount]
    return pd.DataFrame(
        {
            JointCommissioning.price_min_gbp_per_hour: amount.min(),
            JointCommissioning.price_max_gbp_per_hour: amount.max(),
        }
    )


def _city_part(table: pd.DataFrame, inputs: GapInputs, contracts: pd.DataFrame) -> np.ndarray:
    covered = parties_of(inputs.frames, ContractRole.COVERED)
    covers_city = covered.loc[covered[BUYER].eq(CITY_LAD_CODE), CONTRACT]
    of_city = pd.MultiIndex.from_frame(contracts.loc[is_among(contracts[CONTRACT], covers_city), _KEY])
    return np.select(
        [
            _is_city_in(table[JointCommissioning.buyers_confirmed]),
            table.index.isin(of_city),
            _is_city_in(table[JointCommissioning.buyers_possible]),
        ],
        [CityPart.BUYS.value, CityPart.COVERED.value, CityPart.UNKNOWN.value],
        CityPart.NONE_KNOWN.value,
    )


def _is_city_in(codes: pd.Series) -> pd.Series:
    return codes.astype("str").str.contains(CITY_LAD_CODE, regex=False, na=False)


def _verdict(table: pd.DataFrame, enough: int) -> np.ndarray:
    surely = table[JointCommissioning.neighbours_confirmed].ge(enough)
    perhaps = table[JointCommissioning.neighbours_possible].ge(enough)
    city_may = _is_city_in(table[JointCommissioning.buyers_possible])
    return np.select(
        [_is_city_in(table[JointCommissioning.buyers_confirmed]), surely & ~city_may, perhaps],
        [JoinStatus.CITY_BUYS.value, JoinStatus.WORTH_JOINING.value, JoinStatus.ASK_WHO_BUYS.value],
        JoinStatus.FEW_BUYERS.value,
    )
