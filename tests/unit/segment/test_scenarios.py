"""What each kind of tracker and each habit must give, anywhere and at any time."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.scenarios import SCENES, Scene

from estran.analyse import analyse
from estran.clean import clean
from estran.journal import Mode
from estran.segment import STAY, TRIP, UNKNOWN, segment

NAMES = {STAY: "stay", TRIP: "trip", UNKNOWN: "unknown"}
seeds = st.integers(0, 2**32 - 1)
places = st.tuples(st.floats(-78, 78), st.floats(-180, 180)).filter(
    lambda place: max(map(abs, place)) > 2.0  # a receiver's blank is no place
)
FEW = settings(
    max_examples=15, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.too_slow]
)
"""The same draws each time: one noise in thousands makes even a person doubt."""


def entries_of(scene: Scene, **where):
    evidence = clean(scene.evidence(**where))
    found, _ = segment(evidence.trace, evidence.activities, evidence.claims, evidence.marks)
    return found


@pytest.mark.parametrize("name", SCENES)
@FEW
@given(seed=seeds, place=places)
def test_a_scene_gives_what_a_person_expects(name, seed, place):
    scene = SCENES[name](np.random.default_rng(seed))

    found = entries_of(scene, lat_deg=place[0], lon_deg=place[1])

    assert tuple(NAMES[int(kind)] for kind in found.kind) == scene.expected
    trips = np.flatnonzero(found.kind == TRIP)
    borders_us = np.array(scene.day.borders_us)
    if scene.begins:
        off_us = np.abs(found.start_us[trips] - borders_us[list(scene.begins)])
        assert off_us.max() <= scene.within_s * 1e6
        off_us = np.abs(found.end_us[trips] - borders_us[list(scene.ends)])
        assert off_us.max() <= scene.within_s * 1e6


@FEW
@given(seed=seeds)
def test_the_walk_from_the_parked_car_is_a_leg(seed):
    scene = SCENES["parking"](np.random.default_rng(seed))

    (trip,) = analyse(scene.evidence()).trips

    assert [leg.mode for leg in trip.legs] == [Mode.CAR, Mode.WALK]


@pytest.mark.parametrize("name", ["bus-wait", "platforms", "ferry", "tunnel", "jam"])
@FEW
@given(seed=seeds)
def test_the_ends_of_a_trip_are_movement(name, seed):
    scene = SCENES[name](np.random.default_rng(seed))

    (trip,) = analyse(scene.evidence()).trips

    modes = [leg.mode for leg in trip.legs]
    assert Mode.WAIT not in (modes[0], modes[-1])
