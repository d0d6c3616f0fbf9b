"""Loops over positions that array expressions cannot say, compiled."""

# ruff: noqa: PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled

M_PER_DEG = 6_371_008.8 * math.pi / 180.0
"""One degree of latitude on the mean sphere. [m]"""


@compiled
def near_m(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Distance of two positions on the local plane; within 1 % up to 500 km off the poles."""
    turn = lon2_deg - lon1_deg
    if turn > 180.0:
        turn -= 360.0
    elif turn < -180.0:
        turn += 360.0
    east = turn * math.cos((lat1_deg + lat2_deg) * (math.pi / 360.0))
    north = lat2_deg - lat1_deg
    return math.sqrt(east * east + north * north) * M_PER_DEG


@compiled
def keep_within(
    x_m: NDArray[np.float64], y_m: NDArray[np.float64], tolerance_m: float
) -> NDArray[np.bool_]:
    """Mark the points that Douglas and Peucker's rule keeps, with a stack of our own."""
    n = x_m.size
    keep = np.zeros(n, np.bool_)
    if n == 0:
        return keep
    keep[0] = True
    keep[n - 1] = True
    stack = np.empty((n + 1, 2), np.int64)
    stack[0, 0], stack[0, 1] = 0, n - 1
    top = 1
    limit = tolerance_m * tolerance_m
    while top > 0:
        top -= 1
        a, b = stack[top, 0], stack[top, 1]
        dx, dy = x_m[b] - x_m[a], y_m[b] - y_m[a]
        length2 = dx * dx + dy * dy
        worst, at = limit, -1
        for i in range(a + 1, b):
            ex, ey = x_m[i] - x_m[a], y_m[i] - y_m[a]
            along = 0.0
            if length2 > 0.0:
                along = min(1.0, max(0.0, (ex * dx + ey * dy) / length2))
            px, py = ex - along * dx, ey - along * dy
            off = px * px + py * py
            if off > worst:
                worst, at = off, i
        if at >= 0:
            keep[at] = True
            stack[top, 0], stack[top, 1] = a, at
            stack[top + 1, 0], stack[top + 1, 1] = at, b
            top += 2
    return keep


@compiled
def length_along_m(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], step_m: float
) -> float:
    """Measure a path through positions at least a step apart, the ends kept."""
    n = lat_deg.size
    total = 0.0
    p = 0
    for i in range(1, n):
        step = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        if step >= step_m or i == n - 1:
            total += step
            p = i
    return total
