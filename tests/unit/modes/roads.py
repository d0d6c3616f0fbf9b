"""Made-up movements: each piece moves on a line, at a speed per second, with noise."""

from __future__ import annotations

import numpy as np

from estran.modes import TripBounds
from estran.trace import Activities, Claims, Motion, Trace

START_US = 1_750_000_000_000_000
M_PER_DEG = 111_195.0


def bounds_of(first: list[int], last: list[int], start_us: list[int], end_us: list[int]):
    return TripBounds(*(np.array(x, np.int64) for x in (first, last, start_us, end_us)))


def steady(speed_mps: float, lasts_s: int) -> np.ndarray:
    return np.full(lasts_s, speed_mps)


def ride(
    cruise_mps: float, between_stops_s: int, dwell_s: int, n_stops: int, pull_mps2: float = 1.0
) -> np.ndarray:
    """Speed of a vehicle that stops ``n_stops`` times."""
    pull_s = max(1, round(cruise_mps / pull_mps2))
    up = np.linspace(0, cruise_mps, pull_s)
    piece = np.concatenate([up, steady(cruise_mps, between_stops_s), up[::-1], np.zeros(dwell_s)])
    return np.tile(piece, n_stops)


def trace_of(
    *speeds: np.ndarray,
    spacing_s: int = 1,
    noise_m: float = 3.0,
    seed: int = 1,
    corner_every_m: float = np.inf,
) -> tuple[Trace, TripBounds]:
    """Move along a line that winds a little, and turns off at corners where that is slow."""
    speed = np.concatenate(speeds)
    rng = np.random.default_rng(seed)
    turn = np.cumsum(rng.normal(0, 0.002, speed.size))
    in_town_m = np.cumsum(np.where(speed < 15, speed, 0.0))
    turn += np.pi / 2 * (np.floor(in_town_m / corner_every_m) % 2)
    north = np.concatenate([[0], np.cumsum(speed * np.cos(turn))])
    east = np.concatenate([[0], np.cumsum(speed * np.sin(turn))])
    t = np.arange(north.size)[::spacing_s]
    # Noise of a receiver drifts over tens of seconds rather than jumping at each fix.
    blur = np.ones(20) / np.sqrt(20) / 2

    def noise() -> np.ndarray:
        return np.convolve(rng.normal(0, noise_m, north.size), blur, "same")

    lat = 46.16 + (north + noise())[t] / M_PER_DEG
    lon = -1.15 + (east + noise())[t] / (M_PER_DEG * np.cos(np.radians(46.16)))
    time_us = START_US + t.astype(np.int64) * 1_000_000
    trace = Trace.of(time_us, lat, lon, accuracy_m=np.full(t.size, 8.0))
    bounds = bounds_of([0], [t.size], [START_US], [START_US + speed.size * 1_000_000])
    return trace, bounds


def said(motion: Motion, first_s: int, last_s: int, *, every_s: int = 30, confidence=0.9):
    at = np.arange(first_s, last_s, every_s)
    return Activities(
        START_US + at * 1_000_000,
        np.full(at.size, motion, np.int8),
        np.full(at.size, confidence, np.float32),
        np.zeros(at.size, np.int16),
    )


def move(motion: Motion, first_s: int, last_s: int, *, probability=np.nan, confirmed=False):
    nowhere = np.full(1, np.nan)
    return Claims(
        start_us=np.array([START_US + first_s * 1_000_000]),
        end_us=np.array([START_US + last_s * 1_000_000]),
        kind=np.ones(1, np.int8),
        motion=np.array([motion], np.int8),
        probability_share=np.array([probability], np.float32),
        confirmed=np.array([confirmed]),
        lat_deg=nowhere,
        lon_deg=nowhere,
        end_lat_deg=nowhere,
        end_lon_deg=nowhere,
        distance_m=np.full(1, np.nan, np.float32),
        source=np.zeros(1, np.int16),
    )


NONE_SAID = Activities.empty()
NO_CLAIM = Claims.empty()
