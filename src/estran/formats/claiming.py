"""Claims as providers make them: gathered one by one, checked together."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np

from estran.formats.coordinates import Rows, dated_positions
from estran.formats.reading import Faults
from estran.formats.times import instants_us, plausible
from estran.trace import ClaimKind, Claims, Motion, Positions, type_bool

type_instant = str | float | None
type_place = tuple[float, float]

NOWHERE: type_place = (math.nan, math.nan)
"""A place that is not told."""


@dataclass(frozen=True, slots=True)
class Claimed:
    """One claim as read; places are (latitude, longitude) in degrees, times as written."""

    kind: ClaimKind
    motion: Motion
    start: type_instant
    end: type_instant
    place: type_place = NOWHERE
    end_place: type_place = NOWHERE
    probability_share: float = math.nan
    confirmed: bool = False
    distance_m: float = math.nan


@dataclass(slots=True)
class ClaimList:
    """Claims of a block of a file.

    Examples
    --------
    >>> claims = ClaimList()
    >>> day = ("2024-05-01T08:00:00Z", "2024-05-01T09:00:00Z")
    >>> claims.add(Claimed(ClaimKind.VISIT, Motion.STILL, *day, place=(46.16, -1.15)))
    >>> made = claims.made(Faults())
    >>> len(made), len(ends_of(made, Faults()))
    (1, 2)
    """

    _claimed: list[Claimed] = field(default_factory=list)

    def add(self, claimed: Claimed) -> None:
        """Note a claim."""
        self._claimed.append(claimed)

    def made(self, faults: Faults, where: str = "") -> Claims:
        """Make the claims whose interval is sound; count the others.

        A place off the globe, or at (0, 0), is one that is not told.
        """
        given = self._claimed
        start_us = instants_us([c.start for c in given])
        end_us = instants_us([c.end for c in given])
        good = plausible(start_us) & plausible(end_us) & (end_us >= start_us)
        if not good.all():
            faults.add("claim-unreadable", where, int(np.count_nonzero(~good)))
        lat_deg, lon_deg = _placed([c.place for c in given])
        end_lat_deg, end_lon_deg = _placed([c.end_place for c in given])
        return Claims(
            start_us=start_us, end_us=np.where(good, end_us, start_us),
            kind=np.array([c.kind for c in given], dtype=np.int8),
            motion=np.array([c.motion for c in given], dtype=np.int8),
            probability_share=np.array([c.probability_share for c in given], dtype=np.float32),
            confirmed=np.array([c.confirmed for c in given], dtype=np.bool_),
            lat_deg=lat_deg, lon_deg=lon_deg, end_lat_deg=end_lat_deg, end_lon_deg=end_lon_deg,
            distance_m=_lengths([c.distance_m for c in given]),
            source=np.zeros(len(given), dtype=np.int16),
        ).take(good)  # fmt: skip


def _placed(places: list[type_place]) -> tuple[np.ndarray, np.ndarray]:
    lat_deg = np.array([place[0] for place in places], dtype=np.float64)
    lon_deg = np.array([place[1] for place in places], dtype=np.float64)
    told: type_bool = (np.abs(lat_deg) <= 90.0) & (np.abs(lon_deg) <= 180.0)  # noqa: PLR2004 - the globe
    told &= (lat_deg != 0.0) | (lon_deg != 0.0)
    return np.where(told, lat_deg, np.nan), np.where(told, lon_deg, np.nan)


def _lengths(distances_m: list[float]) -> np.ndarray:
    given = np.array(distances_m, dtype=np.float64)
    # Half the Earth's round is the longest way between two points; nobody goes ten times that.
    return np.where((given >= 0.0) & (given < 2e8), given, np.nan).astype(np.float32)  # noqa: PLR2004 - said above


def ends_of(claims: Claims, faults: Faults) -> Positions:
    """Give the positions that claims declare: both ends of a visit, and of a move.

    They let a file that holds claims only be drawn; any other stream is better evidence.
    """
    visit = claims.kind == ClaimKind.VISIT
    lat_deg = np.concatenate([claims.lat_deg, np.where(visit, claims.lat_deg, claims.end_lat_deg)])
    lon_deg = np.concatenate([claims.lon_deg, np.where(visit, claims.lon_deg, claims.end_lon_deg)])
    told = np.flatnonzero(np.isfinite(lat_deg) & np.isfinite(lon_deg))
    time_us = np.concatenate([claims.start_us, claims.end_us])
    return dated_positions(Rows(time_us[told], lat_deg[told], lon_deg[told]), faults)
