"""Ways from the City's estates and its school to venues."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pytest
from builders import THRESHOLDS, TWO_ESTATES, TWO_ESTATES_AND_A_SCHOOL, frames_of_offers

from flows.places import Places
from flows.reference import Reference
from transforms.place.evidence import place_by_postcode
from transforms.place.postcode_lookup import find_postcodes
from transforms.place.zones import ZONES
from transforms.tables import Location, Origin
from transforms.travel import build_travel
from transforms.vocabulary import Zone

# The Barbican stands at (0, 0), Mansell Street at (1000, 0).
VENUES = """
    venue | easting | northing | error_m | role  | method
    A     | 300     | 400      | 50      | venue | postcode
    B     | 1000    | 800      | 10      | venue | coordinates
    C     | 500     | 0        | 50      | venue | postcode
    HQ    | 0       | 0        | 50      | hq    | postcode
"""


@pytest.fixture(scope="module")
def ways() -> pd.DataFrame:
    return build_travel(frames_of_offers(VENUES)[Location], TWO_ESTATES, THRESHOLDS)


def way(ways: pd.DataFrame, venue: str, origin: str) -> pd.Series:
    return ways[ways["location_id"].eq(f"loc-{venue}") & ways["origin"].eq(origin)].iloc[0]


def test_every_venue_has_a_way_from_every_estate_and_a_head_office_none(ways: pd.DataFrame) -> None:
    assert ways.groupby("location_id").size().to_dict() == {"loc-A": 2, "loc-B": 2, "loc-C": 2}


def test_a_walk_is_the_straight_line_with_its_detour_at_80_metres_a_minute(ways: pd.DataFrame) -> None:
    found = way(ways, "A", "Barbican Estate")
    # 300 east and 400 north are 500 m; 500 × 1.3 ÷ 80 is 8.1 minutes.
    assert (found["distance_m"], found["walk_min"], found["positional_error_m"]) == (500, 8.1, 50)


def test_the_nearest_estate_ranks_first(ways: pd.DataFrame) -> None:
    nearest = ways[ways["rank"].eq(1)].set_index("location_id")["origin"].to_dict()
    assert nearest == {
        "loc-A": "Barbican Estate",
        "loc-B": "Mansell Street Estate",
        "loc-C": "Barbican Estate",  # 500 m from both: the first in the list
    }
    assert sorted(ways["rank"]) == [1, 1, 1, 2, 2, 2]


def test_a_way_from_the_school_is_measured_and_leaves_the_ranks_of_the_estates_as_they_are(
    ways: pd.DataFrame,
) -> None:
    found = build_travel(frames_of_offers(VENUES)[Location], TWO_ESTATES_AND_A_SCHOOL, THRESHOLDS)
    from_school = found["origin"].eq("The Aldgate School")
    # The school stands at (300, 0): 400 m south of A, and 200 m west of C.
    distances = found[from_school].set_index("location_id")["distance_m"]
    assert (distances["loc-A"], distances["loc-C"]) == (400, 200)
    assert found.loc[from_school, "rank"].isna().all()
    pd.testing.assert_frame_equal(found[~from_school].reset_index(drop=True), ways)


def test_a_venue_without_a_point_has_no_way() -> None:
    locations = frames_of_offers(VENUES)[Location].assign(x_easting=None)
    assert build_travel(locations, TWO_ESTATES, THRESHOLDS).empty


def test_every_estate_of_the_product_and_its_school_stand_inside_the_square_mile() -> None:
    reference = Reference(Places())
    origins = reference.facts[Origin]
    assert origins["kind"].value_counts().to_dict() == {"estate": 5, "school": 1}
    assert origins["as_at"].notna().all()
    found = find_postcodes(pa.array(origins["postal_code"]), reference.ground.directory)
    placed = place_by_postcode(found, reference.ground)
    assert {ZONES[number] for number in placed.zone} == {Zone.INSIDE}
