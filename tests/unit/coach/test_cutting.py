"""Cutting legs: what they hold is shared, not lost."""

from __future__ import annotations

import numpy as np
import pytest

from estran.coach.cutting import cut
from estran.journal import Leg, Mode, Path
from tests.unit.coach.journals import MIN_US, a_leg


def a_ride() -> Leg:
    """Give an hour of which the first half covers a quarter of the way."""
    time_us = np.array([0, 30, 60]) * MIN_US
    path = Path(time_us, np.array([46.0, 46.1, 46.4]), np.array([-1.0, -1.0, -1.0]))
    return a_leg(Mode.CAR, 0, 60, 44_500.0, path=path, n_positions=121)


def test_the_distance_is_shared_along_the_path():
    before, after = cut(a_ride(), 30 * MIN_US)
    assert before.distance_m == pytest.approx(44_500 / 4, rel=1e-3)
    assert before.distance_m + after.distance_m == pytest.approx(44_500)
    assert before.n_positions + after.n_positions == 121
    assert (before.ended_us, after.started_us) == (30 * MIN_US, 30 * MIN_US)


def test_both_paths_hold_the_cut():
    before, after = cut(a_ride(), 45 * MIN_US)
    assert before.path.lat_deg.tolist() == pytest.approx([46.0, 46.1, 46.25])
    assert after.path.lat_deg.tolist() == pytest.approx([46.25, 46.4])
    assert before.path.time_us.tolist() == [0, 30 * MIN_US, 45 * MIN_US]


def test_without_a_path_time_shares_the_distance():
    before, after = cut(a_leg(Mode.CAR, 0, 60, 1000.0), 15 * MIN_US)
    assert (before.distance_m, after.distance_m) == (250.0, 750.0)
    assert len(before.path) == len(after.path) == 0


def test_standing_still_is_shared_by_time():
    path = Path(np.array([0, 60]) * MIN_US, np.array([46.0, 46.0]), np.array([-1.0, -1.0]))
    before, _ = cut(a_leg(Mode.CAR, 0, 60, 1000.0, path=path), 15 * MIN_US)
    assert before.distance_m == 250.0


def test_a_line_over_the_antimeridian_is_cut_where_it_is():
    path = Path(np.array([0, 60]) * MIN_US, np.array([0.0, 0.0]), np.array([178.0, -178.0]))
    before, after = cut(a_leg(Mode.PLANE, 0, 60, 1000.0, path=path), 45 * MIN_US)
    assert before.path.lon_deg[-1] == pytest.approx(-179.0)
    assert after.path.lon_deg[0] == pytest.approx(-179.0)
