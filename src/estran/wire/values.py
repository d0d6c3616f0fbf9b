"""The vocabulary of live protocols: a call, what it holds, what it is answered."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from estran.trace import Activities, Claims, Marks, Positions

NO_HEADERS: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Call:
    """One request of a tracker, as it came.

    Parameters
    ----------
    method : str
        ``GET`` or ``POST``, in capitals.
    path : str
        Without the query.
    query : str
        What follows the question mark, undecoded.
    headers : mapping of str to str
        By name in small letters.
    body : bytes
        Unpacked; no longer than the door allows.
    """

    method: str
    path: str
    query: str = field(default="", repr=False)
    headers: Mapping[str, str] = field(default_factory=lambda: NO_HEADERS, repr=False)
    body: bytes = field(default=b"", repr=False)


@dataclass(frozen=True, slots=True)
class Extra:
    """Something else that a call brought, for whoever knows its kind once the vault is open.

    Such as an encrypted payload, which the door keeps closed, or a label of a study's app.
    """

    kind: str
    body: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class Posted:
    """What a call holds; the ``source`` columns are 0.

    ``n_dropped`` counts what was wrong and is left out: one bad point never costs the others.
    """

    positions: Positions | None = None
    activities: Activities | None = None
    claims: Claims | None = None
    marks: Marks | None = None
    extras: tuple[Extra, ...] = ()
    n_dropped: int = 0

    @property
    def is_empty(self) -> bool:
        """Tell whether there is nothing to keep."""
        parts = (self.positions, self.activities, self.claims, self.marks, self.extras)
        return not any(part is not None and len(part) for part in parts)

    @property
    def last_point_us(self) -> int | None:
        """Give the instant of the latest position, None without one."""
        rows = self.positions
        return int(rows.time_us.max()) if rows is not None and len(rows) else None


NOTHING = Posted()


@dataclass(frozen=True, slots=True)
class Reply:
    """What the tracker is answered."""

    status: int = 200
    body: bytes = b""
    content_type: str = "application/json"
    headers: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """What was read of a call, and the reply for when it is safely kept."""

    posted: Posted
    reply: Reply


class Trouble(StrEnum):
    """Why a call is not taken in."""

    UNKNOWN = "unknown"
    """No device has this token: it never had, or it was revoked."""
    PAUSED = "paused"
    """The person, or the device, takes nothing in for now: what comes is not kept."""
    BUSY = "busy"
    """The disk or the database takes nothing now: the tracker keeps its points."""
    UNREADABLE = "unreadable"
    """The body is none of this protocol's; sending it again changes nothing."""
    TOO_LARGE = "too-large"


@dataclass(frozen=True, slots=True)
class Protocol:
    """One protocol: its key (stable, stored), its addresses, how its calls are read.

    Parameters
    ----------
    key : str
        Becomes the ``format`` of the source.
    paths : tuple of str
        Addresses that it answers, each whole; one that ends with ``/`` stands for all below.
    token : callable
        Finds the device's token in a call, ``""`` where there is none.
    read : callable
        Reads a call that was received at an instant. [µs since 1970, UTC]
        It raises nothing: what is not to be read is an answer with :data:`NOTHING`, and
        ``None`` stands for a body that is none of this protocol's.
    refuse : callable
        Gives the reply to a call in trouble, as these clients need it so as to lose nothing.
    """

    key: str
    paths: tuple[str, ...]
    token: Callable[[Call], str]
    read: Callable[[Call, int], Answer | None]
    refuse: Callable[[Call, Trouble], Reply]
