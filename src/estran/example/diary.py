"""Where a made-up person is and when, what the phone kept of it, and what is true."""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field

import numpy as np
from numpy.random import Generator

from estran.example.movement import (
    GRID_M,
    M_PER_DEG,
    MANNERS,
    Line,
    Manner,
    smooth,
    street,
    travel_times_s,
    type_f64,
)
from estran.journal import Mode
from estran.timebase import US_PER_S
from estran.trace import Activities, Evidence, Motion, Positions, Source, Stream, Trace

Point = tuple[float, float]
"""Latitude and longitude. [°]"""


def _key(point: Point) -> str:
    return f"{point[0]:.4f},{point[1]:.4f}"


@dataclass(frozen=True, slots=True)
class Truth:
    """One true leg: what somebody who walked beside Camille would have written down."""

    mode: Mode
    started_us: int
    ended_us: int
    distance_m: float


@dataclass(slots=True)
class Diary:
    """Where Camille is and when, and what the phone has kept so far."""

    rng: Generator
    moving_step_s: float
    still_step_s: float
    now_s: float = 0.0
    at: Point = (0.0, 0.0)
    roads: dict[str, Line] = field(default_factory=dict)
    times: list[type_f64] = field(default_factory=list)
    lats: list[type_f64] = field(default_factory=list)
    lons: list[type_f64] = field(default_factory=list)
    spreads: list[type_f64] = field(default_factory=list)
    speeds: list[type_f64] = field(default_factory=list)
    hints: list[tuple[float, Motion]] = field(default_factory=list)
    truth: list[Truth] = field(default_factory=list)

    def chance(self, share: float) -> bool:
        """Let something happen now and then."""
        return bool(self.rng.random() < share)

    def _keep(
        self,
        t_s: type_f64,
        lat_deg: type_f64,
        lon_deg: type_f64,
        noise_m: float,
        speed_mps: type_f64,
    ) -> None:
        n = t_s.size
        spread = noise_m * self.rng.gamma(4.0, 0.25, n)
        self.times.append(t_s)
        self.lats.append(lat_deg + self.rng.normal(0.0, 1.0, n) * spread / M_PER_DEG)
        self.lons.append(lon_deg + self.rng.normal(0.0, 1.0, n) * spread / M_PER_DEG / 0.69)
        self.spreads.append(np.maximum(3.0, 2.0 * spread))
        self.speeds.append(speed_mps)

    def stay_until(self, until_s: float) -> None:
        """Rest where one is, the phone looking now and then."""
        t = np.arange(self.now_s + 20.0, until_s - 20.0, self.still_step_s)
        if t.size:
            ones = np.ones(t.size)
            self._keep(t, self.at[0] * ones, self.at[1] * ones, 9.0, np.zeros(t.size))
            self.hints += [
                (float(x), Motion.STILL) for x in t[:: max(1, int(900 / self.still_step_s))]
            ]
        self.now_s = max(self.now_s, until_s)

    def wait(self, seconds: float) -> None:
        """Wait for a connection inside a trip."""
        start = self.now_s
        t = np.arange(start + 5.0, start + seconds, self.moving_step_s * 2)
        ones = np.ones(t.size)
        self._keep(t, self.at[0] * ones, self.at[1] * ones, 6.0, np.zeros(t.size))
        self.hints += [(float(x), Motion.STILL) for x in t[::8]]
        self.now_s += seconds
        self._write(Mode.WAIT, start, 0.0)

    def _write(self, mode: Mode, start_s: float, distance_m: float) -> None:
        start_us, end_us = round(start_s * US_PER_S), round(self.now_s * US_PER_S)
        self.truth.append(Truth(mode, start_us, end_us, distance_m))

    def along(self, mode: Mode, line: Line, manner: Manner | None = None) -> None:
        """Travel a line by a mode."""
        how = manner or MANNERS[mode]
        start = self.now_s
        reached_s = start + travel_times_s(line, how, rng=self.rng)
        t = np.arange(start, reached_s[-1], self.moving_step_s)
        place = np.interp(t, reached_s, np.arange(reached_s.size))
        grid = np.arange(line.lat_deg.size)
        speed = np.gradient(place, t) * GRID_M if t.size > 1 else np.zeros(t.size)
        self._keep(
            t,
            np.interp(place, grid, line.lat_deg),
            np.interp(place, grid, line.lon_deg),
            how.noise_m,
            speed,
        )
        self.hints += [(float(x), how.motion) for x in t[:: max(1, int(30 / self.moving_step_s))]]
        self.now_s = float(reached_s[-1])
        self.at = (float(line.lat_deg[-1]), float(line.lon_deg[-1]))
        self._write(mode, start, line.length_m)

    def to(self, mode: Mode, place: Point) -> None:
        """Travel by streets to a place: always by the same ones, as people do."""
        here, there = _key(self.at), _key(place)
        key, back = f"{mode} {here} {there}", f"{mode} {there} {here}"
        if back in self.roads and key not in self.roads:
            self.roads[key] = self.roads[back].reversed()
        if key not in self.roads:
            drawn_by = np.random.default_rng(zlib.crc32(key.encode()))
            self.roads[key] = street(self.at, place, rng=drawn_by)
        self.along(mode, self.roads[key])
        self.at = place

    def rail(self, points: list[Point], manner: Manner | None = None) -> None:
        """Ride a railway."""
        self.along(Mode.TRAIN, smooth(points), manner)
        self.at = points[-1]

    def fly(self, place: Point, hours: float) -> None:
        """Fly, the phone switched off."""
        start = self.now_s
        self.now_s += hours * 3600.0
        self.at = place
        self._write(Mode.PLANE, start, float("nan"))


def seen(day: Diary) -> Evidence:
    """Gather what the phone kept."""
    times_us = np.round(np.concatenate(day.times) * US_PER_S).astype(np.int64)
    n = times_us.size
    speed = np.maximum(0.0, np.concatenate(day.speeds) + day.rng.normal(0.0, 0.2, n))
    positions = Positions.of(
        times_us,
        np.asarray(np.round(np.concatenate(day.lats), 7), np.float64),
        np.asarray(np.round(np.concatenate(day.lons), 7), np.float64),
        accuracy_m=np.concatenate(day.spreads).astype(np.float32),
        speed_mps=speed.astype(np.float32),
    )
    when, what = zip(*sorted(day.hints), strict=True)
    hints = Activities(
        np.round(np.array(when) * US_PER_S).astype(np.int64),
        np.array(what, dtype=np.int8),
        day.rng.uniform(0.6, 1.0, len(when)).astype(np.float32),
        np.zeros(len(when), dtype=np.int16),
    )
    source = Source("example/camille", "example", "camille", Stream.RECORDED)
    return Evidence(Trace.sorted_from(positions), hints, sources=(source,))
