"""Finding a trip by its first instant, and again after it was corrected."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from estran.coach.matching import trip_like
from estran.errors import NotFound
from estran.journal import Entry, Trip
from estran.timebase import local_day
from estran.web.me import work
from estran.web.store.opened import OpenVault

LATEST_US = 4_102_444_800_000_000
"""Nothing is known from after the year 2100. [µs since 1970, UTC]"""

DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Found:
    """A trip among the entries around it."""

    trip: Trip
    entries: tuple[Entry, ...]
    row: int

    @property
    def day(self) -> date:
        """The local day on which it begins."""
        return local_day(self.trip.started_us, self.trip.tz)

    def neighbour(self, step: int) -> Trip | None:
        """Give the trip before (-1) or after (1)."""
        trips = [e for e in self.entries if isinstance(e, Trip)]
        at = trips.index(self.trip) + step
        return trips[at] if 0 <= at < len(trips) else None

    def joinable(self, step: int) -> Trip | None:
        """Give the trip before or after, when it is near enough in time to be one with it."""
        other = self.neighbour(step)
        if other is None:
            return None
        apart_us = max(other.started_us - self.trip.ended_us, self.trip.started_us - other.ended_us)
        return other if apart_us <= JOINABLE_US else None


JOINABLE_US = 6 * 3_600_000_000
"""A stop of over six hours is no stop on the way. [µs]"""


def find(vault: OpenVault, start_us: int) -> Found:
    """Find the trip that begins at an instant.

    Raises
    ------
    NotFound
        None does.
    """
    if not 0 <= start_us < LATEST_US:
        raise NotFound
    entries = _around(vault, start_us)
    for row, entry in enumerate(entries):
        if isinstance(entry, Trip) and entry.started_us == start_us:
            return Found(entry, entries, row)
    raise NotFound


def again(vault: OpenVault, start_us: int, end_us: int) -> Trip | None:
    """Find the trip that an interval has become, None when there is none any more."""
    entries = _around(vault, start_us)
    row = trip_like(entries, (start_us, end_us))
    entry = entries[row] if row is not None else None
    return entry if isinstance(entry, Trip) else None


def _around(vault: OpenVault, start_us: int) -> tuple[Entry, ...]:
    day = local_day(start_us, "UTC")
    return work.journal(vault, day - DAY, day + 2 * DAY).entries
