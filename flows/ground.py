"""The ground that places are decided by: built once, then mapped into memory in a few milliseconds.

A build is named by everything it depends on, made beside its place and moved there when it is whole, so
a reader never meets half of one and two builders do no harm.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import geopandas as gpd
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import shapely
from filelock import FileLock, Timeout

from flows.errors import RunAborted
from flows.official import packaged
from flows.official.kinds import OfficialKind
from flows.official.store import Taken, all_taken, put
from flows.places import Places
from transforms.place.border import Border
from transforms.place.boundary_checks import boundary_accuracy
from transforms.place.derive import BoundaryError, boundary_error, derive_boundaries, sound_points
from transforms.place.grid import BRITISH_NATIONAL_GRID
from transforms.place.ground import Ground, PropertyPoints, mark_disputes, measure_distances
from transforms.place.postcode_directory import (
    ARRAYS,
    HAS_POINT,
    IS_DISPUTED,
    IS_PO_BOX,
    LAD_CODE,
    PRECISIONS,
    PostcodeDirectory,
    build_directory,
)
from transforms.place.postcode_lookup import all_processors
from transforms.tables import CITY_LAD_CODE
from transforms.thresholds import Thresholds

# Changes whenever what is built changes its form or meaning.
FORMAT = 2
_META = "meta.json"
_AREAS = "areas.wkb"
_BORDER = "border-"
# The official files that are built in; others are read as they are.
_BUILT_FROM = (OfficialKind.POSTCODES, OfficialKind.BOUNDARIES)
UPRN_ARRAYS = ("uprn", "easting", "northing")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Groundwork:
    """The ground, and what is known of where it came from: ``facts`` as ``meta.json`` holds them."""

    ground: Ground
    facts: Mapping[str, Any]
    folder: Path


def _quiet(_: str) -> None:
    """Say nothing."""


def lay_ground(
    places: Places,
    thresholds: Thresholds,
    authorities: pd.DataFrame,
    say: Say = _quiet,
    *,
    anew: bool = False,
) -> Groundwork:
    """The ground for an installation: as built before, or built now (or ``anew``), telling each step.

    Raises ``RunAborted`` when the directory cannot be used or the disk refuses.
    """
    taken = all_taken(places.official)
    folder = places.built / _name_of(taken, thresholds, authorities)
    if not anew and (found := _load(folder, places, taken, thresholds)):
        return found
    try:
        places.built.mkdir(parents=True, exist_ok=True)
        with _only_builder(places.built, say):
            # Somebody else may have built it meanwhile.
            if not anew and (found := _load(folder, places, taken, thresholds)):
                return found
            _build(folder, places, taken, thresholds, authorities, say)
    except OSError as error:
        raise RunAborted(
            f"The reference cannot be built in {places.built}: {error.strerror or error}.",
            "Make the folder writable and free space, or name another one in SQUAREMILE_BUILT.",
        ) from None
    built = _load(folder, places, taken, thresholds)
    if built is None:
        raise RunAborted(
            f"The reference was built in {folder}, and cannot be read back.", "Check the disk, and try again."
        )
    return built


@contextmanager
def _only_builder(folder: Path, say: Say) -> Iterator[None]:
    """One process builds at a time; the lock goes with the process that holds it."""
    lock = FileLock(folder / ".lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        say("Waiting for another process, which is building the reference")
        lock.acquire()
    try:
        yield
    finally:
        lock.release()


def _name_of(taken: Mapping[OfficialKind, Taken], thresholds: Thresholds, authorities: pd.DataFrame) -> str:
    """A name from everything a build depends on, found without opening the directory."""
    facts = {
        "format": FORMAT,
        "package": packaged.package_name(),
        "stack": thresholds.po_box_stack_postcodes,
        "authorities": authorities[LAD_CODE].tolist(),
        "official": sorted((one.kind.value, one.sha256) for one in taken.values() if one.kind in _BUILT_FROM),
    }
    return hashlib.sha256(json.dumps(facts, sort_keys=True).encode()).hexdigest()[:16]


def _build(
    folder: Path, places: Places, taken: Mapping[OfficialKind, Taken], thresholds: Thresholds,
    authorities: pd.DataFrame, say: Say,
) -> None:  # fmt: skip
    say("Reading the postcode directory")
    source, facts = _postcodes(places, taken.get(OfficialKind.POSTCODES))
    say("Giving every postcode its slot")
    try:
        directory = build_directory(source, thresholds.po_box_stack_postcodes)
    except ValueError as error:
        raise RunAborted(
            f"The postcode directory cannot be used: {error}.", "Fetch or install it again."
        ) from None
    say("Drawing the boundaries")
    points = sound_points(directory)
    codes = list(authorities[LAD_CODE])
    derived = derive_boundaries(points, codes)
    if CITY_LAD_CODE not in derived.index:
        raise RunAborted(
            "The postcode directory cannot be used: no postcode of the City has a precise point.",
            "Fetch or install it again.",
        )
    official = taken.get(OfficialKind.BOUNDARIES)
    areas = derived
    if official:
        areas = _kept(official, lambda: gpd.read_parquet(places.official / official.file).geometry)
    border = Border.of(areas[CITY_LAD_CODE])
    say("Measuring every postcode's distance to the City")
    directory = measure_distances(directory, border, all_processors())
    if official:
        directory = mark_disputes(directory, areas)
    facts |= {
        "format": FORMAT,
        "boundary": _boundary_facts(areas, derived, points, codes, official),
        "directory": _directory_facts(directory),
    }
    say("Writing")
    _write(folder, directory, border, areas, facts)


def _kept(taken: Taken, read: Callable[[], Any]) -> Any:
    """What we keep of an official file; a damaged one is told."""
    try:
        return read()
    except (OSError, ValueError, KeyError, EOFError, pa.ArrowException):
        raise RunAborted(
            f"The official file {taken.file} is damaged.",
            f"Fetch it again, or run `squaremile reference drop {taken.kind.value}`.",
        ) from None


def _postcodes(places: Places, taken: Taken | None) -> tuple[pa.Table, dict[str, Any]]:
    if taken:
        source = _kept(taken, lambda: pq.read_table(places.official / taken.file))
        return source, {"postcodes": _told_of_postcodes(taken)}
    package = packaged.read_packaged()
    told = {"name": packaged.package_name(), "sha256": package.sha256, "as_at": packaged.AS_AT}
    return package.postcodes, {"postcodes": {**told, "is_official_file": False}}


def _told_of_postcodes(taken: Taken) -> dict[str, Any]:
    return {
        "name": f"{taken.product} {taken.as_at}",
        "sha256": taken.sha256,
        "as_at": taken.as_at,
        "is_official_file": True,
    }


def _told_of_boundaries(taken: Taken) -> dict[str, Any]:
    return {"is_official": True, "name": taken.product, "sha256": taken.sha256, "as_at": taken.as_at}


def _boundary_facts(
    areas: gpd.GeoSeries,
    derived: gpd.GeoSeries,
    points: pd.DataFrame,
    codes: list[str],
    official: Taken | None,
) -> dict[str, Any]:
    accuracy = boundary_accuracy(areas[areas.index.isin(codes)], points).reset_index().to_dict("records")
    if not official:
        return {"is_official": False, "authorities": len(areas), "agreement": accuracy}
    error: BoundaryError = boundary_error(derived[CITY_LAD_CODE], areas[CITY_LAD_CODE])
    return {
        **_told_of_boundaries(official),
        "authorities": len(areas),
        "agreement": accuracy,
        "error_of_derived": asdict(error),
    }


def _directory_facts(directory: PostcodeDirectory) -> dict[str, Any]:
    entries = directory.entries(directory.listed())
    precision = entries.precision()
    return {
        "postcodes": len(entries.slot),
        "without_point": int((~entries.is_(HAS_POINT)).sum()),
        "po_box": int(entries.is_(IS_PO_BOX).sum()),
        "coarse": int((precision == PRECISIONS.index("coarse")).sum()),
        "disputed": int(entries.is_(IS_DISPUTED).sum()),
        "is_dated": directory.is_dated,
        "lad_codes": list(directory.lad_codes),
    }


def _write(
    folder: Path, directory: PostcodeDirectory, border: Border, areas: gpd.GeoSeries, facts: Mapping[str, Any]
) -> None:
    arrays = {**directory.arrays(), **{f"{_BORDER}{name}": array for name, array in border.arrays().items()}}
    shapes = shapely.to_wkb(shapely.GeometryCollection(list(areas)))
    facts = {
        **facts,
        "areas": list(areas.index),
        "arrays": {name: _form(array) for name, array in arrays.items()},
        "bytes": sum(array.nbytes for array in arrays.values()) + len(shapes),
    }

    def write(draft: Path) -> None:
        draft.mkdir()
        for name, array in arrays.items():
            np.save(draft / f"{name}.npy", np.ascontiguousarray(array))
        (draft / _AREAS).write_bytes(shapes)
        (draft / _META).write_text(json.dumps(facts, indent=1) + "\n", encoding="utf-8")
        for file in draft.iterdir():
            with file.open("rb") as written:
                os.fsync(written.fileno())

    # A process that has an old one mapped keeps its pages until it ends.
    put(folder.parent, folder.name, write)


def _form(array: np.ndarray) -> list[Any]:
    return [array.dtype.str, list(array.shape)]


def _load(
    folder: Path, places: Places, taken: Mapping[OfficialKind, Taken], thresholds: Thresholds
) -> Groundwork | None:
    """What was built; ``None`` where that is missing or not whole, so that it is built again."""
    try:
        facts = json.loads((folder / _META).read_text(encoding="utf-8"))
        arrays = {name: np.load(folder / f"{name}.npy", mmap_mode="r") for name in facts["arrays"]}
        if any(_form(array) != facts["arrays"][name] for name, array in arrays.items()):
            return None
        directory = PostcodeDirectory(
            **{name: arrays[name] for name in ARRAYS},
            lad_codes=tuple(facts["directory"]["lad_codes"]),
            is_dated=facts["directory"]["is_dated"],
        )
        own = {
            name.removeprefix(_BORDER): array for name, array in arrays.items() if name.startswith(_BORDER)
        }
        border = Border.from_arrays(own)
        shapes = shapely.get_parts(shapely.from_wkb((folder / _AREAS).read_bytes()))
        areas = gpd.GeoSeries(shapes, index=facts["areas"], crs=BRITISH_NATIONAL_GRID)
        is_official = facts["boundary"]["is_official"]
    except (
        OSError,
        ValueError,
        TypeError,
        LookupError,
        AttributeError,
        EOFError,
        shapely.errors.ShapelyError,
    ):
        return None
    # One content may have come under two names or dates: what is told is what was last fetched.
    if postcodes := taken.get(OfficialKind.POSTCODES):
        facts["postcodes"] |= _told_of_postcodes(postcodes)
    if boundaries := taken.get(OfficialKind.BOUNDARIES):
        facts["boundary"] |= _told_of_boundaries(boundaries)
    ground = Ground(
        directory=directory,
        areas=areas,
        border=border,
        is_official=is_official,
        thresholds=thresholds,
        properties=_properties(places, taken.get(OfficialKind.UPRNS)),
    )
    return Groundwork(ground, facts, folder)


def _properties(places: Places, taken: Taken | None) -> PropertyPoints | None:
    if taken is None:
        return None
    folder = places.official / taken.file

    def read() -> PropertyPoints:
        arrays = [np.load(folder / f"{name}.npy", mmap_mode="r") for name in UPRN_ARRAYS]
        if any(array.shape != (taken.rows,) for array in arrays):
            raise ValueError
        return PropertyPoints(*arrays)

    found: PropertyPoints = _kept(taken, read)
    return found
