"""Rides made up from what is known of roads, rails and drivers: they train the leg model.

Labelled rides that may be shipped are one city's and a few people's. What a mode *can* do is
known beforehand: limits, stop spacings, dwell times, comfortable accelerations, radii of
bends. Rides are drawn from wide spreads of those, driven second by second, blurred like a
phone's fixes, thinned like a phone's duty cycle, and measured by the engine itself.

Sources: stop spacing and dwell of bus, tram, metro (Vuchic, *Urban Transit Systems and
Technology*, 2007; TCRP report 165, *Transit Capacity*, 2013: bus stops 200 to 600 m, dwell
10 to 60 s; metro 0.5 to 2 km, dwell 20 to 45 s); comfortable acceleration 0.8 to 1.3 m/s²
standing in urban rail, 0.3 to 0.7 for trains (the same); cars 1 to 2.5 m/s² (ITE *Traffic
Engineering Handbook*); cycling 12 to 25 km/h (CROW, *Design Manual for Bicycle Traffic*);
curve radii: tram 20 m, metro 150 m, main line 300 m and over (EN 13803).
"""

# ruff: noqa: INP001, PLR2004 - tools are scripts, not a package; spreads are numbers

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled
from estran.journal import Mode
from estran.trace import Trace

type_f64 = NDArray[np.float64]
Rng = np.random.Generator

KMH = 1 / 3.6


@compiled
def driven(
    links: NDArray[np.float64],
    accel_mps2: float,
    brake_mps2: float,
    sway: NDArray[np.float64],
    out: NDArray[np.float64],
) -> int:
    """Drive over links second by second; fill x, y and give how many seconds it took.

    Columns of ``links``: length [m], speed wanted [m/s], speed at its end [m/s], dwell at
    its end [s], corner at its end [rad], radius of that corner [m], bend along it [rad].
    ``sway`` is a relative wander of the speed wanted, a second a row.
    """
    n, v, x, y, heading = 0, 0.0, 0.0, 0.0, 0.0
    for row in range(links.shape[0]):
        left, wanted, end = links[row, 0], links[row, 1], links[row, 2]
        while left > 0.0 and n < out.shape[0]:
            room = math.sqrt(end * end + 2.0 * brake_mps2 * max(left - v * 0.5, 0.0))
            goal = min(wanted * (1.0 + sway[n]), room)
            v = max(v + min(max(goal - v, -1.5 * brake_mps2), accel_mps2), 0.3)
            step = min(v, left + 0.1)
            left -= step
            heading += links[row, 6] * step / links[row, 0]
            x += step * math.cos(heading)
            y += step * math.sin(heading)
            out[n, 0], out[n, 1] = x, y
            n += 1
        turned = 0.0
        while abs(links[row, 4]) > turned + 1e-9 and n < out.shape[0]:
            v = max(min(v, end), 1.0)
            part = min(v / links[row, 5], abs(links[row, 4]) - turned)
            turned += part
            heading += part if links[row, 4] > 0 else -part
            x += v * math.cos(heading)
            y += v * math.sin(heading)
            out[n, 0], out[n, 1] = x, y
            n += 1
        for _ in range(int(links[row, 3])):
            if n >= out.shape[0]:
                break
            v = 0.0
            out[n, 0], out[n, 1] = x, y
            n += 1
    return n


def _spread(rng: Rng, median: float, sigma: float, low: float, high: float) -> float:
    return float(np.clip(median * math.exp(sigma * rng.standard_normal()), low, high))


@dataclass(frozen=True, slots=True)
class Street:
    """What a stretch of way is like: spacing of nodes, and what happens at them."""

    limit_kmh: float
    node_m: float
    corner_share: float = 0.0
    """Share of nodes where one turns off."""
    corner_m: float = 11.0
    light_share: float = 0.0
    """Share of nodes where one stands for others."""
    light_s: float = 25.0
    stop_m: float = 0.0
    """Spacing of the line's stops; 0 without."""
    served_share: float = 1.0
    dwell_s: float = 20.0
    bend_rad_per_km: float = 0.3
    least_radius_m: float = 40.0
    slow_share: float = 0.0
    """Share of links driven much slower: jams, works, speed limits before stations."""


def way(rng: Rng, street: Street, length_m: float) -> list[list[float]]:
    """Lay links along a stretch."""
    rows: list[list[float]] = []
    done, next_stop = 0.0, street.stop_m * rng.uniform(0.3, 1.0) if street.stop_m else math.inf
    while done < length_m:
        long_m = _spread(rng, street.node_m, 0.5, 25, 5 * street.node_m)
        at_stop = done + long_m >= next_stop
        if at_stop:
            long_m = max(next_stop - done, 30.0)
            next_stop += street.stop_m * float(np.clip(rng.normal(1, 0.3), 0.4, 2))
        done += long_m
        speed = street.limit_kmh * KMH * float(np.clip(rng.normal(0.93, 0.1), 0.5, 1.15))
        if rng.random() < street.slow_share:
            speed *= rng.uniform(0.15, 0.6)
        most = 0.8 * long_m / street.least_radius_m
        bend = np.clip(rng.normal(0, street.bend_rad_per_km * math.sqrt(long_m / 1000)), -most, most)
        row = [long_m, speed, speed, 0.0, 0.0, street.corner_m, float(bend)]
        if at_stop and rng.random() < street.served_share:
            row[2], row[3] = 0.3, street.dwell_s * math.exp(0.4 * rng.standard_normal())
        elif rng.random() < street.light_share:
            row[2], row[3] = 0.3, rng.exponential(street.light_s)
        if not at_stop and rng.random() < street.corner_share:
            row[2] = min(row[2], math.sqrt(2.2 * street.corner_m))
            row[4] = float(rng.choice([-1, 1]) * rng.normal(1.5, 0.25))
        rows.append(row)
    return rows


@dataclass(frozen=True, slots=True)
class Ride:
    """How one ride is driven."""

    links: list[list[float]]
    accel_mps2: float
    brake_mps2: float
    sway_share: float = 0.06


def _town(rng: Rng, limit_kmh: float) -> Street:
    return Street(
        limit_kmh, _spread(rng, 130, 0.35, 60, 350), corner_share=rng.uniform(0.08, 0.3),
        light_share=rng.uniform(0.08, 0.35), light_s=rng.uniform(12, 40),
        slow_share=rng.beta(1, 4), bend_rad_per_km=0.8,
    )  # fmt: skip


def car(rng: Rng) -> Ride:
    """Town, road and motorway in all shares; every ride begins and ends in a street."""
    kind = rng.random()
    links = way(rng, _town(rng, rng.choice([30, 50])), _spread(rng, 700, 0.8, 150, 4000))
    if kind < 0.4:
        links += way(rng, _town(rng, rng.choice([40, 50, 50, 60])), _spread(rng, 4000, 0.7, 500, 20000))
    if kind > 0.35:
        road = Street(
            rng.choice([60, 70, 80, 90]), _spread(rng, 600, 0.4, 200, 2000),
            corner_share=rng.uniform(0, 0.1), light_share=rng.uniform(0, 0.2), light_s=25,
            bend_rad_per_km=1.0, slow_share=rng.beta(1, 6), corner_m=20,
        )  # fmt: skip
        links += way(rng, road, _spread(rng, 6000, 0.8, 1000, 40000))
    if kind > 0.6:
        ramp = [[200, 14, 14, 0, rng.choice([-1, 1]) * rng.uniform(0.8, 3.5), rng.uniform(40, 90), 0]]
        fast = Street(
            rng.choice([80, 90, 100, 110, 120, 130]), 1500, bend_rad_per_km=0.25,
            least_radius_m=500, slow_share=rng.beta(1, 5),
        )  # fmt: skip
        links += [*ramp, *way(rng, fast, _spread(rng, 20000, 0.9, 3000, 150000)), *ramp]
    links += way(rng, _town(rng, rng.choice([30, 50])), _spread(rng, 700, 0.8, 150, 4000))
    return Ride(links, rng.uniform(0.9, 2.2), rng.uniform(1.1, 2.4), rng.uniform(0.02, 0.12))


def bus(rng: Rng) -> Ride:
    """Town lines, regional lines and coaches."""
    kind = rng.random()
    town = Street(
        rng.choice([30, 45, 50, 50]), _spread(rng, 160, 0.3, 80, 350), corner_share=rng.uniform(0.03, 0.15),
        light_share=rng.uniform(0.05, 0.25), light_s=rng.uniform(12, 40),
        stop_m=_spread(rng, 400, 0.3, 220, 900), served_share=rng.uniform(0.5, 0.95),
        dwell_s=rng.uniform(10, 30), slow_share=rng.beta(1, 4), bend_rad_per_km=0.7,
    )  # fmt: skip
    links = way(rng, town, _spread(rng, 3500, 0.6, 700, 14000) if kind < 0.7 else _spread(rng, 1500, 0.6, 200, 6000))
    if kind >= 0.7:
        regional = kind < 0.85
        road = Street(
            rng.choice([60, 70, 80]) if regional else rng.choice([80, 90, 100]),
            700 if regional else 1500, corner_share=0.06 if regional else 0.0, corner_m=18,
            light_share=0.08 if regional else 0.0,
            stop_m=_spread(rng, 1500, 0.5, 600, 5000) if regional else 0.0,
            served_share=rng.uniform(0.3, 0.8), dwell_s=18, slow_share=rng.beta(1, 6),
            bend_rad_per_km=0.8 if regional else 0.25, least_radius_m=60 if regional else 400,
        )  # fmt: skip
        links += way(rng, road, _spread(rng, 9000 if regional else 40000, 0.7, 2000, 200000))
        links += way(rng, town, _spread(rng, 1500, 0.6, 200, 6000))
    return Ride(links, rng.uniform(0.6, 1.2), rng.uniform(0.8, 1.3), rng.uniform(0.02, 0.08))


def tram(rng: Rng) -> Ride:
    """Street tram to light rail."""
    line = Street(
        rng.choice([30, 40, 50, 50, 60, 70]), _spread(rng, 220, 0.3, 100, 500),
        corner_share=rng.uniform(0, 0.06), corner_m=rng.uniform(22, 60),
        light_share=rng.uniform(0, 0.18), light_s=20, stop_m=_spread(rng, 520, 0.3, 280, 1200),
        served_share=rng.uniform(0.85, 1), dwell_s=rng.uniform(14, 32),
        bend_rad_per_km=0.6, least_radius_m=60, slow_share=rng.beta(1, 8),
    )  # fmt: skip
    links = way(rng, line, _spread(rng, 3500, 0.6, 600, 18000))
    return Ride(links, rng.uniform(0.7, 1.2), rng.uniform(0.8, 1.3), rng.uniform(0.01, 0.05))


def metro(rng: Rng) -> Ride:
    """Urban metro, and regional ones with the top speeds of trains."""
    regional = rng.random() < 0.3
    line = Street(
        rng.choice([95, 105, 115, 125]) if regional else rng.choice([60, 65, 70, 80, 80]),
        _spread(rng, 500, 0.3, 200, 1000),
        stop_m=_spread(rng, 2600, 0.4, 1200, 7000) if regional else _spread(rng, 1050, 0.3, 500, 2200),
        dwell_s=rng.uniform(18, 42), bend_rad_per_km=0.5, least_radius_m=180,
        slow_share=rng.beta(1, 10),
    )  # fmt: skip
    links = way(rng, line, _spread(rng, 18000 if regional else 6500, 0.6, 1000, 60000))
    return Ride(links, rng.uniform(0.8, 1.25), rng.uniform(0.8, 1.2), rng.uniform(0.0, 0.04))


def train(rng: Rng) -> Ride:
    """Suburban, regional, long-distance and high-speed trains."""
    kind = rng.random()
    if kind < 0.6:
        line = Street(
            rng.choice([90, 100, 110, 120, 140, 160]), 1200, stop_m=_spread(rng, 4500, 0.5, 1600, 15000),
            dwell_s=rng.uniform(35, 110), served_share=rng.uniform(0.6, 1), bend_rad_per_km=0.3,
            least_radius_m=450, slow_share=rng.beta(1, 6),
        )  # fmt: skip
        links, brisk = way(rng, line, _spread(rng, 22000, 0.7, 4000, 120000)), rng.uniform(0.3, 0.9)
    else:
        fast = kind > 0.82
        line = Street(
            rng.choice([250, 300, 320]) if fast else rng.choice([120, 140, 160, 200]), 3000,
            stop_m=_spread(rng, 150000 if fast else 35000, 0.6, 10000, 400000),
            dwell_s=rng.uniform(60, 240), bend_rad_per_km=0.15, least_radius_m=900,
            slow_share=rng.beta(1, 6),
        )  # fmt: skip
        links, brisk = way(rng, line, _spread(rng, 110000, 0.7, 15000, 500000)), rng.uniform(0.15, 0.5)
        yard = Street(rng.uniform(30, 70), 500, bend_rad_per_km=0.4, least_radius_m=250)
        links = way(rng, yard, rng.uniform(300, 3000)) + links + way(rng, yard, rng.uniform(300, 3000))
    return Ride(links, brisk, rng.uniform(0.35, 0.85), rng.uniform(0.0, 0.05))


def bike(rng: Rng) -> Ride:
    """From a shopper to a fast e-bike; steady, with few and short stops."""
    cruise = _spread(rng, 16.5, 0.2, 10, 27) if rng.random() < 0.8 else _spread(rng, 24, 0.12, 19, 38)
    path = Street(
        cruise, _spread(rng, 170, 0.45, 60, 600), corner_share=rng.uniform(0.03, 0.3), corner_m=6,
        light_share=rng.uniform(0, 0.2), light_s=rng.uniform(6, 25), slow_share=rng.beta(1, 9),
        bend_rad_per_km=1.0,
    )  # fmt: skip
    links = way(rng, path, _spread(rng, 3200, 0.8, 500, 30000))
    return Ride(links, rng.uniform(0.4, 1.0), rng.uniform(0.6, 1.4), rng.uniform(0.06, 0.18))


def e_scooter(rng: Rng) -> Ride:
    """A bike that does 20 or 25 km/h and no more."""
    path = Street(
        rng.choice([20, 25]) * 1.02, _spread(rng, 160, 0.4, 60, 500), corner_share=rng.uniform(0.08, 0.3),
        corner_m=6, light_share=rng.uniform(0.02, 0.2), light_s=rng.uniform(8, 25),
        slow_share=rng.beta(1, 8), bend_rad_per_km=1.0,
    )  # fmt: skip
    links = way(rng, path, _spread(rng, 2000, 0.7, 400, 9000))
    return Ride(links, rng.uniform(0.7, 1.3), rng.uniform(0.8, 1.6), rng.uniform(0.02, 0.08))


def walk(rng: Rng) -> Ride:
    """A person on foot."""
    path = Street(
        _spread(rng, 4.9, 0.15, 3, 7), 90, corner_share=0.2, corner_m=3,
        light_share=rng.uniform(0, 0.12), light_s=15, slow_share=rng.beta(1, 7), bend_rad_per_km=2,
    )  # fmt: skip
    links = way(rng, path, _spread(rng, 700, 0.8, 120, 6000))
    return Ride(links, 0.8, 0.8, rng.uniform(0.05, 0.15))


def run(rng: Rng) -> Ride:
    """A person who runs: steady, hardly a stop."""
    path = Street(
        _spread(rng, 10.5, 0.15, 7.5, 16), 150, corner_share=0.12, corner_m=5,
        light_share=rng.uniform(0, 0.03), light_s=15, bend_rad_per_km=2, slow_share=rng.beta(1, 25),
    )  # fmt: skip
    links = way(rng, path, _spread(rng, 6500, 0.5, 1500, 22000))
    return Ride(links, 0.8, 0.8, rng.uniform(0.03, 0.08))


def ferry(rng: Rng) -> Ride:
    """Harbour ferries and ships."""
    big = rng.random() < 0.4
    speed = rng.uniform(28, 60) if big else rng.uniform(9, 26)
    open_water = Street(speed, 1500, bend_rad_per_km=0.4, least_radius_m=150)
    links = way(rng, Street(speed * 0.5, 200, least_radius_m=100), rng.uniform(80, 400))
    links += way(rng, open_water, _spread(rng, 18000 if big else 1500, 0.7, 300, 120000))
    links += way(rng, Street(speed * 0.4, 200, least_radius_m=100), rng.uniform(80, 400))
    return Ride(links, rng.uniform(0.05, 0.2), rng.uniform(0.05, 0.2), 0.02)


def plane(rng: Rng) -> Ride:
    """Taxiing, climbing, cruising, landing; light aircraft too."""
    light = rng.random() < 0.25
    speed = rng.uniform(150, 280) if light else rng.uniform(650, 900)
    taxi = Street(rng.uniform(20, 35), 400, corner_share=0.4, corner_m=25, light_share=0.2, light_s=60)
    links = way(rng, taxi, rng.uniform(500, 3000))
    air = Street(speed, 9000, bend_rad_per_km=0.1, least_radius_m=1500)
    links += way(rng, air, _spread(rng, 90000 if light else 800000, 0.6, 20000, 3e6))
    links += way(rng, taxi, rng.uniform(500, 3000))
    return Ride(links, rng.uniform(0.8, 2.0), rng.uniform(0.5, 1.2), 0.03)


MAKERS: dict[Mode, Callable[[Rng], Ride]] = {
    Mode.WALK: walk, Mode.RUN: run, Mode.BIKE: bike, Mode.E_SCOOTER: e_scooter, Mode.CAR: car,
    Mode.BUS: bus, Mode.TRAM: tram, Mode.METRO: metro, Mode.TRAIN: train, Mode.FERRY: ferry,
    Mode.PLANE: plane,
}  # fmt: skip

LONGEST_S = 6 * 3600


def _wander(rng: Rng, n: int, tau_s: float, sigma: float) -> type_f64:
    """Give noise that drifts: first-order, unit spread ``sigma``."""
    keep = math.exp(-1 / tau_s)
    noise = rng.standard_normal(n) * sigma * math.sqrt(1 - keep * keep)
    out = np.empty(n)
    at = sigma * rng.standard_normal()
    for start in range(0, n, 512):  # blocks keep the powers in range
        part = noise[start : start + 512]
        powers = keep ** np.arange(1, part.size + 1)
        out[start : start + 512] = powers * (at + np.cumsum(part / powers))
        at = out[min(start + 511, n - 1)]
    return out


SPACINGS_S = (1, 1, 2, 5, 5, 10, 15, 20, 30, 30, 45, 60)
HIDDEN_SHARE = {Mode.METRO: 0.55, Mode.TRAIN: 0.12, Mode.TRAM: 0.08, Mode.CAR: 0.03}
"""How many rides of a mode go through tunnels."""


def ride_of(rng: Rng, mode: Mode) -> Trace:
    """Make the fixes of one ride, as a phone would have them, on foot at its rims."""
    made = MAKERS[mode](rng)
    sway = _wander(rng, LONGEST_S, 25.0, made.sway_share)
    xy = np.zeros((LONGEST_S, 2))
    n = driven(np.array(made.links, float), made.accel_mps2, made.brake_mps2, sway, xy)
    xy = _with_rims(rng, xy[:n])
    n = len(xy)
    noise_m = _spread(rng, 5, 0.5, 1.5, 20)
    fix = xy + np.stack([_wander(rng, n, 30, noise_m) for _ in "xy"], axis=1)
    fix += rng.standard_normal(fix.shape) * noise_m * 0.25
    spacing = int(rng.choice(SPACINGS_S))
    keep = np.arange(n) % spacing == 0
    if spacing > 2 and rng.random() < 0.3:  # phones that sample by distance
        keep &= rng.random(n) > 0.3
    if rng.random() < HIDDEN_SHARE.get(mode, 0.0):
        keep &= ~_hidden(rng, xy)
    keep[[0, -1]] = True
    turn = rng.uniform(0, 2 * math.pi)
    east = fix[:, 0] * math.cos(turn) - fix[:, 1] * math.sin(turn)
    north = fix[:, 0] * math.sin(turn) + fix[:, 1] * math.cos(turn)
    at = np.flatnonzero(keep)
    m_per_deg = 111_195.0
    return Trace.of(
        at.astype(np.int64) * 1_000_000, (north / m_per_deg)[at], (east / m_per_deg)[at],
    )  # fmt: skip


def _with_rims(rng: Rng, xy: type_f64) -> type_f64:
    """Add or take half a minute at both ends: found borders are never the true ones."""
    before, after = rng.integers(-15, 30, 2)
    walk_m = 1.2 * np.arange(max(before, 0))[::-1]
    head = xy[0] - np.stack([walk_m, 0 * walk_m], axis=1)
    body = xy[max(-before, 0) : len(xy) - max(-after, 0)]
    along_m = 1.2 * np.arange(1, max(after, 0) + 1)
    tail = body[-1] + np.stack([along_m, 0 * along_m], axis=1)
    return np.concatenate([head, body, tail])


def _hidden(rng: Rng, xy: type_f64) -> NDArray[np.bool_]:
    """Choose the seconds in tunnels: stretches of the way, some stations being open."""
    along = np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(xy, axis=0).T))])
    long_m = rng.uniform(800, 5000)
    covered = rng.random(int(along[-1] / long_m) + 2) < rng.uniform(0.3, 1.0)
    hidden: NDArray[np.bool_] = covered[(along / long_m).astype(int)]
    still = np.concatenate([[0.0], np.hypot(*np.diff(xy, axis=0).T)]) < 0.5
    if rng.random() < 0.5:  # Wi-Fi at stations
        hidden &= ~still
    return hidden


def rides(seed: int, n_each: int) -> Iterator[tuple[Mode, Trace]]:
    """Give made-up rides of every mode."""
    rng = np.random.default_rng(seed)
    for mode in MAKERS:
        for _ in range(n_each):
            yield mode, ride_of(rng, mode)
