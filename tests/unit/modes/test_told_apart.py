"""Made-up rides of each mode: what must never be taken for what."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from tests.unit.modes.roads import NO_CLAIM, NONE_SAID, START_US, bounds_of

from estran.example.movement import (
    FAST_TRAIN,
    M_PER_DEG,
    MANNERS,
    Manner,
    smooth,
    street,
    travel_times_s,
)
from estran.journal import Mode
from estran.modes import MODES, legs
from estran.trace import Motion, Trace

HOME = (46.16, -1.15)
RAIL = {Mode.TRAIN, Mode.METRO, Mode.TRAM}
PUBLIC = RAIL | {Mode.BUS, Mode.COACH}
JET = Manner(230.0, 1.5, np.inf, 0.0, 0.02, 20.0, Motion.STILL)
MOTORWAY = Manner(32.0, 1.6, np.inf, 0.0, 0.1, 5.0, Motion.VEHICLE)
SHIP = replace(MANNERS[Mode.FERRY], cruise_mps=9.0)


def away(km: float, bearing_deg: float = 40.0) -> tuple[float, float]:
    turn = np.radians(bearing_deg)
    north, east = 1000 * km * np.cos(turn), 1000 * km * np.sin(turn)
    return (
        HOME[0] + north / M_PER_DEG,
        HOME[1] + east / M_PER_DEG / np.cos(np.radians(HOME[0])),
    )


def on_streets(km: float, manner: Manner, rng):
    line = street(HOME, away(km), rng=rng)
    return line, travel_times_s(line, manner, rng=rng)


def on_a_line(km: float, manner: Manner, rng):
    line = smooth([HOME, away(km / 2, 30.0), away(km, 45.0)])
    return line, travel_times_s(line, manner, rng=rng)


def by_motorway(km: float, _manner: Manner, rng):
    """Streets, a motorway, streets: one drive."""
    out = street(HOME, away(1.5), rng=rng)
    fast = smooth([away(1.5), away(km / 2, 48.0), away(km)])
    back = street(away(km), away(km + 1.5), rng=rng)
    parts = [(out, MANNERS[Mode.CAR]), (fast, MOTORWAY), (back, MANNERS[Mode.CAR])]
    times, start = [], 0.0
    for line, manner in parts:
        at = start + travel_times_s(line, manner, rng=rng)
        start = at[-1] + 1
        times.append(at)
    whole = replace(
        out,
        lat_deg=np.concatenate([line.lat_deg for line, _ in parts]),
        lon_deg=np.concatenate([line.lon_deg for line, _ in parts]),
    )
    return whole, np.concatenate(times)


def said_of(way, km, manner, *, every_s, seed):
    """Give the modes that a ride is given, longest first, and the probabilities of that."""
    rng = np.random.default_rng(seed)
    line, time_s = way(km, manner, rng)
    at_s = np.arange(0.0, time_s[-1], every_s)
    keep = np.exp(-every_s / 30.0)
    drift = np.zeros((2, at_s.size))
    for i in range(1, at_s.size):
        fresh = rng.normal(0, manner.noise_m / 2, 2)
        drift[:, i] = keep * drift[:, i - 1] + np.sqrt(1 - keep**2) * fresh
    lat = np.interp(at_s, time_s, line.lat_deg) + drift[0] / M_PER_DEG
    lon = np.interp(at_s, time_s, line.lon_deg) + drift[1] / M_PER_DEG
    trace = Trace.of(START_US + (at_s * 1e6).astype(np.int64), lat, lon)
    trips = bounds_of([0], [at_s.size], [START_US], [int(trace.time_us[-1]) + 1])
    found = legs(trace, trips, NONE_SAID, NO_CLAIM)
    row = int(np.argmax(found.end_us - found.start_us))
    return MODES[found.mode[row]], found.probability[row]


RIDES = {
    "TGV": (on_a_line, 260, FAST_TRAIN, {Mode.TRAIN}),
    "train": (on_a_line, 70, MANNERS[Mode.TRAIN], {Mode.TRAIN}),
    "metro": (on_a_line, 8, MANNERS[Mode.METRO], RAIL),
    "tram": (on_a_line, 5, MANNERS[Mode.TRAM], RAIL | {Mode.BUS}),
    "bus": (on_streets, 6, MANNERS[Mode.BUS], {Mode.BUS, Mode.TRAM, Mode.CAR}),
    "car": (on_streets, 9, MANNERS[Mode.CAR], {Mode.CAR}),
    "motorway": (by_motorway, 40, MOTORWAY, {Mode.CAR}),
    "bike": (on_streets, 5, MANNERS[Mode.BIKE], {Mode.BIKE}),
    "run": (on_streets, 6, MANNERS[Mode.RUN], {Mode.RUN}),
    "walk": (on_streets, 2, MANNERS[Mode.WALK], {Mode.WALK}),
    "plane": (on_a_line, 700, JET, {Mode.PLANE}),
    "ship": (on_a_line, 15, SHIP, {Mode.FERRY}),
}


# A fix every half minute shows no corner of a motorway's ends and every other stop only.
BLIND_AT_30_S = {"bus", "metro", "tram", "motorway"}


@pytest.mark.parametrize(
    ("name", "every_s"),
    [(n, s) for n in RIDES for s in (1, 10, 30) if s < 30 or n not in BLIND_AT_30_S],
)
def test_a_ride_is_taken_for_nothing_it_cannot_be(name, every_s):
    way, km, manner, allowed = RIDES[name]
    said = [said_of(way, km, manner, every_s=every_s, seed=seed)[0] for seed in range(5)]
    assert sum(mode in allowed for mode in said) >= 4, said


@pytest.mark.parametrize("every_s", [5, 30])
def test_a_tight_corner_speaks_for_the_road(every_s):
    tram = MANNERS[Mode.TRAM]
    rail, road = [], []
    for seed in range(4):
        rail.append(said_of(on_a_line, 6, tram, every_s=every_s, seed=seed)[1])
        road.append(said_of(on_streets, 6, tram, every_s=every_s, seed=seed)[1])
    rows = [MODES.index(mode) for mode in RAIL]
    assert np.mean([p[rows].sum() for p in rail]) > np.mean([p[rows].sum() for p in road])
