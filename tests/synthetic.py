"""Made-up days around a made-up place: fixes with noise, whose truth is known."""

from __future__ import annotations

import numpy as np

from estran.trace import (
    Activities,
    Claims,
    Evidence,
    Marks,
    Positions,
    Source,
    Stream,
    Trace,
)

START_US = 1_780_300_800_000_000
"""1 June 2026, 08:00 UTC."""
LAT_DEG, LON_DEG = 46.0, -0.5
M_PER_DEG = 111_195.08


class Day:
    """Builds a trace piece by piece; ``borders_us`` holds where pieces end."""

    def __init__(self, *, seed=0, noise_m=5.0, start_us=START_US, accuracy_m=None):
        self.rng = np.random.default_rng(seed)
        self.noise_m = noise_m
        self.accuracy_m = noise_m * 1.5 if accuracy_m is None else accuracy_m
        self.now_s = 0.0
        self.start_us = start_us
        self.east_m = self.north_m = 0.0
        self.rows = []
        self.borders_us = []

    def _put(self, at_s, east_m, north_m):
        noise = self.rng.normal(0, self.noise_m / np.sqrt(2), 2)
        self.rows.append((at_s, east_m + noise[0], north_m + noise[1]))

    def _border(self):
        self.borders_us.append(self.start_us + round(self.now_s * 1e6))
        return self

    def stay(self, seconds, *, every_s=30.0):
        for at_s in np.arange(0.0, seconds, every_s):
            self._put(self.now_s + at_s, self.east_m, self.north_m)
        self.now_s += seconds
        return self._border()

    def ride(self, *, east_m=0.0, north_m=0.0, speed_mps=10.0, every_s=10.0):
        length_m = float(np.hypot(east_m, north_m))
        seconds = length_m / speed_mps
        for at_s in np.arange(0.0, seconds, every_s):
            share = at_s / seconds
            self._put(
                self.now_s + at_s, self.east_m + share * east_m, self.north_m + share * north_m
            )
        self.now_s += seconds
        self.east_m += east_m
        self.north_m += north_m
        return self._border()

    def gap(self, *, east_m=0.0, north_m=0.0, seconds=3600.0):
        self.now_s += seconds
        self.east_m += east_m
        self.north_m += north_m
        return self._border()

    def positions(self, *, source=0, lat0_deg=LAT_DEG, lon0_deg=LON_DEG):
        rows = np.array(self.rows).reshape(-1, 3)
        lat = lat0_deg + rows[:, 2] / M_PER_DEG
        lon = lon0_deg + rows[:, 1] / M_PER_DEG / np.cos(np.radians(lat0_deg))
        lon = (lon + 180.0) % 360.0 - 180.0
        return Positions.of(
            self.start_us + np.round(rows[:, 0] * 1e6).astype(np.int64),
            lat,
            lon,
            accuracy_m=np.full(len(rows), self.accuracy_m),
            source=np.full(len(rows), source),
        )

    def trace(self, **where):
        return Trace.sorted_from(self.positions(**where))

    def evidence(self, **where):
        return evidence_of(self.positions(**where))


def evidence_of(*parts, claims=None, activities=None, marks=None, streams=None):
    """Put positions of several sources together; part k is source k."""
    columns = [
        Positions.of(
            p.time_us, p.lat_deg, p.lon_deg, accuracy_m=p.accuracy_m, source=np.full(len(p), k)
        )
        for k, p in enumerate(parts)
    ]
    streams = streams or [Stream.RECORDED] * len(parts)
    sources = tuple(
        Source(f"made/{k}", "made", device=f"phone {k}", stream=s) for k, s in enumerate(streams)
    )
    return Evidence(
        trace=Trace.sorted_from(Positions.concatenate(columns)),
        activities=Activities.empty() if activities is None else activities,
        claims=Claims.empty() if claims is None else claims,
        marks=Marks.empty() if marks is None else marks,
        sources=sources,
    )
