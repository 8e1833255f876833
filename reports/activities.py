"""Every running activity, one row each: what a reader filters, sorts and sees on the map."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from reports.facts import Frames, rows_of
from reports.grid import Row
from reports.locator_map import Venue
from reports.masks import Mask, ages_mask, answer_mask, days_mask, needs_mask, tier_mask, zone_mask
from reports.words import text
from transforms.tables import (
    Accessibility,
    Address,
    Eligibility,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    Supply,
)
from transforms.vocabulary import Zone

# The yes/no questions, in the order of the table's columns.
ANSWERS = ("city", "leave", "siblings", "step_free")
_SHORT = {Zone.INSIDE: "Inside", Zone.NEAR: "Near", Zone.OUTSIDE: "Outside", Zone.HOME_OUTREACH: "At home"}
_SERVICE, _PROVIDER, _POSTCODE = "service", "provider", "postcode"


@dataclass(frozen=True)
class Activity:
    """One service at one venue, whatever number of rosters list it."""

    id: str
    service: str
    provider: str
    venue: str
    postcode: str
    where: str
    is_unsure: bool
    distance_m: float | None
    tier: str
    needs: str
    ages: str
    days: str
    answers: tuple[str, ...]
    # The venue on the map; none where the place has no point.
    venue_id: str | None
    masks: dict[str, Mask] = field(default_factory=dict)


def activities(frames: Frames, venues: Iterable[Venue]) -> list[Activity]:
    """Running activities, the innermost first, each at one of the venues of the map or at none.

    What several rosters say of one activity is put together: an answer is a yes or a no where all that answer
    agree; where they do not it is not known.
    """
    needs, days = _needs(frames), _days(frames)
    drawn = {venue.id: venue for venue in venues}
    # Plain rows from here on: a frame for each of thousands of activities would take many times as long.
    listings: dict[str, list[Row]] = defaultdict(list)
    for row in _rows(frames).to_dict("records"):
        listings[row[Supply.activity_id]].append(row)
    found = [_activity(own, needs, days, drawn) for own in listings.values()]
    return sorted(
        found,
        key=lambda one: (
            one.distance_m is None,
            one.distance_m or 0.0,
            one.service.casefold(),
            one.id,
        ),
    )


def _rows(frames: Frames) -> pd.DataFrame:
    """One row per listing of a running service at a place, with all that is shown of it."""
    supply = rows_of(frames, Supply)
    supply = supply[supply[Supply.is_running].fillna(False).astype(bool)]
    at = rows_of(frames, ServiceAtLocation)[[ServiceAtLocation.id, ServiceAtLocation.location_id]]
    rows = supply.merge(
        at, left_on=Supply.service_at_location_id, right_on=ServiceAtLocation.id, validate="1:1"
    ).drop(columns=ServiceAtLocation.id)
    services = rows_of(frames, Service)
    rows = rows.merge(
        services[[Service.id, Service.organization_id, Service.name, Service.minimum_age, Service.maximum_age,
                  Service.x_tier]].rename(columns={Service.id: Supply.service_id, Service.name: _SERVICE}),
        on=Supply.service_id, validate="m:1",
    )  # fmt: skip
    names = rows_of(frames, Organization).set_index(Organization.id)[Organization.name]
    rows[_PROVIDER] = rows[Service.organization_id].map(names)
    places = rows_of(frames, Location)
    rows = rows.merge(
        places[[Location.id, Location.x_zone, Location.x_zone_certain, Location.x_cluster_id]]
        .rename(columns={Location.id: ServiceAtLocation.location_id}),
        on=ServiceAtLocation.location_id, validate="m:1",
    )  # fmt: skip
    postcodes = rows_of(frames, Address).drop_duplicates(Address.location_id).set_index(Address.location_id)
    rows[_POSTCODE] = rows[ServiceAtLocation.location_id].map(postcodes[Address.postal_code])
    rows = rows.merge(
        rows_of(frames, Eligibility)[[Eligibility.service_id, Eligibility.accepts_city_residents,
                                      Eligibility.parent_must_stay, Eligibility.siblings_welcome]],
        on=Supply.service_id, how="left", validate="m:1",
    )  # fmt: skip
    access = rows_of(frames, Accessibility).drop_duplicates(Accessibility.location_id)
    step_free = access.set_index(Accessibility.location_id)[Accessibility.x_step_free]
    rows[Accessibility.x_step_free] = rows[ServiceAtLocation.location_id].map(step_free)
    return rows.sort_values(Supply.service_at_location_id, kind="stable")


def _needs(frames: Frames) -> dict[str, list[tuple[str, str]]]:
    """What each service says of needs: how widely it is meant, and which need."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    own = rows_of(frames, ServiceNeed)[[ServiceNeed.service_id, ServiceNeed.scope, ServiceNeed.need_code]]
    for service, scope, code in own.itertuples(index=False, name=None):
        found[service].append((scope, text(code)))
    return found


def _days(frames: Frames) -> dict[str, list[str]]:
    """The day codes of each service at its place, as its sessions give them; blank for one that gives none."""
    found: dict[str, list[str]] = defaultdict(list)
    sessions = rows_of(frames, Schedule)[[Schedule.service_at_location_id, Schedule.byday]]
    for place, byday in sessions.itertuples(index=False, name=None):
        found[place].append(text(byday))
    return found


def _activity(
    rows: list[Row],
    needs: dict[str, list[tuple[str, str]]],
    days: dict[str, list[str]],
    drawn: dict[str, Venue],
) -> Activity:
    first = rows[0]
    venue = drawn.get(text(first[Location.x_cluster_id]))
    own_needs = [said for row in rows for said in needs.get(row[Supply.service_id], [])]
    own_days = [byday for row in rows for byday in days.get(row[Supply.service_at_location_id], [""])]
    masks = {
        "need": needs_mask(own_needs),
        "age": ages_mask([(row[Service.minimum_age], row[Service.maximum_age]) for row in rows]),
        "tier": tier_mask(row[Service.x_tier] for row in rows),
        "zone": zone_mask((row[Location.x_zone], row[Location.x_zone_certain]) for row in rows),
        "day": days_mask(own_days),
        "city": answer_mask(row[Eligibility.accepts_city_residents] for row in rows),
        "leave": answer_mask((row[Eligibility.parent_must_stay] for row in rows), is_turned=True),
        "siblings": answer_mask(row[Eligibility.siblings_welcome] for row in rows),
        "step_free": answer_mask(row[Accessibility.x_step_free] for row in rows),
    }
    zone = Zone(first[Location.x_zone]) if venue is None else venue.zone
    return Activity(
        id=text(first[Supply.activity_id]),
        service=text(first[_SERVICE]),
        provider=text(first[_PROVIDER]),
        venue="" if venue is None else venue.name,
        postcode="" if venue is None else text(first[_POSTCODE]),
        where=_SHORT.get(zone, zone.label),
        is_unsure=venue is not None and not venue.is_certain,
        distance_m=None if venue is None else venue.distance_m,
        tier=masks["tier"].words,
        needs=masks["need"].words,
        ages=masks["age"].words,
        days=masks["day"].words,
        answers=tuple(masks[name].words for name in ANSWERS),
        venue_id=None if venue is None else venue.id,
        masks=masks,
    )
