"""Compiled loops say what their plain twins say."""

import numpy as np
import pytest
from tests.synthetic import Day

from estran.clean import _kernels
from estran.geo.compiled import plain


def columns(seed):
    rng = np.random.default_rng(seed)
    day = Day(seed=seed, noise_m=25.0)
    day.stay(600, every_s=20).ride(east_m=3000, speed_mps=12).stay(900, every_s=60)
    trace = day.trace()
    lat, lon = trace.lat_deg.copy(), trace.lon_deg.copy()
    wild = rng.integers(0, len(trace), 12)
    lat[wild] += rng.normal(0, 0.05, wild.size)
    lon[wild[:4]] = lon[wild[4:8]]
    accuracy = rng.choice([5.0, 60.0, 400.0, 1500.0, np.nan], len(trace)).astype("f4")
    return trace.time_us, lat, lon, accuracy


RULES = (
    (_kernels.drop_repeats, True, (15e6,)),
    (_kernels.drop_coarse, True, (100.0, 120e6)),
    (_kernels.drop_excursions, True, (70.0, 100.0, 30, 900e6)),
    (_kernels.drop_bounces, True, (8.0, 100.0, 360e6)),
    (_kernels.drop_leaps, True, (2.5, 100.0, 420e6)),
    (_kernels.drop_spikes, False, (30.0, 25e6)),
    (_kernels.drop_stale, False, (100.0, 900e6)),
    (_kernels.drop_frozen, False, (70.0, 500.0)),
)


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("rule", "wants_accuracy", "values"), RULES)
def test_rules_equal_their_twins(rule, wants_accuracy, values, seed):
    time_us, lat, lon, accuracy = columns(seed)
    given = (time_us, lat, lon, accuracy) if wants_accuracy else (time_us, lat, lon)

    assert np.array_equal(rule(*given, *values), plain(rule)(*given, *values))


def test_pieces_equal_their_twin():
    time_us, lat, lon, _ = columns(1)

    fast = _kernels.cut_pieces(time_us, lat, lon, 900e6, 300e6, 400.0)
    slow = plain(_kernels.cut_pieces)(time_us, lat, lon, 900e6, 300e6, 400.0)

    assert all(np.array_equal(a, b) for a, b in zip(fast, slow, strict=True))
    assert fast[0][0] == 0


def test_paint_gives_each_stretch_to_the_highest_value():
    starts, ends = np.array([0, 10, 30]), np.array([40, 20, 50])
    edges = np.array([0, 10, 20, 30, 40, 50])

    owner = _kernels.paint(starts, ends, np.array([1, 2, 1]), edges)

    assert owner.tolist() == [0, 1, 0, 0, 2]
    assert (
        owner.tolist() == plain(_kernels.paint)(starts, ends, np.array([1, 2, 1]), edges).tolist()
    )


def test_columns_close_up_over_the_dropped_rows():
    drop = np.array([False, True, False, True, False])
    for close_up in (_kernels.close_up, plain(_kernels.close_up)):
        rows, time_us = np.arange(5), np.arange(5) * 10
        lat, lon, accuracy_m = (np.arange(5).astype(t) for t in ("f8", "f8", "f4"))
        n = close_up(drop, rows, time_us, lat, lon, accuracy_m)
        assert rows[:n].tolist() == [0, 2, 4]
        assert time_us[:n].tolist() == [0, 20, 40]
        assert all(column[:n].tolist() == [0, 2, 4] for column in (lat, lon, accuracy_m))


def test_a_blank_is_near_zero_in_both():
    lat, lon = np.array([0.0005, 0.0005, 0.0]), np.array([0.0, 5.0, -0.0009])
    for blanks in (_kernels.blanks, plain(_kernels.blanks)):
        assert blanks(lat, lon, 0.001).tolist() == [True, False, True]
