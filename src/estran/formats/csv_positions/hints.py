"""What the columns of modes, motions and stops say, as claims and activities."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from estran.formats.motions import motion_of
from estran.timebase import US_PER_S
from estran.trace import Activities, ClaimKind, Claims, Motion, Positions, type_i8

_TRUE = frozenset({"true", "t", "1", "yes", "y", "oui", "vrai"})


@dataclass(frozen=True, slots=True)
class HintSettings:
    """How rows that say the same become one claim."""

    gap_us: int = 600 * US_PER_S
    """A longer silence parts two claims: ten minutes is the longest wait inside a trip that
    travel surveys count as part of it (the 5 to 10 minutes of stop detection in the papers
    of docs/algorithms), and nothing is known of what lies in between."""


def motions(words: Sequence[str]) -> type_i8:
    """Read a column of words; empty and unknown ones are UNKNOWN."""
    known = {word: motion_of(word) if word.strip() else Motion.UNKNOWN for word in set(words)}
    return np.fromiter((known[word] for word in words), dtype=np.int8, count=len(words))


def stopped(words: Sequence[str]) -> type_i8:
    """Read a column that says whether the person stands still."""
    known = {word: word.strip().lower() in _TRUE for word in set(words)}
    return np.fromiter(
        (Motion.STILL if known[word] else Motion.UNKNOWN for word in words),
        dtype=np.int8,
        count=len(words),
    )


def activities_of(positions: Positions, motion: type_i8) -> Activities | None:
    """Give the phone's guess at each position that has one."""
    known = motion != Motion.UNKNOWN
    n = int(np.count_nonzero(known))
    if not n:
        return None
    return Activities(
        time_us=positions.time_us[known],
        motion=motion[known],
        confidence_share=np.full(n, np.nan, dtype=np.float32),
        source=np.zeros(n, dtype=np.int16),
    )


def claims_of(
    positions: Positions, motion: type_i8, settings: HintSettings | None = None
) -> Claims | None:
    """Claim each run of rows that say the same way of moving, or of standing still.

    Parameters
    ----------
    positions : Positions
        In any order.
    motion : int8 array, shape (n,)
        What each row says; UNKNOWN says nothing.
    """
    settings = settings or HintSettings()
    order = np.argsort(positions.time_us, kind="stable")
    time_us, motion = positions.time_us[order], motion[order]
    if not motion.any():
        return None
    starts = np.flatnonzero(
        np.append(True, (motion[1:] != motion[:-1]) | (np.diff(time_us) > settings.gap_us))
    )
    ends = np.append(starts[1:], motion.size) - 1
    said = motion[starts] != Motion.UNKNOWN
    first, last = starts[said], ends[said]
    lat_deg, lon_deg = positions.lat_deg[order], positions.lon_deg[order]
    still = motion[first] == Motion.STILL
    n = first.size
    return Claims(
        start_us=time_us[first],
        end_us=time_us[last],
        kind=np.where(still, ClaimKind.VISIT, ClaimKind.MOVE).astype(np.int8),
        motion=motion[first],
        probability_share=np.full(n, np.nan, dtype=np.float32),
        confirmed=np.zeros(n, dtype=np.bool_),
        lat_deg=lat_deg[first],
        lon_deg=lon_deg[first],
        end_lat_deg=np.where(still, np.nan, lat_deg[last]),
        end_lon_deg=np.where(still, np.nan, lon_deg[last]),
        distance_m=np.full(n, np.nan, dtype=np.float32),
        source=np.zeros(n, dtype=np.int16),
    )
