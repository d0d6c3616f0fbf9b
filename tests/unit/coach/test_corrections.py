"""Corrections: what a person said survives what the engine does next."""

from __future__ import annotations

from dataclasses import replace
from math import isnan

import pytest

from estran.carbon import factor_set, footprint, price
from estran.coach.corrections import CORRECTED, Correction, apply, said_by
from estran.journal import Journal, Leg, Mode, Reason, Trip
from tests.unit.coach.journals import MIN_US, a_journal, a_leg, a_stay, a_trip, at

FR = factor_set()
START_US = at(2026, 6, 1, 7)


def a_day(*shifts_min: float) -> Journal:
    """Give a day of walk, bus and walk; its two inner borders may be moved."""
    first, second = (*shifts_min, 0, 0)[:2]
    bus_us = START_US + int((12 + first) * MIN_US)
    walk_us = START_US + int((42 + second) * MIN_US)
    legs = (
        Leg(Mode.WALK, START_US, bus_us, 900.0, probabilities=((Mode.WALK, 0.9), (Mode.BIKE, 0.1))),
        Leg(
            Mode.BUS,
            bus_us,
            walk_us,
            9_000.0,
            probabilities=((Mode.BUS, 0.6), (Mode.CAR, 0.4)),
            reasons=(Reason("speed", 0.7),),
            vehicle="articulated",
            energy="gas",
            occupants=30.0,
        ),
        Leg(Mode.WALK, walk_us, walk_us + 11 * MIN_US, 800.0),
    )
    trip = a_trip(*legs)
    after = a_stay(trip.ended_us, trip.ended_us + 60 * MIN_US)
    return price(a_journal(trip, after), factors=FR)


def said(mode: Mode, *, made_at_us: int = 1, id_: str = "a", leg: int = 1) -> Correction:
    target = a_day().trips[0].legs[leg]
    return Correction(
        id=id_, start_us=target.started_us, end_us=target.ended_us, mode=mode, made_at_us=made_at_us
    )


def legs_of(journal: Journal) -> tuple[Leg, ...]:
    (trip,) = journal.trips
    return trip.legs


def test_a_correction_changes_its_leg_and_no_other():
    before, after = a_day(), apply(a_day(), [said(Mode.TRAM)], factors=FR)
    walk, tram, walk_again = legs_of(after)
    assert (walk, walk_again) == (legs_of(before)[0], legs_of(before)[2])
    assert after.entries[1] == before.entries[1]
    assert tram.mode is Mode.TRAM
    assert tram.corrected
    assert tram.probabilities == ((Mode.TRAM, 1.0),)
    assert tram.reasons == (CORRECTED, Reason("speed", 0.7))
    assert (tram.started_us, tram.ended_us, tram.distance_m) == (
        legs_of(before)[1].started_us,
        legs_of(before)[1].ended_us,
        9_000.0,
    )


def test_the_footprint_is_that_of_the_mode_alone():
    (_, doubtful, _), (_, tram, _) = (
        legs_of(a_day()),
        legs_of(apply(a_day(), [said(Mode.TRAM)], factors=FR)),
    )
    assert doubtful.co2e is not None
    assert doubtful.co2e.high_g > footprint(Mode.BUS, 9_000.0, factors=FR, energy="gas").high_g
    assert tram.co2e == footprint(Mode.TRAM, 9_000.0, factors=FR)


def test_what_was_known_of_another_vehicle_is_forgotten():
    car = legs_of(apply(a_day(), [said(Mode.CAR)], factors=FR))[1]
    assert (car.vehicle, car.energy) == ("", "")
    assert isnan(car.occupants)
    bus = legs_of(apply(a_day(), [said(Mode.BUS)], factors=FR))[1]
    assert (bus.energy, bus.occupants, bus.corrected) == ("gas", 30.0, True)


def test_the_last_said_holds_whatever_the_order_given():
    first, last = said(Mode.CAR, made_at_us=1, id_="z"), said(Mode.TRAM, made_at_us=2, id_="a")
    for order in ([first, last], [last, first]):
        assert legs_of(apply(a_day(), order, factors=FR))[1].mode is Mode.TRAM


def test_saying_the_first_mode_again_gives_its_vehicle_back():
    changes = [said(Mode.CAR, made_at_us=1), said(Mode.BUS, made_at_us=2, id_="b")]
    assert legs_of(apply(a_day(), changes, factors=FR))[1].energy == "gas"


def test_applying_twice_changes_nothing_more():
    once = apply(a_day(), [said(Mode.TRAM)], factors=FR)
    assert apply(once, [said(Mode.TRAM)], factors=FR) == once


def test_undo_gives_the_analysed_journal_back():
    journal = a_day()
    assert apply(journal, [], factors=FR) == journal
    assert apply(journal, [said(Mode.TRAM)], factors=FR) != journal
    assert apply(journal, [], factors=FR) is journal


@pytest.mark.parametrize("first", [-3, 0, 3])
@pytest.mark.parametrize("second", [-3, 0, 3])
def test_borders_moved_by_a_new_analysis_keep_corrections_on_their_legs(first, second):
    corrections = [
        said(Mode.BIKE, leg=0, id_="a"),
        said(Mode.TRAM, leg=1, id_="b"),
        said(Mode.E_SCOOTER, leg=2, id_="c"),
    ]
    again = apply(a_day(first, second), corrections, factors=FR)
    assert [leg.mode for leg in legs_of(again)] == [Mode.BIKE, Mode.TRAM, Mode.E_SCOOTER]


def test_a_correction_about_other_time_changes_nothing():
    journal = a_day()
    elsewhen = replace(said(Mode.CAR), start_us=at(2026, 7, 1), end_us=at(2026, 7, 1, 1))
    in_the_stay = replace(
        said(Mode.CAR),
        start_us=journal.entries[1].started_us + 5 * MIN_US,
        end_us=journal.entries[1].ended_us,
    )
    assert apply(journal, [elsewhen, in_the_stay], factors=FR) == journal


def test_a_kind_that_is_not_known_is_left_alone():
    journal = a_day()
    assert apply(journal, [replace(said(Mode.CAR), kind="purpose")], factors=FR) == journal


def whole(mode: Mode, minutes: float, start_us: int = START_US) -> Correction:
    end_us = start_us + int(minutes * MIN_US)
    return Correction(id="a", start_us=start_us, end_us=end_us, mode=mode, made_at_us=1)


def test_parts_of_a_leg_that_a_new_analysis_split_all_keep_the_correction():
    parts = (
        a_leg(Mode.CAR, START_US, 12),
        a_leg(Mode.WAIT, START_US + 12 * MIN_US, 3, 0.0),
        a_leg(Mode.CAR, START_US + 15 * MIN_US, 25),
        a_leg(Mode.WALK, START_US + 40 * MIN_US, 4),
    )
    again = apply(a_journal(a_trip(*parts)), [whole(Mode.BUS, 40)], factors=FR)
    assert [leg.mode for leg in legs_of(again)] == [Mode.BUS, Mode.WAIT, Mode.BUS, Mode.WALK]
    assert [leg.corrected for leg in legs_of(again)] == [True, False, True, False]


def test_a_walk_found_later_inside_a_corrected_ride_stays_a_walk():
    parts = (a_leg(Mode.CAR, START_US, 33), a_leg(Mode.WALK, START_US + 33 * MIN_US, 7))
    again = apply(a_journal(a_trip(*parts)), [whole(Mode.BUS, 40)], factors=FR)
    assert [leg.mode for leg in legs_of(again)] == [Mode.BUS, Mode.WALK]


def test_a_leg_merged_into_a_long_one_is_cut_out_of_it():
    """A walk of ten minutes must not make an hour by car a walk."""
    ride = a_leg(Mode.CAR, START_US, 60, 50_000.0, n_positions=60)
    walk = whole(Mode.WALK, 10, START_US + 20 * MIN_US)
    again = apply(price(a_journal(a_trip(ride)), factors=FR), [walk], factors=FR)
    legs = legs_of(again)
    assert [leg.mode for leg in legs] == [Mode.CAR, Mode.WALK, Mode.CAR]
    assert [leg.duration_s / 60 for leg in legs] == [20, 10, 30]
    assert sum(leg.distance_m for leg in legs) == pytest.approx(50_000)
    assert sum(leg.n_positions for leg in legs) == 60
    assert all(leg.co2e is not None for leg in legs)
    assert apply(again, [walk], factors=FR) == again


def test_nothing_under_three_minutes_is_cut_off():
    ride = a_leg(Mode.CAR, START_US, 60)
    walk = whole(Mode.WALK, 20, START_US + 2 * MIN_US)
    legs = legs_of(apply(a_journal(a_trip(ride)), [walk], factors=FR))
    assert [(leg.mode, leg.duration_s / 60) for leg in legs] == [(Mode.WALK, 22), (Mode.CAR, 38)]


def test_undoing_the_first_of_two_leaves_the_second():
    ride = a_leg(Mode.CAR, START_US, 90, 50_000.0)
    first = whole(Mode.WALK, 10, START_US + 20 * MIN_US)
    second = replace(whole(Mode.BUS, 60, START_US + 30 * MIN_US), id="b", made_at_us=2)
    journal = a_journal(a_trip(ride))
    both = legs_of(apply(journal, [first, second], factors=FR))
    assert [leg.mode for leg in both] == [Mode.CAR, Mode.WALK, Mode.BUS]
    alone = legs_of(apply(journal, [second], factors=FR))
    assert [leg.mode for leg in alone] == [Mode.BUS]


def test_corrections_find_their_trips_in_a_long_journal():
    trips = [
        a_trip(a_leg(Mode.CAR, at(2026, 6, day, hour), 30))
        for day in range(1, 29)
        for hour in (7, 17)
    ]
    corrections = [
        Correction(
            id=str(i), start_us=t.started_us, end_us=t.ended_us, mode=Mode.BIKE, made_at_us=i
        )
        for i, t in enumerate(trips)
        if i % 3 == 0
    ]
    again = apply(Journal(tuple(trips)), corrections, factors=FR)
    assert [
        leg.mode is Mode.BIKE for t in again.entries if isinstance(t, Trip) for leg in t.legs
    ] == [i % 3 == 0 for i in range(len(trips))]


def test_what_was_said_later_of_moved_borders_holds_as_history():
    first = Correction(id="a", start_us=0, end_us=100, mode=Mode.CAR, made_at_us=1)
    again = Correction(id="b", start_us=10, end_us=90, mode=Mode.BUS, made_at_us=2)
    next_leg = Correction(id="c", start_us=95, end_us=300, mode=Mode.WALK, made_at_us=3)
    for order in ([first, again, next_leg], [next_leg, again, first]):
        assert said_by(order).rows == ((10, 90, Mode.BUS), (95, 300, Mode.WALK))
    assert said_by([]).digest == ""
