"""Great-circle distances and bearings on a sphere."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

type_f64 = NDArray[np.float64]

EARTH_RADIUS_M = 6_371_008.8
"""Mean radius of the WGS84 ellipsoid, (2a + b) / 3. [m]"""


def distances_m(
    lat1_deg: type_f64, lon1_deg: type_f64, lat2_deg: type_f64, lon2_deg: type_f64
) -> type_f64:
    """Measure great-circle distances between pairs of positions.

    Parameters
    ----------
    lat1_deg, lon1_deg, lat2_deg, lon2_deg : float64 array, any broadcastable shape
        Positions, WGS84. [°]

    Returns
    -------
    float64 array
        Distance of each pair. [m]

    Notes
    -----
    Haversine on a sphere: within 0.6 % of the ellipsoid, and exact enough for steps
    under a metre, where the arc-cosine form loses all its digits.

    Examples
    --------
    >>> float(distances_m(np.array(45.0), np.array(5.0), np.array(45.0), np.array(5.01)).round(1))
    786.3
    """
    lat1, lat2 = np.radians(lat1_deg), np.radians(lat2_deg)
    rise = np.sin((lat2 - lat1) / 2) ** 2
    run = np.sin(np.radians(np.subtract(lon2_deg, lon1_deg)) / 2) ** 2
    chord = rise + np.cos(lat1) * np.cos(lat2) * run
    arc: type_f64 = 2 * np.arcsin(np.sqrt(np.minimum(chord, 1.0)))
    return EARTH_RADIUS_M * arc


def distance_m(lat1_deg: float, lon1_deg: float, lat2_deg: float, lon2_deg: float) -> float:
    """Measure the great-circle distance between two positions. [m]

    Examples
    --------
    >>> round(distance_m(48.8566, 2.3522, 46.1591, -1.1517) / 1000)
    399
    """
    one, other = np.array([lat1_deg, lon1_deg]), np.array([lat2_deg, lon2_deg])
    return float(distances_m(one[:1], one[1:], other[:1], other[1:])[0])


def step_lengths_m(lat_deg: type_f64, lon_deg: type_f64) -> type_f64:
    """Measure the great-circle length of each step of a path.

    Parameters
    ----------
    lat_deg, lon_deg : float64 array, shape (n,)
        Positions in path order, WGS84. [°]

    Returns
    -------
    float64 array, shape (max(n - 1, 0),)
        Length from each position to the next. [m]

    Raises
    ------
    ValueError
        The two arrays differ in shape, or are not one-dimensional.

    Examples
    --------
    >>> step_lengths_m(np.array([45.0, 45.0]), np.array([5.0, 5.01])).round(1)
    array([786.3])
    """
    if lat_deg.ndim != 1 or lat_deg.shape != lon_deg.shape:
        msg = f"lat_deg {lat_deg.shape} and lon_deg {lon_deg.shape}: want two equal (n,)"
        raise ValueError(msg)
    return distances_m(lat_deg[:-1], lon_deg[:-1], lat_deg[1:], lon_deg[1:])
