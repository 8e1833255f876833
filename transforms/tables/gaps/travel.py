"""How far it is to what a child may join."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AgeBand, GapStatus, NeedArea, OriginKind, Tier

_CERTAIN, _ANY = "an activity of which every answer is certain", "any activity that may be for this child"
_AT_MOST = "certainly a walk of so many minutes at most"
_MAYBE = "confirmed, and all that may be so near"


class TravelBurden(GapTable, name="travel_burden"):
    """One City estate or the City's school, area of need, age band and tier: how far it is to something."""

    question = "How far do City families have to go?"
    origin = Column(Kind.TEXT, "Residential estate or school of the City", required=True)
    origin_kind = Column(Kind.TEXT, "Which of the two it is", required=True, values=OriginKind)
    need_area = Column(Kind.TEXT, "Broad area of need", required=True, values=NeedArea)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    nearest_confirmed_m = Column(
        Kind.NUMBER,
        f"Straight line to the nearest, {_CERTAIN}; blank where there is none",
        unit="m",
        minimum=0,
    )
    nearest_confirmed_error_m = Column(Kind.NUMBER, "How far off its point may be", unit="m", minimum=0)
    nearest_confirmed_walk_min = Column(
        Kind.NUMBER, "Estimated walk to that point", unit="minutes", minimum=0
    )
    nearest_possible_m = Column(
        Kind.NUMBER, f"Straight line to the nearest, {_ANY}; blank where there is none", unit="m", minimum=0
    )
    nearest_possible_error_m = Column(Kind.NUMBER, "How far off its point may be", unit="m", minimum=0)
    nearest_possible_walk_min = Column(Kind.NUMBER, "Estimated walk to that point", unit="minutes", minimum=0)
    second_confirmed_m = Column(
        Kind.NUMBER, f"Straight line to the second nearest, {_CERTAIN}", unit="m", minimum=0
    )
    second_confirmed_error_m = Column(Kind.NUMBER, "How far off its point may be", unit="m", minimum=0)
    second_confirmed_walk_min = Column(Kind.NUMBER, "Estimated walk to that point", unit="minutes", minimum=0)
    second_possible_m = Column(
        Kind.NUMBER, f"Straight line to the second nearest, {_ANY}", unit="m", minimum=0
    )
    second_possible_error_m = Column(Kind.NUMBER, "How far off its point may be", unit="m", minimum=0)
    second_possible_walk_min = Column(Kind.NUMBER, "Estimated walk to that point", unit="minutes", minimum=0)
    public_transport_min = Column(
        Kind.NUMBER,
        "Minutes by public transport: always blank, for it is not measured",
        unit="minutes",
        minimum=0,
    )
    near_enough_confirmed = Column(
        Kind.WHOLE, "Activities that are near enough to walk to, for certain", required=True, minimum=0
    )
    near_enough_possible = Column(Kind.WHOLE, f"Near enough to walk to: {_MAYBE}", required=True, minimum=0)
    providers_confirmed = Column(
        Kind.WHOLE, "Providers behind those that are certainly near enough", required=True, minimum=0
    )
    within_15_min_confirmed = Column(Kind.WHOLE, f"Activities, {_AT_MOST}", required=True, minimum=0)
    within_15_min_possible = Column(Kind.WHOLE, f"Activities, {_MAYBE}", required=True, minimum=0)
    within_30_min_confirmed = Column(Kind.WHOLE, f"Activities, {_AT_MOST}", required=True, minimum=0)
    within_30_min_possible = Column(Kind.WHOLE, f"Activities, {_MAYBE}", required=True, minimum=0)
    within_45_min_confirmed = Column(Kind.WHOLE, f"Activities, {_AT_MOST}", required=True, minimum=0)
    within_45_min_possible = Column(Kind.WHOLE, f"Activities, {_MAYBE}", required=True, minimum=0)
    place_not_known_possible = Column(
        Kind.WHOLE,
        "Of the possible: at a place that is not known, so perhaps next door",
        required=True,
        minimum=0,
    )
    without_travel_confirmed = Column(
        Kind.WHOLE, "Activities online or at home, certain: no journey, counted nowhere else",
        required=True, minimum=0,
    )  # fmt: skip
    without_travel_possible = Column(
        Kind.WHOLE, "Activities online or at home: confirmed, and all that may be for this child",
        required=True, minimum=0,
    )  # fmt: skip
    gap_status = Column(Kind.TEXT, "Verdict: is anything near enough?", required=True, values=GapStatus)
    key = (origin, need_area, age_band, tier)
    rules = (
        NotAbove(nearest_possible_m, nearest_confirmed_m, "what is confirmed is also possible"),
        NotAbove(second_possible_m, second_confirmed_m, "what is confirmed is also possible"),
        NotAbove(nearest_confirmed_m, second_confirmed_m, "the nearest is no farther than the second"),
        NotAbove(nearest_possible_m, second_possible_m, "the nearest is no farther than the second"),
        NotAbove(near_enough_confirmed, near_enough_possible, "what is confirmed is also possible"),
        NotAbove(within_15_min_confirmed, within_15_min_possible, "what is confirmed is also possible"),
        NotAbove(within_30_min_confirmed, within_30_min_possible, "what is confirmed is also possible"),
        NotAbove(within_45_min_confirmed, within_45_min_possible, "what is confirmed is also possible"),
        NotAbove(
            within_15_min_confirmed, within_30_min_confirmed, "what is near is also within a longer walk"
        ),
        NotAbove(
            within_30_min_confirmed, within_45_min_confirmed, "what is near is also within a longer walk"
        ),
        NotAbove(place_not_known_possible, near_enough_possible, "an unknown place may be near"),
        NotAbove(without_travel_confirmed, without_travel_possible, "what is confirmed is also possible"),
    )
