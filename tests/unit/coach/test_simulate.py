"""What if: nothing changed saves nothing, nothing is saved twice, signs and intervals hold."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.simulate import Assumptions, commutes, simulate
from estran.journal import Mode, Place
from tests.unit.coach.journals import a_journal, a_leg
from tests.unit.coach.test_recurring import HOME, WORK, a_ride
from tests.unit.coach.test_recurring import commutes as to_work

FR = factor_set()
PARIS = Place(48.85, 2.35)


def a_year():
    rides = [*to_work(range(5)), *to_work(range(7, 12))]
    holiday = a_ride(40, 8, destination=PARIS, distance_m=470_000)
    flight = replace(
        a_ride(60, 8, destination=Place(43.6, 1.4)),
        legs=(a_leg(Mode.PLANE, a_ride(60, 8).started_us, 70, 400_000),),
    )
    rides = sorted([*rides, holiday, flight], key=lambda trip: trip.started_us)
    return price(a_journal(*rides), factors=FR).trips


def test_nothing_changed_is_nothing_saved():
    made = simulate(a_year(), Assumptions(), factors=FR)
    assert made.before == made.after
    assert made.whole.central_g == made.whole.saved_s == 0


def test_two_days_at_home_of_five_leave_three():
    (home,) = simulate(a_year(), Assumptions(telework_days=2), factors=FR).outcomes
    assert home.n_trips == pytest.approx(0.4 * 20)
    year = a_year()
    of_commute_g = sum(t.co2e.central_g for t in year if t.started_us in commutes(year) and t.co2e)
    assert home.central_g == pytest.approx(0.4 * of_commute_g)
    assert home.saved_s == pytest.approx(0.4 * 20 * 20 * 60)


def test_who_commutes_two_days_saves_no_more_than_all():
    made = simulate(a_year(), Assumptions(telework_days=7), factors=FR)
    assert made.whole.n_trips == 20


def test_short_ways_by_e_bike_take_longer_and_emit_less():
    assumed = Assumptions(e_bike_below_km=8, e_bike_share=1.0, e_bike_kmh=12.0)
    (ridden,) = simulate(a_year(), assumed, factors=FR).outcomes
    assert ridden.n_trips == 20
    assert 0 < ridden.low_g < ridden.central_g < ridden.high_g
    assert ridden.saved_s == pytest.approx(20 * (20 - 30) * 60)


def test_the_holiday_by_train():
    (railed,) = simulate(a_year(), Assumptions(train_from_km=250), factors=FR).outcomes
    assert railed.n_trips == 2
    assert railed.central_g > 80_000


def test_another_car_and_more_aboard():
    made = simulate(a_year(), Assumptions(energy="electric", occupants=4.0), factors=FR)
    car, shared = made.outcomes
    assert (car.code, shared.code) == ("car", "carpool")
    assert car.central_g > 0 < shared.central_g


@given(
    st.builds(
        Assumptions,
        energy=st.sampled_from(["", "electric", "diesel"]),
        telework_days=st.sampled_from([0.0, 1.0, 2.0, 5.0]),
        e_bike_below_km=st.sampled_from([0.0, 5.0, 8.0]),
        e_bike_share=st.floats(0, 1),
        train_from_km=st.sampled_from([0.0, 300.0]),
        occupants=st.sampled_from([float("nan"), 2.0, 4.0]),
    )
)
def test_nothing_is_saved_twice(assumed):
    made = simulate(a_year(), assumed, factors=FR)
    summed_g = sum(one.central_g for one in made.outcomes)
    assert summed_g == pytest.approx(made.before.central_g - made.after.central_g, abs=1.0)
    assert made.whole.central_g == pytest.approx(summed_g, abs=1.0)
    assert made.after.central_g >= 0
    for one in (*made.outcomes, made.whole):
        assert one.low_g <= one.central_g <= one.high_g


def test_without_a_word_the_usual_weekday_morning_is_the_way_to_work():
    found = commutes(a_year())
    assert len(found) == 20
    away = [a_ride(day, 20, origin=WORK, destination=HOME) for day in range(5)]
    assert commutes(price(a_journal(*away), factors=FR).trips) == frozenset()
