"""What a period amounts to, whole and by anything that a row tells: pure sums of facts.

Whatever a period is split by, its parts sum to the whole, and each sum opens into its rows.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from math import isnan
from typing import TypeVar

from estran.coach.facts import Facts, LegFact, part_of_week
from estran.coach.summary import ACTIVE
from estran.journal import Co2e

PARTS_OF_WEEK = ("peak", "off_peak", "weekend")

NAN = float("nan")

_Key = TypeVar("_Key", bound=Hashable)


@dataclass(slots=True)
class Sums:
    """What some rows amount to. Add only while summing; read-only afterwards.

    ``unpriced_m`` is the length without a footprint, which ``central_g`` lacks;
    ``n_unmeasured`` counts rows of unknown length, which ``distance_m`` lacks;
    ``uncosted_m`` is the length of which it is not known what it cost.
    """

    distance_m: float = 0.0
    duration_s: float = 0.0
    active_s: float = 0.0
    n_trips: int = 0
    central_g: float = 0.0
    low_g: float = 0.0
    high_g: float = 0.0
    unpriced_m: float = 0.0
    n_unpriced: int = 0
    n_unmeasured: int = 0
    low_eur: float = 0.0
    central_eur: float = 0.0
    high_eur: float = 0.0
    uncosted_m: float = 0.0

    @property
    def co2e(self) -> Co2e:
        """The footprint and its interval; its parts are not told."""
        return Co2e(self.central_g, self.low_g, self.high_g, NAN, NAN, NAN, NAN)

    @property
    def is_costed(self) -> bool:
        """Whether it is known of something what it cost, or of all that it was free."""
        return bool(self.central_eur) or not self.uncosted_m

    def add(self, row: LegFact) -> None:
        """Count one row."""
        self.duration_s += row.duration_s
        self.n_trips += row.n_trips
        if row.mode in ACTIVE:
            self.active_s += row.duration_s
        is_measured = not isnan(row.distance_m)
        if is_measured:
            self.distance_m += row.distance_m
        else:
            self.n_unmeasured += 1
        if isnan(row.central_g):
            self.n_unpriced += 1
            self.unpriced_m += row.distance_m if is_measured else 0.0
        else:
            self.central_g += row.central_g
            self.low_g += row.low_g
            self.high_g += row.high_g
        if isnan(row.central_eur):
            self.uncosted_m += row.distance_m if is_measured else 0.0
        else:
            self.low_eur += row.low_eur
            self.central_eur += row.central_eur
            self.high_eur += row.high_eur


MEASURES: Mapping[str, Callable[[Sums], float]] = {
    "co2e": lambda s: s.central_g,
    "distance": lambda s: s.distance_m,
    "duration": lambda s: s.duration_s,
    "active": lambda s: s.active_s,
    "trips": lambda s: float(s.n_trips),
    "money": lambda s: s.central_eur,
}
"""What a period is measured by, in SI: grams, metres, seconds, seconds, trips, euros."""


def total(rows: Iterable[LegFact]) -> Sums:
    """Sum up rows."""
    sums = Sums()
    for row in rows:
        sums.add(row)
    return sums


def split(rows: Iterable[LegFact], key: Callable[[LegFact], _Key]) -> dict[_Key, Sums]:
    """Sum up rows by a key of each; keys in the order in which they first come."""
    parts: dict[_Key, Sums] = {}
    for row in rows:
        at = key(row)
        sums = parts.get(at)
        if sums is None:
            sums = parts[at] = Sums()
        sums.add(row)
    return parts


def by_mode(rows: Iterable[LegFact]) -> dict[str, Sums]:
    """Sum up by mode; waits have a part of their own."""
    return split(rows, lambda row: row.mode.value)


def by_purpose(rows: Iterable[LegFact]) -> dict[str, Sums]:
    """Sum up by purpose of the trip; ``""`` where nobody said or guessed one."""
    return split(rows, lambda row: row.purpose)


def by_part_of_week(rows: Iterable[LegFact]) -> dict[str, Sums]:
    """Sum up by part of the week, all three, in order."""
    found = split(rows, part_of_week)
    return {part: found.get(part, Sums()) for part in PARTS_OF_WEEK}


def by_recurring(rows: Iterable[LegFact], of_trip: Mapping[int, str]) -> dict[str, Sums]:
    """Sum up by recurring trip; ``""`` for trips that are not known to come back.

    ``of_trip`` names the recurring trip of each trip, by when it began [µs].
    """
    return split(rows, lambda row: of_trip.get(row.trip_us, ""))


WEEKS_FROM_DAYS, MONTHS_FROM_DAYS = 45, 184
"""Periods of more days are shown by week, and by month."""


def steps_of(first: date, last: date) -> tuple[tuple[date, date], ...]:
    """Cut a period into the bars of its chart: days, weeks from Monday, or months.

    Examples
    --------
    >>> steps = steps_of(date(2026, 1, 1), date(2026, 12, 31))
    >>> len(steps), len(steps_of(date(2026, 6, 1), date(2026, 6, 30)))
    (12, 30)
    """
    n_days = (last - first).days + 1
    steps = []
    at = first
    while at <= last:
        if n_days <= WEEKS_FROM_DAYS:
            end = at
        elif n_days <= MONTHS_FROM_DAYS:
            end = at + timedelta(days=6 - at.weekday())
        else:
            end = (at.replace(day=1) + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        end = min(end, last)
        steps.append((at, end))
        at = end + timedelta(days=1)
    return tuple(steps)


def by_step(facts: Facts, steps: Iterable[tuple[date, date]]) -> tuple[Sums | None, ...]:
    """Sum up each step by its dates; None for one of which nothing is known."""
    out: list[Sums | None] = []
    for first, last in steps:
        part = facts.between(first, last)
        out.append(total(part.legs) if part.known_days else None)
    return tuple(out)
