"""Local days: where an interval is cut, so that the parts of a period sum to it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta
from functools import lru_cache

from estran.timebase import day_bounds_us, local_day

_day_bounds_us = lru_cache(maxsize=4096)(day_bounds_us)
"""A day is asked for by each of its entries and legs."""


def pieces(
    start_us: int, end_us: int, tz: str, first: date, last: date
) -> Iterator[tuple[date, int]]:
    """Cut an interval at the midnights of its zone; give day and length of each piece [µs].

    Only pieces from ``first`` to ``last`` are given. An instant is a piece of length 0.
    """
    day = max(local_day(start_us, tz), first)
    while day <= last:
        day_start_us, day_end_us = _day_bounds_us(day, tz)
        if day_start_us >= end_us and day_start_us > start_us:
            return
        if start_us < day_end_us:
            yield day, min(end_us, day_end_us) - max(start_us, day_start_us)
        day += timedelta(days=1)
