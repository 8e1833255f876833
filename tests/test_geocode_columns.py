"""Which columns of a file ``squaremile geocode`` goes by."""

from __future__ import annotations

from pathlib import Path

import pytest
from geocoding import (
    BARBICAN,
    CLUBS,
    OURS,
    geocoded,
    run,
    text_file,
    write,
)

from flows.errors import ExitCode, Mistake
from flows.geocode_columns import Where, choose_columns


def chosen(headings: str, **asked: str | None) -> dict[str, str]:
    return choose_columns(headings.split(","), dict(asked)).named()


@pytest.mark.parametrize(
    ("headings", "columns"),
    [
        ("Name,Postcode", {"postcode": "Postcode"}),
        ("Name,Post Code", {"postcode": "Post Code"}),
        ("Name,POSTAL_CODE", {"postcode": "POSTAL_CODE"}),
        ("Name,Home postcode (if known)", {"postcode": "Home postcode (if known)"}),
        ("Postcode,Postcode checked?", {"postcode": "Postcode"}),
        ("Office postcode,Venue postcode", {"postcode": "Venue postcode"}),
        ("pcds,lat,long", {"postcode": "pcds", "lat": "lat", "lon": "long"}),
        ("Latitude,Longitude", {"lat": "Latitude", "lon": "Longitude"}),
        ("Easting,Northing", {"easting": "Easting", "northing": "Northing"}),
        ("oseast1m,osnrth1m", {"easting": "oseast1m", "northing": "osnrth1m"}),
        ("X_COORDINATE,Y_COORDINATE,UPRN", {"easting": "X_COORDINATE", "northing": "Y_COORDINATE", "uprn": "UPRN"}),
        ("Venue UPRN,Postcode", {"postcode": "Postcode", "uprn": "Venue UPRN"}),
        ("Postcode,Long", {"postcode": "Postcode"}),
    ],
)  # fmt: skip
def test_usual_headings_are_found(headings: str, columns: dict[str, str]) -> None:
    assert chosen(headings) == columns


def test_a_number_that_may_be_anything_is_not_taken_for_a_uprn() -> None:
    assert chosen("Postcode,Property reference,External identifier") == {"postcode": "Postcode"}


def test_columns_that_are_named_come_before_guesses_and_nothing_means_none() -> None:
    headings = "Postcode,Old,lat,lon"
    assert chosen(headings, postcode="Old", lat="", lon="") == {"postcode": "Old"}
    assert chosen(headings, lat="", lon=None) == {"postcode": "Postcode"}
    assert choose_columns(["a", "b"], {"lat": "a", "lon": "b"}) == Where(lat="a", lon="b")


@pytest.mark.parametrize(
    ("headings", "asked", "words"),
    [
        ("Post code,postcode", {}, "Several columns could be the postcode: Post code, postcode. Name the right one"),
        ("Home postcode,Work postcode", {}, "--postcode"),
        ("Postcode,Name", {"postcode": "Postcod"}, "no column “Postcod”. Nearest: “Postcode”. The file has: Postcode"),
        ("Postcode,Name", {"uprn": "Zzzzz"}, "no column “Zzzzz”. The file has"),
        ("Postcode,Y", {"lat": "Y"}, "--lat is of no use without --lon"),
        ("Postcode,X", {"northing": "X"}, "--northing is of no use without --easting"),
        ("Y,X", {"lat": "Y", "lon": "Y"}, "--lat and --lon both name the column “Y”"),
        ("Name,Phone", {}, "No heading looks like a postcode, a pair of coordinates or a UPRN. The file has: Name"),
        ("Postcode", {"postcode": ""}, "No heading looks like"),
    ],
)  # fmt: skip
def test_what_leaves_a_doubt_is_asked(headings: str, asked: dict[str, str], words: str) -> None:
    with pytest.raises(Mistake) as told:
        chosen(headings, **asked)
    assert words in f"{told.value.message} {told.value.what_to_do}"
    assert "None" not in told.value.message


def test_a_misspelt_option_is_told_with_the_nearest(tmp_path: Path) -> None:
    result = run("geocode", write(tmp_path / "a.csv", CLUBS), "--poscode", "x")
    assert result.exit_code == ExitCode.MISTAKE_IN_COMMAND
    assert "--postcode" in result.stderr


def test_columns_that_have_our_names_already_stay_and_ours_are_marked(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Postcode,zone,geocoded_zone\n{BARBICAN},a,b\n")
    (row,) = geocoded(file)
    assert (row["zone"], row["geocoded_zone"], row["geocoded_geocoded_zone"]) == ("a", "b", "inside")
    assert list(row)[3:6] == ["postal_code", "postcode_status", "easting"]


def test_a_result_can_be_geocoded_again(tmp_path: Path) -> None:
    file = text_file(tmp_path, f"Postcode\n{BARBICAN}\n")
    once = tmp_path / "once.csv"
    run("geocode", file, "--out", once)
    (row,) = geocoded(once)
    assert list(row)[1:11] == OURS
    assert [row[f"geocoded_{name}"] for name in OURS] == [row[name] for name in OURS]
