"""Whether families can use what is there: what it costs, and whether a disabled child can get in."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AccessQuestion, FundingRoute, KnownStatus, Tier, Zone


def _activities(description: str) -> Column:
    return Column(Kind.WHOLE, description, required=True, minimum=0)


def _share(description: str) -> Column:
    return Column(Kind.NUMBER, description, unit="%", minimum=0, maximum=100)


def _pounds(description: str) -> Column:
    return Column(Kind.NUMBER, description, unit="GBP a session", minimum=0)


class Affordability(GapTable, name="affordability"):
    """One combination of zone, tier and funding route, with what its activities cost a family."""

    question = "Can families afford it?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    funding_route = Column(Kind.TEXT, "How a place is paid for", required=True, values=FundingRoute)
    confirmed = _activities("Activities, every answer about zone and tier certain, whatever the need and age")
    possible = _activities("Confirmed and all that may also be in the row")
    priced = _activities("Of the possible that are not known to be free: the price of a session is known")
    lowest_price_median_gbp = _pounds("Median of the lowest prices of these; blank when too few are known")
    highest_price_median_gbp = _pounds(
        "Median of their highest prices: another where prices differ by family or by roster"
    )
    free_confirmed = _activities("Confirmed, and free to every family")
    free_possible = _activities("Of the possible: free to every family")
    free_known = _activities("Of the possible: known whether they are free to every family")
    free_pct = _share("Of these, those that are free; blank when too few are known")
    dp_payable_confirmed = _activities("Confirmed, and payable by direct payment")
    dp_payable_possible = _activities("Of the possible: payable by direct payment")
    dp_payable_known = _activities("Of the possible: say yes or no to direct payments")
    dp_payable_pct = _share("Of these, those that say yes; blank when too few say")
    known_status = Column(Kind.TEXT, "Verdict", required=True, values=KnownStatus)
    key = (zone, tier, funding_route)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(priced, possible, "a part is not above the whole"),
        NotAbove(
            lowest_price_median_gbp, highest_price_median_gbp, "the lowest price is not above the highest"
        ),
        NotAbove(free_confirmed, free_possible, "what is confirmed is also possible"),
        NotAbove(free_possible, free_known, "a part is not above the whole"),
        NotAbove(dp_payable_confirmed, dp_payable_possible, "what is confirmed is also possible"),
        NotAbove(dp_payable_possible, dp_payable_known, "a part is not above the whole"),
    )


class PhysicalAccess(GapTable, name="physical_access"):
    """One question of access in one zone and tier, with what the venues of its activities answer."""

    question = "Can a disabled child get in and stay?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    feature = Column(Kind.TEXT, "What is asked of the venue", required=True, values=AccessQuestion)
    confirmed = _activities("Activities, every answer about zone and tier certain, whatever the need and age")
    possible = _activities("Confirmed and all that may also be in the row")
    yes_confirmed = _activities("Confirmed, and the venue has it")
    yes_possible = _activities("Of the possible: the venue has it")
    in_part_confirmed = _activities("Confirmed: in part, or on a condition")
    in_part_possible = _activities("Of the possible: in part, or on a condition")
    no_confirmed = _activities("Confirmed: the venue does not have it")
    no_possible = _activities("Of the possible: the venue does not have it")
    unknown_confirmed = _activities("Confirmed: not known, or contradicted")
    unknown_possible = _activities("Of the possible: not known, or contradicted")
    known_pct = _share("Of the possible, those whose venue answers; blank where there is none")
    known_status = Column(Kind.TEXT, "Verdict", required=True, values=KnownStatus)
    key = (zone, tier, feature)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(yes_confirmed, yes_possible, "what is confirmed is also possible"),
        NotAbove(in_part_confirmed, in_part_possible, "what is confirmed is also possible"),
        NotAbove(no_confirmed, no_possible, "what is confirmed is also possible"),
        NotAbove(unknown_confirmed, unknown_possible, "what is confirmed is also possible"),
    )
