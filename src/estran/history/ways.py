"""The way of an interval, in five points, and how far two ways are from each other."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Self

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m, step_lengths_m
from estran.trace import Trace

type_f64 = NDArray[np.float64]
type_i64 = NDArray[np.int64]

SHARES = np.array([0.0, 0.25, 0.5, 0.75, 1.0])
"""Where on its length a way is looked at: its ends tell places, what is between the route.

Points at shares move little when a border is found a minute early or late, which the ends
alone would not bear; and a loop has ends that say nothing.
"""

FULL_TURN_DEG = 360.0


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Ways:
    """Ways of intervals, a row each.

    Parameters
    ----------
    start_us, end_us : int64 array, shape (n,)
        [µs since 1970, UTC]
    lat_deg, lon_deg : float64 array, shape (n, len(SHARES))
        Points at shares of the length, in the order travelled. [°]
    length_m : float64 array, shape (n,)
        Along the positions.
    """

    start_us: type_i64
    end_us: type_i64
    lat_deg: type_f64
    lon_deg: type_f64
    length_m: type_f64

    def __len__(self) -> int:
        """Count the rows."""
        return int(self.start_us.size)

    def take(self, index: NDArray[np.intp] | NDArray[np.bool_] | slice) -> Self:
        """Choose rows."""
        return type(self)(*(getattr(self, f.name)[index] for f in fields(self)))

    @property
    def speed_mps(self) -> type_f64:
        """Mean speed, stops included; 0 for an interval of no length in time."""
        lasts_s = (self.end_us - self.start_us) / 1e6
        out = np.zeros(len(self))
        np.divide(self.length_m, lasts_s, out=out, where=lasts_s > 0)
        return out


@dataclass(frozen=True, slots=True, eq=False, repr=False)
class Track:
    """A trace with the distance travelled up to each fix, for looking up many ways."""

    time_us: type_i64
    lat_deg: type_f64
    lon_deg: type_f64
    along_m: type_f64

    @classmethod
    def of(cls, trace: Trace) -> Self:
        """Measure a trace once."""
        steps_m = step_lengths_m(trace.lat_deg, trace.lon_deg)
        along_m = np.concatenate([np.zeros(min(len(trace), 1)), np.cumsum(steps_m)])
        # Unwrapped, so that a way over the antimeridian does not cross the globe.
        lon_deg = np.unwrap(trace.lon_deg, period=FULL_TURN_DEG)
        return cls(trace.time_us, trace.lat_deg, lon_deg, along_m)

    def ways(self, start_us: type_i64, end_us: type_i64) -> Ways:
        """Look up the ways of intervals; outside the trace its end is taken.

        Parameters
        ----------
        start_us, end_us : int64 array, shape (n,)
            [µs since 1970, UTC]
        """
        from_m, to_m = (np.interp(at, self.time_us, self.along_m) for at in (start_us, end_us))
        at_m = from_m[:, None] + (to_m - from_m)[:, None] * SHARES
        lat_deg, lon_deg = (
            np.interp(at_m, self.along_m, column) for column in (self.lat_deg, self.lon_deg)
        )
        return Ways(start_us, end_us, lat_deg, lon_deg, to_m - from_m)


def apart_m(ways: Ways, lat_deg: type_f64, lon_deg: type_f64) -> type_f64:
    """Measure how far ways are from one other way, travelled in either direction.

    Parameters
    ----------
    ways : Ways
    lat_deg, lon_deg : float64 array, shape (len(SHARES),)
        The points of the other.

    Returns
    -------
    float64 array, shape (n,)
        Mean distance between points at the same share, in the direction that fits. [m]
    """
    along = distances_m(ways.lat_deg, ways.lon_deg, lat_deg, lon_deg).mean(axis=1)
    against = distances_m(ways.lat_deg, ways.lon_deg, lat_deg[::-1], lon_deg[::-1]).mean(axis=1)
    nearer: type_f64 = np.minimum(along, against)
    return nearer
