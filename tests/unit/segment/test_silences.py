"""Why time is unknown."""

from __future__ import annotations

import numpy as np
import pytest
from tests.synthetic import Day

from estran.analyse import analyse
from estran.journal import Unknown
from estran.trace import Activities, Evidence, MarkKind, Marks, Motion

HOUR_S = 3600


def silent_day() -> Day:
    """Make two stays 40 km apart, with eight hours of silence between."""
    day: Day = Day(seed=3)
    day.stay(3600).gap(east_m=40_000, seconds=8 * HOUR_S).stay(3600)
    return day


def reason(*, marks=(), heard_s=()) -> str:
    """Give the reason of the silence; instants are seconds after it begins."""
    day = silent_day()
    begins_us = day.borders_us[0]
    evidence = day.evidence()
    sensed = Activities(
        time_us=np.array([begins_us + round(s * 1e6) for s in heard_s], np.int64),
        motion=np.full(len(heard_s), Motion.STILL, np.int8),
        confidence_share=np.full(len(heard_s), 0.9, np.float32),
        source=np.zeros(len(heard_s), np.int16),
    )
    said = Marks(
        time_us=np.array([begins_us + round(s * 1e6) for s, _ in marks], np.int64),
        kind=np.array([kind for _, kind in marks], np.int8),
        source=np.zeros(len(marks), np.int16),
    )
    whole = Evidence(evidence.trace, sensed, evidence.claims, said, evidence.sources)
    (silence,) = (e for e in analyse(whole).entries if isinstance(e, Unknown))
    return silence.reason


@pytest.mark.parametrize(
    ("marks", "why"),
    [
        ([], "gap"),
        (
            [(60, MarkKind.TRACKING_STOPPED), (8 * HOUR_S, MarkKind.TRACKING_STARTED)],
            "tracking-off",
        ),
        ([(60, MarkKind.TRACKING_STOPPED)], "tracking-off"),
        ([(60, MarkKind.TRACKING_REFUSED)], "no-permission"),
        ([(-1800, MarkKind.BATTERY_FLAT)], "battery-flat"),
        ([(-1800, MarkKind.BATTERY_FLAT), (8 * HOUR_S, MarkKind.BOOTED)], "battery-flat"),
        ([(8 * HOUR_S - 30, MarkKind.BOOTED)], "phone-off"),
    ],
)
def test_what_the_phone_said_is_the_reason(marks, why):
    assert reason(marks=marks) == why


def test_a_short_stop_of_tracking_explains_no_long_silence():
    marks = [(60, MarkKind.TRACKING_STOPPED), (HOUR_S, MarkKind.TRACKING_STARTED)]
    assert reason(marks=marks) != "tracking-off"


def test_a_stop_that_ends_each_trip_is_the_trackers_own_duty():
    marks = [(30, MarkKind.TRIP_ENDED), (31, MarkKind.TRACKING_STOPPED)]
    assert reason(marks=marks) == "gap"


def test_a_battery_that_was_flat_yesterday_explains_nothing():
    assert reason(marks=[(-20 * HOUR_S, MarkKind.BATTERY_FLAT)]) == "gap"


def test_a_phone_that_was_heard_had_no_position():
    assert reason(heard_s=[4 * HOUR_S]) == "no-position"


def test_a_phone_heard_before_and_after_was_silent():
    assert reason(heard_s=[-600, 8 * HOUR_S + 600]) == "phone-silent"


def test_a_phone_that_never_tells_activities_leaves_a_gap():
    assert reason(heard_s=[8 * HOUR_S + 600]) == "gap"
