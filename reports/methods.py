"""What the words of the report mean. A threshold is named where the run says what it was."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from reports.facts import ReportFacts
from reports.matrix import MEANING
from reports.sections import Part, Section
from reports.words import sentence
from transforms.vocabulary import GapStatus, Zone


def methods_section(facts: ReportFacts) -> Section:
    """The last section: what words mean, what to bear in mind, and what it was made from."""
    data = {
        "definitions": definitions(facts.settings),
        "boundary": boundary_words(facts.official_boundary, facts.settings),
    }
    return Section("methods", "Methods", "Methods, definitions and caveats", Part.TRUST, "methods", data)


def definitions(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Each term with its meaning, in the order a reader meets them."""
    return [
        ("Activity", "One service at one venue. The same club listed by several boroughs counts once."),
        ("Confirmed", _confirmed(settings)),
        (
            "Possible",
            "Confirmed, and everything else that no answer rules out: acceptance of City children not known "
            "or conditional, not checked recently, ages or level of offer not stated, a venue on the line, "
            "meant for any special need, for a wider area of need, or open to everyone. Unknown is never "
            "counted as no.",
        ),
        *_zones(settings),
        *[(sentence(verdict.label), sentence(MEANING[verdict]) + ".") for verdict in GapStatus],
    ]


def boundary_words(official: str, settings: Mapping[str, Any]) -> str:
    """What the line of the City is, and how far it may be off."""
    if official:
        return f"The City boundary is the official one: {official}."
    error = "{boundary_median_error_m:g} m off in the median, {boundary_error_m:g} m at the 95th percentile"
    known = "boundary_median_error_m" in settings and "boundary_error_m" in settings
    return (
        "The City boundary is derived from postcode points, not the official one"
        + (f": {error.format(**settings)}." if known else ".")
    )  # fmt: skip


def _confirmed(settings: Mapping[str, Any]) -> str:
    recently = _limit(settings, "verified_within_days", "within the last {} days", "recently enough")
    return (
        f"The activity is running, its borough checked it {recently}, it accepts children who live in the City, "
        "and it is certain where it happens. In the coverage matrix it also names the need, and its level of "
        "offer and ages are known."
    )


def _zones(settings: Mapping[str, Any]) -> list[tuple[str, str]]:
    near = _limit(
        settings, "near_m", "up to {} m outside the City boundary", "a short walk outside the City boundary"
    )
    meaning = {
        Zone.INSIDE: "The venue lies within the City boundary. A head office or a PO box is never a venue.",
        Zone.NEAR: f"The venue lies {near}, in a straight line.",
        Zone.OUTSIDE: "The venue lies further out than that.",
        Zone.ONLINE: "There is no venue: the service is reached online. It is never counted as local.",
        Zone.HOME_OUTREACH: "The service comes to the child, at home or elsewhere.",
        Zone.UNKNOWN: "The roster does not say enough to place it.",
    }
    return [(zone.label, meaning[zone]) for zone in Zone]


def _limit(settings: Mapping[str, Any], name: str, words: str, otherwise: str) -> str:
    return words.format(f"{settings[name]:g}") if name in settings else otherwise
