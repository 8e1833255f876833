"""How far a kind of short break rests on one provider or a few."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import Concentrated, ShortBreakType, Tier, Zone

_POSSIBLE = "confirmed, and all that may be there"
_HHI = "Herfindahl-Hirschman index of the providers' shares"
_WITHHELD = "blank where too little of it is known"


class Concentration(GapTable, name="concentration"):
    """One zone, tier and kind of short break: how many providers, and what share the largest has."""

    question = "Which short breaks rest on one provider or a few?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    short_break_type = Column(Kind.TEXT, "Kind of short break", required=True, values=ShortBreakType)
    confirmed = Column(Kind.WHOLE, "Activities, every answer certain", required=True, minimum=0)
    possible = Column(Kind.WHOLE, f"Activities: {_POSSIBLE}", required=True, minimum=0)
    kind_not_known_possible = Column(
        Kind.WHOLE, "Of the possible: do not say what kind of service they are", required=True, minimum=0
    )
    providers_confirmed = Column(Kind.WHOLE, "Providers behind the confirmed", required=True, minimum=0)
    providers_possible = Column(Kind.WHOLE, "Providers behind the possible", required=True, minimum=0)
    top_provider_id = Column(
        Kind.TEXT, "Cluster of the provider of most confirmed activities; of several the first"
    )
    top_provider = Column(Kind.TEXT, "Its name")
    top_share_confirmed_pct = Column(
        Kind.NUMBER, "Largest share one provider has of the confirmed", unit="%", minimum=0, maximum=100
    )
    top_share_possible_pct = Column(
        Kind.NUMBER, "Largest share one provider has of the possible", unit="%", minimum=0, maximum=100
    )
    hhi_confirmed = Column(Kind.NUMBER, f"{_HHI} of the confirmed", minimum=0, maximum=10_000)
    hhi_possible = Column(Kind.NUMBER, f"{_HHI} of the possible", minimum=0, maximum=10_000)
    hhi_place_hours_confirmed = Column(
        Kind.NUMBER, f"{_HHI} of the place-hours of the confirmed; {_WITHHELD}", minimum=0, maximum=10_000
    )
    hhi_place_hours_possible = Column(
        Kind.NUMBER, f"{_HHI} of the place-hours of the possible; {_WITHHELD}", minimum=0, maximum=10_000
    )
    verdict = Column(Kind.TEXT, "Verdict on what is confirmed", required=True, values=Concentrated)
    key = (zone, tier, short_break_type)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(kind_not_known_possible, possible, "a part is not above the whole"),
        NotAbove(providers_confirmed, providers_possible, "what is confirmed is also possible"),
        NotAbove(providers_confirmed, confirmed, "each provider has an activity"),
    )
