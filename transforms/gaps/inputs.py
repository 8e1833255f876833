"""What every gap table is computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from transforms.doubts import DOUBTS, IS_CONFIRMED, IS_POSSIBLE
from transforms.gaps.cells import in_age_bands, in_needs, in_tiers, in_zones
from transforms.schema import Table
from transforms.supply import (
    ACTIVITY,
    ORGANIZATION_NAME,
    PLACE_HOURS,
    PROVIDER,
    SAL_ID,
    SERVICE_CLUSTER,
    SERVICE_ID,
    SERVICE_NAME,
    SESSIONS,
    VENUE_NAME,
)
from transforms.tables import Coverage, Location, Service, ServiceAtLocation, ServiceNeed
from transforms.thresholds import Thresholds

# What tables ask of a service in a cell, and no more: each stands in dozens of rows.
_CARRIED = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, SERVICE_CLUSTER, SERVICE_NAME, ORGANIZATION_NAME, VENUE_NAME,
    ServiceAtLocation.location_id, Service.minimum_age, Service.maximum_age, Service.x_tier, Location.x_zone,
    Location.x_zone_certain, Location.x_signed_distance_m, Location.x_positional_error_m, SESSIONS, PLACE_HOURS,
    DOUBTS, IS_CONFIRMED, IS_POSSIBLE,
]  # fmt: skip


_Made = TypeVar("_Made")


@dataclass(frozen=True)
class GapInputs:
    """The canonical frames with contracts and travel, the supply frame, and dated reference, as at one day.

    ``facts`` holds a frame for each of ``DATED_TABLES``, on its columns, but those that count children: these come
    among ``frames``, as ``transforms.disclosure`` has released them. A frame without rows says that nothing is
    declared.
    """

    frames: Mapping[type[Table], pd.DataFrame]
    supply: pd.DataFrame
    facts: Mapping[type[Table], pd.DataFrame]
    thresholds: Thresholds
    as_of: pd.Timestamp
    _made: dict[Callable[[GapInputs], Any], Any] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    def once(self, function: Callable[[GapInputs], _Made]) -> _Made:
        """What a function makes of these inputs, worked out once for all tables that ask, and never changed."""
        if function not in self._made:
            self._made[function] = function(self)
        return self._made[function]

    @cached_property
    def in_cells(self) -> pd.DataFrame:
        """Every service at a place in every age band, tier and zone that it confirms or may serve, whatever the
        need, or would but for an answer that rules it out; one row per cell and service at its place.
        """
        return in_zones(in_tiers(in_age_bands(self.supply[_CARRIED])))

    @cached_property
    def in_coverage(self) -> pd.DataFrame:
        """Every service at a place in every cell of coverage that it confirms or may serve, or would but for an
        answer that rules it out; worked out once for all tables that ask, and never changed.
        """
        in_order = self.in_cells.sort_values([Coverage.age_band, Coverage.tier, Coverage.zone, SAL_ID])
        return in_needs(in_order, self.frames[ServiceNeed])
