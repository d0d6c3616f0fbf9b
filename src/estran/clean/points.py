"""Cleaning of one source's fixes: which rows stay, and why the others go."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray

from estran.clean._kernels import (
    close_up,
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
    rules: tuple[tuple[str, Callable[..., type_bool], int, tuple[float, ...]], ...] = (
        ("repeat", drop_repeats, 4, (settings.repeat_s * us,)),
        (
            "coarse", drop_coarse, 4,
            (settings.coarse_m, settings.coarse_near_s * us),
        ),
        (
            "jump", drop_excursions, 4,
            (settings.jump_speed_mps, settings.jump_slack_m, settings.jump_fixes,
             settings.jump_s * us),
        ),
        (
            "bounce", drop_bounces, 4,
            (settings.bounce_speed_mps, settings.jump_slack_m, settings.bounce_s * us),
        ),
        (
            "leap", drop_leaps, 4,
            (settings.leap_speed_mps, settings.jump_slack_m, settings.leap_s * us),
        ),
        ("spike", drop_spikes, 3, (settings.spike_m, settings.spike_s * us)),
        ("frozen", drop_frozen, 3, (settings.jump_speed_mps, settings.frozen_m)),
        ("stale", drop_stale, 3, (settings.stale_m, settings.jump_s * us)),
    )  # fmt: skip
    dropped: Counter[str] = Counter()
    kept: tuple[NDArray[Any], ...] = ()
    columns: tuple[NDArray[Any], ...] = (
        positions.time_us, positions.lat_deg, positions.lon_deg, positions.accuracy_m,
    )  # fmt: skip
    for reason, rule, n_columns, values in rules:
        drop = rule(*columns[:n_columns], *values)
        n = int(np.count_nonzero(drop))
        if n == 0:
            continue
        dropped[reason] += n
        if not kept:
            kept = (np.arange(drop.size), *(column.copy() for column in columns))
        size = close_up(drop, kept[0], kept[1], kept[2], kept[3], kept[4])
        kept = tuple(column[:size] for column in kept)
        columns = tuple(frozen(column) for column in kept[1:])
    return (kept[0] if kept else None), dropped
