"""When a trip began and ended: fixes first, then what the phone sensed beside them."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m
from estran.segment.settings import SegmentSettings
from estran.segment.stills import Still
from estran.trace import Activities, MarkKind, Marks, Motion, Trace

SURE_SHARE = 0.5
"""Activities below this confidence say nothing of a border."""
_VAGUE = (Motion.UNKNOWN, Motion.TILTING, Motion.OTHER)


@dataclass(frozen=True, slots=True)
class Hints:
    """What was sensed beside the fixes, ready to be searched."""

    time_us: NDArray[np.int64]
    still: NDArray[np.bool_]
    exits_us: NDArray[np.int64]

    @classmethod
    def of(cls, activities: Activities, marks: Marks) -> Hints:
        """Keep what tells stillness from movement."""
        sure = ~(activities.confidence_share < SURE_SHARE) & ~np.isin(activities.motion, _VAGUE)
        time_us = activities.time_us[sure]
        still = activities.motion[sure] == Motion.STILL
        order = np.lexsort((still, time_us))
        leaving = np.isin(marks.kind, (MarkKind.TRIP_STARTED, MarkKind.VISIT_ENDED))
        return cls(time_us[order], still[order], np.sort(marks.time_us[leaving]))

    def moving_since_us(self, from_us: int, to_us: int, apart_us: float) -> int:
        """Give the first of the sensed movements that run up to ``to_us``, else ``to_us``."""
        k = int(np.searchsorted(self.time_us, to_us, "right")) - 1
        since_us, last_us = to_us, to_us
        while k >= 0 and self.time_us[k] >= from_us and not self.still[k]:
            if last_us - self.time_us[k] > apart_us:
                break
            since_us = last_us = int(self.time_us[k])
            k -= 1
        return since_us

    def moving_until_us(self, from_us: int, to_us: int, apart_us: float) -> int:
        """Give the end of the sensed movements that follow ``from_us``, else ``from_us``.

        When stillness is sensed soon after, somebody stopped about halfway between.
        """
        k = int(np.searchsorted(self.time_us, from_us, "left"))
        until_us = from_us
        while k < self.time_us.size and self.time_us[k] <= to_us:
            if self.time_us[k] - until_us > apart_us:
                break
            if self.still[k]:
                return until_us if until_us == from_us else (until_us + int(self.time_us[k])) // 2
            until_us = int(self.time_us[k])
            k += 1
        return until_us

    def still_last_us(self, from_us: int, to_us: int) -> int:
        """Give the last sensed stillness in an interval, else its beginning."""
        a, b = np.searchsorted(self.time_us, (from_us, to_us))
        at = np.flatnonzero(self.still[a:b])
        return int(self.time_us[a + at[-1]]) if at.size else from_us

    def left_at(self, time_us: int, near_us: float) -> bool:
        """Tell whether the tracker said around an instant that somebody left."""
        k = int(np.searchsorted(self.exits_us, time_us - near_us))
        return k < self.exits_us.size and bool(self.exits_us[k] <= time_us + near_us)


def leaves_us(  # noqa: PLR0913 - what a border hangs on
    trace: Trace,
    origin: Still,
    head_mps: float,
    target: Still,
    hints: Hints,
    *,
    settings: SegmentSettings,
) -> int:
    """Tell when a trip began: gone back from the first fix under way, as far as is plausible."""
    departs = _left(trace, origin, settings)
    seen = min(departs + 1, target.first)
    left_us, seen_us = int(trace.time_us[departs]), int(trace.time_us[seen])
    if origin.duration_s <= 0:
        begun_us = origin.end_us
        if hints.left_at(begun_us, settings.mark_near_s * 1e6):
            begun_us -= round(_takes_s(settings.fence_m, head_mps, settings) * 1e6)
        return hints.moving_since_us(
            begun_us - round(settings.sensed_s * 1e6), begun_us, settings.sensed_apart_s * 1e6
        )
    far_m = _step_m(trace, departs, seen)
    woke = seen <= origin.departs
    speed_mps = settings.walk_mps if seen < origin.last and not woke else head_mps
    begun_us = max(left_us, seen_us - round(_takes_s(far_m, speed_mps, settings) * 1e6))
    since_us = hints.moving_since_us(
        begun_us - round(settings.sensed_s * 1e6), begun_us, settings.sensed_apart_s * 1e6
    )
    return min(since_us, target.start_us)


def _left(trace: Trace, origin: Still, settings: SegmentSettings) -> int:
    """Find the last fix of a stay before whoever was there got up.

    A tracker that slept wakes because of movement: when the first fixes after a silence are
    off the last one before it, they belong to the trip although the stay's circle holds them.
    """
    rows = slice(origin.first, origin.departs + 1)
    silences = np.flatnonzero(
        np.diff(trace.time_us[rows][-settings.wake_fixes :]) > settings.wake_s * 1e6
    )
    if silences.size == 0:
        return origin.departs
    n = origin.departs + 1 - origin.first
    before = origin.first + max(0, n - settings.wake_fixes) + int(silences[-1])
    woken_us = int(trace.time_us[origin.departs] - trace.time_us[before + 1])
    off_m = _step_m(trace, before, before + 1)
    moved = off_m >= settings.wake_m and woken_us <= settings.wake_s * 1e6
    return before if moved else origin.departs


def arrives_us(
    trace: Trace, target: Still, tail_mps: float, hints: Hints, *, settings: SegmentSettings
) -> int:
    """Tell when a trip ended: gone on from the last fix under way, as far as is plausible."""
    if target.duration_s <= 0:
        return target.start_us
    seen = max(target.arrives - 1, 0)
    came_us, seen_us = int(trace.time_us[target.arrives]), int(trace.time_us[seen])
    far_m = _step_m(trace, seen, target.arrives)
    speed_mps = settings.walk_mps if seen >= target.first else tail_mps
    ended_us = min(came_us, seen_us + round(_takes_s(far_m, speed_mps, settings) * 1e6))
    until_us = hints.moving_until_us(
        ended_us, ended_us + round(settings.sensed_s * 1e6), settings.sensed_apart_s * 1e6
    )
    return min(until_us, target.end_us)


def _step_m(trace: Trace, a: int, b: int) -> float:
    return near_m(
        float(trace.lat_deg[a]), float(trace.lon_deg[a]),
        float(trace.lat_deg[b]), float(trace.lon_deg[b]),
    )  # fmt: skip


def _takes_s(far_m: float, seen_mps: float, settings: SegmentSettings) -> float:
    """Tell how long an unseen first or last stretch takes. [s]

    Rides begin and end slower than they go on, and with a walk to the vehicle.
    """
    if seen_mps < settings.foot_most_mps:
        return far_m / max(seen_mps, settings.walk_mps)
    speed_mps = min(max(0.5 * seen_mps, settings.walk_mps), settings.ride_most_mps)
    return settings.access_s + far_m / speed_mps
