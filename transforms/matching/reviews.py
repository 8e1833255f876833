"""What people are asked about matches, with the evidence side by side, and how long their answer holds.

A decision holds while the evidence is what it was: a digest of what was compared stands in its row. When the
evidence has changed the question is asked again, and the earlier decision stays to be seen.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from transforms.identifiers import digest
from transforms.parsers.reading import fold
from transforms.schema import Table
from transforms.tables import (
    Address,
    Location,
    Match,
    MatchReview,
    Organization,
    Service,
    ServiceAtLocation,
)
from transforms.vocabulary import MatchDecision, MatchEntity

R = MatchReview
NAME, OTHER_NAMES, PLACE, NUMBERS, CONTACT, SOURCE = (
    "name",
    "other_names",
    "place",
    "numbers",
    "contact",
    "source",
)
_COMPARED = (NAME, OTHER_NAMES, PLACE, NUMBERS, CONTACT)
_SIDES: Mapping[str, tuple[str, str]] = {
    NAME: (R.left_name, R.right_name),
    OTHER_NAMES: (R.left_other_names, R.right_other_names),
    PLACE: (R.left_place, R.right_place),
    NUMBERS: (R.left_numbers, R.right_numbers),
    CONTACT: (R.left_contact, R.right_contact),
    SOURCE: (R.left_source, R.right_source),
}
_NUMBERS = {
    "charity": Organization.charity_no,
    "company": Organization.company_no,
    "Ofsted": Organization.ofsted_urn,
}
FILLED_BY_HAND = (R.decision, R.by_role, R.decided_on, R.note)
_DIGITS = 16

Described = Mapping[tuple[str, str], Mapping[str, str]]


def describe(frames: Mapping[type[Table], pd.DataFrame]) -> Described:
    """What is shown and compared of each record, by kind and id. Of a provider's own home nothing is shown."""
    providers, places = frames[Organization], frames[Location]
    found: dict[tuple[str, str], Mapping[str, str]] = {}
    for row in providers.to_dict("records"):
        found[MatchEntity.ORGANIZATION, row[Organization.id]] = {
            NAME: _text(row, Organization.name),
            OTHER_NAMES: _text(row, Organization.alternate_names),
            PLACE: _text(row, Organization.hq_postcode),
            NUMBERS: _named(row, _NUMBERS),
            CONTACT: _text(row, Organization.website, Organization.phone, Organization.email),
            SOURCE: _text(row, Organization.x_source),
        }
    codes = dict(zip(frames[Address][Address.location_id], frames[Address][Address.postal_code], strict=True))
    for row in places[~places[Location.x_is_home].astype(bool)].to_dict("records"):
        found[MatchEntity.LOCATION, row[Location.id]] = {
            NAME: _text(row, Location.name),
            PLACE: _text(codes, row[Location.id]),
            NUMBERS: _named(row, {"UPRN": Location.external_identifier}),
            SOURCE: _text(row, Location.x_source),
        }
    at = frames[ServiceAtLocation]
    venues: dict[str, set[str]] = {}
    for service, place in zip(
        at[ServiceAtLocation.service_id], at[ServiceAtLocation.location_id], strict=True
    ):
        venues.setdefault(service, set()).add(found.get((MatchEntity.LOCATION, place), {}).get(NAME, ""))
    for row in frames[Service].to_dict("records"):
        provider = found.get((MatchEntity.ORGANIZATION, row[Service.organization_id]), {})
        found[MatchEntity.SERVICE, row[Service.id]] = {
            NAME: _text(row, Service.name),
            OTHER_NAMES: f"of {provider[NAME]}" if provider else "",
            PLACE: ", ".join(sorted(venues.get(row[Service.id], set()) - {""})),
            CONTACT: _text(row, Service.url),
            SOURCE: _text(row, Service.x_source),
        }
    return found


def _text(row: Mapping[Any, Any], *columns: str) -> str:
    values = [row.get(column) for column in columns]
    return ", ".join(str(value) for value in values if value is not None and value == value)


def _named(row: Mapping[Any, Any], columns: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {shown}" for name, column in columns.items() if (shown := _text(row, column)))


def evidence_of(described: Described, entity: str, left: str, right: str) -> str | None:
    """A digest of what is compared of two records, whichever comes first and whatever its case."""
    sides = [described.get((entity, i)) for i in (left, right)]
    if None in sides:
        return None
    told = sorted(
        digest(fold(side.get(column, "")) for column in _COMPARED) for side in sides if side is not None
    )
    return digest([entity, *told])[:_DIGITS]


def standing(reviews: pd.DataFrame, described: Described) -> pd.DataFrame:
    """The decided rows whose evidence is what it was when somebody decided."""
    decided = reviews[reviews[R.decision].notna()]
    now = [
        evidence_of(described, entity, left, right)
        for entity, left, right in zip(
            decided[R.entity], decided[R.left_id], decided[R.right_id], strict=True
        )
    ]
    return decided[decided[R.evidence].eq(pd.Series(now, index=decided.index, dtype="str"))]


def next_reviews(pairs: pd.DataFrame, described: Described, reviews: pd.DataFrame) -> pd.DataFrame:
    """The questions as they stand after a night: every maybe, and every row on which somebody wrote.

    A decided row goes only where the same pair is asked about again on other evidence; then it says what was
    decided before.
    """
    known = {(row[R.entity], row[R.left_id], row[R.right_id]): row for row in reviews.to_dict("records")}
    rows = {key: row for key, row in known.items() if _has_hand(row)}
    for pair in pairs[pairs[Match.decision].eq(MatchDecision.MAYBE)].to_dict("records"):
        key = (pair[Match.entity], pair[Match.left_id], pair[Match.right_id])
        evidence = evidence_of(described, *key)
        if evidence is None:
            continue
        before = known.get(key, {})
        asked = {
            R.entity: key[0], R.left_id: key[1], R.right_id: key[2], R.evidence: evidence,
            R.confidence: pair[Match.confidence], R.reason: pair[Match.reason],
        }  # fmt: skip
        for shown, columns in _SIDES.items():
            asked |= {
                column: described[key[0], i].get(shown) or None
                for column, i in zip(columns, key[1:], strict=True)
            }
        rows[key] = asked | _carried(before, is_same=before.get(R.evidence) == evidence)
    return MatchReview.sorted(MatchReview.frame(rows.values()))


def _has_hand(row: Mapping[Any, Any]) -> bool:
    return any(not pd.isna(row[column]) for column in FILLED_BY_HAND)


def _carried(before: Mapping[Any, Any], *, is_same: bool) -> dict[str, Any]:
    """What people wrote on a question, where it is the same question; else what they decided, as words."""
    if not before:
        return {}
    if is_same or pd.isna(before[R.decision]):
        return {column: before[column] for column in (*FILLED_BY_HAND, R.earlier_decision)}
    note = "" if pd.isna(before[R.note]) else f": {before[R.note]}"
    told = f"{before[R.decision]}, by the {before[R.by_role]} on {before[R.decided_on]:%Y-%m-%d}{note}"
    earlier = before[R.earlier_decision]
    return {R.earlier_decision: told if pd.isna(earlier) else f"{told}; before that {earlier}"}
