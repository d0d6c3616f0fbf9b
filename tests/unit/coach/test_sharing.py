"""A picture shows no end, no private place and no coordinate."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from estran.coach.sharing import LEAST_M, TRIMMED_M, shown
from estran.journal import Leg, Mark, Mode, Path, Trip
from estran.privacy import Keeps, Zone
from tests.unit.coach.journals import MIN_US, a_trip, at

M_PER_DEG = 111_195.0


def a_straight_trip(length_m: float, n: int = 40) -> Trip:
    lat = 46.16 + np.linspace(0.0, length_m / M_PER_DEG, n)
    time_us = np.linspace(at(2026, 6, 1, 8), at(2026, 6, 1, 9), n).astype(np.int64)
    path = Path(time_us, lat, np.full(n, -1.15))
    leg = Leg(Mode.BIKE, int(time_us[0]), int(time_us[0]) + 60 * MIN_US, length_m, path)
    return a_trip(leg)


def a_zone(at_m: float, radius_m: float = 300.0) -> Zone:
    return Zone(
        id="z", name="", lat_deg=round(46.16 + at_m / M_PER_DEG, 7), lon_deg=-1.15,
        radius_m=radius_m, keeps=Keeps.CENTRE,
    )  # fmt: skip


def drawn_m(trip: Trip, *zones: Zone) -> float:
    """How long the drawn part is, by its number of steps."""
    return max(shown(trip, zones).x.size * 100.0, 0.0)


@given(st.floats(100, 50_000))
def test_both_ends_are_cut_and_a_short_way_is_not_drawn(length_m):
    got = shown(a_straight_trip(length_m))
    left_m = length_m - 2 * TRIMMED_M
    if left_m < LEAST_M - 5:
        assert got.x.size == 0
    elif left_m > LEAST_M + 5:
        assert abs(drawn_m(a_straight_trip(length_m)) - left_m) <= 200
        assert 0 <= got.x.min() <= got.x.max() <= 1
        assert 0 <= got.y.min() <= got.y.max() <= 1


def test_no_coordinate_is_in_the_drawing():
    here, there = a_straight_trip(8000), a_straight_trip(8000)
    path = there.legs[0].path
    moved = replace(there.legs[0], path=Path(path.time_us, path.lat_deg - 5.0, path.lon_deg + 3.0))
    elsewhere = replace(there, legs=(moved,))
    assert np.allclose(shown(here).y, shown(elsewhere).y, atol=1e-6)


def test_a_private_place_near_an_end_is_cut_off_with_its_surroundings():
    assert drawn_m(a_straight_trip(10_000), a_zone(1500)) <= 10_000 - 1800 - 2 * TRIMMED_M + 200


def test_a_private_place_in_the_midst_leaves_one_side():
    assert drawn_m(a_straight_trip(10_000), a_zone(4900)) <= 10_000 / 2 - TRIMMED_M
    assert shown(a_straight_trip(4000), [a_zone(2000)]).x.size == 0


def test_nothing_is_shown_of_a_private_trip():
    assert shown(replace(a_straight_trip(9000), marks=frozenset({Mark.PRIVATE}))).x.size == 0
