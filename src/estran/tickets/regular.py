"""What is usual: by train on Mondays and Thursdays, at home on Fridays; made into days."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from math import isnan

from estran.journal import Mode
from estran.tickets.holidays import is_holiday
from estran.tickets.reckoning import lasts_s, way_m
from estran.tickets.values import NOWHERE, End, How, Journey
from estran.timebase import US_PER_S, from_datetime, local_day, zone

TELEWORK = "telework"
TRAVEL = "travel"

LONGEST_DAYS = 3 * 366
"""A habit is made into days for three years at most: what is older has a trace or is forgotten."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Something that a person usually does.

    Parameters
    ----------
    id : str
    does : str
        ``"travel"`` or ``"telework"``.
    weekdays : tuple of int
        Monday is 0.
    first : date
    last : date or None
        Until further notice without one.
    mode : Mode
    departs, returns : str
        ``HH:MM`` where it is lived; ``returns`` is ``""`` where there is no way back.
    lasts_min : float or None
        How long a way takes; None where nobody said: then it is reckoned. [min]
    origin, destination : End
    tz : str
    occupants : int or None
        People in a shared car; None when unknown.
    distance_m : float or None
        Of one way, None where it is reckoned. [m]
    on_holidays : bool
        Also on public holidays.
    alsace_moselle : bool
        Where two more days are holidays.
    exceptions : tuple of date
        Days on which it was not so.
    paused : bool
        Nothing is made of it, past days included, while this stands.
    train_kind : str
    every_weeks : int
        1 for each week, 2 for each second one, counted from the week of ``first``.
    """

    id: str
    does: str = TRAVEL
    weekdays: tuple[int, ...] = ()
    first: date = date(2020, 1, 1)
    last: date | None = None
    mode: Mode = Mode.TRAIN
    departs: str = ""
    returns: str = ""
    lasts_min: float | None = None
    origin: End = NOWHERE
    destination: End = NOWHERE
    tz: str = "Europe/Paris"
    occupants: int | None = None
    distance_m: float | None = None
    on_holidays: bool = False
    alsace_moselle: bool = False
    exceptions: tuple[date, ...] = ()
    paused: bool = False
    train_kind: str = ""
    every_weeks: int = 1


def days_of(declaration: Declaration, until: date) -> Iterator[date]:
    """Give the days on which something is usual, until a day, that included.

    Examples
    --------
    >>> fridays = Declaration(id="a", does="telework", weekdays=(4,), first=date(2026, 4, 27))
    >>> [day.isoformat() for day in days_of(fridays, date(2026, 5, 15))]
    ['2026-05-15']
    """
    last = min(declaration.last or until, until)
    day = max(declaration.first, last - timedelta(days=LONGEST_DAYS))
    if declaration.paused:
        return
    monday = declaration.first - timedelta(days=declaration.first.weekday())
    while day <= last:
        is_week = ((day - monday).days // 7) % max(declaration.every_weeks, 1) == 0
        if is_week and day.weekday() in declaration.weekdays and not _is_off(declaration, day):
            yield day
        day += timedelta(days=1)


def _is_off(declaration: Declaration, day: date) -> bool:
    if day in declaration.exceptions:
        return True
    off = is_holiday(day, alsace_moselle=declaration.alsace_moselle)
    return off and not declaration.on_holidays


def telework_days(declarations: Iterable[Declaration], until: date) -> frozenset[date]:
    """Give the days on which a person says to have worked at home."""
    return frozenset(
        day for one in declarations if one.does == TELEWORK for day in days_of(one, until)
    )


def journeys_of(
    declarations: Iterable[Declaration], now_us: int, *, at_home: frozenset[date] = frozenset()
) -> tuple[Journey, ...]:
    """Make what is usual into journeys that are over by now.

    Parameters
    ----------
    declarations : iterable of Declaration
    now_us : int
        Nothing that ends later is made. [µs since 1970, UTC]
    at_home : frozenset of date
        Days at home that a table told of; those declared count by themselves.

    Returns
    -------
    tuple of Journey
        Out and, where the declaration says so, back; none on a day of telework.
    """
    every = tuple(declarations)
    home = at_home | telework_days(every, local_day(now_us, "UTC") + timedelta(days=1))
    out: list[Journey] = []
    for one in every:
        if one.does != TRAVEL:
            continue
        for day in days_of(one, local_day(now_us, one.tz)):
            if day not in home:
                out += [j for j in _ways(one, day) if j.end_us <= now_us]
    return tuple(sorted(out, key=lambda j: (j.start_us, j.id)))


def _ways(one: Declaration, day: date) -> Iterator[Journey]:
    there = _way(one, day, one.departs, "out", (one.origin, one.destination))
    back = _way(one, day, one.returns, "back", (one.destination, one.origin))
    for way in (there, back):
        if way is not None:
            yield way


def _way(
    one: Declaration, day: date, clock: str, which: str, ends: tuple[End, End]
) -> Journey | None:
    try:
        hour = time.fromisoformat(clock)
    except ValueError:
        return None
    local = datetime.combine(day, hour, tzinfo=zone(one.tz))
    start_us = from_datetime(local.astimezone(UTC))
    journey = Journey(
        id=f"{one.id}/{day.isoformat()}/{which}", mode=one.mode, start_us=start_us, end_us=start_us,
        tz=one.tz, origin=ends[0], destination=ends[1], how=How.REGULAR, occupants=one.occupants,
        distance_m=one.distance_m, train_kind=one.train_kind,
    )  # fmt: skip
    is_told = one.lasts_min is not None
    took_s = (one.lasts_min or 0.0) * 60 if is_told else lasts_s(one.mode, way_m(journey))
    if isnan(took_s):
        return None
    end_us = start_us + round(took_s * US_PER_S)
    return replace(journey, end_us=end_us, ends_reckoned=not is_told)
