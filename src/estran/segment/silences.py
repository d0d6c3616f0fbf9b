"""Why time is unknown: from what the phone and its tracker said around a silence."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from estran.segment.settings import SegmentSettings
from estran.segment.values import (
    BATTERY_FLAT,
    GAP,
    NO_PERMISSION,
    NO_POSITION,
    PHONE_OFF,
    PHONE_SILENT,
    TRACKING_OFF,
    UNKNOWN,
    Segments,
)
from estran.trace import Activities, MarkKind, Marks

type_times = NDArray[np.int64]


def explained(
    segments: Segments, activities: Activities, marks: Marks, *, settings: SegmentSettings
) -> Segments:
    """Say of each unknown time why it is, where something tells; ``gap`` elsewhere.

    Parameters
    ----------
    segments : Segments
    activities : Activities
    marks : Marks
        Evidence beside the fixes, in time order; each may be empty.
    settings : SegmentSettings
    """
    rows = np.flatnonzero((segments.kind == UNKNOWN) & (segments.reason == GAP))
    if not rows.size or not (len(activities) or len(marks)):
        return segments
    told = _Told(activities, marks, settings)
    reason = segments.reason.copy()
    for row in rows.tolist():
        reason[row] = told.why(int(segments.start_us[row]), int(segments.end_us[row]))
    return replace(segments, reason=reason)


class _Told:
    """What was said beside the fixes, by kind, ready to be searched."""

    def __init__(self, activities: Activities, marks: Marks, settings: SegmentSettings) -> None:
        self._settings = settings
        self._near_us = round(settings.silence_near_s * 1e6)
        self._heard_us = np.sort(np.concatenate([activities.time_us, marks.time_us]))
        self._marks = {kind: np.sort(marks.time_us[marks.kind == kind]) for kind in MarkKind}

    def why(self, start_us: int, end_us: int) -> int:
        """Give the reason of a silence; what was said outright comes before what is inferred."""
        near_us = self._near_us
        flat_us = round(self._settings.silence_flat_s * 1e6)
        if self._off_share(start_us, end_us) >= self._settings.silence_off_share:
            return TRACKING_OFF
        if self._said(MarkKind.TRACKING_REFUSED, start_us - near_us, end_us):
            return NO_PERMISSION
        if self._said(MarkKind.BATTERY_FLAT, start_us - flat_us, start_us + near_us):
            return BATTERY_FLAT
        if self._said(MarkKind.BOOTED, start_us, end_us + near_us):
            return PHONE_OFF
        return self._by_hearing(start_us, end_us)

    def _said(self, kind: MarkKind, from_us: int, to_us: int) -> bool:
        return _any(self._marks[kind], from_us, to_us)

    def _off_share(self, start_us: int, end_us: int) -> float:
        """Tell for which share of a silence the tracker said that it was stopped."""
        stopped = self._marks[MarkKind.TRACKING_STOPPED]
        started = self._marks[MarkKind.TRACKING_STARTED]
        at = int(stopped.searchsorted(start_us - self._near_us))
        duty_us = round(self._settings.silence_stop_s * 1e6)
        off_us, until_us = 0, start_us
        for stop_us in stopped[at : int(stopped.searchsorted(end_us))].tolist():
            if self._said(MarkKind.TRIP_ENDED, stop_us - duty_us, stop_us + 1):
                continue
            following = int(started.searchsorted(stop_us, "right"))
            again_us = int(started[following]) if following < started.size else end_us
            from_us = max(stop_us, until_us)
            until_us = max(until_us, min(again_us, end_us))
            off_us += max(0, until_us - from_us)
        return off_us / max(end_us - start_us, 1)

    def _by_hearing(self, start_us: int, end_us: int) -> int:
        """Infer from whether the phone was heard at all."""
        heard, near_us = self._heard_us, self._near_us
        if _any(heard, start_us + near_us, end_us - near_us):
            return NO_POSITION
        beside_us = round(self._settings.silence_heard_s * 1e6)
        talks = _any(heard, start_us - beside_us, start_us + near_us) and _any(
            heard, end_us - near_us, end_us + beside_us
        )
        return PHONE_SILENT if talks and end_us - start_us >= beside_us else GAP


def _any(times_us: type_times, from_us: int, to_us: int) -> bool:
    """Tell whether an instant lies in ``[from_us, to_us)``."""
    first, last = times_us.searchsorted([from_us, max(from_us, to_us)]).tolist()
    return bool(last > first)
