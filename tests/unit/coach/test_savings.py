"""Savings: a baseline or none, the same factors on both sides, signed, booked with care."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.booking import Baseline, book, overlap, shared_g, worth_eur
from estran.coach.savings import (
    Alternative,
    Interval,
    Method,
    booked_g,
    day_facts,
    declared,
    own_past,
)
from estran.errors import ValueOutOfRange
from estran.journal import Journal, Mark, Mode
from estran.timebase import day_bounds_us

from .journals import TZ, a_leg, a_stay, a_trip, an_unknown

FACTORS = factor_set()
MONDAY = date(2026, 3, 30)
HOUR_US = 3_600_000_000


def a_day(
    day: date, *legs: tuple[Mode, float], seen: float = 1.0, marks=frozenset(), occupants=1.0
):
    """One day: a stay, one trip at eight, a stay; or little of it known."""
    start, end = day_bounds_us(day, TZ)
    if seen < 1.0:
        cut = start + int((end - start) * seen)
        return [a_stay(start, cut), an_unknown(cut, end)]
    at = start + 8 * HOUR_US
    if not legs:
        return [a_stay(start, end)]
    made = [
        a_leg(
            m,
            at + i * HOUR_US,
            60,
            km * 1000,
            occupants=occupants if m is Mode.CAR else float("nan"),
        )
        for i, (m, km) in enumerate(legs)
    ]
    trip = replace(a_trip(*made), marks=marks)
    return [a_stay(start, at), trip, a_stay(trip.ended_us, end)]


def days(first: date, n: int, legs_of, **more):
    entries = [e for i in range(n) for e in a_day(first + timedelta(days=i), *legs_of(i), **more)]
    journal = price(Journal(tuple(entries)), factors=FACTORS)
    return day_facts(journal, first, first + timedelta(days=n - 1))


def commute(mode: Mode, km: float = 10.0):
    return lambda i: [(mode, km)] if i % 7 < 5 else []


AFTER = MONDAY + timedelta(days=28)


def test_the_figure_of_a_year_by_e_bike():
    trips = [
        e
        for i in range(104)
        for e in a_day(MONDAY + timedelta(days=i), (Mode.E_BIKE, 5.0), (Mode.E_BIKE, 5.0))
        if hasattr(e, "legs")
    ]
    alone = Alternative(Mode.CAR, MONDAY, occupants=1.0)
    told = declared(trips, alone, factors=FACTORS, discount_share=1.0)
    assert told.raw.central_g / 1000 == pytest.approx(214.9, abs=0.1)
    assert told.distance_m == pytest.approx(1_040_000)
    assert worth_eur(told.raw.central_g, 33) == pytest.approx(7.09, abs=0.005)
    assert worth_eur(told.raw.central_g, 256) == pytest.approx(55, abs=0.05)
    assert declared(trips, alone, factors=FACTORS).saving.central_g == pytest.approx(
        0.8 * told.raw.central_g
    )
    assert 0 < told.booked_g <= told.raw.low_g


def test_own_past_by_weekday():
    told = own_past(days(MONDAY, 28, commute(Mode.CAR)), days(AFTER, 28, commute(Mode.E_BIKE)))
    assert (told.blocked, told.n_weeks, told.coverage_after) == ("", 4, 1.0)
    assert told.saving.central_g == pytest.approx(told.baseline_g - told.observed_g)
    assert sum(step.saved_g for step in told.weekdays) == pytest.approx(told.saving.central_g)
    assert 0 < told.booked_g < told.saving.central_g


def test_a_new_season_of_more_driving_is_a_loss():
    told = own_past(days(MONDAY, 28, commute(Mode.BIKE)), days(AFTER, 28, commute(Mode.CAR)))
    assert told.saving.high_g < 0
    assert told.booked_g <= told.saving.high_g


@given(st.lists(st.sampled_from([0.0, 3.0, 12.0, 40.0]), min_size=28, max_size=28))
@settings(max_examples=12, deadline=None)
def test_the_same_behaviour_saves_nothing(kms):
    same = lambda i: [(Mode.CAR, kms[i])] if kms[i] else []  # noqa: E731
    told = own_past(days(MONDAY, 28, same), days(AFTER, 28, same))
    assert told.saving.central_g == pytest.approx(0, abs=1e-6)
    assert told.booked_g == 0


@given(st.lists(st.sampled_from([0.0, 5.0, 30.0]), min_size=56, max_size=56))
@settings(max_examples=12, deadline=None)
def test_swapping_the_sides_flips_the_sign(kms):
    one = days(MONDAY, 28, lambda i: [(Mode.CAR, kms[i] + 1)])
    two = days(AFTER, 28, lambda i: [(Mode.BUS, kms[28 + i] + 1)])
    there, back = own_past(one, two).raw, -own_past(two, one).raw
    assert there.ends == pytest.approx(back.ends, rel=1e-9, abs=1e-6)


def test_unknown_days_never_count_as_zero():
    before = days(MONDAY, 28, commute(Mode.CAR))
    whole = days(AFTER, 28, commute(Mode.CAR))
    dim = days(AFTER + timedelta(days=7), 7, commute(Mode.CAR), seen=0.5)
    told = own_past(before, [*whole[:7], *dim, *whole[14:]])
    assert told.saving.central_g == pytest.approx(0, abs=1e-6)
    assert told.not_counted == (("unknown", 7),)
    missing = day_facts(Journal(()), AFTER, AFTER + timedelta(days=6))
    assert {one.why for one in missing} == {"unknown"}


def test_what_does_not_hold_is_said_and_books_nothing():
    car = commute(Mode.CAR)
    four, three = days(MONDAY, 28, car), days(MONDAY, 21, car)
    after = days(AFTER, 14, car)
    assert own_past(three, after).blocked == "baseline-short"
    assert own_past(four, days(AFTER, 14, car, seen=0.3)).blocked == "coverage-after"
    gaps = days(MONDAY - timedelta(days=28), 28, car, seen=0.1)
    assert own_past([*gaps, *four], after).blocked == "coverage-before"
    assert own_past(four, ()).blocked == "coverage-after"
    told = own_past(three, after)
    assert (told.booked_g, told.saving) == (0, Interval())
    with pytest.raises(ValueOutOfRange):
        booking(told)
    with pytest.raises(ValueOutOfRange):
        own_past(four, four)
    with pytest.raises(ValueOutOfRange):
        own_past(four, after, discount_share=1.5)


def test_days_with_a_private_trip_are_left_out_on_both_sides():
    private = days(AFTER, 7, commute(Mode.CAR), marks=frozenset({Mark.PRIVATE}))
    assert [one.why for one in private] == ["private"] * 5 + [""] * 2


def test_a_new_trip_can_only_add():
    [trip] = [e for e in a_day(MONDAY, (Mode.CAR, 10.0)) if hasattr(e, "legs")]
    told = declared([trip], Alternative(None, MONDAY), factors=FACTORS)
    assert told.baseline_g == 0
    assert told.saving.central_g == pytest.approx(-told.observed_g)
    assert told.booked_g < 0
    assert declared([], Alternative(Mode.CAR, MONDAY), factors=FACTORS).blocked == "no-trip"


def test_a_gain_is_discounted_and_a_loss_is_not():
    assert Interval(-10, 10, 20).discounted(0.5) == Interval(-10, 5, 10)


@pytest.mark.parametrize(
    ("ends", "booked"),
    [((1.9, 5, 9), 1), ((-1, 5, 9), 0), ((0, 5, 9), 0), ((-9, -5, -1), -9), ((-9, -5, 1), 0)],
)
def test_the_account_takes_the_cautious_end(ends, booked):
    assert booked_g(Interval(*ends)) == booked


@given(st.floats(0, 1e6), st.integers(0, 6), st.lists(st.floats(0.1, 5), min_size=1, max_size=7))
def test_a_carpool_is_counted_once(low_g, n_cars, weights):
    shares = shared_g(Interval(low_g, low_g, low_g), n_cars, weights)
    assert sum(shares) == int(low_g * n_cars)
    with pytest.raises(ValueOutOfRange):
        shared_g(Interval(), 1, ())


def test_who_rides_along_gets_an_equal_share_of_the_vehicle():
    [trip] = [e for e in a_day(MONDAY, (Mode.CAR, 10.0), occupants=3.0) if hasattr(e, "legs")]
    one = declared([trip], Alternative(Mode.CAR, MONDAY, occupants=1.0), factors=FACTORS)
    assert 3 * one.raw.central_g == pytest.approx(2 * one.baseline_g)


def booking(told, **more):
    values = {"first": AFTER, "last": AFTER + timedelta(days=27), "booking_id": "b1"}
    return book(
        told, Baseline(told.method, MONDAY, AFTER - timedelta(days=1)),
        factor_set=FACTORS.name, factor_digest=FACTORS.digest, made_on=AFTER, **{**values, **more},
    )  # fmt: skip


def test_a_booking_is_in_whole_grams_and_says_what_it_stands_on():
    told = own_past(days(MONDAY, 28, commute(Mode.CAR)), days(AFTER, 28, commute(Mode.E_BIKE)))
    booked = booking(told)
    assert all(isinstance(g, int) for g in (booked.low_g, booked.central_g, booked.high_g))
    assert booked.booked_g == booked.low_g <= booked.central_g <= booked.high_g
    assert (booked.method, booked.factor_set) == (Method.OWN_PAST, FACTORS.name)
    assert overlap(booked, booking(told, booking_id="b2"))
    later = booking(told, first=date(2027, 1, 1), last=date(2027, 1, 31))
    assert not overlap(booked, later)
    trip = replace(
        booked, method=Method.DECLARED, baseline=Baseline(Method.DECLARED, recurring="a")
    )
    other = replace(trip, baseline=Baseline(Method.DECLARED, recurring="b"))
    assert overlap(booked, trip)
    assert overlap(trip, trip)
    assert not overlap(trip, other)
