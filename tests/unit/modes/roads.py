"""Made-up movements: each piece moves on a line, at a speed per second, with noise."""

from __future__ import annotations

import numpy as np

from estran.modes import TripBounds
from estran.trace import Activities, Claims, Motion, Trace

START_US = 1_750_000_000_000_000
M_PER_DEG = 111_195.0


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
    *speeds: np.ndarray, spacing_s: int = 1, noise_m: float = 3.0, seed: int = 1
) -> tuple[Trace, TripBounds]:
    speed = np.concatenate(speeds)
    rng = np.random.default_rng(seed)
    turn = np.cumsum(rng.normal(0, 0.002, speed.size))
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
    bounds = TripBounds([0], [t.size], [START_US], [START_US + speed.size * 1_000_000])
    return trace, bounds


def said(motion: Motion, first_s: int, last_s: int, *, every_s: int = 30, confidence=0.9):
    at = np.arange(first_s, last_s, every_s)
    return Activities(
        START_US + at * 1_000_000,
        np.full(at.size, motion),
        np.full(at.size, confidence),
        np.zeros(at.size),
    )


def move(motion: Motion, first_s: int, last_s: int, *, probability=np.nan, confirmed=False):
    one = np.ones(1)
    return Claims(
        start_us=START_US + one * first_s * 1_000_000,
        end_us=START_US + one * last_s * 1_000_000,
        kind=one, motion=one * motion, probability_share=one * probability,
        confirmed=np.array([confirmed]), lat_deg=one * np.nan, lon_deg=one * np.nan,
        end_lat_deg=one * np.nan, end_lon_deg=one * np.nan, distance_m=one * np.nan,
        source=one * 0,
    )  # fmt: skip


NONE_SAID = Activities.empty()
NO_CLAIM = Claims.empty()
