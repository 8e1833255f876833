"""The filters that the map and the table of activities share, and the rows as a script reads them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from reports.activities import Activity
from reports.words import sentence
from transforms.vocabulary import NEEDS_TO_COVER, TIERS, AgeBand, Weekday, Zone


@dataclass(frozen=True)
class Filter:
    """One question about activities: its name, its words, and the options in the order of their bits."""

    name: str
    label: str
    options: tuple[str, ...]
    is_answer: bool = False


_YES_OR_NO = ("yes", "no")

FILTERS = (
    Filter("need", "Need", tuple(need.label for need in NEEDS_TO_COVER)),
    Filter("age", "Age", tuple(sentence(band.label) for band in AgeBand)),
    Filter("tier", "Level of offer", tuple(tier.label for tier in TIERS)),
    Filter("zone", "Where", tuple(zone.label for zone in Zone)),
    Filter("day", "Day", tuple(day.label for day in Weekday)),
    Filter("city", "Takes City children", _YES_OR_NO, is_answer=True),
    Filter("leave", "Parent may leave", _YES_OR_NO, is_answer=True),
    Filter("siblings", "Siblings may come", _YES_OR_NO, is_answer=True),
    Filter("step_free", "Step-free", _YES_OR_NO, is_answer=True),
)


def rows_data(listed: list[Activity]) -> list[list[Any]]:
    """For each row of the table: its venue on the map or nothing, then what it says and may be, filter by filter."""
    venues = {key: place for place, key in enumerate(venue_ids(listed))}
    return [
        [
            -1 if one.venue_id is None else venues[one.venue_id],
            *(bits for own in FILTERS for bits in (one.masks[own.name].yes, one.masks[own.name].may)),
        ]
        for one in listed
    ]


def venue_ids(listed: list[Activity]) -> list[str]:
    """Every venue that an activity has, each once, in the order of the table."""
    return list(dict.fromkeys(one.venue_id for one in listed if one.venue_id is not None))
