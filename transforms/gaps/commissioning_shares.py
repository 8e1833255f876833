"""Shares of what is bought that the strategy speaks of."""

from __future__ import annotations

from collections.abc import Iterable

import pandas as pd

from transforms.doubts import cast_doubt, without_doubt
from transforms.gaps.health_pathway import health_pathway
from transforms.gaps.inputs import GapInputs
from transforms.gaps.members import COUNTED_BY, Figure, Measured, as_members, count
from transforms.gaps.purchases import BUYER, CONTRACT, IS_SURE, commissioners, contracted, named_payers
from transforms.gaps.rates import share_pct
from transforms.schema import LIST_JOINT
from transforms.supply import ACTIVITY, IS_RUNNING, IS_VERIFIED, SERVICE_ID
from transforms.tables import (
    CITY_LAD_CODE,
    HACKNEY_LAD_CODE,
    CommissioningShare,
    Contract,
    Funding,
    HealthOffer,
    Location,
    Service,
)
from transforms.text_columns import is_among
from transforms.vocabulary import (
    CommissionerType,
    CommissioningMeasure,
    ContractStatus,
    Doubt,
    FundingRoute,
    PathwayAlignment,
    Tier,
    Zone,
)

# What is asked of a service, and no more.
_COLUMNS = [*COUNTED_BY, IS_VERIFIED, Service.x_tier, Location.x_zone, Location.x_zone_certain]
_IS_PART, _IS_KNOWN = "is_part", "is_known"
_STATE = [
    CommissionerType.EDUCATION, CommissionerType.HEALTH, CommissionerType.SOCIAL_CARE,
    CommissionerType.PUBLIC_HEALTH, CommissionerType.JOINT,
]  # fmt: skip
_OF_AUTHORITY = [CommissionerType.EDUCATION, CommissionerType.SOCIAL_CARE]
_BUDGETS = [FundingRoute.PERSONAL_BUDGET, FundingRoute.DIRECT_PAYMENT]
_FIGURES = [
    CommissioningShare.confirmed, CommissioningShare.possible, CommissioningShare.known, CommissioningShare.whole,
]  # fmt: skip


def commissioning_shares(inputs: GapInputs) -> Measured:
    """How much is bought jointly, what does the City buy, and are the health routes aligned?

    One row per measure. Share = confirmed ÷ known, withheld where less than ``rate_known_pct`` of the whole is
    known. Possible: confirmed, and all of which it is not known. Activities are those that run; who pays is known
    where a roster said so within ``verified_within_days`` or a contract runs; what a grant or parents alone pay for
    is bought by nobody. Two services of the state, or two authorities, buy jointly. Outside is for certain of its
    zone. Of contracts, those that run are known and those that have not ended are the whole; new is begun within
    ``new_contract_days``. Of health services, one that is on neither route at an age is not offered.
    """
    rows = pd.concat(list(_of_activities(inputs)), ignore_index=True)
    rows = _settled(rows)
    rows = cast_doubt(without_doubt(rows), Doubt.NOT_TOLD, ~rows[_IS_KNOWN])
    maybe = rows[_IS_PART] | ~rows[_IS_KNOWN]
    everything = pd.Series(True, index=rows.index)
    told = [rows[_IS_PART], maybe, rows[_IS_KNOWN], everything]
    figures = [Figure(name, where) for name, where in zip(_FIGURES, told, strict=True)]
    every = pd.Index([measure.value for measure in CommissioningMeasure], name=CommissioningShare.measure)
    table = count(CommissioningShare, rows, figures, every).table.set_index(CommissioningShare.measure)
    table.update(pd.DataFrame({**_of_contracts(inputs), **_of_health(inputs)}, index=_FIGURES).T)
    table[CommissioningShare.share_pct] = share_pct(
        table[CommissioningShare.confirmed],
        table[CommissioningShare.known],
        table[CommissioningShare.whole],
        inputs.thresholds.rate_known_pct,
    )
    # What is counted as certain or perhaps; the rest of the whole is no part of the answer.
    counted = [Figure(name, where[maybe]) for name, where in zip(_FIGURES[:2], told[:2], strict=True)]
    return Measured(table.reset_index(), as_members(CommissioningShare, rows[maybe], counted))


def _of_activities(inputs: GapInputs) -> Iterable[pd.DataFrame]:
    """Running services in each whole they belong to, with whether they are part of it and whether that is known."""
    rows = inputs.supply.loc[inputs.supply[IS_RUNNING], _COLUMNS]
    service, funding = rows[SERVICE_ID], inputs.frames[Funding]
    under = inputs.once(contracted)
    under = under[under[IS_SURE]]
    kind, route = funding[Funding.x_commissioner_type], funding[Funding.x_route]
    is_of_state = kind.isin(_STATE) | funding[Funding.x_commissioners].notna()

    def funded(where: pd.Series) -> pd.Series:
        return is_among(service, funding.loc[where.astype(bool), Funding.service_id])

    is_under = is_among(service, under[SERVICE_ID])
    is_fresh = rows[IS_VERIFIED] | is_under
    is_bought = funded(is_of_state) | is_under
    is_by_nobody = ~is_bought & funded(
        kind.eq(CommissionerType.NONE_SELF_FUNDED)
        | route.isin([FundingRoute.GRANT, FundingRoute.SELF_FUNDED])
    )
    buyers = under.groupby(SERVICE_ID)[BUYER].nunique()
    kinds = funding[kind.isin(_STATE)].groupby(Funding.service_id)[Funding.x_commissioner_type].nunique()
    is_joint = (
        funded(kind.eq(CommissionerType.JOINT))
        | is_among(service, buyers.index[buyers.gt(1)])
        | is_among(service, kinds.index[kinds.gt(1)])
    )
    is_of_authority = funded(kind.isin(_OF_AUTHORITY) | funding[Funding.x_commissioners].notna()) | is_under
    bought = rows[~is_by_nobody]
    is_told = is_bought & is_fresh
    yield _in(CommissioningMeasure.JOINTLY_BOUGHT, bought, is_joint, is_told)
    is_health = funding[Funding.x_has_health_buyer].astype(bool)
    with_health = funded(is_health) & is_of_authority
    # Bought jointly with a partner that the words do not name, which may be health.
    is_named = is_health | funding[Funding.x_commissioners].str.contains(LIST_JOINT, na=False)
    is_open = funded(kind.eq(CommissionerType.JOINT) & ~is_named) & ~with_health
    yield _in(CommissioningMeasure.BOUGHT_WITH_HEALTH, bought, with_health, is_told & ~is_open)
    route_told = funded(route.ne(FundingRoute.UNKNOWN)) & is_fresh
    yield _in(CommissioningMeasure.PERSONAL_BUDGET, rows, funded(route.isin(_BUDGETS)), route_told)
    named = inputs.once(named_payers)
    city = pd.concat([named, under])
    city = city[city[IS_SURE] & city[BUYER].eq(CITY_LAD_CODE)]
    of_city = rows[is_among(service, city[SERVICE_ID])]
    tier, zone = of_city[Service.x_tier], of_city[Location.x_zone]
    yield _in(CommissioningMeasure.CITY_SPECIALIST, of_city, tier.eq(Tier.SPECIALIST), tier.ne(Tier.UNKNOWN))
    placed = of_city[~zone.isin([Zone.ONLINE, Zone.HOME_OUTREACH])]
    is_sure = placed[Location.x_zone_certain].astype(bool) & zone.ne(Zone.UNKNOWN)
    yield _in(CommissioningMeasure.CITY_OUTSIDE, placed, zone.isin([Zone.NEAR, Zone.OUTSIDE]), is_sure)


def _in(
    measure: CommissioningMeasure, rows: pd.DataFrame, is_part: pd.Series, is_known: pd.Series
) -> pd.DataFrame:
    known = is_known.reindex(rows.index).astype(bool)
    return rows.assign(
        **{
            CommissioningShare.measure: measure.value,
            _IS_PART: is_part.reindex(rows.index).astype(bool) & known,
            _IS_KNOWN: known,
        }
    )


def _settled(rows: pd.DataFrame) -> pd.DataFrame:
    """What one roster knows of an activity is known of it in every roster."""
    group = [rows[CommissioningShare.measure], rows[ACTIVITY]]
    return rows.assign(**{name: rows[name].groupby(group).transform("max") for name in (_IS_PART, _IS_KNOWN)})


def _of_contracts(inputs: GapInputs) -> dict[str, list[int]]:
    """Contracts of the City that have not ended: the four figures of each measure."""
    contracts = inputs.frames[Contract]
    buyers = inputs.once(commissioners)
    of_city = buyers.loc[buyers[BUYER].eq(CITY_LAD_CODE), CONTRACT]
    is_whole = is_among(contracts[Contract.id], of_city) & contracts[Contract.status].ne(ContractStatus.ENDED)
    ours = contracts[is_whole]
    runs = ours[Contract.status].eq(ContractStatus.RUNNING)
    several = buyers.groupby(CONTRACT)[BUYER].nunique()
    is_joint = is_among(ours[Contract.id], several.index[several.gt(1)])
    with_hackney = is_among(ours[Contract.id], buyers.loc[buyers[BUYER].eq(HACKNEY_LAD_CODE), CONTRACT])
    joint = ours[is_joint]
    age_days = (inputs.as_of - joint[Contract.start]).dt.days
    is_new = age_days.between(0, inputs.thresholds.new_contract_days)
    return {
        CommissioningMeasure.CITY_JOINT_CONTRACTS.value: _four(is_joint & runs, runs),
        CommissioningMeasure.CITY_HACKNEY_CONTRACTS.value: _four(with_hackney & runs, runs),
        CommissioningMeasure.NEW_JOINT_CONTRACTS.value: _four(is_new, joint[Contract.start].notna()),
    }


def _of_health(inputs: GapInputs) -> dict[str, list[int]]:
    alignment = inputs.once(health_pathway).table[HealthOffer.alignment]
    offered = alignment[alignment.ne(PathwayAlignment.NEITHER_SIDE)]
    is_known = offered.ne(PathwayAlignment.UNKNOWN)
    return {CommissioningMeasure.HEALTH_ALIGNED.value: _four(offered.eq(PathwayAlignment.ALIGNED), is_known)}


def _four(is_part: pd.Series, is_known: pd.Series) -> list[int]:
    """Confirmed, possible, known and whole."""
    confirmed, known, whole = int(is_part.sum()), int(is_known.sum()), len(is_known)
    return [confirmed, confirmed + whole - known, known, whole]
