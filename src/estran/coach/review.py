"""A year told in a few facts: what there was, beside one's own year before."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from estran.coach.recurring import Recurring, main_mode, recurring
from estran.coach.summary import ACTIVE, PeriodSummary
from estran.journal import Mode, Trip
from estran.timebase import local_day

COMPARED_DAYS = 60
"""Two years are put beside each other when so many days are known of both: two months."""

CHANGED_SHARE = 0.1
"""A difference below a tenth is within what a year's gaps may make."""


@dataclass(frozen=True, slots=True)
class Review:
    """A year in facts; NaN and None are not known.

    Parameters
    ----------
    n_days, n_trips : int
    distance_m, own_power_m, active_min : float
    days_by_mode : tuple of (Mode, int)
        Days on which each mode was the main one of a trip, the most first.
    longest : Trip or None
    most_usual : Recurring or None
    busiest : date or None
        First day of the month with the most under one's own power.
    changes : tuple of (Mode, float, float)
        Modes of which the distance a known day changed by a tenth or more: before, now. [m]
    """

    n_days: int
    n_trips: int
    distance_m: float
    own_power_m: float
    active_min: float
    days_by_mode: tuple[tuple[Mode, int], ...] = ()
    longest: Trip | None = None
    most_usual: Recurring | None = None
    busiest: date | None = None
    changes: tuple[tuple[Mode, float, float], ...] = ()


def review(trips: Sequence[Trip], now: PeriodSummary, before: PeriodSummary) -> Review:
    """Tell a year.

    Parameters
    ----------
    trips : sequence of Trip
        Of the year, corrected and priced; those marked private are counted, and never named.
    now, before : PeriodSummary
        The year and the one before it.
    """
    days: dict[Mode, set[date]] = {}
    for trip in trips:
        if trip.legs:
            days.setdefault(main_mode(trip), set()).add(local_day(trip.started_us, trip.tz))
    by_mode = Counter(
        {mode: len(found) for mode, found in days.items() if mode is not Mode.UNKNOWN}
    )
    named = [trip for trip in trips if not trip.marks]
    usual = recurring(named)
    months = {m.month: sum(p.distance_m for p in m.modes if p.mode in ACTIVE) for m in now.months}
    best = max(months, key=lambda month: months[month], default=None)
    return Review(
        n_days=len(now.days),
        n_trips=now.total.n_trips,
        distance_m=now.total.distance_m,
        own_power_m=sum(part.distance_m for part in now.modes if part.mode in ACTIVE),
        active_min=now.active_min,
        days_by_mode=tuple(by_mode.most_common(4)),
        longest=max(named, key=lambda trip: trip.distance_m, default=None),
        most_usual=usual[0] if usual else None,
        busiest=best if best is not None and months[best] > 0 else None,
        changes=_changes(now, before),
    )


def _changes(now: PeriodSummary, before: PeriodSummary) -> tuple[tuple[Mode, float, float], ...]:
    if min(len(now.days), len(before.days)) < COMPARED_DAYS:
        return ()
    sides = [
        {part.mode: part.distance_m / len(period.days) for part in period.modes}
        for period in (before, now)
    ]
    modes = [m for m in sides[0] | sides[1] if m not in {Mode.WAIT, Mode.UNKNOWN, Mode.OTHER}]
    pairs = [(mode, sides[0].get(mode, 0.0), sides[1].get(mode, 0.0)) for mode in modes]
    changed = [pair for pair in pairs if _differs(pair[1], pair[2])]
    return tuple(sorted(changed, key=lambda pair: -abs(pair[2] - pair[1])))[:3]


LEAST_M = 100.0
"""A hundred metres a day more or less are not told. [m]"""


def _differs(before_m: float, now_m: float) -> bool:
    larger_m = max(before_m, now_m)
    return abs(now_m - before_m) >= max(LEAST_M, CHANGED_SHARE * larger_m)
