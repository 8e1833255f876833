"""The directory as Open Referral UK 3.0: one service object for each service as one borough lists it.

Codes are said in words that any directory can show. What the standard has no field for is an attribute whose taxonomy
is named here; what we do not know is left out. Withheld records are not in the frames this is made from.
"""

from __future__ import annotations

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import takewhile
from typing import Any

import pandas as pd

from transforms.schema import LIST_JOINT, Table
from transforms.tables import (
    Accessibility,
    Address,
    CostOption,
    Eligibility,
    Funding,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServicePathway,
)
from transforms.vocabulary import (
    AccessFeature,
    Answer,
    CalendarPeriod,
    CostUnit,
    DeliveryMode,
    Need,
    NeedScope,
    Pathway,
    SenStage,
    ShortBreakType,
    StepFree,
    Tier,
    Weekday,
)

Frames = Mapping[type[Table], pd.DataFrame]
Row = dict[str, Any]
Object = dict[str, Any]

# Every identifier is made from ours under this one, so that it is the same in each snapshot.
_OURS = uuid.UUID("1f6a9c2e-7b43-5d0e-9a51-0e5b7c2d4f88")

NEED, TIER, PARENT, SIBLINGS, KIND, CAPACITY, PLAN, DELIVERY, PATHWAY, SAME_AS = (
    "SEND need", "Offer level", "Parent attendance", "Siblings", "Short break type", "Capacity",
    "Plan or assessment", "Delivery", "Preparing for adulthood", "Same service in every borough",
)  # fmt: skip
_PARENT = {Answer.YES: "Parent must stay", Answer.NO: "Drop-off", Answer.CONDITIONAL: "Parent optional"}
_SIBLINGS = {
    Answer.YES: "Siblings welcome", Answer.NO: "No siblings", Answer.CONDITIONAL: "Siblings by arrangement"
}  # fmt: skip
_AREA = {
    Answer.YES: "Open to City of London residents",
    Answer.NO: "Not open to City of London residents",
    Answer.CONDITIONAL: "City of London residents by agreement",
}
_STEP_FREE = {StepFree.YES: "Step-free", StepFree.PARTIAL: "Partly step-free", StepFree.NO: "Not step-free"}
_FEATURE = {Answer.YES: "{}", Answer.NO: "No {}", Answer.CONDITIONAL: "{} by arrangement"}
# Whose words as a label name a level of support as well.
_NEED = {Need.NSA: "No specialist assessment"}
_SCOPE = {NeedScope.ANY_SEND: "Any special need or disability", NeedScope.OPEN: "Open to everyone"}
_DELIVERY = {
    DeliveryMode.PHYSICAL: "In person",
    DeliveryMode.ONLINE: "Online",
    DeliveryMode.HYBRID: "In person and online",
    DeliveryMode.HOME: "At home",
    DeliveryMode.OUTREACH: "In the community",
}
_IDENTIFIERS = (
    (Organization.charity_no, "GB-CHC", "Charity number"),
    (Organization.company_no, "GB-COH", "Company number"),
    (Organization.ofsted_urn, "GB-OFSTED", "Ofsted unique reference number"),
)
# Post town, by the letters that a postcode begins with: these are London's.
_LONDON, _LONDON_AREAS = "London", frozenset({"E", "EC", "N", "NW", "SE", "SW", "W", "WC"})
_LONDON_CODES, _GREATER_LONDON = "E09", "Greater London"
_NOT_KNOWN, _COUNTRY = "Not known", "GB"


def services(frames: Frames, *, alert: str = "") -> list[Object]:
    """Every service as the standard's object, by identifier. ``alert`` stands in each of them."""
    one = _Directory(frames, alert)
    return [one.service(row) for row in _rows(Service.sorted(frames[Service]))]


def page(found: Sequence[Object]) -> Object:
    """Services as one page, as the standard's ``/services`` gives them."""
    return {
        "total_items": len(found), "total_pages": 1, "page_number": 1, "size": len(found),
        "first_page": True, "last_page": True, "empty": not found, "contents": list(found),
    }  # fmt: skip


def identifier(ours: str) -> str:
    """The UUID that stands for one of our identifiers."""
    return str(uuid.uuid5(_OURS, ours))


def _rows(frame: pd.DataFrame) -> list[Row]:
    """Rows without what is not known."""
    return [
        {str(name): value for name, value in row.items() if pd.notna(value) and value != ""}
        for row in frame.to_dict("records")
    ]


def _by(frame: pd.DataFrame, column: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in _rows(frame):
        found.setdefault(row[column], []).append(row)
    return found


def _said(**values: Any) -> Object:
    """An object without the fields that say nothing."""
    return {name: value for name, value in values.items() if value not in (None, "", [])}


def _attribute(of: str, taxonomy: str, words: str) -> Object:
    return {
        "id": identifier(f"{of}/{taxonomy}/{words}"),
        "link_type": "service",
        "taxonomy_term": {
            "id": identifier(f"{taxonomy}/{words}"),
            "name": words,
            "description": f"{taxonomy}: {words}",
            "taxonomy": taxonomy,
        },
    }


def _day(value: Any) -> str | None:
    return None if value is None else f"{pd.Timestamp(value):%Y-%m-%d}"


class _Directory:
    """The directory's rows, ready to be looked up by what they belong to."""

    def __init__(self, frames: Frames, alert: str) -> None:
        self._alert = alert
        self._organizations = {row[Organization.id]: row for row in _rows(frames[Organization])}
        self._locations = {row[Location.id]: row for row in _rows(frames[Location])}
        self._terms = {row[Eligibility.service_id]: row for row in _rows(frames[Eligibility])}
        self._places = _by(ServiceAtLocation.sorted(frames[ServiceAtLocation]), ServiceAtLocation.service_id)
        self._addresses = _by(Address.sorted(frames[Address]), Address.location_id)
        self._access = _by(Accessibility.sorted(frames[Accessibility]), Accessibility.location_id)
        self._sessions = _by(Schedule.sorted(frames[Schedule]), Schedule.service_at_location_id)
        self._costs = _by(CostOption.sorted(frames[CostOption]), CostOption.service_id)
        self._funding = _by(Funding.sorted(frames[Funding]), Funding.service_id)
        self._needs = _by(ServiceNeed.sorted(frames[ServiceNeed]), ServiceNeed.service_id)
        self._pathways = _by(ServicePathway.sorted(frames[ServicePathway]), ServicePathway.service_id)

    def service(self, row: Row) -> Object:
        """One service with everything that belongs to it."""
        own = row[Service.id]
        organization = self._organizations[row[Service.organization_id]]
        places, costs = self._places.get(own, []), self._costs.get(own, [])
        return _said(
            id=identifier(own),
            name=row[Service.name],
            url=row.get(Service.url),
            status=row[Service.status],
            assured_date=_day(row.get(Service.x_last_verified)),
            minimum_age=row.get(Service.minimum_age),
            maximum_age=row.get(Service.maximum_age),
            fees="; ".join(dict.fromkeys(_prices_as_written(costs))),
            alert=self._alert,
            organization=_organization(organization),
            phones=_phones(organization),
            funding=[
                {"id": identifier(one[Funding.id]), "source": one[Funding.source]}
                for one in self._funding.get(own, [])
                if Funding.source in one
            ],
            schedules=[
                _session(session, place[ServiceAtLocation.id])
                for place in places
                for session in self._sessions.get(place[ServiceAtLocation.id], [])
            ],
            service_areas=_areas(own, self._terms.get(own, {})),
            service_at_locations=[
                {
                    "id": identifier(place[ServiceAtLocation.id]),
                    "location": self._location(place[ServiceAtLocation.location_id]),
                }
                for place in places
            ],
            cost_options=[_cost(one) for one in costs if CostOption.amount in one],
            attributes=[_attribute(own, *words) for words in dict.fromkeys(self._attributes(row, places))],
        )

    def _location(self, own: str) -> Object:
        row = self._locations[own]
        # A provider's home has no address and no point in the directory; nothing is made up for it here.
        is_shown = not row[Location.x_is_home]
        return _said(
            id=identifier(own),
            location_type=row[Location.location_type],
            name=row.get(Location.name),
            latitude=row.get(Location.latitude) if is_shown else None,
            longitude=row.get(Location.longitude) if is_shown else None,
            external_identifier=row.get(Location.external_identifier),
            external_identifier_type="UPRN" if Location.external_identifier in row else None,
            addresses=[
                _address(one, row)
                for one in self._addresses.get(own, [])
                if is_shown and Address.postal_code in one
            ],
            accessibility=[
                {"id": identifier(f"{one[Accessibility.id]}/{words}"), "accessibility": words}
                for one in self._access.get(own, [])
                for words in _access(one)
            ],
        )

    def _attributes(self, row: Row, places: Sequence[Row]) -> Iterator[tuple[str, str]]:
        own, terms = row[Service.id], self._terms.get(row[Service.id], {})
        yield from ((NEED, words) for words in _needs(self._needs.get(own, [])))
        if row[Service.x_tier] != Tier.UNKNOWN:
            yield TIER, Tier(row[Service.x_tier]).label
        for taxonomy, column, answers in (
            (PARENT, Eligibility.parent_must_stay, _PARENT),
            (SIBLINGS, Eligibility.siblings_welcome, _SIBLINGS),
        ):
            if words := answers.get(Answer(terms.get(column, Answer.UNKNOWN))):
                yield taxonomy, words
        if row[Service.x_short_break_type] != ShortBreakType.UNKNOWN:
            yield KIND, row[Service.x_short_break_type].replace("_", " ")
        if words := _DELIVERY.get(DeliveryMode(row[Service.x_delivery_mode])):
            yield DELIVERY, words
        capacities = {place.get(ServiceAtLocation.x_places_per_session) for place in places}
        # The standard has no field for it at one place of several.
        if len(capacities) == 1 and None not in capacities:
            yield CAPACITY, f"{capacities.pop()} places"
        if terms.get(Eligibility.sen_stage, SenStage.UNKNOWN) != SenStage.UNKNOWN:
            yield PLAN, terms[Eligibility.sen_stage].replace("_", " ")
        for one in self._pathways.get(own, []):
            yield PATHWAY, Pathway(one[ServicePathway.pathway]).label
        yield SAME_AS, row[Service.x_cluster_id]


def _organization(row: Row) -> Object:
    own = row[Organization.id]
    return _said(
        id=identifier(own),
        name=row[Organization.name],
        description=f"{row[Organization.name]}, as its roster names it",
        email=row.get(Organization.email),
        website=row.get(Organization.website),
        organization_identifiers=[
            {
                "id": identifier(f"{own}/{scheme}"),
                "identifier_scheme": scheme,
                "identifier_type": kind,
                "identifier": row[column],
            }
            for column, scheme, kind in _IDENTIFIERS
            if column in row
        ],
    )


def _phones(row: Row) -> list[Object]:
    if Organization.phone not in row:
        return []
    return [{"id": identifier(f"{row[Organization.id]}/phone"), "number": row[Organization.phone]}]


def _session(row: Row, place: str) -> Object:
    return _said(
        id=identifier(row[Schedule.id]),
        service_at_location_id=identifier(place),
        valid_from=_day(row.get(Schedule.valid_from)),
        valid_to=_day(row.get(Schedule.valid_to)),
        freq=row.get(Schedule.freq),
        interval=row.get(Schedule.interval),
        byday=row.get(Schedule.byday),
        opens_at=row.get(Schedule.opens_at),
        closes_at=row.get(Schedule.closes_at),
        description=_session_in_words(row),
        notes=row.get(Schedule.description),
    )


def _session_in_words(row: Row) -> str:
    """Days, times and season, as far as they are known."""
    days = [_WEEKDAY[code[-2:]] for code in row.get(Schedule.byday, "").split(LIST_JOINT) if code]
    hours = [row[column] for column in (Schedule.opens_at, Schedule.closes_at) if column in row]
    period = row[Schedule.x_calendar_period]
    season = "" if period == CalendarPeriod.UNKNOWN else period.replace("_", " ")
    when = " ".join(filter(None, [" and ".join(days), " to ".join(hours)]))
    return ", ".join(filter(None, [when, season]))


_WEEKDAY = dict(
    zip(Weekday, ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"), strict=True)
)


def _areas(own: str, terms: Row) -> list[Object]:
    answer = Answer(terms.get(Eligibility.accepts_city_residents, Answer.UNKNOWN))
    in_their_words = terms.get(Eligibility.condition)
    words = _AREA.get(answer) or in_their_words
    if not words:
        return []
    return [{"id": identifier(f"{own}/area"), "name": in_their_words or words, "service_area": words}]


def _prices_as_written(rows: Iterable[Row]) -> Iterator[str]:
    return (row[CostOption.amount_description] for row in rows if CostOption.amount_description in row)


def _cost(row: Row) -> Object:
    unit = row[CostOption.x_unit]
    return _said(
        id=identifier(row[CostOption.id]),
        option=row.get(CostOption.option),
        amount=row[CostOption.amount],
        amount_description=None if unit == CostUnit.UNKNOWN else f"per {unit}",
    )


def _address(row: Row, location: Row) -> Object:
    letters = "".join(takewhile(str.isalpha, row[Address.postal_code]))
    is_in_london = location.get(Location.x_lad_code, "").startswith(_LONDON_CODES)
    return {
        "id": identifier(row[Address.id]),
        "address_1": row.get(Address.address_1) or location.get(Location.name) or _NOT_KNOWN,
        "city": row.get(Address.city) or (_LONDON if letters in _LONDON_AREAS else _NOT_KNOWN),
        "state_province": _GREATER_LONDON if is_in_london else _NOT_KNOWN,
        "postal_code": row[Address.postal_code],
        "country": _COUNTRY,
        "address_type": location[Location.location_type],
    }


def _access(row: Row) -> Iterator[str]:
    if words := _STEP_FREE.get(StepFree(row[Accessibility.x_step_free])):
        yield words
    for feature in AccessFeature:
        column = Accessibility.column(f"x_{feature.value}").name
        if words := _FEATURE.get(Answer(row[column])):
            yield words.format(feature.label)


def _needs(rows: Iterable[Row]) -> Iterator[str]:
    for row in rows:
        scope = NeedScope(row[ServiceNeed.scope])
        if scope is NeedScope.NAMED and ServiceNeed.need_code in row:
            need = Need(row[ServiceNeed.need_code])
            yield _NEED.get(need, need.label)
        elif scope in _SCOPE:
            yield _SCOPE[scope]
        elif scope is NeedScope.AREA and ServiceNeed.raw in row:
            yield row[ServiceNeed.raw]
