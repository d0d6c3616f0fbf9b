"""What lies between two stills: movement, noise, or a gap - and what a gap means."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import frozen
from estran.segment._move_kernels import shapes
from estran.segment.claims import Claimed
from estran.segment.settings import SegmentSettings
from estran.segment.stills import Still


class Gap(IntEnum):
    """What a silence between two stills means."""

    NONE = 0
    BRIDGED = 1
    FLIGHT = 2
    UNKNOWN = 3


@dataclass(slots=True)
class Link:
    """What lies between one still and the next."""

    first: int
    last: int
    far_m: float
    away_s: float
    coherence: float
    length_m: float
    head_mps: float
    tail_mps: float
    top_mps: float
    n_out: int
    coarse_m: float
    steady_s: float
    gap: Gap
    claimed: bool


def between(
    claimed: Claimed, stills: Sequence[Still], part: NDArray[np.int64], *, settings: SegmentSettings
) -> list[Link]:
    """Measure what lies between each still and the next; one link fewer than stills.

    ``part`` is what :func:`estran.segment.stills.parted` gives.
    """
    trace = claimed.trace
    first = np.array([s.last for s in stills[:-1]], np.int64)
    last = np.array([s.first for s in stills[1:]], np.int64)
    home_lat = np.array([s.lat_deg for s in stills[:-1]])
    home_lon = np.array([s.lon_deg for s in stills[:-1]])
    measured = shapes(
        trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m, frozen(first), frozen(last),
        part, frozen(home_lat), frozen(home_lon), settings.trip_m, 30e6, settings.top_s * 1e6,
    )  # fmt: skip
    rows = zip(
        first.tolist(), last.tolist(), *(column.tolist() for column in measured), strict=True
    )
    links = []
    for (a, b), row in zip(itertools.pairwise(stills), rows, strict=True):
        told = claimed.covers(a.end_us, b.start_us)
        gap = meaning(a, b, told, settings=settings)
        far_m, away_s, coherence, length_m, head_mps, tail_mps, top_mps = row[2:9]
        n_out, coarse_m, steady_s = row[9:]
        links.append(
            Link(
                row[0], row[1], far_m, away_s, coherence, length_m, head_mps, tail_mps,
                top_mps, n_out, coarse_m, steady_s, gap, told,
            )
        )  # fmt: skip
    return links


def meaning(a: Still, b: Still, told: bool, *, settings: SegmentSettings) -> Gap:
    """Tell what the time between two neighbouring stills is, when no fix tells."""
    if b.first > a.last:
        return Gap.NONE
    gap_s = (b.start_us - a.end_us) / 1e6
    far_m = a.distance_m(b)
    speed_mps = far_m / max(gap_s, 1.0)
    if gap_s <= settings.gap_s:
        teleports = far_m > settings.look_m and speed_mps > settings.flight_most_mps
        return Gap.UNKNOWN if teleports else Gap.NONE
    if far_m >= settings.flight_m and settings.flight_mps <= speed_mps <= settings.flight_most_mps:
        return Gap.FLIGHT
    near = far_m <= settings.pull_m and gap_s <= settings.bridge_s
    plausible = _needed_mps(gap_s, settings) <= speed_mps <= settings.flight_most_mps
    return Gap.BRIDGED if told or near or plausible else Gap.UNKNOWN


def _needed_mps(gap_s: float, settings: SegmentSettings) -> float:
    """Give the mean speed that a gap needs to be a trip: the longer, the faster."""
    if gap_s <= settings.gap_short_s:
        return settings.gap_foot_mps
    return settings.gap_ride_mps if gap_s <= settings.gap_long_s else settings.gap_long_mps
