"""Where a venue is by the best evidence it has, how surely, and what is said when the evidence disagrees."""

from __future__ import annotations

import warnings
from dataclasses import fields, replace

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyproj
import pytest
import shapely
from builders import THRESHOLDS, directory_of, ground_of, places_of
from hypothesis import given
from hypothesis import strategies as st

from transforms.geocode import Geocoded, geocode, misplaced_coordinates
from transforms.place.columns import ADDED, STATUSES, added_columns, status_numbers
from transforms.place.coordinates import (
    EASTINGS,
    LATITUDES,
    LONGITUDES,
    NORTHINGS,
    WORDS,
    Points,
    Trouble,
    from_degrees,
    from_grid,
)
from transforms.place.evidence import METHODS, Placed, place, place_by_postcode
from transforms.place.grid import BRITISH_NATIONAL_GRID, degrees_of
from transforms.place.ground import Ground, PropertyPoints
from transforms.place.postcode_directory import IS_DISPUTED
from transforms.place.postcode_lookup import Found, find_postcodes
from transforms.place.zones import ZONES, is_certain, zones_of
from transforms.vocabulary import PostcodeStatus

CITY, HACKNEY, SOUTHWARK = "E09000001", "E09000012", "E09000028"
# The City is 530000-532000 east, 180000-182000 north, Hackney east of it. South of both lies Southwark, whose
# area we do not hold.
AREAS = gpd.GeoSeries(
    {
        CITY: shapely.box(530_000, 180_000, 532_000, 182_000),
        HACKNEY: shapely.box(532_000, 180_000, 540_000, 182_000),
    },
    crs="EPSG:27700",
)
DIRECTORY = directory_of("""
    postal_code | easting | northing | lad_code  | terminated | quality
    EC1A 1AA    | 531001  | 181001   | E09000001 | .          | 1
    EC1A 1AB    | 531951  | 181001   | E09000001 | .          | 1
    EC1A 1AD    | 532021  | 181001   | E09000001 | .          | 1
    EC1A 1AE    | 531500  | 181300   | E09000001 | .          | 1
    EC1A 1AF    | 531501  | 181301   | E09000001 | .          | 3
    EC1A 1AG    | 531501  | 181302   | E09000001 | .          | 5
    EC1A 1AH    | 531501  | 181303   | E09000001 | .          | 6
    EC1A 1AJ    | 531003  | 181003   | E09000001 | 201203     | 1
    E1 1AA      | 532301  | 181001   | E09000012 | .          | 1
    E1 1AB      | 532799  | 181001   | E09000012 | .          | 1
    E1 1AD      | 532800  | 181001   | E09000012 | .          | 1
    E1 1AE      | 532801  | 181001   | E09000012 | .          | 1
    E1 1AF      | 537501  | 181001   | E09000012 | .          | 1
    SE1 1AA     | 531001  | 179501   | E09000028 | .          | 1
    SE1 1AB     | 531001  | 179999   | E09000028 | .          | 1
    EC2P 2EA    | 531500  | 181503   | E09000001 | .          | 1
    EC2P 2EB    | 531500  | 181503   | E09000001 | .          | 1
    EC2P 2ED    | 531500  | 181503   | E09000001 | .          | 1
    EC2P 2EF    | 531500  | 181503   | E09000001 | .          | 1
    EC2P 2EJ    | 531500  | 181503   | E09000001 | .          | 1
    JE1 1AA     | .       | .        | .         | .          | 9
""")
PROPERTIES = PropertyPoints(
    np.array([100, 200, 300], np.uint64),
    np.array([531_500.5, 532_400.5, 540_400.5]),
    np.array([181_500.5, 181_500.5, 181_500.5]),
)
DERIVED = ground_of(DIRECTORY, AREAS, properties=PROPERTIES)
OFFICIAL = ground_of(DIRECTORY, AREAS, is_official=True, properties=PROPERTIES)


def placed(text: str, ground: Ground = OFFICIAL) -> Geocoded:
    return geocode(*places_of(text), ground)


def one(text: str, ground: Ground = OFFICIAL) -> pd.Series:
    """A single venue, geocoded: the first line of the text names the columns."""
    return placed(text, ground).locations.iloc[0]


def at(
    easting: float, northing: float, postcode: str = ".", uprn: str = ".", ground: Ground = OFFICIAL
) -> pd.Series:
    heading = "id | postcode | easting | northing | uprn"
    return one(f"{heading}\nA | {postcode} | {easting} | {northing} | {uprn}", ground)


def rules(found: Geocoded) -> list[tuple[str, str]]:
    return [(problem.rule, problem.severity.value) for problem in found.problems]


def told_at(easting: float, northing: float, postcode: str = ".", uprn: str = ".") -> list[str]:
    heading = "id | postcode | easting | northing | uprn"
    return [rule for rule, _ in rules(placed(f"{heading}\nA | {postcode} | {easting} | {northing} | {uprn}"))]


def in_degrees(easting: float, northing: float) -> tuple[float, float]:
    """Latitude and longitude as somebody might write them."""
    longitude, latitude = degrees_of(np.array([easting]), np.array([northing]))
    return round(float(latitude[0]), 6), round(float(longitude[0]), 6)


# Coordinates as they are written


@pytest.mark.parametrize(
    ("latitude", "longitude", "error_m"),
    [
        (51.514123, -0.091234, 10),
        (51.51412, -0.09123, 10),
        (51.5141, -0.0912, 10),
        (51.514, -0.091, 65.6),
        (51.51, -0.09, 655.7),
        (51.5, -0.1, 6557.4),
        (52.0, 0.0, 65574.1),
        (51.5, -0.091234, 10),  # the more precise of the two was not rounded
        (51.51 + 7e-15, -0.09, 655.7),  # noise of a calculation is no decimal
    ],
)
def test_degrees_to_few_decimals_have_the_error_of_their_rounding(
    latitude: float, longitude: float, error_m: float
) -> None:
    points = from_degrees(np.array([latitude]), np.array([longitude]), 10)
    assert points.error_m[0] == pytest.approx(error_m, abs=0.1)


@pytest.mark.parametrize(
    ("easting", "northing", "error_m"),
    [
        (531_234.5, 181_234, 10),
        (531_230, 181_230, 10),
        (531_200, 181_200, 70.7),
        (531_200, 181_230, 10),
        (531_000, 181_000, 707.1),
        (530_000, 180_000, 7071.1),
        (500_000, 200_000, 70710.7),
    ],
)
def test_metres_on_whole_hundreds_stand_for_a_square(easting: float, northing: float, error_m: float) -> None:
    points = from_grid(np.array([easting]), np.array([northing]), 10)
    assert points.error_m[0] == pytest.approx(error_m, abs=0.1)


NAN, INF = np.nan, np.inf


@pytest.mark.parametrize(
    ("latitude", "longitude", "trouble"),
    [
        (51.5138, -0.0983, Trouble.NONE),
        (NAN, NAN, Trouble.NONE),
        (51.5138, NAN, Trouble.INCOMPLETE),
        (NAN, -0.0983, Trouble.INCOMPLETE),
        (-0.0983, 51.5138, Trouble.SWAPPED),
        (0.0983, 51.5138, Trouble.SWAPPED),
        (-51.5138, -0.0983, Trouble.HEMISPHERE),
        (55.0, 5.5, Trouble.HEMISPHERE),
        (532_030, 181_170, Trouble.METRES_FOR_DEGREES),
        (181_170, 532_030, Trouble.METRES_FOR_DEGREES),
        (0.0, 0.0, Trouble.ABROAD),
        (-0.0, -0.0, Trouble.ABROAD),
        (40.7, -74.0, Trouble.ABROAD),
        (51.5138, 181_170, Trouble.ABROAD),
        (9e9, 9e9, Trouble.ABROAD),
        (INF, INF, Trouble.ABROAD),
        (51.5138, -INF, Trouble.ABROAD),
        (INF, NAN, Trouble.INCOMPLETE),
        (6_711_000, -10_943, Trouble.ABROAD),  # the metres of web maps
    ],
)
def test_degrees_that_cannot_be_meant_are_named(latitude: float, longitude: float, trouble: Trouble) -> None:
    points = from_degrees(np.array([latitude]), np.array([longitude]), 10)
    assert Trouble(points.trouble[0]) is trouble
    assert points.usable[0] == (trouble is Trouble.NONE and not np.isnan(latitude))


@pytest.mark.parametrize(
    ("easting", "northing", "trouble"),
    [
        (532_030, 181_170, Trouble.NONE),
        (NAN, NAN, Trouble.NONE),
        (532_030, NAN, Trouble.INCOMPLETE),
        (NAN, 0.0, Trouble.INCOMPLETE),
        (51.5138, -0.0983, Trouble.DEGREES_FOR_METRES),
        (-0.0983, 51.5138, Trouble.DEGREES_FOR_METRES),
        (51.5138, 0.0, Trouble.DEGREES_FOR_METRES),
        (0.0, 0.0, Trouble.ABROAD),
        (-0.0, 0.0, Trouble.ABROAD),
        (51.5138, 181_170, Trouble.ABROAD),
        (532_030, -0.0983, Trouble.ABROAD),
        (181_170, 1_200_000, Trouble.NONE),
        (1_200_000, 181_170, Trouble.SWAPPED),
        (-532_030, 181_170, Trouble.ABROAD),
        (532_030, 9e9, Trouble.ABROAD),
        (INF, INF, Trouble.ABROAD),
    ],
)
def test_metres_that_cannot_be_meant_are_named(easting: float, northing: float, trouble: Trouble) -> None:
    points = from_grid(np.array([easting]), np.array([northing]), 10)
    assert Trouble(points.trouble[0]) is trouble
    assert points.usable[0] == (trouble is Trouble.NONE and not np.isnan(easting))


ANY_NUMBER = st.one_of(
    st.floats(),
    st.sampled_from([0.0, -0.0, NAN, INF, -INF, 51.5, -0.09, 532_000.0, 181_000.0]),
    st.floats(-100, 100),
    st.floats(0, 1_400_000),
)


@given(st.lists(st.tuples(ANY_NUMBER, ANY_NUMBER), max_size=20))
def test_no_number_raises_or_becomes_a_point_that_is_not_in_great_britain(
    pairs: list[tuple[float, float]],
) -> None:
    first, second = np.array(pairs, float).reshape(-1, 2).T
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        degrees, metres = from_degrees(first, second, 10), from_grid(first, second, 10)
    for points, (ones, others) in ((degrees, (LATITUDES, LONGITUDES)), (metres, (EASTINGS, NORTHINGS))):
        within = (first >= ones[0]) & (first <= ones[1]) & (second >= others[0]) & (second <= others[1])
        assert within[points.usable].all()
        assert not points.trouble[points.usable].any()
        assert np.isnan(points.easting).tolist() == np.isnan(points.northing).tolist()
        assert (points.error_m[points.usable] >= 10).all()
        assert np.isnan(points.error_m[~points.usable]).all()
        assert ((points.trouble > 0) | points.usable | (np.isnan(first) & np.isnan(second))).all()


def test_every_trouble_is_told_in_words() -> None:
    assert set(WORDS) == set(Trouble) - {Trouble.NONE}


# The best evidence first


@pytest.mark.parametrize(
    ("row", "method", "error_m", "easting"),
    [
        ("EC1A 1AA | 531401 | 181401 | 100", "uprn", 10, 531_500.5),
        (". | 531401 | 181401 | 100", "uprn", 10, 531_500.5),
        ("EC1A 1AA | . | . | 100", "uprn", 10, 531_500.5),
        ("EC1A 1AA | 531401 | 181401 | .", "coordinates", 10, 531_401),
        ("EC1A 1AA | 531401 | 181401 | 999", "coordinates", 10, 531_401),  # a UPRN that is not listed
        (". | 531401 | 181401 | .", "coordinates", 10, 531_401),
        ("EC1A 1AA | . | . | .", "postcode", 50, 531_001),
        ("EC1A 1AA | 531401 | . | .", "postcode", 50, 531_001),
        ("EC1A 1AJ | . | . | .", "postcode", 50, 531_003),  # terminated: its last place
        ("EC2P 2EJ | 531401 | 181401 | .", "coordinates", 10, 531_401),  # a PO box is not a place
        ("EC2P 2EJ | . | . | .", "none", None, None),
        ("JE1 1AA | . | . | .", "none", None, None),
        ("EC1 | . | . | .", "none", None, None),
        (". | . | . | .", "none", None, None),
    ],
)
def test_the_best_evidence_decides(
    row: str, method: str, error_m: float | None, easting: float | None
) -> None:
    found = one(f"id | postcode | easting | northing | uprn\nA | {row}")
    assert found["x_geocode_method"] == method
    if easting is None:
        assert found[["x_easting", "latitude", "x_positional_error_m", "x_lad_code"]].isna().all()
        assert (found["x_zone"], bool(found["x_zone_certain"])) == ("unknown", False)
    else:
        assert (found["x_positional_error_m"], found["x_easting"]) == (error_m, easting)
        assert found["x_zone"] == "inside"


def test_degrees_count_before_metres() -> None:
    latitude, longitude = in_degrees(531_401, 181_401)
    heading = "id | latitude | longitude | easting | northing"
    found = one(f"{heading}\nA | {latitude} | {longitude} | 532901 | 181401")
    assert found["x_easting"] == pytest.approx(531_401, abs=0.2)


@pytest.mark.parametrize(
    ("postcode", "status", "error_m"),
    [
        ("EC1A 1AA", "live", 50),
        ("EC1A 1AE", "live", 70),
        ("EC1A 1AF", "live", 100),
        ("EC1A 1AG", "live", 250),
        ("EC1A 1AH", "live", 1000),
        ("EC1A 1AJ", "terminated", 50),
    ],
)
def test_a_postcodes_error_is_what_the_directory_says_of_its_point(
    postcode: str, status: str, error_m: float
) -> None:
    found = placed(f"id | postcode\nA | {postcode}")
    assert found.locations.at[0, "x_positional_error_m"] == error_m
    assert found.addresses.at[0, "x_postcode_status"] == status
    assert rules(found) == ([("postcode_terminated", "warning")] if status == "terminated" else [])


@pytest.mark.parametrize("role", ["hq", "unknown"])
def test_an_address_that_is_no_venue_has_no_place_whatever_it_comes_with(role: str) -> None:
    heading = "id | role | postcode | easting | northing | uprn"
    found = placed(f"{heading}\nA | {role} | EC1A 1AA | 531401 | 181401 | 100")
    row = found.locations.iloc[0]
    assert (row["x_zone"], row["x_geocode_method"]) == ("unknown", "none")
    assert row[["x_easting", "x_northing", "latitude", "longitude", "x_lad_code"]].isna().all()
    assert found.problems == []


@pytest.mark.parametrize(
    ("role", "severity"), [("venue", "quarantine"), ("hq", "warning"), ("unknown", "warning")]
)
def test_coordinates_that_decide_nothing_never_cost_the_row(role: str, severity: str) -> None:
    locations, _ = places_of(f"id | role | latitude | longitude\nA | {role} | 0 | 0")
    told = [(p.rule, p.severity.value) for p in misplaced_coordinates(locations, THRESHOLDS)]
    assert told == [("coordinates_abroad", severity)]


def test_a_postcode_that_decides_nothing_never_costs_the_row() -> None:
    found = placed("id | role | zone | postcode\nA | unknown | online | via our website")
    assert rules(found) == [("postcode_invalid", "warning")]
    assert found.locations.at[0, "x_zone"] == "online"


# Coordinates beside their postcode


def test_a_point_beyond_five_kilometres_of_its_postcode_is_an_issue_and_not_a_truth() -> None:
    near, far = at(536_001, 181_001, "EC1A 1AA"), at(536_002, 181_001, "EC1A 1AA")
    assert (near["x_geocode_method"], near["x_easting"]) == ("coordinates", 536_001)
    assert (far["x_geocode_method"], far["x_easting"], far["x_zone"]) == ("postcode", 531_001, "inside")
    assert told_at(536_002, 181_001, "EC1A 1AA") == ["coordinates_far_from_postcode"]


@pytest.mark.parametrize(
    ("row", "words"),
    [
        ("EC1A 1AA | . | . | 181001 | 531001", "swapped"),
        ("EC1A 1AA | 51.513 | 0.112345 | . | .", "wrong sign"),  # the minus of its longitude is lost
        ("EC1A 1AA | 51.513 | -0.3 | . | .", "far from the postcode"),
    ],
)
def test_a_point_far_from_its_postcode_is_told_with_its_likely_cause(row: str, words: str) -> None:
    found = placed(f"id | postcode | latitude | longitude | easting | northing\nA | {row}")
    assert rules(found) == [("coordinates_far_from_postcode", "warning")]
    assert words in found.problems[0].message
    assert " km apart" in found.problems[0].message
    assert found.locations.at[0, "x_geocode_method"] == "postcode"


def test_swapped_metres_are_noticed_without_a_postcode() -> None:
    found = placed("id | easting | northing\nA | 181401 | 531401")
    assert rules(found) == [("coordinates_swapped", "warning")]
    assert found.problems[0].raw == "181401, 531401"
    assert found.locations.at[0, "x_zone"] == "unknown"
    # The same place with a pair that is no mirror image of our areas is believed.
    assert at(181_401, 541_401)["x_zone"] == "outside"


@pytest.mark.parametrize(("off_m", "method"), [(0, "postcode"), (3, "postcode"), (4, "coordinates")])
def test_coordinates_copied_from_the_postcodes_point_are_no_better_than_it(off_m: int, method: str) -> None:
    found = at(531_001 + off_m, 181_001, "EC1A 1AA")
    assert found["x_geocode_method"] == method
    assert found["x_positional_error_m"] == (50 if method == "postcode" else 10)
    assert told_at(531_001 + off_m, 181_001, "EC1A 1AA") == []


def test_coordinates_rounded_beyond_their_postcodes_error_give_way_to_it() -> None:
    heading = "id | postcode | latitude | longitude"
    latitude, longitude = in_degrees(531_001, 181_001)
    rough = f"{latitude:.2f} | {longitude:.2f}"
    assert one(f"{heading}\nA | EC1A 1AA | {rough}")["x_geocode_method"] == "postcode"
    assert one(f"{heading}\nA | . | {rough}")["x_positional_error_m"] == 655.7
    # A postcode that is vaguer still, the mean of its sector, does not outweigh them.
    assert one(f"{heading}\nA | EC1A 1AH | {rough}")["x_geocode_method"] == "coordinates"
    # Nor does any where the two contradict each other.
    assert at(533_300, 181_000, "EC1A 1AA")["x_geocode_method"] == "coordinates"
    assert told_at(533_300, 181_000, "EC1A 1AA") == ["authority_disputed"]


@pytest.mark.parametrize("ground", [DERIVED, OFFICIAL], ids=["derived", "official"])
@pytest.mark.parametrize(
    ("postcode", "easting", "northing", "authority", "is_disputed"),
    [
        ("EC1A 1AA", 531_401, 181_401, CITY, False),
        ("E1 1AA", 532_401, 181_401, HACKNEY, False),
        ("EC1A 1AA", 532_401, 181_401, HACKNEY, True),
        ("E1 1AA", 531_401, 181_401, CITY, True),
        ("SE1 1AA", 531_401, 181_401, CITY, True),
        # Outside the areas we hold: not in one of them, whatever the postcode says.
        ("EC1A 1AA", 531_401, 178_401, None, True),
        ("E1 1AA", 533_401, 178_401, None, True),
        ("SE1 1AA", 531_401, 178_401, SOUTHWARK, False),
        (".", 531_401, 178_401, None, False),
        (".", 531_401, 181_401, CITY, False),
    ],
)
def test_coordinates_lie_in_the_authority_whose_polygon_holds_them(
    postcode: str, easting: float, northing: float, authority: str | None, is_disputed: bool, ground: Ground
) -> None:
    text = f"id | postcode | easting | northing\nA | {postcode} | {easting} | {northing}"
    found = placed(text, ground)
    row = found.locations.iloc[0]
    assert (row["x_lad_code"] if pd.notna(row["x_lad_code"]) else None) == authority
    assert row["x_geocode_method"] == "coordinates"
    assert (row["x_zone"] == "inside") == (authority == CITY)
    assert rules(found) == ([("authority_disputed", "warning")] if is_disputed else [])
    assert row["x_zone_certain"] != is_disputed


def test_a_venue_far_outside_is_never_inside_for_its_postcodes_sake() -> None:
    found = at(531_001, 177_401, "EC1A 1AA")
    assert (found["x_zone"], found["x_signed_distance_m"]) == ("outside", 2599)
    assert not found["x_zone_certain"]


def test_the_official_areas_mark_a_postcode_whose_point_lies_in_another() -> None:
    # 21 m within Hackney, yet a City postcode.
    found = placed("id | postcode\nA | EC1A 1AD")
    assert rules(found) == [("authority_disputed", "warning")]
    row = found.locations.iloc[0]
    assert (row["x_lad_code"], row["x_zone"], row["x_signed_distance_m"]) == (CITY, "inside", 0)
    assert not row["x_zone_certain"]
    assert rules(placed("id | postcode\nA | EC1A 1AD", DERIVED)) == []
    entries = OFFICIAL.directory.entries(OFFICIAL.directory.listed())
    assert entries.is_(IS_DISPUTED).sum() == 1


# UPRNs beside the rest


def test_a_uprn_far_from_its_postcode_is_not_used() -> None:
    found = placed("id | postcode | uprn\nA | EC1A 1AA | 300")
    assert rules(found) == [("uprn_far_from_postcode", "warning")]
    assert found.problems[0].raw == "300"
    assert found.locations.at[0, "x_geocode_method"] == "postcode"


def test_a_uprn_and_coordinates_that_disagree_are_told_and_not_certain() -> None:
    assert told_at(538_401, 181_401, uprn="100") == ["coordinates_far_from_uprn"]
    found = at(538_401, 181_401, uprn="100")
    assert (found["x_geocode_method"], found["x_zone"]) == ("uprn", "inside")
    assert not found["x_zone_certain"]
    # With a postcode two pieces agree, and they are believed.
    assert told_at(538_401, 181_401, "EC1A 1AA", "100") == ["coordinates_far_from_postcode"]
    assert at(538_401, 181_401, "EC1A 1AA", "100")["x_zone_certain"]
    # Near each other there is nothing to tell.
    assert told_at(531_601, 181_401, uprn="100") == []
    assert at(531_601, 181_401, uprn="100")["x_zone_certain"]


def test_a_postcode_that_uprn_and_coordinates_both_contradict_is_not_certain() -> None:
    found = at(540_301, 181_401, "EC1A 1AA", "300")
    assert (found["x_geocode_method"], found["x_zone"]) == ("postcode", "inside")
    assert not found["x_zone_certain"]
    assert told_at(540_301, 181_401, "EC1A 1AA", "300") == ["coordinates_far_from_postcode"]


def test_a_uprn_in_another_authority_than_its_postcode_is_disputed() -> None:
    found = placed("id | postcode | uprn\nA | EC1A 1AA | 200")
    assert rules(found) == [("authority_disputed", "warning")]
    assert found.problems[0].message.startswith("The UPRN's property lies in another authority")
    assert found.problems[0].raw == "200"
    assert found.locations.at[0, "x_lad_code"] == HACKNEY


# A missing datum shift

_PROJECTION = pyproj.Proj(BRITISH_NATIONAL_GRID)  # the projection alone: the step people forget is the datum
HOMES = ("EC1A 1AA", "EC1A 1AB", "E1 1AA", "E1 1AB")


def body(count: int, *, forgotten: str, scatter_m: float = 30, seed: int = 1) -> tuple[Found, Points]:
    """So many venues about their postcodes, with coordinates in degrees from which a datum shift is missing."""
    chance = np.random.default_rng(seed)
    found = find_postcodes(pa.array([HOMES[n % len(HOMES)] for n in range(count)]), DIRECTORY)
    easting = found.easting + chance.normal(0, scatter_m, count)
    northing = found.northing + chance.normal(0, scatter_m, count)
    longitude, latitude = degrees_of(easting, northing)
    if forgotten == "to degrees":
        longitude, latitude = _PROJECTION(easting, northing, inverse=True)
    if forgotten == "to metres":
        return found, from_grid(*_PROJECTION(longitude, latitude), 10)
    return found, from_degrees(np.asarray(latitude), np.asarray(longitude), 10)


def none_of(rows: int) -> Points:
    return Points.none(rows)


@pytest.mark.parametrize("forgotten", ["to degrees", "to metres"])
@pytest.mark.parametrize("count", [20, 21, 400])
def test_a_body_of_venues_without_a_datum_shift_is_not_believed(forgotten: str, count: int) -> None:
    result = place(*body(count, forgotten=forgotten), none_of(count), OFFICIAL)
    assert set(result.trouble) == {Trouble.DATUM}
    assert {METHODS[number] for number in result.method} == {"postcode"}


@pytest.mark.parametrize(("forgotten", "count"), [("nothing", 400), ("to degrees", 19)])
def test_venues_that_scatter_about_their_postcodes_are_believed(forgotten: str, count: int) -> None:
    result = place(*body(count, forgotten=forgotten), none_of(count), OFFICIAL)
    assert not result.trouble.any()
    assert {METHODS[number] for number in result.method} <= {"coordinates", "postcode"}
    assert (result.method == METHODS.index("coordinates")).mean() > 0.9


def together(*bodies: tuple[Found, Points]) -> tuple[Found, Points]:
    founds, points = zip(*bodies, strict=True)
    return (
        Found(*(np.concatenate([getattr(f, x.name) for f in founds]) for x in fields(Found))),
        Points(*(np.concatenate([getattr(p, x.name) for p in points]) for x in fields(Points))),
    )


def test_copies_of_the_postcodes_points_do_not_hide_a_missing_shift() -> None:
    found, given = together(body(25, forgotten="to degrees"), body(60, forgotten="nothing", scatter_m=0))
    result = place(found, given, none_of(85), OFFICIAL)
    assert set(result.trouble[:25]) == {Trouble.DATUM}
    assert set(result.trouble[25:]) == {Trouble.NONE}


def test_venues_without_a_postcode_share_the_body_s_doubt() -> None:
    found, given = body(30, forgotten="to degrees")
    blank = find_postcodes(pa.nulls(3, pa.string()), DIRECTORY)
    _, alone = body(3, forgotten="to degrees")
    result = place(*together((found, given), (blank, alone)), none_of(33), OFFICIAL)
    assert set(result.trouble) == {Trouble.DATUM}
    assert (result.method[30:] == METHODS.index("none")).all()
    assert not result.certain[30:].any()


# Zones


@pytest.mark.parametrize(
    ("northing", "zone", "distance_m"),
    [
        (180_000.06, "inside", -0.1),
        (179_999.9, "near", 0.1),
        (179_200, "near", 800),
        (179_199.96, "near", 800),  # to the decimetre, as all distances are
        (179_199.9, "outside", 800.1),
    ],
)
def test_near_ends_at_eight_hundred_metres(northing: float, zone: str, distance_m: float) -> None:
    found = at(531_401.3, northing)
    assert (found["x_zone"], found["x_signed_distance_m"]) == (zone, distance_m)


@pytest.mark.parametrize(
    ("postcode", "zone"), [("E1 1AB", "near"), ("E1 1AD", "near"), ("E1 1AE", "outside")]
)
def test_near_ends_there_for_postcodes_too(postcode: str, zone: str) -> None:
    assert one(f"id | postcode\nA | {postcode}")["x_zone"] == zone


@pytest.mark.parametrize(
    ("ground", "inside_m", "is_sure"),
    [(OFFICIAL, 10, False), (OFFICIAL, 10.2, True), (DERIVED, 49, False), (DERIVED, 49.2, True)],
)
def test_a_zone_is_certain_only_beyond_all_errors_together(
    ground: Ground, inside_m: float, is_sure: bool
) -> None:
    assert at(531_401.3, 180_000 + inside_m, ground=ground)["x_zone_certain"] == is_sure
    assert at(531_401.3, 180_000 - inside_m, ground=ground)["x_zone_certain"] == is_sure


CELLS = st.sampled_from(
    [".", "EC1A 1AA", "EC1A 1AB", "EC1A 1AD", "EC1A 1AH", "EC1A 1AJ", "E1 1AA", "E1 1AF", "SE1 1AA", "SE1 1AB",
     "EC2P 2EJ", "JE1 1AA", "ECIA IAA", "EC1", "E1 9ZZ", "nowhere", "EC1A 1AA or E1 1AA"]
)  # fmt: skip
SPOTS = st.one_of(
    st.just((NAN, NAN)),
    st.tuples(st.floats(529_000, 541_000), st.floats(177_000, 184_000)),
    st.tuples(st.integers(529, 541).map(lambda km: km * 1000.0), st.sampled_from([181_000.0, 178_500.0])),
    st.sampled_from(
        [(181_401.0, 531_401.0), (400_000.0, 300_000.0), (531_001.0, 181_001.0), (0.0, 0.0), (NAN, 1.0)]
    ),
)
ROWS = st.lists(
    st.tuples(CELLS, SPOTS, st.sampled_from([0, 0, 0, 100, 200, 300, 999])), min_size=1, max_size=19
)
Row = tuple[str, tuple[float, float], int]


def place_rows(rows: list[Row], ground: Ground) -> tuple[Found, Placed]:
    cells = [None if cell == "." else cell for cell, _, _ in rows]
    found = find_postcodes(pa.array(cells, pa.string()), ground.directory)
    easting, northing = np.array([spot for _, spot, _ in rows], float).reshape(-1, 2).T
    uprns = PROPERTIES.find(np.array([uprn for _, _, uprn in rows], np.uint64), 10)
    return found, place(found, from_grid(easting, northing, 10), uprns, ground)


def assert_same(one: Placed, other: Placed) -> None:
    for field in fields(Placed):
        np.testing.assert_array_equal(getattr(one, field.name), getattr(other, field.name), field.name)


@given(ROWS, st.randoms(use_true_random=False))
def test_swapping_rows_changes_nothing(rows: list[Row], chance: np.random.RandomState) -> None:
    order = list(range(len(rows)))
    chance.shuffle(order)
    _, first = place_rows(rows, OFFICIAL)
    _, then = place_rows([rows[n] for n in order], OFFICIAL)
    assert_same(Placed(**{name: values[order] for name, values in vars(first).items()}), then)


@given(ROWS)
def test_a_row_is_placed_alone_as_among_others(rows: list[Row]) -> None:
    _, all_of_them = place_rows(rows, OFFICIAL)
    for number, row in enumerate(rows):
        _, alone = place_rows([row], OFFICIAL)
        here = slice(number, number + 1)
        assert_same(Placed(**{name: values[here] for name, values in vars(all_of_them).items()}), alone)


@given(ROWS)
def test_whatever_is_certain_by_the_derived_boundary_is_so_by_the_same_line_when_official(
    rows: list[Row],
) -> None:
    for ground in (DERIVED, OFFICIAL):
        _, vague = place_rows(rows, replace(ground, is_official=False))
        _, exact = place_rows(rows, replace(ground, is_official=True))
        assert (exact.certain | ~vague.certain).all()
        np.testing.assert_array_equal(exact.zone, vague.zone)


@given(ROWS)
def test_a_zone_and_its_certainty_follow_from_the_figures_beside_them(rows: list[Row]) -> None:
    for ground in (DERIVED, OFFICIAL):
        _, found = place_rows(rows, ground)
        in_city = np.array(ground.directory.lad_codes)[found.authority] == CITY
        np.testing.assert_array_equal(found.zone, zones_of(in_city, found.distance_m, 800))
        sure = is_certain(found.distance_m, found.error_m, ground.boundary_error_m) & ~found.disputed
        assert not (found.certain & ~sure).any()
        has_place = ~np.isnan(found.distance_m)
        for values in (found.easting, found.northing, found.error_m):
            np.testing.assert_array_equal(~np.isnan(values), has_place)
        np.testing.assert_array_equal(found.method != METHODS.index("none"), has_place)
        np.testing.assert_array_equal(found.zone != ZONES.index("unknown"), has_place)
        assert (np.signbit(found.distance_m) == in_city)[has_place].all()


@given(st.lists(CELLS, min_size=1, max_size=19))
def test_without_points_both_ways_of_placing_agree(cells: list[str]) -> None:
    rows: list[Row] = [(cell, (NAN, NAN), 0) for cell in cells]
    for ground in (DERIVED, OFFICIAL):
        found, result = place_rows(rows, ground)
        assert_same(result, place_by_postcode(found, ground))


@given(st.lists(CELLS, min_size=1, max_size=19))
def test_only_a_postcode_that_is_a_place_gives_a_zone(cells: list[str]) -> None:
    found, result = place_rows([(cell, (NAN, NAN), 0) for cell in cells], OFFICIAL)
    statuses = [STATUSES[number] for number in status_numbers(found, is_dated=True)]
    for status, zone, certain, cell in zip(statuses, result.zone, result.certain, cells, strict=True):
        is_place = status in (PostcodeStatus.LIVE, PostcodeStatus.TERMINATED) and cell != "JE1 1AA"
        assert (ZONES[zone] != "unknown") == is_place
        assert is_place or not certain


@given(ROWS)
def test_the_columns_of_a_file_say_what_the_rows_say(rows: list[Row]) -> None:
    found, result = place_rows(rows, OFFICIAL)
    table = pa.table(added_columns(found, result, OFFICIAL), [column.name for column in ADDED]).to_pylist()
    for number, row in enumerate(table):
        has_place = not np.isnan(result.distance_m[number])
        assert row["x_zone"] == ZONES[result.zone[number]]
        assert row["x_geocode_method"] == METHODS[result.method[number]]
        assert row["x_easting"] == (result.easting[number] if has_place else None)
        assert row["x_signed_distance_m"] == (result.distance_m[number] if has_place else None)
        assert row["x_lad_code"] == (OFFICIAL.directory.lad_codes[result.authority[number]] or None)
        assert row["postal_code"] == found.postcodes()[number].as_py()


def test_a_file_without_rows_has_columns_without_rows() -> None:
    found = find_postcodes(pa.array([], pa.string()), DIRECTORY)
    result = place(found, none_of(0), none_of(0), OFFICIAL)
    assert [len(column) for column in added_columns(found, result, OFFICIAL)] == [0] * len(ADDED)
    assert geocode(*places_of("id | postcode"), OFFICIAL).problems == []
