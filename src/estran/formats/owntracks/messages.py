"""OwnTracks' messages, as its apps send them and its recorder keeps them.

What is not among the fields of :class:`Message` is never read: the names and addresses of
Wi-Fi networks, pictures, names of regions and friends.
"""

from __future__ import annotations

import math
from typing import Any

import msgspec

from estran.formats.scalars import instant_us, number, words_of
from estran.formats.told import Fix, Told
from estran.trace import MarkKind
from estran.units import MPS_PER_KMH


class Message(msgspec.Struct):
    """One message of any type; each field may hold anything, as several apps write them."""

    type: Any = msgspec.field(default=None, name="_type")
    id: Any = msgspec.field(default=None, name="_id")
    topic: Any = None
    tid: Any = None
    tst: Any = None
    created_at: Any = None
    lat: Any = None
    lon: Any = None
    acc: Any = None
    alt: Any = None
    vac: Any = None
    vel: Any = None
    cog: Any = None
    bear: Any = None
    batt: Any = None
    bs: Any = None
    m: Any = None
    motionactivities: Any = None
    event: Any = None
    data: Any = None


_FIRST_LIKELY_US = 1_000_000_000_000_000
"""September 2001: no OwnTracks fix is older."""

_FROM_1970_TO_2001_US = 978_307_200_000_000

_EVENTS = {"enter": MarkKind.VISIT_STARTED, "leave": MarkKind.VISIT_ENDED}

_UNPLUGGED = 1


def tell(
    message: Message, told: Told, *, before_us: int | None = None, mps_per_vel: float = MPS_PER_KMH
) -> str:
    """Read a message that is of where somebody was; the others say nothing of it.

    Parameters
    ----------
    message : Message
    told : Told
        Where it goes.
    before_us : int, optional
        When it was received: an instant counted from 2001 by mistake is mended only where
        that makes it a recent one. Without, it is mended wherever it stands.
    mps_per_vel : float
        The unit of ``vel``: km/h, save for the apps that borrow this shape.

    Returns
    -------
    str
        What was wrong, as a code of a fault; ``""`` where all is well.

    Examples
    --------
    >>> told = Told()
    >>> tell(Message(lat=46.16, lon="-1.15", tst=1760000010, vel=36), told)
    ''
    >>> told.fixes[0].speed_mps
    10.0
    """
    if not isinstance(message.type, str | None):
        return "record-broken"
    time_us = _since_1970_us(instant_us(message.tst), before_us)
    if message.type == "transition":
        told.mark(time_us, _EVENTS.get(message.event) if isinstance(message.event, str) else None)
        # A beacon's event may have no place: it is whole without.
        return "" if message.lat is None else told.fix(_fix_of(message, time_us, math.nan))
    if message.type not in {"location", None}:
        return ""
    told.motion(time_us, words_of(message.motionactivities))
    if number(message.bs) == _UNPLUGGED:
        told.battery(time_us, number(message.batt))
    return told.fix(_fix_of(message, time_us, number(message.vel) * mps_per_vel))


def _fix_of(message: Message, time_us: int, speed_mps: float) -> Fix:
    altitude_m = number(message.alt)
    if altitude_m == 0.0 and not number(message.vac) > 0.0:
        # Some Androids write 0 where they know none.
        altitude_m = math.nan
    bearing = message.bear if message.cog is None else message.cog
    return Fix(
        time_us, number(message.lat), number(message.lon), number(message.acc), speed_mps,
        number(bearing), altitude_m,
    )  # fmt: skip


_RECENT_US = 366 * 86_400_000_000
"""How long a phone may have kept a message that its app dated from 2001 (Overland does so
in its OwnTracks mode). A stuck clock that gives zero, or a small number, is thereby left out."""

_AHEAD_US = 300_000_000


def _since_1970_us(time_us: int, before_us: int | None) -> int:
    if not 0 < time_us < _FIRST_LIKELY_US:
        return time_us
    mended_us = time_us + _FROM_1970_TO_2001_US
    if before_us is None or -_AHEAD_US <= before_us - mended_us <= _RECENT_US:
        return mended_us
    return time_us
