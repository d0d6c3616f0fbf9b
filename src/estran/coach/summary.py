"""Summaries: what a period holds, by mode and by month, so that its parts sum to it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta

from estran.coach.days import pieces
from estran.coach.facts import Facts, facts_of
from estran.coach.money import NO_SUM, CostSum, summed, type_coster
from estran.journal import NO_CO2E, Co2e, Entry, Journal, Leg, Mode, Trip, Unknown
from estran.timebase import local_day

ACTIVE = frozenset({Mode.WALK, Mode.RUN, Mode.BIKE, Mode.E_BIKE})
"""Modes moved by muscle, wholly or in part: they make the active minutes."""


@dataclass(frozen=True, slots=True)
class ModeSummary:
    """What one mode amounts to in a period.

    ``n_trips`` counts the trips of which it is the main mode, that of the longest
    distance, so that modes sum to the whole.
    """

    mode: Mode
    distance_m: float = 0.0
    duration_s: float = 0.0
    n_trips: int = 0
    co2e: Co2e = NO_CO2E
    cost: CostSum = NO_SUM
    """Of which nothing is known where ``known_m`` is 0; passes are added by the period."""

    def __add__(self, other: ModeSummary) -> ModeSummary:
        """Add two periods."""
        return ModeSummary(
            self.mode,
            self.distance_m + other.distance_m,
            self.duration_s + other.duration_s,
            self.n_trips + other.n_trips,
            self.co2e + other.co2e,
            self.cost + other.cost,
        )


@dataclass(frozen=True, slots=True)
class MonthSummary:
    """What one calendar month holds of a period, by mode."""

    month: date
    """Its first day."""
    modes: tuple[ModeSummary, ...]

    @property
    def total(self) -> ModeSummary:
        """All modes together, under the mode ``other``."""
        return _total(self.modes)


@dataclass(frozen=True, slots=True)
class PeriodSummary:
    """What a period of local days holds.

    Parameters
    ----------
    first, last : date
        Both inside.
    modes : tuple of ModeSummary
        Longest distance first; waits have a row of their own.
    months : tuple of MonthSummary
        Every month that the period touches, empty ones too.
    days : tuple of date
        Days of which something is known.
    known_s, unknown_s : float
        Time in stays and trips, and time said to be unknown. Time without any entry is in
        neither. [s]
    unpriced_m : float
        Distance of legs without a footprint: their CO2e is not in the sums. [m]
    facts : Facts or None
        The rows that all of it is summed from; None in a summary of an older version.
    """

    first: date
    last: date
    modes: tuple[ModeSummary, ...]
    months: tuple[MonthSummary, ...]
    days: tuple[date, ...]
    known_s: float
    unknown_s: float
    unpriced_m: float
    facts: Facts | None = field(default=None, compare=False, repr=False)

    @property
    def total(self) -> ModeSummary:
        """All modes together, under the mode ``other``."""
        return _total(self.modes)

    @property
    def unknown_share(self) -> float:
        """Share of the observed time that is unknown; NaN when nothing was observed."""
        observed_s = self.known_s + self.unknown_s
        return self.unknown_s / observed_s if observed_s else float("nan")

    @property
    def unknown_distance_share(self) -> float:
        """Share of the distance whose mode is unknown; NaN without distance."""
        distance_m = self.total.distance_m
        unknown_m = sum(m.distance_m for m in self.modes if m.mode is Mode.UNKNOWN)
        return unknown_m / distance_m if distance_m else float("nan")

    @property
    def active_min(self) -> float:
        """Minutes moved by muscle."""
        return sum(m.duration_s for m in self.modes if m.mode in ACTIVE) / 60.0


def summarise(
    journal: Journal, first: date, last: date, *, costs: type_coster | None = None
) -> PeriodSummary:
    """Sum up the local days from ``first`` to ``last``, both inside.

    Parameters
    ----------
    journal : Journal
        Priced or not.
    first, last : date
        Local days, each in the zone of the entry it is asked of.
    costs : callable, optional
        Tells what a leg costs (:func:`estran.coach.money.coster`).

    Returns
    -------
    PeriodSummary

    Raises
    ------
    ValueError
        ``last`` is before ``first``.

    Notes
    -----
    A trip counts on the local day on which it begins. Distance, duration and CO2e of a
    leg over midnight are shared between the days by time, so that the parts of a period
    sum to the period.
    """
    if last < first:
        msg = "a period ends before it begins"
        raise ValueError(msg)
    gathered = _Gathered(first, last, costs)
    for entry in journal.entries:
        gathered.add(entry)
    return replace(gathered.summary(), facts=facts_of(journal.entries, first, last, costs=costs))


@dataclass(slots=True)
class _Gathered:
    """Sums under way, by month and mode."""

    first: date
    last: date
    costs: type_coster | None = None
    sums: dict[tuple[date, Mode], ModeSummary] = field(default_factory=dict)
    days: set[date] = field(default_factory=set)
    known_us: int = 0
    unknown_us: int = 0
    unpriced_m: float = 0.0

    def add(self, entry: Entry) -> None:
        """Add what an entry has inside the period."""
        for day, shared_us in pieces(
            entry.started_us, entry.ended_us, entry.tz, self.first, self.last
        ):
            if isinstance(entry, Unknown):
                self.unknown_us += shared_us
            else:
                self.known_us += shared_us
                self.days.add(day)
        if isinstance(entry, Trip):
            self._add_trip(entry)

    def _add_trip(self, trip: Trip) -> None:
        day = local_day(trip.started_us, trip.tz)
        if trip.legs and self.first <= day <= self.last:
            main = max(trip.legs, key=lambda leg: (leg.distance_m, leg.duration_s))
            self._put(day, ModeSummary(main.mode, n_trips=1))
        for leg in trip.legs:
            whole_us = leg.ended_us - leg.started_us
            for day, shared_us in pieces(
                leg.started_us, leg.ended_us, trip.tz, self.first, self.last
            ):
                self._put_leg(day, leg, shared_us / whole_us if whole_us else 1.0)

    def _put_leg(self, day: date, leg: Leg, share: float) -> None:
        if leg.co2e is None:
            self.unpriced_m += leg.distance_m * share
        self._put(
            day,
            ModeSummary(
                leg.mode,
                leg.distance_m * share,
                leg.duration_s * share,
                0,
                NO_CO2E if leg.co2e is None else _scaled(leg.co2e, share),
                NO_SUM if self.costs is None else summed(leg, self.costs(leg, day), share),
            ),
        )

    def _put(self, day: date, part: ModeSummary) -> None:
        key = (day.replace(day=1), part.mode)
        self.sums[key] = self.sums[key] + part if key in self.sums else part

    def summary(self) -> PeriodSummary:
        """Put the sums in order."""
        whole: dict[Mode, ModeSummary] = {}
        for (_, mode), part in self.sums.items():
            whole[mode] = whole[mode] + part if mode in whole else part
        months = tuple(
            MonthSummary(month, _ordered([p for (m, _), p in self.sums.items() if m == month]))
            for month in _months(self.first, self.last)
        )
        return PeriodSummary(
            self.first,
            self.last,
            _ordered(list(whole.values())),
            months,
            tuple(sorted(self.days)),
            self.known_us / 1e6,
            self.unknown_us / 1e6,
            self.unpriced_m,
        )


def _ordered(modes: list[ModeSummary]) -> tuple[ModeSummary, ...]:
    return tuple(sorted(modes, key=lambda m: (-m.distance_m, -m.duration_s, m.mode)))


def _total(modes: tuple[ModeSummary, ...]) -> ModeSummary:
    total = ModeSummary(Mode.OTHER)
    for part in modes:
        total = total + part
    return total


def _months(first: date, last: date) -> Iterator[date]:
    month = first.replace(day=1)
    while month <= last:
        yield month
        month = (month + timedelta(days=31)).replace(day=1)


def _scaled(co2e: Co2e, share: float) -> Co2e:
    if share == 1.0:
        return co2e
    return replace(
        co2e,
        central_g=co2e.central_g * share,
        low_g=co2e.low_g * share,
        high_g=co2e.high_g * share,
        use_g=co2e.use_g * share,
        upstream_g=co2e.upstream_g * share,
        manufacture_g=co2e.manufacture_g * share,
        contrails_g=co2e.contrails_g * share,
    )
