"""Journeys that somebody states: on a ticket, in a table, by hand, or week after week."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from math import nan

from estran.journal import Mode

MOST_PEOPLE = 9
"""More people than this on one ticket or in one shared car is a mistake of reading."""

LONGEST_S = 36 * 3600.0
"""A ride longer than a day and a half is a mistake of reading: the longest direct trains and
coaches of Europe take less."""


class How(StrEnum):
    """How a journey came to be known."""

    HAND = "hand"
    MESSAGE = "message"
    CALENDAR = "calendar"
    TABLE = "table"
    REGULAR = "regular"


@dataclass(frozen=True, slots=True)
class End:
    """Where a journey begins or ends: a name, and a point where the name is known.

    It prints without its place, so that no log bears it.
    """

    name: str
    lat_deg: float | None = None
    lon_deg: float | None = None

    @property
    def is_placed(self) -> bool:
        """Tell whether it is known where this is."""
        return self.lat_deg is not None and self.lon_deg is not None

    @property
    def at_deg(self) -> tuple[float, float]:
        """Latitude and longitude; NaN where it is not known. [°]"""
        if self.lat_deg is None or self.lon_deg is None:
            return nan, nan
        return self.lat_deg, self.lon_deg

    def __repr__(self) -> str:
        """Hide name and place."""
        return "End(...)"


NOWHERE = End("")


@dataclass(frozen=True, slots=True, kw_only=True)
class Journey:
    """One ride that a person states.

    Parameters
    ----------
    id : str
    mode : Mode
    start_us, end_us : int
        As the ticket tells; where it tells no arrival, reckoned from the distance.
        [µs since 1970, UTC]
    tz : str
        Zone of the departure.
    origin, destination : End
    how : How
    operator, number, travel_class, reference : str
        As printed, ``""`` when unknown.
    train_kind : str
        A key of the factor table (``"tgv"``, ``"ter"``, ...), ``""`` when unknown.
    price : float or None
        What was paid, in ``currency``; None when unknown.
    currency : str
        ISO 4217.
    passengers : int
        People on this ticket.
    occupants : int or None
        People in a shared car, driver included; None when unknown.
    is_driver : bool
        Of a shared car.
    distance_m : float or None
        As told, None when not told. [m]
    ends_reckoned : bool
        The arrival was reckoned, not told.
    batch : str
        What brought it with others (a table), ``""`` for none.
    """

    id: str
    mode: Mode
    start_us: int
    end_us: int
    tz: str
    origin: End
    destination: End
    how: How = How.HAND
    operator: str = ""
    number: str = ""
    travel_class: str = ""
    reference: str = ""
    train_kind: str = ""
    price: float | None = None
    currency: str = "EUR"
    passengers: int = 1
    occupants: int | None = None
    is_driver: bool = False
    distance_m: float | None = None
    ends_reckoned: bool = False
    batch: str = ""

    @property
    def is_placed(self) -> bool:
        """Tell whether both ends are known."""
        return self.origin.is_placed and self.destination.is_placed

    @property
    def is_regular(self) -> bool:
        """Tell a declaration, which a trace overrules, from a ticket."""
        return self.how is How.REGULAR


@dataclass(frozen=True, slots=True)
class Flaw:
    """Why something could not be read: a code of :data:`estran.wording.TICKET_FLAWS`."""

    code: str
    field: str = ""
    """A key of :class:`Draft`'s fields, where it is about one."""
    text: str = ""
    """What stood there, cut short."""


@dataclass(frozen=True, slots=True)
class Draft:
    """A journey as it was read, field by field, before a person has said yes to it.

    Texts are as a form wants them: a date ``YYYY-MM-DD``, times ``HH:MM``, numbers with a
    point. What is not known is ``""``.
    """

    day: str = ""
    departs: str = ""
    arrives: str = ""
    arrives_day: str = ""
    origin: str = ""
    destination: str = ""
    mode: str = ""
    operator: str = ""
    number: str = ""
    travel_class: str = ""
    price: str = ""
    currency: str = ""
    passengers: str = ""
    occupants: str = ""
    role: str = ""
    distance_km: str = ""
    reference: str = ""
    row: int = 0
    """Line of the table, or rank in the message, from 1."""
    flaws: tuple[Flaw, ...] = field(default=())

    def __repr__(self) -> str:
        """Hide what it says."""
        return f"Draft(row={self.row}, flaws={len(self.flaws)})"


FIELDS = tuple(name for name in Draft.__dataclass_fields__ if name not in {"row", "flaws"})
"""The texts of a draft, in order."""
