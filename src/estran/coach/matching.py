"""Finding again what a person spoke of, after an analysis moved its borders."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from estran.journal import Entry, Trip

SHARED_SHARE = 0.5
"""How much of the shorter of two intervals they must have in common."""


def likeness_share(one: tuple[int, int], other: tuple[int, int]) -> float:
    """Tell how alike two intervals are: intersection over union; 0 when they share too little.

    Examples
    --------
    >>> likeness_share((0, 10), (5, 10)), likeness_share((0, 1), (2, 3))
    (0.5, 0.0)
    """
    if one == other:
        return 1.0
    common_us = shared_us(one, other)
    if common_us <= 0 or common_us < SHARED_SHARE * min(one[1] - one[0], other[1] - other[0]):
        return 0.0
    return common_us / (max(one[1], other[1]) - min(one[0], other[0]))


def shared_us(one: tuple[int, int], other: tuple[int, int]) -> int:
    """Give the time that two intervals have in common; below 0 where they are apart. [µs]"""
    return min(one[1], other[1]) - max(one[0], other[0])


def span_of(entry: Entry) -> tuple[int, int]:
    """Give the borders of an entry."""
    return entry.started_us, entry.ended_us


def over(entries: Sequence[Entry], start_us: int, end_us: int) -> range:
    """Give the rows of entries that touch an interval."""
    first = bisect_left(entries, start_us, key=lambda entry: entry.ended_us)
    last = first
    while last < len(entries) and entries[last].started_us <= end_us:
        last += 1
    return range(first, last)


def trip_like(entries: Sequence[Entry], span: tuple[int, int]) -> int | None:
    """Find the row of the trip that is most like an interval."""
    best, found = 0.0, None
    for row in over(entries, *span):
        entry = entries[row]
        share = likeness_share(span_of(entry), span) if isinstance(entry, Trip) else 0.0
        if share > best:
            best, found = share, row
    return found


def trips_in(entries: Sequence[Entry], span: tuple[int, int]) -> list[int]:
    """Find the rows of the trip most like an interval, and of those that lie by half in it."""
    alike = trip_like(entries, span)
    return [
        row
        for row in over(entries, *span)
        if row == alike or (isinstance(entry := entries[row], Trip) and lies_in(entry, span))
    ]


def lies_in(trip: Trip, span: tuple[int, int]) -> bool:
    """Tell whether half or more of a trip lies in an interval."""
    if span_of(trip) == span:
        return True
    common_us = shared_us(span_of(trip), span)
    return common_us > 0 and 2 * common_us >= trip.ended_us - trip.started_us


def leg_like(entries: Sequence[Entry], span: tuple[int, int]) -> tuple[int, int] | None:
    """Find the row of a trip, and in it that of the leg most like an interval."""
    best, found = 0.0, None
    for row in over(entries, *span):
        entry = entries[row]
        for which, leg in enumerate(entry.legs if isinstance(entry, Trip) else ()):
            share = likeness_share((leg.started_us, leg.ended_us), span)
            if share > best:
                best, found = share, (row, which)
    return found
