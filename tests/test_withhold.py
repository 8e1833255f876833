"""What is never published: records made for one child, and where a provider lives."""

from __future__ import annotations

import pandas as pd
import pytest
from builders import frames_of_offers

from transforms.schema import Table
from transforms.tables import Address, Eligibility, Funding, Location, Schedule, Service, SourceRecord
from transforms.withhold import withhold_bespoke, withhold_homes

OFFERS = """
    service | venue | bespoke | funding
    open    | hall  | no      | block
    child   | hall  | yes     | spot
    child   | home  | yes     | spot
    other   | gym   | no      | block
"""


@pytest.fixture(scope="module")
def published() -> dict[type[Table], pd.DataFrame]:
    frames, withheld = withhold_bespoke(frames_of_offers(OFFERS))
    assert withheld == {"svc-child"}
    return frames


def test_nothing_that_names_a_bespoke_service_remains(published: dict[type[Table], pd.DataFrame]) -> None:
    # The ledger is made afterwards, without the ids of what was withheld (``account_for``).
    texts = {t.table_name: frame.to_csv() for t, frame in published.items() if t is not SourceRecord}
    assert [name for name, text in texts.items() if "svc-child" in text or "sal-child" in text] == []


def test_a_place_that_only_a_bespoke_service_uses_goes_with_it(
    published: dict[type[Table], pd.DataFrame],
) -> None:
    assert sorted(published[Location]["id"]) == ["loc-gym", "loc-hall"]
    assert sorted(published[Address]["location_id"]) == ["loc-gym", "loc-hall"]


def test_services_for_everyone_stay_whole(published: dict[type[Table], pd.DataFrame]) -> None:
    assert sorted(published[Service]["id"]) == ["svc-open", "svc-other"]
    assert sorted(published[Eligibility]["service_id"]) == ["svc-open", "svc-other"]
    assert sorted(published[Schedule]["service_at_location_id"]) == ["sal-open-hall", "sal-other-gym"]
    assert sorted(published[Funding]["service_id"]) == ["svc-open", "svc-other"]


@pytest.fixture(scope="module")
def homes() -> dict[type[Table], pd.DataFrame]:
    frames = frames_of_offers("service | venue\n1 | home\n2 | hall")
    frames[Location] = frames[Location].assign(
        x_is_home=frames[Location]["id"].eq("loc-home"),
        latitude=51.5123,
        longitude=-0.0912,
        external_identifier="100",
    )
    frames[Address] = frames[Address].assign(address_1="1 Private Road", x_postcode_raw="ec2y8ds")
    return withhold_homes(frames)


def test_of_a_home_only_the_sector_the_authority_and_the_zone_remain(
    homes: dict[type[Table], pd.DataFrame],
) -> None:
    home = homes[Location].set_index("id").loc["loc-home"]
    address = homes[Address].set_index("location_id").loc["loc-home"]
    assert (home["x_lad_code"], home["x_zone"], address["x_postcode_raw"]) == (
        "E09000001",
        "inside",
        "EC2Y 8",
    )
    told = " ".join(str(v) for v in [*home, *address])
    for secret in ("51.51", "-0.09", "100", "Venue", "Private", "8DS", "8ds"):
        assert secret not in told


def test_a_venue_beside_a_home_keeps_its_address(homes: dict[type[Table], pd.DataFrame]) -> None:
    hall = homes[Address].set_index("location_id").loc["loc-hall"]
    assert (hall["address_1"], hall["postal_code"]) == ("1 Private Road", "EC2Y 8DS")
    assert homes[Location].set_index("id").loc["loc-hall", "latitude"] == 51.5123
