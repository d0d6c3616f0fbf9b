"""Where a person enters and leaves a blurred zone, for the engine that reads the movement."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import fields

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m
from estran.privacy.zones import Keeps, Zone
from estran.trace import Positions, Trace

type_i64 = NDArray[np.int64]

SLOWEST_MPS, FASTEST_MPS = 1.0, 35.0
"""Between a slow walk and a motorway: how fast an edge is taken to be crossed. [m/s]"""

LOOK_US = 60_000_000
"""How long after an edge the speed is taken from. [µs]"""

SILENT_US = 300_000_000
"""A longer silence inside is a stay, not a passage: five minutes, as for stays. [µs]"""

STEP_US = 60_000_000
"""How far apart two positions stand that stand for a stay. [µs]"""


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
    keep, time_us = np.ones(len(trace), np.bool_), trace.time_us.copy()
    for zone in zones:
        if zone.keeps is not Keeps.CENTRE:
            continue
        at_centre = (trace.lat_deg == zone.lat_deg) & (trace.lon_deg == zone.lon_deg)
        for first, last in _runs(at_centre):
            start_us = _after_entry_us(trace, zone, first)
            end_us = _before_exit_us(trace, zone, last)
            run = slice(first, last + 1)
            inside = (time_us[run] >= start_us) & (time_us[run] <= end_us)
            time_us[run], keep[run] = _settled(time_us[run], inside, start_us, end_us)
    if bool(keep.all()):
        return trace
    return Trace.sorted_from(_at(trace, time_us, keep))


def _at(trace: Trace, time_us: type_i64, keep: NDArray[np.bool_]) -> Positions:
    columns = {f.name: getattr(trace, f.name)[keep] for f in fields(trace)}
    return Positions(**{**columns, "time_us": time_us[keep]})


def _settled(
    time_us: type_i64, keep: NDArray[np.bool_], start_us: int, end_us: int
) -> tuple[type_i64, NDArray[np.bool_]]:
    """Let a stay begin before a silence and end after one, though nothing near an edge is kept.

    A phone may tell of its coming home for a minute, and then nothing for hours. Its last two
    positions before such a silence stand for the stay, once the radius is crossed; its
    first two after one likewise.
    """
    time_us = time_us.copy()
    for row in np.flatnonzero(np.diff(time_us) > SILENT_US).tolist():
        middle_us = (time_us[row] + time_us[row + 1]) // 2
        if time_us[row] < start_us:
            settled_us = min(start_us, int(middle_us) - STEP_US)
            _stand(time_us, keep, [row - 1, row], settled_us)
        if time_us[row + 1] > end_us:
            settled_us = max(end_us - STEP_US, int(middle_us))
            _stand(time_us, keep, [row + 1, row + 2], settled_us)
    return time_us, keep


def _stand(time_us: type_i64, keep: NDArray[np.bool_], rows: list[int], from_us: int) -> None:
    """Keep rows, a step apart from an instant on."""
    for step, row in enumerate(rows):
        if 0 <= row < time_us.size:
            time_us[row] = from_us + step * STEP_US
            keep[row] = True


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
