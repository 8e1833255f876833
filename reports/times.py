"""When in the week and the year something is on."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field

import pandas as pd

from reports.facts import Frames, rows_of
from reports.grid import GridCell, GridGroup, GridRow, Panel
from reports.members import Pair, members_of, pair
from reports.sections import Part, Section
from reports.verdicts import GAP, GOOD, OPEN, SILENT, SOME
from reports.words import label, number, sentence
from transforms.schema import LIST_JOINT
from transforms.tables import Counted, Schedule, Supply, TimeOfWeek
from transforms.vocabulary import CalendarPeriod, SlotAsked, Standing, TimeStatus, Weekday, Zone

_ON_THE_GROUND = (Zone.INSIDE, Zone.NEAR, Zone.OUTSIDE)
_TIME = [TimeOfWeek.zone, TimeOfWeek.calendar_period, TimeOfWeek.day_slot]
_DAY = "day"
_WEEKDAYS = (Weekday.MO, Weekday.TU, Weekday.WE, Weekday.TH, Weekday.FR)
_WEEKEND = (SlotAsked.WEEKEND_AM, SlotAsked.WEEKEND_PM)
# A part of a holiday's day is asked of nobody as a whole, nor is the whole week a part of a day.
_PARTS = [slot for slot in SlotAsked if slot not in (SlotAsked.ALL_DAY_HOLIDAY, SlotAsked.ANY)]
_PERIODS = (
    CalendarPeriod.TERM_TIME, CalendarPeriod.AUTUMN_HALF_TERM, CalendarPeriod.CHRISTMAS,
    CalendarPeriod.FEB_HALF_TERM, CalendarPeriod.EASTER, CalendarPeriod.MAY_HALF_TERM, CalendarPeriod.SUMMER,
)  # fmt: skip


def times(frames: Frames) -> Section:
    """The section on the times at which nothing is on."""
    table = rows_of(frames, TimeOfWeek)
    asked = Asked(frames, table)
    data = {
        "lead": _lead(asked) if len(table) else "The times of the week were not measured in this run.",
        "week": _week(asked, rows_of(frames, Schedule)) if len(table) else None,
        "panels": [_year(asked, zone) for zone in _ON_THE_GROUND] if len(table) else [],
    }
    return Section("times", "Times of the week", "When is nothing on?", Part.MISSING, "times", data)


@dataclass
class On:
    """What is on at a time: activities, those that are confirmed, and the providers of these."""

    possible: set[str] = field(default_factory=set)
    confirmed: set[str] = field(default_factory=set)
    providers: set[str] = field(default_factory=set)

    @property
    def pair(self) -> Pair:
        """How many there are."""
        return Pair(len(self.confirmed), len(self.possible))


class Asked:
    """What is on at each time, whatever the age and tier: read once, asked often."""

    def __init__(self, frames: Frames, table: pd.DataFrame) -> None:
        asked = table[_TIME]
        keyed = asked.assign(**{Counted.row_key: TimeOfWeek.row_keys(table) if len(table) else None})
        self._verdicts = dict(list(table.groupby(_TIME)[TimeOfWeek.time_status]))
        self._members = members_of(frames, TimeOfWeek).merge(keyed, on=Counted.row_key, validate="m:1")
        providers = rows_of(frames, Supply).set_index(Supply.service_at_location_id)[Supply.provider_id]
        provider = self._members[Counted.service_at_location_id].map(providers)
        told = self._members[[*_TIME, Counted.activity_id, Counted.counts_as]].assign(provider=provider)
        self._on: dict[tuple[str, ...], On] = defaultdict(On)
        for *key, activity, counts_as, behind in told.itertuples(index=False, name=None):
            on = self._on[tuple(key)]
            on.possible.add(activity)
            if counts_as == Standing.CONFIRMED:
                on.confirmed.add(activity)
                on.providers.add(behind)

    def on(self, zone: Zone, period: CalendarPeriod, slots: Iterable[SlotAsked]) -> On:
        """What is on, or may be, in any of the slots."""
        each = [self._on[zone.value, period.value, slot.value] for slot in slots]
        return On(
            set().union(*(on.possible for on in each)),
            set().union(*(on.confirmed for on in each)),
            set().union(*(on.providers for on in each)),
        )

    def members(self, zone: Zone, period: CalendarPeriod, slot: SlotAsked) -> pd.DataFrame:
        """The rows of what is counted in a slot."""
        asked = pd.Series([zone.value, period.value, slot.value], index=_TIME)
        return self._members[self._members[_TIME].eq(asked).all(axis=1)]

    def is_gap(self, zone: Zone, period: CalendarPeriod, slot: SlotAsked) -> bool:
        """Whether any age and tier counts it as a gap that nothing certain is on then."""
        verdicts = set(self._verdicts.get((zone.value, period.value, slot.value), ()))
        return any(TimeStatus(code).is_gap for code in verdicts)


def _lead(asked: Asked) -> str:
    evening, weekend = (
        asked.on(Zone.INSIDE, CalendarPeriod.TERM_TIME, slots).pair
        for slots in ([SlotAsked.EVENING], _WEEKEND)
    )
    bare = [period for period in _PERIODS[1:] if not asked.on(Zone.INSIDE, period, [SlotAsked.ANY]).confirmed]
    holidays = len(_PERIODS) - 1
    rest = (
        f"In {number(len(bare))} of {number(holidays)} school holidays nothing is confirmed."
        if bare
        else f"In each of {number(holidays)} school holidays something is confirmed."
    )
    return (
        f"Inside the Square Mile in term time, {_words(evening)} in the evening and {_words(weekend)} at the weekend. "
        f"{rest}"
    )


def _words(found: Pair) -> str:
    verb = "activity is" if found.confirmed == 1 else "activities are"
    return f"{number(found.confirmed)} {verb} confirmed ({number(found.possible)} possible)"


def _year(asked: Asked, zone: Zone) -> Panel:
    """Calendar period × time of the week in one zone."""
    column = TimeOfWeek.column(TimeOfWeek.calendar_period)
    rows = [
        GridRow(sentence(label(column, period)), [_cell(asked, zone, period, slot) for slot in SlotAsked])
        for period in _PERIODS
    ]
    return Panel(zone.label, "", [sentence(slot.label) for slot in SlotAsked], [GridGroup("", rows)])


def _cell(asked: Asked, zone: Zone, period: CalendarPeriod, slot: SlotAsked) -> GridCell:
    on = asked.on(zone, period, [slot])
    found = on.pair
    words, look = _verdict(found, len(on.providers), is_gap=asked.is_gap(zone, period, slot))
    return GridCell(number(found.confirmed), f"+{number(found.possible - found.confirmed)}", words, look)


def _verdict(found: Pair, behind: int, *, is_gap: bool) -> tuple[str, str]:
    """The words of ``TimeStatus`` for all ages and tiers together."""
    if found.confirmed:
        return (TimeStatus.FRAGILE.label, SOME) if behind == 1 else (TimeStatus.COVERED.label, GOOD)
    if not is_gap:
        return "not asked for", SILENT
    if found.possible:
        return TimeStatus.GAP_UNLESS_VERIFIED.label, OPEN
    return TimeStatus.GAP_CERTAIN.label, GAP


def _week(asked: Asked, sessions: pd.DataFrame) -> Panel:
    """Day × part of the day in term time, inside the Square Mile.

    Confirmed: confirmed at that part of the day, and its sessions name the day. Possible: that, and what may be on
    then and names no day for it.
    """
    sessions = sessions[sessions[Schedule.byday].notna()]
    days = sessions[Schedule.byday].str.replace(r"[-\d]", "", regex=True).str.split(LIST_JOINT)
    on = sessions.assign(**{_DAY: days}).explode(_DAY)
    on = on[[Schedule.service_at_location_id, _DAY, Schedule.x_day_slot]].drop_duplicates()
    on = on.rename(columns={Schedule.service_at_location_id: Counted.service_at_location_id})
    rows = []
    for part in _PARTS:
        members = asked.members(Zone.INSIDE, CalendarPeriod.TERM_TIME, part)
        dated = members.merge(
            on[on[Schedule.x_day_slot].eq(part)], on=Counted.service_at_location_id, validate="m:m"
        )
        undated = members[~members[Counted.activity_id].isin(dated[Counted.activity_id])]
        undated = undated.assign(**{Counted.counts_as: Standing.POSSIBLE.value})
        cells = [
            _day_cell(pd.concat([dated[dated[_DAY].eq(day)], undated]), is_asked=_may_be(part, day))
            for day in Weekday
        ]
        rows.append(GridRow(sentence(part.label), cells))
    return Panel(Zone.INSIDE.label, "", [day.label for day in Weekday], [GridGroup("", rows)])


def _may_be(part: SlotAsked, day: Weekday) -> bool:
    """Whether a part of the day is one of that day: weekends have parts of their own."""
    return part is SlotAsked.OVERNIGHT or (part in _WEEKEND) is not (day in _WEEKDAYS)


def _day_cell(members: pd.DataFrame, *, is_asked: bool) -> GridCell:
    if not is_asked:
        return GridCell("", "", "", SILENT)
    found = pair(members)
    look = GOOD if found.confirmed > 1 else SOME if found.confirmed else OPEN if found.possible else GAP
    words = "confirmed" if found.confirmed else "none certain" if found.possible else "nothing"
    return GridCell(number(found.confirmed), f"+{number(found.possible - found.confirmed)}", words, look)
