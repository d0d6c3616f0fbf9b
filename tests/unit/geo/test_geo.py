"""Lines, lengths and the local plane."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.geo._kernels import keep_within, length_along_m, near_m
from estran.geo.compiled import plain
from estran.geo.distance import distance_m
from estran.geo.length import path_length_m
from estran.geo.local import to_plane
from estran.geo.simplify import simplified


@given(st.integers(0, 1000), st.integers(2, 200), st.floats(1.0, 100.0))
def test_a_thinned_line_stays_near_all_points(seed, n, tolerance_m):
    rng = np.random.default_rng(seed)
    lat = 46.0 + np.cumsum(rng.normal(0, 3e-4, n))
    lon = -1.0 + np.cumsum(rng.normal(0, 3e-4, n))

    rows = simplified(lat, lon, tolerance_m=tolerance_m)

    assert rows[0] == 0
    assert rows[-1] == n - 1
    x, y = to_plane(lat, lon, lat0_deg=lat[0], lon0_deg=lon[0])
    for a, b in itertools.pairwise(rows):
        for i in range(a + 1, b):
            assert _off_m(x, y, a, b, i) <= tolerance_m * 1.001


def _off_m(x, y, a, b, i):
    along = np.array([x[b] - x[a], y[b] - y[a]])
    here = np.array([x[i] - x[a], y[i] - y[a]])
    square = along @ along
    share = 0.0 if square == 0 else min(1.0, max(0.0, (here @ along) / square))
    return float(np.hypot(*(here - share * along)))


def test_the_kernel_equals_its_twin():
    rng = np.random.default_rng(3)
    x, y = np.cumsum(rng.normal(0, 20, 500)), np.cumsum(rng.normal(0, 20, 500))

    assert np.array_equal(keep_within(x, y, 30.0), plain(keep_within)(x, y, 30.0))
    assert length_along_m(x / 1e5, y / 1e5, 20.0) == pytest.approx(
        plain(length_along_m)(x / 1e5, y / 1e5, 20.0)
    )


@given(st.floats(-75, 75), st.floats(-180, 180), st.floats(-0.02, 0.02), st.floats(-0.02, 0.02))
def test_the_local_plane_agrees_with_the_sphere(lat, lon, dlat, dlon):
    lon2 = (lon + dlon + 180.0) % 360.0 - 180.0

    flat, round_ = near_m(lat, lon, lat + dlat, lon2), distance_m(lat, lon, lat + dlat, lon2)

    assert flat == pytest.approx(round_, rel=0.01, abs=0.5)


def test_jitter_does_not_lengthen_a_walk():
    rng = np.random.default_rng(4)
    n = 900
    lat = 46.0 + rng.normal(0, 3, n) / 111_195
    lon = (np.arange(n) * 1.4 + rng.normal(0, 3, n)) / 111_195 / np.cos(np.radians(46.0))

    assert path_length_m(lat, lon) == pytest.approx(n * 1.4, rel=0.08)


def test_long_bridges_are_measured_on_the_sphere():
    lat, lon = np.array([48.86, 40.64]), np.array([2.35, -73.78])

    assert path_length_m(lat, lon) == pytest.approx(5_833_000, rel=0.005)


def test_unequal_columns_are_refused():
    with pytest.raises(ValueError, match="want two equal"):
        simplified(np.zeros(2), np.zeros(3))
