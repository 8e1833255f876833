"""Which rows of the directory belong to which services, through whatever tables lie between."""

from __future__ import annotations

from collections.abc import Collection, Mapping

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
    ServicePathway,
)

Frames = Mapping[type[Table], pd.DataFrame]

# The column that names the service to which a row belongs.
_OWNER: dict[type[Table], str] = {
    Service: Service.id,
    ServiceAtLocation: ServiceAtLocation.service_id,
    CostOption: CostOption.service_id,
    Funding: Funding.service_id,
    Eligibility: Eligibility.service_id,
    ServiceNeed: ServiceNeed.service_id,
    ServicePathway: ServicePathway.service_id,
}
OF_SERVICES: tuple[type[Table], ...] = (*_OWNER, Schedule)


def owners(frames: Frames, table: type[Table]) -> pd.Series:
    """The service of each row of one of ``OF_SERVICES``."""
    if table is not Schedule:
        return frames[table][_OWNER[table]]
    service_of = frames[ServiceAtLocation].set_index(ServiceAtLocation.id)[ServiceAtLocation.service_id]
    return frames[Schedule][Schedule.service_at_location_id].map(service_of)


def of_services(frames: Frames, services: Collection[str]) -> dict[type[Table], pd.DataFrame]:
    """The rows of ``OF_SERVICES`` that belong to these services, and no others."""
    return {table: frames[table][owners(frames, table).isin(services)] for table in OF_SERVICES}
