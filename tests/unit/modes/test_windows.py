from __future__ import annotations

import numpy as np
import pytest

from estran.geo._kernels import nth_least
from estran.geo.compiled import plain
from estran.modes import _window_kernels as kernels
from estran.modes.grid import MEAN_HIDES_AFTER_S, OWN_WINDOWS, STAYED_MPS
from estran.modes.rides import class_scores
from estran.modes.windows import Runs

rng = np.random.default_rng(11)
SCORES = rng.normal(0, 3, (200, 4)).astype(np.float32)


def a_run(first, last):
    return Runs(np.array([0]), np.array([first]), np.array([last]), np.array([1], np.int8))


def both(kernel, *arguments):
    """Run a kernel compiled and plain, which must agree to the last bit."""
    compiled, twin = kernel(*arguments), plain(kernel)(*arguments)
    for a, b in zip(
        compiled if isinstance(compiled, tuple) else (compiled,),
        twin if isinstance(twin, tuple) else (twin,),
        strict=True,
    ):
        assert np.array_equal(a, b)
        assert a.dtype == b.dtype
    return compiled


def test_windows_tile_their_trip():
    offset, step_us = np.array([0, 3, 5]), np.array([10, 7])
    start, end, step_s = both(kernels.lay, np.array([100, 500]), step_us, offset)
    assert start.tolist() == [100, 110, 120, 500, 507]
    assert end.tolist() == [110, 120, 130, 507, 514]
    assert np.allclose(step_s, [10e-6] * 3 + [7e-6] * 2)


def test_support_is_the_root_of_a_window_in_its_gap_and_less_where_a_mean_hides_something():
    n = 300
    start = np.arange(n) * 10_000_000
    end = start + 10_000_000
    gap_s = rng.choice([1.0, 10.0, 30.0, 400.0, np.inf], n).astype(np.float32)
    speed = rng.choice([0.1, 5.0], n).astype(np.float32)
    got = both(
        kernels.support, start, end, speed, gap_s,
        float(OWN_WINDOWS), STAYED_MPS, MEAN_HIDES_AFTER_S,
    )  # fmt: skip
    wide = np.maximum(gap_s, 10.0)
    want = np.minimum(np.sqrt(np.where(np.isfinite(wide), 10.0 / wide, 0.0) * OWN_WINDOWS), 1.0)
    want *= np.where(speed > STAYED_MPS, np.minimum(1.0, MEAN_HIDES_AFTER_S / wide), 1.0)
    assert np.allclose(got, want)


def test_centred_scores_have_no_mean_and_the_weight_of_their_window():
    weight = rng.random(len(SCORES)).astype(np.float32)
    got, twin = SCORES.copy(), SCORES.copy()
    kernels.centre(got, weight)
    plain(kernels.centre)(twin, weight)
    assert np.array_equal(got, twin)
    want = (SCORES - SCORES.mean(axis=1, keepdims=True)) * weight[:, None]
    assert np.array_equal(got, want)


def test_the_best_is_the_first_of_the_greatest():
    tied = np.round(SCORES)
    assert np.array_equal(both(kernels.best, tied), tied.argmax(axis=1))


def test_what_is_heard_adds_up():
    got = both(kernels.heard, SCORES)
    want = np.concatenate([[0], np.cumsum((SCORES.max(1) - SCORES.min(1)).astype(float))])
    assert np.allclose(got, want)


def test_stretches_end_where_the_state_changes_or_the_trip_does():
    state = np.array([1, 1, 3, 3, 3, 0], np.int8)
    got = both(kernels.stretches, np.array([0, 3, 6]), state)
    assert [column.tolist() for column in got] == [
        [0, 0, 1, 1], [0, 2, 3, 5], [2, 3, 5, 6], [1, 3, 3, 0],
    ]  # fmt: skip


def test_a_run_late_in_a_long_trace_has_the_shares_of_its_own_windows():
    posterior = rng.dirichlet(np.ones(4), 600_000).astype(np.float32)
    late = class_scores(posterior, a_run(599_990, 600_000))
    alone = class_scores(posterior[599_990:], a_run(0, 10))
    assert np.array_equal(late, alone)


def test_evidence_heard_late_in_a_long_trace_counts_as_much_as_early():
    evidence = np.tile(np.array([[0.0, 9.7]], np.float32), (2_000_000, 1))
    weight = kernels.heard(evidence)
    assert weight[-1] - weight[-2] == pytest.approx(9.7, abs=1e-3)


@pytest.mark.parametrize("n", [1, 2, 3, 10, 101])
def test_the_nth_least_is_where_sorting_puts_it(n):
    for values in (rng.random(n), rng.integers(0, 3, n), np.arange(n), np.zeros(n)):
        column = np.asarray(values, np.float64)
        want = np.sort(column)
        for k in {0, n // 2, n - 1}:
            for nth in (nth_least, plain(nth_least)):
                put = column.copy()
                assert nth(put, k) == want[k]
                assert np.array_equal(np.sort(put), want)
                assert (put[k:] >= want[k]).all()
