"""Who says which points are in the City, and how far from its edge: ours, shapely and geopandas.

Coordinates are in memory before timing. Shapely works outside Python's lock, so it has as many threads as
ours, on slices; what each needs to build once (an index, a prepared outline) is built beforehand. Prepared
geometry must not be used by two threads at once (libgeos/geos issue 825), so each thread has its own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from queue import SimpleQueue
from typing import Any

import numpy as np
import shapely
from geocode_data import points
from geocode_race import Contestant, Runner

OUTLINE = "city.wkb"
SPREADS = {
    "britain": "evenly over the box of Great Britain",
    "box": "evenly over the box of the City and 200 m around it",
    "edge": "within 50 m of the City's edge",
}
# The slow take the first of the same points: their rates are a point.
SHAPELY_ROWS, SJOIN_ROWS, DISTANCE_ROWS = 1_000_000, 500_000, 100_000
_LARGEST_SLICE, _SLICES_A_THREAD = 2**17, 4


def inside_contestants(spread: str, rows: int, threads: tuple[int, ...]) -> list[Contestant]:
    """Who tells inside from outside among so many points."""
    dense = rows if spread == "britain" else min(rows, SHAPELY_ROWS)
    listed = []
    for count in threads:
        for name, kind, most in (
            ("ours", "Inside", rows),
            ("box and shapely.contains_xy", "ShapelyInside", dense),
            ("geopandas.sjoin", "GeopandasJoin", min(rows, SJOIN_ROWS)),
        ):
            if kind != "GeopandasJoin" or count == 1:
                listed.append(_contestant(name, kind, count, spread, most))
    return listed


def distance_contestants(spread: str, rows: int, threads: tuple[int, ...]) -> list[Contestant]:
    """Who measures the distance to the edge."""
    few = min(rows, DISTANCE_ROWS)
    return [
        _contestant(name, kind, count, spread, most)
        for count in threads
        for name, kind, most in (
            ("ours", "Distance", rows),
            ("STRtree nearest and distance", "TreeDistance", few),
            ("shapely.distance to the boundary", "BoundaryDistance", few),
        )
    ]


def _contestant(name: str, kind: str, threads: int, spread: str, rows: int) -> Contestant:
    return Contestant(name, f"geocode_points:{kind}", threads, {"spread": spread, "rows": rows})


class _Points(Runner):
    def __init__(self, folder: Path, threads: int, spread: str, rows: int) -> None:
        self.threads, self.rows = threads, rows
        self.area = shapely.from_wkb((folder / OUTLINE).read_bytes())
        self.easting, self.northing = (
            np.load(folder / f"{spread}-{name}.npy", mmap_mode="r")[:rows].copy()
            for name in ("east", "north")
        )
        self.prepare()

    def prepare(self) -> None:
        """Build what is built once."""

    def in_slices(self, work: Callable[[np.ndarray, np.ndarray], np.ndarray]) -> np.ndarray:
        """The work done by all threads, a slice at a time, as ours does it."""
        if self.threads == 1:
            return work(self.easting, self.northing)
        size = min(_LARGEST_SLICE, -(-self.rows // (_SLICES_A_THREAD * self.threads)))
        slices = [slice(begin, begin + size) for begin in range(0, self.rows, size)]
        with ThreadPoolExecutor(self.threads) as pool:
            parts = pool.map(lambda part: work(self.easting[part], self.northing[part]), slices)
            return np.concatenate(list(parts))

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        return {"answer": result}


def write_points(folder: Path, spread: str, rows: int) -> None:
    """Keep the points of one spread for the contestants."""
    area = shapely.from_wkb((folder / OUTLINE).read_bytes())
    for name, values in zip(("east", "north"), points(spread, rows, area), strict=True):
        np.save(folder / f"{spread}-{name}.npy", values)


class Inside(_Points):
    """Our index."""

    about = "Border.inside, its index built beforehand"

    def prepare(self) -> None:
        from transforms.place.border import Border

        self.border = Border.of(self.area)
        self.border.inside(self.easting[:1], self.northing[:1])

    def run(self) -> Any:
        return self.border.inside(self.easting, self.northing, threads=self.threads)


class Distance(Inside):
    """Our index, for distances."""

    about = "Border.signed_distance_m, its index built beforehand"

    def prepare(self) -> None:
        super().prepare()
        self.border.signed_distance_m(self.easting[:1], self.northing[:1])

    def run(self) -> Any:
        return self.border.signed_distance_m(self.easting, self.northing, threads=self.threads)


class _ForEachThread:
    """A prepared geometry for each thread: one is taken for the work on a slice, and given back."""

    def __init__(self, geometry: shapely.Geometry, threads: int) -> None:
        self._free: SimpleQueue[shapely.Geometry] = SimpleQueue()
        self._all = [shapely.from_wkb(shapely.to_wkb(geometry)) for _thread in range(threads)]
        for copy in self._all:
            shapely.prepare(copy)
            self._free.put(copy)

    def warm(self, work: Callable[[shapely.Geometry], object]) -> None:
        for copy in self._all:
            work(copy)

    @contextmanager
    def one(self) -> Iterator[shapely.Geometry]:
        taken = self._free.get()
        try:
            yield taken
        finally:
            self._free.put(taken)


class ShapelyInside(_Points):
    """Numpy keeps what is in the box of the City; the prepared outline decides about those."""

    about = "numpy on the bounding box, then contains_xy of the prepared outline"

    def prepare(self) -> None:
        self.bounds = self.area.bounds
        self.areas = _ForEachThread(self.area, self.threads)
        # The index of an outline is built by the first point within its box.
        within = shapely.point_on_surface(self.area)
        self.areas.warm(lambda area: shapely.contains_xy(area, within.x, within.y))

    def inside(self, easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
        west, south, east, north = self.bounds
        found = (easting >= west) & (easting <= east) & (northing >= south) & (northing <= north)
        with self.areas.one() as area:
            found[found] = shapely.contains_xy(area, easting[found], northing[found])
        return found

    def run(self) -> Any:
        return self.in_slices(self.inside)


class GeopandasJoin(_Points):
    """A spatial join; the points are geometries beforehand, the index is made anew in each join."""

    about = "sjoin(predicate='within'); making the point geometries is not timed"

    def prepare(self) -> None:
        import geopandas as gpd

        self.join, self.frame = gpd.sjoin, gpd.GeoDataFrame
        self.outline = self.frame(geometry=[self.area], crs=27700)
        self.geometry = shapely.points(self.easting, self.northing)

    def before(self) -> None:
        # A frame keeps its index, so every timing has a new one.
        self.given = self.frame(geometry=self.geometry, crs=27700)

    def run(self) -> Any:
        return self.join(self.given, self.outline, predicate="within")

    def answers(self, result: Any) -> dict[str, np.ndarray]:
        found = np.zeros(self.rows, bool)
        found[result.index.to_numpy()] = True
        return {"answer": found}


class TreeDistance(ShapelyInside):
    """The nearest edge by a tree of all edges, the distance to it, and the side as the sign."""

    about = "STRtree of the edges: nearest, then distance, then the sign by box and contains_xy"

    def prepare(self) -> None:
        super().prepare()
        ends = [shapely.get_coordinates(ring) for ring in shapely.get_rings(shapely.get_parts(self.area))]
        pairs = np.concatenate([np.stack([ring[:-1], ring[1:]], axis=1) for ring in ends])
        self.edges = shapely.linestrings(pairs)
        self.tree = shapely.STRtree(self.edges)
        self.tree.nearest(shapely.points(self.easting[:1], self.northing[:1]))

    def metres(self, easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
        dots = shapely.points(easting, northing)
        return shapely.distance(dots, self.edges[self.tree.nearest(dots)])

    def run(self) -> Any:
        return self.in_slices(lambda x, y: np.where(self.inside(x, y), -1, 1) * self.metres(x, y))


class BoundaryDistance(TreeDistance):
    """The distance to the whole boundary at once."""

    about = "distance to the prepared boundary, then the sign by box and contains_xy"

    def prepare(self) -> None:
        super().prepare()
        self.boundaries = _ForEachThread(shapely.boundary(self.area), self.threads)
        self.boundaries.warm(lambda boundary: shapely.distance(boundary, shapely.points(0, 0)))

    def metres(self, easting: np.ndarray, northing: np.ndarray) -> np.ndarray:
        with self.boundaries.one() as boundary:
            return shapely.distance(boundary, shapely.points(easting, northing))
