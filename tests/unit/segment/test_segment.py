"""Stays, trips, unknown time: what each kind of tracker and each habit must give."""

import numpy as np
import pytest
from tests.synthetic import LAT_DEG, LON_DEG, M_PER_DEG, START_US, Day, evidence_of

from estran.clean import clean
from estran.segment import STAY, TRIP, UNKNOWN, Segments, SegmentSettings, segment
from estran.segment.values import Row
from estran.trace import Activities, MarkKind, Marks, Motion, Positions, Trace

NAMES = {STAY: "stay", TRIP: "trip", UNKNOWN: "unknown"}


def found(day_or_evidence):
    evidence = day_or_evidence.evidence() if isinstance(day_or_evidence, Day) else day_or_evidence
    evidence = clean(evidence)
    return segment(evidence.trace, evidence.activities, evidence.claims, evidence.marks)[0]


def kinds(segments):
    return [NAMES[int(k)] for k in segments.kind]


def minutes(segments, border_us, column="start_us", kind=TRIP, nth=0):
    at = np.flatnonzero(segments.kind == kind)[nth]
    return (int(getattr(segments, column)[at]) - border_us) / 60e6


@pytest.mark.parametrize(
    ("still_s", "ride_s", "tolerance_min"), [(1, 1, 1), (60, 60, 2), (600, 600, 12)]
)
def test_every_density_of_fixes(still_s, ride_s, tolerance_min):
    day = Day(seed=1)
    day.stay(4 * 3600, every_s=still_s)
    day.ride(east_m=30_000, speed_mps=10, every_s=ride_s).stay(4 * 3600, every_s=still_s)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[0])) <= tolerance_min
    assert abs(minutes(segments, day.borders_us[1], "end_us")) <= tolerance_min


@pytest.mark.parametrize(("speed_mps", "every_s"), [(2.8, 1), (2.8, 30), (1.2, 10)])
def test_a_loop_from_home_is_a_trip(speed_mps, every_s):
    day = Day(seed=2)
    day.stay(3600)
    for east, north in ((700, 0), (0, 700), (-700, 0), (0, -700)):
        day.ride(east_m=east, north_m=north, speed_mps=speed_mps, every_s=every_s)
    day.stay(3600)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


@pytest.mark.parametrize("wait_s", [180, 600, 1200, 1500])
def test_a_wait_for_a_bus_does_not_cut_a_trip(wait_s):
    day = Day(seed=3)
    day.stay(7200).ride(east_m=800, speed_mps=1.3).stay(wait_s, every_s=15)
    day.ride(east_m=6000, speed_mps=9).ride(east_m=300, speed_mps=1.3).stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


def test_a_change_of_train_does_not_cut_a_trip():
    day = Day(seed=4)
    day.stay(7200).ride(east_m=40_000, speed_mps=30).stay(900, every_s=30)
    day.ride(north_m=20_000, speed_mps=25).stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


def test_an_errand_by_car_cuts():
    day = Day(seed=5)
    day.stay(7200).ride(east_m=5000, speed_mps=10).stay(1200).ride(east_m=-5000, speed_mps=10)
    day.stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay", "trip", "stay"]


def test_a_cafe_between_two_walks_cuts():
    day = Day(seed=6)
    day.stay(7200).ride(east_m=1500, speed_mps=1.3, every_s=1).stay(1200, every_s=1)
    day.ride(east_m=1500, speed_mps=1.3, every_s=1).stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay", "trip", "stay"]


def test_a_short_stop_at_a_known_place_cuts():
    day = Day(seed=7)
    day.stay(7200).ride(east_m=6000, speed_mps=10).stay(7200).ride(east_m=6000, speed_mps=10)
    day.stay(3600).ride(east_m=-6000, speed_mps=10).stay(720).ride(east_m=-6000, speed_mps=10)
    day.stay(3600)

    assert kinds(found(day)).count("trip") == 4


def test_a_night_without_a_fix_is_one_stay():
    day = Day(seed=8)
    day.stay(3600).gap(seconds=9 * 3600).stay(3600)

    segments = found(day)

    assert kinds(segments) == ["stay"]
    assert segments.end_us[0] - segments.start_us[0] > 10 * 3600 * 1e6


def test_silence_while_still_is_the_stay_between_two_trips():
    # An iPhone falls silent on arrival, and wakes some hundred metres into the way back.
    day = Day(seed=9)
    day.stay(600).ride(east_m=9000, speed_mps=12).gap(seconds=5000)
    day.gap(east_m=-400, seconds=40).ride(east_m=-8600, speed_mps=12).stay(1800)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[2], nth=1)) < 3


def test_a_missed_start_is_pulled_back_to_the_place():
    day = Day(seed=10)
    day.stay(3600, every_s=300).gap(seconds=7200)
    left_us = day.borders_us[-1]
    day.gap(east_m=900, seconds=120).ride(east_m=9000, speed_mps=11).stay(3600)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, left_us)) < 4


def wander(seed, *, sigma_m, memory_s, every_s=60.0, hours=10):
    """Make a still phone whose error drifts as indoor fixes do."""
    rng = np.random.default_rng(seed)
    n = int(hours * 3600 / every_s)
    keep = float(np.exp(-every_s / memory_s))
    drift: np.ndarray = np.zeros((n, 2))
    for i in range(1, n):
        drift[i] = keep * drift[i - 1] + rng.normal(0, sigma_m * np.sqrt(1 - keep**2), 2)
    return evidence_of(
        Positions.of(
            START_US + (np.arange(n) * every_s * 1e6).astype(np.int64),
            LAT_DEG + drift[:, 0] / M_PER_DEG,
            LON_DEG + drift[:, 1] / M_PER_DEG / np.cos(np.radians(LAT_DEG)),
            accuracy_m=np.full(n, sigma_m),
        )
    )


@pytest.mark.parametrize("seed", range(6))
@pytest.mark.parametrize(("sigma_m", "memory_s"), [(50.0, 1.0), (80.0, 120.0), (80.0, 900.0)])
def test_wandering_fixes_of_a_still_phone_make_no_trip(seed, sigma_m, memory_s):
    assert kinds(found(wander(seed, sigma_m=sigma_m, memory_s=memory_s))) == ["stay"]


def test_flapping_between_two_cells_makes_no_trip():
    rng = np.random.default_rng(11)
    n = 300
    cell = rng.random(n) < 0.2
    trace = Trace.of(
        START_US + np.arange(n) * 120_000_000,
        np.full(n, LAT_DEG),
        np.where(cell, LON_DEG + 1200.0 / M_PER_DEG, LON_DEG),
        accuracy_m=np.where(cell, 1400.0, 1200.0),
    )

    assert kinds(found(evidence_of(trace))) == ["stay"]


def test_a_tunnel_does_not_cut_a_trip():
    day = Day(seed=12)
    day.stay(3600).ride(east_m=3000, speed_mps=10).gap(east_m=9000, seconds=840)
    day.ride(east_m=2000, speed_mps=8).stay(3600)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


def test_a_long_silence_between_distant_places_is_unknown():
    day = Day(seed=13)
    day.stay(3600).gap(east_m=30_000, seconds=9 * 3600).stay(3600)

    segments = found(day)

    assert kinds(segments) == ["stay", "unknown", "stay"]
    assert segments.first[1] == segments.last[1]


def test_a_silence_between_two_stays_apart_holds_the_way_between_them():
    day = Day(seed=13)
    day.stay(3600).gap(north_m=800, seconds=5000).stay(3600)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[1], "end_us")) < 1
    assert 8 < minutes(segments, int(segments.start_us[1]), "end_us") < 13


def test_an_impossible_leap_is_no_trip():
    day = Day(seed=14)
    day.stay(3600).gap(east_m=80_000, seconds=20).stay(3600)

    assert "trip" not in kinds(found(day))


def test_sensed_walking_moves_the_start_back():
    day = Day(seed=15)
    day.stay(3600, every_s=20).ride(east_m=6000, speed_mps=9, every_s=20).stay(3600)
    left_us = day.borders_us[0]
    sensed = Activities(
        time_us=left_us + np.array([-600, -300, -120, -60, -10]) * 1_000_000,
        motion=np.array([Motion.STILL, Motion.STILL, *[Motion.WALK] * 3]),
        confidence_share=np.full(5, 0.9),
        source=np.zeros(5, np.int16),
    )

    plainly = found(evidence_of(day.positions()))
    told = found(evidence_of(day.positions(), activities=sensed))

    assert abs(minutes(plainly, left_us)) < 1
    assert minutes(told, left_us) == pytest.approx(-2.0, abs=0.1)


@pytest.mark.parametrize("silent_before", [False, True])
def test_sensed_walking_tells_when_an_unseen_beginning_was(silent_before):
    day = Day(seed=15)
    if silent_before:
        day.stay(3600).gap(east_m=30_000, seconds=9 * 3600)
    seen_us = START_US + round(day.now_s * 1e6)
    day.ride(east_m=6000, speed_mps=9, every_s=20).stay(3600)
    changes = Activities(
        time_us=seen_us + np.array([-4000, -620, -3]) * 1_000_000,
        motion=np.array([Motion.STILL, Motion.WALK, Motion.VEHICLE]),
        confidence_share=np.full(3, 0.9),
        source=np.zeros(3, np.int16),
    )

    segments = found(evidence_of(day.positions(), activities=changes))

    assert kinds(segments)[-2:] == ["trip", "stay"]
    assert minutes(segments, seen_us) == pytest.approx(-620 / 60, abs=0.1)
    assert kinds(segments)[:-2] == (["stay", "unknown"] if silent_before else [])


def test_a_mark_of_leaving_pulls_back_a_trace_that_begins_under_way():
    day = Day(seed=16)
    day.ride(east_m=6000, speed_mps=9).stay(3600)
    marks = Marks(
        time_us=np.array([START_US]),
        kind=np.array([MarkKind.TRIP_STARTED]),
        source=np.zeros(1, np.int16),
    )

    segments = found(evidence_of(day.positions(), marks=marks))

    assert -3 < minutes(segments, START_US) < -1


def test_rows_that_overlap_are_refused():
    rows = [Row(STAY, 0, 10, 0, 0, 0.0, 0.0, 0.0, 0), Row(STAY, 5, 12, 0, 0, 0.0, 0.0, 0.0, 0)]

    with pytest.raises(ValueError, match="overlap"):
        Segments.of(rows)


def test_settings_change_what_is_found():
    day = Day(seed=17)
    day.stay(7200).ride(east_m=6000, speed_mps=9).stay(900).ride(east_m=6000, speed_mps=9)
    day.stay(7200)
    evidence = clean(day.evidence())
    strict = SegmentSettings(wait_fast_fast_s=300.0)

    assert kinds(found(day)).count("trip") == 1
    cut, _ = segment(
        evidence.trace, evidence.activities, evidence.claims, evidence.marks, settings=strict
    )
    assert kinds(cut).count("trip") == 2


@pytest.mark.parametrize("accuracy_m", [8.0, np.nan])
@pytest.mark.parametrize("speed_mps", [0.5, 0.7])
def test_a_stroll_is_a_trip_whether_or_not_accuracy_is_known(speed_mps, accuracy_m):
    day = Day(seed=18, accuracy_m=accuracy_m)
    day.stay(3600, every_s=5).ride(east_m=900, speed_mps=speed_mps, every_s=5)
    day.stay(3600, every_s=5)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[0])) <= 3
    assert abs(minutes(segments, day.borders_us[1], "end_us")) <= 3


def test_joined_stays_of_unknown_accuracy_keep_their_place_narrow():
    day = Day(seed=19, accuracy_m=np.nan)
    for _ in range(3):
        day.stay(3600, every_s=5).ride(east_m=100, speed_mps=1.3, every_s=5)
    day.ride(east_m=300, speed_mps=1.3, every_s=5).stay(3600, every_s=5)

    assert kinds(found(day)).count("trip") >= 1


def test_a_ride_that_nobody_saw_is_still_waited_for():
    day = Day(seed=20)
    day.stay(7200).ride(east_m=800, speed_mps=1.3).stay(780, every_s=15)
    day.gap(east_m=3500, seconds=840).ride(east_m=300, speed_mps=1.3).stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


def test_a_slow_tram_is_waited_for():
    day = Day(seed=21)
    day.stay(7200).ride(east_m=4000, speed_mps=9).stay(800, every_s=15)
    for _ in range(6):
        day.ride(east_m=350, speed_mps=6.5, every_s=10).stay(45, every_s=10)
    day.stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay"]


def test_an_errand_on_foot_is_somewhere_to_be():
    day = Day(seed=22)
    day.stay(7200).ride(east_m=700, speed_mps=1.3, every_s=5).stay(540, every_s=5)
    day.ride(east_m=-700, speed_mps=1.3, every_s=5).stay(7200)

    assert kinds(found(day)) == ["stay", "trip", "stay", "trip", "stay"]


def test_a_lone_position_tells_the_minute_it_was_in():
    day = Day(seed=23).stay(10, every_s=30)

    segments = found(day)

    assert kinds(segments) == ["stay"]
    assert segments.end_us[0] - segments.start_us[0] == 60_000_000


def test_lone_positions_days_apart_are_places_with_unknown_time_between():
    day = Day(seed=24)
    for _ in range(3):
        day.stay(10, every_s=30).gap(east_m=9000, seconds=2 * 86_400)

    assert kinds(found(day)) == ["stay", "unknown", "stay", "unknown", "stay"]


def test_two_positions_at_one_place_are_a_stay():
    day = Day(seed=25).stay(400, every_s=300)

    assert kinds(found(day)) == ["stay"]


@pytest.mark.parametrize("seed", range(4))
def test_a_walk_begins_and_ends_at_the_door(seed):
    day = Day(seed=seed, noise_m=8.0).stay(3600, every_s=1)
    day.ride(east_m=700, speed_mps=1.2, every_s=1).stay(3600, every_s=1)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[0])) <= 0.5
    assert abs(minutes(segments, day.borders_us[1], "end_us")) <= 0.5


def test_a_run_that_was_seen_from_the_door_has_no_walk_to_a_vehicle():
    day = Day(seed=5).stay(3600, every_s=60).ride(east_m=4000, speed_mps=3, every_s=10)
    day.stay(3600, every_s=60)

    segments = found(day)

    assert abs(minutes(segments, day.borders_us[0])) <= 0.4
    assert abs(minutes(segments, day.borders_us[1], "end_us")) <= 0.4


def test_a_minute_at_home_before_the_phone_falls_silent_is_no_walking():
    day = Day(seed=3, noise_m=4.0).stay(3600).ride(east_m=4000, speed_mps=8, every_s=5)
    day.ride(east_m=250, speed_mps=1.3, every_s=1).stay(80, every_s=1).gap(seconds=7200)
    day.stay(600)

    segments = found(day)

    assert kinds(segments) == ["stay", "trip", "stay"]
    assert abs(minutes(segments, day.borders_us[2], "end_us")) <= 0.5
