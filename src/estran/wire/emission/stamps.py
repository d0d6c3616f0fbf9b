"""Instants, days and identifiers as e-mission writes them."""

from __future__ import annotations

import hashlib
from typing import Any

from estran.errors import ZoneUnknown
from estran.timebase import to_datetime, zone

type_json = dict[str, Any]

_OID_LETTERS = 24
_MILLISECONDS_FROM = 1e11
"""Seconds pass this in the year 5138: larger numbers are milliseconds."""
_MICROSECONDS_FROM = 1e14
FIRST_US, LAST_US = 0, 4_102_444_800_000_000
"""1970 and 2100: what lies outside is told as the nearer of the two."""


def oid(*parts: str | int) -> str:
    """Name something for good by what it is: 24 hexadecimal digits, as MongoDB's ids.

    Examples
    --------
    >>> len(oid("trip", 1)), oid("trip", 1) == oid("trip", 1), oid("a", "b") == oid("ab")
    (24, True, False)
    """
    told = "\0".join(str(part) for part in parts)
    return hashlib.sha256(f"e-mission\0{told}".encode()).hexdigest()[:_OID_LETTERS]


def micros(value: object) -> int | None:
    """Read a number of seconds, or of milliseconds, since 1970; None for what is none.

    Examples
    --------
    >>> micros(1466436506.53), micros(1466436506530), micros("x"), micros(True)
    (1466436506530000, 1466436506530000, None, None)
    """
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if not -_MICROSECONDS_FROM < value < _MICROSECONDS_FROM:
        return None
    scale = 1e3 if value >= _MILLISECONDS_FROM else 1e6
    at_us = round(value * scale)
    return at_us if FIRST_US <= at_us < LAST_US else None


def seconds(at_us: int) -> float:
    """Give an instant as e-mission's ``ts``: seconds since 1970.

    The same number read back with :func:`micros` is the same instant.
    """
    return at_us / 1e6


def known_zone(tz: object, otherwise: str = "UTC") -> str:
    """Give a zone that exists."""
    if isinstance(tz, str) and tz:
        try:
            return zone(tz).key
        except ZoneUnknown:
            return otherwise
    return otherwise


def fmt_time(at_us: int, tz: str) -> str:
    """Write an instant with its offset: one way, so that two answers give the same bytes.

    Examples
    --------
    >>> fmt_time(1_625_057_271_081_201, "Europe/Paris")
    '2021-06-30T14:47:51.081201+02:00'
    """
    return to_datetime(at_us, tz).isoformat()


def local_dt(at_us: int, tz: str) -> type_json:
    """Take an instant apart as e-mission's local dates are; Monday is 0."""
    at = to_datetime(at_us, tz)
    return {
        "year": at.year, "month": at.month, "day": at.day, "hour": at.hour, "minute": at.minute,
        "second": at.second, "weekday": at.weekday(), "timezone": tz,
    }  # fmt: skip


def stamped(name: str, at_us: int, tz: str) -> type_json:
    """Give the three fields of an instant: ``NAME_ts``, ``NAME_fmt_time``, ``NAME_local_dt``."""
    return {
        f"{name}_ts": seconds(at_us),
        f"{name}_fmt_time": fmt_time(at_us, tz),
        f"{name}_local_dt": local_dt(at_us, tz),
    }


def an_oid(told: str) -> type_json:
    """Write an id as legacy extended JSON does."""
    return {"$oid": told}


def a_uuid(told: str) -> type_json:
    """Write a UUID as legacy extended JSON does: 32 hexadecimal digits."""
    return {"$uuid": told}
