"""Trips cut into windows of one length, whatever the spacing of their fixes."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import frozen
from estran.modes import _kernels, _window_kernels
from estran.modes.settings import ModeSettings
from estran.timebase import US_PER_S
from estran.trace import Columns, Trace, _check_columns

type_i64 = NDArray[np.int64]
type_f32 = NDArray[np.float32]

NEAR_WINDOWS = 3
"""Reach of the near features: with 10 s windows, 70 s around."""

FAR_WINDOWS = 12
"""Reach of the far features: with 10 s windows, about 4 minutes around."""

MEAN_HIDES_AFTER_S = 120.0
"""A mean speed over longer than this may be that of a wait and a ride together. [s]"""

OWN_WINDOWS = 2
"""A fix every so many windows is as good as one a window: features reach over several."""

STAYED_MPS = 0.3
"""A mean speed under this over a gap is that of somebody who stayed."""

FEATURES = (
    "speed_mps", "near_mean_mps", "near_top_mps", "far_lesser_top_mps", "far_still_share",
    "near_change_mps", "far_straight_share",
)  # fmt: skip
"""Columns of :attr:`Grid.features`."""


@dataclass(frozen=True, eq=False)
class TripBounds(Columns):
    """Where the trips of a trace are: half-open rows and instants, in time order.

    Parameters
    ----------
    first, last : int64 array, shape (n,)
        Half-open rows of the trace; equal for a trip that no fix saw, ``first`` then being
        the row of the first fix after it.
    start_us, end_us : int64 array, shape (n,)
        [µs since 1970, UTC]
    """

    first: type_i64
    last: type_i64
    start_us: type_i64
    end_us: type_i64

    def __post_init__(self) -> None:
        """Check and freeze the columns."""
        _check_columns(self, {"first": "i8", "last": "i8", "start_us": "i8", "end_us": "i8"})
        if bool((self.end_us < self.start_us).any() or (self.last < self.first).any()):
            msg = "a trip ends before it starts"
            raise ValueError(msg)


@dataclass(frozen=True, slots=True)
class Grid:
    """Windows of all trips, one trip after the other.

    Parameters
    ----------
    offset : int64 array, shape (n_trips + 1,)
        First window of each trip.
    start_us, end_us : int64 array, shape (n_windows,)
    speed_mps, gap_s, east_m, north_m : float32 array, shape (n_windows,)
        Mean speed, spacing of the fixes around (infinite where there is none on one
        side), displacement.
    features : float32 array, shape (n_windows, len(FEATURES))
    """

    offset: type_i64
    start_us: type_i64
    end_us: type_i64
    speed_mps: type_f32
    gap_s: type_f32
    east_m: type_f32
    north_m: type_f32
    features: type_f32

    @property
    def support_share(self) -> type_f32:
        """How far each window is an observation of its own.

        Windows between two fixes see the same mean speed: they weigh as the square root of
        their number, and less when so much time passed that the mean hides what was done
        (where one is found again at the same place, nothing is hidden).
        """
        return _window_kernels.support(
            self.start_us, self.end_us, self.speed_mps, self.gap_s,
            float(OWN_WINDOWS), STAYED_MPS, MEAN_HIDES_AFTER_S,
        )  # fmt: skip


def _steps_of(trips: TripBounds, settings: ModeSettings) -> tuple[type_i64, type_i64]:
    """Give each trip's window length and count: whole windows, one at least."""
    lasts_us = np.maximum(trips.end_us - trips.start_us, 1)
    want_us = round(settings.step_s * US_PER_S)
    count = np.clip(np.rint(lasts_us / want_us).astype(np.int64), 1, settings.longest_grid_steps)
    return np.maximum(lasts_us // count, 1), count


def passable_rows(trace: Trace, settings: ModeSettings) -> NDArray[np.bool_]:
    """Mask the fixes to use: poor ones are passed over where good ones are near."""
    poor = trace.accuracy_m > settings.poor_accuracy_m  # NaN compares false: kept
    if not poor.any():
        return np.ones(len(trace), bool)
    good_at = trace.time_us[~poor]
    if good_at.size == 0:
        return np.ones(len(trace), bool)
    after = np.searchsorted(good_at, trace.time_us[poor])
    before_us = trace.time_us[poor] - good_at[np.maximum(after - 1, 0)]
    after_us = good_at[np.minimum(after, good_at.size - 1)] - trace.time_us[poor]
    near = np.minimum(np.abs(before_us), np.abs(after_us)) <= 60 * US_PER_S
    keep = np.ones(len(trace), bool)
    keep[np.flatnonzero(poor)[near]] = False
    return keep


def _passed(
    trace: Trace, trips: TripBounds, settings: ModeSettings
) -> tuple[Trace, type_i64, type_i64]:
    """Leave out the fixes to pass over; give the others, and the rows of each trip in them."""
    keep = passable_rows(trace, settings)
    if keep.all():
        return trace, trips.first, trips.last
    rank = np.concatenate([[0], np.cumsum(keep)]).astype(np.int64)
    return trace.take(keep), frozen(rank[trips.first]), frozen(rank[trips.last])


def grid_of(trace: Trace, trips: TripBounds, *, settings: ModeSettings) -> Grid:
    """Cut trips into windows and compute what each looks like.

    Examples
    --------
    >>> trace = Trace.of([0, 20_000_000], [46.0, 46.001], [0.0, 0.0])
    >>> trips = TripBounds([0], [2], [0], [20_000_000])
    >>> grid_of(trace, trips, settings=ModeSettings()).speed_mps.round(1)
    array([5.6, 5.6], dtype=float32)
    """
    step_us, count = _steps_of(trips, settings)
    offset = np.concatenate([[0], np.cumsum(count)]).astype(np.int64)
    n = int(offset[-1])
    start_us, end_us, step_s = _window_kernels.lay(trips.start_us, step_us, offset)
    speed_mps, gap_s, east_m, north_m = (np.zeros(n, np.float32) for _ in range(4))
    used, first, last = _passed(trace, trips, settings)
    _kernels.window_motion(
        used.time_us, used.lat_deg, used.lon_deg, first, last, trips.start_us, step_us, offset,
        speed_mps, gap_s, east_m, north_m,
    )  # fmt: skip
    features = np.zeros((n, len(FEATURES)), np.float32)
    _kernels.window_features(
        offset, speed_mps, step_s, east_m, north_m, NEAR_WINDOWS, FAR_WINDOWS, features
    )
    return Grid(offset, start_us, end_us, speed_mps, gap_s, east_m, north_m, features)
