"""The page a commissioner opens: what it says first, what it must never do, and that it is still."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import product
from typing import Any

import geopandas as gpd
import pandas as pd
import pytest
from shapely.geometry import box

from reports.methods import boundary_words
from reports.page import ReportFacts, render_report
from transforms.schema import Table
from transforms.tables import (
    BorderReach,
    Coverage,
    DataQuality,
    Issue,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    SourceNight,
    TargetTracker,
)
from transforms.vocabulary import (
    AddressRole,
    AgeBand,
    Answer,
    Evidence,
    FundingRoute,
    GapStatus,
    Need,
    QualityDimension,
    QualityStatus,
    Severity,
    SourceState,
    TargetBasis,
    TargetScope,
    TargetStatus,
    Tier,
    Zone,
)

SAMPLE = "SAMPLE: fictional providers, real postcodes - not fact"
HOSTILE = '<script>alert(1)</script> {{7*7}} javascript:alert(2) "><img src=x onerror=alert(3)>'
Frames = dict[type[Table], pd.DataFrame]

VERDICTS = [
    (0, 0, GapStatus.GAP_CERTAIN),
    (0, 4, GapStatus.GAP_UNLESS_VERIFIED),
    (1, 3, GapStatus.FRAGILE),
    (2, 2, GapStatus.COVERED),
]


def coverage() -> pd.DataFrame:
    cells = product([Need.ASD, Need.VI], AgeBand, [Tier.UNIVERSAL, Tier.SPECIALIST], Zone)
    rows = []
    for number, (need, band, tier, zone) in enumerate(cells):
        confirmed, possible, verdict = VERDICTS[number // len(Zone) % len(VERDICTS)]
        rows.append(
            {
                Coverage.need: need.value,
                Coverage.age_band: band.value,
                Coverage.tier: tier.value,
                Coverage.zone: zone.value,
                Coverage.confirmed: confirmed,
                Coverage.possible: possible,
                Coverage.gap_status: verdict.value,
            }
        )
    return Coverage.frame(rows)


def targets(**changes: Any) -> pd.DataFrame:
    row = {
        TargetTracker.scope: TargetScope.UNIVERSAL_AND_SPECIALIST.value,
        TargetTracker.basis: TargetBasis.ACTIVITIES.value,
        TargetTracker.confirmed: 10.0,
        TargetTracker.possible: 31.0,
        TargetTracker.not_measured: 0,
        TargetTracker.status: TargetStatus.NO_BASELINE.value,
    }
    return TargetTracker.frame([row | changes])


def border(name: str) -> pd.DataFrame:
    def at(number: int, distance: float, accepts: Answer) -> dict[str, Any]:
        return {
            BorderReach.service_at_location_id: f"sal-{number}",
            BorderReach.activity_id: f"act-{number}",
            BorderReach.provider_id: f"orc-{number}",
            BorderReach.service_name: f"{name} {number}",
            BorderReach.organization_name: f"Provider {number}: {name}",
            BorderReach.lad_code: "E09000019",
            BorderReach.tier: Tier.TARGETED.value,
            BorderReach.boundary_distance_m: distance,
            BorderReach.positional_error_m: 50.0,
            BorderReach.nearest_origin: "Golden Lane Estate",
            BorderReach.nearest_origin_distance_m: distance + 200,
            BorderReach.accepts_city_residents: accepts.value,
            BorderReach.evidence: Evidence.NONE.value,
            BorderReach.funding_route: FundingRoute.UNKNOWN.value,
            BorderReach.is_verified: True,
            BorderReach.is_call_needed: accepts is Answer.UNKNOWN,
            BorderReach.source: "islington",
        }

    asked = [at(number, 100.0 + number, Answer.UNKNOWN) for number in range(18)]
    return BorderReach.frame([*asked, at(90, 10.0, Answer.YES), at(91, 20.0, Answer.NO)])


def venues(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    def place(
        number: int, easting: float, zone: Zone, *, certain: bool, home: bool = False
    ) -> dict[str, Any]:
        return {
            Location.id: f"loc-{number}",
            Location.name: f"Venue {number} {name}",
            Location.x_easting: easting,
            Location.x_northing: 181000.0,
            Location.x_positional_error_m: 50.0,
            Location.x_zone: zone.value,
            Location.x_zone_certain: certain,
            Location.x_signed_distance_m: easting - 533000,
            Location.x_address_role: AddressRole.VENUE.value,
            Location.x_is_home: home,
            Location.x_source: "city",
            Location.x_cluster_id: f"loc-c-{number}",
        }

    places = [
        place(1, 532000, Zone.INSIDE, certain=True),
        place(2, 532980, Zone.INSIDE, certain=False),
        place(3, 533020, Zone.NEAR, certain=False),
        place(4, 534000, Zone.OUTSIDE, certain=True),
        place(5, 532500, Zone.INSIDE, certain=True, home=True),
        place(6, 532600, Zone.INSIDE, certain=True),
    ]
    # Venue 6 has no service left: it may be where a withheld record was.
    at = [
        {
            ServiceAtLocation.id: f"at-{n}",
            ServiceAtLocation.service_id: "svc",
            ServiceAtLocation.location_id: f"loc-{n}",
        }
        for n in range(1, 6)
    ]
    return Location.frame(places), ServiceAtLocation.frame(at)


def issues(name: str, count: int) -> pd.DataFrame:
    return Issue.frame(
        {
            Issue.source: "city",
            Issue.file: "roster.csv",
            Issue.physical_row: number + 2,
            Issue.heading: "Ages",
            Issue.raw_value: name,
            Issue.rule: "ages",
            Issue.severity: Severity.QUARANTINE.value,
            Issue.message: f"Row remark {number}: {name}",
            Issue.what_to_do: "Type the ages again.",
        }
        for number in range(count)
    )


def night(name: str) -> pd.DataFrame:
    return SourceNight.frame(
        [
            {
                SourceNight.source: "city",
                SourceNight.title: f"City {name}",
                SourceNight.state: SourceState.CARRIED_MISSING.value,
                SourceNight.is_sample: False,
                SourceNight.last_good_on: pd.Timestamp("2026-11-20"),
                SourceNight.age_days: 3,
                SourceNight.rows_in: 70,
                SourceNight.rows_curated: 8,
                SourceNight.rows_quarantined: 60,
                SourceNight.rows_rejected: 2,
                SourceNight.rows_withheld: 1,
                SourceNight.message: "The file was missing.",
            },
            {
                SourceNight.source: "register",
                SourceNight.title: "Register",
                SourceNight.state: SourceState.ABSENT.value,
                SourceNight.is_sample: False,
                **dict.fromkeys(
                    [SourceNight.rows_in, SourceNight.rows_curated, SourceNight.rows_quarantined,
                     SourceNight.rows_rejected, SourceNight.rows_withheld],
                    0,
                ),
                SourceNight.message: "Waiting for its file.",
            },
        ]
    )  # fmt: skip


def quality() -> pd.DataFrame:
    return DataQuality.frame(
        [
            {
                DataQuality.source: "city",
                DataQuality.dimension: QualityDimension.VALIDITY.value,
                DataQuality.numerator: 90,
                DataQuality.denominator: 100,
                DataQuality.value_pct: 90.0,
                DataQuality.threshold_pct: 95.0,
                DataQuality.status: QualityStatus.BELOW_THRESHOLD.value,
            }
        ]
    )


def frames(name: str = "Fox Club") -> Frames:
    places, at = venues(name)
    return {
        Coverage: coverage(),
        TargetTracker: targets(),
        BorderReach: border(name),
        DataQuality: quality(),
        SourceNight: night(name),
        Issue: issues(name, 60),
        Location: places,
        ServiceAtLocation: at,
        Service: Service.frame(),
        Organization: Organization.frame(),
    }


@pytest.fixture
def facts() -> ReportFacts:
    city, islington = box(531000, 180500, 533000, 182000), box(531000, 182000, 533000, 185000)
    failed = {"rule": "value_given", "column": "service_name", "rows": 1}
    return ReportFacts(
        run_id="2026-11-23-abc",
        as_of=dt.date(2026, 11, 23),
        is_sample=False,
        verdicts=[
            {"source": "city", "gate": "raw roster", "table": "line", "rows": 9, "expectations": 8, "passed": False,
             "failed": [failed]},
            {"gate": "curated", "table": "coverage", "rows": 9, "expectations": 5, "passed": True, "failed": []},
        ],
        boundaries=gpd.GeoSeries({"E09000001": city, "E09000019": islington}, crs="EPSG:27700"),
        reference=[("thresholds.toml", ""), ("directory", "2026-01")],
        method_version="0.1.0",
    )  # fmt: skip


class Elements(HTMLParser):
    """Every start tag of a page with its attributes."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def words_of(page: str) -> str:
    """The text of a page as a reader sees it, in one line."""
    body = re.sub(r"<(style|script)\b.*?</\1>", " ", page, flags=re.S)
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", body))


def cells_of(page: str) -> list[str]:
    return [words_of(cell) for cell in re.findall(r'<td class="[gufc]">(.*?)</td>', page)]


def scripts_of(page: str) -> list[str]:
    """Every script of a page that is no data."""
    return re.findall(r"<script>(.*?)</script>", page, flags=re.S)


def scripts_that_may_run(page: str) -> list[str]:
    """Those whose hash stands in the page's own policy."""
    policy = re.search(r'Content-Security-Policy" content="(.*?)"', page).group(1)  # type: ignore[union-attr]
    allowed = set(re.findall(r"sha256-([A-Za-z0-9+/=]+)", policy))
    return [
        script
        for script in scripts_of(page)
        if base64.b64encode(hashlib.sha256(script.encode()).digest()).decode() in allowed
    ]


def test_a_sample_page_says_so_first_and_in_its_title(facts: ReportFacts) -> None:
    page = render_report(frames(), replace(facts, is_sample=True))
    assert re.search(r"<title>(.*?)</title>", page).group(1).startswith(SAMPLE)  # type: ignore[union-attr]
    assert words_of(page[page.index("<body>") :]).strip().startswith(SAMPLE)


def test_a_live_page_never_says_sample(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    assert "fictional" not in page.lower()
    assert "sample" not in words_of(page).lower()


def test_hostile_words_stay_words(facts: ReportFacts) -> None:
    page = render_report(frames(HOSTILE), replace(facts, run_id=HOSTILE, reference=[(HOSTILE, HOSTILE)]))
    elements = Elements(page).found
    assert not {"img", "iframe", "object", "form"} & {tag for tag, _ in elements}
    assert scripts_that_may_run(page) == [script for script in scripts_of(page) if "alert(" not in script]
    assert not [name for _, attributes in elements for name in attributes if name.startswith("on")]
    assert "&lt;script&gt;alert(1)" in page
    assert "{{7*7}}" in page


def test_the_page_loads_nothing(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    elements = Elements(page).found
    links = [attributes["href"] for _, attributes in elements if attributes.get("href")]
    assert links
    assert all(str(link).startswith("#") for link in links)
    assert not [tag for tag, attributes in elements if "src" in attributes or "srcset" in attributes]
    styles = "".join(re.findall(r"<style>.*?</style>", page, flags=re.S))
    assert "@import" not in styles
    assert "url(" not in styles
    policy = next(a["content"] for _, a in elements if a.get("http-equiv") == "Content-Security-Policy")
    assert str(policy).startswith("default-src 'none'; style-src 'unsafe-inline'; img-src data:")


def test_links_within_the_page_lead_somewhere(facts: ReportFacts) -> None:
    elements = Elements(render_report(frames(), facts)).found
    ids = [attributes["id"] for _, attributes in elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert {str(a["href"])[1:] for _, a in elements if "href" in a} <= set(ids)


def test_every_cell_of_a_matrix_has_its_numbers_and_its_word(facts: ReportFacts) -> None:
    cells = cells_of(render_report(frames(), facts))
    assert len(cells) == len(coverage())
    verdicts = "|".join(re.escape(verdict.label) for verdict in GapStatus)
    assert all(re.fullmatch(rf"\s*\d+ \+\d+ possible ({verdicts}) ?", cell) for cell in cells)
    assert cells[1].split() == ["1", "+2", "possible", "one", "provider"]


def test_the_square_mile_comes_first_and_open(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    places = [page.index(f"Coverage matrix: {zone.label}") for zone in Zone]
    assert places == sorted(places)
    assert page.rindex("<details", 0, places[0]) < page.rindex("</details>", 0, places[0])


def test_equal_frames_give_equal_bytes(facts: ReportFacts) -> None:
    assert render_report(frames(), facts) == render_report(frames(), facts)


def test_without_a_baseline_there_is_no_percentage(facts: ReportFacts) -> None:
    words = words_of(render_report(frames(), facts))
    assert "Cannot be judged: no baseline declared" in words
    assert "on the baseline" not in words


def test_with_a_baseline_the_row_says_how_far_it_is(facts: ReportFacts) -> None:
    declared = targets(
        **{
            TargetTracker.baseline: 20.0,
            TargetTracker.baseline_as_at: pd.Timestamp("2020-03-31"),
            TargetTracker.baseline_method: "SAMPLE: invented",
            TargetTracker.target: 30.0,
            TargetTracker.change_pct: -50.0,
            TargetTracker.shortfall: 20.0,
            TargetTracker.status: TargetStatus.MET_IF_VERIFIED.value,
        }
    )
    words = words_of(render_report(frames() | {TargetTracker: declared}, facts))
    assert "20 (31 March 2020)" in words
    assert "SAMPLE: invented" in words
    assert "Met only if what is possible is verified; 20 short (−50% on the baseline)" in words
    assert "no baseline" not in words


def test_the_map_shows_what_is_certain_and_what_is_not(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    drawing = page[page.index('<svg viewBox="0 0 1000') :]
    drawing = drawing[: drawing.index("</svg>")]
    dots = [attributes.get("class") for tag, attributes in Elements(drawing).found if tag == "circle"]
    assert (dots.count("m-in"), dots.count("m-out"), dots.count("m-ring")) == (2, 2, 2)
    assert "1 venues certainly inside" in drawing


def test_a_home_and_a_place_without_a_service_are_not_drawn(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    assert "Venue 1 Fox Club" in page
    assert "Venue 5" not in page
    assert "Venue 6" not in page


def test_only_those_who_were_not_asked_are_to_be_called(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    calls = page[page.index('<table class="calls">') :]
    calls = calls[: calls.index("</table>")]
    assert calls.count('<th scope="row"') == 15
    assert "15 nearest of 18 providers" in words_of(calls)
    assert "Provider 90" not in calls
    assert "Provider 91" not in calls
    assert "1 is confirmed to take City children, 19 possible" in words_of(page)


def test_rows_set_aside_are_cut_at_fifty_and_say_where_the_rest_is(facts: ReportFacts) -> None:
    page = render_report(frames(), facts)
    assert page.count("Row remark") == 50
    assert "10 more remarks stand in issues/city.csv" in words_of(page)


def test_a_roster_that_did_not_come_is_old_and_not_closed(facts: ReportFacts) -> None:
    words = words_of(render_report(frames(), facts))
    assert "received on 20 November 2026, 3 days before this report" in words
    assert "file missing: last good carried forward" in words
    assert "No roster has been received yet. Waiting for its file." in words
    assert "70 rows in = 8 curated + 60 quarantined + 2 rejected" in words
    assert "do not add up" not in words


def test_rows_that_got_lost_are_noticed(facts: ReportFacts) -> None:
    lost = frames()
    lost[SourceNight][SourceNight.rows_curated] = [7, 0]
    assert "do not add up" in words_of(render_report(lost, facts))


def test_a_quality_figure_carries_its_base_and_its_word(facts: ReportFacts) -> None:
    words = words_of(render_report(frames(), facts))
    assert "90% 90 of 100 below 95%" in words
    assert "nothing to measure" in words


def test_a_gate_that_failed_names_its_rule(facts: ReportFacts) -> None:
    words = words_of(render_report(frames(), facts))
    assert "Raw roster 1 8 1 failed , 0 passed" in words
    assert "service_name value given 1" in words


def test_a_definition_names_its_threshold_where_the_run_gives_it(facts: ReportFacts) -> None:
    known = replace(facts, settings={"verified_within_days": 180, "near_m": 800})
    assert "checked it within the last 180 days" in words_of(render_report(frames(), known))
    assert "checked it recently enough" in words_of(render_report(frames(), facts))


def test_an_empty_night_still_makes_a_page(facts: ReportFacts) -> None:
    tables = (Coverage, TargetTracker, BorderReach, DataQuality, SourceNight, Issue, Location, ServiceAtLocation,
              Service, Organization)  # fmt: skip
    words = words_of(render_report({table: table.frame() for table in tables}, replace(facts, verdicts=[])))
    assert "Coverage was not measured here." in words
    assert "No service just across the border" in words


def test_the_report_says_whose_line_the_boundary_is() -> None:
    settings = {"boundary_median_error_m": 9, "boundary_error_m": 41}
    derived = boundary_words("", settings)
    assert "not the official one" in derived
    assert "9 m off in the median, 41 m at the 95th percentile" in derived
    assert boundary_words("Boundaries UK BFE, May 2026", settings) == (
        "The City boundary is the official one: Boundaries UK BFE, May 2026."
    )
