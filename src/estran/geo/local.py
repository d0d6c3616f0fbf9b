"""A flat map around one place: metres east and north."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import EARTH_RADIUS_M

type_f64 = NDArray[np.float64]


def to_plane(
    lat_deg: type_f64, lon_deg: type_f64, *, lat0_deg: float, lon0_deg: float
) -> tuple[type_f64, type_f64]:
    """Lay positions on the plane that touches the globe at an origin.

    Parameters
    ----------
    lat_deg, lon_deg : float64 array, shape (n,)
        Positions, WGS84. [°]
    lat0_deg, lon0_deg : float
        The origin. [°]

    Returns
    -------
    x_m, y_m : float64 array, shape (n,)
        Metres east and north of the origin; the antimeridian is no edge.

    Examples
    --------
    >>> x, y = to_plane(np.array([0.0]), np.array([-179.9]), lat0_deg=0.0, lon0_deg=179.9)
    >>> float(x[0].round()), float(y[0])
    (22239.0, 0.0)
    """
    turn = (lon_deg - lon0_deg + 180.0) % 360.0 - 180.0
    x_m: type_f64 = np.radians(turn) * (EARTH_RADIUS_M * np.cos(np.radians(lat0_deg)))
    y_m: type_f64 = np.radians(lat_deg - lat0_deg) * EARTH_RADIUS_M
    return x_m, y_m
