"""Single statements about an interval, gathered into claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from operator import itemgetter

import numpy as np

from estran.trace import ClaimKind, Claims, Motion, Positions


@dataclass(frozen=True, slots=True)
class Statement:
    """One row of :class:`estran.trace.Claims`; what is not told is NaN."""

    start_us: int
    end_us: int
    kind: ClaimKind
    motion: Motion
    lat_deg: float = math.nan
    lon_deg: float = math.nan
    end_lat_deg: float = math.nan
    end_lon_deg: float = math.nan
    distance_m: float = math.nan
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Ends:
    """Where and when some positions begin and end, as (time_us, lat_deg, lon_deg)."""

    first: tuple[int, float, float]
    last: tuple[int, float, float]

    def moved(self, motion: Motion, span: tuple[int, int] | None = None) -> Statement:
        """State that somebody moved between the ends, over an interval told or their own."""
        start_us, end_us = span or (self.first[0], self.last[0])
        return Statement(start_us, end_us, ClaimKind.MOVE, motion, *self.first[1:], *self.last[1:])


def ends_of(positions: Positions, before: Ends | None = None) -> Ends:
    """Find the ends of positions, one at least, and of others before them.

    Examples
    --------
    >>> ends_of(Positions.of([9, 3], [1.0, 2.0], [3.0, 4.0])).first
    (3, 2.0, 4.0)
    """

    def at(row: int) -> tuple[int, float, float]:
        lat_deg, lon_deg = float(positions.lat_deg[row]), float(positions.lon_deg[row])
        return int(positions.time_us[row]), lat_deg, lon_deg

    first, last = at(int(np.argmin(positions.time_us))), at(int(np.argmax(positions.time_us)))
    if before is None:
        return Ends(first, last)
    return Ends(
        min(before.first, first, key=itemgetter(0)), max(before.last, last, key=itemgetter(0))
    )


def claims_of(statements: Sequence[Statement]) -> Claims:
    """Put statements together as columns.

    Examples
    --------
    >>> claims = claims_of([Statement(0, 5, ClaimKind.MOVE, Motion.BUS)])
    >>> claims.end_us.tolist(), claims.confirmed.tolist()
    ([5], [False])
    """
    columns = {
        name: np.array([getattr(s, name) for s in statements])
        for name in Statement.__dataclass_fields__
    }
    n = len(statements)
    return Claims(
        **columns,
        probability_share=np.full(n, np.nan, dtype=np.float32),
        source=np.zeros(n, dtype=np.int16),
    )
