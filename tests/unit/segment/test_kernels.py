"""Compiled loops of segmentation say what their plain twins say."""

from typing import Any

import numpy as np
import pytest
from tests.synthetic import Day

from estran.geo.compiled import frozen, plain
from estran.segment import _kernels, _move_kernels, _walk_kernels

STILL: tuple[Any, ...] = (75.0, 150.0, 180e6, 120e6, 2, 900e6, 86_400e6, 5e6)


def made(seed):
    day = Day(seed=seed, noise_m=20.0)
    day.stay(900, every_s=30).ride(east_m=2500, speed_mps=8).stay(240, every_s=20)
    day.ride(north_m=900, speed_mps=1.3, every_s=15).gap(east_m=300, seconds=5000)
    return day.stay(1200, every_s=60).trace()


@pytest.mark.parametrize("seed", range(3))
def test_loops_equal_their_twins(seed):
    trace = made(seed)
    columns = (trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m)
    part = frozen(np.where(np.arange(len(trace)) // 20 == 2, -1, np.arange(len(trace)) // 90))

    first, last = _kernels.find_stills(*columns, part, *STILL)
    slow = plain(_kernels.find_stills)(*columns, part, *STILL)
    assert first.size > 1
    assert np.array_equal(first, slow[0])
    assert np.array_equal(last, slow[1])

    places = (trace.lat_deg, trace.lon_deg)
    runs = (frozen(first), frozen(last))
    _same(_kernels.centres, *places, trace.accuracy_m, *runs)
    lat, lon, _, _ = _kernels.centres(*places, trace.accuracy_m, *runs)
    _same(_kernels.cores, trace.time_us, *places, *runs, lat, lon, 25.0, 70.0, 180e6, 60.0)
    _same(_kernels.widen, trace.time_us, *places, *runs, lat, lon, 70.0, 600e6)
    moves = (frozen(last[:-1]), frozen(first[1:]), part, frozen(lat[:-1]), frozen(lon[:-1]))
    _same(_move_kernels.shapes, *columns, *moves, 150.0, 30e6, 120e6)
    _same(_move_kernels.strolls, *columns, *runs, 60e6)


STEADY: tuple[Any, ...] = (30_000_000, 60.0, 0.7, 105.0, 3)


@pytest.mark.parametrize("seed", range(3))
def test_steady_movement_is_the_same_to_loop_and_twin(seed):
    day = Day(seed=seed, noise_m=5.0).stay(900, every_s=10)
    day.ride(east_m=300, speed_mps=1.2, every_s=3).stay(100, every_s=5).gap(seconds=4000)
    trace = day.stay(60, every_s=10).ride(north_m=300, speed_mps=1.2, every_s=20).trace()
    columns = (trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m)

    for part in (np.empty(0, np.int64), np.arange(len(trace)) // 120):
        told = _walk_kernels.steady(*columns, frozen(part), *STEADY)
        slow = plain(_walk_kernels.steady)(*columns, frozen(part), *STEADY)
        assert np.array_equal(told, slow)
        assert np.count_nonzero(np.diff((told < 0).astype(int)) == 1) == 2
    silent = frozen(np.flatnonzero(np.diff(trace.time_us) > 600e6))
    given = (*columns[:3], told, silent, 600e6, 40.0)
    first = _walk_kernels.arrivals(*given)
    assert (first < silent).all()
    assert np.array_equal(first, plain(_walk_kernels.arrivals)(*given))


@pytest.mark.parametrize("sigma_m", [10.0, 30.0, 60.0])
def test_a_jump_and_jitter_are_no_steady_movement(sigma_m):
    day = Day(seed=4, noise_m=sigma_m).stay(3600, every_s=1)
    trace = day.gap(east_m=400, seconds=1).stay(3600, every_s=1).trace()

    told = _walk_kernels.steady(
        trace.time_us, trace.lat_deg, trace.lon_deg, trace.accuracy_m,
        frozen(np.empty(0, np.int64)), *STEADY,
    )  # fmt: skip

    assert (told == 0).all()


def test_a_tracker_woken_by_leaving_left_before_its_silence():
    day = Day(seed=7).stay(3600, every_s=60).gap(east_m=120, seconds=900)
    trace = day.ride(east_m=60, speed_mps=1.3, every_s=15).trace()
    woken = int(np.flatnonzero(np.diff(trace.time_us) > 600e6)[0])
    runs = (frozen(np.array([0, 0])), frozen(np.array([woken + 2, woken - 3])))
    given = (trace.time_us, trace.lat_deg, trace.lon_deg, *runs, 30, 180e6, 60.0)

    rows = _kernels.last_before_waking(*given)

    assert rows.tolist() == [woken, woken - 3]
    assert rows.tolist() == plain(_kernels.last_before_waking)(*given).tolist()


def _same(kernel, *given):
    for fast, slow in zip(kernel(*given), plain(kernel)(*given), strict=True):
        assert np.allclose(fast, slow, equal_nan=True)


def test_a_change_of_part_ends_a_run():
    day = Day(seed=5).stay(3600, every_s=60).trace()
    columns = (day.time_us, day.lat_deg, day.lon_deg, day.accuracy_m)

    whole, _ = _kernels.find_stills(*columns, frozen(np.empty(0, np.int64)), *STILL)
    halves, _ = _kernels.find_stills(*columns, frozen(np.arange(60) // 30), *STILL)

    assert (whole.size, halves.size) == (1, 2)


@pytest.mark.parametrize("seed", range(4))
def test_a_known_place_is_known_to_loop_and_twin(seed):
    rng = np.random.default_rng(seed)
    spots = rng.integers(0, 4, 60)
    lat_deg = 46.0 + 0.002 * spots + rng.normal(0.0, 3e-4, 60)
    lon_deg = -1.0 + rng.normal(0.0, 3e-4, 60)
    duration_s = rng.uniform(0.0, 900.0, 60)
    given = frozen(lat_deg), frozen(lon_deg), frozen(duration_s)
    told = [
        (
            bool(_kernels.is_known(*given, k, 80.0, 3600.0)),
            plain(_kernels.is_known)(*given, k, 80.0, 3600.0),
        )
        for k in range(60)
    ]
    assert all(fast == slow for fast, slow in told)
    assert {fast for fast, _ in told} == {True, False}
