"""Who buys which kind of service from whom, and how surely."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.gaps.inputs import GapInputs
from transforms.schema import LIST_JOINT, Table
from transforms.supply import IS_RUNNING, IS_VERIFIED, PROVIDER, SERVICE_CLUSTER, SERVICE_ID
from transforms.tables import (
    Contract,
    ContractParty,
    ContractService,
    Funding,
    Organization,
    Service,
)
from transforms.text_columns import is_among
from transforms.vocabulary import CommissionerType, ContractRole, ContractStatus, ShortBreakType

CONTRACT, KIND, BUYER, IS_SURE = "contract", "short_break_type", "buyer", "is_sure"
Frames = Mapping[type[Table], pd.DataFrame]


def kinds_of(supply: pd.DataFrame) -> pd.DataFrame:
    """The kinds of each running service, one a row: what any roster that lists it calls it, else not known."""
    said = supply.loc[supply[IS_RUNNING], [PROVIDER, SERVICE_CLUSTER, SERVICE_ID, Service.x_short_break_type]]
    said = said.rename(columns={Service.x_short_break_type: KIND})
    by_cluster = said[[SERVICE_CLUSTER, KIND]].drop_duplicates()
    is_known = by_cluster[KIND].ne(ShortBreakType.UNKNOWN)
    is_settled = is_known.groupby(by_cluster[SERVICE_CLUSTER]).transform("max")
    by_cluster = by_cluster[is_known | ~is_settled]
    listed = said.drop(columns=KIND).drop_duplicates(SERVICE_ID)
    return listed.merge(by_cluster, on=SERVICE_CLUSTER)


def contracts_for(frames: Frames, kinds: pd.DataFrame) -> pd.DataFrame:
    """Every contract that has not ended, for each provider and kind of service that it pays for; sure while it runs.

    Of a provider that delivers it by services no roster links to it, the kind is not known.
    """
    status = frames[Contract].set_index(Contract.id)[Contract.status]
    pays_for = frames[ContractService].rename(
        columns={ContractService.contract_id: CONTRACT, ContractService.service_id: SERVICE_ID}
    )
    linked = pays_for.merge(kinds[[SERVICE_ID, PROVIDER, KIND]], on=SERVICE_ID)
    parties = frames[ContractParty]
    delivers = parties[parties[ContractParty.role].eq(ContractRole.PROVIDER)]
    clusters = frames[Organization].set_index(Organization.id)[Organization.x_cluster_id]
    named = pd.DataFrame(
        {
            CONTRACT: delivers[ContractParty.contract_id],
            PROVIDER: delivers[ContractParty.org_code].map(clusters),
            KIND: ShortBreakType.UNKNOWN.value,
        }
    ).dropna(subset=[PROVIDER])
    both = [CONTRACT, PROVIDER]
    is_linked = pd.MultiIndex.from_frame(named[both]).isin(pd.MultiIndex.from_frame(linked[both]))
    told = pd.concat([linked[[*both, KIND]], named[~is_linked]], ignore_index=True).drop_duplicates()
    stands = told[CONTRACT].map(status)
    told = told.assign(**{IS_SURE: stands.eq(ContractStatus.RUNNING)})
    return told[stands.notna() & stands.ne(ContractStatus.ENDED)].reset_index(drop=True)


def parties_of(frames: Frames, role: ContractRole) -> pd.DataFrame:
    """The authorities that stand to each contract in a role: frame with ``CONTRACT`` and ``BUYER``."""
    parties = frames[ContractParty]
    named = {CONTRACT: parties[ContractParty.contract_id], BUYER: parties[ContractParty.org_code]}
    return pd.DataFrame(named)[parties[ContractParty.role].eq(role)].dropna(subset=[BUYER])


def commissioners(inputs: GapInputs) -> pd.DataFrame:
    """The authorities that buy each contract."""
    return parties_of(inputs.frames, ContractRole.COMMISSIONER)


def purchases(inputs: GapInputs, kinds: pd.DataFrame, contracts: pd.DataFrame) -> pd.DataFrame:
    """One row per provider, kind of service and authority that buys it, or may: ``IS_SURE`` says which.

    For certain, an authority buys what a running contract of its pays for, and what a running service that was
    checked recently names it as the payer of. A contract past its end, of unknown end or not yet begun is a maybe,
    and so is a payer whose own contracts for the service do not run. That an authority lists a service is no purchase;
    where nobody says who pays for it, it may be one. What is bought of unknown kind may be of any that the provider
    has. ``kinds`` and ``contracts`` are what ``kinds_of`` and ``contracts_for`` say.
    """
    by_contract = contracts.merge(inputs.once(commissioners), on=CONTRACT)
    by_service = _of_services(inputs).merge(kinds[[SERVICE_ID, PROVIDER, KIND]], on=SERVICE_ID)
    columns = [PROVIDER, KIND, BUYER, IS_SURE]
    bought = pd.concat([by_contract[columns], by_service[columns]], ignore_index=True)
    of_unknown_kind = bought[bought[KIND].eq(ShortBreakType.UNKNOWN)].drop(columns=KIND)
    known = kinds.loc[kinds[KIND].ne(ShortBreakType.UNKNOWN), [PROVIDER, KIND]].drop_duplicates()
    spread = of_unknown_kind.merge(known, on=PROVIDER).assign(**{IS_SURE: False})
    together = pd.concat([bought, spread[columns]], ignore_index=True)
    return together.groupby(columns[:3], as_index=False)[IS_SURE].max()


def _of_services(inputs: GapInputs) -> pd.DataFrame:
    """Who pays for each running service by its own record: the authorities it names, or its lister perhaps."""
    services, funding = inputs.once(_running), inputs.frames[Funding]
    is_told = funding[Funding.x_commissioners].notna() | funding[Funding.x_commissioner_type].ne(
        CommissionerType.UNKNOWN
    )
    told = pd.concat([funding.loc[is_told, Funding.service_id], inputs.once(contracted)[SERVICE_ID]])
    untold = services[~is_among(services[SERVICE_ID], told)].dropna(subset=[Service.x_listed_by])
    untold = untold[[SERVICE_ID, Service.x_listed_by]].rename(columns={Service.x_listed_by: BUYER})
    untold = untold.assign(**{IS_SURE: False})
    return pd.concat([inputs.once(named_payers), untold], ignore_index=True)


def _running(inputs: GapInputs) -> pd.DataFrame:
    """The running services, each once, with whether it was checked recently and who lists it."""
    supply = inputs.supply[[SERVICE_ID, IS_RUNNING, IS_VERIFIED, Service.x_listed_by]]
    return supply[supply[IS_RUNNING]].drop_duplicates(SERVICE_ID)


def named_payers(inputs: GapInputs) -> pd.DataFrame:
    """The authorities that the record of each running service names as its payers."""
    named = inputs.frames[Funding][[Funding.service_id, Funding.x_commissioners]].dropna()
    named = named.rename(columns={Funding.service_id: SERVICE_ID})
    named = named.assign(**{BUYER: named[Funding.x_commissioners].str.split(LIST_JOINT)}).explode(BUYER)
    named[IS_VERIFIED] = named[SERVICE_ID].map(inputs.once(_running).set_index(SERVICE_ID)[IS_VERIFIED])
    named = named[named[IS_VERIFIED].notna()]
    both = [SERVICE_ID, BUYER]
    runs = inputs.once(contracted).groupby(both, as_index=False)[IS_SURE].max()
    named = named.merge(runs, on=both, how="left", validate="m:1")
    has_ended = named[IS_SURE].eq(False)
    return named.assign(**{IS_SURE: named[IS_VERIFIED].astype("bool") & ~has_ended})[[*both, IS_SURE]]


def contracted(inputs: GapInputs) -> pd.DataFrame:
    """Each service under a contract of each authority, whatever has become of it; sure where it runs."""
    frames = inputs.frames
    status = frames[Contract].set_index(Contract.id)[Contract.status]
    pays_for = frames[ContractService].rename(
        columns={ContractService.contract_id: CONTRACT, ContractService.service_id: SERVICE_ID}
    )
    under = pays_for.merge(inputs.once(commissioners), on=CONTRACT)
    return under.assign(**{IS_SURE: under[CONTRACT].map(status).eq(ContractStatus.RUNNING)})
