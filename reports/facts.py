"""What the report is told about a run besides its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import geopandas as gpd
import pandas as pd

from transforms.schema import Table

Frames = Mapping[type[Table], pd.DataFrame]


@dataclass(frozen=True)
class OriginPoint:
    """One place where City families live, or their children go to school; EPSG:27700."""

    name: str
    is_home: bool
    easting: float
    northing: float


@dataclass(frozen=True)
class ReportFacts:
    """The run behind a report.

    ``boundaries`` is EPSG:27700, indexed by GSS code. ``reference`` holds (name, as-at) pairs, the
    as-at blank where a file carries no date. ``settings`` may name the thresholds in force; a
    definition whose threshold is not given is worded without its number. ``official_boundary`` names the
    official boundaries and their date; blank when the City's is derived. ``licences`` names the owner of each
    roster in use and the terms on which it may be shown.
    """

    run_id: str
    as_of: dt.date
    is_sample: bool
    verdicts: list[dict[str, Any]]
    boundaries: gpd.GeoSeries
    reference: list[tuple[str, str]]
    method_version: str
    authorities: Mapping[str, str] = field(default_factory=dict)
    settings: Mapping[str, Any] = field(default_factory=dict)
    official_boundary: str = ""
    origins: Sequence[OriginPoint] = ()
    licences: Sequence[tuple[str, str]] = ()

    def authority(self, code: object) -> str:
        """Name of an authority; the code itself where no name is known."""
        if not isinstance(code, str):
            return "authority not known"
        return self.authorities.get(code, code)


def rows_of(frames: Frames, table: type[Table]) -> pd.DataFrame:
    """The rows of a table; none where the run did not make it."""
    found = frames.get(table)
    return table.frame() if found is None else found
