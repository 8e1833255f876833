"""What is offered, beside the children who may need it."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import DemandBasis, DemandCaveat, Need, SupplyStatus

_PLACE_HOURS = "place-hours per 4 weeks"
_PER_CHILD = "place-hours per 4 weeks and child"


class SupplyDemand(GapTable, name="supply_demand"):
    """One need: what City children may use, beside how many of them may need it."""

    question = "Is there enough for the need?"
    need = Column(Kind.TEXT, "Primary need", required=True, values=Need)
    confirmed = Column(Kind.WHOLE, "Activities for this need, every answer certain", required=True, minimum=0)
    possible = Column(Kind.WHOLE, "Confirmed and all that may also be for it", required=True, minimum=0)
    hours_known_confirmed = Column(
        Kind.WHOLE, "Confirmed whose times and places are known", required=True, minimum=0
    )
    hours_known_possible = Column(
        Kind.WHOLE, "Possible whose times and places are known", required=True, minimum=0
    )
    place_hours_confirmed = Column(
        Kind.NUMBER,
        "Places × hours of the confirmed, where known",
        unit=_PLACE_HOURS,
        required=True,
        minimum=0,
    )
    place_hours_possible = Column(
        Kind.NUMBER,
        "Places × hours of the possible, where known",
        unit=_PLACE_HOURS,
        required=True,
        minimum=0,
    )
    children_low = Column(Kind.NUMBER, "Children expected to need it, at least", unit="children", minimum=0)
    children_low_basis = Column(Kind.TEXT, "What the least rests on", values=DemandBasis)
    children_high = Column(Kind.NUMBER, "Children expected to need it, at most", unit="children", minimum=0)
    children_high_basis = Column(Kind.TEXT, "What the most rests on", values=DemandBasis)
    demand_period = Column(Kind.TEXT, "Academic year of the plans")
    caveat = Column(Kind.TEXT, "What these children leave out", required=True, values=DemandCaveat)
    hours_per_child_confirmed = Column(
        Kind.NUMBER,
        "Confirmed over the most children; blank where too little is known",
        unit=_PER_CHILD,
        minimum=0,
    )
    hours_per_child_possible = Column(
        Kind.NUMBER,
        "Possible over the fewest children; blank where too little is known",
        unit=_PER_CHILD,
        minimum=0,
    )
    benchmark_hours_per_child = Column(
        Kind.NUMBER, "What counts as enough", unit=_PER_CHILD, required=True, minimum=0
    )
    status = Column(Kind.TEXT, "Verdict", required=True, values=SupplyStatus)
    key = (need,)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(hours_known_confirmed, confirmed, "a part is not above the whole"),
        NotAbove(hours_known_possible, possible, "a part is not above the whole"),
        NotAbove(place_hours_confirmed, place_hours_possible, "what is confirmed is also possible"),
        NotAbove(children_low, children_high, "a range runs from its least to its most"),
        NotAbove(hours_per_child_confirmed, hours_per_child_possible, "what is confirmed is also possible"),
    )
