"""A boundary indexed so that millions of points are placed in a second.

The answers are those of shapely: exactly so for which side a point is on, within a micrometre for how far
it is. The index only spares the work. The compiled loops are imported when first needed, because importing
numba takes half a second.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import shapely

# A grid of at most so many cells: the table of codes, a megabyte, stays in the cache of one core.
CELLS = 2**19
# Cells that say which edges are near are larger, for each costs twice as much.
NEAR_CELLS = 2**18
# The code of a cell is a uint16.
MOST_EDGE_CELLS = 2**15 - 1
# The near grid reaches beyond the boundary by this part of its longer side; from there on the far ones,
# each so many cells wide.
MARGIN = 0.125
FAR_SIDE = 64
# The far grids together reach further than any two places in Great Britain are apart.
FURTHEST_M = 1_500_000
# No cell is smaller than this part of the largest coordinate, so that rounding stays far below a cell.
FINEST = 2.0**-22
# Points handed to a compiled loop together.
BATCH = 2**17

TYPES = {
    "edges": np.float64,
    "cells": np.uint16,
    "first": np.int32,
    "members": np.int32,
    "near": np.int32,
    "far": np.int32,
    "candidates": np.int32,
    "frame": np.float64,
}


@dataclass(frozen=True, eq=False)
class Border:
    """The boundary of one area in EPSG:27700, ready to be asked about points. Plain arrays, read-only.

    Which side a point is on: the grid ``cells`` says of most cells that they are inside or outside. In a
    cell that an edge meets, the edges between the point and the cell's centre, whose side is known, are
    counted by an exact sign test. A point exactly on an edge belongs to the area east of it, and on an
    edge that runs due east to the area north of it: of areas that share an edge one claims it, never two.

    How far the edge is: each cell of ``near``, and of ``far`` beyond it, knows the few edges that can be
    the nearest for a point in it; beyond all of them every edge is tried.

    =============== ============= =======================================================================
    ``edges``       (n, 7)        east and north of the start and of the end, difference of both, one
                                  divided by the square of the length; metres
    ``cells``       (rows, cols)  southern row first: 0 outside, 1 inside, 2 + 2k + side of the centre
                                  for cell k of those that an edge meets
    ``first``       (k + 1,)      where in ``members`` the edges of such a cell begin
    ``members``     (m,)          4 * edge + 2 * (crosses the centre's easting) + (centre is left of it)
    ``near``        (rows, cols)  the one edge, or ~ where its list begins in ``candidates``
    ``far``         (l, 64, 64)   the same for squares about the middle, each twice as wide as the last
    ``candidates``  (c,)          lists: how many edges, then which; the first list is all edges
    ``frame``       (9,)          west, south and cell size of ``cells`` and of ``near``; easting and
                                  northing of the middle, and half the width of the first far square
    =============== ============= =======================================================================
    """

    edges: np.ndarray
    cells: np.ndarray
    first: np.ndarray
    members: np.ndarray
    near: np.ndarray
    far: np.ndarray
    candidates: np.ndarray
    frame: np.ndarray

    def __post_init__(self) -> None:
        # One kind of array, whether built, read or memory-mapped: the loops are compiled once.
        for name, kind in TYPES.items():
            object.__setattr__(self, name, _read_only(getattr(self, name), kind))

    @classmethod
    def of(cls, area: shapely.Geometry) -> Border:
        """Index the boundary of a Polygon or MultiPolygon, holes and all, in EPSG:27700.

        Raises ValueError for an area that is empty, of another kind or not valid.
        """
        from transforms.place import border_build_kernels as kernels

        edges, ring = _edges(area)
        west, south, east, north = area.bounds
        cells, first, members, cell_frame = _sides(edges, area.bounds)

        longer = max(east - west, north - south)
        margin = MARGIN * longer
        x0, y0, size, rows, columns = _grid(
            (west - margin, south - margin, east + margin, north + margin), NEAR_CELLS
        )
        near = np.zeros((rows, columns), np.int32)
        every = np.r_[len(edges), np.arange(len(edges))].astype(np.int32)
        found, used = kernels.candidates(edges, ring, x0, y0, size, False, near, every, len(every))

        mx, my, reach = (west + east) / 2, (south + north) / 2, longer + 2 * margin
        levels = 1 + max(0, math.ceil(math.log2(FURTHEST_M / reach)))
        far = np.zeros((levels, FAR_SIDE, FAR_SIDE), np.int32)
        for level, lists in enumerate(far):
            half = reach * 2.0**level
            found, used = kernels.candidates(
                edges, ring, mx - half, my - half, 2 * half / FAR_SIDE, level > 0, lists, found, used
            )
        frame = np.r_[cell_frame, x0, y0, size, mx, my, reach]
        return cls(edges, cells, first, members, near, far, found[:used].copy(), frame)

    def arrays(self) -> dict[str, np.ndarray]:
        """Everything, by name, for ``np.savez``."""
        return {field.name: getattr(self, field.name) for field in fields(self)}

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, np.ndarray]) -> Border:
        """The border whose ``arrays()`` these are, memory-mapped or not; no copy where none is needed.

        Raises ValueError where one is missing or of another type. What they hold is not checked.
        """
        for name, kind in TYPES.items():
            if name not in arrays:
                raise ValueError(f"not the arrays of a border: no {name}")
            if arrays[name].dtype != kind:
                raise ValueError(f"not the arrays of a border: {name} is {arrays[name].dtype}")
        return cls(**{name: arrays[name] for name in TYPES})

    def inside(self, easting: np.ndarray, northing: np.ndarray, threads: int = 1) -> np.ndarray:
        """Whether each EPSG:27700 point lies in the area: bool, of the shape of the points.

        As ``shapely.contains_xy``, but for points exactly on the edge (see the class). False for what is
        not finite. Raises ValueError for arrays of two shapes or fewer than one thread.
        """
        from transforms.place import border_kernels as kernels

        def work(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
            kernels.inside(x, y, out, self.cells, self.first, self.members, self.edges, self.frame)

        return _in_batches(work, easting, northing, np.bool_, threads)

    def signed_distance_m(self, easting: np.ndarray, northing: np.ndarray, threads: int = 1) -> np.ndarray:
        """Metres from each EPSG:27700 point to the edge: float64, of the shape of the points.

        Within a micrometre of ``shapely.distance`` to the boundary, at any distance. The sign bit says
        ``inside``, even of a zero. NaN where a coordinate is NaN, else infinite where one is infinite.
        Raises ValueError for arrays of two shapes or fewer than one thread.
        """
        from transforms.place import border_kernels as kernels

        def work(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
            within = np.empty(x.size, np.bool_)
            kernels.inside(x, y, within, self.cells, self.first, self.members, self.edges, self.frame)
            kernels.distance(x, y, within, out, self.near, self.far, self.candidates, self.edges, self.frame)

        return _in_batches(work, easting, northing, np.float64, threads)


@dataclass(frozen=True, eq=False)
class Areas:
    """Several areas in EPSG:27700 that do not overlap, such as authorities, and which one a point is in."""

    codes: tuple[str, ...]
    # For each: cells, first, members, edges and frame, as in a Border.
    indexes: tuple[tuple[np.ndarray, ...], ...]

    @classmethod
    def of(cls, areas: Mapping[str, shapely.Geometry]) -> Areas:
        """Index areas by code. Raises ValueError, naming the code, for one that ``Border.of`` refuses."""
        indexes = []
        for code, area in areas.items():
            try:
                edges, _ = _edges(area)
            except ValueError as error:
                raise ValueError(f"{code}: {error}") from error
            cells, first, members, frame = _sides(edges, area.bounds)
            parts = {"cells": cells, "first": first, "members": members, "edges": edges, "frame": frame}
            indexes.append(tuple(_read_only(part, TYPES[name]) for name, part in parts.items()))
        return cls(tuple(areas.keys()), tuple(indexes))

    def which(self, easting: np.ndarray, northing: np.ndarray, threads: int = 1) -> np.ndarray:
        """Code of the area that each EPSG:27700 point is in, "" where none: str objects.

        On an edge that two areas share it is the one east of it, or north of it where it runs due east.
        Should areas overlap, the first of them. Raises ValueError as ``Border.inside``.
        """
        from transforms.place import border_kernels as kernels

        def work(x: np.ndarray, y: np.ndarray, out: np.ndarray) -> None:
            within = np.empty(x.size, np.bool_)
            out[:] = 0
            for number, index in enumerate(self.indexes, start=1):
                kernels.inside(x, y, within, *index)
                out[within & (out == 0)] = number

        numbers = _in_batches(work, easting, northing, np.int32, threads)
        return np.array(["", *self.codes], dtype=object)[numbers]


def _read_only(array: np.ndarray, kind: type) -> np.ndarray:
    plain = np.asarray(np.require(array, kind, ["C", "A"])).view()
    plain.flags.writeable = False
    return plain


def _edges(area: shapely.Geometry) -> tuple[np.ndarray, np.ndarray]:
    """Edges of all rings as in ``Border``, and the numbers of the edges before and after each in its ring."""
    if not isinstance(area, shapely.Polygon | shapely.MultiPolygon):
        raise ValueError(f"a border goes around a Polygon or MultiPolygon, not a {type(area).__name__}")
    if area.is_empty:
        raise ValueError("a border goes around an area, and this one is empty")
    if not area.is_valid:
        raise ValueError(f"the area is not valid: {shapely.is_valid_reason(area)}")
    parts, before, after, count = [], [], [], 0
    for ring in shapely.get_rings(shapely.get_parts(area)):
        points = shapely.get_coordinates(ring)
        parts.append(np.column_stack([points[:-1], points[1:], np.diff(points, axis=0)]))
        numbers = count + np.arange(len(points) - 1)
        before.append(np.roll(numbers, 1))
        after.append(np.roll(numbers, -1))
        count += len(numbers)
    edges = np.concatenate(parts)
    square = edges[:, 4] ** 2 + edges[:, 5] ** 2
    # An edge too short for its square to be told from zero counts as its start.
    inverse = np.divide(1, square, out=np.zeros(count), where=square > np.finfo(float).tiny)
    neighbours = np.column_stack([np.concatenate(before), np.concatenate(after)])
    return np.column_stack([edges, inverse]), neighbours.astype(np.int32)


def _sides(
    edges: np.ndarray, bounds: tuple[float, float, float, float]
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """``cells``, ``first``, ``members`` of a Border and the part of its ``frame`` that is about them."""
    from transforms.place import border_build_kernels as kernels

    cells = CELLS
    while True:
        x0, y0, size, rows, columns = _grid(bounds, cells)
        codes = kernels.sides(edges, x0, y0, size, rows, columns)
        first, members = kernels.members(edges, x0, y0, size, codes)
        if len(first) - 1 <= MOST_EDGE_CELLS:
            return codes, first, members, np.array([x0, y0, size])
        cells //= 4


def _grid(bounds: tuple[float, float, float, float], cells: int) -> tuple[float, float, float, int, int]:
    """West, south, cell size, rows and columns of a grid that is at least a cell wider than the bounds.

    Cell size and corner are multiples of a power of two, so that the centres of cells are exact.
    """
    west, south, east, north = bounds
    size = 2.0 ** math.ceil(math.log2(FINEST * max(map(abs, bounds))))
    while (east - west + 3 * size) * (north - south + 3 * size) > cells * size**2:
        size *= 2
    x0, y0 = (math.floor(west / size) - 1) * size, (math.floor(south / size) - 1) * size
    return x0, y0, size, math.floor((north - y0) / size) + 2, math.floor((east - x0) / size) + 2


def _in_batches(
    work: Callable[[np.ndarray, np.ndarray, np.ndarray], None],
    easting: Any,
    northing: Any,
    kind: type,
    threads: int,
) -> np.ndarray:
    """Have ``work`` fill an array of the shape of the points, a slice at a time, on so many threads."""
    eastings, northings = np.asarray(easting), np.asarray(northing)
    if eastings.shape != northings.shape:
        raise ValueError(f"eastings and northings differ in shape: {eastings.shape}, {northings.shape}")
    if threads < 1:
        raise ValueError(f"{threads} threads do no work: at least one")
    out: np.ndarray = np.empty(eastings.shape, kind)
    flat, eastings, northings = out.reshape(-1), eastings.reshape(-1), northings.reshape(-1)

    def part(begin: int) -> None:
        here = slice(begin, begin + BATCH)
        work(_read_only(eastings[here], np.float64), _read_only(northings[here], np.float64), flat[here])

    begins = range(0, len(flat), BATCH)
    if threads == 1 or len(begins) == 1:
        for begin in begins:
            part(begin)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(part, begins))
    return out
