"""What to design, because nothing fits, and how to ask where new activities would close most gaps."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass

import pandas as pd

from reports.facts import Frames, rows_of
from reports.grid import Row
from reports.sections import Part, Section
from reports.words import label, metres, number, plural, sentence, text
from transforms.tables import BespokeCandidates
from transforms.vocabulary import BespokeReason, Zone

_ROWS_SHOWN = 50


@dataclass(frozen=True)
class Candidate:
    """One combination that nothing certain fits, and the nearest to it there is."""

    need: str
    age: str
    tier: str
    possible: str
    reason: str
    rule: str
    alternative: str
    where: str


def next_steps(frames: Frames) -> Section:
    """The section on what to do next."""
    rows = rows_of(frames, BespokeCandidates)
    order = {reason.value: place for place, reason in enumerate(BespokeReason)}
    rows = rows.assign(place=rows[BespokeCandidates.reason].map(order)).sort_values("place", kind="stable")
    found = Counter(rows[BespokeCandidates.reason])
    data = {
        "lead": _lead(rows, found),
        "reasons": [
            (sentence(reason.label), reason.rule, found[reason]) for reason in BespokeReason if found[reason]
        ],
        "candidates": [_candidate(row) for row in rows.head(_ROWS_SHOWN).to_dict("records")],
        "not_shown": max(len(rows) - _ROWS_SHOWN, 0),
    }
    return Section("next", "Where next", "What must be designed, and where?", Part.DO, "next", data)


def _lead(rows: pd.DataFrame, found: Counter[str]) -> str:
    if rows.empty:
        return "Every combination of need, age and level of offer has something certain within reach."
    design = found[BespokeReason.NO_SUPPLY]
    return (
        f"For {plural(len(rows), 'combination')} of need, age and level of offer nothing certain is within reach of "
        f"the City. In {number(len(rows) - design)} of them one change, or one answer, would make something fit; "
        f"{number(design) if design else 'none'} must be designed anew."
    )


def _candidate(row: Row) -> Candidate:
    names = (
        BespokeCandidates.alternative_service,
        BespokeCandidates.alternative_organization,
        BespokeCandidates.alternative_venue,
    )
    zone, far = row[BespokeCandidates.alternative_zone], row[BespokeCandidates.alternative_distance_m]
    near = text(row[BespokeCandidates.alternative_origin])
    where = Zone(zone).label if text(zone) else ""
    if near and pd.notna(far):
        where += f", {metres(far)} from {near}"
    return Candidate(
        need=label(BespokeCandidates.column(BespokeCandidates.need), row[BespokeCandidates.need]),
        age=label(BespokeCandidates.column(BespokeCandidates.age_band), row[BespokeCandidates.age_band]),
        tier=label(BespokeCandidates.column(BespokeCandidates.tier), row[BespokeCandidates.tier]),
        possible=number(row[BespokeCandidates.possible]),
        reason=sentence(
            label(BespokeCandidates.column(BespokeCandidates.reason), row[BespokeCandidates.reason])
        ),
        rule=sentence(text(row[BespokeCandidates.rule_to_relax])),
        alternative=", ".join(dict.fromkeys(text(row[name]) for name in names if text(row[name]))),
        where=where,
    )
