from __future__ import annotations

import math

import numpy as np
import pytest

from estran.journal import Journal, Leg, Mode, Place, Stay, Trip
from estran.scoring import (
    LabelledLeg,
    LabelledTrip,
    Tally,
    brier_score,
    calibration_error_share,
    co2e_error_share,
    count_co2e,
    macro_f1,
    merged,
    mode_rows,
    motor_merged,
    right_share,
    score,
    trips_of,
    uncovered_share,
    without_waits,
)

S = 1_000_000


def trip(start_s, end_s, *legs):
    return LabelledTrip(
        start_s * S, end_s * S, tuple(LabelledLeg(a * S, b * S, mode) for a, b, mode in legs)
    )


COMMUTE = trip(
    0, 1000, (0, 200, "walk"), (200, 400, "wait"), (400, 900, "train"), (900, 1000, "walk")
)


def test_a_perfect_report_is_all_right():
    tally = score([COMMUTE], [COMMUTE])
    assert (tally.n_matched, tally.n_once, tally.n_split, tally.n_missed) == (1, 1, 0, 0)
    assert tally.start_errors_s == tally.end_errors_s == [0.0]
    assert right_share(tally.seconds) == 1.0
    assert macro_f1(tally.seconds) == 1.0


def test_time_of_waits_is_never_scored():
    tally = score([COMMUTE], [COMMUTE])
    assert sum(tally.seconds.values()) == 800
    assert all(truth != "wait" for truth, _ in tally.seconds)


def test_a_wait_said_of_a_movement_is_wrong():
    said = trip(0, 1000, (0, 1000, "wait"))
    assert right_share(score([COMMUTE], [said]).seconds) == 0.0


def test_a_trip_cut_in_two_is_split_and_found_once_never():
    said = [trip(0, 300, (0, 300, "walk")), trip(400, 1000, (400, 1000, "train"))]
    tally = score([COMMUTE], said)
    assert tally.n_split == 1
    assert tally.n_matched == 1
    assert tally.n_once == 0


def test_a_trip_that_nothing_touches_is_missed():
    tally = score([COMMUTE], [trip(2000, 3000, (2000, 3000, "walk"))])
    assert tally.n_missed == 1
    assert uncovered_share(tally.seconds) == 1.0


@pytest.mark.parametrize(("end_s", "n_matched"), [(2000, 1), (2001, 0)])
def test_matching_needs_half_of_the_union(end_s, n_matched):
    assert score([COMMUTE], [trip(0, end_s, (0, end_s, "train"))]).n_matched == n_matched


def test_errors_of_borders_are_absolute_and_of_matched_trips_only():
    tally = score([COMMUTE], [trip(60, 970, (60, 970, "train")), trip(5000, 6000)])
    assert tally.start_errors_s == [60.0]
    assert tally.end_errors_s == [30.0]


def test_merging_motor_modes_forgives_the_vehicle_and_nothing_else():
    said = trip(0, 1000, (0, 200, "walk"), (200, 1000, "car"))
    counts = score([COMMUTE], [said]).seconds
    assert right_share(counts) == 200 / 800
    assert right_share(merged(counts, motor_merged)) == 700 / 800


def test_an_e_bike_is_a_bike_and_an_e_scooter_is_not():
    truth = trip(0, 100, (0, 100, "bike"))
    assert right_share(score([truth], [trip(0, 100, (0, 100, "e_bike"))]).seconds) == 1.0
    assert right_share(score([truth], [trip(0, 100, (0, 100, "e_scooter"))]).seconds) == 0.0


def test_whatever_is_said_of_a_stationary_recording_is_false():
    tally = score([], [COMMUTE], stationary=True)
    assert (tally.n_false_stationary, tally.n_stationary) == (1, 1)


def test_distance_weighs_the_fast_leg_more():
    def odometer(at_us):
        # 1 m/s, and 20 m/s from 400 s to 900 s.
        t = np.asarray(at_us) / S
        return t + 19 * np.clip(t - 400, 0, 500)

    said = trip(0, 1000, (0, 400, "walk"), (400, 900, "train"), (900, 1000, "bus"))
    tally = score([COMMUTE], [said], odometer=odometer)
    assert right_share(tally.metres) == pytest.approx(10_200 / 10_300)
    assert right_share(tally.seconds) == pytest.approx(700 / 800)


def test_uncovered_time_is_wrong_for_a_class_but_right_for_none():
    counts = score([COMMUTE], [trip(0, 500, (0, 200, "walk"), (400, 500, "train"))]).seconds
    assert uncovered_share(counts) == 500 / 800
    f1 = {row.mode: row.f1_share for row in mode_rows(counts)}
    assert f1["train"] == pytest.approx(2 * 100 / (500 + 100))


def test_tallies_add_up():
    total = Tally()
    total.add(score([COMMUTE], [COMMUTE]))
    total.add(score([COMMUTE], []))
    assert (total.n_recordings, total.n_true, total.n_matched, total.n_missed) == (2, 2, 1, 1)
    assert right_share(total.seconds) == 0.5


def test_nothing_counted_is_unknown_and_not_zero():
    assert math.isnan(right_share({}))
    assert math.isnan(macro_f1({}))
    assert math.isnan(uncovered_share({}))


def test_a_journal_is_scored_by_its_trips():
    here = Place(46.1, -1.1)
    journal = Journal(
        (
            Stay(0, 10 * S, "UTC", here, 50.0),
            Trip(10 * S, 20 * S, "UTC", here, here, (Leg(Mode.BUS, 10 * S, 20 * S, 100.0),)),
        )
    )
    [found] = trips_of(journal)
    assert (found.start_us, found.end_us) == (10 * S, 20 * S)
    assert [(leg.mode, leg.distance_m) for leg in found.legs] == [("bus", 100.0)]


def test_a_diary_without_waits_does_not_judge_them():
    truth = trip(0, 100, (0, 100, "walk"))
    counts = score([truth], [trip(0, 100, (0, 60, "wait"), (60, 80, "bus"), (80, 100, "walk"))])
    assert right_share(counts.seconds) == 0.2
    assert right_share(without_waits(counts.seconds)) == 0.5


def test_a_move_is_right_when_most_of_what_is_said_of_it_is():
    said = trip(
        0, 1000, (0, 150, "wait"), (150, 200, "walk"), (400, 700, "train"), (700, 1000, "bus")
    )
    tally = score([COMMUTE], [said])
    assert (tally.n_moves, tally.n_moves_right) == (3, 2)


def test_two_journeys_told_as_one_are_merged_and_a_trip_beside_them_false():
    true = [trip(0, 400, (0, 400, "walk")), trip(600, 1000, (600, 1000, "walk"))]
    tally = score(true, [trip(0, 1000, (0, 1000, "walk")), trip(2000, 2100, (2000, 2100, "bus"))])
    assert (tally.n_merged, tally.n_false, tally.n_missed) == (1, 1, 0)


def sure(start_s, end_s, mode, share):
    return LabelledLeg(start_s * S, end_s * S, mode, share)


def test_probabilities_that_come_true_as_often_as_they_say_are_calibrated():
    truth = trip(0, 1000, (0, 1000, "bus"))
    said = LabelledTrip(0, 1000 * S, (sure(0, 800, "bus", 0.8), sure(800, 1000, "car", 0.8)))
    tally = score([truth], [said])
    assert calibration_error_share(tally) == pytest.approx(0.0)
    assert brier_score(tally) == pytest.approx(0.8 * 0.04 + 0.2 * 0.64)


def test_being_sure_and_wrong_is_a_gap():
    truth = trip(0, 100, (0, 100, "bus"))
    tally = score([truth], [LabelledTrip(0, 100 * S, (sure(0, 100, "car", 1.0),))])
    assert calibration_error_share(tally) == 1.0
    assert math.isnan(calibration_error_share(score([truth], [])))


def test_co2e_is_compared_where_labels_are():
    true = [LabelledTrip(0, 100 * S, (LabelledLeg(0, 100 * S, "car", co2e_g=2000.0),))]
    said = [LabelledTrip(0, 200 * S, (LabelledLeg(0, 200 * S, "car", co2e_g=3000.0),))]
    tally = Tally()
    count_co2e(tally, true, said)
    assert co2e_error_share(tally) == pytest.approx(-0.25)
    assert math.isnan(co2e_error_share(Tally()))
