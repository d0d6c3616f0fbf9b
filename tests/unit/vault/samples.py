"""Small made-up days for the tests of the vault."""

from __future__ import annotations

import numpy as np

from estran.trace import Positions, Source

DAY_US = 86_400_000_000
START_US = 20_370 * DAY_US
"""2025-10-09, midnight in UTC."""

PHONE = Source("google-records/123456", "google-records", "123456")
WATCH = Source("gpx/watch", "gpx", "watch")


def days_of(n_days: int, *, per_day: int = 100, seed: int = 7) -> Positions:
    """Make a hundred positions a day along a shore, to 1e-7 degree."""
    rng = np.random.default_rng(seed)
    n = n_days * per_day
    steps = np.arange(n) * (DAY_US // per_day)
    return Positions.of(
        START_US + steps,
        np.rint((46.15 + rng.normal(0, 1e-3, n)) * 1e7) / 1e7,
        np.rint((-1.15 + rng.normal(0, 1e-3, n)) * 1e7) / 1e7,
        accuracy_m=rng.integers(3, 30, n).astype(np.float32),
        speed_mps=np.where(rng.random(n) < 0.2, np.nan, rng.gamma(2, 2, n)).astype(np.float32),
    )
