"""What is scored: labelled legs and trips, and the classes under which modes count."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from estran.journal import Journal, Mode
from estran.travel import Co2e

UNCOVERED = "uncovered"
"""Where the time of a true movement goes that no reported leg covers."""

SAME: Mapping[str, str] = {Mode.E_BIKE: Mode.BIKE, Mode.COACH: Mode.BUS, Mode.RUN: Mode.WALK}
"""Modes that truth does not tell apart: e-bike is bike, a coach is a bus, a run is on foot."""

MOTOR = frozenset(
    {
        Mode.CAR, Mode.BUS, Mode.COACH, Mode.TRAM, Mode.METRO, Mode.TRAIN, Mode.MOTORCYCLE,
        Mode.MOPED, Mode.FERRY, Mode.PLANE,
    }
)  # fmt: skip
"""Modes that are one when motor modes are merged."""

RAIL = frozenset({Mode.TRAM, Mode.METRO, Mode.TRAIN})
"""Modes that are one among the five classes of the Geolife literature."""


@dataclass(frozen=True, slots=True)
class LabelledLeg:
    """A leg with the mode somebody states for it: the truth's, or a report's.

    Parameters
    ----------
    start_us, end_us : int
        [µs since 1970, UTC]
    mode : str
        A mode key of :class:`estran.travel.Mode`.
    probability_share : float
        How probable the report says that mode is; NaN when nobody says.
    distance_m : float
        How long it is; NaN when nobody says. [m]
    co2e_g : float
        What it emits, central; NaN when nobody says. [g]
    """

    start_us: int
    end_us: int
    mode: str
    probability_share: float = math.nan
    distance_m: float = math.nan
    co2e_g: float = math.nan


@dataclass(frozen=True, slots=True)
class LabelledTrip:
    """A journey from one stay to the next, with its legs in time order."""

    start_us: int
    end_us: int
    legs: tuple[LabelledLeg, ...]


type_counts = Mapping[tuple[str, str], float]
"""A confusion: seconds or metres by true and reported class."""


def canonical(mode: str) -> str:
    """Give the class under which a mode is scored."""
    return str(SAME.get(mode, mode))


def motor_merged(mode: str) -> str:
    """Give the class of a mode when all motor modes are one."""
    return "motor" if mode in MOTOR else mode


def five_classes(mode: str) -> str:
    """Give the class of a mode among walk, bike, bus, car and rail; others stay apart."""
    return "rail" if mode in RAIL else mode


def merged(counts: type_counts, into: Callable[[str], str]) -> Counter[tuple[str, str]]:
    """Count a confusion anew with classes merged.

    Examples
    --------
    >>> dict(merged({("bus", "car"): 2.0, ("walk", "walk"): 1.0}, motor_merged))
    {('motor', 'motor'): 2.0, ('walk', 'walk'): 1.0}
    """
    out: Counter[tuple[str, str]] = Counter()
    for (truth, said), n in counts.items():
        out[into(truth), into(said)] += n  # type: ignore[assignment] # a Counter of floats
    return out


def _grams(co2e: Co2e | None) -> float:
    return math.nan if co2e is None else co2e.central_g


def trips_of(journal: Journal) -> tuple[LabelledTrip, ...]:
    """Take from a journal what is scored."""
    return tuple(
        LabelledTrip(
            trip.started_us,
            trip.ended_us,
            tuple(
                LabelledLeg(
                    leg.started_us,
                    leg.ended_us,
                    leg.mode,
                    leg.probability_share,
                    leg.distance_m,
                    _grams(leg.co2e),
                )
                for leg in trip.legs
            ),
        )
        for trip in journal.trips
    )
