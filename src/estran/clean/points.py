"""Cleaning of one source's fixes: which rows stay, and why the others go."""

from __future__ import annotations

from collections import Counter

import numpy as np
from numpy.typing import NDArray

from estran.clean._kernels import (
    drop_bounces,
    drop_coarse,
    drop_excursions,
    drop_frozen,
    drop_leaps,
    drop_repeats,
    drop_spikes,
    drop_stale,
)
from estran.clean.settings import CleanSettings
from estran.geo.compiled import frozen
from estran.trace import Positions

type_bool = NDArray[np.bool_]
type_rows = NDArray[np.intp]


def rows_kept(
    positions: Positions,
    *,
    settings: CleanSettings = CleanSettings(),  # noqa: B008 - a frozen value
) -> tuple[type_rows | None, Counter[str]]:
    """Choose the fixes of one source that are worth keeping.

    Parameters
    ----------
    positions : Positions, shape (n,)
        Of one source, in time order.
    settings : CleanSettings

    Returns
    -------
    rows : intp array, shape (k,), or None
        Rows to keep, increasing; None when all are.
    dropped : Counter
        How many went, by reason.
    """
    us = 1e6
    rules = (
        ("repeat", drop_repeats, ("accuracy_m",), (settings.repeat_s * us,)),
        (
            "coarse", drop_coarse, ("accuracy_m",),
            (settings.coarse_m, settings.coarse_near_s * us),
        ),
        (
            "jump", drop_excursions, ("accuracy_m",),
            (settings.jump_speed_mps, settings.jump_slack_m, settings.jump_fixes,
             settings.jump_s * us),
        ),
        (
            "bounce", drop_bounces, ("accuracy_m",),
            (settings.bounce_speed_mps, settings.jump_slack_m, settings.bounce_s * us),
        ),
        (
            "leap", drop_leaps, ("accuracy_m",),
            (settings.leap_speed_mps, settings.jump_slack_m, settings.leap_s * us),
        ),
        ("spike", drop_spikes, (), (settings.spike_m, settings.spike_s * us)),
        ("frozen", drop_frozen, (), (settings.jump_speed_mps, settings.frozen_m)),
        ("stale", drop_stale, (), (settings.stale_m, settings.jump_s * us)),
    )  # fmt: skip
    dropped: Counter[str] = Counter()
    rows: type_rows | None = None
    columns = {
        name: getattr(positions, name) for name in ("time_us", "lat_deg", "lon_deg", "accuracy_m")
    }
    for reason, rule, more, values in rules:
        names = ("time_us", "lat_deg", "lon_deg", *more)
        drop = rule(*(columns[name] for name in names), *values)
        n = int(np.count_nonzero(drop))
        if n == 0:
            continue
        dropped[reason] += n
        kept = np.flatnonzero(~drop)
        rows = kept if rows is None else rows[kept]
        columns = {name: frozen(column[kept]) for name, column in columns.items()}
    return rows, dropped
