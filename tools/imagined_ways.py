"""Ways made up from what is known of roads, rails and drivers: rides on them train trees.

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

# ruff: noqa: INP001 - tools are scripts, not a package; spreads are numbers

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from estran.geo.compiled import compiled

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


def spread(rng: Rng, median: float, sigma: float, low: float, high: float) -> float:
    """Draw from a log-normal, within bounds."""
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
    pace_spread: float = 0.1
    """How much the speed wanted differs from link to link."""
    slow_share: float = 0.0
    """Share of links driven much slower: jams, works, speed limits before stations."""


def way(rng: Rng, street: Street, length_m: float) -> list[list[float]]:
    """Lay links along a stretch."""
    rows: list[list[float]] = []
    done, next_stop = 0.0, street.stop_m * rng.uniform(0.3, 1.0) if street.stop_m else math.inf
    while done < length_m:
        long_m = spread(rng, street.node_m, 0.5, 25, 5 * street.node_m)
        at_stop = done + long_m >= next_stop
        if at_stop:
            long_m = max(next_stop - done, 30.0)
            next_stop += street.stop_m * float(np.clip(rng.normal(1, 0.3), 0.4, 2))
        done += long_m
        speed = (
            street.limit_kmh * KMH * float(np.clip(rng.normal(0.95, street.pace_spread), 0.5, 1.2))
        )
        if rng.random() < street.slow_share:
            speed *= rng.uniform(0.15, 0.6)
        most = 0.8 * long_m / street.least_radius_m
        bend = np.clip(
            rng.normal(0, street.bend_rad_per_km * math.sqrt(long_m / 1000)), -most, most
        )
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
