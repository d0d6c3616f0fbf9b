"""When a trip began and ended: fixes first, then what the phone sensed beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import near_m
from estran.geo.compiled import frozen
from estran.segment._kernels import last_before_waking
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
        if self.time_us.size == 0:
            return to_us
        k = int(self.time_us.searchsorted(to_us, "right")) - 1
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
        if self.time_us.size == 0:
            return from_us
        k = int(self.time_us.searchsorted(from_us, "left"))
        until_us = from_us
        while k < self.time_us.size and self.time_us[k] <= to_us:
            if self.time_us[k] - until_us > apart_us:
                break
            if self.still[k]:
                return until_us if until_us == from_us else (until_us + int(self.time_us[k])) // 2
            until_us = int(self.time_us[k])
            k += 1
        return until_us

    def left_at(self, time_us: int, near_us: float) -> bool:
        """Tell whether the tracker said around an instant that somebody left."""
        k = int(self.exits_us.searchsorted(time_us - near_us))
        return k < self.exits_us.size and bool(self.exits_us[k] <= time_us + near_us)


def leaves_us(  # noqa: PLR0913, PLR0917 - what a border hangs on
    trace: Trace,
    origin: Still,
    departs: int,
    head_mps: float,
    target: Still,
    hints: Hints,
    *,
    settings: SegmentSettings,
) -> int:
    """Tell when a trip began: gone back from the first fix under way, as far as is plausible.

    ``departs`` is the row that :func:`got_up` gives for its origin.
    """
    if origin.duration_s <= 0:
        begun_us = origin.end_us
        if hints.left_at(begun_us, settings.mark_near_s * 1e6):
            begun_us -= round(_takes_s(settings.fence_m, head_mps, settings) * 1e6)
        return hints.moving_since_us(
            begun_us - round(settings.unseen_s * 1e6), begun_us, settings.unseen_apart_s * 1e6
        )
    seen = min(departs + 1, target.first)
    left_us, seen_us = trace.time_us.item(departs), trace.time_us.item(seen)
    far_m = _step_m(trace, departs, seen)
    woke = seen <= origin.departs
    speed_mps = settings.walk_mps if seen < origin.last and not woke else head_mps
    begun_us = max(left_us, seen_us - round(_takes_s(far_m, speed_mps, settings) * 1e6))
    since_us = hints.moving_since_us(
        begun_us - round(settings.sensed_s * 1e6), begun_us, settings.sensed_apart_s * 1e6
    )
    return min(since_us, target.start_us)


def got_up(trace: Trace, stills: Sequence[Still], *, settings: SegmentSettings) -> list[int]:
    """Find, for each stay, its last fix before whoever was there got up.

    A tracker that slept wakes because of movement: when the first fixes after a silence are
    off the last one before it, they belong to the trip although the stay's circle holds them.
    """
    first = np.array([still.first for still in stills], np.int64)
    departs = np.array([still.departs for still in stills], np.int64)
    rows: list[int] = last_before_waking(
        trace.time_us, trace.lat_deg, trace.lon_deg, frozen(first), frozen(departs),
        settings.wake_fixes, settings.wake_s * 1e6, settings.wake_m,
    ).tolist()  # fmt: skip
    return rows


def arrives_us(  # noqa: PLR0913 - what a border hangs on
    trace: Trace,
    departs: int,
    target: Still,
    tail_mps: float,
    hints: Hints,
    *,
    settings: SegmentSettings,
) -> int:
    """Tell when a trip ended: gone on from the last fix under way, as far as is plausible.

    A way without a fix ends with the first at the target: its beginning was gone back from.
    """
    if target.duration_s <= 0 or target.arrives - 1 <= departs:
        return target.start_us
    seen = max(target.arrives - 1, 0)
    came_us, seen_us = trace.time_us.item(target.arrives), trace.time_us.item(seen)
    far_m = _step_m(trace, seen, target.arrives)
    speed_mps = settings.walk_mps if seen >= target.first else tail_mps
    ended_us = min(came_us, seen_us + round(_takes_s(far_m, speed_mps, settings) * 1e6))
    until_us = hints.moving_until_us(
        ended_us, ended_us + round(settings.sensed_s * 1e6), settings.sensed_apart_s * 1e6
    )
    return min(until_us, target.end_us)


def _step_m(trace: Trace, a: int, b: int) -> float:
    return near_m(
        trace.lat_deg.item(a), trace.lon_deg.item(a),
        trace.lat_deg.item(b), trace.lon_deg.item(b),
    )  # fmt: skip


def _takes_s(far_m: float, seen_mps: float, settings: SegmentSettings) -> float:
    """Tell how long an unseen first or last stretch takes. [s]

    Rides begin and end slower than they go on, and with a walk to the vehicle; one that was
    seen in the core of a stay has no unseen stretch.
    """
    if seen_mps < settings.foot_most_mps or far_m <= settings.core_m:
        return far_m / max(min(seen_mps, settings.foot_most_mps), settings.walk_mps)
    speed_mps = min(max(0.5 * seen_mps, settings.walk_mps), settings.ride_most_mps)
    return settings.access_s + far_m / speed_mps
