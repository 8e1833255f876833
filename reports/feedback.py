"""What each borough can mend in its own roster: a page to send back to it."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from reports import assets, words
from reports.environment import environment
from reports.facts import Frames, ReportFacts
from reports.words import text
from transforms.tables import Issue, SourceNight
from transforms.vocabulary import Severity, SourceState

# The last is the gravest.
_GRAVITY = {level.value: number for number, level in enumerate(reversed(Severity))}
_ALIKE = [Issue.severity, Issue.rule, Issue.what_to_do]


@dataclass(frozen=True)
class Place:
    """Where in a roster something stands, and what is wrong there."""

    file: str
    row: str
    column: str
    value: str
    message: str


@dataclass(frozen=True)
class Advice:
    """One thing to do, and every place where it is to be done."""

    severity: Severity
    what_to_do: str
    places: list[Place]


def feedback_pages(frames: Frames, facts: ReportFacts) -> dict[str, str]:
    """By source, a page of its own issues alone, in its own words. Equal frames and facts give equal bytes."""
    return {
        str(night[SourceNight.source]): _page(night, frames[Issue], facts)
        for night in frames[SourceNight].to_dict("records")
    }


def most_useful_first(issues: pd.DataFrame) -> pd.DataFrame:
    """What cost a row comes first; of equal gravity, what is to be done most often; then in the order of the file."""
    order = {
        "gravity": issues[Issue.severity].map(_GRAVITY),
        "places": -issues.groupby(_ALIKE)[Issue.rule].transform("size"),
    }
    by = [*order, *_ALIKE, Issue.file, Issue.part, Issue.physical_row, Issue.heading]
    ordered = issues.assign(**order).sort_values(by, kind="stable", ignore_index=True)
    return ordered[issues.columns]


def _page(night: dict[str, object], issues: pd.DataFrame, facts: ReportFacts) -> str:
    source, title = str(night[SourceNight.source]), str(night[SourceNight.title])
    own = most_useful_first(issues[issues[Issue.source].eq(source)])
    advice = [_advice(alike) for _, alike in own.groupby(_ALIKE, sort=False)]
    page: str = (
        environment()
        .get_template("feedback.html.j2")
        .render(
            title=f"What to mend in the roster of {title}",
            sample=words.SAMPLE if facts.is_sample else "",
            facts=facts,
            state=SourceState(str(night[SourceNight.state])),
            rows_in=int(str(night[SourceNight.rows_in])),
            rows_used=int(str(night[SourceNight.rows_curated])),
            advice=advice,
            issues=len(own),
            csv=f"{source}.csv",
            styles=assets.plain_styles(),
            attribution=words.ATTRIBUTION,
        )
    )
    return page


def _advice(alike: pd.DataFrame) -> Advice:
    first = alike.iloc[0]
    return Advice(
        Severity(first[Issue.severity]),
        str(first[Issue.what_to_do]),
        [_place(issue) for issue in alike.to_dict("records")],
    )


def _place(issue: dict[object, object]) -> Place:
    file, part = text(issue[Issue.file]), text(issue[Issue.part])
    return Place(
        file=f"{file}, {part}" if part else file,
        row=text(issue[Issue.physical_row]) or "whole file",
        column=text(issue[Issue.heading]) or "whole row",
        value=text(issue[Issue.raw_value]),
        message=str(issue[Issue.message]),
    )
