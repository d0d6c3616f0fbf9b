"""In which unit a table's speeds are, when its header does not say."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from estran.geo.distance import distances_m
from estran.timebase import US_PER_S
from estran.trace import Positions
from estran.units import MPS_PER_KMH, MPS_PER_KNOT


@dataclass(frozen=True, slots=True)
class SpeedSettings:
    """When displacement tells the unit of a column of speeds.

    The ratio of told to travelled speed is 1 for m/s, 1.94 for knots, 3.6 for km/h; bends
    and smoothing move the median of many rows by less than a quarter (seen on the tracks
    of the fixtures), which keeps the three apart.
    """

    n_rows: int = 20
    longest_s: float = 60.0
    slowest_mps: float = 1.0
    tolerance_factor: float = 1.28


def factor_of(
    told: np.ndarray, positions: Positions, settings: SpeedSettings | None = None
) -> float:
    """Find the factor that brings told speeds to m/s, from the displacement they go with.

    Parameters
    ----------
    told : float array, shape (n,)
        Speeds as the file tells them.
    positions : Positions
        Of the same rows, in the order of the file.

    Returns
    -------
    float
        1 when there is too little to tell: m/s is what most recorders write.
    """
    settings = settings or SpeedSettings()
    step_s = np.diff(positions.time_us) / US_PER_S
    near = (step_s > 0) & (step_s <= settings.longest_s)
    travelled_m = distances_m(
        positions.lat_deg[:-1], positions.lon_deg[:-1], positions.lat_deg[1:], positions.lon_deg[1:]
    )
    travelled_mps = np.where(near, travelled_m / np.where(near, step_s, 1.0), 0.0)
    mean = (told[1:] + told[:-1]) / 2.0
    rows = (travelled_mps > settings.slowest_mps) & np.isfinite(mean) & (mean > 0)
    if np.count_nonzero(rows) < settings.n_rows:
        return 1.0
    ratio = float(np.median(mean[rows] / travelled_mps[rows]))
    for factor in (MPS_PER_KMH, MPS_PER_KNOT):
        if 1 / settings.tolerance_factor < ratio * factor < settings.tolerance_factor:
            return factor
    return 1.0
