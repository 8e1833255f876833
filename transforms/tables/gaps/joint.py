"""Who else buys what."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import CityPart, JoinStatus, ShortBreakType


class JointCommissioning(GapTable, name="joint_commissioning"):
    """One kind of service of one provider, and the authorities that buy it."""

    question = "Who else buys it, and is it worth asking to join?"
    provider_id = Column(Kind.TEXT, "The provider's cluster", required=True)
    short_break_type = Column(Kind.TEXT, "Kind of service", required=True, values=ShortBreakType)
    organization_name = Column(Kind.TEXT, "Provider", required=True)
    listed_in = Column(Kind.TEXT, "Roster sources that list it, comma separated; listing is not buying")
    buyers_confirmed = Column(Kind.TEXT, "Authorities certain to buy it, GSS codes, comma separated")
    buyers_possible = Column(
        Kind.TEXT, "These and those that may buy it, by a contract in doubt or because nobody says who pays"
    )
    neighbours_confirmed = Column(
        Kind.WHOLE, "Authorities other than the City certain to buy it", required=True, minimum=0
    )
    neighbours_possible = Column(
        Kind.WHOLE, "These and those other than the City that may buy it", required=True, minimum=0
    )
    provider_buyers_confirmed = Column(
        Kind.TEXT,
        "Authorities certain to buy anything of this provider, whatever the kind, GSS codes, comma separated",
    )
    joint_contracts_confirmed = Column(
        Kind.WHOLE, "Running contracts for it that two or more authorities buy", required=True, minimum=0
    )
    joint_contracts_possible = Column(
        Kind.WHOLE, "These and those past their end, not begun or of unknown end", required=True, minimum=0
    )
    city_part = Column(Kind.TEXT, "What the City is to it", required=True, values=CityPart)
    activities_confirmed = Column(
        Kind.WHOLE, "Its activities that are certain to serve City children", required=True, minimum=0
    )
    activities_possible = Column(
        Kind.WHOLE, "Confirmed and those that may also serve them", required=True, minimum=0
    )
    price_min_gbp_per_hour = Column(
        Kind.NUMBER,
        "Lowest price that a roster gives by the hour; what an authority pays is in no roster we publish",
        unit="GBP per hour", minimum=0,
    )  # fmt: skip
    price_max_gbp_per_hour = Column(
        Kind.NUMBER, "Highest price that a roster gives by the hour", unit="GBP per hour", minimum=0
    )
    join_status = Column(Kind.TEXT, "Verdict", required=True, values=JoinStatus)
    key = (provider_id, short_break_type)
    rules = (
        NotAbove(neighbours_confirmed, neighbours_possible, "what is confirmed is also possible"),
        NotAbove(joint_contracts_confirmed, joint_contracts_possible, "what is confirmed is also possible"),
        NotAbove(activities_confirmed, activities_possible, "what is confirmed is also possible"),
        NotAbove(price_min_gbp_per_hour, price_max_gbp_per_hour, "a range runs from its least to its most"),
    )
