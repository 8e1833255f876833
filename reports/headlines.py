"""The few figures and sentences a reader may quote, each as confirmed and as possible."""

from __future__ import annotations

from dataclasses import dataclass

from reports.border import Border
from reports.boroughs import Night
from reports.matrix import Matrix
from reports.words import number, plural
from transforms.vocabulary import CARRIED, GapStatus, SourceState


@dataclass(frozen=True)
class Figure:
    """One headline figure: what it is, the number, and what the number leaves open."""

    label: str
    value: str
    of: str
    beside: str


def headline(inside: Matrix, activities: tuple[int, int]) -> str:
    """The finding in one sentence."""
    confirmed, possible = activities
    return (
        f"Inside the Square Mile we can confirm {_activities(confirmed)} that accept City children; "
        f"{number(possible)} if every open question were answered yes. In {number(inside.unconfirmed)} of "
        f"{plural(len(inside.cells), 'combination')} of need, age and level of offer, nothing is confirmed."
    )


def _activities(count: int) -> str:
    return plural(count, "universal or specialist activity", "universal or specialist activities")


def figures(
    inside: Matrix, activities: tuple[int, int], border: Border, rosters: list[Night]
) -> list[Figure]:
    """The four figures at the top of the page."""
    confirmed, possible = activities
    nothing = dict(inside.verdicts)[GapStatus.GAP_CERTAIN]
    return [
        Figure(
            "Activities in the Square Mile",
            number(confirmed),
            "confirmed",
            f"{number(possible)} possible. Universal and specialist, as the target counts.",
        ),
        Figure(
            "Combinations with nothing confirmed",
            number(inside.unconfirmed),
            f"of {number(len(inside.cells))}",
            f"Need, age and level of offer, in the Square Mile. For {number(nothing)} nothing is even possible.",
        ),
        Figure(
            "Services across the border to ask about",
            number(border.to_ask),
            f"of {number(border.listed)}",
            f"Calls to {plural(border.providers, 'provider')}. {number(border.confirmed)} are confirmed to take City "
            f"children, {number(border.possible)} possible.",
        ),
        _received(rosters),
    ]


def _received(rosters: list[Night]) -> Figure:
    # A register that waits for its first file is not a roster that failed to arrive.
    states = [night.state for night in rosters if night.state != SourceState.WAITING]
    carried = sum(state in CARRIED for state in states)
    absent = states.count(SourceState.ABSENT)
    rest = [
        f"{number(carried)} carried forward from an earlier night" if carried else "",
        f"{number(absent)} not yet received" if absent else "",
    ]
    return Figure(
        "Rosters received tonight",
        number(states.count(SourceState.ACCEPTED)),
        f"of {number(len(states))}",
        "; ".join(part for part in rest if part).capitalize() + "." if any(rest) else "Every roster arrived.",
    )
