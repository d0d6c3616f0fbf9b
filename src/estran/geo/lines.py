"""Many lines at once: thinned for drawing, measured without their jitter."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import draw
from estran.geo.compiled import frozen

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]

STEP_M = 20.0
"""For lengths, points closer than this to the last one counted are passed over."""


@dataclass(frozen=True, slots=True)
class Pieces:
    """Which fixes each line goes through, and where it begins and ends beside them.

    Parameters
    ----------
    first, last : int64 array, shape (n,)
        Half-open rows of the fixes.
    start_us, end_us : int64 array, shape (n,)
        Instants of fixes are held within these. [µs since 1970, UTC]
    head_lat_deg, head_lon_deg, tail_lat_deg, tail_lon_deg : float64 array, shape (n,)
        A point put before the first and after the last fix; NaN for none. [°]
    """

    first: type_i64
    last: type_i64
    start_us: type_i64
    end_us: type_i64
    head_lat_deg: type_f64
    head_lon_deg: type_f64
    tail_lat_deg: type_f64
    tail_lon_deg: type_f64


@dataclass(frozen=True, slots=True)
class Lines:
    """Thinned lines, one after the other.

    Parameters
    ----------
    time_us : int64 array, shape (k,)
    lat_deg, lon_deg : float64 array, shape (k,)
    offset : int64 array, shape (n + 1,)
        Line ``i`` has the points ``offset[i]:offset[i + 1]``.
    length_m : float64 array, shape (n,)
        Of the whole line, before it was thinned. [m]
    """

    time_us: type_i64
    lat_deg: type_f64
    lon_deg: type_f64
    offset: type_i64
    length_m: type_f64


def drawn(
    time_us: type_i64,
    lat_deg: type_f64,
    lon_deg: type_f64,
    pieces: Pieces,
    *,
    tolerance_m: float = 10.0,
) -> Lines:
    """Thin lines through fixes so that they stay near all of them, and measure them.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
    lat_deg, lon_deg : float64 array, shape (n,)
        Fixes in time order, WGS84. [°]
    pieces : Pieces
        The lines wanted; they may share fixes.
    tolerance_m : float
        No dropped point is further than this from the line drawn instead. [m]

    Returns
    -------
    Lines
        The two ends of each line are kept. A line without points has length 0.

    Notes
    -----
    Thinned by the rule of Douglas and Peucker (1973) on the plane that touches the globe at
    the line's first point: lines longer than some hundred kilometres are distorted there,
    never by less than they are shown on a map of that size.

    At one fix a second, 3 m of noise on each adds half its length to a walk when every step
    is summed. Steps of 20 m carry a few per cent of it, and cut corners by less. A line of
    two points more than 100 km apart is measured on the sphere.

    Examples
    --------
    >>> none = np.array([np.nan])
    >>> ends = (np.array([0]), np.array([4]), np.array([0]), np.array([3]))
    >>> lat, lon = np.array([0.0, 0.0, 0.0, 0.001]), np.array([0.0, 0.001, 0.002, 0.002])
    >>> lines = drawn(np.arange(4), lat, lon, Pieces(*ends, none, none, none, none))
    >>> lines.time_us, lines.length_m.round(1)
    (array([0, 2, 3]), array([333.6]))
    """
    heads = frozen(pieces.head_lat_deg), frozen(pieces.head_lon_deg)
    tails = frozen(pieces.tail_lat_deg), frozen(pieces.tail_lon_deg)
    return Lines(
        *draw(
            frozen(time_us), frozen(lat_deg), frozen(lon_deg),
            frozen(pieces.first), frozen(pieces.last),
            frozen(pieces.start_us), frozen(pieces.end_us), *heads, *tails, tolerance_m, STEP_M,
        )
    )  # fmt: skip
