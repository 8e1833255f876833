"""When a service is on."""

from __future__ import annotations

from enum import StrEnum

from transforms.vocabulary.labels import Labelled


class CalendarPeriod(StrEnum):
    """When in the school year a session runs."""

    TERM_TIME = "term_time"
    AUTUMN_HALF_TERM = "autumn_half_term"
    CHRISTMAS = "christmas"
    FEB_HALF_TERM = "feb_half_term"
    EASTER = "easter"
    MAY_HALF_TERM = "may_half_term"
    SUMMER = "summer"
    SCHOOL_HOLIDAYS = "school_holidays"
    ALL_YEAR = "all_year"
    UNKNOWN = "unknown"


# The holidays of a school year, each by itself. ``SCHOOL_HOLIDAYS`` is all of them.
HOLIDAYS = (
    CalendarPeriod.AUTUMN_HALF_TERM, CalendarPeriod.CHRISTMAS, CalendarPeriod.FEB_HALF_TERM,
    CalendarPeriod.EASTER, CalendarPeriod.MAY_HALF_TERM, CalendarPeriod.SUMMER,
)  # fmt: skip


class DaySlot(StrEnum):
    """When in the day a session starts."""

    BEFORE_SCHOOL = "before_school"
    SCHOOL_DAY = "school_day"
    AFTER_SCHOOL = "after_school"
    EVENING = "evening"
    WEEKEND_AM = "weekend_am"
    WEEKEND_PM = "weekend_pm"
    OVERNIGHT = "overnight"
    ALL_DAY_HOLIDAY = "all_day_holiday"
    UNKNOWN = "unknown"


class SlotAsked(Labelled):
    """A time of the week about which a reader asks: each of ``DaySlot`` that is known, or the whole week."""

    BEFORE_SCHOOL = DaySlot.BEFORE_SCHOOL.value, "before school"
    SCHOOL_DAY = DaySlot.SCHOOL_DAY.value, "on a weekday, in school hours"
    AFTER_SCHOOL = DaySlot.AFTER_SCHOOL.value, "after school"
    EVENING = DaySlot.EVENING.value, "in the evening"
    WEEKEND_AM = DaySlot.WEEKEND_AM.value, "weekend, before noon"
    WEEKEND_PM = DaySlot.WEEKEND_PM.value, "weekend, from noon"
    OVERNIGHT = DaySlot.OVERNIGHT.value, "overnight"
    ALL_DAY_HOLIDAY = DaySlot.ALL_DAY_HOLIDAY.value, "a whole day of a holiday"
    ANY = "any", "at any time"


class Frequency(StrEnum):
    """RFC 5545 frequency of a session."""

    WEEKLY = "WEEKLY"
    MONTHLY = "MONTHLY"


class Weekday(Labelled):
    """RFC 5545 day codes."""

    MO = "MO", "Monday"
    TU = "TU", "Tuesday"
    WE = "WE", "Wednesday"
    TH = "TH", "Thursday"
    FR = "FR", "Friday"
    SA = "SA", "Saturday"
    SU = "SU", "Sunday"
