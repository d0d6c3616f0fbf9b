"""Facts: the legs of a period as rows, one a local day, from which every figure is summed.

A row is small: a year of two thousand trips is read and summed faster than a page is drawn,
and every figure can be opened into the rows that make it.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from math import isfinite, isnan, nan
from typing import NamedTuple, TypeVar

from estran.coach.days import pieces
from estran.coach.money import UNKNOWN_COST, type_coster
from estran.journal import Entry, Leg, Mode, Place, Purpose, Trip, Unknown
from estran.timebase import to_datetime


class DayFact(NamedTuple):
    """What was observed of one local day. [s]

    Time without any entry is in neither.
    """

    day: int
    known_s: float
    unknown_s: float


class LegFact(NamedTuple):
    """The part of a leg on one local day of its trip's own zone.

    A leg over midnight has a row for each day, its distance, time and CO2e shared by time.
    Fields keep their order for good: rows are stored. A new one goes to the end, with a
    default.
    """

    day: int
    """Proleptic ordinal."""
    trip_us: int
    """When the trip began."""
    leg_us: int
    mode: Mode
    distance_m: float
    """NaN where the length is unknown: it is in no sum."""
    duration_s: float
    n_trips: int
    """1 in one row of each trip: of its longest leg, on the day on which the trip began."""
    central_g: float
    """NaN without a footprint: it is in no sum."""
    low_g: float
    high_g: float
    trip_day: int
    """The local day on which the trip began; its ordinal."""
    minute: int
    """Minute of that day, on the clock of the place."""
    tz: str
    purpose: str = ""
    purpose_share: float = nan
    vehicle: str = ""
    energy: str = ""
    train_kind: str = ""
    occupants: float = nan
    shared: bool = False
    low_eur: float = nan
    """NaN where nothing is known of what it cost: it is in no sum of money."""
    central_eur: float = nan
    high_eur: float = nan
    basis: str = ""
    """How it was costed (:class:`estran.coach.money.Cost`)."""
    ends_deg: tuple[float, float, float, float] | None = None
    """Latitude and longitude of origin and destination of the trip, in the row that counts it."""


@dataclass(frozen=True, slots=True)
class Facts:
    """The rows of local days from ``first`` to ``last``, both inside, by day."""

    first: date
    last: date
    days: tuple[DayFact, ...] = ()
    legs: tuple[LegFact, ...] = ()

    def between(self, first: date, last: date) -> Facts:
        """Give the rows of some of the days."""
        return Facts(first, last, _cut(self.days, first, last), _cut(self.legs, first, last))

    @property
    def known_days(self) -> tuple[date, ...]:
        """Days of which something is known, ascending."""
        return tuple(date.fromordinal(row.day) for row in self.days if row.known_s > 0)

    @property
    def known_s(self) -> float:
        """Time in stays and trips. [s]"""
        return sum(row.known_s for row in self.days)

    @property
    def unknown_s(self) -> float:
        """Time said to be unknown. [s]"""
        return sum(row.unknown_s for row in self.days)

    @property
    def unknown_share(self) -> float:
        """Share of the observed time that is unknown; NaN when nothing was observed."""
        observed_s = self.known_s + self.unknown_s
        return self.unknown_s / observed_s if observed_s else nan


_Row = TypeVar("_Row", DayFact, LegFact)


def _cut(rows: Sequence[_Row], first: date, last: date) -> tuple[_Row, ...]:
    start = bisect_left(rows, first.toordinal(), key=lambda row: row.day)
    end = bisect_right(rows, last.toordinal(), key=lambda row: row.day)
    return tuple(rows[start:end])


def facts_of(
    entries: Iterable[Entry], first: date, last: date, *, costs: type_coster | None = None
) -> Facts:
    """Make the rows of some local days.

    Parameters
    ----------
    entries : iterable of Entry
        Of a journal, priced or not, that overlap these days.
    first, last : date
        Local days, each in the zone of the entry it is asked of.
    costs : callable, optional
        Tells what a leg costs (:func:`estran.coach.money.coster`).

    Examples
    --------
    >>> from estran.journal import Leg, Place, Trip
    >>> here = Place(46.16, -1.15)
    >>> leg = Leg(Mode.BIKE, 0, 1_200_000_000, 5_000.0)
    >>> day = date(1970, 1, 1)
    >>> rows = facts_of([Trip(0, 1_200_000_000, "Europe/Paris", here, here, (leg,))], day, day)
    >>> rows.legs[0].duration_s, rows.legs[0].minute, rows.known_days == (day,)
    (1200.0, 60, True)
    """
    known: dict[int, float] = {}
    unknown: dict[int, float] = {}
    legs: list[LegFact] = []
    for entry in entries:
        into = unknown if isinstance(entry, Unknown) else known
        for day, shared_us in pieces(entry.started_us, entry.ended_us, entry.tz, first, last):
            at = day.toordinal()
            into[at] = into.get(at, 0.0) + shared_us / 1e6
        if isinstance(entry, Trip):
            legs += _rows(entry, first, last, costs)
    days = sorted(known.keys() | unknown.keys())
    return Facts(
        first,
        last,
        tuple(DayFact(day, known.get(day, 0.0), unknown.get(day, 0.0)) for day in days),
        tuple(sorted(legs, key=lambda row: (row.day, row.leg_us))),
    )


def _rows(trip: Trip, first: date, last: date, costs: type_coster | None) -> Iterator[LegFact]:
    began = to_datetime(trip.started_us, trip.tz)
    main = _main(trip.legs)
    ends = (
        trip.origin.lat_deg, trip.origin.lon_deg, trip.destination.lat_deg, trip.destination.lon_deg
    )  # fmt: skip
    for leg in trip.legs:
        whole_us = leg.ended_us - leg.started_us
        counts = leg is main
        cost = UNKNOWN_COST if costs is None else costs(leg, began.date())
        for day, shared_us in pieces(leg.started_us, leg.ended_us, trip.tz, first, last):
            share = shared_us / whole_us if whole_us else 1.0
            c = leg.co2e
            yield LegFact(
                day.toordinal(), trip.started_us, leg.started_us, leg.mode,
                leg.distance_m * share, leg.duration_s * share,
                int(counts and day == began.date()),
                nan if c is None else c.central_g * share,
                nan if c is None else c.low_g * share,
                nan if c is None else c.high_g * share,
                began.date().toordinal(), began.hour * 60 + began.minute, trip.tz,
                trip.purpose.value if trip.purpose else "",
                nan if trip.purpose_share is None else trip.purpose_share,
                leg.vehicle, leg.energy, leg.train_kind, leg.occupants, leg.shared,
                cost.low_eur * share, cost.central_eur * share, cost.high_eur * share, cost.basis,
                ends if counts and day == began.date() else None,
            )  # fmt: skip


def _main(legs: tuple[Leg, ...]) -> Leg | None:
    """Give the leg that a trip is counted by: the longest, by length and then by time."""

    def length(leg: Leg) -> tuple[float, float]:
        return (leg.distance_m if isfinite(leg.distance_m) else 0.0, leg.duration_s)

    return max(legs, key=length, default=None)


def joined_facts(parts: Sequence[Facts]) -> Facts:
    """Put the facts of periods that follow each other together; at least one."""
    return Facts(
        parts[0].first,
        parts[-1].last,
        tuple(row for part in parts for row in part.days),
        tuple(row for part in parts for row in part.legs),
    )


def light_trips(rows: Iterable[LegFact]) -> tuple[Trip, ...]:
    """Make trips again from their rows, without paths; those whose ends are not told are left out.

    Enough to find which come back (:func:`estran.coach.recurring.recurring`).
    """
    by_trip: dict[int, list[LegFact]] = {}
    for row in rows:
        by_trip.setdefault(row.trip_us, []).append(row)
    trips = []
    for trip_us, of_trip in sorted(by_trip.items()):
        ends = next((row.ends_deg for row in of_trip if row.ends_deg is not None), None)
        if ends is None:
            continue
        legs = tuple(
            Leg(row.mode, row.leg_us, row.leg_us + round(row.duration_s * 1e6), row.distance_m)
            for row in of_trip
        )
        first = of_trip[0]
        said = Purpose(first.purpose) if first.purpose else None
        share = None if isnan(first.purpose_share) else first.purpose_share
        trips.append(
            Trip(
                trip_us,
                legs[-1].ended_us,
                first.tz,
                Place(*ends[:2]),
                Place(*ends[2:]),
                legs,
                purpose=said,
                purpose_share=share,
            )
        )
    return tuple(trips)


PEAKS_MIN = ((7 * 60, 9 * 60 + 30), (16 * 60 + 30, 19 * 60))
"""Minutes of a weekday at whose trips roads and lines are fullest: 7 to 9:30, 16:30 to 19."""

SATURDAY = 5


def weekday(day: int) -> int:
    """Give the day of the week of an ordinal, Monday 0."""
    return (day + 6) % 7


def part_of_week(row: LegFact) -> str:
    """Tell in which part of the week a leg's trip began: ``peak``, ``off_peak``, ``weekend``.

    By the clock and the calendar of the place; public holidays are not known.
    """
    if weekday(row.trip_day) >= SATURDAY:
        return "weekend"
    return "peak" if any(a <= row.minute < b for a, b in PEAKS_MIN) else "off_peak"
