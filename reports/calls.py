"""Whom to ring first, and what to ask: one call to a provider settles everything open about it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, rows_of
from reports.sections import Part, Section
from reports.words import number, plural, text
from transforms.tables import CallList
from transforms.vocabulary import OpenQuestion

_CALLS_SHOWN = 25


@dataclass(frozen=True)
class Asked:
    """One service of the provider, and what to ask about it."""

    service: str
    questions: list[str]


@dataclass(frozen=True)
class ProviderCall:
    """One provider to ring."""

    provider: str
    phone: str
    email: str
    website: str
    closes: str
    secures: str
    asked: list[Asked]


def calls(frames: Frames) -> Section:
    """The section on whom to ring first."""
    rows = rows_of(frames, CallList).sort_values(
        [CallList.call_closes, CallList.call_secures, CallList.organization_name, CallList.provider_id,
         CallList.service_name, CallList.rank],
        ascending=[False, False, True, True, True, True], kind="stable",
    )  # fmt: skip
    groups = [group for _, group in rows.groupby(CallList.provider_id, sort=False)]
    data = {
        "lead": _lead(rows, groups),
        "calls": [_call(group) for group in groups[:_CALLS_SHOWN]],
        "providers": len(groups),
    }
    return Section("calls", "Whom to ring", "Whom to ring first, and what to ask?", Part.DO, "calls", data)


def _lead(rows: pd.DataFrame, groups: list[pd.DataFrame]) -> str:
    if rows.empty:
        return "No answer is open that would change a figure of this report."
    first = groups[0].iloc[0]
    return (
        f"{plural(len(rows), 'question')} about {plural(rows[CallList.service_cluster_id].nunique(), 'service')} of "
        f"{plural(len(groups), 'provider')} are open. One call to {text(first[CallList.organization_name])} could give "
        f"{plural(int(first[CallList.call_closes]), 'combination')} of need, age, level of offer and place "
        f"{'its' if first[CallList.call_closes] == 1 else 'their'} first confirmed activity."
    )


def _call(rows: pd.DataFrame) -> ProviderCall:
    first = rows.iloc[0]
    asked = [
        Asked(text(own[CallList.service_name].iloc[0]), [
            OpenQuestion(code).label for code in own[CallList.open_question]
        ])
        for _, own in rows.groupby(CallList.service_cluster_id, sort=False)
    ]  # fmt: skip
    return ProviderCall(
        provider=text(first[CallList.organization_name]),
        phone=text(first[CallList.phone]),
        email=text(first[CallList.email]),
        website=text(first[CallList.website]).removeprefix("https://").removeprefix("http://").rstrip("/"),
        closes=number(first[CallList.call_closes]),
        secures=number(first[CallList.call_secures]),
        asked=asked,
    )
