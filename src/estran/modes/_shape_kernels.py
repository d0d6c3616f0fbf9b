"""Compiled loops over legs: the shape of each way and of its speeds, for the trees."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, PLR2004 - a compiled loop takes arrays
# and numbers one by one, and holds its state in locals.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import nth_least
from estran.geo.compiled import compiled
from estran.modes._leg_kernels import MOVING_MPS, SEEN_WITHIN_S, STILL_MPS

TURN_LEAST_M = 40.0
"""Windows shorter than this have no direction: the noise of fixes turns them."""

TURN_RAD = 0.75
"""A corner: 43 degrees at least..."""

TURN_BACK_RAD = 2.6
"""... and less than this: fixes that jump turn back on themselves, vehicles seldom do."""

TURN_RADIUS_M = 120.0
"""Railways bend no tighter (a metro 150 m, a main line 300 m), street corners do."""

TURN_SEEN_M = 300.0
"""Less way than this shows no corners."""

TURN_USUAL_PER_KM = 0.3
"""What is taken for seen in a kilometre before the first one: few metres tell little."""


@compiled
def leg_turns(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    east_m: NDArray[np.float32],
    north_m: NDArray[np.float32],
    gap_s: NDArray[np.float32],
    step_s: NDArray[np.float32],
    out: NDArray[np.float32],
    shape: NDArray[np.float32],
) -> None:
    """Fill how many tight corners a leg has per km of way slow enough to show them.

    The last column of ``shape`` gets how many km those are. A corner is a change of direction
    between two windows, and between two pairs of windows, too tight for a railway. NaN where
    300 m or less would have shown one.
    """
    for row in range(first.size):
        seen_m, turns, since = 0.0, 0, 2
        for w in range(first[row] + 1, last[row]):
            since += 1
            e0, n0, e1, n1 = east_m[w - 1], north_m[w - 1], east_m[w], north_m[w]
            d0, d1 = math.sqrt(e0 * e0 + n0 * n0), math.sqrt(e1 * e1 + n1 * n1)
            if min(d0, d1) < TURN_LEAST_M or max(gap_s[w - 1], gap_s[w]) > SEEN_WITHIN_S:
                continue
            # Between two fixes the way is a straight line: a corner is as wide as that.
            reach = 0.5 * (
                d0 * max(1.0, gap_s[w - 1] / step_s[w - 1]) + d1 * max(1.0, gap_s[w] / step_s[w])
            )
            if reach > 0.5 * math.pi * TURN_RADIUS_M:
                continue
            seen_m += d1
            angle = abs(math.atan2(e0 * n1 - n0 * e1, e0 * e1 + n0 * n1))
            if angle < TURN_RAD or angle > TURN_BACK_RAD or reach > angle * TURN_RADIUS_M:
                continue
            if since < 2 or w - 2 < first[row] or w + 1 >= last[row]:
                continue
            e0, n0, e1, n1 = (
                e0 + east_m[w - 2], n0 + north_m[w - 2], e1 + east_m[w + 1], n1 + north_m[w + 1]
            )  # fmt: skip
            angle = abs(math.atan2(e0 * n1 - n0 * e1, e0 * e1 + n0 * n1))
            if TURN_RAD <= angle <= TURN_BACK_RAD:
                turns += 1
                since = 0
        out[row] = np.nan
        shape[row, -1] = np.nan
        if seen_m >= TURN_SEEN_M:
            out[row] = (turns + TURN_USUAL_PER_KM) / (seen_m / 1000.0 + 1.0)
            shape[row, -1] = seen_m / 1000.0


LONGEST_SPACING_S = 120.0
"""Wider spacings of fixes all say the same of the speeds between: nothing."""


@compiled
def leg_shape(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    speed_mps: NDArray[np.float32],
    gap_s: NDArray[np.float32],
    step_s: NDArray[np.float32],
    east_m: NDArray[np.float32],
    north_m: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill the shape of each leg, over its half-open windows; NaN where nothing tells.

    Columns: mean spacing of fixes [s], median speed of moving windows [km/h], upper quartile
    of changes of speed [m/s], mean length of stops [s], spread of the way between stops over
    its mean, share of the way gained as the crow flies, bends [rad/km].
    """
    for row in range(first.size):
        a, b = first[row], last[row]
        moving, change = np.empty(b - a), np.empty(b - a)
        n, n_change, n_stops, n_between = 0, 0, 0, 0
        known = spaced = path = east = north = stop = stopped = 0.0
        since_m = between = between2 = bend = bend_m = 0.0
        for w in range(a, b):
            if not math.isfinite(gap_s[w]):
                continue
            metres = speed_mps[w] * step_s[w]
            known += step_s[w]
            spaced += min(gap_s[w], LONGEST_SPACING_S) * step_s[w]
            path += metres
            east += east_m[w]
            north += north_m[w]
            if gap_s[w] > SEEN_WITHIN_S:
                continue
            since_m += metres
            if speed_mps[w] > MOVING_MPS:
                moving[n] = speed_mps[w]
                n += 1
                if w > a and math.isfinite(gap_s[w - 1]):
                    change[n_change] = abs(speed_mps[w] - speed_mps[w - 1])
                    n_change += 1
            if speed_mps[w] < STILL_MPS:
                stop += step_s[w]
            elif stop > 0:
                if n_stops > 0:
                    between += since_m
                    between2 += since_m * since_m
                    n_between += 1
                stopped += stop
                n_stops += 1
                stop = since_m = 0.0
            if w > a and gap_s[w - 1] <= SEEN_WITHIN_S:
                e0, n0, e1, n1 = east_m[w - 1], north_m[w - 1], east_m[w], north_m[w]
                if min(e0 * e0 + n0 * n0, e1 * e1 + n1 * n1) >= TURN_LEAST_M * TURN_LEAST_M:
                    angle = abs(math.atan2(e0 * n1 - n0 * e1, e0 * e1 + n0 * n1))
                    bend += angle if angle < TURN_BACK_RAD else 0.0
                    bend_m += metres
        for c in range(7):
            out[row, c] = np.nan
        if known > 0:
            out[row, 0] = spaced / known
        if n > 0:
            out[row, 1] = 3.6 * np.float32(nth_least(moving[:n], (n - 1) // 2))
        if n_change > 2:
            out[row, 2] = nth_least(change[:n_change], int(0.75 * (n_change - 1)))
        if n_stops > 0:
            out[row, 3] = stopped / n_stops
        if n_between > 1:
            mean = between / n_between
            out[row, 4] = math.sqrt(max(between2 / n_between - mean * mean, 0.0)) / max(mean, 1.0)
        if path > 50:
            out[row, 5] = min(math.sqrt(east * east + north * north) / path, 1.0)
        if bend_m > TURN_SEEN_M:
            out[row, 6] = bend / bend_m * 1000.0
