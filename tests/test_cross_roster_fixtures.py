"""The awkward cases that only show when four rosters meet, each by name in the samples."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from builders import THRESHOLDS

from flows.places import Places
from flows.run import Result
from transforms.doubts import IS_CONFIRMED, IS_POSSIBLE
from transforms.schema import Table
from transforms.supply import SERVICE_NAME, build_supply
from transforms.tables import (
    CITY_LAD_CODE,
    Address,
    Funding,
    Location,
    Organization,
    Service,
    ServiceAtLocation,
    ValueProvenance,
)
from transforms.vocabulary import AddressRole, FundingRoute, PostcodeStatus, ServiceStatus, Zone

pytestmark = pytest.mark.flow

AS_OF = pd.Timestamp("2026-11-23")
Frames = dict[type[Table], pd.DataFrame]


@pytest.fixture(scope="module")
def result(sample: tuple[Places, Result]) -> Result:
    return sample[1]


@pytest.fixture(scope="module")
def frames(result: Result) -> Frames:
    return result.frames


@pytest.fixture(scope="module")
def supply(frames: Frames) -> pd.DataFrame:
    return build_supply(frames, AS_OF, THRESHOLDS)


@pytest.fixture(scope="module")
def where(frames: Frames) -> pd.DataFrame:
    """One row per service at a place, with the service's name and the place."""
    at = frames[ServiceAtLocation]
    named = at.merge(frames[Service], left_on=ServiceAtLocation.service_id, right_on=Service.id)
    placed = named.merge(
        frames[Location], left_on=ServiceAtLocation.location_id, right_on=Location.id, suffixes=("", "_place")
    )
    return placed.merge(
        frames[Address].drop(columns=Address.id), on=Address.location_id, how="left"
    ).set_index(Service.name)


def test_one_provider_under_four_names_in_four_boroughs_is_one(frames: Frames) -> None:
    found = frames[Organization]
    names = [
        "Bright Kites Limited",
        "Bright Kites Ltd",
        "Bright Kites CIC",
        "Bright Kites (trading as Kite Club)",
    ]
    kites = found[found[Organization.name].isin(names)]
    assert sorted(kites[Organization.x_source]) == ["city", "hackney", "islington", "tower_hamlets"]
    cluster = kites[Organization.x_cluster_id].unique()
    assert len(cluster) == 1
    assert set(found[found[Organization.x_cluster_id].eq(cluster[0])][Organization.name]) == set(names)


def test_the_joint_provider_is_one_by_its_charity_number_in_another_spelling(frames: Frames) -> None:
    found = frames[Organization]
    marigold = found[found[Organization.charity_no].eq("9902310")]
    # The City lists it twice, once for the joint contract and in another spelling.
    assert sorted(marigold[Organization.x_source]) == ["city", "city", "hackney"]
    assert marigold[Organization.x_cluster_id].nunique() == 1
    assert marigold[Organization.x_match_reason].str.contains("charity number").all()


def test_a_venue_inside_the_city_that_hackney_lists_is_the_citys_own_venue(where: pd.DataFrame) -> None:
    swim = where.loc["Inclusive swim session"]
    assert swim["x_source"] == "hackney"
    assert swim[Location.x_zone] == Zone.INSIDE
    assert swim[Location.x_lad_code] == CITY_LAD_CODE
    citys = where[
        where[Location.name + "_place"].eq("Golden Lane Sport & Fitness") & where["x_source"].eq("city")
    ]
    assert len(citys)
    assert set(citys["x_cluster_id_place"]) == {swim["x_cluster_id_place"]}


def test_a_venue_addressed_spitalfields_that_is_inside_the_city_is_inside(where: pd.DataFrame) -> None:
    hall = where[where[Location.name + "_place"].eq("Sandys Row Hall")].iloc[0]
    assert "Spitalfields" in hall[Address.address_1]
    assert (hall["x_source"], hall[Location.x_zone]) == ("tower_hamlets", Zone.INSIDE)


def test_a_head_office_in_the_city_places_nothing_there(frames: Frames, where: pd.DataFrame) -> None:
    offices = frames[Organization].set_index(Organization.name)[Organization.hq_postcode]
    assert "EC4N 8AR" in set(offices["Lantern Trust"])
    office = where[where[Location.name + "_place"].eq("Lantern Trust head office")]
    assert (office[Location.x_zone] == Zone.UNKNOWN).all()
    assert (office[Location.x_address_role] == AddressRole.HQ).all()
    delivered = where.loc[["Lantern Weekend Explorers"]]
    assert set(delivered[Location.x_lad_code]) == {"E09000030"}
    heads = frames[Location][frames[Location][Location.x_address_role].eq(AddressRole.HQ)]
    assert set(heads[Location.x_zone]) == {Zone.UNKNOWN}


@pytest.mark.parametrize(
    "service",
    [
        "Makaton Signs and Stories",
        "Sibs online meet",
        "Tabletop Tavern Online",
        "Online Makaton course for families",
    ],
)
def test_what_is_online_has_a_zone_of_its_own(where: pd.DataFrame, service: str) -> None:
    assert set(where.loc[[service], Location.x_zone]) == {Zone.ONLINE}
    assert where.loc[[service], Location.x_signed_distance_m].isna().all()


@pytest.mark.parametrize("service", ["Buddy to a club", "Independent travel training"])
def test_various_venues_are_not_a_place(where: pd.DataFrame, service: str) -> None:
    assert set(where.loc[[service], Location.x_zone]) == {Zone.UNKNOWN}


@pytest.mark.parametrize(
    "service", ["Guildhall Summer Playscheme", "October Half-term Days", "Hargrave summer splash scheme"]
)
def test_what_has_ended_with_its_season_counts_nowhere(supply: pd.DataFrame, service: str) -> None:
    rows = supply[supply[SERVICE_NAME].eq(service)]
    assert len(rows)
    assert not rows[IS_POSSIBLE].any()
    assert not rows[IS_CONFIRMED].any()


@pytest.mark.parametrize(
    ("venue", "zone"),
    [
        ("Cowcross Yard Studio", Zone.NEAR),
        ("Great Eastern Rooms", Zone.NEAR),
        ("Cripplegate Room", Zone.INSIDE),
    ],
)
def test_a_venue_within_fifty_metres_of_the_border_is_not_certain(
    where: pd.DataFrame, venue: str, zone: Zone
) -> None:
    rows = where[where[Location.name + "_place"].eq(venue)]
    assert set(rows[Location.x_zone]) == {zone}
    assert (rows[Location.x_signed_distance_m].abs() < 50).all()
    assert not rows[Location.x_zone_certain].any()


def test_a_postcode_that_may_have_ended_is_listed_and_never_called_live(frames: Frames) -> None:
    codes = frames[Address].set_index(Address.postal_code)[Address.x_postcode_status]
    # EC4A 1DF was in use no longer when Code-Point Open was published in May 2025.
    assert codes["EC4A 1DF"] == PostcodeStatus.LISTED
    assert PostcodeStatus.LIVE not in set(codes)


def test_packages_made_for_one_child_are_nowhere_in_what_is_published(result: Result) -> None:
    assert result.folder is not None
    published = b"".join(p.read_bytes() for p in sorted(Path(result.folder).rglob("*")) if p.is_file())
    for name in ("Bespoke 1:1 support package", "1:1 bespoke outreach"):
        assert name.encode() not in published


def test_a_provider_paid_by_direct_payment_alone_is_kept(frames: Frames) -> None:
    routes = frames[Funding].merge(frames[Service], left_on=Funding.service_id, right_on=Service.id)
    club = routes[routes[Service.name].eq("Young Adults' Supper Club")]
    assert set(club[Funding.x_route]) == {FundingRoute.DIRECT_PAYMENT}


def test_what_is_read_from_free_text_is_published_without_the_text(frames: Frames) -> None:
    read = frames[ValueProvenance]
    from_notes = read[read[ValueProvenance.heading].isin(["Notes", "Comments"])]
    assert set(from_notes[ValueProvenance.parsed]) & set(ServiceStatus)
    assert from_notes[ValueProvenance.raw].isna().all()
