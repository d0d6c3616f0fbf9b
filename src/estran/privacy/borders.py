"""Where a person enters and leaves a blurred zone, for the engine that reads the movement."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m
from estran.privacy.zones import Keeps, Zone
from estran.trace import Trace

type_i64 = NDArray[np.int64]

SLOWEST_MPS, FASTEST_MPS = 1.0, 35.0
"""Between a slow walk and a motorway: how fast an edge is taken to be crossed. [m/s]"""

LOOK_US = 60_000_000
"""How long after an edge the speed is taken from. [µs]"""


def crossed(trace: Trace, zones: Sequence[Zone]) -> Trace:
    """Leave out blurred positions so near an edge that they would make a jump to the centre.

    A blurred position stands at the centre whatever its true place: the last one before an
    edge would be a radius away from the next within seconds. What lies within the time that
    the radius takes at the speed of the edge is left out; a zone that was only passed
    through then leaves nothing, and is passed.

    Parameters
    ----------
    trace : Trace
        Veiled already.
    zones : sequence of Zone
    """
    keep = np.ones(len(trace), np.bool_)
    for zone in zones:
        if zone.keeps is not Keeps.CENTRE:
            continue
        at_centre = (trace.lat_deg == zone.lat_deg) & (trace.lon_deg == zone.lon_deg)
        for first, last in _runs(at_centre):
            start_us = _after_entry_us(trace, zone, first)
            end_us = _before_exit_us(trace, zone, last)
            rows = slice(first, last + 1)
            time_us = trace.time_us[rows]
            keep[rows] = (time_us >= start_us) & (time_us <= end_us)
    return trace if bool(keep.all()) else trace.take(keep)


def _runs(mask: NDArray[np.bool_]) -> list[tuple[int, int]]:
    """Give the first and last row of each run of True."""
    edges = np.diff(mask.astype(np.int8), prepend=0, append=0)
    firsts, ends = np.flatnonzero(edges == 1), np.flatnonzero(edges == -1)
    return list(zip(firsts.tolist(), (ends - 1).tolist(), strict=True))


def _after_entry_us(trace: Trace, zone: Zone, first: int) -> int:
    if first == 0:
        return int(trace.time_us[0])
    outside = first - 1
    from_us = trace.time_us[outside] - LOOK_US
    other = int(np.searchsorted(trace.time_us[: outside + 1], from_us))
    return int(trace.time_us[outside]) + _radius_us(trace, zone, other, outside)


def _before_exit_us(trace: Trace, zone: Zone, last: int) -> int:
    outside = last + 1
    if outside == len(trace):
        return int(trace.time_us[-1])
    until_us = trace.time_us[outside] + LOOK_US
    other = int(np.searchsorted(trace.time_us[outside:], until_us, side="right")) - 1 + outside
    return int(trace.time_us[outside]) - _radius_us(trace, zone, outside, other)


def _radius_us(trace: Trace, zone: Zone, one: int, other: int) -> int:
    """Tell how long the radius takes at the speed between two rows. [µs]"""
    speed_mps = SLOWEST_MPS
    spent_s = float(trace.time_us[other] - trace.time_us[one]) / 1e6
    if spent_s > 0:
        at = [trace.lat_deg[one], trace.lon_deg[one], trace.lat_deg[other], trace.lon_deg[other]]
        speed_mps = float(distances_m(*at)) / spent_s
    return int(1e6 * zone.radius_m / min(max(speed_mps, SLOWEST_MPS), FASTEST_MPS))
