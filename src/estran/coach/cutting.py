"""Cutting a leg at an instant: its distance and its path go with it."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from estran.geo.distance import step_lengths_m
from estran.journal import Leg, Path

FULL_TURN_DEG = 360.0
"""What a longitude may be turned by without changing its place."""


def cut(leg: Leg, at_us: int) -> tuple[Leg, Leg]:
    """Cut a leg in two.

    Parameters
    ----------
    leg : Leg
    at_us : int
        Between its borders. [µs since 1970, UTC]

    Returns
    -------
    tuple of two Leg
        Their distances and positions sum to those of the leg. The distance is shared as
        the path tells, or by time where the path tells nothing; the cut is a position of
        both paths. Footprints are left out: price them anew.
    """
    share = _share_before(leg, at_us)
    before, after = _paths(leg.path, at_us)
    n_before = round(leg.n_positions * (at_us - leg.started_us) / (leg.ended_us - leg.started_us))
    return (
        replace(
            leg,
            ended_us=at_us,
            distance_m=leg.distance_m * share,
            path=before,
            n_positions=n_before,
            co2e=None,
        ),
        replace(
            leg,
            started_us=at_us,
            distance_m=leg.distance_m * (1.0 - share),
            path=after,
            n_positions=leg.n_positions - n_before,
            co2e=None,
        ),
    )


def _share_before(leg: Leg, at_us: int) -> float:
    """Tell which share of a leg's distance lies before an instant."""
    path = leg.path
    if len(path) > 1:
        along_m = np.concatenate([[0.0], np.cumsum(step_lengths_m(path.lat_deg, path.lon_deg))])
        if along_m[-1] > 0.0:
            return float(np.interp(at_us, path.time_us, along_m) / along_m[-1])
    return (at_us - leg.started_us) / (leg.ended_us - leg.started_us)


def _paths(path: Path, at_us: int) -> tuple[Path, Path]:
    if not len(path):
        return path, path
    index = int(np.searchsorted(path.time_us, at_us))
    lat_deg = float(np.interp(at_us, path.time_us, path.lat_deg))
    # Unwrapped, so that a line over the antimeridian is not cut on the other side of the globe.
    whole_deg = np.unwrap(path.lon_deg, period=FULL_TURN_DEG)
    lon_deg = float(np.interp(at_us, path.time_us, whole_deg))
    lon_deg = (lon_deg + FULL_TURN_DEG / 2) % FULL_TURN_DEG - FULL_TURN_DEG / 2
    return (
        Path(
            np.append(path.time_us[:index], at_us),
            np.append(path.lat_deg[:index], lat_deg),
            np.append(path.lon_deg[:index], lon_deg),
        ),
        Path(
            np.append(at_us, path.time_us[index:]),
            np.append(lat_deg, path.lat_deg[index:]),
            np.append(lon_deg, path.lon_deg[index:]),
        ),
    )
