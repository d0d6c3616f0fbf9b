"""Trips that come back: both ways, any weekday, and no other."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from estran.coach.recurring import recurring
from estran.journal import Mode, Place, Purpose, Trip
from tests.unit.coach.journals import MIN_US, a_leg, a_trip, at

HOME, WORK, GYM = Place(46.16, -1.15), Place(46.20, -1.10), Place(46.17, -1.20)
DAY_US = 86_400_000_000


def a_ride(day: int, hour: float, origin=HOME, destination=WORK, mode=Mode.CAR, **more) -> Trip:
    start_us = at(2026, 6, 1) + day * DAY_US + int(hour * 60 * MIN_US)
    distance_m = more.pop("distance_m", 6000)
    trip = a_trip(a_leg(mode, start_us, 20, distance_m))
    return replace(trip, origin=origin, destination=destination, **more)


def near(place: Place, north_m: float, east_m: float) -> Place:
    return Place(place.lat_deg + north_m / 111_000, place.lon_deg + east_m / 77_000)


def commutes(days=range(5)) -> list[Trip]:
    return [
        trip
        for day in days
        for trip in (a_ride(day, 6), a_ride(day, 16, origin=WORK, destination=HOME))
    ]


def test_both_ways_are_found_and_linked():
    there, back = recurring(commutes())
    assert (there.way_back, back.way_back) == (back.id, there.id)
    assert len(there.trips) == len(back.trips) == 5
    assert there.mode is Mode.CAR
    assert there.weekdays == (1, 1, 1, 1, 1, 0, 0)
    assert {round(one.starts_h) for one in (there, back)} == {8, 18}  # local time


def test_twice_or_on_two_days_is_no_habit():
    assert recurring(commutes(range(2))) == ()
    assert recurring([a_ride(0, hour) for hour in range(8)]) == ()


def test_a_mode_said_once_leaves_the_trip_in_its_habit():
    """Coach CO2 forgets that a trip recurs when its mode is corrected."""
    trips = commutes()
    trips[4] = a_ride(2, 6, mode=Mode.BIKE)
    there = next(one for one in recurring(trips) if trips[4].started_us in one.trips)
    assert len(there.trips) == 5
    assert dict(there.modes) == {Mode.CAR: 4, Mode.BIKE: 1}


def test_as_wide_east_to_west_as_north_to_south():
    """Coach CO2's box is 139 m wide where 200 are meant."""
    for north_m, east_m in ((190, 0), (0, 190), (0, -190), (-190, 0)):
        trips = [*commutes(range(3)), a_ride(4, 6, origin=near(HOME, north_m, east_m))]
        assert max(len(one.trips) for one in recurring(trips)) == 4
    far = [*commutes(range(3)), a_ride(4, 6, origin=near(HOME, 0, 600))]
    assert max(len(one.trips) for one in recurring(far)) == 3


def test_the_middle_of_a_place_counts_its_first_visit():
    """Coach CO2's average of an address leaves out the position it was first saved with."""
    trips = [
        a_ride(day, 6, origin=near(HOME, north_m, 0)) for day, north_m in enumerate((0, 90, 90))
    ]
    (one,) = recurring(trips)
    assert abs(one.origin.lat_deg - near(HOME, 60, 0).lat_deg) < 1e-6


def test_rounds_of_different_length_are_different_habits():
    walks = [a_ride(d, 18, destination=HOME, mode=Mode.WALK, distance_m=2000) for d in range(3)]
    runs = [a_ride(d, 19, destination=HOME, mode=Mode.RUN, distance_m=9000) for d in range(4)]
    assert sorted(len(one.trips) for one in recurring([*walks, *runs])) == [3, 4]


def test_the_purpose_is_the_one_said_most():
    trips = commutes()
    trips[0] = replace(trips[0], purpose=Purpose.WORK, purpose_share=1.0)
    trips[2] = replace(trips[2], purpose=Purpose.MEAL, purpose_share=0.8)
    there = next(one for one in recurring(trips) if trips[0].started_us in one.trips)
    assert there.purpose is Purpose.WORK


def test_ids_hold_when_days_are_added():
    assert {one.id for one in recurring(commutes(range(4)))} == {
        one.id for one in recurring(commutes(range(20)))
    }


@given(
    st.lists(
        st.tuples(
            st.integers(0, 30),
            st.integers(0, 20),
            st.sampled_from([HOME, WORK, GYM]),
            st.sampled_from([HOME, WORK, GYM]),
        ),
        max_size=30,
    )
)
def test_each_trip_is_of_one_habit_at_most(rides):
    trips = [a_ride(day, hour, origin, destination) for day, hour, origin, destination in rides]
    of_habits = [start for one in recurring(trips) for start in one.trips]
    assert len(of_habits) <= len(trips)
    for one in recurring(trips):
        assert len(one.trips) == sum(one.weekdays) >= 3
        assert len(one.days) >= 3
