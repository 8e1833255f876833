"""A toy city: a square of two kilometres, a neighbour to its east, and a directory of a few postcodes."""

from __future__ import annotations

import geopandas as gpd
import numpy as np
import pandas as pd
import pytest
import shapely
from builders import THRESHOLDS, directory_of, ground_of, places_of

from transforms.geocode import Geocoded, geocode, misplaced_coordinates
from transforms.place.grid import to_wgs84
from transforms.place.ground import Ground
from transforms.place.postcode_directory import IS_PO_BOX, PRECISIONS
from transforms.place.postcode_key import text_of

CITY, HACKNEY = "E09000001", "E09000012"
# The City is 530000-532000 east and 180000-182000 north.
BOUNDARIES = gpd.GeoSeries(
    {
        CITY: shapely.box(530_000, 180_000, 532_000, 182_000),
        HACKNEY: shapely.box(532_000, 180_000, 540_000, 182_000),
    },
    crs="EPSG:27700",
)
DIRECTORY = directory_of("""
    postal_code | easting | northing | lad_code
    EC1A 1AA    | 531001  | 181001   | E09000001
    EC1A 1AB    | 531951  | 181001   | E09000001
    EC1A 1AG    | 531901  | 181001   | E09000001
    EC1A 1AD    | 532021  | 181001   | E09000001
    EC1A 1AE    | 531971  | 181001   | E09000012
    E1 1AA      | 532301  | 181001   | E09000012
    E1 1AB      | 532051  | 181001   | E09000012
    E1 1AG      | 532799  | 181001   | E09000012
    E1 1AD      | 532801  | 181001   | E09000012
    E1 1AE      | 532200  | 181000   | E09000012
    E1 1AF      | 532100  | 181000   | E09000012
    EC2P 2EA    | 531500  | 181503   | E09000001
    EC2P 2EB    | 531500  | 181503   | E09000001
    EC2P 2ED    | 531500  | 181503   | E09000001
    EC2P 2EF    | 531500  | 181503   | E09000001
    EC2P 2EJ    | 531500  | 181503   | E09000001
    W10 1AA     | 525001  | 181001   | E09000020
    W1O 1AA     | 528001  | 181001   | E09000033
    JE1 1AA     | .       | .        | L93000001
""")


GROUND = ground_of(DIRECTORY, BOUNDARIES)


def placed(text: str, ground: Ground = GROUND) -> Geocoded:
    return geocode(*places_of(text), ground)


def place(postcode: str, role: str = "venue") -> pd.Series:
    """One place with one postcode, geocoded."""
    found = placed(f"id | role | postcode\nA | {role} | {postcode}")
    return pd.concat([found.locations.iloc[0], found.addresses.iloc[0].drop("id")])


def rules(found: Geocoded) -> list[tuple[str, str]]:
    return [(p.rule, p.severity.value) for p in found.problems]


def lonlat(easting: float, northing: float) -> tuple[float, float]:
    longitude, latitude = to_wgs84(pd.Series([easting]), pd.Series([northing]))
    return longitude[0], latitude[0]


@pytest.mark.parametrize(
    ("postcode", "zone", "distance_m"),
    [
        ("EC1A 1AA", "inside", -999.0),
        ("E1 1AA", "near", 301.0),
        ("E1 1AG", "near", 799.0),
        ("E1 1AD", "outside", 801.0),
        ("W10 1AA", "outside", 4999.0),
    ],
)
def test_a_venue_is_inside_near_or_outside_by_its_distance(
    postcode: str, zone: str, distance_m: float
) -> None:
    found = place(postcode)
    assert (found["x_zone"], found["x_signed_distance_m"]) == (zone, distance_m)
    assert found["x_zone_certain"]


@pytest.mark.parametrize(
    ("postcode", "zone", "is_certain"),
    [
        # A door may be 50 m from its postcode's point and the derived boundary 39 m off: 89 m in all.
        ("EC1A 1AB", "inside", False),  # 49 m inside
        ("EC1A 1AG", "inside", True),  # 99 m inside
        ("E1 1AB", "near", False),  # 51 m outside
        # A point on whole hundreds of metres may be 70 m off: 109 m in all.
        ("E1 1AF", "near", False),  # 100 m outside
        ("E1 1AE", "near", True),  # 200 m outside
    ],
)
def test_a_zone_is_certain_only_beyond_the_positional_error(
    postcode: str, zone: str, is_certain: bool
) -> None:
    found = place(postcode)
    assert (found["x_zone"], bool(found["x_zone_certain"])) == (zone, is_certain)


@pytest.mark.parametrize(("postcode", "error_m"), [("E1 1AA", 50), ("E1 1AE", 70)])
def test_a_coarse_point_has_a_larger_error(postcode: str, error_m: float) -> None:
    assert place(postcode)["x_positional_error_m"] == error_m


def test_the_directory_decides_the_authority_and_the_drawn_boundary_only_measures() -> None:
    found = place("EC1A 1AD")  # 21 m outside the drawn boundary, yet a City postcode
    assert (found["x_lad_code"], found["x_zone"], found["x_signed_distance_m"]) == (CITY, "inside", 0)
    assert not found["x_zone_certain"]


def test_a_neighbours_postcode_within_the_drawn_city_stands_on_the_border() -> None:
    found = place("EC1A 1AE")  # 29 m inside the drawn boundary, yet Hackney's
    assert (found["x_lad_code"], found["x_zone"], found["x_signed_distance_m"]) == (HACKNEY, "near", 0)
    assert not found["x_zone_certain"]


def test_a_po_box_is_never_a_place() -> None:
    found = place("EC2P 2EJ")
    assert (found["x_zone"], found["x_geocode_method"], found["x_postcode_status"]) == (
        "unknown",
        "none",
        "po_box",
    )
    assert found[["x_easting", "latitude", "x_lad_code", "x_signed_distance_m"]].isna().all()
    assert rules(placed("id | postcode\nA | EC2P 2EJ")) == [("postcode_is_po_box", "warning")]


def test_a_head_office_is_never_a_place() -> None:
    found = place("EC1A 1AA", role="hq")
    assert (found["x_zone"], found["x_geocode_method"]) == ("unknown", "none")
    assert found[["x_easting", "x_lad_code"]].isna().all()
    assert not found["x_zone_certain"]


def test_an_address_whose_role_is_not_known_is_never_a_place() -> None:
    assert place("EC1A 1AA", role="unknown")["x_zone"] == "unknown"


@pytest.mark.parametrize("postcode", ["ZE1 0AA", "nowhere"])
def test_a_bad_postcode_of_a_head_office_is_only_a_warning(postcode: str) -> None:
    assert {severity for _, severity in rules(placed(f"id | role | postcode\nA | hq | {postcode}"))} == {
        "warning"
    }


@pytest.mark.parametrize(
    ("postcode", "rule", "severity", "status"),
    [
        ("EC1A 9ZZ", "postcode_unknown", "quarantine", "unknown"),
        ("EC1A 1A5", "postcode_invalid", "quarantine", "invalid"),
        ("EC1", "postcode_incomplete", "warning", "invalid"),
        ("E1", "postcode_incomplete", "warning", "invalid"),
    ],
)
def test_a_postcode_that_names_no_place_is_told(postcode: str, rule: str, severity: str, status: str) -> None:
    assert rules(placed(f"id | postcode\nA | {postcode}")) == [(rule, severity)]
    assert (place(postcode)["x_zone"], place(postcode)["x_postcode_status"]) == ("unknown", status)


@pytest.mark.parametrize("postcode", [".", "TBC"])
def test_no_postcode_is_no_problem_and_no_zone(postcode: str) -> None:
    found = placed(f"id | postcode\nA | {postcode}")
    assert found.problems == []
    assert found.locations.at[0, "x_zone"] == "unknown"
    assert found.addresses.at[0, "x_postcode_status"] == "missing"


def test_a_postcode_without_a_point_has_no_zone() -> None:
    assert (place("JE1 1AA")["x_zone"], place("JE1 1AA")["x_geocode_method"]) == ("unknown", "none")


@pytest.mark.parametrize("written", ["ECIA 1AA", "EC1A IAA", "ec1a-iaa", "ECIAIAA"])
def test_a_letter_taken_for_a_digit_is_repaired_and_told(written: str) -> None:
    found = placed(f"id | postcode\nA | {written}")
    assert found.addresses.at[0, "postal_code"] == "EC1A 1AA"
    assert found.locations.at[0, "x_zone"] == "inside"
    assert rules(found) == [("postcode_repaired", "warning")]
    assert written in found.problems[0].message


def test_a_repair_needs_exactly_one_listed_match() -> None:
    # W10 1AA and W1O 1AA are both listed, and nothing like EC1A 1ZZ is.
    assert rules(placed("id | postcode\nA | WIO 1AA")) == [("postcode_invalid", "quarantine")]
    assert rules(placed("id | postcode\nA | ECIA 1ZZ")) == [("postcode_invalid", "quarantine")]


def test_a_listed_postcode_is_never_repaired_into_another() -> None:
    found = placed("id | postcode\nA | W1O 1AA")
    assert found.addresses.at[0, "postal_code"] == "W1O 1AA"
    assert found.problems == []


def test_coordinates_place_a_venue_that_has_no_postcode() -> None:
    longitude, latitude = lonlat(531_001, 181_001)
    found = placed(f"id | latitude | longitude\nA | {latitude} | {longitude}").locations.iloc[0]
    assert (found["x_zone"], found["x_geocode_method"], found["x_lad_code"]) == (
        "inside",
        "coordinates",
        CITY,
    )
    assert found["x_positional_error_m"] == 10
    assert abs(found["x_signed_distance_m"] + 999) < 1


def test_coordinates_never_outweigh_a_postcode_and_a_great_gap_is_told() -> None:
    longitude, latitude = lonlat(538_001, 181_001)
    found = placed(f"id | postcode | latitude | longitude\nA | EC1A 1AA | {latitude} | {longitude}")
    assert found.locations.at[0, "x_easting"] == 531_001
    assert rules(found) == [("coordinates_far_from_postcode", "warning")]
    assert "7.0 km" in found.problems[0].message


def test_coordinates_of_a_head_office_give_no_zone() -> None:
    longitude, latitude = lonlat(531_001, 181_001)
    found = placed(f"id | role | latitude | longitude\nA | hq | {latitude} | {longitude}")
    assert found.locations.at[0, "x_zone"] == "unknown"


def test_the_published_point_is_the_postcodes_own() -> None:
    longitude, latitude = lonlat(531_001, 181_001)
    found = place("EC1A 1AA")
    assert (found["longitude"], found["latitude"]) == (longitude, latitude)


def test_online_keeps_its_zone_and_gets_no_point() -> None:
    found = placed("id | role | zone | postcode\nA | unknown | online | EC1A 1AA").locations.iloc[0]
    assert found["x_zone"] == "online"
    assert pd.isna(found["x_easting"])


@pytest.mark.parametrize(
    ("latitude", "longitude", "rule"),
    [
        ("-0.09", "51.51", "coordinates_swapped"),
        ("40.7", "-74.0", "coordinates_abroad"),
        ("0", "0", "coordinates_abroad"),
    ],
)
def test_coordinates_that_cannot_be_are_set_aside(latitude: str, longitude: str, rule: str) -> None:
    locations, _ = places_of(f"id | latitude | longitude\nA | {latitude} | {longitude}")
    assert [(p.rule, p.severity) for p in misplaced_coordinates(locations, THRESHOLDS)] == [
        (rule, "quarantine")
    ]


def test_coordinates_in_great_britain_and_missing_ones_are_no_problem() -> None:
    locations, _ = places_of("id | latitude | longitude\nA | 51.51 | -0.09\nB | . | .\nC | 51.5 | .")
    assert misplaced_coordinates(locations, THRESHOLDS) == []


def test_places_do_not_depend_on_their_order() -> None:
    rows = [
        "A | venue | EC1A 1AA",
        "B | hq | E1 1AA",
        "C | venue | EC1",
        "D | venue | E1 1AB",
        "E | venue | .",
    ]
    one = placed("\n".join(["id | role | postcode", *rows])).locations
    other = placed("\n".join(["id | role | postcode", *rows[::-1]])).locations
    pd.testing.assert_frame_equal(one, other.sort_values("id", ignore_index=True))


def test_a_directory_marks_stacked_and_coarse_points() -> None:
    entries = DIRECTORY.entries(DIRECTORY.listed())
    spelt = np.array([text_of(int(key)) for key in DIRECTORY.listed_keys()])
    assert list(spelt[entries.is_(IS_PO_BOX)]) == ["EC2P 2EA", "EC2P 2EB", "EC2P 2ED", "EC2P 2EF", "EC2P 2EJ"]
    assert list(spelt[entries.precision() == PRECISIONS.index("coarse")]) == ["E1 1AE", "E1 1AF"]
