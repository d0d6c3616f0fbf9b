"""Loops of segmentation over what lies between places, compiled."""

# ruff: noqa: C901, PLR0912, PLR0913, PLR0915, PLR0917, PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m, quantile_of
from estran.geo.compiled import compiled

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]
type_f32 = NDArray[np.float32]
type_shapes = tuple[
    type_f64, type_f64, type_f64, type_f64, type_f64, type_f64, type_f64, type_i64, type_f64,
    type_f64,
]  # fmt: skip


@compiled
def strolls(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    first: type_i64,
    last: type_i64,
    bin_us: float,
) -> tuple[type_f64, type_f64, type_f64]:
    """Measure whether still runs go anywhere, by the means of their fixes a bin of time.

    Returns, a run each: distance from the first mean to the last, that distance by the path
    through all means (0 with fewer than three), and the mean accuracy (0 when unknown).
    """
    n = first.size
    net = np.zeros(n, np.float64)
    straight = np.zeros(n, np.float64)
    coarse = np.zeros(n, np.float64)
    for r in range(n):
        a, b = first[r], last[r]
        n_bins, path, known, acc = 0, 0.0, 0.0, 0.0
        lat0, lon0, lat1, lon1 = 0.0, 0.0, 0.0, 0.0
        i = a
        while i < b:
            begin = time_us[i]
            lat, turned, count = 0.0, 0.0, 0.0
            while i < b and time_us[i] - begin < bin_us:
                turn = lon_deg[i] - lon_deg[a]
                if turn > 180.0:
                    turn -= 360.0
                elif turn < -180.0:
                    turn += 360.0
                lat += lat_deg[i]
                turned += turn
                count += 1.0
                if accuracy_m[i] > 0.0:
                    acc += accuracy_m[i]
                    known += 1.0
                i += 1
            lat, lon = lat / count, lon_deg[a] + turned / count
            if n_bins == 0:
                lat0, lon0 = lat, lon
            else:
                path += near_m(lat1, lon1, lat, lon)
            lat1, lon1 = lat, lon
            n_bins += 1
        net[r] = near_m(lat0, lon0, lat1, lon1)
        if n_bins > 2 and path > 0.0:
            straight[r] = net[r] / path
        if known > 0.0:
            coarse[r] = acc / known
    return net, straight, coarse


@compiled
def shapes(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    first: type_i64,
    last: type_i64,
    part: type_i64,
    home_lat_deg: type_f64,
    home_lon_deg: type_f64,
    out_m: float,
    step_us: float,
    top_us: float,
) -> type_shapes:
    """Measure moves: how far from where they began, how long away, how straight, how fast.

    Fixes are thinned to one each ``step_us``. Returns, a move each: furthest distance from
    home, time further than ``out_m``, coherence (chords over two steps by the steps), path
    length, the 80 % quantile of speed in its first and last five minutes, its greatest speed
    as the crow flies over ``top_us``, how many thinned fixes were further than ``out_m``, their
    mean accuracy (0 when unknown), and the time of steady movement, where ``part`` is -1.
    """
    n = first.size
    far = np.zeros(n, np.float64)
    away_s = np.zeros(n, np.float64)
    coherence = np.empty(n, np.float64)
    length = np.zeros(n, np.float64)
    head_mps = np.zeros(n, np.float64)
    tail_mps = np.zeros(n, np.float64)
    top_mps = np.zeros(n, np.float64)
    n_out = np.zeros(n, np.int64)
    coarse = np.zeros(n, np.float64)
    steady_s = np.zeros(n, np.float64)
    rows = np.empty(time_us.size + 2, np.int64)
    speeds = np.empty(time_us.size + 2, np.float64)
    sifted = np.empty(time_us.size + 2, np.float64)
    for m in range(n):
        coherence[m] = 1.0
        a = max(first[m] - 1, 0)
        b = min(last[m] + 1, time_us.size)
        k = 0
        for i in range(a, b):
            if k == 0 or time_us[i] - time_us[rows[k - 1]] >= step_us or i == b - 1:
                rows[k] = i
                k += 1
        chords, steps = 0.0, 0.0
        was_out = -1
        back = 0
        for q in range(k):
            i = rows[q]
            off = near_m(home_lat_deg[m], home_lon_deg[m], lat_deg[i], lon_deg[i])
            far[m] = max(far[m], off)
            if off > out_m:
                n_out[m] += 1
                if accuracy_m[i] > 0.0:
                    coarse[m] += accuracy_m[i]
                if was_out >= 0:
                    away_s[m] += (time_us[i] - time_us[was_out]) / 1e6
                was_out = i
            else:
                was_out = -1
            if q > 0:
                j = rows[q - 1]
                step = near_m(lat_deg[j], lon_deg[j], lat_deg[i], lon_deg[i])
                length[m] += step
                if part[j] == -1 and part[i] == -1:
                    steady_s[m] += (time_us[i] - time_us[j]) / 1e6
                speeds[q - 1] = step / max((time_us[i] - time_us[j]) / 1e6, 1.0)
                if q > 1:
                    h = rows[q - 2]
                    chords += near_m(lat_deg[h], lon_deg[h], lat_deg[i], lon_deg[i])
                    steps += step + near_m(lat_deg[h], lon_deg[h], lat_deg[j], lon_deg[j])
            while back + 1 < q and time_us[i] - time_us[rows[back + 1]] >= top_us:
                back += 1
            span_us = time_us[i] - time_us[rows[back]]
            if span_us >= top_us:
                h = rows[back]
                crow_m = near_m(lat_deg[h], lon_deg[h], lat_deg[i], lon_deg[i])
                top_mps[m] = max(top_mps[m], crow_m / (span_us / 1e6))
        if n_out[m] > 0:
            coarse[m] /= n_out[m]
        if steps > 0.0:
            coherence[m] = chords / steps
        if k > 1:
            h = 1
            while h < k - 1 and time_us[rows[h]] - time_us[rows[0]] < 300e6:
                h += 1
            for q in range(h):
                sifted[q] = speeds[q]
            head_mps[m] = quantile_of(sifted[:h], 0.8)
            h = k - 2
            while h > 0 and time_us[rows[k - 1]] - time_us[rows[h]] < 300e6:
                h -= 1
            for q in range(h, k - 1):
                sifted[q - h] = speeds[q]
            tail_mps[m] = quantile_of(sifted[: k - 1 - h], 0.8)
    return far, away_s, coherence, length, head_mps, tail_mps, top_mps, n_out, coarse, steady_s
