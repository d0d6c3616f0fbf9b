"""The phone's guesses at an instant, reduced to those that tell something."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from estran.formats.motions import motion_codes
from estran.formats.reading import Faults
from estran.formats.times import instants_us, plausible
from estran.trace import Activities, Motion, type_f32, type_i8, type_i16, type_i64

LEAST_SHARE = 0.2
"""Below it a guess is noise: Google spreads the rest over every kind it knows."""

N_KEPT = 2
"""Guesses kept of one reading, the likeliest first; the third never changes a verdict."""


def likeliest(
    time_us: type_i64,
    reading: NDArray[np.intp],
    motion: type_i8,
    share: type_f32,
    *,
    source: type_i16 | None = None,
) -> Activities:
    """Keep the likeliest guesses of each reading; those that say nothing are left out.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
        Instants of the readings. [µs]
    reading : intp array, shape (m,)
        Which reading each guess belongs to, never decreasing.
    motion : int8 array, shape (m,)
        Codes of :class:`Motion`.
    share : float32 array, shape (m,)
        The phone's confidence, 0 to 1.
    source : int16 array, shape (n,), optional
        The source of each reading; 0 without.

    Examples
    --------
    >>> shares = np.array([0.8, 0.1, 0.6], dtype="f4")
    >>> kept = likeliest(np.array([10**15]), np.zeros(3, int), np.array([1, 3, 6], "i1"), shares)
    >>> kept.motion.tolist()
    [1, 6]
    """
    telling = (motion != Motion.UNKNOWN) & (motion != Motion.TILTING) & (share >= LEAST_SHARE)
    rows = np.flatnonzero(telling & plausible(time_us)[reading])
    rows = rows[np.lexsort((-share[rows], reading[rows]))]
    rows = rows[_rank(reading[rows]) < N_KEPT]
    return Activities(
        time_us=time_us[reading[rows]],
        motion=motion[rows],
        confidence_share=np.minimum(share[rows], 1.0),
        source=np.zeros(rows.size, "i2") if source is None else source[reading[rows]],
    )


def _rank(group: NDArray[np.intp]) -> NDArray[np.intp]:
    """Give the place of each row inside its run of equal values, from 0."""
    if not group.size:
        return group
    starts = np.flatnonzero(np.concatenate([[True], group[1:] != group[:-1]]))
    return np.arange(group.size) - np.repeat(starts, np.diff(np.append(starts, group.size)))


class Reading(NamedTuple):
    """The guesses of an instant: words and their shares."""

    when: str | float | None
    guesses: list[tuple[str, float]]


def hints_of(readings: Sequence[Reading], faults: Faults, where: str) -> Activities:
    """Turn readings into hints, and count those without an instant."""
    time_us = instants_us([r.when for r in readings])
    n_undated = int(np.count_nonzero(~plausible(time_us)))
    if n_undated:
        faults.add("activity-unreadable", where, n_undated)
    guesses = [guess for r in readings for guess in r.guesses]
    return likeliest(
        time_us,
        np.repeat(np.arange(len(readings)), [len(r.guesses) for r in readings]),
        motion_codes([word for word, _ in guesses]),
        np.array([share for _, share in guesses], dtype=np.float32),
    )
