"""Which mode a leg is: curves of leg features, context in the trip, hints and claims."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.modes import _leg_kernels, _shape_kernels, _window_kernels, chains, tables, trees
from estran.modes.grid import Grid, TripBounds
from estran.modes.hints import BIKE, MOTOR, STILL, WALK, class_of, confidence_of, said_columns
from estran.modes.windows import Runs
from estran.timebase import US_PER_S
from estran.trace import Activities, Trace

type_f32 = NDArray[np.float32]
type_f64 = NDArray[np.float64]

MODES: tuple[Mode, ...] = tuple(Mode)
"""The modes of every table of legs, in the order of the vocabulary."""

PUBLIC = (Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.FERRY)

LEG_FEATURES = (
    "top_kmh", "moving_kmh", "stops_per_km", "still_share", "change_mps", "unseen_share",
    "distance_km", "top_factor", "turns_per_km", "coarse_share", "said_still_share",
    "said_foot_share", "said_bike_share", "said_vehicle_share", "wait_before_s",
    "walk_before_s", "walk_after_s", "n_other_rides",
)  # fmt: skip
"""Columns of leg features, in the order of ``legs.json``; the units are those of people."""


SHAPE_FEATURES = (
    "spacing_s", "median_kmh", "hard_change_mps", "stop_s", "stop_spread", "straight_share",
    "bend_rad_per_km", "turns_seen_km",
)  # fmt: skip
"""Further columns, which the curves do not read."""


@dataclass(frozen=True, slots=True)
class LegFacts:
    """What is known of each leg: features, shares of the phone's guesses, its shape."""

    features: type_f32
    said_share: type_f32
    shape: type_f32


def facts_of(
    grid: Grid, runs: Runs, trace: Trace, trips: TripBounds, activities: Activities
) -> LegFacts:
    """Measure every leg."""
    n = runs.trip.size
    start_us, end_us = grid.start_us[runs.first], grid.end_us[runs.last - 1]
    motion, context = np.zeros((n, 7), np.float32), np.zeros((n, 4), np.float32)
    step_s = ((grid.end_us - grid.start_us) / US_PER_S).astype(np.float32)
    unseen_s = np.zeros(grid.offset.size - 1, np.float32)
    _leg_kernels.unseen_after(np.unique(runs.trip), grid.offset, grid.gap_s, unseen_s)
    _leg_kernels.leg_motion(
        runs.first, runs.last, grid.speed_mps, grid.gap_s, step_s, unseen_s[runs.trip], motion
    )
    turns, shape = np.zeros(n, np.float32), np.zeros((n, len(SHAPE_FEATURES)), np.float32)
    _shape_kernels.leg_turns(
        runs.first, runs.last, grid.east_m, grid.north_m, grid.gap_s, step_s, turns, shape
    )
    _shape_kernels.leg_shape(
        runs.first, runs.last, grid.speed_mps, grid.gap_s, step_s, grid.east_m, grid.north_m, shape
    )
    # A ride that few windows saw has means for speeds, which say nothing of its top.
    seen = np.isfinite(motion[:, 3]) & (motion[:, 1] > 0)
    factor = np.where(seen, motion[:, 0] / np.maximum(motion[:, 1], 0.1), np.nan)
    coarse = np.zeros(n, np.float32)
    first, last = (np.searchsorted(trace.time_us, at) for at in (start_us, end_us))
    low, high = trips.first[runs.trip], trips.last[runs.trip]
    _leg_kernels.leg_coarse(first, last, low, high, trace.accuracy_m, coarse)
    is_ride = (runs.kind == MOTOR) | (runs.kind == BIKE)
    lasts_s = ((end_us - start_us) / US_PER_S).astype(np.float32)
    _leg_kernels.leg_context(runs.trip, is_ride, runs.kind == STILL, lasts_s, context)
    said_share = np.zeros((n, 5), np.float32)
    low, high = (np.searchsorted(activities.time_us, at) for at in (start_us, end_us))
    _leg_kernels.leg_said(
        low, high, said_columns(activities), confidence_of(activities), said_share
    )
    said = np.where(said_share.sum(axis=1, keepdims=True) > 0, said_share, np.nan)[:, :4]
    columns = (motion, factor[:, None], turns[:, None], coarse[:, None], said, context)
    return LegFacts(np.hstack(columns).astype(np.float32), said_share, shape)


UNSEEN_SPEED_FACTOR = 0.4
"""What a leg's speeds are worth when few of its windows were seen: they are means."""

TREES_FACTOR = 0.5
"""What the trees weigh beside the curves, which are halved too: both read one movement."""

BEYOND_LIMIT = -8.0
"""Log-score of a mode that does not go so fast."""


def movement_scores(facts: LegFacts) -> type_f64:
    """Give the log-score of each mode from curves and trees, shape (n_legs, len(MODES))."""
    curves, table = tables.curves("legs"), tables.load("legs")
    columns = facts.features
    scores = np.tile(np.array(table["prior"]), (len(columns), 1))
    blind = np.isnan(columns[:, LEG_FEATURES.index("still_share")])
    for j, name in enumerate(curves.features):
        part = curves.scores_of(j, columns)
        if name in ("top_kmh", "moving_kmh", "distance_km"):
            part[blind] *= UNSEEN_SPEED_FACTOR
        scores += part
    scores += TREES_FACTOR * trees.scores(
        np.hstack([columns, facts.shape]), (*LEG_FEATURES, *SHAPE_FEATURES), curves.classes
    )
    scores += corner_scores(facts, table["corners_per_km"])
    moving_kmh = np.nan_to_num(columns[:, [LEG_FEATURES.index("moving_kmh")]])
    scores[moving_kmh > np.array(table["limit_kmh"])] += BEYOND_LIMIT
    out = np.full((len(columns), len(MODES)), -np.inf)
    out[:, [MODES.index(Mode(name)) for name in curves.classes]] = scores
    return out


CORNERS_FACTOR = 0.5
"""What corners weigh: the trees read their rate too."""

CORNERS_USUAL_PER_KM = _shape_kernels.TURN_USUAL_PER_KM


def corner_scores(facts: LegFacts, per_km: list[float | None]) -> type_f64:
    """Give what the number of tight corners says of each mode: one seen on rails is blur.

    With rates that spread exponentially about a mode's mean, the number of corners in a way
    seen follows a geometric law. Modes without a rate get the others' mean: no evidence.
    """
    seen_km = facts.shape[:, [SHAPE_FEATURES.index("turns_seen_km")]].astype(float)
    rate = facts.features[:, [LEG_FEATURES.index("turns_per_km")]]
    number = np.maximum(rate * (seen_km + 1.0) - CORNERS_USUAL_PER_KM, 0.0)
    known = np.array([x is not None for x in per_km])
    expected = seen_km * np.array([x for x in per_km if x is not None])
    told = number * np.log(expected) - (number + 1.0) * np.log1p(expected)
    told = np.nan_to_num(CORNERS_FACTOR * told)
    out = np.empty((len(told), known.size))
    out[:, known] = told
    out[:, ~known] = told.mean(axis=1, keepdims=True)
    return out


_CLASS = np.array([class_of(mode) for mode in MODES])

CLASS_WEIGHT_FACTOR = 1.2
"""How strongly the windows' classes hold against the leg's curves."""

CLASS_FLOOR_SHARE = 0.04
"""Windows may be wrong all along a leg: a class never falls below this."""


def class_shares(posterior: type_f32, runs: Runs) -> type_f64:
    """Give the mean posterior of each class of windows, shape (n_legs, n_classes)."""
    sums = _window_kernels.sums_between(posterior, runs.first, runs.last)
    out: type_f64 = sums / (runs.last - runs.first)[:, None]
    return out


def ride_share(posterior: type_f32, runs: Runs) -> type_f64:
    """Tell how far each leg moved like a ride: ferries may be as slow as bikes."""
    share = class_shares(posterior, runs)
    out: type_f64 = share[:, MOTOR] + share[:, BIKE]
    return out


def class_scores(posterior: type_f32, runs: Runs) -> type_f64:
    """Give the log of how much the windows speak for the class of each mode."""
    share = class_shares(posterior, runs)
    of_mode = share[:, _CLASS]
    # No window curve knows runs: they look like walks or like rides on a bike.
    of_mode[:, MODES.index(Mode.RUN)] = share[:, WALK] + share[:, BIKE]
    out: type_f64 = CLASS_WEIGHT_FACTOR * np.log(of_mode + CLASS_FLOOR_SHARE)
    return out


_FOLLOWS = chains.follows(MODES)


def probabilities(score: type_f64, runs: Runs) -> type_f32:
    """Turn scores into posteriors, the rides of a trip hanging together.

    A standstill is a wait whatever it looks like.
    """
    wait, unknown = MODES.index(Mode.WAIT), MODES.index(Mode.UNKNOWN)
    score = score.copy()
    score[:, [wait, unknown]] = -np.inf
    score[runs.kind == STILL] = -np.inf
    score[runs.kind == STILL, wait] = 0.0
    score -= score.max(axis=1, keepdims=True)
    share = np.exp(score)
    share /= share.sum(axis=1, keepdims=True)
    is_ride = (runs.kind == MOTOR) | (runs.kind == BIKE)
    share = chains.chained(runs.trip, is_ride, runs.kind == WALK, _FOLLOWS, share)
    out: type_f32 = share.astype(np.float32)
    return out


def with_doubt(
    probability: type_f32, thin: NDArray[np.bool_], *, unknown_below_share: float
) -> type_f32:
    """Give half of the posterior of doubtful thin legs to the unknown mode.

    It is then the most probable one, and what the rest says stays readable.
    """
    doubtful = thin & (probability.max(axis=1) < unknown_below_share)
    out = probability.copy()
    out[doubtful] *= 0.5
    out[doubtful, MODES.index(Mode.UNKNOWN)] = 0.5
    return out


def merged(runs: Runs, mode: NDArray[np.intp]) -> Runs:
    """Join neighbours of one mode in one trip; a run takes the class of its longest part."""
    if runs.trip.size == 0:
        return runs
    opens = np.concatenate([[True], (runs.trip[1:] != runs.trip[:-1]) | (mode[1:] != mode[:-1])])
    heads = np.flatnonzero(opens)
    tails = np.concatenate([heads[1:], [opens.size]]) - 1
    length = runs.last - runs.first
    longest = [a + int(np.argmax(length[a : b + 1])) for a, b in zip(heads, tails, strict=True)]
    return Runs(runs.trip[heads], runs.first[heads], runs.last[tails], runs.kind[longest])
