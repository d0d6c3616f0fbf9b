"""Other ways: what can be, what cannot and why, and what each amounts to."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from estran.carbon import factor_set, price
from estran.coach.alternatives import Asked, Assumptions, Means, Ridden, Way, alternatives, now_of
from estran.coach.garage import EMPTY
from estran.coach.money import coster
from estran.coach.prices import prices
from estran.coach.recurring import recurring
from estran.journal import Mode, Place, Purpose
from tests.unit.coach.journals import a_journal
from tests.unit.coach.test_recurring import HOME, a_ride, commutes

FR = factor_set()
DAY = date(2026, 6, 1)
MEANS = Means(FR, DAY, coster(EMPTY, prices()))


def the_usual(destination=None, **more):
    rides = commutes() if destination is None else [
        a_ride(day, 6, destination=destination, **more) for day in range(5)
    ]  # fmt: skip
    trips = price(a_journal(*rides), factors=FR).trips
    usual = min(recurring(trips), key=lambda one: one.starts_h)
    return usual, trips


def ways(means=MEANS, **more):
    usual, trips = the_usual(**more)
    return {one.way: one for one in alternatives(usual, now_of(usual, trips, means), means)}


def test_six_kilometres_by_car():
    found = ways()
    assert found[Way.WALK].hindrance == "too-far"
    assert found[Way.BIKE].is_possible
    assert found[Way.BIKE].distance_m == pytest.approx(6000, rel=0.01)
    assert found[Way.BIKE].low_s < 6 / 14 * 3600 < found[Way.BIKE].high_s
    assert found[Way.BIKE].active_min == pytest.approx(6 / 14 * 60, rel=0.01)
    assert found[Way.E_BIKE].high_s < found[Way.BIKE].high_s
    assert found[Way.E_BIKE].met < found[Way.BIKE].met
    assert found[Way.TRANSIT].basis == "speeds"
    assert found[Way.BIKE_TRANSIT].hindrance == "too-near"
    assert Way.TELEWORK not in found


def test_what_can_be_comes_first_and_quickest_first():
    usual, trips = the_usual()
    found = alternatives(usual, now_of(usual, trips, MEANS), MEANS, to_work=True)
    can = [one.is_possible for one in found]
    assert can == sorted(can, reverse=True)
    took = [one.high_s for one in found if one.is_possible]
    assert took == sorted(took)
    assert found[0].way is Way.TELEWORK
    assert found[0].co2e.central_g == 0


def test_two_in_the_car_emit_half_each():
    usual, trips = the_usual()
    alone = Means(FR, DAY, assumed=Assumptions(aboard=2.0))
    legs = tuple(replace(trips[0], legs=(replace(trips[0].legs[0], occupants=1.0),)) for _ in "1")
    now = now_of(usual, price(a_journal(*legs), factors=FR).trips, alone)
    both = next(one for one in alternatives(usual, now, alone) if one.way is Way.CARPOOL)
    assert both.co2e.central_g == pytest.approx(now.co2e.central_g / 2)
    assert both.high_s == now.high_s + 300


def test_what_sharing_costs_is_unknown_where_prices_do_not_know_who_is_aboard():
    shared = ways()[Way.CARPOOL]
    assert shared.cost.known_m == 0
    assert shared.cost.unknown_m > 0


def test_who_said_work_may_stay_at_home():
    assert Way.TELEWORK in ways(destination=Place(46.2, -1.1), purpose=Purpose.WORK,
                                purpose_share=1.0)  # fmt: skip


def test_what_is_done_is_not_proposed():
    assert Way.BIKE not in ways(destination=Place(46.2, -1.1), mode=Mode.BIKE)
    assert Way.TRANSIT not in ways(destination=Place(46.2, -1.1), mode=Mode.TRAM)


def test_a_timetable_tells_before_speeds_do():
    asked: list[Asked] = []

    def timetable(one: Asked):
        asked.append(one)
        if one.by_bike:
            return "no-service"
        return Ridden(((Mode.WALK, 400, 300), (Mode.TRAM, 5000, 900)), 1200, 1500)

    found = ways(replace(MEANS, timetable=timetable))
    tram = found[Way.TRANSIT]
    assert (tram.basis, tram.low_s, tram.high_s) == ("timetable", 1200, 1500)
    assert [leg.mode for leg in tram.legs] == [Mode.WALK, Mode.TRAM]
    assert tram.active_min == 5
    assert found[Way.BIKE_TRANSIT].hindrance == "no-service"
    assert asked[0].weekday == 0
    assert round(asked[0].starts_h) == 8


def test_where_the_timetable_ends_speeds_are_supposed():
    assert ways(replace(MEANS, timetable=lambda _: ""))[Way.TRANSIT].basis == "speeds"


def test_far_away_a_train_is_supposed():
    found = ways(destination=Place(46.6, -1.15), distance_m=60_000)
    assert Mode.TRAIN in {leg.mode for leg in found[Way.TRANSIT].legs}
    assert found[Way.BIKE_TRANSIT].high_s < found[Way.TRANSIT].high_s


def test_without_prices_money_is_unknown():
    found = ways(Means(FR, DAY))
    assert found[Way.TRANSIT].cost.known_m == 0


@given(
    st.floats(300, 200_000),
    st.builds(Assumptions, spread_share=st.floats(0, 0.9), bike_kmh=st.floats(5, 40)),
)
def test_low_is_never_above_high(length_m, assumed):
    there = Place(HOME.lat_deg + length_m / 111_195, HOME.lon_deg)
    found = ways(replace(MEANS, assumed=assumed), destination=there, distance_m=length_m * 1.2)
    for one in found.values():
        if one.is_possible:
            assert 0 <= one.low_s <= one.high_s
            assert one.co2e.low_g <= one.co2e.central_g <= one.co2e.high_g
            assert one.cost.low_eur <= one.cost.central_eur <= one.cost.high_eur
