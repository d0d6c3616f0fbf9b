"""A journal for page tests: the example person's true legs, priced, with doubts and gaps."""

from __future__ import annotations

from datetime import date
from functools import lru_cache

import numpy as np

from estran.carbon import factor_set, price
from estran.example import evidence
from estran.geo.distance import distance_m
from estran.journal import Journal, Leg, Mode, Path, Place, Quality, Reason, Stay, Trip, Unknown

TZ = "Europe/Paris"
MIN_STAY_US = 600_000_000


@lru_cache(maxsize=8)
def journal_of(first: date, last: date) -> Journal:
    """Make the journal of some days of the example person from what is true of them."""
    seen, truth = evidence(first, last)
    trace = seen.trace

    def leg(row: int) -> Leg:
        t = truth[row]
        inside = slice(*np.searchsorted(trace.time_us, (t.started_us, t.ended_us + 1)))
        path = Path(trace.time_us[inside], trace.lat_deg[inside], trace.lon_deg[inside])
        share = (0.92, 0.55, 0.81)[row % 3]
        second = Mode.BUS if t.mode != Mode.BUS else Mode.TRAM
        chances = ((t.mode, share), (second, 0.9 - share * 0.9), (Mode.UNKNOWN, 0.1 - share * 0.1))
        return Leg(
            mode=t.mode, started_us=t.started_us, ended_us=t.ended_us, distance_m=t.distance_m,
            path=path, probabilities=chances, n_positions=len(path),
            reasons=(Reason("corrected", 1.0),),
        )  # fmt: skip

    trips: list[list[Leg]] = []
    for row in range(len(truth)):
        here = leg(row)
        if trips and here.started_us - trips[-1][-1].ended_us < MIN_STAY_US:
            trips[-1].append(here)
        else:
            trips.append([here])
    return price(Journal(tuple(_entries(trips))), factors=factor_set())


def _place(path: Path, row: int) -> Place:
    return Place(float(path.lat_deg[row]), float(path.lon_deg[row])) if len(path) else Place(46, -1)


def _entries(trips: list[list[Leg]]):
    qualities = tuple(Quality)
    at = None
    for row, legs in enumerate(trips):
        start, end = legs[0].started_us, legs[-1].ended_us
        origin, destination = _place(legs[0].path, 0), _place(legs[-1].path, -1)
        if at is not None:
            where, since = at
            far = distance_m(where.lat_deg, where.lon_deg, origin.lat_deg, origin.lon_deg) > 500
            if far or start - since > 30 * 3600 * 1_000_000:
                yield Unknown(since, start, TZ)
            else:
                yield Stay(since, start, TZ, where, 40.0, n_positions=12)
        yield Trip(start, end, TZ, origin, destination, tuple(legs), qualities[row % 4])
        at = (destination, end)
