"""Loops of segmentation over steady movement, compiled."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0917, PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m
from estran.geo.compiled import compiled, inner

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]
type_f32 = NDArray[np.float32]
type_bins = tuple[type_i64, type_i64, type_f64, type_f64, type_f64]

REACH = 2
"""Bins on each side that tell whether somebody is under way in the one between."""


@inner
def _bins(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    bin_us: int,
) -> type_bins:
    """Average fixes over bins of time; bins without a fix are left out.

    Returns first row, number in time, latitude, longitude and accuracy (0 when unknown).
    """
    n = time_us.size
    first = np.empty(n + 1, np.int64)
    number = np.empty(n, np.int64)
    lat = np.empty(n, np.float64)
    lon = np.empty(n, np.float64)
    coarse = np.empty(n, np.float64)
    k = 0
    begin, at = np.int64(0), np.int64(0)
    i = 0
    while i < n:
        if i > 0:
            steps = (time_us[i] - begin) // bin_us
            # After a silence bins begin anew, so that a day is the same in any trace.
            if steps > 2 * REACH:
                begin = time_us[i]
            else:
                begin += steps * bin_us
            at += steps
        else:
            begin = time_us[0]
        first[k], number[k] = i, at
        north, turned, acc = 0.0, 0.0, 0.0
        a = i
        while i < n and time_us[i] - begin < bin_us:
            turn = lon_deg[i] - lon_deg[a]
            if turn > 180.0:
                turn -= 360.0
            elif turn < -180.0:
                turn += 360.0
            north += lat_deg[i] - lat_deg[a]
            turned += turn
            if accuracy_m[i] > 0.0:
                acc += accuracy_m[i]
            i += 1
        lat[k] = lat_deg[a] + north / (i - a)
        lon[k] = lon_deg[a] + turned / (i - a)
        coarse[k] = acc / (i - a)
        k += 1
    first[k] = n
    return first[: k + 1].copy(), number[:k].copy(), lat[:k].copy(), lon[:k].copy(), coarse[:k]


@inner
def _under_way(
    number: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    coarse: type_f64,
    pace_m: float,
    share: float,
    most_m: float,
) -> NDArray[np.bool_]:
    """Tell in which bins somebody is under way, by the means around them."""
    n = number.size
    under_way = np.zeros(n, np.bool_)
    step_m = np.empty(max(n - 1, 0))
    for k in range(n - 1):
        step_m[k] = near_m(lat_deg[k], lon_deg[k], lat_deg[k + 1], lon_deg[k + 1])
    u, v = 0, 0
    for k in range(n):
        while number[k] - number[u] > REACH:
            u += 1
        v = max(v, k)
        while v + 1 < n and number[v + 1] - number[k] <= REACH:
            v += 1
        if v - u < 2 * REACH - 1:
            continue
        far = near_m(lat_deg[u], lon_deg[u], lat_deg[v], lon_deg[v])
        spans = number[v] - number[u]
        if far < pace_m * spans:
            continue
        way, widest, acc = 0.0, 0.0, coarse[u]
        for q in range(u, v):
            way += step_m[q]
            widest = max(widest, step_m[q] / (number[q + 1] - number[q]))
            acc += coarse[q + 1]
        enough = pace_m * spans + acc / (v - u + 1)
        under_way[k] = far >= enough and far >= share * way and widest <= most_m
    return under_way


@inner
def _rests(number: type_i64, lat_deg: type_f64, lon_deg: type_f64, k: int, pace_m: float) -> bool:
    """Tell whether a bin and the next are less than ``pace_m`` a bin apart."""
    step_m = near_m(lat_deg[k], lon_deg[k], lat_deg[k + 1], lon_deg[k + 1])
    return bool(step_m < pace_m * (number[k + 1] - number[k]))


@compiled
def steady(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    part: type_i64,
    bin_us: int,
    net_m: float,
    share: float,
    most_m: float,
    least_bins: int,
) -> type_i64:
    """Count the parts of a trace between steady movement; movement itself is -1.

    A bin is under way when the means around it (:data:`REACH` bins each way, one may lack
    fixes) lie ``net_m`` and their accuracy apart, by a way no longer than that over
    ``share``, without a step of over ``most_m`` a bin: a jump is no walk. Bins under way
    that are as near each other, and ``least_bins`` long together, are movement.
    ``part`` is told apart too; an empty one tells nothing.
    """
    first, number, lat, lon, coarse = _bins(time_us, lat_deg, lon_deg, accuracy_m, bin_us)
    n = number.size
    pace_m = net_m / (2.0 * REACH)
    under_way = _under_way(number, lat, lon, coarse, pace_m, share, most_m)
    out = np.zeros(time_us.size, np.int64)
    number_of_part = 0
    k, done = 0, 0
    while k < n:
        if not under_way[k]:
            k += 1
            continue
        end = k
        q = k + 1
        while q < n and number[q] - number[end] <= REACH:
            if under_way[q]:
                end = q
            q += 1
        # Whoever is about to go, or has come, rests on one side.
        begin, last = k, end
        while begin < last and begin > 0 and _rests(number, lat, lon, begin - 1, pace_m):
            begin += 1
        while last > begin and last + 1 < n and _rests(number, lat, lon, last, pace_m):
            last -= 1
        if number[end] - number[k] + 1 >= least_bins and last > begin:
            for i in range(done, first[begin]):
                out[i] = number_of_part
            for i in range(first[begin], first[last + 1]):
                out[i] = -1
            done = first[last + 1]
            number_of_part += 1
        k = end + 1
    for i in range(done, out.size):
        out[i] = number_of_part
    if part.size > 0:
        for i in range(out.size):
            if out[i] >= 0:
                out[i] += part[i] * (number_of_part + 1)
    return out


@compiled
def arrivals(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    part: type_i64,
    rows: type_i64,
    gap_us: float,
    most_m: float,
) -> type_i64:
    """Give, for each row before a silence, the first since steady movement ended there.

    Whoever comes home and falls silent a minute later is there for that minute, provided
    that all its fixes are within ``most_m``. Phones wake because somebody goes: what follows
    a silence is no stay.
    """
    first = rows.copy()
    for r in range(rows.size):
        row = rows[r]
        i = row
        while (
            i > 0
            and part[row] >= 0
            and part[i - 1] == part[row]
            and time_us[i] - time_us[i - 1] <= gap_us
            and near_m(lat_deg[row], lon_deg[row], lat_deg[i - 1], lon_deg[i - 1]) <= most_m
        ):
            i -= 1
        if i > 0 and part[i - 1] == -1:
            first[r] = i
    return first
