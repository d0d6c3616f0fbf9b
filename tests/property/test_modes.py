"""What holds of legs whatever the movement."""

from __future__ import annotations

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.modes import MODES, TripBounds, legs
from estran.modes.grid import grid_of
from estran.modes.settings import ModeSettings
from estran.trace import Activities, Claims, Motion, Trace

START_US = 1_750_000_000_000_000
_PIECES = st.lists(
    st.tuples(st.sampled_from([0.0, 1.3, 3.0, 5.0, 12.0, 30.0, 80.0]), st.integers(1, 60)),
    min_size=1,
    max_size=12,
)


def _legs(journey):
    trace, bounds, said = journey
    return legs(trace, bounds, said, Claims.empty())


@st.composite
def journeys(draw):
    """Give a trace of up to three trips with gaps, and phone guesses."""
    spacing_s = draw(st.sampled_from([1, 7, 30, 95]))
    time_s: list[float] = []
    north_m: list[float] = []
    first: list[int] = []
    last: list[int] = []
    start: list[float] = []
    end: list[float] = []
    t = at = 0.0
    for _ in range(draw(st.integers(1, 3))):
        first.append(len(time_s))
        start.append(t)
        for speed, n in draw(_PIECES):
            for _ in range(n):
                time_s.append(t)
                north_m.append(at)
                t += spacing_s
                at += speed * spacing_s
        last.append(len(time_s))
        end.append(t)
        t += 1800
    # Travel stays within the hemisphere whatever the pieces are.
    lat = 10 + np.clip(np.array(north_m) / 111_195, 0, 70)
    time_us = START_US + (np.array(time_s) * 1e6).astype(np.int64)
    trace = Trace.of(time_us, lat, np.full(lat.size, 2.0))
    bounds = TripBounds(
        np.array(first, np.int64), np.array(last, np.int64),
        START_US + (np.array(start) * 1e6).astype(np.int64),
        START_US + (np.array(end) * 1e6).astype(np.int64),
    )  # fmt: skip
    motion = draw(st.lists(st.sampled_from(list(Motion)), max_size=20))
    at_us = np.linspace(START_US, int(bounds.end_us[-1]), len(motion)).astype(np.int64)
    confidence = np.full(len(motion), draw(st.sampled_from([0.2, 0.95, np.nan])))
    said = Activities(at_us, np.array(motion, np.int8), confidence, np.zeros(len(motion), np.int16))
    return trace, bounds, said


@settings(max_examples=60, deadline=None)
@given(journeys())
def test_the_legs_of_a_trip_tile_it(journey):
    trace, bounds, said = journey
    found = legs(trace, bounds, said, Claims.empty())
    for row in range(len(bounds)):
        mine = np.flatnonzero(found.trip == row)
        assert found.start_us[mine[0]] == bounds.start_us[row]
        assert found.end_us[mine[-1]] == bounds.end_us[row]
        assert (found.start_us[mine[1:]] == found.end_us[mine[:-1]]).all()
        assert (found.end_us[mine] > found.start_us[mine]).all()
        assert found.first[mine[0]] == bounds.first[row]
        assert found.last[mine[-1]] == bounds.last[row]
        assert (found.first[mine[1:]] == found.last[mine[:-1]]).all()


@settings(max_examples=60, deadline=None)
@given(journeys())
def test_probabilities_are_honest_numbers(journey):
    found = _legs(journey)
    assert np.isfinite(found.probability).all()
    assert np.allclose(found.probability.sum(axis=1), 1, atol=1e-5)
    assert (found.probability.argmax(axis=1) == found.mode).all()
    assert found.probability.shape[1] == len(MODES)


@settings(max_examples=30, deadline=None)
@given(journeys())
def test_the_same_evidence_gives_the_same_legs(journey):
    assert _legs(journey) == _legs(journey)


@settings(max_examples=30, deadline=None)
@given(journeys(), st.integers(-(10**6), 10**6))
def test_time_of_day_changes_nothing(journey, shift_s):
    trace, bounds, said = journey
    shift_us = shift_s * 1_000_000
    later = Trace.of(trace.time_us + shift_us, trace.lat_deg, trace.lon_deg)
    moved = TripBounds(
        bounds.first, bounds.last, bounds.start_us + shift_us, bounds.end_us + shift_us
    )
    heard = Activities(said.time_us + shift_us, said.motion, said.confidence_share, said.source)
    a = legs(trace, bounds, said, Claims.empty())
    b = legs(later, moved, heard, Claims.empty())
    assert np.array_equal(a.mode, b.mode)
    assert np.array_equal(a.start_us + shift_us, b.start_us)


@settings(max_examples=40, deadline=None)
@given(journeys())
def test_windows_cover_the_trips_and_their_distance(journey):
    trace, bounds, _ = journey
    grid = grid_of(trace, bounds, settings=ModeSettings())
    assert np.isfinite(grid.features).all()
    assert (grid.support_share >= 0).all()
    assert (grid.support_share <= 1).all()
    step_s = (grid.end_us - grid.start_us) / 1e6
    rows = slice(int(bounds.first[0]), int(bounds.last[0]))
    straight_m = (trace.lat_deg[rows][-1] - trace.lat_deg[rows][0]) * 111_195
    first = slice(0, int(grid.offset[1]))
    travelled_m = float((grid.speed_mps[first] * step_s[first]).sum())
    assert travelled_m >= 0.99 * straight_m - 1
