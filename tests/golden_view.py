"""One line per service as a reader would check it against the roster: the golden files' shape."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schema import Table
from transforms.tables import (
    Address,
    Eligibility,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from transforms.vocabulary import NeedScope

NOT_KNOWN = "?"


def golden_view(frames: Mapping[type[Table], pd.DataFrame], source: str) -> pd.DataFrame:
    """What was made of one source's services: words only, in order of name, no generated identifiers."""
    services = frames[Service][frames[Service][Service.x_source].eq(source)]
    provider = frames[Organization].set_index(Organization.id)[Organization.name]
    terms = frames[Eligibility].set_index(Eligibility.service_id)
    needs = frames[ServiceNeed]
    code = needs[ServiceNeed.need_code].str.cat(
        needs[ServiceNeed.scope].eq(NeedScope.AREA).map({True: NOT_KNOWN, False: ""})
    )
    spoken = code.fillna(needs[ServiceNeed.scope])
    at = frames[ServiceAtLocation]
    places = frames[Location].merge(
        frames[Address][[Address.location_id, Address.postal_code]],
        left_on=Location.id, right_on=Address.location_id, how="left",
    ).set_index(Location.id)  # fmt: skip
    where = at[ServiceAtLocation.location_id].map(
        places[Location.x_zone].str.cat(places[Address.postal_code], sep=" ", na_rep="-")
    )
    times = (
        frames[Schedule][[Schedule.byday, Schedule.opens_at, Schedule.closes_at]]
        .fillna("-")
        .agg(" ".join, axis=1)
    )
    service_of = at.set_index(ServiceAtLocation.id)[ServiceAtLocation.service_id]
    times_of = frames[Schedule][Schedule.service_at_location_id].map(service_of)
    view = pd.DataFrame(
        {
            "service": services[Service.name],
            "provider": services[Service.organization_id].map(provider),
            "status": services[Service.status],
            "tier": services[Service.x_tier],
            "ages": _text(services[Service.minimum_age]) + "-" + _text(services[Service.maximum_age]),
            "needs": services[Service.id].map(_joined(spoken, needs[ServiceNeed.service_id])),
            "where": services[Service.id].map(_joined(where, at[ServiceAtLocation.service_id])),
            "times": services[Service.id].map(_joined(times, times_of)),
            "accepts": services[Service.id].map(terms[Eligibility.accepts_city_residents]),
            "parent_stays": services[Service.id].map(terms[Eligibility.parent_must_stay]),
            "siblings": services[Service.id].map(terms[Eligibility.siblings_welcome]),
            "verified": services[Service.x_last_verified].dt.strftime("%Y-%m-%d"),
        }
    )
    view = view.astype("object").where(view.notna(), NOT_KNOWN)
    return view.sort_values(list(view.columns), ignore_index=True)


def _text(numbers: pd.Series) -> pd.Series:
    return numbers.astype("object").where(numbers.notna(), NOT_KNOWN).astype(str)


def _joined(values: pd.Series, by: pd.Series) -> pd.Series:
    return values.groupby(by).agg(lambda part: " + ".join(sorted(set(part))))
