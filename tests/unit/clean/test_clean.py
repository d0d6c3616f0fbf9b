"""Cleaning: impossible fixes go, plausible ones stay, sources never alternate."""

import numpy as np
import pytest
from tests.synthetic import LAT_DEG, LON_DEG, M_PER_DEG, START_US, Day, evidence_of

from estran.clean import clean, cleaned
from estran.geo.distance import step_lengths_m
from estran.trace import Activities, Evidence, Motion, Positions, Source, Stream, Trace

EAST = 1.0 / M_PER_DEG / np.cos(np.radians(LAT_DEG))
"""Degrees of longitude in one metre."""


def line(east_m, *, step_s=10.0, accuracy_m=None, start_us=START_US):
    n = len(east_m)
    positions = Positions.of(
        start_us + (np.arange(n) * step_s * 1e6).astype(np.int64),
        np.full(n, LAT_DEG),
        LON_DEG + np.asarray(east_m, float) * EAST,
        accuracy_m=accuracy_m,
    )
    return evidence_of(positions)


def length_m(evidence):
    return float(step_lengths_m(evidence.trace.lat_deg, evidence.trace.lon_deg).sum())


def dropped(evidence):
    return dict(cleaned(evidence).dropped)


def test_a_jump_that_comes_back_is_dropped():
    east = np.arange(40) * 10.0
    east[20:23] += 9000.0

    assert dropped(line(east)) == {"jump": 3}


@pytest.mark.parametrize("speed_mps", [60.0, 88.0, 250.0])
def test_trains_and_planes_stay(speed_mps):
    still = np.arange(10) % 3 * 2.0
    east = np.concatenate([still, np.arange(300) * 10.0 * speed_mps])
    east = np.concatenate([east, east[-1] + still])

    assert dropped(line(east)) == {}


def test_a_cell_flap_is_dropped_and_a_slow_errand_is_kept():
    flap = [0.0, 5, 3, 2500, 4, 2, 6]
    errand = [0.0, 400, 800, 1200, 1600, 1200, 800, 400, 0]

    assert dropped(line(flap, step_s=60)) == {"bounce": 1}
    assert dropped(line(errand, step_s=60)) == {}


def test_a_spike_of_a_dense_trace_is_dropped():
    east = np.arange(60) * 1.4
    east[30] += 60.0

    assert dropped(line(east, step_s=1)) == {"spike": 1}


def test_a_coarse_fix_goes_beside_better_ones_and_stays_alone():
    east = [0.0, 3, 900, 2, 4]
    accuracy = np.array([8.0, 8, 1500, 8, 8])

    assert dropped(line(east, step_s=30, accuracy_m=accuracy)) == {"coarse": 1}
    assert dropped(line(np.arange(5) * 900.0, step_s=600, accuracy_m=np.full(5, 1500.0))) == {}


def test_an_old_position_out_of_turn_is_dropped():
    east = [0.0, 150, 300, 450, 600, 150, 750, 900]

    assert dropped(line(east, step_s=30)) == {"stale": 1}


def test_a_frozen_receiver_keeps_its_first_fix_only():
    east = [0.0, 10, 20, *[20.0] * 30, 40_000, 40_010]

    assert dropped(line(east, step_s=5)) == {"frozen": 30}


def test_repeats_keep_the_better_fix():
    positions = Positions.of(
        [START_US, START_US, START_US + 10**7],
        [LAT_DEG, LAT_DEG + 1e-3, LAT_DEG],
        [LON_DEG] * 3,
        accuracy_m=[50.0, 5.0, 5.0],
    )

    result = cleaned(evidence_of(positions))

    assert result.dropped == (("repeat", 1),)
    assert result.evidence.trace.accuracy_m.tolist() == [5.0, 5.0]


def test_impossible_instants_and_blanks_go():
    positions = Positions.of(
        [0, START_US, START_US + 10**7, 5 * 10**15],
        [LAT_DEG, LAT_DEG, 0.0, LAT_DEG],
        [LON_DEG, LON_DEG, 0.0, LON_DEG],
    )

    assert dropped(evidence_of(positions)) == {"clock": 2, "zero-island": 1}


def test_a_clock_that_counts_from_2001_is_set_right():
    apple = START_US - 978_307_200_000_000

    result = cleaned(line(np.arange(5) * 10.0, start_us=apple))

    assert result.evidence.trace.time_us[0] == START_US


def test_two_phones_carried_together_count_once():
    first, second = Day(seed=1, noise_m=5), Day(seed=2, noise_m=12)
    for day in (first, second):
        day.stay(1800).ride(east_m=8000, speed_mps=8).stay(1800)

    one = clean(evidence_of(first.positions()))
    both = clean(evidence_of(first.positions(), second.positions()))

    assert length_m(both) < 1.3 * length_m(one)
    alternations = np.count_nonzero(np.diff(both.trace.source))
    assert alternations <= 4


def test_a_phone_left_at_home_does_not_hide_the_one_carried():
    carried, left = Day(seed=3), Day(seed=4)
    carried.stay(1800).ride(east_m=8000, speed_mps=8).stay(1800)
    left.stay(1800 + 1000 + 1800, every_s=5)

    both = clean(evidence_of(left.positions(), carried.positions()))

    moving = (both.trace.time_us > carried.borders_us[0] + 60e6) & (
        both.trace.time_us < carried.borders_us[1] - 60e6
    )
    assert set(both.trace.source[moving].tolist()) == {1}


def test_a_silence_of_the_better_source_is_filled_from_the_other():
    tracker, provider = Day(seed=5), Day(seed=6, noise_m=15)
    tracker.stay(1800).gap(east_m=8000, seconds=2000).stay(1800)
    provider.stay(1800, every_s=120).ride(east_m=8000, speed_mps=4, every_s=60).stay(1800)

    both = clean(
        evidence_of(
            tracker.positions(),
            provider.positions(),
            streams=[Stream.RECORDED, Stream.RAW],
        )
    )

    inside = (both.trace.time_us > tracker.borders_us[0] + 120e6) & (
        both.trace.time_us < tracker.borders_us[1] - 120e6
    )
    assert np.count_nonzero(inside) > 20
    assert set(both.trace.source[inside].tolist()) == {1}
    assert set(both.trace.source[~inside].tolist()) >= {0}


def test_two_streams_of_one_export_are_not_mixed():
    raw, path = Day(seed=7, noise_m=10), Day(seed=8, noise_m=60)
    raw.stay(3600, every_s=60).ride(east_m=9000, speed_mps=10, every_s=30).stay(3600, every_s=60)
    path.stay(3600, every_s=600).ride(east_m=9000, speed_mps=10, every_s=240).stay(3600)

    both = clean(evidence_of(raw.positions(), path.positions(), streams=[Stream.RAW, Stream.PATH]))

    assert set(both.trace.source.tolist()) == {0}


def test_activities_of_a_phone_left_behind_are_silent():
    carried, left = Day(seed=9), Day(seed=10)
    carried.stay(1800).ride(east_m=8000, speed_mps=8).stay(1800)
    left.stay(1800 + 1000 + 1800, every_s=5)
    middle = (carried.borders_us[0] + carried.borders_us[1]) // 2
    activities = Activities(
        time_us=np.array([middle, middle]),
        motion=np.array([Motion.STILL, Motion.VEHICLE]),
        confidence_share=np.array([1.0, 0.9]),
        source=np.array([0, 1]),
    )

    both = clean(evidence_of(left.positions(), carried.positions(), activities=activities))

    assert both.activities.motion.tolist() == [Motion.VEHICLE]


def test_sources_are_renamed_by_key():
    trace = Trace.of([START_US, START_US + 10**8], [LAT_DEG] * 2, [LON_DEG] * 2, source=[0, 1])
    sources = (Source("z", "gpx"), Source("a", "gpx"))

    result = clean(Evidence(trace=trace, sources=sources))

    assert [s.key for s in result.sources] == ["a", "z"]
    assert result.sources[result.trace.source[0]].key == "z"
