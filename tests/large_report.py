"""A report of 5,000 activities, each at a venue of its own: for tests, and for the benchmark that times its filters."""

from __future__ import annotations

import datetime as dt
import random

import geopandas as gpd
from made_snapshots import measured
from shapely.geometry import box

from reports.page import ReportFacts, render_report
from transforms.tables import CITY_LAD_CODE

VENUES = 5_000
# A choice for each field of the filters.
CHOICES = {
    "f-need": "1",
    "f-age": "2",
    "f-tier": "0",
    "f-zone": "2",
    "f-day": "5",
    "f-city": "may",
    "f-leave": "yes",
    "f-search": "service 12",
}


def large_report() -> str:
    """The page as text."""
    chance = random.Random(5)
    offers = [
        {
            "service": str(number),
            "venue": str(number),
            "provider": f"p{number // 3}",
            "days": chance.choice(["SA", "MO,WE", "SU", "-"]),
            "accepts": chance.choice(["yes", "no", "unknown", "conditional"]),
            "need": chance.choice(["ASD", "any_send", "SLCN+MLD", "not_stated"]),
            "ages": chance.choice(["5-11", "0-4", "11-18", "16-25"]),
            "tier": chance.choice(["universal", "targeted", "specialist"]),
            "zone": chance.choice(["inside", "near", "outside"]),
            "easting": str(530_000 + chance.randrange(8_000)),
            "northing": str(178_000 + chance.randrange(8_000)),
            "distance_m": str(chance.randrange(-400, 6_000)),
        }
        for number in range(VENUES)
    ]
    facts = ReportFacts(
        run_id="run", as_of=dt.date(2026, 11, 23), is_sample=True, verdicts=[], reference=[], method_version="1",
        boundaries=gpd.GeoSeries({CITY_LAD_CODE: box(531_000, 180_000, 533_000, 182_000)}, crs=27700),
    )  # fmt: skip
    return render_report(measured(offers), facts)
