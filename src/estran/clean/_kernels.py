"""Loops of cleaning over the fixes of one source, compiled; each marks what to drop."""

# ruff: noqa: C901, PLR0913, PLR0917, PLR2004 - a compiled loop takes
# arrays and numbers one by one, holds its state in locals, and tells NaN by comparing.

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import M_PER_DEG, near_m
from estran.geo.compiled import compiled, inner

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]
type_f32 = NDArray[np.float32]
type_bool = NDArray[np.bool_]


@compiled
def blanks(lat_deg: type_f64, lon_deg: type_f64, blank_deg: float) -> type_bool:
    """Mark fixes that are a receiver's blank: 0, 0."""
    drop = np.zeros(lat_deg.size, np.bool_)
    for i in range(lat_deg.size):
        drop[i] = abs(lat_deg[i]) < blank_deg and abs(lon_deg[i]) < blank_deg
    return drop


@compiled
def drop_repeats(
    time_us: type_i64, lat_deg: type_f64, lon_deg: type_f64, accuracy_m: type_f32, repeat_us: float
) -> type_bool:
    """Drop all but the best of fixes that share an instant; ties go by position."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    kept = 0
    for i in range(1, n):
        if time_us[i] - time_us[kept] >= repeat_us:
            kept = i
            continue
        a = accuracy_m[i] if accuracy_m[i] == accuracy_m[i] else np.inf
        b = accuracy_m[kept] if accuracy_m[kept] == accuracy_m[kept] else np.inf
        better = a < b
        if a == b:
            better = lat_deg[i] < lat_deg[kept] or (
                lat_deg[i] == lat_deg[kept] and lon_deg[i] < lon_deg[kept]
            )
        if better:
            drop[kept] = True
            kept = i
        else:
            drop[i] = True
    return drop


@compiled
def drop_coarse(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    coarse_m: float,
    near_us: float,
) -> type_bool:
    """Drop coarse fixes that add nothing to better ones around them."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    n_coarse = 0
    for i in range(n):
        n_coarse += accuracy_m[i] > coarse_m
    if n_coarse == 0:
        return drop
    following = np.empty(n, np.int64)
    last = -1
    for k in range(n):
        i = n - 1 - k
        following[i] = last
        if not accuracy_m[i] > coarse_m:
            last = i
    before = -1
    for i in range(n):
        if not accuracy_m[i] > coarse_m:
            before = i
            continue
        after = following[i]
        own = accuracy_m[i]
        covered = True
        if before >= 0:
            if time_us[i] - time_us[before] <= near_us:
                drop[i] = True
                continue
            covered = near_m(lat_deg[i], lon_deg[i], lat_deg[before], lon_deg[before]) <= own
        if after >= 0:
            if time_us[after] - time_us[i] <= near_us:
                drop[i] = True
                continue
            covered = covered and (
                near_m(lat_deg[i], lon_deg[i], lat_deg[after], lon_deg[after]) <= own
            )
        drop[i] = covered and (before >= 0 or after >= 0)
    return drop


@inner
def _circle_m(accuracy_m: float) -> float:
    """Radius of a fix's circle for judging jumps: unknown counts as nothing, huge as 300 m."""
    if not accuracy_m > 0.0:
        return 0.0
    return min(accuracy_m, 300.0)


@inner
def _surely_near(lat1: float, lon1: float, lat2: float, lon2: float, most_deg: float) -> bool:
    """Tell without a root or a cosine that two positions are near: most steps are."""
    return abs(lat2 - lat1) + abs(lon2 - lon1) <= most_deg


@compiled
def drop_excursions(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    speed_mps: float,
    slack_m: float,
    most_fixes: int,
    most_us: float,
) -> type_bool:
    """Drop fixes reached by an impossible step that an impossible step takes back."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    p = 0
    i = 1
    while i < n:
        if _surely_near(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i], slack_m / M_PER_DEG):
            p = i
            i += 1
            continue
        far = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        if far <= slack_m or far <= speed_mps * (time_us[i] - time_us[p]) / 1e6:
            p = i
            i += 1
            continue
        back = -1
        if far > slack_m + _circle_m(accuracy_m[i]) + _circle_m(accuracy_m[p]):
            for j in range(i + 1, min(n, i + 1 + most_fixes)):
                if time_us[j] - time_us[p] > most_us:
                    break
                home = near_m(lat_deg[p], lon_deg[p], lat_deg[j], lon_deg[j])
                step = near_m(lat_deg[j - 1], lon_deg[j - 1], lat_deg[j], lon_deg[j])
                step_us = max(time_us[j] - time_us[j - 1], 1)
                if (
                    home <= slack_m + speed_mps * (time_us[j] - time_us[p]) / 1e6
                    and home < far
                    and step > slack_m
                    and step > speed_mps * step_us / 1e6
                ):
                    back = j
                    break
        if back < 0:
            p = i
            i += 1
            continue
        for k in range(i, back):
            drop[k] = True
        p = back
        i = back + 1
    return drop


@compiled
def drop_bounces(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    speed_mps: float,
    slack_m: float,
    most_us: float,
) -> type_bool:
    """Drop one to three fixes off, left from and back to one place in no time."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    i = 1
    while i < n - 1:
        p = i - 1
        if _surely_near(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i], 2.0 * slack_m / M_PER_DEG):
            i += 1
            continue
        out = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        wanted = 2.0 * slack_m + _circle_m(accuracy_m[p])
        out_us = time_us[i] - time_us[p]
        if out <= wanted or out < speed_mps * out_us / 1e6 or out_us > most_us:
            i += 1
            continue
        found = -1
        for q in range(i + 1, min(n, i + 4)):
            if time_us[q] - time_us[p] > most_us:
                break
            home = near_m(lat_deg[p], lon_deg[p], lat_deg[q], lon_deg[q])
            back = near_m(lat_deg[q - 1], lon_deg[q - 1], lat_deg[q], lon_deg[q])
            if home < 0.25 * out and back >= speed_mps * (time_us[q] - time_us[q - 1]) / 1e6:
                found = q
                break
            if near_m(lat_deg[i], lon_deg[i], lat_deg[q], lon_deg[q]) > 0.25 * out:
                break
        if found < 0:
            i += 1
            continue
        for k in range(i, found):
            drop[k] = True
        i = found + 1
    return drop


@compiled
def drop_leaps(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
    speed_mps: float,
    slack_m: float,
    most_us: float,
) -> type_bool:
    """Drop fixes at one spot that a still phone leaps to and back from, with none between.

    Both leaps are faster than anybody walks, and nothing moves before the first nor after the
    second: a router that the phone believes to be elsewhere.
    """
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    i = 2
    while i < n - 2:
        p = i - 1
        if _surely_near(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i], slack_m / M_PER_DEG):
            i += 1
            continue
        out_us = time_us[i] - time_us[p]
        out = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        circle = slack_m + _circle_m(accuracy_m[p])
        leaps = out > slack_m + circle and out >= speed_mps * out_us / 1e6 and out_us <= most_us
        if not leaps or near_m(lat_deg[p - 1], lon_deg[p - 1], lat_deg[p], lon_deg[p]) > circle:
            i += 1
            continue
        there = min(slack_m + _circle_m(accuracy_m[i]), 0.4 * out)
        q = i + 1
        while q < n and time_us[q] - time_us[i] <= most_us:
            if near_m(lat_deg[i], lon_deg[i], lat_deg[q], lon_deg[q]) > there:
                break
            q += 1
        back = q < n - 1 and time_us[q] - time_us[i] <= most_us
        if back:
            step = near_m(lat_deg[q - 1], lon_deg[q - 1], lat_deg[q], lon_deg[q])
            back = (
                near_m(lat_deg[p], lon_deg[p], lat_deg[q], lon_deg[q]) <= min(circle, 0.4 * out)
                and step >= speed_mps * (time_us[q] - time_us[q - 1]) / 1e6
                and near_m(lat_deg[q], lon_deg[q], lat_deg[q + 1], lon_deg[q + 1]) <= circle
            )
        if back:
            for k in range(i, q):
                drop[k] = True
            i = q + 1
        else:
            i += 1
    return drop


@compiled
def drop_spikes(
    time_us: type_i64, lat_deg: type_f64, lon_deg: type_f64, spike_m: float, most_us: float
) -> type_bool:
    """Drop single fixes of a dense trace that stick out at thrice the speed around."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    before = -1
    i = 1
    while i < n - 1:
        p = i - 1
        span_us = time_us[i + 1] - time_us[p]
        if span_us <= most_us and not _surely_near(
            lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i], spike_m / M_PER_DEG
        ):
            out = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
            out_s = max((time_us[i] - time_us[p]) / 1e6, 0.5)
            if out > spike_m and out > 3.0 * out_s * 2.0:
                before_mps = 0.0
                if before >= 0:
                    came = near_m(lat_deg[before], lon_deg[before], lat_deg[p], lon_deg[p])
                    before_mps = came / max((time_us[p] - time_us[before]) / 1e6, 0.5)
                if out > 3.0 * out_s * (before_mps + 2.0):
                    back = near_m(lat_deg[i], lon_deg[i], lat_deg[i + 1], lon_deg[i + 1])
                    past = near_m(lat_deg[p], lon_deg[p], lat_deg[i + 1], lon_deg[i + 1])
                    if back > spike_m and past < 0.5 * min(out, back):
                        drop[i] = True
                        before = p
                        i += 2
                        continue
        before = p
        i += 1
    return drop


@compiled
def drop_stale(
    time_us: type_i64, lat_deg: type_f64, lon_deg: type_f64, stale_m: float, most_us: float
) -> type_bool:
    """Drop fixes exactly equal to an earlier one when the path is elsewhere by now."""
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    p = 0
    for i in range(1, n - 1):
        if _surely_near(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i], stale_m / M_PER_DEG):
            p = i
            continue
        far = near_m(lat_deg[p], lon_deg[p], lat_deg[i], lon_deg[i])
        if far > stale_m:
            home = near_m(lat_deg[p], lon_deg[p], lat_deg[i + 1], lon_deg[i + 1])
            on = near_m(lat_deg[i], lon_deg[i], lat_deg[i + 1], lon_deg[i + 1])
            if on > stale_m and home < on:
                for j in range(p - 1, max(-1, p - 31), -1):
                    if time_us[i] - time_us[j] > most_us:
                        break
                    if lat_deg[j] == lat_deg[i] and lon_deg[j] == lon_deg[i]:
                        drop[i] = True
                        break
        if not drop[i]:
            p = i
    return drop


@compiled
def drop_frozen(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    speed_mps: float,
    jump_m: float,
) -> type_bool:
    """Drop a position repeated unchanged until the true one is impossibly far away.

    The first fix of such a run stays: the receiver was there when it froze.
    """
    n = time_us.size
    drop = np.zeros(n, np.bool_)
    first = 0
    for i in range(1, n):
        if lat_deg[i] == lat_deg[i - 1] and lon_deg[i] == lon_deg[i - 1]:
            continue
        if i - first > 2:
            far = near_m(lat_deg[i - 1], lon_deg[i - 1], lat_deg[i], lon_deg[i])
            if far > jump_m and far > speed_mps * (time_us[i] - time_us[i - 1]) / 1e6:
                for k in range(first + 1, i):
                    drop[k] = True
        first = i
    return drop


@compiled
def cut_pieces(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    gap_us: float,
    block_us: float,
    move_m: float,
) -> tuple[type_i64, type_bool]:
    """Cut one source's fixes where it was silent and where stillness turns to movement.

    Returns the first row of each piece, and whether it moves.
    """
    n = time_us.size
    first = np.empty(n, np.int64)
    moves = np.zeros(n, np.bool_)
    n_pieces = 0
    i = 0
    fresh = True
    while i < n:
        anchor = i if fresh else i - 1
        span = 0.0
        j = i
        while j < n and time_us[j] - time_us[i] < block_us:
            if j > i and time_us[j] - time_us[j - 1] > gap_us:
                break
            span = max(span, near_m(lat_deg[anchor], lon_deg[anchor], lat_deg[j], lon_deg[j]))
            j += 1
        moving = span > move_m
        if fresh or moving != moves[n_pieces - 1]:
            first[n_pieces] = i
            moves[n_pieces] = moving
            n_pieces += 1
        fresh = j < n and time_us[j] - time_us[j - 1] > gap_us
        i = j
    return first[:n_pieces].copy(), moves[:n_pieces].copy()


@compiled
def paint(start_us: type_i64, end_us: type_i64, value: type_i64, edges_us: type_i64) -> type_i64:
    """Give each stretch between two edges to the active piece of the highest value.

    Pieces come ordered by start; ties go to the earlier row. -1 where no piece is active.
    """
    owner = np.empty(max(edges_us.size - 1, 0), np.int64)
    active = np.empty(start_us.size, np.int64)
    n_active = 0
    upcoming = 0
    for e in range(owner.size):
        at = edges_us[e]
        kept = 0
        for k in range(n_active):
            if end_us[active[k]] > at:
                active[kept] = active[k]
                kept += 1
        n_active = kept
        while upcoming < start_us.size and start_us[upcoming] <= at:
            if end_us[upcoming] > at:
                active[n_active] = upcoming
                n_active += 1
            upcoming += 1
        best = -1
        for k in range(n_active):
            row = active[k]
            if best < 0 or value[row] > value[best] or (value[row] == value[best] and row < best):
                best = row
        owner[e] = best
    return owner


@compiled
def close_up(
    drop: type_bool,
    rows: type_i64,
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    accuracy_m: type_f32,
) -> int:
    """Move the kept rows of columns to their front, in place; give their number."""
    k = 0
    for i in range(drop.size):
        if drop[i]:
            continue
        rows[k] = rows[i]
        time_us[k] = time_us[i]
        lat_deg[k], lon_deg[k] = lat_deg[i], lon_deg[i]
        accuracy_m[k] = accuracy_m[i]
        k += 1
    return k
