"""What is understood: stays, trips with legs, unknown time, in order and without overlap."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from estran.travel import NO_CO2E, Co2e, Mark, Mode, Purpose

__all__ = [
    "NO_CO2E",
    "NO_PATH",
    "Co2e",
    "Entry",
    "Journal",
    "Leg",
    "MadeBy",
    "Mark",
    "Mode",
    "Path",
    "Place",
    "Purpose",
    "Quality",
    "Reason",
    "Stay",
    "Trip",
    "Unknown",
]


class Path:
    """A drawn line: positions in order with their instants, read-only.

    Parameters
    ----------
    time_us : int64 array, shape (n,)
    lat_deg, lon_deg : float64 array, shape (n,)
    """

    __slots__ = ("lat_deg", "lon_deg", "time_us")

    def __init__(
        self,
        time_us: NDArray[np.int64],
        lat_deg: NDArray[np.float64],
        lon_deg: NDArray[np.float64],
    ) -> None:
        self.time_us = np.asarray(time_us, np.int64).view()
        self.lat_deg = np.asarray(lat_deg, np.float64).view()
        self.lon_deg = np.asarray(lon_deg, np.float64).view()
        for column in (self.time_us, self.lat_deg, self.lon_deg):
            column.flags.writeable = False
        if not self.time_us.shape == self.lat_deg.shape == self.lon_deg.shape:
            msg = "a path wants three equal columns"
            raise ValueError(msg)

    def __len__(self) -> int:
        """Count the positions."""
        return int(self.time_us.size)

    def __eq__(self, other: object) -> bool:
        """Compare position by position."""
        return (
            isinstance(other, Path)
            and np.array_equal(self.time_us, other.time_us)
            and np.array_equal(self.lat_deg, other.lat_deg)
            and np.array_equal(self.lon_deg, other.lon_deg)
        )

    def __hash__(self) -> int:
        """Hash the instants: equal paths have equal ones."""
        return hash(self.time_us.tobytes())

    def __repr__(self) -> str:
        """Tell the size only: a coordinate never enters a message."""
        return f"Path(n={len(self)})"


NO_PATH = Path(np.empty(0, np.int64), np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class Place:
    """A point. It prints without its coordinates, so that no log bears them."""

    lat_deg: float
    lon_deg: float

    def __repr__(self) -> str:
        """Hide the coordinates."""
        return "Place(...)"


@dataclass(frozen=True, slots=True)
class Reason:
    """One piece of evidence for a mode or a border, put into words at the rim.

    Parameters
    ----------
    code : str
        A key of :data:`estran.wording.REASONS`, e.g. ``"speed"``, ``"phone-activity"``,
        ``"google-label"``, ``"corrected"``.
    weight_share : float
        How much it spoke for the mode chosen, 0 to 1.
    params : tuple of (str, str or float)
        What the sentence needs; never a coordinate.
    """

    code: str
    weight_share: float
    params: tuple[tuple[str, str | float], ...] = ()


@dataclass(frozen=True, slots=True)
class Leg:
    """A part of a trip by one mode, or a wait inside it.

    Parameters
    ----------
    mode : Mode
    started_us, ended_us : int
        [µs since 1970, UTC]
    distance_m : float
        Along the path, gaps bridged; 0 for a wait.
    path : Path
        Thinned for drawing (within 10 m), ends kept.
    probabilities : tuple of (Mode, float)
        Posterior of each candidate, most probable first, summing to 1. After a correction
        the chosen mode has 1.
    reasons : tuple of Reason
    n_positions : int
        Fixes inside; 0 for a leg known by a claim or a gap only.
    vehicle, energy, train_kind : str
        Keys that choose a row of the factor table, ``""`` when unknown.
    occupants : float
        People in the vehicle, driver included; NaN when unknown.
    shared : bool
        A hired or shared vehicle.
    co2e : Co2e or None
        None until a factor set was applied.
    corrected : bool
        The person said so.
    """

    mode: Mode
    started_us: int
    ended_us: int
    distance_m: float
    path: Path = NO_PATH
    probabilities: tuple[tuple[Mode, float], ...] = ()
    reasons: tuple[Reason, ...] = ()
    n_positions: int = 0
    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""
    occupants: float = float("nan")
    shared: bool = False
    co2e: Co2e | None = None
    corrected: bool = False

    @property
    def duration_s(self) -> float:
        """How long it took. [s]"""
        return (self.ended_us - self.started_us) / 1e6

    @property
    def probability_share(self) -> float:
        """How probable the chosen mode is, 0 to 1; NaN when nobody said."""
        return dict(self.probabilities).get(self.mode, float("nan"))


class Quality(StrEnum):
    """How well a trip was seen."""

    GOOD = "good"
    """Fixes close enough to trust distance and modes."""
    SPARSE = "sparse"
    """Few fixes: distance and modes are rough."""
    GAPPY = "gappy"
    """A part was not seen, and was bridged by a straight line."""
    GUESSED = "guessed"
    """No fix: proposed from a gap (a flight) or a claim."""
    DECLARED = "declared"
    """No fix: a person said so, by a ticket or a habit."""


@dataclass(frozen=True, slots=True)
class Stay:
    """Time at one place. ``radius_m`` holds most of its fixes. ``place`` is a name or ``""``."""

    started_us: int
    ended_us: int
    tz: str
    at: Place
    radius_m: float
    place: str = ""
    n_positions: int = 0


@dataclass(frozen=True, slots=True)
class Trip:
    """From one stay to the next, whatever the legs; waits for a connection are inside.

    ``purpose`` is None while nobody said or guessed one; ``purpose_share`` is 1 when the
    person said it, below 1 for a guess, None without a purpose.
    """

    started_us: int
    ended_us: int
    tz: str
    origin: Place
    destination: Place
    legs: tuple[Leg, ...]
    quality: Quality = Quality.GOOD
    purpose: Purpose | None = None
    purpose_share: float | None = None
    marks: frozenset[Mark] = frozenset()

    @property
    def distance_m(self) -> float:
        """Sum of the legs. [m]"""
        return float(sum(leg.distance_m for leg in self.legs))

    @property
    def duration_s(self) -> float:
        """From the first border to the last, waits included. [s]"""
        return (self.ended_us - self.started_us) / 1e6

    @property
    def co2e(self) -> Co2e | None:
        """Sum of the legs; None while no factor set was applied to all of them."""
        total = NO_CO2E
        for leg in self.legs:
            if leg.co2e is None:
                return None
            total = total + leg.co2e
        return total


@dataclass(frozen=True, slots=True)
class Unknown:
    """Time of which nothing is known. ``reason`` is a key, e.g. ``gap``, ``tracking-off``.

    All are in :data:`estran.segment.values.REASONS` and put into words at the rim.
    """

    started_us: int
    ended_us: int
    tz: str
    reason: str = "gap"


Entry = Stay | Trip | Unknown


@dataclass(frozen=True, slots=True)
class MadeBy:
    """What made a journal: enough to make it again, and to know when it is stale."""

    algorithm: str
    factor_set: str
    settings_digest: str
    network_digest: str = ""
    """Of the lines and stops that helped to tell modes; "" without any."""
    history_digest: str = ""
    """Of what the person had said of similar trips; "" without any."""
    sources_digest: str = ""
    """Of the person's own order of sources; "" without any."""


@dataclass(frozen=True, slots=True)
class Journal:
    """Entries of one person in time order; none overlaps another.

    Raises
    ------
    ValueError
        Two entries overlap, or one ends before it starts.
    """

    entries: tuple[Entry, ...] = ()
    made_by: MadeBy = field(default_factory=lambda: MadeBy("", "", ""))

    def __post_init__(self) -> None:
        """Check the order once."""
        end_us = None
        for entry in self.entries:
            if entry.ended_us < entry.started_us or (
                end_us is not None and entry.started_us < end_us
            ):
                msg = "journal entries overlap or run backwards"
                raise ValueError(msg)
            end_us = entry.ended_us

    @property
    def trips(self) -> tuple[Trip, ...]:
        """The trips alone."""
        return tuple(e for e in self.entries if isinstance(e, Trip))
