"""Loops over positions that array expressions cannot say, compiled."""

# ruff: noqa: C901, PLR0913, PLR0917, PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled, inner

type_lines = tuple[
    NDArray[np.int64],
    NDArray[np.float64],
    NDArray[np.float64],
    NDArray[np.int64],
    NDArray[np.float64],
]

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
def nth_least(values: NDArray[np.float64], k: int) -> float:
    """Give the k-th least (from 0) of some values, which are put about (Hoare, 1961).

    Those behind row k are then none less than it, those before it none greater.
    """
    low, high = 0, values.size - 1
    while low < high:
        pivot = values[(low + high) // 2]
        i, j = low, high
        while i <= j:
            while values[i] < pivot:
                i += 1
            while values[j] > pivot:
                j -= 1
            if i <= j:
                values[i], values[j] = values[j], values[i]
                i += 1
                j -= 1
        if k <= j:
            high = j
        elif k >= i:
            low = i
        else:
            break
    return float(values[k])


@inner
def median_of(values: NDArray[np.float64]) -> float:
    """Give the median of values, one at least, which are put about.

    Quantiles are selected by loops of our own: NumPy's, compiled, took a fifth of all time
    that a first run spends compiling.
    """
    half = values.size // 2
    upper = nth_least(values, half)
    if values.size % 2 == 1:
        return upper
    lower = float(values[0])
    for i in range(1, half):
        lower = max(lower, float(values[i]))
    return 0.5 * (lower + upper)


@inner
def quantile_of(values: NDArray[np.float64], share: float) -> float:
    """Give a quantile of values, one at least, between two neighbours linearly.

    The values are put about.
    """
    rank = (values.size - 1) * share
    k = int(rank)
    lower = upper = nth_least(values, k)
    if k + 1 < values.size:
        upper = float(values[k + 1])
        for i in range(k + 2, values.size):
            upper = min(upper, float(values[i]))
    return lower * (1.0 - (rank - k)) + upper * (rank - k)


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
        share = 1.0 / length2 if length2 > 0.0 else 0.0
        worst, at = limit, -1
        for i in range(a + 1, b):
            ex, ey = x_m[i] - x_m[a], y_m[i] - y_m[a]
            along = min(1.0, max(0.0, (ex * dx + ey * dy) * share))
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
    surely_deg = 0.999 * step_m / M_PER_DEG
    for i in range(1, n):
        # Most fixes of a dense trace are told near without a root or a cosine.
        if i < n - 1 and abs(lat_deg[i] - lat_deg[p]) + abs(lon_deg[i] - lon_deg[p]) < surely_deg:
            continue
        step = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        if step >= step_m or i == n - 1:
            total += step
            p = i
    return total


@inner
def sphere_m(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Great-circle distance of two positions."""
    half = math.pi / 360.0
    rise = math.sin((lat2_deg - lat1_deg) * half) ** 2
    run = math.sin((lon2_deg - lon1_deg) * half) ** 2
    chord = rise + math.cos(2.0 * half * lat1_deg) * math.cos(2.0 * half * lat2_deg) * run
    return 2.0 * 6_371_008.8 * math.asin(math.sqrt(min(chord, 1.0)))


@compiled
def draw(
    time_us: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    start_us: NDArray[np.int64],
    end_us: NDArray[np.int64],
    head_lat_deg: NDArray[np.float64],
    head_lon_deg: NDArray[np.float64],
    tail_lat_deg: NDArray[np.float64],
    tail_lon_deg: NDArray[np.float64],
    tolerance_m: float,
    step_m: float,
) -> type_lines:
    """Thin and measure lines: time, latitude, longitude, offsets, lengths."""
    n = first.size
    room, most = 0, 0
    for r in range(n):
        size = last[r] - first[r] + 2
        room += size
        most = max(most, size)
    at = np.empty(most, np.int64)
    lat = np.empty(most, np.float64)
    lon = np.empty(most, np.float64)
    x_m = np.empty(most, np.float64)
    y_m = np.empty(most, np.float64)
    # A line keeps few of its points: the rest of this room is asked for, but never touched.
    out_us = np.empty(room, np.int64)
    out_lat = np.empty(room, np.float64)
    out_lon = np.empty(room, np.float64)
    offset = np.zeros(n + 1, np.int64)
    length = np.zeros(n, np.float64)
    k = 0
    for r in range(n):
        m = 0
        if head_lat_deg[r] == head_lat_deg[r]:
            at[0], lat[0], lon[0] = start_us[r], head_lat_deg[r], head_lon_deg[r]
            m = 1
        for i in range(first[r], last[r]):
            at[m] = min(max(time_us[i], start_us[r]), end_us[r])
            lat[m], lon[m] = lat_deg[i], lon_deg[i]
            m += 1
        if tail_lat_deg[r] == tail_lat_deg[r]:
            at[m], lat[m], lon[m] = end_us[r], tail_lat_deg[r], tail_lon_deg[r]
            m += 1
        if m > 0:
            scale = math.cos(lat[0] * (math.pi / 180.0)) * M_PER_DEG
            for i in range(m):
                turn = lon[i] - lon[0]
                if turn > 180.0:
                    turn -= 360.0
                elif turn < -180.0:
                    turn += 360.0
                x_m[i] = turn * scale
                y_m[i] = (lat[i] - lat[0]) * M_PER_DEG
            keep = keep_within(x_m[:m], y_m[:m], tolerance_m)
            for i in range(m):
                if keep[i]:
                    out_us[k], out_lat[k], out_lon[k] = at[i], lat[i], lon[i]
                    k += 1
            length[r] = length_along_m(lat[:m], lon[:m], step_m)
            # A plane of two points across an ocean is none.
            if m == 2 and length[r] > 100_000.0:
                length[r] = sphere_m(lat[0], lon[0], lat[1], lon[1])
        offset[r + 1] = k
    return out_us[:k].copy(), out_lat[:k].copy(), out_lon[:k].copy(), offset, length
