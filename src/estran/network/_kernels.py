"""Compiled loops of the network: lines into cells, legs along lines.

Each has a plain twin by :func:`estran.geo.compiled.plain`, which the tests compare.
"""

# ruff: noqa: PLR0913, PLR0917 - a compiled loop takes arrays
# one by one, and nests what it may not call for each point.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled

M_PER_DEG = 6_371_008.8 * math.pi / 180.0

ROW_STRIDE = 1 << 22
"""Cells of a row are numbered on from this many times the row: a row has fewer."""

THIN_M = 10.0
"""Fixes nearer than this to the last one see the same stops."""

STOOD_S = 5.0
"""A shorter standstill is none: doors take longer."""


@compiled
def cell_of(lat_deg: float, lon_deg: float, cell_m: float, row_shift: int) -> int:
    """Give the number of the cell of a position, in the row ``row_shift`` rows north of it.

    Rows are as high as a cell, columns as wide at the middle of their row.
    """
    row = math.floor((lat_deg + 90.0) * M_PER_DEG / cell_m) + row_shift
    middle_deg = (row + 0.5) * cell_m / M_PER_DEG - 90.0
    width = math.cos(middle_deg * math.pi / 180.0) * M_PER_DEG / cell_m
    return int(row * ROW_STRIDE + math.floor((lon_deg + 180.0) * width) + 2)


@compiled
def cells_of(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], cell_m: float,
    out: NDArray[np.int64],
) -> None:  # fmt: skip
    """Fill the number of the cell of every position."""
    for i in range(lat_deg.size):
        out[i] = cell_of(lat_deg[i], lon_deg[i], cell_m, 0)


@compiled
def cells_along(
    lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64], cell_m: float, wide: int,
) -> NDArray[np.int64]:  # fmt: skip
    """Give the cells that a drawn line touches, and ``wide`` more on each side.

    Some come twice.
    """
    n = 0
    step_m = cell_m * (wide + 1) / 2.0
    for turn in range(2):
        if turn == 1:
            out = np.empty(n, np.int64)
            n = 0
        for i in range(max(lat_deg.size - 1, 0)):
            north = (lat_deg[i + 1] - lat_deg[i]) * M_PER_DEG
            east = (lon_deg[i + 1] - lon_deg[i]) * M_PER_DEG
            east *= math.cos(lat_deg[i] * math.pi / 180.0)
            n_steps = max(1, math.ceil(math.sqrt(north * north + east * east) / step_m))
            for k in range(n_steps + 1):
                share = k / n_steps
                lat = lat_deg[i] + share * (lat_deg[i + 1] - lat_deg[i])
                lon = lon_deg[i] + share * (lon_deg[i + 1] - lon_deg[i])
                for row in range(-wide, wide + 1):
                    if turn == 1:
                        middle = cell_of(lat, lon, cell_m, row)
                        for col in range(-wide, wide + 1):
                            out[n + col + wide] = middle + col
                    n += 2 * wide + 1
    return out


@compiled
def first_at(keys: NDArray[np.int64], key: int) -> int:
    """Find the first place whose key is not less."""
    low, high = 0, keys.size
    while low < high:
        middle = (low + high) // 2
        if keys[middle] < key:
            low = middle + 1
        else:
            high = middle
    return low


@compiled
def along_lines(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    accuracy_m: NDArray[np.float32],
    usable_m: float,
    least_step_m: float,
    most_step_m: float,
    cell_m: float,
    keys: NDArray[np.int64],
    offset: NDArray[np.int64],
    lines: NDArray[np.int32],
    leg: int,
    near_m: NDArray[np.float32],
    seen_at: NDArray[np.int64],
    stamp: int,
) -> tuple[float, int]:
    """Add up, for one leg, how far each line was near; tell the whole, and the next stamp.

    A fix counts for the way since the one before, of at most ``most_step_m``: what nobody
    saw says nothing. Fixes closer than ``least_step_m`` are passed over.
    """
    whole = 0.0
    at = -1
    for i in range(first[leg], last[leg]):
        if accuracy_m[i] > usable_m:
            continue
        step = least_step_m
        if at >= 0:
            north = (lat_deg[i] - lat_deg[at]) * M_PER_DEG
            east = (lon_deg[i] - lon_deg[at]) * M_PER_DEG
            east *= math.cos(lat_deg[i] * math.pi / 180.0)
            step = math.sqrt(north * north + east * east)
            if step < least_step_m:
                continue
        step = min(step, most_step_m)
        at = i
        whole += step
        stamp += 1
        for row in range(-1, 2):
            middle = cell_of(lat_deg[i], lon_deg[i], cell_m, row)
            k = first_at(keys, middle - 1)
            while k < keys.size and keys[k] <= middle + 1:
                for j in range(offset[k], offset[k + 1]):
                    line = lines[j]
                    if seen_at[line] != stamp:
                        seen_at[line] = stamp
                        near_m[line] += step
                k += 1
    return whole, stamp


@compiled
def stops_beside(
    low: int,
    high: int,
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    reach_m: float,
    cell_m: float,
    keys: NDArray[np.int64],
    offset: NDArray[np.int64],
    stops: NDArray[np.int32],
    stop_lat_deg: NDArray[np.float64],
    stop_lon_deg: NDArray[np.float64],
    call_offset: NDArray[np.int64],
    call_line: NDArray[np.int32],
    away_m: NDArray[np.float32],
) -> None:
    """Fill how near fixes ``low:high`` come to a stop of each line, where within reach."""
    at = -1
    for i in range(low, high):
        if at >= 0:
            north = (lat_deg[i] - lat_deg[at]) * M_PER_DEG
            east = (lon_deg[i] - lon_deg[at]) * M_PER_DEG
            east *= math.cos(lat_deg[i] * math.pi / 180.0)
            if north * north + east * east < THIN_M * THIN_M:
                continue
        at = i
        cosine = math.cos(lat_deg[i] * math.pi / 180.0)
        for row in range(-1, 2):
            middle = cell_of(lat_deg[i], lon_deg[i], cell_m, row)
            k = first_at(keys, middle - 1)
            while k < keys.size and keys[k] <= middle + 1:
                for j in range(offset[k], offset[k + 1]):
                    stop = stops[j]
                    north = (stop_lat_deg[stop] - lat_deg[i]) * M_PER_DEG
                    east = (stop_lon_deg[stop] - lon_deg[i]) * M_PER_DEG * cosine
                    away = math.sqrt(north * north + east * east)
                    if away <= reach_m:
                        for c in range(call_offset[stop], call_offset[stop + 1]):
                            away_m[call_line[c]] = min(away_m[call_line[c]], away)
                k += 1


@compiled
def follow(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    start_low: NDArray[np.int64],
    start_high: NDArray[np.int64],
    end_low: NDArray[np.int64],
    end_high: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    accuracy_m: NDArray[np.float32],
    usable_m: float,
    least_step_m: float,
    most_step_m: float,
    line_cell_m: float,
    line_keys: NDArray[np.int64],
    line_offset: NDArray[np.int64],
    cell_lines: NDArray[np.int32],
    reach_m: float,
    stop_cell_m: float,
    stop_keys: NDArray[np.int64],
    stop_offset: NDArray[np.int64],
    cell_stops: NDArray[np.int32],
    stop_lat_deg: NDArray[np.float64],
    stop_lon_deg: NDArray[np.float64],
    call_offset: NDArray[np.int64],
    call_line: NDArray[np.int32],
    line_mode: NDArray[np.int8],
    out_line: NDArray[np.int32],
    out_share: NDArray[np.float32],
    out_start_m: NDArray[np.float32],
    out_end_m: NDArray[np.float32],
    out_seen_m: NDArray[np.float32],
) -> None:
    """Fill, for each leg and mode, the line that fits it best and how well it does.

    The best line is near for the largest share of the way, half a share more being worth
    a stop at each end. Shapes of the outputs: (n_legs, n_modes).
    """
    n_lines = line_mode.size
    near_m = np.zeros(n_lines, np.float32)
    seen_at = np.full(n_lines, -1, np.int64)
    away = np.empty((2, n_lines), np.float32)
    stamp = 0
    for leg in range(first.size):
        near_m[:] = 0.0
        away[:] = np.inf
        whole, stamp = along_lines(
            first, last, lat_deg, lon_deg, accuracy_m, usable_m, least_step_m, most_step_m,
            line_cell_m, line_keys, line_offset, cell_lines, leg, near_m, seen_at, stamp,
        )  # fmt: skip
        for side in range(2):
            low = start_low[leg] if side == 0 else end_low[leg]
            high = start_high[leg] if side == 0 else end_high[leg]
            stops_beside(
                low, high, lat_deg, lon_deg, reach_m, stop_cell_m, stop_keys, stop_offset,
                cell_stops, stop_lat_deg, stop_lon_deg, call_offset, call_line, away[side],
            )  # fmt: skip
        out_seen_m[leg] = whole
        best = np.full(out_line.shape[1], -1.0)
        for line in range(n_lines):
            share = near_m[line] / whole if whole > 0 else 0.0
            fit = share + 0.25 * max(0.0, 1.0 - away[0, line] / reach_m)
            fit += 0.25 * max(0.0, 1.0 - away[1, line] / reach_m)
            mode = line_mode[line]
            if fit > 0 and fit > best[mode]:
                best[mode] = fit
                out_line[leg, mode] = line
                out_share[leg, mode] = share
                out_start_m[leg, mode] = away[0, line]
                out_end_m[leg, mode] = away[1, line]


@compiled
def stops_made(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    time_us: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    line: NDArray[np.int32],
    reach_m: NDArray[np.float32],
    line_stop_offset: NDArray[np.int64],
    line_stop: NDArray[np.int32],
    stop_lat_deg: NDArray[np.float64],
    stop_lon_deg: NDArray[np.float64],
    slow_mps: float,
    out: NDArray[np.int32],
) -> None:
    """Fill how often each leg stood still, and how often at a stop of its line.

    A standstill is a run of steps slower than ``slow_mps``, of 5 s at least; ``line`` is -1
    for a leg without one. Shape of the output: (n_legs, 2).
    """
    for leg in range(first.size):
        if line[leg] < 0:
            continue
        stood = 0.0
        for i in range(first[leg], last[leg]):
            slow = False
            if i + 1 < last[leg]:
                lasts = (time_us[i + 1] - time_us[i]) / 1e6
                north = (lat_deg[i + 1] - lat_deg[i]) * M_PER_DEG
                east = (lon_deg[i + 1] - lon_deg[i]) * M_PER_DEG
                east *= math.cos(lat_deg[i] * math.pi / 180.0)
                slow = math.sqrt(north * north + east * east) < slow_mps * lasts
                if slow:
                    stood += lasts
            if not slow:
                if stood >= STOOD_S:
                    out[leg, 0] += 1
                    for k in range(line_stop_offset[line[leg]], line_stop_offset[line[leg] + 1]):
                        north = (stop_lat_deg[line_stop[k]] - lat_deg[i]) * M_PER_DEG
                        east = (stop_lon_deg[line_stop[k]] - lon_deg[i]) * M_PER_DEG
                        east *= math.cos(lat_deg[i] * math.pi / 180.0)
                        if math.sqrt(north * north + east * east) <= reach_m[leg]:
                            out[leg, 1] += 1
                            break
                stood = 0.0
