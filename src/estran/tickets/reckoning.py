"""How far and how long a ride goes of which only the ends are known (docs/tickets.md)."""

from __future__ import annotations

from collections.abc import Mapping
from math import isnan, nan

from estran.geo.distance import distance_m
from estran.journal import Mode
from estran.tickets.values import LONGEST_S, End, Journey

REGIONAL_RAIL_FACTOR = 1.2
LONG_RAIL_FACTOR = 1.13
LONG_RAIL_M = 200_000.0
"""Railway over great circle: medians of ten French journeys whose railway length is published
(docs/tickets.md lists them): 1.13 over six of 200 km and more, 1.2 over shorter ones."""

FACTORS: Mapping[Mode, float] = {
    Mode.CAR: 1.3, Mode.COACH: 1.3, Mode.BUS: 1.4, Mode.TRAM: 1.2, Mode.METRO: 1.2,
    Mode.FERRY: 1.1, Mode.PLANE: 1.0, Mode.WALK: 1.3, Mode.BIKE: 1.3, Mode.E_BIKE: 1.3,
    Mode.E_SCOOTER: 1.3, Mode.RUN: 1.3, Mode.MOPED: 1.3, Mode.MOTORCYCLE: 1.3,
}  # fmt: skip
"""Way over great circle of the others. Roads of France: 1.2 to 1.4 (F. Heran, detours of
networks); the carbon of a flight adds its own 95 km."""

SPEEDS_MPS: Mapping[Mode, tuple[float, float]] = {
    Mode.TRAIN: (17.0, 45.0), Mode.CAR: (12.0, 25.0), Mode.COACH: (11.0, 21.0),
    Mode.BUS: (5.5, 9.0), Mode.TRAM: (5.0, 6.0), Mode.METRO: (7.0, 9.0),
    Mode.FERRY: (7.0, 9.0), Mode.PLANE: (90.0, 200.0), Mode.WALK: (1.3, 1.3),
    Mode.RUN: (2.8, 2.8), Mode.BIKE: (4.2, 4.2), Mode.E_BIKE: (5.3, 5.3),
    Mode.E_SCOOTER: (4.2, 4.2), Mode.MOPED: (8.0, 9.0), Mode.MOTORCYCLE: (12.0, 25.0),
}  # fmt: skip
"""Usual speeds from end to end of short and of long rides: only to reckon an arrival that a
ticket does not tell, which is then said to be reckoned. [m/s]"""

SHORT_M, LONG_M = 30_000.0, 300_000.0
"""Between these the usual speed grows from the one to the other."""

_OTHER_MPS = (12.0, 20.0)
_LEAST_S = 300.0


def straight_m(origin: End, destination: End) -> float:
    """Measure between two ends; NaN where one is not placed. [m]"""
    if not (origin.is_placed and destination.is_placed):
        return nan
    return distance_m(*origin.at_deg, *destination.at_deg)


def way_m(journey: Journey) -> float:
    """Tell how far a journey goes: as told, else by its ends; NaN when neither is. [m]

    Examples
    --------
    >>> ends = End("Paris", 48.8412, 2.3205), End("Bordeaux", 44.8256, -0.5563)
    >>> told = Journey(id="a", mode=Mode.TRAIN, start_us=0, end_us=1, tz="Europe/Paris",
    ...                origin=ends[0], destination=ends[1])
    >>> round(way_m(told) / 1000)
    562
    """
    if journey.distance_m is not None:
        return journey.distance_m
    between_m = straight_m(journey.origin, journey.destination)
    return between_m if isnan(between_m) else between_m * factor(journey.mode, between_m)


def factor(mode: Mode, between_m: float) -> float:
    """Give how much longer the way is than the great circle."""
    if mode is Mode.TRAIN:
        return LONG_RAIL_FACTOR if between_m >= LONG_RAIL_M else REGIONAL_RAIL_FACTOR
    return FACTORS.get(mode, 1.3)


def lasts_s(mode: Mode, distance_m: float) -> float:
    """Reckon how long a ride takes; NaN for an unknown length. [s]

    Examples
    --------
    >>> round(lasts_s(Mode.TRAIN, 450_000.0) / 3600, 1)
    2.8
    """
    if isnan(distance_m):
        return nan
    short_mps, long_mps = SPEEDS_MPS.get(mode, _OTHER_MPS)
    share = min(max((distance_m - SHORT_M) / (LONG_M - SHORT_M), 0.0), 1.0)
    took_s = distance_m / (short_mps + share * (long_mps - short_mps))
    return min(max(took_s, _LEAST_S), LONGEST_S)
