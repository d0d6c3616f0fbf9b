from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.modes.roads import (
    NO_CLAIM,
    NONE_SAID,
    START_US,
    bounds_of,
    move,
    ride,
    said,
    steady,
    trace_of,
)

from estran.journal import Mode
from estran.modes import MODES, ModeSettings, TripBounds, legs, reasons_of
from estran.modes.rides import LEG_FEATURES
from estran.trace import Claims, Motion, Trace
from estran.wording import REASONS, say

PUBLIC = {Mode.BUS, Mode.TRAM, Mode.METRO, Mode.TRAIN}


def modes_of(found):
    return [MODES[m] for m in found.mode]


def longest_mode(found):
    return MODES[found.mode[np.argmax(found.end_us - found.start_us)]]


def probability(found, row, mode):
    return float(found.probability[row, MODES.index(mode)])


@pytest.mark.parametrize("spacing_s", [1, 5, 15, 30, 60])
def test_a_walk_is_a_walk_at_any_rate(spacing_s):
    trace, trips = trace_of(steady(1.3, 1200), spacing_s=spacing_s)
    assert modes_of(legs(trace, trips, NONE_SAID, NO_CLAIM)) == [Mode.WALK]


@pytest.mark.parametrize("spacing_s", [1, 10, 30])
def test_a_bike_is_a_bike_at_any_rate(spacing_s):
    trace, trips = trace_of(ride(4.6, 100, 15, 8, 0.5), spacing_s=spacing_s)
    assert longest_mode(legs(trace, trips, NONE_SAID, NO_CLAIM)) == Mode.BIKE


def test_a_run_is_on_foot():
    trace, trips = trace_of(steady(3.1, 2400))
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    assert longest_mode(found) == Mode.RUN


@pytest.mark.parametrize("spacing_s", [1, 5, 15])
def test_parking_walks_are_legs_of_their_own(spacing_s):
    trace, trips = trace_of(
        steady(1.3, 90), ride(14, 60, 20, 4), ride(30, 300, 5, 1), steady(1.3, 100),
        spacing_s=spacing_s, corner_every_m=500,
    )  # fmt: skip
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    assert modes_of(found) == [Mode.WALK, Mode.CAR, Mode.WALK]
    assert abs(found.start_us[1] - START_US - 90e6) < 45e6


def test_a_wait_for_a_bus_is_a_leg_inside_the_trip():
    trace, trips = trace_of(
        steady(1.3, 420), steady(0, 400), ride(10, 20, 25, 12), steady(1.3, 300)
    )
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    modes = modes_of(found)
    assert modes[0] == Mode.WALK
    assert modes[1] == Mode.WAIT
    assert modes[2] in PUBLIC
    assert modes[-1] == Mode.WALK


def test_a_traffic_light_stays_in_the_ride():
    trace, trips = trace_of(ride(14, 90, 55, 6))
    assert Mode.WAIT not in modes_of(legs(trace, trips, NONE_SAID, NO_CLAIM))


def test_a_tgv_is_a_train_and_no_plane():
    trace, trips = trace_of(ride(83, 2400, 180, 2, 0.4))
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    assert longest_mode(found) == Mode.TRAIN
    row = int(np.argmax(found.end_us - found.start_us))
    assert probability(found, row, Mode.PLANE) < 0.1


def test_a_flight_in_a_gap_is_proposed_without_rows():
    hours = 3600 * 1_000_000
    trace = Trace.of([START_US, START_US + 2 * hours], [44.83, 51.47], [-0.71, -0.45])
    trips = bounds_of([1], [1], [START_US], [START_US + 2 * hours])
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    assert modes_of(found) == [Mode.PLANE]
    assert found.first.tolist() == found.last.tolist() == [1]


def test_two_fixes_a_town_apart_are_unknown():
    trace = Trace.of([START_US, START_US + 1_200_000_000], [46.16, 46.20], [-1.15, -1.15])
    trips = bounds_of([0], [2], [START_US], [START_US + 1_200_000_000])
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    assert modes_of(found) == [Mode.UNKNOWN]
    assert any(r.code == "thin-data" for r in reasons_of(found)[0])


def test_what_movement_cannot_tell_is_shared_out():
    trace, trips = trace_of(ride(12, 40, 20, 10))
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    row = int(np.argmax(found.end_us - found.start_us))
    assert found.probability[row].max() < 0.9
    assert sum(probability(found, row, m) for m in (Mode.CAR, *PUBLIC)) > 0.8


def test_hints_speak_and_do_not_decide():
    trace, trips = trace_of(steady(1.3, 900))
    felt = legs(trace, trips, said(Motion.VEHICLE, 0, 900), NO_CLAIM)
    assert modes_of(felt) == [Mode.WALK]

    slow, bounds = trace_of(ride(5.5, 60, 20, 10, 0.8))
    on_bike = legs(slow, bounds, said(Motion.BIKE, 0, 900), NO_CLAIM)
    in_car = legs(slow, bounds, said(Motion.VEHICLE, 0, 900), NO_CLAIM)
    assert longest_mode(on_bike) == Mode.BIKE
    assert longest_mode(in_car) != Mode.BIKE


def test_a_label_moves_the_probability_and_a_confirmed_one_settles_it():
    trace, trips = trace_of(ride(13, 60, 20, 12))
    lasts_s = int((trips.end_us[0] - trips.start_us[0]) / 1e6)

    def of_tram(claims):
        found = legs(trace, trips, NONE_SAID, claims)
        row = int(np.argmax(found.end_us - found.start_us))
        return probability(found, row, Mode.TRAM)

    bare = of_tram(NO_CLAIM)
    weak = of_tram(move(Motion.TRAM, 0, lasts_s, probability=0.5))
    strong = of_tram(move(Motion.TRAM, 0, lasts_s, probability=0.9))
    settled = of_tram(move(Motion.TRAM, 0, lasts_s, confirmed=True))
    assert bare < weak < strong < settled
    assert settled > 0.9


def test_two_labelled_rides_without_a_fix_between_are_two_legs():
    trace = Trace.of([START_US, START_US + 3_600_000_000], [46.16, 46.50], [-1.15, -1.15])
    trips = bounds_of([0], [2], [START_US], [START_US + 3_600_000_000])
    claims = Claims.concatenate(
        [
            move(Motion.BUS, 0, 1500, probability=0.9),
            move(Motion.TRAIN, 1620, 3600, probability=0.9),
        ]
    )
    found = legs(trace, trips, NONE_SAID, claims)
    assert modes_of(found) == [Mode.BUS, Mode.TRAIN]
    assert (found.start_us[1] - START_US) / 1e6 == pytest.approx(1560, abs=15)


def test_two_labels_of_one_ride_are_one_leg():
    trace, trips = trace_of(ride(24, 200, 30, 8))
    half_s = int((trips.end_us[0] - trips.start_us[0]) / 2e6)
    claims = Claims.concatenate(
        [
            move(Motion.TRAIN, 0, half_s, probability=0.9),
            move(Motion.VEHICLE, half_s, 2 * half_s, probability=0.6),
        ]
    )
    assert modes_of(legs(trace, trips, NONE_SAID, claims)) == [Mode.TRAIN]


def test_every_reason_has_its_sentence():
    trace, trips = trace_of(
        steady(1.3, 420), steady(0, 400), ride(10, 20, 25, 12), steady(1.3, 300)
    )
    found = legs(trace, trips, said(Motion.VEHICLE, 820, 1500), move(Motion.BUS, 820, 1500))
    codes = set()
    for row in range(len(found)):
        for reason in reasons_of(found)[row]:
            assert reason.code in REASONS
            assert say(REASONS, reason.code, dict(reason.params))
            assert 0 <= reason.weight_share <= 1
            codes.add(reason.code)
    assert {"standstill", "label", "phone-vehicle"} <= codes


def test_a_bad_fix_near_good_ones_changes_nothing():
    trace, trips = trace_of(steady(1.3, 900), spacing_s=5)
    lat, accuracy = trace.lat_deg.copy(), trace.accuracy_m.copy()
    lat[60:64] += 0.02
    accuracy[60:64] = 1500
    spoilt = Trace.of(trace.time_us, lat, trace.lon_deg, accuracy_m=accuracy)
    assert modes_of(legs(spoilt, trips, NONE_SAID, NO_CLAIM)) == [Mode.WALK]


def test_no_trip_no_leg():
    none = np.empty(0, np.int64)
    found = legs(Trace.empty(), TripBounds(none, none, none, none), NONE_SAID, NO_CLAIM)
    assert len(found) == 0


def test_a_trip_without_any_fix_has_one_leg_nobody_knows():
    found = legs(Trace.empty(), bounds_of([0], [0], [0], [600_000_000]), NONE_SAID, NO_CLAIM)
    assert modes_of(found) == [Mode.UNKNOWN]


def test_hints_in_any_order_say_the_same():
    trace, trips = trace_of(steady(1.3, 300), ride(12, 60, 20, 5))
    felt = said(Motion.VEHICLE, 300, 800)
    turned = felt.take(np.arange(len(felt))[::-1])
    assert legs(trace, trips, felt, NO_CLAIM) == legs(trace, trips, turned, NO_CLAIM)


def test_a_trip_that_ends_before_it_starts_is_refused():
    with pytest.raises(ValueError, match="ends before"):
        bounds_of([0], [1], [10], [5])


def test_a_trip_of_weeks_has_a_bounded_number_of_windows():
    month_us = 31 * 86400 * 1_000_000
    trace = Trace.of([START_US, START_US + month_us], [46.0, 46.1], [0.0, 0.0])
    trips = bounds_of([0], [2], [START_US], [START_US + month_us])
    found = legs(trace, trips, NONE_SAID, NO_CLAIM, settings=ModeSettings())
    assert found.end_us[-1] == START_US + month_us


def test_evidence_that_spoke_against_the_mode_is_not_given_as_its_reason():
    # iPhones call bike rides walks; a ride of which nothing was seen has no speed to tell.
    trace, trips = trace_of(ride(4.6, 100, 15, 8, 0.5))
    foot = legs(trace, trips, said(Motion.WALK, 0, 1500), NO_CLAIM)
    for row, reasons in enumerate(reasons_of(foot)):
        if MODES[foot.mode[row]] is Mode.BIKE:
            assert "phone-foot" not in {r.code for r in reasons}
    slow = foot.facts.copy()
    slow[:, LEG_FEATURES.index("top_kmh")] = 9.0
    slow[:, LEG_FEATURES.index("moving_kmh")] = 12.0
    told = [r for rs in reasons_of(replace(foot, facts=slow)) for r in rs if r.code == "speed"]
    assert all(
        float(dict(r.params)["top_kmh"]) >= float(dict(r.params)["moving_kmh"]) for r in told
    )
    blind = replace(foot, facts=np.full_like(foot.facts, np.nan))
    codes = {r.code for reasons in reasons_of(blind) for r in reasons}
    assert not codes & {"speed", "distance", "stops"}
