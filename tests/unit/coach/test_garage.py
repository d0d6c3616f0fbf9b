"""A person's vehicles, as they were day by day, given to legs of which nothing is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from math import isnan

import pytest

from estran.carbon import factor_set, price_leg
from estran.coach.garage import EMPTY, Garage, Habits, Vehicle, changed, equipped
from estran.journal import Journal, Leg, Mode, Place, Trip

FACTORS = factor_set()
OLD = Vehicle("a", "the old one", Mode.CAR, None, date(2026, 5, 31), "medium", "diesel")
NEW = Vehicle("b", "Zoé", Mode.CAR, date(2026, 6, 1), None, "small", "electric", occupants=2)


def journal(day: date, mode: Mode = Mode.CAR, **fields) -> Journal:
    start_us = int(datetime(day.year, day.month, day.day, 8, tzinfo=UTC).timestamp() * 1e6)
    leg = Leg(mode, start_us, start_us + 1_200_000_000, 10_000.0, **fields)
    leg = price_leg(leg, factors=FACTORS)
    here = Place(46.0, -1.0)
    return Journal((Trip(leg.started_us, leg.ended_us, "Europe/Paris", here, here, (leg,)),))


def leg_of(made: Journal) -> Leg:
    return made.trips[0].legs[0]


@pytest.mark.parametrize(
    ("day", "energy", "name"),
    [(date(2026, 5, 31), "diesel", "the old one"), (date(2026, 6, 1), "electric", "Zoé")],
)
def test_each_trip_gets_the_car_of_its_day(day, energy, name):
    leg = leg_of(equipped(journal(day), Garage((OLD, NEW)), factors=FACTORS))
    assert leg.energy == energy
    assert leg.reasons[-1].code == "own-vehicle"
    assert dict(leg.reasons[-1].params)["name"] == name
    as_said = replace(leg_of(journal(day)), vehicle=leg.vehicle, energy=energy,
                      occupants=leg.occupants)  # fmt: skip
    assert leg.co2e == price_leg(as_said, factors=FACTORS).co2e


@pytest.mark.parametrize(
    "said",
    [{"energy": "petrol"}, {"vehicle": "suv"}, {"shared": True}],
)
def test_what_is_said_of_a_leg_is_left(said):
    before = journal(date(2026, 7, 1), **said)
    assert equipped(before, Garage((NEW,)), factors=FACTORS) is before


def test_occupants_said_stay_and_the_rest_is_filled():
    leg = leg_of(
        equipped(journal(date(2026, 7, 1), occupants=4.0), Garage((NEW,)), factors=FACTORS)
    )
    assert (leg.occupants, leg.energy) == (4.0, "electric")


def test_of_several_the_one_used_most():
    second = replace(NEW, id="c", name="van", vehicle="van", energy="diesel", is_main=True)
    leg = leg_of(equipped(journal(date(2026, 7, 1)), Garage((NEW, second)), factors=FACTORS))
    assert leg.vehicle == "van"


def test_nothing_is_supposed_before_and_after():
    sold = replace(NEW, until_day=date(2026, 6, 30))
    for day in (date(2026, 5, 1), date(2026, 7, 1)):
        before = journal(day)
        assert equipped(before, Garage((sold,)), factors=FACTORS) is before
    before = journal(date(2026, 7, 1))
    assert equipped(before, EMPTY, factors=FACTORS) is before


def test_changing_a_car_ends_the_other_the_day_before():
    garage = changed(Garage((replace(OLD, until_day=None),)), "a", NEW)
    assert garage.vehicles[0].until_day == date(2026, 5, 31)
    assert garage.vehicle_on(Mode.CAR, date(2026, 6, 1)) == NEW


def test_a_consumption_makes_the_use_and_manufacture_stays():
    car = replace(OLD, until_day=None, consumption_per_100km=5.0, occupants=1)
    plain = leg_of(
        equipped(
            journal(date(2026, 3, 1)),
            Garage((replace(car, consumption_per_100km=None),)),
            factors=FACTORS,
        )
    )
    leg = leg_of(equipped(journal(date(2026, 3, 1)), Garage((car,)), factors=FACTORS))
    assert leg.co2e is not None
    assert plain.co2e is not None
    # 10 km at 5 l/100 km is half a litre of diesel at 3.07 kg.
    assert leg.co2e.use_g == pytest.approx(1535.0)
    assert leg.co2e.manufacture_g == plain.co2e.manufacture_g
    assert leg.co2e.central_g == pytest.approx(1535.0 + plain.co2e.manufacture_g)
    assert leg.co2e.low_g < leg.co2e.central_g < leg.co2e.high_g


def test_a_plug_in_keeps_its_average():
    car = replace(OLD, until_day=None, energy="plug_in", consumption_per_100km=2.0)
    leg = leg_of(equipped(journal(date(2026, 3, 1)), Garage((car,)), factors=FACTORS))
    assert leg.co2e == price_leg(leg, factors=FACTORS).co2e


def test_a_bike_is_the_persons_e_bike_unless_said():
    garage = Garage((), (), Habits(bike_is="e_bike"))
    seen = journal(
        date(2026, 7, 1), Mode.BIKE, probabilities=((Mode.BIKE, 0.6), (Mode.E_BIKE, 0.4))
    )
    leg = leg_of(equipped(seen, garage, factors=FACTORS))
    assert leg.mode is Mode.E_BIKE
    assert leg.probability_share == pytest.approx(1.0)
    said = journal(date(2026, 7, 1), Mode.BIKE, corrected=True)
    assert equipped(said, garage, factors=FACTORS) is said


def test_usual_occupants_of_a_car_that_is_not_ones_own():
    garage = Garage((), (), Habits(occupants=((Mode.CAR, 3.0),)))
    assert leg_of(equipped(journal(date(2026, 7, 1)), garage, factors=FACTORS)).occupants == 3.0
    bus = leg_of(equipped(journal(date(2026, 7, 1), Mode.BUS), garage, factors=FACTORS))
    assert isnan(bus.occupants)
