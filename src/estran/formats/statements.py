"""Single statements about an interval, gathered into claims."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estran.trace import ClaimKind, Claims, Motion


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
