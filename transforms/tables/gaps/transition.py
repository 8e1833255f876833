"""What stops when a child grows out of it, and what goes on."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import GapStatus, NeedArea, Tier, Transition, Zone

_POSSIBLE = "confirmed, and all that may do so"


class TransitionCliff(GapTable, name="transition_cliff"):
    """One transition, area of need, tier and zone: what stops there and what goes on."""

    question = "What stops at a birthday, and does anything go on?"
    transition = Column(Kind.TEXT, "The change", required=True, values=Transition)
    need_area = Column(Kind.TEXT, "Broad area of need", required=True, values=NeedArea)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    ending_confirmed = Column(
        Kind.WHOLE, "Activities that take children before it and not after", required=True, minimum=0
    )
    ending_possible = Column(Kind.WHOLE, f"That stop: {_POSSIBLE}", required=True, minimum=0)
    bridging_confirmed = Column(
        Kind.WHOLE, "Activities that take children before it and after", required=True, minimum=0
    )
    bridging_possible = Column(Kind.WHOLE, f"That go on: {_POSSIBLE}", required=True, minimum=0)
    successors_confirmed = Column(
        Kind.WHOLE, "Activities that start at it and take children after", required=True, minimum=0
    )
    successors_possible = Column(Kind.WHOLE, f"That start: {_POSSIBLE}", required=True, minimum=0)
    onward_confirmed = Column(
        Kind.WHOLE,
        "Activities for a child who has passed it: bridging or succeeding",
        required=True,
        minimum=0,
    )
    onward_possible = Column(
        Kind.WHOLE, f"For a child who has passed it: {_POSSIBLE}", required=True, minimum=0
    )
    onward_providers_confirmed = Column(
        Kind.WHOLE, "Providers behind those that are certain", required=True, minimum=0
    )
    onward_without_plan_confirmed = Column(
        Kind.WHOLE, "Of them, certain: say that no EHC plan, benefit or assessment is needed",
        required=True, minimum=0,
    )  # fmt: skip
    onward_without_plan_possible = Column(
        Kind.WHOLE, "Of them: all that do not ask for an EHC plan", required=True, minimum=0
    )
    gap_status = Column(Kind.TEXT, "Verdict: does anything go on?", required=True, values=GapStatus)
    key = (transition, need_area, tier, zone)
    rules = (
        NotAbove(ending_confirmed, ending_possible, "what is confirmed is also possible"),
        NotAbove(bridging_confirmed, bridging_possible, "what is confirmed is also possible"),
        NotAbove(successors_confirmed, successors_possible, "what is confirmed is also possible"),
        NotAbove(onward_confirmed, onward_possible, "what is confirmed is also possible"),
        NotAbove(
            onward_without_plan_confirmed, onward_without_plan_possible, "what is confirmed is also possible"
        ),
        NotAbove(bridging_possible, onward_possible, "what bridges goes on"),
        NotAbove(successors_possible, onward_possible, "what succeeds goes on"),
        NotAbove(onward_without_plan_possible, onward_possible, "a part is not above the whole"),
    )
