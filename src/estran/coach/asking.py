"""What to ask a person: the few legs of which a word changes most, and no others."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from math import isnan

from estran.carbon import FactorSet, footprint
from estran.journal import Leg, Mode, Trip

SURE_SHARE = 0.7
"""A mode this probable is not asked about: three in four of them are right
(docs/algorithms/accuracy.md), and a person's patience is worth more."""

LEAST_G = 100.0
"""A question whose answer is expected to change less is left alone. [g CO2e]"""

AT_MOST = 5
"""Questions at a time: what one tap each answers in half a minute."""

N_ANSWERS = 3


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
    share = leg.probability_share
    if leg.corrected or leg.mode is Mode.WAIT or isnan(leg.distance_m) or leg.co2e is None:
        return None
    if not isnan(share) and share >= SURE_SHARE:
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
