"""Compiled loops that build the index of a boundary. ``Border`` describes the arrays they fill.

numba's cache looks at the file of a function only: after a change in ``border_kernels``, whose sign test
is used here, delete ``__pycache__``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from transforms.place.border_kernels import compiled, is_left, square_to

# An edge that is further away by less than this stays a candidate: far above rounding, far below a need.
SLACK_M = 1e-7


@compiled
def sides(edges: Any, x0: float, y0: float, size: float, rows: int, columns: int) -> Any:
    """1 where the centre of a cell is in the area, uint16 (rows, columns): an exact scan, row by row."""
    found = np.zeros((rows, columns), np.uint16)
    for edge in range(edges.shape[0]):
        ax, ay, bx, by = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
        low, high = min(ay, by), max(ay, by)
        for row in range(max(0, int((low - y0) / size) - 1), min(rows, int((high - y0) / size) + 2)):
            cy = y0 + (row + 0.5) * size
            if (ay > cy) == (by > cy):
                continue
            # The first centre east of the edge: nearly so by arithmetic, exactly so by the sign test.
            column = int((ax + (cy - ay) / (by - ay) * (bx - ax) - x0) / size + 0.5)
            column = min(max(column, 0), columns)
            while column > 0 and is_left(ax, ay, bx, by, x0 + (column - 0.5) * size, cy) != (by > ay):
                column -= 1
            while column < columns and is_left(ax, ay, bx, by, x0 + (column + 0.5) * size, cy) == (by > ay):
                column += 1
            if column < columns:
                found[row, column] ^= 1
    for row in range(rows):
        for column in range(1, columns):
            found[row, column] ^= found[row, column - 1]
    return found


@compiled
def members(edges: Any, x0: float, y0: float, size: float, codes: Any) -> tuple[Any, Any]:
    """List the edges that meet each cell. Turns ``codes`` from sides into codes; gives first and members.

    A cell is taken to be a millionth wider than it is, so that rounding cannot put a point into a cell
    whose list lacks an edge beside it.
    """
    rows, columns = codes.shape
    slack = 1e-6 * size
    counts = np.zeros((rows, columns), np.int32)
    first = np.zeros(1, np.int32)
    found = np.zeros(0, np.int32)
    for filling in (False, True):
        if filling:
            first = np.zeros(np.count_nonzero(counts) + 1, np.int32)
            k = 0
            for row in range(rows):
                for column in range(columns):
                    if counts[row, column] > 0:
                        first[k + 1] = first[k] + counts[row, column]
                        codes[row, column] += 2 + 2 * k
                        counts[row, column] = first[k]
                        k += 1
            found = np.zeros(first[k], np.int32)
        for edge in range(edges.shape[0]):
            ax, ay, bx, by = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
            low, high = min(ay, by), max(ay, by)
            for row in range(int((low - slack - y0) / size), int((high + slack - y0) / size) + 1):
                xa, xb = ax, bx
                if ay != by:
                    south = min(max(y0 + row * size - slack, low), high)
                    north = min(max(y0 + (row + 1) * size + slack, low), high)
                    xa = ax + (south - ay) / (by - ay) * (bx - ax)
                    xb = ax + (north - ay) / (by - ay) * (bx - ax)
                west, east = min(xa, xb) - slack, max(xa, xb) + slack
                for column in range(int((west - x0) / size), int((east - x0) / size) + 1):
                    if filling:
                        cx, cy = x0 + (column + 0.5) * size, y0 + (row + 0.5) * size
                        crosses = (ax > cx) != (bx > cx)
                        left = is_left(ax, ay, bx, by, cx, cy)
                        found[counts[row, column]] = 4 * edge + 2 * crosses + left
                    counts[row, column] += 1
    return first, found


@compiled
def _along(x: float, y: float, edges: Any, edge: int) -> float:
    """Where the point stands beside the edge: 0 at its start, 1 at its end."""
    u, v = x - edges[edge, 0], y - edges[edge, 1]
    return (u * edges[edge, 4] + v * edges[edge, 5]) * edges[edge, 6]


@compiled
def _may_be_nearest(
    x0: float, y0: float, span: float, edges: Any, ring: Any, known: Any, out: Any, kept: Any
) -> int:
    """Of the ``known`` edges, write to ``out`` those that may be nearest to some point of a square.

    A point b of the boundary rules out an edge that is further than b from each corner c: for a fixed q
    on the edge |p-b|^2 - |p-q|^2 is linear in p, so what holds at the corners holds in the square.
    """
    slack = 1e-6 * span
    px = (x0 - slack, x0 + span + slack, x0 - slack, x0 + span + slack, x0 + 0.5 * span)
    py = (y0 - slack, y0 - slack, y0 + span + slack, y0 + span + slack, y0 + 0.5 * span)
    limits, away = np.empty((5, 4)), np.empty(4)
    for probe in range(5):
        best, nearest = np.inf, 0
        for edge in known:
            square = square_to(px[probe], py[probe], edges, edge)
            if square < best:
                best, nearest = square, edge
        along = min(max(_along(px[probe], py[probe], edges, nearest), 0.0), 1.0)
        bx = edges[nearest, 0] + along * edges[nearest, 4]
        by = edges[nearest, 1] + along * edges[nearest, 5]
        for corner in range(4):
            limits[probe, corner] = math.hypot(px[corner] - bx, py[corner] - by) + SLACK_M
    for edge in known:
        for corner in range(4):
            away[corner] = math.sqrt(square_to(px[corner], py[corner], edges, edge))
        kept[edge] = True
        for probe in range(5):
            further = True
            for corner in range(4):
                further &= away[corner] > limits[probe, corner]
            kept[edge] &= not further
    count = 0
    for edge in known:
        if kept[edge]:
            # Where only an end of an edge is ever nearest, its neighbour at that end says as much.
            most, least = -np.inf, np.inf
            for corner in range(4):
                along = _along(px[corner], py[corner], edges, edge)
                most, least = max(most, along), min(least, along)
            if (most <= 0.0 and kept[ring[edge, 0]]) or (least >= 1.0 and kept[ring[edge, 1]]):
                kept[edge] = False
            else:
                out[count] = edge
                count += 1
    for edge in known:
        kept[edge] = False
    return count


@compiled
def candidates(
    edges: Any, ring: Any, x0: float, y0: float, size: float, hole: bool, at: Any, found: Any, used: int
) -> tuple[Any, int]:
    """List for each cell of a grid the edges that may be nearest to a point in it, quarter by quarter.

    ``at`` (rows, columns) receives the only edge, or ~ where in ``found`` the list begins: its length,
    then edges. ``found`` grows as needed; ``used`` of it is taken. With a ``hole`` the middle half each
    way is left out, but for its outermost cells: a point on their edge may be rounded into them.
    """
    rows, columns = at.shape
    quarter = rows // 4
    depth = 0
    while 2**depth < max(rows, columns):
        depth += 1
    lists = np.empty((depth + 2, edges.shape[0]), np.int32)
    for edge in range(edges.shape[0]):
        lists[0, edge] = edge
    lengths = np.zeros(depth + 2, np.int64)
    lengths[0] = edges.shape[0]
    kept = np.zeros(edges.shape[0], np.bool_)
    # Squares still to be looked at: depth, row and column. Those of the deepest level come first.
    waiting = np.zeros((3 * depth + 4, 3), np.int64)
    waiting[0, 0] = 1
    count = 1
    while count > 0:
        count -= 1
        level, row, column = waiting[count, 0], waiting[count, 1], waiting[count, 2]
        span = 2 ** (depth + 1 - level)
        if row >= rows or column >= columns:
            continue
        if hole and min(row, column) > quarter and max(row, column) + span < rows - quarter:
            continue
        known, chosen = lists[level - 1, : lengths[level - 1]], lists[level]
        length = _may_be_nearest(
            x0 + column * size, y0 + row * size, span * size, edges, ring, known, chosen, kept
        )
        lengths[level] = length
        if span > 1 and length > 1:
            half = span // 2
            for south in (row, row + half):
                for west in (column, column + half):
                    waiting[count, 0], waiting[count, 1], waiting[count, 2] = level + 1, south, west
                    count += 1
            continue
        code = chosen[0]
        if length > 1:
            if used + length + 1 > found.size:
                longer = np.zeros(2 * found.size + length, np.int32)
                for k in range(used):
                    longer[k] = found[k]
                found = longer
            found[used] = length
            for k in range(length):
                found[used + 1 + k] = chosen[k]
            code = ~used
            used += 1 + length
        for south in range(row, min(row + span, rows)):
            for west in range(column, min(column + span, columns)):
                at[south, west] = code
    return found, used
