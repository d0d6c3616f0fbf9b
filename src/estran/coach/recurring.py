"""Trips that come back: between the same two places, on whatever days.

Ends are grouped by single steps of :data:`NEAR_M`: phones place the same door within 100 m or
so, and somebody parks in the next street. The choice is ours; Coach CO2 takes a square box of
about that size, narrower east to west by an error (``tests/peers``).
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

import numpy as np

from estran.geo.distance import distances_m
from estran.journal import Co2e, Mode, Place, Purpose, Trip
from estran.timebase import local_day, to_datetime

NEAR_M = 250.0
"""Ends within this of the middle of a group are one place. [m]"""

LEAST_TRIPS = 3
LEAST_DAYS = 3
"""Less often it is no habit."""

LOOP_SHARE = 0.3
"""Of rounds that end where they begin, those are one habit that differ less in length."""

DAYS_A_WEEK = 7.0


@dataclass(frozen=True, slots=True)
class Recurring:
    """A trip that comes back.

    Parameters
    ----------
    id : str
        The same at a later run, as long as the places are.
    origin, destination : Place
        The middle of where its trips began and ended.
    trips : tuple of int
        First instants of its trips, in order. [µs since 1970, UTC]
    days : tuple of date
        Local days on which it was made, in order.
    weekdays : tuple of int
        How many of its trips on each weekday, Monday first.
    n_per_week : float
        Over the weeks from its first to its last trip.
    mode : Mode
        Main mode of most of its trips.
    modes : tuple of (Mode, int)
        Main modes with their number of trips, the usual first.
    distance_m, duration_s : float
        The middle ones (medians).
    starts_h : float
        Usual hour of day at which it begins, local. [h]
    purpose : Purpose or None
        What most of those that have one were for, as said.
    way_back : str
        Id of the same trip the other way; "" without one.
    """

    id: str
    origin: Place
    destination: Place
    trips: tuple[int, ...]
    days: tuple[date, ...]
    weekdays: tuple[int, ...]
    n_per_week: float
    mode: Mode
    modes: tuple[tuple[Mode, int], ...]
    distance_m: float
    duration_s: float
    starts_h: float
    purpose: Purpose | None = None
    way_back: str = ""

    @property
    def is_loop(self) -> bool:
        """Whether it ends where it begins."""
        return _key_of(self.origin) == _key_of(self.destination)


def main_mode(trip: Trip) -> Mode:
    """Give the mode of the longest distance of a trip."""
    moving = [leg for leg in trip.legs if leg.mode is not Mode.WAIT] or list(trip.legs)
    return max(moving, key=lambda leg: (leg.distance_m, leg.duration_s)).mode


def recurring(trips: Sequence[Trip]) -> tuple[Recurring, ...]:
    """Find the trips that come back, those made most often first.

    Parameters
    ----------
    trips : sequence of Trip
        In order; corrected, so that what a person said counts.
    """
    moving = [trip for trip in trips if trip.legs]
    if not moving:
        return ()
    ends = [place for trip in moving for place in (trip.origin, trip.destination)]
    groups, middles = grouped(ends)
    by_pair: dict[tuple[int, int, int], list[Trip]] = {}
    for row, trip in enumerate(moving):
        pair = groups[2 * row], groups[2 * row + 1]
        loop = _loop_size(trip) if pair[0] == pair[1] else 0
        by_pair.setdefault((*pair, loop), []).append(trip)
    found: dict[tuple[int, int, int], Recurring] = {}
    for key, made in by_pair.items():
        days = sorted({local_day(trip.started_us, trip.tz) for trip in made})
        if len(made) >= LEAST_TRIPS and len(days) >= LEAST_DAYS:
            found[key] = _recurring(made, days, middles[key[0]], middles[key[1]], key[2])
    linked = [
        _with_way_back(one, found.get((key[1], key[0], key[2])) if key[0] != key[1] else None)
        for key, one in found.items()
    ]
    return tuple(sorted(linked, key=lambda one: (-len(one.trips), one.id)))


def grouped(ends: Sequence[Place]) -> tuple[list[int], list[Place]]:
    """Give the group of each end, and the middle of each group; in order of time.

    Each end joins the nearest group within reach, looked for in the cells around it.
    """
    lat_deg = np.array([end.lat_deg for end in ends])
    lon_deg = np.array([end.lon_deg for end in ends])
    sums: list[list[float]] = []
    cells: dict[tuple[int, int], list[int]] = {}
    groups: list[int] = []
    for lat, lon in zip(lat_deg.tolist(), lon_deg.tolist(), strict=True):
        row, column = _cell(lat, lon)
        near = [
            g
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for g in cells.get((r, c), ())
        ]
        group = _nearest(lat, lon, near, sums)
        if group < 0:
            group = len(sums)
            sums.append([0.0, 0.0, 0.0])
            cells.setdefault((row, column), []).append(group)
        sums[group][0] += lat
        sums[group][1] += lon
        sums[group][2] += 1.0
        groups.append(group)
    return groups, [Place(lat / n, lon / n) for lat, lon, n in sums]


CELL_DEG = 0.005
"""Cells are about 560 m high and, up to 60 degrees of latitude, over 250 m wide. [°]"""


def _cell(lat_deg: float, lon_deg: float) -> tuple[int, int]:
    return int(lat_deg // CELL_DEG), int(lon_deg // CELL_DEG)


def _nearest(lat_deg: float, lon_deg: float, near: list[int], sums: list[list[float]]) -> int:
    if not near:
        return -1
    at = np.array([[sums[g][0] / sums[g][2], sums[g][1] / sums[g][2]] for g in near])
    away_m = distances_m(at[:, 0], at[:, 1], np.array(lat_deg), np.array(lon_deg))
    best = int(np.argmin(away_m))
    return near[best] if away_m[best] <= NEAR_M else -1


def _loop_size(trip: Trip) -> int:
    """Tell rounds of different length apart: steps of 30 %."""
    return 1 + int(np.log(max(trip.distance_m, 1.0)) / np.log(1.0 + LOOP_SHARE))


def _recurring(
    made: Sequence[Trip], days: Sequence[date], origin: Place, destination: Place, loop: int
) -> Recurring:
    modes = Counter(main_mode(trip) for trip in made).most_common()
    said = Counter(trip.purpose for trip in made if trip.purpose and trip.purpose_share == 1.0)
    weeks = max(((days[-1] - days[0]).days + 1) / DAYS_A_WEEK, 1.0)
    starts = [to_datetime(trip.started_us, trip.tz) for trip in made]
    weekdays = Counter(start.weekday() for start in starts)
    return Recurring(
        id=_id(origin, destination, loop),
        origin=origin,
        destination=destination,
        trips=tuple(trip.started_us for trip in made),
        days=tuple(days),
        weekdays=tuple(weekdays.get(day, 0) for day in range(int(DAYS_A_WEEK))),
        n_per_week=len(made) / weeks,
        mode=modes[0][0],
        modes=tuple(modes),
        distance_m=float(median(trip.distance_m for trip in made)),
        duration_s=float(median(trip.duration_s for trip in made)),
        starts_h=float(median(start.hour + start.minute / 60 for start in starts)),
        purpose=said.most_common(1)[0][0] if said else None,
    )


def _with_way_back(one: Recurring, other: Recurring | None) -> Recurring:
    return one if other is None else replace(one, way_back=other.id)


def _key_of(place: Place) -> tuple[int, int]:
    return round(place.lat_deg / CELL_DEG), round(place.lon_deg / CELL_DEG)


def _id(origin: Place, destination: Place, loop: int) -> str:
    said = repr((*_key_of(origin), *_key_of(destination), loop))
    return hashlib.sha256(said.encode()).hexdigest()[:16]


def amounts_to(one: Recurring, trips: Sequence[Trip]) -> tuple[float, Co2e | None]:
    """Sum the distance and the footprint of its trips; None where one has no footprint. [m]"""
    made = set(one.trips)
    distance_m, total = 0.0, None
    for trip in trips:
        if trip.started_us in made:
            distance_m += trip.distance_m
            co2e = trip.co2e
            if co2e is None:
                return distance_m, None
            total = co2e if total is None else total + co2e
    return distance_m, total
