"""Fixes of made-up rides, as a phone would have them: blurred, thinned, lost in tunnels."""

# ruff: noqa: INP001, PLR2004 - tools are scripts, not a package; spreads are numbers

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np
from imagined_modes import MAKERS
from imagined_ways import Rng, driven, spread, type_f64
from numpy.typing import NDArray

from estran.journal import Mode
from estran.trace import Trace

LONGEST_S = 6 * 3600


def _wander(rng: Rng, n: int, tau_s: float, sigma: float) -> type_f64:
    """Give noise that drifts: first-order, unit spread ``sigma``."""
    keep = math.exp(-1 / tau_s)
    noise = rng.standard_normal(n) * sigma * math.sqrt(1 - keep * keep)
    out = np.empty(n)
    at = sigma * rng.standard_normal()
    for start in range(0, n, 512):  # blocks keep the powers in range
        part = noise[start : start + 512]
        powers = keep ** np.arange(1, part.size + 1)
        out[start : start + 512] = powers * (at + np.cumsum(part / powers))
        at = out[min(start + 511, n - 1)]
    return out


SPACINGS_S = (1, 1, 2, 5, 5, 10, 15, 20, 30, 30, 45, 60, 60, 90, 120)
HIDDEN_SHARE = {Mode.METRO: 0.55, Mode.TRAIN: 0.12, Mode.TRAM: 0.08, Mode.CAR: 0.03}
"""How many rides of a mode go through tunnels."""


def ride_of(rng: Rng, mode: Mode) -> Trace:
    """Make the fixes of one ride, as a phone would have them, on foot at its rims."""
    made = MAKERS[mode](rng)
    sway = _wander(rng, LONGEST_S, 25.0, made.sway_share)
    xy = np.zeros((LONGEST_S, 2))
    n = driven(np.array(made.links, float), made.accel_mps2, made.brake_mps2, sway, xy)
    xy = _with_rims(rng, xy[:n])
    n = len(xy)
    noise_m = spread(rng, 5, 0.5, 1.5, 20)
    fix = xy + np.stack([_wander(rng, n, 30, noise_m) for _ in "xy"], axis=1)
    fix += rng.standard_normal(fix.shape) * noise_m * 0.25
    spacing = int(rng.choice(SPACINGS_S))
    keep = np.arange(n) % spacing == 0
    if spacing > 2 and rng.random() < 0.3:  # phones that sample by distance
        keep &= rng.random(n) > 0.3
    if rng.random() < HIDDEN_SHARE.get(mode, 0.0):
        keep &= ~_hidden(rng, xy)
    keep[[0, -1]] = True
    turn = rng.uniform(0, 2 * math.pi)
    east = fix[:, 0] * math.cos(turn) - fix[:, 1] * math.sin(turn)
    north = fix[:, 0] * math.sin(turn) + fix[:, 1] * math.cos(turn)
    at = np.flatnonzero(keep)
    m_per_deg = 111_195.0
    return Trace.of(
        at.astype(np.int64) * 1_000_000, (north / m_per_deg)[at], (east / m_per_deg)[at],
    )  # fmt: skip


def _with_rims(rng: Rng, xy: type_f64) -> type_f64:
    """Add or take half a minute at both ends: found borders are never the true ones."""
    before, after = rng.integers(-15, 30, 2)
    walk_m = 1.2 * np.arange(max(before, 0))[::-1]
    head = xy[0] - np.stack([walk_m, 0 * walk_m], axis=1)
    body = xy[max(-before, 0) : len(xy) - max(-after, 0)]
    along_m = 1.2 * np.arange(1, max(after, 0) + 1)
    tail = body[-1] + np.stack([along_m, 0 * along_m], axis=1)
    return np.concatenate([head, body, tail])


def _hidden(rng: Rng, xy: type_f64) -> NDArray[np.bool_]:
    """Choose the seconds in tunnels: stretches of the way, some stations being open."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    long_m = rng.uniform(800, 5000)
    covered = rng.random(int(along[-1] / long_m) + 2) < rng.uniform(0.3, 1.0)
    hidden: NDArray[np.bool_] = covered[(along / long_m).astype(int)]
    still = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)]) < 0.5
    if rng.random() < 0.5:  # Wi-Fi at stations
        hidden &= ~still
    return hidden


def rides(seed: int, n_each: int) -> Iterator[tuple[Mode, Trace]]:
    """Give made-up rides of every mode."""
    rng = np.random.default_rng(seed)
    for mode in MAKERS:
        for _ in range(n_each):
            yield mode, ride_of(rng, mode)
