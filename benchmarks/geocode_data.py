"""What the benchmark of places is run on: a reference table, messy postcodes, points and a CSV file.

Everything follows from one seed, so that two runs on one directory see the same rows.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv
import shapely

from transforms.place import postcode_key as key
from transforms.place.postcode_directory import PostcodeDirectory

SEED = 20260101
UNKNOWN, MISSING = 0.05, 0.10
# Great Britain and a margin, EPSG:27700.
BRITAIN = (0.0, 0.0, 700_000.0, 1_300_000.0)
NEAR_M, AROUND_M = 50.0, 200.0
CITY = "E09000001"
OUTLINES = Path("shared/real/boundaries/london_boroughs_extent_of_realm_27700.geojson")

# Where the characters of a messy postcode stand: a space, outward code, two spaces, inward code, a space.
_OUTWARD, _INWARD, _WIDTH = slice(1, 5), slice(7, 10), 11
_LEADING, _FIRST_GAP, _SECOND_GAP, _TRAILING = 0, 5, 6, 10
# Which of those spaces each way of spacing has: none, one, two, before, behind.
_SPACES = np.array([[0, 0, 0, 0], [0, 1, 0, 0], [0, 1, 1, 0], [1, 1, 0, 0], [0, 1, 0, 1]], bool)
_CASES = 3
_PORTION = 2**20
_UNKNOWN_POOL = 300_000


def reference_table(directory: PostcodeDirectory) -> pa.Table:
    """Every listed postcode without spaces (``key``), with its easting, northing and number of authority."""
    entries = directory.entries(directory.listed())
    return pa.table(
        {
            "key": _bare_texts(directory.listed_keys()),
            "easting": pa.array(entries.easting),
            "northing": pa.array(entries.northing),
            "authority": pa.array(entries.authority),
        }
    )


def messy_postcodes(directory: PostcodeDirectory, rows: int) -> pa.Array:
    """Postcodes drawn evenly from the whole directory, as people write them.

    Each is in capitals, small letters or a mixture, and spaced in one of five ways. One in twenty is well
    formed but not listed; one in ten is missing, half of those null and half empty.
    """
    rng = np.random.default_rng(SEED)
    listed = directory.listed_keys()
    pool = np.concatenate([listed, _unlisted(directory, listed, rng)])
    letters, width = _letters(pool)
    parts = [
        _messy_part(letters, width, len(listed), min(_PORTION, rows - begin), rng)
        for begin in range(0, rows, _PORTION)
    ]
    return pa.concat_arrays(parts)


def write_csv(path: Path, postcodes: pa.Array) -> None:
    """A CSV of venues, about 32 bytes a row: id, name, postcode, places."""
    rng = np.random.default_rng(SEED + 1)
    rows = len(postcodes)
    names = pc.binary_join_element_wise(
        "Club", pa.array(rng.integers(1, 10_000, rows)).cast(pa.string()), " "
    )
    columns = {
        "id": pa.array(np.arange(rows)),
        "name": names,
        "postcode": pc.fill_null(postcodes, ""),
        "places": pa.array(rng.integers(4, 60, rows, np.int16)),
    }
    pa.csv.write_csv(pa.table(columns), path)


def city_outline(project: Path) -> tuple[shapely.Geometry, str]:
    """The City's area (EPSG:27700) and which one it is: the exact one where we have it, else the derived."""
    for folder in (project, project.parent):
        if (folder / OUTLINES).is_file():
            import geopandas as gpd

            areas = gpd.read_file(folder / OUTLINES).set_index("gss_code").geometry
            return areas[CITY], f"the exact one, extent of the realm ({OUTLINES.name})"
    from flows.places import Places
    from flows.reference import Reference

    ground = Reference(Places()).ground
    kind = "the official one fetched by this installation" if ground.is_official else "derived from postcodes"
    return ground.areas[CITY], kind


def points(spread: str, rows: int, area: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Eastings and northings: evenly over ``britain``, the ``box`` of the City and 200 m, or near its ``edge``."""
    rng = np.random.default_rng(SEED + 2)
    if spread == "edge":
        return _near_edge(area, rows, rng)
    west, south, east, north = area.bounds
    box = (west - AROUND_M, south - AROUND_M, east + AROUND_M, north + AROUND_M)
    west, south, east, north = BRITAIN if spread == "britain" else box
    return rng.uniform(west, east, rows), rng.uniform(south, north, rows)


def _near_edge(area: shapely.Geometry, rows: int, rng: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    """Points spread evenly over the band that lies within ``NEAR_M`` of the edge."""
    band = shapely.boundary(area).buffer(NEAR_M)
    shapely.prepare(band)
    west, south, east, north = band.bounds
    kept: list[np.ndarray] = []
    while sum(map(len, kept)) < rows:
        tried = np.column_stack([rng.uniform(west, east, _PORTION), rng.uniform(south, north, _PORTION)])
        kept.append(tried[shapely.contains_xy(band, tried[:, 0], tried[:, 1])])
    easting, northing = np.concatenate(kept)[:rows].T
    return easting.copy(), northing.copy()


def _characters() -> np.ndarray:
    return np.frombuffer((" " + key.DIGITS + key.LETTERS).encode(), np.uint8)


def _letters(keys: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The characters of each key as (outward from the left, inward), seven bytes, and the outward's length."""
    places = np.empty((len(keys), 7), np.uint8)
    for place in range(7):
        keys, places[:, 6 - place] = np.divmod(keys, np.uint64(key.BASE))
    length = (places[:, :4] > 0).sum(axis=1)
    outward = places[:, :4][np.arange(len(places))[:, None], (np.arange(4) + 4 - length[:, None]) % 4]
    return _characters()[np.column_stack([outward, places[:, 4:]])], length.astype(np.uint8)


def _bare_texts(keys: np.ndarray) -> pa.Array:
    letters, length = _letters(keys)
    stands = np.ones(letters.shape, bool)
    stands[:, :4] = np.arange(4) < length[:, None]
    return _texts(letters[stands], stands.sum(axis=1), None)


def _texts(letters: np.ndarray, lengths: np.ndarray, missing: np.ndarray | None) -> pa.Array:
    """An Arrow text column from its bytes one after another and the length of each."""
    offsets = np.zeros(len(lengths) + 1, np.int32)
    np.cumsum(lengths, out=offsets[1:])
    valid = None if missing is None else pa.py_buffer(np.packbits(~missing, bitorder="little"))
    buffers = [valid, pa.py_buffer(offsets), pa.py_buffer(letters)]
    return pa.Array.from_buffers(pa.string(), len(lengths), buffers)


def _unlisted(directory: PostcodeDirectory, listed: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Keys of well-formed postcodes that the directory does not list: listed ones with another unit."""
    worth = key.worth_of_bytes()[np.frombuffer(key.UNIT_LETTERS.encode(), np.uint8)].astype(np.uint64)
    unit = rng.choice(worth, _UNKNOWN_POOL * 2) * np.uint64(key.BASE) + rng.choice(worth, _UNKNOWN_POOL * 2)
    span = np.uint64(key.BASE**2)
    tried = np.unique(rng.choice(listed, _UNKNOWN_POOL * 2) // span * span + unit)
    unlisted = tried[directory.slots[directory.slots_of(tried)] == 0]
    if np.isin(unlisted, listed).any():
        raise RuntimeError("a postcode that should not be listed is")
    return rng.permutation(unlisted)[:_UNKNOWN_POOL]


def _messy_part(
    letters: np.ndarray, width: np.ndarray, listed: int, rows: int, rng: np.random.Generator
) -> pa.Array:
    which = rng.integers(0, listed, rows)
    chance = rng.random(rows)
    unknown = chance < UNKNOWN
    which[unknown] = rng.integers(listed, len(letters), int(unknown.sum()))
    absent = chance >= 1 - MISSING
    text = np.full((rows, _WIDTH), ord(" "), np.uint8)
    text[:, _OUTWARD], text[:, _INWARD] = letters[which, :4], letters[which, 4:]
    case = rng.integers(0, _CASES, rows)
    # Setting this bit turns a capital into a small letter and leaves digits and spaces as they are.
    lowered = (case == 1)[:, None] | ((case == 2)[:, None] & (rng.random((rows, _WIDTH), np.float32) < 0.5))
    text |= lowered.astype(np.uint8) << np.uint8(5)
    stands = np.ones((rows, _WIDTH), bool)
    stands[:, _OUTWARD] = np.arange(4) < width[which, None]
    stands[:, [_LEADING, _FIRST_GAP, _SECOND_GAP, _TRAILING]] = _SPACES[rng.integers(0, len(_SPACES), rows)]
    stands[absent] = False
    return _texts(text[stands], stands.sum(axis=1), absent & (rng.random(rows) < 0.5))
