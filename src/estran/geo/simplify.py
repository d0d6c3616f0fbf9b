"""Fewer points for the same line."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo._kernels import keep_within
from estran.geo.compiled import frozen
from estran.geo.local import to_plane

type_f64 = NDArray[np.float64]


def simplified(
    lat_deg: type_f64, lon_deg: type_f64, *, tolerance_m: float = 10.0
) -> NDArray[np.intp]:
    """Choose points of a path so that the line through them stays near all of them.

    Parameters
    ----------
    lat_deg, lon_deg : float64 array, shape (n,)
        Positions in path order, WGS84. [°]
    tolerance_m : float
        No dropped point is further than this from the line drawn instead. [m]

    Returns
    -------
    intp array, shape (k,)
        Rows to keep, increasing; the two ends are always among them.

    Raises
    ------
    ValueError
        The arrays differ in shape.

    Notes
    -----
    Douglas and Peucker (1973) on the plane that touches the globe at the first point.
    Paths longer than some hundred kilometres are distorted there, never by less than
    they are shown on a map of that size.

    Examples
    --------
    >>> simplified(np.array([0.0, 0.0, 0.0, 0.001]), np.array([0.0, 0.001, 0.002, 0.002]))
    array([0, 2, 3])
    """
    if lat_deg.shape != lon_deg.shape or lat_deg.ndim != 1:
        msg = f"lat_deg {lat_deg.shape} and lon_deg {lon_deg.shape}: want two equal (n,)"
        raise ValueError(msg)
    if lat_deg.size == 0:
        return np.empty(0, np.intp)
    x_m, y_m = to_plane(lat_deg, lon_deg, lat0_deg=float(lat_deg[0]), lon0_deg=float(lon_deg[0]))
    return np.flatnonzero(keep_within(frozen(x_m), frozen(y_m), tolerance_m))
