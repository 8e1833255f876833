"""Days and times of a text put together as sessions, each with its season and its rhythm."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import pairwise

from transforms.parsers.periods import PERIOD, settle
from transforms.parsers.session_days import ORDER, Days, Recurrence, in_order
from transforms.parsers.session_times import Times
from transforms.tables import Schedule
from transforms.vocabulary import Frequency

_APART = re.compile(r"[,.&/+]|\b(?:and|also|then|plus)\b")


@dataclass
class Session:
    """One session as far as its part of the cell tells it."""

    days: list[str] = field(default_factory=list)
    times: Times | None = None
    recurrence: Recurrence | None = None
    periods: tuple[str, ...] = ()

    @property
    def is_monthly(self) -> bool:
        """Whether its days count within the month, as "1st Sunday" does."""
        return any(code not in ORDER for code in self.days)

    def rows(self) -> list[dict[str, object]]:
        """The session once for every period it is on in."""
        recurrence = self.recurrence or Recurrence(0, 0, Frequency.WEEKLY, 1)
        freq, interval, days = recurrence.freq, recurrence.interval, self.days
        if freq is None:
            days = [code[-2:] for code in days]  # "last Friday of term" is not the last of every month
        elif self.is_monthly:
            freq, interval = Frequency.MONTHLY, interval if freq == Frequency.MONTHLY else 1
        nothing_told = not (self.days or self.times or self.recurrence)
        row = {
            Schedule.freq: None if nothing_told or freq is None else freq.value,
            Schedule.interval: None if nothing_told else interval,
            Schedule.byday: in_order(days),
            Schedule.opens_at: self.times.opens_at if self.times else None,
            Schedule.closes_at: self.times.closes_at if self.times else None,
        }
        return [{**row, PERIOD: period} for period in self.periods or (None,)]


@dataclass
class Group:
    """Days and times that stand together."""

    days: list[Days] = field(default_factory=list)
    times: list[Times] = field(default_factory=list)
    made: list[Session] = field(default_factory=list)
    # Whether the days stand with these times, or are those of the times before.
    own_days: bool = True

    @property
    def _marks(self) -> list[Days | Times]:
        return [*(self.days if self.own_days else []), *self.times]

    @property
    def begin(self) -> int:
        """Where in the text its first word stands."""
        return min(mark.begin for mark in self._marks)

    @property
    def end(self) -> int:
        """Where in the text its last word ends."""
        return max(mark.end for mark in self._marks)

    def sessions(self, closed: set[str]) -> list[Session]:
        """A session for each time, on all its days but the closed ones; one without a time when only days are told."""
        codes = [c for day in self.days if not day.takes_away for c in day.codes if c not in closed]
        if codes or self.times:
            self.made = [Session(list(codes), time) for time in self.times] or [Session(codes)]
        return self.made


def grouped(days: list[Days], times: list[Times], seasons: list[tuple[int, int, str]]) -> list[Group]:
    """Days and times put together in the order they stand: "Mon 4-6, Sat 10-12", "10-12 Sat, 2-4 Sun".

    A season between two times parts them: "Sat 10-4 (term time), 10-3 (holidays)".
    """
    marks: list[Days | Times] = sorted([*days, *times], key=lambda mark: mark.begin)
    groups: list[Group] = []
    is_days_first = bool(marks) and isinstance(marks[0], Days)
    for mark in marks:
        last = groups[-1] if groups else Group()
        if isinstance(mark, Days):
            if not groups or (is_days_first and last.times and not mark.takes_away):
                groups.append(Group())
            groups[-1].days.append(mark)
        else:
            is_parted = last.times and any(last.end <= begin < mark.begin for begin, *_ in seasons)
            if not groups or (not is_days_first and last.days):
                groups.append(Group())
            elif is_parted:
                groups.append(Group(days=last.days, own_days=False))
            groups[-1].times.append(mark)
    return groups


def refined(groups: list[Group]) -> None:
    """Days that only say which of the days before are meant: "Sun 11-1 (2nd Sun of month)" is one session."""
    for before, after in pairwise(groups):
        weekdays = {code[-2:] for session in after.made for code in session.days}
        is_counted = any(session.is_monthly for session in after.made) and not after.times
        if is_counted and before.times and all(set(session.days) == weekdays for session in before.made):
            for session in before.made:
                session.days = list(after.made[0].days)
            after.made = []


def give_out(
    groups: list[Group], text: str, periods: list[tuple[int, int, str]], recurrences: list[Recurrence]
) -> None:
    """Give every session the season and the rhythm that stand beside it.

    What stands ahead of all speaks of all, and so does a season behind all when no other is named.
    """
    ends = [_border(text, group.end, after.begin) for group, after in pairwise(groups)] + [len(text)]
    first, last = groups[0].begin, groups[-1].end
    ahead = [code for at, _, code in periods if at < first]
    is_behind_only = len(periods) > 0 and all(at >= last for at, *_ in periods)
    for group, begin, end in zip(groups, [first, *ends], ends, strict=False):
        own = [code for at, _, code in periods if begin <= at < end]
        own = [code for *_, code in periods] if is_behind_only else own or ahead
        rhythm = [r for r in recurrences if begin <= r.begin < end] or [
            r for r in recurrences if r.begin < first
        ]
        for session in group.made:
            session.periods = settle(own)
            session.recurrence = next(iter(rhythm), None)


def _border(text: str, end: int, begin: int) -> int:
    """Where what belongs to one group of days and times ends and the next begins."""
    apart = _APART.search(text, end, begin)
    return apart.start() if apart else begin
