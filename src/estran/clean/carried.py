"""Two devices lie still at two places: which one the person carried there."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import permutations

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m

type_i64 = NDArray[np.int64]
type_f64 = NDArray[np.float64]
type_bool = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Course:
    """The pieces of one source in time order, none overlapping another.

    Parameters
    ----------
    start_us, end_us : int64 array, shape (n,)
    moves : bool array, shape (n,)
        Movement that counts.
    lat_deg, lon_deg : float64 array, shape (n,)
        The middle of the piece. [°]
    """

    start_us: type_i64
    end_us: type_i64
    moves: type_bool
    lat_deg: type_f64
    lon_deg: type_f64

    @property
    def moved_us(self) -> type_i64:
        """Tell when the source last moved before each piece ended, the far past for never."""
        never = np.int64(-(2**62))
        latest: type_i64 = np.maximum.accumulate(np.where(self.moves, self.end_us, never))
        return latest


def carried(courses: Sequence[Course], *, apart_m: float) -> list[type_bool]:
    """Mark still pieces of a source that moved last, where another lies still elsewhere.

    A phone left at home is as good a record of home as the one in a pocket is of the office.
    Only the way tells them apart: who came to where it is after the other stopped moving was
    carried there. Where both are at one place nothing is marked, for it does not matter.

    Parameters
    ----------
    courses : sequence of Course
        One a source.
    apart_m : float
        How far two places are apart. [m]
    """
    marked = [np.zeros(course.moves.size, np.bool_) for course in courses]
    moved_us = [course.moved_us for course in courses]
    for one, other in permutations(range(len(courses)), 2):
        a, b = courses[one], courses[other]
        first = np.searchsorted(b.end_us, a.start_us, side="right")
        n_over = np.maximum(np.searchsorted(b.start_us, a.end_us, side="left") - first, 0)
        mine = np.repeat(np.arange(n_over.size), n_over)
        within = np.arange(mine.size) - np.repeat(np.cumsum(n_over) - n_over, n_over)
        its = first[mine] + within
        later = ~a.moves[mine] & ~b.moves[its] & (moved_us[one][mine] > moved_us[other][its])
        mine, its = mine[later], its[later]
        far_m = distances_m(a.lat_deg[mine], a.lon_deg[mine], b.lat_deg[its], b.lon_deg[its])
        marked[one][mine[far_m > apart_m]] = True
    return marked
