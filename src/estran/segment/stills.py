"""Still runs: where and when somebody stayed put, from fixes alone."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m
from estran.geo.compiled import frozen
from estran.segment._kernels import centres, cores, find_stills, widen
from estran.segment._move_kernels import strolls
from estran.segment._walk_kernels import arrivals, steady
from estran.segment.claims import Claimed
from estran.segment.settings import SegmentSettings
from estran.segment.values import KnownPlaces
from estran.trace import Trace

type_i64 = NDArray[np.int64]


@dataclass(slots=True)
class Still:
    """Time at one place while segments are made. A still without duration is a spot."""

    first: int
    last: int
    start_us: int
    end_us: int
    lat_deg: float
    lon_deg: float
    radius_m: float
    accuracy_m: float
    arrives: int
    departs: int

    @property
    def duration_s(self) -> float:
        """How long it lasts. [s]"""
        return (self.end_us - self.start_us) / 1e6

    def distance_m(self, other: Still) -> float:
        """How far the centres are from each other. [m]"""
        return near_m(self.lat_deg, self.lon_deg, other.lat_deg, other.lon_deg)

    def absorb(self, other: Still) -> None:
        """Take over a later still at the same place, and the time between."""
        mine, theirs = self.duration_s + 1.0, other.duration_s + 1.0
        share = theirs / (mine + theirs)
        turn = (other.lon_deg - self.lon_deg + 180.0) % 360.0 - 180.0
        lon = self.lon_deg + share * turn
        self.lon_deg = (lon + 180.0) % 360.0 - 180.0
        self.lat_deg += share * (other.lat_deg - self.lat_deg)
        self.radius_m = max(self.radius_m, other.radius_m)
        self.accuracy_m = float(np.fmin(self.accuracy_m, other.accuracy_m))
        self.last, self.end_us, self.departs = other.last, other.end_us, other.departs


def parted(claimed: Claimed, *, settings: SegmentSettings) -> type_i64:
    """Count the parts of a trace that no stay spans; steady movement is -1."""
    trace = claimed.trace
    part = claimed.parts() if claimed.move_start_us.size else np.empty(0, np.int64)
    return steady(
        trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m, frozen(part),
        round(settings.steady_bin_s * 1e6), settings.steady_m, settings.steady_share,
        settings.top_mps * settings.steady_bin_s,
        round(settings.steady_s / settings.steady_bin_s),
    )  # fmt: skip


def found(claimed: Claimed, part: type_i64, *, settings: SegmentSettings) -> list[Still]:
    """Find still runs and the spots around them, in time order.

    The list covers the trace: it begins and ends with a still (perhaps a spot), and a spot
    stands on each side of a gap that has no still there, so that whatever lies between two
    neighbours is either fixes without a gap, or one gap without a fix.
    """
    trace = claimed.trace
    first, last = find_stills(
        trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m, frozen(part),
        settings.still_m, settings.still_accuracy_most_m, settings.still_s * 1e6,
        settings.still_away_s * 1e6, settings.still_away_fixes,
        settings.still_away_most_s * 1e6, settings.bridge_s * 1e6, settings.still_start_s * 1e6,
    )  # fmt: skip
    n_runs = first.size
    first, last = _without_strolls(trace, first, last, settings)
    first, last = _without_pauses(trace.time_us, first, last, settings)
    if first.size < n_runs:
        first, last = _widened(trace, first, last, settings)
    first, last = _with_spots(trace, part, first, last, settings)
    lat, lon, radius, accuracy = centres(
        trace.lat_deg, trace.lon_deg, trace.accuracy_m, frozen(first), frozen(last)
    )
    arrives, departs = cores(
        trace.time_us,
        trace.lat_deg,
        trace.lon_deg,
        frozen(first),
        frozen(last),
        lat,
        lon,
        settings.core_m,
        settings.core_most_m,
        settings.wake_s * 1e6,
        settings.wake_m,
    )
    stills = [
        Still(*row)
        for row in zip(
            first.tolist(),
            last.tolist(),
            trace.time_us[first].tolist(),
            trace.time_us[last - 1].tolist(),
            lat.tolist(),
            lon.tolist(),
            radius.tolist(),
            accuracy.tolist(),
            arrives.tolist(),
            departs.tolist(),
            strict=True,
        )
    ]
    for here, there in itertools.pairwise(stills):
        if not claimed.covers(here.end_us, there.start_us):
            _rest(here, there, settings)
    return stills


def _without_strolls(
    trace: Trace, first: type_i64, last: type_i64, settings: SegmentSettings
) -> tuple[type_i64, type_i64]:
    """Leave out short runs that go straight on: somebody walks slowly through the circle."""
    net_m, straight_share, coarse_m = strolls(
        trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m,
        frozen(first), frozen(last), settings.stroll_bin_s * 1e6,
    )  # fmt: skip
    short = trace.time_us[last - 1] - trace.time_us[first] <= settings.stroll_s * 1e6
    goes_on = net_m >= settings.stroll_m + coarse_m
    stays = ~(short & goes_on & (straight_share >= settings.stroll_share))
    return first[stays], last[stays]


def places_of(stills: Sequence[Still]) -> KnownPlaces:
    """Tell where somebody was, and how long."""
    return KnownPlaces(
        np.array([s.start_us for s in stills], np.int64),
        np.array([s.lat_deg for s in stills]),
        np.array([s.lon_deg for s in stills]),
        np.array([s.duration_s for s in stills]),
    )


def _without_pauses(
    time_us: type_i64, first: type_i64, last: type_i64, settings: SegmentSettings
) -> tuple[type_i64, type_i64]:
    """Leave out pauses too short to cut anything: home shall not swallow those on its doorstep.

    Beside a silence, and at both ends of the trace, short stillness is all that shows a stay.
    """
    gap = np.concatenate([[True], np.diff(time_us) > settings.gap_s * 1e6, [True]])
    silent = np.flatnonzero(gap)
    edge_us = settings.hop_s * 1e6
    before = silent[np.searchsorted(silent, first, "right") - 1]
    after = silent[np.searchsorted(silent, last, "left")] - 1
    beside = (time_us[first] - time_us[before] <= edge_us) | (
        time_us[after] - time_us[last - 1] <= edge_us
    )
    stays = beside | (time_us[last - 1] - time_us[first] >= settings.wait_any_s * 1e6)
    return first[stays], last[stays]


def _widened(
    trace: Trace, first: type_i64, last: type_i64, settings: SegmentSettings
) -> tuple[type_i64, type_i64]:
    """Give stays what was theirs of the runs left out: arrivals, the last minutes before."""
    lat, lon, _, _ = centres(
        trace.lat_deg, trace.lon_deg, trace.accuracy_m, frozen(first), frozen(last)
    )
    return widen(
        trace.time_us, trace.lat_deg, trace.lon_deg, frozen(first), frozen(last), lat, lon,
        settings.core_most_m, settings.gap_s * 1e6,
    )  # fmt: skip


def _rest(here: Still, there: Still, settings: SegmentSettings) -> None:
    """Let a gap that is too long for its distance be time at the place before it.

    Phones fall silent when nothing moves and wake late: somebody who is found some hundred
    metres away after an hour was at the first place until the walk there began.
    """
    gap_s = (there.start_us - here.end_us) / 1e6
    if there.first > here.last or not settings.gap_s < gap_s <= settings.bridge_s:
        return
    far_m = here.distance_m(there)
    rest_s = gap_s - far_m / settings.walk_mps
    if far_m <= settings.pull_m and rest_s >= settings.still_s:
        here.end_us += round(rest_s * 1e6)
        here.departs = here.last - 1


def _with_spots(
    trace: Trace, part: type_i64, first: type_i64, last: type_i64, settings: SegmentSettings
) -> tuple[type_i64, type_i64]:
    """Add one-fix runs at both ends of the trace and beside each gap, and arrivals there."""
    gaps = np.flatnonzero(np.diff(trace.time_us) > settings.gap_s * 1e6)
    wanted = np.unique(np.concatenate([np.array([0, len(trace) - 1]), gaps, gaps + 1]))
    run = np.searchsorted(first, wanted, side="right") - 1
    if last.size:
        covered = (run >= 0) & (wanted < last[np.maximum(run, 0)])
        wanted = wanted[~covered]
    begins = arrivals(
        trace.time_us, trace.lat_deg, trace.lon_deg, part, wanted,
        settings.gap_s * 1e6, settings.arrival_m,
    )  # fmt: skip
    first = np.concatenate([first, begins])
    last = np.concatenate([last, wanted + 1])
    order = np.argsort(first, kind="stable")
    return first[order], last[order]
