"""What every gap table is computed from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar

import pandas as pd

from transforms.gaps.cells import (
    IN_TIERS,
    IN_ZONES,
    in_age_bands,
    in_need_areas,
    in_needs,
    in_tiers,
    in_zones,
)
from transforms.gaps.groups import Groups
from transforms.gaps.members import COUNTED_BY
from transforms.schema import Table
from transforms.supply import (
    ACTIVITY,
    PLACE_HOURS,
    PROVIDER,
    SAL_ID,
    SERVICE_CLUSTER,
    SERVICE_ID,
    SESSIONS,
    VENUE_CLUSTER,
)
from transforms.tables import Coverage, Eligibility, Location, Service, ServiceAtLocation, ServiceNeed
from transforms.text_columns import coded, numbered
from transforms.thresholds import Thresholds

_IDS = [
    SAL_ID, SERVICE_ID, ACTIVITY, PROVIDER, SERVICE_CLUSTER, VENUE_CLUSTER, ServiceAtLocation.location_id,
]  # fmt: skip
# What tables ask of a service in a cell, and no more: each stands in dozens of rows.
_CARRIED = [
    *COUNTED_BY, SERVICE_CLUSTER, ServiceAtLocation.location_id, Service.minimum_age, Service.maximum_age,
    Service.x_tier, Location.x_zone, Location.x_zone_certain, Location.x_positional_error_m, SESSIONS, PLACE_HOURS,
]  # fmt: skip
# What tables ask of a service in an area of need, and of one whose need does not matter.
_CARRIED_IN_AREAS = [
    *COUNTED_BY, ServiceAtLocation.location_id, Service.minimum_age, Service.maximum_age, Service.x_tier,
    Eligibility.sen_stage, Location.x_zone, Location.x_zone_certain, Location.x_positional_error_m,
    Location.x_easting, Location.x_northing, PLACE_HOURS,
]  # fmt: skip
_CARRIED_IN_PLACES = [
    *COUNTED_BY, VENUE_CLUSTER, Service.x_tier, Location.x_zone, Location.x_zone_certain
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
    def coded(self) -> pd.DataFrame:
        """The supply with ids, tier and zone as ordered categories, since each row of it stands in dozens of cells."""
        return coded(self.supply, _IDS).astype({Service.x_tier: IN_TIERS, Location.x_zone: IN_ZONES})

    @cached_property
    def in_cells(self) -> pd.DataFrame:
        """Every service at a place in every age band, tier and zone that it confirms or may serve, whatever the
        need, or would but for an answer that rules it out; one row per cell and service at its place.
        """
        return in_zones(in_tiers(in_age_bands(self.coded[_CARRIED])))

    @cached_property
    def in_places(self) -> pd.DataFrame:
        """Every service at a place in every tier and zone that it confirms or may serve, whatever the need and age."""
        return in_zones(in_tiers(self.coded[_CARRIED_IN_PLACES]))

    @cached_property
    def in_areas(self) -> pd.DataFrame:
        """Every service at a place in every broad area of need that it names or may be for, whatever else."""
        return in_need_areas(self.coded[_CARRIED_IN_AREAS], self.frames[ServiceNeed])

    @cached_property
    def in_coverage(self) -> pd.DataFrame:
        """Every service at a place in every cell of coverage that it confirms or may serve, or would but for an
        answer that rules it out; worked out once for all tables that ask, and never changed.
        """
        in_order = self.in_cells.sort_values([Coverage.age_band, Coverage.tier, Coverage.zone, SAL_ID])
        return in_needs(in_order, self.frames[ServiceNeed])

    @cached_property
    def cell_of_coverage(self) -> pd.Series:
        """The number of its cell, for each row of ``in_coverage``."""
        return self.in_coverage.groupby(Coverage.key_names()).ngroup()

    @cached_property
    def activities_of_coverage(self) -> Groups:
        """The rows of ``in_coverage`` that are of one activity in one cell."""
        activity, activities = numbered(self.in_coverage[ACTIVITY])
        return Groups.of(self.cell_of_coverage.to_numpy() * max(activities, 1) + activity)
