"""What prepares a young person for adulthood."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import OLDEST_AGE, GapStatus, Pathway, Zone


class PreparingForAdulthood(GapTable, name="pfa"):
    """One Preparing-for-Adulthood outcome at one year of age in one zone, with something towards it or nothing."""

    question = "What is there to make a young person ready for adulthood, at which age, and where?"
    pathway = Column(Kind.TEXT, "Outcome of the Code of Practice", required=True, values=Pathway)
    age = Column(
        Kind.WHOLE, "Age of the young person", unit="years", required=True, minimum=1, maximum=OLDEST_AGE
    )
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    confirmed = Column(
        Kind.WHOLE, "Activities that work towards the outcome, every answer certain", required=True, minimum=0
    )
    possible = Column(Kind.WHOLE, "Confirmed and all that may also work towards it", required=True, minimum=0)
    named_possible = Column(
        Kind.WHOLE,
        "Of the possible: their words or their kind name the outcome; the others do not say what they are for",
        required=True,
        minimum=0,
    )
    providers_confirmed = Column(Kind.WHOLE, "Providers behind the confirmed", required=True, minimum=0)
    providers_possible = Column(Kind.WHOLE, "Providers behind the possible", required=True, minimum=0)
    internships_confirmed = Column(
        Kind.WHOLE, "Of the confirmed: supported internships and work experience", required=True, minimum=0
    )
    internships_possible = Column(
        Kind.WHOLE, "Of the possible: supported internships and work experience", required=True, minimum=0
    )
    careers_confirmed = Column(Kind.WHOLE, "Of the confirmed: careers advice", required=True, minimum=0)
    careers_possible = Column(Kind.WHOLE, "Of the possible: careers advice", required=True, minimum=0)
    travel_training_confirmed = Column(
        Kind.WHOLE, "Of the confirmed: travel training", required=True, minimum=0
    )
    travel_training_possible = Column(
        Kind.WHOLE, "Of the possible: travel training", required=True, minimum=0
    )
    gap_status = Column(Kind.TEXT, "Verdict", required=True, values=GapStatus)
    key = (pathway, age, zone)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(named_possible, possible, "the named are among the possible"),
        NotAbove(providers_confirmed, providers_possible, "what is confirmed is also possible"),
        NotAbove(internships_confirmed, internships_possible, "what is confirmed is also possible"),
        NotAbove(careers_confirmed, careers_possible, "what is confirmed is also possible"),
        NotAbove(travel_training_confirmed, travel_training_possible, "what is confirmed is also possible"),
    )
