"""Every threshold by name; the values are reference data (``data/reference/thresholds.toml``)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar


@dataclass(frozen=True, kw_only=True)
class Thresholds:
    """The settings that decide what counts. Units are in the names; sources are in the file."""

    __pydantic_config__: ClassVar[dict[str, str]] = {"extra": "forbid"}

    verified_within_days: int
    near_m: float
    border_reach_m: float
    postcode_error_m: float
    coarse_postcode_error_m: float
    approximate_postcode_error_m: float
    imputed_postcode_error_m: float
    sector_postcode_error_m: float
    postcode_copy_m: float
    uprn_error_m: float
    coordinates_error_m: float
    boundary_error_m: float
    boundary_median_error_m: float
    po_box_stack_postcodes: int
    moved_m: float
    unreadable_rows_pct: float
    fewer_rows_pct: float
    walking_detour: float
    walking_m_per_min: float
    after_school_from: str
    evening_from: str
    school_day_from: str
    holiday_day_hours: float
    adulthood_prepared_from_age: int
    target_increase_pct: float
    rate_known_pct: float
    parent_stays_pct: float
    far_walk_min: float
    within_walk_min: tuple[float, ...]
    contract_lapses_days: int
    new_contract_days: int
    buying_neighbours: int
    concentrated_hhi: float
    access_unknown_pct: float
    enough_hours_per_child: float
    catchment_min: tuple[float, ...]
    catchment_weights: tuple[float, ...]
    people_square_m: float
    match_confidence: float
    maybe_confidence: float
    same_venue_m: float
    light_rename_pct: float
    light_rename_lead_pct: float
    good_completeness_pct: float
    good_validity_pct: float
    good_uniqueness_pct: float
    good_consistency_pct: float
    good_timeliness_pct: float
    good_geocode_pct: float
