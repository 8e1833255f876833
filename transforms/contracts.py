"""What the rosters say of contracts → one row per contract, its parties and its services.

The joint contract that two boroughs list, each in its own spelling, is one contract with two commissioners.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import pandas as pd

from transforms.schema import LIST_JOINT, Table
from transforms.separator import LIST_SEPARATOR
from transforms.tables import Contract, ContractMention, ContractParty, ContractService
from transforms.vocabulary import Answer, CommissionerType, ContractRole, ContractStatus

Frames = dict[type[Table], pd.DataFrame]
# One row of ``ContractMention``; ``None`` where it says nothing.
Mention = Mapping[Any, Any]

TITLE_JOINT = " | "

# Facts of a contract on which every roster that states them must agree.
_AGREED = (
    ContractMention.start,
    ContractMention.end,
    ContractMention.extension_months,
    ContractMention.notice_date,
)


def build_contracts(mentions: pd.DataFrame, as_of: pd.Timestamp) -> Frames:
    """Contract, ContractParty and ContractService, whatever the order of the mentions."""
    ordered = ContractMention.sorted(mentions)
    known = ordered.astype("object").where(ordered.notna(), None)
    told_of: dict[str, list[Mention]] = defaultdict(list)
    for mention in known.to_dict("records"):
        told_of[mention[ContractMention.contract_id]].append(mention)
    by_contract = sorted(told_of.items())
    contracts = Contract.frame([_contract(key, told, as_of) for key, told in by_contract])
    parties = ContractParty.frame([party for key, told in by_contract for party in _parties(key, told)])
    services = (
        ordered[[ContractMention.contract_id, ContractMention.service_id]]
        .dropna()
        .drop_duplicates()
        .rename(
            columns={
                ContractMention.contract_id: ContractService.contract_id,
                ContractMention.service_id: ContractService.service_id,
            }
        )
    )
    return {Contract: contracts, ContractParty: parties, ContractService: ContractService.frame(services)}


def as_at(contracts: pd.DataFrame, as_of: pd.Timestamp) -> pd.DataFrame:
    """Contracts with the status that they have on a day."""
    dated = contracts[[Contract.start, Contract.end, Contract.extension_end]].astype("object")
    dated = dated.where(dated.notna(), None)
    status = [
        _status(start, end, extension_end, Answer(may_be_extended), as_of).value
        for (start, end, extension_end), may_be_extended in zip(
            dated.itertuples(index=False), contracts[Contract.may_be_extended], strict=True
        )
    ]
    return Contract.frame(contracts.assign(**{Contract.status: pd.Series(status, contracts.index, "str")}))


def _contract(key: str, told: Sequence[Mention], as_of: pd.Timestamp) -> dict[str, object]:
    agreed, disagreements = _agreed(told)
    may_be_extended = _may_be_extended(told)
    start, end = agreed[ContractMention.start], agreed[ContractMention.end]
    months = agreed[ContractMention.extension_months]
    extension_end = None
    if end is not None and months is not None and may_be_extended == Answer.YES:
        extension_end = _months_after(end, int(months))
    return {
        Contract.id: key,
        Contract.ref: min(_said(told, ContractMention.ref)),
        Contract.lot: _joined(
            lot for lots in _said(told, ContractMention.lot) for lot in lots.split(LIST_JOINT)
        ),
        Contract.title: _joined(_said(told, ContractMention.title), TITLE_JOINT),
        Contract.start: start,
        Contract.end: end,
        Contract.extension_end: extension_end,
        Contract.may_be_extended: may_be_extended.value,
        Contract.notice_date: agreed[ContractMention.notice_date],
        Contract.status: _status(start, end, extension_end, may_be_extended, as_of).value,
        Contract.disagreement: "; ".join(disagreements) or None,
        Contract.source: _joined(_said(told, ContractMention.source)),
    }


def _said(told: Sequence[Mention], fact: str) -> list[Any]:
    """What the mentions state of a fact, in their order."""
    return [mention[fact] for mention in told if mention[fact] is not None]


def _agreed(told: Sequence[Mention]) -> tuple[dict[str, Any], list[str]]:
    """The facts that all who state them agree on, and the others in words. What is disputed is not known."""
    agreed: dict[str, Any] = {}
    disagreements = []
    for fact in _AGREED:
        stated = {(m[fact], m[ContractMention.source]) for m in told if m[fact] is not None}
        values = {value for value, _ in stated}
        agreed[fact] = values.pop() if len(values) == 1 else None
        if values:
            said = sorted(f"{_shown(value)} ({source})" for value, source in stated)
            disagreements.append(f"{fact}: {', '.join(said)}")
    return agreed, disagreements


def _shown(value: object) -> str:
    return value.date().isoformat() if isinstance(value, pd.Timestamp) else str(value)


def _may_be_extended(told: Sequence[Mention]) -> Answer:
    """Yes or no where a roster says so and none says otherwise."""
    said = set(_said(told, ContractMention.may_be_extended)) - {Answer.UNKNOWN}
    return Answer(said.pop()) if len(said) == 1 else Answer.UNKNOWN


def _months_after(day: pd.Timestamp, months: int) -> pd.Timestamp:
    """The same day so many months later; the last of a month stays the last."""
    later = day + pd.DateOffset(months=months)
    return later + pd.offsets.MonthEnd(0) if day.is_month_end else later


def _status(
    start: pd.Timestamp | None,
    end: pd.Timestamp | None,
    extension_end: pd.Timestamp | None,
    may_be_extended: Answer,
    as_of: pd.Timestamp,
) -> ContractStatus:
    if start is not None and start > as_of:
        return ContractStatus.NOT_STARTED
    if end is None:
        return ContractStatus.UNKNOWN
    if end >= as_of:
        return ContractStatus.RUNNING
    is_over = may_be_extended == Answer.NO or (extension_end is not None and extension_end < as_of)
    return ContractStatus.ENDED if is_over else ContractStatus.PAST_ITS_END


def _parties(key: str, told: Sequence[Mention]) -> list[dict[str, object]]:
    """Who buys, who else is covered, who delivers: each once."""
    buyers = _all_codes(_said(told, ContractMention.commissioners))
    words = _joined(_said(told, ContractMention.commissioned_by), TITLE_JOINT)
    kind = _kind(_said(told, ContractMention.commissioner_type), len(buyers))
    is_told = bool(words) or kind is not CommissionerType.UNKNOWN
    in_role: dict[ContractRole, Sequence[str | None]] = {
        # Somebody buys it even where the words name nobody we know.
        ContractRole.COMMISSIONER: buyers or ([None] if is_told else []),
        ContractRole.COVERED: [
            code for code in _all_codes(_said(told, ContractMention.covered)) if code not in buyers
        ],
        ContractRole.PROVIDER: sorted(set(_said(told, ContractMention.organization_id))),
    }
    return [
        {
            ContractParty.contract_id: key,
            ContractParty.org_code: code,
            ContractParty.role: role.value,
            ContractParty.commissioner_type: kind.value if role is ContractRole.COMMISSIONER else None,
            ContractParty.raw: words if role is ContractRole.COMMISSIONER else None,
        }
        for role, codes in in_role.items()
        for code in codes
    ]


def _kind(stated: Iterable[str], buyers: int) -> CommissionerType:
    """Several who buy do so jointly; else what is stated, unless it is stated in two ways. A contract has a buyer."""
    kinds = set(stated) - {CommissionerType.UNKNOWN, CommissionerType.NONE_SELF_FUNDED}
    if buyers > 1 or CommissionerType.JOINT in kinds:
        return CommissionerType.JOINT
    return CommissionerType(kinds.pop()) if len(kinds) == 1 else CommissionerType.UNKNOWN


def _all_codes(lists: Iterable[str]) -> list[str]:
    return sorted({code for codes in lists for code in codes.split(LIST_SEPARATOR)})


def _joined(words: Iterable[str], joint: str = LIST_JOINT) -> str | None:
    """Distinct words in order, as one text."""
    return joint.join(sorted({word.strip() for word in words})) or None
