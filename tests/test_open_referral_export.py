"""The services as Open Referral UK: valid under its schema, and read again by our own reader without loss."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from flows.ingest import ingest
from flows.open_referral_file import OPEN_REFERRAL, write_open_referral
from flows.places import PROJECT, Places
from flows.received import look_into
from flows.reference import Reference
from flows.run import Result
from flows.sources import load_source
from reports.words import SAMPLE
from transforms.normalise.services import native_service_id
from transforms.open_referral import DELIVERY, PLAN, identifier
from transforms.schema import Table
from transforms.tables import (
    CostOption,
    Eligibility,
    Funding,
    Location,
    Organization,
    Schedule,
    Service,
    ServiceAtLocation,
    ServiceNeed,
)
from transforms.tables import ShortBreakLine as L

pytestmark = pytest.mark.flow

SCHEMA = PROJECT.parent / "shared" / "real" / "services" / "oruk_v3_schema_service_compiled.json"
READER = "tower_hamlets"
Frames = dict[type[Table], pd.DataFrame]


@pytest.fixture(scope="module")
def document(sample: tuple[Places, Result]) -> dict[str, Any]:
    _, result = sample
    assert result.folder
    return dict(json.loads((result.folder / OPEN_REFERRAL).read_text(encoding="utf-8")))


@pytest.fixture(scope="module")
def again(sample: tuple[Places, Result], tmp_path_factory: pytest.TempPathFactory) -> Frames:
    """What our own reader makes of the page: as it reads Tower Hamlets', with the two attributes that are ours."""
    places, result = sample
    reference = Reference(places)
    source = load_source(PROJECT / "sources" / f"{READER}.toml", reference.synonyms)
    (roster,) = source.roster
    columns = {
        **roster.columns,
        L.sen_stage: [f"attributes: {PLAN}"],
        L.delivery: [f"attributes: {DELIVERY}"],
    }
    source = replace(source, roster=[replace(roster, columns=columns, values={})])
    folder = tmp_path_factory.mktemp("again")
    write_open_referral(folder, result.frames, is_sample=True)
    (folder / OPEN_REFERRAL).rename(folder / "services-page-1.json")
    part = ingest(look_into(source, folder), reference)
    assert not part.is_refused
    return dict(part.normalised.frames)


def ours_by_theirs(frames: Frames) -> dict[str, str]:
    """The identifier of each service as it is read again → as we published it."""
    return {native_service_id(READER, identifier(own)): own for own in frames[Service][Service.id]}


def known(frame: pd.DataFrame, key: str, columns: list[str]) -> dict[str, list[tuple[str, ...]]]:
    """The rows of each service as texts, in order."""
    return {
        str(service): sorted(
            tuple("" if pd.isna(v) else str(v) for v in row) for row in rows[columns].itertuples(index=False)
        )
        for service, rows in frame.groupby(key)
    }


def both(
    result: Result, again: Frames, table: type[Table], key: str, columns: list[str]
) -> tuple[dict[str, list[tuple[str, ...]]], dict[str, list[tuple[str, ...]]]]:
    theirs = again[table].assign(**{key: again[table][key].map(ours_by_theirs(dict(result.frames)))})
    return known(result.frames[table], key, columns), known(theirs, key, columns)


def test_it_is_valid_under_the_standard(document: dict[str, Any]) -> None:
    if not SCHEMA.is_file():
        pytest.skip("The standard's schema is not part of the project.")
    from jsonschema import Draft202012Validator, FormatChecker

    judge = Draft202012Validator(json.loads(SCHEMA.read_text()), format_checker=FormatChecker())
    told = [error.message for one in document["contents"] for error in judge.iter_errors(one)]
    assert not told
    assert document["total_items"] == document["size"] == len(document["contents"])


def test_a_sample_says_so_first_and_in_every_service(document: dict[str, Any]) -> None:
    assert next(iter(document.items())) == ("sample", SAMPLE)
    assert {one["alert"] for one in document["contents"]} == {SAMPLE}


def test_what_a_service_is_comes_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    told = [
        Service.name, Service.status, Service.minimum_age, Service.maximum_age, Service.x_last_verified, Service.x_tier,
        Service.x_short_break_type,
    ]  # fmt: skip
    ours, theirs = both(result, again, Service, Service.id, told)
    assert theirs == ours


def test_terms_come_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    told = [
        Eligibility.accepts_city_residents, Eligibility.parent_must_stay, Eligibility.siblings_welcome,
        Eligibility.sen_stage,
    ]  # fmt: skip
    ours, theirs = both(result, again, Eligibility, Eligibility.service_id, told)
    assert theirs == ours


def test_needs_come_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    ours, theirs = both(
        result, again, ServiceNeed, ServiceNeed.service_id, [ServiceNeed.need_code, ServiceNeed.scope]
    )
    assert theirs == ours


def test_prices_come_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    priced = dict(again)
    priced[CostOption] = again[CostOption][again[CostOption][CostOption.amount].notna()]
    ours, theirs = both(
        result, priced, CostOption, CostOption.service_id, [CostOption.amount, CostOption.x_unit]
    )
    ours = {service: [row for row in rows if row[0]] for service, rows in ours.items()}
    assert theirs == {service: rows for service, rows in ours.items() if rows}


def test_who_pays_comes_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    ours, theirs = both(result, again, Funding, Funding.service_id, [Funding.source])
    assert {service: rows for service, rows in theirs.items() if rows != [("",)]} == {
        service: rows for service, rows in ours.items() if rows != [("",)]
    }


def test_sessions_come_back(sample: tuple[Places, Result], again: Frames) -> None:
    """Every session of which a day, a time, how often or a season is known; what is not known stays unknown."""
    _, result = sample
    told = [
        Schedule.freq, Schedule.interval, Schedule.byday, Schedule.opens_at, Schedule.closes_at, Schedule.valid_from,
        Schedule.valid_to, Schedule.x_calendar_period,
    ]  # fmt: skip
    key = ServiceAtLocation.service_id

    def at_services(frames: Frames) -> pd.DataFrame:
        at = frames[ServiceAtLocation][[ServiceAtLocation.id, key]]
        return frames[Schedule].merge(
            at.rename(columns={ServiceAtLocation.id: Schedule.service_at_location_id}), validate="m:1"
        )

    theirs = at_services(again)
    theirs[key] = theirs[key].map(ours_by_theirs(dict(result.frames)))
    before, after = known(at_services(dict(result.frames)), key, told), known(theirs, key, told)
    assert after == before


def places_of(frames: Frames, columns: list[str]) -> pd.DataFrame:
    """Each service with its places, those left out that are a provider's home."""
    at = frames[ServiceAtLocation].merge(
        frames[Location], left_on=ServiceAtLocation.location_id, right_on=Location.id, validate="m:1",
        suffixes=("_at", ""),
    )  # fmt: skip
    return at.loc[~at[Location.x_is_home], [ServiceAtLocation.service_id, *columns]]


def test_places_come_back(sample: tuple[Places, Result], again: Frames) -> None:
    _, result = sample
    told = [Location.name, Location.location_type, Location.external_identifier, Location.x_zone]
    key = ServiceAtLocation.service_id
    before, after = places_of(dict(result.frames), told), places_of(again, told)
    after[key] = after[key].map(ours_by_theirs(dict(result.frames)))
    # What we do not publish of a home is read again as a place of which nothing is known.
    after = after[after[key].isin(before[key])]
    assert before[key].duplicated().any()
    assert known(after, key, told) == known(before, key, told)


def test_capacity_comes_back_where_there_is_one_place(sample: tuple[Places, Result], again: Frames) -> None:
    """The standard has no field for the capacity of one place of several."""
    _, result = sample
    key, told = ServiceAtLocation.service_id, [ServiceAtLocation.x_places_per_session]
    before, after = places_of(dict(result.frames), told), places_of(again, told)
    after[key] = after[key].map(ours_by_theirs(dict(result.frames)))
    before = before[~before[key].duplicated(keep=False)]
    assert before[told[0]].notna().sum() > 100
    assert known(after[after[key].isin(before[key])], key, told) == known(before, key, told)


def test_a_home_has_no_address_and_no_point(sample: tuple[Places, Result], document: dict[str, Any]) -> None:
    _, result = sample
    homes = result.frames[Location][result.frames[Location][Location.x_is_home]]
    assert len(homes)
    ids = {identifier(own) for own in homes[Location.id]}
    shown = [
        at["location"]
        for one in document["contents"]
        for at in one.get("service_at_locations", [])
        if at["location"]["id"] in ids
    ]
    assert shown
    assert not any(location.keys() & {"addresses", "latitude", "longitude", "name"} for location in shown)


def test_nothing_withheld_and_nothing_but_what_is_published_is_in_it(
    sample: tuple[Places, Result], document: dict[str, Any]
) -> None:
    _, result = sample
    published = {identifier(own) for own in result.frames[Service][Service.id]}
    assert {one["id"] for one in document["contents"]} == published
    assert not result.frames[Service][Service.x_is_bespoke].any()
    emails = set(result.frames[Organization][Organization.email].dropna())
    assert {
        one["organization"]["email"] for one in document["contents"] if "email" in one["organization"]
    } <= emails
