"""Energy of moving by muscle; Coach CO2's bands as a check, its hole (its defect B1) closed."""

from __future__ import annotations

from math import isnan

import pytest

from estran.coach.effort import effort_of, kcal, met
from estran.journal import Leg, Mode


@pytest.mark.parametrize(
    ("mode", "kmh", "km", "expected"),
    [
        (Mode.BIKE, 18, 1, 34.6), (Mode.BIKE, 15, 1, 30.1), (Mode.E_BIKE, 18, 1, 21.2),
        (Mode.WALK, 4.8, 1, 56.8), (Mode.WALK, 2.5, 2.5, 155.9), (Mode.BIKE, 12, 12, 452.2),
    ],
)  # fmt: skip
def test_energy_at_the_mean_weight(mode, kmh, km, expected):
    assert kcal(mode, km * 1000, km / kmh * 3600) == pytest.approx(expected, abs=0.06)


@pytest.mark.parametrize("mode", [Mode.WALK, Mode.RUN, Mode.BIKE, Mode.E_BIKE])
def test_no_speed_is_without_a_band_and_faster_is_never_less(mode):
    values = [met(mode, tenth / 10) for tenth in range(600)]
    assert not any(isnan(value) for value in values)
    assert values == sorted(values)


def test_weight_counts_in_proportion():
    assert kcal(Mode.BIKE, 5000, 1200, 60.0) == pytest.approx(kcal(Mode.BIKE, 5000, 1200, 120) / 2)


def test_what_moves_by_itself_takes_no_effort():
    assert effort_of(Leg(Mode.CAR, 0, 60_000_000, 1000.0)) is None
    walked = effort_of(Leg(Mode.WALK, 0, 1_800_000_000, 2400.0))
    assert walked is not None
    assert walked.active_min == 30.0
    assert isnan(kcal(Mode.WALK, 100, 0))
