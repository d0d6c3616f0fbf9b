"""Compiled loops of the mode stage: windows, their features, and paths through states.

Each has a plain twin in ``tests/unit/modes`` or a property that pins what it computes.
"""

# ruff: noqa: PLR0913, PLR0917 - a compiled loop takes arrays and numbers one by
# one, and holds its state in locals.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled, inner

STANDSTILL_MPS = 0.6
"""Slower than this a window is one of standstill: the wander of a receiver at rest."""

_M_PER_DEG = 6_371_008.8 * math.pi / 180.0


@compiled
def window_motion(
    time_us: NDArray[np.int64],
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    start_us: NDArray[np.int64],
    step_us: NDArray[np.int64],
    offset: NDArray[np.int64],
    speed_mps: NDArray[np.float32],
    gap_s: NDArray[np.float32],
    east_m: NDArray[np.float32],
    north_m: NDArray[np.float32],
) -> None:
    """Fill each window's speed, the spacing of fixes around it, and its displacement.

    Positions between fixes are interpolated; the fix before a trip and the one after are
    used for its rims. ``gap_s`` is the longest spacing of fixes that the window touches,
    or infinite where no fix is on one side.
    """
    n = time_us.size
    for trip in range(first.size):
        low = max(first[trip] - 1, 0)
        high = min(last[trip], n - 1)
        n_windows = offset[trip + 1] - offset[trip]
        if n == 0 or high < low:
            for w in range(n_windows):
                speed_mps[offset[trip] + w] = 0.0
                gap_s[offset[trip] + w] = math.inf
            continue
        k = low  # the interval k..k+1 holds the edge
        at_lat, at_lon = lat_deg[low], lon_deg[low]
        for w in range(-1, n_windows):
            edge = start_us[trip] + (w + 1) * step_us[trip]
            widest = 0.0
            while k < high and time_us[k + 1] < edge:
                if w >= 0:
                    widest = max(widest, (time_us[k + 1] - time_us[k]) / 1e6)
                k += 1
            if edge < time_us[low]:
                lat, lon, spacing = lat_deg[low], lon_deg[low], math.inf
            elif k >= high:
                lat, lon = lat_deg[high], lon_deg[high]
                spacing = math.inf if edge > time_us[high] else widest
            else:
                whole = time_us[k + 1] - time_us[k]
                share = (edge - time_us[k]) / whole if whole > 0 else 0.0
                lat = lat_deg[k] + share * (lat_deg[k + 1] - lat_deg[k])
                turn = (lon_deg[k + 1] - lon_deg[k] + 540.0) % 360.0 - 180.0
                lon = lon_deg[k] + share * turn
                spacing = whole / 1e6
            if w >= 0:
                row = offset[trip] + w
                north = (lat - at_lat) * _M_PER_DEG
                turn = (lon - at_lon + 540.0) % 360.0 - 180.0
                east = turn * _M_PER_DEG * math.cos(lat * math.pi / 180.0)
                north_m[row] = north
                east_m[row] = east
                speed_mps[row] = math.sqrt(north * north + east * east) / (step_us[trip] / 1e6)
                gap_s[row] = max(widest, spacing)
            at_lat, at_lon = lat, lon


@compiled
def window_features(
    offset: NDArray[np.int64],
    speed_mps: NDArray[np.float32],
    step_s: NDArray[np.float32],
    east_m: NDArray[np.float32],
    north_m: NDArray[np.float32],
    near: int,
    far: int,
    out: NDArray[np.float32],
) -> None:
    """Fill the features of each window from its neighbours in the same trip.

    Columns: own speed, mean and greatest speed near, the lesser of the greatest speeds far
    before and far after, share of standstill far, mean change of speed near, straightness
    far. The fourth tells a walk to a car (slow on one side) from a jam (fast on both).
    """
    for trip in range(offset.size - 1):
        low, high = offset[trip], offset[trip + 1]
        for w in range(low, high):
            total = top = change = 0.0
            a, b = max(low, w - near), min(high, w + near + 1)
            for i in range(a, b):
                v = speed_mps[i]
                total += v
                top = max(top, v)
                if i > a:
                    change += abs(v - speed_mps[i - 1])
            before = after = still = path = east = north = 0.0
            c, d = max(low, w - far), min(high, w + far + 1)
            for i in range(c, d):
                v = speed_mps[i]
                if i <= w:
                    before = max(before, v)
                if i >= w:
                    after = max(after, v)
                still += v < STANDSTILL_MPS
                east += east_m[i]
                north += north_m[i]
                path += v * step_s[i]
            out[w, 0] = speed_mps[w]
            out[w, 1] = total / (b - a)
            out[w, 2] = top
            out[w, 3] = min(before, after)
            out[w, 4] = still / (d - c)
            out[w, 5] = change / max(b - a - 1, 1)
            out[w, 6] = math.sqrt(east * east + north * north) / path if path > 1.0 else 0.0


@inner
def _forward(
    likely: NDArray[np.float64],
    transition: NDArray[np.float64],
    start: NDArray[np.float64],
    out: NDArray[np.float32],
    now: NDArray[np.float64],
) -> None:
    """Fill, along one trip, the share of each state given the windows up to each."""
    n_states = start.size
    for w in range(likely.shape[0]):
        total = 0.0
        for s in range(n_states):
            reach = start[s]
            if w > 0:
                reach = 0.0
                for p in range(n_states):
                    reach += out[w - 1, p] * transition[p, s]
            now[s] = reach * likely[w, s]
            total += now[s]
        share = 1.0 / total
        for s in range(n_states):
            out[w, s] = now[s] * share


@inner
def _backward(
    likely: NDArray[np.float64],
    transition: NDArray[np.float64],
    out: NDArray[np.float32],
    now: NDArray[np.float64],
) -> None:
    """Make of what :func:`_forward` filled the share given all windows of the trip."""
    n_states = now.size
    ahead = np.empty(n_states)
    for s in range(n_states):
        ahead[s] = 1.0
    for w in range(likely.shape[0] - 1, -1, -1):
        total = 0.0
        for s in range(n_states):
            now[s] = ahead[s] * likely[w, s]
            total += out[w, s] * ahead[s]
        share = 1.0 / total
        for s in range(n_states):
            out[w, s] = out[w, s] * ahead[s] * share
        total = 0.0
        for p in range(n_states):
            ahead[p] = 0.0
            for s in range(n_states):
                ahead[p] += transition[p, s] * now[s]
            total += ahead[p]
        share = 1.0 / total
        for p in range(n_states):
            ahead[p] *= share


@compiled
def posteriors(
    offset: NDArray[np.int64],
    evidence: NDArray[np.float32],
    transition: NDArray[np.float64],
    start: NDArray[np.float64],
    out: NDArray[np.float32],
) -> None:
    """Fill the posterior of each state in each window, trip by trip.

    Forward-backward over plain probabilities, scaled to 1 in each window so that nothing
    underflows; ``evidence`` is in logarithms, whose largest is taken off first.
    """
    n_states = start.size
    longest = 0
    for trip in range(offset.size - 1):
        longest = max(longest, offset[trip + 1] - offset[trip])
    likely = np.empty((longest, n_states), np.float64)
    now = np.empty(n_states, np.float64)
    for trip in range(offset.size - 1):
        low, high = offset[trip], offset[trip + 1]
        for w in range(low, high):
            top = evidence[w, 0]
            for s in range(1, n_states):
                top = max(top, evidence[w, s])
            for s in range(n_states):
                likely[w - low, s] = math.exp(evidence[w, s] - top)
        own = likely[: high - low]
        _forward(own, transition, start, out[low:high], now)
        _backward(own, transition, out[low:high], now)


@compiled
def hint_evidence(
    time_us: NDArray[np.int64],
    row_log: NDArray[np.float32],
    usable: NDArray[np.bool_],
    window_start_us: NDArray[np.int64],
    window_end_us: NDArray[np.int64],
    holds_us: int,
    fades_us: float,
    out: NDArray[np.float32],
) -> None:
    """Add to each window what the last usable guess before its end says, fading with age.

    ``row_log`` is the log-likelihood of each guess given each state; windows are in time
    order. A guess that tells nothing (tilting) does not end the one before.
    """
    n_states = out.shape[1]
    k = -1
    j = 0
    for w in range(window_start_us.size):
        while j < time_us.size and time_us[j] <= window_end_us[w]:
            if usable[j]:
                k = j
            j += 1
        if k < 0:
            continue
        age = window_start_us[w] - time_us[k]
        if age > holds_us:
            continue
        weight = math.exp(-max(age, 0) / fades_us)
        for s in range(n_states):
            out[w, s] += weight * row_log[k, s]
