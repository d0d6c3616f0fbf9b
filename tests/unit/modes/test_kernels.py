from __future__ import annotations

import itertools

import numpy as np
import pytest
from tests.unit.modes.roads import ride, steady, trace_of

from estran.geo.compiled import plain
from estran.modes import _kernels, _leg_kernels
from estran.modes.grid import grid_of
from estran.modes.settings import ModeSettings
from estran.modes.tables import Curves, curves
from estran.modes.windows import LASTS_S


def test_posteriors_are_those_of_all_paths_counted_out():
    rng = np.random.default_rng(3)
    n, k = 6, 3
    evidence = rng.normal(0, 2, (n, k)).astype(np.float32)
    transition = rng.dirichlet(np.ones(k), k)
    start = rng.dirichlet(np.ones(k))
    want = np.zeros((n, k))
    for path in itertools.product(range(k), repeat=n):
        weight = start[path[0]] * np.exp(sum(evidence[w, s] for w, s in enumerate(path)))
        weight *= np.prod([transition[a, b] for a, b in itertools.pairwise(path)])
        want[np.arange(n), path] += weight
    want /= want.sum(axis=1, keepdims=True)
    got = np.zeros((n, k), np.float32)
    _kernels.posteriors(np.array([0, n]), evidence, transition, start, got)
    assert np.allclose(got, want, atol=1e-5)


def test_trips_do_not_hear_each_other():
    rng = np.random.default_rng(4)
    evidence = rng.normal(0, 2, (20, LASTS_S.size)).astype(np.float32)
    transition = np.full((4, 4), 0.1) + 0.6 * np.eye(4)
    start = np.full(4, 0.25)
    both, alone = np.zeros((20, 4), np.float32), np.zeros((12, 4), np.float32)
    _kernels.posteriors(np.array([0, 12, 20]), evidence, transition, start, both)
    _kernels.posteriors(np.array([0, 12]), evidence[:12], transition, start, alone)
    assert np.array_equal(both[:12], alone)


def test_extreme_evidence_neither_overflows_nor_vanishes():
    evidence = np.array([[800, -800], [-800, 800], [0, 0]], np.float32)
    out = np.zeros((3, 2), np.float32)
    transition = np.array([[0.999, 0.001], [0.001, 0.999]])
    _kernels.posteriors(np.array([0, 3]), evidence, transition, np.array([0.5, 0.5]), out)
    assert out[0, 0] == pytest.approx(1)
    assert out[1, 1] == pytest.approx(1)


def test_curves_are_numpy_interp():
    model = Curves(
        ("a", "b"),
        ("x",),
        np.array([3]),
        np.array([[0.0, 1.0, 4.0]]),
        np.array([[[0.0, 1.0], [2.0, -1.0], [3.0, 0.0]]]),
    )
    x = np.array([-5, 0, 0.5, 1, 2, 4, 9, np.nan], np.float32)
    got = model.scores(x[:, None])
    for c in range(2):
        assert np.allclose(got[:-1, c], np.interp(x[:-1], model.knots[0], model.values[0][:, c]))
    assert got[-1].tolist() == [0.0, 0.0]


@pytest.mark.parametrize("name", ["windows", "legs"])
def test_tables_are_whole(name):
    model = curves(name)
    assert model.values.shape == (*model.knots.shape, len(model.classes))
    assert np.isfinite(model.values).all()
    for n, knots in zip(model.n_knots, model.knots, strict=True):
        assert (np.diff(knots[:n]) > 0).all()


@pytest.mark.parametrize("spacing_s", [1, 17, 60])
def test_compiled_windows_equal_plain_ones(spacing_s):
    trace, trips = trace_of(steady(1.3, 100), ride(12, 30, 20, 2), spacing_s=spacing_s)
    grid = grid_of(trace, trips, settings=ModeSettings())
    n = grid.start_us.size
    step_us = grid.end_us[:1] - grid.start_us[:1]
    speed, gap, east, north = (np.zeros(n, np.float32) for _ in range(4))
    plain(_kernels.window_motion)(
        trace.time_us, trace.lat_deg, trace.lon_deg, trips.first, trips.last, trips.start_us,
        step_us, grid.offset, speed, gap, east, north,
    )  # fmt: skip
    assert np.allclose(speed, grid.speed_mps, atol=1e-4)
    assert np.array_equal(gap, grid.gap_s)


def test_coarse_fixes_are_told_from_the_usual_of_their_trip():
    accuracy = np.array([10, 10, 10, 10, 100, 100, np.nan, 10], np.float32)
    out = np.zeros(2, np.float32)
    first, last = np.array([0, 4]), np.array([4, 8])
    low, high = np.array([0, 0]), np.array([8, 8])
    _leg_kernels.leg_coarse(first, last, low, high, accuracy, out)
    assert out.tolist() == [0.0, pytest.approx(2 / 3)]


def test_context_ends_at_the_next_ride():
    # walk, wait, ride, walk, bike, walk | walk, ride
    trip = np.array([0, 0, 0, 0, 0, 0, 1, 1])
    is_ride = np.array([0, 0, 1, 0, 1, 0, 0, 1], bool)
    is_wait = np.array([0, 1, 0, 0, 0, 0, 0, 0], bool)
    lasts = np.array([100, 60, 500, 30, 400, 20, 70, 900], np.float32)
    out = np.zeros((8, 4), np.float32)
    _leg_kernels.leg_context(trip, is_ride, is_wait, lasts, out)
    assert out[2].tolist() == [60, 100, 30, 1]
    assert out[4].tolist() == [0, 30, 20, 1]
    assert out[7].tolist() == [0, 70, 0, 0]
