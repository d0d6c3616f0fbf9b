"""Positions that a file gives without times of their own, spread over the time it gives."""

from __future__ import annotations

import numpy as np

from estran.geo.distance import distances_m
from estran.trace import type_f64, type_i64


def spread_us(lat_deg: type_f64, lon_deg: type_f64, start_us: int, end_us: int) -> type_i64:
    """Spread the points of a line over an interval, as if travelled at one speed.

    Parameters
    ----------
    lat_deg, lon_deg : float64 array, shape (n,)
        The line, WGS84. Unreadable points are NaN and take no time. [°]
    start_us, end_us : int
        When it was begun and ended.

    Returns
    -------
    int64 array, shape (n,)
        Instants that never go backwards; evenly spread where the line has no length.

    Examples
    --------
    >>> spread_us(np.array([0.0, 0.0, 0.0]), np.array([1.0, 2.0, 5.0]), 0, 4_000_000)
    array([      0, 1000000, 4000000])
    """
    n = lat_deg.size
    if not n:
        return np.empty(0, dtype=np.int64)
    step_m = np.nan_to_num(distances_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:]))
    along_m = np.concatenate(([0.0], np.cumsum(step_m)))
    if along_m[-1] <= 0.0:
        along_m = np.arange(n, dtype=np.float64)
    share = along_m / max(float(along_m[-1]), 1.0)
    spread: type_i64 = start_us + np.rint(share * (end_us - start_us)).astype(np.int64)
    return spread
