"""The rides of a trip hang together, and waits that nobody tells of are told with the rest."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from estran.geo.compiled import plain
from estran.journal import Mode
from estran.modes import MODES, rides, tables
from estran.modes.chains import chained, follows, heard_before
from estran.modes.rides import LEG_FEATURES, SHAPE_FEATURES, LegFacts, corner_scores
from estran.modes.waits import told_together
from estran.modes.windows import MOTOR, STILL, WALK, Runs

CAR, BUS, WAIT, ON_FOOT = (MODES.index(m) for m in (Mode.CAR, Mode.BUS, Mode.WAIT, Mode.WALK))


def shares_of(*rows: dict[Mode, float]) -> np.ndarray:
    out = np.zeros((len(rows), len(MODES)))
    for row, shares in enumerate(rows):
        for mode, share in shares.items():
            out[row, MODES.index(mode)] = share
    return out


def chain(kinds: list[int], share: np.ndarray, trip: list[int] | None = None) -> np.ndarray:
    kind = np.array(kinds)
    rides_of = np.array(trip or [0] * len(kinds))
    return chained(rides_of, kind == MOTOR, kind == WALK, follows(MODES), share)


SURE_CAR = {Mode.CAR: 0.95, Mode.BUS: 0.05}
SURE_TRAIN = {Mode.TRAIN: 0.95, Mode.CAR: 0.05}
EITHER = {Mode.CAR: 0.5, Mode.BUS: 0.5}
STOOD = {Mode.WAIT: 1.0}
WALKED = {Mode.WALK: 1.0}


def test_a_drive_goes_on_after_a_standstill():
    got = chain([MOTOR, STILL, MOTOR], shares_of(SURE_CAR, STOOD, EITHER))
    assert got[2, CAR] > 0.9
    assert got[1, WAIT] == 1.0


def test_who_leaves_a_train_on_foot_takes_a_bus():
    got = chain([MOTOR, WALK, MOTOR], shares_of(SURE_TRAIN, WALKED, EITHER))
    assert got[2, BUS] > 0.85


def test_who_leaves_a_train_on_foot_takes_the_town_s_rather_than_another():
    either = {Mode.TRAIN: 0.5, Mode.METRO: 0.5}
    on_foot = chain([MOTOR, WALK, MOTOR], shares_of(SURE_TRAIN, WALKED, either))
    seated = chain([MOTOR, STILL, MOTOR], shares_of(SURE_TRAIN, STOOD, either))
    assert on_foot[2, MODES.index(Mode.METRO)] > 0.6
    assert seated[2, MODES.index(Mode.TRAIN)] > 0.7


def test_rides_before_and_after_count_alike():
    there = chain([MOTOR, WALK, MOTOR], shares_of(SURE_TRAIN, WALKED, EITHER))
    back = chain([MOTOR, WALK, MOTOR], shares_of(EITHER, WALKED, SURE_TRAIN))
    assert there[::-1] == pytest.approx(back)


def test_another_trip_says_nothing():
    share = shares_of(SURE_TRAIN, EITHER)
    assert chain([MOTOR, MOTOR], share, trip=[0, 1]) == pytest.approx(share)


@given(
    hnp.arrays(float, (6, len(MODES)), elements=st.floats(1e-6, 1)),
    st.lists(st.sampled_from([STILL, WALK, MOTOR]), min_size=6, max_size=6),
    st.lists(st.integers(0, 2), min_size=6, max_size=6),
)
def test_chained_shares_sum_to_one_and_equal_plain_ones(share, kinds, trip):
    share /= share.sum(axis=1, keepdims=True)
    kind, trip = np.array(kinds), np.sort(trip)
    given_ = (trip, kind == MOTOR, kind == WALK, follows(MODES))
    got = chained(*given_, share)
    fast, slow = np.ones_like(share), np.ones_like(share)
    heard_before(*given_, share, fast)
    plain(heard_before)(*given_, share, slow)
    assert got.sum(axis=1) == pytest.approx(1.0)
    assert fast == pytest.approx(slow)
    assert got[kind != MOTOR] == pytest.approx(share[kind != MOTOR])


def told(modes: list[Mode], lasts_s: list[float], trip: list[int] | None = None):
    n = len(modes)
    runs = Runs(np.array(trip or [0] * n), np.arange(n), np.arange(1, n + 1), np.zeros(n, np.int8))
    got = told_together(
        runs, np.array([MODES.index(m) for m in modes]), np.array(lasts_s), MODES,
        shortest_beside_walk_s=300.0, shortest_in_drive_s=900.0,
    )  # fmt: skip
    return [modes[row] for row in got.row], got


def test_a_short_wait_is_told_with_the_walk_to_it():
    modes, got = told([Mode.WALK, Mode.WAIT, Mode.BUS], [200, 240, 900])
    assert modes == [Mode.WALK, Mode.BUS]
    assert (got.head.tolist(), got.tail.tolist()) == ([0, 2], [1, 2])


def test_a_long_wait_stands_alone():
    assert told([Mode.WALK, Mode.WAIT, Mode.BUS], [200, 540, 900])[0] == [
        Mode.WALK, Mode.WAIT, Mode.BUS,
    ]  # fmt: skip


def test_walks_around_a_short_wait_are_one():
    assert told([Mode.BUS, Mode.WALK, Mode.WAIT, Mode.WALK], [900, 60, 200, 300])[0] == [
        Mode.BUS, Mode.WALK,
    ]  # fmt: skip


def test_a_jam_is_part_of_the_drive_and_a_bus_stop_is_not():
    assert told([Mode.CAR, Mode.WAIT, Mode.CAR], [900, 800, 900])[0] == [Mode.CAR]
    assert told([Mode.BUS, Mode.WAIT, Mode.BUS], [900, 800, 900])[0] == [
        Mode.BUS, Mode.WAIT, Mode.BUS,
    ]  # fmt: skip


def test_trips_are_never_joined():
    assert told([Mode.WALK, Mode.WAIT, Mode.WALK], [90, 90, 90], trip=[0, 1, 1])[0] == [
        Mode.WALK, Mode.WAIT, Mode.WALK,
    ]  # fmt: skip


def corners(number: float, seen_km: float) -> dict[str, float]:
    features = np.full((1, len(LEG_FEATURES)), np.nan, np.float32)
    shape = np.full((1, len(SHAPE_FEATURES)), np.nan, np.float32)
    features[0, LEG_FEATURES.index("turns_per_km")] = (number + rides.CORNERS_USUAL_PER_KM) / (
        seen_km + 1
    )
    shape[0, SHAPE_FEATURES.index("turns_seen_km")] = seen_km
    table = tables.load("legs")
    facts = LegFacts(features, np.zeros((1, 5), np.float32), shape)
    score = corner_scores(facts, table["corners_per_km"])[0]
    return dict(zip(table["classes"], score, strict=True))


def test_many_corners_are_no_train_and_one_may_be_blur():
    one, many = corners(1, 5), corners(12, 20)
    assert many["bus"] - many["train"] > 2.5
    assert 0 < one["bus"] - one["train"] < 1


def test_a_long_way_without_a_corner_is_a_railway():
    assert corners(0, 20)["train"] > corners(0, 20)["car"] + 0.8
    assert corners(0, 0.5)["train"] < corners(0, 0.5)["car"] + 0.2
