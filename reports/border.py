"""Who just across the border could take City children, and whom to ring first."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, ReportFacts
from reports.grid import Row
from reports.sections import Part, Section
from reports.words import label, text
from transforms.tables import BorderReach, Organization
from transforms.vocabulary import Answer, Tier

_CALLS_SHOWN = 15
_PHONE = "phone"


@dataclass(frozen=True)
class Call:
    """One provider to ring: where it is, and the services to ask about."""

    provider: str
    phone: str
    venues: list[str]
    borough: str
    services: list[str]
    boundary_m: float
    error_m: float
    estate: str
    estate_m: float


@dataclass(frozen=True)
class Taker:
    """One activity that is confirmed to take City children."""

    service: str
    provider: str
    venue: str
    borough: str
    boundary_m: float
    evidence: str


@dataclass(frozen=True)
class Tally:
    """Activities just across the border; the same one listed by several boroughs counts once."""

    listed: int
    confirmed: int
    possible: int
    to_ask: int
    rows_to_ask: pd.Series
    rows_confirmed: pd.Series


@dataclass(frozen=True)
class Border:
    """The counts, and the first providers to ring."""

    listed: int
    confirmed: int
    possible: int
    to_ask: int
    providers: int
    calls: list[Call]
    takers: list[Taker]


def border(frames: Frames, facts: ReportFacts) -> Border:
    """The counts and the first providers to ring, nearest to the City boundary first."""
    rows = _nearest_first(frames)
    counted = tally(rows)
    providers = [group for _, group in rows[counted.rows_to_ask].groupby(BorderReach.provider_id, sort=False)]
    return Border(
        listed=counted.listed,
        confirmed=counted.confirmed,
        possible=counted.possible,
        to_ask=counted.to_ask,
        providers=len(providers),
        calls=[_call(group, facts) for group in providers[:_CALLS_SHOWN]],
        takers=[
            _taker(row, facts)
            for row in rows[counted.rows_confirmed]
            .drop_duplicates(BorderReach.activity_id)
            .to_dict("records")
        ],
    )


def border_section(reach: Border) -> Section:
    """The section on who just across the border could help."""
    return Section(
        "border", "Across the border", "Just across the border: whom to call first", Part.HELP, "border",
        {"border": reach},
    )  # fmt: skip


def tally(reach: pd.DataFrame) -> Tally:
    """Count the activities of the border table; one roster's no turns another's yes into a question."""
    activity, accepts = reach[BorderReach.activity_id], reach[BorderReach.accepts_city_residents]
    refused = accepts.eq(Answer.NO).groupby(activity).transform("any")
    stated = accepts.eq(Answer.YES) & reach[BorderReach.is_verified].astype(bool) & ~refused
    confirmed = stated.groupby(activity).transform("any")
    to_ask = reach[BorderReach.is_call_needed].astype(bool) & ~confirmed
    return Tally(
        listed=activity.nunique(),
        confirmed=activity[confirmed].nunique(),
        possible=activity[accepts.ne(Answer.NO)].nunique(),
        to_ask=activity[to_ask].nunique(),
        rows_to_ask=to_ask,
        rows_confirmed=stated,
    )


def _nearest_first(frames: Frames) -> pd.DataFrame:
    """The border rows with a telephone each, nearest to the City boundary first."""
    rows = frames[BorderReach].sort_values(
        [BorderReach.boundary_distance_m, BorderReach.organization_name, BorderReach.service_name,
         BorderReach.service_at_location_id],
        kind="stable", ignore_index=True,
    )  # fmt: skip
    providers = frames[Organization].dropna(subset=[Organization.phone])
    phones = providers.drop_duplicates(Organization.x_cluster_id).set_index(Organization.x_cluster_id)
    return rows.assign(**{_PHONE: rows[BorderReach.provider_id].map(phones[Organization.phone])})


def _taker(row: Row, facts: ReportFacts) -> Taker:
    return Taker(
        text(row[BorderReach.service_name]),
        text(row[BorderReach.organization_name]),
        text(row[BorderReach.venue_name]) or "venue not named",
        facts.authority(row[BorderReach.lad_code]),
        float(row[BorderReach.boundary_distance_m]),
        label(BorderReach.column(BorderReach.evidence), row[BorderReach.evidence]),
    )


def _call(rows: pd.DataFrame, facts: ReportFacts) -> Call:
    nearest = rows.iloc[0]
    venues = (
        rows[BorderReach.venue_name].fillna("venue not named")
        + rows[BorderReach.postal_code].map(lambda code: f", {code}" if text(code) else "")
    )  # fmt: skip
    services = [
        f"{name} ({Tier(tier).label.lower()})"
        for name, tier in zip(rows[BorderReach.service_name], rows[BorderReach.tier], strict=True)
    ]
    phones = rows[_PHONE].dropna()
    return Call(
        provider=text(nearest[BorderReach.organization_name]),
        phone=text(phones.iloc[0]) if len(phones) else "",
        venues=list(dict.fromkeys(venues)),
        borough=facts.authority(nearest[BorderReach.lad_code]),
        services=list(dict.fromkeys(services)),
        boundary_m=float(nearest[BorderReach.boundary_distance_m]),
        error_m=float(nearest[BorderReach.positional_error_m]),
        estate=text(nearest[BorderReach.nearest_origin]),
        estate_m=float(nearest[BorderReach.nearest_origin_distance_m]),
    )
