"""What to ask a person: the few legs of which a word changes most, and no others."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import isnan

from estran.carbon import FactorSet, footprint
from estran.geo.distance import distance_m
from estran.journal import Leg, Mode, Trip

SURE_SHARE = 0.7
"""A mode this probable is not asked about: three in four of them are right
(docs/algorithms/accuracy.md), and a person's patience is worth more."""

LEAST_G = 100.0
"""A question whose answer is expected to change less is left alone. [g CO2e]"""

AT_MOST = 5
"""Questions at a time: what one tap each answers in half a minute."""

N_ANSWERS = 3

MISSING_M = 1000.0
"""A trip that begins this far from where the last one ended was reached by one not seen:
further than positions are wrong, or a place is wide. [m]"""

MISSING_US = 36 * 3_600_000_000
"""Ends further apart in time say nothing: days without a recording lie between. [µs]"""

GAPS_AT_MOST = 2


@dataclass(frozen=True, slots=True)
class Question:
    """A leg to ask about.

    Parameters
    ----------
    trip : Trip
    leg : Leg
    answers : tuple of Mode
        The most probable modes, most probable first.
    stake_g : float
        How much the footprint is expected to change with the answer. [g CO2e]
    """

    trip: Trip
    leg: Leg
    answers: tuple[Mode, ...]
    stake_g: float


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a trip seems to be missing: one ends here, the next begins elsewhere."""

    before: Trip
    after: Trip
    distance_m: float
    """Straight, between the two ends. [m]"""


def gaps(
    trips: Sequence[Trip],
    *,
    later: frozenset[int] = frozenset(),
    at_most: int = GAPS_AT_MOST,
) -> tuple[Gap, ...]:
    """Find where a trip seems to be missing, the longest first.

    Parameters
    ----------
    trips : sequence of Trip
        In order of time.
    later : frozenset of int
        Last instants of trips after which the person does not want to be asked. [µs]
    at_most : int
    """
    found = []
    for before, after in pairwise(trips):
        one, other = before.destination, after.origin
        apart_m = float(distance_m(one.lat_deg, one.lon_deg, other.lat_deg, other.lon_deg))
        is_near_in_time = 0 <= after.started_us - before.ended_us <= MISSING_US
        if apart_m >= MISSING_M and is_near_in_time and before.ended_us not in later:
            found.append(Gap(before, after, apart_m))
    found.sort(key=lambda gap: (-gap.distance_m, gap.before.ended_us))
    return tuple(found[:at_most])


def is_unsure(leg: Leg) -> bool:
    """Tell whether a leg's mode is less than sure, and nobody said it."""
    share = leg.probability_share
    return not leg.corrected and leg.mode is not Mode.WAIT and not share >= SURE_SHARE


def questions(
    trips: Iterable[Trip],
    *,
    factors: FactorSet,
    later: frozenset[int] = frozenset(),
    at_most: int = AT_MOST,
) -> tuple[Question, ...]:
    """Choose what to ask, the most telling first.

    Parameters
    ----------
    trips : iterable of Trip
        Priced.
    factors : FactorSet
    later : frozenset of int
        First instants of legs that the person does not want to be asked about. [µs]
    at_most : int
    """
    asked = [
        question
        for trip in trips
        for leg in trip.legs
        if leg.started_us not in later and (question := _question(trip, leg, factors)) is not None
    ]
    asked.sort(key=lambda question: (-question.stake_g, question.leg.started_us))
    return tuple(asked[:at_most])


def _question(trip: Trip, leg: Leg, factors: FactorSet) -> Question | None:
    if not is_unsure(leg) or isnan(leg.distance_m) or leg.co2e is None:
        return None
    likely = [(m, p) for m, p in leg.probabilities if m not in {Mode.UNKNOWN, Mode.WAIT}]
    if not likely:
        return None
    central_g = leg.co2e.central_g
    stake_g = sum(
        p * abs(footprint(m, leg.distance_m, factors=factors).central_g - central_g)
        for m, p in likely
        if m is not leg.mode
    )
    if stake_g < LEAST_G:
        return None
    return Question(trip, leg, tuple(m for m, _ in likely[:N_ANSWERS]), stake_g)
