"""Which mode a leg is: curves of leg features, context in the trip, hints and claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.modes import tables
from estran.modes.grid import Grid
from estran.modes.hints import MOTOR, STILL, WALK, class_of, said_columns
from estran.modes.windows import Runs
from estran.timebase import US_PER_S
from estran.trace import Activities

type_f32 = NDArray[np.float32]
type_f64 = NDArray[np.float64]

MODES: tuple[Mode, ...] = tuple(Mode)
"""The modes of every table of legs, in the order of the vocabulary."""

PUBLIC = (Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY)

LEG_FEATURES = (
    "top_kmh", "moving_kmh", "stops_per_km", "still_share", "change_mps", "unseen_share",
    "distance_km", "said_vehicle_share", "said_still_share", "wait_before_s", "walk_before_s",
    "walk_after_s", "n_other_rides",
)  # fmt: skip
"""Columns of leg features, in the order of ``legs.json``; the units are those of people."""


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What is known of each leg: its features, and how many guesses of the phone it has."""

    features: type_f32
    n_said: NDArray[np.int64]
    said_share: type_f64


def _motion_features(grid: Grid, a: int, b: int, spacing_s: float) -> list[float]:
    v = grid.speed_mps[a:b]
    step_s = (grid.end_us[a:b] - grid.start_us[a:b]) / US_PER_S
    length_m = v * step_s
    metres = float(length_m.sum())
    moving = v > 1.0
    still = v < 0.8
    stops = int(np.count_nonzero(still[1:] & ~still[:-1]))
    unseen = grid.gap_s[a:b] > max(90.0, 6 * spacing_s)
    change = np.abs(np.diff(v))
    return [
        float(np.quantile(v, 0.95)) * 3.6,
        float(v[moving].mean()) * 3.6 if moving.any() else 0.0,
        stops / max(metres / 1000, 0.3),
        float(still.mean()),
        float(change[moving[1:]].mean()) if moving[1:].any() else np.nan,
        float(length_m[unseen].sum() / metres) if metres > 1 else np.nan,
        metres / 1000,
    ]


def _context(runs: Runs, row: int, lasts_s: type_f64) -> list[float]:
    """Tell the wait and the walks beside a leg, and how many other rides its trip has."""
    same = np.flatnonzero(runs.trip == runs.trip[row])

    def beside(step: int) -> tuple[float, float]:
        wait_s, walk_s, at = 0.0, 0.0, row + step
        while same[0] <= at <= same[-1] and runs.kind[at] in (STILL, WALK):
            if runs.kind[at] == STILL and walk_s == 0:
                wait_s += lasts_s[at]
            elif runs.kind[at] == WALK:
                walk_s += lasts_s[at]
            at += step
        return wait_s, walk_s

    wait_before_s, walk_before_s = beside(-1)
    _, walk_after_s = beside(1)
    others = np.count_nonzero(runs.kind[same] == MOTOR) - (runs.kind[row] == MOTOR)
    return [wait_before_s, walk_before_s, walk_after_s, float(others)]


def facts_of(grid: Grid, runs: Runs, activities: Activities) -> LegFacts:
    """Measure every leg."""
    n = runs.trip.size
    features = np.full((n, len(LEG_FEATURES)), np.nan, np.float32)
    n_said = np.zeros(n, np.int64)
    said_share = np.zeros((n, 5))
    column = said_columns(activities)
    lasts_s = (grid.end_us[runs.last - 1] - grid.start_us[runs.first]) / US_PER_S
    low = np.searchsorted(activities.time_us, grid.start_us[runs.first])
    high = np.searchsorted(activities.time_us, grid.end_us[runs.last - 1])
    for row in range(n):
        trip = slice(grid.offset[runs.trip[row]], grid.offset[runs.trip[row] + 1])
        gaps = grid.gap_s[trip]
        spacing_s = float(np.median(gaps[np.isfinite(gaps)])) if np.isfinite(gaps).any() else 0.0
        said = column[low[row] : high[row]]
        said = said[said >= 0]
        n_said[row] = said.size
        said_values = [np.nan, np.nan]
        if said.size:
            said_share[row] = np.bincount(said, minlength=5) / said.size
            said_values = [said_share[row, 3], said_share[row, 0]]
        motion = _motion_features(grid, int(runs.first[row]), int(runs.last[row]), spacing_s)
        features[row] = [*motion, *said_values, *_context(runs, row, lasts_s)]
    return LegFacts(features, n_said, said_share)


def movement_scores(facts: LegFacts) -> type_f64:
    """Give the log-score of each mode from the fitted curves, shape (n_legs, len(MODES))."""
    curves = tables.curves("legs")
    prior = np.array(tables.load("legs")["prior"])
    out = np.full((len(facts.features), len(MODES)), -np.inf)
    scores = curves.scores(facts.features)
    for column, name in enumerate(curves.classes):
        out[:, MODES.index(Mode(name))] = scores[:, column] + prior[column]
    return out


_CLASS = np.array([class_of(mode) for mode in MODES])


def class_scores(posterior: type_f32, runs: Runs) -> type_f64:
    """Give the log of how much the windows speak for the class of each mode."""
    share = np.empty((runs.trip.size, posterior.shape[1]))
    sums = np.concatenate([np.zeros((1, posterior.shape[1])), np.cumsum(posterior, axis=0)])
    share = (sums[runs.last] - sums[runs.first]) / (runs.last - runs.first)[:, None]
    out: type_f64 = CLASS_WEIGHT_FACTOR * np.log(share + 0.02)[:, _CLASS]
    return out


CLASS_WEIGHT_FACTOR = 1.5
"""How strongly the windows' classes hold against the leg's curves."""


def probabilities(score: type_f64, runs: Runs) -> type_f32:
    """Turn scores into posteriors; a standstill is a wait whatever it looks like."""
    wait, unknown = MODES.index(Mode.WAIT), MODES.index(Mode.UNKNOWN)
    score = score.copy()
    score[:, [wait, unknown]] = -np.inf
    score[runs.kind == STILL] = -np.inf
    score[runs.kind == STILL, wait] = 0.0
    score -= score.max(axis=1, keepdims=True)
    share = np.exp(score)
    out: type_f32 = (share / share.sum(axis=1, keepdims=True)).astype(np.float32)
    return out
