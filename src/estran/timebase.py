"""Instants are int64 microseconds since 1970 in UTC; days belong to a time zone."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from estran.errors import ZoneUnknown

US_PER_S = 1_000_000
"""Microseconds in a second."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


@lru_cache(maxsize=512)
def zone(tz: str) -> ZoneInfo:
    """Find a time zone by its IANA name.

    Raises
    ------
    ZoneUnknown
        There is no such zone.

    Examples
    --------
    >>> zone("Europe/Paris").key
    'Europe/Paris'
    """
    try:
        return ZoneInfo(tz)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ZoneUnknown(zone=tz[:64]) from error


def from_datetime(instant: datetime) -> int:
    """Count the microseconds from 1970 to an aware datetime.

    Raises
    ------
    ValueError
        The datetime is naive: it names no instant.

    Examples
    --------
    >>> from_datetime(datetime(1970, 1, 1, 1, tzinfo=UTC))
    3600000000
    """
    if instant.tzinfo is None:
        msg = "a naive datetime names no instant"
        raise ValueError(msg)
    return (instant - _EPOCH) // timedelta(microseconds=1)


def to_datetime(time_us: int, tz: str = "UTC") -> datetime:
    """Give the aware datetime of an instant, in a zone.

    Examples
    --------
    >>> to_datetime(0, "Europe/Paris").isoformat()
    '1970-01-01T01:00:00+01:00'
    """
    return (_EPOCH + timedelta(microseconds=int(time_us))).astimezone(zone(tz))


def iso_utc(time_us: int) -> str:
    """Write an instant as ISO 8601 in UTC, to the millisecond when it has one.

    Examples
    --------
    >>> iso_utc(1_500_000), iso_utc(2_000_000)
    ('1970-01-01T00:00:01.500Z', '1970-01-01T00:00:02Z')
    """
    instant = _EPOCH + timedelta(microseconds=int(time_us))
    spec = "milliseconds" if time_us % US_PER_S else "seconds"
    return instant.isoformat(timespec=spec).replace("+00:00", "Z")


def local_day(time_us: int, tz: str) -> date:
    """Tell on which calendar day of a zone an instant falls.

    Examples
    --------
    >>> local_day(from_datetime(datetime(2026, 6, 1, 22, 30, tzinfo=UTC)), "Europe/Paris")
    datetime.date(2026, 6, 2)
    """
    return to_datetime(time_us, tz).date()


def day_bounds_us(day: date, tz: str) -> tuple[int, int]:
    """Give the first instant of a local day and that of the next.

    The difference is 23, 24 or 25 hours where clocks change.

    Examples
    --------
    >>> start, end = day_bounds_us(date(2026, 3, 29), "Europe/Paris")
    >>> (end - start) / 3.6e9
    23.0
    """
    where = zone(tz)
    start = datetime(day.year, day.month, day.day, tzinfo=where)
    following = day + timedelta(days=1)
    end = datetime(following.year, following.month, following.day, tzinfo=where)
    return from_datetime(start.astimezone(UTC)), from_datetime(end.astimezone(UTC))
