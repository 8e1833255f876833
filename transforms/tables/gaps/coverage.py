"""What is missing, for which need, age and level of offer."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AgeBand, GapStatus, Need, Tier, Zone


class Coverage(GapTable, name="coverage"):
    """One combination of need, age band, tier and zone, present or missing."""

    question = "What is missing, for which need, age and level of offer, and where?"
    need = Column(Kind.TEXT, "Primary need", required=True, values=Need)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    confirmed = Column(
        Kind.WHOLE,
        "Activities that name the need, every answer certain",
        required=True,
        minimum=0,
    )
    possible = Column(
        Kind.WHOLE,
        "Confirmed and all that may also serve the need",
        required=True,
        minimum=0,
    )
    named_possible = Column(Kind.WHOLE, "Of the possible: name the need", required=True, minimum=0)
    any_send_confirmed = Column(
        Kind.WHOLE,
        "Certain, and for any special need: not counted as named",
        required=True,
        minimum=0,
    )
    any_send_possible = Column(Kind.WHOLE, "Of the possible: for any special need", required=True, minimum=0)
    open_possible = Column(Kind.WHOLE, "Of the possible: open to everyone", required=True, minimum=0)
    not_stated_possible = Column(
        Kind.WHOLE,
        "Of the possible: do not say whom they are for",
        required=True,
        minimum=0,
    )
    providers_confirmed = Column(Kind.WHOLE, "Providers behind the confirmed", required=True, minimum=0)
    providers_possible = Column(Kind.WHOLE, "Providers behind the possible", required=True, minimum=0)
    full_age_confirmed = Column(Kind.WHOLE, "Confirmed that cover the whole band", required=True, minimum=0)
    partial_age_confirmed = Column(
        Kind.WHOLE, "Confirmed that cover part of the band", required=True, minimum=0
    )
    sessions_confirmed = Column(
        Kind.NUMBER,
        "Sessions in four weeks, where known",
        unit="sessions per 4 weeks",
        required=True,
        minimum=0,
    )
    sessions_possible = Column(
        Kind.NUMBER,
        "Sessions in four weeks, where known",
        unit="sessions per 4 weeks",
        required=True,
        minimum=0,
    )
    place_hours_confirmed = Column(
        Kind.NUMBER,
        "Places × hours in four weeks, where known",
        unit="place-hours per 4 weeks",
        required=True,
        minimum=0,
    )
    place_hours_possible = Column(
        Kind.NUMBER,
        "Places × hours in four weeks, where known",
        unit="place-hours per 4 weeks",
        required=True,
        minimum=0,
    )
    gap_status = Column(Kind.TEXT, "Verdict", required=True, values=GapStatus)
    key = (need, age_band, tier, zone)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(named_possible, possible, "the named are among the possible"),
        NotAbove(
            providers_confirmed,
            providers_possible,
            "what is confirmed is also possible",
        ),
        NotAbove(sessions_confirmed, sessions_possible, "what is confirmed is also possible"),
        NotAbove(
            place_hours_confirmed,
            place_hours_possible,
            "what is confirmed is also possible",
        ),
    )
