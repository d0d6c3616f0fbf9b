"""Dates as JavaScript puts them into a text."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from estran.formats.times import instants_us, plausible
from estran.timebase import from_datetime

_MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
_DATE = re.compile(
    r"\s*[A-Z][a-z]{2} ([A-Z][a-z]{2}) (\d\d) (\d{4}) (\d\d):(\d\d):(\d\d) GMT([+-])(\d\d):?(\d\d)"
)


def instant_us(text: str) -> int | None:
    """Read JavaScript's text of a date, or ISO 8601; None when it is neither.

    Examples
    --------
    >>> instant_us("Thu Jan 01 1970 02:00:00 GMT+0100 (heure normale)") is None  # before 1985
    True
    >>> instant_us("Tue Dec 07 2021 16:24:49 GMT+0100 (heure normale d’Europe centrale)")
    1638890689000000
    """
    found = _DATE.match(text[:120])
    if found is None:
        read = instants_us([text[:40].strip()])
        return int(read[0]) if bool(plausible(read)[0]) else None
    month, day, year, hour, minute, second, sign, off_hours, off_minutes = found.groups()
    if month not in _MONTHS:
        return None
    clock = (int(day), int(hour), int(minute), int(second))
    try:
        moment = datetime(int(year), _MONTHS.index(month) + 1, *clock, tzinfo=UTC)
    except ValueError:
        return None
    span = timedelta(hours=int(off_hours), minutes=int(off_minutes))
    read = instants_us([from_datetime(moment - span if sign == "+" else moment + span) / 1e6])
    return int(read[0]) if bool(plausible(read)[0]) else None
