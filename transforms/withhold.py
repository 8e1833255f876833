"""What is never published, taken out once, before anything is counted.

Records made for one child are withheld whole: their service, times, prices, needs and evidence.
"""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from transforms.schema import Table
from transforms.tables import (
    CostOption,
    Eligibility,
    Funding,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ValueProvenance,
)

_BY_SERVICE = {
    ServiceAtLocation: ServiceAtLocation.service_id,
    CostOption: CostOption.service_id,
    Funding: Funding.service_id,
    Eligibility: Eligibility.service_id,
    ServiceNeed: ServiceNeed.service_id,
    ValueProvenance: ValueProvenance.id,
}

Frames = Mapping[type[Table], pd.DataFrame]


def withhold_bespoke(frames: Frames) -> tuple[dict[type[Table], pd.DataFrame], set[str]]:
    """The frames without bespoke services, and the ids that were withheld."""
    services = frames[Service]
    withheld = set(services.loc[services[Service.x_is_bespoke], Service.id])
    kept = dict(frames)
    kept[Service] = services[~services[Service.id].isin(withheld)].reset_index(drop=True)
    for table, column in _BY_SERVICE.items():
        kept[table] = frames[table][~frames[table][column].isin(withheld)].reset_index(drop=True)
    places = set(kept[ServiceAtLocation][ServiceAtLocation.id])
    schedules = frames[Schedule]
    kept[Schedule] = schedules[schedules[Schedule.service_at_location_id].isin(places)].reset_index(drop=True)
    return kept, withheld
