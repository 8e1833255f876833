"""What one roster line becomes in the directory: access, money, adulthood, the Regulations, closure."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import THRESHOLDS, project_synonyms

from flows.places import PROJECT
from flows.sources import load_source
from transforms.normalise.source import Normalised, RosterLines, normalise
from transforms.short_breaks import PATHWAY_OF, REGULATION_4_OF
from transforms.source_spec import Format, Roster, Source
from transforms.tables import (
    Accessibility,
    Eligibility,
    Funding,
    Service,
    ServiceNeed,
    ServicePathway,
)
from transforms.tables import ShortBreakLine as L
from transforms.vocabulary import Regulation4, RosterKind, ShortBreakType

SYNONYMS = project_synonyms()
HACKNEY = load_source(PROJECT / "sources" / "hackney.toml", SYNONYMS)
SESSIONS_OF_HACKNEY = next(roster for roster in HACKNEY.roster if roster.kind is RosterKind.SHORT_BREAKS)
PLAIN = Roster(kind=RosterKind.SHORT_BREAKS, format=Format.CSV, files=[], columns={})


def directory(*lines: dict[str, str], roster: Roster = PLAIN) -> Normalised:
    """The canonical rows of a few lines."""
    told = [
        {
            L.row_id: f"f||{n}", L.file: "f", L.physical_row: n, L.record_ref: str(n), L.provider_name: "Foundling",
            L.service_name: "Club", L.venue_name: "Hall", L.venue_postcode: "EC2Y 8DS", **line,
        }
        for n, line in enumerate(lines, start=1)
    ]  # fmt: skip
    source = Source(
        name="camden", title="Camden", owner="Camden", licence="OGL", contact_role="officer", roster=[roster]
    )
    return normalise(source, [RosterLines(roster, L.frame(told), {})], SYNONYMS, THRESHOLDS)


def test_access_of_a_venue_is_gathered_from_all_lines_that_speak_of_it() -> None:
    access = directory(
        {L.step_free: "Step free"},
        {L.access: "Hearing loop~No quiet room"},
        {L.step_free: "Ground floor only", L.access: "Changing Places by arrangement"},
    ).frames[Accessibility]
    assert len(access) == 1
    row = access.iloc[0]
    assert row[Accessibility.x_step_free] == "partial"
    assert row[Accessibility.x_hearing_loop] == "yes"
    assert row[Accessibility.x_quiet_space] == "no"
    assert row[Accessibility.x_changing_places] == "conditional"
    assert row[Accessibility.x_accessible_toilet] == "unknown"


def test_lines_that_contradict_each_other_leave_access_unknown() -> None:
    access = directory({L.step_free: "Step free"}, {L.step_free: "Stairs only"}).frames[Accessibility]
    assert access[Accessibility.x_step_free].tolist() == ["unknown"]


def test_a_line_that_says_nothing_of_access_makes_no_row() -> None:
    assert (
        directory({L.step_free: "TBC"}, {})
        .frames[Accessibility]
        .get(Accessibility.x_step_free)
        .eq("yes")
        .sum()
        == 0
    )


def test_every_source_of_money_is_a_row_with_its_route_and_its_commissioner() -> None:
    funding = directory({L.funding: "NHS North East London ICB~Spot purchase; Foundling Fund"}).frames[
        Funding
    ]
    told = funding[[Funding.source, Funding.x_route, Funding.x_commissioner_type]].to_numpy().tolist()
    assert sorted(told) == [
        ["Foundling Fund", "unknown", "unknown"],
        ["NHS North East London ICB", "unknown", "health"],
        ["Spot purchase", "spot", "unknown"],
    ]
    assert funding[Funding.id].is_unique


@pytest.mark.parametrize(
    ("name", "kind", "ages", "told"),
    [
        ("Supported internship", None, "16-25", {("EMP", "words")}),
        ("Friday skills", "Travel training", "16-25", {("IL", "words")}),
        ("Mentors", "Mentoring", "11-19", {("CI", "kind_of_service")}),
        ("Healthy eating and money skills", None, "16-19", {("HEA", "words"), ("IL", "words")}),
        ("Friendship group", None, "5-8", set()),
        ("Friendship group", None, None, {("CI", "words")}),
        ("Saturday club", None, "14-25", set()),
    ],
)
def test_outcomes_of_preparing_for_adulthood(
    name: str, kind: str | None, ages: str | None, told: set[tuple[str, str]]
) -> None:
    line = {L.service_name: name, L.kind_of_service: kind, L.ages: ages}
    found = directory({key: value for key, value in line.items() if value}).frames[ServicePathway]
    assert set(zip(found[ServicePathway.pathway], found[ServicePathway.basis], strict=True)) == told


@pytest.mark.parametrize(
    ("kind", "element"),
    [
        ("overnight", Regulation4.OVERNIGHT),
        ("holiday playscheme", Regulation4.EVENING_WEEKEND_HOLIDAY),
        ("swimming", Regulation4.EDUCATION_OR_LEISURE_OUTSIDE_HOME),
        ("domiciliary care", Regulation4.DAY_CARE),
        ("speech and language therapy", None),
        ("something else", None),
    ],
)
def test_a_service_is_placed_under_regulation_4_by_its_kind(kind: str, element: Regulation4 | None) -> None:
    found = directory({L.service_name: "x", L.kind_of_service: kind}).frames[Service].iloc[0]
    told = found[Service.x_regs2011_element]
    assert (None if pd.isna(told) else told) == element


def test_every_element_of_regulation_4_has_a_kind_and_no_kind_that_is_none_has_an_element() -> None:
    assert set(REGULATION_4_OF.values()) == set(Regulation4)
    none = {ShortBreakType.NOT_SHORT_BREAK, ShortBreakType.UNKNOWN, ShortBreakType.CASH_DIRECT_PAYMENT}
    assert not none & set(REGULATION_4_OF)
    assert not none & set(PATHWAY_OF)


def test_terms_keep_their_conditions_and_how_we_know() -> None:
    terms = directory(
        {
            L.parent_stays: "Under 8s must be accompanied",
            L.siblings: "Yes",
            L.funding: "City of London Corporation",
            L.last_verified: "01/09/2026",
        }
    )
    row = terms.frames[Eligibility].iloc[0]
    assert row[Eligibility.parent_must_stay] == "conditional"
    assert row[Eligibility.parent_condition] == "Under 8s must be accompanied"
    assert (row[Eligibility.siblings_welcome], pd.isna(row[Eligibility.siblings_condition])) == ("yes", True)
    assert (row[Eligibility.accepts_city_residents], row[Eligibility.evidence]) == ("yes", "contract")
    assert row[Eligibility.evidence_date] == pd.Timestamp("2026-09-01")


def test_a_mixed_cell_gives_a_row_for_each_need_with_its_own_scope() -> None:
    needs = directory({L.needs: "autism and LD"}).frames[ServiceNeed]
    told = needs.set_index(ServiceNeed.need_code)[ServiceNeed.scope].to_dict()
    assert told == {"ASD": "named", "MLD": "area", "SLD": "area"}


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("Temporarily closed - structure repairs, reopens February", "temporarily closed"),
        ("Closed until further notice.", "temporarily closed"),
        ("Closed for good, July 2026.", "defunct"),
        ("permanently closed", "defunct"),
        ("Closed-toe shoes, please.", "active"),
        ("Not closed in half-term.", "active"),
        ("Warm pool, hoist.", "active"),
    ],
)
def test_closure_is_read_from_hackneys_comments(comment: str, status: str) -> None:
    lines = {L.status: comment, L.tier: "Lot 3 Group", L.kind_of_service: "Lot 3 Group"}
    found = directory(lines, roster=SESSIONS_OF_HACKNEY).frames[Service].iloc[0]
    assert (found[Service.status], found[Service.x_tier]) == (status, "specialist")


def test_a_row_struck_through_in_hackney_is_closed_for_good() -> None:
    status = SESSIONS_OF_HACKNEY.struck_through_status
    assert SYNONYMS["closure_notice"].exactly(status) == ("defunct",)


@pytest.mark.parametrize(
    ("line", "mode"),
    [
        ({L.venue_name: "Online (Zoom)"}, "online"),
        ({L.venue_name: "Child's home / community"}, "home"),
        ({L.venue_name: "Home Park Hall"}, "physical"),
        ({L.delivery: "home"}, "home"),
        ({L.delivery: "Online & face to face"}, "hybrid"),
        ({L.delivery: "Zoom, or in person"}, "hybrid"),
    ],
)
def test_how_a_service_reaches_a_child(line: dict[str, str], mode: str) -> None:
    assert directory(line).frames[Service].iloc[0][Service.x_delivery_mode] == mode
