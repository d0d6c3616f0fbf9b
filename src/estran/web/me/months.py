"""Week and month of the journal: one tile a day, each a door to its day."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from estran.journal import Journal, Trip
from estran.timebase import local_day
from estran.travel import Mode
from estran.web.me.pages import Sums, sums
from estran.web.me.words import MODES, Words


@dataclass(frozen=True, slots=True)
class Part:
    """A mode's part of a bar. [% of the bar's width]"""

    key: str
    label: str
    at: float
    width: float


@dataclass(frozen=True, slots=True)
class Tile:
    """One day."""

    day: date
    label: str
    number: int
    is_known: bool
    in_period: bool
    n_trips: int
    distance: str
    distance_short: str
    duration: str
    parts: tuple[Part, ...]
    modes: str


@dataclass(frozen=True, slots=True)
class WeekPage:
    """Seven days, or the weeks of a month."""

    title: str
    first: date
    previous: date
    following: date
    sums: Sums | None
    tiles: tuple[Tile, ...]
    weekdays: tuple[str, ...]
    modes: tuple[Part, ...] = ()
    blanks: tuple[int, ...] = ()


def week_page(journal: Journal, monday: date, *, known: frozenset[date], words: Words) -> WeekPage:
    """Compose a week from the entries that overlap it."""
    days = [monday + timedelta(days=i) for i in range(7)]
    by_day = _by_day(journal)
    trips = [trip for day in days for trip in by_day[day]]
    text = words.translate("{first} to {last}")
    return WeekPage(
        title=text.format(first=words.day_month(days[0]), last=words.day_month(days[6], year=True)),
        first=monday,
        previous=monday - timedelta(days=7),
        following=monday + timedelta(days=7),
        sums=sums(trips, words=words) if trips else None,
        tiles=tuple(_tile(day, by_day[day], known, words) for day in days),
        weekdays=words.weekdays(),
        modes=parts_of(metres_by_mode(trips), words=words),
    )


def month_page(journal: Journal, first: date, *, known: frozenset[date], words: Words) -> WeekPage:
    """Compose a month; ``blanks`` are the cells before its first day."""
    following = (first.replace(day=28) + timedelta(days=4)).replace(day=1)
    days = [first + timedelta(days=i) for i in range((following - first).days)]
    by_day = _by_day(journal)
    trips = [trip for day in days for trip in by_day[day]]
    return WeekPage(
        title=words.month(first),
        first=first,
        previous=(first - timedelta(days=1)).replace(day=1),
        following=following,
        sums=sums(trips, words=words) if trips else None,
        tiles=tuple(_tile(day, by_day[day], known, words) for day in days),
        weekdays=words.weekdays(),
        modes=parts_of(metres_by_mode(trips), words=words),
        blanks=tuple(range(first.weekday())),
    )


def _by_day(journal: Journal) -> defaultdict[date, list[Trip]]:
    """Group trips by the local day on which they began."""
    out: defaultdict[date, list[Trip]] = defaultdict(list)
    for trip in journal.trips:
        out[local_day(trip.started_us, trip.tz)].append(trip)
    return out


def _tile(day: date, trips: Sequence[Trip], known: frozenset[date], words: Words) -> Tile:
    metres = metres_by_mode(trips)
    whole_m = sum(trip.distance_m for trip in trips)
    return Tile(
        day=day,
        label=words.day_short(day),
        number=day.day,
        is_known=day in known or bool(trips),
        in_period=True,
        n_trips=len(trips),
        distance=words.distance(whole_m) if trips else "",
        distance_short=words.distance(_coarse(whole_m)) if trips else "",
        duration=words.duration(sum(trip.duration_s for trip in trips)) if trips else "",
        parts=parts_of(metres, words=words),
        modes=", ".join(words.mode(mode) for mode in metres),
    )


COARSE_FROM_M = 10_000.0
"""A seventh of a phone's width has no room for tenths of more than this."""


def _coarse(distance_m: float) -> float:
    return distance_m if distance_m < COARSE_FROM_M else round(distance_m, -3)


def metres_by_mode(trips: Iterable[Trip]) -> dict[Mode, float]:
    """Sum the length travelled by each mode, in the order of the mode table. [m]"""
    metres: defaultdict[Mode, float] = defaultdict(float)
    for trip in trips:
        for leg in trip.legs:
            if leg.mode != Mode.WAIT and leg.distance_m > 0:
                metres[leg.mode] += leg.distance_m
    return {mode: metres[mode] for mode in MODES if mode in metres}


def parts_of(metres: dict[Mode, float], *, words: Words) -> tuple[Part, ...]:
    """Lay modes side by side on a bar of width 100."""
    total = sum(metres.values())
    parts, at = [], 0.0
    for mode, length in metres.items():
        width = 100 * length / total
        parts.append(Part(mode.value, words.mode(mode), round(at, 2), round(width, 2)))
        at += width
    return tuple(parts)
