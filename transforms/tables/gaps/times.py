"""When in the week and the year nothing is on."""

from __future__ import annotations

from transforms.schema import Column, Kind, NotAbove
from transforms.tables.gaps.base import GapTable
from transforms.vocabulary import AgeBand, CalendarPeriod, SlotAsked, Tier, TimeStatus, Zone


def _volume(description: str, unit: str) -> Column:
    return Column(Kind.NUMBER, description, unit=unit, required=True, minimum=0)


class TimeOfWeek(GapTable, name="time_of_week"):
    """One time of the week in one calendar period, for one zone, age band and tier, with what is on."""

    question = "When is nothing on?"
    zone = Column(Kind.TEXT, "Zone", required=True, values=Zone)
    age_band = Column(Kind.TEXT, "Age band", required=True, values=AgeBand)
    tier = Column(Kind.TEXT, "Level of offer", required=True, values=Tier)
    calendar_period = Column(
        Kind.TEXT, "Term time, or one of the school holidays", required=True, values=CalendarPeriod
    )
    day_slot = Column(
        Kind.TEXT, "When in the day or week, or at any time of the period", required=True, values=SlotAsked
    )
    confirmed = Column(
        Kind.WHOLE, "Activities then on, every answer certain, whatever the need", required=True, minimum=0
    )
    possible = Column(Kind.WHOLE, "Confirmed and all that may also be on then", required=True, minimum=0)
    providers_confirmed = Column(Kind.WHOLE, "Providers behind the confirmed", required=True, minimum=0)
    sessions_confirmed = _volume("Sessions in four weeks, where known", "sessions per 4 weeks")
    sessions_possible = _volume("Sessions in four weeks, where known", "sessions per 4 weeks")
    hours_confirmed = _volume("Hours of session in four weeks, where known", "hours per 4 weeks")
    hours_possible = _volume("Hours of session in four weeks, where known", "hours per 4 weeks")
    places_confirmed = _volume("Places × sessions in four weeks, where known", "places per 4 weeks")
    places_possible = _volume("Places × sessions in four weeks, where known", "places per 4 weeks")
    time_status = Column(Kind.TEXT, "Verdict", required=True, values=TimeStatus)
    key = (zone, age_band, tier, calendar_period, day_slot)
    rules = (
        NotAbove(confirmed, possible, "what is confirmed is also possible"),
        NotAbove(sessions_confirmed, sessions_possible, "what is confirmed is also possible"),
        NotAbove(hours_confirmed, hours_possible, "what is confirmed is also possible"),
        NotAbove(places_confirmed, places_possible, "what is confirmed is also possible"),
    )
