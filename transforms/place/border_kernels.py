"""Compiled loops that ask the index of a boundary. ``Border`` describes the arrays they read.

Nothing here allows fast-math: which side of an edge a point is on is decided exactly, by the predicate
of J. R. Shewchuk, *Adaptive Precision Floating-Point Arithmetic and Fast Robust Geometric Predicates*
(1997), which relies on IEEE rounding. ``border_build_kernels`` holds the loops that build.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numba import njit

# Half the distance from 1 to the next float64: bounds the rounding of one operation.
ROUNDING = 2.0**-53
# Shewchuk's bound: a determinant larger than this part of its two products has the sign it seems to have.
CERTAIN = (3.0 + 16.0 * ROUNDING) * ROUNDING
# Coordinates times this have products that do not underflow.
LIFT = 2.0**400
# Veltkamp's constant: splits 53 bits in two halves whose products are exact.
SPLITTER = 2.0**27 + 1.0
# Points handled together: what they need stays in the first cache.
BLOCK = 1024

# The list that holds every edge is the first of the candidates: ~0.
ALL_EDGES = -1

compiled = njit(cache=True, nogil=True)


@compiled
def _exact_turn(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> float:
    """Sign of (a-p) x (b-p) without any rounding: six products, each as two floats, summed exactly."""
    ax, ay, bx, by, px, py = LIFT * ax, LIFT * ay, LIFT * bx, LIFT * by, LIFT * px, LIFT * py
    left = (ax, -ay, bx, -by, px, -py)
    right = (by, bx, py, px, ay, ax)
    total = np.zeros(13)
    length = 0
    for k in range(6):
        # Dekker's product: high + low is left * right exactly.
        high = left[k] * right[k]
        big = SPLITTER * left[k]
        l_high = big - (big - left[k])
        l_low = left[k] - l_high
        big = SPLITTER * right[k]
        r_high = big - (big - right[k])
        r_low = right[k] - r_high
        low = l_low * r_low - (((high - l_high * r_high) - l_low * r_high) - l_high * r_low)
        for term in (low, high):
            # Grow the expansion by one term (Shewchuk, figure 6): its last part has the sign of the whole.
            carried = term
            for i in range(length):
                held = total[i]
                whole = carried + held
                rest = whole - carried
                total[i] = (carried - (whole - rest)) + (held - rest)
                carried = whole
            total[length] = carried
            length += 1
    for i in range(length - 1, -1, -1):
        if total[i] != 0.0:
            return total[i]
    return 0.0


@compiled
def is_left(ax: float, ay: float, bx: float, by: float, px: float, py: float) -> bool:
    """Whether p lies left of the line a to b. A point on it counts as a hair further east, then north."""
    one = (ax - px) * (by - py)
    other = (ay - py) * (bx - px)
    turn = one - other
    # Also where all is zero, which may be too small a number.
    if abs(turn) <= CERTAIN * (abs(one) + abs(other)):
        turn = _exact_turn(ax, ay, bx, by, px, py)
    if turn != 0.0:
        return turn > 0.0
    return by < ay if by != ay else bx > ax


@compiled
def _inside_cell(
    x: float, y: float, cx: float, cy: float, parity: int, begin: int, end: int, members: Any, edges: Any
) -> bool:
    """Walk from the cell's centre, whose side is known, north or south, then east or west, to the point."""
    is_inside = parity == 1
    for j in range(begin, end):
        member = members[j]
        edge = member >> 2
        ax, ay, bx, by = edges[edge, 0], edges[edge, 1], edges[edge, 2], edges[edge, 3]
        # The edge lies between two points of the way if they are on different sides of it, and it reaches
        # across the way. Both legs are always worked out: to guess which is needed would cost more.
        start = (member & 1) != 0
        bend = is_left(ax, ay, bx, by, cx, y)
        goal = is_left(ax, ay, bx, by, x, y)
        is_inside ^= ((member & 2) != 0) & (start != bend)
        is_inside ^= ((ay > y) != (by > y)) & (bend != goal)
    return is_inside


@compiled
def _place(x: Any, y: Any, x0: float, y0: float, size: float, rows: int, columns: int, at: Any) -> int:
    """Write to ``at`` the number of each point's cell, -1 outside the grid; how many are in it.

    Without a branch, so that the compiler does several points at once.
    """
    scale, width, height, across = 1.0 / size, float(columns), float(rows), np.int32(columns)
    count = 0
    for i in range(x.size):
        u = (x[i] - x0) * scale
        v = (y[i] - y0) * scale
        within = (u >= 0.0) & (u < width) & (v >= 0.0) & (v < height)
        u = u if within else 0.0
        v = v if within else 0.0
        at[i] = np.int32(v) * across + np.int32(u) if within else np.int32(-1)
        count += within
    return count


@compiled
def inside(x: Any, y: Any, out: Any, cells: Any, first: Any, members: Any, edges: Any, frame: Any) -> None:
    """Whether each point lies in the area; nothing that is not a number does."""
    x0, y0, size = frame[0], frame[1], frame[2]
    rows, columns = cells.shape
    flat = cells.reshape(-1)
    at = np.empty(BLOCK, np.int32)
    undecided = np.empty(BLOCK, np.int32)
    for begin in range(0, x.size, BLOCK):
        xs, ys, outs = x[begin : begin + BLOCK], y[begin : begin + BLOCK], out[begin : begin + BLOCK]
        if _place(xs, ys, x0, y0, size, rows, columns, at) == 0:
            outs[:] = False
            continue
        count = 0
        for i in range(xs.size):
            cell = at[i]
            code = flat[np.uint64(cell if cell > 0 else 0)]
            outs[i] = code == 1
            undecided[count] = i
            count += code > 1
        for j in range(count):
            i = undecided[j]
            row, column = at[i] // columns, at[i] % columns
            code = flat[at[i]]
            k = (code - 2) >> 1
            cx, cy = x0 + (column + 0.5) * size, y0 + (row + 0.5) * size
            outs[i] = _inside_cell(xs[i], ys[i], cx, cy, code & 1, first[k], first[k + 1], members, edges)


@compiled
def square_to(x: float, y: float, edges: Any, edge: Any) -> float:
    """Square of the distance from the point to the edge."""
    u, v = x - edges[edge, 0], y - edges[edge, 1]
    dx, dy = edges[edge, 4], edges[edge, 5]
    along = min(max((u * dx + v * dy) * edges[edge, 6], 0.0), 1.0)
    u -= along * dx
    v -= along * dy
    return u * u + v * v


@compiled
def _far_cell(x: float, y: float, mx: float, my: float, reach: float, levels: int, side: int) -> int:
    """Number of the point's cell in the far grids, each twice as far across as the one before; -1 beyond."""
    u, v = (x - mx) / reach, (y - my) / reach
    limit = 2.0 ** (levels - 1)
    if not (abs(u) < limit and abs(v) < limit):
        return -1
    # The exponent of the float says how often the distance doubled.
    bits: Any = np.float64(max(abs(u), abs(v))).view(np.int64)
    level = max(0, (bits >> 52) - 1022)
    scale = 0.5 * side * np.int64((1023 - level) << 52).view(np.float64)
    # A point a hair inside the outer edge may round on to it.
    row = min(int(v * scale + 0.5 * side), side - 1)
    column = min(int(u * scale + 0.5 * side), side - 1)
    return (level * side + row) * side + column


@compiled
def distance(
    x: Any, y: Any, within: Any, out: Any, near: Any, far: Any, candidates: Any, edges: Any, frame: Any
) -> None:
    """Metres from each point to the nearest edge, negative where ``within``."""
    mx, my, reach = frame[6], frame[7], frame[8]
    rows, columns = near.shape
    levels, side = far.shape[0], far.shape[1]
    near_lists, far_lists = near.reshape(-1), far.reshape(-1)
    at = np.empty(BLOCK, np.int32)
    undecided = np.empty(BLOCK, np.int32)
    for begin in range(0, x.size, BLOCK):
        xs, ys, outs = x[begin : begin + BLOCK], y[begin : begin + BLOCK], out[begin : begin + BLOCK]
        if _place(xs, ys, frame[3], frame[4], frame[5], rows, columns, at) == xs.size:
            for i in range(xs.size):
                at[i] = near_lists[np.uint64(at[i])]
        else:
            for i in range(xs.size):
                if at[i] >= 0:
                    at[i] = near_lists[np.uint64(at[i])]
                else:
                    cell = _far_cell(xs[i], ys[i], mx, my, reach, levels, side)
                    at[i] = far_lists[cell] if cell >= 0 else ALL_EDGES
        # Most cells have one edge. The others are put off, so that the loop has no branch.
        count = 0
        for i in range(xs.size):
            edge = at[i]
            undecided[count] = i
            count += edge < 0
            outs[i] = square_to(xs[i], ys[i], edges, np.uint64(edge if edge > 0 else 0))
        for j in range(count):
            i = undecided[j]
            start = ~at[i]
            best = outs[i]
            for m in range(start + 1, start + 1 + candidates[start]):
                best = min(best, square_to(xs[i], ys[i], edges, candidates[m]))
            if math.isnan(best) and not (math.isnan(xs[i]) or math.isnan(ys[i])):
                best = np.inf  # a point infinitely far away: infinity less infinity is not a number
            outs[i] = best
        for i in range(xs.size):
            outs[i] = math.copysign(math.sqrt(outs[i]), 0.5 - within[begin + i])
