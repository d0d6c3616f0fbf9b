"""Lines, lengths and the local plane."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.geo._kernels import (
    draw,
    keep_within,
    length_along_m,
    median_of,
    near_m,
    quantile_of,
)
from estran.geo.compiled import plain
from estran.geo.distance import distance_m
from estran.geo.lines import Pieces, drawn

NONE = np.array([np.nan])


def line(lat, lon, *, tolerance_m=10.0):
    """Draw one line through all points, each at its row's number."""
    rows = np.arange(lat.size)
    ends = (np.array([0]), np.array([lat.size]), np.array([0]), np.array([lat.size]))
    return drawn(rows, lat, lon, Pieces(*ends, NONE, NONE, NONE, NONE), tolerance_m=tolerance_m)


@given(st.integers(0, 1000), st.integers(2, 200), st.floats(1.0, 100.0))
def test_a_thinned_line_stays_near_all_points(seed, n, tolerance_m):
    rng = np.random.default_rng(seed)
    lat = 46.0 + np.cumsum(rng.normal(0, 3e-4, n))
    lon = -1.0 + np.cumsum(rng.normal(0, 3e-4, n))

    rows = line(lat, lon, tolerance_m=tolerance_m).time_us

    assert rows[0] == 0
    assert rows[-1] == n - 1
    x = (lon - lon[0]) * 111_195 * np.cos(np.radians(lat[0]))
    y = (lat - lat[0]) * 111_195
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

    assert line(lat, lon).length_m[0] == pytest.approx(n * 1.4, rel=0.08)


def test_long_bridges_are_measured_on_the_sphere():
    lat, lon = np.array([48.86, 40.64]), np.array([2.35, -73.78])

    assert line(lat, lon).length_m[0] == pytest.approx(5_833_000, rel=0.005)


@given(st.integers(0, 1000), st.integers(0, 60))
def test_lines_keep_their_ends_and_share_fixes(seed, n):
    rng = np.random.default_rng(seed)
    lat = 46.0 + np.cumsum(rng.normal(0, 3e-4, n))
    lon = -1.0 + np.cumsum(rng.normal(0, 3e-4, n))
    time_us = np.arange(n) * 10
    first = np.array([0, n // 3, n // 2])
    last = np.array([n // 3 + min(n, 1), n // 2, n])
    start_us, end_us = first * 10 + 1, last * 10 - 2
    head = np.array([45.9, np.nan, np.nan]), np.array([-1.1, np.nan, np.nan])
    tail = np.array([np.nan, np.nan, 46.1]), np.array([np.nan, np.nan, -0.9])
    pieces = Pieces(first, last, start_us, np.maximum(start_us, end_us), *head, *tail)

    lines = drawn(time_us, lat, lon, pieces)

    assert lines.offset[0] == 0
    assert lines.lat_deg[0] == 45.9
    assert lines.lat_deg[-1] == 46.1
    for k in range(3):
        own = slice(lines.offset[k], lines.offset[k + 1])
        assert (np.diff(lines.time_us[own]) >= 0).all()
        assert (lines.time_us[own] >= start_us[k]).all()
        chord = _off_ends_m(lines, own)
        assert lines.length_m[k] >= 0.98 * chord
    spots = first, last, pieces.start_us, pieces.end_us
    for ours, theirs in zip(
        draw(time_us, lat, lon, *spots, *head, *tail, 10.0, 20.0),
        plain(draw)(time_us, lat, lon, *spots, *head, *tail, 10.0, 20.0),
        strict=True,
    ):
        np.testing.assert_allclose(ours, theirs)


def _off_ends_m(lines, own):
    if own.stop == own.start:
        return 0.0
    lat, lon = lines.lat_deg[own], lines.lon_deg[own]
    return distance_m(lat[0], lon[0], lat[-1], lon[-1])


@pytest.mark.parametrize("n", [1, 2, 3, 8, 31])
def test_quantiles_are_those_of_numpy(n):
    values = np.random.default_rng(n).integers(0, 9, n).astype(float)
    assert median_of(values.copy()) == np.median(values)
    for share in (0.0, 0.5, 0.8, 1.0):
        got = quantile_of(values.copy(), share)
        assert got == pytest.approx(np.quantile(values, share))
