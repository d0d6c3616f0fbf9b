"""A small made-up morning that makes a worker load and compile all that it will need."""

from __future__ import annotations

import numpy as np

from estran.trace import Activities, Evidence, Motion, Positions, Source, Trace

_STEP_S = 10
_WALK_DEG, _RIDE_DEG = 1.2e-4, 1.2e-3


def small_evidence() -> Evidence:
    """Make an hour at one place, a walk, a ride, and an hour at another place."""
    steps = np.concatenate(
        [np.zeros(360), np.full(60, _WALK_DEG), np.full(120, _RIDE_DEG), np.zeros(360)]
    )
    time_us = np.arange(steps.size, dtype=np.int64) * _STEP_S * 1_000_000
    positions = Positions.of(
        time_us, 10.0 + np.cumsum(steps), np.full(steps.size, 20.0),
        accuracy_m=np.full(steps.size, 8.0, "f4"),
    )  # fmt: skip
    activities = Activities(
        time_us=time_us[::30],
        motion=np.full(time_us[::30].size, Motion.WALK, "i1"),
        confidence_share=np.full(time_us[::30].size, 0.9, "f4"),
        source=np.zeros(time_us[::30].size, "i2"),
    )
    return Evidence(
        trace=Trace.sorted_from(positions), activities=activities, sources=(Source("warm", "csv"),)
    )
