"""What a person says of a moment: values only, kept apart from any journal."""

from __future__ import annotations

from dataclasses import dataclass
from math import nan

from estran.journal import Mark, Mode, Purpose


@dataclass(frozen=True, slots=True)
class SaidLeg:
    """A leg of a trip that a person adds: where unknown, the line between the ends."""

    mode: Mode
    start_us: int
    end_us: int
    from_deg: tuple[float, float]
    to_deg: tuple[float, float]
    """Latitude, longitude. [degrees]"""
    distance_m: float = nan
    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""
    occupants: float = nan


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a person said of a leg, a trip or a stay; only what its kind needs is there.

    Parameters
    ----------
    id : str
    start_us, end_us : int
        Borders of what it is about, as shown when it was said. [µs since 1970, UTC]
    made_at_us : int
        When it was said: of two about one thing, the later holds. [µs since 1970, UTC]
    mode : Mode or None
        Of kind ``"mode"``.
    kind : str
        ``"mode"``, ``"vehicle"`` (any of the four below it), ``"split"`` (a leg or a trip at
        ``at_us``), ``"distance"``, ``"path"`` are about a leg; ``"purpose"``, ``"mark"``,
        ``"times"``, ``"ends"`` about a trip; ``"merge"`` makes one trip of those inside;
        ``"delete"`` says that a trip was none; ``"add"`` puts one where none was seen.
        Kinds that this release does not know are left alone.
    source : str
        Who said it: ``"person"``.
    batch : str
        The same for all that was said by one press: taken back together.
    purpose : Purpose or None
    vehicle, energy, train_kind : str or None
        Keys of the factor table; None leaves it, ``""`` says that it is unknown.
    occupants : float or None
    at_us, new_start_us, new_end_us : int or None
        [µs since 1970, UTC]
    from_deg, to_deg : tuple of (float, float) or None
        New ends of a trip. [degrees]
    path_deg : tuple of (float, float)
        The way as drawn, from end to end. [degrees]
    distance_m : float or None
    mark : Mark or None
    is_set : bool
        Whether the mark is put or taken away.
    is_trip : bool
        A split makes two trips with a stay of no length between, not two legs of one.
    legs : tuple of SaidLeg
    tz : str
        Zone of an added trip.
    """

    id: str
    start_us: int
    end_us: int
    made_at_us: int
    mode: Mode | None = None
    kind: str = "mode"
    source: str = "person"
    batch: str = ""
    purpose: Purpose | None = None
    vehicle: str | None = None
    energy: str | None = None
    train_kind: str | None = None
    occupants: float | None = None
    at_us: int | None = None
    new_start_us: int | None = None
    new_end_us: int | None = None
    from_deg: tuple[float, float] | None = None
    to_deg: tuple[float, float] | None = None
    path_deg: tuple[tuple[float, float], ...] = ()
    distance_m: float | None = None
    mark: Mark | None = None
    is_set: bool = True
    is_trip: bool = False
    legs: tuple[SaidLeg, ...] = ()
    tz: str = ""
