"""The line of a leg as the phones and the konnector read it: one position each half minute."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np

from estran.geo.distance import step_lengths_m
from estran.journal import Leg, Place, Trip
from estran.trace import type_f64, type_i64

STEP_US = 30_000_000
"""e-mission resamples sections to one position per 30 s."""

MOST_POINTS = 5_000
"""Of one leg: 41 hours at that step; a longer one has longer steps."""


@dataclass(frozen=True, slots=True)
class Line:
    """Positions of a leg. It prints without them."""

    time_us: type_i64 = field(repr=False)
    lat_deg: type_f64 = field(repr=False)
    lon_deg: type_f64 = field(repr=False)

    @classmethod
    def joined(cls, lines: Sequence[Line]) -> Line:
        """Put lines behind each other."""
        if not lines:
            return cls(np.empty(0, np.int64), np.empty(0), np.empty(0))
        return cls(
            np.concatenate([line.time_us for line in lines]),
            np.concatenate([line.lat_deg for line in lines]),
            np.concatenate([line.lon_deg for line in lines]),
        )

    @property
    def first(self) -> Place:
        """Where it begins."""
        return Place(float(self.lat_deg[0]), float(self.lon_deg[0]))

    @property
    def last(self) -> Place:
        """Where it ends."""
        return Place(float(self.lat_deg[-1]), float(self.lon_deg[-1]))

    @property
    def steps_m(self) -> type_f64:
        """Distance from the position before; 0 for the first. [m]"""
        return np.concatenate([[0.0], step_lengths_m(self.lat_deg, self.lon_deg)])

    @property
    def speeds_mps(self) -> type_f64:
        """Speed from the position before; 0 for the first. [m/s]"""
        took_s = np.concatenate([[1.0], np.diff(self.time_us) / 1e6])
        speeds: type_f64 = self.steps_m / np.maximum(took_s, 1e-3)
        return speeds

    def thinned(self, n_most: int) -> Line:
        """Keep some positions, evenly, both ends among them."""
        if self.time_us.size <= n_most:
            return self
        rows = np.linspace(0, self.time_us.size - 1, n_most).round().astype(np.int64)
        return Line(self.time_us[rows], self.lat_deg[rows], self.lon_deg[rows])

    def rows(self) -> Iterator[tuple[int, float, float]]:
        """Give instants and positions one by one."""
        return zip(self.time_us.tolist(), self.lat_deg.tolist(), self.lon_deg.tolist(), strict=True)


def line_of(trip: Trip, leg: Leg) -> Line:
    """Draw a leg with a position each half minute, its own ends kept.

    A leg of which no line is known (a flight between two airports) is drawn straight between
    what is known around it.
    """
    time_us, lat_deg, lon_deg = _known(trip, leg)
    step_us = max(STEP_US, (leg.ended_us - leg.started_us) // MOST_POINTS)
    inside_us = np.arange(leg.started_us + step_us, leg.ended_us, step_us, dtype=np.int64)
    at_us = np.concatenate([[leg.started_us], inside_us, [leg.ended_us]]).astype(np.int64)
    return Line(
        at_us, np.interp(at_us, time_us, lat_deg), np.interp(at_us, time_us, _unrolled(lon_deg))
    )


def _unrolled(lon_deg: type_f64) -> type_f64:
    """Let no step go round the world where a line crosses the 180th meridian."""
    unrolled: type_f64 = np.unwrap(lon_deg, period=360.0)
    return unrolled


def _known(trip: Trip, leg: Leg) -> tuple[type_i64, type_f64, type_f64]:
    if len(leg.path):
        return leg.path.time_us, leg.path.lat_deg, leg.path.lon_deg
    before = [other for other in trip.legs if other.ended_us <= leg.started_us and len(other.path)]
    after = [other for other in trip.legs if other.started_us >= leg.ended_us and len(other.path)]
    start, end = trip.origin, trip.destination
    if before:
        start = Place(float(before[-1].path.lat_deg[-1]), float(before[-1].path.lon_deg[-1]))
    if after:
        end = Place(float(after[0].path.lat_deg[0]), float(after[0].path.lon_deg[0]))
    return (
        np.array([leg.started_us, max(leg.ended_us, leg.started_us + 1)], np.int64),
        np.array([start.lat_deg, end.lat_deg]),
        np.array([start.lon_deg, end.lon_deg]),
    )
