"""The sections on how far the rosters can be trusted, and what was checked."""

from __future__ import annotations

from reports import gates
from reports.boroughs import Night, quality
from reports.facts import Frames, ReportFacts, rows_of
from reports.sections import Part, Section
from reports.words import listed, number
from transforms.tables import DataQuality
from transforms.vocabulary import Outcome, QualityDimension, QualityStatus


def quality_section(frames: Frames) -> Section:
    """How far each roster can be trusted."""
    data = {
        "lead": _lead(frames),
        "quality": quality(frames),
        "dimensions": list(QualityDimension),
        "good": QualityStatus.GOOD,
    }
    return Section(
        "quality", "Data quality", "How far each roster can be trusted", Part.TRUST, "quality", data
    )


def _lead(frames: Frames) -> str:
    status = rows_of(frames, DataQuality)[DataQuality.status]
    measured = status.ne(QualityStatus.NOT_APPLICABLE)
    if not measured.any():
        return "No roster was measured in this run."
    below = rows_of(frames, DataQuality)[status.eq(QualityStatus.BELOW_THRESHOLD)]
    worst = [QualityDimension(code).label for code in below[DataQuality.dimension].value_counts().index[:1]]
    most = f", most often in {listed(worst)}" if worst else ""
    return (
        f"{number(measured.sum() - len(below))} of {number(measured.sum())} quality figures reach their threshold; "
        f"{number(len(below))} fall short{most}."
    )


def boroughs_section(rosters: list[Night]) -> Section:
    """Each borough's roster, and what its officers can mend."""
    data = {"nights": rosters, "outcomes": list(Outcome)}
    return Section(
        "boroughs", "Rosters to mend", "Each borough's roster, and what to mend", Part.TRUST, "boroughs", data
    )


def checks_section(rosters: list[Night], facts: ReportFacts) -> Section:
    """What the gates found."""
    data = {
        "gates": gates.gates(facts.verdicts),
        "failed": gates.failed(facts.verdicts),
        "titles": {night.source: night.title for night in rosters},
    }
    return Section("checks", "Checks", "Checks on the data", Part.TRUST, "checks", data)
