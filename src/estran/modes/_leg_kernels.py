"""Compiled loops over legs: what each looks like, and what is beside it in its trip."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0917 - a compiled loop takes arrays and numbers one by
# one, and holds its state in locals.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import median_of, nth_least
from estran.geo.compiled import compiled

MOVING_MPS = 1.0
"""Faster than this a window counts as moving."""

STILL_MPS = 0.8
"""Slower than this a window counts as a stop."""


SEEN_WITHIN_S = 75.0
"""Stops and changes of speed are read only between fixes closer than this: between others
the speed is a mean. A fix a minute is still read."""

LEAST_SEEN_SHARE = 0.3
"""With less of a leg seen so closely, its stops and changes are unknown."""


UNSEEN_AFTER_S = 60.0
"""Fixes farther apart than this left a part of the way unseen..."""

UNSEEN_TIMES_FACTOR = 5.0
"""... where they are farther apart than this many times what is usual in the trip."""


@compiled
def unseen_after(
    trips: NDArray[np.int64],
    offset: NDArray[np.int64],
    gap_s: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill, for some trips, the spacing of fixes from which a part of each was not seen."""
    longest = 0
    for trip in trips:
        longest = max(longest, offset[trip + 1] - offset[trip])
    sifted = np.empty(longest)
    for trip in trips:
        n = offset[trip + 1] - offset[trip]
        for i in range(n):
            sifted[i] = gap_s[offset[trip] + i]
        usual_s = median_of(sifted[:n])
        out[trip] = UNSEEN_AFTER_S
        if math.isfinite(usual_s):
            out[trip] = max(UNSEEN_AFTER_S, UNSEEN_TIMES_FACTOR * usual_s)


@compiled
def leg_motion(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    speed_mps: NDArray[np.float32],
    gap_s: NDArray[np.float32],
    step_s: NDArray[np.float32],
    unseen_after_s: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill how each leg moves, over its half-open windows; NaN where nothing tells.

    Columns: top and moving speed [km/h], stops per km, share of standstill, change of
    speed between moving windows [m/s], share of time unseen, length [km]. The top is the
    95th percentile of medians of three windows, so that one bad fix does not set it.
    """
    for row in range(first.size):
        a, b = first[row], last[row]
        smooth = np.empty(b - a)
        metres = known = moved = moved_s = unseen = whole = 0.0
        seen = seen_metres = still = change = 0.0
        stops, n_change, n = 0, 0, 0
        for w in range(a, b):
            v = speed_mps[w]
            whole += step_s[w]
            if gap_s[w] > unseen_after_s[row]:
                unseen += step_s[w]
            if not math.isfinite(gap_s[w]):
                continue
            before, after = speed_mps[max(w - 1, a)], speed_mps[min(w + 1, b - 1)]
            smooth[n] = max(min(before, v), min(max(before, v), after))
            n += 1
            known += step_s[w]
            metres += v * step_s[w]
            if v > MOVING_MPS:
                moved += v * step_s[w]
                moved_s += step_s[w]
            if gap_s[w] > SEEN_WITHIN_S:
                continue
            seen += step_s[w]
            seen_metres += v * step_s[w]
            if v > MOVING_MPS and w > a:
                change += abs(v - speed_mps[w - 1])
                n_change += 1
            if v < STILL_MPS:
                still += step_s[w]
                stops += w > a and speed_mps[w - 1] >= STILL_MPS
        for c in range(5):
            out[row, c] = np.nan
        out[row, 5] = unseen / whole if whole > 0 else np.nan
        out[row, 6] = metres / 1000.0 if known > 0 else np.nan
        if n == 0:
            continue
        at = 0.95 * (n - 1)
        k = int(at)
        top = above = np.float32(nth_least(smooth[:n], k))
        if k + 1 < n:
            least = smooth[k + 1]
            for i in range(k + 2, n):
                least = min(least, smooth[i])
            above = np.float32(least)
        out[row, 0] = 3.6 * (top + (at - k) * (above - top))
        out[row, 1] = 3.6 * moved / moved_s if moved_s > 0 else 0.0
        if seen >= LEAST_SEEN_SHARE * whole:
            out[row, 2] = stops / max(seen_metres / 1000.0, 0.3)
            out[row, 3] = still / seen
            out[row, 4] = change / n_change if n_change > 0 else np.nan


@compiled
def leg_context(
    trip: NDArray[np.int64],
    is_ride: NDArray[np.bool_],
    is_wait: NDArray[np.bool_],
    lasts_s: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill the wait before each leg, the walks on both sides, the other rides of its trip.

    What is beside a leg are the waits and walks up to the next ride (or bike) of the trip. A
    standstill after another ride without a walk is no wait: cars stand in jams.
    """
    n = trip.size
    for row in range(n):
        wait = 0.0
        walks = np.zeros(2, np.float32)
        for side in range(2):
            step = -1 if side == 0 else 1
            at = row + step
            while 0 <= at < n and trip[at] == trip[row] and not is_ride[at]:
                if is_wait[at]:
                    if side == 0:
                        wait += lasts_s[at]
                else:
                    walks[side] += lasts_s[at]
                at += step
            if side == 0 and walks[0] == 0.0 and at >= 0 and trip[at] == trip[row]:
                wait = 0.0  # no step was made since the last ride: it may be the same one
        others = 0
        at = row - 1
        while at >= 0 and trip[at] == trip[row]:
            others += is_ride[at]
            at -= 1
        at = row + 1
        while at < n and trip[at] == trip[row]:
            others += is_ride[at]
            at += 1
        out[row, 0] = wait
        out[row, 1] = walks[0]
        out[row, 2] = walks[1]
        out[row, 3] = others


@compiled
def leg_said(
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    column: NDArray[np.int64],
    confidence: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill the shares of the phone's guesses in each leg, weighed by their confidence."""
    for row in range(low.size):
        total = 0.0
        for i in range(low[row], high[row]):
            if column[i] >= 0:
                out[row, column[i]] += confidence[i]
                total += confidence[i]
        if total > 0:
            for c in range(out.shape[1]):
                out[row, c] /= total


COARSE_M = 30.0
"""A fix worse than this is coarse..."""

COARSE_TIMES_FACTOR = 2.5
"""... where it is worse than this many times the median of its trip."""


@compiled
def leg_coarse(
    first: NDArray[np.int64],
    last: NDArray[np.int64],
    low: NDArray[np.int64],
    high: NDArray[np.int64],
    accuracy_m: NDArray[np.float32],
    out: NDArray[np.float32],
) -> None:
    """Fill the share of coarse fixes of each leg; NaN without a fix that tells.

    ``first`` and ``last`` are the half-open rows of legs, ``low`` and ``high`` those of
    their trips. Legs of one trip follow each other.
    """
    usual, of_low, of_high = np.nan, -1, -1
    for row in range(first.size):
        n = coarse = 0
        for i in range(first[row], last[row]):
            if not math.isnan(accuracy_m[i]):
                n += 1
                coarse += accuracy_m[i] > COARSE_M
        if coarse > 0:  # only then is the median asked for
            if low[row] != of_low or high[row] != of_high:
                of_low, of_high = low[row], high[row]
                usual = np.nan
                if of_high > of_low:
                    sifted = np.empty(of_high - of_low)
                    known = 0
                    for i in range(of_low, of_high):
                        if not math.isnan(accuracy_m[i]):
                            sifted[known] = accuracy_m[i]
                            known += 1
                    usual = median_of(sifted[:known]) if known > 0 else np.nan
            limit = max(COARSE_M, COARSE_TIMES_FACTOR * usual)
            coarse = 0
            for i in range(first[row], last[row]):
                coarse += accuracy_m[i] > limit
        out[row] = coarse / n if n > 0 else np.nan
