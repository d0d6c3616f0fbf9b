"""What of a trip may be shown to others: its way without its ends, and no place at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import step_lengths_m
from estran.journal import Mark, Trip
from estran.privacy import Zone, within

TRIMMED_M = 500.0
"""So much is cut off both ends: who sees the picture learns no home, work or doctor. Coach CO2
and sport apps hide 200 to 1,600 m; a fixed circle around a home can be reckoned back from many
pictures, a cut along the way from none of ours alone. [m]"""

LEAST_M = 1_000.0
"""So much must be left, else only words are shown. [m]"""

STEP_M = 100.0
"""The way is drawn no finer: a picture is no map. [m]"""


@dataclass(frozen=True, slots=True)
class Shown:
    """The part of a way that may be shown, as a drawing without place or scale.

    Parameters
    ----------
    x, y : float64 array, shape (n,)
        0 to 1 across the longer side, y downwards; n is 0 where nothing may be shown.
    aspect : float
        Width over height of the drawing.
    """

    x: NDArray[np.float64]
    y: NDArray[np.float64]
    aspect: float = 1.0


NOTHING = Shown(np.empty(0), np.empty(0))


def shown(trip: Trip, zones: Sequence[Zone] = ()) -> Shown:
    """Give what of a trip may be shown.

    Parameters
    ----------
    trip : Trip
    zones : sequence of Zone
        The person's private places: a way is cut at the first and the last of them, and not
        shown at all where one lies in its midst.

    Returns
    -------
    Shown
        Nothing of a trip marked private.
    """
    paths = [leg.path for leg in trip.legs if len(leg.path)]
    if Mark.PRIVATE in trip.marks or not paths:
        return NOTHING
    lat_deg = np.concatenate([path.lat_deg for path in paths])
    lon_deg = np.unwrap(np.concatenate([path.lon_deg for path in paths]), period=360.0)
    along_m = np.concatenate([[0.0], np.cumsum(step_lengths_m(lat_deg, lon_deg))])
    first_m, last_m = TRIMMED_M, float(along_m[-1]) - TRIMMED_M
    for zone in zones:
        inside = np.flatnonzero(_inside(lat_deg, lon_deg, along_m, zone))
        if inside.size:
            at_m = _fine(along_m)[inside]
            if at_m[0] <= along_m[-1] / 2:
                first_m = max(first_m, float(at_m[at_m <= along_m[-1] / 2][-1]) + TRIMMED_M)
            if at_m[-1] > along_m[-1] / 2:
                last_m = min(last_m, float(at_m[at_m > along_m[-1] / 2][0]) - TRIMMED_M)
    if last_m - first_m < LEAST_M:
        return NOTHING
    at_m = np.linspace(first_m, last_m, max(int((last_m - first_m) / STEP_M), 2))
    return _drawn(np.interp(at_m, along_m, lat_deg), np.interp(at_m, along_m, lon_deg))


def _fine(along_m: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.arange(0.0, float(along_m[-1]) + 1.0, 25.0)


def _inside(
    lat_deg: NDArray[np.float64],
    lon_deg: NDArray[np.float64],
    along_m: NDArray[np.float64],
    zone: Zone,
) -> NDArray[np.bool_]:
    """Tell where the way lies in a zone, every 25 m: between two vertices too."""
    at_m = _fine(along_m)
    turned = (np.interp(at_m, along_m, lon_deg) + 180.0) % 360.0 - 180.0
    return np.asarray(within(np.interp(at_m, along_m, lat_deg), turned, zone))


def _drawn(lat_deg: NDArray[np.float64], lon_deg: NDArray[np.float64]) -> Shown:
    x = (lon_deg - lon_deg.min()) * np.cos(np.radians(lat_deg.mean()))
    y = lat_deg.max() - lat_deg
    side = max(float(x.max()), float(y.max())) or 1.0
    height = max(float(y.max()) / side, 0.05)
    width = max(float(x.max()) / side, 0.05)
    return Shown(x / side, y / side, width / height)
