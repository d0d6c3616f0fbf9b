"""Move along a line as a mode does: speeds, stops, dwells, and a phone that watches."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.random import Generator
from numpy.typing import NDArray

from estran.geo.distance import EARTH_RADIUS_M
from estran.journal import Mode
from estran.trace import Motion

type_f64 = NDArray[np.float64]

M_PER_DEG = EARTH_RADIUS_M * np.pi / 180.0
"""Metres in one degree of latitude."""

GRID_M = 5.0
"""Step along the line on which speeds are computed."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a mode moves: made-up but plausible figures, for synthetic data only.

    Parameters
    ----------
    cruise_mps : float
        Speed away from stops.
    accel_mps2 : float
        Acceleration and braking.
    stop_spacing_m, dwell_s : float
        Mean distance between stops (lights, stations) and mean time at one; infinity and 0
        for none.
    variation_share : float
        Slow variation of the cruising speed.
    noise_m : float
        Spread of the phone's fixes.
    motion : Motion
        What the phone's sensor says of it.
    """

    cruise_mps: float
    accel_mps2: float
    stop_spacing_m: float
    dwell_s: float
    variation_share: float
    noise_m: float
    motion: Motion


MANNERS: dict[Mode, Manner] = {
    Mode.WALK: Manner(1.35, 0.6, np.inf, 0.0, 0.12, 4.0, Motion.WALK),
    Mode.RUN: Manner(2.8, 0.8, np.inf, 0.0, 0.08, 4.0, Motion.RUN),
    Mode.BIKE: Manner(4.9, 0.6, 700.0, 12.0, 0.15, 4.0, Motion.BIKE),
    Mode.CAR: Manner(15.0, 1.6, 900.0, 14.0, 0.2, 5.0, Motion.VEHICLE),
    Mode.BUS: Manner(10.0, 1.0, 420.0, 22.0, 0.12, 6.0, Motion.VEHICLE),
    Mode.TRAM: Manner(11.0, 1.1, 520.0, 25.0, 0.05, 6.0, Motion.VEHICLE),
    Mode.METRO: Manner(14.0, 1.1, 800.0, 28.0, 0.05, 20.0, Motion.VEHICLE),
    Mode.TRAIN: Manner(38.0, 0.5, 14_000.0, 80.0, 0.05, 8.0, Motion.VEHICLE),
    Mode.FERRY: Manner(6.0, 0.1, np.inf, 0.0, 0.04, 5.0, Motion.STILL),
}
FAST_TRAIN = Manner(76.0, 0.4, 90_000.0, 120.0, 0.03, 8.0, Motion.VEHICLE)
"""A high-speed train."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line on the ground, resampled every :data:`GRID_M`."""

    lat_deg: type_f64
    lon_deg: type_f64

    @property
    def length_m(self) -> float:
        """Length."""
        return GRID_M * (self.lat_deg.size - 1)

    def reversed(self) -> Line:
        """Give the way back."""
        return Line(self.lat_deg[::-1], self.lon_deg[::-1])


def resampled(lat_deg: type_f64, lon_deg: type_f64) -> Line:
    """Put a vertex every :data:`GRID_M` along a polyline."""
    scale = np.cos(np.radians(lat_deg.mean()))
    steps_m = np.hypot(np.diff(lat_deg), np.diff(lon_deg) * scale) * M_PER_DEG
    along_m = np.concatenate(([0.0], np.cumsum(steps_m)))
    at_m = np.arange(0.0, max(along_m[-1], GRID_M) + GRID_M, GRID_M)
    return Line(np.interp(at_m, along_m, lat_deg), np.interp(at_m, along_m, lon_deg))


def street(start: tuple[float, float], end: tuple[float, float], *, rng: Generator) -> Line:
    """Draw a line of streets between two points: a staircase of blocks, turned a little."""
    (lat0, lon0), (lat1, lon1) = start, end
    scale = np.cos(np.radians(lat0))
    north_m, east_m = (lat1 - lat0) * M_PER_DEG, (lon1 - lon0) * M_PER_DEG * scale
    length_m = float(np.hypot(north_m, east_m))
    n = max(2, int(length_m / 350.0))
    cuts = np.sort(rng.uniform(0.0, 1.0, 2 * n)).reshape(n, 2)
    norths, easts = [0.0], [0.0]
    for to_north, to_east in cuts:
        norths += [north_m * to_north, north_m * to_north]
        easts += [easts[-1], east_m * to_east]
    norths += [north_m, north_m]
    easts += [easts[-1], east_m]
    bend = np.linspace(0.0, np.pi, len(norths))
    aside_m = rng.normal(0.0, 0.05) * length_m * np.sin(bend)
    lat = lat0 + (np.array(norths) + aside_m * east_m / max(length_m, 1.0)) / M_PER_DEG
    lon = lon0 + (np.array(easts) - aside_m * north_m / max(length_m, 1.0)) / M_PER_DEG / scale
    return resampled(lat, lon)


def smooth(points: list[tuple[float, float]]) -> Line:
    """Draw a smooth line through points, as a railway or a sea lane does."""
    knots = np.arange(len(points), dtype=np.float64)
    fine = np.linspace(0.0, knots[-1], 40 * len(points))
    weight = 0.5 - 0.5 * np.cos(np.pi * (fine - np.floor(fine)))
    lat, lon = np.array(points).T
    below = np.floor(fine).astype(np.int64)
    above = np.minimum(below + 1, len(points) - 1)
    mix = 0.85 * (fine - below) + 0.15 * weight
    return resampled(
        lat[below] + mix * (lat[above] - lat[below]), lon[below] + mix * (lon[above] - lon[below])
    )


def loop(start: tuple[float, float], radius_m: float, *, rng: Generator) -> Line:
    """Draw a round walk that comes back to its start."""
    turn = np.linspace(0.0, 2 * np.pi, 60)
    wobble = 1.0 + 0.18 * np.sin(3 * turn + rng.uniform(0, 6)) + 0.1 * np.sin(5 * turn)
    heading = rng.uniform(0.0, 2 * np.pi)
    north_m = radius_m * (wobble * np.cos(turn + heading) - wobble[0] * np.cos(heading))
    east_m = radius_m * (wobble * np.sin(turn + heading) - wobble[0] * np.sin(heading))
    scale = np.cos(np.radians(start[0]))
    return resampled(start[0] + north_m / M_PER_DEG, start[1] + east_m / M_PER_DEG / scale)


def travel_times_s(line: Line, manner: Manner, *, rng: Generator) -> type_f64:
    """Say when each vertex of a line is reached. [s, from 0]

    Between two stops the speed rises and falls by the manner's acceleration; at each stop
    its dwell passes.
    """
    n = line.lat_deg.size
    at_m = np.arange(n) * GRID_M
    stops_m = np.array([0.0, at_m[-1]])
    dwells_s = np.zeros(n)
    if np.isfinite(manner.stop_spacing_m):
        count = int(at_m[-1] / manner.stop_spacing_m)
        inner = (np.arange(1, count + 1) + rng.uniform(-0.25, 0.25, count)) * manner.stop_spacing_m
        inner = inner[(inner > GRID_M) & (inner < at_m[-1] - GRID_M)]
        stops_m = np.concatenate(([0.0], inner, [at_m[-1]]))
        dwells_s[(inner / GRID_M).astype(np.int64)] = manner.dwell_s * rng.uniform(
            0.5, 1.6, inner.size
        )
    after = np.clip(np.searchsorted(stops_m, at_m, side="right"), 1, stops_m.size - 1)
    from_stop_m = np.minimum(at_m - stops_m[after - 1], stops_m[after] - at_m) + GRID_M / 2
    waves = np.sin(at_m / 310.0 + rng.uniform(0, 6)) + np.sin(at_m / 97.0 + rng.uniform(0, 6))
    cruise_mps = manner.cruise_mps * (1.0 + 0.5 * manner.variation_share * waves)
    speed_mps = np.minimum(cruise_mps, np.sqrt(2 * manner.accel_mps2 * from_stop_m))
    steps_s = GRID_M / np.maximum(0.5 * (speed_mps[1:] + speed_mps[:-1]), 0.3)
    return np.concatenate(([0.0], np.cumsum(steps_s + dwells_s[1:])))
