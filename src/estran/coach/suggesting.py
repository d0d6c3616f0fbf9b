"""What a trip probably was, by what the person said of trips like it; or nothing.

Trips are alike that go between the same two places, either way for a mode, the same way for a
purpose. Of those, the ones at about the same time of the same part of the week count double.
A suggestion is made only where the person's words leave little doubt; silence is an answer.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

import numpy as np

from estran.coach.recurring import NEAR_M
from estran.geo.distance import distances_m
from estran.journal import Mode, Place, Purpose, Trip
from estran.timebase import to_datetime

OFFER_SHARE = 0.88
"""Offered from here on. With a half added to what speaks against it, four words alike and none
against are 0.89: three are not enough, one against wants more than ten for. Chosen beforehand;
what came of it on labelled persons is in docs/algorithms/learning.md."""

AGAINST = 0.5
"""What is added against: the Jeffreys prior of a share."""

LIKE_HOURS = 2.0
LIKE_WEIGHT = 2.0
"""A trip within two hours of the day, on a weekday as this one or at a weekend as this one."""

LENGTH_FACTOR = 1.5
"""Between the same places another way is longer by more than this: another vehicle."""

SATURDAY = 5
HALF_DAY_H, DAY_H = 12.0, 24.0


@dataclass(frozen=True, slots=True)
class Case:
    """A trip as far as suggestions look at it; what was said of it, None where nothing."""

    origin: Place
    destination: Place
    hour: float
    is_weekend: bool
    distance_m: float
    mode: Mode | None = None
    purpose: Purpose | None = None


_T = TypeVar("_T", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Suggestion(Generic[_T]):
    """What a trip probably was.

    Parameters
    ----------
    value : Mode or Purpose
    share : float
        How probable, 0 to 1.
    n_same, n_like : int
        Of ``n_like`` trips like it, the person said this of ``n_same``: the reason.
    """

    value: _T
    share: float
    n_same: int
    n_like: int


def case_of(trip: Trip) -> Case:
    """Look at a trip of a journal: only what a person said counts as said."""
    start = to_datetime(trip.started_us, trip.tz)
    main = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
    return Case(
        trip.origin,
        trip.destination,
        start.hour + start.minute / 60,
        start.weekday() >= SATURDAY,
        trip.distance_m,
        main.mode if main.corrected else None,
        trip.purpose if trip.purpose_share == 1.0 else None,
    )


class Memory:
    """What a person said, ready to be asked about other trips.

    Parameters
    ----------
    cases : iterable of Case
        Those without a word are passed over.
    """

    def __init__(self, cases: Iterable[Case]) -> None:
        self._cases = [case for case in cases if case.mode or case.purpose]
        ends = [(c.origin, c.destination) for c in self._cases]
        self._from = np.array([(a.lat_deg, a.lon_deg) for a, _ in ends]).reshape(-1, 2)
        self._to = np.array([(b.lat_deg, b.lon_deg) for _, b in ends]).reshape(-1, 2)

    def mode(self, case: Case) -> Suggestion[Mode] | None:
        """Suggest the mode of the longest leg; None where the person's words leave doubt."""
        rows = self._between(case, either_way=True)
        like = [self._cases[row] for row in rows if _is_as_long(self._cases[row], case)]
        return _most([(c.mode, _weight(c, case)) for c in like if c.mode is not None])

    def purpose(self, case: Case) -> Suggestion[Purpose] | None:
        """Suggest the purpose; None where the person's words leave doubt."""
        like = [self._cases[row] for row in self._between(case, either_way=False)]
        return _most([(c.purpose, _weight(c, case)) for c in like if c.purpose is not None])

    def _between(self, case: Case, *, either_way: bool) -> list[int]:
        if not self._cases:
            return []
        found = _near(self._from, case.origin) & _near(self._to, case.destination)
        if either_way:
            found |= _near(self._from, case.destination) & _near(self._to, case.origin)
        return np.flatnonzero(found).tolist()


def _near(at_deg: np.ndarray, place: Place) -> np.ndarray:
    away_m = distances_m(
        at_deg[:, 0], at_deg[:, 1], np.array(place.lat_deg), np.array(place.lon_deg)
    )
    return np.asarray(away_m <= NEAR_M)


def _is_as_long(one: Case, other: Case) -> bool:
    longer_m, shorter_m = sorted((one.distance_m, other.distance_m), reverse=True)
    return longer_m <= LENGTH_FACTOR * shorter_m


def _weight(known: Case, asked: Case) -> float:
    apart_h = abs(known.hour - asked.hour)
    apart_h = min(apart_h, DAY_H - apart_h)
    is_alike = known.is_weekend == asked.is_weekend and apart_h <= LIKE_HOURS
    return LIKE_WEIGHT if is_alike else 1.0


def _most(said: Sequence[tuple[_T, float]]) -> Suggestion[_T] | None:
    """Give what was said most, where it is probable enough: weights lean, counts decide."""
    if not said:
        return None
    weights: dict[_T, float] = defaultdict(float)
    counts: dict[_T, int] = defaultdict(int)
    for value, weight in said:
        weights[value] += weight
        counts[value] += 1
    best = max(weights, key=lambda value: (weights[value], counts[value], str(value)))
    whole = sum(weights.values())
    n = len(said)
    for_n = n * weights[best] / whole
    share = for_n / (n + AGAINST)
    if share < OFFER_SHARE:
        return None
    return Suggestion(best, share, counts[best], n)
