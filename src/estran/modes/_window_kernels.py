"""Compiled loops over windows: one pass each, where array expressions took one a term."""

# ruff: noqa: PLR0913, PLR0917 - a compiled loop takes arrays and numbers one by one

from __future__ import annotations

import math

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled

type_i64 = NDArray[np.int64]
type_f32 = NDArray[np.float32]


@compiled
def lay(
    trip_start_us: type_i64, step_us: type_i64, offset: type_i64
) -> tuple[type_i64, type_i64, type_f32]:
    """Give the start, the end and the length of each window. [µs, µs, s]"""
    n = offset[-1]
    start_us, end_us = np.empty(n, np.int64), np.empty(n, np.int64)
    step_s = np.empty(n, np.float32)
    for trip in range(step_us.size):
        at_us = trip_start_us[trip]
        for w in range(offset[trip], offset[trip + 1]):
            start_us[w] = at_us
            at_us += step_us[trip]
            end_us[w] = at_us
            step_s[w] = step_us[trip] / 1e6
    return start_us, end_us, step_s


@compiled
def support(
    start_us: type_i64,
    end_us: type_i64,
    speed_mps: type_f32,
    gap_s: type_f32,
    own_windows: float,
    stayed_mps: float,
    hides_after_s: float,
) -> type_f32:
    """Give how far each window is an observation: see :attr:`estran.modes.grid.Grid`."""
    out = np.zeros(start_us.size, np.float32)
    for w in range(out.size):
        step_s = (end_us[w] - start_us[w]) / 1e6
        wide_s = max(float(gap_s[w]), step_s)
        if not math.isfinite(wide_s):
            continue
        share = min(math.sqrt(step_s / wide_s * own_windows), 1.0)
        if speed_mps[w] > stayed_mps:
            share *= min(1.0, hides_after_s / wide_s)
        out[w] = share
    return out


@compiled
def centre(scores: type_f32, weight: type_f32) -> None:
    """Take its mean off each row of scores, and weigh the row; in place."""
    n = scores.shape[1]
    for w in range(scores.shape[0]):
        total = scores[w, 0]
        for s in range(1, n):
            total += scores[w, s]
        mean = np.float32(total / n)
        for s in range(n):
            scores[w, s] = (scores[w, s] - mean) * weight[w]


@compiled
def best(posterior: type_f32) -> NDArray[np.int8]:
    """Give the column of the greatest value of each row, the first among equals."""
    out = np.zeros(posterior.shape[0], np.int8)
    for w in range(out.size):
        for s in range(1, posterior.shape[1]):
            if posterior[w, s] > posterior[w, out[w]]:
                out[w] = s
    return out


@compiled
def heard(evidence: type_f32) -> NDArray[np.float64]:
    """Sum up to each window how far the evidence of windows tells states apart, from 0.

    Summed in double precision: in single, a year's sum had lost what one window adds.
    """
    out = np.zeros(evidence.shape[0] + 1)
    for w in range(evidence.shape[0]):
        low = high = evidence[w, 0]
        for s in range(1, evidence.shape[1]):
            low, high = min(low, evidence[w, s]), max(high, evidence[w, s])
        out[w + 1] = out[w] + (high - low)
    return out


@compiled
def stretches(
    offset: type_i64, state: NDArray[np.int8]
) -> tuple[type_i64, type_i64, type_i64, type_i64]:
    """Cut each trip where its windows change state: trip, half-open windows, state."""
    n = state.size
    trip_of, first = np.empty(n, np.int64), np.empty(n, np.int64)
    last, kind = np.empty(n, np.int64), np.empty(n, np.int64)
    k = 0
    for trip in range(offset.size - 1):
        for w in range(offset[trip], offset[trip + 1]):
            if w == offset[trip] or state[w] != state[w - 1]:
                trip_of[k], first[k], kind[k] = trip, w, state[w]
                k += 1
            last[k - 1] = w + 1
    return trip_of[:k].copy(), first[:k].copy(), last[:k].copy(), kind[:k].copy()


@compiled
def sums_between(values: type_f32, first: type_i64, last: type_i64) -> NDArray[np.float64]:
    """Sum the rows of each half-open range."""
    out = np.zeros((first.size, values.shape[1]))
    for row in range(first.size):
        for w in range(first[row], last[row]):
            for s in range(values.shape[1]):
                out[row, s] += values[w, s]
    return out
