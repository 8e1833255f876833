"""The section of the map and the table of activities, which show the same."""

from __future__ import annotations

from reports.activities import Activity
from reports.behind import DOUBTS
from reports.facts import ReportFacts
from reports.filters import FILTERS, rows_data, venue_ids
from reports.locator_map import WIDTH, LocatorMap
from reports.map_data import map_data
from reports.methods import boundary_words
from reports.sections import Part, Section
from reports.words import number, plural

_HEADINGS = (
    "Activity", "Venue", "Where", "Needs and ages", "Level of offer", "Days", "Takes City children",
    "Parent may leave", "Siblings may come", "Step-free",
)  # fmt: skip
# Stands first in a list that is taken from a sample report, as in every file of a sample run.
_SAMPLE = {"column": "sample_data", "mark": "fictional providers"}


def map_section(drawn: LocatorMap, listed: list[Activity], facts: ReportFacts) -> Section:
    """Where the venues are, and what is on at each."""
    data = {
        "lead": _lead(drawn, listed),
        "map": drawn,
        "width": WIDTH,
        "boundary": boundary_words(facts.official_boundary, facts.settings),
        "activities": listed,
        "filters": FILTERS,
        "headings": _HEADINGS,
        "data": {
            "map": map_data(drawn, venue_ids(listed), facts),
            "rows": rows_data(listed),
            "doubts": [doubt.label for doubt in DOUBTS],
            "sample": _SAMPLE if facts.is_sample else None,
        },
    }
    return Section("map", "Map and venues", "Where it is: map and venues", Part.FIRST, "map", data)


def _lead(drawn: LocatorMap, listed: list[Activity]) -> str:
    inside = sum(venue.is_inside for venue in drawn.venues)
    unsure = sum(venue.is_inside and not venue.is_certain for venue in drawn.venues)
    doubt = f" ({number(unsure)} of them so near the boundary that it is not certain)" if unsure else ""
    placed = sum(one.venue_id is not None for one in listed)
    return (
        f"{plural(inside, 'venue')} of {number(len(drawn.venues))} lie inside the Square Mile{doubt}. "
        f"{plural(placed, 'activity runs', 'activities run')} at a venue on the map; "
        f"{number(len(listed) - placed)} have no place on it: they are online, come to the child, or "
        f"their place is not known."
    )
