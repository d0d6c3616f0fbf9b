"""Loops of segmentation over fixes, compiled."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import M_PER_DEG, median_of, near_m
from estran.geo.compiled import compiled, inner

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]
type_f32 = NDArray[np.float32]


BOX = 16
"""Fixes under one box of :func:`_boxes`."""


@inner
def _boxes(
    lat_deg: type_f64, lon_deg: type_f64, circle2: type_f64
) -> tuple[type_f64, type_f64, type_f64, type_f64, type_f64]:
    """Give the box around each sixteen fixes, and the square of their widest circle."""
    n = (lat_deg.size + BOX - 1) // BOX
    low_lat, high_lat = np.empty(n), np.empty(n)
    low_lon, high_lon = np.empty(n), np.empty(n)
    wide2 = np.zeros(n)
    for i in range(lat_deg.size):
        b = i // BOX
        if i % BOX == 0:
            low_lat[b] = high_lat[b] = lat_deg[i]
            low_lon[b] = high_lon[b] = lon_deg[i]
        low_lat[b] = min(low_lat[b], lat_deg[i])
        high_lat[b] = max(high_lat[b], lat_deg[i])
        low_lon[b] = min(low_lon[b], lon_deg[i])
        high_lon[b] = max(high_lon[b], lon_deg[i])
        wide2[b] = max(wide2[b], circle2[i])
    return low_lat, high_lat, low_lon, high_lon, wide2


@inner
def _off2(
    lat_deg: float,
    lon_deg: float,
    low_lat_deg: float,
    high_lat_deg: float,
    low_lon_deg: float,
    high_lon_deg: float,
) -> float:
    """Square of the distance from a place to a box, 0 inside. [°²]"""
    north = max(low_lat_deg - lat_deg, lat_deg - high_lat_deg, 0.0)
    east = max(low_lon_deg - lon_deg, lon_deg - high_lon_deg, 0.0)
    if high_lon_deg - low_lon_deg > 180.0 or east > 180.0:  # over the antimeridian: never far
        east = 0.0
    east *= math.cos(lat_deg * (math.pi / 180.0))
    return east * east + north * north


@compiled
def find_stills(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    part: type_i64,
    still_m: float,
    accuracy_most_m: float,
    still_us: float,
    away_us: float,
    away_fixes: int,
    away_most_us: float,
    bridge_us: float,
    start_us: float,
) -> tuple[type_i64, type_i64]:
    """Find runs of fixes that stay within a circle around their own running mean.

    A run ends when fixes leave the circle for good, at a silence of ``bridge_us``, or where
    ``part`` changes (an empty ``part`` never does). None begins where ``part`` is negative.
    Returns the first and last (half-open) rows of runs that last ``still_us``.
    """
    n = time_us.size
    first = np.empty(n, np.int64)
    last = np.empty(n, np.int64)
    # Squares of each fix's circle, in degrees: every moving fix is compared hundreds of
    # times at 1 Hz, so that neither root nor cosine may stand in the inner loop.
    circle2 = np.empty(n, np.float64)
    for j in range(n):
        circle = still_m
        if accuracy_m[j] > 0.0:
            circle += min(accuracy_m[j], accuracy_most_m)
        circle2[j] = (circle / M_PER_DEG) ** 2
    low_lat, high_lat, low_lon, high_lon, wide2 = _boxes(lat_deg, lon_deg, circle2)
    n_runs = 0
    i, q, s = 0, 0, 0
    box_i, box_s = -1, -1
    all_low_lat, all_high_lat, all_low_lon, all_high_lon, reach2 = 0.0, 0.0, 0.0, 0.0, 0.0
    while i < n:
        # Whoever moves on is told by where they are when a run would first be long enough:
        # one fix from there to the longest absence must still be near. The mean of a run
        # moves by at most a circle's radius over its weight with each fix, so that it is
        # never further from its first fix than the harmonic sum of their number.
        if part.size > 0 and part[i] < 0:
            i += 1
            continue
        while q < n and time_us[q] - time_us[i] < still_us:
            q += 1
        if q == n:
            break
        s = max(s, min(q + away_fixes + 1, n - 1))
        while s < n - 1 and time_us[s] - time_us[q] <= away_us:
            s += 1
        if box_i != i // BOX or box_s != s // BOX:
            box_i, box_s = i // BOX, s // BOX
            reach2 = 0.0
            for b in range(box_i, box_s + 1):
                reach2 = max(reach2, wide2[b])
            reach2 *= (1.0 + math.log((box_s - box_i + 1.0) * BOX)) ** 2
            box_q = q // BOX
            all_low_lat, all_high_lat = low_lat[box_q], high_lat[box_q]
            all_low_lon, all_high_lon = low_lon[box_q], high_lon[box_q]
            for b in range(box_q + 1, box_s + 1):
                all_low_lat = min(all_low_lat, low_lat[b])
                all_high_lat = max(all_high_lat, high_lat[b])
                all_low_lon = min(all_low_lon, low_lon[b])
                all_high_lon = max(all_high_lon, high_lon[b])
        if reach2 < _off2(
            lat_deg[i], lon_deg[i], all_low_lat, all_high_lat, all_low_lon, all_high_lon
        ):
            i += 1
            continue
        lat, lon, weight = lat_deg[i], lon_deg[i], 1.0
        # The plane of the run's first fix: millimetres off within any circle.
        scale = math.cos(lat * (math.pi / 180.0))
        inside = i
        gone = -1
        n_away = 0
        j = i + 1
        while j < n:
            if time_us[j] - time_us[j - 1] > bridge_us:
                break
            if part.size > 0 and part[j] != part[i]:
                break
            north = lat_deg[j] - lat
            turn = lon_deg[j] - lon
            if turn > 180.0:
                turn -= 360.0
            elif turn < -180.0:
                turn += 360.0
            east = turn * scale
            if east * east + north * north <= circle2[j]:
                # Whoever was out of the circle over a long silence has not been here.
                if n_away > 0 and time_us[j] - time_us[inside] > away_most_us:
                    break
                weight += 1.0
                share = 1.0 / weight  # a product each, so that no step waits for a quotient
                lat += north * share
                lon += turn * share
                inside = j
                n_away = 0
                gone = -1
            else:
                if gone < 0:
                    gone = j
                n_away += 1
                away = time_us[j] - time_us[inside]
                if (away > away_us and n_away > away_fixes) or away > away_most_us:
                    break
                # The rest of a box wholly out of its circles is passed over: whatever would
                # end the run inside it ends it at its last fix too.
                b = j // BOX
                end = min((b + 1) * BOX, n) - 1
                if (
                    (n_away == 1 or j % BOX == 0)
                    and part.size == 0
                    and time_us[end] - time_us[j] <= bridge_us
                    and high_lon[b] - lon < 180.0
                    and lon - low_lon[b] < 180.0
                ):
                    north = max(low_lat[b] - lat, lat - high_lat[b], 0.0)
                    east = max(low_lon[b] - lon, lon - high_lon[b], 0.0) * scale
                    if east * east + north * north > wide2[b]:
                        n_away += end - j
                        away = time_us[end] - time_us[inside]
                        if (away > away_us and n_away > away_fixes) or away > away_most_us:
                            break
                        j = end
            j += 1
        if time_us[inside] - time_us[i] >= still_us and inside > i:
            first[n_runs] = i
            last[n_runs] = inside + 1
            n_runs += 1
            i = inside + 1
            continue
        # No run that holds the fix which left can begin before the circle around it; and
        # where none was nearly long enough, beginnings are not tried fix by fix.
        out = gone if gone >= 0 else i + 1
        k = i + 1
        while k < out < n and near_m(lat_deg[k], lon_deg[k], lat_deg[out], lon_deg[out]) > 2.0 * (
            still_m + (min(accuracy_m[out], accuracy_most_m) if accuracy_m[out] > 0.0 else 0.0)
        ):
            k += 1
        if time_us[inside] - time_us[i] < still_us - 2.0 * start_us:
            while k < n and time_us[k] - time_us[i] < start_us:
                k += 1
        i = k
    return first[:n_runs].copy(), last[:n_runs].copy()


@compiled
def centres(
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    first: type_i64,
    last: type_i64,
) -> tuple[type_f64, type_f64, type_f64, type_f64]:
    """Give centre, radius (root of twice the mean square) and mean accuracy of runs.

    Fixes weigh by the inverse square of their accuracy, at best 10 m; unknown weighs as 50 m.
    """
    n = first.size
    lat = np.empty(n, np.float64)
    lon = np.empty(n, np.float64)
    radius = np.empty(n, np.float64)
    accuracy = np.empty(n, np.float64)
    for r in range(n):
        a, b = first[r], last[r]
        weight_sum, north, east, known, acc = 0.0, 0.0, 0.0, 0.0, 0.0
        for i in range(a, b):
            own = 50.0
            if accuracy_m[i] > 0.0:
                own = max(accuracy_m[i], 10.0)
                acc += own
                known += 1.0
            weight = 1.0 / (own * own)
            turn = lon_deg[i] - lon_deg[a]
            if turn > 180.0:
                turn -= 360.0
            elif turn < -180.0:
                turn += 360.0
            weight_sum += weight
            north += weight * (lat_deg[i] - lat_deg[a])
            east += weight * turn
        lat[r] = lat_deg[a] + north / weight_sum
        lon[r] = lon_deg[a] + east / weight_sum
        if lon[r] > 180.0:
            lon[r] -= 360.0
        elif lon[r] < -180.0:
            lon[r] += 360.0
        square = 0.0
        for i in range(a, b):
            own = 50.0
            if accuracy_m[i] > 0.0:
                own = max(accuracy_m[i], 10.0)
            off = near_m(lat[r], lon[r], lat_deg[i], lon_deg[i])
            square += off * off / (own * own)
        radius[r] = math.sqrt(2.0 * square / weight_sum)
        accuracy[r] = acc / known if known > 0.0 else np.nan
    return lat, lon, radius, accuracy


@compiled
def widen(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    first: type_i64,
    last: type_i64,
    centre_lat_deg: type_f64,
    centre_lon_deg: type_f64,
    still_m: float,
    gap_us: float,
) -> tuple[type_i64, type_i64]:
    """Let runs take in the fixes before and after them that are at their place.

    A run never takes what is another's, nor reaches over a silence of ``gap_us``.
    """
    n = first.size
    begins = first.copy()
    ends = last.copy()
    for r in range(n):
        lat, lon = centre_lat_deg[r], centre_lon_deg[r]
        least = ends[r - 1] if r > 0 else 0
        i = begins[r] - 1
        while i >= least and time_us[i + 1] - time_us[i] <= gap_us:
            if near_m(lat, lon, lat_deg[i], lon_deg[i]) > still_m:
                break
            i -= 1
        begins[r] = i + 1
        most = first[r + 1] if r + 1 < n else time_us.size
        i = ends[r]
        while i < most and time_us[i] - time_us[i - 1] <= gap_us:
            if near_m(lat, lon, lat_deg[i], lon_deg[i]) > still_m:
                break
            i += 1
        ends[r] = i
    return begins, ends


@compiled
def cores(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    first: type_i64,
    last: type_i64,
    centre_lat_deg: type_f64,
    centre_lon_deg: type_f64,
    least_m: float,
    most_m: float,
    wake_us: float,
    wake_m: float,
) -> tuple[type_i64, type_i64]:
    """Find the first and the last row of each run that are in its core.

    The core is one and a half times the median distance from the centre, within bounds, so
    that the steps of coming and going, which a run's circle holds too, are outside of it.
    Whoever was within ``wake_m`` of there when a silence of ``wake_us`` began had not left.
    """
    n = first.size
    arrives = np.empty(n, np.int64)
    departs = np.empty(n, np.int64)
    for r in range(n):
        a, b = first[r], last[r]
        off = np.empty(b - a, np.float64)
        sifted = np.empty(b - a, np.float64)
        nearest = np.inf
        for i in range(a, b):
            own = near_m(centre_lat_deg[r], centre_lon_deg[r], lat_deg[i], lon_deg[i])
            off[i - a] = sifted[i - a] = own
            nearest = min(nearest, own)
        core = max(least_m, min(1.5 * median_of(sifted), most_m), nearest)
        i = 0
        while off[i] > core:
            i += 1
        arrives[r] = a + i
        i = b - a - 1
        while off[i] > core:
            i -= 1
        left = a + i
        departs[r] = left
        for i in range(left, b - 1):
            if time_us[i + 1] - time_us[i] > wake_us and wake_m > near_m(
                lat_deg[left], lon_deg[left], lat_deg[i], lon_deg[i]
            ):
                departs[r] = i
    return arrives, departs


@compiled
def last_before_waking(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    first: type_i64,
    departs: type_i64,
    wake_fixes: int,
    wake_us: float,
    wake_m: float,
) -> type_i64:
    """Give each run's last row before a silence that movement ended, else ``departs``."""
    out = departs.copy()
    for r in range(first.size):
        at = departs[r] - 1
        least = max(first[r], departs[r] + 1 - wake_fixes)
        while at >= least and time_us[at + 1] - time_us[at] <= wake_us:
            at -= 1
        if at < least:
            continue
        off_m = near_m(lat_deg[at], lon_deg[at], lat_deg[at + 1], lon_deg[at + 1])
        if off_m >= wake_m and time_us[departs[r]] - time_us[at + 1] <= wake_us:
            out[r] = at
    return out


@compiled
def is_known(
    lat_deg: type_f64,
    lon_deg: type_f64,
    duration_s: type_f64,
    k: int,
    same_place_m: float,
    known_s: float,
) -> bool:
    """Tell whether the other stills at the place of the k-th last ``known_s`` together.

    Stops at the first that makes it so: most stills are at home or at work.
    """
    here_s = 0.0
    for j in range(lat_deg.size):
        # A box of about a kilometre spares most distances.
        if j == k or abs(lat_deg[j] - lat_deg[k]) >= 0.01 or abs(lon_deg[j] - lon_deg[k]) >= 0.02:
            continue
        if near_m(lat_deg[k], lon_deg[k], lat_deg[j], lon_deg[j]) <= same_place_m:
            here_s += duration_s[j]
            if here_s >= known_s:
                return True
    return False
