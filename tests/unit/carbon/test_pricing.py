"""Pricing journals: every leg, wider where the mode is doubtful."""

from __future__ import annotations

from dataclasses import replace
from math import nan

import numpy as np
import pytest

from estran.carbon import factor_set, footprint, price
from estran.journal import Journal, Leg, MadeBy, Mode, Path, Place, Stay, Trip, Unknown

FR = factor_set()
MIN_US = 60_000_000


def a_leg(mode: Mode, distance_m: float = 10_000.0, **more) -> Leg:
    return Leg(mode, 0, 30 * MIN_US, distance_m, **more)


def priced(leg: Leg) -> Leg:
    place = Place(46.0, -1.0)
    trip = Trip(0, 30 * MIN_US, "Europe/Paris", place, place, (leg,))
    (again,) = price(Journal((trip,)), factors=FR).trips
    return again.legs[0]


def test_every_leg_is_priced_and_the_set_is_remembered():
    place = Place(46.0, -1.0)
    entries = (
        Stay(0, 10 * MIN_US, "Europe/Paris", place, 50.0),
        Trip(
            10 * MIN_US,
            50 * MIN_US,
            "Europe/Paris",
            place,
            place,
            (
                Leg(Mode.WALK, 10 * MIN_US, 20 * MIN_US, 800.0),
                Leg(Mode.WAIT, 20 * MIN_US, 25 * MIN_US, 0.0),
                Leg(Mode.BUS, 25 * MIN_US, 50 * MIN_US, 9_000.0),
            ),
        ),
        Unknown(50 * MIN_US, 60 * MIN_US, "Europe/Paris"),
    )
    journal = price(Journal(entries, MadeBy("1", "", "abc")), factors=FR)
    assert journal.made_by == MadeBy("1", "fr-default-2026", "abc")
    assert journal.entries[0] == entries[0]
    assert journal.entries[2] == entries[2]
    (trip,) = journal.trips
    assert trip.co2e is not None
    assert trip.co2e.central_g == pytest.approx(9 * 112.6)


def test_a_doubtful_mode_widens_the_interval_and_leaves_the_centre():
    sure = priced(a_leg(Mode.BUS, probabilities=((Mode.BUS, 0.95), (Mode.CAR, 0.05)))).co2e
    torn = priced(a_leg(Mode.BUS, probabilities=((Mode.BUS, 0.8), (Mode.BIKE, 0.2)))).co2e
    assert sure == footprint(Mode.BUS, 10_000.0, factors=FR)
    assert torn is not None
    assert torn.central_g == sure.central_g
    assert (torn.low_g, torn.high_g) == (0.0, sure.high_g)


def test_the_doubt_begins_at_a_tenth():
    at, under = (
        priced(a_leg(Mode.BUS, probabilities=((Mode.BUS, 1 - p), (Mode.CAR, p)))).co2e
        for p in (0.1, 0.0999)
    )
    assert at is not None
    assert under is not None
    assert at.high_g == 2720.0
    assert under.high_g == 1510.0


def test_what_a_person_said_is_priced_alone():
    leg = a_leg(Mode.BIKE, probabilities=((Mode.CAR, 0.7), (Mode.BIKE, 0.3)), corrected=True)
    assert priced(leg).co2e == footprint(Mode.BIKE, 10_000.0, factors=FR)


def test_keys_of_the_leg_choose_its_row():
    leg = a_leg(Mode.CAR, vehicle="small", energy="electric", occupants=2.0)
    assert priced(leg).co2e == footprint(
        Mode.CAR, 10_000.0, factors=FR, vehicle="small", energy="electric", occupants=2.0
    )


def test_an_unknown_distance_has_no_footprint():
    assert priced(a_leg(Mode.CAR, nan)).co2e is None


def a_path(lat_deg: list[float], lon_deg: list[float]) -> Path:
    return Path(np.arange(len(lat_deg)), np.array(lat_deg), np.array(lon_deg))


def test_a_flight_is_priced_between_its_ends():
    path = a_path([49.0, 46.0, 43.7], [2.5, 3.0, 7.2])
    flight = a_leg(Mode.PLANE, 800_000.0, path=path)
    straight = priced(replace(flight, distance_m=690_000.0)).co2e
    assert priced(flight).co2e == straight
    assert straight is not None
    assert straight.central_g < footprint(Mode.PLANE, 800_000.0, factors=FR).central_g


def test_a_flight_back_to_its_start_is_priced_along_its_path():
    path = a_path([46.0, 47.0, 46.0], [-1.0, -1.0, -1.0])
    loop = priced(a_leg(Mode.PLANE, 222_000.0, path=path))
    assert loop.co2e == footprint(Mode.PLANE, 222_000.0, factors=FR)
