"""What a trace says of a journey that somebody states: seen, denied, or nothing."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m
from estran.tickets.reckoning import straight_m
from estran.tickets.values import Journey
from estran.trace import Positions

LATE_US = 3 * 3_600_000_000
"""Rides run late: what is seen up to three hours after the arrival still tells of it."""

EARLY_US = 1_800_000_000
"""Where one is half an hour before, one has not left yet."""

REACH_SHARE = 0.25
"""Being nearer to an end than this share of the way counts as being there."""

REACH_M = (1_500.0, 30_000.0)
"""The least and the most that counts as being there: a station is in a town. [m]"""

COARSE_M = 20_000.0
"""A position rougher than this says nothing of a ride. [m]"""

_FEWEST_SEEN = 2


class Seen(StrEnum):
    """What a trace says of a stated journey."""

    MOVED = "moved"
    """The person went from the one end towards the other."""
    ELSEWHERE = "elsewhere"
    """The person was somewhere else, or did not leave."""
    NOTHING = "nothing"
    """No position tells."""


@dataclass(frozen=True, slots=True)
class _Near:
    """Positions around a journey, and how near each end they are."""

    time_us: NDArray[np.int64]
    from_origin_m: NDArray[np.float64]
    from_end_m: NDArray[np.float64]
    slack_m: NDArray[np.float64]
    """How rough each position is."""


def seen(journey: Journey, positions: Positions) -> Seen:
    """Compare a journey with positions.

    Parameters
    ----------
    journey : Journey
    positions : Positions
        In time order; rough ones (a phone mast) count as far as they reach.

    Returns
    -------
    Seen
        ``NOTHING`` also where an end of the journey is not placed: then only time speaks,
        which :func:`estran.tickets.laying.laid` looks at.
    """
    between_m = straight_m(journey.origin, journey.destination)
    if np.isnan(between_m) or not len(positions):
        return Seen.NOTHING
    near = _near(journey, positions)
    reach_m = float(np.clip(REACH_SHARE * between_m, *REACH_M))
    inside = (near.time_us >= journey.start_us) & (near.time_us <= journey.end_us)
    middle_us = (journey.start_us + journey.end_us) // 2
    off_m = near.from_origin_m + near.from_end_m - between_m - 2 * near.slack_m
    strays = inside & (off_m > max(between_m, 2 * reach_m))
    arrived = (near.time_us >= middle_us) & (near.from_end_m - near.slack_m <= reach_m)
    left = (near.time_us <= middle_us) & (near.from_origin_m - near.slack_m <= reach_m)
    on_way = inside & (near.from_origin_m - near.slack_m > reach_m) & ~strays
    if strays.sum() > max(int(inside.sum()) // 2, 0):
        return Seen.ELSEWHERE
    if arrived.any() and (left.any() or on_way.any()):
        return Seen.MOVED
    if on_way.sum() >= _FEWEST_SEEN:
        return Seen.MOVED
    late = inside & (near.time_us > middle_us)
    stayed = late & (near.from_origin_m + near.slack_m <= reach_m)
    if stayed.any() and not arrived.any():
        return Seen.ELSEWHERE
    return Seen.NOTHING


def _near(journey: Journey, positions: Positions) -> _Near:
    a, b = np.searchsorted(
        positions.time_us, (journey.start_us - EARLY_US, journey.end_us + LATE_US)
    )
    lat, lon = positions.lat_deg[a:b], positions.lon_deg[a:b]
    rough_m = np.nan_to_num(positions.accuracy_m[a:b].astype(np.float64))
    fine = rough_m <= COARSE_M

    def away_m(end_lat_deg: float, end_lon_deg: float) -> NDArray[np.float64]:
        return distances_m(lat, lon, np.array(end_lat_deg), np.array(end_lon_deg))[fine]

    return _Near(
        positions.time_us[a:b][fine],
        away_m(*journey.origin.at_deg),
        away_m(*journey.destination.at_deg),
        rough_m[fine],
    )
