"""Who buys what with whom, and which contracts lapse when."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.charts.timeline import Timeline, timeline
from reports.facts import Frames, ReportFacts, rows_of
from reports.grid import Row, verdicts_found
from reports.sections import Part, Section
from reports.verdicts import style, verdict_of
from reports.words import day, label, listed, number, plural, sentence, text
from transforms.schema import LIST_JOINT
from transforms.tables import Contract, ContractEnd, JointCommissioning
from transforms.vocabulary import Answer, CityPart, JoinStatus, Verdict

_DRAWN, _JOINS_SHOWN = 60, 40


@dataclass(frozen=True)
class ContractRow:
    """One contract: when it ends, what asks for attention, and what would end with it."""

    ref: str
    title: str
    buyers: str
    city: str
    end: str
    extension: str
    days: str
    verdict: str
    style: str
    activities: str
    sole: str


@dataclass(frozen=True)
class JoinRow:
    """One kind of service of one provider that others buy."""

    provider: str
    kind: str
    buyers: str
    may_buy: str
    activities: str
    verdict: str
    style: str


def contracts(frames: Frames, facts: ReportFacts) -> Section:
    """The section on joint commissioning and on contracts that lapse."""
    ends = rows_of(frames, ContractEnd)
    order = {verdict.value: place for place, verdict in enumerate(ContractEnd.verdicts())}
    ends = ends.assign(place=ends[ContractEnd.expiry].map(order)).sort_values(
        [ContractEnd.end, "place", ContractEnd.ref], kind="stable", na_position="last"
    )
    asks = ends[ends[ContractEnd.expiry].map(lambda code: verdict_of(ContractEnd, code).is_gap).astype(bool)]
    joint = rows_of(frames, JointCommissioning)
    joins = joint[joint[JointCommissioning.join_status].ne(JoinStatus.FEW_BUYERS)]
    places = {verdict.value: place for place, verdict in enumerate(JointCommissioning.verdicts())}
    joins = joins.assign(
        place=joins[JointCommissioning.join_status].map(places)
    ).sort_values(["place", JointCommissioning.organization_name, JointCommissioning.short_break_type],
                  kind="stable")  # fmt: skip
    data = {
        "lead": _lead(ends, asks, facts),
        "timeline": _drawing(frames, asks.head(_DRAWN), facts),
        "drawn": min(int(asks[ContractEnd.end].notna().sum()), _DRAWN),
        "asks": len(asks),
        "contracts": [_contract(row, facts) for row in asks.to_dict("records")],
        "others": len(ends) - len(asks),
        "join_lead": _join_lead(joint),
        "joins": [_join(row, facts) for row in joins.head(_JOINS_SHOWN).to_dict("records")],
        "joins_not_shown": max(len(joins) - _JOINS_SHOWN, 0),
        "few_buyers": int(joint[JointCommissioning.join_status].eq(JoinStatus.FEW_BUYERS).sum()),
    }
    return Section(
        "contracts", "Contracts", "Which contracts lapse, and who else buys?", Part.HELP, "contracts", data
    )


def _lead(ends: pd.DataFrame, asks: pd.DataFrame, facts: ReportFacts) -> str:
    if ends.empty:
        return "No roster names a contract."
    found = verdicts_found(ContractEnd, asks)
    told = "; ".join(f"{verdict.label}: {number(count)}" for verdict, count in found)
    days = facts.settings.get("contract_lapses_days")
    soon = f" “Soon” is within {number(days)} days." if days else ""
    city = int(asks[ContractEnd.city_part].isin([CityPart.BUYS, CityPart.COVERED]).sum())
    return (
        f"{plural(len(asks), 'contract')} of {number(len(ends))} {'calls' if len(asks) == 1 else 'call'} for "
        f"something to be done. {sentence(told)}. Of these the City buys {number(city)}, or may place children "
        f"under them.{soon}"
    )


def _drawing(frames: Frames, rows: pd.DataFrame, facts: ReportFacts) -> Timeline | None:
    starts = rows_of(frames, Contract).set_index(Contract.id)[Contract.start]
    dated = rows[rows[ContractEnd.end].notna()]
    if dated.empty:
        return None
    return timeline(
        refs=[text(ref) for ref in dated[ContractEnd.ref]],
        notes=[sentence(label(ContractEnd.column(ContractEnd.expiry), code)) for code in dated[ContractEnd.expiry]],
        starts=[starts.get(key, pd.NaT) for key in dated[ContractEnd.contract_id]],
        ends=list(dated[ContractEnd.end]),
        extensions=list(dated[ContractEnd.extension_end]),
        today=facts.as_of,
    )  # fmt: skip


def _contract(row: Row, facts: ReportFacts) -> ContractRow:
    verdict = verdict_of(ContractEnd, row[ContractEnd.expiry])
    buyers = [
        facts.authority(code) for code in text(row[ContractEnd.commissioners]).split(LIST_JOINT) if code
    ]
    lot = text(row[ContractEnd.lot])
    end, days = row[ContractEnd.end], row[ContractEnd.days_to_end]
    return ContractRow(
        ref=text(row[ContractEnd.ref]) + (f", lot {lot}" if lot else ""),
        title=text(row[ContractEnd.title]),
        buyers=listed(buyers) or text(row[ContractEnd.commissioned_by]) or "not told",
        city=f"City: {label(ContractEnd.column(ContractEnd.city_part), row[ContractEnd.city_part])}",
        end="not known" if pd.isna(end) else day(end.date()),
        extension=_extension(row),
        days="" if pd.isna(days) else f"{number(days)} days" if days >= 0 else f"{number(-days)} days ago",
        verdict=sentence(verdict.label),
        style=style(verdict),
        activities=_pair(row[ContractEnd.activities_confirmed], row[ContractEnd.activities_possible]),
        sole=number(row[ContractEnd.sole_confirmed_cells]),
    )


def _extension(row: Row) -> str:
    last = row[ContractEnd.extension_end]
    if pd.notna(last):
        return f"may be extended to {day(last.date())}"
    answer = row[ContractEnd.may_be_extended]
    return {
        Answer.YES.value: "may be extended, until when is not told",
        Answer.NO.value: "may not be extended",
    }.get(str(answer), "whether it may be extended is not known")


def _pair(confirmed: float, possible: float) -> str:
    return f"{number(confirmed)} confirmed, {number(possible)} possible"


def _join_lead(joint: pd.DataFrame) -> str:
    found: dict[Verdict, int] = dict(verdicts_found(JointCommissioning, joint))
    worth, ask = (found.get(one, 0) for one in (JoinStatus.WORTH_JOINING, JoinStatus.ASK_WHO_BUYS))
    return (
        f"Of {plural(len(joint), 'kind')} of service by provider, {number(worth)} "
        f"{'is' if worth == 1 else 'are'} bought by two or more neighbours and not by the City; "
        f"{number(ask)} may be, once it is known who buys; the City buys {number(found.get(JoinStatus.CITY_BUYS, 0))}."
    )


def _join(row: Row, facts: ReportFacts) -> JoinRow:
    verdict = verdict_of(JointCommissioning, row[JointCommissioning.join_status])
    sure, may = (
        [facts.authority(code) for code in text(row[column]).split(LIST_JOINT) if code]
        for column in (JointCommissioning.buyers_confirmed, JointCommissioning.buyers_possible)
    )
    kind = JointCommissioning.column(JointCommissioning.short_break_type)
    return JoinRow(
        text(row[JointCommissioning.organization_name]),
        sentence(label(kind, row[JointCommissioning.short_break_type])),
        listed(sure) or "nobody for certain",
        listed([name for name in may if name not in sure]),
        _pair(row[JointCommissioning.activities_confirmed], row[JointCommissioning.activities_possible]),
        sentence(verdict.label),
        style(verdict),
    )
