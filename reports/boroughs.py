"""Each borough's night: what arrived, how far it can be trusted, and what its officers can mend."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames
from reports.words import day, number, plural, text
from transforms.tables import DataQuality, Issue, SourceNight
from transforms.vocabulary import QualityDimension, QualityStatus, Severity, SourceState

_ROWS_SHOWN = 50
_SET_ASIDE = [Severity.QUARANTINE.value, Severity.REJECT.value]


@dataclass(frozen=True)
class SetAside:
    """One row that was set aside, in words for the officer who can mend it."""

    file: str
    row: str
    column: str
    value: str
    message: str
    what_to_do: str


@dataclass(frozen=True)
class Night:
    """What one run made of one roster."""

    source: str
    title: str
    state: SourceState
    is_sample: bool
    age: str
    rows_in: int
    curated: int
    quarantined: int
    rejected: int
    withheld: int
    message: str
    severities: list[tuple[str, int]]
    set_aside: list[SetAside]
    not_shown: int

    @property
    def remarks(self) -> int:
        """How many things an officer can look at."""
        return sum(count for _, count in self.severities)

    @property
    def adds_up(self) -> bool:
        """Whether every row that came in ended somewhere."""
        return self.rows_in == self.curated + self.quarantined + self.rejected


@dataclass(frozen=True)
class Measure:
    """One quality figure."""

    percent: str
    of: str
    verdict: QualityStatus
    threshold: str


@dataclass(frozen=True)
class Quality:
    """The quality figures of one roster, in the order of the dimensions."""

    title: str
    measures: list[Measure | None]


def nights(frames: Frames) -> list[Night]:
    """Every roster we expect, in its own order."""
    return [_night(row, frames[Issue]) for row in frames[SourceNight].to_dict("records")]


def _night(row: dict[str, object], issues: pd.DataFrame) -> Night:
    source = str(row[SourceNight.source])
    own = issues[issues[Issue.source].eq(source)]
    found = own[Issue.severity].value_counts()
    aside = own[own[Issue.severity].isin(_SET_ASIDE)]
    return Night(
        source=source,
        title=str(row[SourceNight.title]),
        state=SourceState(str(row[SourceNight.state])),
        is_sample=bool(row[SourceNight.is_sample]),
        age=_age(row),
        rows_in=int(str(row[SourceNight.rows_in])),
        curated=int(str(row[SourceNight.rows_curated])),
        quarantined=int(str(row[SourceNight.rows_quarantined])),
        rejected=int(str(row[SourceNight.rows_rejected])),
        withheld=int(str(row[SourceNight.rows_withheld])),
        message=_said(row),
        severities=[(level.label, int(found.get(level.value, 0))) for level in reversed(Severity)],
        set_aside=[_set_aside(issue) for issue in aside.head(_ROWS_SHOWN).to_dict("records")],
        not_shown=max(len(aside) - _ROWS_SHOWN, 0),
    )


def _said(row: dict[str, object]) -> str:
    """The message, unless the state already says it."""
    message, state = text(row[SourceNight.message]), SourceState(str(row[SourceNight.state]))
    return "" if message.lower().rstrip(".") == state.label else message


def _age(row: dict[str, object]) -> str:
    received, age = row[SourceNight.last_good_on], row[SourceNight.age_days]
    if not isinstance(received, pd.Timestamp) or pd.isna(received) or pd.isna(age):
        return "No roster has been received yet."
    days = int(str(age))
    old = "tonight" if days == 0 else f"{plural(days, 'day')} before this report"
    return f"The figures use the roster received on {day(received.date())}, {old}."


def _set_aside(issue: dict[object, object]) -> SetAside:
    file, part, row = (text(issue[c]) for c in (Issue.file, Issue.part, Issue.physical_row))
    return SetAside(
        file=f"{file}, {part}" if part else file,
        row=row or "whole file",
        column=text(issue[Issue.heading]),
        value=text(issue[Issue.raw_value]),
        message=str(issue[Issue.message]),
        what_to_do=str(issue[Issue.what_to_do]),
    )


def quality(frames: Frames) -> list[Quality]:
    """Quality figures of every roster we expect; ``None`` where nothing was measured."""
    figures = {
        (row[DataQuality.source], row[DataQuality.dimension]): _measure(row)
        for row in frames[DataQuality].to_dict("records")
    }
    return [
        Quality(
            str(row[SourceNight.title]),
            [figures.get((row[SourceNight.source], dimension.value)) for dimension in QualityDimension],
        )
        for row in frames[SourceNight].to_dict("records")
    ]


def _measure(row: dict[object, object]) -> Measure | None:
    verdict = QualityStatus(str(row[DataQuality.status]))
    if verdict is QualityStatus.NOT_APPLICABLE:
        return None
    numerator, denominator = (int(str(row[c])) for c in (DataQuality.numerator, DataQuality.denominator))
    return Measure(
        percent=f"{number(float(str(row[DataQuality.value_pct])))}%",
        of=f"{number(numerator)} of {number(denominator)}",
        verdict=verdict,
        threshold=f"{number(float(str(row[DataQuality.threshold_pct])))}%",
    )
