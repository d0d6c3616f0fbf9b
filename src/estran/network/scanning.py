"""The earliest arrival by a timetable: a connection scan with ways to, from and between stops."""

from __future__ import annotations

from dataclasses import dataclass
from math import inf

import numpy as np
from numpy.typing import NDArray

from estran.geo.distance import distances_m
from estran.network.timetable import Timetable
from estran.network.values import E6, LINE_MODES
from estran.travel import Mode

STREET_DETOUR = 1.3
"""A way by street is so much longer than the straight line (ours)."""

RIDE_DETOUR = 1.1
"""Lines are so much longer than the straight lines between their stops (ours)."""

WALK_MPS, BIKE_MPS = 4.8 / 3.6, 14.0 / 3.6
WALK_REACH_M, BIKE_REACH_M = 800.0, 4000.0
"""Stops as far as this by straight line are reached from an end (ours)."""

CHANGE_REACH_M = 300.0
CHANGE_S = 90
"""What a change takes besides the walk (ours)."""

LONGEST_S = 4 * 3600
"""Of longer journeys nobody asks on a usual day."""

type_f64 = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class LaidTimetable:
    """A timetable ready to be asked: changes on foot are known from each stop."""

    table: Timetable
    lat_deg: type_f64
    lon_deg: type_f64
    changes: tuple[tuple[tuple[int, int], ...], ...]
    """Of each stop: others within reach, and the seconds that the change takes."""


@dataclass(frozen=True, slots=True)
class Journey:
    """A journey found. Modes with distance and duration, waits told. [m, s]"""

    starts_s: float
    arrives_s: float
    legs: tuple[tuple[Mode, float, float], ...]

    @property
    def lasts_s(self) -> float:
        """From leaving to arriving; one leaves as late as the first ride allows. [s]"""
        return self.arrives_s - self.starts_s


def lay_timetable(table: Timetable) -> LaidTimetable:
    """Find which stops are a change on foot apart."""
    lat, lon = (np.asarray(e6 * E6, np.float64) for e6 in (table.stop_lat_e6, table.stop_lon_e6))
    cell_deg = CHANGE_REACH_M / 111_195.0
    wide_deg = cell_deg / max(0.2, float(np.cos(np.radians(lat)).min())) if lat.size else cell_deg
    cells: dict[tuple[int, int], list[int]] = {}
    keys = [(int(a // cell_deg), int(o // wide_deg)) for a, o in zip(lat, lon, strict=True)]
    for stop, key in enumerate(keys):
        cells.setdefault(key, []).append(stop)
    changes = []
    for stop, (row, column) in enumerate(keys):
        near = [
            other
            for r in (row - 1, row, row + 1)
            for c in (column - 1, column, column + 1)
            for other in cells.get((r, c), ())
            if other != stop
        ]
        changes.append(_changes(lat, lon, stop, near))
    return LaidTimetable(table, lat, lon, tuple(changes))


def _changes(
    lat_deg: type_f64, lon_deg: type_f64, stop: int, near: list[int]
) -> tuple[tuple[int, int], ...]:
    if not near:
        return ()
    away_m = distances_m(lat_deg[near], lon_deg[near], lat_deg[stop], lon_deg[stop])
    return tuple(
        (other, round(m * STREET_DETOUR / WALK_MPS))
        for other, m in zip(near, away_m.tolist(), strict=True)
        if m <= CHANGE_REACH_M
    )


def stops_near(
    laid: LaidTimetable, lat_deg: float, lon_deg: float, reach_m: float
) -> dict[int, float]:
    """Give the stops within reach, with their distance by street. [m]"""
    away_m = distances_m(laid.lat_deg, laid.lon_deg, np.array(lat_deg), np.array(lon_deg))
    rows = np.flatnonzero(away_m <= reach_m)
    return {int(i): float(away_m[i]) * STREET_DETOUR for i in rows}


@dataclass(frozen=True, slots=True)
class Ends:
    """Where a journey may board and alight: stops with the way to them, by one mode. [m]"""

    board: dict[int, float]
    alight: dict[int, float]
    mode: Mode = Mode.WALK

    @property
    def speed_mps(self) -> float:
        """How fast one gets to and from stops. [m/s]"""
        return BIKE_MPS if self.mode is Mode.BIKE else WALK_MPS


class _Scan:
    """One scan: for each stop reached, when, and how."""

    def __init__(self, laid: LaidTimetable, ends: Ends, starts_s: float) -> None:
        self.laid, self.ends = laid, ends
        self.at_s: dict[int, float] = {}
        self.came: dict[int, tuple[int, int] | int] = {}
        """Rows of boarding and alighting, or the stop one walked from."""
        self.boarded: dict[int, int] = {}
        self.best_s, self.last = inf, -1
        for stop, way_m in ends.board.items():
            self.at_s[stop] = starts_s + way_m / ends.speed_mps

    def take(self, row: int, run: int, at: tuple[int, int], arrives_s: int) -> None:
        """Ride one connection."""
        board = self.boarded.setdefault(run, row)
        stop = at[1]
        if arrives_s >= self.at_s.get(stop, inf):
            return
        self.at_s[stop], self.came[stop] = arrives_s, (board, row)
        self._end(stop, arrives_s)
        for other, walk_s in self.laid.changes[stop]:
            then_s = arrives_s + walk_s
            if then_s < self.at_s.get(other, inf):
                self.at_s[other], self.came[other] = then_s, stop

    def _end(self, stop: int, arrives_s: int) -> None:
        way_m = self.ends.alight.get(stop)
        if way_m is not None and arrives_s + way_m / self.ends.speed_mps < self.best_s:
            self.best_s, self.last = arrives_s + way_m / self.ends.speed_mps, stop

    def ready_s(self, stop: int) -> float:
        """Tell from when on a ride can be boarded at a stop."""
        at_s = self.at_s.get(stop, inf)
        return at_s + CHANGE_S if stop in self.came else at_s


def scan(
    laid: LaidTimetable,
    ends: Ends,
    weekday: int,
    starts_s: float,
    only: frozenset[Mode] = frozenset(),
) -> Journey | None:
    """Find the earliest arrival of those who leave at an instant of a weekday, or later.

    Parameters
    ----------
    laid : LaidTimetable
    ends : Ends
    weekday : int
        Monday is 0.
    starts_s : float
        After midnight. [s]
    only : frozenset of Mode
        Ride these only; empty for all.
    """
    table = laid.table
    first, last = np.searchsorted(table.departs_s, [starts_s, starts_s + LONGEST_S]).tolist()
    rows = np.flatnonzero(_runs(table, weekday, only)[table.run[first:last]]) + first
    made = _Scan(laid, ends, starts_s)
    columns = (table.run, table.from_stop, table.to_stop, table.departs_s, table.arrives_s)
    for row, run, start, stop, departs_s, arrives_s in zip(
        rows.tolist(), *(column[rows].tolist() for column in columns), strict=True
    ):
        if departs_s >= made.best_s:
            break
        if run in made.boarded or made.ready_s(start) <= departs_s:
            made.take(row, run, (start, stop), arrives_s)
    return None if made.last < 0 else _journey(made)


def _runs(table: Timetable, weekday: int, only: frozenset[Mode]) -> NDArray[np.bool_]:
    runs = (table.run_days >> weekday) & 1 == 1
    if only:
        runs &= np.isin(table.run_mode, [LINE_MODES.index(mode) for mode in only])
    return np.asarray(runs)


def _journey(made: _Scan) -> Journey:
    """Go back from the last stop; the first ride says when one leaves."""
    table, ends = made.laid.table, made.ends
    way_m = ends.alight[made.last]
    legs: list[tuple[Mode, float, float]] = [(ends.mode, way_m, way_m / ends.speed_mps)]
    stop, until_s = made.last, made.best_s - way_m / ends.speed_mps
    while stop in made.came:
        came = made.came[stop]
        if isinstance(came, int):
            walk_s = next(s for other, s in made.laid.changes[came] if other == stop)
            legs.append((Mode.WALK, walk_s * WALK_MPS, float(walk_s)))
            stop, until_s = came, until_s - walk_s
            continue
        board, alight = came
        arrived_s, left_s = int(table.arrives_s[alight]), int(table.departs_s[board])
        if until_s > arrived_s:
            legs.append((Mode.WAIT, 0.0, until_s - arrived_s))
        mode = LINE_MODES[table.run_mode[table.run[board]]]
        legs.append((mode, _ridden_m(made.laid, board, alight), float(arrived_s - left_s)))
        stop, until_s = int(table.from_stop[board]), float(left_s)
    way_m = ends.board[stop]
    legs.append((ends.mode, way_m, way_m / ends.speed_mps))
    told = tuple(reversed([leg for leg in legs if leg[2] > 0]))
    return Journey(until_s - way_m / ends.speed_mps, made.best_s, told)


def _ridden_m(laid: LaidTimetable, board: int, alight: int) -> float:
    table = laid.table
    inside = slice(board, alight + 1)
    rows = np.flatnonzero(table.run[inside] == table.run[board]) + board
    start, stop = table.from_stop[rows], table.to_stop[rows]
    steps_m = distances_m(
        laid.lat_deg[start], laid.lon_deg[start], laid.lat_deg[stop], laid.lon_deg[stop]
    )
    return float(steps_m.sum()) * RIDE_DETOUR
