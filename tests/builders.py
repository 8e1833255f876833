"""Small valid frames, written in tests as text tables."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa

from flows.places import Places
from flows.reference import Reference
from transforms.contracts import build_contracts
from transforms.demand import expected_children
from transforms.disclosure import DisclosurePolicy, release, without_counts
from transforms.gaps import GapInputs
from transforms.parsers.synonyms import Synonyms
from transforms.place.border import Border
from transforms.place.ground import Ground, PropertyPoints, mark_disputes, measure_distances
from transforms.place.postcode_directory import PostcodeDirectory, build_directory
from transforms.schema import LIST_JOINT, Table
from transforms.separator import LIST_SEPARATOR
from transforms.supply import build_supply
from transforms.tables import (
    CITY_LAD_CODE,
    DATED_TABLES,
    DIRECTORY_TABLES,
    RUN_TABLES,
    Accessibility,
    Address,
    Baseline,
    ContractMention,
    CostOption,
    EhcPlans,
    Eligibility,
    ExpectedChildren,
    Funding,
    HealthPathway,
    KpiDefinition,
    Location,
    Organization,
    Origin,
    PeoplePoint,
    Population,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
    ServicePathway,
    SourceRecord,
    Travel,
)
from transforms.thresholds import Thresholds
from transforms.travel import build_travel

PROJECT = Path(__file__).resolve().parent.parent
AS_OF = pd.Timestamp("2026-11-23")

# Fixed here, so that a change of a setting does not change what these tests mean.
THRESHOLDS = Thresholds(
    verified_within_days=180,
    near_m=800,
    border_reach_m=1600,
    postcode_error_m=50,
    coarse_postcode_error_m=70,
    approximate_postcode_error_m=100,
    imputed_postcode_error_m=250,
    sector_postcode_error_m=1000,
    postcode_copy_m=3,
    uprn_error_m=10,
    coordinates_error_m=10,
    boundary_error_m=39,
    boundary_median_error_m=9,
    po_box_stack_postcodes=5,
    moved_m=5000,
    unreadable_rows_pct=5,
    fewer_rows_pct=50,
    walking_detour=1.3,
    walking_m_per_min=80,
    after_school_from="15:00",
    evening_from="18:00",
    school_day_from="09:00",
    holiday_day_hours=4,
    adulthood_prepared_from_age=14,
    target_increase_pct=50,
    rate_known_pct=60,
    parent_stays_pct=50,
    far_walk_min=20,
    within_walk_min=(15, 30, 45),
    contract_lapses_days=270,
    new_contract_days=365,
    buying_neighbours=2,
    concentrated_hhi=2500,
    access_unknown_pct=50,
    enough_hours_per_child=8,
    catchment_min=(10, 20, 30),
    catchment_weights=(1.0, 0.68, 0.22),
    people_square_m=250,
    match_confidence=0.95,
    maybe_confidence=0.3,
    same_venue_m=60,
    light_rename_pct=82,
    light_rename_lead_pct=5,
    good_completeness_pct=80,
    good_validity_pct=95,
    good_uniqueness_pct=98,
    good_consistency_pct=98,
    good_timeliness_pct=80,
    good_geocode_pct=90,
)

DISCLOSURE = DisclosurePolicy(
    smallest_shown=10,
    rounded_to=5,
    least_range=5,
    shown_again_from=15,
    cycle_starts=("01-01", "04-01", "09-01"),
)


def _origin(name: str, kind: str, postal_code: str, easting: float, *ages: int) -> dict[str, object]:
    """A place on the ground of the tests, on the line to the east of (0, 0)."""
    at = {"postal_code": postal_code, "easting": easting, "northing": 0.0}
    return {
        "origin": name,
        "kind": kind,
        **dict(zip(("minimum_age", "maximum_age"), ages, strict=False)),
        **at,
    }


_ESTATES = [
    _origin("Barbican Estate", "estate", "EC2Y 8DT", 0.0),
    _origin("Mansell Street Estate", "estate", "E1 8BQ", 1000.0),
]
TWO_ESTATES = Origin.frame(_ESTATES)
TWO_ESTATES_AND_A_SCHOOL = Origin.frame(
    [*_ESTATES, _origin("The Aldgate School", "school", "EC3A 5DE", 300.0, 3, 10)]
)

ONE_MEASURE = KpiDefinition.frame(
    [
        {
            "kpi": "feedback",
            "statements": "S08",
            "measures": "Items of feedback",
            "unit": "items",
            "frequency": "quarter",
            "publication": "value",
            "supplied_by": "a named role",
            "source": "the strategy",
        }
    ]
)


def project_synonyms() -> Synonyms:
    """The phrases the product really uses."""
    return Reference(Places()).synonyms


def texts(*values: str | None) -> pd.Series:
    """A column of roster cells."""
    return pd.Series(values, dtype="str")


def read_table(text: str) -> list[dict[str, str]]:
    """Rows of a table drawn with ``|``; a cell of ``.`` or nothing is left to its default."""
    lines = [line.strip() for line in text.strip().splitlines() if line.strip()]
    headings = [cell.strip() for cell in lines[0].strip("|").split("|")]
    rows = []
    for line in lines[1:]:
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        row = dict(zip(headings, cells, strict=True))
        rows.append({name: cell for name, cell in row.items() if cell not in ("", ".")})
    return rows


_TABLES = (*DIRECTORY_TABLES, *RUN_TABLES, ContractMention)
_EMPTY = {table: table.frame() for table in _TABLES}

OFFER_DEFAULTS: dict[str, str] = {
    "provider": "P1",
    "source": "city",
    "zone": "inside",
    "certain": "yes",
    "distance_m": "-100",
    "easting": "0",
    "northing": "0",
    "error_m": "50",
    "role": "venue",
    "method": "postcode",
    "tier": "specialist",
    "status": "active",
    "verified": "10",
    "ends_in": "-",
    "ages": "0-25",
    "accepts": "yes",
    "parent": "unknown",
    "siblings": "unknown",
    "stage": "unknown",
    "need": "ASD",
    "days": "SA",
    "hours": "2",
    "places": "10",
    "freq": "WEEKLY",
    "interval": "1",
    "period": "term_time",
    "slot": "unknown",
    "bespoke": "no",
    "words": "as before",
    "kind": "unknown",
    "outcome": "-",
}


def frames_of_offers(offers: str | Iterable[dict[str, str]]) -> dict[type[Table], pd.DataFrame]:
    """Canonical frames of offers: one service of one provider at one venue a row.

    Columns are those of ``OFFER_DEFAULTS`` and ``service``, ``venue``, ``service_cluster``,
    ``venue_cluster`` (``club`` names both clusters). A dash means not known; ``verified`` and ``ends_in``
    count days from ``AS_OF`` (back and forward); ``need`` is a code, ``CODE?`` for a wider area, or a
    scope; ``outcome`` is of preparing for adulthood; several of either with ``+``. ``words`` stands for
    whatever else the roster row says. A service at a venue named in several rows has a session in each.
    ``cost`` is as ``_price`` reads it, several with ``+``; ``dp``, ``step_free`` and ``quiet`` are answers.
    """
    rows = read_table(offers) if isinstance(offers, str) else list(offers)
    table_rows: dict[type[Table], list[dict[str, Any]]] = {t: [] for t in _TABLES}
    for number, given in enumerate(rows):
        row = {"service": f"S{number}", "venue": f"V{number}", **OFFER_DEFAULTS, **given}
        service, venue = f"svc-{row['service']}", f"loc-{row['venue']}"
        at = f"sal-{row['service']}-{row['venue']}"
        low, _, high = row["ages"].partition("-")
        table_rows[Organization].append(
            {
                "id": f"org-{row['provider']}",
                "name": f"Provider {row['provider']}",
                "x_source": row["source"],
                "x_cluster_id": row["provider"],
                "x_match_confidence": 1.0,
                "x_match_reason": "alone",
            }
        )
        table_rows[Service].append(
            {
                "id": service,
                "organization_id": f"org-{row['provider']}",
                "name": f"Service {row['service']}",
                "status": row["status"],
                "minimum_age": _whole(low),
                "maximum_age": _whole(high),
                "x_last_verified": _days_from_now(row["verified"], -1),
                "x_ends_on": _days_from_now(row["ends_in"], 1),
                "x_tier": row["tier"],
                "x_short_break_type": row["kind"],
                "x_delivery_mode": "physical",
                "x_is_bespoke": row["bespoke"] == "yes",
                "x_source": row["source"],
                "x_listed_by": _LISTED_BY.get(row["source"]),
                "x_cluster_id": row.get("service_cluster", row.get("club", row["service"])),
            }
        )
        table_rows[Location].append(
            {
                "id": venue,
                "location_type": "physical",
                "name": f"Venue {row['venue']}",
                "x_easting": float(row["easting"]),
                "x_northing": float(row["northing"]),
                "x_geocode_method": row["method"],
                "x_positional_error_m": float(row["error_m"]),
                "x_lad_code": "E09000001" if row["zone"] == "inside" else "E09000012",
                "x_zone": row["zone"],
                "x_zone_certain": row["certain"] == "yes",
                "x_signed_distance_m": None if row["distance_m"] == "-" else float(row["distance_m"]),
                "x_address_role": row["role"],
                "x_is_home": False,
                "x_source": row["source"],
                "x_cluster_id": row.get("venue_cluster", row.get("club", row["venue"])),
            }
        )
        table_rows[Address].append(
            {
                "id": f"adr-{row['venue']}",
                "location_id": venue,
                "postal_code": "EC2Y 8DS",
                "x_postcode_status": "listed",
            }
        )
        table_rows[ServiceAtLocation].append(
            {
                "id": at,
                "service_id": service,
                "location_id": venue,
                "x_places_per_session": _whole(row["places"]),
            }
        )
        table_rows[Schedule].append(
            {
                "id": f"sch-{at}-{row['period']}-{row['slot']}",
                "service_at_location_id": at,
                "freq": row["freq"],
                "interval": int(row["interval"]),
                "byday": None if row["days"] == "-" else row["days"],
                "x_hours": None if row["hours"] == "-" else float(row["hours"]),
                "x_calendar_period": row["period"],
                "x_day_slot": row["slot"],
                "x_parse_status": "parsed",
            }
        )
        table_rows[Eligibility].append(
            {
                "service_id": service,
                "accepts_city_residents": row["accepts"],
                "evidence": "none" if row["accepts"] == "unknown" else "stated",
                "sen_stage": row["stage"],
                "parent_must_stay": row["parent"],
                "siblings_welcome": row["siblings"],
            }
        )
        table_rows[ServicePathway] += [
            {"service_id": service, "pathway": outcome, "basis": "words"}
            for outcome in row["outcome"].split("+")
            if outcome != "-"
        ]
        table_rows[ServiceNeed] += [_need(service, need) for need in row["need"].split("+")]
        prices = row["cost"].split("+") if "cost" in row else ["-"] if "dp" in row else []
        table_rows[CostOption] += [
            {
                **_price(price),
                "id": f"cst-{row['service']}-{nth}",
                "service_id": service,
                "x_dp_payable": row.get("dp", "unknown"),
            }
            for nth, price in enumerate(prices)
        ]
        if "step_free" in row or "quiet" in row:
            unsaid = ("x_accessible_toilet", "x_changing_places", "x_hearing_loop")
            table_rows[Accessibility].append(
                {
                    "id": f"acc-{row['venue']}",
                    "location_id": venue,
                    "x_step_free": row.get("step_free", "unknown"),
                    "x_quiet_space": row.get("quiet", "unknown"),
                    **dict.fromkeys(unsaid, "unknown"),
                }
            )
        if "funding" in row:
            table_rows[Funding].append(
                {
                    "id": f"fnd-{row['service']}",
                    "service_id": service,
                    "x_route": row["funding"],
                    "x_commissioner_type": row.get("bought_as", "unknown"),
                    "x_commissioners": _authorities(row.get("payers"), LIST_JOINT),
                    "x_has_health_buyer": row.get("bought_as") == "health",
                }
            )
        table_rows[SourceRecord].append(
            {
                "source": row["source"],
                "file": "roster.csv",
                "physical_row": number + 2,
                "file_sha256": "0" * 64,
                "record_hash": row["words"],
                "outcome": "curated",
                "organization_id": f"org-{row['provider']}",
                "service_id": service,
                "is_withheld": False,
            }
        )
    frames = {}
    for table, listed in table_rows.items():
        once = {tuple(row.get(name) for name in table.key_names()): row for row in reversed(listed)}
        frames[table] = table.frame(list(once.values())[::-1]) if listed else _EMPTY[table].copy()
    return frames


def pathways_of(text: str) -> pd.DataFrame:
    """Health pathways: ``service | route | offered | ages | referral | wait | verified``, as offers are drawn."""
    routes = {"C&H": "CITY_HACKNEY_GP", "TH": "TOWER_HAMLETS_GP", "ISL": "ISLINGTON_GP"}
    rows = []
    for number, row in enumerate(read_table(text)):
        low, _, high = row.get("ages", "-").partition("-")
        rows.append(
            {
                "id": f"hpw-{number}",
                "service_name": row["service"],
                "route": routes[row["route"]],
                "offered": row.get("offered", "yes"),
                "minimum_age": _whole(low),
                "maximum_age": _whole(high),
                "referral": row.get("referral"),
                "wait_weeks": int(row["wait"]) if "wait" in row else None,
                "x_last_verified": _days_from_now(row.get("verified", "10"), -1),
                "x_source": "city_health",
            }
        )
    return HealthPathway.frame(rows)


_AUTHORITIES = {"City": CITY_LAD_CODE, "Hackney": "E09000012", "Islington": "E09000019", "TH": "E09000030"}
_LISTED_BY = {"city": CITY_LAD_CODE, "hackney": "E09000012", "islington": "E09000019", "tower": "E09000030"}


def mentions_of(text: str) -> pd.DataFrame:
    """What rosters say of contracts: ``ref | buyers | covered | type | start | end | extend | service | provider | …``.

    ``start``, ``end`` and ``notice`` count days from ``AS_OF``, a minus before it; ``extend`` is the months it may be
    extended by, or ``no``; ``service`` is one of the offers; authorities are joined with ``+``.
    """
    rows = []
    for number, row in enumerate(read_table(text)):
        extend = row.get("extend")
        rows.append(
            {
                "id": f"cmn-{number}",
                "contract_id": f"con-{row['ref']}",
                "ref": row["ref"],
                "lot": row.get("lot"),
                **{
                    name: AS_OF + pd.Timedelta(days=int(row[day])) if day in row else None
                    for name, day in (("start", "start"), ("end", "end"), ("notice_date", "notice"))
                },
                "may_be_extended": "unknown" if extend is None else "no" if extend == "no" else "yes",
                "extension_months": None if extend in (None, "no") else int(extend),
                "commissioned_by": row.get("buyers"),
                "commissioners": _authorities(row.get("buyers"), LIST_SEPARATOR),
                "covered": _authorities(row.get("covered"), LIST_SEPARATOR),
                "commissioner_type": row.get("type", "unknown"),
                "organization_id": f"org-{row['provider']}" if "provider" in row else None,
                "service_id": f"svc-{row['service']}" if "service" in row else None,
                "source": row.get("source", "city"),
            }
        )
    return ContractMention.frame(rows)


def _authorities(names: str | None, joint: str) -> str | None:
    return joint.join(_AUTHORITIES[name] for name in names.split("+")) if names else None


def _whole(text: str) -> int | None:
    return int(text) if text.strip("-") else None


def _days_from_now(text: str, sign: int) -> pd.Timestamp | None:
    return None if text == "-" else AS_OF + sign * pd.Timedelta(days=int(text))


def _price(text: str) -> dict[str, Any]:
    """``free``, an amount and what it buys (``5 session``), or ``-`` where it could not be read."""
    amount, _, unit = text.partition(" ")
    if amount == "-":
        return {"amount": None, "x_unit": "unknown", "x_is_free": None}
    is_free = amount == "free"
    return {"amount": 0.0 if is_free else float(amount), "x_unit": unit or "unknown", "x_is_free": is_free}


def _need(service: str, need: str) -> dict[str, Any]:
    if need in {"any_send", "open", "not_stated"}:
        return {"service_id": service, "need_code": None, "scope": need, "confidence": 1.0}
    scope = "area" if need.endswith("?") else "named"
    return {"service_id": service, "need_code": need.rstrip("?"), "scope": scope, "confidence": 1.0}


def gap_inputs(
    offers: str | Iterable[dict[str, str]] | dict[type[Table], pd.DataFrame],
    baselines: Iterable[tuple[str, str, float]] = (),
    facts: Mapping[type[Table], pd.DataFrame] | None = None,
) -> GapInputs:
    """Everything a gap table is computed from, for offers or for frames made of them.

    ``facts`` are dated reference beside the two estates, one measure and the baselines; what is not given is
    not declared.
    """
    frames = offers if isinstance(offers, dict) else frames_of_offers(offers)
    declared = Baseline.frame(
        [
            {
                Baseline.scope: scope,
                Baseline.basis: basis,
                Baseline.value: value,
                Baseline.as_at: pd.Timestamp("2020-04-01"),
                Baseline.method: "counted by hand",
                Baseline.approved_by: "a named officer",
            }
            for scope, basis, value in baselines
        ]
    )
    known = {table: table.frame() for table in DATED_TABLES} | {
        PeoplePoint: PeoplePoint.frame(),
        Baseline: declared,
        Origin: TWO_ESTATES,
        KpiDefinition: ONE_MEASURE,
    }
    known |= facts or {}
    supply = build_supply(frames, AS_OF, THRESHOLDS)
    travel = build_travel(frames[Location], known[Origin], THRESHOLDS)
    children = release(
        ExpectedChildren, expected_children(known[EhcPlans], known[Population]), DISCLOSURE, AS_OF
    )
    derived = build_contracts(frames[ContractMention], AS_OF) | {Travel: travel, ExpectedChildren: children}
    return GapInputs(frames | derived, supply, without_counts(known), THRESHOLDS, AS_OF)


def directory_of(text: str, stack_size: int = THRESHOLDS.po_box_stack_postcodes) -> PostcodeDirectory:
    """A postcode directory: ``postal_code | easting | northing | lad_code``, and ``terminated | quality`` if dated."""
    rows = read_table(text)
    columns: dict[str, pa.Array] = {
        "postal_code": pa.array([row["postal_code"].replace(" ", "") for row in rows]),
        "lad_code": pa.array([row.get("lad_code") for row in rows], pa.string()),
    }
    for name in ("easting", "northing", "terminated", "quality"):
        if name in text:
            columns[name] = pa.array([int(row[name]) if name in row else None for row in rows], pa.int32())
    return build_directory(pa.table(columns), stack_size)


def ground_of(
    directory: PostcodeDirectory,
    areas: gpd.GeoSeries,
    *,
    is_official: bool = False,
    properties: PropertyPoints | None = None,
    thresholds: Thresholds = THRESHOLDS,
) -> Ground:
    """What places are decided by, over a directory and areas."""
    border = Border.of(areas[CITY_LAD_CODE])
    measured = measure_distances(directory, border)
    if is_official:
        measured = mark_disputes(measured, areas)
    return Ground(measured, areas, border, is_official, thresholds, properties)


def places_of(text: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Locations and their addresses, before geocoding.

    ``id | role | postcode | latitude | longitude | easting | northing | uprn``.
    """
    locations, addresses = [], []
    for row in read_table(text):
        role = row.get("role", "venue")
        locations.append(
            {
                "id": row["id"],
                "location_type": "postal" if role == "hq" else "physical",
                "name": row.get("name", row["id"]),
                "latitude": float(row["latitude"]) if "latitude" in row else None,
                "longitude": float(row["longitude"]) if "longitude" in row else None,
                "x_easting": float(row["easting"]) if "easting" in row else None,
                "x_northing": float(row["northing"]) if "northing" in row else None,
                "external_identifier": row.get("uprn"),
                "x_geocode_method": "none",
                "x_zone": row.get("zone", "unknown"),
                "x_zone_certain": False,
                "x_address_role": role,
                "x_is_home": False,
                "x_source": row.get("source", "city"),
                "x_cluster_id": row["id"],
            }
        )
        addresses.append(
            {
                "id": f"adr-{row['id']}",
                "location_id": row["id"],
                "postal_code": row.get("postal_code"),
                "x_postcode_raw": row.get("postcode"),
                "x_postcode_status": "missing",
            }
        )
    return Location.frame(locations), Address.frame(addresses)
