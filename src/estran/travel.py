"""How one travels and what it emits: the vocabulary that needs no array.

It stands apart from :mod:`estran.journal`, which gives it out again, so that a question
about one footprint is answered without loading NumPy.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from math import isnan


class Mode(StrEnum):
    """How a leg was travelled. The values are the keys of the command line's contract."""

    WALK = "walk"
    RUN = "run"
    BIKE = "bike"
    E_BIKE = "e_bike"
    E_SCOOTER = "e_scooter"
    MOPED = "moped"
    MOTORCYCLE = "motorcycle"
    CAR = "car"
    BUS = "bus"
    COACH = "coach"
    TRAM = "tram"
    METRO = "metro"
    TRAIN = "train"
    FERRY = "ferry"
    PLANE = "plane"
    OTHER = "other"
    UNKNOWN = "unknown"
    WAIT = "wait"
    """A wait inside a trip: no distance, no CO2e."""


class Purpose(StrEnum):
    """What a trip was for: the activity at its destination, as household surveys ask it.

    ``HOME`` is the way back to where one lives; ``EXERCISE`` is a trip for its own sake.
    """

    HOME = "home"
    WORK = "work"
    BUSINESS = "business"
    STUDY = "study"
    ESCORT = "escort"
    SHOPPING = "shopping"
    ERRAND = "errand"
    HEALTH = "health"
    MEAL = "meal"
    VISIT = "visit"
    LEISURE = "leisure"
    SPORT = "sport"
    EXERCISE = "exercise"
    HOLIDAY = "holiday"
    OTHER = "other"


class Mark(StrEnum):
    """What a person notes on a trip beside what it was."""

    PRIVATE = "private"
    """Counted for oneself only: it enters no share, picture, group or contribution."""
    NO_ALTERNATIVE = "no-alternative"
    """It could not have been done otherwise: no advice is given on it."""
    ADDED = "added"
    """No analysis found it: the person added it."""


@dataclass(frozen=True, slots=True)
class Co2e:
    """An estimate of greenhouse gases with its interval and its parts. [g CO2e]

    The parts sum to ``central_g``; a part that the factor set does not tell is NaN and is
    then inside ``use_g``. ``low_g <= central_g <= high_g``.
    """

    central_g: float
    low_g: float
    high_g: float
    use_g: float
    upstream_g: float
    manufacture_g: float
    contrails_g: float

    def __add__(self, other: Co2e) -> Co2e:
        """Add part by part; an unknown part counts as nothing beside a known one."""

        def plus(a: float, b: float) -> float:
            return b if isnan(a) else a if isnan(b) else a + b

        return Co2e(
            self.central_g + other.central_g,
            self.low_g + other.low_g,
            self.high_g + other.high_g,
            plus(self.use_g, other.use_g),
            plus(self.upstream_g, other.upstream_g),
            plus(self.manufacture_g, other.manufacture_g),
            plus(self.contrails_g, other.contrails_g),
        )


NO_CO2E = Co2e(0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0)
