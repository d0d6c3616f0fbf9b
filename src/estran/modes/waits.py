"""Waits that nobody would tell of: minutes beside a walk, a jam inside a drive."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.journal import Mode
from estran.modes.windows import Runs


@dataclass(frozen=True, slots=True)
class Told:
    """Groups of neighbouring legs that are told as one.

    Parameters
    ----------
    runs : Runs
        The groups as runs.
    row : int64 array, shape (n,)
        The leg whose mode and reasons stand for each group: its longest but waits.
    head, tail : int64 array, shape (n,)
        First and last leg of each group.
    """

    runs: Runs
    row: NDArray[np.int64]
    head: NDArray[np.int64]
    tail: NDArray[np.int64]


PRIVATE = (Mode.BIKE, Mode.E_BIKE, Mode.E_SCOOTER, Mode.CAR, Mode.MOTORCYCLE, Mode.MOPED)
"""Nobody waits for a connection between two parts of a ride on these."""


def told_together(  # noqa: PLR0913 - two arrays and their vocabulary, thresholds by name
    runs: Runs,
    mode: NDArray[np.intp],
    lasts_s: NDArray[np.float64],
    modes: tuple[Mode, ...],
    *,
    shortest_beside_walk_s: float,
    shortest_in_drive_s: float,
) -> Told:
    """Join short waits inside a trip to the walk beside them, or to the drive around them.

    They have been heard by then: who waits before a ride is no driver.

    Examples
    --------
    >>> runs = Runs(*(np.array(x) for x in ([0, 0, 0], [0, 9, 20], [9, 20, 60], [1, 0, 3])))
    >>> told = told_together(
    ...     runs, np.array([0, 1, 2]), np.array([90.0, 110.0, 400.0]),
    ...     (Mode.WALK, Mode.WAIT, Mode.BUS),
    ...     shortest_beside_walk_s=300.0, shortest_in_drive_s=900.0,
    ... )
    >>> told.row.tolist(), told.head.tolist(), told.tail.tolist()
    ([0, 2], [0, 2], [1, 2])
    """
    n = runs.trip.size
    if n == 0:
        none = np.zeros(0, np.int64)
        return Told(runs, none, none, none)
    of = np.array([m in PRIVATE for m in modes])
    is_wait, is_walk = mode == modes.index(Mode.WAIT), mode == modes.index(Mode.WALK)
    has_before = np.concatenate([[False], runs.trip[1:] == runs.trip[:-1]])
    has_after = np.concatenate([has_before[1:], [False]])
    inside = is_wait & has_before & has_after
    short = inside & (lasts_s < shortest_beside_walk_s)
    from_walk = short & _shifted(is_walk)
    to_walk = short & np.concatenate([is_walk[1:], [False]])
    drive = np.zeros(n, bool)
    drive[1:-1] = (mode[:-2] == mode[2:]) & of[mode[2:]]
    drive &= inside & (lasts_s < shortest_in_drive_s)
    joined = from_walk | to_walk | drive
    joins = (
        from_walk | drive | (has_before & _shifted(drive)) | (is_walk & _shifted(joined & short))
    )
    joins &= has_before
    head = np.flatnonzero(~joins)
    tail = np.concatenate([head[1:], [n]]) - 1
    weight = np.where(joined, -1.0, lasts_s)
    group = np.cumsum(~joins) - 1
    row = np.full(head.size, n)
    best = np.flatnonzero(weight == np.maximum.reduceat(weight, head)[group])
    np.minimum.at(row, group[best], best)
    whole = Runs(runs.trip[head], runs.first[head], runs.last[tail], runs.kind[row])
    return Told(whole, row, head, tail)


def _shifted(column: NDArray[np.bool_]) -> NDArray[np.bool_]:
    """Give each row what the row before it says."""
    return np.concatenate([[False], column[:-1]])
